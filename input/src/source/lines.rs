//! Lines with their numbers, none of them longer than memory allows.

use std::io::{BufRead, Read};

use crate::Problem;

/// The longest line.
const MOST_BYTES: u64 = 1 << 20;

/// Reads one line after the other into one buffer.
pub(crate) struct Lines<'a> {
    reader: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(reader: &'a mut dyn BufRead) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// The number of the line that was read last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Problem> {
        self.buffer.clear();
        self.number += 1;
        let mut limited = (&mut self.reader).take(MOST_BYTES + 1);
        if limited.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        if self.buffer.len() as u64 > MOST_BYTES {
            return Err(Problem::TooLong {
                what: "the line",
                most: MOST_BYTES,
                hint: "is it a table of text?",
            });
        }
        let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}
