//! Random features in odd spellings of JSON, and what comes back.

use std::fmt::Write as _;

use input::features::{FeatureOptions, FeatureSource, GeometryKind, Value};
use proptest::prelude::*;
use serde_json::{Map, Number, Value as Json, json};

/// White space, more or less, from a seed.
fn space(seed: &mut u64) -> &'static str {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    ["", "", "", " ", "\t", "  "][usize::try_from(*seed >> 60).unwrap_or(0) % 6]
}

/// A string, some characters of it escaped that need not be.
fn spell_text(text: &str, seed: &mut u64, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        match c {
            '"' | '\\' | '\0'..='\u{1f}' => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a string");
            }
            '/' => out.push_str("\\/"),
            c if *seed >> 61 == 0 => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04X}").expect("a string");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value as JSON on one line, with white space and escapes here and there.
fn spell(value: &Json, seed: &mut u64, out: &mut String) {
    out.push_str(space(seed));
    match value {
        Json::String(text) => spell_text(text, seed, out),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                spell(item, seed, out);
            }
            out.push_str(space(seed));
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(space(seed));
                spell_text(name, seed, out);
                out.push_str(space(seed));
                out.push(':');
                spell(member, seed, out);
            }
            out.push_str(space(seed));
            out.push('}');
        }
        other => write!(out, "{other}").expect("a string"),
    }
    out.push_str(space(seed));
}

fn position() -> impl Strategy<Value = Json> {
    (-180.0..180.0_f64, -90.0..90.0_f64, 0..3_u8).prop_map(|(lon, lat, digits)| match digits {
        0 => json!([lon, lat]),
        1 => json!([(lon * 1e6).round() / 1e6, (lat * 1e6).round() / 1e6]),
        _ => json!([lon.trunc(), lat.trunc()]),
    })
}

fn geometry() -> impl Strategy<Value = Json> {
    let line = || prop::collection::vec(position(), 2..6);
    prop_oneof![
        Just(Json::Null),
        position().prop_map(|p| json!({"type": "Point", "coordinates": p})),
        line().prop_map(|l| json!({"coordinates": l, "type": "MultiPoint"})),
        line().prop_map(|l| json!({"type": "LineString", "coordinates": l})),
        prop::collection::vec(line(), 0..3)
            .prop_map(|l| json!({"type": "MultiLineString", "coordinates": l})),
    ]
}

fn attribute() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (0..100_i64).prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e9..1e9_f64).prop_map(Json::from),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
        Just(json!({"a": [1, "x}\"", null]})),
    ]
}

fn feature() -> impl Strategy<Value = Json> {
    let attributes = prop::collection::vec(("[a-c名]{0,2}|.{1,3}", attribute()), 0..5);
    (geometry(), attributes, any::<bool>()).prop_map(|(geometry, attributes, first)| {
        let attributes: Map<String, Json> = attributes.into_iter().collect();
        if first {
            json!({"geometry": geometry, "properties": attributes, "type": "Feature"})
        } else {
            json!({"type": "Feature", "properties": attributes, "geometry": geometry})
        }
    })
}

/// A feature as the reader has it.
fn as_json(feature: input::features::FeatureView) -> Json {
    let attributes: Map<String, Json> = feature
        .cells()
        .map(|(key, value)| {
            let value = match value {
                Value::Null => Json::Null,
                Value::Bool(value) => value.into(),
                Value::Int(value) => value.into(),
                Value::UInt(value) => value.into(),
                Value::Float(value) => Number::from_f64(value).map_or(Json::Null, Json::Number),
                Value::Text(text) => text.into(),
                Value::Json(text) => serde_json::from_str(text).expect("JSON"),
            };
            (key.to_owned(), value)
        })
        .collect();
    let lines: Vec<Json> = feature
        .parts()
        .flat_map(|part| part.rings().map(|ring| json!(ring)).collect::<Vec<_>>())
        .collect();
    json!({"kind": format!("{:?}", feature.kind()), "lines": lines, "properties": attributes})
}

/// The same of what was written.
fn expected(feature: &Json) -> Json {
    let geometry = &feature["geometry"];
    let floats = |position: &Json| {
        let number = |index: usize| position[index].as_f64().expect("a number");
        json!([number(0), number(1)])
    };
    let line = |line: &Json| -> Json {
        line.as_array()
            .expect("an array")
            .iter()
            .map(floats)
            .collect()
    };
    let coordinates = &geometry["coordinates"];
    let (kind, lines) = match geometry["type"].as_str() {
        None => (GeometryKind::None, vec![]),
        Some("Point") => (GeometryKind::Point, vec![json!([floats(coordinates)])]),
        Some("MultiPoint") => (GeometryKind::Point, vec![line(coordinates)]),
        Some("LineString") => (GeometryKind::Line, vec![line(coordinates)]),
        _ => {
            let lines = coordinates.as_array().expect("an array");
            (GeometryKind::Line, lines.iter().map(line).collect())
        }
    };
    json!({"kind": format!("{kind:?}"), "lines": lines, "properties": feature["properties"]})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn features_come_back_as_they_were_written(
        features in prop::collection::vec(feature(), 1..20),
        mut seed in any::<u64>(),
        collection in any::<bool>(),
    ) {
        let rows: Vec<String> = features
            .iter()
            .map(|feature| {
                let mut row = String::new();
                spell(feature, &mut seed, &mut row);
                row
            })
            .collect();
        let text = if collection {
            format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", rows.join(","))
        } else {
            rows.join("\n")
        };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        std::fs::write(&path, text).expect("written");
        let expected: Vec<Json> = features.iter().map(expected).collect();
        for (block_bytes, threads) in [(4 << 20, 1), (100, 3)] {
            let mut options = FeatureOptions::default();
            options.block_bytes = block_bytes;
            let source = FeatureSource::open(&path, &options).expect("opens");
            let mut found = Vec::new();
            let totals = source.read(
                threads,
                |batch| batch.features().map(as_json).collect::<Vec<_>>(),
                |done| {
                    prop_assert!(done.rejects.is_empty(), "{:?}", done.rejects);
                    found.extend(done.value);
                    Ok(())
                },
            );
            if let Err(input::ReadError::Refused(failed)) = totals {
                return Err(failed);
            }
            prop_assert!(totals.is_ok());
            prop_assert_eq!(&found, &expected);
        }
    }
}
