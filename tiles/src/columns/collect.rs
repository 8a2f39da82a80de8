//! From batches in the order of the input to rows in the order of the tiles, by way of sorted files when there is not
//! the memory for all.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::row::{Names, take_row, translate};
use super::store::{BLOCK_ROWS, Block, Rows, Store};
use super::texts::TextTable;
use crate::{WorldPoint, hilbert_key};

/// Rows in any order: their bytes, and for each its key and where it begins.
#[derive(Default)]
pub(crate) struct RowSet {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: Vec<(u64, u32)>,
}

impl RowSet {
    /// Appends a row.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a batch is a few megabytes"
    )]
    pub(crate) fn push(&mut self, at: WorldPoint, rest: &[u8]) {
        self.rows.push((hilbert_key(at), self.bytes.len() as u32));
        super::row::write_row(at, rest, &mut self.bytes);
    }

    fn memory(&self) -> usize {
        // The sorted copy of a row and its entry in the sort are counted with it.
        self.bytes.len() * 2 + self.rows.len() * 32
    }
}

/// What the numbers of a batch stand for in the whole run.
#[derive(Default)]
pub(crate) struct Translation {
    pub(crate) layers: Vec<u32>,
    pub(crate) columns: Vec<u32>,
    /// `None` where texts have the numbers of the run already.
    pub(crate) texts: Option<Vec<u32>>,
    /// The texts themselves, where some are to stay in the rows.
    pub(crate) own: Option<TextTable>,
}

impl Translation {
    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            layers: &self.layers,
            columns: &self.columns,
            texts: self.texts.as_deref(),
            own: self.own.as_ref(),
        }
    }

    fn memory(&self) -> usize {
        let own = self.own.as_ref().map_or(0, TextTable::memory);
        self.texts.as_ref().map_or(0, Vec::len) * 4 + own
    }
}

/// Sorts rows, with at most so much memory for those that wait.
pub(crate) struct Sorter {
    waiting: Vec<(RowSet, Translation)>,
    memory: usize,
    budget: usize,
    threads: usize,
    folder: PathBuf,
    /// Sorted files, the earlier rows in the earlier file.
    runs: Vec<File>,
    count: u64,
    /// Texts stay in some rows.
    in_rows: bool,
}

impl Sorter {
    pub(crate) fn new(folder: &Path, budget: usize, threads: usize) -> Self {
        Self {
            waiting: Vec::new(),
            memory: 0,
            budget,
            threads: threads.max(1),
            folder: folder.to_owned(),
            runs: Vec::new(),
            count: 0,
            in_rows: false,
        }
    }

    /// Takes the rows of the next batch.
    pub(crate) fn push(&mut self, rows: RowSet, translation: Translation) -> io::Result<()> {
        if rows.rows.is_empty() {
            return Ok(());
        }
        self.count += rows.rows.len() as u64;
        self.in_rows |= translation.own.is_some();
        self.memory += rows.memory() + translation.memory();
        self.waiting.push((rows, translation));
        if self.memory > self.budget {
            self.spill()?;
        }
        Ok(())
    }

    /// How many sorted files there are.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut file = tempfile::tempfile_in(&self.folder)?;
        let waiting = std::mem::take(&mut self.waiting);
        self.memory = 0;
        // A stretch at a time, so that there is no second copy of all.
        for stretch in in_order(&waiting).chunks(SPILLED_ROWS) {
            for (bytes, _) in self.gathered(&waiting, stretch) {
                file.write_all(&bytes)?;
            }
        }
        self.runs.push(file);
        if self.runs.len() == 1 {
            // There are many: from now on names, and runs that are read side by side, take memory too.
            self.budget = self.budget / 5 * 2;
        }
        Ok(())
    }

    /// Copies of rows in an order, in pieces, with the blocks of each.
    fn gathered(&self, waiting: &[(RowSet, Translation)], order: &[Place]) -> Vec<Gathered> {
        let share = order
            .len()
            .div_ceil(self.threads)
            .next_multiple_of(BLOCK_ROWS);
        let mut pieces = Vec::new();
        std::thread::scope(|scope| {
            let tasks: Vec<_> = order
                .chunks(share.max(1))
                .map(|order| scope.spawn(move || gather(waiting, order)))
                .collect();
            for task in tasks {
                pieces.push(task.join().unwrap_or_default());
            }
        });
        pieces
    }

    /// The waiting rows in order.
    fn sorted(&mut self) -> Vec<Gathered> {
        let waiting = std::mem::take(&mut self.waiting);
        self.memory = 0;
        self.gathered(&waiting, &in_order(&waiting))
    }

    /// Returns all rows in order.
    pub(crate) fn finish(mut self) -> io::Result<Store> {
        if self.runs.is_empty() {
            let count = self.count;
            let mut store = Store::empty();
            let mut memory = Vec::new();
            for (number, (bytes, blocks)) in (0u32..).zip(self.sorted()) {
                let before = store.count;
                store.blocks.extend(blocks.iter().map(|block| Block {
                    first: block.first + before,
                    piece: number,
                    ..*block
                }));
                store.count = before + blocks.last().map_or(0, |last| last.first + last.rows());
                memory.push(bytes);
            }
            debug_assert_eq!(store.count, count);
            store.rows = Rows::Memory(memory);
            store.in_rows = self.in_rows;
            return Ok(store);
        }
        if !self.waiting.is_empty() {
            self.spill()?;
        }
        let merged = tempfile::tempfile_in(&self.folder)?;
        let mut store = merge(std::mem::take(&mut self.runs), merged)?;
        store.in_rows = self.in_rows;
        Ok(store)
    }
}

/// Rows that are written at once.
const SPILLED_ROWS: usize = 1 << 17;

/// Key, batch and row.
type Place = (u64, u32, u32);

/// Rows, and their blocks.
type Gathered = (Vec<u8>, Vec<Block>);

/// Places of the waiting rows in order.
fn in_order(waiting: &[(RowSet, Translation)]) -> Vec<Place> {
    let mut order: Vec<Place> = Vec::new();
    order.reserve_exact(waiting.iter().map(|(set, _)| set.rows.len()).sum());
    for (batch, (set, _)) in waiting.iter().enumerate() {
        let rows = set.rows.iter().enumerate();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "batches, and rows of one, are fewer than 2^32"
        )]
        order.extend(rows.map(|(row, &(key, _))| (key, batch as u32, row as u32)));
    }
    order.sort_unstable();
    order
}

/// Copies rows in an order.
fn gather(waiting: &[(RowSet, Translation)], order: &[Place]) -> Gathered {
    let mut bytes = Vec::new();
    let mut blocks = Blocks::default();
    let mut scratch = Vec::new();
    for &(key, batch, row) in order {
        let (set, translation) = &waiting[batch as usize];
        let (_, at) = set.rows[row as usize];
        let mut rest = &set.bytes[at as usize..];
        let Some((at, rest)) = take_row(&mut rest) else {
            continue;
        };
        blocks.begin(key, bytes.len() as u64);
        let names = translation.names();
        translate(at, rest, &names, &mut scratch, &mut bytes);
    }
    let blocks = blocks.finish(bytes.len() as u64);
    bytes.shrink_to_fit();
    (bytes, blocks)
}

/// Cuts a sequence of rows into blocks.
#[derive(Default)]
struct Blocks {
    blocks: Vec<Block>,
    count: u64,
}

impl Blocks {
    /// A row begins here.
    fn begin(&mut self, key: u64, at: u64) {
        if self.count.is_multiple_of(BLOCK_ROWS as u64) {
            self.close(at);
            self.blocks.push(Block {
                first: self.count,
                key,
                piece: 0,
                at,
                length: 0,
                rows: 0,
            });
        }
        self.count += 1;
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a block is a thousand rows of bounded length"
    )]
    fn close(&mut self, at: u64) {
        if let Some(last) = self.blocks.last_mut() {
            last.length = (at - last.at) as u32;
            last.rows = (self.count - last.first) as u32;
        }
    }

    fn finish(mut self, at: u64) -> Vec<Block> {
        self.close(at);
        self.blocks
    }
}

/// A sorted file that is being read.
struct RunReader {
    file: BufReader<File>,
    row: Vec<u8>,
    at: WorldPoint,
}

const RUN_BUFFER: usize = 1 << 18;

impl RunReader {
    fn open(mut file: File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self {
            file: BufReader::with_capacity(RUN_BUFFER, file),
            row: Vec::new(),
            at: WorldPoint { x: 0, y: 0 },
        })
    }

    /// Reads the next row and returns its key; `None` at the end.
    fn next(&mut self) -> io::Result<Option<u64>> {
        let mut head = [0u8; 8];
        match self.file.read(&mut head[..1])? {
            0 => return Ok(None),
            _ => self.file.read_exact(&mut head[1..])?,
        }
        let half = |half: &[u8]| {
            half.iter()
                .rev()
                .fold(0, |sum, &byte| sum << 8 | u32::from(byte))
        };
        self.at = WorldPoint {
            x: half(&head[..4]),
            y: half(&head[4..]),
        };
        let (mut length, mut shift) = (0usize, 0);
        loop {
            let mut byte = [0];
            self.file.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 0x7F) << shift;
            shift += 7;
            if byte[0] < 0x80 {
                break;
            }
        }
        self.row.resize(length, 0);
        self.file.read_exact(&mut self.row)?;
        Ok(Some(hilbert_key(self.at)))
    }
}

/// Merges sorted files; of equal keys the row of the earlier file comes first.
fn merge(runs: Vec<File>, merged: File) -> io::Result<Store> {
    let mut readers = Vec::new();
    let mut heads = BinaryHeap::new();
    for (number, file) in runs.into_iter().enumerate() {
        let mut reader = RunReader::open(file)?;
        if let Some(key) = reader.next()? {
            heads.push(Reverse((key, number)));
        }
        readers.push(reader);
    }
    let mut out = BufWriter::with_capacity(1 << 20, merged);
    let mut blocks = Blocks::default();
    let mut at = 0u64;
    let mut row = Vec::new();
    while let Some(Reverse((key, number))) = heads.pop() {
        let reader = &mut readers[number];
        row.clear();
        super::row::write_row(reader.at, &reader.row, &mut row);
        blocks.begin(key, at);
        out.write_all(&row)?;
        at += row.len() as u64;
        if let Some(key) = reader.next()? {
            heads.push(Reverse((key, number)));
        }
    }
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let count = blocks.count;
    Ok(Store {
        blocks: blocks.finish(at),
        rows: Rows::File(Mutex::new(file)),
        count,
        in_rows: false,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::columns::row::{EVERY_ZOOM, RowHead, take_cell, take_head, write_cell, write_head};
    use crate::mvt::Value;

    /// Batches of rows; the texts of a batch have their own numbers.
    fn sorted(points: &[(u32, u32)], budget: usize, batch: usize) -> (usize, Vec<(u64, u64, u32)>) {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(folder.path(), budget, 2);
        let mut number = 0;
        for chunk in points.chunks(batch) {
            let mut set = RowSet::default();
            for &(x, y) in chunk {
                let mut rest = Vec::new();
                let head = RowHead {
                    number,
                    layer: 0,
                    id: None,
                    zooms: EVERY_ZOOM,
                };
                write_head(head, &mut rest);
                write_cell(0, Value::Text(1), &mut rest);
                set.push(WorldPoint { x, y }, &rest);
                number += 1;
            }
            let translation = Translation {
                layers: vec![0],
                columns: vec![3],
                texts: Some(vec![0, 7]),
                own: None,
            };
            sorter.push(set, translation).unwrap();
        }
        let runs = sorter.runs();
        let store = sorter.finish().unwrap();
        assert_eq!(store.count, points.len() as u64);
        let mut found = Vec::new();
        store
            .walk(0..store.count, |place, at, mut rest| {
                assert_eq!(place, found.len() as u64);
                let head = take_head(&mut rest);
                assert_eq!(take_cell(&mut rest), Some((3, Value::Text(7))));
                found.push((hilbert_key(at), head.number, 0));
            })
            .unwrap();
        for key in [0, 1 << 40, u64::MAX / 3, u64::MAX] {
            let before = found.iter().filter(|row| row.0 < key).count() as u64;
            assert_eq!(store.rows_before(key).unwrap(), before);
        }
        (runs, found)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn rows_come_in_order_whatever_the_memory_and_the_batches(
            points in prop::collection::vec((0..40u32, 0..40u32), 0..3000),
            spread in 0..27u32,
        ) {
            let points: Vec<_> = points.into_iter().map(|(x, y)| (x << spread, y << spread)).collect();
            let (runs, whole) = sorted(&points, usize::MAX, 1000);
            prop_assert_eq!(runs, 0);
            prop_assert!(whole.is_sorted());
            let (_, spilled) = sorted(&points, 10_000, 77);
            prop_assert_eq!(whole, spilled);
        }
    }
}
