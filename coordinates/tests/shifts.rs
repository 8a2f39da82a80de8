//! GCJ-02 and BD-09 against the formulas as they are written, public pairs of positions, and their own inverse.

use std::f64::consts::PI;

use coordinates::Transform;
use proptest::prelude::*;

/// The shift of GCJ-02 as it is usually written, with the sines of the library; degrees of longitude and latitude.
fn as_written(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |weight: f64, degrees: f64, times: f64| weight * (degrees * PI * times).sin();
    let both = wave(20.0, x, 6.0) + wave(20.0, x, 2.0);
    let north = [
        (20.0, 1.0),
        (40.0, 1.0 / 3.0),
        (160.0, 1.0 / 12.0),
        (320.0, 1.0 / 30.0),
    ];
    let east = [
        (20.0, 1.0),
        (40.0, 1.0 / 3.0),
        (150.0, 1.0 / 12.0),
        (300.0, 1.0 / 30.0),
    ];
    let sum = |waves: [(f64, f64); 4], degrees: f64| -> f64 {
        let sines = waves.map(|(weight, times)| wave(weight, degrees, times));
        (both + sines.iter().sum::<f64>()) * 2.0 / 3.0
    };
    let root = x.abs().sqrt();
    let north_m =
        sum(north, y) - 100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    let east_m = sum(east, x) + 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    let (axis_m, eccentricity_2) = (6_378_245.0, 0.006_693_421_622_965_943);
    let magic = 1.0 - eccentricity_2 * lat.to_radians().sin().powi(2);
    let meridian_m = axis_m * (1.0 - eccentricity_2) / magic.powf(1.5);
    let parallel_m = axis_m / magic.sqrt() * lat.to_radians().cos();
    (
        lon + (east_m / parallel_m).to_degrees(),
        lat + (north_m / meridian_m).to_degrees(),
    )
}

/// The shift of BD-09 as it is usually written.
fn bd09_as_written(lon: f64, lat: f64) -> (f64, f64) {
    let wave = PI * 3000.0 / 180.0;
    let radius = lon.hypot(lat) + 2e-5 * (lat * wave).sin();
    let angle = lat.atan2(lon) + 3e-6 * (lon * wave).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

fn way(from: &str, to: &str) -> Transform {
    Transform::parse(from, to).expect("known systems")
}

/// Metres between two positions, flat: they are near each other.
fn apart_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    111_320.0 * ((a.0 - b.0) * a.1.to_radians().cos()).hypot(a.1 - b.1)
}

/// Positions in the box less the greatest shift of both systems.
fn in_china() -> impl Strategy<Value = (f64, f64)> {
    (72.03..137.81_f64, 0.85..55.81_f64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifts_are_those_that_are_written((lon, lat) in in_china()) {
        let found = way("wgs84", "gcj02").one(lon, lat).expect("a position");
        prop_assert!(apart_m(found, as_written(lon, lat)) < 1e-6, "{found:?}");
        let found = way("gcj02", "bd09").one(lon, lat).expect("a position");
        prop_assert!(apart_m(found, bd09_as_written(lon, lat)) < 1e-6, "{found:?}");
    }

    #[test]
    fn what_was_shifted_comes_back((lon, lat) in in_china(), shifted in 0..3_usize) {
        let (from, to) = [("wgs84", "gcj02"), ("gcj02", "bd09"), ("wgs84", "bd09")][shifted];
        let there = way(from, to).one(lon, lat).expect("a position");
        prop_assert!(there != (lon, lat));
        let back = way(to, from).one(there.0, there.1).expect("a position");
        prop_assert!(apart_m(back, (lon, lat)) < 1e-5, "{} m", apart_m(back, (lon, lat)));
    }

    #[test]
    fn the_kink_at_105_degrees_is_passed(near in -0.03..0.03_f64, lat in 0.85..55.81_f64) {
        let there = way("wgs84", "gcj02").one(105.0 + near, lat).expect("a position");
        let back = way("gcj02", "wgs84").one(there.0, there.1).expect("a position");
        prop_assert!(apart_m(back, (105.0 + near, lat)) < 1e-5);
    }

    #[test]
    fn nothing_outside_china_is_touched(lon in -180.0..=180.0_f64, lat in -90.0..=90.0_f64, shifted in 0..3_usize) {
        prop_assume!(!((72.0..=137.84).contains(&lon) && (0.82..=55.83).contains(&lat)));
        let (from, to) = [("wgs84", "gcj02"), ("gcj02", "bd09"), ("wgs84", "bd09")][shifted];
        prop_assert_eq!(way(from, to).one(lon, lat), Some((lon, lat)));
        prop_assert_eq!(way(to, from).one(lon, lat), Some((lon, lat)));
    }
}

/// Pairs that the tests of public conversions have in common.
#[test]
fn public_pairs_are_met() {
    for (wgs, gcj) in [
        (
            (121.527_210_6, 31.177_427_6),
            (121.531_541_859_215, 31.175_303_983_645_97),
        ),
        (
            (113.912_316, 22.543_847),
            (113.917_176_480_836_3, 22.540_796_131_694_766),
        ),
        (
            (116.377_817, 39.911_954),
            (116.384_047_224_554_57, 39.913_345_455_360_69),
        ),
        ((-104.9903, 39.7392), (-104.9903, 39.7392)),
        ((153.0251, -27.4698), (153.0251, -27.4698)),
    ] {
        let found = way("wgs84", "gcj02").one(wgs.0, wgs.1).expect("a position");
        // The public pairs were made with two sizes of the ellipsoid: 1 cm.
        assert!(apart_m(found, gcj) < 0.02, "{found:?} {gcj:?}");
        let back = way("gcj02", "wgs84").one(gcj.0, gcj.1).expect("a position");
        assert!(apart_m(back, wgs) < 0.02, "{back:?} {wgs:?}");
    }
    // Rounded to metres there.
    let found = way("bd09", "gcj02")
        .one(116.433_51, 39.908_51)
        .expect("a position");
    assert!(apart_m(found, (116.427_03, 39.902_45)) < 5.0, "{found:?}");
}

#[test]
fn what_is_no_number_is_counted_and_slices_are_changed_whole() {
    let mut x: Vec<f64> = (0..3000_u32)
        .map(|row| 100.0 + f64::from(row) / 1000.0)
        .collect();
    let mut y = vec![30.0; 3000];
    (x[7], y[2500]) = (f64::NAN, f64::INFINITY);
    let before = x.clone();
    assert_eq!(way("wgs84", "bd09").apply(&mut x, &mut y), 2);
    assert!(x[7].is_nan() && y[7].is_nan() && x[2500].is_nan());
    for (row, was) in before
        .iter()
        .enumerate()
        .filter(|(row, _)| ![7, 2500].contains(row))
    {
        let one = way("wgs84", "bd09").one(*was, 30.0);
        assert_eq!(one, Some((x[row], y[row])), "{row}");
    }
    assert!(way("wgs84", "cgcs2000").is_identity());
    assert!(!way("gcj02", "wgs84").is_identity());
}
