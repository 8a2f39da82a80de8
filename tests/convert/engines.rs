//! Programs that do something with what is written: a spatial join, a layer of a project.

use std::process::Command;

use serde_json::{Value, json};

use crate::common::{repository, succeeds, tool};
use crate::samples::{areas, convert, folder, text, towns, write};

#[test]
fn sedona_answers_a_spatial_join_on_geoparquet() {
    let folder = folder("sedona");
    let Some(python) = tool("python", &["-c", "import pyarrow, sedonadb"]) else {
        return;
    };
    let points: Vec<Value> = towns().into_iter().skip(3).collect();
    let points = write(&folder, "towns.ndjson", &points);
    let squares: Vec<Value> = areas().into_iter().skip(3).collect();
    let squares = write(&folder, "areas.ndjson", &squares);
    let files = [&points, &squares].map(|source| {
        let out = source.with_extension("parquet");
        convert(source, &out, &[]);
        out
    });
    let script = "
import sys, pyarrow, sedonadb
sd = sedonadb.connect()
for name, path in zip(('points', 'areas'), sys.argv[1:]):
    sd.read_parquet(path).to_view(name)
rows = sd.sql('select points.key as point, areas.key as area from points join areas on st_intersects(points.geometry, areas.geometry)')
for row in pyarrow.table(rows).to_pylist():
    print(row['point'], row['area'])
";
    let output =
        succeeds(Command::new(python).args(["-c", script, text(&files[0]), text(&files[1])]));
    let mut found: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect();
    found.sort();
    // The same by hand: squares of 0.9 degrees.
    let mut expected = Vec::new();
    for town in towns().iter().skip(3) {
        let [lon, lat] = [0, 1].map(|axis| {
            town["geometry"]["coordinates"][axis]
                .as_f64()
                .unwrap_or(0.0)
        });
        for number in 0..100_i32 {
            let (x, y) = (
                f64::from(number % 10) + 100.0,
                f64::from(number / 10) + 20.0,
            );
            if (x..=x + 0.9).contains(&lon) && (y..=y + 0.9).contains(&lat) {
                expected.push(format!(
                    "{} k{number}",
                    town["properties"]["key"].as_str().unwrap_or_default()
                ));
            }
        }
    }
    expected.sort();
    assert!(expected.len() > 100);
    assert_eq!(found, expected);
}

#[test]
fn qgis_opens_every_format() {
    let folder = folder("qgis");
    let python = "/usr/bin/python3";
    if tool(python, &["-c", "import qgis.core"]).is_none() {
        return;
    }
    let source = write(&folder, "areas.ndjson", &areas());
    let mut files = Vec::new();
    for end in [
        "geojson", "ndjson", "csv", "gpkg", "fgb", "zip", "kml", "kmz", "topojson",
    ] {
        let out = folder.join(format!("areas2.{end}"));
        convert(&source, &out, &[]);
        // As one drops them on its window; a column of well-known text has to be named.
        files.push(match end {
            "csv" => format!(
                "file://{}?delimiter=,&wktField=wkt&crs=EPSG:4326",
                text(&out)
            ),
            "zip" => format!("/vsizip/{}", text(&out)),
            "kmz" => format!("/vsizip/{}/doc.kml", text(&out)),
            _ => text(&out).to_owned(),
        });
    }
    let output = succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/check_opened.py"))
            .args(&files),
    );
    let told = String::from_utf8_lossy(&output.stdout);
    let rows: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(rows.len(), files.len());
    for (row, file) in rows.iter().zip(&files) {
        assert_eq!(row["valid"], true, "{file}");
        assert_eq!(
            (&row["features"], &row["geometries"]),
            (&json!(103), &json!(103)),
            "{file}: {row}"
        );
        assert_eq!(row["geometry"], "Polygon", "{file}: {row}");
        assert!(
            row["fields"]
                .as_array()
                .is_some_and(|fields| fields.contains(&json!("key"))),
            "{file}: {row}"
        );
        // TopoJSON names no reference system; the degrees are WGS 84 by its habit.
        if !file.ends_with("topojson") {
            assert_eq!(row["crs"], "EPSG:4326", "{file}: {row}");
        }
        let extent: Vec<f64> = row["extent"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect();
        for (found, expected) in extent.iter().zip([100.0, 20.0, 109.9, 31.0]) {
            assert!((found - expected).abs() < 1e-6, "{file}: {row}");
        }
    }
}
