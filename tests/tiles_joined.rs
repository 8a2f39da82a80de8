//! `yutu tile --coalesce-smallest`: where tiles are too full, small polygons become part of others and are counted there.

mod common;

use std::fs;
use std::path::Path;

use common::json;
use serde_json::Value;

const SIDE: u32 = 40;

/// Fields of different sizes: a grid without gaps, or each with a way around it.
fn fields(folder: &Path, way: f64) -> String {
    let at = |nth: u32| f64::from(nth) * 0.1 + f64::from(nth % 3) * 0.02;
    let mut rows = Vec::new();
    for number in 0..SIDE * SIDE {
        let (x, y) = (number % SIDE, number / SIDE);
        let (west, south) = (102.0 + at(x) + way, 28.0 + at(y) + way);
        let (east, north) = (102.0 + at(x + 1) - way, 28.0 + at(y + 1) - way);
        rows.push(format!(
            r#"{{"type":"Feature","properties":{{"name":"field {number}","people":{},"crop":{}}},"geometry":{{"type":"Polygon","coordinates":[[[{west:.6},{south:.6}],[{east:.6},{south:.6}],[{east:.6},{north:.6}],[{west:.6},{north:.6}],[{west:.6},{south:.6}]]]}}}}"#,
            number % 90,
            number % 4
        ));
    }
    let path = folder.join("fields.ndjson");
    fs::write(&path, rows.join("\n")).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn people() -> u64 {
    (0..SIDE * SIDE).map(|number| u64::from(number % 90)).sum()
}

/// Area of a feature, in square degrees.
fn area(feature: &Value) -> f64 {
    let ring = |ring: &Value| {
        let points: Vec<(f64, f64)> = ring
            .as_array()
            .expect("a ring")
            .iter()
            .map(|point| {
                (
                    point[0].as_f64().expect("a number"),
                    point[1].as_f64().expect("a number"),
                )
            })
            .collect();
        let sum: f64 = points
            .windows(2)
            .map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1)
            .sum();
        sum.abs() / 2.0
    };
    let rings = |polygon: &Value| -> f64 {
        let rings = polygon.as_array().expect("rings");
        ring(&rings[0]) - rings[1..].iter().map(ring).sum::<f64>()
    };
    let (kind, coordinates) = (
        &feature["geometry"]["type"],
        &feature["geometry"]["coordinates"],
    );
    if kind == "Polygon" {
        rings(coordinates)
    } else {
        coordinates
            .as_array()
            .expect("polygons")
            .iter()
            .map(rings)
            .sum()
    }
}

#[test]
fn districts_that_have_no_room_become_part_of_neighbours_and_are_counted_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = fields(folder.path(), 0.0);
    let out = folder.path().join("fields.pmtiles");
    let out = out.to_str().expect("UTF-8");
    let tiled = |more: &[&str]| {
        let usual = [
            "tile", &input, "-o", out, "-z", "9", "-O", "150", "--force", "--json", "--quiet",
        ];
        json(&[&usual, more].concat())
    };
    let plain = tiled(&[]);
    let zoom =
        |made: &Value, z: usize, what: &str| made["zooms"][z][what].as_u64().expect("a number");
    assert!(zoom(&plain, 4, "dropped") > 1000, "{plain:#}");
    assert_eq!(zoom(&plain, 4, "joined"), 0);
    let asked = [
        "--coalesce-smallest",
        "--coalesce-sum",
        "people",
        "--coalesce-count",
    ];
    let made = tiled(&asked);
    for z in 0..=9 {
        let all = zoom(&made, z, "dropped") + zoom(&made, z, "given_up");
        assert_eq!(all, 0, "zoom {z}: {made:#}");
    }
    assert!(zoom(&made, 4, "joined") > 1000, "{made:#}");
    assert_eq!(zoom(&made, 9, "joined"), 0, "{made:#}");
    // All lie in one tile of zooms 3 and 4.
    for (tile, least) in [("3/6/3", 20), ("4/12/6", 60)] {
        let shown = json(&["tile", "inspect", out, "--tile", tile]);
        let features = shown["features"].as_array().expect("features");
        assert!(
            (least..=150).contains(&features.len()),
            "{tile}: {}",
            features.len()
        );
        let sum = |of: &str| -> u64 {
            let each = features
                .iter()
                .map(|feature| feature["properties"][of].as_u64());
            each.map(|number| number.unwrap_or_else(|| panic!("{of}")))
                .sum()
        };
        assert_eq!(sum("polygon_count"), u64::from(SIDE * SIDE), "{tile}");
        assert_eq!(sum("people"), people(), "{tile}");
        // Its own attributes are those of one field.
        for feature in features {
            let own = &feature["properties"];
            let number = own["name"]
                .as_str()
                .and_then(|name| name.strip_prefix("field "));
            let number: u64 = number
                .and_then(|number| number.parse().ok())
                .expect("a field");
            assert_eq!(own["crop"].as_u64(), Some(number % 4));
        }
        // No hole is left where small ones were.
        let covered: f64 = features.iter().map(area).sum();
        let side = 0.1 * f64::from(SIDE) + 0.02 * f64::from(SIDE % 3);
        assert!(
            (covered / (side * side) - 1.0).abs() < 0.02,
            "{tile}: {covered}"
        );
    }
    // The archive says what it has, and neither threads nor parts change it.
    let verified = json(&["tile", "verify", out, "--json", "--max-features", "150"]);
    assert_eq!(verified["errors"], 0, "{verified:#}");
    let bytes = fs::read(out).expect("the archive");
    tiled(&[&asked[..], &["--threads", "3"]].concat());
    assert!(fs::read(out).expect("the archive") == bytes);
}

#[test]
fn fields_apart_are_gathered_where_they_have_no_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = fields(folder.path(), 0.02);
    let out = folder.path().join("fields.pmtiles");
    let out = out.to_str().expect("UTF-8");
    let asked = ["--coalesce-smallest-as-needed", "--coalesce-count"];
    let usual = [
        "tile", &input, "-o", out, "-z", "6", "-O", "200", "--force", "--json", "--quiet",
    ];
    let made = json(&[&usual[..], &asked].concat());
    let of = |z: usize, what: &str| made["zooms"][z][what].as_u64().expect("a number");
    assert_eq!(of(4, "dropped") + of(4, "given_up"), 0, "{made:#}");
    assert!(of(4, "joined") > 1000, "{made:#}");
    let shown = json(&["tile", "inspect", out, "--tile", "4/12/6"]);
    let features = shown["features"].as_array().expect("features");
    let count: u64 = features
        .iter()
        .map(|feature| {
            feature["properties"]["polygon_count"]
                .as_u64()
                .expect("a count")
        })
        .sum();
    // What is left over at the end is less than half a square.
    assert!(
        (u64::from(SIDE * SIDE) - 40..=u64::from(SIDE * SIDE)).contains(&count),
        "{count}"
    );
}
