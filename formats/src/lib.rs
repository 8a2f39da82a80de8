//! Features of any file as features of any other: one folder a format.
//!
//! A file is read twice. The first pass, a [`Survey`], learns what a table has to declare before its first row: columns
//! and their types, kinds of geometry, extent, count. The second encodes blocks side by side and writes them in order. So
//! memory depends on the block, not on the file.
//!
//! Positions are WGS 84 degrees, longitude first, unless [`Shaping::transform`] makes them something else, which
//! [`Target::crs`] then names. The same input gives the same bytes: no clock, no hash order, no number of threads.
//!
//! What a format cannot hold is counted by kind and comes back in the [`Report`].

pub mod atomic;
pub mod check;
mod column;
mod convert;
mod crs;
mod csv;
mod drawers;
mod error;
mod feature;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod geoparquet;
mod hilbert;
mod kml;
mod pass;
mod postgis;
mod report;
mod shapefile;
mod shaping;
mod survey;
mod svg;
mod table;
mod target;
mod topojson;
mod wkb;
mod xml;

pub use column::{Column, ColumnKind};
pub use convert::{Layer, convert};
pub use crs::{CrsRecord, crs_record};
pub use error::FormatError;
pub use feature::{Feature, features};
pub use geopackage::{GeoPackage, LayerAbout};
pub use postgis::Database;
pub use report::{Loss, Report};
pub use shaping::{Shaping, Transform};
pub use survey::{GeometrySeen, Survey};
pub use target::{Target, TargetFormat, TargetFormatError};
