//! Reads an archive.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::read::{Described, FormatError, Stored};
use super::super::{ArchiveError, Tileset, gzip};
use super::directory::{self, Entry};
use super::header::{Compression, HEADER_BYTES, Header, ROOT_END, Section};
use crate::TileCoord;

/// Levels of directories, the root one of them.
const MOST_LEVELS: usize = 4;
/// Longest directory and metadata that are read, in bytes, unpacked.
const MOST_BYTES: usize = 1 << 27;

/// An archive, open.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    file: File,
    size: u64,
    header: Header,
    root: Vec<Entry>,
}

/// A walk over the entries that stand for tiles.
#[derive(Debug, Default)]
pub(in super::super) struct Cursor {
    /// Directories that are being read, and how far.
    levels: Vec<(Vec<Entry>, usize)>,
    begun: bool,
    /// The number after the last tile that was seen.
    next: u64,
}

impl Reader {
    /// Opens an archive: its header and its root directory.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`], [`ArchiveError::Format`] when it is none or is damaged there.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let io = ArchiveError::io(path);
        let mut file = File::open(path).map_err(&io)?;
        let size = file.metadata().map_err(&io)?.len();
        let mut head = Vec::new();
        let read = (&mut file).take(HEADER_BYTES as u64).read_to_end(&mut head);
        read.map_err(&io)?;
        let header = Header::from_bytes(&head);
        let header = header.map_err(|error| ArchiveError::format(path, error.into()))?;
        let mut reader = Self {
            path: path.to_owned(),
            file,
            size,
            header,
            root: Vec::new(),
        };
        let root = header.root;
        if root.end().is_none_or(|end| end > ROOT_END as u64) {
            return Err(reader.wrong(FormatError::RootEnd));
        }
        reader.root = reader.directory(root)?;
        Ok(reader)
    }

    /// Returns the header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the size of the file, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    fn wrong(&self, source: FormatError) -> ArchiveError {
        ArchiveError::format(&self.path, source)
    }

    /// Reads a stretch of the file.
    fn section(&mut self, section: Section, into: &mut Vec<u8>) -> Result<(), ArchiveError> {
        into.clear();
        if section.end().is_none_or(|end| end > self.size) {
            return Err(self.wrong(FormatError::Beyond {
                offset: section.offset,
                length: section.length,
                size: self.size,
            }));
        }
        let mut read = || -> std::io::Result<()> {
            self.file.seek(SeekFrom::Start(section.offset))?;
            // The bytes are there: the length is no more than the file.
            into.reserve(usize::try_from(section.length).unwrap_or(0));
            (&mut self.file).take(section.length).read_to_end(into)?;
            Ok(())
        };
        read().map_err(ArchiveError::io(&self.path))
    }

    /// Reads and unpacks a directory or the metadata.
    fn unpacked(&mut self, section: Section, what: &'static str) -> Result<Vec<u8>, ArchiveError> {
        if section.length > MOST_BYTES as u64 {
            return Err(self.wrong(FormatError::TooLong {
                what,
                bytes: section.length,
            }));
        }
        let (mut packed, mut bytes) = (Vec::new(), Vec::new());
        self.section(section, &mut packed)?;
        match self.header.internal_compression {
            Compression::None => Ok(packed),
            Compression::Gzip => {
                gzip::unpack(&packed, MOST_BYTES, &mut bytes)
                    .map_err(|source| self.wrong(FormatError::Gzip { what, source }))?;
                Ok(bytes)
            }
            other => Err(self.wrong(FormatError::Compression { what, found: other })),
        }
    }

    fn directory(&mut self, section: Section) -> Result<Vec<Entry>, ArchiveError> {
        let bytes = self.unpacked(section, "directory")?;
        directory::from_bytes(&bytes).map_err(|source| {
            self.wrong(FormatError::Directory {
                offset: section.offset,
                source,
            })
        })
    }

    fn leaf(&mut self, entry: &Entry) -> Result<Vec<Entry>, ArchiveError> {
        let end = entry.offset.checked_add(entry.length.into());
        let start = self.header.leaves.offset.checked_add(entry.offset);
        match (start, end.filter(|end| *end <= self.header.leaves.length)) {
            (Some(offset), Some(_)) => self.directory(Section {
                offset,
                length: entry.length.into(),
            }),
            _ => Err(self.wrong(FormatError::LeafOutside { id: entry.id })),
        }
    }

    /// Returns what the archive says of itself.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Format`] when the metadata are damaged.
    pub(in super::super) fn describe(&mut self) -> Result<Described, ArchiveError> {
        let json = self.metadata()?;
        let degrees = |e7: i32| f64::from(e7) / 1e7;
        let header = &self.header;
        let [lon, lat] = header.centre_e7.map(degrees);
        let tileset = Tileset {
            bounds: header.bounds_e7.map(degrees),
            centre: Some((lon, lat, header.centre_zoom)),
            ..Tileset::from_json(&json)
        };
        Ok(Described {
            tileset,
            min_zoom: Some(header.min_zoom),
            max_zoom: Some(header.max_zoom),
            bounds_e7: Some(header.bounds_e7),
        })
    }

    /// Returns the metadata. None at all read as empty ones.
    pub(in super::super) fn metadata(&mut self) -> Result<Map<String, Value>, ArchiveError> {
        if self.header.metadata.length == 0 {
            return Ok(Map::new());
        }
        let bytes = self.unpacked(self.header.metadata, "metadata")?;
        serde_json::from_slice(&bytes).map_err(|source| self.wrong(FormatError::Metadata(source)))
    }

    /// The next entry that stands for tiles, in the order of tiles.
    ///
    /// Numbers must grow over all directories: so a directory that leads back into itself ends the walk.
    pub(in super::super) fn next(
        &mut self,
        cursor: &mut Cursor,
    ) -> Result<Option<Stored>, ArchiveError> {
        if !cursor.begun {
            cursor.begun = true;
            cursor.levels.push((self.root.clone(), 0));
        }
        while let Some((entries, at)) = cursor.levels.last_mut() {
            let Some(entry) = entries.get(*at).copied() else {
                cursor.levels.pop();
                continue;
            };
            *at += 1;
            if entry.id < cursor.next {
                return Err(self.wrong(FormatError::Order { id: entry.id }));
            }
            cursor.next = entry.id;
            if entry.run_length == 0 {
                if cursor.levels.len() == MOST_LEVELS {
                    return Err(self.wrong(FormatError::Levels));
                }
                let leaf = self.leaf(&entry)?;
                cursor.levels.push((leaf, 0));
                continue;
            }
            let last = entry.id + u64::from(entry.run_length) - 1;
            if TileCoord::from_id(last).is_err() {
                return Err(self.wrong(FormatError::TileNumber { id: last }));
            }
            cursor.next = last + 1;
            return Ok(Some(Stored {
                id: entry.id,
                run_length: entry.run_length,
                offset: entry.offset,
                length: entry.length,
            }));
        }
        Ok(None)
    }

    /// The entry that a tile has, if it is there.
    pub(in super::super) fn find(&mut self, id: u64) -> Result<Option<Stored>, ArchiveError> {
        let mut leaf = Vec::new();
        for level in 0..MOST_LEVELS {
            let entries = if level == 0 { &self.root } else { &leaf };
            let after = entries.partition_point(|entry| entry.id <= id);
            let Some(entry) = after.checked_sub(1).and_then(|at| entries.get(at).copied()) else {
                return Ok(None);
            };
            if entry.run_length > 0 {
                let is_of = id - entry.id < u64::from(entry.run_length);
                return Ok(is_of.then_some(Stored {
                    id: entry.id,
                    run_length: entry.run_length,
                    offset: entry.offset,
                    length: entry.length,
                }));
            }
            leaf = self.leaf(&entry)?;
        }
        Err(self.wrong(FormatError::Levels))
    }

    /// Reads the bytes of an entry as they are stored.
    pub(in super::super) fn read(
        &mut self,
        stored: &Stored,
        into: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        let data = self.header.data;
        let end = stored.offset.checked_add(stored.length.into());
        let start = data.offset.checked_add(stored.offset);
        match (start, end.filter(|end| *end <= data.length)) {
            (Some(offset), Some(_)) => self.section(
                Section {
                    offset,
                    length: stored.length.into(),
                },
                into,
            ),
            _ => Err(self.wrong(FormatError::TileOutside { id: stored.id })),
        }
    }
}
