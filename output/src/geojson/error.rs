//! What can go wrong.

use crate::atomic::AtomicError;

/// Why a `GeoJSON` file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeoJsonError {
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
    /// Nothing is left of a geometry at the precision of the file (6 decimals, about 0.1 m), or it was empty.
    #[error("table {table}, feature {feature}: nothing is left of the geometry at 6 decimals")]
    Collapsed {
        /// The table.
        table: String,
        /// The feature's id.
        feature: String,
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
    /// A number that JSON cannot hold.
    #[error("table {table}, feature {feature}: {field} is {value}, which JSON cannot hold")]
    NotFinite {
        /// The table.
        table: String,
        /// The feature's id.
        feature: String,
        /// The field.
        field: &'static str,
        /// Infinity or NaN.
        value: f64,
    },
    /// A feature could not be made into JSON.
    #[error("table {table}: {source}")]
    Json {
        /// The table.
        table: String,
        /// What the JSON writer said.
        source: serde_json::Error,
    },
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
