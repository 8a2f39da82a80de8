//! OGC `GeoPackage` (OGC 12-128r19): one features table of an `SQLite` file, opened read-only. Only plain tables
//! and their plain columns are read, so that nothing in the file is run: no views, virtual tables or
//! generated columns, no extensions, no schema of its own that is trusted.

pub(crate) mod blob;
pub(crate) mod schema;

use std::path::Path;

use gazetteer::Entry;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::intake::{Intake, Stop, Unfit};
use crate::record::Record;
use crate::{At, Column, Origin, Problem};
use schema::Layer;

/// Reads one layer: that named, or the only one.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let connection = schema::open(path)?;
    let layer = schema::layer(&connection, intake.options.layer.as_deref(), false)?;
    let mapping = &intake.options.columns;
    mapping.check(&layer.columns)?;
    let columns = mapping.resolve(&layer.columns);
    columns.need(Column::Name, &layer.columns)?;
    let file_bytes = intake.total_bytes();
    let mut statement = connection.prepare(&layer.select()).map_err(Problem::from)?;
    let mut rows = statement.query([]).map_err(Problem::from)?;
    let mut done: u64 = 0;
    let mut last = None;
    loop {
        let row = rows.next().map_err(|error| match last {
            // SQLite does not say where; the row before is the best there is.
            Some(id) => Problem::from(error).at(At::Record(Origin::Row(id))),
            None => Problem::from(error).into(),
        })?;
        let Some(row) = row else { return Ok(()) };
        done += 1;
        if let Some(part) = (file_bytes * done).checked_div(layer.rows) {
            intake.bytes.set(part.min(file_bytes));
        }
        let id: i64 = row.get(0).map_err(Problem::from)?;
        last = Some(id);
        let record = entry(row, id, &layer, &columns, intake);
        intake.take(record, Origin::Row(id))?;
    }
}

fn entry(
    row: &Row,
    id: i64,
    layer: &Layer,
    columns: &crate::columns::Columns,
    intake: &mut Intake,
) -> Result<Entry, Unfit> {
    let shape = match row.get_ref(1).map_err(Problem::from)? {
        ValueRef::Null => None,
        ValueRef::Blob(bytes) => blob::geometry(bytes, layer.srs_id)?,
        other => {
            return Err(Problem::damaged(
                format!("column {}", layer.geometry),
                other.data_type().to_string(),
                "a geometry blob",
            )
            .into());
        }
    };
    let mut values = Vec::with_capacity(layer.columns.len());
    for (index, column) in layer.columns.iter().enumerate() {
        values.push(text(
            row.get_ref(index + 2).map_err(Problem::from)?,
            column,
        )?);
    }
    let record = Record {
        columns,
        values: &values,
        shape,
        id: format!("{}-{id}", layer.table),
    };
    record.entry(intake)
}

fn text(value: ValueRef, column: &str) -> Result<String, Problem> {
    Ok(match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map_err(|error| Problem::Encoding {
                place: format!("column {column}, byte {}", error.valid_up_to() + 1),
                expected: "UTF-8",
                gb18030: false,
            })?
            .to_owned(),
    })
}

#[cfg(test)]
pub(crate) mod tests;
