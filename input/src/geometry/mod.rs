//! Checked geometry: every coordinate finite and on the globe, longitude first.

mod representative;
pub(crate) mod rings;
pub(crate) mod wkb;
pub(crate) mod wkt;

use gazetteer::{Entry, LonLat};
use geo::{Coord, CoordsIter, Geometry};

use crate::Problem;

pub(crate) use representative::representative;

/// Checks a position in degrees.
pub(crate) fn position(lon: f64, lat: f64) -> Result<LonLat, Problem> {
    for (column, found) in [("lon", lon), ("lat", lat)] {
        if !found.is_finite() {
            return Err(Problem::NotFinite { column, found });
        }
    }
    LonLat::new(lon, lat).map_err(|source| {
        if lon.abs() <= 90.0 && lat.abs() > 90.0 && lat.abs() <= 180.0 {
            Problem::Swapped {
                lon,
                lat,
                rows: None,
            }
        } else {
            Problem::Position { source }
        }
    })
}

/// A checked coordinate.
pub(crate) fn coord(lon: f64, lat: f64) -> Result<Coord<f64>, Problem> {
    position(lon, lat).map(|p| Coord {
        x: p.lon(),
        y: p.lat(),
    })
}

/// What makes a coordinate of two numbers.
pub(crate) type MakeCoord = fn(f64, f64) -> Result<Coord<f64>, Problem>;

/// A coordinate as it was read, for those who check later.
#[expect(clippy::unnecessary_wraps, reason = "a `MakeCoord`, as `coord` is")]
pub(crate) fn unchecked(lon: f64, lat: f64) -> Result<Coord<f64>, Problem> {
    Ok(Coord { x: lon, y: lat })
}

/// A geometry with what was left out of it.
pub(crate) struct Parsed {
    pub(crate) geometry: Geometry<f64>,
    /// Heights or measures were dropped.
    pub(crate) heights: bool,
}

/// Gives an entry its geometry: a point becomes its position, a line or area stays and a point of it becomes
/// the position, unless the entry has one.
pub(crate) fn place(entry: &mut Entry, shape: Geometry<f64>) -> Result<(), Problem> {
    for c in shape.coords_iter() {
        position(c.x, c.y)?;
    }
    let Some(point) = representative(&shape) else {
        return Ok(());
    };
    if entry.position.is_none() {
        entry.position = Some(position(point.x, point.y)?);
    }
    if !matches!(shape, Geometry::Point(_)) {
        entry.geometry = Some(shape);
    }
    Ok(())
}
