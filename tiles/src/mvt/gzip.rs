//! Gzip of a tile.

use libdeflater::{CompressionLvl, Compressor};

/// A compressor that is kept from tile to tile. Equal input gives equal bytes: no time, no name, a fixed system byte.
pub struct Gzip {
    compressor: Compressor,
}

impl Gzip {
    /// Returns a compressor of a level from 1 (fast) to 12 (small); others count as the nearest.
    #[must_use]
    pub fn new(level: u8) -> Self {
        let level = CompressionLvl::new(i32::from(level.clamp(1, 12))).unwrap_or_default();
        Self {
            compressor: Compressor::new(level),
        }
    }

    /// Appends the compressed bytes and returns how many there are.
    pub fn append(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> usize {
        let start = out.len();
        let bound = self.compressor.gzip_compress_bound(bytes.len());
        out.resize(start + bound, 0);
        // The room is what the compressor asked for, so that this does not fail.
        let written = self
            .compressor
            .gzip_compress(bytes, &mut out[start..])
            .unwrap_or(0);
        out.truncate(start + written);
        written
    }
}
