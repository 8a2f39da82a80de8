//! Awkward files as other programs write them: nothing is lost in silence, and what cannot be read is refused clearly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{repository, stderr, succeeds, tool, yutu};
use crate::samples::{convert, folder, text};

/// The files of `tests/readers/make_awkward.py`. `None`: no Python here.
fn made(name: &str) -> Option<PathBuf> {
    let python = tool("python", &["-c", "import geopandas, pyogrio"])?;
    let folder = folder(name);
    succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/make_awkward.py"))
            .arg(&folder),
    );
    Some(folder)
}

/// Reads a file; its features, and what was said.
fn read(file: &Path, more: &[&str]) -> (Vec<Value>, String) {
    let out = file.with_file_name("read.ndjson");
    let said = convert(file, &out, &[more, &["--force"]].concat());
    let lines = fs::read_to_string(&out).expect("read");
    let features = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (features.collect(), said)
}

#[test]
fn marks_line_ends_and_encodings() {
    let Some(folder) = made("awkward-texts") else {
        return;
    };
    for (name, more) in [
        ("bom-crlf.csv", &[][..]),
        ("utf-16.csv", &[][..]),
        ("gb18030.csv", &["--encoding", "gb18030"][..]),
    ] {
        let (features, _) = read(&folder.join(name), more);
        assert_eq!(
            features[0]["properties"],
            json!({"名称": "重庆", "n": 1}),
            "{name}"
        );
        assert_eq!(features[1]["properties"]["名称"], "成都,\r\n蓉", "{name}");
        assert_eq!(features.len(), 2, "{name}");
    }
    let (features, _) = read(&folder.join("bom-crlf.geojson"), &[]);
    assert_eq!(features[1]["properties"]["名称"], "成都");
    let out = folder.join("a.gpkg");
    let said = stderr(
        &[
            "convert",
            text(&folder.join("gb18030.csv")),
            "-o",
            text(&out),
        ],
        2,
    );
    assert!(
        said.contains("--encoding gb18030") && !out.exists(),
        "{said}"
    );
    // A shapefile says its encoding, or has to be told.
    let (features, _) = read(&folder.join("gb18030.shp"), &[]);
    assert_eq!(features[0]["properties"], json!({"名称": "青石镇", "n": 1}));
    let untold = folder.join("untold.shp");
    let said = stderr(&["convert", text(&untold), "-o", text(&out)], 2);
    assert!(said.contains("--encoding gb18030"), "{said}");
    let (features, _) = read(&untold, &["--encoding", "gb18030"]);
    assert_eq!(features[1]["properties"]["名称"], "龙驹");
}

#[test]
fn kml_of_any_hand() {
    let Some(folder) = made("awkward-kml") else {
        return;
    };
    for name in ["bom.kml", "gb2312.kml"] {
        let (features, said) = read(&folder.join(name), &[]);
        assert_eq!(features.len(), 4, "{name}");
        // Data without a schema is text, and a placemark in a comment or in a description is none.
        assert_eq!(
            features[0]["properties"],
            json!({"description": "<b>主城</b></Placemark>", "级别": "0510", "name": "重庆 & 成"})
        );
        assert_eq!(features[0]["id"], "p1");
        assert_eq!(features[0]["geometry"]["coordinates"], json!([106.5, 29.5]));
        assert!(said.contains("1 features lost their heights"), "{said}");
        // The border comes before its holes, whatever the file has first; geometries of two kinds are a collection.
        let parts = &features[1]["geometry"]["geometries"];
        assert_eq!(parts[0]["coordinates"][0].as_array().map(Vec::len), Some(5));
        assert_eq!(
            parts[1],
            json!({"type": "Point", "coordinates": [5.0, 5.0]})
        );
        assert_eq!(
            features[2]["geometry"],
            json!({"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]})
        );
        assert_eq!(
            features[3],
            json!({"type": "Feature", "properties": {"name": "无"}, "geometry": null})
        );
    }
}

#[test]
fn reference_systems_that_a_file_names() {
    let Some(folder) = made("awkward-crs") else {
        return;
    };
    let (features, said) = read(&folder.join("crs-4490.geojson"), &[]);
    assert_eq!(features[0]["geometry"]["coordinates"], json!([106.5, 29.5]));
    assert!(!said.contains("positions are"), "{said}");
    let near = |features: &[Value]| {
        let of = |axis: usize| {
            features[0]["geometry"]["coordinates"][axis]
                .as_f64()
                .unwrap_or(0.0)
        };
        assert!(
            (of(0) - 106.5).abs() < 1e-8 && (of(1) - 29.5).abs() < 1e-8,
            "{features:?}"
        );
    };
    let (features, said) = read(&folder.join("crs-4544.geojson"), &[]);
    near(&features);
    assert!(
        said.contains("positions are EPSG:4544, as the file says"),
        "{said}"
    );
    // Named behind the features, which are read by then; or a name that nobody knows.
    for (name, found) in [
        ("crs-late.geojson", "EPSG::4544"),
        ("crs-local.geojson", "某城市独立坐标系"),
    ] {
        let file = folder.join(name);
        let out = folder.join("a.gpkg");
        let said = stderr(&["convert", text(&file), "-o", text(&out)], 2);
        assert!(
            said.contains(found) && said.contains("--from-crs") && !out.exists(),
            "{said}"
        );
        near(&read(&file, &["--from-crs", "EPSG:4544"]).0);
    }
}

#[test]
fn heights_and_geometries_of_nothing() {
    let Some(folder) = made("awkward-shapes") else {
        return;
    };
    for end in ["gpkg", "geojson", "parquet"] {
        let (features, said) = read(&folder.join(format!("heights.{end}")), &[]);
        assert_eq!(features.len(), 3);
        assert!(
            said.contains("2 features lost their heights or measures"),
            "{end}: {said}"
        );
    }
    for end in ["gpkg", "geojson", "parquet", "tsv"] {
        let (features, _) = read(&folder.join(format!("empty.{end}")), &[]);
        let keys: Vec<&str> = features
            .iter()
            .filter_map(|of| of["properties"]["key"].as_str())
            .collect();
        assert_eq!(keys, ["a", "b", "c", "d", "e", "f"], "{end}");
        for feature in &features[..5] {
            let coordinates = feature["geometry"]["coordinates"].as_array();
            assert!(coordinates.is_none_or(Vec::is_empty), "{end}: {feature}");
        }
        assert_eq!(
            features[5]["geometry"]["coordinates"],
            json!([1.0, 2.0]),
            "{end}"
        );
        // And into every format without a panic, with as many features as there were.
        for to in ["gpkg", "fgb", "parquet", "zip", "kml", "csv", "topojson"] {
            let out = folder.join(format!("empty-{end}.{to}"));
            convert(&folder.join(format!("empty.{end}")), &out, &[]);
            if to != "zip" {
                assert_eq!(read(&out, &[]).0.len(), 6, "{end} by way of {to}");
            }
        }
    }
}

#[test]
fn values_of_many_kinds_long_numbers_and_old_dates() {
    let Some(folder) = made("awkward-values") else {
        return;
    };
    let mixed = folder.join("mixed.geojson");
    let (features, _) = read(&mixed, &[]);
    let of = |features: &[Value], at: usize| features[at]["properties"]["v"].clone();
    assert_eq!(of(&features, 7).to_string(), "12345678901234567890");
    assert_eq!(of(&features, 6), json!({"a": 1}));
    for to in ["gpkg", "fgb", "parquet", "kml"] {
        let out = folder.join(format!("mixed.{to}"));
        let said = convert(&mixed, &out, &[]);
        assert!(
            said.contains("column v has values of several kinds"),
            "{to}: {said}"
        );
        let (mut features, _) = read(&out, &[]);
        features.sort_by_key(|feature| feature["properties"]["key"].to_string());
        assert_eq!(of(&features, 7), "12345678901234567890", "{to}");
        assert_eq!(of(&features, 8), "0510", "{to}");
        assert_eq!(of(&features, 3), "true", "{to}");
    }
    let dates = folder.join("dates.gpkg");
    for to in ["gpkg", "fgb", "parquet", "zip", "kml", "topojson"] {
        let out = folder.join(format!("dates-2.{to}"));
        convert(&dates, &out, &[]);
        let (mut features, _) = read(&out, &[]);
        features.sort_by_key(|feature| feature["properties"]["key"].to_string());
        let born: Vec<&Value> = features
            .iter()
            .map(|of| &of["properties"]["born"])
            .collect();
        assert_eq!(born, ["1850-01-31", "1582-10-15"], "{to}");
    }
}

#[test]
fn a_hundredth_of_garbage_is_told_row_by_row() {
    let Some(folder) = made("awkward-garbage") else {
        return;
    };
    let points = folder.join("garbage.shp");
    let square = folder.join("square.gpkg");
    let joined = ["join", text(&points), "--with", text(&square)];
    let nearest = ["near", "--from", text(&points), "--in", text(&square)];
    for arguments in [&joined[..], &nearest[..]] {
        let (out, rejects) = (folder.join("out.csv"), folder.join("rejects.csv"));
        let _ = fs::remove_file(&out);
        let more = ["-o", text(&out), "--rejects", text(&rejects)];
        let output = yutu(&[arguments, &more].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("10 rejected"), "{said}");
        let lines = |path: &Path| fs::read_to_string(path).expect("read").lines().count() - 1;
        // As many rows as came in.
        assert_eq!((lines(&out), lines(&rejects)), (990, 10), "{said}");
        fs::remove_file(&rejects).expect("there");
    }
}
