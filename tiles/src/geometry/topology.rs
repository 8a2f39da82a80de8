//! Borders as arcs: every stretch of border once, whichever polygons it divides.

use std::collections::HashMap;
use std::ops::Range;

use super::clean::clean;
use super::junctions::junctions;
use super::shapes::{Kind, Shapes, row};
use super::snap::snap;
use super::world_box::WorldBox;
use crate::WorldPoint;

/// How a [`Topology`] is made.
#[derive(Debug, Clone, Copy)]
pub struct TopologyOptions {
    /// Vertices at most this far apart, in world units, become one; 0 leaves all where they are.
    pub snap_units: u32,
    /// Threads to work on; the result does not depend on it.
    pub threads: usize,
}

impl Default for TopologyOptions {
    fn default() -> Self {
        Self {
            snap_units: 0,
            threads: 1,
        }
    }
}

/// What was found odd while a [`Topology`] was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TopologyReport {
    /// Rings round a pole, closed along the edge of Web Mercator.
    pub pole_rings: usize,
    /// Arcs or lines that cross the antimeridian, because of a step of more than half the world.
    pub antimeridian_arcs: usize,
    /// Rings with less than three different vertices, lines with less than two, and rings that go round a pole twice.
    pub dropped_paths: usize,
    /// Vertices moved by snapping.
    pub snapped_vertices: usize,
    /// Arcs with a polygon on either side.
    pub shared_arcs: usize,
    /// Arcs that more than two rings, or two rings the same way round, have: polygons that overlap.
    pub overused_arcs: usize,
}

/// Lines or polygons as arcs with the significance of every vertex.
///
/// Twelve bytes a vertex; the border between two polygons is kept once.
#[derive(Debug)]
pub struct Topology {
    pub(super) kind: Kind,
    pub(super) points: Vec<WorldPoint>,
    pub(super) significance: Vec<f32>,
    /// The greatest significance between the ends of each arc.
    pub(super) peaks: Vec<f32>,
    /// The lengths of the arcs of polygons, in world units.
    pub(super) lengths: Vec<f32>,
    /// Starts of arcs in points, and the end of the last.
    pub(super) arc_starts: Vec<u32>,
    /// Parts that have the arc along and against its direction.
    pub(super) sides: Vec<[u32; 2]>,
    /// Arc × 2, + 1 against its direction.
    pub(super) refs: Vec<u32>,
    /// Ends of rings in refs.
    pub(super) ring_ends: Vec<u32>,
    pub(super) part_ends: Vec<u32>,
    pub(super) feature_ends: Vec<u32>,
    pub(super) part_boxes: Vec<WorldBox>,
    /// In square world units.
    pub(super) part_areas: Vec<f32>,
    /// How many worlds further to the east each vertex lies than the first, of arcs that cross the antimeridian.
    pub(super) laps: HashMap<u32, Vec<i8>>,
    pub(super) report: TopologyReport,
}

/// No part on this side of an arc.
pub(super) const NOBODY: u32 = u32::MAX;
/// Several parts on this side of an arc.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

impl Topology {
    /// Cuts shapes into arcs and weighs their vertices.
    ///
    /// Polygons that share a border, vertex for vertex, share its arcs. Lines are an arc each. Paths that are too short are dropped
    /// and counted; features keep their numbers.
    #[must_use]
    pub fn build(shapes: Shapes, options: &TopologyOptions) -> Self {
        let mut shapes = shapes;
        let mut report = TopologyReport::default();
        if options.snap_units > 0 {
            report.snapped_vertices = snap(&mut shapes.points, options.snap_units);
        }
        clean(&mut shapes, &mut report);
        let mut topology = match shapes.kind {
            Kind::Lines => Self::of_lines(shapes),
            Kind::Polygons => {
                let marks = junctions(&shapes.points, &shapes.path_ends, options.threads);
                Self::of_polygons(shapes, &marks)
            }
        };
        let both = |sides: &&[u32; 2]| sides.iter().all(|&side| side < SEVERAL);
        report.shared_arcs = topology.sides.iter().filter(both).count();
        report.overused_arcs = topology
            .sides
            .iter()
            .filter(|sides| sides.contains(&SEVERAL))
            .count();
        report.antimeridian_arcs = topology.laps.len();
        topology.report = report;
        topology.weigh(options.threads);
        topology.note_measures();
        topology
    }

    pub(super) fn empty(kind: Kind) -> Self {
        Self {
            kind,
            points: Vec::new(),
            significance: Vec::new(),
            peaks: Vec::new(),
            lengths: Vec::new(),
            arc_starts: vec![0],
            sides: Vec::new(),
            refs: Vec::new(),
            ring_ends: Vec::new(),
            part_ends: Vec::new(),
            feature_ends: Vec::new(),
            part_boxes: Vec::new(),
            part_areas: Vec::new(),
            laps: HashMap::new(),
            report: TopologyReport::default(),
        }
    }

    /// Returns what was found odd.
    #[must_use]
    pub fn report(&self) -> TopologyReport {
        self.report
    }

    /// Returns whether these are lines or polygons.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the number of features.
    #[must_use]
    pub fn features(&self) -> usize {
        self.feature_ends.len()
    }

    /// Returns the numbers of the parts of a feature.
    #[must_use]
    pub fn parts(&self, feature: usize) -> Range<usize> {
        row(&self.feature_ends, feature)
    }

    /// Returns the number of all parts.
    #[must_use]
    pub fn part_count(&self) -> usize {
        self.part_ends.len()
    }

    /// Returns the number of arcs.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.arc_starts.len() - 1
    }

    /// Returns the number of vertices, those of a shared border counted once.
    #[must_use]
    pub fn vertices(&self) -> usize {
        self.points.len()
    }

    /// Returns whether these polygons divide an area among them, as districts do: at least a third of the arcs have a polygon on
    /// either side.
    #[must_use]
    pub fn is_coverage(&self) -> bool {
        self.kind == Kind::Polygons && self.report.shared_arcs * 3 >= self.arcs().max(1)
    }

    /// Returns the feature that a part is of.
    #[must_use]
    pub fn feature_of(&self, part: usize) -> usize {
        self.feature_ends
            .partition_point(|&end| end as usize <= part)
    }

    pub(super) fn arc(&self, arc: u32) -> &[WorldPoint] {
        &self.points[self.arc_range(arc)]
    }

    pub(super) fn arc_significance(&self, arc: u32) -> &[f32] {
        &self.significance[self.arc_range(arc)]
    }

    pub(super) fn peak(&self, arc: u32) -> f32 {
        self.peaks[arc as usize]
    }

    fn arc_range(&self, arc: u32) -> Range<usize> {
        self.arc_starts[arc as usize] as usize..self.arc_starts[arc as usize + 1] as usize
    }

    pub(super) fn sides(&self, arc: u32) -> [u32; 2] {
        // Lines have no sides.
        self.sides.get(arc as usize).copied().unwrap_or([NOBODY; 2])
    }

    /// Returns the features that have a step of more than half the world, which is taken the short way, over the antimeridian.
    pub fn over_antimeridian(&self) -> impl Iterator<Item = usize> {
        let any = !self.laps.is_empty();
        let crosses = move |feature: &usize| {
            self.parts(*feature)
                .flat_map(|part| self.rings(part))
                .flatten()
                .any(|arc| self.laps.contains_key(&(arc >> 1)))
        };
        (0..self.features()).filter(move |feature| any && crosses(feature))
    }

    /// Returns the rings of a part, each as its arcs.
    pub(super) fn rings(&self, part: usize) -> impl Iterator<Item = &[u32]> {
        row(&self.part_ends, part).map(|ring| &self.refs[row(&self.ring_ends, ring)])
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn at(x: u32, y: u32) -> WorldPoint {
        WorldPoint { x, y }
    }

    fn squares(rings: &[&[WorldPoint]]) -> Shapes {
        let points: Vec<WorldPoint> = rings.concat();
        let mut end = 0;
        let ends: Vec<u32> = rings
            .iter()
            .map(|ring| {
                end += u32::try_from(ring.len()).unwrap();
                end
            })
            .collect();
        let each: Vec<u32> = (1..=u32::try_from(rings.len()).unwrap()).collect();
        Shapes::polygons(points, ends, each.clone(), each).unwrap()
    }

    #[test]
    fn neighbours_share_the_arc_between_them_whichever_way_round() {
        let west = [
            at(0, 0),
            at(10, 0),
            at(11, 5),
            at(10, 10),
            at(0, 10),
            at(0, 0),
        ];
        let east = [at(10, 0), at(10, 10), at(20, 10), at(20, 0)];
        let east: Vec<WorldPoint> = [&east[..1], &[at(11, 5)], &east[1..]].concat();
        for reversed in [false, true] {
            let mut east = east.clone();
            if reversed {
                east.reverse();
            }
            let topology = Topology::build(squares(&[&west, &east]), &TopologyOptions::default());
            assert_eq!(topology.arcs(), 3);
            assert_eq!(topology.report().shared_arcs, 1);
            assert_eq!(topology.vertices(), 3 + 4 + 4);
            assert!(topology.is_coverage());
        }
    }

    #[test]
    fn a_hole_and_what_fills_it_share_an_arc() {
        let outer = [at(0, 0), at(30, 0), at(30, 30), at(0, 30)];
        let inner = [at(10, 10), at(20, 10), at(20, 20), at(10, 20)];
        let turned = [inner[2], inner[3], inner[0], inner[1]];
        let points = [&outer[..], &inner, &turned].concat();
        let shapes = Shapes::polygons(points, vec![4, 8, 12], vec![2, 3], vec![1, 2]).unwrap();
        let topology = Topology::build(shapes, &TopologyOptions::default());
        assert_eq!(topology.arcs(), 2);
        assert_eq!(topology.report().shared_arcs, 1);
        assert!((topology.part_area(0) - 800.0).abs() < 1e-3);
    }

    #[test]
    fn the_result_does_not_depend_on_threads() {
        let rings: Vec<Vec<WorldPoint>> = (0..40)
            .map(|nth| {
                let x = nth * 10;
                vec![
                    at(x, 0),
                    at(x + 10, 0),
                    at(x + 12, 3),
                    at(x + 10, 9),
                    at(x, 9),
                    at(x + 2, 3),
                ]
            })
            .collect();
        let rings: Vec<&[WorldPoint]> = rings.iter().map(Vec::as_slice).collect();
        let made = |threads| {
            let options = TopologyOptions {
                threads,
                ..TopologyOptions::default()
            };
            let made = Topology::build(squares(&rings), &options);
            (made.points, made.significance, made.refs, made.sides)
        };
        assert_eq!(made(1), made(3));
    }
}
