//! How much work a file may cause.

use std::cell::Cell;

use super::PdfError;

/// What a file may cost however short it is. A plan of 200 pages costs some 20 MiB.
const BASE: u64 = 128 << 20;
/// What every byte of a file may cost besides: maps drawn as lines unpack to four times their length.
const PER_BYTE: u64 = 8;
/// What a file may cost however long it is.
const MOST: u64 = 512 << 20;

/// What is left of the work that a file may cause, in bytes read or made. One count bounds time and memory
/// whatever refers to what: everything that a file can have done twice is paid twice.
pub(super) struct Budget {
    left: Cell<u64>,
    whole: u64,
}

impl Budget {
    /// The budget of a file of so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let whole = (BASE + PER_BYTE * bytes as u64).min(MOST);
        Self {
            left: Cell::new(whole),
            whole,
        }
    }

    /// Pays for work.
    pub(super) fn pay(&self, cost: usize) -> Result<(), PdfError> {
        let left = self.left.get().checked_sub(cost as u64);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(PdfError::TooMuch {
            of: "bytes of work",
            most: self.whole,
        })
    }

    /// How much is left.
    pub(super) fn left(&self) -> usize {
        usize::try_from(self.left.get()).unwrap_or(usize::MAX)
    }
}
