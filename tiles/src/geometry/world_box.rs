//! Boxes in the world.

/// A box in world units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldBox {
    /// The western edge. Between −2³² and 2³³: a part that crosses the antimeridian lies partly beyond the world.
    pub west: i64,
    /// The northern edge.
    pub north: u32,
    /// The eastern edge.
    pub east: i64,
    /// The southern edge.
    pub south: u32,
}

impl WorldBox {
    /// Returns the box of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            north: self.north.min(other.north),
            east: self.east.max(other.east),
            south: self.south.max(other.south),
        }
    }

    pub(super) fn width(self) -> i64 {
        self.east - self.west
    }

    pub(super) fn height(self) -> i64 {
        i64::from(self.south) - i64::from(self.north)
    }
}

/// The box of nothing.
pub(super) const NO_BOX: WorldBox = WorldBox {
    west: i64::MAX,
    north: u32::MAX,
    east: i64::MIN,
    south: 0,
};
