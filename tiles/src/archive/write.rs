//! Writes a container.

use std::path::Path;

use super::spool::Runs;
use super::{ArchiveError, ArchiveSummary, Container, Tileset, folder, mbtiles, pmtiles};

/// Writes all tiles into a container at a path where nothing is.
pub(super) fn write(
    runs: &Runs,
    container: Container,
    tileset: &Tileset,
    path: &Path,
) -> Result<ArchiveSummary, ArchiveError> {
    match container {
        Container::Pmtiles => pmtiles::write(runs, tileset, path),
        Container::Mbtiles => mbtiles::write(runs, tileset, path),
        Container::Folder => folder::write(runs, tileset, path),
    }
}
