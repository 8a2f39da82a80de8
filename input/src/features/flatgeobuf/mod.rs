//! `FlatGeobuf` 3: a header, perhaps an index (skipped: all features are read), features with their lengths.

use std::io::Read;

use super::batch::{CellValue, GeometryKind, PlaceKind, Span};
use super::cut::{Block, Framing};
use super::drive::Rows;
use super::flatbuffer::Table;
use super::writer::{Facts, Writer, index};
use crate::InputError;
use crate::Problem;

/// The first bytes: the name, the version, the name again, a patch level.
const MAGIC: [u8; 7] = *b"fgb\x03fgb";
/// The longest header.
const MOST_HEADER_BYTES: usize = 16 << 20;
/// Bytes of a node of the index.
const NODE_BYTES: u64 = 40;
/// Geometries in geometries.
const MOST_DEPTH: usize = 8;

/// Whether a file begins as one.
pub(super) fn is_head(head: &[u8]) -> bool {
    head.starts_with(b"fgb")
}

/// What the header says.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    kinds: Vec<u8>,
    geometry: u8,
    heights: bool,
    features: u64,
    /// Bytes from the start of the file to the first feature.
    pub(super) bytes: u64,
}

fn damaged(what: &str) -> Problem {
    Problem::damaged(what, "offsets or values out of range", "a FlatGeobuf table")
}

impl Header {
    /// Reads the header and skips the index.
    pub(super) fn read(stream: &mut dyn Read, any_crs: bool) -> Result<Self, Problem> {
        let head = crate::source::head(&mut *stream, 12)?;
        let Some(head) = head.first_chunk::<12>() else {
            return Err(Problem::truncated("the header"));
        };
        if !head.starts_with(&MAGIC) {
            return Err(Problem::NotThisFormat {
                expected: "FlatGeobuf of version 3",
                found: format!("{:02x?}", &head[..8]),
            });
        }
        let length = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
        if length as usize > MOST_HEADER_BYTES {
            return Err(Problem::TooLarge {
                what: "the header",
                found: length.into(),
                most: MOST_HEADER_BYTES as u64,
            });
        }
        let buffer = crate::source::head(&mut *stream, length.into())?;
        if buffer.len() < length as usize {
            return Err(Problem::truncated("the header"));
        }
        let table = Table::root(&buffer).ok_or_else(|| damaged("the header"))?;
        if !any_crs {
            check_crs(&table)?;
        }
        let (mut columns, mut kinds) = (Vec::new(), Vec::new());
        for column in table.tables(7) {
            let column = column.ok_or_else(|| damaged("a column in the header"))?;
            let name = column
                .text(0)
                .ok_or_else(|| damaged("the name of a column"))?;
            columns.push(name.to_owned());
            kinds.push(column.scalar::<1>(1).map_or(0, |[kind]| kind));
        }
        let features = table.scalar(8).map_or(0, u64::from_le_bytes);
        let node_size = table.scalar(9).map_or(16, u16::from_le_bytes);
        let index = index_bytes(features, node_size);
        let skipped = std::io::copy(&mut (&mut *stream).take(index), &mut std::io::sink())?;
        if skipped < index {
            return Err(Problem::truncated("the index"));
        }
        let has = |field| table.scalar::<1>(field).is_some_and(|[flag]| flag != 0);
        Ok(Self {
            name: table.text(0).unwrap_or_default().to_owned(),
            columns,
            kinds,
            geometry: table.scalar::<1>(2).map_or(0, |[kind]| kind),
            heights: has(3) || has(4),
            features,
            bytes: 12 + u64::from(length) + index,
        })
    }
}

/// The size of the packed R-tree; more than any file has when that cannot be counted.
fn index_bytes(features: u64, node_size: u16) -> u64 {
    if features == 0 || node_size == 0 {
        return 0;
    }
    let node_size = u64::from(node_size.max(2));
    let (mut level, mut nodes) = (features, features);
    loop {
        level = level.div_ceil(node_size);
        nodes = nodes.saturating_add(level);
        if level == 1 {
            return nodes.saturating_mul(NODE_BYTES);
        }
    }
}

fn check_crs(header: &Table) -> Result<(), Problem> {
    let Some(crs) = header.table(10) else {
        return Ok(());
    };
    let code = crs.scalar(1).map_or(0, i32::from_le_bytes);
    let known = [0, 4326, 4490].contains(&code);
    let named = ["CRS84", "OGC:CRS84", "4326", "4490"];
    let by_name = crs.text(5).is_none_or(|code| named.contains(&code));
    // Without a code the name decides, if there is one.
    if known && (code != 0 || by_name && crs.text(4).is_none_or(is_wgs84)) {
        return Ok(());
    }
    let organization = crs.text(0).unwrap_or("EPSG");
    let name = crs.text(2).unwrap_or_default();
    Err(Problem::Crs {
        found: format!("{organization}:{code} ({name})")
            .chars()
            .take(80)
            .collect(),
    })
}

fn is_wgs84(text: &str) -> bool {
    crate::shapefile::sidecars::check_crs(text).is_ok()
}

/// Cuts after whole features.
pub(super) struct FgbFraming {
    at: usize,
    seen: u64,
    declared: u64,
    most: usize,
}

impl FgbFraming {
    pub(super) fn new(header: &Header, most: usize) -> Self {
        Self {
            at: 0,
            seen: 0,
            declared: header.features,
            most,
        }
    }
}

impl Framing for FgbFraming {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        rows: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        if known == 0 {
            self.at = 0;
        }
        while let Some(length) = bytes.get(self.at..).and_then(<[u8]>::first_chunk::<4>) {
            let length = u32::from_le_bytes(*length) as usize;
            if length > self.most {
                return Err(Problem::TooLarge {
                    what: "the length of a feature",
                    found: length as u64,
                    most: self.most as u64,
                });
            }
            let start = self.at + 4;
            if bytes.len() - start < length {
                break;
            }
            self.at = start + length;
            self.seen += 1;
            rows.push(Span {
                start: index(start),
                end: index(self.at),
            });
        }
        Ok(Some(self.at).filter(|at| *at > 0))
    }

    fn end(&mut self, rest: &[u8]) -> Result<usize, Problem> {
        if rest.is_empty() && self.seen >= self.declared {
            return Ok(0);
        }
        Err(Problem::truncated(format!(
            "feature {} of the {} that its header declares",
            self.seen + 1,
            self.declared
        )))
    }
}

/// Reads features.
pub(super) struct FgbRows(pub(super) Header);

impl Rows for FgbRows {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        writer.batch.place_kind = PlaceKind::Record;
        let columns = &self.0.columns;
        let _ = writer.begin();
        let keys: Vec<u32> = columns.iter().map(|name| writer.key(name)).collect();
        let mut place = 0;
        for row in &block.rows {
            place += 1;
            let mark = writer.begin();
            let bytes = &block.bytes[row.range()];
            let read = self.feature(bytes, &keys, writer).and_then(|()| {
                let facts = Facts {
                    place,
                    ..Facts::default()
                };
                writer.finish(&mark, facts)
            });
            if let Err(problem) = read {
                let start = block.offset + u64::from(row.start);
                let range = start..start + bytes.len() as u64;
                writer.reject(&mark, place, range, bytes, problem);
            }
        }
        writer.lines = block.rows.len() as u64;
        Ok(())
    }
}

impl FgbRows {
    fn feature(&self, bytes: &[u8], keys: &[u32], writer: &mut Writer) -> Result<(), Problem> {
        let feature = Table::root(bytes).ok_or_else(|| damaged("a feature"))?;
        if feature.tables(2).next().is_some() {
            return Err(Problem::GeometryType {
                found: "a feature with columns of its own".to_owned(),
            });
        }
        if let Some(geometry) = feature.table(0) {
            writer.height = self.0.heights;
            take_geometry(&geometry, self.0.geometry, writer, 0)?;
        }
        let mut rest = feature.vector(1, 1).unwrap_or_default();
        while !rest.is_empty() {
            let column = usize::from(u16::from_le_bytes(take(&mut rest)?));
            let (key, kind) = keys
                .get(column)
                .zip(self.0.kinds.get(column))
                .ok_or_else(|| damaged("the column of a property"))?;
            let value = property(*kind, &mut rest, writer)?;
            writer.cell(*key, value);
        }
        Ok(())
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Problem> {
    let (head, tail) = rest
        .split_first_chunk::<N>()
        .ok_or_else(|| Problem::truncated("the properties of a feature"))?;
    *rest = tail;
    Ok(*head)
}

fn property(kind: u8, rest: &mut &[u8], writer: &mut Writer) -> Result<CellValue, Problem> {
    let float = |value: f64| {
        // JSON has neither NaN nor infinity, and they mean nothing here.
        if value.is_finite() {
            CellValue::Float(value)
        } else {
            CellValue::Null
        }
    };
    Ok(match kind {
        0 => CellValue::Int(i8::from_le_bytes(take(rest)?).into()),
        1 => CellValue::Int(u8::from_le_bytes(take(rest)?).into()),
        2 => CellValue::Bool(take::<1>(rest)? != [0]),
        3 => CellValue::Int(i16::from_le_bytes(take(rest)?).into()),
        4 => CellValue::Int(u16::from_le_bytes(take(rest)?).into()),
        5 => CellValue::Int(i32::from_le_bytes(take(rest)?).into()),
        6 => CellValue::Int(u32::from_le_bytes(take(rest)?).into()),
        7 => CellValue::Int(i64::from_le_bytes(take(rest)?)),
        8 => {
            let value = u64::from_le_bytes(take(rest)?);
            i64::try_from(value).map_or(CellValue::UInt(value), CellValue::Int)
        }
        9 => float(f32::from_le_bytes(take(rest)?).into()),
        10 => float(f64::from_le_bytes(take(rest)?)),
        11..=14 => {
            let length = u32::from_le_bytes(take(rest)?) as usize;
            let (bytes, tail) = rest
                .split_at_checked(length)
                .ok_or_else(|| Problem::truncated("the properties of a feature"))?;
            *rest = tail;
            if kind == 14 {
                writer.batch.notes.binary_dropped += 1;
                return Ok(CellValue::Null);
            }
            let Ok(text) = std::str::from_utf8(bytes) else {
                writer.batch.notes.text_dropped += 1;
                return Ok(CellValue::Null);
            };
            let json = kind == 12 && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
            let span = writer.text(text);
            if json {
                CellValue::Json(span)
            } else {
                CellValue::Text(span)
            }
        }
        other => {
            return Err(Problem::damaged(
                "the type of a column",
                other.to_string(),
                "0 to 14",
            ));
        }
    })
}

fn take_geometry(
    geometry: &Table,
    whole: u8,
    writer: &mut Writer,
    depth: usize,
) -> Result<(), Problem> {
    if depth > MOST_DEPTH {
        return Err(Problem::TooDeep { most: MOST_DEPTH });
    }
    let own = geometry.scalar::<1>(6).map_or(0, |[kind]| kind);
    let kind = if own == 0 { whole } else { own };
    writer.height |= geometry.vector(2, 8).is_some_and(|z| !z.is_empty())
        || geometry.vector(3, 8).is_some_and(|m| !m.is_empty());
    let first = writer.parts();
    let of = match kind {
        1 | 4 => {
            vertices(&mut geometry.vector(1, 8).unwrap_or_default(), None, writer)?;
            writer.end_run();
            writer.end_part();
            GeometryKind::Point
        }
        2 | 5 => {
            runs(geometry, writer, |writer| {
                writer.end_run();
                writer.end_part();
            })?;
            GeometryKind::Line
        }
        3 => {
            polygon(geometry, writer)?;
            GeometryKind::Polygon
        }
        6 => {
            for part in geometry.tables(7) {
                polygon(
                    &part.ok_or_else(|| damaged("a part of a geometry"))?,
                    writer,
                )?;
            }
            GeometryKind::Polygon
        }
        7 => {
            for part in geometry.tables(7) {
                let part = part.ok_or_else(|| damaged("a part of a geometry"))?;
                take_geometry(&part, 0, writer, depth + 1)?;
            }
            return Ok(());
        }
        other => {
            return Err(Problem::GeometryType {
                found: format!("FlatGeobuf {other}"),
            });
        }
    };
    writer.end_geometry(of, first, matches!(kind, 4..=6));
    Ok(())
}

fn polygon(geometry: &Table, writer: &mut Writer) -> Result<(), Problem> {
    runs(geometry, writer, Writer::end_ring)?;
    writer.end_part();
    Ok(())
}

/// The runs of vertices of a geometry, as its `ends` divide them.
fn runs(geometry: &Table, writer: &mut Writer, end: fn(&mut Writer)) -> Result<(), Problem> {
    let mut xy = geometry.vector(1, 8).unwrap_or_default();
    let ends = geometry.vector(0, 4).unwrap_or_default();
    if ends.is_empty() {
        vertices(&mut xy, None, writer)?;
        end(writer);
        return Ok(());
    }
    let mut before = 0;
    for until in ends.chunks_exact(4) {
        let until = u32::from_le_bytes([until[0], until[1], until[2], until[3]]);
        let count = until
            .checked_sub(before)
            .ok_or_else(|| damaged("the ends of a geometry"))?;
        before = until;
        vertices(&mut xy, Some(count as usize), writer)?;
        end(writer);
    }
    Ok(())
}

/// Takes so many vertices, or all.
fn vertices(xy: &mut &[u8], count: Option<usize>, writer: &mut Writer) -> Result<(), Problem> {
    let bytes = count.map_or(Some(xy.len()), |count| count.checked_mul(16));
    let (run, rest) = bytes
        .and_then(|bytes| xy.split_at_checked(bytes))
        .ok_or_else(|| Problem::truncated("the vertices of a geometry"))?;
    *xy = rest;
    let number = |bytes: &[u8]| {
        bytes
            .first_chunk()
            .map_or(f64::NAN, |b| f64::from_le_bytes(*b))
    };
    for pair in run.chunks_exact(16) {
        writer.vertex(number(pair), number(&pair[8..]));
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
