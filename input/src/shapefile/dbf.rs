//! The attribute file (dBASE III table), row by row.

use std::io::{BufRead, Read};

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::source::decode;
use crate::{At, InputError, Origin, Problem};

const HEADER_BYTES: usize = 32;
const FIELD_BYTES: usize = 32;

/// A column.
struct Field {
    name: String,
    kind: u8,
    width: usize,
}

/// A row as text.
pub(crate) struct Row {
    pub(crate) deleted: bool,
    pub(crate) values: Vec<String>,
    /// A value ends in the middle of a character, because its field is too narrow.
    pub(crate) cut: bool,
}

/// The rows of a file.
pub(crate) struct Table<R> {
    stream: R,
    encoding: &'static Encoding,
    /// Whether somebody named the encoding.
    named: bool,
    fields: Vec<Field>,
    row_bytes: usize,
    rows: u64,
    read: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Table<R> {
    /// Reads the header.
    pub(crate) fn open(
        mut stream: R,
        encoding: Option<&'static Encoding>,
    ) -> Result<Self, InputError> {
        let head = crate::source::head(&mut stream, HEADER_BYTES as u64)?;
        let cut = |bytes: usize| Problem::truncated("the header").at(At::Byte(bytes as u64));
        let Some(head) = head.first_chunk::<HEADER_BYTES>() else {
            return Err(cut(head.len()));
        };
        let number = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let rows = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let (header_bytes, row_bytes) = (number(8), number(10));
        let wrong = |found: String, expected: &str| {
            Problem::damaged("the header of the .dbf", found, expected)
        };
        if header_bytes < HEADER_BYTES + 1 || row_bytes == 0 {
            let found = format!("a header of {header_bytes} and rows of {row_bytes} bytes");
            return Err(wrong(found, "33 or more and 1 or more").into());
        }
        let rest = crate::source::head(&mut stream, (header_bytes - HEADER_BYTES) as u64)?;
        if rest.len() < header_bytes - HEADER_BYTES {
            return Err(cut(HEADER_BYTES + rest.len()));
        }
        let table = encoding.unwrap_or(UTF_8);
        let mut fields = Vec::new();
        let mut width = 1;
        for field in rest
            .chunks_exact(FIELD_BYTES)
            .take_while(|field| field[0] != 0x0D)
        {
            let name = field[..11].split(|b| *b == 0).next().unwrap_or_default();
            // A name of ten bytes may end in half a character.
            let Some((name, _)) = text(name, table, true) else {
                let place = "the name of a column".to_owned();
                return Err(not_text(place, name, table, encoding.is_some()).into());
            };
            width += usize::from(field[16]);
            fields.push(Field {
                name: name.trim().to_owned(),
                kind: field[11],
                width: field[16].into(),
            });
        }
        if fields.is_empty() || width != row_bytes {
            let found = format!("{} columns that make rows of {width} bytes", fields.len());
            return Err(wrong(found, &format!("rows of {row_bytes} bytes")).into());
        }
        Ok(Self {
            stream,
            encoding: table,
            named: encoding.is_some(),
            fields,
            row_bytes,
            rows: rows.into(),
            read: 0,
            buffer: Vec::new(),
        })
    }

    /// The names of the columns.
    pub(crate) fn headers(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// The types of the columns: `C`, `N`, `F`, `L`, `D`, …
    pub(crate) fn kinds(&self) -> Vec<u8> {
        self.fields.iter().map(|field| field.kind).collect()
    }

    /// The next row; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, InputError> {
        if self.read == self.rows {
            return Ok(None);
        }
        self.read += 1;
        let at = At::Record(Origin::Record(self.read));
        self.buffer.clear();
        (&mut self.stream)
            .take(self.row_bytes as u64)
            .read_to_end(&mut self.buffer)
            .map_err(|error| Problem::from(error).at(at))?;
        if self.buffer.len() < self.row_bytes {
            let what = format!(
                "record {} of the {} that its header declares",
                self.read, self.rows
            );
            return Err(Problem::truncated(what).at(at));
        }
        let mut row = Row {
            deleted: self.buffer[0] == b'*',
            values: Vec::with_capacity(self.fields.len()),
            cut: false,
        };
        let mut rest = &self.buffer[1..];
        for field in &self.fields {
            // The widths make up the row: checked when it was opened.
            let (bytes, after) = rest.split_at(field.width);
            rest = after;
            let trimmed = bytes.trim_ascii_end();
            let trimmed = match trimmed.iter().position(|b| *b == 0) {
                Some(end) => &trimmed[..end],
                None => trimmed,
            };
            let full = trimmed.len() == field.width;
            let Some((value, cut)) = text(trimmed, self.encoding, full) else {
                let place = format!("column {}", field.name);
                return Err(not_text(place, trimmed, self.encoding, self.named).at(at));
            };
            // Stars fill numbers and dates that do not fit.
            let blank = field.kind != b'C' && value.contains('*');
            row.values.push(if blank { String::new() } else { value });
            row.cut |= cut;
        }
        Ok(Some(row))
    }
}

/// The bytes as text. A field that is `full` may end in the middle of a character, which is then dropped; the
/// flag says so.
fn text(bytes: &[u8], table: &'static Encoding, full: bool) -> Option<(String, bool)> {
    if let Some(text) = decode::text(bytes, table) {
        return Some((text, false));
    }
    let shorter = (1..=3)
        .filter(|_| full)
        .filter_map(|cut| bytes.len().checked_sub(cut))
        .filter(|end| *end > 0);
    let mut texts = shorter.map(|end| decode::text(&bytes[..end], table));
    texts.find_map(|text| text).map(|text| (text, true))
}

fn not_text(place: String, bytes: &[u8], table: &'static Encoding, named: bool) -> Problem {
    Problem::Encoding {
        place,
        expected: decode::name(table),
        gb18030: !named && decode::text(bytes, GB18030).is_some(),
    }
}
