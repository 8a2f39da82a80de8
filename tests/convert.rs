//! `yutu convert`: every format read back with someone else's program, and files of other programs read by Yutu.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{repository, stderr, stdout, tool, yutu};
use serde_json::{Value, json};

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("convert-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

fn write(folder: &Path, name: &str, features: &[Value]) -> PathBuf {
    let path = folder.join(name);
    let lines: String = features
        .iter()
        .map(|feature| feature.to_string() + "\n")
        .collect();
    fs::write(&path, lines).expect("written");
    path
}

fn feature(id: Value, properties: Value, geometry: Value) -> Value {
    let mut feature = json!({"type": "Feature"});
    if !id.is_null() {
        feature["id"] = id;
    }
    feature["properties"] = properties;
    feature["geometry"] = geometry;
    feature
}

/// Points with every kind of attribute, also those that are easily lost.
fn towns() -> Vec<Value> {
    let point = |lon: f64, lat: f64| json!({"type": "Point", "coordinates": [lon, lat]});
    let mut towns = vec![
        feature(
            json!(7),
            json!({"key": "a", "名称": "青石镇", "人口": 19733, "面积": 12.5, "撤销": false, "code": "0510", "立": "1899-12-31", "改": "2024-02-29T08:30:00Z", "又名": ["青石", "Qīngshí"], "长": 9_223_372_036_854_775_807_i64, "空": null}),
            point(106.630_123_456_789, 30.46),
        ),
        feature(
            json!(9),
            json!({"key": "b", "名称": "“引号”, 逗号\n换行", "人口": -5, "面积": 0.1, "撤销": true, "code": "0010", "立": "2024-02-29", "改": "1899-01-01T00:00:00Z", "又名": {"a": 1}, "长": 1, "空": null}),
            point(-179.999_999, -89.5),
        ),
        feature(
            json!(12),
            json!({"key": "c", "名称": null, "人口": null, "面积": 3.0, "撤销": null, "code": null, "立": null, "改": null, "又名": null, "长": null, "空": null}),
            point(0.0, 0.0),
        ),
    ];
    for number in 0..300_i32 {
        let (lon, lat) = (
            f64::from(number % 17) * 0.3 + 100.0,
            f64::from(number % 23) * 0.21 + 25.0,
        );
        towns.push(feature(
            json!(100 + number),
            json!({"key": format!("k{number}"), "名称": format!("村{number}"), "人口": number, "面积": f64::from(number) / 7.0, "撤销": number % 2 == 0, "code": format!("{number:04}"), "立": "1950-05-01", "改": "1950-05-01T00:00:00.25Z", "又名": [number], "长": number, "空": null}),
            point(lon, lat),
        ));
    }
    towns
}

/// Areas: with holes, of several parts, some of them alone.
fn areas() -> Vec<Value> {
    let square = |x: f64, y: f64, side: f64| {
        json!([
            [x, y],
            [x + side, y],
            [x + side, y + side],
            [x, y + side],
            [x, y]
        ])
    };
    let hole = |x: f64, y: f64, side: f64| {
        json!([
            [x, y],
            [x, y + side],
            [x + side, y + side],
            [x + side, y],
            [x, y]
        ])
    };
    let polygon = |rings: Value| json!({"type": "Polygon", "coordinates": rings});
    let multi = |parts: Value| json!({"type": "MultiPolygon", "coordinates": parts});
    let mut areas = vec![
        feature(
            json!(null),
            json!({"key": "hole", "n": 1}),
            polygon(json!([square(105.0, 30.0, 1.0), hole(105.25, 30.25, 0.5)])),
        ),
        feature(
            json!(null),
            json!({"key": "two", "n": 2}),
            multi(json!([
                [square(107.0, 30.0, 0.5)],
                [square(108.0, 30.0, 0.5), hole(108.1, 30.1, 0.1)]
            ])),
        ),
        feature(
            json!(null),
            json!({"key": "one of a set", "n": 3}),
            multi(json!([[square(109.0, 30.0, 0.5)]])),
        ),
    ];
    for number in 0..100_i32 {
        let (x, y) = (
            f64::from(number % 10) + 100.0,
            f64::from(number / 10) + 20.0,
        );
        areas.push(feature(
            json!(null),
            json!({"key": format!("k{number}"), "n": number}),
            polygon(json!([square(x, y, 0.9)])),
        ));
    }
    areas
}

fn lines() -> Vec<Value> {
    let line = |coordinates: Value| json!({"type": "LineString", "coordinates": coordinates});
    vec![
        feature(
            json!(null),
            json!({"key": "a", "长": 1.5}),
            line(json!([[106.5, 29.5], [107.0, 30.0], [108.0, 29.0]])),
        ),
        feature(
            json!(null),
            json!({"key": "b", "长": 2.0}),
            json!({"type": "MultiLineString", "coordinates": [[[1.0, 1.0], [2.0, 2.0]], [[3.0, 3.0], [4.0, 4.0], [5.0, 3.0]]]}),
        ),
    ]
}

/// What is awkward: no geometry, empty ones, all kinds in one file, collections, long identifiers, values of several kinds.
fn odds() -> Vec<Value> {
    let geometry = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    vec![
        feature(json!("甲"), json!({"key": "null", "v": 1}), Value::Null),
        feature(
            json!("乙"),
            json!({"key": "point", "v": "二"}),
            geometry(r#"{"type":"Point","coordinates":[1.5,2.5]}"#),
        ),
        feature(
            json!("丙"),
            json!({"key": "multi", "v": true}),
            geometry(r#"{"type":"MultiPoint","coordinates":[[1.0,2.0],[3.0,4.0]]}"#),
        ),
        feature(
            json!("丁"),
            json!({"key": "line", "v": 2.5}),
            geometry(r#"{"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]}"#),
        ),
        feature(
            json!("戊"),
            json!({"key": "area", "v": [1]}),
            geometry(
                r#"{"type":"Polygon","coordinates":[[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]]]}"#,
            ),
        ),
        feature(
            json!("己"),
            json!({"key": "collection", "v": null}),
            geometry(
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1.0,2.0]},{"type":"LineString","coordinates":[[1.0,2.0],[3.0,4.0]]}]}"#,
            ),
        ),
    ]
}

/// Compares a file with its source by way of another program; `None`: no such program here.
fn check(reader: &str, expected: &Path, file: &Path, more: &[&str]) -> Option<()> {
    let python = tool(
        "python",
        &[
            "-c",
            "import duckdb_extension_spatial, geopandas, pyarrow, pyogrio, shapely",
        ],
    )?;
    let output = Command::new(python)
        .arg(repository().join("tests/readers/check_formats.py"))
        .args([reader, text(expected), text(file)])
        .args(more)
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{reader} of {}: {}{}",
        file.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(())
}

/// Converts, and tells what was said.
fn convert(input: &Path, out: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["convert", text(input), "-o", text(out)];
    arguments.extend(more);
    stderr(&arguments, 0)
}

#[test]
fn json_lines_are_the_same_bytes_again() {
    let folder = folder("json");
    for (name, features) in [
        ("towns", towns()),
        ("areas", areas()),
        ("lines", lines()),
        ("odds", odds()),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}-2.ndjson"));
        convert(&source, &out, &[]);
        let read = |path: &Path| -> Vec<Value> {
            let text = fs::read_to_string(path).expect("read");
            text.lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect()
        };
        assert_eq!(read(&out), read(&source), "{name}");
        let collection = folder.join(format!("{name}.geojson"));
        convert(&source, &collection, &[]);
        let whole: Value =
            serde_json::from_slice(&fs::read(&collection).expect("read")).expect("JSON");
        assert_eq!(
            (&whole["name"], whole["features"].as_array()),
            (&json!(name), Some(&read(&source)))
        );
        // And back; by way of a pipe.
        let back = folder.join(format!("{name}-3.ndjson"));
        convert(&collection, &back, &[]);
        assert_eq!(
            fs::read(&back).expect("read"),
            fs::read(&out).expect("read"),
            "{name}"
        );
    }
}

#[test]
fn twenty_digits_stay_twenty_digits() {
    let folder = folder("digits");
    let line = r#"{"type":"Feature","id":12345678901234567890,"properties":{"osm":12345678901234567890,"more":123456789012345678901},"geometry":null}"#;
    let source = folder.join("a.ndjson");
    fs::write(&source, format!("{line}\n")).expect("written");
    assert_eq!(
        stdout(&["convert", text(&source), "-o", "-", "--to", "ndjson"], 0),
        format!("{line}\n")
    );
    let csv = stdout(&["convert", text(&source), "-o", "-", "--to", "csv"], 0);
    assert_eq!(
        csv,
        "id,osm,more,wkt\n12345678901234567890,12345678901234567890,123456789012345678901,\n"
    );
}

#[test]
fn only_what_is_asked_for() {
    let folder = folder("asked");
    let source = write(&folder, "towns.ndjson", &towns());
    let run = |more: &[&str]| {
        let mut arguments = vec!["-q", "convert", text(&source), "-o", "-", "--to", "ndjson"];
        arguments.extend(more);
        let lines = stdout(&arguments, 0);
        lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
            .collect::<Vec<_>>()
    };
    let some = run(&[
        "--where",
        r#"["==", ["get", "code"], "0510"]"#,
        "--select",
        "面积,key",
    ]);
    assert_eq!(some.len(), 1);
    assert_eq!(some[0]["properties"], json!({"面积": 12.5, "key": "a"}));
    let boxed = run(&["--bbox", "-180,-90,-179,-89"]);
    assert_eq!(boxed.len(), 1);
    assert_eq!(boxed[0]["properties"]["key"], "b");
}

#[test]
fn an_output_that_is_there_stays_without_force() {
    let folder = folder("force");
    let source = write(&folder, "a.ndjson", &lines());
    let out = folder.join("b.gpkg");
    fs::write(&out, "mine").expect("written");
    let said = stderr(&["convert", text(&source), "-o", text(&out)], 2);
    assert!(said.contains("--force"), "{said}");
    // A file that breaks off leaves what was there.
    let broken = folder.join("broken.geojson");
    fs::write(&broken, r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null},"#).expect("written");
    for out in ["b.gpkg", "b.fgb", "b.parquet", "b.csv", "b.ndjson"] {
        let out = folder.join(out);
        fs::write(&out, "mine").expect("written");
        let said = stderr(&["convert", text(&broken), "-o", text(&out), "--force"], 2);
        assert!(said.contains("broken.geojson"), "{said}");
        assert_eq!(fs::read(&out).expect("read"), b"mine");
    }
    let left = fs::read_dir(&folder).expect("read").count();
    assert_eq!(left, 7, "no half files");
    let said = stderr(
        &["convert", text(&source), "-o", text(&folder.join("a.xyz"))],
        2,
    );
    assert!(said.contains("--to"), "{said}");
}

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
fn validate(file: &Path) {
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
        let output = Command::new(&sqlite)
            .arg(&out)
            .arg(sql)
            .output()
            .expect("sqlite3 runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
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

#[test]
fn what_gdal_writes_is_read_the_same() {
    let folder = folder("gdal");
    let Some(ogr2ogr) = tool("ogr2ogr", &["--version"]) else {
        return;
    };
    let gdal = |arguments: &[&str]| {
        let output = Command::new(&ogr2ogr)
            .args(arguments)
            .output()
            .expect("ogr2ogr runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    for (name, features) in [("areas", areas()), ("lines", lines()), ("towns", towns())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let from = format!("GeoJSONSeq:{}", text(&source));
        for (driver, end, more) in [
            ("GPKG", "gpkg", &[][..]),
            ("FlatGeobuf", "fgb", &["-nlt", "PROMOTE_TO_MULTI"][..]),
            (
                "GeoJSON",
                "geojson",
                &["-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=15"][..],
            ),
            ("ESRI Shapefile", "shp", &["-lco", "ENCODING=GB18030"][..]),
            (
                "CSV",
                "csv",
                &[
                    "-lco",
                    "GEOMETRY=AS_WKT",
                    "-lco",
                    "WRITE_BOM=YES",
                    "-lco",
                    "LINEFORMAT=CRLF",
                    "-lco",
                    "STRING_QUOTING=ALWAYS",
                ][..],
            ),
        ] {
            if name == "towns" && !matches!(end, "gpkg" | "fgb") {
                // Lists, instants and the longest numbers are not theirs.
                continue;
            }
            let out = folder.join(format!("{name}.{end}"));
            let mut arguments = vec!["-f", driver, text(&out), &from];
            arguments.extend(more);
            gdal(&arguments);
            let back = folder.join(format!("{name}-{end}.ndjson"));
            convert(&out, &back, &[]);
            let tolerance = if end == "csv" || end == "geojson" {
                "1e-12"
            } else {
                "0"
            };
            // GDAL writes lists and instants in forms of its own.
            let more = ["--extra", "--tolerance", tolerance, "--drop", "改,立,又名"];
            check("ndjson", &source, &back, &more);
        }
    }
}

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
        let output = Command::new(ogr2ogr)
            .args([
                "-t_srs",
                "OGC:CRS84",
                "-f",
                "GeoJSONSeq",
                "-lco",
                "COORDINATE_PRECISION=12",
                text(&there),
                &from,
            ])
            .output()
            .expect("ogr2ogr runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
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

#[test]
fn several_files_are_layers_of_one_geopackage() {
    let folder = folder("layers");
    let one = write(&folder, "乡镇.ndjson", &towns());
    let other = write(&folder, "areas.ndjson", &areas());
    let out = folder.join("all.gpkg");
    let said = stderr(&["convert", text(&one), text(&other), "-o", text(&out)], 0);
    assert!(said.contains("406 features"), "{said}");
    validate(&out);
    check(
        "pyogrio",
        &one,
        &out,
        &["--layer", "乡镇", "--text", "又名"],
    );
    check("pyogrio", &other, &out, &["--layer", "areas"]);
    let said = stderr(
        &[
            "convert",
            text(&one),
            text(&other),
            "-o",
            text(&folder.join("a.fgb")),
        ],
        2,
    );
    assert!(said.contains("GeoPackage"), "{said}");
    let said = stderr(
        &[
            "convert",
            text(&one),
            text(&one),
            "-o",
            text(&folder.join("b.gpkg")),
        ],
        2,
    );
    assert!(said.contains("乡镇"), "{said}");
    assert!(!folder.join("b.gpkg").exists());
}

#[test]
fn the_standard_input_is_read_once_or_twice() {
    let folder = folder("stdin");
    let source = write(&folder, "towns.ndjson", &towns());
    for name in ["out.ndjson", "out.fgb"] {
        let out = folder.join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_yutu"))
            .args(["convert", "-", "-o", text(&out)])
            .stdin(fs::File::open(&source).expect("opened"))
            .output()
            .expect("the program starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let direct = folder.join("direct.ndjson");
    convert(&source, &direct, &[]);
    assert_eq!(
        fs::read(folder.join("out.ndjson")).expect("read"),
        fs::read(&direct).expect("read")
    );
    check("pyogrio", &source, &folder.join("out.fgb"), &["--id", "id"]);
    let help = yutu(&["convert", "--help"]);
    assert!(help.status.success());
}

#[test]
fn what_cannot_be_read_is_left_out_aloud_or_nothing_is_written() {
    let folder = folder("strict");
    let wrong = [json!({"type": "Nothing"}), lines()[0].clone()];
    let source = write(&folder, "wrong.ndjson", &wrong);
    for out in ["a.ndjson", "a.gpkg", "a.fgb"] {
        let out = folder.join(out);
        let said = stderr(&["convert", text(&source), "-o", text(&out), "--strict"], 2);
        assert!(said.contains("1 features cannot be read") && !out.exists());
        let said = convert(&source, &out, &[]);
        assert!(
            said.contains("left out: ") && said.contains(": 1 features"),
            "{said}"
        );
    }
}
