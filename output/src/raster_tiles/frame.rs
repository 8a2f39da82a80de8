//! The part of the world that a zoom shows.

use gazetteer::Extent;
use tiles::{TileCoord, WorldPoint};

use super::{RasterTileOptions, RasterTilesError};
use crate::raster::PageBox;
use crate::raster::zoom::{ZoomFrame, tile_box};

/// The longest side of a zoom in pixels: what lies below names is kept at a quarter of the pixels.
const MOST_SIDE_PX: u64 = 12_288;

/// The tiles of a zoom.
pub(super) struct Frame {
    pub(super) z: u8,
    side_px: u32,
    density: f64,
    ground: bool,
    /// First and last column and row.
    columns: (u32, u32),
    rows: (u32, u32),
}

impl Frame {
    pub(super) fn new(
        focus: Extent,
        z: u8,
        options: &RasterTileOptions,
    ) -> Result<Self, RasterTilesError> {
        let tile = |lon: f64, lat: f64| TileCoord::of(z, WorldPoint::from_lon_lat(lon, lat));
        let (first, last) = (tile(focus.west, focus.north), tile(focus.east, focus.south));
        let frame = Self {
            z,
            side_px: options.side_px,
            density: if options.retina { 2.0 } else { 1.0 },
            ground: options.ground,
            columns: (first.x(), last.x()),
            rows: (first.y(), last.y()),
        };
        let longest = (last.x() - first.x()).max(last.y() - first.y()) + 1;
        let side = u64::from(longest) * u64::from(options.side_px);
        if side > MOST_SIDE_PX {
            return Err(RasterTilesError::TooLarge {
                zoom: z,
                side,
                most: MOST_SIDE_PX,
            });
        }
        Ok(frame)
    }

    pub(super) fn zoom_frame(&self) -> ZoomFrame {
        let side = f64::from(self.side_px);
        let along = |(first, last): (u32, u32)| {
            (f64::from(first) * side, f64::from(last - first + 1) * side)
        };
        let (left, width) = along(self.columns);
        let (top, height) = along(self.rows);
        ZoomFrame {
            world: side * f64::from(1u32 << self.z),
            area: [left, top, width, height],
            density: self.density,
            ground: self.ground,
        }
    }

    /// Whether a tile of this zoom or of one above has a part of the frame.
    pub(super) fn meets(&self, tile: TileCoord) -> bool {
        let down = self.z - tile.z();
        let meets =
            |at: u32, (first, last): (u32, u32)| at << down <= last && (at + 1) << down > first;
        meets(tile.x(), self.columns) && meets(tile.y(), self.rows)
    }

    /// All tiles on the page of the zoom.
    #[cfg(test)]
    pub(super) fn whole(&self) -> PageBox {
        let frame = self.zoom_frame();
        let [left, top, width, height] = frame.area;
        let corner = tile_box(&frame, (left, top), width);
        PageBox {
            bottom: tile_box(&frame, (left, top), height).bottom,
            ..corner
        }
    }

    /// Where a tile of this zoom or of one above lies on the page of the zoom.
    pub(super) fn box_of(&self, tile: TileCoord) -> PageBox {
        let down = self.z - tile.z();
        let side = f64::from(self.side_px) * f64::from(1u32 << down);
        let at = (f64::from(tile.x()) * side, f64::from(tile.y()) * side);
        tile_box(&self.zoom_frame(), at, side)
    }
}
