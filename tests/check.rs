//! `yutu check`: what it finds in files, and what it mends.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{stderr, stdout, yutu};
use serde_json::Value;

fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

const WRONG_WAY: &str = r#"{"type":"Feature","properties":{"name":"区"},"geometry":{"type":"Polygon","coordinates":[[[106,29],[106,30],[106,30],[107,30],[107,29],[106,29]]]}}"#;

#[test]
fn a_file_in_order_ends_with_0_and_says_nothing_on_stdout() {
    let path = file(
        "good.ndjson",
        &format!(
            "{}\n",
            r#"{"type":"Feature","properties":{"name":"区"},"geometry":{"type":"Point","coordinates":[106,29]}}"#
        ),
    );
    assert_eq!(stdout(&["check", text(&path)], 0), "");
}

#[test]
fn findings_are_a_table_or_json_and_end_with_1() {
    let bow = r#"{"type":"Feature","properties":{"adcode":10101},"geometry":{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}}"#;
    let path = file("bad.ndjson", &format!("{WRONG_WAY}\n{bow}\n"));
    let table = stdout(&["check", text(&path)], 1);
    assert!(
        table.contains("crosses, touches or doubles itself") && table.contains("line 2 at "),
        "{table}"
    );
    let json: Value =
        serde_json::from_str(&stdout(&["check", text(&path), "--json"], 1)).expect("JSON");
    let codes: Vec<&str> = json["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "self_intersection",
            "winding",
            "duplicate_vertices",
            "codes_as_numbers"
        ]
    );
    assert_eq!(json["features"], 2);
    assert_eq!(stderr(&["check", "no-such.geojson"], 2).lines().count(), 1);
}

#[test]
fn what_is_mended_is_in_order() {
    let path = file("wrong.ndjson", &format!("{WRONG_WAY}\n"));
    let out = path.with_file_name("right.geojson");
    let output = yutu(&["check", text(&path), "--fix", "-o", text(&out), "--force"]);
    assert_eq!(output.status.code(), Some(1), "it was not in order");
    assert_eq!(stdout(&["check", text(&out)], 0), "");
    let mended: Value = serde_json::from_slice(&fs::read(&out).expect("read")).expect("JSON");
    let ring = &mended["features"][0]["geometry"]["coordinates"][0];
    assert_eq!(ring.as_array().map(Vec::len), Some(5));
}
