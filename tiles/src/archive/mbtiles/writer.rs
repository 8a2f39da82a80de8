//! Writes an `MBTiles` file.

use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::Value;

use super::super::layout::Layout;
use super::super::spool::Runs;
use super::super::{ArchiveError, ArchiveSummary, Tileset};

/// `MPBX`, the application of an `MBTiles` file by the specification.
const APPLICATION: i64 = 0x4d50_4258;

/// Writes the tiles of `runs` into a new file, in one transaction; vector tiles are gzip.
///
/// When a tenth of the tiles or more repeat others, contents are stored once behind a view `tiles`.
pub(in super::super) fn write(
    runs: &Runs,
    tileset: &Tileset,
    path: &Path,
) -> Result<ArchiveSummary, ArchiveError> {
    let mut summary = Layout::new(runs).walk(|_| Ok(()))?;
    let (Some(first), Some(last)) = (summary.zooms.first(), summary.zooms.last()) else {
        return Err(ArchiveError::Empty);
    };
    let zooms = (first.zoom, last.zoom);
    let sql = |source| ArchiveError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let shared = summary.contents * 10 <= summary.tiles * 9;
    let mut file = Connection::open(path).map_err(sql)?;
    // Nobody sees the file before it is whole: a journal of SQLite's own would only be written twice.
    file.execute_batch(&format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = {APPLICATION};"
    ))
    .map_err(sql)?;
    let transaction = file.transaction().map_err(sql)?;
    let tables = if shared {
        "CREATE TABLE map (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_id INTEGER);
         CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB);
         CREATE VIEW tiles AS SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column,
             map.tile_row AS tile_row, images.tile_data AS tile_data
             FROM map JOIN images ON images.tile_id = map.tile_id;"
    } else {
        "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);"
    };
    transaction.execute_batch(tables).map_err(sql)?;
    transaction
        .execute_batch("CREATE TABLE metadata (name TEXT, value TEXT);")
        .map_err(sql)?;
    for (name, value) in metadata(tileset, zooms) {
        transaction
            .execute("INSERT INTO metadata VALUES (?1, ?2)", params![name, value])
            .map_err(sql)?;
    }
    {
        let one = if shared { "map" } else { "tiles" };
        let mut put = transaction
            .prepare(&format!("INSERT INTO {one} VALUES (?1, ?2, ?3, ?4)"))
            .map_err(sql)?;
        let mut put_image = if shared {
            Some(
                transaction
                    .prepare("INSERT INTO images VALUES (?1, ?2)")
                    .map_err(sql)?,
            )
        } else {
            None
        };
        let mut reader = runs.reader();
        let mut bytes = Vec::new();
        Layout::new(runs).walk(|placed| {
            let (tile, from) = (placed.tile, placed.spooled);
            let place = (tile.z(), tile.x(), tile.tms_y());
            if placed.first || !shared {
                reader.read(from.file, from.at, from.entry.length, &mut bytes)?;
            }
            let inserted = match &mut put_image {
                None => put.execute(params![place.0, place.1, place.2, bytes]),
                Some(put_image) => {
                    // Where a content would be in an archive is a number that no other has.
                    let image = placed.offset.cast_signed();
                    let stored = if placed.first {
                        put_image.execute(params![image, bytes])
                    } else {
                        Ok(0)
                    };
                    stored.and_then(|_| put.execute(params![place.0, place.1, place.2, image]))
                }
            };
            inserted.map(|_| ()).map_err(sql)
        })?;
    }
    let index = if shared {
        "CREATE UNIQUE INDEX map_index ON map (zoom_level, tile_column, tile_row);"
    } else {
        "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);"
    };
    transaction
        .execute_batch(index)
        .and_then(|()| transaction.execute_batch("CREATE UNIQUE INDEX name ON metadata (name);"))
        .and_then(|()| transaction.commit())
        .map_err(sql)?;
    file.close().map_err(|(_, source)| sql(source))?;
    let io = ArchiveError::io(path);
    let file = std::fs::File::open(path).map_err(&io)?;
    file.sync_all().map_err(&io)?;
    summary.bytes = file.metadata().map_err(&io)?.len();
    Ok(summary)
}

/// The rows of the table `metadata`, in the order of their names.
fn metadata(tileset: &Tileset, (min_zoom, max_zoom): (u8, u8)) -> Vec<(String, String)> {
    let degrees = |e7: i32| (f64::from(e7) / 1e7).to_string();
    let bounds = tileset.bounds_e7().map(degrees).join(",");
    let (centre, centre_zoom) = tileset.centre_e7(min_zoom, max_zoom);
    let [lon, lat] = centre.map(degrees);
    let mut rows = vec![
        ("bounds".to_owned(), bounds),
        ("center".to_owned(), format!("{lon},{lat},{centre_zoom}")),
        ("maxzoom".to_owned(), max_zoom.to_string()),
        ("minzoom".to_owned(), min_zoom.to_string()),
    ];
    let mut of_layers = serde_json::Map::new();
    for (name, value) in tileset.to_json() {
        match value {
            // What is not text goes where the specification wants vector_layers.
            Value::String(text) => rows.push((name, text)),
            other => {
                of_layers.insert(name, other);
            }
        }
    }
    if !of_layers.is_empty() {
        rows.push(("json".to_owned(), Value::from(of_layers).to_string()));
    }
    rows.sort();
    rows
}
