//! Writes an archive in two passes over the index: where everything goes, then the bytes.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::super::layout::{Layout, Placed};
use super::super::spool::Runs;
use super::super::{ArchiveError, ArchiveSummary, TileFormat, Tileset, gzip};
use super::directory::{self, Entry};
use super::header::{
    Compression, HEADER_BYTES, Header, Section, TILE_TYPE_MVT, TILE_TYPE_PNG, TILE_TYPE_WEBP,
};

/// Bytes that go from a spool into the data as they are.
#[derive(Debug, Clone, Copy)]
struct Span {
    file: usize,
    at: u64,
    length: u64,
}

/// Writes the tiles of `runs` into a new file; vector tiles are gzip.
pub(in super::super) fn write(
    runs: &Runs,
    tileset: &Tileset,
    path: &Path,
) -> Result<ArchiveSummary, ArchiveError> {
    let (mut entries, mut spans) = (Vec::<Entry>::new(), Vec::<Span>::new());
    let mut summary = Layout::new(runs).walk(|placed| {
        add_entry(&mut entries, &placed);
        if placed.first {
            add_span(&mut spans, &placed);
        }
        Ok(())
    })?;
    let (Some(first), Some(last)) = (summary.zooms.first(), summary.zooms.last()) else {
        return Err(ArchiveError::Empty);
    };
    let (min_zoom, max_zoom) = (first.zoom, last.zoom);
    let (root, leaves) = directory::pack(&entries);
    let metadata = serde_json::Value::from(tileset.to_json()).to_string();
    let metadata = gzip::pack(metadata.as_bytes());
    let mut end = HEADER_BYTES as u64;
    let mut section = |length: u64| {
        let section = Section {
            offset: end,
            length,
        };
        end += length;
        section
    };
    let (centre_e7, centre_zoom) = tileset.centre_e7(min_zoom, max_zoom);
    let header = Header {
        root: section(root.len() as u64),
        metadata: section(metadata.len() as u64),
        leaves: section(leaves.len() as u64),
        data: section(summary.bytes),
        addressed: summary.tiles,
        entries: entries.len() as u64,
        contents: summary.contents,
        clustered: true,
        internal_compression: Compression::Gzip,
        tile_compression: if tileset.format.is_raster() {
            Compression::None
        } else {
            Compression::Gzip
        },
        tile_type: match tileset.format {
            TileFormat::Mvt => TILE_TYPE_MVT,
            TileFormat::Png => TILE_TYPE_PNG,
            TileFormat::Webp => TILE_TYPE_WEBP,
        },
        min_zoom,
        max_zoom,
        bounds_e7: tileset.bounds_e7(),
        centre_zoom,
        centre_e7,
    };
    let io = ArchiveError::io(path);
    let mut file = File::create(path).map_err(&io)?;
    let head = [&header.to_bytes()[..], &root, &metadata, &leaves].concat();
    file.write_all(&head).map_err(&io)?;
    let mut reader = runs.reader();
    for span in spans {
        reader.copy(span.file, span.at, span.length, (&mut file, path))?;
    }
    file.sync_all().map_err(&io)?;
    summary.bytes = end;
    Ok(summary)
}

/// Equal tiles that follow each other share an entry.
fn add_entry(entries: &mut Vec<Entry>, placed: &Placed) {
    let id = placed.tile.id();
    if let Some(last) = entries.last_mut()
        && last.offset == placed.offset
        && last.id + u64::from(last.run_length) == id
        && last.run_length < u32::MAX
    {
        last.run_length += 1;
        return;
    }
    entries.push(Entry {
        id,
        offset: placed.offset,
        length: placed.spooled.entry.length,
        run_length: 1,
    });
}

/// Bytes that follow each other in a spool are copied at once.
fn add_span(spans: &mut Vec<Span>, placed: &Placed) {
    let length = u64::from(placed.spooled.entry.length);
    let (file, at) = (placed.spooled.file, placed.spooled.at);
    if let Some(last) = spans.last_mut()
        && last.file == file
        && last.at + last.length == at
    {
        last.length += length;
        return;
    }
    spans.push(Span { file, at, length });
}
