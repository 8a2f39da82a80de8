//! Answers of spatial questions: as a table, JSON, CSV or `GeoJSON`, on stdout or in a file, as tiles, as a map.

mod map;

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::LonLat;
use geo::Geometry;
use input::features::{FeatureOptions, FeatureSource};
use output::atomic;
use serde_json::{Map, Value, json};
use tiles::archive::Container;
use tiles::{Feed, FeedFrom, Options, Rules};

use super::subject;
use crate::args::OutputArgs;
use crate::{Outcome, report};

pub use map::Asked;

/// One thing that was found.
pub struct Row {
    /// All that is said of it, for other programs.
    pub object: Map<String, Value>,
    /// What people read, in the order of the header.
    pub cells: Vec<String>,
    /// Where it is.
    pub at: Option<LonLat>,
    /// Its own geometry, where that is more than a point.
    pub shape: Option<Geometry<f64>>,
}

/// Writes what was found; `nothing` is said when that is nothing.
pub fn give(
    header: &[&str],
    rows: &[Row],
    args: &OutputArgs,
    nothing: &str,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    give_of(&Asked::default(), header, rows, args, nothing, quiet)
}

/// As [`give`], with what was asked on the map.
pub fn give_of(
    asked: &Asked,
    header: &[&str],
    rows: &[Row],
    args: &OutputArgs,
    nothing: &str,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    if let Some(file) = args.map.as_deref().filter(|_| !rows.is_empty()) {
        map::draw(asked, rows, file)?;
        report::note(format_args!("{}: a map", file.display()), quiet);
    }
    if let Some(file) = args.out.as_deref() {
        write(file, asked, rows)?;
        report::note(
            format_args!("{}: {} rows", file.display(), rows.len()),
            quiet,
        );
    } else if args.csv || args.geojson || args.json {
        let text = match args {
            OutputArgs { csv: true, .. } => csv(rows, ','),
            OutputArgs { geojson: true, .. } => collection(rows)?,
            _ => pretty(rows)?,
        };
        std::io::stdout().lock().write_all(text.as_bytes())?;
    } else if !rows.is_empty() {
        let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
        let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
        report::columns(&header, &cells)?;
    }
    if rows.is_empty() {
        report::no(format_args!("{nothing}"), quiet);
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

/// Writes a file of the form that its name ends in.
fn write(file: &Path, asked: &Asked, rows: &[Row]) -> anyhow::Result<()> {
    let ending = file
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let text = match ending.as_str() {
        "csv" => csv(rows, ','),
        "tsv" => csv(rows, '\t'),
        "geojson" => collection(rows)?,
        "json" => pretty(rows)?,
        "ndjson" | "geojsonl" | "jsonl" => lines(rows)?,
        "png" => return map::draw(asked, rows, file),
        "pmtiles" | "mbtiles" => return tiled(rows, file),
        _ => bail!(
            "{}: expected an ending of .csv, .tsv, .json, .geojson, .ndjson, .png, .pmtiles or .mbtiles",
            file.display()
        ),
    };
    Ok(atomic::write(file, text.as_bytes())?)
}

/// Vector tiles of the answer, through a `GeoJSON` file beside them.
fn tiled(rows: &[Row], file: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let features = folder.path().join("answer.geojson");
    std::fs::write(&features, collection(rows)?)?;
    let feed = Feed {
        layer: "answer".to_owned(),
        description: String::new(),
        from: FeedFrom::File(Box::new(FeatureSource::open(
            &features,
            &FeatureOptions::default(),
        )?)),
        rules: Rules::default(),
    };
    let options = Options {
        replace: true,
        threads: subject::threads(None),
        ..Options::default()
    };
    let made = tiles::make(vec![feed], file, Container::of(file), &options, &|_| {});
    made.with_context(|| format!("cannot make {}", file.display()))?;
    Ok(())
}

fn pretty(rows: &[Row]) -> anyhow::Result<String> {
    let objects: Vec<&Map<String, Value>> = rows.iter().map(|row| &row.object).collect();
    Ok(serde_json::to_string_pretty(&objects)? + "\n")
}

fn collection(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = "{\"type\":\"FeatureCollection\",\"features\":[\n".to_owned();
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            text.push_str(",\n");
        }
        text.push_str(&feature(row)?);
    }
    text.push_str("\n]}\n");
    Ok(text)
}

fn lines(rows: &[Row]) -> anyhow::Result<String> {
    let lines: anyhow::Result<Vec<String>> =
        rows.iter().map(|row| Ok(feature(row)? + "\n")).collect();
    Ok(lines?.concat())
}

fn feature(row: &Row) -> anyhow::Result<String> {
    let geometry = match (&row.shape, row.at) {
        (Some(shape), _) => serde_json::to_value(geojson::Geometry::from(shape))?,
        (None, Some(at)) => json!({"type": "Point", "coordinates": [at.lon(), at.lat()]}),
        (None, None) => Value::Null,
    };
    let feature = json!({"type": "Feature", "properties": row.object, "geometry": geometry});
    serde_json::to_string(&feature).context("the answer")
}

/// A table of what every row says, cells parted by `comma`, columns in the order in which rows first have them.
fn csv(rows: &[Row], comma: char) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for key in rows.iter().flat_map(|row| row.object.keys()) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let quoted = |text: &str| {
        if text.contains([comma, '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut text = columns
        .iter()
        .map(|name| quoted(name))
        .collect::<Vec<_>>()
        .join(&comma.to_string())
        + "\n";
    for row in rows {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| match row.object.get(*column) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => quoted(text),
                Some(other) => quoted(&other.to_string()),
            })
            .collect();
        text += &(cells.join(&comma.to_string()) + "\n");
    }
    text
}

/// A number with so many digits after the point, as JSON.
pub fn rounded(value: f64, digits: i32) -> Value {
    let scale = 10_f64.powi(digits);
    json!((value * scale).round() / scale)
}

/// A distance as it is compared: in whole micrometres.
pub fn micrometres(distance_m: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no way is longer than 2e13 micrometres"
    )]
    let whole = (distance_m * 1e6).round() as i64;
    whole
}

/// A distance for people.
pub fn kilometres(distance_m: f64) -> String {
    if distance_m < 1000.0 {
        format!("{distance_m:.0} m")
    } else {
        format!("{:.1} km", distance_m / 1000.0)
    }
}
