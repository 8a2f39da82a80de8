//! `yutu tile` killed, short of disk, and in parts: whole or not at all, and always the same bytes.

mod common;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{json, stderr, stdout, tile_limited};

/// Numbers that are the same in every run (a linear congruential generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Points in towns over a country.
fn points(folder: &Path, count: usize) -> PathBuf {
    let mut chance = Chance(7);
    let mut text = String::new();
    for number in 0..count {
        let town = number as u64 * number as u64 % 211;
        let lon = 80_000_000 + town * 211_000 + chance.below(900_000);
        let lat = 22_000_000 + town * 37 % 211 * 90_000 + chance.below(900_000);
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","properties":{{"n":{number},"town":"town {town}"}},"geometry":{{"type":"Point","coordinates":[{}.{:06},{}.{:06}]}}}}"#,
            lon / 1_000_000,
            lon % 1_000_000,
            lat / 1_000_000,
            lat % 1_000_000,
        );
    }
    let path = folder.join("points.ndjson");
    fs::write(&path, text).expect("written");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn start(input: &Path, out: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_yutu"))
        // Named, as the name would be that of the file.
        .args([
            "tile",
            text(input),
            "-o",
            text(out),
            "-z",
            "12",
            "-n",
            "points",
            "--quiet",
        ])
        .args(more)
        .env("YUTU_GAZETTEER", "")
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn finish(input: &Path, out: &Path, more: &[&str]) -> Vec<u8> {
    let status = start(input, out, more).wait().expect("it ends");
    assert!(status.success(), "{status}");
    fs::read(out).expect("the archive")
}

#[test]
fn killed_at_ten_moments_it_leaves_nothing_that_claims_to_be_whole_and_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = points(folder.path(), 60_000);
    let began = Instant::now();
    let expected = finish(&input, &folder.path().join("plain.pmtiles"), &[]);
    let whole = began.elapsed();
    let mut chance = Chance(3);
    let mut killed = 0;
    for round in 0..10 {
        let out = folder.path().join(format!("{round}.pmtiles"));
        // One of a few is killed again when it goes on.
        for _ in 0..=round % 3 {
            let mut child = start(&input, &out, &["--resume"]);
            // The first run is slower than the others: later moments would find the archive done.
            let moment = u32::try_from(chance.below(600)).expect("small");
            std::thread::sleep(whole.mul_f64(f64::from(moment) / 1000.0));
            // SIGKILL. A run that was faster has its archive.
            child.kill().expect("it may be killed");
            let status = child.wait().expect("it ends");
            if out.exists() {
                break;
            }
            assert!(!status.success());
            killed += 1;
            // What is left is refused by those who read archives.
            let part = folder.path().join(format!("{round}.pmtiles.part"));
            if part.join("whole").is_file() {
                let said = common::yutu(&["tile", "verify", text(&part.join("whole"))]);
                assert!(
                    !said.status.success()
                        || fs::read(part.join("whole")).expect("read") == expected
                );
            }
        }
        let bytes = if out.exists() {
            fs::read(&out).expect("the archive")
        } else {
            finish(&input, &out, &["--resume"])
        };
        assert!(bytes == expected, "round {round}");
        assert!(!folder.path().join(format!("{round}.pmtiles.part")).exists());
    }
    assert!(
        killed >= 3,
        "{killed} runs were killed: the moments are too late"
    );
}

#[test]
fn a_run_of_other_options_does_not_go_on_from_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = points(folder.path(), 60_000);
    let out = folder.path().join("a.pmtiles");
    let part = folder.path().join("a.pmtiles.part");
    let mut child = start(&input, &out, &[]);
    let began = Instant::now();
    // Its head is written at once; killed before, there is nothing that another run could be of.
    let has_head = || std::fs::metadata(part.join("journal")).is_ok_and(|file| file.len() > 0);
    while !has_head() && began.elapsed() < Duration::from_secs(120) {
        std::thread::yield_now();
    }
    child.kill().expect("it may be killed");
    child.wait().expect("it ends");
    assert!(!out.exists());
    let said = stderr(
        &[
            "tile",
            text(&input),
            "-o",
            text(&out),
            "-z",
            "11",
            "--resume",
        ],
        2,
    );
    assert!(said.contains("other input or options"), "{said}");
    stdout(
        &[
            "tile",
            text(&input),
            "-o",
            text(&out),
            "-z",
            "11",
            "--quiet",
        ],
        0,
    );
    let found = json(&["tile", "verify", text(&out), "--json"]);
    assert_eq!(found["errors"], 0, "{found:#}");
}

#[test]
fn a_full_disk_is_a_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = points(folder.path(), 20_000);
    for name in ["a.pmtiles", "a.mbtiles"] {
        let out = folder.path().join(name);
        // A limit on the size of files stands for a full disk; without its signal the write fails.
        let more = ["-z", "12", "-n", "points", "--quiet"];
        let output = tile_limited("trap '' XFSZ; ulimit -f 64", &input, &out, &more);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{name}.part")), "{said}");
        assert!(!out.exists());
        // With room again it goes on.
        let bytes = finish(&input, &out, &["--resume"]);
        let plain = finish(&input, &folder.path().join(format!("plain-{name}")), &[]);
        assert!(bytes == plain, "{name}");
    }
}

#[test]
fn parts_on_any_number_of_threads_merge_into_the_archive_of_a_single_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = points(folder.path(), 20_000);
    let expected = finish(
        &input,
        &folder.path().join("plain.pmtiles"),
        &["--threads", "1"],
    );
    for of in [1, 2, 3, 7] {
        let threads = (of % 4 + 1).to_string();
        let parts: Vec<PathBuf> = (1..=of)
            .map(|number| {
                let out = folder.path().join(format!("{number}-{of}.part"));
                let which = format!("{number}/{of}");
                finish(&input, &out, &["--part", &which, "--threads", &threads]);
                out
            })
            .collect();
        let out = folder.path().join(format!("merged-{of}.pmtiles"));
        let mut arguments = vec!["tile", "merge", "-o", text(&out), "--quiet"];
        arguments.extend(parts.iter().rev().map(|part| text(part)));
        stdout(&arguments, 0);
        assert!(fs::read(&out).expect("merged") == expected, "{of} parts");
        if of > 1 {
            let mut arguments = vec!["tile", "merge", "-o", text(&out), "--force"];
            arguments.extend(parts.iter().skip(1).map(|part| text(part)));
            let said = stderr(&arguments, 2);
            assert!(said.contains("missing: 1"), "{said}");
        }
    }
}

/// Runs `yutu tile` on a text with at most so much memory, in megabytes of addresses.
fn tile_within(
    megabytes: u32,
    folder: &Path,
    (name, text): (&str, &str),
    more: &[&str],
) -> std::process::Output {
    let input = folder.join(name);
    fs::write(&input, text).expect("written");
    let limit = format!("ulimit -v {}", megabytes * 1024);
    let out = folder.join("out.pmtiles");
    let more = [&["--force", "--quiet", "--json"], more].concat();
    tile_limited(&limit, &input, &out, &more)
}

/// The report of a run that must succeed, and the archive must be sound and keep a cap.
fn report(folder: &Path, output: &std::process::Output, cap: Option<&str>) -> serde_json::Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let out = folder.join("out.pmtiles");
    let mut arguments = vec!["tile", "verify", text(&out), "--json"];
    arguments.extend(cap.iter().flat_map(|cap| ["--max-bytes", *cap]));
    let found = json(&arguments);
    assert_eq!(found["errors"], 0, "{found:#}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn square(id: usize, west: f64, south: f64, side: f64) -> String {
    let (east, north) = (west + side, south + side);
    format!(
        r#"{{"type":"Feature","properties":{{"id":{id}}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

#[test]
fn rows_that_cannot_be_read_are_counted_and_named_and_with_strict_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = r#"{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[106,29]}}"#;
    let deep = 10_000;
    let point = |coordinates: &str, properties: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#
        )
    };
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(deep), close.repeat(deep));
    let bad = [
        ("NaN", point("[NaN,29]", "")),
        ("Infinity", point("[106,Infinity]", "")),
        ("1e999", point("[1e999,29]", "")),
        ("a property", point("[106,29]", "\"a\":NaN")),
        ("deep", point(&nested("[", "]"), "")),
        (
            "deep",
            point("[106,29]", &format!("\"a\":{}", nested("[", "]"))),
        ),
        (
            "deep",
            point("[106,29]", &format!("\"a\":{}", nested("{\"b\":", "}"))),
        ),
        (
            "cut short",
            r#"{"type":"Feature","properties":{"a":"#.to_owned(),
        ),
        ("no feature", "[1,2]".to_owned()),
    ];
    for (what, row) in &bad {
        let rows = format!("{good}\n{row}\n{good}\n");
        let output = tile_within(1500, folder.path(), ("rows.ndjson", &rows), &["-z", "3"]);
        let made = report(folder.path(), &output, None);
        assert_eq!(made["counts"]["rejected"], 1, "{what}: {made:#}");
        assert_eq!(made["counts"]["points"], 2, "{what}");
        let reject = made["rejects"][0].as_str().unwrap_or_default();
        assert!(reject.contains("line 2"), "{what}: {reject}");
        assert!(reject.len() < 400, "{what}: {}", reject.len());
        let strict = ["-z", "3", "--strict"];
        let output = tile_within(1500, folder.path(), ("rows.ndjson", &rows), &strict);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {said}");
        assert!(
            said.contains("line 2") && said.contains("--strict"),
            "{what}: {said}"
        );
    }
}

#[test]
fn unreadable_and_truncated_input_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.pmtiles");
    let refused = |input: &Path| {
        let said = stderr(&["tile", text(input), "-o", text(&out), "--quiet"], 2);
        assert!(!out.exists() && !folder.path().join("out.pmtiles.part").exists());
        let name = input.file_name().expect("a name").to_string_lossy();
        assert!(said.contains(&*name), "{said}");
        said
    };
    refused(&folder.path().join("missing.ndjson"));
    refused(folder.path());
    let collection = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        square(1, 106.0, 29.0, 0.5),
        square(2, 107.0, 29.0, 0.5)
    );
    // At any place: in a number, behind a feature, before the last bracket.
    for keep in [30, 110, 190, 250, collection.len() - 1] {
        let input = folder.path().join("cut.geojson");
        fs::write(&input, &collection[..keep]).expect("written");
        refused(&input);
    }
    let mut packed = Vec::new();
    let mut gzip = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip runs");
    let points = fs::read(points(folder.path(), 3000)).expect("read");
    let mut pipe = gzip.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut pipe, &points));
    std::io::Read::read_to_end(&mut gzip.stdout.take().expect("a pipe"), &mut packed)
        .expect("packed");
    writer.join().expect("no panic").expect("written");
    gzip.wait().expect("it ends");
    let input = folder.path().join("cut.ndjson.gz");
    fs::write(&input, &packed[..packed.len() / 2]).expect("written");
    refused(&input);
    let last = packed.len() - 6;
    packed[last] ^= 1;
    fs::write(&input, &packed).expect("written");
    refused(&input);
}

#[test]
fn a_collection_of_geometries_becomes_a_feature_of_each_geometry() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = concat!(
        r#"{"type":"Feature","properties":{"a":1},"geometry":{"type":"GeometryCollection","geometries":["#,
        r#"{"type":"Point","coordinates":[106,29]},null,{"type":"MultiPoint","coordinates":[[107,29],[107,30]]},"#,
        r#"{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[106,29],[107,30]]},"#,
        r#"{"type":"Polygon","coordinates":[[[106,29],[107,29],[107,30],[106,29]]]}]},"#,
        r#"{"type":"MultiPolygon","coordinates":[[[[110,29],[111,29],[111,30],[110,29]]]]}]}}"#,
        "\n",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[]}}"#,
        "\n",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Circle"}]}}"#,
        "\n",
    );
    let output = tile_within(1500, folder.path(), ("mixed.ndjson", rows), &["-z", "5"]);
    let counts = &report(folder.path(), &output, None)["counts"];
    let found = [
        "features", "points", "lines", "polygons", "empty", "rejected",
    ];
    let found = found.map(|name| counts[name].as_u64().unwrap_or(0));
    assert_eq!(found, [3, 3, 1, 2, 1, 1], "{counts:#}");
}

#[test]
fn a_feature_of_100_000_attributes_costs_no_other_feature_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let attributes: Vec<String> = (0..100_000)
        .map(|nth| format!(r#""attribute {nth}":"value {}""#, nth * 7))
        .collect();
    let mut rows = format!(
        r#"{{"type":"Feature","properties":{{{}}},"geometry":{{"type":"Point","coordinates":[106.5,29.5]}}}}"#,
        attributes.join(",")
    );
    for nth in 0..200 {
        let lon = 106.0 + f64::from(nth) * 0.004;
        let _ = write!(
            rows,
            "\n{{\"type\":\"Feature\",\"properties\":{{\"n\":{nth}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon:.3},29.2]}}}}"
        );
    }
    let input = ("wide.ndjson", rows.as_str());
    let output = tile_within(1500, folder.path(), input, &["-z", "6"]);
    let made = report(folder.path(), &output, Some("500000"));
    for zoom in made["archive"]["zooms"].as_array().expect("zooms") {
        assert_eq!(zoom["features"], 200, "{zoom}");
    }
    for zoom in made["zooms"].as_array().expect("zooms") {
        assert_eq!(
            (&zoom["dropped"], &zoom["given_up"]),
            (&0.into(), &1.into()),
            "{zoom}"
        );
    }
    let notes = made["notes"].to_string();
    assert!(
        notes.contains("zoom 6: feature 1 larger than a tile may be"),
        "{notes}"
    );
    let output = tile_within(1500, folder.path(), input, &["-z", "6", "-M", "none"]);
    let made = report(folder.path(), &output, None);
    assert_eq!(made["archive"]["zooms"][6]["features"], 201);
}

/// A ring of so many vertices round a centre, with teeth.
fn gear(lon: f64, lat: f64, vertices: u32) -> String {
    let mut ring: Vec<String> = (0..vertices)
        .map(|nth| {
            let way = std::f64::consts::TAU * f64::from(nth) / f64::from(vertices);
            let radius = 2.0 + f64::from(nth * 7919 % 101) * 0.004;
            format!(
                "[{:.7},{:.7}]",
                lon + radius * way.cos(),
                lat + radius * way.sin()
            )
        })
        .collect();
    ring.push(ring[0].clone());
    ring.join(",")
}

#[test]
fn a_feature_that_no_tile_could_hold_is_simplified_further_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let ring = gear(106.0, 29.0, 12_000);
    let mut rows = format!(
        r#"{{"type":"Feature","properties":{{"id":0}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
    );
    let _ = write!(
        rows,
        "\n{{\"type\":\"Feature\",\"properties\":{{\"id\":1}},\"geometry\":{{\"type\":\"LineString\",\"coordinates\":[{ring}]}}}}"
    );
    for nth in 0u32..20 {
        let west = 100.0 + f64::from(nth) * 0.6;
        let _ = write!(rows, "\n{}", square(2 + nth as usize, west, 24.0, 0.2));
    }
    let input = ("large.ndjson", rows.as_str());
    let output = tile_within(1500, folder.path(), input, &["-z", "7", "-M", "6KB"]);
    let made = report(folder.path(), &output, Some("6000"));
    let notes = made["notes"].to_string();
    assert!(notes.contains("zoom 6: feature 1 simplified to"), "{notes}");
    assert!(notes.contains("zoom 7: feature 2 simplified to"), "{notes}");
    // Both are drawn at each zoom, and where they were simplified further the squares keep their places.
    let out = folder.path().join("out.pmtiles");
    for zoom in 0..=7u32 {
        let shown = &made["archive"]["zooms"][zoom as usize]["features"];
        assert!(shown.as_u64() >= Some(2), "{zoom}: {shown}");
    }
    for zoom in [6, 7] {
        let zoom = &made["zooms"][zoom];
        let lost = zoom["dropped"].as_u64().zip(zoom["given_up"].as_u64());
        assert_eq!(lost, Some((0, 0)), "{zoom}");
    }
    let world = stdout(&["tile", "inspect", text(&out), "--tile", "0/0/0"], 0);
    for id in [0, 1] {
        assert!(world.contains(&format!("\"id\":{id}")), "{world:.300}");
    }
}

#[test]
fn points_lines_and_polygons_of_a_tile_are_planned_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut chance = Chance(11);
    let mut rows = String::new();
    for nth in 0..3000 {
        let mut degrees = || u32::try_from(chance.below(2_000_000)).map_or(0.0, f64::from) / 1e6;
        let (lon, lat) = (degrees() + 105.0, degrees() + 28.0);
        let coordinates = match nth % 3 {
            0 => format!(r#""Point","coordinates":[{lon:.6},{lat:.6}]"#),
            1 => format!(
                r#""LineString","coordinates":[[{lon:.6},{lat:.6}],[{:.6},{:.6}],[{:.6},{:.6}]]"#,
                lon + 0.02,
                lat + 0.013,
                lon + 0.03,
                lat - 0.02
            ),
            _ => format!(
                r#""Polygon","coordinates":[[[{lon:.6},{lat:.6}],[{:.6},{lat:.6}],[{lon:.6},{:.6}],[{lon:.6},{lat:.6}]]]"#,
                lon + 0.02,
                lat + 0.02
            ),
        };
        let _ = writeln!(
            rows,
            r#"{{"type":"Feature","properties":{{"id":{nth},"name":"地名{}"}},"geometry":{{"type":{coordinates}}}}}"#,
            chance.below(10_000)
        );
    }
    let input = ("mixed.ndjson", rows.as_str());
    let output = tile_within(1500, folder.path(), input, &["-z", "9", "-M", "8KB"]);
    let made = report(folder.path(), &output, Some("8000"));
    let (mut dropped, mut given_up) = (0, 0);
    for zoom in made["zooms"].as_array().expect("zooms") {
        dropped += zoom["dropped"].as_u64().unwrap_or(0);
        given_up += zoom["given_up"].as_u64().unwrap_or(0);
    }
    // The plan is right for nearly all.
    assert!(
        dropped > 3000 && given_up * 20 < dropped,
        "{dropped} {given_up}"
    );
}

#[test]
fn what_is_taken_the_short_way_round_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = square(1, -100.0, 10.0, 20.0)
        + "\n"
        + r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[-100,0],[100,0],[100,5],[-100,5],[-100,0]]]}}"#;
    let output = tile_within(1500, folder.path(), ("wide.ndjson", &rows), &["-z", "2"]);
    let made = report(folder.path(), &output, None);
    let notes = made["notes"].to_string();
    assert!(
        notes.contains("1 polygons with a step of more than 180°"),
        "{notes}"
    );
    assert!(
        notes.contains("over the antimeridian: feature 2"),
        "{notes}"
    );
    let input = folder.path().join("wide.ndjson");
    let said = common::yutu(&[
        "tile",
        text(&input),
        "-o",
        text(&folder.path().join("b.pmtiles")),
        "-z",
        "2",
    ]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("taken the short way"));
}

#[test]
fn a_disk_that_is_full_while_points_wait_is_a_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = points(folder.path(), 20_000);
    let out = folder.path().join("a.pmtiles");
    let more = ["-z", "12", "--memory", "1MB", "--quiet"];
    let output = tile_limited("trap '' XFSZ; ulimit -f 64", &input, &out, &more);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot keep features in a file beside the output"),
        "{said}"
    );
    assert!(!out.exists());
}

#[test]
fn lines_with_the_same_attributes_are_joined_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = |name: &str, from: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"LineString","coordinates":[[{from},29],[{},29.1],[{},29]]}}}}"#,
            from + 0.1,
            from + 0.2
        )
    };
    let rows = [
        line("长江", 106.0),
        line("长江", 106.2),
        line("嘉陵江", 106.4),
        line("长江", 107.0),
    ];
    let rows = rows.join("\n").replace("106.4,29.0", "106.4,29");
    for (more, expected) in [
        (&["-z", "0"][..], 4),
        (&["-z", "0", "--coalesce", "--small", "keep"], 3),
    ] {
        let output = tile_within(1500, folder.path(), ("rivers.ndjson", &rows), more);
        let made = report(folder.path(), &output, None);
        if expected == 3 {
            assert!(
                made["notes"]
                    .to_string()
                    .contains("features with lines: 4; lines after joining them: 3")
            );
            assert_eq!(made["archive"]["zooms"][0]["features"], 3);
        } else {
            assert_eq!(made["notes"], serde_json::json!([]));
        }
    }
}
