use geo::Geometry;

use crate::sample::{self, GEOJSON, entries, failure, gz};
use crate::{Column, Origin, ReadOptions};

#[test]
fn a_collection_lines_and_a_sequence_give_the_same() {
    let dir = sample::dir();
    let inside = GEOJSON
        .split_once("\"features\":[\n")
        .expect("a collection")
        .1;
    let features: Vec<&str> = inside.trim_end_matches("\n]}\n").split(",\n").collect();
    let lines = features.join("\n");
    let sequence = format!("\u{1e}{}\n", features.join("\n\u{1e}"));
    for (name, bytes) in [
        ("a.geojson", GEOJSON.as_bytes().to_vec()),
        ("a.geojson.gz", gz(GEOJSON.as_bytes())),
        ("a.ndjson", lines.into_bytes()),
        ("a.geojsons", sequence.into_bytes()),
    ] {
        let (found, _) = entries(&dir.file(name, &bytes), &ReadOptions::default());
        assert_eq!(found.len(), 3, "{name}");
        assert_eq!(found[0].0.name, "青石镇");
        assert_eq!(found[0].0.id, "7");
        assert_eq!(found[0].0.aliases, ["青石", "Qingshi"]);
        assert!(found[0].0.geometry.is_none());
        assert!(matches!(found[1].0.geometry, Some(Geometry::LineString(_))));
        assert!(matches!(found[2].0.geometry, Some(Geometry::Polygon(_))));
        assert!(found.iter().all(|(e, _)| e.position.is_some()));
        assert!(matches!(found[2].1, Origin::Feature { number: 3, .. }));
    }
}

#[test]
fn members_after_the_features_and_a_lone_feature_are_read() {
    let dir = sample::dir();
    let feature = r#"{"geometry":{"type":"Point","coordinates":[106,30,5]},"properties":{"名称":"甲"},"type":"Feature"}"#;
    let text = format!(r#"{{"features":[{feature}],"type":"FeatureCollection","x":[1,{{}}]}}"#);
    for text in [feature, &text] {
        let (found, _) = entries(
            &dir.file("a.json", text.as_bytes()),
            &ReadOptions::default(),
        );
        assert_eq!((found.len(), found[0].0.name.as_str()), (1, "甲"));
    }
}

#[test]
fn wrong_files_are_explained() {
    let dir = sample::dir();
    let point = |xy: &str| {
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\n{{\"type\":\"Feature\",\"properties\":{{\"name\":\"a\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":{xy}}}}}]}}"
        )
    };
    let crs = |name: &str| {
        point("[1,2]").replacen(
            "\"features\"",
            &format!(
                "\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}},\"features\""
            ),
            1,
        )
    };
    let deep = format!(
        "{{\"type\":\"Feature\",\"properties\":{}",
        "[".repeat(100_000)
    );
    for (text, says) in [
        (
            point("[30.5,106.5]"),
            "feature 1 (line 2): latitude 106.5 is outside -90…90 (positions are lon,lat: are they swapped?)",
        ),
        (point("[1]"), "expected a position"),
        (point("[1e999,1]"), "JSON: number out of range"),
        (point("\"x\""), "found the text `x`"),
        (point("[1,2]")[..100].to_owned(), "cut off"),
        (
            crs("urn:ogc:def:crs:EPSG::3857"),
            "the reference system is urn:ogc:def:crs:EPSG::3857",
        ),
        (deep, "deeper than 64 levels"),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[]}".to_owned(),
            "nothing to import",
        ),
        (
            "{\"type\":\"Point\",\"coordinates\":[1,2]}".to_owned(),
            "found an object of type Point, expected a GeoJSON feature",
        ),
        (
            "[1]".to_owned(),
            "a.geojson:1: JSON: found `[`, expected a feature",
        ),
        (
            point("[1,2]").replace("name", "nom"),
            "no column for name; the columns are: nom",
        ),
    ] {
        let message = failure(
            &dir.file("a.geojson", text.as_bytes()),
            &ReadOptions {
                format: Some(crate::Format::GeoJson),
                ..ReadOptions::default()
            },
        );
        assert!(message.contains(says), "{text:.200}: {message}");
    }
    let (found, _) = entries(
        &dir.file("b.geojson", crs("urn:ogc:def:crs:EPSG::4490").as_bytes()),
        &ReadOptions::default(),
    );
    assert_eq!(found.len(), 1);
    let (gb, ..) = encoding_rs::GB18030.encode(GEOJSON);
    let message = failure(&dir.file("c.geojson", &gb), &ReadOptions::default());
    assert!(message.contains("not UTF-8"), "{message}");
    let mut options = ReadOptions::default();
    options.columns.set(Column::Name, "NAME");
    let message = failure(&dir.file("d.geojson", GEOJSON.as_bytes()), &options);
    assert!(message.contains("no column `NAME`"), "{message}");
}
