//! What can go wrong.

use formats::FormatError;

use crate::qml::QmlError;
use crate::tiles::TablesError;

/// Why an atlas could not be written as a `GeoPackage`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AtlasPackageError {
    /// A table cannot be made into columns.
    #[error(transparent)]
    Table(#[from] TablesError),
    /// A style cannot be written.
    #[error(transparent)]
    Style(#[from] QmlError),
    /// What is said of the whole could not be put into JSON.
    #[error("metadata: {0}")]
    Json(#[from] serde_json::Error),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FormatError),
}
