//! The features of a file, as shapes to draw.

use std::convert::Infallible;
use std::path::Path;

use anyhow::bail;
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use input::features::{FeatureBatch, FeatureSource, FeatureView, GeometryKind, Part, Value};

use crate::args::MapReadOptions;
use crate::commands::reading::suspicion;

/// Attributes that hold a name, the best first.
const NAMES: [&str; 9] = [
    "name", "名称", "name_zh", "NAME", "Name", "名字", "标题", "title", "label",
];
/// Vertices that one page can take.
const MOST_VERTICES: usize = 40_000_000;
/// Features that were left out and are named in a warning.
const MOST_REASONS: usize = 3;

/// A feature to draw.
pub struct Item {
    /// WGS 84, x longitude, y latitude: points, lines or an area.
    pub geometry: Geometry<f64>,
    /// What to write beside it; empty for nothing.
    pub name: String,
    /// What it is coloured by.
    pub by: Option<Datum>,
    /// The figure that it is as large as.
    pub size: Option<f64>,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Figure(f64),
    Kind(String),
}

/// The attributes that are asked for.
#[derive(Clone, Copy, Default)]
pub struct Fields<'f> {
    pub label: Option<&'f str>,
    pub by: Option<&'f str>,
    pub size: Option<&'f str>,
}

/// The features of a file.
pub struct Data {
    /// The file's name without its endings.
    pub title: String,
    pub items: Vec<Item>,
}

/// Reads a file. Features that cannot be drawn are told of in `warnings`.
pub fn read(
    file: &str,
    asked: &MapReadOptions,
    fields: Fields<'_>,
    warnings: &mut Vec<String>,
) -> anyhow::Result<Data> {
    let options = asked.file.with_layer(asked.source_layer.as_ref());
    warnings.extend(suspicion(Path::new(file), &options));
    let source = FeatureSource::open(Path::new(file), &options)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut items, mut vertices, mut reasons) = (Vec::new(), 0, Vec::new());
    let mut seen = [false; 3];
    let totals = source.read(
        threads,
        |batch| of_batch(batch, fields),
        |done| {
            let made = done.value;
            vertices += made.vertices;
            for (seen, here) in seen.iter_mut().zip(made.seen) {
                *seen |= here;
            }
            if vertices <= MOST_VERTICES {
                items.extend(made.items);
            }
            for reject in done.rejects {
                if reasons.len() < MOST_REASONS {
                    reasons.push(format!("{}: {}", reject.origin, reject.problem));
                }
            }
            Ok::<(), Infallible>(())
        },
    )?;
    if vertices > MOST_VERTICES {
        bail!(
            "{file} has {vertices} vertices; a page takes at most {MOST_VERTICES}: simplify it, or draw tiles (yutu tile)"
        );
    }
    if totals.rejects > 0 {
        let reasons = reasons.join("; ");
        if items.is_empty() {
            bail!("{file}: no feature can be drawn: {reasons}");
        }
        warnings.push(format!(
            "{file}: {} features were left out: {reasons}",
            totals.rejects
        ));
    }
    if items.is_empty() {
        bail!("{file} has no feature with a geometry");
    }
    for (field, seen) in [fields.label, fields.by, fields.size].into_iter().zip(seen) {
        if let Some(field) = field.filter(|_| !seen) {
            bail!("{file}: no feature has a value of the attribute `{field}`");
        }
    }
    let title = Path::new(file).file_name().unwrap_or_default();
    let title = title.to_string_lossy();
    let stem = title
        .split('.')
        .next()
        .filter(|stem| !stem.is_empty() && *stem != "-");
    Ok(Data {
        title: stem.unwrap_or("地图").to_owned(),
        items,
    })
}

#[derive(Default)]
struct Made {
    items: Vec<Item>,
    vertices: usize,
    /// Whether the attributes that are asked for are there.
    seen: [bool; 3],
}

fn of_batch(batch: &FeatureBatch, fields: Fields<'_>) -> Made {
    let mut made = Made {
        vertices: batch.lonlat.len(),
        ..Made::default()
    };
    for feature in batch.features() {
        let Some(geometry) = geometry(feature) else {
            continue;
        };
        let name = match fields.label {
            Some(label) => text_of(feature, label),
            None => NAMES.iter().find_map(|name| text_of(feature, name)),
        };
        let by = fields.by.and_then(|field| datum(feature, field));
        let size = fields.size.and_then(|field| match datum(feature, field) {
            Some(Datum::Figure(figure)) => Some(figure),
            _ => None,
        });
        let here = [name.is_some(), by.is_some(), size.is_some()];
        for (seen, here) in made.seen.iter_mut().zip(here) {
            *seen |= here;
        }
        made.items.push(Item {
            geometry,
            // A collection is named once.
            name: name.filter(|_| !feature.row.continues).unwrap_or_default(),
            by,
            size,
        });
    }
    made
}

fn text_of(feature: FeatureView<'_>, key: &str) -> Option<String> {
    let (_, value) = feature.cells().find(|(name, _)| *name == key)?;
    match value {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Int(number) => Some(number.to_string()),
        Value::UInt(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Json(_) => None,
    }
}

/// A figure where the value is one, also as text (as in tables); else a kind.
fn datum(feature: FeatureView<'_>, key: &str) -> Option<Datum> {
    let text = text_of(feature, key)?;
    Some(match text.parse::<f64>() {
        Ok(figure) if figure.is_finite() => Datum::Figure(figure),
        _ => Datum::Kind(text),
    })
}

fn geometry(feature: FeatureView<'_>) -> Option<Geometry<f64>> {
    let parts = feature.parts();
    match feature.kind() {
        GeometryKind::None => None,
        GeometryKind::Point => {
            let points: Vec<Point<f64>> = feature
                .vertices()
                .iter()
                .map(|[lon, lat]| Point::new(*lon, *lat))
                .collect();
            match &points[..] {
                [] => None,
                [one] => Some((*one).into()),
                _ => Some(Geometry::MultiPoint(points.into())),
            }
        }
        GeometryKind::Line => {
            let lines: Vec<LineString<f64>> = parts.flat_map(|part| rings(&part)).collect();
            (!lines.is_empty()).then(|| MultiLineString(lines).into())
        }
        GeometryKind::Polygon => {
            let polygons: Vec<Polygon<f64>> = parts
                .filter_map(|part| {
                    let mut rings = rings(&part).into_iter();
                    Some(Polygon::new(rings.next()?, rings.collect()))
                })
                .collect();
            (!polygons.is_empty()).then(|| MultiPolygon(polygons).into())
        }
    }
}

fn rings(part: &Part<'_>) -> Vec<LineString<f64>> {
    let ring = |ring: &[[f64; 2]]| ring.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
    part.rings().map(ring).collect()
}
