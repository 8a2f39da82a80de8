//! What can go wrong with an archive.

use std::io;
use std::path::{Path, PathBuf};

use super::{FormatError, GzipError, PartError};
use crate::TileCoord;
use crate::mvt::decode::DecodeError;

/// An archive that cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The system refused: no such file, no right, disk full.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path ends in no file name.
    #[error("cannot write {}: the path names no file", path.display())]
    NoFileName {
        /// The path asked for.
        path: PathBuf,
    },
    /// Something has the output's name already.
    #[error("{} exists; --force replaces it", path.display())]
    Exists {
        /// The path asked for.
        path: PathBuf,
    },
    /// Something that Yutu did not make has the name of the working folder.
    #[error("{} is no working folder of an earlier run; remove it or choose another output", path.display())]
    NotOurs {
        /// The working folder.
        path: PathBuf,
    },
    /// Another run writes the same output.
    #[error("another run is writing {}; wait for it or choose another output", path.display())]
    Busy {
        /// The working folder.
        path: PathBuf,
    },
    /// The earlier run had other input or options.
    #[error(
        "{} was begun with other input or options; run without --resume to begin anew", path.display()
    )]
    OtherRun {
        /// The working folder.
        path: PathBuf,
    },
    /// A task handed over tiles out of order, or one twice.
    #[error("tile {}/{}/{} came after one that follows it in the order of tiles", tile.z(), tile.x(), tile.y())]
    Order {
        /// The tile.
        tile: TileCoord,
    },
    /// Two tasks or parts made tiles of the same stretch.
    #[error("two stretches of zoom {z} overlap at tile {}/{}/{}", tile.z(), tile.x(), tile.y())]
    Overlap {
        /// The zoom.
        z: u8,
        /// The first tile of the later stretch.
        tile: TileCoord,
    },
    /// A tile is longer than an archive can say.
    #[error("tile {}/{}/{} has {bytes} bytes; the most is 4 294 967 295", tile.z(), tile.x(), tile.y())]
    TooLong {
        /// The tile.
        tile: TileCoord,
        /// Its length.
        bytes: usize,
    },
    /// There are no tiles: an archive without any would open and show nothing.
    #[error("no tile to write: no feature is inside the zooms and the area asked for")]
    Empty,
    /// `SQLite` refused.
    #[error("{}: {source}", path.display())]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
    /// A tile cannot be unpacked.
    #[error("tile {}/{}/{}: {source}", tile.z(), tile.x(), tile.y())]
    Gzip {
        /// The tile.
        tile: TileCoord,
        /// Why.
        source: GzipError,
    },
    /// Bytes that are not what they should be.
    #[error("{}: {source}", path.display())]
    Format {
        /// Which file or folder.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A tile cannot be decoded.
    #[error("tile {}/{}/{}: {source}", tile.z(), tile.x(), tile.y())]
    Tile {
        /// The tile.
        tile: TileCoord,
        /// Why.
        source: DecodeError,
    },
    /// Parts do not make an archive.
    #[error(transparent)]
    Part(#[from] PartError),
    /// A spool does not hold what its journal says.
    #[error("{}: {found}; run without --resume to begin anew", path.display())]
    Spool {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        found: &'static str,
    },
}

impl ArchiveError {
    /// Bytes that are not what they should be.
    pub(crate) fn format(path: &Path, source: FormatError) -> Self {
        Self::Format {
            path: path.to_owned(),
            source,
        }
    }

    /// An error of `SQLite` on a file.
    pub(crate) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        |source| Self::Sqlite {
            path: path.to_owned(),
            source,
        }
    }

    /// An error of the system on a path.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
