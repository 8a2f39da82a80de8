//! Writers: one folder a format
pub mod atomic;
pub mod csv;
pub mod geojson;
pub mod manifest;
pub mod qml;
pub mod raster;
pub mod raster_tiles;
pub mod reading_page;
#[cfg(test)]
mod sample;
pub mod tiles;
