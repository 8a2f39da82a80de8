//! Spherical Mercator on a world of whole numbers.

use std::f64::consts::PI;

/// The latitude at which the square of Web Mercator ends, in degrees.
pub const MAX_LATITUDE_DEG: f64 = 85.051_128_779_806_6;

/// A position in the square of Web Mercator (EPSG:3857), in units of its side ÷ 2³²: `x` from 180° west to the east, `y` from
/// 85.0511° north to the south. A unit is 9 mm at the equator. A grid unit of a tile of zoom z and extent 4096 is
/// 2^(20 − z) of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldPoint {
    /// From the antimeridian to the east.
    pub x: u32,
    /// From the northern edge to the south.
    pub y: u32,
}

impl WorldPoint {
    /// Returns the unit that holds a position, longitude first, in degrees.
    ///
    /// Longitudes are taken from −180 to 180 and latitudes from −[`MAX_LATITUDE_DEG`] to that; what lies beyond is put on the edge. The caller
    /// refuses what is not finite (it comes out at the western or northern edge).
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` keeps floats inside the range of the type, which is what an edge wants"
    )]
    pub fn from_lon_lat(lon_deg: f64, lat_deg: f64) -> Self {
        const SIDE: f64 = 4_294_967_296.0;
        let lat = lat_deg.clamp(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG);
        let sine = lat.to_radians().sin();
        let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI);
        Self {
            x: ((lon_deg / 360.0 + 0.5) * SIDE) as u32,
            y: (y * SIDE) as u32,
        }
    }

    /// Returns longitude and latitude of the unit's north-western corner, in degrees.
    #[must_use]
    pub fn to_lon_lat(self) -> (f64, f64) {
        const SIDE: f64 = 4_294_967_296.0;
        let lat = (PI * (1.0 - 2.0 * f64::from(self.y) / SIDE)).sinh().atan();
        (f64::from(self.x) / SIDE * 360.0 - 180.0, lat.to_degrees())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_edges_of_the_square_are_the_first_and_the_last_unit() {
        assert_eq!(
            WorldPoint::from_lon_lat(-180.0, 90.0),
            WorldPoint { x: 0, y: 0 }
        );
        let south_east = WorldPoint::from_lon_lat(180.0, -90.0);
        assert_eq!(south_east.x, u32::MAX);
        assert!(south_east.y > u32::MAX - 4);
    }

    proptest! {
        #[test]
        fn a_position_comes_back_within_a_unit(lon in -180.0..180.0f64, lat in -85.0..85.0f64) {
            let (west, north) = WorldPoint::from_lon_lat(lon, lat).to_lon_lat();
            let unit = 360.0 / 4_294_967_296.0;
            prop_assert!((lon - west).abs() <= 1.01 * unit && (north - lat).abs() <= 1.01 * unit);
        }
    }
}
