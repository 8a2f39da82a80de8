//! The file.

use std::path::Path;

use formats::{Column, ColumnKind, GeoPackage, LayerAbout};
use layers::model::{DataSource, FIELDS, FieldKind, Layer, PlanReference};
use serde::Serialize;

use super::AtlasPackageError;
use crate::qml;
use crate::tiles::batch;

/// What goes into the file.
#[derive(Debug, Clone, Copy)]
pub struct AtlasPackage<'a> {
    /// Program and version.
    pub generator: &'a str,
    /// The layers, in the order in which they are listed.
    pub layers: &'a [&'a Layer],
    /// The plans that they cite.
    pub plans: &'a [PlanReference],
    /// Where geometry comes from.
    pub sources: &'a [DataSource],
}

/// What is said of the whole file.
#[derive(Serialize)]
struct Metadata<'a> {
    generator: &'a str,
    plans: &'a [PlanReference],
    sources: &'a [DataSource],
}

/// The table of what could not be located: names and titles of its columns.
const UNLOCATED: [(&str, &str); 6] = [
    ("layer", "图层"),
    ("name", "名称"),
    ("kind", "类型"),
    ("plan", "规划"),
    ("article", "条目"),
    ("reason", "原因"),
];

/// Writes an atlas as a `GeoPackage` (WGS 84): each table that has features becomes a layer of its id with its style; the
/// table `unlocated` lists what has no place. Equal atlases give equal bytes.
///
/// # Errors
///
/// [`AtlasPackageError`] names the table that cannot be written. No half file is left.
pub fn write(atlas: &AtlasPackage<'_>, path: &Path) -> Result<(), AtlasPackageError> {
    let crs = formats::crs_record(4326);
    let columns: Vec<Column> = [Column::new("id", ColumnKind::Text, Some("标识"))]
        .into_iter()
        .chain(FIELDS.iter().map(|field| {
            let kind = match field.kind {
                FieldKind::Text => ColumnKind::Text,
                FieldKind::Number => ColumnKind::Float,
            };
            Column::new(field.name, kind, Some(field.title))
        }))
        .collect();
    GeoPackage::write(path, |package| {
        for layer in atlas.layers {
            for table in layer
                .tables
                .iter()
                .filter(|table| !table.features.is_empty())
            {
                let qml = String::from_utf8_lossy(&qml::encode(table)?).into_owned();
                let about = LayerAbout {
                    name: table.id.clone(),
                    title: table.title.clone(),
                    description: layer.summary.clone(),
                    qml: Some(qml),
                    date: None,
                };
                package.add(about, &columns, &mut [batch::batch(table, false)?], &crs)?;
            }
        }
        let rows = atlas.layers.iter().flat_map(|layer| {
            layer.unlocated.iter().map(|row| {
                let cells = [
                    &layer.title,
                    &row.name,
                    &row.kind,
                    &row.plan,
                    &row.article,
                    &row.reason,
                ];
                cells.map(String::clone).to_vec()
            })
        });
        let about = LayerAbout {
            name: "unlocated".to_owned(),
            title: "未定位".to_owned(),
            description: "规划提到而未能定位的名称".to_owned(),
            ..LayerAbout::default()
        };
        package.text_table(&about, &UNLOCATED, rows)?;
        let metadata = serde_json::to_string(&Metadata {
            generator: atlas.generator,
            plans: atlas.plans,
            sources: atlas.sources,
        })?;
        package.metadata(
            "application/json",
            "https://www.rfc-editor.org/rfc/rfc8259",
            &metadata,
        )?;
        Ok(())
    })
}
