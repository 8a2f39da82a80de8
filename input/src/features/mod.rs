//! Features of any file, in blocks of columns: what tiles are made of and questions are asked over.
//!
//! [`FeatureSource::open`] tells what a file is; [`FeatureSource::read`] reads it on several threads and hands on one
//! [`FeatureBatch`] after the other. Nothing is renamed, rounded or dropped in silence: numbers are the nearest `f64`,
//! whole numbers keep their digits, attributes their order, and what makes no feature comes back as a [`Reject`]
//! with its place.
//!
//! ```
//! use input::features::{FeatureOptions, FeatureSource};
//! let path = std::env::temp_dir().join(format!("features-doc-{}.ndjson", std::process::id()));
//! std::fs::write(&path, r#"{"type":"Feature","properties":{"name":"青石镇"},"geometry":{"type":"Point","coordinates":[106.63,30.46]}}"#)?;
//! let source = FeatureSource::open(&path, &FeatureOptions::default())?;
//! let mut positions = Vec::new();
//! let totals = source.read(
//!     2,
//!     |batch| batch.features().map(|f| f.vertices()[0]).collect::<Vec<_>>(), // lon, lat
//!     |done| {
//!         positions.extend(done.value);
//!         Ok::<(), std::convert::Infallible>(())
//!     },
//! )?;
//! assert_eq!((totals.features, positions[0]), (1, [106.63, 30.46]));
//! # std::fs::remove_file(&path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod csv;
mod cut;
mod drive;
mod flatbuffer;
mod flatgeobuf;
mod geoparquet;
mod gpkg;
#[cfg(test)]
mod hostile_tests;
mod json;
mod kml;
mod lines;
mod number;
mod objects;
mod open;
mod options;
mod reject;
mod shapefile;
mod shapes;
#[cfg(test)]
mod tests;
mod topojson;
mod writer;

pub use batch::{
    Cell, CellValue, FeatureBatch, FeatureId, FeatureRow, FeatureView, GeometryKind, Id, Notes,
    Part, PlaceKind, Span, TileHints, Value,
};
pub use drive::{BlockDone, FeatureTotals};
pub use open::{FeatureSource, SourceFacts};
pub use options::{FeatureFormat, FeatureFormatError, FeatureOptions};
pub use reject::Reject;
