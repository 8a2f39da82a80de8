//! What can go wrong.

use crate::atomic::AtomicError;

/// Why a tileset could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TilesError {
    /// The zooms are no range within 0 to [`MAX_ZOOM`](super::MAX_ZOOM).
    #[error("zooms {min_zoom} to {max_zoom}: expected a range from 0 to at most 18")]
    Zooms {
        /// The first zoom asked for.
        min_zoom: u8,
        /// The last zoom asked for.
        max_zoom: u8,
    },
    /// No table has a feature: an archive without tiles has no true header.
    #[error("there is no feature to make tiles of")]
    Empty,
    /// Two layers would have one name.
    #[error("two layers are named {name}")]
    RepeatedLayer {
        /// The name.
        name: String,
    },
    /// A feature's geometry is not of its table's type.
    #[error("table {table}, feature {feature}: the geometry is not a {expected}")]
    WrongGeometry {
        /// The table.
        table: String,
        /// The feature's id.
        feature: String,
        /// The type of the table.
        expected: &'static str,
    },
    /// A coordinate outside longitude ±180, latitude ±90, or not a number.
    #[error(
        "table {table}, feature {feature}: {lon}, {lat} is not a longitude and latitude in degrees"
    )]
    OffTheGlobe {
        /// The table.
        table: String,
        /// The feature's id.
        feature: String,
        /// The longitude found.
        lon: f64,
        /// The latitude found.
        lat: f64,
    },
    /// The metadata could not be made into JSON.
    #[error("cannot describe the tileset: {0}")]
    Metadata(#[from] serde_json::Error),
    /// The archive could not be put together.
    #[error("cannot put the archive together: {0}")]
    Archive(#[from] ::pmtiles::PmtError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
