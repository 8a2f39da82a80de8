//! `yutu tile --raster`: pictures of a map in archives.

mod common;

use std::path::Path;

use common::{repository, stderr, stdout, tool};
use serde_json::json;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_layer_becomes_pictures_of_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    for (ending, format, side, tiles_at_8, more) in [
        ("pmtiles", "png", 512, 9, &["--retina"][..]),
        (
            "mbtiles",
            "webp",
            256,
            9,
            &["--raster-format", "webp", "--theme", "dark"],
        ),
        (
            "mbtiles",
            "png",
            512,
            // The tile at the corner holds nothing of the area.
            8,
            &["--transparent", "--tile-size", "512", "--threads", "3"],
        ),
    ] {
        let out = folder.path().join(format!("area.{ending}"));
        let asked = [
            "tile",
            "--raster",
            "chongqing-metropolitan-area",
            "-o",
            text(&out),
            "-Z",
            "5",
            "-z",
            "8",
            "--force",
            "--quiet",
        ];
        stdout(&[&asked, more].concat(), 0);
        let Some(python) = tool("python", &["-c", "import pmtiles"]) else {
            return;
        };
        let output = std::process::Command::new(python)
            .arg(repository().join("tests/readers/check_raster_tiles.py"))
            .arg(&out)
            .output()
            .expect("Python starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{ending} {more:?}: {said}");
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(found["format"], format);
        assert_eq!(found["sizes"], json!([[side, side]]));
        // From 105.29° to 107.72° east and 28.45° to 30.84° north: one tile of zoom 5, 202–204 by 104–106 of zoom 8.
        assert_eq!(found["zooms"]["5"], 1, "{found}");
        assert_eq!(found["zooms"]["8"], tiles_at_8, "{found}");
    }
}

#[test]
fn what_cannot_be_drawn_is_a_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("a.mbtiles");
    let asked = [
        "tile",
        "--raster",
        "chongqing-metropolitan-area",
        "-o",
        text(&out),
        "--quiet",
    ];
    let said = stderr(&[&asked[..], &["-z", "16"]].concat(), 2);
    assert!(said.contains("choose a smaller last zoom"), "{said}");
    let said = stderr(&[&asked[..], &["-z", "g"]].concat(), 2);
    assert!(said.contains("cannot be guessed"), "{said}");
    assert!(!out.exists());
}
