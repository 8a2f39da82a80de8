//! Opens a file of features and tells what it is.

mod disk;
mod text;

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;

use super::batch::FeatureBatch;
use super::cut::{Block, Cutter};
use super::drive::{self, BlockDone, Blocks, FeatureTotals, Rows};
use super::flatgeobuf::{self, FgbFraming, FgbRows, Header};
use super::geoparquet;
use super::options::{FeatureFormat, FeatureOptions};
use super::shapefile::ShapeBlocks;
use super::writer::{Taking, Writer};
use crate::intake::ByteCount;
use crate::source::{self, Bounded, Counted, Wrapping};
use crate::{InputError, Problem, ReadError};

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
    taking: Taking,
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

    /// Keeps these attributes only. The values of others are read over: they cost less, and a row in which one is
    /// malformed is a reject as before. Their names may still be among those of a batch.
    pub fn keep_only(&mut self, columns: &[String]) {
        self.taking.columns = Some(columns.to_vec());
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
            &Arc::new(self.taking),
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
            Wrapping::Zip => disk::archive(path, options, &bytes)?,
            _ if start.starts_with(SQLITE) => disk::geopackage(path, options, size, &bytes)?,
            _ if start.starts_with(geoparquet::MAGIC) => disk::geoparquet(path, options, &bytes)?,
            _ => {
                let shapes = ShapeBlocks::beside(path, options, &bytes)?;
                disk::shapefile(shapes, path)
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
    opened.taking.any_crs = options.any_crs;
    Ok(opened)
}

const SQLITE: &[u8] = b"SQLite format 3\0";

/// What cannot be read from a stream.
fn on_disk(start: &[u8], wrapping: Wrapping) -> Option<&'static str> {
    if wrapping == Wrapping::Zip {
        Some("a zip archive")
    } else if start.starts_with(SQLITE) {
        Some("a GeoPackage")
    } else if start.starts_with(geoparquet::MAGIC) {
        Some("a GeoParquet file")
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
        return Ok(FeatureSource::of(facts, cutter, FgbRows(header)));
    }
    let (stream, head) = text::as_text(raw, options)?;
    text::text(stream, head, path, options)
}

type Stream = Box<dyn Read + Send>;

impl FeatureSource {
    /// A file of which blocks and rows are known.
    fn of(facts: SourceFacts, blocks: impl Blocks + 'static, rows: impl Rows + 'static) -> Self {
        Self {
            facts,
            bytes: ByteCount::default(),
            lines: 0,
            blocks: Box::new(blocks),
            rows: Box::new(rows),
            taking: Taking::default(),
        }
    }
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
