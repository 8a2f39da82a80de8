//! Writes a folder.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::layout::Layout;
use super::super::spool::Runs;
use super::super::tileset::sorted;
use super::super::{ArchiveError, ArchiveSummary, MOST_TILE_BYTES, Tileset, gzip};
use super::METADATA;

/// Writes the tiles of `runs` into a new folder, unpacked: any web server can give them out as they are.
///
/// The files are not synced one by one, which would take longer than to make them: a power cut at once after may lose some.
pub(in super::super) fn write(
    runs: &Runs,
    tileset: &Tileset,
    path: &Path,
) -> Result<ArchiveSummary, ArchiveError> {
    fs::create_dir(path).map_err(ArchiveError::io(path))?;
    let mut reader = runs.reader();
    let (mut packed, mut bytes) = (Vec::new(), Vec::new());
    let mut written = 0;
    let mut column = PathBuf::new();
    let mut summary = Layout::new(runs).walk(|placed| {
        let (tile, from) = (placed.tile, placed.spooled);
        reader.read(from.file, from.at, from.entry.length, &mut packed)?;
        let plain = if gzip::is_gzip(&packed) {
            gzip::unpack(&packed, MOST_TILE_BYTES, &mut bytes)
                .map_err(|source| ArchiveError::Gzip { tile, source })?;
            &bytes
        } else {
            &packed
        };
        let folder = path.join(tile.z().to_string()).join(tile.x().to_string());
        if folder != column {
            fs::create_dir_all(&folder).map_err(ArchiveError::io(&folder))?;
            column = folder;
        }
        let file = column.join(format!("{}.{}", tile.y(), tileset.format.ending()));
        written += plain.len() as u64;
        fs::write(&file, plain).map_err(ArchiveError::io(&file))
    })?;
    let (Some(first), Some(last)) = (summary.zooms.first(), summary.zooms.last()) else {
        return Err(ArchiveError::Empty);
    };
    let text = metadata(tileset, (first.zoom, last.zoom));
    let file = path.join(METADATA);
    fs::write(&file, &text).map_err(ArchiveError::io(&file))?;
    summary.bytes = written + text.len() as u64;
    Ok(summary)
}

fn metadata(tileset: &Tileset, (min_zoom, max_zoom): (u8, u8)) -> String {
    let degrees = |e7: i32| Value::from(f64::from(e7) / 1e7);
    let (centre, centre_zoom) = tileset.centre_e7(min_zoom, max_zoom);
    let mut json = tileset.to_json();
    if !tileset.format.is_raster() {
        // GDAL reads the layers from a text inside, as MBTiles has it.
        let mut of_layers = Map::new();
        of_layers.insert("vector_layers".into(), tileset.vector_layers());
        let of_layers = Value::from(sorted(of_layers)).to_string();
        json.insert("json".into(), of_layers.into());
    }
    json.insert("tilejson".into(), "3.0.0".into());
    let tiles = format!("{{z}}/{{x}}/{{y}}.{}", tileset.format.ending());
    json.insert("tiles".into(), vec![Value::from(tiles)].into());
    json.insert("minzoom".into(), min_zoom.into());
    json.insert("maxzoom".into(), max_zoom.into());
    let bounds: Vec<Value> = tileset.bounds_e7().map(degrees).into();
    json.insert("bounds".into(), bounds.into());
    let [lon, lat] = centre.map(degrees);
    json.insert(
        "center".into(),
        vec![lon, lat, Value::from(centre_zoom)].into(),
    );
    Value::from(sorted(json)).to_string() + "\n"
}
