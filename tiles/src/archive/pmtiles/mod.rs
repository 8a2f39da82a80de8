//! `PMTiles` v3: our own writer and reader.
//!
//! The writer of the crate `pmtiles` wants the metadata before the tiles, trusts a hash of 64 bits and leaves the offset of
//! empty leaf directories at 0, which the reference checker takes for damage.

mod directory;
mod header;
mod reader;
mod writer;

#[cfg(test)]
pub(super) use directory::to_bytes;
pub use directory::{DirectoryError, Entry};
pub use header::{
    Compression, HEADER_BYTES, Header, HeaderError, ROOT_END, Section, TILE_TYPE_MVT,
};
pub(super) use reader::Cursor;
pub use reader::Reader;
pub(super) use writer::write;
