//! What can go wrong.

use crate::atomic::AtomicError;

/// Why a gallery could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GalleryError {
    /// A picture could not be made small.
    #[error("gallery: cannot make a small picture: {0}")]
    Picture(#[from] image::ImageError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
