//! What a tile would weigh, by priority.

use super::Limits;
use super::priority::{BUCKETS, Bucket};

/// Buckets below this are kept: 0 to [`BUCKETS`].
pub(crate) type Threshold = usize;

/// Bytes and features of a tile by priority.
pub(crate) struct Histogram {
    bytes: Vec<u32>,
    features: Vec<u32>,
    /// Features that may not fit into a tile by themselves, and how many bytes that are.
    large: Vec<(Bucket, u32)>,
    large_from: u32,
}

impl Histogram {
    pub(crate) fn new(limits: Limits) -> Self {
        let mut empty = Self {
            bytes: vec![0; BUCKETS],
            features: vec![0; BUCKETS],
            large: Vec::new(),
            large_from: 0,
        };
        empty.clear(limits);
        empty
    }

    /// Forgets what was added; the next tile may hold so much.
    pub(crate) fn clear(&mut self, limits: Limits) {
        self.bytes.fill(0);
        self.features.fill(0);
        self.large.clear();
        let half = limits.bytes.map(|bytes| u32::try_from(bytes / 2));
        self.large_from = half.and_then(Result::ok).unwrap_or(u32::MAX);
    }

    #[inline]
    pub(crate) fn add(&mut self, bucket: Bucket, bytes: u32) {
        if bytes > self.large_from {
            self.large.push((bucket, bytes));
            return;
        }
        let bucket = usize::from(bucket);
        self.bytes[bucket] = self.bytes[bucket].saturating_add(bytes);
        self.features[bucket] += 1;
    }

    /// Bytes below a threshold.
    pub(crate) fn bytes_below(&self, threshold: Threshold) -> u64 {
        let usual = self.bytes[..threshold].iter().copied();
        let large = self.large.iter();
        let large = large.filter(|(bucket, _)| usize::from(*bucket) < threshold);
        usual
            .chain(large.map(|&(_, bytes)| bytes))
            .map(u64::from)
            .sum()
    }

    /// The highest threshold that keeps the limits, when a byte of the histogram becomes `ratio` bytes of the tile. What does not
    /// fit by itself does not count: the tile will be without it.
    #[expect(clippy::cast_precision_loss, reason = "an estimate of bytes")]
    pub(crate) fn solve(&self, limits: Limits, ratio: f64) -> Threshold {
        // A little is left for what the histogram does not know.
        let most = limits
            .bytes
            .map_or(f64::INFINITY, |bytes| bytes as f64 * 0.98 / ratio);
        let most_features = limits.features.unwrap_or(u64::MAX);
        let fits = self.large.iter().filter(|(_, own)| f64::from(*own) <= most);
        let mut large: Vec<(Bucket, u32)> = fits.copied().collect();
        large.sort_unstable();
        let mut large = large.into_iter().peekable();
        let (mut bytes, mut features) = (0f64, 0u64);
        for bucket in 0..BUCKETS {
            bytes += f64::from(self.bytes[bucket]);
            features += u64::from(self.features[bucket]);
            while let Some((_, own)) = large.next_if(|(of, _)| usize::from(*of) <= bucket) {
                bytes += f64::from(own);
                features += 1;
            }
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
            let large = || self.large.iter().any(|(of, _)| usize::from(*of) == below);
            if self.features[below] > 0 || large() {
                return below;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_by_itself_does_not_empty_the_tile() {
        let limits = Limits {
            bytes: Some(1000),
            features: None,
        };
        let mut histogram = Histogram::new(limits);
        for bucket in 0..100 {
            histogram.add(bucket, 10);
        }
        assert_eq!(histogram.solve(limits, 1.0), 98);
        // It would be the first to stay.
        histogram.add(0, 5000);
        assert_eq!(histogram.solve(limits, 1.0), 98);
        // Half of the tile.
        histogram.add(0, 600);
        assert_eq!(histogram.solve(limits, 1.0), 38);
        assert_eq!(histogram.bytes_below(1), 5610);
    }
}
