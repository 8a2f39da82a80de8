//! What can go wrong when a page is rendered.

use std::io;
use std::path::PathBuf;

use layers::NotOfClass;

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
    /// More pixels than can be held.
    #[error(
        "a page of {width:.0} × {height:.0} pixels is too large; at most {} megapixels: choose a smaller page or resolution",
        most / 1e6
    )]
    TooManyPixels {
        /// Pixels across.
        width: f64,
        /// Pixels down.
        height: f64,
        /// Pixels that can be held.
        most: f64,
    },
    /// Paper on which no page can be laid out.
    #[error(
        "cannot lay out a page of {width_mm} × {height_mm} mm; expected sides of {least_mm} to {most_mm} mm, none three times as long as the other"
    )]
    Paper {
        /// Width.
        width_mm: f64,
        /// Height.
        height_mm: f64,
        /// The shortest side.
        least_mm: f64,
        /// The longest side.
        most_mm: f64,
    },
    /// A style that changes what the page does not have.
    #[error("the style changes the class `{class}`{}", not_of(field, known))]
    Class {
        /// The class.
        class: String,
        /// What it does not have; empty when there is no such class.
        field: &'static str,
        /// The classes of the page.
        known: Vec<String>,
    },
    /// Title and legend leave nothing for the map.
    #[error("the page has no room for a map beside its title and legend; choose larger paper")]
    NoRoom {
        /// Width in units of the layout.
        width_mm: f64,
        /// Height.
        height_mm: f64,
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
    /// A projection was asked for, and the program was built without PROJ.
    #[error("cannot project to `{definition}`: this program was built without PROJ")]
    NoProj {
        /// The projection.
        definition: String,
    },
    /// A projection that has no answer where the page is.
    #[error(
        "`{definition}` does not reach {west},{south} to {east},{north} (longitude, latitude); choose one for that part of the earth"
    )]
    Outside {
        /// The projection.
        definition: String,
        /// Least longitude.
        west: f64,
        /// Least latitude.
        south: f64,
        /// Greatest longitude.
        east: f64,
        /// Greatest latitude.
        north: f64,
    },
    /// PROJ refuses the projection.
    #[cfg(feature = "proj")]
    #[error(
        "PROJ knows no projection `{definition}`; expected a code as EPSG:4525 or a PROJ string as `+proj=tmerc +lon_0=106.5` ({source})"
    )]
    Projection {
        /// The projection.
        definition: String,
        /// What PROJ said.
        source: proj::ProjCreateError,
    },
    /// The picture cannot be encoded.
    #[error("cannot encode the page as PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// The same, as WebP.
    #[error("cannot encode the page as WebP: {0}")]
    WebP(#[from] image_webp::EncodingError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}

fn not_of(field: &str, known: &[String]) -> String {
    if field.is_empty() {
        format!(
            ", which the page does not have; its classes are {}",
            known.join(", ")
        )
    } else {
        format!(", which has no `{field}` to change")
    }
}

impl From<NotOfClass> for RasterError {
    fn from(not: NotOfClass) -> Self {
        let NotOfClass {
            class,
            field,
            known,
        } = not;
        Self::Class {
            class,
            field,
            known,
        }
    }
}
