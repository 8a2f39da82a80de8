//! Where each tile's bytes go: equal tiles once, at the place of the first in order.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::ArchiveError;
use super::spool::{ArchiveSummary, DataReader, Runs, Spooled, ZoomSummary};
use crate::TileCoord;

/// A tile with its place in the archive's data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) tile: TileCoord,
    pub(super) spooled: Spooled,
    /// Where its bytes are in the data.
    pub(super) offset: u64,
    /// Whether they are its own: no tile before it has the same.
    pub(super) first: bool,
}

/// Walks all tiles in order and gives each its place.
///
/// Equal means equal bytes: the hash only says where to look.
pub(super) struct Layout<'r> {
    runs: &'r Runs,
    reader: DataReader<'r>,
    owners: HashMap<u128, Owner, BuildHasherDefault<HashItself>>,
    end: u64,
    last: Option<(Spooled, u64)>,
    buffers: (Vec<u8>, Vec<u8>),
}

#[derive(Debug, Clone, Copy)]
struct Owner {
    offset: u64,
    at: u64,
    file: u32,
    length: u32,
}

impl<'r> Layout<'r> {
    pub(super) fn new(runs: &'r Runs) -> Self {
        Self {
            runs,
            reader: runs.reader(),
            owners: HashMap::default(),
            end: 0,
            last: None,
            buffers: <_>::default(),
        }
    }

    /// Calls `each` with every tile and returns what there was. `bytes` of the summary are those of the data.
    pub(super) fn walk(
        mut self,
        mut each: impl FnMut(Placed) -> Result<(), ArchiveError>,
    ) -> Result<ArchiveSummary, ArchiveError> {
        let mut summary = ArchiveSummary::default();
        let mut entries = self.runs.entries();
        while let Some(spooled) = entries.next()? {
            let Ok(tile) = TileCoord::from_id(spooled.entry.id) else {
                return Err(self.runs.damaged_index());
            };
            let placed = self.place(tile, spooled)?;
            count(&mut summary, &placed);
            each(placed)?;
        }
        summary.bytes = self.end;
        Ok(summary)
    }

    fn place(&mut self, tile: TileCoord, spooled: Spooled) -> Result<Placed, ArchiveError> {
        let length = spooled.entry.length;
        let placed = |offset, first| Placed {
            tile,
            spooled,
            offset,
            first,
        };
        // A task stores a run of equal tiles once: no need to compare them.
        if let Some((last, offset)) = self.last
            && (last.file, last.at, last.entry.length) == (spooled.file, spooled.at, length)
        {
            return Ok(placed(offset, false));
        }
        let owner = self.owners.get(&spooled.entry.hash).copied();
        let offset = match owner {
            Some(owner) if self.equal(&owner, &spooled)? => owner.offset,
            _ => self.end,
        };
        let first = offset == self.end;
        if owner.is_none() {
            self.owners.insert(
                spooled.entry.hash,
                Owner {
                    offset,
                    at: spooled.at,
                    file: u32::try_from(spooled.file).unwrap_or(u32::MAX),
                    length,
                },
            );
        }
        if first {
            self.end += u64::from(length);
        }
        self.last = Some((spooled, offset));
        Ok(placed(offset, first))
    }

    fn equal(&mut self, owner: &Owner, spooled: &Spooled) -> Result<bool, ArchiveError> {
        if owner.length != spooled.entry.length {
            return Ok(false);
        }
        let (a, b) = &mut self.buffers;
        self.reader
            .read(owner.file as usize, owner.at, owner.length, a)?;
        self.reader
            .read(spooled.file, spooled.at, owner.length, b)?;
        Ok(a == b)
    }
}

fn count(summary: &mut ArchiveSummary, placed: &Placed) {
    let (tile, entry) = (placed.tile, placed.spooled.entry);
    summary.tiles += 1;
    summary.contents += u64::from(placed.first);
    let is_new = summary
        .zooms
        .last()
        .is_none_or(|last| last.zoom != tile.z());
    if is_new {
        summary.zooms.push(ZoomSummary {
            zoom: tile.z(),
            ..ZoomSummary::default()
        });
    }
    if let Some(zoom) = summary.zooms.last_mut() {
        zoom.tiles += 1;
        zoom.bytes += u64::from(entry.length);
        zoom.features += u64::from(entry.features);
        if entry.length > zoom.largest_bytes {
            zoom.largest_bytes = entry.length;
            zoom.largest = (tile.x(), tile.y());
        }
    }
}

/// The keys are hashes.
#[derive(Default)]
pub(super) struct HashItself(u64);

impl Hasher for HashItself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, number: u64) {
        // Offsets grow evenly, and a table looks at the highest bits first.
        self.0 ^= number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.0 ^= u64::from_le_bytes(eight);
        }
    }
}
