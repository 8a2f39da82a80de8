//! Coordinates from one reference system into another.
//!
//! A [`Transform`] is made of two [`Crs`] and works on slices, in place. x is longitude (degrees) or easting (metres), y is
//! latitude or northing: always east first, whatever the authority says. Degrees of WGS 84 and CGCS2000 are taken as equal
//! (they differ by centimetres).
//!
//! [GCJ-02 and BD-09](Crs::Gcj02), the shifted degrees of Chinese web maps, go both ways exactly. The Gauss–Krüger zones of
//! CGCS2000 ([`Zone`]) are computed here, with or without the zone before the easting; every other code of EPSG goes through
//! PROJ (feature `proj`).
//!
//! ```
//! use coordinates::Transform;
//!
//! # fn main() -> Result<(), coordinates::CoordinatesError> {
//! let shift = Transform::parse("wgs84", "gcj02")?;
//! let (mut lon, mut lat) = ([116.377_817], [39.911_954]);
//! assert_eq!(shift.apply(&mut lon, &mut lat), 0); // none without an image
//! assert!((lon[0] - 116.384_047_22).abs() < 1e-7 && (lat[0] - 39.913_345_45).abs() < 1e-7);
//! # Ok(())
//! # }
//! ```

mod angle;
mod bd09;
mod crs;
#[cfg(feature = "proj")]
mod epsg;
mod error;
mod gauss;
mod gcj02;
mod transform;
mod wkt;
mod zone;

pub use crs::Crs;
pub use error::CoordinatesError;
pub use transform::Transform;
pub use zone::{Zone, ZoneWidth};
