//! `GeoJSON` (RFC 7946) and a feature a line: everything that other readers can take is kept as the input had it, absent
//! attributes absent, null ones null, whole numbers whole, every digit of identifiers.

use std::io::Write;

use input::features::{FeatureBatch, FeatureView, GeometryKind, Id, TileHints, Value};

use crate::feature::{Feature, features};
use crate::shaping::Shaping;
use crate::wkb;

/// How features stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each on a line.
    Lines,
    /// In a collection, each on a line.
    Collection,
}

/// Encodes a block; in a collection every feature has a comma before it, also the first.
pub(crate) fn block(batch: &FeatureBatch, shaping: &Shaping, framing: Framing) -> Vec<u8> {
    let names: Vec<Option<Vec<u8>>> = batch
        .keys
        .iter()
        .map(|key| {
            shaping.takes(key).then(|| {
                let mut name = Vec::new();
                text(key, &mut name);
                name.push(b':');
                name
            })
        })
        .collect();
    let mut out = Vec::with_capacity(batch.lonlat.len() * 24 + batch.rows.len() * 128);
    for feature in features(batch) {
        if framing == Framing::Collection {
            out.extend_from_slice(b",\n");
        }
        push(feature, &names, shaping, &mut out);
        if framing == Framing::Lines {
            out.push(b'\n');
        }
    }
    out
}

fn push(feature: Feature<'_>, names: &[Option<Vec<u8>>], shaping: &Shaping, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"type":"Feature","#);
    let (batch, row) = (feature.batch, &feature.rows[0]);
    if let Some(id) = feature.view().id() {
        out.extend_from_slice(br#""id":"#);
        match id {
            Id::UInt(id) => number(id, out),
            Id::Text(id) => text(id, out),
        }
        out.push(b',');
    }
    if row.hints != TileHints::default() {
        hints(feature.view(), out);
    }
    out.extend_from_slice(br#""properties":{"#);
    let cells = batch.cells.get(row.cells.range()).unwrap_or_default();
    let mut first = true;
    let mut one = |key: u32, of: Value<'_>, out: &mut Vec<u8>| {
        if let Some(Some(name)) = names.get(key as usize) {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(name);
            value(of, out);
        }
    };
    match &shaping.select {
        None => {
            for cell in cells {
                one(cell.key, batch.value(cell.value), out);
            }
        }
        Some(select) => {
            for name in select {
                let is = |key: u32| batch.keys.get(key as usize) == Some(name);
                if let Some(cell) = cells.iter().find(|cell| is(cell.key)) {
                    one(cell.key, batch.value(cell.value), out);
                }
            }
        }
    }
    out.extend_from_slice(br#"},"geometry":"#);
    if feature.is_collection() {
        out.extend_from_slice(br#"{"type":"GeometryCollection","geometries":["#);
        for (number, view) in feature.geometries().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            geometry(view, out);
        }
        out.extend_from_slice(b"]}");
    } else {
        geometry(feature.view(), out);
    }
    out.push(b'}');
}

/// What the feature asks of a tiler.
fn hints(view: FeatureView<'_>, out: &mut Vec<u8>) {
    let hints = view.row.hints;
    out.extend_from_slice(br#""tippecanoe":{"#);
    let mut first = true;
    let mut member = |name: &str, out: &mut Vec<u8>| {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        out.extend_from_slice(name.as_bytes());
    };
    if let Some(zoom) = hints.minzoom {
        member("\"minzoom\":", out);
        number(zoom, out);
    }
    if let Some(zoom) = hints.maxzoom {
        member("\"maxzoom\":", out);
        number(zoom, out);
    }
    if let Some(layer) = view.hinted_layer() {
        member("\"layer\":", out);
        text(layer, out);
    }
    out.extend_from_slice(b"},");
}

/// Appends a geometry.
pub(crate) fn geometry(view: FeatureView<'_>, out: &mut Vec<u8>) {
    let name = match (view.kind(), wkb::is_multiple(view)) {
        (GeometryKind::None, _) => return out.extend_from_slice(b"null"),
        (GeometryKind::Point, false) => "Point",
        (GeometryKind::Point, true) => "MultiPoint",
        (GeometryKind::Line, false) => "LineString",
        (GeometryKind::Line, true) => "MultiLineString",
        (GeometryKind::Polygon, false) => "Polygon",
        (GeometryKind::Polygon, true) => "MultiPolygon",
    };
    out.extend_from_slice(br#"{"type":""#);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(br#"","coordinates":"#);
    match name {
        "Point" => match view.vertices().first() {
            Some(vertex) => position(*vertex, out),
            None => out.extend_from_slice(b"[]"),
        },
        "MultiPoint" | "LineString" => line(view.vertices(), out),
        "MultiLineString" => list(view.parts(), out, |part, out| {
            line(part.rings().next().unwrap_or_default(), out);
        }),
        "Polygon" => match view.parts().next() {
            Some(part) => list(part.rings(), out, line),
            None => out.extend_from_slice(b"[]"),
        },
        _ => list(view.parts(), out, |part, out| list(part.rings(), out, line)),
    }
    out.push(b'}');
}

fn list<T>(of: impl Iterator<Item = T>, out: &mut Vec<u8>, each: impl Fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (number, one) in of.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        each(one, out);
    }
    out.push(b']');
}

fn line(vertices: &[[f64; 2]], out: &mut Vec<u8>) {
    list(vertices.iter(), out, |vertex, out| position(*vertex, out));
}

#[inline]
fn position([lon, lat]: [f64; 2], out: &mut Vec<u8>) {
    out.push(b'[');
    float(lon, out);
    out.push(b',');
    float(lat, out);
    out.push(b']');
}

/// The shortest text that reads as the same number.
#[inline]
fn float(number: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
}

fn number(number: impl std::fmt::Display, out: &mut Vec<u8>) {
    // Writing into memory cannot fail.
    let _ = write!(out, "{number}");
}

pub(crate) fn text(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, text);
}

/// Appends a value.
pub(crate) fn value(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(of) => number(of, out),
        Value::UInt(of) => number(of, out),
        Value::Float(of) => float(of, out),
        Value::Text(of) => text(of, out),
        // Ends of lines stand between the members only, never in a string.
        Value::Json(of) => out.extend(of.bytes().map(|byte| match byte {
            b'\n' | b'\r' => b' ',
            byte => byte,
        })),
    }
}
