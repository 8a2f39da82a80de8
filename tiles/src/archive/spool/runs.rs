//! Stretches of tiles in the order of tiles, wherever they lie.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::super::ArchiveError;
use crate::TileCoord;

/// Bytes of a tile in an index.
pub(in super::super) const INDEX_BYTES: usize = 40;

/// A tile in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct IndexEntry {
    /// [`TileCoord::id`].
    pub(in super::super) id: u64,
    /// Where its bytes are, from the base of its run.
    pub(in super::super) offset: u64,
    pub(in super::super) length: u32,
    pub(in super::super) features: u32,
    /// XXH3 (128 bits) of the bytes.
    pub(in super::super) hash: u128,
}

impl IndexEntry {
    pub(in super::super) fn to_bytes(self) -> [u8; INDEX_BYTES] {
        let mut bytes = [0; INDEX_BYTES];
        bytes[..8].copy_from_slice(&self.id.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.length.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.features.to_le_bytes());
        bytes[24..].copy_from_slice(&self.hash.to_le_bytes());
        bytes
    }

    pub(in super::super) fn from_bytes(bytes: &[u8; INDEX_BYTES]) -> Self {
        let u64_at = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(eight)
        };
        let [length, features] = [16, 20].map(|at| {
            let mut four = [0; 4];
            four.copy_from_slice(&bytes[at..at + 4]);
            u32::from_le_bytes(four)
        });
        Self {
            id: u64_at(0),
            offset: u64_at(8),
            length,
            features,
            hash: u128::from(u64_at(24)) | u128::from(u64_at(32)) << 64,
        }
    }
}

/// A stretch of tiles of one zoom: an index in one file, bytes in another or the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Run {
    pub(in super::super) first: u64,
    pub(in super::super) last: u64,
    pub(in super::super) count: u64,
    /// Number of the file of the index in [`Runs`], and where it begins.
    pub(in super::super) index: (usize, u64),
    /// Number of the file of the bytes, and where offset 0 is.
    pub(in super::super) data: (usize, u64),
    /// How long the bytes go on from there.
    pub(in super::super) data_end: u64,
}

/// All tiles of an archive to be, in order.
#[derive(Debug)]
pub(in super::super) struct Runs {
    files: Vec<PathBuf>,
    runs: Vec<Run>,
}

impl Runs {
    /// Puts runs in order.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Overlap`] when two hold the same stretch.
    pub(in super::super) fn new(
        files: Vec<PathBuf>,
        mut runs: Vec<Run>,
    ) -> Result<Self, ArchiveError> {
        runs.retain(|run| run.count > 0);
        runs.sort_unstable_by_key(|run| run.first);
        for pair in runs.windows(2) {
            if pair[0].last >= pair[1].first {
                let tile = TileCoord::from_id(pair[1].first);
                let tile =
                    tile.unwrap_or_else(|_| TileCoord::of(0, crate::WorldPoint { x: 0, y: 0 }));
                return Err(ArchiveError::Overlap { z: tile.z(), tile });
            }
        }
        Ok(Self { files, runs })
    }

    /// Walks the tiles in order.
    pub(in super::super) fn entries(&self) -> Entries<'_> {
        Entries {
            runs: self,
            run: 0,
            left: 0,
            last: None,
            index: None,
        }
    }

    /// Opens what the bytes of tiles are read from.
    pub(in super::super) fn reader(&self) -> DataReader<'_> {
        DataReader {
            runs: self,
            open: self.files.iter().map(|_| None).collect(),
        }
    }

    /// An index that says what cannot be.
    pub(in super::super) fn damaged_index(&self) -> ArchiveError {
        let file = self.runs.first().map_or(0, |run| run.index.0);
        self.damaged(file, "the index is damaged")
    }

    fn path(&self, file: usize) -> &Path {
        &self.files[file]
    }

    fn damaged(&self, file: usize, found: &'static str) -> ArchiveError {
        ArchiveError::Spool {
            path: self.files[file].clone(),
            found,
        }
    }
}

/// A tile of a walk.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Spooled {
    pub(in super::super) entry: IndexEntry,
    /// Number of the file of its bytes.
    pub(in super::super) file: usize,
    /// Where in that file.
    pub(in super::super) at: u64,
}

/// A walk over all tiles.
pub(in super::super) struct Entries<'r> {
    runs: &'r Runs,
    run: usize,
    left: u64,
    last: Option<u64>,
    index: Option<BufReader<File>>,
}

impl Entries<'_> {
    /// The next tile, or `None` at the end.
    pub(in super::super) fn next(&mut self) -> Result<Option<Spooled>, ArchiveError> {
        if self.left == 0 {
            if self.index.take().is_some() {
                self.run += 1;
            }
            let Some(run) = self.runs.runs.get(self.run) else {
                return Ok(None);
            };
            let path = self.runs.path(run.index.0);
            let open = || {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(run.index.1))?;
                Ok(BufReader::with_capacity(INDEX_BYTES * 1024, file))
            };
            self.index = Some(open().map_err(ArchiveError::io(path))?);
            self.left = run.count;
        }
        let run = self.runs.runs[self.run];
        let mut bytes = [0; INDEX_BYTES];
        if let Some(index) = &mut self.index {
            let path = self.runs.path(run.index.0);
            index
                .read_exact(&mut bytes)
                .map_err(ArchiveError::io(path))?;
        }
        self.left -= 1;
        let entry = IndexEntry::from_bytes(&bytes);
        let in_order = self.last.is_none_or(|last| last < entry.id);
        let end = entry.offset.checked_add(u64::from(entry.length));
        let in_run = run.first <= entry.id && entry.id <= run.last;
        if !in_order || !in_run || end.is_none_or(|end| end > run.data_end) {
            return Err(self.runs.damaged(run.index.0, "the index is damaged"));
        }
        self.last = Some(entry.id);
        Ok(Some(Spooled {
            entry,
            file: run.data.0,
            at: run.data.1 + entry.offset,
        }))
    }
}

/// Reads the bytes of tiles.
pub(in super::super) struct DataReader<'r> {
    runs: &'r Runs,
    open: Vec<Option<File>>,
}

impl DataReader<'_> {
    /// The file with a number, at a place.
    pub(in super::super) fn file_at(
        &mut self,
        file: usize,
        at: u64,
    ) -> Result<&mut File, ArchiveError> {
        let path = self.runs.path(file);
        let slot = &mut self.open[file];
        let open = match slot {
            Some(open) => open,
            None => slot.insert(File::open(path).map_err(ArchiveError::io(path))?),
        };
        open.seek(SeekFrom::Start(at))
            .map_err(ArchiveError::io(path))?;
        Ok(open)
    }

    /// Reads a tile into a buffer.
    pub(in super::super) fn read(
        &mut self,
        file: usize,
        at: u64,
        length: u32,
        into: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        let path = self.runs.path(file);
        let open = self.file_at(file, at)?;
        into.clear();
        // Not reserved from what the index says: a damaged one may say anything.
        let read = open.take(u64::from(length)).read_to_end(into);
        read.map_err(ArchiveError::io(path))?;
        if into.len() == length as usize {
            Ok(())
        } else {
            Err(self.runs.damaged(file, "the tiles are cut short"))
        }
    }

    /// Copies a stretch of bytes.
    pub(in super::super) fn copy(
        &mut self,
        file: usize,
        at: u64,
        length: u64,
        (to, to_path): (&mut File, &Path),
    ) -> Result<(), ArchiveError> {
        let open = self.file_at(file, at)?;
        // Between files the system copies by itself.
        let copied = std::io::copy(&mut open.take(length), to);
        if copied.map_err(ArchiveError::io(to_path))? == length {
            Ok(())
        } else {
            Err(self.runs.damaged(file, "the tiles are cut short"))
        }
    }
}
