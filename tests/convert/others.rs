//! Files of other programs, read by Yutu.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{repository, stderr, stdout, succeeds, tool, yutu};
use crate::samples::{areas, check, convert, folder, lines, text, towns, write};

#[test]
fn what_gdal_writes_is_read_the_same() {
    let folder = folder("gdal");
    let Some(ogr2ogr) = tool("ogr2ogr", &["--version"]) else {
        return;
    };
    let gdal = |arguments: &[&str]| {
        succeeds(Command::new(&ogr2ogr).args(arguments));
    };
    for (name, features) in [("areas", areas()), ("lines", lines()), ("towns", towns())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let from = format!("GeoJSONSeq:{}", text(&source));
        for (driver, end, more) in [
            ("GPKG", "gpkg", &[][..]),
            ("FlatGeobuf", "fgb", &["-nlt", "PROMOTE_TO_MULTI"][..]),
            (
                "GeoJSON",
                "geojson",
                &["-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=15"][..],
            ),
            ("ESRI Shapefile", "shp", &["-lco", "ENCODING=GB18030"][..]),
            ("KML", "kml", &[][..]),
            ("LIBKML", "kmz", &[][..]),
            (
                "CSV",
                "csv",
                &[
                    "-lco",
                    "GEOMETRY=AS_WKT",
                    "-lco",
                    "WRITE_BOM=YES",
                    "-lco",
                    "LINEFORMAT=CRLF",
                    "-lco",
                    "STRING_QUOTING=ALWAYS",
                ][..],
            ),
        ] {
            if name == "towns" && !matches!(end, "gpkg" | "fgb" | "kml" | "kmz") {
                // Lists, instants and the longest numbers are not theirs.
                continue;
            }
            let is_kml = matches!(end, "kml" | "kmz");
            let out = folder.join(format!("{name}.{end}"));
            let mut arguments = vec!["-f", driver, text(&out), &from];
            arguments.extend(more);
            gdal(&arguments);
            let back = folder.join(format!("{name}-{end}.ndjson"));
            convert(&out, &back, &[]);
            let tolerance = if is_kml || end == "csv" || end == "geojson" {
                "1e-12"
            } else {
                "0"
            };
            // GDAL writes lists and instants in forms of its own.
            // In KML it has numbers of 15 digits and none of 64 bits.
            let dropped = if is_kml {
                "改,立,又名,长,撤销,面积"
            } else {
                "改,立,又名"
            };
            let more = ["--extra", "--tolerance", tolerance, "--drop", dropped];
            check("ndjson", &source, &back, &more);
        }
    }
}

/// Runs `tests/readers/make_formats.py`; the files that it wrote. `None`: no Python here.
fn make(maker: &str, source: &Path, folder: &Path) -> Option<Vec<PathBuf>> {
    let python = tool(
        "python",
        &["-c", "import duckdb_extension_spatial, geopandas"],
    )?;
    let output = succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/make_formats.py"))
            .args([maker, text(source), text(folder)]),
    );
    let names = String::from_utf8(output.stdout).expect("names are UTF-8");
    Some(names.lines().map(PathBuf::from).collect())
}

#[test]
fn geoparquet_of_geopandas_and_duckdb_is_read_the_same() {
    let folder = folder("others-parquet");
    for (name, features) in [("towns", towns()), ("areas", areas()), ("lines", lines())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let Some(files) = make("parquet", &source, &folder) else {
            return;
        };
        assert_eq!(files.len(), 11);
        for file in files {
            // Every way of packing once.
            let packed = ["gzip", "zstd", "brotli", "lz4", "None"];
            if name != "towns"
                && packed
                    .iter()
                    .any(|packed| file.ends_with(format!("{packed}.parquet")))
            {
                continue;
            }
            let back = file.with_extension("ndjson");
            convert(&file, &back, &["--force"]);
            check("ndjson", &source, &back, &["--text", "又名"]);
        }
    }
    // Metres of a zone become degrees, and it is said.
    let inland: Vec<Value> = towns().into_iter().skip(3).collect();
    let source = write(&folder, "inland.ndjson", &inland);
    for file in make("plane", &source, &folder).unwrap_or_default() {
        let back = file.with_extension("ndjson");
        let said = convert(&file, &back, &["--force"]);
        let code = file
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            said.contains(&format!("positions are EPSG:{code}, as the file says")),
            "{said}"
        );
        check(
            "ndjson",
            &source,
            &back,
            &["--text", "又名", "--tolerance", "1e-8"],
        );
        let said = stderr(
            &["tile", text(&file), "-o", text(&folder.join("a.pmtiles"))],
            2,
        );
        assert!(
            said.contains(&format!("EPSG:{code}")) && said.contains("yutu convert"),
            "{said}"
        );
    }
}

#[test]
fn columns_of_parquet_that_no_table_has() {
    let folder = folder("others-odd");
    let Some(files) = make("odd", &folder, &folder) else {
        return;
    };
    let said = stderr(
        &[
            "convert",
            text(&files[0]),
            "-o",
            text(&folder.join("a.ndjson")),
        ],
        0,
    );
    assert!(
        said.contains("3 values were lists or maps") && said.contains("2 values were binary"),
        "{said}"
    );
    let lines = fs::read_to_string(folder.join("a.ndjson")).expect("read");
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(
        rows[0]["properties"],
        json!({"key": "a", "of.x": 1, "of.y.z": "丙", "small": 255, "large": u64::MAX, "half": 0.5, "nan": 1.5, "decimal": null,
            "second": "1970-01-01T00:00:00", "time": "01:00:00", "binary": null, "dictionary": "甲"})
    );
    assert_eq!(rows[1]["properties"]["decimal"], json!(12.3));
    assert_eq!(
        rows[1]["properties"]["second"],
        json!("1969-12-31T23:59:59")
    );
    assert_eq!(rows[1]["properties"]["time"], json!("00:00:00.001"));
    assert_eq!(rows[2]["properties"]["half"], json!(-2.0));
    // Positions are two columns of degrees; of one without both there is no place.
    assert_eq!(rows[1]["geometry"]["coordinates"], json!([107.0, 30.0]));
    assert_eq!(rows[2]["geometry"], Value::Null);
}

#[test]
fn topojson_of_its_makers_is_read_the_same() {
    let Some(modules) = std::env::var_os("YUTU_NODE_MODULES").map(PathBuf::from) else {
        return;
    };
    let folder = folder("others-topojson");
    for (name, features) in [("towns", towns()), ("areas", areas()), ("lines", lines())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        for (quantised, tolerance) in [(None, "0"), (Some("1e7"), "2e-5")] {
            let out = folder.join(format!("{name}.topojson"));
            let mut maker = Command::new("node");
            maker
                .arg(modules.join("topojson-server/bin/geo2topo"))
                .arg("-n");
            maker.args(quantised.map(|of| ["-q", of]).into_iter().flatten());
            let output = maker
                .args([&format!("{name}={}", text(&source)), "-o", text(&out)])
                .output();
            let output = output.expect("Node.js runs");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let back = folder.join(format!("{name}-back.ndjson"));
            convert(&out, &back, &["--force"]);
            // JavaScript has no whole numbers of 63 bits.
            check(
                "ndjson",
                &source,
                &back,
                &["--extra", "--drop", "长", "--tolerance", tolerance],
            );
        }
    }
}

#[test]
fn every_format_that_is_written_is_read_again_by_every_command() {
    let folder = folder("again");
    let squares: Vec<Value> = areas().into_iter().skip(3).collect();
    let source = write(&folder, "areas.ndjson", &squares);
    let points: Vec<Value> = towns().into_iter().skip(3).collect();
    let points = write(&folder, "towns.ndjson", &points);
    for end in [
        "ndjson", "geojson", "csv", "tsv", "gpkg", "fgb", "parquet", "zip", "kml", "kmz",
        "topojson",
    ] {
        let of = folder.join(format!("areas2.{end}"));
        convert(&source, &of, &[]);
        let back = folder.join(format!("areas3-{end}.ndjson"));
        convert(&of, &back, &[]);
        check(
            "ndjson",
            &source,
            &back,
            &["--extra", "--tolerance", "1e-7"],
        );
        let places = folder.join(format!("towns2.{end}"));
        convert(&points, &places, &[]);
        let checked = yutu(&["check", text(&places), "--json"]);
        let checked: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
        assert_eq!(checked["features"], 300, "{end}");
        let tiles = folder.join(format!("{end}.pmtiles"));
        let report = stdout(
            &[
                "-q",
                "tile",
                text(&of),
                "-o",
                text(&tiles),
                "-z",
                "5",
                "--json",
            ],
            0,
        );
        let report: Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["counts"]["polygons"], 100, "{end}");
        for (number, arguments) in [
            &["join", text(&places), "--with", text(&of)][..],
            &["near", "--from", text(&places), "--in", text(&places)],
        ]
        .iter()
        .enumerate()
        {
            let out = folder.join(format!("{end}-{number}.csv"));
            let said = stderr(&[&["-q"], *arguments, &["-o", text(&out)]].concat(), 0);
            let rows = fs::read_to_string(&out).expect("read").lines().count();
            assert_eq!(rows, 301, "{end}: {said}");
        }
        let map = folder.join(format!("{end}.svg"));
        stderr(
            &[
                "-q",
                "map",
                text(&of),
                "-o",
                text(&map),
                "--no-ground",
                "--size",
                "A5",
            ],
            0,
        );
        assert!(
            fs::read_to_string(&map).expect("read").contains("<path"),
            "{end}"
        );
    }
}
