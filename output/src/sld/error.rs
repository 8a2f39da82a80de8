//! What can go wrong.

use std::io;

use crate::atomic::AtomicError;
use crate::qml::QmlError;

/// Why an SLD file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SldError {
    /// The style does not fit its table.
    #[error(transparent)]
    Style(#[from] QmlError),
    /// The XML could not be made.
    #[error("SLD of table {table}: cannot make XML: {source}")]
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
