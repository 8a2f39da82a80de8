//! Single questions from end to end: what may be asked, and the forms of the answer.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use common::inputs::folder;
use common::{json, stdout, yutu};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// Names of the rows of an answer.
fn names(answer: &Value, column: &str) -> Vec<String> {
    let rows = answer.as_array().expect("an array").iter();
    rows.map(|row| row[column].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn questions_are_answered_in_every_form() {
    let near = json(&["near", "30°27'N 106°38'E", "-k", "1", "--json"]);
    assert!(number(&near[0]["distance_m"]) < 20_000.0, "{near}");
    let csv = stdout(&["near", "广安", "-k", "2", "--csv"], 0);
    assert_eq!(csv.lines().count(), 3);
    let collection = json(&["near", "广安", "-k", "2", "--geojson"]);
    assert_eq!(collection["features"].as_array().map(Vec::len), Some(2));
    let way = json(&["distance", "广安", "合川", "--json"]);
    let back = json(&["distance", "合川", "广安", "--json"]);
    assert_eq!(way["distance_m"], back["distance_m"]);
    let matrix = stdout(&["matrix", "广安", "合川", "重庆"], 0);
    assert_eq!(matrix.lines().count(), 4);
    let between = json(&[
        "between",
        "成都",
        "重庆",
        "--class",
        "prefecture",
        "--width",
        "60km",
        "--json",
    ]);
    let between = between.as_array().expect("an array");
    let names: Vec<&str> = between
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert!(
        names.contains(&"内江市") && names.contains(&"资阳市"),
        "{names:?}"
    );
    let along: Vec<f64> = between.iter().map(|row| number(&row["along_m"])).collect();
    assert!(along.windows(2).all(|pair| pair[0] <= pair[1]));
    let within = json(&["within", "广安", "--class", "county", "--json"]);
    assert!(
        within.as_array().is_some_and(|rows| rows.len() >= 4),
        "{within}"
    );
    let boxed = json(&["within", "106,30,107,31", "--class", "county", "--json"]);
    assert!(boxed.as_array().is_some_and(|rows| !rows.is_empty()));
    let overlap = json(&["overlap", "四川省", "广安市", "--json"]);
    assert!(number(&overlap[0]["share_of_second"]) > 0.999, "{overlap}");
}

/// A road of 39 km along 30° N, two areas of 20 km beside each other north of it, and some places.
fn files() -> (tempfile::TempDir, [String; 3]) {
    let folder = folder();
    let feature = |name: &str, kind: &str, coordinates: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"n":"{name}"}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
        )
    };
    let write = |file: &str, features: &[String]| {
        let path = folder.path().join(file);
        std::fs::write(&path, features.join("\n")).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let square = |west: &str, east: &str| {
        format!("[[[{west},30],[{east},30],[{east},30.2],[{west},30.2],[{west},30]]]")
    };
    let road = write(
        "road.ndjson",
        &[feature("路", "LineString", "[[106,30],[106.4,30]]")],
    );
    let areas = write(
        "areas.ndjson",
        &[
            feature("西", "Polygon", &square("106", "106.2")),
            feature("东", "Polygon", &square("106.2", "106.4")),
        ],
    );
    let places = folder.path().join("places.csv");
    std::fs::write(
        &places,
        "n,lon,lat\n远,106.2,30.5\n近,106.2,30.01\n端,105.99,30\n中,106.3,29.95\n",
    )
    .expect("written");
    let places = places.to_str().expect("UTF-8").to_owned();
    (folder, [road, areas, places])
}

#[test]
fn what_is_near_a_whole_line_or_area_is_found() {
    let (_folder, [road, areas, places]) = files();
    let found = json(&["near", &road, "--in", &places, "--json"]);
    assert_eq!(names(&found, "n"), ["端", "近", "中", "远"]);
    // 0.01° of longitude at 30° N, and 0.01° of latitude there.
    assert!(
        (number(&found[0]["distance_m"]) - 964.9).abs() < 0.1,
        "{found}"
    );
    assert!(
        (number(&found[1]["distance_m"]) - 1108.5).abs() < 0.1,
        "{found}"
    );
    let found = json(&["near", &areas, "--in", &places, "--radius", "2km", "--json"]);
    assert_eq!(names(&found, "n"), ["近", "端"]);
    assert!(number(&found[0]["distance_m"]) < 1e-9, "{found}");
    // A feature of the atlas: its own area holds what is nearest.
    let found = json(&[
        "near",
        "chongqing-metropolitan-area/合川区",
        "-k",
        "2",
        "--json",
    ]);
    assert!(number(&found[0]["distance_m"]) < 1e-9, "{found}");
    assert!(
        names(&found, "canonical")
            .iter()
            .all(|name| name.contains("合川")),
        "{found}"
    );
    let run = yutu(&["near", "chongqing-metropolitan-area/没有", "-k", "2"]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn areas_of_a_file_hold_positions() {
    let (_folder, [_, areas, _]) = files();
    let found = json(&["at", "106.1,30.1", "--in", &areas, "--json"]);
    assert_eq!(names(&found, "n"), ["西"]);
    // On a border that two share both hold it.
    let found = json(&["at", "106.2,30.1", "--in", &areas, "--json"]);
    assert_eq!(names(&found, "n"), ["西", "东"]);
    assert_eq!(
        yutu(&["at", "107,30.1", "--in", &areas]).status.code(),
        Some(1)
    );
    // The same position in other systems.
    let shifted = json(&["at", "gcj02:106.10349,30.09724", "--in", &areas, "--json"]);
    assert_eq!(shifted.as_array().map(Vec::len), Some(1), "{shifted}");
    let zone = json(&[
        "at",
        "EPSG:4523:35606031.6,3331709.2",
        "--in",
        &areas,
        "--json",
    ]);
    assert_eq!(names(&zone, "n"), ["西"]);
}

#[test]
fn answers_go_to_files_of_every_form() {
    let (folder, [_, _, places]) = files();
    let ask = |file: &str| {
        let path = folder.path().join(file);
        let out = path.to_str().expect("UTF-8");
        stdout(
            &["near", "106.2,30", "--in", &places, "-k", "3", "-o", out],
            0,
        );
        std::fs::read_to_string(&path).expect("written")
    };
    let table = ask("answer.tsv");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 4);
    assert_eq!((rows[0][0], rows[1][0]), ("n", "近"));
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let lines = ask("answer.ndjson");
    let features: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a feature a line"))
        .collect();
    assert_eq!(features.len(), 3);
    assert_eq!(features[0]["properties"]["n"], "近");
    assert_eq!(features[0]["geometry"]["type"], "Point");
    let csv = ask("answer.csv");
    assert_eq!(csv.replace(',', "\t"), table);
    let collection: Value = serde_json::from_str(&ask("answer.geojson")).expect("JSON");
    assert_eq!(collection["features"].as_array(), Some(&features));
    // Nothing is written over what is there by another ending, and none appears for an unknown one.
    let unknown = folder.path().join("answer.doc");
    let run = yutu(&[
        "near",
        "106.2,30",
        "--in",
        &places,
        "-o",
        unknown.to_str().expect("UTF-8"),
    ]);
    assert_eq!(run.status.code(), Some(2));
    assert!(!unknown.exists());
}

#[test]
fn ways_between_places_are_measured() {
    let (_folder, [road, _, places]) = files();
    let between = json(&[
        "between", "106,30", "106.4,30", "--width", "3km", "--in", &places, "--json",
    ]);
    assert_eq!(names(&between, "n"), ["端", "近"], "{between}");
    let along = number(&between[1]["along_m"]);
    assert!((along - 19_297.0).abs() < 5.0, "{between}");
    let matrix = json(&["matrix", "广安", "合川", "重庆", "--json"]);
    let rows = matrix.as_array().expect("an array");
    assert_eq!(rows.len(), 9);
    for row in rows {
        let back = rows
            .iter()
            .find(|back| back["from"] == row["to"] && back["to"] == row["from"])
            .expect("both ways");
        assert_eq!(row["distance_m"], back["distance_m"]);
        assert_eq!(number(&row["distance_m"]) < 1e-9, row["from"] == row["to"]);
    }
    // Along a river it is farther than straight, and along a road of one edge it is not.
    let river = json(&["distance", "广安", "重庆", "--river", "嘉陵江", "--json"]);
    let (straight, along) = (
        number(&river["distance_m"]),
        number(&river["along_river_m"]),
    );
    assert!(straight * 1.2 < along && along < straight * 2.0, "{river}");
    let road = json(&[
        "distance",
        "106.05,30",
        "106.35,30",
        "--along",
        &road,
        "--json",
    ]);
    let straight = number(&road["distance_m"]);
    let along = road
        .as_object()
        .expect("an object")
        .iter()
        .find(|(key, _)| key.starts_with("along_"));
    let along = number(along.expect("a length").1);
    assert!((along - straight).abs() < 1.0, "{road}");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    for arguments in [
        &["near", "广安", "-k", "5000", "--csv"][..],
        &["within", "四川省", "--json"],
        &["matrix", "广安", "合川", "重庆", "成都", "--csv"],
    ] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_yutu"))
            .args(arguments)
            .env("YUTU_GAZETTEER", "")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::with_capacity(16, process.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let output = process.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}
