//! Geometry as the file holds it: 6 decimals, closed rings without repeated points, right-hand rule.

use geo::winding_order::Winding;
use geo::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use layers::model::{Feature, GeometryKind, Table};

use super::GeoJsonError;

/// Decimals of a degree: 10⁻⁶° is about 0.1 m, finer than any source here.
const SCALE: f64 = 1e6;

/// Returns the geometry of a feature as the file holds it, of exactly its table's type.
pub(super) fn prepare(table: &Table, feature: &Feature) -> Result<Geometry<f64>, GeoJsonError> {
    let collapsed = || GeoJsonError::Collapsed {
        table: table.id.clone(),
        feature: feature.id.clone(),
    };
    let place = |coord| on_the_globe(table, feature, coord);
    match (table.geometry, &feature.geometry) {
        (GeometryKind::Point, Geometry::Point(point)) => Ok(Point(place(point.0)?).into()),
        (GeometryKind::Line, Geometry::LineString(line)) => {
            let line = without_repeats(line, place)?;
            if line.len() < 2 {
                Err(collapsed())
            } else {
                Ok(LineString(line).into())
            }
        }
        (GeometryKind::Polygon, Geometry::MultiPolygon(areas)) => {
            let mut kept = Vec::new();
            for area in areas {
                kept.extend(polygon(area, place)?);
            }
            if kept.is_empty() {
                Err(collapsed())
            } else {
                Ok(MultiPolygon(kept).into())
            }
        }
        _ => Err(GeoJsonError::WrongGeometry {
            table: table.id.clone(),
            feature: feature.id.clone(),
            expected: table.geometry.name(),
        }),
    }
}

/// A polygon with its exterior counter-clockwise and its holes clockwise (RFC 7946, section 3.1.6), without rings
/// that have no area at this precision; `None` when that is the exterior.
fn polygon(
    area: &Polygon<f64>,
    place: impl Fn(Coord<f64>) -> Result<Coord<f64>, GeoJsonError> + Copy,
) -> Result<Option<Polygon<f64>>, GeoJsonError> {
    let Some(mut exterior) = ring(area.exterior(), place)? else {
        return Ok(None);
    };
    exterior.make_ccw_winding();
    let mut interiors = Vec::new();
    for hole in area.interiors() {
        if let Some(mut hole) = ring(hole, place)? {
            hole.make_cw_winding();
            interiors.push(hole);
        }
    }
    Ok(Some(Polygon::new(exterior, interiors)))
}

fn ring(
    line: &LineString<f64>,
    place: impl Fn(Coord<f64>) -> Result<Coord<f64>, GeoJsonError>,
) -> Result<Option<LineString<f64>>, GeoJsonError> {
    let mut coords = without_repeats(line, place)?;
    if coords.len() > 1 && coords.first() == coords.last() {
        coords.pop();
    }
    if coords.len() < 3 {
        return Ok(None);
    }
    coords.push(coords[0]);
    let ring = LineString(coords);
    Ok(ring.winding_order().is_some().then_some(ring))
}

fn without_repeats(
    line: &LineString<f64>,
    place: impl Fn(Coord<f64>) -> Result<Coord<f64>, GeoJsonError>,
) -> Result<Vec<Coord<f64>>, GeoJsonError> {
    let mut coords = line
        .coords()
        .map(|&coord| place(coord))
        .collect::<Result<Vec<_>, _>>()?;
    coords.dedup();
    Ok(coords)
}

/// The coordinate rounded to the file's precision, if it is on the globe. `-0.0` becomes `0.0`.
fn on_the_globe(
    table: &Table,
    feature: &Feature,
    Coord { x, y }: Coord<f64>,
) -> Result<Coord<f64>, GeoJsonError> {
    let round = |degrees: f64| (degrees * SCALE).round() / SCALE + 0.0;
    if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) {
        Ok(Coord {
            x: round(x),
            y: round(y),
        })
    } else {
        Err(GeoJsonError::OffTheGlobe {
            table: table.id.clone(),
            feature: feature.id.clone(),
            lon: x,
            lat: y,
        })
    }
}
