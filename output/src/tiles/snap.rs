//! From longitude and latitude to a zoom's grid, and from there to the valid geometry of one tile.
#![expect(
    clippy::cast_possible_truncation,
    reason = "positions within a buffered tile are at most 4160"
)]

use geo::winding_order::Winding;
use geo::{Coord, LineString, MultiPolygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use super::clip::Path;
use super::mercator::{TileCoord, cell, vertex};

/// The side in grid units of the square that stands for an area too small to show: one pixel of a 512-pixel tile.
const SPECK: f64 = 8.0;

/// A position within a tile: x to the east, y to the south, 0 to 4096 and the buffer.
pub(super) type TilePoint = (i32, i32);

/// An exterior and its holes, none repeating its first point. Exteriors have positive area by the surveyor's formula
/// in the tile's axes, holes negative (MVT 2.1, section 4.3.3.3).
pub(super) type TilePolygon = Vec<Vec<TilePoint>>;

/// Returns the rings of an area on a zoom's grid, exteriors with positive area and holes with negative.
///
/// An area smaller than a [`SPECK`] both ways, or with no area left, becomes a square of that size about
/// `label_point`, so that nothing vanishes.
pub(super) fn rings(areas: &MultiPolygon<f64>, label_point: Coord<f64>, z: u8) -> Vec<Path> {
    let mut rings = Vec::new();
    for area in areas {
        // North-up and counter-clockwise is clockwise here, where y grows southward: so exteriors are reversed.
        rings.extend(ring(area.exterior(), Turn::Clockwise, z));
        rings.extend(
            area.interiors()
                .iter()
                .filter_map(|hole| ring(hole, Turn::CounterClockwise, z)),
        );
    }
    if rings.iter().map(|ring| double_area(ring)).sum::<f64>() <= 0.0 || is_speck(&rings) {
        return vec![speck(label_point, z)];
    }
    rings
}

/// Returns a line on a zoom's grid; one that is shorter than a unit becomes a unit long.
pub(super) fn line(line: &LineString<f64>, z: u8) -> Path {
    let mut path: Path = line.coords().map(|&coord| vertex(coord, z)).collect();
    path.dedup();
    if let [only] = path[..] {
        path.push(Coord {
            x: only.x + 1.0,
            y: only.y,
        });
    }
    path
}

/// The way round on a map with north up.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Clockwise,
    CounterClockwise,
}

fn ring(ring: &LineString<f64>, turn: Turn, z: u8) -> Option<Path> {
    let mut path: Path = ring.coords().map(|&coord| vertex(coord, z)).collect();
    let reverse = match turn {
        Turn::Clockwise => ring.is_ccw(),
        Turn::CounterClockwise => ring.is_cw(),
    };
    // On a map with north up, clockwise is a positive area once y grows southward.
    if reverse {
        path.reverse();
    }
    path.dedup();
    while path.len() > 1 && path.first() == path.last() {
        path.pop();
    }
    (path.len() >= 3).then_some(path)
}

/// Twice the area by the surveyor's formula.
fn double_area(ring: &[Coord<f64>]) -> f64 {
    // Relative to a vertex, so that the products stay exact.
    let Some(&origin) = ring.first() else {
        return 0.0;
    };
    ring.windows(2)
        .map(|edge| {
            let (a, b) = (edge[0] - origin, edge[1] - origin);
            a.x * b.y - b.x * a.y
        })
        .sum()
}

fn is_speck(rings: &[Path]) -> bool {
    let spread = |of: fn(&Coord<f64>) -> f64| {
        let positions = || rings.iter().flatten().map(of);
        positions().fold(f64::NEG_INFINITY, f64::max) - positions().fold(f64::INFINITY, f64::min)
    };
    spread(|coord| coord.x) < SPECK && spread(|coord| coord.y) < SPECK
}

fn speck(label_point: Coord<f64>, z: u8) -> Path {
    let Coord { x, y } = cell(label_point, z);
    let (low, high) = (-SPECK / 2.0, SPECK / 2.0);
    [(low, low), (high, low), (high, high), (low, high)]
        .map(|(dx, dy)| Coord {
            x: x + dx,
            y: y + dy,
        })
        .to_vec()
}

/// Positions within a tile, without repeated points.
pub(super) fn local(path: &[Coord<f64>], tile: TileCoord) -> Vec<TilePoint> {
    let origin = tile.origin();
    let mut points: Vec<TilePoint> = path
        .iter()
        .map(|coord| {
            (
                (coord.x - origin.x).round() as i32,
                (coord.y - origin.y).round() as i32,
            )
        })
        .collect();
    points.dedup();
    points
}

/// Returns the valid polygons that cut rings make in a tile; none when no area is left.
///
/// Snapping can fold a ring over itself and cutting can join parts along the cut. The rings are therefore taken
/// apart at every crossing and put together again from what they wind round once or more.
pub(super) fn polygons(rings: &[Path], tile: TileCoord) -> Vec<TilePolygon> {
    let mut overlay = Overlay::new_custom(
        64,
        IntOverlayOptions::ogc(),
        i_overlay::core::solver::Solver::default(),
    );
    for path in rings {
        let points = local(path, tile);
        if points.len() >= 3 {
            let contour: Vec<IntPoint> = points.iter().map(|&(x, y)| IntPoint::new(x, y)).collect();
            overlay.add_contour(&contour, ShapeType::Subject);
        }
    }
    overlay
        .overlay(OverlayRule::Subject, FillRule::Positive)
        .into_iter()
        .map(|shape| {
            shape
                .into_iter()
                .enumerate()
                .map(|(index, ring)| turned(ring, index == 0))
                .collect()
        })
        .collect()
}

/// The ring with positive area when it is an exterior, negative when it is a hole. The overlay turns a hole that
/// touches its exterior like an exterior.
fn turned(ring: Vec<IntPoint>, exterior: bool) -> Vec<TilePoint> {
    let mut points: Vec<TilePoint> = ring.into_iter().map(|point| (point.x, point.y)).collect();
    let next = points.iter().cycle().skip(1);
    let double_area: i64 = points
        .iter()
        .zip(next)
        .map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1))
        .sum();
    if (double_area > 0) != exterior {
        points.reverse();
    }
    points
}

#[cfg(test)]
mod tests {
    use geo::{Area, Polygon, Validation};

    use super::*;
    use crate::sample::rectangle;

    const TILE: TileCoord = TileCoord { z: 1, x: 1, y: 0 };

    fn path(points: &[(f64, f64)]) -> Path {
        points
            .iter()
            .map(|&(x, y)| Coord { x: x + 4096.0, y })
            .collect()
    }

    fn geometry(polygons: &[TilePolygon]) -> MultiPolygon<f64> {
        let ring = |points: &Vec<TilePoint>| {
            points
                .iter()
                .map(|&(x, y)| Coord {
                    x: f64::from(x),
                    y: f64::from(y),
                })
                .collect::<LineString<f64>>()
        };
        polygons
            .iter()
            .map(|rings| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect()))
            .collect()
    }

    fn ring_area(ring: &[TilePoint]) -> i32 {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
            .sum::<i32>()
            / 2
    }

    #[test]
    fn exteriors_are_positive_and_holes_negative_in_the_tile() {
        let areas = MultiPolygon(vec![Polygon::new(
            rectangle(10.0, 10.0, 40.0, 40.0),
            vec![rectangle(20.0, 20.0, 30.0, 30.0)],
        )]);
        let found = polygons(&rings(&areas, Coord { x: 15.0, y: 15.0 }, 1), TILE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 2);
        assert!(
            ring_area(&found[0][0]) > 0 && ring_area(&found[0][1]) < 0,
            "{found:?}"
        );
    }

    #[test]
    fn a_folded_ring_becomes_valid_and_keeps_what_it_winds_round() {
        // A square with a loop that turns the wrong way beyond its right side.
        let folded = path(&[
            (0.0, 0.0),
            (100.0, 0.0),
            (100.0, 60.0),
            (140.0, 40.0),
            (140.0, 60.0),
            (100.0, 40.0),
            (100.0, 100.0),
            (0.0, 100.0),
        ]);
        let found = polygons(&[folded], TILE);
        let geometry = geometry(&found);
        assert!(geometry.is_valid(), "{found:?}");
        assert!(
            (geometry.unsigned_area() - 10_000.0).abs() < 500.0,
            "{}",
            geometry.unsigned_area()
        );
    }

    #[test]
    fn parts_that_a_cut_joined_come_apart() {
        // Two teeth joined by an edge along x = 100 and back.
        let teeth = path(&[
            (0.0, 0.0),
            (100.0, 0.0),
            (100.0, 100.0),
            (0.0, 100.0),
            (100.0, 100.0),
            (100.0, 200.0),
            (0.0, 200.0),
            (100.0, 200.0),
            (100.0, 0.0),
        ]);
        let found = geometry(&polygons(&[teeth], TILE));
        assert!(found.is_valid());
    }

    #[test]
    fn what_is_wound_round_twice_is_kept_and_what_is_wound_backwards_is_not() {
        let square = |low: f64| {
            path(&[
                (low, low),
                (low + 10.0, low),
                (low + 10.0, low + 10.0),
                (low, low + 10.0),
            ])
        };
        let mut backwards = square(50.0);
        backwards.reverse();
        let found = geometry(&polygons(&[square(0.0), square(5.0), backwards], TILE));
        assert!((found.unsigned_area() - 175.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_hole_that_touches_its_exterior_is_still_a_hole() {
        // From the right side to the middle of the top, round a triangle below it, and on along the top.
        let pinched = path(&[
            (0., 0.),
            (100., 0.),
            (100., 100.),
            (50., 100.),
            (70., 50.),
            (30., 50.),
            (50., 100.),
            (0., 100.),
        ]);
        let found = polygons(&[pinched], TILE);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0]
                .iter()
                .map(|ring| ring_area(ring))
                .collect::<Vec<_>>(),
            [10_000, -1000]
        );
    }

    #[test]
    fn nothing_vanishes() {
        let speck = MultiPolygon(vec![Polygon::new(
            rectangle(100.0, 30.0, 100.001, 30.001),
            vec![],
        )]);
        let label = Coord {
            x: 100.0005,
            y: 30.0005,
        };
        let found = polygons(&rings(&speck, label, 0), TileCoord { z: 0, x: 0, y: 0 });
        assert_eq!(
            found
                .iter()
                .map(|polygon| ring_area(&polygon[0]))
                .collect::<Vec<_>>(),
            [64]
        );
        let short = line(&LineString::from(vec![(100.0, 30.0), (100.001, 30.0)]), 0);
        assert_eq!(short.len(), 2);
    }

    #[test]
    fn neighbours_share_their_border_on_every_grid() {
        let border = [
            (106.0, 29.0),
            (106.013, 29.21),
            (106.007, 29.48),
            (106.0, 30.0),
        ];
        let ring = |far: f64| {
            let mut points = border.to_vec();
            points.push((far, 29.5));
            points.push(border[0]);
            MultiPolygon(vec![Polygon::new(LineString::from(points), vec![])])
        };
        for z in 4..12 {
            let (west, east) = (
                rings(&ring(105.0), Coord::zero(), z),
                rings(&ring(107.0), Coord::zero(), z),
            );
            let shared = |rings: &[Path]| {
                border
                    .iter()
                    .filter(|&&point| rings[0].contains(&vertex(point.into(), z)))
                    .count()
            };
            assert_eq!(
                (shared(&west), shared(&east)),
                (border.len(), border.len()),
                "zoom {z}"
            );
        }
    }
}
