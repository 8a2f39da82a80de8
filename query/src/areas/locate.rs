//! On which side of an edge, of a ring, of an area: exact.

use robust::{Coord, orient2d};

/// Where a position is with respect to an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Not in it.
    Outside,
    /// On its border: `intersects` holds, `within` does not.
    Border,
    /// In it and not on its border.
    Inside,
}

/// Positive when `at` lies left of the way from `from` to `to`, negative right of it, zero on its line: the sign
/// is exact.
#[inline]
pub(super) fn orientation(from: [f64; 2], to: [f64; 2], at: [f64; 2]) -> f64 {
    // Shewchuk 1997, the first filter of orient2d; its bound holds for plain products (no fused operations).
    const BOUND: f64 = 3.330_669_073_875_471_6e-16;
    let left = (from[0] - at[0]) * (to[1] - at[1]);
    let right = (from[1] - at[1]) * (to[0] - at[0]);
    let determinant = left - right;
    if determinant.abs() >= BOUND * (left.abs() + right.abs()) && determinant != 0.0 {
        return determinant;
    }
    exact(from, to, at)
}

#[cold]
fn exact(from: [f64; 2], to: [f64; 2], at: [f64; 2]) -> f64 {
    let coord = |[x, y]: [f64; 2]| Coord { x, y };
    orient2d(coord(from), coord(to), coord(at))
}

/// Whether a position lies on an edge that has an end at its height, or is level with it. Where an edge passes the
/// height the orientation tells.
#[inline]
#[expect(
    clippy::float_cmp,
    reason = "positions are on an end when they are equal to it"
)]
pub(super) fn on_level_end(from: [f64; 2], to: [f64; 2], at: [f64; 2]) -> bool {
    if from[1] == at[1] && to[1] == at[1] {
        return from[0].min(to[0]) <= at[0] && at[0] <= from[0].max(to[0]);
    }
    same(from, at) || same(to, at)
}

/// On which side of the border of rings (each closed) a position is, by the even–odd rule.
pub(super) fn side_of(
    rings: impl Iterator<Item = impl Iterator<Item = [f64; 2]>>,
    at: [f64; 2],
) -> Side {
    let mut inside = false;
    for mut ring in rings {
        let Some(mut to) = ring.next() else {
            continue;
        };
        for next in ring {
            let from = std::mem::replace(&mut to, next);
            if (from[1] <= at[1]) == (to[1] <= at[1]) {
                if on_level_end(from, to, at) {
                    return Side::Border;
                }
                continue;
            }
            let turn = orientation(from, to, at);
            if turn == 0.0 {
                return Side::Border;
            }
            // The edge passes on the right of the position: rising ones have it on their left.
            if (turn > 0.0) == (from[1] <= at[1]) {
                inside = !inside;
            }
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// Whether two positions are one.
#[inline]
#[expect(
    clippy::float_cmp,
    reason = "positions are one when all their bits are"
)]
pub(crate) fn same(a: [f64; 2], b: [f64; 2]) -> bool {
    a[0] == b[0] && a[1] == b[1]
}
