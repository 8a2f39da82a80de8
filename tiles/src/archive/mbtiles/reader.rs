//! Reads an `MBTiles` file.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde_json::{Map, Value};

use super::super::read::{Described, FormatError};
use super::super::{ArchiveError, Check, Findings, MOST_TILE_BYTES, Tileset};
use crate::{MAX_ZOOM, TileCoord};

/// Whether a file begins as those of `SQLite` do.
pub(in super::super) fn is_sqlite(path: &Path) -> Result<bool, ArchiveError> {
    let file = File::open(path).map_err(ArchiveError::io(path))?;
    let mut head = Vec::new();
    let read = file.take(16).read_to_end(&mut head);
    read.map_err(ArchiveError::io(path))?;
    Ok(head == *b"SQLite format 3\0")
}

/// An archive, open to be read.
#[derive(Debug)]
pub(crate) struct Reader {
    path: PathBuf,
    file: Connection,
}

impl Reader {
    pub(in super::super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let file = Connection::open_with_flags(path, flags)?;
            let most = i32::try_from(MOST_TILE_BYTES).unwrap_or(i32::MAX);
            file.set_limit(Limit::SQLITE_LIMIT_LENGTH, most)?;
            // The schema comes from outside: it may call no function that does more than compute.
            file.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
            Ok(file)
        };
        let file = open().map_err(ArchiveError::sqlite(path))?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    /// The rows of the table `metadata`.
    pub(in super::super) fn metadata(&self) -> Result<Map<String, Value>, ArchiveError> {
        let read = || -> rusqlite::Result<_> {
            let mut query = self.file.prepare("SELECT name, value FROM metadata")?;
            let mut rows = query.query([])?;
            let mut json = Map::new();
            while let Some(row) = rows.next()? {
                let text = |column| -> rusqlite::Result<String> {
                    Ok(match row.get_ref(column)? {
                        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                        ValueRef::Integer(number) => number.to_string(),
                        ValueRef::Real(number) => number.to_string(),
                        ValueRef::Null | ValueRef::Blob(_) => String::new(),
                    })
                };
                json.insert(text(0)?, text(1)?.into());
            }
            Ok(json)
        };
        let mut json = read().map_err(ArchiveError::sqlite(&self.path))?;
        if let Some(Value::String(inside)) = json.remove("json") {
            let inside: Map<String, Value> = serde_json::from_str(&inside).map_err(|source| {
                ArchiveError::format(&self.path, FormatError::Metadata(source))
            })?;
            json.extend(inside);
        }
        Ok(json)
    }

    pub(in super::super) fn describe(&self) -> Result<Described, ArchiveError> {
        Ok(Described::from_texts(&self.metadata()?))
    }

    /// Numbers and lengths of all tiles.
    pub(in super::super) fn list(&self) -> Result<Vec<(u64, u32)>, ArchiveError> {
        let sql = ArchiveError::sqlite(&self.path);
        let mut query = self
            .file
            .prepare("SELECT zoom_level, tile_column, tile_row, length(tile_data) FROM tiles")
            .map_err(&sql)?;
        let mut rows = query.query([]).map_err(&sql)?;
        let mut listed = Vec::new();
        while let Some(row) = rows.next().map_err(&sql)? {
            let number = |column| match row.get_ref(column) {
                Ok(ValueRef::Integer(number)) => u32::try_from(number).ok(),
                _ => None,
            };
            let tile = || {
                let z = u8::try_from(number(0)?).ok().filter(|z| *z <= MAX_ZOOM)?;
                let tms_y = number(2)?;
                let y = ((1_u32 << z) - 1).checked_sub(tms_y)?;
                TileCoord::new(z, number(1)?, y).ok()
            };
            let wrong = |found| {
                let row = listed.len() as u64 + 1;
                ArchiveError::format(&self.path, FormatError::Row { row, found })
            };
            let tile = tile().ok_or_else(|| wrong("zoom, column and row are no tile"))?;
            let length = number(3).ok_or_else(|| wrong("no bytes"))?;
            listed.push((tile.id(), length));
        }
        Ok(listed)
    }

    pub(in super::super) fn tile(
        &self,
        tile: TileCoord,
        into: &mut Vec<u8>,
    ) -> Result<bool, ArchiveError> {
        into.clear();
        let mut read = || {
            let mut query = self.file.prepare_cached(
                "SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3",
            )?;
            query
                .query_row(params![tile.z(), tile.x(), tile.tms_y()], |row| {
                    if let ValueRef::Blob(bytes) = row.get_ref(0)? {
                        into.extend_from_slice(bytes);
                    }
                    Ok(())
                })
                .optional()
        };
        let row = read().map_err(ArchiveError::sqlite(&self.path))?;
        Ok(row.is_some())
    }

    pub(in super::super) fn read(
        &self,
        tile: TileCoord,
        into: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        self.tile(tile, into).map(|_| ())
    }
}

/// Rows of the metadata that must be there (section "Content" of the specification).
const REQUIRED: [&str; 2] = ["name", "format"];

impl Reader {
    /// Checks what only this container has.
    pub(in super::super) fn check(&self, findings: &mut Findings) {
        let rows = || -> rusqlite::Result<Vec<(String, String)>> {
            let mut query = self.file.prepare("SELECT name, value FROM metadata")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        match rows() {
            Err(error) => findings.error(Check::Metadata, None, error.to_string()),
            Ok(rows) => {
                for name in REQUIRED {
                    if !rows.iter().any(|(row, _)| row == name) {
                        findings.error(Check::Metadata, None, format!("no row `{name}`"));
                    }
                }
                let format = rows.iter().find(|(name, _)| name == "format");
                if let Some((_, format)) = format
                    && format != "pbf"
                {
                    let found = format!("format `{format}`; vector tiles are pbf");
                    findings.error(Check::Metadata, None, found);
                }
            }
        }
        // By the table's own name or, behind a view, that of the table of places.
        let indexed = self.file.query_row(
            "SELECT count(*) FROM sqlite_master, pragma_index_list(sqlite_master.name) AS listed
             WHERE sqlite_master.type = 'table' AND sqlite_master.name IN ('tiles', 'map') AND listed.\"unique\"",
            [],
            |row| row.get::<_, i64>(0),
        );
        if !matches!(indexed, Ok(1..)) {
            let found =
                "no unique index of zoom, column and row: tiles are found slowly".to_owned();
            findings.warning(Check::Directories, None, found);
        }
    }
}

impl Described {
    /// What the texts of `MBTiles` metadata say.
    pub(in super::super) fn from_texts(json: &Map<String, Value>) -> Self {
        let numbers = |name: &str| -> Vec<f64> {
            match json.get(name) {
                Some(Value::String(text)) => text
                    .split(',')
                    .filter_map(|number| number.trim().parse().ok())
                    .filter(|number: &f64| number.is_finite())
                    .collect(),
                Some(Value::Array(numbers)) => numbers.iter().filter_map(Value::as_f64).collect(),
                Some(Value::Number(number)) => number.as_f64().into_iter().collect(),
                _ => Vec::new(),
            }
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "kept when it is a whole number of that range"
        )]
        let zoom = |number: f64| {
            let zoom = number as u8;
            (f64::from(zoom).to_bits() == number.to_bits()).then_some(zoom)
        };
        let one = |name| match numbers(name)[..] {
            [number] => zoom(number),
            _ => None,
        };
        let bounds = <[f64; 4]>::try_from(numbers("bounds")).ok();
        let tileset = Tileset {
            bounds: bounds.unwrap_or([-180.0, -85.0, 180.0, 85.0]),
            centre: match numbers("center")[..] {
                [lon, lat, of] => zoom(of).map(|zoom| (lon, lat, zoom)),
                _ => None,
            },
            ..Tileset::from_json(json)
        };
        Self {
            min_zoom: one("minzoom"),
            max_zoom: one("maxzoom"),
            bounds_e7: bounds.map(|_| tileset.bounds_e7()),
            tileset,
        }
    }
}
