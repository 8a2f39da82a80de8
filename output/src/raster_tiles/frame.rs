//! The part of the world that a zoom shows.

use gazetteer::Extent;
use tiles::{TileCoord, WorldPoint};
use tiny_skia::Pixmap;

use super::encode::Cut;
use super::runs::BYTES;
use super::{RasterTileOptions, RasterTilesError};
use crate::raster::PageBox;
use crate::raster::zoom::{ZoomFrame, tile_box};

/// The longest side of a zoom in pixels: what lies below names is kept at a quarter of the pixels.
const MOST_SIDE_PX: u64 = 12_288;

/// The longest side of a block in pixels: what a core has at hand while it paints.
const BLOCK_PX: u32 = 1024;

/// Neighbouring tiles.
pub(super) struct Block {
    /// Tells it from those of all zooms.
    pub(super) number: u64,
    /// Where it lies on the page of its zoom.
    pub(super) area: PageBox,
    /// In the order of the archive.
    pub(super) tiles: Vec<TileCoord>,
    /// Its first column and row.
    corner: (u32, u32),
}

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

    /// All tiles on the page of the zoom.
    #[cfg(test)]
    pub(super) fn whole(&self) -> PageBox {
        self.box_of(self.columns, self.rows)
    }

    /// Where tiles lie on the page of the zoom: first and last column and row.
    fn box_of(&self, columns: (u32, u32), rows: (u32, u32)) -> PageBox {
        let side = f64::from(self.side_px);
        let at = |tile: u32| f64::from(tile) * side;
        let along = |(first, last): (u32, u32)| f64::from(last - first + 1) * side;
        let corner = (at(columns.0), at(rows.0));
        tile_box(&self.zoom_frame(), corner, (along(columns), along(rows)))
    }

    /// Pixels of a tile's side.
    fn tile_px(&self) -> u32 {
        if self.density > 1.0 {
            self.side_px * 2
        } else {
            self.side_px
        }
    }

    /// All tiles, in blocks that are painted at once.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut down = 0;
        while down < self.z && self.tile_px() << (down + 1) <= BLOCK_PX {
            down += 1;
        }
        let part = |(first, last): (u32, u32), at: u32| {
            (first.max(at << down), last.min(((at + 1) << down) - 1))
        };
        let of = |(first, last): (u32, u32)| (first >> down)..=(last >> down);
        let corners = of(self.columns).flat_map(|x| of(self.rows).map(move |y| (x, y)));
        let blocks = corners.filter_map(|(x, y)| {
            let above = TileCoord::new(self.z - down, x, y).ok()?;
            let (columns, rows) = (part(self.columns, x), part(self.rows, y));
            let tiles = (columns.0..=columns.1)
                .flat_map(|x| (rows.0..=rows.1).map(move |y| (x, y)))
                .filter_map(|(x, y)| TileCoord::new(self.z, x, y).ok());
            let mut tiles: Vec<TileCoord> = tiles.collect();
            tiles.sort_unstable_by_key(|tile| tile.key());
            Some(Block {
                number: above.id(),
                corner: (columns.0, rows.0),
                area: self.box_of(columns, rows),
                tiles,
            })
        });
        blocks.collect()
    }

    /// A tile of a block that was painted.
    pub(super) fn cut<'p>(&self, block: &Block, picture: &'p Pixmap, tile: TileCoord) -> Cut<'p> {
        let side = self.tile_px() as usize;
        let stride = picture.width() as usize;
        let (x, y) = (tile.x() - block.corner.0, tile.y() - block.corner.1);
        let first = (y as usize * stride + x as usize) * side;
        Cut {
            pixels: &picture.data()[first * BYTES..],
            stride,
            side,
        }
    }
}
