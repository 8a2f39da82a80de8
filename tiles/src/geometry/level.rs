//! Shapes at one zoom: the vertices that matter there, on its grid, and what becomes of the parts that are too small.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::dissolve::dissolve;
use super::grid::{GridPoint, Paths, area_2};
use super::junctions::on_threads;
use super::mend::mend;
use super::shapes::Kind;
use super::small::{gather_dust, mark_each, ribbon};
use super::topology::{Topology, WorldBox};
use super::wrap::WORLD;
use crate::MAX_ZOOM;

/// What becomes of polygons smaller than about two by two grid units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallPolygons {
    /// They are joined to the neighbour with the longest common border, as districts want it: no hole opens. What has no neighbour is
    /// gathered.
    Dissolve,
    /// Their area is gathered along the order of features over the whole zoom, and a square of two by two units stands for every four
    /// square units: as buildings want it. Features should be in the order of a Hilbert curve.
    Gather,
    /// A square of two by two units stands for each, so that none vanishes. Lines shorter than a unit become a unit long.
    Mark,
}

/// How a [`Level`] is made.
#[derive(Debug, Clone, Copy)]
pub struct LevelOptions {
    /// The tolerance of simplification in grid units; 0 keeps every vertex, as the deepest zoom wants it.
    pub tolerance_units: f64,
    /// What becomes of small polygons. [`Topology::is_coverage`] helps to choose.
    pub small: SmallPolygons,
}

/// The shapes of a [`Topology`] at one zoom.
#[derive(Debug)]
pub struct Level {
    z: u8,
    points: Vec<[u32; 2]>,
    /// Starts of arcs in points, and the end of the last.
    arc_starts: Vec<u32>,
    /// Arcs that a closer tolerance made anew, until they are put in their places.
    relaxed: HashMap<u32, Vec<[u32; 2]>>,
    laps: HashMap<u32, Vec<i8>>,
    pub(super) states: Vec<PartState>,
    /// Squares and ribbons by part.
    pub(super) stand_ins: Vec<(u32, [GridPoint; 4])>,
    /// Parts that others were joined to, by part.
    pub(super) joined: Vec<Joined>,
    pub(super) joined_refs: Vec<u32>,
    /// Ends of rings in `joined_refs`.
    pub(super) joined_ring_ends: Vec<u32>,
    /// Parts that another stands for, by part.
    pub(super) absorbed: Vec<(u32, u32)>,
    /// A bit for each feature whose rings meet.
    unclean: Vec<u64>,
    /// Lines shorter than a unit are drawn a unit long.
    keep_lines: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartState {
    Drawn,
    /// Nothing, or another stands for it.
    Gone,
    StandIn,
    /// With the parts that were joined to it.
    Joined,
}

/// A part with those that were joined to it.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    pub(super) part: u32,
    pub(super) rings: Range<u32>,
    pub(super) bounds: WorldBox,
    /// In square world units.
    pub(super) area: f64,
}

impl Level {
    /// Filters and rounds the arcs of shapes, deals with what is too small, and looks for rings that meet. Zooms beyond [`MAX_ZOOM`] count
    /// as that.
    ///
    /// Where rounding or simplifying made edges of a feature cross, the arcs there are simplified less, so that both neighbours
    /// change alike; what still meets is repaired in each tile ([`Tiler`](super::Tiler)).
    #[must_use]
    pub fn build(topology: &Topology, z: u8, options: &LevelOptions) -> Self {
        let z = z.min(MAX_ZOOM);
        let mut level = Self {
            z,
            points: Vec::new(),
            arc_starts: Vec::with_capacity(topology.arcs() + 1),
            relaxed: HashMap::new(),
            laps: HashMap::new(),
            states: vec![PartState::Drawn; topology.part_count()],
            stand_ins: Vec::new(),
            joined: Vec::new(),
            joined_refs: Vec::new(),
            joined_ring_ends: Vec::new(),
            absorbed: Vec::new(),
            unclean: vec![0; topology.features().div_ceil(64)],
            keep_lines: options.small == SmallPolygons::Mark,
        };
        let tolerance = options.tolerance_units.max(0.0) * level.unit();
        level.add_arcs(topology, tolerance);
        match topology.kind() {
            Kind::Lines if level.keep_lines => {}
            Kind::Lines => level.drop_short_lines(topology),
            Kind::Polygons => {
                match options.small {
                    SmallPolygons::Dissolve => {
                        dissolve(topology, &mut level);
                        gather_dust(topology, &mut level);
                    }
                    SmallPolygons::Gather => gather_dust(topology, &mut level),
                    SmallPolygons::Mark => mark_each(topology, &mut level),
                }
                level.settle_absorbed();
                let coverage = options.small == SmallPolygons::Dissolve;
                mend(topology, &mut level, tolerance, coverage);
                level.put_relaxed_in_place();
            }
        }
        level.stand_ins.sort_unstable_by_key(|&(part, _)| part);
        level
    }

    /// Makes the levels of several zooms on several threads, in the order of the zooms given.
    #[must_use]
    pub fn build_all(
        topology: &Topology,
        zooms: &[(u8, LevelOptions)],
        threads: usize,
    ) -> Vec<Self> {
        // The deepest take longest, so they come first.
        let mut order: Vec<usize> = (0..zooms.len()).collect();
        order.sort_by_key(|&nth| std::cmp::Reverse(zooms[nth].0));
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut made = Vec::new();
            while let Some(&nth) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (z, options) = &zooms[nth];
                made.push((nth, Self::build(topology, *z, options)));
            }
            made
        };
        let threads = threads.min(zooms.len());
        let mut levels: Vec<(usize, Self)> =
            on_threads(threads, worker).into_iter().flatten().collect();
        levels.sort_unstable_by_key(|&(nth, _)| nth);
        levels.into_iter().map(|(_, level)| level).collect()
    }

    fn add_arcs(&mut self, topology: &Topology, tolerance: f64) {
        self.arc_starts.push(0);
        for arc in 0..u32::try_from(topology.arcs()).unwrap_or(u32::MAX) {
            if topology.laps.contains_key(&arc) {
                let laps = self.filter_laps(topology, arc, tolerance);
                self.laps.insert(arc, laps);
            } else {
                let shift = self.shift();
                filter(topology, arc, shift, tolerance, &mut self.points);
            }
            let end = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
            self.arc_starts.push(end);
        }
        self.points.shrink_to_fit();
    }

    fn filter_laps(&mut self, topology: &Topology, arc: u32, tolerance: f64) -> Vec<i8> {
        let shift = self.shift();
        let least = squared(tolerance);
        let kept = |&at: &usize| topology.arc_significance(arc)[at] > least;
        let points = topology.arc(arc);
        let at: Vec<usize> = (0..points.len()).filter(kept).collect();
        let rounded = at.iter().map(|&at| [points[at].x, points[at].y]);
        self.points
            .extend(rounded.map(|axes| axes.map(|axis| round(axis, shift))));
        let laps = topology.laps.get(&arc);
        at.iter()
            .map(|&at| laps.map_or(0, |laps| laps[at]))
            .collect()
    }

    /// Sorts what is absorbed, and names the last of a chain: a group of districts may be gathered as dust in turn.
    fn settle_absorbed(&mut self) {
        self.absorbed.sort_unstable();
        for at in 0..self.absorbed.len() {
            let mut by = self.absorbed[at].1;
            while let Some(further) = self.absorbed_by(by as usize) {
                by = u32::try_from(further).unwrap_or(u32::MAX);
            }
            self.absorbed[at].1 = by;
        }
    }

    fn drop_short_lines(&mut self, topology: &Topology) {
        let unit = 1i64 << self.shift();
        for (part, state) in self.states.iter_mut().enumerate() {
            if topology
                .part_box(part)
                .is_none_or(|bounds| bounds.width() < unit && bounds.height() < unit)
            {
                *state = PartState::Gone;
            }
        }
    }

    /// World units of a grid unit, as a power of two.
    pub(super) fn shift(&self) -> u32 {
        u32::from(MAX_ZOOM - self.z)
    }

    /// World units of a grid unit.
    pub(super) fn unit(&self) -> f64 {
        f64::from(1u32 << self.shift())
    }

    /// Returns the zoom.
    #[must_use]
    pub fn z(&self) -> u8 {
        self.z
    }

    /// Returns the number of vertices of all arcs.
    #[must_use]
    pub fn vertices(&self) -> usize {
        self.points.len()
    }

    /// Returns the part that stands for one at this zoom: the one it was joined to, or the square that it was gathered in; `None`
    /// when it is drawn itself or not at all.
    #[must_use]
    pub fn absorbed_by(&self, part: usize) -> Option<usize> {
        let part = u32::try_from(part).ok()?;
        let at = self.absorbed.binary_search_by_key(&part, |&(part, _)| part);
        at.ok().map(|at| self.absorbed[at].1 as usize)
    }

    /// Returns the pairs of a part and the other part that stands for it at this zoom, by part.
    pub fn absorbed(&self) -> impl Iterator<Item = (usize, usize)> {
        self.absorbed
            .iter()
            .map(|&(part, by)| (part as usize, by as usize))
    }

    /// Returns the box of what a feature shows at this zoom, in world units, rounding left aside; `None` when it shows nothing.
    #[must_use]
    pub fn feature_box(&self, topology: &Topology, feature: usize) -> Option<WorldBox> {
        topology
            .parts(feature)
            .filter_map(|part| match self.states[part] {
                PartState::Gone => None,
                PartState::Drawn => topology.part_box(part),
                PartState::Joined => self.joined(part).map(|joined| joined.bounds),
                PartState::StandIn => self.stand_in(part).map(|ring| {
                    let axis = |of: fn(&GridPoint) -> i64| ring.iter().map(of);
                    let world = |at: Option<i64>| at.unwrap_or(0) << self.shift();
                    let clamped = |at: Option<i64>| u32::try_from(world(at)).unwrap_or(u32::MAX);
                    WorldBox {
                        west: world(axis(|point| point.x).min()),
                        north: clamped(axis(|point| point.y.max(0)).min()),
                        east: world(axis(|point| point.x).max()),
                        south: clamped(axis(|point| point.y.max(0)).max()),
                    }
                }),
            })
            .reduce(WorldBox::union)
    }

    /// Returns the part that shows one while the level is being made: another only if it was joined to it.
    pub(super) fn absorbed_part(&self, part: usize) -> usize {
        self.absorbed_by(part).unwrap_or(part)
    }

    pub(super) fn joined(&self, part: usize) -> Option<&Joined> {
        let at = self
            .joined
            .binary_search_by_key(&part, |joined| joined.part as usize);
        at.ok().map(|at| &self.joined[at])
    }

    fn stand_in(&self, part: usize) -> Option<&[GridPoint; 4]> {
        let at = self
            .stand_ins
            .binary_search_by_key(&part, |&(part, _)| part as usize);
        at.ok().map(|at| &self.stand_ins[at].1)
    }

    pub(super) fn arc(&self, arc: u32) -> &[[u32; 2]] {
        if !self.relaxed.is_empty()
            && let Some(points) = self.relaxed.get(&arc)
        {
            return points;
        }
        let arc = arc as usize;
        &self.points[self.arc_starts[arc] as usize..self.arc_starts[arc + 1] as usize]
    }

    /// Simplifies an arc less than the others.
    pub(super) fn relax(&mut self, topology: &Topology, arc: u32, tolerance: f64) {
        if self.laps.contains_key(&arc) {
            return;
        }
        let mut points = Vec::new();
        filter(topology, arc, self.shift(), tolerance, &mut points);
        self.relaxed.insert(arc, points);
    }

    fn put_relaxed_in_place(&mut self) {
        if self.relaxed.is_empty() {
            return;
        }
        let mut points = Vec::with_capacity(self.points.len() + 8 * self.relaxed.len());
        let mut starts = Vec::with_capacity(self.arc_starts.len());
        starts.push(0);
        for arc in 1..self.arc_starts.len() {
            let arc = u32::try_from(arc - 1).unwrap_or(u32::MAX);
            points.extend_from_slice(self.arc(arc));
            starts.push(u32::try_from(points.len()).unwrap_or(u32::MAX));
        }
        self.relaxed = HashMap::new();
        (self.points, self.arc_starts) = (points, starts);
        self.points.shrink_to_fit();
    }

    /// Writes a path of arcs; a ring does not repeat its first point.
    fn gather(&self, refs: &[u32], closed: bool, into: &mut Vec<GridPoint>) {
        let open = usize::from(closed);
        let point = |&[x, y]: &[u32; 2]| GridPoint {
            x: i64::from(x),
            y: i64::from(y),
        };
        if !self.laps.is_empty() && refs.iter().any(|arc| self.laps.contains_key(&(arc >> 1))) {
            self.gather_laps(refs, into);
            if closed {
                into.pop();
            }
            return;
        }
        for &arc in refs {
            let points = self.arc(arc >> 1);
            if arc & 1 == 0 {
                into.extend(points[..points.len() - open].iter().map(point));
            } else {
                into.extend(points[open..].iter().rev().map(point));
            }
        }
    }

    /// The same where the antimeridian is crossed, with the last point.
    fn gather_laps(&self, refs: &[u32], into: &mut Vec<GridPoint>) {
        let world = WORLD >> self.shift();
        let mut before = 0;
        for &arc in refs {
            let points = self.arc(arc >> 1);
            let laps = self.laps.get(&(arc >> 1));
            let lap = |at: usize| laps.map_or(0, |laps| i64::from(laps[at]));
            let last = points.len() - 1;
            let (first, last) = if arc & 1 == 0 { (0, last) } else { (last, 0) };
            for nth in 0..points.len() {
                let at = first.abs_diff(nth);
                let [x, y] = points[at];
                into.push(GridPoint {
                    x: i64::from(x) + (before + lap(at) - lap(first)) * world,
                    y: i64::from(y),
                });
            }
            before += lap(last) - lap(first);
        }
    }

    /// Returns the rings of a part, each as its arcs; none of a part that is gone or has a stand-in.
    pub(super) fn rings<'a>(
        &'a self,
        topology: &'a Topology,
        part: usize,
    ) -> impl Iterator<Item = &'a [u32]> {
        let state = self.states[part];
        let own = (state == PartState::Drawn).then(|| topology.rings(part));
        let joined = (state == PartState::Joined)
            .then(|| self.joined(part))
            .flatten();
        let joined = joined.map(|joined| {
            joined.rings.clone().map(|ring| {
                let range = super::shapes::row(&self.joined_ring_ends, ring as usize);
                &self.joined_refs[range]
            })
        });
        own.into_iter()
            .flatten()
            .chain(joined.into_iter().flatten())
    }

    /// Writes the rings of a part and returns whether its exterior has any area left.
    pub(super) fn gather_rings(&self, topology: &Topology, part: usize, into: &mut Paths) -> bool {
        let first = into.ends.len();
        for refs in self.rings(topology, part) {
            let before = into.ends.len();
            self.gather(refs, true, &mut into.points);
            into.close_ring();
            if before == first {
                let exterior = &into.points[into.start(first)..];
                let own = self.states[part] == PartState::Drawn;
                if own && (exterior.is_empty() || area_2(exterior) == 0) {
                    into.truncate(first);
                    return false;
                }
            }
        }
        into.ends.len() > first
    }

    /// Writes the rings or lines of a feature.
    pub(super) fn gather_feature(&self, topology: &Topology, feature: usize, into: &mut Paths) {
        for part in topology.parts(feature) {
            match (self.states[part], topology.kind()) {
                (PartState::Gone, _) => {}
                (PartState::StandIn, _) => {
                    if let Some(ring) = self.stand_in(part) {
                        into.points.extend_from_slice(ring);
                        into.close_ring();
                    }
                }
                (_, Kind::Polygons) => {
                    self.gather_rings(topology, part, into);
                }
                (_, Kind::Lines) => {
                    for refs in topology.rings(part) {
                        let start = into.open();
                        self.gather(refs, false, &mut into.points);
                        let first = into.points.get(start).copied();
                        into.close_line();
                        if self.keep_lines
                            && into.open() == start
                            && let Some(first) = first
                        {
                            let next = GridPoint {
                                x: first.x + 1,
                                ..first
                            };
                            into.points.extend([first, next]);
                            into.close_line();
                        }
                    }
                }
            }
        }
    }

    /// Returns the number of vertices of a part.
    pub(super) fn part_vertices(&self, topology: &Topology, part: usize) -> usize {
        match (self.states[part], topology.kind()) {
            (PartState::Gone, _) => 0,
            (PartState::StandIn, _) => 4,
            (_, Kind::Polygons) => {
                let arcs = self.rings(topology, part).flatten();
                arcs.map(|arc| self.arc(arc >> 1).len() - 1).sum()
            }
            (_, Kind::Lines) => {
                let arcs = topology.rings(part).flatten();
                arcs.map(|arc| self.arc(arc >> 1).len()).sum()
            }
        }
    }

    /// Puts a one-unit ribbon in the place of a long part whose rings collapsed.
    pub(super) fn collapse(&mut self, topology: &Topology, part: usize) {
        self.states[part] = PartState::Gone;
        if let (Some(ring), Ok(number)) =
            (ribbon(topology, part, self.shift()), u32::try_from(part))
        {
            self.states[part] = PartState::StandIn;
            self.stand_ins.push((number, ring));
        }
    }

    /// Returns whether rings of the feature meet at this zoom.
    pub(super) fn is_unclean(&self, feature: usize) -> bool {
        self.unclean[feature / 64] >> (feature % 64) & 1 == 1
    }

    pub(super) fn set_unclean(&mut self, feature: usize, unclean: bool) {
        let bit = 1 << (feature % 64);
        if unclean {
            self.unclean[feature / 64] |= bit;
        } else {
            self.unclean[feature / 64] &= !bit;
        }
    }
}

/// Writes the vertices of an arc that matter at a tolerance in world units, rounded; its ends always.
fn filter(topology: &Topology, arc: u32, shift: u32, tolerance: f64, into: &mut Vec<[u32; 2]>) {
    let least = squared(tolerance);
    let points = topology.arc(arc);
    if topology.peak(arc) <= least {
        let ends = points.first().into_iter().chain(points.last());
        into.extend(ends.map(|point| [round(point.x, shift), round(point.y, shift)]));
        return;
    }
    let significance = topology.arc_significance(arc);
    let end = points.len().saturating_sub(1);
    let mut previous = None;
    for (at, (point, &value)) in points.iter().zip(significance).enumerate() {
        if value > least {
            let rounded = [round(point.x, shift), round(point.y, shift)];
            if previous != Some(rounded) || at == end {
                into.push(rounded);
                previous = Some(rounded);
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 2^66")]
fn squared(tolerance: f64) -> f32 {
    if tolerance > 0.0 {
        (tolerance * tolerance) as f32
    } else {
        -1.0
    }
}

#[inline]
fn round(at: u32, shift: u32) -> u32 {
    let half = (1u64 << shift) >> 1;
    u32::try_from((u64::from(at) + half) >> shift).unwrap_or(u32::MAX)
}
