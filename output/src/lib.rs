//! Writers: one folder a format
pub mod atomic;
pub mod csv;
pub mod gallery;
pub mod geojson;
mod html_text;
pub mod manifest;
pub mod qgis_project;
pub mod qml;
pub mod raster;
pub mod reading_page;
#[cfg(test)]
mod sample;
pub mod tiles;
mod xml;
