//! The manifest: layers, counts, extents, CRS, plans, sources with licences, and what is not on the map.

use std::path::Path;

use gazetteer::Extent;
use layers::model::{DataSource, PlanReference, Unlocated};
use serde::Serialize;

use crate::atomic::{self, AtomicError};

/// Version of the manifest's shape: raised when a key changes its meaning or goes.
pub const MANIFEST_VERSION: u32 = 1;

/// An atlas folder. Paths are relative to the manifest.
#[derive(Debug, Serialize)]
pub struct Manifest<'a> {
    /// [`MANIFEST_VERSION`].
    pub version: u32,
    /// Program and version.
    pub generator: &'a str,
    /// CRS of all coordinates in data files: `EPSG:4326`, longitude first.
    pub crs: &'a str,
    /// The box around all features: west, south, east, north, in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Layers.
    pub layers: Vec<ManifestLayer<'a>>,
    /// Every layer in one `GeoPackage`.
    pub geopackage: &'a str,
    /// Vector tiles.
    pub tiles: Option<ManifestTiles<'a>>,
    /// Plans that the layers cite.
    pub plans: &'a [PlanReference],
    /// Data sources with their licences.
    pub sources: &'a [DataSource],
}

/// A layer.
#[derive(Debug, Serialize)]
pub struct ManifestLayer<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Chinese title.
    pub title: &'a str,
    /// One phrase on what is in it.
    pub summary: &'a str,
    /// Its tables.
    pub tables: Vec<ManifestTable<'a>>,
    /// Picture of its map; `None` when nothing of it has a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// What the plans name here and nothing locates, and why.
    pub unlocated: &'a [Unlocated],
    /// The same as a table.
    pub unlocated_file: Option<String>,
}

/// A table of a layer.
#[derive(Debug, Serialize)]
pub struct ManifestTable<'a> {
    /// Identifier: `name` of the `GeoJSON`, and of the layer in the tiles.
    pub id: &'a str,
    /// Chinese title.
    pub title: &'a str,
    /// Geometry type.
    pub geometry: &'a str,
    /// Number of features.
    pub features: usize,
    /// West, south, east, north, in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Plans that its features cite.
    pub plans: Vec<String>,
    /// The `GeoJSON` file.
    pub file: String,
    /// Its QGIS style.
    pub style: String,
}

/// The tile archive.
#[derive(Debug, Serialize)]
pub struct ManifestTiles<'a> {
    /// The `PMTiles` file.
    pub file: &'a str,
    /// Least zoom.
    pub min_zoom: u8,
    /// Greatest zoom.
    pub max_zoom: u8,
}

/// Why a manifest could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It could not be put into JSON.
    #[error("manifest: {0}")]
    Json(#[from] serde_json::Error),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}

impl ManifestTable<'_> {
    /// An extent as four numbers, rounded to six decimals (0.1 m).
    #[must_use]
    pub fn bbox_of(extent: Extent) -> [f64; 4] {
        [extent.west, extent.south, extent.east, extent.north]
            .map(|degrees| (degrees * 1e6).round() / 1e6)
    }
}

/// Writes a manifest, whole or not at all. The same manifest gives the same bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn write(manifest: &Manifest<'_>, path: &Path) -> Result<(), ManifestError> {
    let mut json = serde_json::to_vec_pretty(manifest)?;
    json.push(b'\n');
    atomic::write(path, &json)?;
    Ok(())
}
