//! Mapbox Vector Tile 2.1: features straight into the bytes of a tile, and back.
//!
//! Buffers are kept from tile to tile; a tile costs no allocation once the first few are made.

pub mod decode;
mod gzip;
mod layer;
mod pen;
mod values;
pub(crate) mod wire;

pub use layer::TILE_EXTENT;

pub(crate) use gzip::Gzip;
pub(crate) use layer::{GeometryType, LayerEncoder};
pub(crate) use values::{Texts, Value};

/// A position in a tile's grid: from the north-western corner, x to the east, y to the south, in 1/4096 of the side.
pub(crate) type GridPoint = (i32, i32);
