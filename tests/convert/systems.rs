//! Reference systems and heights.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{succeeds, tool};
use crate::samples::{check, convert, feature, folder, text, towns, write};
use crate::written::validate;

#[test]
fn heights_are_dropped_aloud_and_open_rings_closed() {
    let folder = folder("heights");
    let source = write(
        &folder,
        "a.ndjson",
        &[feature(
            Value::Null,
            json!({}),
            json!({"type": "Polygon", "coordinates": [[[0.0, 0.0, 5.0], [1.0, 0.0, 5.0], [1.0, 1.0, 5.0]]]}),
        )],
    );
    let out = folder.join("a.gpkg");
    let said = convert(&source, &out, &[]);
    assert!(
        said.contains("1 features lost their heights") && said.contains("1 rings were open"),
        "{said}"
    );
    validate(&out);
}

#[test]
fn reference_systems_there_and_back() {
    let folder = folder("crs");
    let inland: Vec<Value> = towns().into_iter().skip(3).collect();
    let source = write(&folder, "towns.ndjson", &inland);
    let run = |input: &Path, out: &str, more: &[&str]| {
        let out = folder.join(out);
        let said = convert(input, &out, more);
        (out, said)
    };
    // A zone of CGCS2000: GDAL brings it back into degrees by what the file says.
    for (code, end) in [
        ("EPSG:4544", "gpkg"),
        ("EPSG:4523", "fgb"),
        ("EPSG:4544", "zip"),
        ("EPSG:32648", "geojson"),
    ] {
        let (plane, _) = run(
            &source,
            &format!("plane-{}.{end}", &code[5..]),
            &["--to-crs", code],
        );
        let (back, _) = run(
            &plane,
            &format!("back-{}-{end}.ndjson", &code[5..]),
            &["--from-crs", code],
        );
        if end != "zip" {
            // A GeoPackage has JSON as text, and FlatGeobuf identifiers as a column.
            let lists = if end == "gpkg" { "又名" } else { "" };
            let more = ["--tolerance", "1e-8", "--extra", "--text", lists];
            check("ndjson", &source, &back, &more);
        }
        let Some(ogr2ogr) = tool("ogr2ogr", &["--version"]) else {
            continue;
        };
        let there = folder.join(format!("gdal-{}-{end}.geojson", &code[5..]));
        let from = if end == "zip" {
            format!("/vsizip/{}", text(&plane))
        } else {
            text(&plane).to_owned()
        };
        succeeds(Command::new(ogr2ogr).args([
            "-t_srs",
            "OGC:CRS84",
            "-f",
            "GeoJSONSeq",
            "-lco",
            "COORDINATE_PRECISION=12",
            text(&there),
            &from,
        ]));
        check(
            "ndjson",
            &source,
            &there,
            &[
                "--tolerance",
                "1e-8",
                "--extra",
                "--drop",
                "又名,长,立,改,撤销,空",
            ],
        );
    }
    // What the file says is believed, and said.
    let (_, said) = run(&folder.join("plane-4544.gpkg"), "declared.ndjson", &[]);
    assert!(
        said.contains("positions are EPSG:4544, as the file says"),
        "{said}"
    );
    check(
        "ndjson",
        &source,
        &folder.join("declared.ndjson"),
        &["--tolerance", "1e-8", "--text", "又名"],
    );
    let (shifted, said) = run(&source, "gcj02.ndjson", &["--to-crs", "gcj02"]);
    assert!(said.contains("GCJ-02"), "{said}");
    let (back, _) = run(&shifted, "wgs84.ndjson", &["--from-crs", "gcj02"]);
    check("ndjson", &source, &back, &["--tolerance", "1e-8"]);
}
