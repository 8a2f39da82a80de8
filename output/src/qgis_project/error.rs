//! What can go wrong.

use std::io;

use crate::atomic::AtomicError;
use crate::qml::QmlError;

/// Why a project could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// A style does not fit its table.
    #[error(transparent)]
    Style(#[from] QmlError),
    /// Two layers have one identifier, or a map names a table that no layer shows.
    #[error(
        "QGIS project: {what} `{id}`; every map needs layers of the project, each with an identifier of its own"
    )]
    Layer {
        /// What is wrong.
        what: &'static str,
        /// The identifier.
        id: String,
    },
    /// The CRS of the project is not known to PROJ, or a box has no place in it.
    #[error("QGIS project: {crs} has no place for the box {focus}")]
    Crs {
        /// The CRS.
        crs: String,
        /// West, south, east, north, in degrees.
        focus: String,
    },
    /// The XML or the archive around it could not be made.
    #[error("QGIS project: cannot make it: {0}")]
    Make(#[from] io::Error),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
