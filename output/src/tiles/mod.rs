//! Vector tiles: MVT 2.1 in one `PMTiles` v3 archive.
//!
//! Web Mercator, XYZ scheme. A tile's grid has [`TILE_EXTENT`] units a side, x to the east, y to the south, with a
//! buffer of [`BUFFER`] units around it. Every vertex is snapped to the grid of its zoom by itself, so two areas that
//! share a border share it in every tile.

mod clip;
mod error;
mod mercator;
mod mvt;
mod pmtiles;
mod pyramid;
mod snap;

pub use error::TilesError;
pub use mercator::{BUFFER, MAX_LATITUDE_DEG, MAX_ZOOM, TILE_EXTENT, TileCoord};
pub use pmtiles::{TileSummary, TilesetMetadata, write_pmtiles};
