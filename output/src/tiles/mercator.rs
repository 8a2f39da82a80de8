//! Web Mercator as a grid of integers: where a longitude and latitude fall at a zoom.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "grid positions are clamped to the world first: at most 2^30 units a side"
)]

use std::f64::consts::PI;

use geo::Coord;

/// Units of a tile's grid along a side.
pub const TILE_EXTENT: u32 = 4096;

/// Units that a tile holds beyond each of its sides: 8 pixels of a 512-pixel tile.
pub const BUFFER: u32 = 64;

/// The latitude in degrees, north and south, where Web Mercator's square world ends.
pub const MAX_LATITUDE_DEG: f64 = 85.051_128_78;

/// The deepest zoom: the world's grid then has 2³⁰ units a side.
pub const MAX_ZOOM: u8 = 18;

/// A tile of the XYZ scheme: `x` grows eastward from longitude -180, `y` southward from latitude 85.05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileCoord {
    /// Zoom, 0 for the whole world in one tile.
    pub z: u8,
    /// Column, 0 to 2^z - 1.
    pub x: u32,
    /// Row, 0 to 2^z - 1.
    pub y: u32,
}

impl TileCoord {
    /// Returns the tile of a zoom that holds a longitude and latitude in degrees.
    ///
    /// Latitudes beyond [`MAX_LATITUDE_DEG`] count as it; the eastern and southern edge of the world belong to the
    /// last column and row.
    #[must_use]
    pub fn containing(lon_lat: Coord<f64>, z: u8) -> Self {
        let cell = cell(lon_lat, z);
        let extent = f64::from(TILE_EXTENT);
        Self {
            z,
            x: (cell.x / extent) as u32,
            y: (cell.y / extent) as u32,
        }
    }

    /// The grid position of the tile's north-western corner.
    pub(super) fn origin(self) -> Coord<f64> {
        let extent = f64::from(TILE_EXTENT);
        Coord {
            x: f64::from(self.x) * extent,
            y: f64::from(self.y) * extent,
        }
    }
}

/// Grid units along a side of the world at a zoom.
pub(super) fn world_units(z: u8) -> f64 {
    f64::from(TILE_EXTENT) * f64::from(1_u32 << z)
}

/// The position of a longitude and latitude in grid units from the north-western corner of the world, clamped to it.
fn position(Coord { x: lon, y: lat }: Coord<f64>, z: u8) -> Coord<f64> {
    let units = world_units(z);
    let sine = lat
        .clamp(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG)
        .to_radians()
        .sin();
    let x = lon / 360.0 + 0.5;
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI);
    Coord {
        x: (x * units).clamp(0.0, units),
        y: (y * units).clamp(0.0, units),
    }
}

/// The nearest grid point: for vertices of lines and areas.
pub(super) fn vertex(lon_lat: Coord<f64>, z: u8) -> Coord<f64> {
    let Coord { x, y } = position(lon_lat, z);
    Coord {
        x: x.round(),
        y: y.round(),
    }
}

/// The grid cell, by its north-western corner: for points. A rounded point could land on the far edge of its tile,
/// where renderers take it for the neighbour's and draw it in neither.
pub(super) fn cell(lon_lat: Coord<f64>, z: u8) -> Coord<f64> {
    let Coord { x, y } = position(lon_lat, z);
    let last = world_units(z) - 1.0;
    Coord {
        x: x.floor().min(last),
        y: y.floor().min(last),
    }
}

/// The columns or rows whose buffered tiles hold any of the grid positions from `low` to `high`.
pub(super) fn tiles_between(low: f64, high: f64, z: u8) -> std::ops::RangeInclusive<u32> {
    let (extent, buffer) = (f64::from(TILE_EXTENT), f64::from(BUFFER));
    let last = f64::from((1_u32 << z) - 1);
    let tile = |position: f64| (position / extent).floor().clamp(0.0, last) as u32;
    tile(low - buffer)..=tile(high + buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(lon: f64, lat: f64, z: u8) -> (u32, u32) {
        let TileCoord { x, y, .. } = TileCoord::containing(Coord { x: lon, y: lat }, z);
        (x, y)
    }

    #[test]
    fn known_places_fall_in_known_tiles() {
        assert_eq!(tile(106.55, 29.56, 0), (0, 0));
        // 重庆: x = (106.55/360 + 1/2) 2^10 = 815.07; y by the slippy-map formula = 423.8.
        assert_eq!(tile(106.55, 29.56, 10), (815, 423));
        assert_eq!(tile(-0.001, 0.001, 1), (0, 0));
        assert_eq!(tile(0.0, 0.0, 1), (1, 1));
    }

    #[test]
    fn the_edges_of_the_world_stay_in_it() {
        assert_eq!(tile(180.0, -90.0, 3), (7, 7));
        assert_eq!(tile(-180.0, 90.0, 3), (0, 0));
        let corner = vertex(Coord { x: 180.0, y: -90.0 }, 3);
        assert!((corner.x - world_units(3)).abs() < 1.0 && (corner.y - world_units(3)).abs() < 1.0);
    }

    #[test]
    fn points_floor_and_vertices_round() {
        // One hundredth of a cell west of longitude 0 at zoom 0.
        let lon_lat = Coord {
            x: -0.01 * 360.0 / 4096.0,
            y: 0.0,
        };
        assert!((cell(lon_lat, 0).x - 2047.0).abs() < 1e-9);
        assert!((vertex(lon_lat, 0).x - 2048.0).abs() < 1e-9);
    }

    #[test]
    fn a_range_of_tiles_includes_the_neighbour_whose_buffer_is_reached() {
        assert_eq!(tiles_between(4096.0 + 63.0, 4096.0 + 70.0, 4), 0..=1);
        assert_eq!(tiles_between(4096.0 + 65.0, 4096.0 + 70.0, 4), 1..=1);
        assert_eq!(tiles_between(0.0, 65_536.0, 4), 0..=15);
    }
}
