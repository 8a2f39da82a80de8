//! What is said of layers and of the whole: contents, reference systems, titles, styles, metadata.

use rusqlite::OptionalExtension;

use super::schema::{self, quoted};
use super::{GeoPackage, LayerAbout, NO_DATE};
use crate::FormatError;
use crate::crs::CrsRecord;

impl GeoPackage {
    pub(super) fn reference_system(&self, crs: Option<&CrsRecord>) -> Result<(), rusqlite::Error> {
        let Some(crs) = crs else {
            return Ok(());
        };
        let sql =
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)";
        // Without a definition the code is what readers go by.
        let wkt = if crs.wkt.is_empty() {
            "undefined"
        } else {
            &crs.wkt
        };
        let row = (&crs.name, crs.epsg, wkt);
        self.connection.execute(sql, row).map(drop)
    }

    pub(super) fn has(&self, table: &str) -> Result<bool, rusqlite::Error> {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        let found = self.connection.query_row(sql, [table], |_| Ok(()));
        found.optional().map(|found| found.is_some())
    }

    /// Adds what is known of the whole file, as JSON or text of another kind.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn metadata(
        &mut self,
        mime_type: &str,
        standard: &str,
        text: &str,
    ) -> Result<(), FormatError> {
        let put = || {
            let connection = &self.connection;
            if !self.has("gpkg_metadata")? {
                connection.execute_batch(schema::METADATA)?;
            }
            let sql = "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset', ?1, ?2, ?3)";
            connection.execute(sql, (standard, mime_type, text))?;
            let id = connection.last_insert_rowid();
            let sql = "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?1, ?2, NULL)";
            connection.execute(sql, (NO_DATE, id)).map(drop)
        };
        self.told(put())
    }

    /// Adds a table without geometry, all of its columns text: name and title of each.
    ///
    /// # Errors
    ///
    /// When there is a table of that name, or the file cannot be written.
    pub fn text_table(
        &mut self,
        about: &LayerAbout,
        columns: &[(&str, &str)],
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<(), FormatError> {
        let put = || {
            let name = quoted(&about.name);
            let declared = columns
                .iter()
                .map(|(column, _)| format!(", {} TEXT", quoted(column)));
            let declared: String = declared.collect();
            let sql = format!(
                "CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{declared})"
            );
            self.connection.execute(&sql, [])?;
            let marks = ", ?".repeat(columns.len());
            let sql = format!("INSERT INTO {name} VALUES (NULL{marks})");
            let mut insert = self.connection.prepare(&sql)?;
            for row in rows {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
            self.contents(about, "attributes", None, None)?;
            self.titles(&about.name, columns.iter().copied())
        };
        self.told(put())
    }

    pub(super) fn contents(
        &self,
        about: &LayerAbout,
        kind: &str,
        extent: Option<[f64; 4]>,
        srs_id: Option<i32>,
    ) -> Result<(), rusqlite::Error> {
        let title = if about.title.is_empty() {
            &about.name
        } else {
            &about.title
        };
        let taken = "SELECT 1 FROM gpkg_contents WHERE identifier = ?1";
        let taken = self
            .connection
            .query_row(taken, [title], |_| Ok(()))
            .optional()?;
        let title = match taken {
            Some(()) => format!("{title} ({})", about.name),
            None => title.clone(),
        };
        let edge = |at: usize| extent.map(|extent| extent[at]);
        let date = about
            .date
            .as_ref()
            .filter(|date| crate::column::date(date.as_bytes()).is_some());
        let date = date.map_or(NO_DATE.to_owned(), |date| format!("{date}T00:00:00.000Z"));
        let sql = "INSERT INTO gpkg_contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let row = (
            &about.name,
            kind,
            title,
            &about.description,
            date,
            edge(0),
            edge(1),
            edge(2),
            edge(3),
            srs_id,
        );
        self.connection.execute(sql, row).map(drop)
    }

    pub(super) fn titles<'t>(
        &self,
        table: &str,
        titles: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<(), rusqlite::Error> {
        if !self.has("gpkg_data_columns")? {
            self.connection.execute_batch(schema::TITLES)?;
        }
        let sql = "INSERT INTO gpkg_data_columns VALUES (?1, ?2, ?3, ?3, NULL, NULL, NULL)";
        for (column, title) in titles {
            self.connection.execute(sql, (table, column, title))?;
        }
        Ok(())
    }

    pub(super) fn style(
        &self,
        about: &LayerAbout,
        geometry: &str,
        qml: &str,
    ) -> Result<(), rusqlite::Error> {
        let connection = &self.connection;
        if !self.has("layer_styles")? {
            connection.execute_batch(schema::STYLES)?;
            let styles = LayerAbout {
                name: "layer_styles".to_owned(),
                ..LayerAbout::default()
            };
            self.contents(&styles, "attributes", None, None)?;
        }
        let sql = "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?1, ?2, ?1, ?3, '', 1, ?4, '', ?5)";
        let row = (&about.name, geometry, qml, &about.title, NO_DATE);
        connection.execute(sql, row).map(drop)
    }
}
