//! Which feature stands in which tile, zoom by zoom.

use std::collections::BTreeMap;

use ::pmtiles::TileId;
use geo::{Coord, CoordsIter, Geometry};
use layers::model::{FIELDS, Feature, GeometryKind, Table, Value};

use super::clip::{Path, PathKind, into_tiles};
use super::mercator::{MAX_LATITUDE_DEG, TileCoord, cell, tiles_between};
use super::mvt::{LayerEncoder, TileGeometry};
use super::snap;
use super::{BUFFER, TILE_EXTENT, TilesError};

/// A layer of the tiles: a table, or the names of an area table.
pub(super) struct TileLayer<'a> {
    /// Its name in the tiles.
    pub(super) name: String,
    pub(super) table: &'a Table,
    /// Whether it holds the label points instead of the geometry.
    pub(super) labels: bool,
}

/// Returns the layers of tables that have features: each table, and `<id>-labels` after each area table.
///
/// # Errors
///
/// [`TilesError`] when a geometry is not of its table's type or not on the globe, or a name comes twice.
pub(super) fn tile_layers<'a>(tables: &[&'a Table]) -> Result<Vec<TileLayer<'a>>, TilesError> {
    let mut layers: Vec<TileLayer<'a>> = Vec::new();
    for &table in tables.iter().filter(|table| !table.features.is_empty()) {
        table
            .features
            .iter()
            .try_for_each(|feature| check(table, feature))?;
        layers.push(TileLayer {
            name: table.id.clone(),
            table,
            labels: false,
        });
        if table.geometry == GeometryKind::Polygon {
            layers.push(TileLayer {
                name: format!("{}-labels", table.id),
                table,
                labels: true,
            });
        }
    }
    for (index, layer) in layers.iter().enumerate() {
        if layers[..index].iter().any(|other| other.name == layer.name) {
            return Err(TilesError::RepeatedLayer {
                name: layer.name.clone(),
            });
        }
    }
    Ok(layers)
}

fn check(table: &Table, feature: &Feature) -> Result<(), TilesError> {
    let fits = matches!(
        (table.geometry, &feature.geometry),
        (GeometryKind::Point, Geometry::Point(_))
            | (GeometryKind::Line, Geometry::LineString(_))
            | (GeometryKind::Polygon, Geometry::MultiPolygon(_))
    );
    if !fits || feature.geometry.coords_count() == 0 {
        return Err(TilesError::WrongGeometry {
            table: table.id.clone(),
            feature: feature.id.clone(),
            expected: table.geometry.name(),
        });
    }
    for Coord { x: lon, y: lat } in coords(feature) {
        if !((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)) {
            return Err(TilesError::OffTheGlobe {
                table: table.id.clone(),
                feature: feature.id.clone(),
                lon,
                lat,
            });
        }
    }
    Ok(())
}

fn coords(feature: &Feature) -> impl Iterator<Item = Coord<f64>> {
    feature
        .geometry
        .coords_iter()
        .chain([feature.label_point().0])
}

/// West, south, east, north in degrees of all that the layers draw, within the square world of Web Mercator.
pub(super) fn bounds(layers: &[TileLayer<'_>]) -> [f64; 4] {
    layers
        .iter()
        .flat_map(|layer| &layer.table.features)
        .flat_map(coords)
        .map(|Coord { x, y }| (x, y.clamp(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG)))
        .fold(
            [180.0, MAX_LATITUDE_DEG, -180.0, -MAX_LATITUDE_DEG],
            |[west, south, east, north], (x, y)| {
                [west.min(x), south.min(y), east.max(x), north.max(y)]
            },
        )
}

/// Attributes of a feature: its id, then the fields it has a value for.
fn attributes(feature: &Feature) -> impl Iterator<Item = (&str, Value<'_>)> {
    let fields = FIELDS.iter().zip(feature.properties.values());
    let present = fields.filter_map(|(field, value)| value.map(|value| (field.name, value)));
    [("id", Value::Text(&feature.id))]
        .into_iter()
        .chain(present)
}

/// A feature's part in a tile: layer, feature, geometry.
type Piece = (usize, usize, TileGeometry);

/// Returns the tiles of a zoom in the archive's order, each with its uncompressed MVT bytes.
pub(super) fn encode_zoom(
    layers: &[TileLayer<'_>],
    z: u8,
) -> impl Iterator<Item = (TileId, Vec<u8>)> {
    let mut tiles: BTreeMap<u64, Vec<Piece>> = BTreeMap::new();
    for (layer_index, layer) in layers.iter().enumerate() {
        for (feature_index, feature) in layer.table.features.iter().enumerate() {
            let mut sink = |tile: TileCoord, geometry: TileGeometry| {
                if let Some(id) = tile_id(tile) {
                    tiles.entry(id.value()).or_default().push((
                        layer_index,
                        feature_index,
                        geometry,
                    ));
                }
            };
            if layer.labels {
                label(feature.label_point().0, z, &mut sink);
            } else {
                distribute(feature, z, &mut sink);
            }
        }
    }
    tiles
        .into_iter()
        .filter_map(move |(id, pieces)| Some((TileId::new(id).ok()?, encode_tile(layers, &pieces))))
}

/// The archive's number of a tile. There is always one: zooms are checked and rows and columns clamped.
fn tile_id(TileCoord { z, x, y }: TileCoord) -> Option<TileId> {
    ::pmtiles::TileCoord::new(z, x, y).ok().map(TileId::from)
}

/// Pieces come layer by layer.
fn encode_tile(layers: &[TileLayer<'_>], pieces: &[Piece]) -> Vec<u8> {
    let mut tile = Vec::new();
    for chunk in pieces.chunk_by(|one, other| one.0 == other.0) {
        let layer = &layers[chunk[0].0];
        let mut encoder = LayerEncoder::new(&layer.name);
        for (_, feature, geometry) in chunk {
            encoder.add(geometry, attributes(&layer.table.features[*feature]));
        }
        encoder.finish(&mut tile);
    }
    tile
}

/// Names stand in one tile of a zoom and in no buffer, so that none is written twice.
fn label(lon_lat: Coord<f64>, z: u8, sink: &mut impl FnMut(TileCoord, TileGeometry)) {
    let tile = TileCoord::containing(lon_lat, z);
    let cell = cell(lon_lat, z);
    if let [point] = snap::local(&[cell], tile)[..] {
        sink(tile, TileGeometry::Point(point));
    }
}

fn distribute(feature: &Feature, z: u8, sink: &mut impl FnMut(TileCoord, TileGeometry)) {
    match &feature.geometry {
        Geometry::Point(point) => {
            let cell = cell(point.0, z);
            for x in tiles_between(cell.x, cell.x, z) {
                for y in tiles_between(cell.y, cell.y, z) {
                    let tile = TileCoord { z, x, y };
                    if let [point] = snap::local(&[cell], tile)[..] {
                        sink(tile, TileGeometry::Point(point));
                    }
                }
            }
        }
        Geometry::LineString(line) => {
            into_tiles(
                vec![snap::line(line, z)],
                PathKind::Line,
                z,
                |x, y, paths| {
                    let tile = TileCoord { z, x, y };
                    let mut lines: Vec<_> =
                        paths.iter().map(|path| snap::local(path, tile)).collect();
                    lines.retain(|line| line.len() >= 2);
                    if !lines.is_empty() {
                        sink(tile, TileGeometry::Lines(lines));
                    }
                },
            );
        }
        Geometry::MultiPolygon(areas) => {
            let rings = snap::rings(areas, feature.label_point().0, z);
            into_tiles(rings, PathKind::Ring, z, |x, y, rings| {
                let tile = TileCoord { z, x, y };
                let polygons =
                    whole_tile(&rings, tile).unwrap_or_else(|| snap::polygons(&rings, tile));
                if !polygons.is_empty() {
                    sink(tile, TileGeometry::Polygons(polygons));
                }
            });
        }
        // Checked before: a table holds nothing else.
        _ => {}
    }
}

/// The polygon of a tile that lies wholly inside an area, the common case at deep zooms.
fn whole_tile(rings: &[Path], tile: TileCoord) -> Option<Vec<snap::TilePolygon>> {
    let [ring] = rings else { return None };
    let (low, high) = (
        -i32::try_from(BUFFER).ok()?,
        i32::try_from(TILE_EXTENT + BUFFER).ok()?,
    );
    let ring = snap::local(ring, tile);
    let corners = [(low, low), (high, low), (high, high), (low, high)];
    let start = corners
        .iter()
        .position(|corner| ring.first() == Some(corner))?;
    let same = ring.len() == 4 && (0..4).all(|step| ring[step] == corners[(start + step) % 4]);
    same.then(|| vec![vec![corners.to_vec()]])
}

#[cfg(test)]
mod tests;
