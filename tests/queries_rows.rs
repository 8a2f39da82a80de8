//! Questions for every row of a file, from end to end: nothing is lost, whatever the rows are.

mod common;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::inputs::{folder, points, write_areas, write_points};
use common::{stdout, tool, yutu};

fn name(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
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

/// A thousand rows in a corner of the areas, every hundredth of them bad in one of two ways; how they are read as `NDJSON`.
fn rows_with_garbage(bad: [&str; 2]) -> String {
    let mut text = String::new();
    for id in 0..1000 {
        let _ = match id % 200 {
            17 => writeln!(text, "{}", bad[0].replace("ID", &id.to_string())),
            117 => writeln!(text, "{}", bad[1].replace("ID", &id.to_string())),
            _ => writeln!(
                text,
                r#"{{"type":"Feature","properties":{{"number":{id}}},"geometry":{{"type":"Point","coordinates":[{},29.1]}}}}"#,
                104.0 + f64::from(id % 90) / 20.0
            ),
        };
    }
    text
}

/// Files of every format that streams, each with ten bad rows of a thousand.
fn files_with_garbage(folder: &Path) -> Vec<PathBuf> {
    let no_point = r#"{"type":"Feature","properties":{"number":ID},"geometry":{"type":"LineString","coordinates":[[104,28],[105,29]]}}"#;
    let nothing = r#"{"type":"Feature","properties":{"number":ID},"geometry":null}"#;
    let text = r#"{"type":"Feature","properties":{"number":ID},"geometry":{"type":"Point","coordinates":["here",29]}}"#;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let mut files = vec![
        write("rows.ndjson", &rows_with_garbage([text, "garbage ID"])),
        write("rows.csv", &{
            let mut table = "number,lon,lat\n".to_owned();
            for id in 0..1000 {
                let _ = match id % 200 {
                    17 => writeln!(table, "{id},here,there"),
                    117 => writeln!(table, "{id},29.1,104.5"),
                    _ => writeln!(table, "{id},{},29.1", 104.0 + f64::from(id % 90) / 20.0),
                };
            }
            table
        }),
    ];
    let features = rows_with_garbage([no_point, nothing]);
    let collection = features.trim_end().replace('\n', ",\n");
    let collection =
        format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{collection}\n]}}\n");
    let collection = write("rows.geojson", &collection);
    if tool("ogr2ogr", &["--version"]).is_some() {
        let table = folder.join("rows.gpkg");
        // GDAL leaves out of a FlatGeobuf what has no geometry.
        let lines = rows_with_garbage([no_point, no_point]);
        let lines = write("lines.ndjson", &lines);
        let flat = folder.join("rows.fgb");
        for (from, to) in [(&collection, &table), (&lines, &flat)] {
            let arguments: &[&str] = if to.ends_with("rows.fgb") {
                &["-lco", "SPATIAL_INDEX=NO", "-nlt", "GEOMETRY"]
            } else {
                &["-nlt", "GEOMETRY"]
            };
            let made = Command::new("ogr2ogr")
                .args(arguments)
                .args([to, from])
                .stderr(Stdio::null())
                .status();
            assert!(
                made.is_ok_and(|status| status.success()),
                "{}",
                to.display()
            );
        }
        files.extend([table, flat]);
    }
    files.push(collection);
    files
}

#[test]
fn no_row_of_any_format_is_lost() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let rejects = folder.path().join("rejects.csv");
    for file in files_with_garbage(folder.path()) {
        for threads in ["1", "2"] {
            let out = stdout(
                &[
                    "join",
                    name(&file),
                    "--with",
                    name(&area_file),
                    "--rejects",
                    name(&rejects),
                    "--threads",
                    threads,
                    "--columns",
                    "number",
                    "--csv",
                ],
                0,
            );
            let shown = file.display();
            let bad = std::fs::read_to_string(&rejects).expect("rejects");
            assert_eq!(bad.lines().count() - 1, 10, "{shown}: {bad}");
            assert_eq!(out.lines().count() - 1, 990, "{shown}");
            let kept: Vec<u32> = out
                .lines()
                .skip(1)
                .map(|row| {
                    row.split(',')
                        .next()
                        .and_then(|id| id.parse().ok())
                        .unwrap_or_else(|| panic!("{shown}: {row}"))
                })
                .collect();
            let expected: Vec<u32> = (0..1000).filter(|id| id % 100 != 17).collect();
            assert_eq!(kept, expected, "{shown}");
        }
    }
}

#[test]
fn swapped_rows_are_counted_and_said() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let file = folder.path().join("points.csv");
    std::fs::write(
        &file,
        "id,lon,lat\n1,104.5,29\n2,29,104.5\n3,29.1,104.6\n4,104.6,29.1\n",
    )
    .expect("written");
    let run = yutu(&["join", name(&file), "--with", name(&area_file)]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{said}");
    assert!(
        said.contains("2 rows have a latitude that only a longitude can be"),
        "{said}"
    );
    assert!(
        said.contains("4 rows: 2 matched, 0 not, 2 rejected"),
        "{said}"
    );
    // As they are meant they are rows like others.
    let run = yutu(&[
        "join",
        name(&file),
        "--with",
        name(&area_file),
        "--lon",
        "lat",
        "--lat",
        "lon",
    ]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("2 rejected"), "{said}");
}

#[test]
fn attributes_that_come_late_are_counted_and_said() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let file = folder.path().join("rows.ndjson");
    let mut text = String::new();
    // More than the blocks that are read at once.
    for id in 0..200_000 {
        let late = if id >= 199_990 { r#","late":1"# } else { "" };
        let _ = writeln!(
            text,
            r#"{{"type":"Feature","properties":{{"id":{id}{late}}},"geometry":{{"type":"Point","coordinates":[104.5,29]}}}}"#
        );
    }
    std::fs::write(&file, text).expect("written");
    let join = |more: &[&str]| {
        let mut arguments = vec!["join", name(&file), "--with", name(&area_file), "--csv"];
        arguments.extend(more);
        let run = yutu(&arguments);
        let said = String::from_utf8(run.stderr).expect("UTF-8");
        assert_eq!(run.status.code(), Some(0), "{said}");
        (String::from_utf8(run.stdout).expect("UTF-8"), said)
    };
    let (out, said) = join(&[]);
    assert_eq!(out.lines().next(), Some("id,lon,lat,areas_id"));
    assert!(
        said.contains("10 rows have attributes that the table has no column for"),
        "{said}"
    );
    let (out, said) = join(&["--columns", "late,id"]);
    assert_eq!(out.lines().next(), Some("late,id,lon,lat,areas_id"));
    assert!(
        out.lines()
            .last()
            .is_some_and(|row| row.starts_with("1,199999,"))
    );
    assert!(!said.contains("no column for"), "{said}");
}

#[test]
fn standard_input_is_a_file_like_others() {
    let folder = folder();
    let area_file = write_areas(folder.path());
    let file = write_points(folder.path(), &points(300));
    let expected = stdout(&["join", name(&file), "--with", name(&area_file)], 0);
    let output = Command::new(env!("CARGO_BIN_EXE_yutu"))
        .args(["join", "-", "--with", name(&area_file)])
        .stdin(std::fs::File::open(&file).expect("opens"))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}
