//! Spatial questions, against `PostGIS` in a cluster of its own, and batches from end to end.

#![allow(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

mod common;
#[path = "common/postgis.rs"]
mod postgis;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{json, stdout, yutu};
use postgis::PostGis;
use serde_json::Value;

/// A generator of numbers that is the same everywhere.
struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let share = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// Degrees with six digits, so that text and number are one.
    fn degrees(&mut self, from: f64, to: f64) -> f64 {
        ((from + (to - from) * self.share()) * 1e6).round() / 1e6
    }
}

/// Points around the world and many in a corner of it, some twice.
fn points(count: usize) -> Vec<[f64; 2]> {
    let mut random = Random(7);
    let mut all: Vec<[f64; 2]> = Vec::new();
    for number in 0..count {
        all.push(match number % 10 {
            0 => [random.degrees(-180.0, 180.0), random.degrees(-90.0, 90.0)],
            1 if number > 100 => all[number / 2],
            2 => [180.0, random.degrees(-80.0, 80.0)],
            3 => [random.degrees(-180.0, 180.0), random.degrees(89.0, 90.0)],
            _ => [random.degrees(104.0, 108.0), random.degrees(28.0, 32.0)],
        });
    }
    all
}

/// Areas with shared borders: a grid of squares with bent sides, as text.
fn areas() -> Vec<String> {
    let corner = |x: u32, y: u32| {
        let mut random = Random(u64::from(x * 1009 + y * 31 + 5));
        let (dx, dy) = (random.degrees(-0.1, 0.1), random.degrees(-0.1, 0.1));
        format!(
            "{:.6},{:.6}",
            104.0 + f64::from(x) * 0.5 + dx,
            28.0 + f64::from(y) * 0.5 + dy
        )
    };
    let mut all = Vec::new();
    for y in 0..8 {
        for x in 0..8 {
            let ring = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)];
            let ring: Vec<String> = ring.map(|(x, y)| corner(x, y)).to_vec();
            all.push(ring.join("],["));
        }
    }
    all
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

fn write_points(folder: &Path, points: &[[f64; 2]]) -> PathBuf {
    let mut text = "id,lon,lat\n".to_owned();
    for (id, [lon, lat]) in points.iter().enumerate() {
        let _ = writeln!(text, "{id},{lon},{lat}");
    }
    let path = folder.join("points.csv");
    std::fs::write(&path, text).expect("written");
    path
}

fn write_areas(folder: &Path) -> PathBuf {
    let mut text = String::new();
    for (id, ring) in areas().iter().enumerate() {
        let _ = writeln!(
            text,
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":{id}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{ring}]]]}}}}"
        );
    }
    let path = folder.join("areas.ndjson");
    std::fs::write(&path, text).expect("written");
    path
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn near_and_within_answer_as_postgis() {
    let Some(postgis) = PostGis::start() else {
        return;
    };
    let folder = folder();
    let points = points(20_000);
    let file = write_points(folder.path(), &points);
    let area_file = write_areas(folder.path());
    let mut load = "create table p(id int, g geometry);\ncopy p from stdin;\n".to_owned();
    for (id, [lon, lat]) in points.iter().enumerate() {
        let _ = writeln!(load, "{id}\tSRID=4326;POINT({lon} {lat})");
    }
    load.push_str("\\.\ncreate table a(id int, g geometry);\ncopy a from stdin;\n");
    for (id, ring) in areas().iter().enumerate() {
        let ring = ring.replace(',', " ").replace("] [", ",");
        let _ = writeln!(load, "{id}\tSRID=4326;POLYGON(({ring}))");
    }
    load.push_str("\\.\ncreate index on p using gist((g::geography));\ncreate index on p using gist(g);\nanalyze;\n");
    postgis.ask(&load);

    // The nearest: its own order is of the sphere, so some more are taken and put in order again.
    let index = folder.path().join("points.yidx");
    let (file_name, index_name) = (
        file.to_str().expect("UTF-8"),
        index.to_str().expect("UTF-8"),
    );
    stdout(&["index", file_name, "-o", index_name], 0);
    for [lon, lat] in [
        [106.63, 30.46],
        [180.0, 10.0],
        [-179.99, -5.0],
        [12.0, 89.99],
        [0.0, -90.0],
        [104.0, 28.0],
    ] {
        let at = format!("{lon},{lat}");
        let own = json(&["near", &at, "--in", index_name, "-k", "10", "--json"]);
        let own = own.as_array().expect("an array");
        let theirs = postgis.ask(&format!(
            "select id, round((d * 1e6)::numeric) from (select id, ST_Distance(g::geography, q) d from p, (select 'SRID=4326;POINT({lon} {lat})'::geography q) s order by g::geography <-> q limit 30) n order by 2, 1 limit 10"
        ));
        assert_eq!(own.len(), 10);
        for (own, theirs) in own.iter().zip(&theirs) {
            let metres: f64 = theirs[1].parse::<f64>().expect("a number") / 1e6;
            assert!(
                (number(&own["distance_m"]) - metres).abs() < 1e-3,
                "{at}: {own} {theirs:?}"
            );
            assert_eq!(own["id"].to_string(), theirs[0], "{at}: {own} {theirs:?}");
        }
        for radius in [30_000, 500_000] {
            let run = yutu(&[
                "near",
                &at,
                "--in",
                index_name,
                "--radius",
                &format!("{radius}m"),
                "--json",
            ]);
            let own: Vec<Value> = serde_json::from_slice(&run.stdout).expect("JSON");
            let mut own: Vec<String> = own.iter().map(|row| row["id"].to_string()).collect();
            let theirs = postgis.ask(&format!(
                "select id from p where ST_DWithin(g::geography, 'SRID=4326;POINT({lon} {lat})'::geography, {radius}) order by id"
            ));
            let mut theirs: Vec<String> = theirs.into_iter().map(|mut row| row.remove(0)).collect();
            own.sort();
            theirs.sort();
            assert_eq!(own, theirs, "{at} {radius}");
        }
    }
    joins(&postgis, &file, &area_file);
    nearest_areas(&postgis, folder.path(), &points[..400], &area_file);
}

fn joins(postgis: &PostGis, file: &Path, area_file: &Path) {
    let file_name = file.to_str().expect("UTF-8");
    // Joins: containment is planar in both.
    let area_name = area_file.to_str().expect("UTF-8");
    for (predicate, function) in [("within", "ST_Within"), ("intersects", "ST_Intersects")] {
        let own = stdout(
            &[
                "join",
                file_name,
                "--with",
                area_name,
                "--predicate",
                predicate,
                "--all",
                "--inner",
                "--prefix",
                "a_",
                "--csv",
            ],
            0,
        );
        let own: Vec<String> = own
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                format!("{}|{}", cells[0], cells[3])
            })
            .collect();
        let theirs: Vec<String> = postgis
            .ask(&format!(
                "select p.id, a.id from p join a on {function}(p.g, a.g) order by 1, 2"
            ))
            .iter()
            .map(|row| row.join("|"))
            .collect();
        assert!(own.len() > 5_000);
        assert_eq!(own, theirs, "{predicate}");
    }
}

fn nearest_areas(postgis: &PostGis, folder: &Path, points: &[[f64; 2]], area_file: &Path) {
    let area_name = area_file.to_str().expect("UTF-8");
    // The nearest area: its edges densified, since those of geography are great circles.
    let theirs = postgis.ask("select p.id, min(ST_Distance(p.g::geography, d.g)) from p, (select ST_Segmentize(g, 0.01)::geography g from a) d where p.id < 400 group by 1 order by 1");
    let few = write_points(
        &{
            let few = folder.join("few");
            std::fs::create_dir(&few).expect("made");
            few
        },
        points,
    );
    let own = stdout(
        &[
            "join",
            few.to_str().expect("UTF-8"),
            "--with",
            area_name,
            "--predicate",
            "nearest",
            "--csv",
        ],
        0,
    );
    for (line, theirs) in own.lines().skip(1).zip(&theirs) {
        let metres: f64 = line
            .rsplit(',')
            .next()
            .and_then(|cell| cell.parse().ok())
            .expect("metres");
        let truth: f64 = theirs[1].parse().expect("metres");
        // Far away the server measures between the nearest positions of its sphere.
        assert!(
            (metres - truth).abs() < 1.0 + truth * 1e-6,
            "{line} {theirs:?}"
        );
    }
}

#[test]
fn rows_in_are_rows_out_and_rejects() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let mut text = "id,lon,lat\n".to_owned();
    for (id, [lon, lat]) in points(5_000).iter().enumerate() {
        let _ = match id % 100 {
            17 => writeln!(text, "{id},here,there"),
            _ => writeln!(text, "{id},{lon},{lat}"),
        };
    }
    let file = folder.path().join("points.csv");
    std::fs::write(&file, &text).expect("written");
    let rejects = folder.path().join("rejects.csv");
    let name = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let mut outputs = Vec::new();
    for threads in ["1", "3"] {
        let out = stdout(
            &[
                "join",
                &name(&file),
                "--with",
                &name(&area_file),
                "--rejects",
                &name(&rejects),
                "--threads",
                threads,
            ],
            0,
        );
        let bad = std::fs::read_to_string(&rejects).expect("rejects");
        assert_eq!(out.lines().count() - 1 + bad.lines().count() - 1, 5_000);
        assert_eq!(bad.lines().count() - 1, 50);
        assert!(
            bad.lines().nth(1).expect("a reject").starts_with("19,"),
            "{bad}"
        );
        outputs.push((out, bad));
    }
    assert!(outputs[0] == outputs[1]);
    // The row's own bytes, and nothing where nothing holds it.
    let first = outputs[0].0.lines().nth(1).expect("a row");
    assert!(
        first.starts_with(text.lines().nth(1).expect("a row")),
        "{first}"
    );
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let file = write_points(folder.path(), &points(50_000));
    let mut process = Command::new(env!("CARGO_BIN_EXE_yutu"))
        .args([
            "join",
            file.to_str().expect("UTF-8"),
            "--with",
            area_file.to_str().expect("UTF-8"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(line, "id,lon,lat,areas_id\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
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
