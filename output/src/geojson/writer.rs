//! The file: a head, one feature a line, a tail.

use std::path::Path;

use geo::{BoundingRect, Geometry, Rect};
use geojson::feature::Id;
use geojson::{GeometryValue, JsonObject, JsonValue};
use layers::model::{FIELDS, Feature, Table, Value};
use serde_json::Number;

use super::GeoJsonError;
use super::geometry::prepare;
use crate::atomic;

/// Writes a table as an RFC 7946 `FeatureCollection`.
///
/// - `name` is the table's id; `bbox` is west, south, east, north in degrees (absent when there is no feature).
/// - Coordinates are WGS 84 longitude, latitude, rounded to 6 decimals; exteriors run counter-clockwise.
/// - A feature's `id` is a string and stands outside its properties.
/// - Properties follow [`FIELDS`]; a field that no feature of the table uses is left out, and one that only some use
///   is `null` in the others.
/// - Equal tables give equal bytes.
///
/// # Errors
///
/// [`GeoJsonError`] names the table and feature that cannot be written. No half file is left.
pub fn write(table: &Table, path: &Path) -> Result<(), GeoJsonError> {
    Ok(atomic::write(path, encode(table)?.as_bytes())?)
}

fn encode(table: &Table) -> Result<String, GeoJsonError> {
    let json = |source| GeoJsonError::Json {
        table: table.id.clone(),
        source,
    };
    let used = used_fields(table);
    let mut extent: Option<Rect<f64>> = None;
    let mut lines = Vec::with_capacity(table.features.len());
    for feature in &table.features {
        let geometry = prepare(table, feature)?;
        extent = union(extent, geometry.bounding_rect());
        let feature = geojson::Feature {
            bbox: None,
            geometry: Some(geojson::Geometry::new(value(&geometry))),
            id: Some(Id::String(feature.id.clone())),
            properties: Some(properties(table, feature, &used)?),
            foreign_members: None,
        };
        lines.push(serde_json::to_string(&feature).map_err(json)?);
    }
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"name\":");
    text += &serde_json::to_string(&table.id).map_err(json)?;
    if let Some(extent) = extent {
        let bbox = [
            extent.min().x,
            extent.min().y,
            extent.max().x,
            extent.max().y,
        ];
        text += ",\"bbox\":";
        text += &serde_json::to_string(&bbox).map_err(json)?;
    }
    text += ",\"features\":[\n";
    text += &lines.join(",\n");
    text += if lines.is_empty() { "]}\n" } else { "\n]}\n" };
    Ok(text)
}

/// Which of [`FIELDS`] at least one feature has a value for.
fn used_fields(table: &Table) -> [bool; FIELDS.len()] {
    let mut used = [false; FIELDS.len()];
    for feature in &table.features {
        for (used, value) in used.iter_mut().zip(feature.properties.values()) {
            *used |= value.is_some();
        }
    }
    used
}

fn properties(
    table: &Table,
    feature: &Feature,
    used: &[bool; FIELDS.len()],
) -> Result<JsonObject, GeoJsonError> {
    let mut object = JsonObject::new();
    for ((field, value), _) in FIELDS
        .iter()
        .zip(feature.properties.values())
        .zip(used)
        .filter(|(_, used)| **used)
    {
        let value = match value {
            None => JsonValue::Null,
            Some(Value::Text(text)) => JsonValue::from(text),
            Some(Value::Number(number)) => {
                JsonValue::Number(Number::from_f64(number).ok_or_else(|| {
                    GeoJsonError::NotFinite {
                        table: table.id.clone(),
                        feature: feature.id.clone(),
                        field: field.name,
                        value: number,
                    }
                })?)
            }
        };
        object.insert(field.name.to_owned(), value);
    }
    Ok(object)
}

fn value(geometry: &Geometry<f64>) -> GeometryValue {
    GeometryValue::from(geometry)
}

fn union(one: Option<Rect<f64>>, other: Option<Rect<f64>>) -> Option<Rect<f64>> {
    let (Some(one), Some(other)) = (one, other) else {
        return one.or(other);
    };
    Some(Rect::new(
        (
            one.min().x.min(other.min().x),
            one.min().y.min(other.min().y),
        ),
        (
            one.max().x.max(other.max().x),
            one.max().y.max(other.max().y),
        ),
    ))
}

#[cfg(test)]
mod tests;
