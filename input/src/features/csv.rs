//! Tables of text, row by row into columns. Positions are two columns of decimal degrees, or well-known text.

use std::borrow::Cow;
use std::ops::Range;

use super::batch::{Cell, CellValue, PlaceKind, Span};
use super::cut::{Block, Framing};
use super::drive::Rows;
use super::lines::newlines;
use super::number::{self, Number};
use super::options::FeatureOptions;
use super::shapes;
use super::writer::{Facts, Writer, index};
use crate::columns::listed;
use crate::geometry::{unchecked, wkt};
use crate::{Column, ColumnMapping, InputError, Problem, csv::delimiter};

/// The columns of a table and what they hold.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<String>,
    position: Position,
    /// Bytes of the header with the end of its line.
    pub(super) header: Range<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Position {
    LonLat { lon: usize, lat: usize },
    Wkt(usize),
}

impl Position {
    fn holds(self, column: usize) -> bool {
        match self {
            Self::LonLat { lon, lat } => column == lon || column == lat,
            Self::Wkt(wkt) => column == wkt,
        }
    }
}

/// A field of a row; quotes are still in it if `quoted`.
#[derive(Debug, Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    quoted: bool,
}

impl Table {
    /// Reads the header at the start of a table's text.
    pub(super) fn open(head: &str, options: &FeatureOptions) -> Result<Self, Problem> {
        let delimiter = delimiter(head.as_bytes());
        let bytes = head.as_bytes();
        let blank = |b: &u8| matches!(b, b'\r' | b'\n');
        let start = bytes.iter().position(|b| !blank(b)).ok_or(Problem::Empty)?;
        let mut fields = Vec::new();
        let end = split(bytes, start, delimiter, &mut fields);
        let end = end.ok_or_else(|| Problem::truncated("the header of the table"))?;
        let columns: Vec<String> = fields
            .iter()
            .map(|field| field_text(head, *field).trim().to_owned())
            .collect();
        let position = position(&columns, options)?;
        Ok(Self {
            delimiter,
            columns,
            position,
            header: start..end,
        })
    }

    /// The columns of attributes.
    pub(super) fn attributes(&self) -> Vec<String> {
        let columns = self.columns.iter().enumerate();
        let attributes = columns.filter(|(index, _)| !self.position.holds(*index));
        attributes.map(|(_, name)| name.clone()).collect()
    }
}

fn position(columns: &[String], options: &FeatureOptions) -> Result<Position, Problem> {
    let named = |option: &'static str, wanted: &Option<String>| match wanted {
        None => Ok(None),
        Some(wanted) => {
            let found = columns.iter().position(|column| column == wanted);
            found.map(Some).ok_or_else(|| Problem::NoSuchField {
                option,
                wanted: wanted.clone(),
                present: listed(columns),
            })
        }
    };
    let guessed = ColumnMapping::default().resolve(columns);
    let lon = named("--lon", &options.lon)?;
    let lat = named("--lat", &options.lat)?;
    let wkt = guessed.index(Column::Wkt);
    let asked = lon.is_some() || lat.is_some();
    let lon = lon.or_else(|| guessed.index(Column::Lon));
    let lat = lat.or_else(|| guessed.index(Column::Lat));
    match (lon, lat, wkt) {
        (_, _, Some(wkt)) if !asked => Ok(Position::Wkt(wkt)),
        (Some(lon), Some(lat), _) => Ok(Position::LonLat { lon, lat }),
        _ => Err(Problem::NoPosition {
            present: listed(columns),
        }),
    }
}

/// Splits the row at `start`; gives where the next begins, `None` when a quote is left open.
fn split(bytes: &[u8], start: usize, delimiter: u8, fields: &mut Vec<Field>) -> Option<usize> {
    fields.clear();
    let mut at = start;
    loop {
        let begin = at;
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            at += 1;
            loop {
                at += memchr::memchr(b'"', &bytes[at..])? + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        at = field_end(bytes, at, delimiter);
        let last = bytes.get(at) != Some(&delimiter);
        // `\r` belongs to the end of the line.
        let cut = last && at > begin && bytes[at - 1] == b'\r';
        fields.push(Field {
            start: begin,
            end: at - usize::from(cut),
            quoted,
        });
        at += 1;
        if last {
            return Some(at.min(bytes.len()));
        }
    }
}

/// The next delimiter or end of a line.
#[inline]
fn field_end(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let chunk = u64::from_le_bytes(*chunk);
        let zero = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
        let found = zero(chunk ^ (ONES * u64::from(delimiter))) | zero(chunk ^ (ONES * 0x0A));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let ends = |b: &u8| *b == delimiter || *b == b'\n';
    at + rest.iter().position(ends).unwrap_or(rest.len())
}

/// The content of a field.
fn field_text(text: &str, field: Field) -> Cow<'_, str> {
    let content = text.get(field.start..field.end).unwrap_or_default();
    if !field.quoted {
        return Cow::Borrowed(content);
    }
    let inner = content.get(1..).unwrap_or_default();
    if let Some(plain) = inner.strip_suffix('"')
        && !plain.contains('"')
    {
        return Cow::Borrowed(plain);
    }
    // Doubled quotes; what follows the closing one belongs to the value, as other readers have it.
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('"') {
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('"') {
            value.push('"');
            rest = after;
        } else {
            break;
        }
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// Cuts at ends of lines that are not in quotes.
pub(super) struct CsvFraming {
    delimiter: u8,
    quoted: bool,
    /// Up to where quotes were followed.
    at: usize,
}

impl CsvFraming {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            quoted: false,
            at: 0,
        }
    }
}

impl Framing for CsvFraming {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        _: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        if known == 0 {
            (self.quoted, self.at) = (false, 0);
        }
        let mut cut = None;
        loop {
            let rest = &bytes[self.at..];
            let Some(quote) = memchr::memchr(b'"', rest).map(|quote| self.at + quote) else {
                break;
            };
            if self.quoted {
                match bytes.get(quote + 1) {
                    // Whether it is doubled will be seen.
                    None => return Ok(cut),
                    Some(b'"') => self.at = quote + 2,
                    Some(_) => {
                        self.quoted = false;
                        self.at = quote + 1;
                    }
                }
                continue;
            }
            let newline = memchr::memrchr(b'\n', &bytes[self.at..quote]);
            cut = newline.map(|newline| self.at + newline + 1).or(cut);
            let before = quote.checked_sub(1).map_or(b'\n', |before| bytes[before]);
            // Elsewhere it stands for itself.
            self.quoted = before == b'\n' || before == self.delimiter;
            self.at = quote + 1;
        }
        if !self.quoted {
            let newline = memchr::memrchr(b'\n', &bytes[self.at..]);
            cut = newline.map(|newline| self.at + newline + 1).or(cut);
        }
        self.at = bytes.len();
        Ok(cut)
    }
}

/// Reads rows of a table.
pub(super) struct CsvRows(pub(super) Table);

impl Rows for CsvRows {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        writer.batch.place_kind = PlaceKind::Line;
        let keys: Vec<u32> = {
            let _ = writer.begin();
            self.0.columns.iter().map(|name| writer.key(name)).collect()
        };
        let bytes = &block.bytes;
        let whole = simdutf8::basic::from_utf8(bytes);
        let mut fields = Vec::new();
        let (mut at, mut lines) = (0, 0);
        // Of two columns of one name the last counts: not the quick way.
        let distinct = (1..keys.len()).all(|column| !keys[..column].contains(&keys[column]));
        let quick = whole.ok().filter(|_| distinct);
        while at < bytes.len() {
            if matches!(bytes[at], b'\r' | b'\n') {
                lines += u64::from(bytes[at] == b'\n');
                at += 1;
                continue;
            }
            let line = i64::try_from(lines + 1).unwrap_or(i64::MAX);
            if let Some(text) = quick
                && let Some(next) = self.quick_row(text, at, line, &keys, writer)
            {
                lines += 1;
                at = next;
                continue;
            }
            let end = split(bytes, at, self.0.delimiter, &mut fields);
            let next = end.unwrap_or(bytes.len());
            let row = at..fields.last().map_or(next, |field| field.end).max(at);
            let row = if end.is_some() { row } else { at..next };
            let mark = writer.begin();
            let text = match whole {
                Ok(text) => Ok(text),
                Err(_) => row_text(bytes, &row, &mut fields),
            };
            let read = text.and_then(|text| {
                if end.is_none() {
                    return Err(Problem::truncated("a quoted value"));
                }
                self.row(text, &fields, &keys, writer)?;
                let raw = Span {
                    start: index(row.start),
                    end: index(row.end),
                };
                let facts = Facts {
                    place: line,
                    raw,
                    ..Facts::default()
                };
                writer.finish(&mark, facts)
            });
            if let Err(problem) = read {
                let place = block.offset + row.start as u64..block.offset + row.end as u64;
                writer.reject(&mark, line, place, &bytes[row.clone()], problem);
            }
            lines += newlines(&bytes[at..next]);
            at = next;
        }
        writer.lines = lines;
        std::mem::swap(&mut writer.batch.raw, &mut block.bytes);
        Ok(())
    }
}

/// The text of one row of a block that is not all text; fields count from its start then.
fn row_text<'a>(
    bytes: &'a [u8],
    row: &Range<usize>,
    fields: &mut [Field],
) -> Result<&'a str, Problem> {
    let text = std::str::from_utf8(&bytes[row.clone()]).map_err(|error| Problem::Encoding {
        place: format!("byte {} of the row", error.valid_up_to() + 1),
        expected: "UTF-8",
        gb18030: false,
    })?;
    for field in fields {
        field.start -= row.start;
        field.end -= row.start;
    }
    Ok(text)
}

impl CsvRows {
    /// Reads the row at `start` in one go, if it is a point written plainly: no quotes, as many values as columns,
    /// a line of its own. Gives where the next row begins; `None`, and nothing done, for all others.
    #[inline]
    fn quick_row(
        &self,
        text: &str,
        start: usize,
        line: i64,
        keys: &[u32],
        writer: &mut Writer,
    ) -> Option<usize> {
        let Position::LonLat { lon, lat } = self.0.position else {
            return None;
        };
        let before = writer.plain_mark();
        let mut read = || {
            let bytes = text.as_bytes();
            let delimiter = self.0.delimiter;
            let (mut degrees, mut at) = ([0.0; 2], start);
            let last = keys.len() - 1;
            for (column, key) in keys.iter().enumerate() {
                if column == lon || column == lat {
                    degrees[usize::from(column == lat)] = number::coordinate(bytes, &mut at)?;
                } else {
                    let value = quick_cell(text, &mut at, delimiter, writer)?;
                    if !writer.drops(*key) {
                        writer.batch.cells.push(Cell { key: *key, value });
                    }
                }
                if column < last {
                    if bytes.get(at) != Some(&delimiter) {
                        return None;
                    }
                    at += 1;
                }
            }
            let next = match bytes.get(at..) {
                Some([b'\n', ..]) => at + 1,
                Some([b'\r', b'\n', ..]) => at + 2,
                _ => return None,
            };
            let raw = Span {
                start: index(start),
                end: index(at),
            };
            writer
                .plain_point(degrees, before, line, raw)
                .then_some(next)
        };
        let next = read();
        if next.is_none() {
            writer.plain_take_back(before);
        }
        next
    }

    fn row(
        &self,
        text: &str,
        fields: &[Field],
        keys: &[u32],
        writer: &mut Writer,
    ) -> Result<(), Problem> {
        let table = &self.0;
        if fields.len() != keys.len() {
            let (found, expected) = (fields.len(), keys.len());
            return Err(Problem::ColumnCount { found, expected });
        }
        match table.position {
            Position::LonLat { lon, lat } => {
                let lon = degrees(text, fields[lon], &table.columns[lon])?;
                let lat = degrees(text, fields[lat], &table.columns[lat])?;
                match (lon, lat) {
                    (Some(lon), Some(lat)) => shapes::point(writer, lon, lat),
                    (None, None) => {}
                    (lon, _) => {
                        let missing = if lon.is_none() { "lon" } else { "lat" };
                        return Err(Problem::value(missing, "", "a number of degrees"));
                    }
                }
            }
            Position::Wkt(column) => {
                let value = field_text(text, fields[column]);
                let value = value.trim();
                if !value.is_empty() {
                    let parsed = wkt::parse_with(value, unchecked)?;
                    writer.height = parsed.heights;
                    shapes::geometry(writer, &parsed.geometry);
                }
            }
        }
        for (column, (field, key)) in fields.iter().zip(keys).enumerate() {
            if !table.position.holds(column) {
                let value = cell(&field_text(text, *field), writer);
                writer.cell(*key, value);
            }
        }
        Ok(())
    }
}

/// A coordinate; `None` for an empty field.
#[inline]
fn degrees(text: &str, field: Field, column: &str) -> Result<Option<f64>, Problem> {
    let mut at = field.start;
    if !field.quoted
        && let Some(value) = number::coordinate(text.as_bytes(), &mut at)
        && at == field.end
    {
        return Ok(Some(value));
    }
    odd_degrees(&field_text(text, field), column)
}

#[cold]
fn odd_degrees(value: &str, column: &str) -> Result<Option<f64>, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Problem::value(
            column,
            value,
            "a finite number of decimal degrees",
        )),
    }
}

/// The value of the field at `at`, which is moved to its end; `None` when it is quoted.
#[inline]
fn quick_cell(text: &str, at: &mut usize, delimiter: u8, writer: &mut Writer) -> Option<CellValue> {
    let bytes = text.as_bytes();
    let start = *at;
    let ends = |at: usize| {
        let end = bytes.get(at);
        end == Some(&delimiter) || end == Some(&b'\n') || end == Some(&b'\r')
    };
    let first = *bytes.get(start)?;
    if first == b'"' {
        return None;
    }
    let negative = first == b'-';
    let digits = start + usize::from(negative);
    let mut here = digits;
    let mut value = 0_i64;
    while let Some(digit @ b'0'..=b'9') = bytes.get(here)
        && here - digits < 18
    {
        value = value * 10 + i64::from(digit - b'0');
        here += 1;
    }
    // As JSON writes them: no zero leads, and minus zero is no whole number.
    let leads = bytes.get(digits) == Some(&b'0') && (here - digits > 1 || negative);
    if here > digits && !leads {
        if ends(here) {
            *at = here;
            return Some(CellValue::Int(if negative { -value } else { value }));
        }
        if bytes.get(here) == Some(&b'.')
            && let Some(value) = number::coordinate(bytes, at)
        {
            if ends(*at) {
                return Some(CellValue::Float(value));
            }
            *at = start;
        }
    }
    let mut end = field_end(bytes, start, delimiter);
    if bytes.get(end) == Some(&b'\n') && end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    *at = end;
    Some(cell(text.get(start..end)?, writer))
}

/// A value as what it looks like: a number as JSON writes one is a number, all else is text.
#[inline]
pub(super) fn cell(value: &str, writer: &mut Writer) -> CellValue {
    let Some(first) = value.bytes().next() else {
        return CellValue::Null;
    };
    if first == b'-' || first.is_ascii_digit() {
        let mut at = 0;
        let found = number::number(value, &mut at);
        if at == value.len() {
            match found {
                Some(Number::Int(value)) => return CellValue::Int(value),
                Some(Number::UInt(value)) => return CellValue::UInt(value),
                Some(Number::Float(value)) if value.is_finite() => return CellValue::Float(value),
                _ => {}
            }
        }
    }
    CellValue::Text(writer.text(value))
}
