//! What can go wrong.

use crate::atomic::AtomicError;
use crate::qml::QmlError;

/// Why a web style could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebStyleError {
    /// A style does not fit its table.
    #[error(transparent)]
    Style(#[from] QmlError),
    /// The style could not be put into JSON.
    #[error("web style: {0}")]
    Json(#[from] serde_json::Error),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
