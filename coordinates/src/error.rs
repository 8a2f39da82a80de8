//! What can be wrong with a reference system.

/// Why coordinates cannot be changed into others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoordinatesError {
    /// A text names no reference system.
    #[error(
        "`{0}` is no reference system; expected EPSG:4544, wgs84, cgcs2000, gcj02, bd09 or a name such as \
         `CGCS2000 / 3-degree Gauss-Kruger CM 105E`"
    )]
    Unknown(String),
    /// PROJ has no way for the code.
    #[error(
        "EPSG:{code}: {reason}; expected the code of a reference system on the ground, such as EPSG:4544"
    )]
    Code {
        /// The code.
        code: u32,
        /// The words of PROJ.
        reason: String,
    },
    /// The code needs PROJ, which this program was built without.
    #[error(
        "EPSG:{0}: this program was built without PROJ; expected degrees, gcj02, bd09 or a zone of CGCS2000 (EPSG:4491 to 4554)"
    )]
    WithoutProj(u32),
}
