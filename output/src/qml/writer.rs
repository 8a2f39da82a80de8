//! The file: what it says of a table, in the order in which QGIS reads it.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use layers::model::{FIELDS, Feature, Table, Value};

use super::QmlError;
use super::fields::Fields;
use super::labels::labels;
use super::renderer::renderer;
use crate::atomic;
use crate::xml::Xml;

/// Writes the style of a table for QGIS: give it the data file's path with the extension `qml`.
///
/// One symbol for all, or one for each value of the style's field; labels by `name`; Chinese aliases for `id` and
/// every field that the table uses; kinds and qualities by their Chinese words; a form of three pages; a map tip with
/// name, roles, plan and article.
///
/// # Errors
///
/// [`QmlError`] when the style does not fit the table (a feature that no class draws is an error, because QGIS would
/// leave it out silently) or the file cannot be written. No half file is left.
pub fn write(table: &Table, path: &Path) -> Result<(), QmlError> {
    Ok(atomic::write(path, &encode(table)?)?)
}

/// The bytes of the file.
///
/// # Errors
///
/// As [`write()`], but for the file.
pub fn encode(table: &Table) -> Result<Vec<u8>, QmlError> {
    check(table)?;
    let mut xml = Xml::new();
    document(table, &mut xml).map_err(|source| QmlError::Xml {
        table: table.id.clone(),
        source,
    })?;
    Ok(xml.finish())
}

/// Refuses a style that would leave features out.
pub(crate) fn check(table: &Table) -> Result<(), QmlError> {
    let Some(field) = table.style.field else {
        let count = table.style.classes.len();
        return if count == 1 {
            Ok(())
        } else {
            Err(QmlError::ClassCount {
                table: table.id.clone(),
                count,
            })
        };
    };
    let column = FIELDS.iter().position(|known| known.name == field);
    if column.is_none() && field != "id" {
        return Err(QmlError::UnknownField {
            table: table.id.clone(),
            field,
        });
    }
    let values: HashSet<&str> = table
        .style
        .classes
        .iter()
        .map(|class| class.value.as_str())
        .collect();
    for feature in &table.features {
        let value = column.map_or_else(|| feature.id.clone(), |column| value_text(feature, column));
        if !values.contains(value.as_str()) {
            return Err(QmlError::Unstyled {
                table: table.id.clone(),
                feature: feature.id.clone(),
                field,
                value,
            });
        }
    }
    Ok(())
}

fn value_text(feature: &Feature, column: usize) -> String {
    match feature.properties.values()[column] {
        None => String::new(),
        Some(Value::Text(text)) => text.to_owned(),
        Some(Value::Number(number)) => number.to_string(),
    }
}

fn document(table: &Table, xml: &mut Xml) -> io::Result<()> {
    xml.doctype(DOCTYPE)?;
    xml.element(
        "qgis",
        &[
            ("version", QGIS_VERSION),
            ("styleCategories", "Symbology|Labeling|Fields|Forms|MapTips"),
            ("labelsEnabled", labels_enabled(table)),
        ],
        |xml| style(table, xml),
    )
}

/// The document type that QGIS gives its own files.
pub(crate) const DOCTYPE: &str = "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'";
/// The version whose elements are written; later ones read them too.
pub(crate) const QGIS_VERSION: &str = "3.22.0";

/// The attribute `labelsEnabled` of what holds a [`style`].
pub(crate) fn labels_enabled(table: &Table) -> &'static str {
    if table.style.label.is_some() {
        "1"
    } else {
        "0"
    }
}

/// What a style file and a layer of a project say alike of a table.
pub(crate) fn style(table: &Table, xml: &mut Xml) -> io::Result<()> {
    renderer(table, xml)?;
    if let Some(label) = table.style.label {
        labels(label, table, xml)?;
    }
    Fields::of(table).write(xml)
}

#[cfg(test)]
mod tests;
