//! Unpacked data with a limit on how much comes out of how little.

use std::io::{Read, Result};

use crate::Problem;
use crate::intake::ByteCount;

/// Text compresses to a fifth, very regular tables to a fiftieth; deflate can reach a thousandth.
const MOST_RATIO: u64 = 100;
/// Below this nothing is a bomb.
const HARMLESS_BYTES: u64 = 64 << 20;

/// Passes on unpacked bytes until they are too many for the packed ones.
pub(crate) struct Bounded<R> {
    inner: R,
    packed: ByteCount,
    start: u64,
    unpacked: u64,
}

impl<R> Bounded<R> {
    /// `packed` counts the bytes that `inner` takes from the file.
    pub(crate) fn new(inner: R, packed: ByteCount) -> Self {
        let start = packed.get();
        Self {
            inner,
            packed,
            start,
            unpacked: 0,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        self.unpacked += count as u64;
        // A buffer's worth may have been read before the count began.
        let packed = self.packed.get().saturating_sub(self.start) + (1 << 16);
        if self.unpacked > HARMLESS_BYTES && self.unpacked / packed > MOST_RATIO {
            return Err(Problem::Bomb {
                packed,
                unpacked: self.unpacked,
            }
            .into());
        }
        Ok(count)
    }
}
