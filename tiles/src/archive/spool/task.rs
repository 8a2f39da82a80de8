//! The tiles of one task.

use std::hash::Hasher;

use twox_hash::{XxHash3_64, XxHash3_128};

use super::super::ArchiveError;
use super::file::Lane;
use super::journal::{Finished, Stretch};
use super::runs::IndexEntry;
use super::sink::TileSink;
use crate::{MAX_ZOOM, TileCoord};

/// Takes the tiles of one task.
///
/// Within a zoom they come in the order of [`TileCoord::id`]; zooms may alternate as they please. A task counts only once it is
/// finished: one that is dropped leaves no tile in the archive.
pub struct TaskSpool<'s> {
    sink: &'s TileSink,
    task: u64,
    lane: Option<Lane>,
    stretches: Vec<Option<Growth>>,
}

/// A zoom's stretch while it grows.
struct Growth {
    stretch: Stretch,
    /// Of the index so far.
    hasher: XxHash3_64,
    last: IndexEntry,
    last_bytes: Vec<u8>,
}

/// Longest tile that is kept to be compared with the next one.
const MOST_TO_COMPARE: usize = 1 << 16;

impl<'s> TaskSpool<'s> {
    pub(super) fn new(sink: &'s TileSink, task: u64, lane: Lane) -> Self {
        Self {
            sink,
            task,
            lane: Some(lane),
            stretches: (0..=MAX_ZOOM).map(|_| None).collect(),
        }
    }

    /// Adds a tile: its bytes as they will stand in the archive (gzip) and how many features it has. A tile without bytes is
    /// not added at all.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Order`] when it does not follow the last one of its zoom, [`ArchiveError::TooLong`] above 4 GiB, and
    /// [`ArchiveError::Io`], after which the task cannot go on.
    pub fn push(
        &mut self,
        tile: TileCoord,
        bytes: &[u8],
        features: u32,
    ) -> Result<(), ArchiveError> {
        let length = u32::try_from(bytes.len()).map_err(|_| ArchiveError::TooLong {
            tile,
            bytes: bytes.len(),
        })?;
        let Some(lane) = &mut self.lane else {
            return Ok(());
        };
        if bytes.is_empty() {
            return Ok(());
        }
        let id = tile.id();
        let files = lane.zoom(tile.z())?;
        let slot = &mut self.stretches[usize::from(tile.z())];
        if let Some(growth) = slot.as_ref()
            && growth.last.id >= id
        {
            return Err(ArchiveError::Order { tile });
        }
        let repeated = slot
            .as_ref()
            .filter(|growth| growth.last.length == length && growth.last_bytes == bytes);
        let entry = match repeated {
            Some(growth) => IndexEntry {
                id,
                features,
                ..growth.last
            },
            None => IndexEntry {
                id,
                offset: files.data.end(),
                length,
                features,
                hash: XxHash3_128::oneshot(bytes),
            },
        };
        let growth = slot.get_or_insert_with(|| Growth {
            stretch: Stretch {
                z: tile.z(),
                first: id,
                last: id,
                count: 0,
                data_start: files.data.end(),
                data_end: files.data.end(),
                index_start: files.index.end(),
                index_hash: 0,
            },
            hasher: XxHash3_64::new(),
            last: entry,
            last_bytes: Vec::new(),
        });
        if growth.stretch.count == 0 || entry.offset != growth.last.offset {
            files.data.push(bytes)?;
            growth.last_bytes.clear();
            if bytes.len() <= MOST_TO_COMPARE {
                growth.last_bytes.extend_from_slice(bytes);
            }
        }
        let packed = entry.to_bytes();
        files.index.push(&packed)?;
        growth.hasher.write(&packed);
        growth.stretch.last = id;
        growth.stretch.count += 1;
        growth.stretch.data_end = files.data.end();
        growth.last = entry;
        Ok(())
    }

    /// Ends the task. `note` is kept in the journal and comes back from [`TileSink::done`] when the run is resumed: what the
    /// caller has to know of a task that is not done again.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub fn finish(mut self, note: &[u8]) -> Result<(), ArchiveError> {
        let Some(mut lane) = self.lane.take() else {
            return Ok(());
        };
        let mut stretches = Vec::new();
        let mut touched = Vec::new();
        for growth in std::mem::take(&mut self.stretches).into_iter().flatten() {
            let files = lane.zoom(growth.stretch.z)?;
            files.data.flush()?;
            files.index.flush()?;
            touched.extend([files.data.file(), files.index.file()]);
            stretches.push(Stretch {
                index_hash: growth.hasher.finish(),
                ..growth.stretch
            });
        }
        let finished = Finished {
            task: self.task,
            lane: lane.number,
            stretches,
            note: note.to_owned(),
        };
        self.sink.give_back(lane);
        self.sink.finished(finished, touched)
    }
}

impl Drop for TaskSpool<'_> {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            self.sink.give_back(lane);
        }
    }
}
