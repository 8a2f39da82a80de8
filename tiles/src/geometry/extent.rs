//! Where parts and features lie, and how large they are.

use super::measure::float;
use super::shapes::row;
use super::topology::Topology;
use super::world_box::{NO_BOX, WorldBox};
use super::wrap::{WORLD, lap};
use crate::WorldPoint;

impl Topology {
    /// Returns the box of a part; `None` when nothing of it was kept.
    #[must_use]
    pub fn part_box(&self, part: usize) -> Option<WorldBox> {
        let part_box = self.part_boxes[part];
        (part_box != NO_BOX).then_some(part_box)
    }

    /// Returns the box of a feature; `None` when nothing of it was kept.
    #[must_use]
    pub fn feature_box(&self, feature: usize) -> Option<WorldBox> {
        self.parts(feature)
            .filter_map(|part| self.part_box(part))
            .reduce(WorldBox::union)
    }

    /// Returns the area of a part in square world units; 0 for a line.
    #[must_use]
    pub fn part_area(&self, part: usize) -> f64 {
        f64::from(self.part_areas[part])
    }

    /// Returns the length of a feature's lines or borders in world units.
    #[must_use]
    pub fn length(&self, feature: usize) -> f64 {
        self.parts(feature)
            .flat_map(|part| row(&self.part_ends, part))
            .flat_map(|ring| &self.refs[row(&self.ring_ends, ring)])
            .map(|&arc| self.arc_length(arc >> 1))
            .sum()
    }

    pub(super) fn arc_length(&self, arc: u32) -> f64 {
        let known = self.lengths.get(arc as usize);
        known.map_or_else(|| self.measured(arc), |&length| length.into())
    }

    pub(super) fn measured(&self, arc: u32) -> f64 {
        let length = |pair: &[WorldPoint]| {
            let dx = i64::from(pair[1].x) - i64::from(pair[0].x) + lap(pair[0], pair[1]) * WORLD;
            let dy = i64::from(pair[1].y) - i64::from(pair[0].y);
            (float(dx) * float(dx) + float(dy) * float(dy)).sqrt()
        };
        self.arc(arc).windows(2).map(length).sum()
    }
}
