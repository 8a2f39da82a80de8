use proptest::prelude::*;

use super::super::{Everything, PointIndex};
use super::*;
use crate::space::micrometres;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

/// What the answer must be, by measuring every way.
fn scan(points: &[LonLat], from: LonLat, most: usize, radius_m: f64) -> Vec<u32> {
    let mut all: Vec<(i64, u32)> = (0..)
        .zip(points)
        .map(|(id, point)| (geodesic(from, *point).distance_m, id))
        .filter(|(distance_m, _)| *distance_m <= radius_m)
        .map(|(distance_m, id)| (micrometres(distance_m), id))
        .collect();
    all.sort_unstable();
    all.into_iter().take(most).map(|(_, id)| id).collect()
}

/// Positions where trees go wrong: poles, ±180°, the equator, few distinct ones.
fn nasty() -> impl Strategy<Value = LonLat> {
    let lon = prop_oneof![
        Just(180.0),
        Just(-180.0),
        Just(0.0),
        -180.0..=180.0_f64,
        179.9..=180.0_f64,
        106.0..106.1_f64,
        (0..4_i32).prop_map(f64::from)
    ];
    let lat = prop_oneof![
        Just(90.0),
        Just(-90.0),
        Just(0.0),
        -90.0..=90.0_f64,
        89.9..=90.0_f64,
        30.0..30.1_f64,
        (0..4_i32).prop_map(f64::from)
    ];
    (lon, lat).prop_map(|(lon, lat)| at(lon, lat))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_nearest_are_those_of_a_plain_scan(
        mut points in proptest::collection::vec(nasty(), 0..400),
        copies in 0..60_usize,
        from in proptest::collection::vec(nasty(), 1..6),
        most in prop_oneof![0..12_usize, 30..36_usize, 390..500_usize],
        radius_m in prop_oneof![Just(f64::INFINITY), Just(0.0), Just(2e7), Just(f64::NAN), 0.0..3e6_f64, 0.0..2.1e7_f64],
        threads in 1..3_usize,
    ) {
        if let Some(first) = points.first().copied() {
            points.extend(std::iter::repeat_n(first, copies));
        }
        let index = PointIndex::new(&points, threads);
        let mut search = index.tree().search(most, radius_m, Everything);
        for from in from {
            let found: Vec<u32> = search.near(from).iter().map(|near| near.id).collect();
            prop_assert_eq!(&found, &scan(&points, from, most, radius_m));
            let mut within = Vec::new();
            index.tree().within(from, radius_m, &Everything, &mut within);
            within.sort_unstable();
            let mut all = scan(&points, from, usize::MAX, radius_m);
            all.sort_unstable();
            prop_assert_eq!(within, all);
        }
    }

    #[test]
    fn a_row_of_near_questions_is_answered_as_each_by_itself(
        seed in proptest::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 40..1500),
        middle in nasty(),
        width in prop_oneof![Just(0.0), Just(1e-7), 1e-4..2.0_f64],
        copies in prop_oneof![Just(0_usize), Just(20), Just(700)],
        steps in proptest::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 1..30),
        step in prop_oneof![Just(0.0), 1e-4..0.3_f64],
        most in prop_oneof![1..5_usize, Just(10_usize), 30..33_usize],
        radius_m in prop_oneof![Just(f64::INFINITY), Just(0.0), 10.0..1e5_f64],
        third in proptest::bool::ANY,
    ) {
        let beside = |from: LonLat, east: f64, north: f64| {
            let lon = (from.lon() + east + 540.0).rem_euclid(360.0) - 180.0;
            at(lon, (from.lat() + north).clamp(-90.0, 90.0))
        };
        let mut points: Vec<LonLat> = seed
            .iter()
            .map(|(east, north)| beside(middle, east * width, north * width))
            .collect();
        points.extend(std::iter::repeat_n(points[0], copies));
        let index = PointIndex::new(&points, 1);
        let mut all = index.tree().search(most, radius_m, Everything);
        let mut some = index.tree().search(most, radius_m, |id: u32| id.is_multiple_of(3));
        let mut from = beside(middle, width / 2.0, width / 2.0);
        for (east, north) in steps {
            from = beside(from, east * step * width, north * step * width);
            let mut expected = scan(&points, from, usize::MAX, radius_m);
            let found: Vec<u32> = if third {
                expected.retain(|id| id.is_multiple_of(3));
                some.near(from).iter().map(|near| near.id).collect()
            } else {
                all.near(from).iter().map(|near| near.id).collect()
            };
            expected.truncate(most);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn classes_prune_and_nothing_else(
        points in proptest::collection::vec((nasty(), 0..5_u8), 1..300),
        from in nasty(),
        wanted in 0..32_u64,
        most in prop_oneof![1..9_usize, 40..50_usize],
    ) {
        let (positions, classes): (Vec<_>, Vec<_>) = points.iter().copied().unzip();
        let index = PointIndex::with_classes(&positions, &classes, 1);
        let even = |id: u32| id.is_multiple_of(2);
        let mut search = index.tree().search(most, f64::INFINITY, (wanted, even));
        let found: Vec<u32> = search.near(from).iter().map(|near| near.id).collect();
        let mut all = scan(&positions, from, usize::MAX, f64::INFINITY);
        all.retain(|id| wanted & 1 << classes[*id as usize] != 0 && even(*id));
        let mut within = Vec::new();
        index.tree().within(from, 5e6, &(wanted, even), &mut within);
        within.sort_unstable();
        let mut inside = scan(&positions, from, usize::MAX, 5e6);
        inside.retain(|id| all.contains(id));
        inside.sort_unstable();
        prop_assert_eq!(within, inside);
        all.truncate(most);
        prop_assert_eq!(found, all);
    }
}

#[test]
fn neighbours_within_the_band_stand_by_micrometre_and_number() {
    // Sixty-four positions around one at one distance, moved by half a micrometre this way or that: chords order
    // them by direction, not by distance.
    let centre = at(106.63, 30.46);
    for way_m in [200.0, 20_000.0, 300_000.0] {
        let points: Vec<LonLat> = (0..64)
            .map(|number| {
                let off = f64::from(number % 3 - 1) * 5e-7;
                gazetteer::destination(centre, f64::from(number) * 5.625, way_m + off)
            })
            .collect();
        let index = PointIndex::new(&points, 1);
        for most in [5, 10, 64] {
            let mut search = index.tree().search(most, f64::INFINITY, Everything);
            let found: Vec<u32> = search.near(centre).iter().map(|near| near.id).collect();
            assert_eq!(found, scan(&points, centre, most, f64::INFINITY), "{way_m}");
        }
    }
}

#[test]
fn a_search_of_a_million_points_sees_few_boxes() {
    // A guard by count: a tree that prunes badly is still right.
    let spread = |seed: u32, most: f64| {
        f64::from(seed.wrapping_mul(2_654_435_761) >> 8) / 16_777_216.0 * most
    };
    let points: Vec<LonLat> = (0..100_000)
        .map(|number| {
            at(
                97.0 + spread(number, 14.0),
                26.0 + spread(number ^ 0x5555_5555, 8.5),
            )
        })
        .collect();
    let index = PointIndex::new(&points, 2);
    let mut search = index.tree().search(10, f64::INFINITY, Everything);
    for number in 0..1000 {
        search.near(at(
            97.0 + spread(number * 7, 14.0),
            26.0 + spread(number * 13, 8.5),
        ));
    }
    assert!(search.boxes_seen() < 1000 * 120, "{}", search.boxes_seen());
}

#[test]
fn short_ways_of_the_answer_are_the_geodesics() {
    let points = [at(106.6, 30.4), at(107.0, 30.5), at(116.4, 39.9)];
    let index = PointIndex::new(&points, 1);
    let from = at(106.63, 30.46);
    let mut search = index.tree().search(3, f64::INFINITY, Everything);
    let found = search.near(from).to_vec();
    let mut metres = Vec::new();
    search.metres(from, &mut metres);
    for (near, metres) in found.iter().zip(&metres) {
        assert!((search.geodesic_m(from, near) - metres).abs() < 2e-5);
    }
    assert_eq!(metres.len(), 3);
}
