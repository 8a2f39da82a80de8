//! Archives of tiles: spools while tiles are made, containers when they are done, and what reads them.
//!
//! Tiles are made in tasks. A task covers one stretch of the tile order in each zoom it touches, and hands over each zoom's
//! tiles in that order; tasks run beside each other and end in any order. [`TileSink::finish`] puts their stretches in the
//! order of tiles and finds equal tiles there, so that an archive's bytes depend neither on threads nor on parts.
//!
//! Nothing takes its name before it is whole: all work is in the folder `OUT.part` beside the output.

mod error;
mod folder;
mod gzip;
mod layout;
mod mbtiles;
mod part;
mod place;
pub mod pmtiles;
mod read;
mod spool;
mod tileset;
mod write;

pub use error::ArchiveError;
pub use gzip::GzipError;
pub use part::{PartError, merge};
pub use read::FormatError;
pub use spool::{ArchiveSummary, Container, Fingerprint, PartOf, TaskSpool, TileSink, ZoomSummary};
pub use tileset::{FieldKind, Tileset, VectorLayer};

/// Longest tile that is unpacked, in bytes: a tile of a tenth of this stops any map.
pub(crate) const MOST_TILE_BYTES: usize = 1 << 29;
