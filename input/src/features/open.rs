//! Opens a file of features and tells what it is.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::batch::FeatureBatch;
use super::cut::{Block, Cutter, Lines};
use super::drive::{self, BlockDone, Blocks, FeatureTotals, Rows};
use super::lines::JsonLines;
use super::options::{FeatureFormat, FeatureOptions};
use super::writer::Writer;
use crate::intake::ByteCount;
use crate::source::{self, Bounded, Counted, Wrapping};
use crate::{InputError, Problem, ReadError};

/// Bytes that tell format, columns and layout.
const HEAD_BYTES: u64 = 1 << 16;

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
    blocks: Box<dyn Blocks>,
    rows: Box<dyn Rows>,
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
        let result = drive::run(blocks, rows, &self.bytes, threads, &each, &mut in_order);
        result.map_err(|error| match error {
            ReadError::Input(error) => ReadError::Input(error.in_file(&self.facts.file)),
            refused @ ReadError::Refused(_) => refused,
        })
    }
}

fn open(path: &Path, file: &str, options: &FeatureOptions) -> Result<FeatureSource, InputError> {
    let bytes = ByteCount::default();
    let mut total_bytes = None;
    let mut raw: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(Counted::new(std::io::stdin(), bytes.clone()))
    } else {
        let opened = File::open(path).map_err(|source| Problem::Open { source })?;
        let metadata = opened.metadata().map_err(|source| Problem::Open { source })?;
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
    let start = source::head(&mut raw, 4)?;
    let wrapping = Wrapping::of(&start);
    let mut raw: Box<dyn Read + Send> = Box::new(Cursor::new(start).chain(raw));
    if wrapping == Wrapping::Gzip {
        let inflated = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, raw));
        raw = Box::new(Bounded::new(inflated, bytes.clone()));
    }
    let head = source::head(&mut raw, HEAD_BYTES)?;
    if head.is_empty() {
        return Err(Problem::Empty.into());
    }
    let stream: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(raw));
    let facts = SourceFacts {
        file: file.to_owned(),
        format: FeatureFormat::GeoJsonLines,
        total_bytes,
        layer: None,
        layers: Vec::new(),
        columns: Vec::new(),
        header: Vec::new(),
    };
    let cutter = Cutter::new(
        stream,
        Box::new(Lines),
        options.block_bytes,
        options.max_feature_bytes,
    );
    Ok(FeatureSource {
        facts,
        bytes,
        blocks: Box::new(cutter),
        rows: Box::new(JsonLines),
    })
}
