//! Thresholds that change over space without a step at the edges of tiles.
//!
//! A tile allows a threshold; a corner has the least of the four tiles round it; between the corners of a tile the threshold is
//! interpolated. So it is never above what the tile allows, and the same on both sides of an edge.

use std::collections::HashMap;
use std::io;
use std::ops::RangeInclusive;

use super::histogram::Threshold;
use super::priority::{BUCKETS, Bucket};
use crate::columns::Store;
use crate::{TileCoord, WorldPoint};

/// What tiles allow, by column and row; those that are not here allow all.
pub(super) type Thresholds = HashMap<(u32, u32), Threshold, foldhash::fast::FixedState>;

/// The corners of one tile.
#[derive(Clone, Copy)]
struct Corners {
    tile: Option<TileCoord>,
    /// North-west, north-east, south-west, south-east.
    allowed: [Threshold; 4],
}

impl Corners {
    fn of(tile: TileCoord, thresholds: &Thresholds) -> Self {
        let at = |x: i64, y: i64| {
            let place = u32::try_from(x).ok().zip(u32::try_from(y).ok());
            place
                .and_then(|place| thresholds.get(&place))
                .copied()
                .unwrap_or(BUCKETS)
        };
        let (x, y) = (i64::from(tile.x()), i64::from(tile.y()));
        let corner = |x: i64, y: i64| {
            at(x, y)
                .min(at(x - 1, y))
                .min(at(x, y - 1))
                .min(at(x - 1, y - 1))
        };
        Self {
            tile: Some(tile),
            allowed: [
                corner(x, y),
                corner(x + 1, y),
                corner(x, y + 1),
                corner(x + 1, y + 1),
            ],
        }
    }

    /// The threshold at a place in the tile.
    fn at(&self, place: WorldPoint) -> Threshold {
        const BITS: u32 = 12;
        let Some(tile) = self.tile else {
            return BUCKETS;
        };
        if self.allowed == [BUCKETS; 4] {
            return BUCKETS;
        }
        let along = |world: u32| {
            let along = u64::from(world) << tile.z() >> (32 - BITS) & ((1 << BITS) - 1);
            usize::try_from(along).unwrap_or(0)
        };
        let (east, south) = (along(place.x), along(place.y));
        let (west, north) = ((1 << BITS) - east, (1 << BITS) - south);
        let [north_west, north_east, south_west, south_east] = self.allowed;
        let upper = north_west * west + north_east * east;
        let lower = south_west * west + south_east * east;
        (upper * north + lower * south) >> (2 * BITS)
    }
}

/// The first zoom from which on each point stays below the thresholds where it is.
pub(super) fn shown_from(
    points: &Store,
    buckets: &[Bucket],
    everywhere: &[Threshold],
    local: &[Thresholds],
    zooms: RangeInclusive<u8>,
) -> io::Result<Vec<u8>> {
    let mut shown = Vec::with_capacity(buckets.len());
    let mut corners = vec![
        Corners {
            tile: None,
            allowed: [BUCKETS; 4],
        };
        local.len()
    ];
    points.walk(0..points.count, |place, at, _| {
        #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
        let bucket = usize::from(buckets[place as usize]);
        let mut first = *zooms.end() + 1;
        for z in zooms.clone().rev() {
            let zoom = usize::from(z);
            if bucket >= everywhere[zoom] {
                break;
            }
            if !local[zoom].is_empty() {
                let tile = TileCoord::of(z, at);
                if corners[zoom].tile != Some(tile) {
                    corners[zoom] = Corners::of(tile, &local[zoom]);
                }
                if bucket >= corners[zoom].at(at) {
                    break;
                }
            }
            first = z;
        }
        shown.push(first);
    })?;
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_place_is_above_what_its_tile_allows_and_edges_have_no_step(
            allowed in prop::collection::vec(0..BUCKETS, 16),
            (x, y) in any::<(u32, u32)>(),
        ) {
            let z = 2;
            let thresholds: Thresholds = (0..16u32)
                .map(|tile| ((tile % 4, tile / 4), allowed[tile as usize]))
                .collect();
            let at = |place: WorldPoint| {
                Corners::of(TileCoord::of(z, place), &thresholds).at(place)
            };
            let tile = TileCoord::of(z, WorldPoint { x, y });
            let own = thresholds[&(tile.x(), tile.y())];
            let found = at(WorldPoint { x, y });
            prop_assert!(found <= own);
            // On both sides of the edge between the first two columns.
            let edge = 1 << 30;
            let (west, east) = (at(WorldPoint { x: edge - 1, y }), at(WorldPoint { x: edge, y }));
            prop_assert!(west.abs_diff(east) <= BUCKETS / 4096 + 2);
        }
    }
}
