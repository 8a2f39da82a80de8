//! Writes a part.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use twox_hash::{XxHash3_64, XxHash3_128};

use super::super::layout::Layout;
use super::super::spool::{IndexEntry, PartOf, Runs};
use super::super::{ArchiveError, ArchiveSummary, Tileset};
use super::{About, AboutZoom, FOOTER_BYTES, MAGIC};

/// Writes the tiles of `runs` as a part into a new file.
pub(in super::super) fn write(
    runs: &Runs,
    part: &PartOf,
    tileset: &Tileset,
    path: &Path,
) -> Result<ArchiveSummary, ArchiveError> {
    let index_path = path.with_extension("index");
    let (io, index_io) = (ArchiveError::io(path), ArchiveError::io(&index_path));
    let mut out = BufWriter::new(File::create(path).map_err(&io)?);
    let index = File::options()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .open(&index_path);
    let mut index = BufWriter::new(index.map_err(&index_io)?);
    let mut hasher = XxHash3_128::new();
    let mut zooms = Vec::<AboutZoom>::new();
    let mut reader = runs.reader();
    let mut bytes = Vec::new();
    let mut summary = Layout::new(runs).walk(|placed| {
        let (tile, from) = (placed.tile, placed.spooled);
        if placed.first {
            reader.read(from.file, from.at, from.entry.length, &mut bytes)?;
            out.write_all(&bytes).map_err(&io)?;
        }
        let entry = IndexEntry {
            offset: placed.offset,
            ..from.entry
        };
        let packed = entry.to_bytes();
        hasher.write(&packed);
        index.write_all(&packed).map_err(&index_io)?;
        match zooms.last_mut().filter(|zoom| zoom.zoom == tile.z()) {
            Some(zoom) => {
                zoom.last = entry.id;
                zoom.count += 1;
            }
            None => zooms.push(AboutZoom {
                zoom: tile.z(),
                first: entry.id,
                last: entry.id,
                count: 1,
            }),
        }
        Ok(())
    })?;
    let about = About {
        plan: part.plan.to_string(),
        number: part.number,
        of: part.of,
        split_zoom: part.split_zoom,
        first_key: part.keys.start,
        end_key: part.keys.end,
        data_bytes: summary.bytes,
        index_hash: format!("{:032x}", hasher.finish_128()),
        zooms,
        tileset: tileset.clone(),
    };
    let about = serde_json::to_vec(&about).map_err(|error| io(error.into()))?;
    let append = || -> std::io::Result<u64> {
        let mut index = index
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        index.seek(SeekFrom::Start(0))?;
        let copied = std::io::copy(&mut index, &mut out)?;
        out.write_all(&about)?;
        out.write_all(&(about.len() as u64).to_le_bytes())?;
        out.write_all(&XxHash3_64::oneshot(&about).to_le_bytes())?;
        out.write_all(MAGIC)?;
        let file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(copied)
    };
    let index_bytes = append().map_err(&io)?;
    summary.bytes += index_bytes + (about.len() + FOOTER_BYTES) as u64;
    Ok(summary)
}
