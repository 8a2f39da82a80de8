//! What is written, read by other people's programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{stdout, succeeds, tool};
use crate::samples::{areas, check, convert, feature, folder, lines, odds, text, towns, write};

#[test]
fn geopackages_are_what_gdal_and_duckdb_expect() {
    let folder = folder("gpkg");
    for (name, features, more) in [
        ("towns", towns(), &["--text", "又名", "--id", "fid"][..]),
        ("areas", areas(), &[][..]),
        ("lines", lines(), &[][..]),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}.gpkg"));
        convert(&source, &out, &[]);
        check("pyogrio", &source, &out, more);
        if name != "towns" {
            check("duckdb", &source, &out, more);
        }
        validate(&out);
        // The same input gives the same bytes.
        let first = fs::read(&out).expect("read");
        convert(&source, &out, &["--force", "--threads", "1"]);
        assert_eq!(fs::read(&out).expect("read"), first, "{name}");
        // And Yutu reads what it wrote.
        let back = folder.join(format!("{name}-back.ndjson"));
        convert(&out, &back, &[]);
        check("ndjson", &source, &back, &more[..more.len().min(2)]);
    }
    let source = write(&folder, "odds.ndjson", &odds());
    let out = folder.join("odds.gpkg");
    let said = convert(&source, &out, &[]);
    assert!(
        said.contains("column v has values of several kinds"),
        "{said}"
    );
    assert!(
        said.contains("identifiers of features became an attribute"),
        "{said}"
    );
    check("pyogrio", &source, &out, &["--text", "v", "--id", "id"]);
    validate(&out);
}

/// GDAL's own test of `GeoPackage` files.
pub fn validate(file: &Path) {
    let Some(_) = tool(
        "/usr/bin/python3",
        &["-c", "from osgeo_utils.samples import validate_gpkg"],
    ) else {
        return;
    };
    let output = Command::new("/usr/bin/python3")
        .args(["-m", "osgeo_utils.samples.validate_gpkg", text(file)])
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{}: {}{}",
        file.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_index_of_a_geopackage_finds_what_a_scan_finds() {
    let folder = folder("rtree");
    let source = write(&folder, "towns.ndjson", &towns());
    let out = folder.join("towns.gpkg");
    convert(&source, &out, &[]);
    let Some(sqlite) = tool("sqlite3", &["--version"]) else {
        return;
    };
    let ask = |sql: &str| {
        let output = succeeds(Command::new(&sqlite).arg(&out).arg(sql));
        String::from_utf8(output.stdout)
            .expect("text")
            .trim()
            .to_owned()
    };
    assert_eq!(ask("SELECT rtreecheck('rtree_towns_geom')"), "ok");
    assert_eq!(ask("PRAGMA integrity_check"), "ok");
    let found = ask(
        "SELECT count(*) FROM rtree_towns_geom WHERE maxx >= 101 AND minx <= 102 AND maxy >= 26 AND miny <= 27",
    );
    let expected = towns()
        .iter()
        .filter(|town| {
            let of = |axis: usize| {
                town["geometry"]["coordinates"][axis]
                    .as_f64()
                    .unwrap_or(0.0)
            };
            (101.0..=102.0).contains(&of(0)) && (26.0..=27.0).contains(&of(1))
        })
        .count();
    assert_eq!(found, expected.to_string());
}

#[test]
fn flatgeobufs_are_what_gdal_and_duckdb_expect() {
    let folder = folder("fgb");
    for (name, features, more) in [
        ("towns", towns(), &["--id", "id"][..]),
        ("areas", areas(), &[][..]),
        ("lines", lines(), &[][..]),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}.fgb"));
        convert(&source, &out, &[]);
        check("pyogrio", &source, &out, more);
        if name != "towns" {
            check("duckdb", &source, &out, more);
        }
        let first = fs::read(&out).expect("read");
        convert(&source, &out, &["--force", "--threads", "1"]);
        assert_eq!(fs::read(&out).expect("read"), first, "{name}");
        let back = folder.join(format!("{name}-back.ndjson"));
        convert(&out, &back, &[]);
        check("ndjson", &source, &back, more);
        by_index(&out, features.len());
    }
    let source = write(&folder, "odds.ndjson", &odds());
    let out = folder.join("odds.fgb");
    let said = convert(&source, &out, &[]);
    assert!(said.contains("spatial index was left out"), "{said}");
    check("pyogrio", &source, &out, &["--text", "v", "--id", "id"]);
}

/// GDAL finds by the index of a `FlatGeobuf` file what it finds without.
fn by_index(file: &Path, features: usize) {
    let Some(python) = tool("python", &["-c", "import pyogrio"]) else {
        return;
    };
    let script = "
import sys, pyogrio
whole = pyogrio.read_dataframe(sys.argv[1])
assert pyogrio.read_info(sys.argv[1])['features'] == len(whole) == int(sys.argv[2])
for box in [(100.2, 25.1, 101.4, 27.3), (0, 0, 0, 0), (104.9, 29.9, 107.1, 30.1), (-180, -90, 180, 90)]:
    from shapely.geometry import box as area
    found = set(pyogrio.read_dataframe(sys.argv[1], bbox=box)['key'])
    expected = set(whole[whole.intersects(area(*box))]['key'])
    assert found == expected, (box, found ^ expected)
";
    let output = Command::new(python)
        .args(["-c", script, text(file), &features.to_string()])
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{}: {}",
        file.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn geoparquets_are_what_geopandas_and_duckdb_expect() {
    let folder = folder("parquet");
    for (name, features, more) in [
        ("towns", towns(), &["--id", "id"][..]),
        ("areas", areas(), &[][..]),
        ("lines", lines(), &[][..]),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}.parquet"));
        convert(&source, &out, &[]);
        check("parquet", &source, &out, more);
        check("duckdb", &source, &out, more);
        let first = fs::read(&out).expect("read");
        convert(&source, &out, &["--force", "--threads", "1"]);
        assert_eq!(fs::read(&out).expect("read"), first, "{name}");
    }
    let source = write(&folder, "odds.ndjson", &odds());
    let out = folder.join("odds.parquet");
    convert(&source, &out, &[]);
    check("parquet", &source, &out, &["--text", "v", "--id", "id"]);
}

#[test]
fn tables_are_read_back_by_gdal_and_by_yutu() {
    let folder = folder("csv");
    for (name, features, more) in [
        (
            "towns",
            towns(),
            &["--text", "又名", "--extra", "--drop", "撤销"][..],
        ),
        ("areas", areas(), &[][..]),
        ("lines", lines(), &[][..]),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}.csv"));
        convert(&source, &out, &[]);
        let back = folder.join(format!("{name}-back.ndjson"));
        convert(&out, &back, &[]);
        // A table has no identifiers of its own: they are a column.
        check("ndjson", &source, &back, more);
    }
}

#[test]
fn shapefiles_in_a_zip_are_what_gdal_expects() {
    let folder = folder("shp");
    for (name, features, more) in [
        ("towns", towns(), &["--text", "又名,长", "--id", "id"][..]),
        ("areas", areas(), &[][..]),
        ("lines", lines(), &[][..]),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}.zip"));
        convert(&source, &out, &[]);
        let archive = PathBuf::from(format!("/vsizip/{}", text(&out)));
        check("pyogrio", &source, &archive, more);
        let back = folder.join(format!("{name}-back.ndjson"));
        convert(&out, &back, &[]);
        let back_more: &[&str] = if more.is_empty() {
            more
        } else {
            &["--text", "又名,长", "--extra"]
        };
        check("ndjson", &source, &back, back_more);
    }
    // Long names and texts: cut, and said.
    let long = "很长的名称".repeat(60);
    let properties = json!({"key": "a", "行政区划代码": "500101", "行政区划名称": long, "code_of_the_unit": 1, "code_of_the_plan": 2});
    let source = write(
        &folder,
        "long.ndjson",
        &[feature(
            Value::Null,
            properties,
            json!({"type": "Point", "coordinates": [106.5, 29.5]}),
        )],
    );
    let out = folder.join("long.zip");
    let said = convert(&source, &out, &[]);
    for line in [
        "column 行政区划代码 is called 行政区",
        "column 行政区划名称 is called 行政_1",
        "column code_of_the_plan is called code_of__1",
        "lost: 1 texts were cut",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
}

#[test]
fn kml_and_topojson_are_what_gdal_expects() {
    let folder = folder("web");
    for (name, features) in [("towns", towns()), ("areas", areas()), ("lines", lines())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        for end in ["kml", "kmz"] {
            let out = folder.join(format!("{name}.{end}"));
            convert(&source, &out, &[]);
            // Of an archive GDAL takes no schema.
            let file = match end {
                "kmz" => PathBuf::from(format!("/vsizip/{}/doc.kml", text(&out))),
                _ => out,
            };
            let as_text = if name == "towns" { "又名,长" } else { "" };
            check("pyogrio", &source, &file, &["--extra", "--text", as_text]);
        }
        let out = folder.join(format!("{name}.topojson"));
        convert(&source, &out, &[]);
        // GDAL takes the longest whole number for one too long, and reads no dates.
        check(
            "pyogrio",
            &source,
            &out,
            &[
                "--extra",
                "--no-crs",
                "--tolerance",
                "1e-7",
                "--drop",
                "立,改,长",
            ],
        );
    }
    // Neighbours share their border: two squares have fewer arcs than edges.
    let square = |x: f64| json!({"type": "Polygon", "coordinates": [[[x, 0.0], [x + 1.0, 0.0], [x + 1.0, 1.0], [x, 1.0], [x, 0.0]]]});
    let source = write(
        &folder,
        "two.ndjson",
        &[
            feature(Value::Null, json!({}), square(0.0)),
            feature(Value::Null, json!({}), square(1.0)),
        ],
    );
    let topology: Value = serde_json::from_str(&stdout(
        &["convert", text(&source), "-o", "-", "--to", "topojson"],
        0,
    ))
    .expect("JSON");
    assert_eq!(topology["arcs"].as_array().map(Vec::len), Some(3));
    let drawing = stdout(
        &["-q", "convert", text(&source), "-o", "-", "--to", "svg"],
        0,
    );
    assert_eq!(drawing.matches("<path class=\"area\"").count(), 2);
}
