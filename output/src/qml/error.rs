//! What can go wrong.

use std::io;

use crate::atomic::AtomicError;

/// Why a QML file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QmlError {
    /// The style chooses by a field that no layer has.
    #[error("table {table}: the style chooses by {field:?}, which is no field")]
    UnknownField {
        /// The table.
        table: String,
        /// The field named by the style.
        field: &'static str,
    },
    /// A style without a field must have exactly one class.
    #[error(
        "table {table}: the style has {count} classes and no field to choose by; one class was expected"
    )]
    ClassCount {
        /// The table.
        table: String,
        /// How many classes there are.
        count: usize,
    },
    /// No class of the style is for this feature: QGIS would not draw it.
    #[error("table {table}, feature {feature}: no class of the style is for {field} = {value:?}")]
    Unstyled {
        /// The table.
        table: String,
        /// The feature's id.
        feature: String,
        /// The field that chooses.
        field: &'static str,
        /// Its value here.
        value: String,
    },
    /// The XML could not be made.
    #[error("table {table}: cannot make XML: {source}")]
    Xml {
        /// The table.
        table: String,
        /// What the XML writer said.
        source: io::Error,
    },
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
