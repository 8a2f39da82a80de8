//! Counts the bytes taken from a file.

use std::io::{Read, Result, Seek, SeekFrom};

use crate::intake::ByteCount;

/// A reader that adds what it reads to a shared count.
pub(crate) struct Counted<R> {
    inner: R,
    bytes: ByteCount,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, bytes: ByteCount) -> Self {
        Self { inner, bytes }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.inner.seek(to)
    }
}
