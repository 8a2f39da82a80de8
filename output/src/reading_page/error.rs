//! What can go wrong.

use crate::atomic::AtomicError;

/// Why a page could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingPageError {
    /// The land that is to be shown has no size.
    #[error(
        "the map has nothing to show between {west},{south} and {east},{north} (longitude, latitude)"
    )]
    Focus {
        /// Least longitude.
        west: f64,
        /// Least latitude.
        south: f64,
        /// Greatest longitude.
        east: f64,
        /// Greatest latitude.
        north: f64,
    },
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
