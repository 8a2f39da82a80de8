//! Tiles of the XYZ scheme and their order in an archive.

use crate::WorldPoint;

/// The deepest zoom: there a grid unit of a tile of extent 4096 is one unit of the world ([`WorldPoint`]).
pub const MAX_ZOOM: u8 = 20;

/// A tile of the XYZ scheme: `x` grows to the east, `y` to the south.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

/// A tile that is not.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoordError {
    /// The zoom is deeper than [`MAX_ZOOM`].
    #[error("zoom {z}; the deepest is {MAX_ZOOM}")]
    Zoom {
        /// The zoom asked for.
        z: u8,
    },
    /// The column or row does not exist at this zoom.
    #[error("tile {z}/{x}/{y}: columns and rows of zoom {z} are 0 to {}", (1u64 << z) - 1)]
    OutsideZoom {
        /// The zoom.
        z: u8,
        /// The column asked for.
        x: u32,
        /// The row asked for.
        y: u32,
    },
    /// The number is beyond the last tile of [`MAX_ZOOM`].
    #[error("tile number {id} is beyond zoom {MAX_ZOOM}")]
    Id {
        /// The number asked for.
        id: u64,
    },
}

impl TileCoord {
    /// Returns a tile.
    ///
    /// # Errors
    ///
    /// [`CoordError`] when the zoom is too deep or the tile is outside it.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, CoordError> {
        if z > MAX_ZOOM {
            return Err(CoordError::Zoom { z });
        }
        if u64::from(x.max(y)) >= 1 << z {
            return Err(CoordError::OutsideZoom { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// Returns the tile of a zoom that holds a point. Zooms beyond [`MAX_ZOOM`] count as that.
    #[must_use]
    pub fn of(z: u8, point: WorldPoint) -> Self {
        let z = z.min(MAX_ZOOM);
        let cut = |world: u32| u32::try_from(u64::from(world) >> (32 - u32::from(z))).unwrap_or(0);
        Self {
            z,
            x: cut(point.x),
            y: cut(point.y),
        }
    }

    /// Returns the zoom, 0 to [`MAX_ZOOM`].
    #[must_use]
    pub fn z(self) -> u8 {
        self.z
    }

    /// Returns the column, 0 in the west.
    #[must_use]
    pub fn x(self) -> u32 {
        self.x
    }

    /// Returns the row, 0 in the north.
    #[must_use]
    pub fn y(self) -> u32 {
        self.y
    }

    /// Returns the row of the TMS scheme, 0 in the south, as `MBTiles` wants it.
    #[must_use]
    pub fn tms_y(self) -> u32 {
        ((1u64 << self.z) - 1 - u64::from(self.y))
            .try_into()
            .unwrap_or(0)
    }

    /// Returns the number of the first tile of a zoom in `PMTiles`: tiles are numbered zoom by zoom.
    #[must_use]
    pub fn first_id(z: u8) -> u64 {
        ((1u64 << (2 * u32::from(z.min(MAX_ZOOM + 1)))) - 1) / 3
    }

    /// Returns the tile's place on the Hilbert curve of its zoom, from 0.
    #[must_use]
    pub fn key(self) -> u64 {
        key(u32::from(self.z), self.x, self.y)
    }

    /// Returns the tile's number in `PMTiles` v3: along the Hilbert curve of its zoom, after all shallower zooms.
    #[must_use]
    pub fn id(self) -> u64 {
        Self::first_id(self.z) + self.key()
    }

    /// Returns the tile with this place on the Hilbert curve of a zoom.
    ///
    /// # Errors
    ///
    /// [`CoordError`] when there is none.
    pub fn from_key(z: u8, key: u64) -> Result<Self, CoordError> {
        if z > MAX_ZOOM {
            return Err(CoordError::Zoom { z });
        }
        if key >> (2 * u32::from(z)) != 0 {
            return Err(CoordError::Id {
                id: Self::first_id(z).saturating_add(key),
            });
        }
        let (mut x, mut y) = (0u32, 0u32);
        for bit in 0..u32::from(z) {
            let digit = (key >> (2 * bit)) & 3;
            let rx = u32::from(digit >= 2);
            let ry = u32::from(digit == 1 || digit == 2);
            let side = 1u32 << bit;
            if ry == 0 {
                if rx == 1 {
                    (x, y) = (side - 1 - x, side - 1 - y);
                }
                (x, y) = (y, x);
            }
            x += rx << bit;
            y += ry << bit;
        }
        Ok(Self { z, x, y })
    }

    /// Returns the tile with this number in `PMTiles` v3.
    ///
    /// # Errors
    ///
    /// [`CoordError::Id`] when it is beyond [`MAX_ZOOM`].
    pub fn from_id(id: u64) -> Result<Self, CoordError> {
        let z = (0..=MAX_ZOOM)
            .find(|&z| id < Self::first_id(z + 1))
            .ok_or(CoordError::Id { id })?;
        Self::from_key(z, id - Self::first_id(z))
    }
}

/// Returns the place of a point on the Hilbert curve of the whole world, the order of every archive.
///
/// The key of the tile of zoom z that holds the point is this shifted right by 2 · (32 − z): features in this order lie
/// in the order of the tiles of every zoom.
#[must_use]
pub fn hilbert_key(point: WorldPoint) -> u64 {
    key(32, point.x, point.y)
}

fn key(bits: u32, mut x: u32, mut y: u32) -> u64 {
    let mut key = 0u64;
    for bit in (0..bits).rev() {
        let rx = x >> bit & 1;
        let ry = y >> bit & 1;
        key = key << 2 | u64::from((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    key
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_tiles_have_the_numbers_of_the_pmtiles_specification() {
        let id = |z, x, y| TileCoord::new(z, x, y).unwrap().id();
        assert_eq!(
            [
                id(0, 0, 0),
                id(1, 0, 0),
                id(1, 0, 1),
                id(1, 1, 1),
                id(1, 1, 0),
                id(2, 0, 0)
            ],
            [0, 1, 2, 3, 4, 5]
        );
        // The example of the specification's section on tile identifiers.
        assert_eq!(id(12, 3423, 1763), 19_078_479);
    }

    #[test]
    fn a_tile_outside_its_zoom_is_refused() {
        assert_eq!(
            TileCoord::new(2, 4, 0),
            Err(CoordError::OutsideZoom { z: 2, x: 4, y: 0 })
        );
        assert_eq!(TileCoord::new(21, 0, 0), Err(CoordError::Zoom { z: 21 }));
        assert!(TileCoord::from_id(TileCoord::first_id(MAX_ZOOM + 1)).is_err());
        assert!(TileCoord::from_id(u64::MAX).is_err());
    }

    proptest! {
        #[test]
        fn numbers_and_tiles_are_one_to_one(z in 0u8..=MAX_ZOOM, x: u32, y: u32) {
            let tile = TileCoord::of(z, WorldPoint { x, y });
            prop_assert_eq!(TileCoord::from_id(tile.id()), Ok(tile));
            prop_assert_eq!(TileCoord::from_key(z, tile.key()), Ok(tile));
        }

        #[test]
        fn the_key_of_a_tile_is_the_head_of_the_key_of_its_points(z in 0u8..=MAX_ZOOM, x: u32, y: u32) {
            let point = WorldPoint { x, y };
            let head = hilbert_key(point).checked_shr(2 * (32 - u32::from(z))).unwrap_or(0);
            prop_assert_eq!(TileCoord::of(z, point).key(), head);
        }
    }
}
