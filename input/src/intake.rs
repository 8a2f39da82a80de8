//! What every reader hands its records to: fills in, filters, counts, reports progress.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gazetteer::Entry;

use crate::accuracy::accuracy_m;
use crate::{At, InputError, Origin, Problem, Progress, ReadOptions, SkipReason, Summary, Warning};

/// Why a reader stops early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The sink refused; its error is kept by the caller.
    Refused,
    Failed(Box<InputError>),
}

impl From<InputError> for Stop {
    fn from(error: InputError) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        InputError::from(problem).into()
    }
}

impl Stop {
    pub(crate) fn in_file(self, file: &str) -> Self {
        match self {
            Self::Refused => Self::Refused,
            Self::Failed(error) => error.in_file(file).into(),
        }
    }
}

/// Why a record makes no entry.
#[derive(Debug)]
pub(crate) enum Unfit {
    Skip(SkipReason),
    Bad(Problem),
}

impl From<Problem> for Unfit {
    fn from(problem: Problem) -> Self {
        Self::Bad(problem)
    }
}

impl From<SkipReason> for Unfit {
    fn from(reason: SkipReason) -> Self {
        Self::Skip(reason)
    }
}

/// Bytes taken from the file so far, shared with the reader that takes them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByteCount(Arc<AtomicU64>);

impl ByteCount {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

type Sink<'a> = dyn FnMut(Entry, Origin) -> Result<(), Stop> + 'a;

/// Takes records one at a time.
pub(crate) struct Intake<'a> {
    pub(crate) options: &'a ReadOptions,
    pub(crate) bytes: ByteCount,
    /// The name of the file, for `position_source` and for ids that the file does not give.
    pub(crate) file_name: String,
    total_bytes: u64,
    seen: u64,
    reported: (u64, u64),
    entries: u64,
    skipped: BTreeMap<SkipReason, u64>,
    warnings: BTreeMap<Warning, u64>,
    sink: &'a mut Sink<'a>,
    progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Intake<'a> {
    pub(crate) fn new(
        options: &'a ReadOptions,
        file_name: String,
        total_bytes: u64,
        sink: &'a mut Sink<'a>,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Self {
        Self {
            options,
            bytes: ByteCount::default(),
            file_name,
            total_bytes,
            seen: 0,
            reported: (0, 0),
            entries: 0,
            skipped: BTreeMap::new(),
            warnings: BTreeMap::new(),
            sink,
            progress,
        }
    }

    /// The file's size on disk.
    pub(crate) fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// Takes what came of a record.
    pub(crate) fn take(&mut self, record: Result<Entry, Unfit>, at: Origin) -> Result<(), Stop> {
        self.tick();
        match record {
            Ok(entry) => self.offer(entry, at),
            Err(Unfit::Skip(reason)) => {
                self.skip(reason);
                Ok(())
            }
            Err(Unfit::Bad(_)) if self.options.skip_bad => {
                self.skip(SkipReason::BadValue);
                Ok(())
            }
            Err(Unfit::Bad(problem)) => Err(problem.at(At::Record(at)).into()),
        }
    }

    fn offer(&mut self, mut entry: Entry, at: Origin) -> Result<(), Stop> {
        let options = self.options;
        if !options.keep.is_empty() && !options.keep.contains(&entry.class) {
            self.skip(SkipReason::NotKept);
            return Ok(());
        }
        if let Some(prefix) = &options.id_prefix {
            entry.id.insert_str(0, prefix);
        }
        if entry.position.is_none() {
            self.warn(Warning::NoPosition);
            if entry.unlocated.is_empty() {
                "the file gives no position".clone_into(&mut entry.unlocated);
            }
        } else {
            if entry.accuracy_m == 0 {
                entry.accuracy_m = options
                    .accuracy_m
                    .unwrap_or_else(|| accuracy_m(entry.class));
            }
            if entry.position_source.is_empty() {
                entry.position_source.clone_from(&self.file_name);
            }
        }
        (self.sink)(entry, at)?;
        self.seen += 1;
        self.entries += 1;
        Ok(())
    }

    /// Counts a record that makes no entry.
    pub(crate) fn skip(&mut self, reason: SkipReason) {
        self.seen += 1;
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Counts something that an entry was handed on without.
    pub(crate) fn warn(&mut self, warning: Warning) {
        *self.warnings.entry(warning).or_default() += 1;
    }

    /// Reports progress now and then. Readers of long stretches without records call it themselves.
    pub(crate) fn tick(&mut self) {
        let bytes = self.bytes.get();
        if self.seen >= self.reported.0 + 10_000 || bytes.abs_diff(self.reported.1) >= 1 << 20 {
            self.report(bytes);
        }
    }

    fn report(&mut self, bytes: u64) {
        self.reported = (self.seen, bytes);
        (self.progress)(Progress {
            bytes: bytes.min(self.total_bytes),
            total_bytes: self.total_bytes,
            entries: self.entries,
        });
    }

    /// Ends the reading.
    pub(crate) fn finish(mut self) -> Result<Summary, Problem> {
        if self.seen == 0 {
            return Err(Problem::Empty);
        }
        self.report(self.total_bytes);
        Ok(Summary {
            entries: self.entries,
            skipped: self.skipped.into_iter().collect(),
            warnings: self.warnings.into_iter().collect(),
        })
    }
}
