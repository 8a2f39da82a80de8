//! A tree in a file that is read where it lies.
//!
//! Little-endian, or rather as the machine that wrote it: another one refuses the file. Sections begin at multiples
//! of 4,096 bytes.
//!
//! | section | size of an item | content |
//! |---|---|---|
//! | header | 4,096 B | `YUTUIDX1`; 0x01020304 (u32); zeros (u32); size, time of change and checksum of the source (u64 × 3); offset and length of the ten sections below (u64 × 20); checksum of all that (u64); zeros |
//! | nodes | 24 B | boxes: six f32; as many as twice the leaves, the first unused |
//! | leaves | 768 B | x, y, z of 32 points each (f64); NaN after the last |
//! | starts | 4 B | the slot at which each leaf starts, and the end |
//! | ids | 4 B | the number of the point in each slot |
//! | positions | 16 B | longitude, latitude of each slot (f64) |
//! | masks | 8 B | the classes below each node; or none |
//! | classes | 1 B | the class of each slot; or none |
//! | ends | 8 B | where the attributes of each point end, by number |
//! | members | 1 B | the attributes as members of a JSON object |
//! | about | JSON | the source, the attributes, the classes |
//!
//! Lengths are checked against the file when it is opened, every number is clamped when it is used: a damaged file is
//! refused or gives a wrong answer, never a panic.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use gazetteer::checksum;
use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use super::tree::{PointIndex, PointTree};

const MAGIC: &[u8; 8] = b"YUTUIDX1";
const ENDIAN_MARK: u32 = 0x0102_0304;
const PAGE: usize = 4096;
const SECTIONS: usize = 10;
/// Magic, mark, zeros, three facts of the source.
const FACTS: usize = 8 + 8 + 24;
const SUMMED: usize = FACTS + SECTIONS * 16;
/// Bytes at either end of the source that its checksum is made of.
const SOURCE_ENDS: u64 = 1 << 16;
/// `about` is never longer.
const MOST_ABOUT: usize = 1 << 24;

/// Why an index cannot be written or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no index of this version, of this kind of machine, or it is damaged.
    #[error("{}: {found}; expected an index that this version of yutu wrote (YUTUIDX1): make it again with `yutu index`", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        found: &'static str,
    },
    /// The file that it was made from is another now.
    #[error("{}: {} was changed after the index was made; make it again with `yutu index`", path.display(), source_file.display())]
    Stale {
        /// The index.
        path: PathBuf,
        /// The file that it was made from.
        source_file: PathBuf,
    },
}

/// What an index says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IndexAbout {
    /// The file that it was made from, as it was named; a relative name starts at the folder of the index.
    pub source: String,
    /// The names of the attributes.
    pub columns: Vec<String>,
    /// The attribute that classes were made of; empty without.
    pub class_column: String,
    /// Its values; their place is the number of the class.
    pub classes: Vec<String>,
}

/// An index that was opened.
#[derive(Debug)]
pub struct SavedIndex {
    map: Mmap,
    sections: [Range<usize>; SECTIONS],
    about: IndexAbout,
}

/// The state of a file: length, time of change, checksum of both ends.
fn state(path: &Path) -> io::Result<[u64; 3]> {
    // What an index names may be anything; only a file is opened, since others may never answer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
    let changed = changed.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    });
    let mut ends = Vec::new();
    (&file).take(SOURCE_ENDS).read_to_end(&mut ends)?;
    let last = metadata.len().saturating_sub(SOURCE_ENDS);
    file.seek(SeekFrom::Start(last))?;
    file.take(SOURCE_ENDS).read_to_end(&mut ends)?;
    Ok([metadata.len(), changed, checksum(&ends)])
}

impl PointIndex {
    /// Writes the index, whole or not at all, with the attributes of the points: where those of each end, by number, and
    /// all of them. A file at `path` is replaced.
    ///
    /// # Errors
    /// When the source cannot be read or the index cannot be written.
    pub fn save(
        &self,
        path: &Path,
        source: &Path,
        about: &IndexAbout,
        ends: &[u64],
        members: &[u8],
    ) -> Result<(), IndexError> {
        let of = |path: &Path| {
            let path = path.to_owned();
            move |source| IndexError::Io { path, source }
        };
        let facts = state(source).map_err(of(source))?;
        self.write(path, facts, about, ends, members)
            .map_err(of(path))
    }

    fn write(
        &self,
        path: &Path,
        facts: [u64; 3],
        about: &IndexAbout,
        ends: &[u64],
        members: &[u8],
    ) -> io::Result<()> {
        let about = serde_json::to_vec(about)?;
        let sections: [&[u8]; SECTIONS] = [
            bytemuck::cast_slice(&self.nodes),
            bytemuck::cast_slice(&self.leaves),
            bytemuck::cast_slice(&self.starts),
            bytemuck::cast_slice(&self.ids),
            bytemuck::cast_slice(&self.positions),
            bytemuck::cast_slice(&self.masks),
            &self.classes,
            bytemuck::cast_slice(ends),
            members,
            &about,
        ];
        let mut header = Vec::with_capacity(PAGE);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&ENDIAN_MARK.to_ne_bytes());
        header.extend_from_slice(&[0; 4]);
        for fact in facts {
            header.extend_from_slice(&fact.to_ne_bytes());
        }
        let mut at = PAGE;
        for section in sections {
            header.extend_from_slice(&(at as u64).to_ne_bytes());
            header.extend_from_slice(&(section.len() as u64).to_ne_bytes());
            at += section.len().next_multiple_of(PAGE);
        }
        header.extend_from_slice(&checksum(&header).to_ne_bytes());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        for section in std::iter::once(&header[..]).chain(sections) {
            out.write_all(section)?;
            let rest = section.len().next_multiple_of(PAGE) - section.len();
            out.write_all(&[0; PAGE][..rest])?;
        }
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl SavedIndex {
    /// Opens an index: its header is checked and nothing else is read. When the file that it was made from is there
    /// and has another length, time or other ends than it had, the index is refused.
    ///
    /// # Errors
    /// When it cannot be read, is no index, is damaged, or its source was changed.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let io = |source| IndexError::Io {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(io)?;
        #[expect(
            unsafe_code,
            reason = "a map of a file that only this program writes, whole or not at all"
        )]
        // SAFETY: the file is written under another name and renamed, never changed in place.
        let map = unsafe { Mmap::map(&file) }.map_err(io)?;
        let (index, facts) = Self::checked(map).map_err(|found| IndexError::Damaged {
            path: path.to_owned(),
            found,
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let source_file = folder.join(&index.about.source);
        match state(&source_file) {
            Ok(now) if now != facts => Err(IndexError::Stale {
                path: path.to_owned(),
                source_file,
            }),
            // An index may be used without its source.
            _ => Ok(index),
        }
    }

    fn checked(map: Mmap) -> Result<(Self, [u64; 3]), &'static str> {
        let header = map.get(..PAGE).ok_or("too short for a header")?;
        if &header[..8] != MAGIC {
            return Err("does not begin with YUTUIDX1");
        }
        let number = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&header[at..at + 8]);
            u64::from_ne_bytes(bytes)
        };
        if header[8..12] != ENDIAN_MARK.to_ne_bytes() {
            return Err("was written by a machine with another order of bytes");
        }
        if number(SUMMED) != checksum(&header[..SUMMED]) {
            return Err("has a damaged header");
        }
        let mut sections: [Range<usize>; SECTIONS] = std::array::from_fn(|_| 0..0);
        for (number_of, section) in sections.iter_mut().enumerate() {
            let at = FACTS + number_of * 16;
            let start = usize::try_from(number(at)).ok();
            let length = usize::try_from(number(at + 8)).ok();
            let range = start.zip(length).and_then(|(start, length)| {
                let end = start.checked_add(length)?;
                (end <= map.len() && start % PAGE == 0).then_some(start..end)
            });
            *section = range.ok_or("has a section that does not fit into the file")?;
        }
        let facts = [number(16), number(24), number(32)];
        let about = map.get(sections[9].clone()).unwrap_or_default();
        if about.len() > MOST_ABOUT {
            return Err("says too much of itself");
        }
        let about = serde_json::from_slice(about).map_err(|_| "does not say what it is of")?;
        let index = Self {
            map,
            sections,
            about,
        };
        let tree = index.tree();
        let (points, leaves) = (tree.ids.len(), tree.leaves.len());
        let fits = (leaves == 0 || leaves.is_power_of_two())
            && u32::try_from(points).is_ok()
            && u32::try_from(2 * leaves).is_ok()
            && tree.nodes.len() == 2 * leaves
            && (tree.starts.len() == leaves + 1 || leaves == 0 && tree.starts.len() <= 1)
            && (leaves > 0 || points == 0)
            && tree.positions.len() == points
            && (tree.masks.is_empty() || tree.masks.len() == 2 * leaves)
            && (tree.classes.is_empty() || tree.classes.len() == points)
            && index.ends().len() == points;
        if !fits {
            return Err("has sections that do not fit together");
        }
        Ok((index, facts))
    }

    /// The items of a section; none when its length is no multiple of theirs.
    fn section<T: bytemuck::Pod>(&self, number: usize) -> &[T] {
        let bytes = self
            .map
            .get(self.sections[number].clone())
            .unwrap_or_default();
        bytemuck::try_cast_slice(bytes).unwrap_or_default()
    }

    fn ends(&self) -> &[u64] {
        self.section(7)
    }

    /// The tree to be asked.
    #[must_use]
    pub fn tree(&self) -> PointTree<'_> {
        PointTree {
            nodes: self.section(0),
            leaves: self.section(1),
            starts: self.section(2),
            ids: self.section(3),
            positions: self.section(4),
            masks: self.section(5),
            classes: self.section(6),
        }
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &IndexAbout {
        &self.about
    }

    /// The attributes of a point as the members of a JSON object, without its braces.
    #[must_use]
    pub fn members(&self, id: u32) -> &[u8] {
        let ends = self.ends();
        let id = id as usize;
        let end_of = |id: usize| usize::try_from(ends.get(id).copied().unwrap_or(0)).unwrap_or(0);
        let start = id.checked_sub(1).map_or(0, end_of);
        let members: &[u8] = self.section(8);
        members.get(start..end_of(id)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
