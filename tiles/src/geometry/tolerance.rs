//! How much is left out at a zoom.

use std::collections::HashMap;

use super::topology::Topology;

/// What becomes of polygons smaller than [`LevelOptions::small_side_units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallPolygons {
    /// They are joined to the neighbour with the longest common border, as districts want it: no hole opens. What has no neighbour is
    /// gathered.
    Dissolve,
    /// Their area is gathered along the order of features over the whole zoom, and a square of that side stands for every square of it:
    /// as buildings want it. Features should be in the order of a Hilbert curve.
    Gather,
    /// A square of that side stands for each, so that none vanishes. Lines shorter than a unit become a unit long.
    Mark,
}

/// How a [`Level`](super::level::Level) is made.
#[derive(Debug, Clone, Copy)]
pub struct LevelOptions {
    /// The tolerance of simplification in grid units; 0 keeps every vertex, as the deepest zoom wants it.
    pub tolerance_units: f64,
    /// What becomes of small polygons. [`Topology::is_coverage`] helps to choose.
    pub small: SmallPolygons,
    /// Polygons are small below a square of this side, in grid units; usually [`SMALL_SIDE_UNITS`].
    pub small_side_units: u32,
}

/// What is smaller than a square of this side, in grid units, cannot be told from others: an eighth of a pixel of 256.
pub const SMALL_SIDE_UNITS: u32 = 2;

/// Arcs that are simplified more than the others of a zoom.
#[derive(Debug, Default)]
pub struct CoarserArcs {
    /// Their tolerance in grid units.
    units: HashMap<u32, f64>,
}

impl CoarserArcs {
    /// Gives all arcs of a feature at least a tolerance, in grid units: so those who share a border with it change alike.
    pub fn add(&mut self, topology: &Topology, feature: usize, tolerance_units: f64) {
        for part in topology.parts(feature) {
            for &arc in topology.rings(part).flatten() {
                let units = self.units.entry(arc >> 1).or_insert(tolerance_units);
                *units = units.max(tolerance_units);
            }
        }
    }
}

/// Tolerances of a level in world units.
#[derive(Clone, Copy)]
pub(super) struct Tolerance<'a> {
    pub(super) usual: f64,
    /// World units of a grid unit.
    pub(super) unit: f64,
    pub(super) coarser: &'a CoarserArcs,
}

impl Tolerance<'_> {
    pub(super) fn of(self, arc: u32) -> f64 {
        if self.coarser.units.is_empty() {
            return self.usual;
        }
        let units = self.coarser.units.get(&arc);
        units.map_or(self.usual, |units| self.usual.max(units * self.unit))
    }
}
