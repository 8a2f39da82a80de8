//! What is asked for: outputs, layers, pipes, filters.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{stderr, stdout, succeeds, yutu};
use crate::samples::{areas, check, convert, folder, lines, odds, text, towns, write};
use crate::written::validate;

#[test]
fn json_lines_are_the_same_bytes_again() {
    let folder = folder("json");
    for (name, features) in [
        ("towns", towns()),
        ("areas", areas()),
        ("lines", lines()),
        ("odds", odds()),
    ] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let out = folder.join(format!("{name}-2.ndjson"));
        convert(&source, &out, &[]);
        let read = |path: &Path| -> Vec<Value> {
            let text = fs::read_to_string(path).expect("read");
            text.lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect()
        };
        assert_eq!(read(&out), read(&source), "{name}");
        let collection = folder.join(format!("{name}.geojson"));
        convert(&source, &collection, &[]);
        let whole: Value =
            serde_json::from_slice(&fs::read(&collection).expect("read")).expect("JSON");
        assert_eq!(
            (&whole["name"], whole["features"].as_array()),
            (&json!(name), Some(&read(&source)))
        );
        // And back; by way of a pipe.
        let back = folder.join(format!("{name}-3.ndjson"));
        convert(&collection, &back, &[]);
        assert_eq!(
            fs::read(&back).expect("read"),
            fs::read(&out).expect("read"),
            "{name}"
        );
    }
}

#[test]
fn twenty_digits_stay_twenty_digits() {
    let folder = folder("digits");
    let line = r#"{"type":"Feature","id":12345678901234567890,"properties":{"osm":12345678901234567890,"more":123456789012345678901},"geometry":null}"#;
    let source = folder.join("a.ndjson");
    fs::write(&source, format!("{line}\n")).expect("written");
    assert_eq!(
        stdout(&["convert", text(&source), "-o", "-", "--to", "ndjson"], 0),
        format!("{line}\n")
    );
    let csv = stdout(&["convert", text(&source), "-o", "-", "--to", "csv"], 0);
    assert_eq!(
        csv,
        "id,osm,more,wkt\n12345678901234567890,12345678901234567890,123456789012345678901,\n"
    );
}

#[test]
fn only_what_is_asked_for() {
    let folder = folder("asked");
    let source = write(&folder, "towns.ndjson", &towns());
    let run = |more: &[&str]| {
        let mut arguments = vec!["-q", "convert", text(&source), "-o", "-", "--to", "ndjson"];
        arguments.extend(more);
        let lines = stdout(&arguments, 0);
        lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
            .collect::<Vec<_>>()
    };
    let some = run(&[
        "--where",
        r#"["==", ["get", "code"], "0510"]"#,
        "--select",
        "面积,key",
    ]);
    assert_eq!(some.len(), 1);
    assert_eq!(some[0]["properties"], json!({"面积": 12.5, "key": "a"}));
    let boxed = run(&["--bbox", "-180,-90,-179,-89"]);
    assert_eq!(boxed.len(), 1);
    assert_eq!(boxed[0]["properties"]["key"], "b");
}

#[test]
fn an_output_that_is_there_stays_without_force() {
    let folder = folder("force");
    let source = write(&folder, "a.ndjson", &lines());
    let out = folder.join("b.gpkg");
    fs::write(&out, "mine").expect("written");
    let said = stderr(&["convert", text(&source), "-o", text(&out)], 2);
    assert!(said.contains("--force"), "{said}");
    // A file that breaks off leaves what was there.
    let broken = folder.join("broken.geojson");
    fs::write(&broken, r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null},"#).expect("written");
    for out in ["b.gpkg", "b.fgb", "b.parquet", "b.csv", "b.ndjson"] {
        let out = folder.join(out);
        fs::write(&out, "mine").expect("written");
        let said = stderr(&["convert", text(&broken), "-o", text(&out), "--force"], 2);
        assert!(said.contains("broken.geojson"), "{said}");
        assert_eq!(fs::read(&out).expect("read"), b"mine");
    }
    let left = fs::read_dir(&folder).expect("read").count();
    assert_eq!(left, 7, "no half files");
    let said = stderr(
        &["convert", text(&source), "-o", text(&folder.join("a.xyz"))],
        2,
    );
    assert!(said.contains("--to"), "{said}");
}

#[test]
fn several_files_are_layers_of_one_geopackage() {
    let folder = folder("layers");
    let one = write(&folder, "乡镇.ndjson", &towns());
    let other = write(&folder, "areas.ndjson", &areas());
    let out = folder.join("all.gpkg");
    let said = stderr(&["convert", text(&one), text(&other), "-o", text(&out)], 0);
    assert!(said.contains("406 features"), "{said}");
    validate(&out);
    check(
        "pyogrio",
        &one,
        &out,
        &["--layer", "乡镇", "--text", "又名"],
    );
    check("pyogrio", &other, &out, &["--layer", "areas"]);
    let said = stderr(
        &[
            "convert",
            text(&one),
            text(&other),
            "-o",
            text(&folder.join("a.fgb")),
        ],
        2,
    );
    assert!(said.contains("GeoPackage"), "{said}");
    let said = stderr(
        &[
            "convert",
            text(&one),
            text(&one),
            "-o",
            text(&folder.join("b.gpkg")),
        ],
        2,
    );
    assert!(said.contains("乡镇"), "{said}");
    assert!(!folder.join("b.gpkg").exists());
}

#[test]
fn the_standard_input_is_read_once_or_twice() {
    let folder = folder("stdin");
    let source = write(&folder, "towns.ndjson", &towns());
    for name in ["out.ndjson", "out.fgb"] {
        let out = folder.join(name);
        succeeds(
            Command::new(env!("CARGO_BIN_EXE_yutu"))
                .args(["convert", "-", "-o", text(&out)])
                .stdin(fs::File::open(&source).expect("opened")),
        );
    }
    let direct = folder.join("direct.ndjson");
    convert(&source, &direct, &[]);
    assert_eq!(
        fs::read(folder.join("out.ndjson")).expect("read"),
        fs::read(&direct).expect("read")
    );
    check("pyogrio", &source, &folder.join("out.fgb"), &["--id", "id"]);
    let help = yutu(&["convert", "--help"]);
    assert!(help.status.success());
}

#[test]
fn what_cannot_be_read_is_left_out_aloud_or_nothing_is_written() {
    let folder = folder("strict");
    let wrong = [json!({"type": "Nothing"}), lines()[0].clone()];
    let source = write(&folder, "wrong.ndjson", &wrong);
    for out in ["a.ndjson", "a.gpkg", "a.fgb"] {
        let out = folder.join(out);
        let said = stderr(&["convert", text(&source), "-o", text(&out), "--strict"], 2);
        assert!(said.contains("1 features cannot be read") && !out.exists());
        let said = convert(&source, &out, &[]);
        assert!(
            said.contains("left out: ") && said.contains(": 1 features"),
            "{said}"
        );
    }
}
