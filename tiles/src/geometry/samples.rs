//! Shapes that tests draw by chance.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use proptest::prelude::*;

use super::{Shapes, Topology, TopologyOptions};
use crate::WorldPoint;

/// A square of the world divided into cells with jagged borders that neighbours share.
#[derive(Debug, Clone)]
pub(super) struct Coverage {
    /// World units from the west and the north.
    pub(super) corner: (u32, u32),
    pub(super) side: u32,
    pub(super) cells: u32,
    /// Vertices within a border between two cells.
    pub(super) inner: u32,
    /// How far vertices leave the grid, in parts of a cell's side.
    pub(super) jag: f64,
    pub(super) seed: u64,
}

/// Coverages that fill a tile of some zoom.
pub(super) fn coverages() -> impl Strategy<Value = (u8, Coverage)> {
    (2u8..9, 1u32..9, 0u32..9, 0.0..0.6f64, any::<u64>()).prop_map(
        |(z, cells, inner, jag, seed)| {
            let side = 1u32 << (32 - u32::from(z));
            let tiles = 1u64 << z;
            let pick = |bits: u64| u32::try_from(bits % tiles).unwrap() * side;
            let corner = (pick(seed >> 7), pick(seed >> 31));
            let coverage = Coverage {
                corner,
                side,
                cells,
                inner,
                jag,
                seed,
            };
            (z, coverage)
        },
    )
}

/// A number from 0 to 1 that depends on a seed and a position only.
fn chance(seed: u64, x: u64, y: u64) -> f64 {
    let mut bits =
        seed ^ x.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ y.wrapping_mul(0xd1b5_4a32_d192_ed03);
    for _ in 0..3 {
        bits ^= bits >> 31;
        bits = bits.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    f64::from(u32::try_from(bits >> 32).unwrap()) / f64::from(u32::MAX)
}

impl Coverage {
    /// The vertex at a position of the fine grid; those on the outer border stay on it.
    fn vertex(&self, column: u32, row: u32) -> WorldPoint {
        let steps = self.cells * (self.inner + 1);
        let fine = f64::from(self.side) / f64::from(steps);
        let jag = self.jag * f64::from(self.side) / f64::from(self.cells);
        let moved = |at: u32, nth: u64| {
            let place = f64::from(at) * fine;
            let away = if at == 0 || at == steps {
                0.0
            } else {
                jag * (chance(self.seed.wrapping_add(nth), column.into(), row.into()) - 0.5)
            };
            (place + away).clamp(0.0, f64::from(self.side))
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the square"
        )]
        let world = |corner: u32, at: f64| {
            u32::try_from((u64::from(corner) + at as u64).min(u64::from(u32::MAX))).unwrap()
        };
        WorldPoint {
            x: world(self.corner.0, moved(column, 1)),
            y: world(self.corner.1, moved(row, 2)),
        }
    }

    pub(super) fn shapes(&self) -> Shapes {
        let step = self.inner + 1;
        let mut points = Vec::new();
        let mut ends = Vec::new();
        for row in 0..self.cells {
            for column in 0..self.cells {
                let (west, north) = (column * step, row * step);
                points.extend((0..step).map(|nth| self.vertex(west + nth, north)));
                points.extend((0..step).map(|nth| self.vertex(west + step, north + nth)));
                points.extend((0..step).map(|nth| self.vertex(west + step - nth, north + step)));
                points.extend((0..step).map(|nth| self.vertex(west, north + step - nth)));
                ends.push(u32::try_from(points.len()).unwrap());
            }
        }
        let each: Vec<u32> = (1..=self.cells * self.cells).collect();
        Shapes::polygons(points, ends, each.clone(), each).unwrap()
    }

    pub(super) fn topology(&self) -> Topology {
        Topology::build(self.shapes(), &TopologyOptions::default())
    }
}

/// Returns one feature of polygons given as rings in world units.
pub(super) fn polygons(parts: &[Vec<Vec<(u32, u32)>>]) -> Topology {
    let (mut points, mut ring_ends, mut part_ends) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        for ring in part {
            points.extend(ring.iter().map(|&(x, y)| WorldPoint { x, y }));
            ring_ends.push(u32::try_from(points.len()).unwrap());
        }
        part_ends.push(u32::try_from(ring_ends.len()).unwrap());
    }
    let features = vec![u32::try_from(part_ends.len()).unwrap()];
    let shapes = Shapes::polygons(points, ring_ends, part_ends, features).unwrap();
    Topology::build(shapes, &TopologyOptions::default())
}
