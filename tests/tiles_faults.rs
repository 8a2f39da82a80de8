//! `yutu tile` killed, short of disk, and in parts: whole or not at all, and always the same bytes.

mod common;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{json, stderr, stdout};

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
    while !part.join("journal").is_file() && began.elapsed() < Duration::from_secs(120) {
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
        let script =
            "trap '' XFSZ; ulimit -f 64; exec \"$0\" tile \"$1\" -o \"$2\" -z 12 -n points --quiet";
        let output = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_yutu"), text(&input)])
            .arg(&out)
            .env("YUTU_GAZETTEER", "")
            .output()
            .expect("sh runs");
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
