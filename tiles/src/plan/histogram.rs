//! What a tile would weigh, by priority.

use super::Limits;
use super::priority::{BUCKETS, Bucket};

/// Buckets below this are kept: 0 to [`BUCKETS`].
pub(crate) type Threshold = usize;

/// Bytes and features of a tile by priority.
pub(crate) struct Histogram {
    bytes: Vec<u32>,
    features: Vec<u32>,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            bytes: vec![0; BUCKETS],
            features: vec![0; BUCKETS],
        }
    }

    #[inline]
    pub(crate) fn add(&mut self, bucket: Bucket, bytes: u32) {
        let bucket = usize::from(bucket);
        self.bytes[bucket] = self.bytes[bucket].saturating_add(bytes);
        self.features[bucket] += 1;
    }

    /// Bytes below a threshold.
    pub(crate) fn bytes_below(&self, threshold: Threshold) -> u64 {
        self.bytes[..threshold]
            .iter()
            .map(|&bytes| u64::from(bytes))
            .sum()
    }

    /// The highest threshold that keeps the limits, when a byte of the histogram becomes `ratio` bytes of the tile.
    #[expect(clippy::cast_precision_loss, reason = "an estimate of bytes")]
    pub(crate) fn solve(&self, limits: Limits, ratio: f64) -> Threshold {
        // A little is left for what the histogram does not know.
        let most = limits
            .bytes
            .map_or(f64::INFINITY, |bytes| bytes as f64 * 0.98 / ratio);
        let most_features = limits.features.unwrap_or(u64::MAX);
        let (mut bytes, mut features) = (0f64, 0u64);
        for bucket in 0..BUCKETS {
            bytes += f64::from(self.bytes[bucket]);
            features += u64::from(self.features[bucket]);
            if bytes > most || features > most_features {
                return bucket;
            }
        }
        BUCKETS
    }

    /// The highest threshold below this one that keeps less.
    pub(crate) fn less_than(&self, threshold: Threshold) -> Threshold {
        let mut below = threshold;
        while below > 0 {
            below -= 1;
            if self.features[below] > 0 {
                return below;
            }
        }
        0
    }
}
