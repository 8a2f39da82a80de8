//! A packed R-tree over positions in space.
//!
//! Positions are metres from the centre of the WGS 84 ellipsoid, where neither the poles nor ±180° are
//! special. They come sorted along a Hilbert curve over degrees, 16 to a leaf; nodes are boxes, 16 to a
//! parent, written level after level from the leaves. There are no pointers: node `i` of a level covers
//! nodes `16 i …` of the level below, so the file is the tree and opening it costs nothing.

use crate::LonLat;

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;

/// Positions in a leaf, and nodes under a node.
const FAN_OUT: usize = 16;
/// Six f32 and the classes below.
const NODE_BYTES: usize = 32;

/// Metres from the centre of the WGS 84 ellipsoid: x towards 0°E 0°N, y towards 90°E 0°N, z towards the north
/// pole; height 0. Neither the poles nor ±180° are special there.
#[must_use]
pub fn in_space(position: LonLat) -> [f64; 3] {
    let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
    let normal = SEMI_MAJOR_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_2) * sin_lat,
    ]
}

/// How far a position rounded to 1/256 m on each axis may be from the true one, in metres.
pub(crate) const ROUNDING_M: f64 = 0.0035;

/// The square of the straight distance.
pub(crate) fn squared_distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum()
}

/// A box in space, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpaceBox {
    least: [f64; 3],
    greatest: [f64; 3],
}

impl SpaceBox {
    const EMPTY: Self = Self {
        least: [f64::INFINITY; 3],
        greatest: [f64::NEG_INFINITY; 3],
    };

    fn grow(&mut self, point: [f64; 3]) {
        for (axis, value) in point.into_iter().enumerate() {
            self.least[axis] = self.least[axis].min(value);
            self.greatest[axis] = self.greatest[axis].max(value);
        }
    }

    fn squared_distance(&self, point: [f64; 3]) -> f64 {
        (0..3)
            .map(|axis| {
                let outside =
                    (self.least[axis] - point[axis]).max(point[axis] - self.greatest[axis]);
                outside.max(0.0).powi(2)
            })
            .sum()
    }

    fn meets(&self, other: &Self) -> bool {
        (0..3).all(|axis| {
            self.least[axis] <= other.greatest[axis] && other.least[axis] <= self.greatest[axis]
        })
    }
}

/// A box in space around a box in degrees.
pub(crate) fn box_in_space(extent: crate::Extent) -> SpaceBox {
    // Of a box that goes beyond the world only what lies in it holds positions.
    let extent = crate::Extent {
        west: extent.west.clamp(-180.0, 180.0),
        south: extent.south.clamp(-90.0, 90.0),
        east: extent.east.clamp(-180.0, 180.0),
        north: extent.north.clamp(-90.0, 90.0),
    };
    // On the box the three coordinates are products of a function of latitude and one of longitude: their
    // extremes lie at the edges, at the equator, or where a sine or cosine of the longitude turns.
    let mut lons = vec![extent.west, extent.east];
    lons.extend((-2..=2).map(|quarter| f64::from(quarter) * 90.0));
    let mut lats = vec![extent.south, extent.north, 0.0];
    lons.retain(|lon| (extent.west..=extent.east).contains(lon));
    lats.retain(|lat| (extent.south..=extent.north).contains(lat));
    let mut around = SpaceBox::EMPTY;
    for &lon in &lons {
        for &lat in &lats {
            if let Ok(position) = LonLat::new(lon, lat) {
                around.grow(in_space(position));
            }
        }
    }
    for axis in 0..3 {
        // Rounding of the corners.
        around.least[axis] -= 1e-3;
        around.greatest[axis] += 1e-3;
    }
    around
}

/// Metres from the centre of the ellipsoid that hold all of a box in degrees: least x, y, z, then greatest. The box
/// does not cross ±180°.
#[must_use]
pub fn space_around(extent: crate::Extent) -> [f64; 6] {
    let SpaceBox { least, greatest } = box_in_space(extent);
    let mut both = [0.0; 6];
    both[..3].copy_from_slice(&least);
    both[3..].copy_from_slice(&greatest);
    both
}

/// Where a position lies on a Hilbert curve over the world: 2^32 steps each way.
pub(super) fn hilbert(position: LonLat) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the values are clamped to the range"
    )]
    let cell = |share: f64| (share * f64::from(u32::MAX)).clamp(0.0, f64::from(u32::MAX)) as u32;
    let (mut x, mut y) = (
        cell((position.lon() + 180.0) / 360.0),
        cell((position.lat() + 90.0) / 180.0),
    );
    // The iterative form: quarter by quarter from the coarsest, turning the frame as the curve does.
    let mut distance = 0_u64;
    for bit in (0..32).rev() {
        let (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
        distance = (distance << 2) | u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}

/// Builds the tree from positions in the order of the curve.
pub(super) struct TreeBuilder {
    leaves: Vec<(SpaceBox, u64)>,
    in_last: usize,
}

impl TreeBuilder {
    pub(super) fn new() -> Self {
        Self {
            leaves: Vec::new(),
            in_last: FAN_OUT,
        }
    }

    /// Adds the next position; `class_bit` has one bit set.
    pub(super) fn push(&mut self, position: LonLat, class_bit: u64) {
        if self.in_last == FAN_OUT {
            self.leaves.push((SpaceBox::EMPTY, 0));
            self.in_last = 0;
        }
        if let Some((around, classes)) = self.leaves.last_mut() {
            around.grow(in_space(position));
            *classes |= class_bit;
        }
        self.in_last += 1;
    }

    /// The bytes of all levels, leaves first.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut level = self.leaves;
        loop {
            for (around, classes) in &level {
                write_node(&mut bytes, around, *classes);
            }
            if level.len() <= 1 {
                return bytes;
            }
            level = level
                .chunks(FAN_OUT)
                .map(|below| {
                    let mut around = SpaceBox::EMPTY;
                    let mut classes = 0;
                    for (inner, inner_classes) in below {
                        around.grow(inner.least);
                        around.grow(inner.greatest);
                        classes |= inner_classes;
                    }
                    (around, classes)
                })
                .collect();
        }
    }
}

fn write_node(bytes: &mut Vec<u8>, around: &SpaceBox, classes: u64) {
    // Boxes are kept in half the bytes, rounded outward so that none loses what it holds.
    #[expect(clippy::cast_possible_truncation, reason = "rounded outward at once")]
    for axis in 0..3 {
        let least = (around.least[axis] as f32).next_down();
        bytes.extend_from_slice(&least.to_le_bytes());
    }
    #[expect(clippy::cast_possible_truncation, reason = "rounded outward at once")]
    for axis in 0..3 {
        let greatest = (around.greatest[axis] as f32).next_up();
        bytes.extend_from_slice(&greatest.to_le_bytes());
    }
    bytes.extend_from_slice(&classes.to_le_bytes());
}

/// How many nodes a tree of so many positions has.
fn nodes_of(positions: usize) -> usize {
    let mut level = positions.div_ceil(FAN_OUT);
    let mut all = level;
    while level > 1 {
        level = level.div_ceil(FAN_OUT);
        all += level;
    }
    all
}

/// The bytes of the tree of so many positions.
pub(super) fn bytes_of(positions: usize) -> usize {
    nodes_of(positions) * NODE_BYTES
}

/// A tree that was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tree<'a> {
    /// Exactly `bytes_of(positions)` long.
    bytes: &'a [u8],
    positions: usize,
}

impl<'a> Tree<'a> {
    /// `None` when the bytes are not those of a tree of so many positions.
    pub(super) fn new(bytes: &'a [u8], positions: usize) -> Option<Self> {
        (bytes.len() == bytes_of(positions)).then_some(Self { bytes, positions })
    }

    fn node(&self, number: usize) -> (SpaceBox, u64) {
        let bytes = &self.bytes[number * NODE_BYTES..][..NODE_BYTES];
        let value = |at: usize| {
            let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            f64::from(f32::from_le_bytes(four))
        };
        let mut classes = [0; 8];
        classes.copy_from_slice(&bytes[24..]);
        let around = SpaceBox {
            least: [value(0), value(4), value(8)],
            greatest: [value(12), value(16), value(20)],
        };
        (around, u64::from_le_bytes(classes))
    }

    /// The levels from the root down: first node and how many.
    fn levels(&self) -> Vec<(usize, usize)> {
        let mut levels = Vec::with_capacity(8);
        let (mut first, mut count) = (0, self.positions.div_ceil(FAN_OUT));
        while count > 0 {
            levels.push((first, count));
            first += count;
            count = if count > 1 {
                count.div_ceil(FAN_OUT)
            } else {
                0
            };
        }
        levels.reverse();
        levels
    }

    /// Visits the leaves that may hold positions of `classes` with a squared distance to `origin` of at most
    /// `limit_2`, near ones first. `leaf` gets the numbers of the positions and returns the limit from then on.
    pub(crate) fn near(
        &self,
        origin: [f64; 3],
        classes: u64,
        limit_2: f64,
        leaf: &mut impl FnMut(std::ops::Range<usize>) -> f64,
    ) {
        let levels = self.levels();
        if levels.is_empty() {
            return;
        }
        let mut limit_2 = limit_2;
        // Nodes still to be seen, the nearest on top.
        let mut waiting: Vec<(f64, usize, usize)> = vec![(0.0, 0, 0)];
        while let Some((distance_2, depth, index)) = waiting.pop() {
            if distance_2 > limit_2 {
                continue;
            }
            if depth + 1 == levels.len() {
                let start = index * FAN_OUT;
                limit_2 = leaf(start..(start + FAN_OUT).min(self.positions));
                continue;
            }
            let (first, count) = levels[depth + 1];
            let below = waiting.len();
            for child in index * FAN_OUT..((index + 1) * FAN_OUT).min(count) {
                let (around, within) = self.node(first + child);
                let distance_2 = around.squared_distance(origin);
                if within & classes != 0 && distance_2 <= limit_2 {
                    waiting.push((distance_2, depth + 1, child));
                }
            }
            waiting[below..].sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        }
    }

    /// Visits the leaves that meet a box and may hold positions of `classes`.
    pub(crate) fn in_box(
        &self,
        wanted: &SpaceBox,
        classes: u64,
        leaf: &mut impl FnMut(std::ops::Range<usize>),
    ) {
        let levels = self.levels();
        if levels.is_empty() {
            return;
        }
        let mut waiting = vec![(0, 0)];
        while let Some((depth, index)) = waiting.pop() {
            if depth + 1 == levels.len() {
                let start = index * FAN_OUT;
                leaf(start..(start + FAN_OUT).min(self.positions));
                continue;
            }
            let (first, count) = levels[depth + 1];
            for child in index * FAN_OUT..((index + 1) * FAN_OUT).min(count) {
                let (around, within) = self.node(first + child);
                if within & classes != 0 && around.meets(wanted) {
                    waiting.push((depth + 1, child));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_curve_never_leaps() {
        // The first 4^5 cells of the curve, each next to the one before: what makes boxes small.
        let step = 360.0 / 32.0;
        let mut cells: Vec<(u64, i32, i32)> = Vec::new();
        for x in 0..32_i32 {
            for y in 0..32_i32 {
                let lon = (f64::from(x) + 0.5) * step - 180.0;
                let lat = (f64::from(y) + 0.5) * step / 2.0 - 90.0;
                cells.push((hilbert(LonLat::new(lon, lat).expect("in range")), x, y));
            }
        }
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let apart = (pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs();
            assert_eq!(apart, 1, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn a_box_in_space_holds_what_lies_in_the_box_in_degrees(
            west in -180.0..180.0_f64, south in -90.0..90.0_f64,
            width in 0.0..360.0_f64, height in 0.0..180.0_f64,
            across in 0.0..=1.0_f64, along in 0.0..=1.0_f64,
        ) {
            let extent = crate::Extent { west, south, east: (west + width).min(180.0), north: (south + height).min(90.0) };
            let position = LonLat::new(
                extent.west + (extent.east - extent.west) * across,
                extent.south + (extent.north - extent.south) * along,
            ).expect("in range");
            prop_assert!(box_in_space(extent).squared_distance(in_space(position)) <= 0.0);
        }
    }
}
