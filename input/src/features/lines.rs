//! `GeoJSON` features by lines, in blocks.

use super::batch::{PlaceKind, Span};
use super::cut::Block;
use super::drive::Rows;
use super::json;
use super::writer::{Writer, index};
use crate::{InputError, Problem};

/// Reads a feature on every line; blank lines count as lines only.
pub(super) struct JsonLines;

impl Rows for JsonLines {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        writer.batch.place_kind = PlaceKind::Line;
        let text = std::str::from_utf8(&block.bytes);
        let mut start = 0;
        let mut line = 0;
        while start < block.bytes.len() {
            let rest = &block.bytes[start..];
            let newline = memchr::memchr(b'\n', rest);
            let end = start + newline.unwrap_or(rest.len());
            line += 1;
            let row = trimmed(&block.bytes, start, end);
            if !row.is_empty() {
                let text = match text {
                    // A line ends between characters.
                    Ok(text) => Ok(text.get(row.clone()).unwrap_or_default()),
                    Err(_) => std::str::from_utf8(&block.bytes[row.clone()]),
                };
                take_row(writer, block, line, row, text);
            }
            start = end + 1;
        }
        writer.lines = u64::try_from(line).unwrap_or(0);
        std::mem::swap(&mut writer.batch.raw, &mut block.bytes);
        Ok(())
    }
}

/// Reads one row, or puts it among the rejects. `row` is where it stands in the block.
pub(super) fn take_row(
    writer: &mut Writer,
    block: &Block,
    line: i64,
    row: std::ops::Range<usize>,
    text: Result<&str, std::str::Utf8Error>,
) {
    let mark = writer.begin();
    let raw = Span {
        start: index(row.start),
        end: index(row.end),
    };
    let read = match text {
        Ok(text) => json::feature(text, writer),
        Err(error) => Err(Problem::Encoding {
            place: format!("byte {} of the row", error.valid_up_to() + 1),
            expected: "UTF-8",
            gb18030: false,
        }),
    };
    let done = read.and_then(|mut facts| {
        facts.place = line;
        facts.raw = raw;
        writer.finish(&mark, facts)
    });
    if let Err(problem) = done {
        let bytes = block.offset + row.start as u64..block.offset + row.end as u64;
        writer.reject(&mark, line, bytes, &block.bytes[row], problem);
    }
}

/// The row without white space and record separators around it.
fn trimmed(bytes: &[u8], mut start: usize, mut end: usize) -> std::ops::Range<usize> {
    let blank = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1E);
    while start < end && blank(bytes[start]) {
        start += 1;
    }
    while start < end && blank(bytes[end - 1]) {
        end -= 1;
    }
    start..end
}
