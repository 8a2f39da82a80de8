//! Workers that take blocks, read them side by side, and hand on what came of them in the order of the input.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::{FeatureBatch, Notes};
use super::cut::Block;
use super::reject::Reject;
use super::writer::{Taking, Writer};
use crate::intake::ByteCount;
use crate::{InputError, ReadError};

/// Where blocks come from, one at a time.
pub(super) trait Blocks: Send {
    /// Fills `block`, or the batch of `writer` at once where rows cannot be read side by side; `false` at the end.
    fn next(&mut self, block: &mut Block, writer: &mut Writer) -> Result<bool, InputError>;
}

/// How the rows of a block are read; many workers do so at the same time.
pub(super) trait Rows: Send + Sync {
    /// Reads all rows of `block` into `writer`.
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError>;
}

impl Rows for Box<dyn Rows> {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        (**self).read(block, writer)
    }
}

/// What came of a block.
#[derive(Debug)]
#[non_exhaustive]
pub struct BlockDone<T> {
    /// What the worker made of it.
    pub value: T,
    /// Rows that make no feature.
    pub rejects: Vec<Reject>,
    /// Features of the block, without rejects; rows of one collection count once.
    pub features: u64,
    /// What features were read without, or with a change.
    pub notes: Notes,
    /// Bytes taken from the file so far, as it lies on disk.
    pub bytes_read: u64,
}

/// What was read in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FeatureTotals {
    /// Features; rows of one collection count once.
    pub features: u64,
    /// Rows that make no feature.
    pub rejects: u64,
    /// What features were read without, or with a change.
    pub notes: Notes,
}

struct Shared<'a, T> {
    cutting: Mutex<Cutting<'a>>,
    order: Mutex<Order<T>>,
    moved: Condvar,
    /// Blocks that may be taken and not yet handed on.
    most_live: u64,
}

struct Cutting<'a> {
    blocks: &'a mut dyn Blocks,
    taken: u64,
    ended: bool,
}

struct Order<T> {
    /// The block whose numbers are known next, and what was counted before it.
    counted: u64,
    features: u64,
    lines: u64,
    /// The block that is handed on next.
    handed: u64,
    ready: BTreeMap<u64, Result<BlockDone<T>, InputError>>,
    handing: bool,
    stopped: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Shared<'_, T> {
    fn wait_while(&self, mut condition: impl FnMut(&Order<T>) -> bool) -> MutexGuard<'_, Order<T>> {
        let order = lock(&self.order);
        let waited = self
            .moved
            .wait_while(order, |order| !order.stopped && condition(order));
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        lock(&self.order).stopped = true;
        self.moved.notify_all();
    }
}

/// Lets the others go when a worker panics.
struct Release<'a, 'b, T>(&'a Shared<'b, T>);

impl<T> Drop for Release<'_, '_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Reads all blocks on `threads` threads, `lines` of the input having been taken before.
pub(super) fn run<T: Send, E: Send>(
    blocks: &mut dyn Blocks,
    rows: &dyn Rows,
    bytes: &ByteCount,
    [lines, threads]: [u64; 2],
    taking: &Arc<Taking>,
    each: &(dyn Fn(&mut FeatureBatch) -> T + Sync),
    in_order: &mut (dyn FnMut(BlockDone<T>) -> Result<(), E> + Send),
) -> Result<FeatureTotals, ReadError<E>> {
    let threads = threads.max(1);
    let shared = Shared {
        cutting: Mutex::new(Cutting {
            blocks,
            taken: 0,
            ended: false,
        }),
        order: Mutex::new(Order {
            counted: 0,
            features: 0,
            lines,
            handed: 0,
            ready: BTreeMap::new(),
            handing: false,
            stopped: false,
        }),
        moved: Condvar::new(),
        most_live: 2 * threads,
    };
    let sink = Mutex::new(Sink {
        in_order,
        totals: FeatureTotals::default(),
        failed: None,
    });
    if threads == 1 {
        work(&shared, rows, bytes, taking, each, &sink);
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| work(&shared, rows, bytes, taking, each, &sink));
            }
        });
    }
    let sink = sink.into_inner().unwrap_or_else(PoisonError::into_inner);
    match sink.failed {
        Some(error) => Err(error),
        None => Ok(sink.totals),
    }
}

struct Sink<'a, T, E> {
    in_order: &'a mut (dyn FnMut(BlockDone<T>) -> Result<(), E> + Send),
    totals: FeatureTotals,
    failed: Option<ReadError<E>>,
}

impl<T, E> Sink<'_, T, E> {
    /// Hands on a block; `false` to stop.
    fn take(&mut self, done: Result<BlockDone<T>, InputError>) -> bool {
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                self.failed = Some(ReadError::Input(error));
                return false;
            }
        };
        self.totals.features += done.features;
        self.totals.rejects += done.rejects.len() as u64;
        self.totals.notes.add(done.notes);
        match (self.in_order)(done) {
            Ok(()) => true,
            Err(error) => {
                self.failed = Some(ReadError::Refused(error));
                false
            }
        }
    }
}

fn work<T, E>(
    shared: &Shared<T>,
    rows: &dyn Rows,
    bytes: &ByteCount,
    taking: &Arc<Taking>,
    each: &(dyn Fn(&mut FeatureBatch) -> T + Sync),
    sink: &Mutex<Sink<T, E>>,
) {
    let _release = Release(shared);
    let mut block = Block::default();
    let mut writer = Writer::default();
    writer.taking = Arc::clone(taking);
    loop {
        // Taking a block needs room for it among those that wait.
        let mut cutting = lock(&shared.cutting);
        if cutting.ended {
            return;
        }
        let number = cutting.taken;
        let most_live = shared.most_live;
        if shared
            .wait_while(|order| number - order.handed >= most_live)
            .stopped
        {
            return;
        }
        writer.clear();
        let found = cutting.blocks.next(&mut block, &mut writer);
        let bytes_read = bytes.get();
        cutting.ended = !matches!(found, Ok(true));
        cutting.taken += 1;
        drop(cutting);
        let result = match found {
            Ok(false) => return,
            Ok(true) => rows
                .read(&mut block, &mut writer)
                .map(|()| writer.skipped(block.skipped.take())),
            Err(error) => Err(error),
        };
        // The numbers of the blocks before are known as soon as they are read.
        let mut order = shared.wait_while(|order| order.counted != number);
        if order.stopped {
            return;
        }
        let (features, lines) = (order.features, order.lines);
        order.features += writer.batch.features_read;
        order.lines += writer.lines;
        order.counted += 1;
        drop(order);
        shared.moved.notify_all();
        let done = result.map(|()| {
            writer.rebase(features, lines);
            let rejects = std::mem::take(&mut writer.rejects);
            let features = writer.batch.features_read - rejects.len() as u64;
            let notes = writer.batch.notes;
            BlockDone {
                value: each(&mut writer.batch),
                rejects,
                features,
                notes,
                bytes_read,
            }
        });
        let done = done.map_err(|error| number_lines(error, lines));
        if !hand_on(shared, number, done, sink) {
            return;
        }
    }
}

/// An error of a block counts lines from its start.
fn number_lines(mut error: InputError, lines: u64) -> InputError {
    if let crate::At::Record(crate::Origin::Line(line)) = &mut error.at {
        *line += lines;
    }
    error
}

/// Puts what came of a block among those that wait, and hands on all whose turn it is; `false` to stop.
fn hand_on<T, E>(
    shared: &Shared<T>,
    number: u64,
    done: Result<BlockDone<T>, InputError>,
    sink: &Mutex<Sink<T, E>>,
) -> bool {
    let mut order = lock(&shared.order);
    order.ready.insert(number, done);
    loop {
        if order.stopped {
            return false;
        }
        if order.handing {
            return true;
        }
        let turn = order.handed;
        let Some(done) = order.ready.remove(&turn) else {
            return true;
        };
        order.handing = true;
        drop(order);
        let go_on = lock(sink).take(done);
        order = lock(&shared.order);
        order.handing = false;
        order.handed += 1;
        order.stopped |= !go_on;
        shared.moved.notify_all();
    }
}
