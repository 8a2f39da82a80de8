//! Tables as blocks of features, which the tiler reads.

use geo::{Coord, CoordsIter, Geometry, LineString};
use input::features::{
    Cell, CellValue, FeatureBatch, FeatureRow, GeometryKind as Kind, Span, TileHints,
};
use layers::model::{FIELDS, Feature, GeometryKind, Table, Value};

use super::TablesError;

/// The features of a table; with `labels` a point each, where its name goes.
///
/// MVT ids are numbers and ours are text, so a feature's id is an attribute like the others.
pub(crate) fn batch(table: &Table, labels: bool) -> Result<FeatureBatch, TablesError> {
    let mut batch = FeatureBatch {
        keys: ["id"]
            .into_iter()
            .chain(FIELDS.iter().map(|field| field.name))
            .map(str::to_owned)
            .collect(),
        features_read: table.features.len() as u64,
        ..FeatureBatch::default()
    };
    for (number, feature) in (0u64..).zip(&table.features) {
        check(table, feature)?;
        let (parts, cells) = (batch.parts.len(), batch.cells.len());
        let kind = if labels {
            points(&mut batch, [feature.label_point().0].into_iter());
            Kind::Point
        } else {
            geometry(&mut batch, &feature.geometry)
        };
        attributes(&mut batch, feature);
        batch.rows.push(FeatureRow {
            number,
            place: i64::try_from(number).unwrap_or(i64::MAX),
            kind,
            multiple: kind == Kind::Polygon,
            continues: false,
            parts: span(parts, batch.parts.len()),
            cells: span(cells, batch.cells.len()),
            raw: Span::default(),
            id: None,
            hints: TileHints::default(),
        });
    }
    Ok(batch)
}

fn check(table: &Table, feature: &Feature) -> Result<(), TablesError> {
    let fits = matches!(
        (table.geometry, &feature.geometry),
        (GeometryKind::Point, Geometry::Point(_))
            | (GeometryKind::Line, Geometry::LineString(_))
            | (GeometryKind::Polygon, Geometry::MultiPolygon(_))
    );
    if !fits || feature.geometry.coords_count() == 0 {
        return Err(TablesError::WrongGeometry {
            table: table.id.clone(),
            feature: feature.id.clone(),
            expected: table.geometry.name(),
        });
    }
    let coords = feature.geometry.coords_iter();
    for Coord { x: lon, y: lat } in coords.chain([feature.label_point().0]) {
        if !((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)) {
            return Err(TablesError::OffTheGlobe {
                table: table.id.clone(),
                feature: feature.id.clone(),
                lon,
                lat,
            });
        }
    }
    Ok(())
}

/// Tables are far below 2³² of anything.
fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn span(start: usize, after: usize) -> Span {
    Span {
        start: end(start),
        end: end(after),
    }
}

fn points(batch: &mut FeatureBatch, coords: impl Iterator<Item = Coord<f64>>) {
    batch.lonlat.extend(coords.map(|coord| [coord.x, coord.y]));
    batch.rings.push(end(batch.lonlat.len()));
    batch.parts.push(end(batch.rings.len()));
}

fn geometry(batch: &mut FeatureBatch, geometry: &Geometry<f64>) -> Kind {
    match geometry {
        Geometry::LineString(line) => {
            points(batch, line.coords().copied());
            Kind::Line
        }
        Geometry::MultiPolygon(area) => {
            for polygon in area {
                let rings = [polygon.exterior()].into_iter().chain(polygon.interiors());
                rings.for_each(|ring: &LineString<f64>| {
                    let coords = ring.coords().map(|coord| [coord.x, coord.y]);
                    batch.lonlat.extend(coords);
                    batch.rings.push(end(batch.lonlat.len()));
                });
                batch.parts.push(end(batch.rings.len()));
            }
            Kind::Polygon
        }
        other => {
            points(batch, other.coords_iter());
            Kind::Point
        }
    }
}

fn attributes(batch: &mut FeatureBatch, feature: &Feature) {
    let values = feature.properties.values();
    let values = [Some(Value::Text(&feature.id))].into_iter().chain(values);
    for (key, value) in (0u32..).zip(values) {
        let value = match value {
            None => continue,
            Some(Value::Number(number)) => CellValue::Float(number),
            Some(Value::Text(text)) => {
                let start = batch.text.len();
                batch.text.push_str(text);
                CellValue::Text(span(start, batch.text.len()))
            }
        };
        batch.cells.push(Cell { key, value });
    }
}
