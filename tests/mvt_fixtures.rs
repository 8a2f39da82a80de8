//! The decoder on the fixtures of `@mapbox/mvt-fixtures`: valid tiles are read right, invalid ones refused with a reason.

#![expect(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tiles::mvt::decode::{Geometry, Point, Tile, Value as Attribute, decode};

/// Fixtures whose category is not what is done with them, and why.
const OTHERWISE: [(&str, &str); 2] = [
    // Byte for byte the fixture 003, which has no geometry type and is invalid.
    ("016", "no geometry type"),
    // Counts 536,870,911 points of which one is there, to see what decoders allocate.
    ("057", "counts 536870911 positions"),
];

fn fixtures() -> Option<PathBuf> {
    let folder = std::env::var_os("YUTU_MVT_FIXTURES").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("001/info.json").is_file());
    if folder.is_none() {
        assert!(
            std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
            "the MVT fixtures are missing; scripts/test installs them"
        );
        println!("SKIPPED: @mapbox/mvt-fixtures is not installed; scripts/test installs it");
    }
    folder
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON")
}

#[test]
fn the_fixtures_are_read_or_refused_as_they_should_be() {
    let Some(folder) = fixtures() else {
        return;
    };
    let mut names: Vec<_> = fs::read_dir(&folder)
        .expect("fixtures")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert!(names.len() >= 70, "{} fixtures", names.len());
    let (mut valid, mut recoverable, mut fatal) = (0, 0, 0);
    for name in names {
        let name = name.to_str().expect("UTF-8");
        let info = json(&folder.join(name).join("info.json"));
        let bytes = fs::read(folder.join(name).join("tile.mvt")).expect("a tile");
        let decoded = decode(&bytes);
        let reason = match &decoded {
            Err(error) => error.to_string(),
            Ok(tile) => tile
                .problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        };
        if let Some((_, expected)) = OTHERWISE.iter().find(|(fixture, _)| *fixture == name) {
            assert!(reason.contains(expected), "{name}: {reason}");
            continue;
        }
        // Version 2 is what is held against them; version 1 may be read as well.
        if info["validity"]["v2"] == true {
            valid += 1;
            let tile = decoded.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(reason, "", "{name}");
            check(name, &tile, &json(&folder.join(name).join("tile.json")));
            continue;
        }
        assert!(
            !reason.is_empty(),
            "{name} is invalid and was read: {}",
            info["description"]
        );
        if info["validity"]["error"] == "recoverable" {
            recoverable += 1;
            assert!(
                decoded.is_ok(),
                "{name} can be read but for a feature: {reason}"
            );
        } else {
            fatal += 1;
            assert!(decoded.is_err(), "{name} cannot be read: {reason}");
        }
    }
    assert!(
        valid > 40 && recoverable >= 7 && fatal >= 18,
        "{valid} {recoverable} {fatal}"
    );
}

/// A decoded tile is what the fixture was made from.
fn check(name: &str, tile: &Tile, json: &Value) {
    let expected = json["layers"].as_array().cloned().unwrap_or_default();
    assert_eq!(tile.layers.len(), expected.len(), "{name}");
    for (layer, expected) in tile.layers.iter().zip(&expected) {
        assert_eq!(expected["name"], layer.name, "{name}");
        assert_eq!(expected["version"], layer.version, "{name}");
        assert_eq!(
            expected["extent"].as_u64().unwrap_or(4096),
            u64::from(layer.extent),
            "{name}"
        );
        assert_eq!(expected["keys"], serde_json::json!(layer.keys), "{name}");
        let values: Vec<Value> = layer.values.iter().map(value).collect();
        // A text of digits stands as a number there.
        let mut wanted = expected["values"].clone();
        for value in wanted.as_array_mut().into_iter().flatten() {
            if let Some(text) = value
                .get_mut("string_value")
                .filter(|text| text.is_number())
            {
                *text = text.to_string().into();
            }
        }
        assert_eq!(wanted, Value::from(values), "{name}");
        let features = expected["features"].as_array().expect("features");
        assert_eq!(layer.features.len(), features.len(), "{name}");
        for (feature, expected) in layer.features.iter().zip(features) {
            assert_eq!(expected["id"].as_u64(), feature.id, "{name}");
            let tags: Vec<u32> = feature
                .tags
                .iter()
                .flat_map(|(key, value)| [*key, *value])
                .collect();
            assert_eq!(expected["tags"], serde_json::json!(tags), "{name}");
            if let Some(commands) = commands(&feature.geometry) {
                assert_eq!(expected["geometry"], serde_json::json!(commands), "{name}");
            }
        }
    }
}

/// A value as the fixtures name it.
fn value(value: &Attribute) -> Value {
    let kind = match value {
        Attribute::String(_) => "string_value",
        Attribute::Float(_) => "float_value",
        Attribute::Double(_) => "double_value",
        Attribute::Int(_) => "int_value",
        Attribute::Uint(_) => "uint_value",
        Attribute::Sint(_) => "sint_value",
        Attribute::Bool(_) => "bool_value",
    };
    // Written as decimals of 32 bits there.
    let plain = match value {
        Attribute::Float(number) => number
            .to_string()
            .parse::<f64>()
            .map_or(Value::Null, Value::from),
        other => other.to_json(),
    };
    serde_json::json!({ kind: plain })
}

/// The commands of a geometry, written anew.
fn commands(geometry: &Geometry) -> Option<Vec<u64>> {
    let mut at = [0, 0];
    let mut out = Vec::new();
    let mut path = |points: &[Point], lines: bool, close: bool| {
        let (first, rest) = points.split_at(if lines { 1 } else { points.len() });
        for (command, points) in [(1, first), (2, rest)] {
            if points.is_empty() {
                continue;
            }
            out.push(command | (points.len() as u64) << 3);
            for point in points {
                for axis in 0..2 {
                    let step = point[axis] - at[axis];
                    out.push((step << 1 ^ step >> 63).cast_unsigned());
                }
                at = *point;
            }
        }
        if close {
            out.push(15);
        }
    };
    match geometry {
        Geometry::Unknown => return None,
        Geometry::Points(points) => path(points, false, false),
        Geometry::Lines(lines) => lines.iter().for_each(|line| path(line, true, false)),
        Geometry::Polygons(polygons) => {
            for polygon in polygons {
                path(&polygon.exterior, true, true);
                polygon.holes.iter().for_each(|hole| path(hole, true, true));
            }
        }
    }
    Some(out)
}
