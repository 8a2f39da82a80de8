//! OGC `GeoPackage` 1.3: layers with spatial index, titles, styles and metadata. Written by `SQLite` without a journal into a
//! file that takes its name when it is whole.

mod describe;
mod rows;
mod rtree;
mod schema;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

pub(crate) use rows::{Block, block};

use crate::column::ColumnKind;
use crate::crs::CrsRecord;
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::Table;
use crate::{FormatError, GeometrySeen};
use input::features::{FeatureBatch, GeometryKind};
use rows::Inserter;
use schema::quoted;

/// When the layers changed, where nothing says it: the same input gives the same bytes.
const NO_DATE: &str = "1970-01-01T00:00:00.000Z";

/// What is said of a layer.
#[derive(Debug, Clone, Default)]
pub struct LayerAbout {
    /// Name of its table.
    pub name: String,
    /// Its title; the name unless said. Two layers of one title are told apart by their names.
    pub title: String,
    /// What is in it.
    pub description: String,
    /// How QGIS draws it, as QML.
    pub qml: Option<String>,
    /// When it changed: `YYYY-MM-DD`; a fixed date unless said.
    pub date: Option<String>,
}

/// A `GeoPackage` that is being written.
#[derive(Debug)]
pub struct GeoPackage {
    connection: Connection,
    /// For messages.
    path: PathBuf,
}

/// A layer of which the table is made and the rows are to come.
pub(crate) struct OpenLayer<'g> {
    package: &'g GeoPackage,
    about: LayerAbout,
    inserter: Inserter<'g>,
    table: Table,
    kinds: Vec<ColumnKind>,
    pub(crate) srs_id: i32,
    /// Whether geometries of one part are written as sets.
    pub(crate) multiple: bool,
    /// Names of the columns of geometries and keys.
    names: [String; 2],
    extent: Option<[f64; 4]>,
    rows: u64,
}

impl GeoPackage {
    /// Makes a `GeoPackage` at `part`, which is there and empty, for `path`.
    pub(crate) fn create(part: &Path, path: &Path) -> Result<Self, FormatError> {
        let make = || {
            let connection = Connection::open(part)?;
            connection.set_prepared_statement_cache_capacity(0);
            connection.execute_batch(&schema::settings())?;
            connection.execute_batch("BEGIN")?;
            connection.execute_batch(schema::CORE)?;
            Ok(connection)
        };
        match make() {
            Ok(connection) => Ok(Self {
                connection,
                path: path.to_owned(),
            }),
            Err(source) => Err(FormatError::Sqlite {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Writes a `GeoPackage` by what `fill` puts into it, replacing what stood at `path`, or leaves everything as it was.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or with what `fill` says.
    pub fn write<E: From<FormatError>>(
        path: &Path,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let written = crate::atomic::write_at(path, |part| {
            let mut package = Self::create(part, path)?;
            fill(&mut package)?;
            Ok::<(), E>(package.finish()?)
        });
        written.map_err(|error| E::from(error.into()))?
    }

    fn told<T>(&self, result: Result<T, rusqlite::Error>) -> Result<T, FormatError> {
        result.map_err(|source| FormatError::Sqlite {
            path: self.path.clone(),
            source,
        })
    }

    /// Adds a layer of features in memory. Columns that the survey of them finds are typed by `columns` where it names them,
    /// and stand in its order; those that no feature has are left out.
    ///
    /// # Errors
    ///
    /// When there is a layer of that name, or the file cannot be written.
    pub fn add(
        &mut self,
        about: LayerAbout,
        columns: &[crate::Column],
        batches: &mut [FeatureBatch],
        crs: &CrsRecord,
    ) -> Result<Report, FormatError> {
        let mut report = Report::default();
        let survey = Survey::of_batches(batches, columns);
        report.features = survey.features;
        let mut layer = self.layer(about, &survey, Some(crs), &mut report)?;
        for batch in batches {
            let block = block(batch, layer.srs_id, layer.multiple);
            layer.take(&block)?;
        }
        layer.finish()?;
        Ok(report)
    }

    /// Begins a layer of what a survey says.
    pub(crate) fn layer(
        &self,
        about: LayerAbout,
        survey: &Survey,
        crs: Option<&CrsRecord>,
        report: &mut Report,
    ) -> Result<OpenLayer<'_>, FormatError> {
        let keyed = survey.ids.are_keys(survey.features);
        let mut table = Table::new(survey, !keyed, report);
        table.distinguish(&[], report);
        let taken = |name: &str| {
            let mut columns = table.names.iter();
            columns.any(|column| column.eq_ignore_ascii_case(name))
        };
        let free = |name: &str| {
            let others = (2..).map(|number| format!("{name}_{number}"));
            let mut names = std::iter::once(name.to_owned()).chain(others);
            names.find(|name| !taken(name)).unwrap_or_default()
        };
        let names = [free("geom"), free("fid")];
        let (type_name, multiple) = geometry_type(survey.geometry);
        let mut kinds = Vec::new();
        let mut sql = format!(
            "CREATE TABLE {} ({} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {} {type_name}",
            quoted(&about.name),
            quoted(&names[1]),
            quoted(&names[0]),
        );
        for (column, name) in table.columns.iter().zip(&table.names) {
            let (kind, declared) = declared(column.kind, column.decimals, report);
            kinds.push(kind);
            sql += ", ";
            sql += &quoted(name);
            sql += " ";
            sql += declared;
        }
        sql += ")";
        let exists = "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE";
        let exists = self.connection.query_row(exists, [&about.name], |_| Ok(()));
        if self.told(exists.optional())?.is_some() {
            return Err(FormatError::RepeatedLayer { name: about.name });
        }
        self.told(self.connection.execute(&sql, []))?;
        self.told(self.reference_system(crs))?;
        let columns = table.columns.len();
        let inserter = Inserter::new(&self.connection, &about.name, columns, keyed);
        let layer = OpenLayer {
            inserter: self.told(inserter)?,
            package: self,
            table,
            kinds,
            // 0 stands for degrees that are not known.
            srs_id: crs.map_or(0, |crs| crs.epsg),
            multiple,
            names,
            extent: survey.extent,
            rows: survey.features,
            about,
        };
        self.told(layer.describe(type_name))?;
        Ok(layer)
    }

    fn finish(self) -> Result<(), FormatError> {
        let done = self.connection.execute_batch("COMMIT");
        self.told(done)?;
        let path = self.path;
        self.connection
            .close()
            .map_err(|(_, source)| FormatError::Sqlite { path, source })
    }
}

impl OpenLayer<'_> {
    fn describe(&self, type_name: &str) -> Result<(), rusqlite::Error> {
        let (package, name) = (self.package, &self.about.name);
        package.contents(&self.about, "features", self.extent, Some(self.srs_id))?;
        let sql = "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)";
        let row = (name, &self.names[0], type_name, self.srs_id);
        package.connection.execute(sql, row)?;
        let columns = self.table.columns.iter().zip(&self.table.names);
        let titles: Vec<_> = columns
            .filter_map(|(column, name)| Some((name.as_str(), column.title.as_deref()?)))
            .collect();
        if !titles.is_empty() {
            package.titles(name, titles.into_iter())?;
        }
        if let Some(qml) = &self.about.qml {
            package.style(&self.about, &self.names[0], qml)?;
        }
        Ok(())
    }

    /// Inserts a block.
    pub(crate) fn take(&mut self, block: &Block) -> Result<(), FormatError> {
        let taken = self.inserter.take(block, &self.table, &self.kinds);
        self.package.told(taken)
    }

    /// Makes the index; the rows must be as many as surveyed.
    pub(crate) fn finish(self) -> Result<(), FormatError> {
        let Self {
            package,
            about,
            inserter,
            names,
            extent,
            ..
        } = self;
        let [geometry, key] = names;
        let entries = inserter.entries;
        let index = || {
            let connection = &package.connection;
            let (create, triggers) = schema::index(&about.name, &geometry, &key);
            connection.execute(&create, [])?;
            if let Some(extent) = extent {
                let name = format!("rtree_{}_{geometry}", about.name);
                rtree::fill(connection, &name, entries, extent)?;
            }
            connection.execute_batch(&triggers)?;
            let sql = "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')";
            connection.execute(sql, (&about.name, &geometry)).map(drop)
        };
        package.told(index())
    }

    /// How many rows there are to be.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
}

/// The type of a column of geometries, and whether all of them are sets.
fn geometry_type(seen: GeometrySeen) -> (&'static str, bool) {
    match (seen.only(), seen.multiple) {
        (Some(GeometryKind::Point), false) => ("POINT", false),
        (Some(GeometryKind::Point), true) => ("MULTIPOINT", true),
        (Some(GeometryKind::Line), false) => ("LINESTRING", false),
        (Some(GeometryKind::Line), true) => ("MULTILINESTRING", true),
        (Some(GeometryKind::Polygon), false) => ("POLYGON", false),
        (Some(GeometryKind::Polygon), true) => ("MULTIPOLYGON", true),
        _ => ("GEOMETRY", false),
    }
}

/// What a column is declared as.
fn declared(kind: ColumnKind, decimals: u8, report: &mut Report) -> (ColumnKind, &'static str) {
    match kind {
        ColumnKind::Bool => (kind, "BOOLEAN"),
        ColumnKind::Int => (kind, "INTEGER"),
        ColumnKind::Float => (kind, "DOUBLE"),
        ColumnKind::Date => (kind, "DATE"),
        ColumnKind::DateTime if decimals <= 3 => (kind, "DATETIME"),
        ColumnKind::Text => (kind, "TEXT"),
        ColumnKind::DateTime | ColumnKind::UInt | ColumnKind::Json => {
            let loss = match kind {
                ColumnKind::DateTime => Loss::DateAsText,
                ColumnKind::UInt => Loss::UIntAsText,
                _ => Loss::JsonAsText,
            };
            report.lose(loss, 1);
            (ColumnKind::Text, "TEXT")
        }
    }
}
