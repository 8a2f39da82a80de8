//! A features table of a `GeoPackage`, row by row in the order of row ids.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::batch::{CellValue, FeatureId, PlaceKind};
use super::cut::Block;
use super::drive::Blocks;
use super::options::FeatureOptions;
use super::shapes;
use super::writer::{Facts, Writer};
use crate::geometry::{unchecked, wkb};
use crate::gpkg::{blob, schema};
use crate::intake::ByteCount;
use crate::{At, InputError, Origin, Problem};

/// An opened layer.
pub(super) struct GpkgBlocks {
    connection: Connection,
    layer: schema::Layer,
    /// Whether each column holds truth values.
    booleans: Vec<bool>,
    /// The first row id not yet read; `None` after the last.
    next: Option<i64>,
    done: u64,
    block_bytes: usize,
    total_bytes: u64,
    bytes: ByteCount,
}

impl GpkgBlocks {
    /// Opens the layer named, or the only one; gives the names of all.
    pub(super) fn open(
        path: &Path,
        options: &FeatureOptions,
        total_bytes: u64,
        bytes: ByteCount,
    ) -> Result<(Self, Vec<String>), Problem> {
        let connection = schema::open(path)?;
        // One state of the file from the first to the last row, whoever writes.
        connection.execute_batch("BEGIN")?;
        let layer = schema::layer(&connection, options.layer.as_deref(), options.any_crs)?;
        let layers = schema::layers(&connection)?;
        let flags = schema::booleans(&connection, &layer.table)?;
        let booleans = layer.columns.iter().map(|c| flags.contains(c)).collect();
        let blocks = Self {
            connection,
            layer,
            booleans,
            next: Some(i64::MIN),
            done: 0,
            block_bytes: options.block_bytes,
            total_bytes,
            bytes,
        };
        Ok((blocks, layers))
    }

    pub(super) fn table(&self) -> &str {
        &self.layer.table
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.layer.columns
    }
}

impl Blocks for GpkgBlocks {
    fn next(&mut self, _: &mut Block, writer: &mut Writer) -> Result<bool, InputError> {
        let Some(from) = self.next.take() else {
            return Ok(false);
        };
        writer.batch.place_kind = PlaceKind::Row;
        let _ = writer.begin();
        let columns = &self.layer.columns;
        let keys: Vec<u32> = columns.iter().map(|name| writer.key(name)).collect();
        let sql = self.layer.select_from();
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .map_err(Problem::from)?;
        let mut rows = statement.query([from]).map_err(Problem::from)?;
        let mut last = None;
        let mut size = 0;
        while size < self.block_bytes {
            let row = rows.next().map_err(|error| match last {
                // SQLite does not say where; the row before is the best there is.
                Some(id) => Problem::from(error).at(At::Record(Origin::Row(id))),
                None => Problem::from(error).into(),
            })?;
            let Some(row) = row else {
                self.bytes.set(self.total_bytes);
                if self.done != self.layer.rows {
                    // Row ids of a damaged file repeat or are out of order.
                    return Err(Problem::damaged(
                        format!("table {}", self.layer.table),
                        format!("{} rows in the order of ids", self.done),
                        format!("{} as counted", self.layer.rows),
                    )
                    .into());
                }
                return Ok(last.is_some());
            };
            last = Some(row.get(0).map_err(Problem::from)?);
            let id: i64 = row.get(1).map_err(Problem::from)?;
            self.done += 1;
            let mark = writer.begin();
            let read = take_row(row, &self.layer, &keys, &self.booleans, writer);
            let read = read.and_then(|bytes| {
                size += bytes;
                let facts = Facts {
                    place: id,
                    id: u64::try_from(id).ok().map(FeatureId::UInt),
                    ..Facts::default()
                };
                writer.finish(&mark, facts)
            });
            if let Err(problem) = read {
                writer.reject(&mark, id, 0..0, &[], problem);
            }
        }
        if let Some(part) = (self.total_bytes * self.done).checked_div(self.layer.rows) {
            self.bytes.set(part.min(self.total_bytes));
        }
        self.next = last.and_then(|row| row.checked_add(1));
        Ok(true)
    }
}

/// Reads a row; gives about how many bytes it has.
fn take_row(
    row: &Row,
    layer: &schema::Layer,
    keys: &[u32],
    booleans: &[bool],
    writer: &mut Writer,
) -> Result<usize, Problem> {
    let mut size = 64;
    match row.get_ref(2)? {
        ValueRef::Null => {}
        ValueRef::Blob(bytes) => {
            size += bytes.len();
            if let Some(bytes) = blob::well_known(bytes, layer.srs_id)? {
                let parsed = wkb::parse_with(bytes, unchecked)?;
                writer.height = parsed.heights;
                shapes::geometry(writer, &parsed.geometry);
            }
        }
        other => {
            return Err(Problem::damaged(
                format!("column {}", layer.geometry),
                other.data_type().to_string(),
                "a geometry blob",
            ));
        }
    }
    for (column, (key, boolean)) in keys.iter().zip(booleans).enumerate() {
        let value = match row.get_ref(column + 3)? {
            ValueRef::Null => CellValue::Null,
            ValueRef::Integer(value @ (0 | 1)) if *boolean => CellValue::Bool(value == 1),
            ValueRef::Integer(value) => CellValue::Int(value),
            ValueRef::Real(value) if value.is_finite() => CellValue::Float(value),
            ValueRef::Real(found) => {
                return Err(Problem::NotFinite {
                    column: "an attribute",
                    found,
                });
            }
            ValueRef::Text(bytes) => {
                size += bytes.len();
                if let Ok(text) = std::str::from_utf8(bytes) {
                    CellValue::Text(writer.text(text))
                } else {
                    writer.batch.notes.text_dropped += 1;
                    CellValue::Null
                }
            }
            ValueRef::Blob(_) => {
                writer.batch.notes.binary_dropped += 1;
                CellValue::Null
            }
        };
        size += 24;
        writer.cell(*key, value);
    }
    Ok(size)
}
