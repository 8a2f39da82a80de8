//! `GeoJSON` (RFC 7946): a collection, one feature, features by lines, or a text sequence; WGS 84, longitude
//! first. Features are read one at a time; properties are mapped as the columns of a table are.

use std::path::Path;

use serde_json::{Map, Value};

use crate::columns::{Columns, listed};
use crate::intake::{Intake, Stop, Unfit};
use crate::json::{self, Feature};
use crate::record::Record;
use crate::source;
use crate::{Column, Problem};

/// Reads a file, plain, gzipped or in a zip archive.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let bytes = intake.bytes.clone();
    let layer = intake.options.layer.clone();
    let mut properties = Properties::default();
    source::with_stream(path, layer.as_deref(), &bytes, &mut |stream| {
        json::features(stream, &mut check_member, &mut |feature| {
            let origin = feature.origin;
            let record = entry(&feature, &mut properties, intake);
            intake.take(record, origin)
        })
    })?;
    properties.check(intake)?;
    Ok(())
}

/// A `crs` member is of the `GeoJSON` of 2008; only those that mean degrees of WGS 84 or CGCS2000 are read.
pub(crate) fn check_member(key: &str, value: &Value) -> Result<(), Problem> {
    if key != "crs" || value.is_null() {
        return Ok(());
    }
    let name = value.pointer("/properties/name").and_then(Value::as_str);
    let known = name.is_some_and(|name| {
        let last = name.rsplit([':', '/']).next().unwrap_or(name);
        ["CRS84", "4326", "4490"].contains(&last)
    });
    if known {
        return Ok(());
    }
    let found = name.map_or_else(|| value.to_string(), str::to_owned);
    Err(Problem::Crs {
        found: found.chars().take(80).collect(),
    })
}

/// The properties of features: the same from one to the next in most files, so they are looked up once.
#[derive(Default)]
struct Properties {
    keys: Vec<String>,
    columns: Columns,
    named: bool,
    /// Features that had properties at all.
    features: u64,
}

impl Properties {
    fn look_up(&mut self, intake: &Intake, object: &Map<String, Value>) {
        self.features += 1;
        if self.features > 1 && object.keys().eq(self.keys.iter()) {
            return;
        }
        self.keys = object.keys().cloned().collect();
        self.columns = intake.options.columns.resolve(&self.keys);
        self.named |= self.columns.index(Column::Name).is_some();
    }

    /// Not one feature had the property that holds names.
    fn check(&self, intake: &Intake) -> Result<(), Problem> {
        if self.named || self.features == 0 {
            return Ok(());
        }
        let present = listed(&self.keys);
        let column = Column::Name.as_str();
        Err(match intake.options.columns.names(Column::Name) {
            Some(wanted) => Problem::NoSuchColumn {
                column,
                wanted: wanted.to_owned(),
                present,
            },
            None => Problem::MissingColumn { column, present },
        })
    }
}

fn entry(
    feature: &Feature,
    properties: &mut Properties,
    intake: &mut Intake,
) -> Result<gazetteer::Entry, Unfit> {
    let empty = Map::new();
    let object = match feature.object.get("properties") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(object)) => object,
        Some(other) => {
            return Err(Problem::NotAFeature {
                found: format!("properties that are {}", json::kind(other)),
                expected: "an object",
            }
            .into());
        }
    };
    properties.look_up(intake, object);
    let values: Vec<String> = object.values().map(text).collect();
    let shape = json::geometry::geometry(feature.object.get("geometry").unwrap_or(&Value::Null))?;
    let id = match feature.object.get("id").map(text) {
        Some(id) if !id.is_empty() => id,
        _ => format!("{}-{}", intake.file_name, feature.number),
    };
    let record = Record {
        columns: &properties.columns,
        values: &values,
        shape,
        id,
    };
    record.entry(intake)
}

/// A property as a cell of a table; lists are joined, objects left out.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => items
            .iter()
            .filter(|item| item.is_string() || item.is_number())
            .map(text)
            .collect::<Vec<_>>()
            .join(";"),
        Value::Null | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests;
