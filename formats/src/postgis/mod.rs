//! `PostGIS`, by way of `psql`: a table in a schema of its own, loaded with COPY, with spatial index and comments, in one
//! transaction. Whatever ends the load before its last line, also a kill, leaves nothing behind: only that line commits.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, Command, Stdio};

use input::features::{FeatureBatch, GeometryKind, Id, Value};

use crate::crs::CrsRecord;
use crate::feature::features;
use crate::report::Report;
use crate::survey::Survey;
use crate::table::{Table, push_text};
use crate::{ColumnKind, FormatError, GeometrySeen, wkb};

/// What is known before the first row.
pub(crate) struct Plan {
    table: Table,
    keyed: bool,
    srid: i32,
    type_name: &'static str,
    multiple: bool,
    /// Schema and table, quoted.
    name: [String; 2],
    /// Columns of geometries and keys, quoted.
    own: [String; 2],
    replace: bool,
}

/// Where a table goes.
#[derive(Debug, Clone)]
pub struct Database {
    /// `postgresql://…`, as `psql` takes it.
    pub url: String,
    /// The schema, which is made where it is not there.
    pub schema: String,
    /// Replace a table that is there.
    pub replace: bool,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', "_").replace('"', "\"\""))
}

impl Plan {
    pub(crate) fn new(
        survey: &Survey,
        layer: &str,
        database: &Database,
        crs: Option<&CrsRecord>,
        report: &mut Report,
    ) -> Self {
        let keyed = survey.ids.are_keys(survey.features);
        let mut table = Table::new(survey, !keyed, report);
        table.distinguish(&["geom", "fid"], report);
        let (type_name, multiple) = geometry_type(survey.geometry);
        Self {
            keyed,
            table,
            srid: crs.map_or(0, |crs| crs.epsg),
            type_name,
            multiple,
            name: [quoted(&database.schema), quoted(layer)],
            own: ["geom", "fid"].map(quoted),
            replace: database.replace,
        }
    }

    fn full_name(&self) -> String {
        self.name.join(".")
    }

    /// What comes before the rows. Writing into a string cannot fail, here and below.
    pub(crate) fn head(&self) -> String {
        let [schema, _] = &self.name;
        let [geometry, key] = &self.own;
        let name = self.full_name();
        let mut sql = format!("CREATE SCHEMA IF NOT EXISTS {schema};\n");
        if self.replace {
            let _ = writeln!(sql, "DROP TABLE IF EXISTS {name};");
        }
        let _ = write!(sql, "CREATE TABLE {name} ({key} bigint PRIMARY KEY");
        for (column, name) in self.table.columns.iter().zip(&self.table.names) {
            let kind = match column.kind {
                ColumnKind::Bool => "boolean",
                ColumnKind::Int => "bigint",
                ColumnKind::UInt => "numeric(20)",
                ColumnKind::Float => "double precision",
                ColumnKind::Text => "text",
                ColumnKind::Date => "date",
                ColumnKind::DateTime => "timestamp with time zone",
                ColumnKind::Json => "json",
            };
            let _ = write!(sql, ", {} {kind}", quoted(name));
        }
        let _ = write!(
            sql,
            ", {geometry} geometry({}, {}));\nCOPY {name} FROM STDIN;\n",
            self.type_name, self.srid
        );
        sql
    }

    /// What comes behind them. `from`: the file, for the comment.
    pub(crate) fn tail(&self, from: &str) -> String {
        let name = self.full_name();
        let [geometry, _] = &self.own;
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''").replace('\0', ""));
        let mut sql = format!("\\.\nCREATE INDEX ON {name} USING gist ({geometry});\n");
        let _ = writeln!(
            sql,
            "COMMENT ON TABLE {name} IS {};",
            literal(&format!("yutu convert {from}"))
        );
        for (column, written) in self.table.columns.iter().zip(&self.table.names) {
            let comment = match (&column.title, column.name == *written) {
                (Some(title), _) => title,
                (None, false) => &column.name,
                (None, true) => continue,
            };
            let column = quoted(written);
            let _ = writeln!(
                sql,
                "COMMENT ON COLUMN {name}.{column} IS {};",
                literal(comment)
            );
        }
        let _ = writeln!(sql, "ANALYZE {name};");
        sql
    }

    /// The rows of a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> Block {
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut text = String::new();
        let mut shape = Vec::new();
        let mut block = Block::default();
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            let mut row = String::with_capacity(256);
            for value in &values {
                row.push('\t');
                match value {
                    Value::Null => row.push_str("\\N"),
                    value => {
                        text.clear();
                        push_text(*value, &mut text);
                        escape(&text, &mut row);
                    }
                }
            }
            row.push('\t');
            if feature.is_bare() {
                row.push_str("\\N");
            } else {
                shape.clear();
                wkb::push(feature, self.multiple, &mut shape);
                hexadecimal(&shape, &mut row);
            }
            row.push('\n');
            let key = match feature.view().id() {
                Some(Id::UInt(id)) if self.keyed => Some(id),
                _ => None,
            };
            block.rows.push((key, row));
        }
        block
    }
}

/// Rows without their keys.
#[derive(Debug, Default)]
pub(crate) struct Block {
    rows: Vec<(Option<u64>, String)>,
}

impl Block {
    /// How many there are.
    pub(crate) fn features(&self) -> u64 {
        self.rows.len() as u64
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // The one character that its text cannot have.
            '\0' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}

fn hexadecimal(bytes: &[u8], out: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

fn geometry_type(seen: GeometrySeen) -> (&'static str, bool) {
    match (seen.only(), seen.multiple) {
        (Some(GeometryKind::Point), false) => ("Point", false),
        (Some(GeometryKind::Point), true) => ("MultiPoint", true),
        (Some(GeometryKind::Line), false) => ("LineString", false),
        (Some(GeometryKind::Line), true) => ("MultiLineString", true),
        (Some(GeometryKind::Polygon), false) => ("Polygon", false),
        (Some(GeometryKind::Polygon), true) => ("MultiPolygon", true),
        _ => ("Geometry", false),
    }
}

/// A running `psql`. Dropped before [`Self::finish`], it ends without a commit.
pub(crate) struct Session {
    child: Child,
    input: Option<BufWriter<std::process::ChildStdin>>,
    /// What it says, read on a thread of its own so that it never waits to be heard.
    said: Option<std::thread::JoinHandle<String>>,
    next: u64,
}

impl Session {
    pub(crate) fn open(database: &Database) -> Result<Self, FormatError> {
        let mut child = Command::new("psql")
            .args([
                "--no-psqlrc",
                "--quiet",
                "--no-password",
                "--set",
                "ON_ERROR_STOP=1",
                "--dbname",
            ])
            .arg(&database.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| FormatError::Psql {
                said: format!("cannot start psql: {source}; install the client of PostgreSQL"),
            })?;
        let input = child
            .stdin
            .take()
            .map(|input| BufWriter::with_capacity(1 << 18, input));
        let said = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut said = String::new();
                // What is no text is not worth telling.
                let _ = stderr.read_to_string(&mut said);
                said
            })
        });
        let mut session = Self {
            child,
            input,
            said,
            next: 1,
        };
        session
            .send("SET client_encoding = 'UTF8';\nSET client_min_messages = warning;\nBEGIN;\n")?;
        Ok(session)
    }

    /// Sends text; an error of the database is told in its own words.
    pub(crate) fn send(&mut self, text: &str) -> Result<(), FormatError> {
        let sent = match &mut self.input {
            Some(input) => input.write_all(text.as_bytes()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        sent.map_err(|error| self.failure(&error.to_string()))
    }

    /// Begins a table: features without keys of their own count from 1.
    pub(crate) fn begin(&mut self, plan: &Plan) -> Result<(), FormatError> {
        self.next = 1;
        self.send(&plan.head())
    }

    pub(crate) fn take(&mut self, block: &Block) -> Result<(), FormatError> {
        for (key, row) in &block.rows {
            let key = key.unwrap_or(self.next);
            self.next = key + 1;
            self.send(&key.to_string())?;
            self.send(row)?;
        }
        Ok(())
    }

    /// Commits, and waits for the end.
    pub(crate) fn finish(mut self) -> Result<(), FormatError> {
        self.send("COMMIT;\n")?;
        let flushed = self.input.take().map_or(Ok(()), |mut input| input.flush());
        let status = self.child.wait();
        match (flushed, status) {
            (Ok(()), Ok(status)) if status.success() => Ok(()),
            (Err(error), _) | (_, Err(error)) => Err(self.failure(&error.to_string())),
            (_, Ok(status)) => Err(self.failure(&status.to_string())),
        }
    }

    fn failure(&mut self, otherwise: &str) -> FormatError {
        self.input = None;
        let said = self
            .said
            .take()
            .and_then(|said| said.join().ok())
            .unwrap_or_default();
        let line = said.lines().find(|line| {
            line.contains("ERROR") || line.contains("FATAL") || line.contains("error")
        });
        FormatError::Psql {
            said: line.or(said.lines().next()).unwrap_or(otherwise).to_owned(),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The end of its input in the middle of the rows is the end of the session, without a commit.
        self.input = None;
        let _ = self.child.wait();
    }
}
