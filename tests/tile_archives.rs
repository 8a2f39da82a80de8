//! `yutu tile inspect|verify|extract|diff`, and other people's programs on what it writes.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::{json, repository, stderr, stdout, tool, yutu};
use serde_json::Value;

/// A layer of the atlas as an archive, made once.
fn archive() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tile-archives.pmtiles");
        let _ = fs::remove_file(&path);
        let out = path.to_str().expect("UTF-8");
        let arguments = [
            "tile",
            "chongqing-metropolitan-area",
            "-o",
            out,
            "--max-zoom",
            "8",
            "--quiet",
        ];
        let output = yutu(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        path
    })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The archive in the three containers, by our own conversion.
fn converted(folder: &Path) -> [PathBuf; 3] {
    ["a.pmtiles", "a.mbtiles", "a"].map(|name| {
        let out = folder.join(name);
        stdout(&["tile", "extract", text(archive()), "-o", text(&out)], 0);
        out
    })
}

#[test]
fn what_is_written_verifies_in_every_container_and_shows_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = json(&["tile", "inspect", text(archive()), "--json"]);
    for path in converted(folder.path()) {
        let found = json(&["tile", "verify", text(&path), "--json"]);
        assert_eq!(found["errors"], 0, "{found:#}");
        let after = json(&["tile", "inspect", text(&path), "--json"]);
        for same in ["tiles", "layers"] {
            assert_eq!(before[same], after[same], "{same} of {}", path.display());
        }
        stdout(&["tile", "diff", text(archive()), text(&path)], 0);
    }
}

#[test]
fn a_tile_is_shown_and_a_missing_one_is_no() {
    let inspection = json(&["tile", "inspect", text(archive()), "--json"]);
    let heaviest = inspection["heaviest"][0]["tile"].as_str().expect("a tile");
    let tile = json(&["tile", "inspect", text(archive()), "--tile", heaviest]);
    let features = tile["features"].as_array().expect("features");
    assert_eq!(
        Some(features.len() as u64),
        inspection["heaviest"][0]["features"].as_u64()
    );
    let said = stderr(&["tile", "inspect", text(archive()), "--tile", "8/0/0"], 1);
    assert_eq!(said.trim(), "no tile 8/0/0");
    let said = stderr(
        &["tile", "inspect", text(archive()), "--tile", "8/0/300"],
        2,
    );
    assert!(
        said.contains("columns and rows of zoom 8 are 0 to 255"),
        "{said}"
    );
}

#[test]
fn a_damaged_archive_is_a_no_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cut.pmtiles");
    let whole = fs::read(archive()).expect("the archive");
    fs::write(&path, &whole[..whole.len() - 100]).expect("a copy");
    let said = stdout(&["tile", "verify", text(&path)], 1);
    assert!(said.contains("sections"), "{said}");
    fs::write(&path, &whole[..100]).expect("a copy");
    let said = stderr(&["tile", "verify", text(&path)], 2);
    assert!(
        said.contains("cut.pmtiles") && said.contains("100 bytes"),
        "{said}"
    );
    fs::write(&path, "a letter, not an archive").expect("a file");
    let said = stderr(&["tile", "verify", text(&path)], 2);
    assert!(said.contains("does not begin with `PMTiles`"), "{said}");
    // A cap that no tile keeps.
    let said = stdout(&["tile", "verify", text(archive()), "--max-bytes", "20"], 1);
    assert!(said.contains("the cap is 20"), "{said}");
}

#[test]
fn an_extract_is_a_smaller_archive_of_the_same_tiles() {
    let folder = tempfile::tempdir().expect("a folder");
    let region = folder.path().join("region.geojson");
    fs::write(
        &region,
        r#"{"type":"Polygon","coordinates":[[[106.2,29.2],[107.0,29.2],[106.6,30.0],[106.2,29.2]]]}"#,
    )
    .expect("a file");
    let out = folder.path().join("region.mbtiles");
    let arguments = [
        "tile",
        "extract",
        text(archive()),
        "-o",
        text(&out),
        "--region",
        text(&region),
        "--minzoom",
        "4",
        "--maxzoom",
        "7",
    ];
    stdout(&arguments, 0);
    let said = stderr(&arguments, 2);
    assert!(said.contains("--force"), "{said}");
    let inspection = json(&["tile", "inspect", text(&out), "--json"]);
    let zooms = inspection["zooms"].as_array().expect("zooms");
    let zooms: Vec<_> = zooms.iter().map(|zoom| zoom["zoom"].as_u64()).collect();
    assert_eq!(zooms, [4, 5, 6, 7].map(Some));
    let diff = json_of(&["tile", "diff", text(archive()), text(&out), "--json"], 1);
    assert_eq!(diff["different"], 0);
    assert_eq!(diff["only_second"], serde_json::json!({}));
    let nothing = folder.path().join("nothing.pmtiles");
    let said = stderr(
        &[
            "tile",
            "extract",
            text(archive()),
            "-o",
            text(&nothing),
            "--bbox",
            "-10,-10,-9,-9",
            "--minzoom",
            "5",
        ],
        2,
    );
    assert!(said.contains("no tile to write"), "{said}");
    assert!(!nothing.exists());
}

fn json_of(arguments: &[&str], code: i32) -> Value {
    serde_json::from_str(&stdout(arguments, code)).expect("stdout is JSON")
}

#[test]
fn a_full_disk_is_a_clear_error_and_leaves_nothing_that_claims_to_be_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = folder.path().join("a.pmtiles");
    fs::write(&before, "what was there").expect("a file");
    for name in ["a.pmtiles", "b.mbtiles", "c.pmtiles"] {
        let out = folder.path().join(name);
        // A limit on the size of files stands for a full disk; without its signal the write fails.
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" tile extract \"$1\" -o \"$2\" --force";
        let output = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_yutu"), text(archive())])
            .arg(&out)
            .output()
            .expect("sh runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{name}.part")), "{said}");
        assert_eq!(out.exists(), name == "a.pmtiles");
    }
    assert_eq!(fs::read(&before).expect("kept"), b"what was there");
}

#[test]
fn other_programs_read_what_was_converted() {
    let folder = tempfile::tempdir().expect("a folder");
    let [pmtiles, mbtiles, plain] = converted(folder.path());
    if let Some(python) = tool(
        "python",
        &["-c", "import pmtiles, mapbox_vector_tile, shapely"],
    ) {
        let check = repository().join("tests/readers/check_pmtiles.py");
        let output = Command::new(python)
            .arg(check)
            .arg(&pmtiles)
            .output()
            .expect("Python runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
    }
    // The driver for PMTiles came with GDAL 3.8; MBTiles and folders are read by older ones too.
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    let inspection = json(&["tile", "inspect", text(&mbtiles), "--json"]);
    let layers = inspection["layers"].as_object().expect("layers");
    for (path, more) in [
        (text(&mbtiles).to_owned(), [].as_slice()),
        // The driver reads one zoom of a folder.
        (
            format!("MVT:{}", plain.join("8").display()),
            &["-oo", "METADATA_FILE=../metadata.json"],
        ),
    ] {
        let output = Command::new(&ogrinfo)
            .args(["-al", "-so"])
            .args(more)
            .arg(&path)
            .output()
            .expect("ogrinfo runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}{errors}");
        assert!(!errors.contains("ERROR"), "{path}: {errors}");
        for name in layers.keys() {
            assert!(
                said.contains(&format!("Layer name: {name}")),
                "{path}: {said}"
            );
        }
        assert!(!said.contains("Feature Count: 0"), "{path}: {said}");
    }
}
