//! What the `csv` crate leaves to its caller: the delimiter, the length of records, a quote left open.

use std::cell::Cell;
use std::io::{Read, Result};
use std::rc::Rc;

use crate::Problem;

/// The delimiter that is most frequent in the first line outside quotes; a comma when there is none.
pub(crate) fn delimiter(first: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in first {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == delimiter);
                }
            }
        }
    }
    // The first of equals: `max_by_key` would take the last.
    let mut best = counts[0];
    for candidate in counts {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    best.0
}

/// What passes into the parser.
#[derive(Default)]
pub(crate) struct Watch {
    /// Bytes that may still pass before the record is too long.
    left: Cell<u64>,
    /// Quotes so far are odd in number.
    odd_quotes: Cell<bool>,
    /// Nothing follows.
    ended: Cell<bool>,
}

impl Watch {
    /// A record begins.
    pub(crate) fn begin(&self, most_bytes: u64) {
        self.left.set(most_bytes);
    }

    /// Whether the table has ended with a quote that stands alone: quotes of a whole table come in pairs.
    pub(crate) fn open_quote(&self) -> bool {
        self.ended.get() && self.odd_quotes.get()
    }
}

/// Watches the bytes on their way.
pub(crate) struct Watched<R> {
    inner: R,
    watch: Rc<Watch>,
}

impl<R> Watched<R> {
    pub(crate) fn new(inner: R, watch: Rc<Watch>) -> Self {
        Self { inner, watch }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        self.watch.ended.set(count == 0);
        let left = self.watch.left.get();
        if left < count as u64 {
            return Err(Problem::TooLong {
                what: "the record",
                most: super::MOST_RECORD_BYTES,
                hint: "is a quote left open?",
            }
            .into());
        }
        self.watch.left.set(left - count as u64);
        let odd = buffer[..count]
            .iter()
            .fold(self.watch.odd_quotes.get(), |odd, b| odd != (*b == b'"'));
        self.watch.odd_quotes.set(odd);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_of_the_header_counts_outside_quotes() {
        assert_eq!(delimiter("a;\"b,,,\";c\n,,,,".as_bytes()), b';');
        assert_eq!(delimiter(b"a\tb"), b'\t');
        assert_eq!(delimiter("名称".as_bytes()), b',');
    }
}
