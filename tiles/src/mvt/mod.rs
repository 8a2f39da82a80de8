//! Mapbox Vector Tile 2.1.

pub mod decode;
