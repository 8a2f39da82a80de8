//! Lines and rings cut into arcs.

use std::collections::HashMap;

use super::junctions::Marks;
use super::measure::{bounds, narrow, ring_area_2};
use super::shapes::{Kind, Shapes, row};
use super::topology::{NOBODY, SEVERAL, Topology};
use super::world_box::NO_BOX;
use super::wrap::lap;
use crate::WorldPoint;

impl Topology {
    pub(super) fn of_lines(shapes: Shapes) -> Self {
        let lines = shapes.path_ends.len();
        let mut topology = Self::empty(Kind::Lines);
        topology.arc_starts.extend_from_slice(&shapes.path_ends);
        let count = u32::try_from(lines).unwrap_or(u32::MAX);
        topology.refs = (0..count).map(|arc| arc << 1).collect();
        topology.ring_ends = (1..=count).collect();
        for index in 0..count {
            let line = &shapes.points[row(&shapes.path_ends, index as usize)];
            topology.note_laps(index, line);
            let bounds = bounds(line);
            topology.part_boxes.push(bounds);
            topology.part_areas.push(0.0);
        }
        topology.points = shapes.points;
        topology.part_ends = shapes.part_ends;
        topology.feature_ends = shapes.feature_ends;
        topology
    }

    pub(super) fn of_polygons(shapes: Shapes, marks: &Marks) -> Self {
        let mut topology = Self::empty(Kind::Polygons);
        let mut arcs = ArcIndex::default();
        let mut piece = Vec::new();
        for part in 0..shapes.part_ends.len() {
            let mut area = 0.0;
            let mut part_box = None;
            for (nth, path) in row(&shapes.part_ends, part).enumerate() {
                let range = row(&shapes.path_ends, path);
                let ring = &shapes.points[range.clone()];
                if nth == 0 {
                    part_box = Some(bounds(ring));
                }
                area += ring_area_2(ring) / 2.0;
                let part = u32::try_from(part).unwrap_or(NOBODY);
                topology.add_ring(ring, range.start, marks, part, &mut arcs, &mut piece);
                let end = u32::try_from(topology.refs.len()).unwrap_or(u32::MAX);
                topology.ring_ends.push(end);
            }
            topology.part_boxes.push(part_box.unwrap_or(NO_BOX));
            topology.part_areas.push(narrow(area.abs()));
        }
        topology.part_ends = shapes.part_ends;
        topology.feature_ends = shapes.feature_ends;
        topology
    }

    /// Cuts a ring at its junctions; one without any at its smallest vertex.
    fn add_ring(
        &mut self,
        ring: &[WorldPoint],
        start: usize,
        marks: &Marks,
        part: u32,
        arcs: &mut ArcIndex,
        piece: &mut Vec<WorldPoint>,
    ) {
        let smallest = |ring: &[WorldPoint]| (0..ring.len()).min_by_key(|&index| ring[index]);
        let mut cuts = (0..ring.len()).filter(|&index| marks.contains(start + index));
        let Some(first) = cuts.next().or_else(|| smallest(ring)) else {
            return;
        };
        let mut from = first;
        for to in cuts {
            piece.clear();
            piece.extend_from_slice(&ring[from..=to]);
            self.add_arc(piece, part, arcs);
            from = to;
        }
        piece.clear();
        piece.extend_from_slice(&ring[from..]);
        piece.extend_from_slice(&ring[..=first]);
        self.add_arc(piece, part, arcs);
    }

    fn add_arc(&mut self, piece: &mut [WorldPoint], part: u32, arcs: &mut ArcIndex) {
        let against = piece.iter().rev().lt(piece.iter());
        if against {
            piece.reverse();
        }
        let key = [piece[0], piece[1], piece[piece.len() - 1]];
        let known = arcs.candidates(key).find(|&arc| self.arc(arc) == piece);
        let arc = known.unwrap_or_else(|| {
            let arc = u32::try_from(self.sides.len()).unwrap_or(u32::MAX);
            self.points.extend_from_slice(piece);
            let end = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
            self.arc_starts.push(end);
            self.sides.push([NOBODY; 2]);
            self.note_laps(arc, piece);
            arcs.insert(key, arc);
            arc
        });
        let side = &mut self.sides[arc as usize][usize::from(against)];
        *side = if *side == NOBODY { part } else { SEVERAL };
        self.refs.push(arc << 1 | u32::from(against));
    }

    fn note_laps(&mut self, arc: u32, path: &[WorldPoint]) {
        if path.windows(2).all(|pair| lap(pair[0], pair[1]) == 0) {
            return;
        }
        let mut laps = vec![0i8];
        let mut sum = 0i8;
        for pair in path.windows(2) {
            sum = sum.saturating_add(match lap(pair[0], pair[1]) {
                0 => 0,
                1 => 1,
                _ => -1,
            });
            laps.push(sum);
        }
        self.laps.insert(arc, laps);
    }
}

/// Arcs by their first, second and last vertex.
#[derive(Default)]
struct ArcIndex {
    last_with: HashMap<[WorldPoint; 3], u32, foldhash::fast::RandomState>,
    /// The arc before with the same three, of each arc.
    before: Vec<u32>,
}

impl ArcIndex {
    fn candidates(&self, key: [WorldPoint; 3]) -> impl Iterator<Item = u32> {
        let first = self.last_with.get(&key).copied();
        std::iter::successors(first, |&arc| {
            Some(self.before[arc as usize]).filter(|&before| before != NOBODY)
        })
    }

    fn insert(&mut self, key: [WorldPoint; 3], arc: u32) {
        let before = self.last_with.insert(key, arc).unwrap_or(NOBODY);
        self.before.push(before);
    }
}
