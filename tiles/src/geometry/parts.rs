//! What has become of each part at a zoom.

use std::ops::Range;

use super::grid::GridPoint;
use super::level::Level;
use super::topology::Topology;
use super::world_box::WorldBox;

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

    pub(super) fn stand_in(&self, part: usize) -> Option<&[GridPoint; 4]> {
        let at = self
            .stand_ins
            .binary_search_by_key(&part, |&(part, _)| part as usize);
        at.ok().map(|at| &self.stand_ins[at].1)
    }
}
