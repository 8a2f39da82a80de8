//! Writers: one folder a format
pub use formats::atomic;
pub mod csv;
pub mod geojson;
pub mod geopackage;
pub mod manifest;
pub mod qml;
pub mod raster;
pub mod reading_page;
#[cfg(test)]
mod sample;
pub mod tiles;
