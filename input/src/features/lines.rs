//! Rows of `GeoJSON` in blocks of text.

use std::ops::Range;

use super::batch::{PlaceKind, Span};
use super::cut::Block;
use super::drive::Rows;
use super::json;
use super::writer::{Facts, Writer, index};
use crate::{InputError, Problem};

/// A feature on every line; blank lines count as lines only.
pub(super) struct JsonLines;

/// Features where the cutter found them.
pub(super) struct JsonObjects;

/// Features between the separators of a text sequence.
pub(super) struct JsonSequence;

impl Rows for JsonLines {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        split(block, writer, b'\n');
        Ok(())
    }
}

impl Rows for JsonSequence {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        split(block, writer, 0x1E);
        Ok(())
    }
}

impl Rows for JsonObjects {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        let mut rows = RowTaker::new(block, writer);
        for span in &block.rows {
            rows.take(span.range());
        }
        rows.finish();
        std::mem::swap(&mut writer.batch.raw, &mut block.bytes);
        Ok(())
    }
}

fn split(block: &mut Block, writer: &mut Writer, separator: u8) {
    let mut rows = RowTaker::new(block, writer);
    let mut start = 0;
    while start < block.bytes.len() {
        let rest = &block.bytes[start..];
        let end = start + memchr::memchr(separator, rest).unwrap_or(rest.len());
        rows.take(start..end);
        if separator == b'\n' {
            rows.lines += u64::from(end < block.bytes.len());
            rows.counted = (end + 1).min(block.bytes.len());
        }
        start = end + 1;
    }
    rows.finish();
    std::mem::swap(&mut writer.batch.raw, &mut block.bytes);
}

/// Reads the rows of a block, one after the other.
pub(super) struct RowTaker<'a> {
    bytes: &'a [u8],
    /// The block as text; `None` where some of it is none.
    text: Option<&'a str>,
    offset: u64,
    writer: &'a mut Writer,
    /// Bytes whose lines are counted.
    counted: usize,
    lines: u64,
}

/// Lines that begin in some bytes.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

impl<'a> RowTaker<'a> {
    pub(super) fn new(block: &'a Block, writer: &'a mut Writer) -> Self {
        writer.batch.place_kind = PlaceKind::Line;
        Self {
            bytes: &block.bytes,
            text: simdutf8::basic::from_utf8(&block.bytes).ok(),
            offset: block.offset,
            writer,
            counted: 0,
            lines: 0,
        }
    }

    /// Reads the `GeoJSON` feature in `range`, or puts it among the rejects.
    fn take(&mut self, range: Range<usize>) {
        let row = trimmed(self.bytes, range.clone());
        self.take_with(range, |text, writer| {
            let mut facts = json::feature(text, writer)?;
            facts.raw = Span {
                start: index(row.start),
                end: index(row.end),
            };
            Ok(facts)
        });
    }

    /// Has the row in `range` read, or puts it among the rejects.
    pub(super) fn take_with(
        &mut self,
        range: Range<usize>,
        read: impl FnOnce(&str, &mut Writer) -> Result<Facts, Problem>,
    ) {
        let row = trimmed(self.bytes, range);
        if row.is_empty() {
            return;
        }
        if self.counted < row.start {
            self.lines += newlines(&self.bytes[self.counted..row.start]);
            self.counted = row.start;
        }
        let line = i64::try_from(self.lines + 1).unwrap_or(i64::MAX);
        let mark = self.writer.begin();
        let done = self.text_of(row.clone()).and_then(|text| {
            let mut facts = read(text, self.writer)?;
            facts.place = line;
            self.writer.finish(&mark, facts)
        });
        if let Err(problem) = done {
            let bytes = self.offset + row.start as u64..self.offset + row.end as u64;
            let raw = &self.bytes[row];
            self.writer.reject(&mark, line, bytes, raw, problem);
        }
    }

    fn text_of(&self, row: Range<usize>) -> Result<&'a str, Problem> {
        let text = match self.text {
            // A row ends between characters.
            Some(text) => return Ok(text.get(row).unwrap_or_default()),
            None => std::str::from_utf8(&self.bytes[row]),
        };
        text.map_err(|error| Problem::Encoding {
            place: format!("byte {} of the row", error.valid_up_to() + 1),
            expected: "UTF-8",
            gb18030: false,
        })
    }

    /// Counts the remaining lines.
    pub(super) fn finish(self) {
        self.writer.lines = self.lines + newlines(&self.bytes[self.counted..]);
    }
}

/// The row without white space and record separators around it.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    let blank = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1E);
    while start < end && blank(bytes[start]) {
        start += 1;
    }
    while start < end && blank(bytes[end - 1]) {
        end -= 1;
    }
    start..end
}
