//! Archives of tiles: spools while tiles are made, containers when they are done, and what reads them.
//!
//! Tiles are made in tasks. A task covers one stretch of the tile order in each zoom it touches, and hands over each zoom's
//! tiles in that order; tasks run beside each other and end in any order. [`TileSink::finish`] puts their stretches in the
//! order of tiles and finds equal tiles there, so that an archive's bytes depend neither on threads nor on parts.
//!
//! Nothing takes its name before it is whole: all work is in the folder `OUT.part` beside the output.

mod diff;
mod error;
mod extract;
mod folder;
mod gzip;
mod inspect;
mod layout;
mod mbtiles;
mod part;
mod place;
pub mod pmtiles;
mod read;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod sample;
mod spool;
mod tileset;
mod verify;
mod write;

pub use diff::{ArchiveDiff, LayerDiff, diff};
pub use error::ArchiveError;
pub use extract::{Area, AreaError, ExtractOptions, extract};
pub use gzip::GzipError;
pub use inspect::{
    AttributeContent, HeavyTile, Inspection, LayerContent, ZoomContent, inspect, tile_as_geojson,
};
pub use part::{PartError, merge};
pub use read::FormatError;
pub use spool::{ArchiveSummary, Container, Fingerprint, PartOf, TaskSpool, TileSink, ZoomSummary};
pub use tileset::{FieldKind, TileFormat, Tileset, VectorLayer};
pub use verify::{
    Check, Example, Findings, Found, MOST_EXAMPLES, Severity, Verification, VerifyOptions, verify,
};

/// Longest tile that is unpacked, in bytes: a tile of a tenth of this stops any map.
pub(crate) const MOST_TILE_BYTES: usize = 1 << 29;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests;
