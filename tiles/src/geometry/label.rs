//! Where a polygon's name goes.

use geo::{Coord, LineString, Polygon};
use polylabel::polylabel;

use super::measure::float;
use super::shapes::row;
use super::topology::Topology;
use super::world_box::WorldBox;
use super::wrap::{WORLD, lap};
use crate::WorldPoint;

/// The place is right to this part of the shorter side of the polygon's box.
const PRECISION: f64 = 1.0 / 64.0;

/// With more vertices than this, those that matter least are left out: their distance to the border is far below the precision.
const ENOUGH: usize = 4096;

impl Topology {
    /// Returns the pole of inaccessibility of the largest part of a polygon: the point that is farthest from its border. The middle of the
    /// box when the part has no area; `None` for lines and for what was dropped.
    #[must_use]
    pub fn label_point(&self, feature: usize) -> Option<WorldPoint> {
        if self.kind() != super::Kind::Polygons {
            return None;
        }
        let largest = self
            .parts(feature)
            .filter(|&part| self.part_box(part).is_some())
            .max_by(|&one, &other| {
                let order = self.part_area(one).total_cmp(&self.part_area(other));
                // The first of equals.
                order.then(other.cmp(&one))
            })?;
        let bounds = self.part_box(largest)?;
        Some(self.pole(largest, bounds).unwrap_or_else(|| middle(bounds)))
    }

    fn pole(&self, part: usize, bounds: WorldBox) -> Option<WorldPoint> {
        let shorter = float(bounds.width().min(bounds.height()));
        let origin = (bounds.west, i64::from(bounds.north));
        let rings = row(&self.part_ends, part);
        let mut rings = rings.map(|ring| &self.refs[row(&self.ring_ends, ring)]);
        let least = self.least_significance(part, shorter);
        let exterior = self.line(rings.next()?, origin, least);
        let polygon = Polygon::new(
            exterior,
            rings.map(|ring| self.line(ring, origin, least)).collect(),
        );
        let place = polylabel(&polygon, &(shorter * PRECISION).max(1.0)).ok()?;
        let (x, y) = (place.x(), place.y());
        let within = |at: f64, size: i64| (0.0..=float(size)).contains(&at);
        // Where there is no area, the place is not one.
        if self.part_area(part) <= 0.0 || !within(x, bounds.width()) || !within(y, bounds.height())
        {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "within the box")]
        Some(world_point(origin.0 + x as i64, origin.1 + y as i64))
    }

    /// Returns what the significance of a vertex must exceed to be looked at.
    fn least_significance(&self, part: usize, shorter: f64) -> f32 {
        let arcs = || self.rings(part).flatten().map(|arc| arc >> 1);
        let vertices: usize = arcs().map(|arc| self.arc(arc).len()).sum();
        if vertices <= ENOUGH {
            return -1.0;
        }
        let tolerance = shorter * PRECISION / 8.0;
        #[expect(clippy::cast_possible_truncation, reason = "at most 2^64")]
        {
            (tolerance * tolerance) as f32
        }
    }

    fn line(&self, refs: &[u32], origin: (i64, i64), least: f32) -> LineString<f64> {
        let mut points: Vec<Coord<f64>> = Vec::new();
        let mut shift = 0;
        let mut previous: Option<WorldPoint> = None;
        for &arc in refs {
            let pairs = self
                .arc(arc >> 1)
                .iter()
                .zip(self.arc_significance(arc >> 1));
            let mut add = |(&point, &significance): (&WorldPoint, &f32)| {
                if let Some(previous) = previous {
                    shift += lap(previous, point) * WORLD;
                }
                previous = Some(point);
                if significance > least {
                    points.push(Coord {
                        x: float(i64::from(point.x) + shift - origin.0),
                        y: float(i64::from(point.y) - origin.1),
                    });
                }
            };
            if arc & 1 == 0 {
                pairs.for_each(&mut add);
            } else {
                pairs.rev().for_each(&mut add);
            }
        }
        points.dedup();
        // A ring that begins beyond the antimeridian is brought to its box.
        let west = points
            .iter()
            .map(|point| point.x)
            .fold(f64::INFINITY, f64::min);
        let side = float(WORLD);
        let away = (west / side).round() * side;
        for point in &mut points {
            point.x -= away;
        }
        LineString::new(points)
    }
}

fn middle(bounds: WorldBox) -> WorldPoint {
    world_point(
        i64::midpoint(bounds.west, bounds.east),
        i64::midpoint(bounds.north.into(), bounds.south.into()),
    )
}

fn world_point(x: i64, y: i64) -> WorldPoint {
    let narrow = |at: i64| u32::try_from(at).unwrap_or(u32::MAX);
    WorldPoint {
        x: narrow(x.rem_euclid(WORLD)),
        y: narrow(y.max(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::polygons;
    use super::*;

    fn lon_lat(ring: &[(f64, f64)]) -> Vec<(u32, u32)> {
        ring.iter()
            .map(|&(lon, lat)| WorldPoint::from_lon_lat(lon, lat))
            .map(|point| (point.x, point.y))
            .collect()
    }

    #[test]
    fn the_label_is_in_the_thick_part_and_beside_the_hole() {
        let at = |nth: u32| nth << 24;
        // A square with a long handle to the east; its middle is a hole.
        let ring = [
            (0, 0),
            (40, 0),
            (40, 18),
            (120, 18),
            (120, 22),
            (40, 22),
            (40, 40),
            (0, 40),
        ];
        let hole = [(16, 16), (24, 16), (24, 24), (16, 24)];
        let scaled = |ring: &[(u32, u32)]| ring.iter().map(|&(x, y)| (at(x), at(y))).collect();
        let topology = polygons(&[vec![scaled(&ring), scaled(&hole)]]);
        let place = topology
            .label_point(0)
            .map(|point| (point.x >> 24, point.y >> 24));
        let (x, y) = place.unwrap_or_default();
        assert!(
            x < 40 && !((16..24).contains(&x) && (16..24).contains(&y)),
            "{x} {y}"
        );
    }

    #[test]
    fn the_label_of_a_polygon_over_the_antimeridian_is_within_it() {
        let ring = lon_lat(&[
            (170.0, 10.0),
            (-150.0, 10.0),
            (-150.0, -10.0),
            (170.0, -10.0),
        ]);
        for turn in 0..4 {
            let mut ring = ring.clone();
            ring.rotate_left(turn);
            let place = polygons(&[vec![ring]])
                .label_point(0)
                .map(WorldPoint::to_lon_lat);
            let (lon, lat) = place.unwrap_or_default();
            assert!(
                lat.abs() < 1.0 && !(-158.0..=178.0).contains(&lon),
                "{lon} {lat}"
            );
        }
    }

    #[test]
    fn what_has_no_area_has_its_label_in_the_middle() {
        let topology = polygons(&[vec![vec![(0, 0), (100, 0), (200, 0)]]]);
        assert_eq!(topology.label_point(0), Some(WorldPoint { x: 100, y: 0 }));
    }
}
