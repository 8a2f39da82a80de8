//! Paths that cross the antimeridian or go round a pole.
//!
//! Positions stay within the world; a path that crosses the antimeridian is known by its steps. A step of more than half
//! the world is taken as the short way round, unless it leads from one edge of the world to the other: so boxes and bands round
//! the whole world keep their shape.

use crate::WorldPoint;

/// Units of the world's side.
pub(super) const WORLD: i64 = 1 << 32;

/// Returns how many worlds further to the east the second point lies than its own position says: −1, 0 or 1.
#[inline]
pub(super) fn lap(from: WorldPoint, to: WorldPoint) -> i64 {
    let step = i64::from(to.x) - i64::from(from.x);
    if step.abs() <= WORLD / 2 {
        return 0;
    }
    let on_edge = |x: u32| x == 0 || x == u32::MAX;
    if on_edge(from.x) && on_edge(to.x) {
        return 0;
    }
    -step.signum()
}

/// Returns the sum of laps of a ring that does not repeat its first point: 0 unless it goes round a pole.
pub(super) fn laps(ring: &[WorldPoint]) -> i64 {
    let inner: i64 = ring.windows(2).map(|pair| lap(pair[0], pair[1])).sum();
    match (ring.last(), ring.first()) {
        (Some(&last), Some(&first)) => inner + lap(last, first),
        _ => 0,
    }
}

/// Returns a ring round a pole closed along the edge of the world, cut open at the antimeridian; `None` when the ring goes
/// round more than once.
pub(super) fn closed_round_pole(ring: &[WorldPoint]) -> Option<Vec<WorldPoint>> {
    let laps = laps(ring);
    if laps.abs() != 1 {
        return None;
    }
    let next = |index: usize| ring[(index + 1) % ring.len()];
    let at = (0..ring.len()).find(|&index| lap(ring[index], next(index)) == laps)?;
    let (from, to) = (ring[at], next(at));
    // Where the edge meets the antimeridian, from the side it comes from.
    let (leaves, enters) = if laps > 0 {
        (u32::MAX, 0)
    } else {
        (0, u32::MAX)
    };
    let before = i64::from(from.x).abs_diff(i64::from(leaves));
    let after = i64::from(to.x).abs_diff(i64::from(enters));
    let rise = i128::from(to.y) - i128::from(from.y);
    let whole = i128::from((before + after).max(1));
    let y = i128::from(from.y) + rise * i128::from(before) / whole;
    let y = u32::try_from(y).unwrap_or(from.y);
    let mean = ring.iter().map(|point| u64::from(point.y)).sum::<u64>() / ring.len() as u64;
    let pole = if mean < 1 << 31 { 0 } else { u32::MAX };
    let mut closed = Vec::with_capacity(ring.len() + 4);
    closed.extend_from_slice(&ring[..=at]);
    for (x, y) in [(leaves, y), (leaves, pole), (enters, pole), (enters, y)] {
        closed.push(WorldPoint { x, y });
    }
    closed.extend_from_slice(&ring[at + 1..]);
    closed.dedup();
    while closed.len() > 1 && closed.first() == closed.last() {
        closed.pop();
    }
    Some(closed)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<WorldPoint> {
        points
            .iter()
            .map(|&(lon, lat)| WorldPoint::from_lon_lat(lon, lat))
            .collect()
    }

    #[test]
    fn a_step_of_more_than_half_the_world_is_the_short_way_unless_between_the_edges() {
        let at = |lon: f64| WorldPoint::from_lon_lat(lon, 0.0);
        assert_eq!(lap(at(170.0), at(-170.0)), 1);
        assert_eq!(lap(at(-170.0), at(170.0)), -1);
        assert_eq!(lap(at(-80.0), at(80.0)), 0);
        assert_eq!(lap(at(-180.0), at(180.0)), 0);
    }

    #[test]
    fn a_ring_round_a_pole_is_closed_along_the_edge() {
        for (sign, pole) in [(1.0, 0), (-1.0, u32::MAX)] {
            let lat = 70.0 * sign;
            let mut points = vec![(-120.0, lat), (0.0, lat), (120.0, lat)];
            for _ in 0..2 {
                let closed = closed_round_pole(&ring(&points)).unwrap();
                assert_eq!(laps(&closed), 0);
                assert_eq!(closed.len(), 7);
                assert!(closed.contains(&WorldPoint { x: 0, y: pole }));
                assert!(closed.contains(&WorldPoint {
                    x: u32::MAX,
                    y: pole
                }));
                points.reverse();
            }
        }
    }

    #[test]
    fn a_ring_over_the_antimeridian_goes_round_no_pole() {
        let fiji = ring(&[
            (178.0, -16.0),
            (-178.0, -16.0),
            (-178.0, -18.0),
            (178.0, -18.0),
        ]);
        assert_eq!(laps(&fiji), 0);
        assert_eq!(closed_round_pole(&fiji), None);
    }
}
