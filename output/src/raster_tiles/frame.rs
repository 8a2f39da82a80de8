//! The part of the world that a zoom shows.

use gazetteer::Extent;
use tiles::{TileCoord, WorldPoint};

use super::encode::Cut;
use super::runs::BYTES;
use super::{RasterTileOptions, RasterTilesError};
use crate::raster::PageBox;
use crate::raster::zoom::{ZoomFrame, tile_box};

/// The longest side of a zoom in pixels: what lies below names is kept at a quarter of the pixels.
const MOST_SIDE_PX: u64 = 12_288;

/// The longest side of a block in pixels: what a core has at hand while it paints.
const BLOCK_PX: usize = 1024;

/// Neighbouring tiles.
pub(super) struct Block {
    /// Tells it from those of all zooms.
    pub(super) number: u64,
    /// Where it lies on the page of its zoom.
    pub(super) area: PageBox,
    z: u8,
    /// First and last column and row.
    columns: (u32, u32),
    rows: (u32, u32),
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
    pub(super) fn tile_px(&self) -> usize {
        let side = self.side_px as usize;
        if self.density > 1.0 { side * 2 } else { side }
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
            Some(Block {
                number: above.id(),
                area: self.box_of(columns, rows),
                z: self.z,
                columns,
                rows,
            })
        });
        blocks.collect()
    }

    /// A tile of a block whose row of tiles was painted.
    pub(super) fn cut<'p>(&self, block: &Block, pixels: &'p [u8], tile: TileCoord) -> Cut<'p> {
        let side = self.tile_px();
        let first = (tile.x() - block.columns.0) as usize * side;
        Cut {
            pixels: &pixels[first * BYTES..],
            stride: (block.columns.1 - block.columns.0 + 1) as usize * side,
            side,
        }
    }
}

impl Block {
    /// Its tiles, row by row.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = TileCoord>> {
        let (z, columns) = (self.z, self.columns);
        (self.rows.0..=self.rows.1)
            .map(move |y| (columns.0..=columns.1).filter_map(move |x| TileCoord::new(z, x, y).ok()))
    }
}
