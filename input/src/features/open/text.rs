//! Texts: `GeoJSON`, `TopoJSON`, KML and tables.

use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::super::csv::{CsvFraming, CsvRows, Table};
use super::super::cut::{Cutter, Framing, Lines, Sequence};
use super::super::drive::Rows;
use super::super::json::{self, Layout};
use super::super::kml;
use super::super::lines::{JsonLines, JsonObjects, JsonSequence, newlines};
use super::super::objects::Objects;
use super::super::options::{FeatureFormat, FeatureOptions};
use super::super::topojson;
use super::{FeatureSource, Stream, facts};
use crate::source;
use crate::source::decode::{self, Decoded};
use crate::{At, InputError, Origin, Problem};

/// Bytes that the first line of XML may have.
const XML_BYTES: u64 = 256;
/// Bytes that tell format, columns and layout.
const HEAD_BYTES: u64 = 1 << 16;
/// The most that may come before the features of a collection.
const MOST_HEAD_BYTES: usize = 16 << 20;

/// The stream as UTF-8 without a byte order mark, and its head, which is taken from it.
pub(super) fn as_text(
    mut raw: Stream,
    options: &FeatureOptions,
) -> Result<(Stream, Vec<u8>), Problem> {
    let mark = source::head(&mut raw, 3)?;
    let table = match mark.as_slice() {
        [0xEF, 0xBB, 0xBF] => None,
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => options.encoding.map(decode::table),
    };
    let mark = if mark == [0xEF, 0xBB, 0xBF] {
        Vec::new()
    } else {
        mark
    };
    let mut stream: Stream = Box::new(Cursor::new(mark).chain(raw));
    let table = match table {
        None if options.encoding.is_none() => {
            let start = source::head(&mut stream, XML_BYTES)?;
            let declared = declared(&start);
            stream = Box::new(Cursor::new(start).chain(stream));
            declared
        }
        told => told,
    };
    if let Some(table) = table.filter(|table| *table != UTF_8) {
        stream = Box::new(Decoded::new(BufReader::new(stream), table));
    }
    let head = source::head(&mut stream, HEAD_BYTES)?;
    if head.is_empty() {
        return Err(Problem::Empty);
    }
    Ok((stream, head))
}

/// The encoding that the first line of an XML file names.
fn declared(start: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let text = start.trim_ascii_start().strip_prefix(b"<?xml")?;
    let line = String::from_utf8_lossy(&text[..memchr::memmem::find(text, b"?>")?]).into_owned();
    let value = line
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    encoding_rs::Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

/// The head as text, up to where it is none: its last character may be cut, and a row may be damaged, which is that
/// row's concern. A text in GB 18030 is refused as a whole.
fn head_text(head: &[u8]) -> Result<&str, Problem> {
    let error = match std::str::from_utf8(head) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let valid = &head[..error.valid_up_to()];
    let cut = (0..=3).filter_map(|cut| head.len().checked_sub(cut));
    let gb18030 = error.error_len().is_some()
        && valid.is_ascii()
        && cut
            .into_iter()
            .any(|end| decode::is_gb18030(&mut &head[..end]));
    if gb18030 {
        return Err(Problem::Encoding {
            place: format!("byte {}", valid.len() + 1),
            expected: "UTF-8",
            gb18030,
        });
    }
    Ok(std::str::from_utf8(valid).unwrap_or_default())
}

/// Opens a text: `GeoJSON` or a table.
pub(super) fn text(
    mut stream: Stream,
    mut head: Vec<u8>,
    path: &Path,
    options: &FeatureOptions,
) -> Result<FeatureSource, InputError> {
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    let json = match options.format {
        None => matches!(first, Some(b'{' | b'[' | 0x1E)),
        Some(format) => !matches!(format, FeatureFormat::Csv | FeatureFormat::Kml),
    };
    let is_kml = match options.format {
        None => first == Some(&b'<') && kml::is_head(head_text(&head)?),
        Some(format) => format == FeatureFormat::Kml,
    };
    if is_kml {
        return placemarks(stream, head, options);
    }
    if !json {
        return table(stream, head, path, options);
    }
    let is_topology = match options.format {
        None => topojson::is_head(head_text(&head)?),
        Some(format) => format == FeatureFormat::TopoJson,
    };
    if is_topology {
        return topology(Cursor::new(head).chain(stream), options);
    }
    let layout = loop {
        match (
            options.format,
            json::layout(head_text(&head)?, options.any_crs)?,
        ) {
            (Some(FeatureFormat::GeoJsonLines), _) => break Layout::Lines,
            (Some(FeatureFormat::GeoJsonSeq), _) => break Layout::Sequence,
            (_, Some(layout)) => break layout,
            (_, None) => {
                // The features are further on.
                if !longer(&mut stream, &mut head)? {
                    return Err(Problem::truncated("the GeoJSON").into());
                }
            }
        }
    };
    let (format, framing, rows): (_, Box<dyn Framing>, Box<dyn Rows>) = match layout {
        Layout::Lines => (
            FeatureFormat::GeoJsonLines,
            Box::new(Lines),
            Box::new(JsonLines),
        ),
        Layout::Sequence => (
            FeatureFormat::GeoJsonSeq,
            Box::new(Sequence),
            Box::new(JsonSequence),
        ),
        Layout::Objects => (
            FeatureFormat::GeoJson,
            Box::new(Objects::plain()),
            Box::new(JsonObjects),
        ),
        Layout::Array { collection, .. } => (
            FeatureFormat::GeoJson,
            Box::new(Objects::in_array(collection, options.any_crs)),
            Box::new(JsonObjects),
        ),
    };
    let skipped = match layout {
        Layout::Array { first, .. } => first,
        _ => 0,
    };
    Ok(source(
        stream, head, skipped, format, framing, rows, options,
    ))
}

/// Reads twice as much of the head; `false` at the end of the file.
fn longer(stream: &mut Stream, head: &mut Vec<u8>) -> Result<bool, Problem> {
    let known = head.len();
    let more = stream.take(known as u64).read_to_end(head)?;
    if more > 0 && known > MOST_HEAD_BYTES {
        return Err(Problem::TooLong {
            what: "what comes before the first feature",
            most: MOST_HEAD_BYTES as u64,
            hint: "put it behind the features",
        });
    }
    Ok(more > 0)
}

/// Opens KML.
fn placemarks(
    mut stream: Stream,
    mut head: Vec<u8>,
    options: &FeatureOptions,
) -> Result<FeatureSource, InputError> {
    let (skipped, rows) = loop {
        if let Some(found) = kml::head(head_text(&head)?)? {
            break found;
        }
        if !longer(&mut stream, &mut head)? {
            if memchr::memmem::find(&head, b"<NetworkLink").is_some() {
                return Err(Problem::NotAFeature {
                    found: "links to other files alone (NetworkLink)".to_owned(),
                    expected: "placemarks; get the files that it links to",
                }
                .into());
            }
            break (0, kml::no_rows());
        }
    };
    let framing = Box::new(kml::KmlFraming::default());
    let format = FeatureFormat::Kml;
    Ok(source(
        stream,
        head,
        skipped,
        format,
        framing,
        Box::new(rows),
        options,
    ))
}

/// Opens `TopoJSON`, whole.
fn topology(text: impl Read, options: &FeatureOptions) -> Result<FeatureSource, InputError> {
    let layer = options.layer.as_deref();
    let text = topojson::whole(text)?;
    let opened = topojson::open(text, layer, options.any_crs, options.block_bytes)?;
    let mut facts = facts(FeatureFormat::TopoJson);
    facts.layers = opened.layers;
    facts.layer = Some(opened.layer);
    let mut source = FeatureSource::of(facts, opened.blocks, opened.rows);
    source.lines = opened.lines;
    Ok(source)
}

fn table(
    stream: Stream,
    head: Vec<u8>,
    path: &Path,
    options: &FeatureOptions,
) -> Result<FeatureSource, InputError> {
    let text = head_text(&head)?;
    let name = path
        .file_name()
        .map_or(String::new(), |name| name.to_string_lossy().to_lowercase());
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let told = options.format.is_some()
        || [".csv", ".tsv", ".tab", ".txt"]
            .iter()
            .any(|end| name.ends_with(end));
    let table = match Table::open(text, options) {
        Ok(table) => table,
        // Anything is a table of one column.
        Err(Problem::NoPosition { .. }) if !told => {
            return Err(Problem::UnknownFormat {
                known: FeatureFormat::all()
                    .map(FeatureFormat::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
            }
            .into());
        }
        Err(problem) => return Err(problem.at(At::Record(Origin::Line(1)))),
    };
    let framing = Box::new(CsvFraming::new(table.delimiter));
    // Rows of tables are short: a quarter of the bytes holds as many features as a block of other formats.
    let mut options = options.clone();
    options.block_bytes = options.block_bytes.div_ceil(4);
    let options = &options;
    let skipped = table.header.end;
    let header = text[table.header.clone()].trim_end_matches(['\r', '\n']);
    let (header, columns) = (header.as_bytes().to_vec(), table.attributes());
    let rows = Box::new(CsvRows(table));
    let mut source = source(
        stream,
        head,
        skipped,
        FeatureFormat::Csv,
        framing,
        rows,
        options,
    );
    source.facts.header = header;
    source.facts.columns = columns;
    Ok(source)
}

/// A text of which `skipped` bytes of the head come before the rows.
fn source(
    stream: Stream,
    head: Vec<u8>,
    skipped: usize,
    format: FeatureFormat,
    framing: Box<dyn Framing>,
    rows: Box<dyn Rows>,
    options: &FeatureOptions,
) -> FeatureSource {
    let lines = newlines(&head[..skipped]);
    let mut head = Cursor::new(head);
    head.set_position(skipped as u64);
    let input = Box::new(head.chain(stream));
    let sizes = [options.block_bytes, options.max_feature_bytes];
    let blocks = Cutter::new(input, framing, skipped as u64, sizes);
    let mut source = FeatureSource::of(facts(format), blocks, rows);
    source.lines = lines;
    source
}
