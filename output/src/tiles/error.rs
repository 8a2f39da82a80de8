//! What can go wrong.

/// Why tables could not be made into tiles.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TablesError {
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
}
