//! The order in which many questions are best asked: along a Hilbert curve, so that one begins where the last
//! ended.

use gazetteer::{Extent, LonLat};

/// Steps of the curve each way, as bits: 2,048.
const BITS: u32 = 11;

/// Sorts positions along a Hilbert curve over a fixed box; its buffers are used again.
#[derive(Debug, Clone)]
pub struct CurveOrder {
    west: f64,
    south: f64,
    /// Steps a degree.
    scale: [f64; 2],
    keys: Vec<u64>,
    spare: Vec<u64>,
}

impl CurveOrder {
    /// A curve over a box in degrees; positions outside are taken to its edge.
    #[must_use]
    pub fn new(extent: Extent) -> Self {
        let steps = f64::from(1_u32 << BITS);
        let scale = |from: f64, to: f64| steps / (to - from).max(1e-9);
        Self {
            west: extent.west,
            south: extent.south,
            scale: [
                scale(extent.west, extent.east),
                scale(extent.south, extent.north),
            ],
            keys: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Where on the curve a position lies.
    #[must_use]
    pub fn key(&self, at: LonLat) -> u32 {
        let most = f64::from((1_u32 << BITS) - 1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the steps of the curve"
        )]
        let step = |value: f64| value.clamp(0.0, most) as u32;
        hilbert(
            step((at.lon() - self.west) * self.scale[0]),
            step((at.lat() - self.south) * self.scale[1]),
        )
    }

    /// The indices of positions in the order of the curve, equal ones in their own.
    ///
    /// # Panics
    /// Never with fewer than 2³² positions.
    pub fn sort(&mut self, positions: impl Iterator<Item = LonLat>, sorted: &mut Vec<u32>) {
        let mut keys = std::mem::take(&mut self.keys);
        let mut spare = std::mem::take(&mut self.spare);
        keys.clear();
        for (index, at) in (0_u32..).zip(positions) {
            keys.push(u64::from(self.key(at)) << 32 | u64::from(index));
        }
        spare.clear();
        spare.resize(keys.len(), 0);
        pass(&keys, &mut spare, 32);
        pass(&spare, &mut keys, 32 + BITS);
        sorted.clear();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the lower half is the index"
        )]
        sorted.extend(keys.iter().map(|key| *key as u32));
        self.keys = keys;
        self.spare = spare;
    }
}

/// A stable counting sort by the bits from `shift` on.
fn pass(from: &[u64], to: &mut [u64], shift: u32) {
    let digit = |key: u64| ((key >> shift) & ((1 << BITS) - 1)) as usize;
    let mut starts = [0_u32; 1 << BITS];
    for key in from {
        starts[digit(*key)] += 1;
    }
    let mut next = 0;
    for start in &mut starts {
        next += std::mem::replace(start, next);
    }
    for key in from {
        let start = &mut starts[digit(*key)];
        to[*start as usize] = *key;
        *start += 1;
    }
}

/// Where a step lies on the curve: quarter by quarter from the coarsest, turning the frame as the curve does.
/// (The gazetteer's is the same over the whole world with 32 bits: three times the work.)
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut distance = 0;
    for bit in (0..BITS).rev() {
        let (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
        distance = distance << 2 | ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}
