//! Features as rows of a layer.

use input::features::{FeatureBatch, Value};
use rusqlite::types::{Null, ToSql};
use rusqlite::{Connection, Error, Statement};

use super::rtree::Entry;
use super::schema::quoted;
use crate::column::{ColumnKind, instant};
use crate::feature::features;
use crate::table::{Table, push_text};
use crate::wkb;

/// A block with its geometries encoded.
pub(crate) struct Block {
    batch: FeatureBatch,
    blobs: Vec<u8>,
    /// End of the blob of each feature, and its box.
    shapes: Vec<(u32, Option<[f64; 4]>)>,
}

impl Block {
    /// How many features it has.
    pub(crate) fn features(&self) -> u64 {
        self.shapes.len() as u64
    }
}

/// Encodes the geometries of a block, which is taken out of `batch`.
pub(crate) fn block(batch: &mut FeatureBatch, srs_id: i32, multiple: bool) -> Block {
    let mut blobs = Vec::with_capacity(batch.lonlat.len() * 16 + batch.rows.len() * 48);
    let mut shapes = Vec::with_capacity(batch.rows.len());
    for feature in features(batch) {
        let extent = feature.extent();
        if !feature.is_bare() {
            header(extent, srs_id, &mut blobs);
            wkb::push(feature, multiple, &mut blobs);
        }
        shapes.push((u32::try_from(blobs.len()).unwrap_or(u32::MAX), extent));
    }
    Block {
        batch: std::mem::take(batch),
        blobs,
        shapes,
    }
}

/// The header of a geometry (section 2.1.3): with an envelope where it is more than a point.
fn header(extent: Option<[f64; 4]>, srs_id: i32, out: &mut Vec<u8>) {
    let envelope = extent.filter(|[west, south, east, north]| west < east || south < north);
    let empty = extent.is_none();
    let flags = 1 | u8::from(envelope.is_some()) << 1 | u8::from(empty) << 4;
    out.extend_from_slice(&[b'G', b'P', 0, flags]);
    out.extend_from_slice(&srs_id.to_le_bytes());
    if let Some([west, south, east, north]) = envelope {
        for edge in [west, east, south, north] {
            out.extend_from_slice(&edge.to_le_bytes());
        }
    }
}

/// Inserts features.
pub(super) struct Inserter<'c> {
    statement: Statement<'c>,
    /// The identifiers of features are the keys.
    keyed: bool,
    /// The key of the last row.
    last: i64,
    pub(super) entries: Vec<Entry>,
    text: String,
}

impl<'c> Inserter<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        name: &str,
        columns: usize,
        keyed: bool,
    ) -> Result<Self, Error> {
        let marks = ", ?".repeat(columns + 1);
        let sql = format!("INSERT INTO {} VALUES (?{marks})", quoted(name));
        Ok(Self {
            statement: connection.prepare(&sql)?,
            keyed,
            last: 0,
            entries: Vec::new(),
            text: String::new(),
        })
    }

    /// Inserts the rows of a block.
    pub(super) fn take(
        &mut self,
        block: &Block,
        table: &Table,
        kinds: &[ColumnKind],
    ) -> Result<(), Error> {
        let map = table.map(&block.batch);
        let mut values = Vec::new();
        let mut start = 0;
        for (feature, (end, extent)) in features(&block.batch).zip(&block.shapes) {
            let key = match feature.view().id() {
                Some(input::features::Id::UInt(id)) if self.keyed => {
                    i64::try_from(id).unwrap_or(i64::MAX)
                }
                _ => self.last + 1,
            };
            self.last = key;
            let blob = &block.blobs[start..*end as usize];
            start = *end as usize;
            let statement = &mut self.statement;
            statement.raw_bind_parameter(1, key)?;
            if blob.is_empty() {
                statement.raw_bind_parameter(2, Null)?;
            } else {
                statement.raw_bind_parameter(2, blob)?;
            }
            table.row(feature, &map, &mut values);
            for (number, (value, kind)) in values.iter().zip(kinds).enumerate() {
                bind(statement, number + 3, *value, *kind, &mut self.text)?;
            }
            statement.raw_execute()?;
            if let Some(extent) = extent {
                self.entries.push(Entry::new(key, *extent));
            }
        }
        Ok(())
    }
}

fn bind(
    statement: &mut Statement<'_>,
    at: usize,
    value: Value<'_>,
    kind: ColumnKind,
    text: &mut String,
) -> Result<(), Error> {
    let mut put = |value: &dyn ToSql| statement.raw_bind_parameter(at, value);
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole numbers among these are below 2⁵³"
    )]
    match (value, kind) {
        (Value::Null, _) => put(&Null),
        (Value::Bool(value), ColumnKind::Bool) => put(&value),
        (Value::Int(value), ColumnKind::Int) => put(&value),
        (Value::Int(value), ColumnKind::Float) => put(&(value as f64)),
        (Value::Float(value), ColumnKind::Float) => put(&value),
        (Value::Text(value), ColumnKind::DateTime) => match instant(value.as_bytes()) {
            Some(_) => {
                // The one form there is: three digits behind the point.
                text.clear();
                text.push_str(&value[..value.len() - 1]);
                if value.len() == 20 {
                    text.push('.');
                }
                while text.len() < 23 {
                    text.push('0');
                }
                text.push('Z');
                put(text)
            }
            None => put(&value),
        },
        (Value::Text(value) | Value::Json(value), _) => put(&value),
        (value, _) => {
            text.clear();
            push_text(value, text);
            put(text)
        }
    }
}
