//! Bits that are put together to bytes, the lowest first.

pub(super) struct Bits<'o> {
    out: &'o mut Vec<u8>,
    /// Those not written yet, fewer than a byte.
    waiting: u64,
    count: u8,
}

impl<'o> Bits<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self {
            out,
            waiting: 0,
            count: 0,
        }
    }

    /// Adds the lowest bits of a number, at most 56; those above are 0.
    #[inline]
    pub(super) fn add(&mut self, bits: u64, count: u8) {
        self.waiting |= bits << self.count;
        self.count += count;
        // What lies beyond the whole bytes is written again.
        let (end, bytes) = (self.out.len(), self.count / 8);
        self.out.extend_from_slice(&self.waiting.to_le_bytes());
        self.out.truncate(end + usize::from(bytes));
        self.waiting >>= bytes * 8;
        self.count %= 8;
    }

    /// Writes what is left, up to the end of a byte.
    pub(super) fn finish(self) {
        let bytes = usize::from(self.count.div_ceil(8));
        self.out
            .extend_from_slice(&self.waiting.to_le_bytes()[..bytes]);
    }
}
