use proptest::prelude::*;

use super::super::{Edges, Route, ShapeIndexBuilder};
use super::*;
use crate::points::{Everything, PointIndex};

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

/// The way to a line by measuring positions all along each edge, then between the best.
fn scan(line: &[[f64; 2]], from: LonLat) -> f64 {
    let mut best = f64::INFINITY;
    for pair in line.windows(2) {
        let on = |share: f64| {
            at(
                pair[0][0] + (pair[1][0] - pair[0][0]) * share,
                pair[0][1] + (pair[1][1] - pair[0][1]) * share,
            )
        };
        let way = |share: f64| geodesic(from, on(share)).distance_m;
        let steps = 400;
        let shares = (0..=steps).map(|step| f64::from(step) / f64::from(steps));
        let near = shares
            .min_by(|a, b| way(*a).total_cmp(&way(*b)))
            .expect("some");
        let (mut low, mut high) = ((near - 0.0025).max(0.0), (near + 0.0025).min(1.0));
        for _ in 0..60 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if way(a) < way(b) {
                high = b;
            } else {
                low = a;
            }
        }
        best = best
            .min(way(low.midpoint(high)))
            .min(way(0.0))
            .min(way(1.0));
    }
    best
}

fn anywhere() -> impl Strategy<Value = [f64; 2]> {
    prop_oneof![
        (-180.0..=180.0_f64, -90.0..=90.0_f64).prop_map(|(x, y)| [x, y]),
        (-180.0..=180.0_f64, 89.0..=90.0_f64).prop_map(|(x, y)| [x, y]),
        (100.0..110.0_f64, 25.0..35.0_f64).prop_map(|(x, y)| [x, y]),
        (106.0..106.2_f64, 30.0..30.2_f64).prop_map(|(x, y)| [x, y]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_nearest_lines_are_those_of_a_fine_scan(
        lines in proptest::collection::vec(proptest::collection::vec(anywhere(), 2..4), 1..8),
        from in anywhere(),
        most in 1..9_usize,
    ) {
        let from = at(from[0], from[1]);
        let mut builder = ShapeIndexBuilder::new(Edges::Degrees);
        for line in &lines {
            builder.line(line.iter().copied());
            builder.end();
        }
        let index = builder.finish(2);
        let found = index.near(from, most, f64::INFINITY, |_| true);
        let mut all: Vec<f64> = lines.iter().map(|line| scan(line, from)).collect();
        for near in &found {
            // Antipodes have no one nearest position; the fine scan finds one of them.
            let truth = all[near.shape as usize];
            prop_assert!((near.distance_m - truth).abs() < 1e-3 + truth * 1e-10, "{near:?} {truth}");
        }
        all.sort_by(f64::total_cmp);
        prop_assert_eq!(found.len(), most.min(lines.len()));
        let last = found.last().expect("one at least").distance_m;
        prop_assert!(last <= all[found.len() - 1] + 1e-3 + last * 1e-10);
    }

    #[test]
    fn a_route_has_beside_it_what_is_near_it(
        line in proptest::collection::vec((106.0..108.0_f64, 29.0..31.0_f64).prop_map(|(x, y)| [x, y]), 1..5),
        points in proptest::collection::vec((106.0..108.0_f64, 29.0..31.0_f64), 0..200),
        width_m in 0.0..60_000.0_f64,
    ) {
        let points: Vec<LonLat> = points.into_iter().map(|(lon, lat)| at(lon, lat)).collect();
        let index = PointIndex::new(&points, 1);
        let route = Route::new(line.iter().copied(), Edges::Degrees);
        let beside = route.along(&index.tree(), width_m, &Everything);
        let line = if line.len() == 1 { vec![line[0], line[0]] } else { line };
        for pair in beside.windows(2) {
            prop_assert!(pair[0].along_m <= pair[1].along_m + 1e-6);
        }
        for (id, point) in (0..).zip(&points) {
            let truth = scan(&line, *point);
            match beside.iter().find(|beside| beside.id == id) {
                Some(found) => prop_assert!((found.distance_m - truth).abs() < 1e-3, "{found:?} {truth}"),
                None => prop_assert!(truth > width_m - 1e-3, "{id} {truth}"),
            }
        }
    }
}

#[test]
fn inside_an_area_the_distance_is_nothing_and_a_hole_counts_from_its_edge() {
    let square = |low: f64, high: f64| {
        [
            [low, low],
            [high, low],
            [high, high],
            [low, high],
            [low, low],
        ]
    };
    let mut builder = ShapeIndexBuilder::new(Edges::Degrees);
    builder.ring(square(0.0, 3.0));
    builder.ring(square(1.0, 2.0));
    builder.end();
    builder.end();
    builder.point(at(0.5, 0.5));
    builder.end();
    let index = builder.finish(1);
    let near = index.near(at(0.5, 0.5), 5, f64::INFINITY, |_| true);
    let found: Vec<(u32, f64)> = near
        .iter()
        .map(|near| (near.shape, near.distance_m))
        .collect();
    assert_eq!(found, [(0, 0.0), (2, 0.0)]);
    let near = index.near(at(1.1, 1.5), 1, f64::INFINITY, |_| true);
    let edge = geodesic(at(1.1, 1.5), at(1.0, 1.5)).distance_m;
    assert!((near[0].distance_m - edge).abs() < 1e-2, "{near:?} {edge}");
    assert!(index.near(at(1.5, 1.5), 5, 50_000.0, |_| true).is_empty());
    assert!(index.near(at(1.5, 1.5), 5, f64::NAN, |_| true).is_empty());
}

#[test]
fn equally_near_shapes_stand_by_number() {
    // Lines that share an end.
    let mut builder = ShapeIndexBuilder::new(Edges::Degrees);
    for north in [1.0, 2.0, 3.0, 4.0, 5.0] {
        builder.line([[10.0, 0.0], [11.0, north]]);
        builder.end();
    }
    let index = builder.finish(1);
    let near = index.near(at(9.0, 0.0), 3, f64::INFINITY, |shape| shape != 1);
    let found: Vec<u32> = near.iter().map(|near| near.shape).collect();
    assert_eq!(found, [0, 2, 3]);
}

#[test]
fn a_geodesic_edge_is_the_shortest_way() {
    let (from, to) = ([100.0, 40.0], [120.0, 40.0]);
    let middle = {
        let way = geodesic(at(100.0, 40.0), at(120.0, 40.0));
        gazetteer::destination(at(100.0, 40.0), way.bearing_deg, way.distance_m / 2.0)
    };
    let distance = |edges: Edges| {
        let mut builder = ShapeIndexBuilder::new(edges);
        builder.line([from, to]);
        builder.end();
        builder.finish(1).near(middle, 1, f64::INFINITY, |_| true)[0].distance_m
    };
    assert!(
        distance(Edges::Geodesic) < 0.03,
        "{}",
        distance(Edges::Geodesic)
    );
    assert!(distance(Edges::Degrees) > 10_000.0);
}
