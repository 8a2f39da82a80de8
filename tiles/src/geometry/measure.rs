//! Boxes and areas in world units.

use super::world_box::{NO_BOX, WorldBox};
use super::wrap::{WORLD, lap};
use crate::WorldPoint;

/// Returns the positions of a path as if the world went on beyond the antimeridian.
pub(super) fn unwrapped(path: &[WorldPoint]) -> impl Iterator<Item = (i64, i64)> {
    let mut shift = 0;
    let mut previous = path.first().copied();
    path.iter().map(move |&point| {
        if let Some(previous) = previous {
            shift += lap(previous, point) * WORLD;
        }
        previous = Some(point);
        (i64::from(point.x) + shift, i64::from(point.y))
    })
}

pub(super) fn bounds(path: &[WorldPoint]) -> WorldBox {
    let mut found = NO_BOX;
    for ((x, _), point) in unwrapped(path).zip(path) {
        found.west = found.west.min(x);
        found.east = found.east.max(x);
        found.north = found.north.min(point.y);
        found.south = found.south.max(point.y);
    }
    found
}

/// Twice the area of a ring in square world units, positive when the interior lies to the right on a map with north up.
pub(super) fn ring_area_2(ring: &[WorldPoint]) -> f64 {
    let mut positions = unwrapped(ring);
    let Some(origin) = positions.next() else {
        return 0.0;
    };
    let mut sum = 0i128;
    let mut previous = (0, 0);
    for (x, y) in positions {
        let current = (x - origin.0, y - origin.1);
        sum += i128::from(previous.0) * i128::from(current.1)
            - i128::from(previous.1) * i128::from(current.0);
        previous = current;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "the sign and 53 bits are wanted"
    )]
    {
        sum as f64
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "differences of positions are below 2^53"
)]
pub(super) fn float(units: i64) -> f64 {
    units as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an area is at most 2^65, a length at most 2^64"
)]
pub(super) fn narrow(area: f64) -> f32 {
    area as f32
}
