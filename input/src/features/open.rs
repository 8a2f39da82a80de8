//! Opens a file of features and tells what it is.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;

use super::batch::FeatureBatch;
use super::csv::{CsvFraming, CsvRows, Table};
use super::cut::{Block, Cutter, Framing, Lines, Sequence};
use super::drive::{self, BlockDone, Blocks, FeatureTotals, Rows};
use super::flatgeobuf::{self, FgbFraming, FgbRows, Header};
use super::gpkg::GpkgBlocks;
use super::json::{self, Layout};
use super::lines::{JsonLines, JsonObjects, JsonSequence, newlines};
use super::objects::Objects;
use super::options::{FeatureFormat, FeatureOptions};
use super::shapefile::ShapeBlocks;
use super::writer::Writer;
use crate::intake::ByteCount;
use crate::source::decode::{self, Decoded};
use crate::source::{self, Bounded, Counted, Wrapping};
use crate::{At, InputError, Origin, Problem, ReadError};

/// Bytes that tell format, columns and layout.
const HEAD_BYTES: u64 = 1 << 16;
/// The most that may come before the features of a collection.
const MOST_HEAD_BYTES: usize = 16 << 20;
/// The most that is unpacked of one member of a zip archive.
const MOST_MEMBER_BYTES: u64 = 1 << 30;

/// What is known of a file before its features are read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceFacts {
    /// Its name, for messages; `stdin` for the standard input.
    pub file: String,
    /// Its format.
    pub format: FeatureFormat,
    /// Its size on disk; `None` for a stream.
    pub total_bytes: Option<u64>,
    /// The layer that is read, where the format names layers.
    pub layer: Option<String>,
    /// Every layer that there is.
    pub layers: Vec<String>,
    /// The columns, where the format declares them: those of attributes only.
    pub columns: Vec<String>,
    /// The header's own bytes without the end of the line, for a table of text whose rows are copied.
    pub header: Vec<u8>,
}

/// A file of features, opened.
pub struct FeatureSource {
    facts: SourceFacts,
    bytes: ByteCount,
    /// Lines before the rows.
    lines: u64,
    blocks: Box<dyn Blocks>,
    rows: Box<dyn Rows>,
    any_crs: bool,
}

impl std::fmt::Debug for FeatureSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeatureSource")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl Blocks for Cutter {
    fn next(&mut self, block: &mut Block, _: &mut Writer) -> Result<bool, InputError> {
        Cutter::next(self, block)
    }
}

impl FeatureSource {
    /// Opens a file, or the standard input for `-`. The first bytes decide what it is; the name does where they leave
    /// it open.
    ///
    /// # Errors
    ///
    /// When it cannot be opened or read, is empty, of no known format, in another reference system than WGS 84 or
    /// CGCS2000, or has no columns of positions.
    pub fn open(path: &Path, options: &FeatureOptions) -> Result<Self, InputError> {
        let file = if path.as_os_str() == "-" {
            "stdin".to_owned()
        } else {
            path.display().to_string()
        };
        open(path, &file, options).map_err(|error| error.in_file(&file))
    }

    /// What is known before the features are read.
    #[must_use]
    pub fn facts(&self) -> &SourceFacts {
        &self.facts
    }

    /// Reads all features on `threads` threads (0 counts as 1). `each` gets every batch on the thread that made it, in
    /// any order, and may take the columns out of it; `in_order` gets what came of it, one at a time, in the order
    /// of the input. At most twice as many blocks as threads wait for their turn. What `in_order` sees depends
    /// neither on the number of threads nor on their luck.
    ///
    /// # Errors
    ///
    /// [`ReadError::Input`] when the file cannot be read to its end, after everything before the place has been handed
    /// on; [`ReadError::Refused`] when `in_order` refuses.
    pub fn read<T: Send, E: Send>(
        mut self,
        threads: usize,
        each: impl Fn(&mut FeatureBatch) -> T + Sync,
        mut in_order: impl FnMut(BlockDone<T>) -> Result<(), E> + Send,
    ) -> Result<FeatureTotals, ReadError<E>> {
        let (blocks, rows) = (self.blocks.as_mut(), self.rows.as_ref());
        let result = drive::run(
            blocks,
            rows,
            &self.bytes,
            [self.lines, threads as u64],
            self.any_crs,
            &each,
            &mut in_order,
        );
        result.map_err(|error| match error {
            ReadError::Input(error) => ReadError::Input(error.in_file(&self.facts.file)),
            refused @ ReadError::Refused(_) => refused,
        })
    }
}

fn open(path: &Path, file: &str, options: &FeatureOptions) -> Result<FeatureSource, InputError> {
    let bytes = ByteCount::default();
    let mut total_bytes = None;
    let streamed = path.as_os_str() == "-";
    let mut raw: Stream = if streamed {
        Box::new(Counted::new(std::io::stdin(), bytes.clone()))
    } else {
        let opened = File::open(path).map_err(|source| Problem::Open { source })?;
        let metadata = opened
            .metadata()
            .map_err(|source| Problem::Open { source })?;
        if metadata.is_dir() {
            return Err(Problem::NotThisFormat {
                expected: "file",
                found: "a folder".to_owned(),
            }
            .into());
        }
        total_bytes = metadata.is_file().then_some(metadata.len());
        Box::new(Counted::new(opened, bytes.clone()))
    };
    let start = source::head(&mut raw, 16)?;
    let wrapping = Wrapping::of(&start);
    let kept = on_disk(&start, wrapping);
    if let Some(expected) = kept.filter(|_| streamed) {
        return Err(Problem::NotThisFormat {
            expected: "stream of text or FlatGeobuf",
            found: format!("{expected}, which is read from a file only"),
        }
        .into());
    }
    let mut opened = if kept.is_some() {
        drop(raw);
        let size = total_bytes.unwrap_or(0);
        match wrapping {
            Wrapping::Zip => archive(path, options, &bytes)?,
            _ if start.starts_with(SQLITE) => geopackage(path, options, size, &bytes)?,
            _ => {
                let shapes = ShapeBlocks::beside(path, options, &bytes)?;
                shapefile(shapes, path)
            }
        }
    } else {
        raw = Box::new(Cursor::new(start).chain(raw));
        if wrapping == Wrapping::Gzip {
            let inflated = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, raw));
            raw = Box::new(Bounded::new(inflated, bytes.clone()));
        }
        stream(raw, path, options)?
    };
    file.clone_into(&mut opened.facts.file);
    opened.facts.total_bytes = total_bytes;
    opened.bytes = bytes;
    opened.any_crs = options.any_crs;
    Ok(opened)
}

const SQLITE: &[u8] = b"SQLite format 3\0";

/// What cannot be read from a stream.
fn on_disk(start: &[u8], wrapping: Wrapping) -> Option<&'static str> {
    if wrapping == Wrapping::Zip {
        Some("a zip archive")
    } else if start.starts_with(SQLITE) {
        Some("a GeoPackage")
    } else if start.starts_with(&[0, 0, 0x27, 0x0A]) {
        Some("a shapefile")
    } else {
        None
    }
}

/// Opens what comes as a stream.
fn stream(
    mut raw: Stream,
    path: &Path,
    options: &FeatureOptions,
) -> Result<FeatureSource, InputError> {
    let start = source::head(&mut raw, 8)?;
    let is_fgb = flatgeobuf::is_head(&start) && options.format.is_none();
    let mut raw: Stream = Box::new(Cursor::new(start).chain(raw));
    if is_fgb || options.format == Some(FeatureFormat::FlatGeobuf) {
        let header = Header::read(&mut raw, options.any_crs)?;
        let framing = Box::new(FgbFraming::new(&header, options.max_feature_bytes));
        let sizes = [options.block_bytes, options.max_feature_bytes];
        let mut facts = facts(FeatureFormat::FlatGeobuf);
        facts.columns.clone_from(&header.columns);
        facts.layers = vec![header.name.clone()];
        facts.layer = Some(header.name.clone());
        let cutter = Cutter::new(raw, framing, header.bytes, sizes);
        return Ok(FeatureSource {
            facts,
            bytes: ByteCount::default(),
            lines: 0,
            blocks: Box::new(cutter),
            rows: Box::new(FgbRows(header)),
            any_crs: false,
        });
    }
    let (stream, head) = as_text(raw, options)?;
    text(stream, head, path, options)
}

fn facts(format: FeatureFormat) -> SourceFacts {
    SourceFacts {
        file: String::new(),
        format,
        total_bytes: None,
        layer: None,
        layers: Vec::new(),
        columns: Vec::new(),
        header: Vec::new(),
    }
}

/// Rows that are in the batch when the block is taken.
struct Taken;

impl Rows for Taken {
    fn read(&self, _: &mut Block, _: &mut Writer) -> Result<(), InputError> {
        Ok(())
    }
}

fn geopackage(
    path: &Path,
    options: &FeatureOptions,
    total_bytes: u64,
    bytes: &ByteCount,
) -> Result<FeatureSource, InputError> {
    let (blocks, layers) = GpkgBlocks::open(path, options, total_bytes, bytes.clone())?;
    let mut facts = facts(FeatureFormat::GeoPackage);
    facts.columns = blocks.columns().to_vec();
    facts.layer = Some(blocks.table().to_owned());
    facts.layers = layers;
    Ok(FeatureSource {
        facts,
        bytes: ByteCount::default(),
        lines: 0,
        blocks: Box::new(blocks),
        rows: Box::new(Taken),
        any_crs: false,
    })
}

/// `path`: its name is the layer's.
fn shapefile(blocks: ShapeBlocks, path: &Path) -> FeatureSource {
    let mut facts = facts(FeatureFormat::Shapefile);
    facts.columns = blocks.columns().to_vec();
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    facts.layers = name.clone().into_iter().collect();
    facts.layer = name;
    FeatureSource {
        facts,
        bytes: ByteCount::default(),
        lines: 0,
        blocks: Box::new(blocks),
        rows: Box::new(Taken),
        any_crs: false,
    }
}

/// Opens one member of an archive, unpacked in memory.
fn archive(
    path: &Path,
    options: &FeatureOptions,
    bytes: &ByteCount,
) -> Result<FeatureSource, InputError> {
    let members = source::members(&source::archive(path, bytes)?)?;
    let unpack = |name: &str| -> Result<Vec<u8>, InputError> {
        let mut archive = source::archive(path, bytes)?;
        let member = archive.by_name(name).map_err(Problem::from)?;
        let unpacked = source::head(Bounded::new(member, bytes.clone()), MOST_MEMBER_BYTES + 1)?;
        if unpacked.len() as u64 > MOST_MEMBER_BYTES {
            return Err(Problem::TooLong {
                what: "a member of a zip archive",
                most: MOST_MEMBER_BYTES,
                hint: "unpack the archive first",
            }
            .into());
        }
        Ok(unpacked)
    };
    let layer = options.layer.as_deref();
    let shapes: Vec<String> = members
        .iter()
        .filter(|name| name.to_lowercase().ends_with(".shp"))
        .cloned()
        .collect();
    if shapes.is_empty() {
        let name = source::choose(&members, layer)?;
        let stream_of = Box::new(Cursor::new(unpack(&name)?));
        let mut opened = stream(stream_of, Path::new(&name), options)?;
        opened.facts.layers = members;
        opened.facts.layer = Some(name);
        return Ok(opened);
    }
    let shape = source::choose(&shapes, layer)?;
    let stem = &shape[..shape.len() - 4];
    let mut member = |end: &str| {
        let same = |name: &&String| {
            let rest = name.strip_prefix(stem);
            rest.is_some_and(|rest| rest.eq_ignore_ascii_case(end))
        };
        let found = members.iter().find(same);
        found.map(|name| unpack(name)).transpose()
    };
    let blocks = ShapeBlocks::unpacked(stem, options, &mut member)?;
    bytes.set(std::fs::metadata(path).map_or(0, |metadata| metadata.len()));
    Ok(shapefile(blocks, Path::new(&shape)))
}

type Stream = Box<dyn Read + Send>;

/// The stream as UTF-8 without a byte order mark, and its head, which is taken from it.
fn as_text(mut raw: Stream, options: &FeatureOptions) -> Result<(Stream, Vec<u8>), Problem> {
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
    if let Some(table) = table.filter(|table| *table != UTF_8) {
        stream = Box::new(Decoded::new(BufReader::new(stream), table));
    }
    let head = source::head(&mut stream, HEAD_BYTES)?;
    if head.is_empty() {
        return Err(Problem::Empty);
    }
    Ok((stream, head))
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
fn text(
    mut stream: Stream,
    mut head: Vec<u8>,
    path: &Path,
    options: &FeatureOptions,
) -> Result<FeatureSource, InputError> {
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    let json = match options.format {
        None => matches!(first, Some(b'{' | b'[' | 0x1E)),
        Some(format) => format != FeatureFormat::Csv,
    };
    if !json {
        return table(stream, head, path, options);
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
                let known = head.len();
                let more = (&mut stream).take(known as u64).read_to_end(&mut head);
                if more.map_err(Problem::from)? == 0 {
                    return Err(Problem::truncated("the GeoJSON").into());
                }
                if known > MOST_HEAD_BYTES {
                    return Err(Problem::TooLong {
                        what: "what comes before the features of the collection",
                        most: MOST_HEAD_BYTES as u64,
                        hint: "put it behind them",
                    }
                    .into());
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
    FeatureSource {
        facts: facts(format),
        bytes: ByteCount::default(),
        lines,
        blocks: Box::new(Cutter::new(input, framing, skipped as u64, sizes)),
        rows,
        any_crs: false,
    }
}
