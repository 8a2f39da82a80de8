//! How much there is of a feature.

use super::parts::PartState;
use super::{Kind, Level, Topology};

impl Topology {
    /// Returns the number of vertices of a feature's lines or rings.
    #[must_use]
    pub fn feature_vertices(&self, feature: usize) -> usize {
        self.parts(feature)
            .flat_map(|part| self.rings(part))
            .flatten()
            .map(|arc| self.arc(arc >> 1).len() - 1)
            .sum()
    }
}

impl Level {
    /// Returns the number of vertices that a feature's lines or rings have at this zoom.
    #[must_use]
    pub fn feature_vertices(&self, topology: &Topology, feature: usize) -> usize {
        topology
            .parts(feature)
            .map(|part| self.part_vertices(topology, part))
            .sum()
    }

    /// Returns the area of what a feature shows at this zoom, in square grid units; 0 for lines.
    #[must_use]
    pub fn feature_area_units(&self, topology: &Topology, feature: usize) -> f64 {
        let areas = topology.parts(feature).map(|part| match self.states[part] {
            PartState::Gone => 0.0,
            PartState::Joined => self.joined(part).map_or(0.0, |joined| joined.area),
            PartState::Drawn | PartState::StandIn => topology.part_area(part),
        });
        areas.sum::<f64>() / (self.unit() * self.unit())
    }

    /// Returns the number of vertices of a part.
    fn part_vertices(&self, topology: &Topology, part: usize) -> usize {
        match (self.states[part], topology.kind()) {
            (PartState::Gone, _) => 0,
            (PartState::StandIn, _) => 4,
            (_, Kind::Polygons) => {
                let arcs = self.rings(topology, part).flatten();
                arcs.map(|arc| self.arc_len(arc >> 1) - 1).sum()
            }
            (_, Kind::Lines) => {
                let arcs = topology.rings(part).flatten();
                arcs.map(|arc| self.arc_len(arc >> 1)).sum()
            }
        }
    }
}
