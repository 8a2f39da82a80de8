//! Mapbox Vector Tile 2.1: features straight into the bytes of a tile.
//!
//! Buffers are kept from tile to tile; a tile costs no allocation once the first few are made.

mod gzip;
mod layer;
mod values;
pub(crate) mod wire;

pub use gzip::Gzip;
pub use layer::{GeometryType, LayerEncoder, Pen, TILE_EXTENT};
pub use values::{Texts, Value};

/// A position in a tile's grid: from the north-western corner, x to the east, y to the south, in 1/4096 of the side.
pub type GridPoint = (i32, i32);
