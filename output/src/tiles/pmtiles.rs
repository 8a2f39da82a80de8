//! The archive: `PMTiles` v3, gzip, written whole or not at all.

use std::io::{Cursor, Write};
use std::path::Path;

use ::pmtiles::{Compression, PmTilesWriter, TileCoord, TileId, TileType};
use flate2::write::GzEncoder;
use layers::model::{FIELDS, FieldKind, Table};
use serde::Serialize;
use serde_json::{Map, Value};

use super::pyramid::{TileLayer, bounds, encode_zoom, tile_layers};
use super::{MAX_ZOOM, TilesError};
use crate::atomic;

/// What a tileset says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TilesetMetadata {
    /// Short name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Whom to name on the map, as text or HTML.
    pub attribution: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TileSummary {
    /// First zoom.
    pub min_zoom: u8,
    /// Last zoom.
    pub max_zoom: u8,
    /// Tiles that can be asked for.
    pub tiles: u64,
    /// Size of the largest tile, compressed, in bytes.
    pub largest_tile_bytes: u64,
    /// Size of the archive in bytes.
    pub bytes: u64,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// Layers in the tiles, in drawing order.
    pub layers: Vec<String>,
}

/// Writes tables as vector tiles of the zooms `min_zoom` to `max_zoom` (at most [`MAX_ZOOM`]) into one archive.
///
/// Each table is a layer of its id; each area table `X` also gives the point layer `X-labels` with the same attributes
/// at the label points, each in exactly one tile a zoom. A feature's `id` is an attribute. Tables without features are
/// left out. Nothing vanishes at any zoom: small areas become a square of a pixel. Latitudes beyond ±85.05° are drawn
/// there. Equal input gives equal bytes.
///
/// # Errors
///
/// [`TilesError`] when the zooms are no range, no table has a feature, a feature cannot be drawn, or the file cannot be
/// written; no half file is left.
pub fn write_pmtiles(
    tables: &[&Table],
    metadata: &TilesetMetadata,
    min_zoom: u8,
    max_zoom: u8,
    path: &Path,
) -> Result<TileSummary, TilesError> {
    let (bytes, summary) = encode(tables, metadata, min_zoom, max_zoom)?;
    atomic::write(path, &bytes)?;
    Ok(summary)
}

fn encode(
    tables: &[&Table],
    metadata: &TilesetMetadata,
    min_zoom: u8,
    max_zoom: u8,
) -> Result<(Vec<u8>, TileSummary), TilesError> {
    if min_zoom > max_zoom || max_zoom > MAX_ZOOM {
        return Err(TilesError::Zooms { min_zoom, max_zoom });
    }
    let layers = tile_layers(tables)?;
    if layers.is_empty() {
        return Err(TilesError::Empty);
    }
    let bounds = outward(bounds(&layers));
    let [west, south, east, north] = bounds;
    let mut file = Cursor::new(Vec::new());
    let mut archive = PmTilesWriter::new(TileType::Mvt)
        .precompressed(Compression::Gzip)
        .min_zoom(min_zoom)
        .max_zoom(max_zoom)
        .bounds(west, south, east, north)
        .center(west.midpoint(east), south.midpoint(north))
        .center_zoom(centre_zoom(bounds).clamp(min_zoom, max_zoom))
        .metadata(describe(&layers, metadata, min_zoom, max_zoom)?)
        .create(&mut file)?;
    let (mut tiles, mut largest_tile_bytes) = (0, 0);
    for z in min_zoom..=max_zoom {
        for (id, tile) in encode_zoom(&layers, z) {
            let packed = gzip(&tile).map_err(::pmtiles::PmtError::from)?;
            tiles += 1;
            largest_tile_bytes = largest_tile_bytes.max(packed.len() as u64);
            archive.add_tile(coord(id), &packed)?;
        }
    }
    archive.finalize()?;
    let mut bytes = file.into_inner();
    place_empty_leaves(&mut bytes);
    let summary = TileSummary {
        min_zoom,
        max_zoom,
        tiles,
        largest_tile_bytes,
        bytes: bytes.len() as u64,
        bounds,
        layers: layers.into_iter().map(|layer| layer.name).collect(),
    };
    Ok((bytes, summary))
}

fn coord(id: TileId) -> TileCoord {
    id.into()
}

/// Level 6, without a time or a name in its head: equal tiles give equal bytes.
fn gzip(tile: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(tile)?;
    encoder.finish()
}

/// Gives the section of leaf directories an offset when it is empty: the writer leaves 0 there, which the reference
/// checker takes for damage. Remove once the crate's writer does so itself.
fn place_empty_leaves(archive: &mut [u8]) {
    let end = (archive.len() as u64).to_le_bytes();
    // PMTiles v3, section 3.1: leaf directories' offset at byte 40, their length at byte 48.
    if let Some(leaves) = archive.get_mut(40..56)
        && leaves.iter().all(|byte| *byte == 0)
    {
        leaves[..8].copy_from_slice(&end);
    }
}

/// Bounds at the header's 10⁻⁷ degrees, rounded outward, and never without area.
fn outward([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    const SCALE: f64 = 1e7;
    let low = |degrees: f64, least: f64| ((degrees * SCALE).floor() / SCALE).max(least);
    let high = |degrees: f64, most: f64| ((degrees * SCALE).ceil() / SCALE).min(most);
    let hair = |low: f64, high: f64| if low < high { 0.0 } else { 1.0 / SCALE };
    let (wide, tall) = (hair(west, east), hair(south, north));
    [
        low(west - wide, -180.0),
        low(south - tall, -super::MAX_LATITUDE_DEG),
        high(east + wide, 180.0),
        high(north + tall, super::MAX_LATITUDE_DEG),
    ]
}

/// The deepest zoom at which the bounds are at most two tiles wide: they fill a screen.
fn centre_zoom([west, south, east, north]: [f64; 4]) -> u8 {
    // Heights count by their degrees: near enough for a first view.
    let widest = (east - west).max(north - south);
    (0..MAX_ZOOM)
        .take_while(|&z| widest / 360.0 * f64::from(1_u32 << (z + 1)) <= 2.0)
        .count()
        .try_into()
        .unwrap_or(0)
}

/// The JSON metadata: names, and `vector_layers` as in `TileJSON` 3.0.
fn describe(
    layers: &[TileLayer<'_>],
    metadata: &TilesetMetadata,
    min_zoom: u8,
    max_zoom: u8,
) -> Result<String, TilesError> {
    #[derive(Serialize)]
    struct Described<'a> {
        name: &'a str,
        description: &'a str,
        attribution: &'a str,
        r#type: &'static str,
        format: &'static str,
        vector_layers: Vec<VectorLayer<'a>>,
    }
    #[derive(Serialize)]
    struct VectorLayer<'a> {
        id: &'a str,
        description: &'a str,
        minzoom: u8,
        maxzoom: u8,
        fields: Map<String, Value>,
    }
    let vector_layers = layers
        .iter()
        .map(|layer| VectorLayer {
            id: &layer.name,
            description: &layer.table.title,
            minzoom: min_zoom,
            maxzoom: max_zoom,
            fields: fields(layer.table),
        })
        .collect();
    Ok(serde_json::to_string(&Described {
        name: &metadata.name,
        description: &metadata.description,
        attribution: &metadata.attribution,
        r#type: "overlay",
        format: "pbf",
        vector_layers,
    })?)
}

/// `id` and every field that some feature of the table has.
fn fields(table: &Table) -> Map<String, Value> {
    let used = |column: usize| {
        table
            .features
            .iter()
            .any(|feature| feature.properties.values()[column].is_some())
    };
    let kind = |kind: FieldKind| match kind {
        FieldKind::Text => "String",
        FieldKind::Number => "Number",
    };
    let present = FIELDS
        .iter()
        .enumerate()
        .filter(|(column, _)| used(*column));
    [("id", "String")]
        .into_iter()
        .chain(present.map(|(_, field)| (field.name, kind(field.kind))))
        .map(|(name, kind)| (name.to_owned(), Value::from(kind)))
        .collect()
}

#[cfg(test)]
mod tests;
