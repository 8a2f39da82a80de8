//! Order along a Hilbert curve.

/// A curve over a box: 2³² steps each way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Curve {
    west: f64,
    south: f64,
    scale: [f64; 2],
}

impl Curve {
    /// The curve over a box: west, south, east, north.
    pub(crate) fn over([west, south, east, north]: [f64; 4]) -> Self {
        let scale = |span: f64| {
            if span > 0.0 {
                f64::from(u32::MAX) / span
            } else {
                0.0
            }
        };
        Self {
            west,
            south,
            scale: [scale(east - west), scale(north - south)],
        }
    }

    /// Where on the curve a position lies; one outside the box counts as on its edge.
    pub(crate) fn key(&self, [x, y]: [f64; 2]) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float is clamped to the range"
        )]
        let steps = |offset: f64, scale: f64| (offset * scale) as u32;
        let (mut x, mut y) = (
            steps(x - self.west, self.scale[0]),
            steps(y - self.south, self.scale[1]),
        );
        let mut key = 0;
        for bit in (0..32).rev() {
            let (right, up) = (x >> bit & 1, y >> bit & 1);
            key = key << 2 | u64::from((3 * right) ^ up);
            if up == 0 {
                if right == 1 {
                    (x, y) = (!x, !y);
                }
                (x, y) = (y, x);
            }
        }
        key
    }

    /// Where the middle of a box lies.
    pub(crate) fn key_of_box(&self, [west, south, east, north]: [f64; 4]) -> u64 {
        self.key([f64::midpoint(west, east), f64::midpoint(south, north)])
    }
}
