//! Features to convert, and their comparison by way of other programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{repository, stderr, tool};

/// A folder of a test's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("convert-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

pub fn write(folder: &Path, name: &str, features: &[Value]) -> PathBuf {
    let path = folder.join(name);
    let lines: String = features
        .iter()
        .map(|feature| feature.to_string() + "\n")
        .collect();
    fs::write(&path, lines).expect("written");
    path
}

pub fn feature(id: Value, properties: Value, geometry: Value) -> Value {
    let mut feature = json!({"type": "Feature"});
    if !id.is_null() {
        feature["id"] = id;
    }
    feature["properties"] = properties;
    feature["geometry"] = geometry;
    feature
}

/// Points with every kind of attribute, also those that are easily lost.
pub fn towns() -> Vec<Value> {
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
pub fn areas() -> Vec<Value> {
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

pub fn lines() -> Vec<Value> {
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
pub fn odds() -> Vec<Value> {
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
pub fn check(reader: &str, expected: &Path, file: &Path, more: &[&str]) -> Option<()> {
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
pub fn convert(input: &Path, out: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["convert", text(input), "-o", text(out)];
    arguments.extend(more);
    stderr(&arguments, 0)
}
