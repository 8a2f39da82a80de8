//! Shapes at one zoom: the vertices that matter there, on its grid, and what becomes of the parts that are too small.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::dissolve::dissolve;
use super::filter::{filter, round, squared};
use super::grid::GridPoint;
use super::junctions::on_threads;
use super::mend::mend;
use super::packed::PackedArcs;
use super::parts::{Joined, PartState};
use super::shapes::Kind;
use super::small::{gather_dust, mark, mark_each, ribbon};
use super::tolerance::{CoarserArcs, LevelOptions, SmallPolygons, Tolerance};
use super::topology::Topology;
use crate::MAX_ZOOM;

/// The shapes of a [`Topology`] at one zoom.
#[derive(Debug)]
pub struct Level {
    z: u8,
    /// What the arcs are while the level is being made.
    points: Vec<[u32; 2]>,
    /// Starts of arcs in points, and the end of the last.
    arc_starts: Vec<u32>,
    /// What they are when it is done.
    packed: Option<PackedArcs>,
    vertices: usize,
    /// Arcs that a closer tolerance made anew, until they are put in their places.
    relaxed: HashMap<u32, Vec<[u32; 2]>>,
    pub(super) laps: HashMap<u32, Vec<i8>>,
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
    /// A bit for each feature whose rings have neither repeats nor spikes.
    plain: Vec<u64>,
    /// Lines shorter than a unit are drawn a unit long.
    pub(super) keep_lines: bool,
}

impl Level {
    /// Filters and rounds the arcs of shapes, deals with what is too small, and looks for rings that meet. Zooms beyond [`MAX_ZOOM`] count
    /// as that.
    ///
    /// Where rounding or simplifying made edges of a feature cross, the arcs there are simplified less, so that both neighbours
    /// change alike; what still meets is repaired in each tile ([`Tiler`](super::Tiler)).
    #[must_use]
    pub fn build(topology: &Topology, z: u8, options: &LevelOptions) -> Self {
        Self::build_coarser(topology, z, options, &CoarserArcs::default())
    }

    /// As [`Level::build`], with a coarser tolerance for some arcs.
    #[must_use]
    pub fn build_coarser(
        topology: &Topology,
        z: u8,
        options: &LevelOptions,
        coarser: &CoarserArcs,
    ) -> Self {
        let z = z.min(MAX_ZOOM);
        let mut level = Self {
            z,
            points: Vec::new(),
            arc_starts: Vec::with_capacity(topology.arcs() + 1),
            packed: None,
            vertices: 0,
            relaxed: HashMap::new(),
            laps: HashMap::new(),
            states: vec![PartState::Drawn; topology.part_count()],
            stand_ins: Vec::new(),
            joined: Vec::new(),
            joined_refs: Vec::new(),
            joined_ring_ends: Vec::new(),
            absorbed: Vec::new(),
            unclean: vec![0; topology.features().div_ceil(64)],
            plain: vec![0; topology.features().div_ceil(64)],
            keep_lines: options.small == SmallPolygons::Mark,
        };
        let tolerance = Tolerance {
            usual: options.tolerance_units.max(0.0) * level.unit(),
            unit: level.unit(),
            coarser,
        };
        level.add_arcs(topology, tolerance);
        let side = options.small_side_units;
        match topology.kind() {
            Kind::Lines if level.keep_lines => {}
            Kind::Lines => level.drop_short_lines(topology),
            Kind::Polygons => {
                match options.small {
                    SmallPolygons::Dissolve => {
                        dissolve(topology, &mut level, side);
                        gather_dust(topology, &mut level, side);
                    }
                    SmallPolygons::Gather => gather_dust(topology, &mut level, side),
                    SmallPolygons::Mark => mark_each(topology, &mut level, side),
                }
                level.settle_absorbed();
                let coverage = options.small == SmallPolygons::Dissolve;
                mend(topology, &mut level, tolerance, coverage);
                level.put_relaxed_in_place();
                level.note_stand_ins(topology);
            }
        }
        level.stand_ins.sort_unstable_by_key(|&(part, _)| part);
        level.pack();
        level
    }

    fn pack(&mut self) {
        let points = std::mem::take(&mut self.points);
        let starts = std::mem::take(&mut self.arc_starts);
        self.vertices = points.len();
        self.packed = Some(PackedArcs::pack(&points, &starts));
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

    fn add_arcs(&mut self, topology: &Topology, tolerance: Tolerance<'_>) {
        self.arc_starts.push(0);
        for arc in 0..u32::try_from(topology.arcs()).unwrap_or(u32::MAX) {
            let tolerance = tolerance.of(arc);
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
        self.vertices
    }

    /// The number of vertices of an arc.
    pub(super) fn arc_len(&self, arc: u32) -> usize {
        match &self.packed {
            Some(packed) => packed.len(arc),
            None => self.arc(arc).len(),
        }
    }

    /// Writes the vertices of an arc in the direction of a reference (arc × 2, + 1 backwards), but for the last so many.
    pub(super) fn walk_arc(&self, reference: u32, open: usize, into: &mut Vec<GridPoint>) {
        let arc = reference >> 1;
        let start = into.len();
        if let Some(packed) = &self.packed {
            into.extend(packed.arc(arc).map(|[x, y]| GridPoint { x, y }));
        } else {
            let point = |&[x, y]: &[u32; 2]| GridPoint {
                x: x.into(),
                y: y.into(),
            };
            into.extend(self.arc(arc).iter().map(point));
        }
        if reference & 1 == 1 {
            into[start..].reverse();
        }
        into.truncate(start.max(into.len().saturating_sub(open)));
    }

    /// The vertices of an arc while the level is being made.
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
    }

    /// Puts a one-unit ribbon in the place of a long part whose rings collapsed.
    pub(super) fn collapse(&mut self, topology: &Topology, part: usize) {
        self.states[part] = PartState::Gone;
        if let (Some(ring), Ok(number)) =
            (ribbon(topology, part, self.shift()), u32::try_from(part))
        {
            self.states[part] = PartState::StandIn;
            self.stand_ins.push((number, ring));
        } else if self.keep_lines {
            mark(topology, self, part);
        }
    }

    /// Features of several parts whose squares may lie over other parts are repaired in each tile.
    fn note_stand_ins(&mut self, topology: &Topology) {
        for feature in 0..topology.features() {
            let parts = topology.parts(feature);
            if parts.len() > 1 && self.states[parts].contains(&PartState::StandIn) {
                self.note_rings(feature, true, false);
            }
        }
    }

    /// Returns whether rings of the feature meet at this zoom.
    pub(super) fn is_unclean(&self, feature: usize) -> bool {
        bit(&self.unclean, feature)
    }

    /// Returns whether the rings of the feature are as its arcs are, with nothing to tidy.
    pub(super) fn is_plain(&self, feature: usize) -> bool {
        bit(&self.plain, feature)
    }

    pub(super) fn note_rings(&mut self, feature: usize, unclean: bool, plain: bool) {
        set_bit(&mut self.unclean, feature, unclean);
        set_bit(&mut self.plain, feature, plain);
    }
}

fn bit(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

fn set_bit(bits: &mut [u64], at: usize, value: bool) {
    let bit = 1 << (at % 64);
    if value {
        bits[at / 64] |= bit;
    } else {
        bits[at / 64] &= !bit;
    }
}
