//! What two areas share.

use gazetteer::area_m2;
use geo::{BooleanOps, BoundingRect, Coord, Intersects, LineString, MultiPolygon, Polygon};

/// What two areas share, in m² on the ellipsoid.
#[derive(Debug, Clone)]
pub struct Overlap {
    /// Of the first area.
    pub first_m2: f64,
    /// Of the second.
    pub second_m2: f64,
    /// Of what lies in both.
    pub shared_m2: f64,
    /// What lies in both, WGS 84 degrees.
    pub shared: MultiPolygon<f64>,
}

/// Measures what two areas share; edges are straight in degrees, x longitude, y latitude. `None` when they share
/// nothing but borders. Areas must not cross ±180°.
#[must_use]
pub fn overlap(first: &MultiPolygon<f64>, second: &MultiPolygon<f64>) -> Option<Overlap> {
    let boxes = first.bounding_rect().zip(second.bounding_rect());
    if !boxes.is_some_and(|(a, b)| a.intersects(&b)) {
        return None;
    }
    let shared = first.intersection(second);
    let shared_m2 = straight_area_m2(&shared);
    // Less than a square metre is rounding along a common border.
    (shared_m2 > 1.0).then(|| Overlap {
        first_m2: straight_area_m2(first),
        second_m2: straight_area_m2(second),
        shared_m2,
        shared,
    })
}

/// The area of polygons whose edges are straight in degrees, in m² on the ellipsoid, holes taken off.
#[must_use]
pub fn straight_area_m2(area: &MultiPolygon<f64>) -> f64 {
    let polygons = area.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(dense).collect();
        Polygon::new(dense(polygon.exterior()), holes)
    });
    area_m2(&polygons.collect())
}

/// The ring with positions so near to each other that shortest ways between them are its edges.
fn dense(ring: &LineString<f64>) -> LineString<f64> {
    const STEP_DEG: f64 = 0.02;
    let mut positions = Vec::with_capacity(ring.0.len());
    for edge in ring.lines() {
        let (dx, dy) = (edge.end.x - edge.start.x, edge.end.y - edge.start.y);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "degrees are at most hundreds"
        )]
        let steps = (dx.abs().max(dy.abs()) / STEP_DEG).ceil().clamp(1.0, 1e5) as u32;
        positions.extend((0..steps).map(|step| {
            let share = f64::from(step) / f64::from(steps);
            Coord {
                x: edge.start.x + dx * share,
                y: edge.start.y + dy * share,
            }
        }));
    }
    positions.extend(ring.0.last());
    LineString(positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, east: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![
            geo::Rect::new((west, 30.0), (east, 31.0)).to_polygon(),
        ])
    }

    #[test]
    fn shares_are_those_of_the_degrees_between_two_meridians() {
        let found = overlap(&square(100.0, 102.0), &square(101.5, 103.5)).expect("they overlap");
        assert!((found.shared_m2 / found.first_m2 - 0.25).abs() < 1e-9);
        assert!((found.second_m2 - found.first_m2).abs() < 1.0);
        // Between the parallels, not between shortest ways: by the formula of the authalic latitude.
        assert!(
            (found.first_m2 / 2.0 - 10_642_393_438.9).abs() < 100.0,
            "{}",
            found.first_m2
        );
        assert!(overlap(&square(100.0, 101.0), &square(101.0, 102.0)).is_none());
        assert!(overlap(&square(100.0, 101.0), &square(105.0, 106.0)).is_none());
    }
}
