//! Parts of an archive, made by several runs, and their merging.
//!
//! A part is one file: the bytes of its tiles (equal ones once), the index of the tiles in order (40 bytes a tile), and at the
//! end, so that a file which was cut short is none, the [`About`] in JSON with its length, its checksum and the magic.

mod merge;
mod writer;

pub use merge::{PartError, merge};
use serde::{Deserialize, Serialize};
pub(super) use writer::write;

use super::Tileset;

const MAGIC: &[u8; 8] = b"YUTUPRT1";
/// Length of the [`About`], its XXH3 (64 bits), the magic.
const FOOTER_BYTES: usize = 24;

/// What a part says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    plan: String,
    number: u32,
    of: u32,
    split_zoom: u8,
    first_key: u64,
    end_key: u64,
    /// Bytes of the tiles, from the start of the file.
    data_bytes: u64,
    /// XXH3 (128 bits) of the index.
    index_hash: String,
    zooms: Vec<AboutZoom>,
    tileset: Tileset,
}

/// A zoom's stretch of the index.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct AboutZoom {
    zoom: u8,
    first: u64,
    last: u64,
    count: u64,
}
