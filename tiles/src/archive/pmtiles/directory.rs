//! Directories of `PMTiles` v3 (section 4 of the specification).

use super::super::gzip;
use super::header::{HEADER_BYTES, ROOT_END};

/// An entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Number of the (first) tile.
    pub id: u64,
    /// Where the tile is in the data, or the leaf among the leaves.
    pub offset: u64,
    /// In bytes, never 0.
    pub length: u32,
    /// How many tiles from `id` on have these bytes; 0: the entry stands for a leaf directory.
    pub run_length: u32,
}

/// Bytes that are no directory.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryError {
    /// They end too soon.
    #[error("the directory ends in its {column}")]
    Short {
        /// Which column.
        column: &'static str,
    },
    /// More entries than bytes for them.
    #[error("the directory says {count} entries and has {bytes} bytes for them")]
    Count {
        /// How many it says.
        count: u64,
        /// Bytes after that.
        bytes: usize,
    },
    /// No entries.
    #[error("the directory is empty")]
    Empty,
    /// Bytes after the last entry.
    #[error("{bytes} bytes follow the directory")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// A number that its field cannot hold, or an empty tile.
    #[error("entry {entry}: the {column} cannot be {found}")]
    Number {
        /// Which entry, from 0.
        entry: usize,
        /// Which column.
        column: &'static str,
        /// What it holds.
        found: u64,
    },
}

/// Returns the bytes of a directory, not compressed.
pub(in super::super) fn to_bytes(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 8);
    push(entries.len() as u64, &mut out);
    let mut last = 0;
    for entry in entries {
        push(entry.id - last, &mut out);
        last = entry.id;
    }
    for entry in entries {
        push(entry.run_length.into(), &mut out);
    }
    for entry in entries {
        push(entry.length.into(), &mut out);
    }
    let mut follows = None;
    for entry in entries {
        let after_the_one_before = follows == Some(entry.offset);
        push(
            if after_the_one_before {
                0
            } else {
                entry.offset + 1
            },
            &mut out,
        );
        follows = Some(entry.offset + u64::from(entry.length));
    }
    out
}

/// Reads a directory. Entries may repeat or overlap: that is for [`super::super::verify`] to see.
pub(super) fn from_bytes(mut bytes: &[u8]) -> Result<Vec<Entry>, DirectoryError> {
    let count = pull(&mut bytes, "count")?;
    if count == 0 {
        return Err(DirectoryError::Empty);
    }
    // Four numbers an entry, each of a byte at least.
    let fits = usize::try_from(count)
        .ok()
        .filter(|count| *count <= bytes.len() / 4);
    let Some(count) = fits else {
        return Err(DirectoryError::Count {
            count,
            bytes: bytes.len(),
        });
    };
    let mut entries = Vec::with_capacity(count);
    let wrong = |entry, column, found| DirectoryError::Number {
        entry,
        column,
        found,
    };
    let mut id = 0_u64;
    for number in 0..count {
        let step = pull(&mut bytes, "tile numbers")?;
        id = id
            .checked_add(step)
            .ok_or(wrong(number, "tile number", step))?;
        entries.push(Entry {
            id,
            offset: 0,
            length: 0,
            run_length: 0,
        });
    }
    for (number, entry) in entries.iter_mut().enumerate() {
        let found = pull(&mut bytes, "run lengths")?;
        entry.run_length = u32::try_from(found).map_err(|_| wrong(number, "run length", found))?;
        let last = entry.id.checked_add(found);
        last.ok_or(wrong(number, "run length", found))?;
    }
    for (number, entry) in entries.iter_mut().enumerate() {
        let found = pull(&mut bytes, "lengths")?;
        let length = u32::try_from(found).ok().filter(|length| *length > 0);
        entry.length = length.ok_or(wrong(number, "length", found))?;
    }
    let mut follows = None;
    for (number, entry) in entries.iter_mut().enumerate() {
        let found = pull(&mut bytes, "offsets")?;
        let offset = match found {
            0 => follows,
            found => Some(found - 1),
        };
        entry.offset = offset.ok_or(wrong(number, "offset", found))?;
        let end = entry.offset.checked_add(entry.length.into());
        follows = Some(end.ok_or(wrong(number, "offset", found))?);
    }
    if bytes.is_empty() {
        Ok(entries)
    } else {
        Err(DirectoryError::Trailing { bytes: bytes.len() })
    }
}

/// Entries below which a root alone is tried: beyond, readers would load too much at once.
const MOST_ENTRIES_OF_A_ROOT: usize = 16_384;

/// Returns the packed root and the packed leaves, one after another.
pub(super) fn pack(entries: &[Entry]) -> (Vec<u8>, Vec<u8>) {
    if entries.len() < MOST_ENTRIES_OF_A_ROOT {
        let root = gzip::pack(&to_bytes(entries));
        if fits(&root) {
            return (root, Vec::new());
        }
    }
    let mut of_a_leaf = (entries.len() / 3500).max(4096);
    loop {
        let (root, leaves) = with_leaves(entries, of_a_leaf);
        if fits(&root) {
            return (root, leaves);
        }
        of_a_leaf += of_a_leaf / 5;
    }
}

fn with_leaves(entries: &[Entry], of_a_leaf: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut root, mut leaves) = (Vec::new(), Vec::new());
    for chunk in entries.chunks(of_a_leaf) {
        let leaf = gzip::pack(&to_bytes(chunk));
        root.push(Entry {
            id: chunk[0].id,
            offset: leaves.len() as u64,
            // A leaf of 2³² bytes would need as many entries in memory.
            length: u32::try_from(leaf.len()).unwrap_or(u32::MAX),
            run_length: 0,
        });
        leaves.extend(leaf);
    }
    (gzip::pack(&to_bytes(&root)), leaves)
}

fn fits(root: &[u8]) -> bool {
    root.len() <= ROOT_END - HEADER_BYTES
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seven bits at a time is how a varint is written"
)]
fn push(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn pull(bytes: &mut &[u8], column: &'static str) -> Result<u64, DirectoryError> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let Some((&byte, rest)) = bytes.split_first() else {
            return Err(DirectoryError::Short { column });
        };
        *bytes = rest;
        let digit = u64::from(byte & 0x7f);
        if shift == 63 && digit > 1 {
            break;
        }
        number |= digit << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(DirectoryError::Number {
        entry: 0,
        column,
        found: u64::MAX,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests;
