//! Arcs at one zoom: the vertices that matter there, on its grid.

use std::collections::HashMap;

use super::grid::{GridPoint, Paths};
use super::topology::Topology;
use super::wrap::WORLD;
use crate::MAX_ZOOM;

/// How a [`Level`] is made.
#[derive(Debug, Clone, Copy)]
pub struct LevelOptions {
    /// The tolerance of simplification in grid units; 0 keeps every vertex, as the deepest zoom wants it.
    pub tolerance_units: f64,
    /// Whether polygons are dissolved into the neighbour with the longest common border when they get too small, rather than gathered
    /// as dust ([`Topology::is_coverage`]).
    pub coverage: bool,
}

/// The shapes of a [`Topology`] at one zoom.
#[derive(Debug)]
pub struct Level {
    z: u8,
    points: Vec<[u32; 2]>,
    /// Starts of arcs in points, and the end of the last.
    arc_starts: Vec<u32>,
    laps: HashMap<u32, Vec<i8>>,
    /// A bit for each feature whose rings meet.
    unclean: Vec<u64>,
}

impl Level {
    /// Filters and rounds the arcs. Zooms beyond [`MAX_ZOOM`] count as that.
    #[must_use]
    pub fn build(topology: &Topology, z: u8, options: &LevelOptions) -> Self {
        let z = z.min(MAX_ZOOM);
        let mut level = Self {
            z,
            points: Vec::new(),
            arc_starts: Vec::with_capacity(topology.arcs() + 1),
            laps: HashMap::new(),
            unclean: vec![0; topology.features().div_ceil(64)],
        };
        let tolerance = options.tolerance_units.max(0.0) * f64::from(1u32 << level.shift());
        level.arc_starts.push(0);
        for arc in 0..u32::try_from(topology.arcs()).unwrap_or(u32::MAX) {
            level.add_arc(topology, arc, tolerance);
            let end = u32::try_from(level.points.len()).unwrap_or(u32::MAX);
            level.arc_starts.push(end);
        }
        level.points.shrink_to_fit();
        level
    }

    fn add_arc(&mut self, topology: &Topology, arc: u32, tolerance: f64) {
        let shift = self.shift();
        let half = (1u64 << shift) >> 1;
        let round = |at: u32| u32::try_from((u64::from(at) + half) >> shift).unwrap_or(u32::MAX);
        let points = topology.arc(arc);
        let significance = topology.arc_significance(arc);
        let laps = topology
            .laps
            .get(&arc)
            .filter(|_| !topology.laps.is_empty());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "far below the greatest f32"
        )]
        let least = if tolerance > 0.0 {
            (tolerance * tolerance) as f32
        } else {
            -1.0
        };
        if let Some(laps) = laps {
            let mut kept = Vec::new();
            for ((point, &value), &lap) in points.iter().zip(significance).zip(laps) {
                if value > least {
                    self.points.push([round(point.x), round(point.y)]);
                    kept.push(lap);
                }
            }
            self.laps.insert(arc, kept);
            return;
        }
        let last = points.len() - 1;
        let mut previous = None;
        for (at, (point, &value)) in points.iter().zip(significance).enumerate() {
            if value > least {
                let rounded = [round(point.x), round(point.y)];
                // The ends stay, so that an arc always has two points.
                if previous != Some(rounded) || at == last {
                    self.points.push(rounded);
                    previous = Some(rounded);
                }
            }
        }
    }

    /// World units of a grid unit, as a power of two.
    fn shift(&self) -> u32 {
        u32::from(MAX_ZOOM - self.z)
    }

    /// Returns the zoom.
    #[must_use]
    pub fn z(&self) -> u8 {
        self.z
    }

    /// Returns the number of vertices, those of a shared border counted once.
    #[must_use]
    pub fn vertices(&self) -> usize {
        self.points.len()
    }

    fn arc(&self, arc: u32) -> &[[u32; 2]] {
        let arc = arc as usize;
        &self.points[self.arc_starts[arc] as usize..self.arc_starts[arc + 1] as usize]
    }

    /// Writes a path of arcs; a ring does not repeat its first point.
    pub(super) fn gather(&self, refs: &[u32], closed: bool, into: &mut Vec<GridPoint>) {
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

    /// Writes the rings or lines of a feature.
    pub(super) fn gather_feature(&self, topology: &Topology, feature: usize, into: &mut Paths) {
        let closed = topology.kind() == super::Kind::Polygons;
        for part in topology.parts(feature) {
            for refs in topology.rings(part) {
                self.gather(refs, closed, &mut into.points);
                if closed {
                    into.close_ring();
                } else {
                    into.close_line();
                }
            }
        }
    }

    /// Returns whether rings of the feature meet at this zoom.
    pub(super) fn is_unclean(&self, feature: usize) -> bool {
        self.unclean[feature / 64] >> (feature % 64) & 1 == 1
    }
}
