//! Which table is read, and how the file is opened so that it cannot do anything.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::Problem;
use crate::columns::listed;

/// A features table.
pub(crate) struct Layer {
    pub(crate) table: String,
    /// The geometry column.
    pub(crate) geometry: String,
    pub(crate) srs_id: i32,
    /// The column of row ids, quoted.
    id: String,
    /// Every other plain column.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: u64,
}

impl Layer {
    /// Row id, geometry, and the columns in order.
    pub(crate) fn select(&self) -> String {
        let mut sql = format!("SELECT {}, {}", self.id, quoted(&self.geometry));
        for column in &self.columns {
            sql += ", ";
            sql += &quoted(column);
        }
        sql + " FROM " + &quoted(&self.table)
    }

    /// The same with `SQLite`'s own row id before them, from one on, in their order. The key may be another and repeat.
    pub(crate) fn select_from(&self) -> String {
        let taken = |name: &&str| !self.columns.iter().any(|c| c.eq_ignore_ascii_case(name));
        let names = ["rowid", "_rowid_", "oid"];
        let row = names.into_iter().find(taken).unwrap_or("rowid");
        let select = self
            .select()
            .replacen("SELECT ", &format!("SELECT {row}, "), 1);
        select + &format!(" WHERE {row} >= ?1 ORDER BY {row}")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Opens the file read-only. Without a write-ahead log beside it `SQLite` is told that nobody changes it, so
/// that it makes no files of its own.
pub(crate) fn open(path: &Path) -> Result<Connection, Problem> {
    let file = std::fs::File::open(path).map_err(|source| Problem::Open { source })?;
    let head = crate::source::head(file, 16)?;
    if !head.starts_with(b"SQLite format 3\0") {
        let found = if b"SQLite format 3\0".starts_with(&head) {
            return Err(Problem::truncated("the header of the SQLite file"));
        } else {
            format!("{head:02x?}")
        };
        return Err(Problem::NotThisFormat {
            expected: "GeoPackage (an SQLite file)",
            found,
        });
    }
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push('%');
            uri.extend(
                [byte >> 4, byte & 15]
                    .map(|half| char::from(b"0123456789ABCDEF"[usize::from(half)])),
            );
        }
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    uri += if Path::new(&log).exists() {
        "?mode=ro"
    } else {
        "?mode=ro&immutable=1"
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags)?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(setting, on)?;
    }
    connection
        .execute_batch("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA query_only=ON;")?;
    Ok(connection)
}

/// Finds the layer and checks its reference system.
pub(crate) fn layer(
    connection: &Connection,
    wanted: Option<&str>,
    any_crs: bool,
) -> Result<Layer, Problem> {
    for table in [
        "gpkg_contents",
        "gpkg_geometry_columns",
        "gpkg_spatial_ref_sys",
    ] {
        plain_table(connection, table)?;
    }
    let names = layers(connection)?;
    let table = match (wanted, names.as_slice()) {
        (Some(wanted), names) => names.iter().find(|name| *name == wanted).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, []) => None,
        (None, many) => {
            return Err(Problem::WhichLayer {
                present: listed(many),
            });
        }
    };
    let table = table.ok_or_else(|| Problem::NoSuchLayer {
        wanted: wanted.map_or("features table".to_owned(), |wanted| {
            format!("layer `{wanted}`")
        }),
        present: listed(&names),
    })?;
    plain_table(connection, &table)?;
    let sql = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1";
    let found = connection.query_row(sql, [&table], |row| Ok((row.get(0)?, row.get(1)?)));
    let (geometry, srs_id): (String, i32) = found.optional()?.ok_or_else(|| {
        Problem::damaged(
            "gpkg_geometry_columns",
            format!("no row for {table}"),
            "one",
        )
    })?;
    if !any_crs {
        check_srs(connection, srs_id)?;
    }
    // `hidden` is not 0 for generated columns.
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    let columns: Vec<String> = strings(connection, sql, [&table])?;
    if !columns.contains(&geometry) {
        return Err(Problem::NoSuchColumn {
            column: "geometry",
            wanted: geometry,
            present: listed(&columns),
        });
    }
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE pk = 1 AND upper(type) = 'INTEGER'";
    let key: Option<String> = strings(connection, sql, [&table])?.into_iter().next();
    let sql = format!("SELECT count(*) FROM {}", quoted(&table));
    let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(Layer {
        id: key.as_deref().map_or("rowid".to_owned(), quoted),
        columns: columns
            .into_iter()
            .filter(|c| *c != geometry && Some(c) != key.as_ref())
            .collect(),
        table,
        geometry,
        srs_id,
        rows: u64::try_from(rows).unwrap_or(0),
    })
}

/// The names of all features tables.
pub(crate) fn layers(connection: &Connection) -> Result<Vec<String>, Problem> {
    let names =
        "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name";
    strings(connection, names, [])
}

/// The columns of a table that hold truth values.
pub(crate) fn booleans(connection: &Connection, table: &str) -> Result<Vec<String>, Problem> {
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE upper(type) = 'BOOLEAN'";
    strings(connection, sql, [table])
}

fn strings(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<String>, Problem> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map(params, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Refuses views and virtual tables: reading them runs what the file says.
fn plain_table(connection: &Connection, name: &str) -> Result<(), Problem> {
    let sql = "SELECT type, sql FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')";
    let found = connection
        .query_row(sql, [name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let wrong = |found: String| {
        Err(Problem::damaged(
            format!("table {name}"),
            found,
            "a plain table",
        ))
    };
    let (kind, sql): (String, String) = match found {
        Some(found) => found,
        None if name.starts_with("gpkg_") => {
            return Err(Problem::NotThisFormat {
                expected: "GeoPackage",
                found: format!("an SQLite file without {name}"),
            });
        }
        None => return wrong("no such table".to_owned()),
    };
    let words: Vec<String> = sql
        .split_whitespace()
        .take(2)
        .map(str::to_ascii_uppercase)
        .collect();
    if kind == "table" && words == ["CREATE", "TABLE"] {
        Ok(())
    } else {
        wrong(format!(
            "a {}",
            if kind == "table" {
                "virtual table"
            } else {
                &kind
            }
        ))
    }
}

/// Accepts WGS 84, CGCS2000 and the two ids that stand for "not known".
fn check_srs(connection: &Connection, srs_id: i32) -> Result<(), Problem> {
    if [4326, 4490, 0, -1].contains(&srs_id) {
        return Ok(());
    }
    let sql = "SELECT organization, organization_coordsys_id, srs_name FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let found = connection
        .query_row(sql, [srs_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (organization, code, name): (String, i64, String) = found.unwrap_or((
        "srs_id".to_owned(),
        srs_id.into(),
        "not in the file".to_owned(),
    ));
    if organization.eq_ignore_ascii_case("EPSG") && [4326, 4490].contains(&code) {
        return Ok(());
    }
    Err(Problem::Crs {
        found: format!("{organization}:{code} ({name})"),
    })
}
