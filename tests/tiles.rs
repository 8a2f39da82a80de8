//! `yutu tile` on files: tiles read with other people's programs.

#![expect(clippy::cast_precision_loss, reason = "small numbers")]

mod common;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{json, repository, stderr, stdout, succeeds, tool, yutu};
use serde_json::Value;

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap_or(0)) / 4_294_967_296.0
    }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path
}

/// 3000 points, two thirds of them in one town.
fn points(folder: &Path) -> PathBuf {
    let mut chance = Chance(1);
    let mut text = String::new();
    for id in 0..3000 {
        let spread = if id % 3 == 0 { 4.0 } else { 0.05 };
        let lon = 106.5 + (chance.next() - 0.5) * spread;
        let lat = 29.5 + (chance.next() - 0.5) * spread;
        let pop = id * 7919 % 5000;
        let kind = ["镇", "乡", "村"][id % 3];
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","id":{id},"properties":{{"id":{id},"name":"名{}","kind":"{kind}","pop":{pop}}},"geometry":{{"type":"Point","coordinates":[{lon:.6},{lat:.6}]}}}}"#,
            id * 31 % 997,
        );
    }
    write(folder, "points.ndjson", &text)
}

/// A country of 24 × 24 districts whose borders wind; neighbours share every vertex.
fn districts(folder: &Path) -> PathBuf {
    const SIDE: usize = 24;
    const STEPS: usize = 12;
    // Corner (column, row), and the vertices from a corner to the next one east or south.
    let wind = |a: usize, b: usize, way: usize, step: usize| {
        let mut chance = Chance((((a * 64 + b) * 2 + way) * 64 + step) as u64 + 77);
        chance.next();
        // Less than half a step: no ring crosses itself.
        (chance.next() - 0.5) * 0.01
    };
    let at = |column: usize, row: usize, way: usize, step: usize| {
        let along = step as f64 / STEPS as f64;
        let (east, south) = if way == 0 { (along, 0.0) } else { (0.0, along) };
        let (shift_x, shift_y) = if step == 0 {
            (wind(column, row, 2, 0), wind(column, row, 3, 0))
        } else {
            (
                wind(column, row, way, step),
                wind(column, row, way, step + 32),
            )
        };
        let lon = 104.0 + (column as f64 + east) * 0.15 + shift_x;
        let lat = 32.0 - (row as f64 + south) * 0.15 + shift_y;
        format!("[{lon:.6},{lat:.6}]")
    };
    let mut text = String::new();
    for row in 0..SIDE {
        for column in 0..SIDE {
            let id = row * SIDE + column;
            let mut ring: Vec<String> = Vec::new();
            ring.extend((0..STEPS).map(|step| at(column, row, 0, step)));
            ring.extend((0..STEPS).map(|step| at(column + 1, row, 1, step)));
            ring.extend((1..STEPS).rev().map(|step| at(column, row + 1, 0, step)));
            ring.insert(2 * STEPS, at(column + 1, row + 1, 0, 0));
            ring.push(at(column, row + 1, 0, 0));
            ring.extend((1..STEPS).rev().map(|step| at(column, row, 1, step)));
            ring.push(at(column, row, 0, 0));
            let _ = writeln!(
                text,
                r#"{{"type":"Feature","properties":{{"id":{id},"name":"区{id}"}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
                ring.join(",")
            );
        }
    }
    write(folder, "districts.ndjson", &text)
}

/// 400 winding lines.
fn lines(folder: &Path) -> PathBuf {
    let mut chance = Chance(5);
    let mut text = String::new();
    for id in 0..400 {
        let (mut lon, mut lat) = (104.0 + chance.next() * 4.0, 28.0 + chance.next() * 4.0);
        let vertices: Vec<String> = (0..60)
            .map(|_| {
                lon += (chance.next() - 0.4) * 0.01;
                lat += (chance.next() - 0.5) * 0.01;
                format!("[{lon:.6},{lat:.6}]")
            })
            .collect();
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","properties":{{"id":{id},"lanes":{}}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
            id % 5,
            vertices.join(",")
        );
    }
    write(folder, "lines.ndjson", &text)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Makes an archive and returns the report.
fn tile(inputs: &[&Path], out: &Path, options: &[&str]) -> Value {
    let mut arguments = vec!["tile"];
    arguments.extend(inputs.iter().map(|path| text(path)));
    arguments.extend(["-o", text(out), "--force", "--quiet", "--json"]);
    arguments.extend(options);
    json(&arguments)
}

/// What other programs see; `None` without them.
fn seen(archive: &Path, more: &[&str]) -> Option<Value> {
    let python = tool(
        "python",
        &["-c", "import mapbox_vector_tile, pmtiles, shapely"],
    )?;
    let output = succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/check_tiles.py"))
            .arg(archive)
            .args(more),
    );
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

fn verified(archive: &Path) {
    let found = json(&["tile", "verify", text(archive), "--json"]);
    assert_eq!(found["errors"], 0, "{found:#}");
}

#[test]
fn every_point_is_in_one_tile_of_each_zoom_where_nothing_may_be_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (points(folder.path()), folder.path().join("p.pmtiles"));
    tile(&[&input], &out, &["-z", "9", "-M", "none"]);
    verified(&out);
    let Some(seen) = seen(&out, &[]) else { return };
    for zoom in 0..=9 {
        let zoom = &seen["zooms"][zoom.to_string()];
        assert_eq!(
            (&zoom["features"], &zoom["inside"]),
            (&3000.into(), &3000.into()),
            "{zoom}"
        );
    }
}

#[test]
fn no_tile_is_over_a_cap_of_any_size_and_what_is_shown_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = [
        points(folder.path()),
        lines(folder.path()),
        districts(folder.path()),
    ];
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    for (cap, bytes) in [
        ("1KB", 1_000),
        ("7KB", 7_000),
        ("50KB", 50_000),
        ("10MB", 10_000_000),
    ] {
        for drop in ["densest", "rate", "rank=pop"] {
            let out = folder.path().join("c.pmtiles");
            let options = ["-z", "7", "-M", cap, "--drop", drop];
            let report = tile(&inputs[..1], &out, &options);
            verified(&out);
            for zoom in report["archive"]["zooms"].as_array().expect("zooms") {
                assert!(
                    zoom["largest_bytes"].as_u64() <= Some(bytes),
                    "{cap} {drop}: {zoom}"
                );
            }
            let Some(seen) = seen(&out, &[]) else {
                continue;
            };
            let given_up = |zoom: &Value| zoom["given_up"].as_u64();
            if report["zooms"]
                .as_array()
                .expect("zooms")
                .iter()
                .all(|zoom| given_up(zoom) == Some(0))
            {
                assert_eq!(seen["nested"], true, "{cap} {drop}");
            }
        }
        let out = folder.path().join("all.pmtiles");
        let report = tile(&inputs, &out, &["-z", "7", "-M", cap]);
        verified(&out);
        for zoom in report["archive"]["zooms"].as_array().expect("zooms") {
            assert!(
                zoom["largest_bytes"].as_u64() <= Some(bytes),
                "{cap}: {zoom}"
            );
        }
    }
    let out = folder.path().join("f.pmtiles");
    tile(&inputs, &out, &["-z", "7", "-M", "none", "-O", "100"]);
    if let Some(seen) = seen(&out, &[]) {
        for (_, zoom) in seen["zooms"].as_object().expect("zooms") {
            assert!(zoom["most_features"].as_u64() <= Some(100), "{zoom}");
        }
    }
}

#[test]
fn the_report_says_what_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (points(folder.path()), folder.path().join("r.pmtiles"));
    let report = tile(&[&input], &out, &["-z", "6", "--drop", "rate=2"]);
    let shown = |table: &str| -> Vec<u64> {
        let zooms = report[table]
            .as_array()
            .or(report["archive"]["zooms"].as_array());
        zooms
            .expect("zooms")
            .iter()
            .map(|zoom| zoom["features"].as_u64().expect("a number"))
            .collect()
    };
    let dropped = report["zooms"].as_array().expect("zooms");
    for (zoom, shown) in dropped.iter().zip(shown("archive_zooms")) {
        assert_eq!(
            shown + zoom["dropped"].as_u64().expect("a number"),
            3000,
            "{zoom}"
        );
    }
    let counts = shown("archive_zooms");
    for pair in counts.windows(2) {
        let ratio = pair[1] as f64 / pair[0] as f64;
        assert!((1.8..2.2).contains(&ratio), "{counts:?}");
    }
}

#[test]
fn clusters_count_every_point_at_every_zoom() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (points(folder.path()), folder.path().join("k.pmtiles"));
    tile(
        &[&input],
        &out,
        &["-z", "8", "--cluster", "32", "--cluster-sum", "pop"],
    );
    verified(&out);
    let Some(seen) = seen(&out, &[]) else { return };
    let sum: u64 = (0..3000).map(|id| id * 7919 % 5000).sum();
    for zoom in 0..=8 {
        let zoom = &seen["zooms"][zoom.to_string()];
        assert_eq!(zoom["points"], 3000, "{zoom}");
        assert_eq!(zoom["sum"], sum, "{zoom}");
    }
    assert!(seen["zooms"]["2"]["features"].as_u64() < Some(60));
    assert!(seen["zooms"]["2"]["clusters"].as_u64() > Some(0));
}

#[test]
fn districts_are_valid_leave_no_gap_and_cover_what_they_covered() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (districts(folder.path()), folder.path().join("d.pmtiles"));
    tile(&[&input], &out, &["-z", "9"]);
    verified(&out);
    // At zoom 4 they lie in one tile: nothing reaches into a buffer.
    for (zoom, buffer) in [("4", 0), ("6", 80), ("9", 80)] {
        let out = folder.path().join(format!("d{zoom}.pmtiles"));
        tile(&[&input], &out, &["-z", zoom]);
        let Some(seen) = seen(&out, &["--union", text(&input)]) else {
            return;
        };
        assert_eq!(seen["invalid"], serde_json::json!([]), "{zoom}");
        assert_eq!(seen["holes"], serde_json::json!([]), "{zoom}");
        assert_eq!(seen["buffer"], buffer, "{zoom}");
        for what in ["missing", "beyond"] {
            let area = seen[what].as_f64().expect("an area");
            assert!(area < 1.0, "{what} at zoom {zoom}: {area} square pixels");
        }
    }
    let Some(seen) = seen(&out, &[]) else { return };
    assert_eq!(seen["invalid"], serde_json::json!([]));
}

#[test]
fn the_same_bytes_come_of_any_threads_memory_and_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = [
        points(folder.path()),
        lines(folder.path()),
        districts(folder.path()),
    ];
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let made = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let mut options = vec!["-z", "8", "-M", "20KB", "--labels", "-n", "same"];
        options.extend(more);
        tile(&inputs, &out, &options);
        fs::read(&out).expect("written")
    };
    let one = made("1.pmtiles", &["--threads", "1"]);
    for threads in ["2", "3", "4"] {
        assert!(
            one == made("t.pmtiles", &["--threads", threads]),
            "{threads} threads"
        );
    }
    assert!(
        one == made("m.pmtiles", &["--memory", "100KB"]),
        "little memory"
    );
    for of in ["2", "3", "7"] {
        let count: u32 = of.parse().expect("a number");
        let parts: Vec<String> = (1..=count)
            .map(|number| {
                let name = format!("{number}-{of}.part");
                made(&name, &["--part", &format!("{number}/{of}")]);
                text(&folder.path().join(name)).to_owned()
            })
            .collect();
        let out = folder.path().join("merged.pmtiles");
        let mut arguments = vec!["tile", "merge"];
        arguments.extend(parts.iter().map(String::as_str));
        arguments.extend(["-o", text(&out), "--force"]);
        stdout(&arguments, 0);
        assert!(one == fs::read(&out).expect("merged"), "{of} parts");
    }
}

#[test]
fn layers_attributes_filters_and_zooms_are_those_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, lines) = (points(folder.path()), lines(folder.path()));
    let out = folder.path().join("a.pmtiles");
    let inputs = [
        format!("towns:{}", text(&points)),
        format!("roads:{}", text(&lines)),
    ];
    let arguments = [
        "tile",
        "-L",
        &inputs[0],
        "-L",
        &inputs[1],
        "-o",
        text(&out),
        "-z",
        "6",
        "-M",
        "none",
        "-x",
        "name",
        "--rename",
        "pop=people",
        "-A",
        "试",
        "--quiet",
        "-j",
        r#"["any", ["all", ["==", ["get", "kind"], "镇"], [">=", ["zoom"], 4]], [">", ["get", "lanes"], 2]]"#,
    ];
    stdout(&arguments, 0);
    verified(&out);
    let about = json(&["tile", "inspect", text(&out), "--json"]);
    let layers = about["layers"].as_object().expect("layers");
    let mut found: Vec<&str> = layers.keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, ["roads", "towns"], "{about:#}");
    let Some(seen) = seen(&out, &[]) else { return };
    assert!(
        seen["zooms"]["3"]["inside"].is_null() || seen["zooms"]["3"]["inside"] == 0,
        "{seen}"
    );
    assert_eq!(seen["zooms"]["4"]["inside"], 1000, "{seen}");
}

#[test]
fn what_is_wrong_with_input_is_said_or_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("w.pmtiles");
    let good = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[106.5,29.5]}}"#;
    let mixed = format!(
        "{good}\n{}\n{}\n{}\n",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,29.5]}}"#,
        r#"{"type":"Feature","properties":{},"geometry":null}"#,
        r#"{"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[106,29]},{"type":"LineString","coordinates":[[106,29],[107,30]]}]}}"#,
    );
    let input = write(folder.path(), "mixed.ndjson", &mixed);
    let report = tile(&[&input], &out, &["-z", "3"]);
    let counts = &report["counts"];
    assert_eq!(counts["rejected"], 1, "{report:#}");
    assert_eq!(counts["empty"], 1, "{report:#}");
    assert_eq!(
        (&counts["points"], &counts["lines"]),
        (&2.into(), &1.into()),
        "{report:#}"
    );
    let strict = folder.path().join("strict.pmtiles");
    let said = stderr(&["tile", text(&input), "-o", text(&strict), "--strict"], 2);
    assert!(
        said.contains("mixed.ndjson") && said.contains("line 2"),
        "{said}"
    );
    assert!(!strict.exists());
    for (name, content, words) in [
        ("empty.geojson", "", "empty"),
        (
            "none.geojson",
            r#"{"type":"FeatureCollection","features":[]}"#,
            "no feature to draw",
        ),
    ] {
        let input = write(folder.path(), name, content);
        let said = stderr(&["tile", text(&input), "-o", text(&strict)], 2);
        assert!(said.contains(words), "{name}: {said}");
        assert!(!strict.exists());
    }
    let said = stderr(&["tile", "no-such.geojson", "-o", text(&strict)], 2);
    assert!(said.contains("no-such.geojson"), "{said}");
    let said = stderr(
        &[
            "tile",
            text(&input),
            "-o",
            text(&strict),
            "-j",
            r#"["foo"]"#,
        ],
        2,
    );
    assert!(said.contains("no operator `foo`"), "{said}");
    let said = stderr(
        &[
            "tile",
            text(&input),
            "-o",
            text(&strict),
            "--rank",
            "people",
        ],
        2,
    );
    assert!(said.contains("`people`"), "{said}");
}

#[test]
fn gdal_reads_the_tiles() {
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = [points(folder.path()), districts(folder.path())];
    let out = folder.path().join("g.mbtiles");
    tile(&[&inputs[0], &inputs[1]], &out, &["-z", "7", "-M", "none"]);
    let output = Command::new(ogrinfo)
        .args(["-ro", "-so", "-al", text(&out)])
        .output()
        .expect("ogrinfo runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("Layer name: points") && said.contains("Layer name: districts"),
        "{said}"
    );
    assert!(said.contains("Feature Count: 3000"), "{said}");
    assert!(
        said.contains("pop: Integer") || said.contains("pop: Real"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_there_stays_unless_forced() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = lines(folder.path());
    let out = write(folder.path(), "mine.pmtiles", "mine");
    let output = yutu(&["tile", text(&input), "-o", text(&out)]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(&out).expect("there"), b"mine");
}
