//! Reads a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::read::{Described, FormatError};
use super::super::{ArchiveError, MOST_TILE_BYTES};
use super::METADATA;
use crate::TileCoord;

/// Longest metadata that are read, in bytes.
const MOST_METADATA_BYTES: u64 = 1 << 27;
/// Endings of tiles, ours first.
const ENDINGS: [&str; 2] = ["pbf", "mvt"];

/// A folder of tiles.
#[derive(Debug)]
pub(crate) struct Reader {
    path: PathBuf,
}

impl Reader {
    pub(in super::super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        fs::read_dir(path).map_err(ArchiveError::io(path))?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    /// What `metadata.json` says; nothing when there is none.
    pub(in super::super) fn metadata(&self) -> Result<Map<String, Value>, ArchiveError> {
        let path = self.path.join(METADATA);
        let mut text = String::new();
        match File::open(&path) {
            Ok(file) => file
                .take(MOST_METADATA_BYTES)
                .read_to_string(&mut text)
                .map_err(ArchiveError::io(&path))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
            Err(error) => return Err(ArchiveError::io(&path)(error)),
        };
        serde_json::from_str(&text)
            .map_err(|source| ArchiveError::format(&path, FormatError::Metadata(source)))
    }

    pub(in super::super) fn describe(&self) -> Result<Described, ArchiveError> {
        Ok(Described::from_texts(&self.metadata()?))
    }

    /// Numbers and lengths of all tiles. Files of other names beside the zooms are passed over, inside them they are errors.
    pub(in super::super) fn list(&self) -> Result<Vec<(u64, u32)>, ArchiveError> {
        let mut listed = Vec::new();
        for zoom in names(&self.path)? {
            let Some(z) = number(&zoom) else {
                continue;
            };
            for column in names(&zoom)? {
                let wrong = |path: &Path| {
                    let path = path.to_owned();
                    ArchiveError::format(&self.path, FormatError::FileName { path })
                };
                let x = number(&column).ok_or_else(|| wrong(&column))?;
                for row in names(&column)? {
                    let is_tile = row
                        .extension()
                        .is_some_and(|ending| ENDINGS.iter().any(|known| *known == ending));
                    let stem = row.file_stem().map(PathBuf::from);
                    let y = stem.filter(|_| is_tile).and_then(|stem| number(&stem));
                    let y = y.ok_or_else(|| wrong(&row))?;
                    let z = u8::try_from(z).map_err(|_| wrong(&zoom))?;
                    let tile = TileCoord::new(z, x, y).map_err(|_| wrong(&row))?;
                    let length = fs::metadata(&row).map_err(ArchiveError::io(&row))?.len();
                    listed.push((tile.id(), u32::try_from(length).unwrap_or(u32::MAX)));
                }
            }
        }
        Ok(listed)
    }

    pub(in super::super) fn tile(
        &self,
        tile: TileCoord,
        into: &mut Vec<u8>,
    ) -> Result<bool, ArchiveError> {
        into.clear();
        let column = self
            .path
            .join(tile.z().to_string())
            .join(tile.x().to_string());
        for ending in ENDINGS {
            let path = column.join(format!("{}.{ending}", tile.y()));
            match File::open(&path) {
                Ok(file) => {
                    let read = file.take(MOST_TILE_BYTES as u64).read_to_end(into);
                    return read.map(|_| true).map_err(ArchiveError::io(&path));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(ArchiveError::io(&path)(error)),
            }
        }
        Ok(false)
    }

    pub(in super::super) fn read(
        &self,
        tile: TileCoord,
        into: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        self.tile(tile, into).map(|_| ())
    }
}

fn names(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let io = ArchiveError::io(folder);
    let entries = fs::read_dir(folder).map_err(&io)?;
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(&io))
        .collect()
}

/// The number that a name is, written as we write it.
fn number(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let number: u32 = name.parse().ok()?;
    (number.to_string() == name).then_some(number)
}
