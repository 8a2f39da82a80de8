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
        }
    }

    /// Takes the rows of the next batch.
    pub(crate) fn push(&mut self, rows: RowSet, translation: Translation) -> io::Result<()> {
        if rows.rows.is_empty() {
            return Ok(());
        }
        self.count += rows.rows.len() as u64;
        self.memory += rows.memory() + translation.texts.as_ref().map_or(0, Vec::len) * 4;
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
        for (bytes, _) in self.sorted() {
            file.write_all(&bytes)?;
        }
        self.runs.push(file);
        Ok(())
    }

    /// The waiting rows in order, in pieces, with the lengths of their rows.
    fn sorted(&mut self) -> Vec<(Vec<u8>, Vec<Block>)> {
        let waiting = std::mem::take(&mut self.waiting);
        self.memory = 0;
        let mut order: Vec<(u64, u32, u32)> = Vec::new();
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
        let share = order
            .len()
            .div_ceil(self.threads)
            .next_multiple_of(BLOCK_ROWS);
        let mut pieces = Vec::new();
        std::thread::scope(|scope| {
            let waiting = &waiting;
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
            return Ok(store);
        }
        if !self.waiting.is_empty() {
            self.spill()?;
        }
        let merged = tempfile::tempfile_in(&self.folder)?;
        merge(std::mem::take(&mut self.runs), merged)
    }
}

/// Copies rows in an order.
fn gather(waiting: &[(RowSet, Translation)], order: &[(u64, u32, u32)]) -> (Vec<u8>, Vec<Block>) {
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
        let names = Names {
            layers: &translation.layers,
            columns: &translation.columns,
            texts: translation.texts.as_deref(),
        };
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
