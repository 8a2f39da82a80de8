//! `yutu tile` with little memory: what is held to a limit, and what is left out before it is taken.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{json, tile_limited};

/// A line of about so many bytes of text, behind a point.
fn long_line(folder: &Path, bytes: u32) -> PathBuf {
    let path = folder.join("long.ndjson");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).expect("created"));
    let mut write = |text: &str| file.write_all(text.as_bytes()).expect("written");
    write(
        "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\",\"coordinates\":[104,30]}}\n",
    );
    write(r#"{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":["#);
    let count = bytes / 24;
    for nth in 0..count {
        let way = f64::from(nth) * 1e-4;
        let radius = 5.0 + f64::from(nth) / f64::from(count) * 5.0 + f64::from(nth % 7) * 1e-4;
        let comma = if nth == 0 { "" } else { "," };
        let (lon, lat) = (104.0 + radius * way.cos(), 30.0 + radius * way.sin());
        write(&format!("{comma}[{lon:.6},{lat:.6}]"));
    }
    write("]}}\n");
    drop(file);
    path
}

/// Runs with so many megabytes for data.
fn within(megabytes: u32, input: &Path, more: &[&str]) -> Output {
    let limit = format!("ulimit -d {}", megabytes * 1024);
    let out = input.with_file_name("out.pmtiles");
    let more = [&["--force", "--quiet", "--json", "-z", "8"], more].concat();
    tile_limited(&limit, input, &out, &more)
}

fn report(input: &Path, output: &Output) -> serde_json::Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let out = input.with_file_name("out.pmtiles");
    let out = out.to_str().expect("UTF-8");
    let found = json(&["tile", "verify", out, "--json", "--max-bytes", "500000"]);
    assert_eq!(found["errors"], 0, "{found:#}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A feature as long as that is drawn, and left out where it is longer than may be.
fn draws_or_leaves_out(bytes: u32, drawn_within: u32, left_out_within: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let input = long_line(folder.path(), bytes);
    let most = format!("{}MB", bytes / 1_000_000 * 2);
    let made = report(
        &input,
        &within(drawn_within, &input, &["--max-feature-bytes", &most]),
    );
    let counts = &made["counts"];
    assert_eq!(
        (&counts["rejected"], &counts["lines"]),
        (&0.into(), &1.into())
    );
    let less = format!("{}MB", bytes / 4_000_000);
    let short = ["--max-feature-bytes", less.as_str()];
    let made = report(&input, &within(left_out_within, &input, &short));
    assert_eq!(
        (&made["counts"]["rejected"], &made["counts"]["points"]),
        (&1.into(), &1.into())
    );
    let rejects = made["rejects"].to_string();
    assert!(
        rejects.contains("line 2: the feature is longer than"),
        "{rejects}"
    );
    let strict = within(
        left_out_within,
        &input,
        &[&short[..], &["--strict"]].concat(),
    );
    let said = String::from_utf8_lossy(&strict.stderr);
    assert_eq!(strict.status.code(), Some(2), "{said}");
    assert!(
        said.contains("line 2: the feature is longer than"),
        "{said}"
    );
}

#[test]
fn a_feature_of_48_megabytes_takes_a_few_times_its_text_or_is_left_out_before() {
    draws_or_leaves_out(48_000_000, 260, 60);
}

#[test]
#[ignore = "writes a gigabyte and takes a minute: cargo test --release --test tiles_memory -- --ignored"]
fn a_feature_of_a_gigabyte_takes_a_few_times_its_text_or_is_left_out_before() {
    draws_or_leaves_out(1_030_000_000, 4_000, 400);
}

#[test]
fn texts_that_have_no_room_stay_with_their_points_and_change_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::new();
    for number in 0..60_000u32 {
        // Every name is another, but for a few that come again much later.
        let name = if number % 50 == 49 {
            number % 1000
        } else {
            number
        };
        let (lon, lat) = (
            100.0 + f64::from(number % 251) * 0.011,
            25.0 + f64::from(number / 251) * 0.013,
        );
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","properties":{{"name":"a village with a long name, number {name}","kind":"{}"}},"geometry":{{"type":"Point","coordinates":[{lon:.6},{lat:.6}]}}}}"#,
            number % 7
        );
    }
    let input = folder.path().join("villages.ndjson");
    fs::write(&input, text).expect("written");
    let bytes = |more: &[&str]| {
        let out = folder.path().join("villages.pmtiles");
        let more = [
            &["-z", "9", "--force", "--quiet", "--max-tile-bytes", "60000"],
            more,
        ]
        .concat();
        let output = tile_limited("true", &input, &out, &more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::read(out).expect("the archive")
    };
    let plain = bytes(&[]);
    for memory in ["300KB", "1MB", "8MB"] {
        assert!(bytes(&["--memory", memory]) == plain, "{memory}");
    }
    // What one memory began another goes on with, and parts may have different ones.
    let part = |number: u32, memory: &str| {
        let out = folder.path().join(format!("{number}.part"));
        let of = format!("{number}/2");
        let more = [
            "-z",
            "9",
            "--quiet",
            "--max-tile-bytes",
            "60000",
            "-n",
            "villages",
            "--part",
            &of,
            "--memory",
            memory,
        ];
        let output = tile_limited("true", &input, &out, &more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        out
    };
    let parts = [part(1, "300KB"), part(2, "2GB")];
    let merged = folder.path().join("merged.pmtiles");
    let [one, other] = parts.each_ref().map(|part| part.to_str().expect("UTF-8"));
    common::stdout(
        &[
            "tile",
            "merge",
            one,
            other,
            "-o",
            merged.to_str().expect("UTF-8"),
            "--quiet",
        ],
        0,
    );
    assert!(fs::read(merged).expect("the archive") == plain);
}
