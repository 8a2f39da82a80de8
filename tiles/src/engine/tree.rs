//! The work, cut along the quadtree.

use std::io;
use std::ops::{Range, RangeInclusive};

use crate::TileCoord;
use crate::columns::Store;

/// A piece of work: one tile, or a tile and all below it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The tile at its top.
    pub(super) tile: TileCoord,
    /// The zooms of which it makes tiles.
    pub(super) zooms: RangeInclusive<u8>,
    /// Points inside, as a range of the store.
    pub(super) points: Range<u64>,
    /// Lines, then polygons, whose boxes touch it.
    pub(super) shapes: [Vec<u32>; 2],
    /// How much work it is.
    pub(super) weight: u64,
}

/// Points of a piece of work, unless a single tile of the last zoom has more.
const MOST_POINTS: u64 = 1 << 16;
/// Vertices of a piece of work.
const MOST_VERTICES: u64 = 1 << 18;

/// What the tree divides.
pub(super) struct Ground<'a> {
    pub(super) points: &'a Store,
    pub(super) zooms: RangeInclusive<u8>,
    /// Pieces of work that begin at shallower zooms than this are single tiles.
    pub(super) split_zoom: u8,
    /// Lines and polygons.
    pub(super) shapes: &'a dyn Touching,
}

/// Lines and polygons, as far as the tree has to know them.
pub(super) trait Touching {
    /// Every line and every polygon.
    fn all(&self) -> [Vec<u32>; 2];
    /// Those of a list whose boxes touch a tile with its buffer.
    fn within(&self, of: &[Vec<u32>; 2], tile: TileCoord) -> [Vec<u32>; 2];
    /// How many vertices they have in the tile, about.
    fn vertices(&self, of: &[Vec<u32>; 2], tile: TileCoord) -> u64;
}

/// Cuts the work.
pub(super) fn cut(ground: &Ground<'_>) -> io::Result<Vec<Node>> {
    let mut nodes = Vec::new();
    if let Ok(world) = TileCoord::new(0, 0, 0) {
        let shapes = ground.shapes.all();
        cut_tile(ground, world, 0..ground.points.count, shapes, &mut nodes)?;
    }
    Ok(nodes)
}

fn cut_tile(
    ground: &Ground<'_>,
    tile: TileCoord,
    points: Range<u64>,
    shapes: [Vec<u32>; 2],
    nodes: &mut Vec<Node>,
) -> io::Result<()> {
    let count = points.end - points.start;
    if count == 0 && shapes.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let (least, most) = (*ground.zooms.start(), *ground.zooms.end());
    let z = tile.z();
    let vertices = ground.shapes.vertices(&shapes, tile);
    let small = count <= MOST_POINTS && vertices <= MOST_VERTICES && z >= ground.split_zoom;
    if small || z >= most {
        nodes.push(Node {
            tile,
            zooms: z.max(least)..=most,
            weight: (count + vertices) * u64::from(most + 1 - z.max(least)),
            points,
            shapes,
        });
        return Ok(());
    }
    let first = tile.key() << 2;
    let mut start = points.start;
    for key in first..first + 4 {
        let Ok(child) = TileCoord::from_key(z + 1, key) else {
            continue;
        };
        let end = if key == first + 3 {
            points.end
        } else {
            let next = (key + 1) << (64 - 2 * u32::from(z + 1));
            ground.points.rows_before(next)?
        };
        let within = ground.shapes.within(&shapes, child);
        cut_tile(ground, child, start..end, within, nodes)?;
        start = end;
    }
    if z >= least {
        nodes.push(Node {
            tile,
            zooms: z..=z,
            weight: count + vertices,
            points,
            shapes,
        });
    }
    Ok(())
}
