//! A geometry of RFC 7946, checked while it is made.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::Value;

use super::kind;
use crate::Problem;
use crate::geometry::coord;

/// The geometry of a value; `None` for `null` and for a `Point` without coordinates.
pub(crate) fn geometry(value: &Value) -> Result<Option<Geometry<f64>>, Problem> {
    if value.is_null() {
        return Ok(None);
    }
    let wrong = |found: String| Problem::NotAFeature {
        found,
        expected: "a GeoJSON geometry",
    };
    let object = value.as_object().ok_or_else(|| wrong(kind(value)))?;
    let name = object.get("type").and_then(Value::as_str);
    let name = name.ok_or_else(|| wrong("an object without type".to_owned()))?;
    if name == "GeometryCollection" {
        // The depth is bounded by that of the JSON text.
        let parts = array(object.get("geometries").unwrap_or(&Value::Null))?;
        let parts: Result<Vec<_>, Problem> = parts.iter().map(geometry).collect();
        let parts = parts?.into_iter().flatten().collect();
        return Ok(Some(Geometry::GeometryCollection(GeometryCollection(
            parts,
        ))));
    }
    let coordinates = object.get("coordinates").unwrap_or(&Value::Null);
    Ok(Some(match name {
        "Point" if coordinates.as_array().is_some_and(Vec::is_empty) => return Ok(None),
        "Point" => Geometry::Point(Point(position(coordinates)?)),
        "LineString" => Geometry::LineString(line(coordinates)?),
        "Polygon" => Geometry::Polygon(polygon(coordinates)?),
        "MultiPoint" => {
            let points = each(coordinates, |value| position(value).map(Point))?;
            Geometry::MultiPoint(MultiPoint(points))
        }
        "MultiLineString" => Geometry::MultiLineString(MultiLineString(each(coordinates, line)?)),
        "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon(each(coordinates, polygon)?)),
        other => {
            return Err(Problem::GeometryType {
                found: other.chars().take(40).collect(),
            });
        }
    }))
}

fn array(value: &Value) -> Result<&Vec<Value>, Problem> {
    value.as_array().ok_or_else(|| Problem::NotAFeature {
        found: kind(value),
        expected: "an array of coordinates",
    })
}

fn each<T>(value: &Value, item: impl Fn(&Value) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    array(value)?.iter().map(item).collect()
}

fn position(value: &Value) -> Result<Coord<f64>, Problem> {
    let numbers = array(value)?;
    let number = |index: usize| numbers.get(index).and_then(Value::as_f64);
    match (number(0), number(1)) {
        (Some(lon), Some(lat)) => coord(lon, lat),
        _ => Err(Problem::NotAFeature {
            found: value.to_string().chars().take(60).collect(),
            expected: "a position: [longitude, latitude]",
        }),
    }
}

fn line(value: &Value) -> Result<LineString<f64>, Problem> {
    each(value, position).map(LineString)
}

fn polygon(value: &Value) -> Result<Polygon<f64>, Problem> {
    let mut rings = each(value, line)?.into_iter();
    let exterior = rings.next().unwrap_or(LineString(Vec::new()));
    Ok(Polygon::new(exterior, rings.collect()))
}
