//! Writers: one folder a format
pub use formats::atomic;
pub mod csv;
pub mod gallery;
pub mod geojson;
pub mod geopackage;
mod glyph_svg;
mod html_text;
pub mod manifest;
pub mod maplibre;
mod primitives;
pub mod qgis_project;
pub mod qml;
pub mod raster;
pub mod raster_tiles;
pub mod reading_page;
#[cfg(test)]
mod sample;
pub mod sld;
pub mod tiles;
mod xml;
