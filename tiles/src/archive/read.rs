//! Reads any container.

use std::path::{Path, PathBuf};

use super::pmtiles::{Compression, DirectoryError, HeaderError};
use super::{
    ArchiveError, Container, GzipError, MOST_TILE_BYTES, Tileset, folder, gzip, mbtiles, pmtiles,
};
use crate::TileCoord;

/// Bytes that are not what they should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The header of a `PMTiles` archive.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The root directory must be in the first 16 KiB.
    #[error("the root directory ends after byte 16384")]
    RootEnd,
    /// A section or a directory goes on after the end of the file.
    #[error("{length} bytes at {offset} lie beyond the {size} of the file; it was cut short")]
    Beyond {
        /// Where they begin.
        offset: u64,
        /// How many they are.
        length: u64,
        /// Size of the file.
        size: u64,
    },
    /// A directory.
    #[error("directory at byte {offset}: {source}")]
    Directory {
        /// Where it is in the file.
        offset: u64,
        /// What is wrong.
        source: DirectoryError,
    },
    /// Directory or metadata that cannot be unpacked.
    #[error("{what}: {source}")]
    Gzip {
        /// Which.
        what: &'static str,
        /// Why.
        source: GzipError,
    },
    /// A compression that is not read.
    #[error("the {what} is compressed by {found:?}; gzip and none are read")]
    Compression {
        /// Of what.
        what: &'static str,
        /// Which.
        found: Compression,
    },
    /// Tiles that are no vector tiles.
    #[error("tiles of type {found}; vector tiles are 1")]
    TileType {
        /// Which.
        found: u8,
    },
    /// A directory or metadata that are longer than any should be.
    #[error("{what} of {bytes} bytes")]
    TooLong {
        /// Which.
        what: &'static str,
        /// How long.
        bytes: u64,
    },
    /// Metadata that are no JSON object.
    #[error("metadata: {0}")]
    Metadata(serde_json::Error),
    /// A leaf directory outside their section.
    #[error("the leaf directory of tile number {id} lies outside the leaves")]
    LeafOutside {
        /// Its first tile.
        id: u64,
    },
    /// A tile outside the data.
    #[error("tile number {id} lies outside the data")]
    TileOutside {
        /// Its number.
        id: u64,
    },
    /// Entries whose tile numbers do not grow, or that overlap.
    #[error("tile number {id} comes twice, or after a larger one")]
    Order {
        /// Which.
        id: u64,
    },
    /// A tile number that no zoom has.
    #[error("tile number {id} is beyond the deepest zoom, {}", crate::MAX_ZOOM)]
    TileNumber {
        /// Which.
        id: u64,
    },
    /// Directories in directories without end.
    #[error("more than four levels of directories")]
    Levels,
    /// A row of an `MBTiles` file that is no tile.
    #[error("row {row} of `tiles`: {found}")]
    Row {
        /// Which, from 1.
        row: u64,
        /// What is wrong.
        found: &'static str,
    },
    /// A file in a folder of tiles that is none.
    #[error("{} is no tile of the form z/x/y.pbf", path.display())]
    FileName {
        /// Which.
        path: PathBuf,
    },
}

/// What an archive says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Described {
    pub(crate) tileset: Tileset,
    pub(crate) min_zoom: Option<u8>,
    pub(crate) max_zoom: Option<u8>,
    pub(crate) bounds_e7: Option<[i32; 4]>,
}

/// Tiles that follow each other and have the same bytes; in most containers one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Number of the first.
    pub(crate) id: u64,
    /// How many, at least 1.
    pub(crate) run_length: u32,
    /// Where the bytes are in the data; 0 but for `PMTiles`.
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

/// An archive of any container, open.
#[derive(Debug)]
pub(crate) enum Archive {
    Pmtiles(pmtiles::Reader),
    Mbtiles(mbtiles::Reader),
    Folder(folder::Reader),
}

/// A walk over an archive.
#[derive(Debug)]
pub(crate) enum Cursor {
    Pmtiles(pmtiles::Cursor),
    /// Tiles in order, and how far.
    Listed(Vec<(u64, u32)>, usize),
}

impl Archive {
    /// Opens a file by its first bytes, or a folder.
    pub(crate) fn open(path: &Path) -> Result<Self, ArchiveError> {
        if path.is_dir() {
            return folder::Reader::open(path).map(Self::Folder);
        }
        if mbtiles::is_sqlite(path)? {
            return mbtiles::Reader::open(path).map(Self::Mbtiles);
        }
        pmtiles::Reader::open(path).map(Self::Pmtiles)
    }

    /// Opens an archive whose tiles can be read: vector tiles, packed by gzip or not at all.
    pub(crate) fn open_vector(path: &Path) -> Result<Self, ArchiveError> {
        let archive = Self::open(path)?;
        if let Self::Pmtiles(reader) = &archive {
            let header = reader.header();
            if header.tile_type != pmtiles::TILE_TYPE_MVT {
                return Err(archive.wrong(FormatError::TileType {
                    found: header.tile_type,
                }));
            }
            let found = header.tile_compression;
            if matches!(found, Compression::Brotli | Compression::Zstd) {
                let what = "tile data";
                return Err(archive.wrong(FormatError::Compression { what, found }));
            }
        }
        Ok(archive)
    }

    pub(crate) fn container(&self) -> Container {
        match self {
            Self::Pmtiles(_) => Container::Pmtiles,
            Self::Mbtiles(_) => Container::Mbtiles,
            Self::Folder(_) => Container::Folder,
        }
    }

    pub(crate) fn describe(&mut self) -> Result<Described, ArchiveError> {
        match self {
            Self::Pmtiles(reader) => reader.describe(),
            Self::Mbtiles(reader) => reader.describe(),
            Self::Folder(reader) => reader.describe(),
        }
    }

    /// Begins a walk in the order of tiles.
    pub(crate) fn cursor(&mut self) -> Result<Cursor, ArchiveError> {
        let mut listed = match self {
            Self::Pmtiles(_) => return Ok(Cursor::Pmtiles(<_>::default())),
            Self::Mbtiles(reader) => reader.list()?,
            Self::Folder(reader) => reader.list()?,
        };
        listed.sort_unstable();
        Ok(Cursor::Listed(listed, 0))
    }

    /// The next tiles of a walk.
    pub(crate) fn next(&mut self, cursor: &mut Cursor) -> Result<Option<Stored>, ArchiveError> {
        let (listed, at) = match (&mut *self, cursor) {
            (Self::Pmtiles(reader), Cursor::Pmtiles(cursor)) => return reader.next(cursor),
            (_, Cursor::Listed(listed, at)) => (listed, at),
            _ => return Ok(None),
        };
        let Some((id, length)) = listed.get(*at).copied() else {
            return Ok(None);
        };
        if *at > 0 && listed[*at - 1].0 == id {
            return Err(self.wrong(FormatError::Order { id }));
        }
        *at += 1;
        Ok(Some(Stored {
            id,
            run_length: 1,
            offset: 0,
            length,
        }))
    }

    pub(crate) fn wrong(&self, source: FormatError) -> ArchiveError {
        ArchiveError::format(self.path(), source)
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Pmtiles(reader) => reader.path(),
            Self::Mbtiles(reader) => reader.path(),
            Self::Folder(reader) => reader.path(),
        }
    }

    /// Reads the bytes of tiles as they are stored.
    pub(crate) fn read(&mut self, stored: &Stored, into: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let tile = || TileCoord::from_id(stored.id);
        let no_tile = || FormatError::TileNumber { id: stored.id };
        match self {
            Self::Pmtiles(reader) => return reader.read(stored, into),
            Self::Mbtiles(reader) => {
                if let Ok(tile) = tile() {
                    return reader.read(tile, into);
                }
            }
            Self::Folder(reader) => {
                if let Ok(tile) = tile() {
                    return reader.read(tile, into);
                }
            }
        }
        Err(self.wrong(no_tile()))
    }

    /// The bytes of a tile as they are stored, `None` when it is not there.
    pub(crate) fn tile(&mut self, tile: TileCoord) -> Result<Option<Vec<u8>>, ArchiveError> {
        let mut bytes = Vec::new();
        let is_there = match self {
            Self::Pmtiles(reader) => match reader.find(tile.id())? {
                Some(stored) => reader.read(&stored, &mut bytes).map(|()| true),
                None => Ok(false),
            },
            Self::Mbtiles(reader) => reader.tile(tile, &mut bytes),
            Self::Folder(reader) => reader.tile(tile, &mut bytes),
        }?;
        Ok(is_there.then_some(bytes))
    }
}

/// The plain bytes of a tile that may be packed.
pub(crate) fn plain<'b>(
    stored: &'b [u8],
    unpacked: &'b mut Vec<u8>,
) -> Result<&'b [u8], GzipError> {
    if gzip::is_gzip(stored) {
        gzip::unpack(stored, MOST_TILE_BYTES, unpacked)?;
        Ok(unpacked)
    } else {
        Ok(stored)
    }
}
