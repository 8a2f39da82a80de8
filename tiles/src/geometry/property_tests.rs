//! What must hold of pieces whatever the input.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::BTreeMap;

use geo::{Coord, LineString, MultiPolygon, Polygon, Validation};
use proptest::prelude::*;

use super::grid::{GridPoint, Paths};
use super::samples::{Coverage, coverages, polygons};
use super::simple::{Checker, Meeting};
use super::{
    EXTENT, Kind, Level, LevelOptions, Piece, SMALL_SIDE_UNITS, Shapes, SmallPolygons, TilePoint,
    TileWindow, Tiler, Topology, TopologyOptions, ring_area_2,
};
use crate::WorldPoint;

type Rings = Vec<Vec<TilePoint>>;

fn level(topology: &Topology, z: u8, tolerance_units: f64, small: SmallPolygons) -> Level {
    let options = LevelOptions {
        tolerance_units,
        small,
        small_side_units: SMALL_SIDE_UNITS,
    };
    Level::build(topology, z, &options)
}

/// Everything a tiler yields of a feature, by tile (column, row).
fn pieces(
    tiler: &mut Tiler,
    topology: &Topology,
    level: &Level,
    feature: usize,
    window: &TileWindow,
) -> BTreeMap<(u32, u32), Rings> {
    let mut found = BTreeMap::new();
    let covering = tiler.covering_ring().to_vec();
    tiler.visit(topology, level, feature, window, |piece| match piece {
        Piece::Paths { x, y, points, ends } => {
            let mut start = 0;
            let rings = ends.iter().map(|&end| {
                let ring = points[start..end as usize].to_vec();
                start = end as usize;
                ring
            });
            assert!(
                found.insert((x, y), rings.collect()).is_none(),
                "twice in {x}, {y}"
            );
        }
        Piece::Covered { x, rows } => {
            for y in rows {
                assert!(
                    found.insert((x, y), vec![covering.clone()]).is_none(),
                    "twice in {x}, {y}"
                );
            }
        }
    });
    found
}

fn all(topology: &Topology, level: &Level, buffer: u16) -> BTreeMap<(u32, u32), Rings> {
    assert_eq!(topology.features(), 1);
    let window = TileWindow::whole(level.z());
    pieces(&mut Tiler::new(buffer), topology, level, 0, &window)
}

fn area_2(rings: &[Vec<TilePoint>]) -> i64 {
    rings.iter().map(|ring| ring_area_2(ring)).sum()
}

fn geometry(rings: &[Vec<TilePoint>]) -> MultiPolygon<f64> {
    let line = |ring: &Vec<TilePoint>| {
        ring.iter()
            .map(|point| Coord {
                x: f64::from(point.x),
                y: f64::from(point.y),
            })
            .collect::<LineString<f64>>()
    };
    let mut polygons: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    for ring in rings {
        if ring_area_2(ring) > 0 {
            polygons.push((line(ring), Vec::new()));
        } else {
            polygons
                .last_mut()
                .expect("an exterior comes first")
                .1
                .push(line(ring));
        }
    }
    polygons
        .into_iter()
        .map(|(exterior, holes)| Polygon::new(exterior, holes))
        .collect()
}

/// Asserts that the polygons of a tile are valid, by exact integers and by another program.
fn assert_valid(rings: &[Vec<TilePoint>], buffer: i32) {
    let mut paths = Paths::default();
    for ring in rings {
        assert!(ring.len() >= 3 && ring_area_2(ring) != 0, "{ring:?}");
        for point in ring {
            let within = -buffer..=i32::try_from(EXTENT).unwrap() + buffer;
            assert!(
                within.contains(&point.x) && within.contains(&point.y),
                "{point:?}"
            );
        }
        let points = ring.iter().map(|point| GridPoint {
            x: point.x.into(),
            y: point.y.into(),
        });
        paths.points.extend(points);
        paths.ends.push(paths.points.len());
    }
    let meeting = Checker::default().check(&paths, |_, _, _| true);
    assert!(meeting < Meeting::Cross, "{rings:?}");
    for polygon in geometry(rings) {
        let valid = polygon.check_validation();
        assert!(valid.is_ok(), "{valid:?} {rings:?}");
    }
}

/// Sums of twice the areas by tile.
fn sums(
    topology: &Topology,
    level: &Level,
    tiler: &mut Tiler,
    mut look: impl FnMut(&Rings),
) -> BTreeMap<(u32, u32), i64> {
    let mut sums = BTreeMap::new();
    let window = TileWindow::whole(level.z());
    for feature in 0..topology.features() {
        for (tile, rings) in pieces(tiler, topology, level, feature, &window) {
            look(&rings);
            *sums.entry(tile).or_insert(0) += area_2(&rings);
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// Twice the areas that a coverage of one tile has in the tiles of a zoom.
fn expected(own_z: u8, coverage: &Coverage, z: u8) -> BTreeMap<(u32, u32), i64> {
    let corner = |axis: u32| (u64::from(axis) >> (32 - u32::from(z))).try_into().unwrap();
    let (x, y): (u32, u32) = (corner(coverage.corner.0), corner(coverage.corner.1));
    let extent = i64::from(EXTENT);
    if z <= own_z {
        let side = extent >> (own_z - z);
        return BTreeMap::from([((x, y), 2 * side * side)]);
    }
    let across = 1u32 << (z - own_z);
    (0..across)
        .flat_map(|dx| (0..across).map(move |dy| ((x + dx, y + dy), 2 * extent * extent)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_coverage_has_neither_hole_nor_overlap_at_any_zoom((z, coverage) in coverages(), dissolved: bool) {
        let topology = coverage.topology();
        let small = if dissolved { SmallPolygons::Dissolve } else { SmallPolygons::Mark };
        // Marks would overlap, so without dissolving only zooms where nothing is small.
        let shallowest = if dissolved { z.saturating_sub(7) } else { z };
        for at in shallowest..=z + 3 {
            let level = level(&topology, at, 1.0, small);
            prop_assume!(level.stand_ins.is_empty());
            let found = sums(&topology, &level, &mut Tiler::new(0).without_repair(), |_| {});
            prop_assert_eq!(found, expected(z, &coverage, at), "zoom {} of {}", at, z);
        }
    }

    #[test]
    fn repairing_a_coverage_whose_borders_do_not_cross_opens_next_to_no_hole((z, mut coverage) in coverages()) {
        // Borders leave their line by less than half the distance to the next.
        coverage.jag = coverage.jag.min(0.9 / f64::from(coverage.inner + 1));
        let topology = coverage.topology();
        for at in z.saturating_sub(5)..=z + 2 {
            let level = level(&topology, at, 1.0, SmallPolygons::Dissolve);
            prop_assume!(level.stand_ins.is_empty());
            let found = sums(&topology, &level, &mut Tiler::new(0), |_| {});
            for (tile, area) in expected(z, &coverage, at) {
                let found = found.get(&tile).copied().unwrap_or(0);
                prop_assert!((found - area).abs() <= area / 10_000, "{} of {} at zoom {} of {}", found, area, at, z);
            }
        }
    }

    #[test]
    fn pieces_of_a_coverage_are_valid((z, coverage) in coverages(), buffer in 0u16..200) {
        let topology = coverage.topology();
        for at in z.saturating_sub(6)..=z + 2 {
            let level = level(&topology, at, 1.0, SmallPolygons::Dissolve);
            sums(&topology, &level, &mut Tiler::new(buffer), |rings| assert_valid(rings, buffer.into()));
        }
    }

    #[test]
    fn rings_by_chance_come_out_valid(
        rings in prop::collection::vec(prop::collection::vec((0u32..60, 0u32..60), 3..14), 1..5),
        split: bool,
        z in 0u8..4,
        buffer in 0u16..300,
    ) {
        // A step is 1/32 of the world's side at most, and on a tile's edge at times.
        let scaled = |ring: &Vec<(u32, u32)>| ring.iter().map(|&(x, y)| (x << 26, y << 26)).collect::<Vec<_>>();
        let scaled: Vec<Vec<(u32, u32)>> = rings.iter().map(scaled).collect();
        let parts: Vec<Vec<Vec<(u32, u32)>>> = if split {
            scaled.iter().map(|ring| vec![ring.clone()]).collect()
        } else {
            vec![scaled]
        };
        let topology = polygons(&parts);
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        for rings in all(&topology, &level, buffer).values() {
            assert_valid(rings, buffer.into());
        }
    }

    #[test]
    fn pieces_sum_to_the_polygon(
        radii in prop::collection::vec(0.05..1.0f64, 3..40),
        z in 1u8..6,
    ) {
        let step = std::f64::consts::TAU / f64::from(u32::try_from(radii.len()).unwrap());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the world")]
        let at = |axis: f64| ((0.5 + 0.45 * axis) * 4_294_967_296.0) as u32;
        let ring: Vec<(u32, u32)> = radii.iter().zip(0u32..)
            .map(|(radius, nth)| {
                let angle = step * f64::from(nth);
                (at(radius * angle.cos()), at(radius * angle.sin()))
            })
            .collect();
        let topology = polygons(&[vec![ring]]);
        let level = level(&topology, z, 0.0, SmallPolygons::Gather);
        let mut whole = Paths::default();
        level.gather_feature(&topology, 0, &mut whole);
        let area = super::grid::area_2(&whole.points);
        let found: i64 = all(&topology, &level, 0).values().map(|rings| area_2(rings)).sum();
        // Each point where an edge was cut is at most half a unit beside it.
        let points = &whole.points;
        let round: i64 = (0..points.len())
            .map(|at| {
                let (a, b) = (points[at], points[(at + 1) % points.len()]);
                (a.x - b.x).abs() + (a.y - b.y).abs()
            })
            .sum();
        let away = (i128::from(found) - area).abs();
        prop_assert!(away <= i128::from(round), "{} of {}", away, area);
    }

    #[test]
    fn a_window_shows_what_the_whole_shows_there(
        (z, coverage) in coverages(),
        deeper in 0u8..4,
        window in (0u32..8, 0u32..8, 0u32..8, 0u32..8),
    ) {
        let topology = coverage.topology();
        let level = level(&topology, z + deeper, 1.0, SmallPolygons::Dissolve);
        let west = coverage.corner.0 >> (32 - u32::from(z + deeper));
        let north = coverage.corner.1 >> (32 - u32::from(z + deeper));
        let last = (1u32 << (z + deeper)) - 1;
        let range = |from: u32, a: u32, b: u32| from + a.min(b)..=(from + a.max(b)).min(last);
        let window = TileWindow {
            columns: range(west, window.0, window.1),
            rows: range(north, window.2, window.3),
        };
        let mut tiler = Tiler::new(64);
        for feature in 0..topology.features() {
            let mut whole = pieces(&mut tiler, &topology, &level, feature, &TileWindow::whole(z + deeper));
            whole.retain(|(x, y), _| window.columns.contains(x) && window.rows.contains(y));
            let part = pieces(&mut tiler, &topology, &level, feature, &window);
            prop_assert_eq!(part, whole);
        }
    }

    #[test]
    fn lines_keep_their_length(
        steps in prop::collection::vec((0u32..511, 0u32..1000), 2..30),
        z in 2u8..7,
    ) {
        let points: Vec<WorldPoint> = steps.iter().map(|&(x, y)| WorldPoint { x: (x << 22) + (1 << 20), y: (y << 22) + (1 << 20) }).collect();
        let end = u32::try_from(points.len()).unwrap();
        let topology = Topology::build(Shapes::lines(points, vec![end], vec![1]).unwrap(), &TopologyOptions::default());
        let level = level(&topology, z, 0.0, SmallPolygons::Gather);
        let length = |path: &[(f64, f64)]| path.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum::<f64>();
        let mut found = 0.0;
        let mut cuts = 0.0;
        for lines in all(&topology, &level, 0).values() {
            for line in lines {
                let path: Vec<(f64, f64)> = line.iter().map(|point| (point.x.into(), point.y.into())).collect();
                let own: f64 = length(&path);
                found += own;
                cuts += 2.0;
            }
        }
        let mut whole = Paths::default();
        level.gather_feature(&topology, 0, &mut whole);
        let path: Vec<(f64, f64)> = whole.points.iter().map(|point| {
            (f64::from(i32::try_from(point.x).unwrap()), f64::from(i32::try_from(point.y).unwrap()))
        }).collect();
        prop_assert!((found - length(&path)).abs() <= 2.0 * cuts + 1.0, "{} {}", found, length(&path));
    }
}

#[test]
fn a_square_over_many_tiles_covers_those_inside() {
    let side = 1u32 << 31;
    let topology = polygons(&[vec![vec![
        (side / 2, side / 2),
        (side / 2 + side, side / 2),
        (side / 2 + side, side / 2 + side),
        (side / 2, side / 2 + side),
    ]]]);
    let level = level(&topology, 7, 1.0, SmallPolygons::Gather);
    let mut covered = 0;
    let window = TileWindow::whole(7);
    let mut tiler = Tiler::new(80);
    tiler.visit(&topology, &level, 0, &window, |piece| {
        if let Piece::Covered { rows, .. } = piece {
            covered += rows.len();
        }
    });
    assert_eq!(covered, 62 * 62);
    let found = all(&topology, &level, 0);
    assert_eq!(
        found.values().map(|rings| area_2(rings)).sum::<i64>(),
        2 * (64 * 4096i64).pow(2)
    );
}

#[test]
fn a_hole_that_covers_tiles_leaves_them_out() {
    let at = |nth: u32| nth << 28;
    let square = |low: u32, high: u32| {
        vec![
            (at(low), at(low)),
            (at(high), at(low)),
            (at(high), at(high)),
            (at(low), at(high)),
        ]
    };
    let topology = polygons(&[vec![square(1, 9), square(3, 7)]]);
    let level = level(&topology, 7, 1.0, SmallPolygons::Gather);
    let found = all(&topology, &level, 64);
    assert!(!found.contains_key(&(40, 40)));
    assert!(found.contains_key(&(10, 40)));
    let without_buffer: i64 = all(&topology, &level, 0)
        .values()
        .map(|rings| area_2(rings))
        .sum();
    assert_eq!(
        without_buffer,
        2 * (8 * 8 - 4 * 4) * (1i64 << (19 - 4)).pow(2)
    );
}

#[test]
fn a_polygon_over_the_antimeridian_is_on_both_sides() {
    let ring = [
        (178.0, -16.0),
        (-178.0, -16.0),
        (-178.0, -18.0),
        (178.0, -18.0),
    ];
    let ring: Vec<(u32, u32)> = ring
        .iter()
        .map(|&(lon, lat)| WorldPoint::from_lon_lat(lon, lat))
        .map(|point| (point.x, point.y))
        .collect();
    let topology = polygons(&[vec![ring]]);
    let bounds = topology.part_box(0).unwrap();
    assert!(bounds.width() < 1 << 27, "{bounds:?}");
    for z in 0..8 {
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        let found = all(&topology, &level, 64);
        let last = (1 << z) - 1;
        let columns: Vec<u32> = found.keys().map(|&(x, _)| x).collect();
        assert!(
            columns.contains(&0) && columns.contains(&last),
            "{z}: {columns:?}"
        );
        for rings in found.values() {
            assert_valid(rings, 64);
        }
        let area: i64 = all(&topology, &level, 0)
            .values()
            .map(|rings| area_2(rings))
            .sum();
        let (width, height) = (bounds.width() >> (20 - z), bounds.height() >> (20 - z));
        let most = 2 * (width + 2) * (height + 2);
        assert!(
            area <= most && area >= most - 8 * (width + height + 4),
            "{z}: {area} {most}"
        );
    }
}

#[test]
fn a_ring_round_a_pole_reaches_the_edge_of_the_world() {
    let ring: Vec<(u32, u32)> = (0..36)
        .map(|nth| WorldPoint::from_lon_lat(f64::from(nth) * 10.0 - 175.0, -70.0))
        .map(|point| (point.x, point.y))
        .collect();
    let topology = polygons(&[vec![ring.clone()]]);
    assert_eq!(topology.report().pole_rings, 1);
    for z in 0..5 {
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        let found = all(&topology, &level, 64);
        for rings in found.values() {
            assert_valid(rings, 64);
        }
        let area: i64 = all(&topology, &level, 0)
            .values()
            .map(|rings| area_2(rings))
            .sum();
        let height = (u64::from(u32::MAX) - u64::from(ring[0].1)) >> (20 - z);
        let expected = i64::try_from(height).unwrap() * (4096i64 << z) * 2;
        assert!(
            (area - expected).abs() <= 4 * (4096i64 << z),
            "{z}: {area} {expected}"
        );
    }
}

#[test]
fn the_whole_world_is_every_tile() {
    let ring = [
        (-180.0, 90.0),
        (180.0, 90.0),
        (180.0, -90.0),
        (-180.0, -90.0),
    ];
    let ring: Vec<(u32, u32)> = ring
        .iter()
        .map(|&(lon, lat)| WorldPoint::from_lon_lat(lon, lat))
        .map(|point| (point.x, point.y))
        .collect();
    let topology = polygons(&[vec![ring]]);
    for z in 0..6 {
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        let found = all(&topology, &level, 64);
        assert_eq!(found.len(), 1 << (2 * z));
        for rings in found.values() {
            assert_valid(rings, 64);
            assert_eq!(rings.len(), 1);
        }
    }
}

#[test]
fn a_ring_of_a_million_vertices() {
    let count = 1_000_000u32;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the world"
    )]
    let at = |axis: f64| ((0.5 + 0.4 * axis) * 4_294_967_296.0) as u32;
    let ring: Vec<(u32, u32)> = (0..count)
        .map(|nth| {
            let angle = std::f64::consts::TAU * f64::from(nth) / f64::from(count);
            let radius = 1.0 - 0.3 * (angle * 5000.0).sin().abs();
            (at(radius * angle.cos()), at(radius * angle.sin()))
        })
        .collect();
    let topology = polygons(&[vec![ring]]);
    for (z, tolerance) in [(0, 1.0), (3, 1.0), (9, 0.0)] {
        let level = level(&topology, z, tolerance, SmallPolygons::Gather);
        let found = all(&topology, &level, 80);
        assert!(!found.is_empty());
        let mut whole = Paths::default();
        level.gather_feature(&topology, 0, &mut whole);
        let mut raw = Tiler::new(0).without_repair();
        let sum: i64 = sums(&topology, &level, &mut raw, |_| {}).values().sum();
        let away = (i128::from(sum) - super::grid::area_2(&whole.points)).abs();
        assert!(away < i128::from(sum) / 100, "{z}: {away} of {sum}");
    }
}

#[test]
fn buildings_leave_as_much_area_as_they_have() {
    // A town of buildings a third of a unit wide at zoom 10.
    let unit = 1u32 << 10;
    let (mut points, mut ends) = (Vec::new(), Vec::new());
    for nth in 0..10_000u32 {
        let (x, y) = (
            (1 << 30) + (nth % 100) * unit,
            (1 << 30) + (nth / 100) * unit,
        );
        let side = unit / 3;
        for (dx, dy) in [(0, 0), (side, 0), (side, side), (0, side)] {
            points.push(WorldPoint {
                x: x + dx,
                y: y + dy,
            });
        }
        ends.push(u32::try_from(points.len()).unwrap());
    }
    let each: Vec<u32> = (1..=10_000).collect();
    let shapes = Shapes::polygons(points, ends, each.clone(), each).unwrap();
    let topology = Topology::build(shapes, &TopologyOptions::default());
    assert!(!topology.is_coverage());
    assert_eq!(topology.kind(), Kind::Polygons);
    let level = level(&topology, 10, 1.0, SmallPolygons::Gather);
    let sum: i64 = sums(&topology, &level, &mut Tiler::new(0), |_| {})
        .values()
        .sum();
    assert!((sum / 2 - 10_000 / 9).abs() < 10, "{sum}");
    let shown = (0..10_000)
        .filter(|&part| level.absorbed_by(part).is_none())
        .count();
    assert!(shown < 300, "{shown}");
}

#[test]
fn a_thin_polygon_stays_a_ribbon_down_to_a_unit() {
    let (x, y) = (3 << 29, 5 << 28);
    let thin = vec![vec![
        (x, y),
        (x + (1 << 16), y + 300),
        (x + (1 << 16), y + 310),
        (x, y + 10),
    ]];
    let topology = polygons(&[thin]);
    for z in 0..14 {
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        let found = all(&topology, &level, 0);
        // 2^16 world units are a unit at zoom 4.
        assert_eq!(!found.is_empty(), z > 4, "{z}");
    }
}

#[test]
fn the_middle_district_joins_the_neighbour_with_the_longest_border() {
    // Three strips; the middle one is thin and has a longer border with the southern one.
    let at = |nth: u32| (1 << 30) + (nth << 8);
    let north = [
        (at(0), at(0)),
        (at(900), at(0)),
        (at(900), at(400)),
        (at(0), at(400)),
    ];
    let middle = vec![
        (at(300), at(400)),
        (at(302), at(400)),
        (at(304), at(402)),
        (at(298), at(402)),
    ];
    let south = vec![
        (at(0), at(400)),
        (at(300), at(400)),
        (at(298), at(402)),
        (at(304), at(402)),
        (at(302), at(400)),
        (at(900), at(400)),
        (at(900), at(900)),
        (at(0), at(900)),
    ];
    let north = [
        &north[..3],
        &[(at(302), at(400)), (at(300), at(400))],
        &north[3..],
    ]
    .concat();
    let topology = polygons(&[vec![north], vec![middle], vec![south]]);
    let dissolved = level(&topology, 10, 1.0, SmallPolygons::Dissolve);
    assert_eq!(dissolved.absorbed().collect::<Vec<_>>(), [(1, 2)]);
    let kept = level(&topology, 14, 1.0, SmallPolygons::Dissolve);
    assert_eq!(kept.absorbed().count(), 0);
}

#[test]
fn what_is_dropped_leaves_nothing_and_harms_nothing() {
    let at = |x: u32, y: u32| WorldPoint {
        x: x << 24,
        y: y << 24,
    };
    let points = vec![at(1, 1), at(1, 1), at(2, 2), at(3, 3), at(4, 4)];
    let shapes = Shapes::lines(points.clone(), vec![2, 2, 3, 5], vec![1, 2, 4, 4]).unwrap();
    let topology = Topology::build(shapes, &TopologyOptions::default());
    assert_eq!(topology.report().dropped_paths, 3);
    for z in [0, 5, 20] {
        let level = level(&topology, z, 1.0, SmallPolygons::Gather);
        let shown: Vec<usize> = (0..4)
            .filter(|&feature| {
                let window = TileWindow::whole(z);
                !pieces(&mut Tiler::new(0), &topology, &level, feature, &window).is_empty()
            })
            .collect();
        assert_eq!(shown, [2]);
        assert_eq!(level.feature_box(&topology, 2), topology.feature_box(2));
        assert_eq!(level.feature_box(&topology, 0), None);
    }
    let shapes = Shapes::polygons(points, vec![2, 2, 3, 5], vec![2, 2, 4], vec![1, 3, 3]).unwrap();
    let topology = Topology::build(shapes, &TopologyOptions::default());
    assert_eq!(topology.report().dropped_paths, 4);
    for small in [
        SmallPolygons::Dissolve,
        SmallPolygons::Gather,
        SmallPolygons::Mark,
    ] {
        let level = level(&topology, 3, 1.0, small);
        for feature in 0..3 {
            assert_eq!(topology.label_point(feature), None);
            let window = TileWindow::whole(3);
            assert!(pieces(&mut Tiler::new(0), &topology, &level, feature, &window).is_empty());
        }
    }
    let none = Shapes::polygons(vec![], vec![], vec![], vec![]).unwrap();
    let topology = Topology::build(none, &TopologyOptions::default());
    assert_eq!(
        level(&topology, 3, 1.0, SmallPolygons::Gather).vertices(),
        0
    );
}

#[test]
fn levels_do_not_depend_on_threads() {
    let coverage = Coverage {
        corner: (1 << 30, 1 << 30),
        side: 1 << 27,
        cells: 8,
        inner: 20,
        jag: 0.3,
        seed: 7,
    };
    let topology = coverage.topology();
    let options = LevelOptions {
        tolerance_units: 1.0,
        small: SmallPolygons::Dissolve,
        small_side_units: SMALL_SIDE_UNITS,
    };
    let zooms: Vec<(u8, LevelOptions)> = (0..9).map(|z| (z, options)).collect();
    let made = |threads| {
        let levels = Level::build_all(&topology, &zooms, threads);
        let mut tiler = Tiler::new(64);
        let all = |level: &Level| {
            let window = TileWindow::whole(level.z());
            let of = |feature| pieces(&mut tiler, &topology, level, feature, &window);
            (0..topology.features()).map(of).collect::<Vec<_>>()
        };
        levels.iter().map(all).collect::<Vec<_>>()
    };
    assert!(made(1) == made(3));
}

#[test]
fn a_hole_beside_its_exterior_or_within_another_hole_is_left_out() {
    let at = |nth: u32| nth << 26;
    let square = |x: u32, y: u32, side: u32| {
        let corners = [(0, 0), (side, 0), (side, side), (0, side)];
        corners.map(|(dx, dy)| (at(x + dx), at(y + dy))).to_vec()
    };
    let exterior = square(2, 2, 20);
    let holes = [square(30, 2, 4), square(6, 6, 8), square(8, 8, 2)];
    let topology = polygons(&[[vec![exterior], holes.to_vec()].concat()]);
    let level = level(&topology, 0, 1.0, SmallPolygons::Gather);
    let found = all(&topology, &level, 0);
    let rings = &found[&(0, 0)];
    assert_eq!(rings.len(), 2);
    assert_eq!(area_2(rings), 2 * (20 * 20 - 8 * 8) * 64 * 64);
}
