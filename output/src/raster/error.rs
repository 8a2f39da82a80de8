//! What can go wrong when a page is rendered.

use std::io;
use std::path::PathBuf;

use crate::atomic::AtomicError;

/// Why a page could not be rendered or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RasterError {
    /// The fonts are not there.
    #[error(
        "no font family \"Noto Sans CJK SC\" on this system; on Debian and Ubuntu install the package fonts-noto-cjk, or give font files"
    )]
    NoFont,
    /// A font file does not parse.
    #[error("a font file is damaged: its tables do not read as OpenType")]
    DamagedFont,
    /// A font file that was asked for cannot be opened.
    #[error("cannot open the font {}: {source}", path.display())]
    FontFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What must be shown has no size, or lies where the projection has no answer.
    #[error(
        "the page has nothing to show between {west},{south} and {east},{north} (longitude, latitude)"
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
    /// Too few or too many pixels.
    #[error("{pixels_per_mm} pixels per mm is outside {least}–{most}")]
    Resolution {
        /// What was asked for.
        pixels_per_mm: f64,
        /// The least that can be read.
        least: f64,
        /// The most that fits in memory.
        most: f64,
    },
    /// The legend does not fit above the scale bar.
    #[error("the legend of {rows} rows needs {needed_mm:.0} mm and has {room_mm:.0} mm")]
    LegendTooLong {
        /// Rows of the legend.
        rows: usize,
        /// What it needs when set as small as may be.
        needed_mm: f64,
        /// What there is.
        room_mm: f64,
    },
    /// PROJ refuses the projection.
    #[cfg(feature = "proj")]
    #[error("PROJ does not accept `{definition}`: {source}")]
    Projection {
        /// The projection.
        definition: String,
        /// What PROJ said.
        source: proj::ProjCreateError,
    },
    /// The picture cannot be encoded.
    #[error("cannot encode the page as PNG: {0}")]
    Encode(#[from] image::ImageError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
