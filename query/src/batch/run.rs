//! Reading, asking and writing, block by block.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use input::features::{FeatureBatch, FeatureSource, Reject};
use input::{Origin, Problem, ReadError};

use super::ask::{Asking, Rejected, Scratch};
use super::format::{RowFormat, Rows, csv_field};
use super::options::{BatchError, BatchOptions, BatchTotals};
use crate::layer::Layer;

/// What came of a block.
#[derive(Default)]
pub(super) struct Answered {
    pub(super) text: Vec<u8>,
    pub(super) rejects: Vec<Rejected>,
    pub(super) matched: u64,
    pub(super) unmatched: u64,
    pub(super) written: u64,
    pub(super) cut_short: u64,
    /// The block itself, when its rows can only be written in their turn.
    late: Option<(FeatureBatch, Scratch)>,
}

/// Asks a layer for every row of a file and writes the rows to `out` in their order, with what was found. Rows that
/// cannot be asked go to `rejects`: a table of line, problem and row. `progress` gets the bytes read and the rows so
/// far.
///
/// # Errors
/// When the file cannot be read to its end, or the answer cannot be written; a closed pipe is
/// [`io::ErrorKind::BrokenPipe`].
pub fn run(
    mut source: FeatureSource,
    layer: &Layer,
    options: &BatchOptions,
    out: &mut (dyn Write + Send),
    rejects: &mut Option<&mut (dyn Write + Send)>,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<BatchTotals, BatchError> {
    let asking = Asking::new(layer, options)?;
    let facts = source.facts().clone();
    let rows = Rows::new(
        options.format,
        facts.format,
        &facts.header,
        options.own_columns.clone(),
        &facts.columns,
    );
    if let Some(columns) = rows.needs_only() {
        source.keep_only(columns);
    }
    let texts = asking.texts(&rows);
    let pool: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());
    let buffers: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    let late = rows.wants_columns();
    let mut outgoing = Outgoing {
        rows: rows.clone(),
        header: facts.header,
        names: asking.names(),
        begun: false,
        pending: Vec::new(),
        out,
        totals: BatchTotals::default(),
    };
    if let Some(rejects) = rejects {
        rejects.write_all(b"line,problem,row\n")?;
    }
    let result = source.read(
        options.threads,
        |batch| {
            let mut scratch = take(&pool).unwrap_or_default();
            let mut answered = Answered {
                text: take(&buffers).unwrap_or_default(),
                ..Answered::default()
            };
            answered.text.clear();
            asking.block(batch, &mut scratch, &mut answered.rejects);
            if late {
                answered.late = Some((std::mem::take(batch), scratch));
            } else {
                asking.write(batch, &mut scratch, &rows, &texts, &mut answered);
                give(&pool, scratch);
            }
            answered
        },
        |done| {
            let mut answered = done.value;
            if let Some((batch, mut scratch)) = answered.late.take() {
                if !outgoing.begun {
                    outgoing.rows.set_columns(batch.keys.clone());
                }
                asking.write(&batch, &mut scratch, &outgoing.rows, &texts, &mut answered);
                give(&pool, scratch);
            }
            outgoing.block(&answered, &done.rejects)?;
            give(&buffers, answered.text);
            if let Some(file) = rejects {
                write_rejects(done.rejects, answered.rejects, file)?;
            }
            progress(done.bytes_read, outgoing.totals.rows);
            Ok::<(), io::Error>(())
        },
    );
    match result {
        Ok(_) => {}
        Err(ReadError::Input(error)) => return Err(error.into()),
        Err(ReadError::Refused(error)) => return Err(error.into()),
    }
    outgoing.end()?;
    if let Some(rejects) = rejects {
        rejects.flush()?;
    }
    Ok(outgoing.totals)
}

/// The file that is written, block by block.
struct Outgoing<'w> {
    rows: Rows,
    header: Vec<u8>,
    names: Vec<String>,
    begun: bool,
    /// What comes before the next block: the head, or the end of the row before.
    pending: Vec<u8>,
    out: &'w mut (dyn Write + Send),
    totals: BatchTotals,
}

impl Outgoing<'_> {
    fn begin(&mut self) {
        if !std::mem::replace(&mut self.begun, true) {
            self.rows.head(&self.header, &self.names, &mut self.pending);
        }
    }

    fn block(&mut self, answered: &Answered, unread: &[Reject]) -> io::Result<()> {
        self.begin();
        let text = &answered.text[..];
        // The last row of a collection has no comma: the end of a block waits for the next.
        let end = match self.rows.format {
            RowFormat::GeoJson => text.len().saturating_sub(2),
            RowFormat::Csv | RowFormat::NdJson => text.len(),
        };
        if !text.is_empty() {
            self.out.write_all(&self.pending)?;
            self.out.write_all(&text[..end])?;
            self.pending.clear();
            self.pending.extend_from_slice(&text[end..]);
        }
        let rejects = (unread.len() + answered.rejects.len()) as u64;
        let totals = &mut self.totals;
        totals.swapped += swapped(unread);
        totals.cut_short += answered.cut_short;
        totals.rejects += rejects;
        totals.matched += answered.matched;
        totals.unmatched += answered.unmatched;
        totals.written += answered.written;
        totals.rows += answered.matched + answered.unmatched + rejects;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.begin();
        if self.pending.starts_with(b",") {
            self.pending.clear();
        }
        self.rows.tail(&mut self.pending);
        self.out.write_all(&self.pending)?;
        self.out.flush()
    }
}

/// How many rows have a longitude for a latitude.
pub(crate) fn swapped(rejects: &[Reject]) -> u64 {
    let swapped = |reject: &&Reject| matches!(reject.problem, Problem::Swapped { .. });
    rejects.iter().filter(swapped).count() as u64
}

fn take<T>(pool: &Mutex<Vec<T>>) -> Option<T> {
    pool.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn give<T>(pool: &Mutex<Vec<T>>, thing: T) {
    pool.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(thing);
}

fn write_rejects(
    unread: Vec<Reject>,
    unasked: Vec<Rejected>,
    file: &mut (dyn Write + Send),
) -> io::Result<()> {
    let unread = unread.into_iter().map(|reject| Rejected {
        number: reject.number,
        place: reject.origin,
        problem: reject.problem.to_string(),
        raw: reject.raw,
    });
    let mut all: Vec<Rejected> = unread.chain(unasked).collect();
    all.sort_by_key(|reject| reject.number);
    let mut text = Vec::new();
    for reject in &all {
        let line = match reject.place {
            Origin::Line(line) | Origin::Feature { line, .. } => line.to_string(),
            other => other.to_string(),
        };
        text.extend_from_slice(line.as_bytes());
        text.push(b',');
        csv_field(&reject.problem, b',', &mut text);
        text.push(b',');
        csv_field(&String::from_utf8_lossy(&reject.raw), b',', &mut text);
        text.push(b'\n');
    }
    file.write_all(&text)
}
