//! All rows in the order of the tiles, in memory or in a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Mutex;

use super::row::{take_row, write_numbered};
use super::texts::{OWN, TextPool, TextTable};
use crate::{WorldPoint, hilbert_key};

/// Rows of a block, which is read as a whole.
pub(crate) const BLOCK_ROWS: usize = 1024;

/// Where a block of rows begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    /// Rows before it.
    pub(crate) first: u64,
    /// Key of its first row.
    pub(crate) key: u64,
    /// Which piece of [`Rows`] it is in.
    pub(crate) piece: u32,
    /// Where in the piece.
    pub(crate) at: u64,
    pub(crate) length: u32,
    pub(crate) rows: u32,
}

impl Block {
    pub(crate) fn rows(&self) -> u64 {
        self.rows.into()
    }
}

/// Bytes of rows.
pub(crate) enum Rows {
    /// In memory, in pieces.
    Memory(Vec<Vec<u8>>),
    /// In a file without a name.
    File(Mutex<File>),
}

/// All rows in the order of [`hilbert_key`], those of equal keys in the order of the input.
pub(crate) struct Store {
    pub(crate) blocks: Vec<Block>,
    pub(crate) rows: Rows,
    pub(crate) count: u64,
    /// Texts stay in some rows.
    pub(crate) in_rows: bool,
}

/// Rows that were taken out of a store.
#[derive(Default)]
pub(crate) struct Chunk {
    bytes: Vec<u8>,
    /// Position of each row, and where the rest of it is in `bytes`.
    rows: Vec<(WorldPoint, u32, u32)>,
    /// Places of the rows in the order of the store.
    places: Vec<u64>,
    /// Texts that stood in the rows.
    own: Option<TextTable>,
}

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Texts that are not in the pool.
    pub(crate) fn own_texts(&self) -> Option<&TextTable> {
        self.own.as_ref()
    }

    /// The row's place in the order of the store.
    #[inline]
    pub(crate) fn place(&self, row: usize) -> u64 {
        self.places[row]
    }

    #[inline]
    pub(crate) fn position(&self, row: usize) -> WorldPoint {
        self.rows[row].0
    }

    /// The row without its position, for [`super::row::take_head`].
    #[inline]
    pub(crate) fn rest(&self, row: usize) -> &[u8] {
        let (_, start, end) = self.rows[row];
        &self.bytes[start as usize..end as usize]
    }
}

impl Store {
    pub(crate) fn empty() -> Self {
        Self {
            blocks: Vec::new(),
            rows: Rows::Memory(Vec::new()),
            count: 0,
            in_rows: false,
        }
    }

    /// Reads the bytes of a block behind those that are there.
    fn read(&self, block: &Block, out: &mut Vec<u8>) -> io::Result<()> {
        match &self.rows {
            Rows::Memory(pieces) => {
                #[expect(clippy::cast_possible_truncation, reason = "a place in memory")]
                let at = block.at as usize;
                out.extend_from_slice(
                    &pieces[block.piece as usize][at..at + block.length as usize],
                );
                Ok(())
            }
            Rows::File(file) => {
                let start = out.len();
                out.resize(start + block.length as usize, 0);
                let mut file = file
                    .lock()
                    .map_err(|_| io::Error::other("another thread failed"))?;
                file.seek(SeekFrom::Start(block.at))?;
                file.read_exact(&mut out[start..])
            }
        }
    }

    /// Hands over the rows of a range in order: place, position, the rest.
    pub(crate) fn walk(
        &self,
        range: Range<u64>,
        mut each: impl FnMut(u64, WorldPoint, &[u8]),
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        let from = self
            .blocks
            .partition_point(|block| block.first <= range.start)
            .saturating_sub(1);
        for block in &self.blocks[from.min(self.blocks.len())..] {
            if block.first >= range.end {
                break;
            }
            bytes.clear();
            self.read(block, &mut bytes)?;
            let mut rest = &bytes[..];
            let mut place = block.first;
            while let Some((at, row)) = take_row(&mut rest) {
                if range.contains(&place) {
                    each(place, at, row);
                }
                place += 1;
            }
        }
        Ok(())
    }

    /// Reads the rows of a range of which `keep` is true.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a chunk is bounded by the work of a task, far below 4 GB"
    )]
    pub(crate) fn load(
        &self,
        range: Range<u64>,
        pool: &TextPool,
        chunk: &mut Chunk,
        mut keep: impl FnMut(u64) -> bool,
    ) -> io::Result<()> {
        chunk.bytes.clear();
        chunk.rows.clear();
        chunk.places.clear();
        let mut own = self.in_rows.then(|| {
            let mut own = chunk.own.take().unwrap_or_default();
            own.clear();
            own
        });
        self.walk(range, |place, at, rest| {
            if keep(place) {
                let start = chunk.bytes.len() as u32;
                if let Some(own) = &mut own {
                    let number =
                        |text: &str| pool.find(text).unwrap_or_else(|| OWN | own.number(text));
                    write_numbered(rest, number, &mut chunk.bytes);
                } else {
                    chunk.bytes.extend_from_slice(rest);
                }
                chunk.rows.push((at, start, chunk.bytes.len() as u32));
                chunk.places.push(place);
            }
        })?;
        chunk.own = own;
        Ok(())
    }

    /// How many rows have a smaller key.
    pub(crate) fn rows_before(&self, key: u64) -> io::Result<u64> {
        let after = self.blocks.partition_point(|block| block.key < key);
        let Some(before) = after.checked_sub(1) else {
            return Ok(0);
        };
        let block = &self.blocks[before];
        let end = block.first + block.rows();
        let mut found = end;
        self.walk(block.first..end, |place, at, _| {
            if found == end && hilbert_key(at) >= key {
                found = place;
            }
        })?;
        Ok(found)
    }
}
