//! Answers of spatial questions: as a table, JSON, CSV or `GeoJSON`, on stdout or in a file.

use std::io::Write as _;

use anyhow::{Context, bail};
use gazetteer::LonLat;
use output::atomic;
use serde_json::{Map, Value, json};

use crate::args::OutputArgs;
use crate::{Outcome, report};

/// One thing that was found.
pub struct Row {
    /// All that is said of it, for other programs.
    pub object: Map<String, Value>,
    /// What people read, in the order of the header.
    pub cells: Vec<String>,
    /// Where it is.
    pub at: Option<LonLat>,
}

/// Writes what was found; `nothing` is said when that is nothing.
pub fn give(
    header: &[&str],
    rows: &[Row],
    args: &OutputArgs,
    nothing: &str,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let ending = args.out.as_ref().map(|file| {
        file.extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase()
    });
    let text = match ending.as_deref() {
        Some("csv") => Some(csv(rows)),
        Some("geojson") => Some(geojson(rows)?),
        Some("json") => Some(pretty(rows)?),
        Some(_) => bail!("-o writes .csv, .geojson or .json; expected one of these endings"),
        None if args.csv => Some(csv(rows)),
        None if args.geojson => Some(geojson(rows)?),
        None if args.json => Some(pretty(rows)?),
        None => None,
    };
    match (text, &args.out) {
        (Some(text), Some(file)) => {
            atomic::write(file, text.as_bytes())?;
            report::note(
                format_args!("{}: {} rows", file.display(), rows.len()),
                quiet,
            );
        }
        (Some(text), None) => std::io::stdout().lock().write_all(text.as_bytes())?,
        (None, _) if rows.is_empty() => {}
        (None, _) => {
            let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
            let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
            report::columns(&header, &cells)?;
        }
    }
    if rows.is_empty() {
        report::no(format_args!("{nothing}"), quiet);
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn pretty(rows: &[Row]) -> anyhow::Result<String> {
    let objects: Vec<&Map<String, Value>> = rows.iter().map(|row| &row.object).collect();
    Ok(serde_json::to_string_pretty(&objects)? + "\n")
}

fn geojson(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = "{\"type\":\"FeatureCollection\",\"features\":[\n".to_owned();
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            text.push_str(",\n");
        }
        let geometry = row.at.map_or(
            Value::Null,
            |at| json!({"type": "Point", "coordinates": [at.lon(), at.lat()]}),
        );
        let feature = json!({"type": "Feature", "properties": row.object, "geometry": geometry});
        text.push_str(&serde_json::to_string(&feature).context("the answer")?);
    }
    text.push_str("\n]}\n");
    Ok(text)
}

/// A table of what every row says, columns in the order in which rows first have them.
fn csv(rows: &[Row]) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for key in rows.iter().flat_map(|row| row.object.keys()) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let quoted = |text: &str| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut text = columns
        .iter()
        .map(|name| quoted(name))
        .collect::<Vec<_>>()
        .join(",")
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
        text += &(cells.join(",") + "\n");
    }
    text
}

/// A number with so many digits after the point, as JSON.
pub fn rounded(value: f64, digits: i32) -> Value {
    let scale = 10_f64.powi(digits);
    json!((value * scale).round() / scale)
}

/// A distance for people.
pub fn kilometres(distance_m: f64) -> String {
    if distance_m < 1000.0 {
        format!("{distance_m:.0} m")
    } else {
        format!("{:.1} km", distance_m / 1000.0)
    }
}
