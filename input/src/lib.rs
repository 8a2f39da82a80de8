//! Readers of other people's files: each place becomes a [`gazetteer::Entry`] and is handed on at once.
//!
//! One folder a format, all of one shape: `read(path, intake)`. Memory is bounded by the largest single
//! record, except for `OSM` extracts (see [`Format::OsmPbf`]). All positions handed on are WGS 84
//! (EPSG:4326), longitude first, in degrees; CGCS2000 is taken as equal, anything else is refused.
//!
//! Whatever a file holds, reading it ends with entries or with one error that says where and what to do;
//! sizes that a file declares are never believed before the bytes are there.
//!
//! ```
//! use input::{Origin, ReadOptions, read};
//! let path = std::env::temp_dir().join(format!("input-doc-{}.csv", std::process::id()));
//! std::fs::write(&path, "名称,经度,纬度\n青石镇,106.63,30.46\n")?; // lon, lat
//! let mut names = Vec::new();
//! let summary = read(
//!     &path,
//!     &ReadOptions::default(),
//!     &mut |entry, origin| {
//!         assert_eq!(origin, Origin::Line(2));
//!         names.push(entry.name);
//!         Ok::<(), std::convert::Infallible>(())
//!     },
//!     &mut |_progress| {},
//! )?;
//! assert_eq!((summary.entries, names[0].as_str()), (1, "青石镇"));
//! # std::fs::remove_file(&path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accuracy;
mod columns;
mod csv;
mod error;
pub mod features;
mod format;
mod geojson;
mod geometry;
mod geonames;
mod gpkg;
#[cfg(test)]
mod hostile_tests;
mod intake;
mod json;
mod lpf;
mod names;
mod options;
mod origin;
mod osm_pbf;
mod read;
mod record;
#[cfg(test)]
mod sample;
mod shapefile;
mod source;
mod summary;

pub use columns::{Column, ColumnMapping, ColumnMappingError};
pub use error::{At, InputError, Problem, ReadError};
pub use format::{Format, FormatError};
pub use options::{Encoding, EncodingError, ReadOptions};
pub use origin::Origin;
pub use read::read;
pub use summary::{Progress, SkipReason, Summary, Warning};
