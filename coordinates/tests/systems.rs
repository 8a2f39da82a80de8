//! Zones and codes of EPSG against the PROJ of another program.
#![allow(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use coordinates::{CoordinatesError, Crs, Transform};

/// Positions as `gdaltransform` changes them; `None` when it is not there.
fn gdal(from: u32, to: u32, positions: &[(f64, f64)]) -> Option<Vec<(f64, f64)>> {
    let started = Command::new("gdaltransform")
        .args([
            "-s_srs",
            &format!("EPSG:{from}"),
            "-t_srs",
            &format!("EPSG:{to}"),
        ])
        .args(["-output_xy"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        assert!(
            std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
            "gdaltransform is missing"
        );
        println!("skipped: gdaltransform is missing");
        return None;
    };
    let lines: Vec<String> = positions
        .iter()
        .map(|(x, y)| format!("{x:.12} {y:.12}\n"))
        .collect();
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(lines.concat().as_bytes()).expect("it reads");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let pairs = text.lines().map(|line| {
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || numbers.next().expect("two numbers").expect("a number");
        (next(), next())
    });
    let pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len(), positions.len());
    Some(pairs)
}

#[test]
fn every_zone_is_that_of_proj() {
    // Each of the four kinds, in the west, the middle and the east.
    for code in (4491..=4554).step_by(5) {
        let Crs::Zone(zone) = Crs::of_epsg(code) else {
            panic!("{code} is a zone");
        };
        let meridian = f64::from(zone.meridian());
        let positions: Vec<(f64, f64)> = [-7.0, -2.3, -0.4, 0.0, 1.5, 3.0, 6.5]
            .into_iter()
            .flat_map(|aside| [3.2, 18.0, 30.46, 53.5].map(|lat| (meridian + aside, lat)))
            .collect();
        let Some(expected) = gdal(4490, code, &positions) else {
            return;
        };
        let to = Transform::new(Crs::Degrees, Crs::of_epsg(code)).expect("a zone");
        let from = Transform::new(Crs::of_epsg(code), Crs::Degrees).expect("a zone");
        for ((lon, lat), (east, north)) in positions.iter().zip(&expected) {
            let found = to.one(*lon, *lat).expect("near the zone");
            let apart = (found.0 - east).hypot(found.1 - north);
            assert!(apart < 1e-5, "{code} {lon} {lat}: {apart} m");
            let back = from.one(found.0, found.1).expect("a position");
            assert!(
                (back.0 - lon).abs() < 1e-11 && (back.1 - lat).abs() < 1e-11,
                "{code} {lon} {lat}"
            );
        }
    }
}

#[test]
fn eastings_are_read_with_and_without_the_zone() {
    let expected = (106.63, 30.46);
    for (code, easting) in [
        (4544, 656_552.582_7),
        (4544, 35_656_552.582_7),
        (4544, 18_656_552.582_7),
        (4523, 35_656_552.582_7),
        (4523, 656_552.582_7),
    ] {
        let way = Transform::new(Crs::of_epsg(code), Crs::Degrees).expect("a zone");
        let found = way.one(easting, 3_372_236.384_4).expect("in the zone");
        assert!(
            (found.0 - expected.0).abs() < 1e-8 && (found.1 - expected.1).abs() < 1e-8,
            "{code} {easting}"
        );
        let back = Transform::new(Crs::Degrees, Crs::of_epsg(code)).expect("a zone");
        let written = if code == 4523 {
            35_656_552.582_7
        } else {
            656_552.582_7
        };
        let found = back.one(expected.0, expected.1).expect("in the zone");
        assert!((found.0 - written).abs() < 1e-3, "{code}: {found:?}");
    }
    // Another zone's easting has no place in this one.
    let way = Transform::parse("EPSG:4523", "wgs84").expect("a zone");
    assert_eq!(way.one(36_656_552.6, 3_372_236.4), None);
    let way = Transform::parse("EPSG:4544", "wgs84").expect("a zone");
    assert_eq!(way.one(36_656_552.6, 3_372_236.4), None);
    let (mut x, mut y) = ([656_552.6, 36_656_552.6], [3_372_236.4; 2]);
    assert_eq!(way.apply(&mut x, &mut y), 1);
    assert!(x[0].is_finite() && x[1].is_nan());
}

#[cfg(feature = "proj")]
#[test]
fn other_codes_go_through_proj() {
    let positions = [(106.63, 30.46), (104.07, 30.67), (108.4, 30.8)];
    for code in [3857, 32648, 3395, 2381] {
        let to = Transform::new(Crs::Degrees, Crs::of_epsg(code)).expect("a code");
        let from = Transform::new(Crs::of_epsg(code), Crs::Degrees).expect("a code");
        let Some(expected) = gdal(4326, code, &positions) else {
            return;
        };
        for ((lon, lat), expected) in positions.iter().zip(expected) {
            let found = to.one(*lon, *lat).expect("on the ground");
            let apart = (found.0 - expected.0).hypot(found.1 - expected.1);
            assert!(apart < 1e-3, "{code}: {apart} m");
            let back = from.one(found.0, found.1).expect("a position");
            assert!(
                (back.0 - lon).abs() < 1e-8 && (back.1 - lat).abs() < 1e-8,
                "{code}"
            );
        }
    }
    let over = Transform::parse("EPSG:3857", "gcj02").expect("a code");
    let found = over.one(12_955_119.3, 4_852_834.1).expect("Beijing");
    assert!(
        (found.0 - 116.384).abs() < 0.01 && (found.1 - 39.913).abs() < 0.02,
        "{found:?}"
    );
    // One without an image leaves the others.
    let (mut x, mut y) = ([106.63, f64::NAN, 104.07], [30.46, 30.0, 30.67]);
    let way = Transform::parse("wgs84", "EPSG:32648").expect("a code");
    assert_eq!(way.apply(&mut x, &mut y), 1);
    assert!(x[0].is_finite() && x[1].is_nan() && x[2].is_finite());
    // From threads: each has its own.
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert!(way.one(106.63, 30.46).is_some()));
        }
    });
    let error = Transform::parse("EPSG:1", "wgs84").expect_err("no system");
    assert!(
        matches!(error, CoordinatesError::Code { code: 1, .. }),
        "{error}"
    );
}

#[cfg(not(feature = "proj"))]
#[test]
fn other_codes_need_proj() {
    let error = Transform::parse("EPSG:32648", "wgs84").expect_err("no PROJ");
    assert_eq!(error, CoordinatesError::WithoutProj(32648));
}
