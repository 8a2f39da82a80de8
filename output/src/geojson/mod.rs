//! `GeoJSON` (RFC 7946): one table a file, WGS 84, longitude before latitude, one feature a line.

mod error;
mod geometry;
mod writer;

pub use error::GeoJsonError;
pub use writer::write;
