//! Which feature stays longest: one number a feature, the same at every zoom.
//!
//! The number is a bucket, 256 of them for each doubling (fourfold for [`densest`]) of what is kept; a zoom keeps what is
//! below its threshold.

use std::io;

use crate::WorldPoint;
use crate::columns::{Store, take_cell, take_head};
use crate::mvt::Value;

/// A bucket of priority, 0 to [`BUCKETS`] − 1; less stays longer.
pub(crate) type Bucket = u16;

/// Buckets are below this.
pub(crate) const BUCKETS: usize = 34 * STEPS;

/// Buckets of a depth of the quadtree, or of a doubling.
pub(crate) const STEPS: usize = 256;

/// Mixes a number, so that neighbours differ in every bit (the finaliser of `SplitMix64`).
pub(crate) fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// The bucket of a share of all features, as a fraction of 2³²: those below a share of ½ are half of all.
#[expect(
    clippy::cast_possible_truncation,
    reason = "eight bits, and an exponent below 32"
)]
pub(crate) fn share_bucket(share: u32) -> Bucket {
    let exponent = (share | 1).ilog2();
    let mantissa = if exponent >= 8 {
        share >> (exponent - 8)
    } else {
        share << (8 - exponent)
    };
    (exponent as usize * STEPS) as Bucket + (mantissa & 0xFF) as Bucket
}

/// A number by which features compete: the greater stays.
pub(crate) type Score = (u64, u64);

/// The score of a feature: its rank if it has one, then chance, which is the same in every run.
pub(crate) fn score(rank: Option<f64>, number: u64) -> Score {
    (ordered(rank), mixed(number))
}

/// Numbers in the order of their values; nothing is least.
pub(crate) fn ordered(number: Option<f64>) -> u64 {
    let Some(number) = number else { return 0 };
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

/// Reads the rank and the number of a row.
#[expect(clippy::cast_precision_loss, reason = "a rank, compared")]
pub(crate) fn rank_of(mut rest: &[u8], column: Option<u32>) -> (Option<f64>, u64) {
    let head = take_head(&mut rest);
    let Some(column) = column else {
        return (None, head.number);
    };
    let rank = std::iter::from_fn(|| take_cell(&mut rest)).find(|cell| cell.0 == column);
    let rank = rank.and_then(|(_, value)| match value {
        Value::Int(number) => Some(number as f64),
        Value::Uint(number) => Some(number as f64),
        Value::Double(number) => Some(number),
        Value::Bool(is) => Some(f64::from(u8::from(is))),
        Value::Text(_) => None,
    });
    (rank, head.number)
}

/// Even spacing: the depth of the shallowest cell of the quadtree in which a point is the best.
#[expect(
    clippy::cast_possible_truncation,
    reason = "depths are at most 33; eight bits of a hash"
)]
pub(crate) fn densest(points: &Store, rank: Option<u32>) -> io::Result<Vec<Bucket>> {
    struct Open {
        place: u64,
        score: Score,
        /// How deep the cell is that this one shares with the one before it.
        shared: u32,
    }
    let mut buckets = vec![0; points.count as usize];
    // The best of each cell that is not yet complete, shallow to deep.
    let mut open: Vec<Open> = Vec::new();
    let mut last = WorldPoint { x: 0, y: 0 };
    let mut close = |open: &mut Vec<Open>, depth: u32| {
        while open.len() > 1 && open[open.len() - 1].shared >= depth {
            let (Some(later), Some(earlier)) = (open.pop(), open.last_mut()) else {
                return;
            };
            let loser = if later.score > earlier.score {
                let loser = (earlier.place, earlier.score);
                (earlier.place, earlier.score) = (later.place, later.score);
                loser
            } else {
                (later.place, later.score)
            };
            buckets[loser.0 as usize] =
                ((later.shared + 1) as usize * STEPS) as Bucket + (loser.1.1 >> 56) as Bucket;
        }
    };
    points.walk(0..points.count, |place, at, rest| {
        let (rank, number) = rank_of(rest, rank);
        let shared = ((at.x ^ last.x) | (at.y ^ last.y)).leading_zeros();
        close(&mut open, shared);
        open.push(Open {
            place,
            score: score(rank, number),
            shared,
        });
        last = at;
    })?;
    close(&mut open, 0);
    Ok(buckets)
}

/// An even sample along the order of the tiles: what is kept at a share is spread as all features are.
#[expect(clippy::cast_possible_truncation, reason = "the low bits, reversed")]
pub(crate) fn rate(count: u64) -> Vec<Bucket> {
    (0..count)
        .map(|place| share_bucket((place as u32).reverse_bits()))
        .collect()
}

/// By scores, the greatest first.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of 2^32; features are fewer than memory"
)]
pub(crate) fn by_score(scores: &[Score]) -> Vec<Bucket> {
    let mut order: Vec<(Score, u32)> = scores.iter().copied().zip(0u32..).collect();
    order.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut buckets = vec![0; scores.len()];
    let count = scores.len().max(1) as u64;
    for (position, (_, place)) in (0u64..).zip(order) {
        let share = (position << 32) / count;
        buckets[place as usize] = share_bucket(share as u32);
    }
    buckets
}

/// Scores of all points.
pub(crate) fn scores(points: &Store, rank: Option<u32>) -> io::Result<Vec<Score>> {
    let mut scores = Vec::new();
    points.walk(0..points.count, |_, _, rest| {
        let (rank, number) = rank_of(rest, rank);
        scores.push(score(rank, number));
    })?;
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_depth_of_a_point_is_that_of_the_shallowest_cell_it_is_best_in(
            places in prop::collection::vec((0..16u32, 0..16u32), 1..60),
            spread in 0..28u32,
        ) {
            let rows: Vec<WorldPoint> = places
                .into_iter()
                .map(|(x, y)| WorldPoint { x: x << spread, y: y << spread })
                .collect();
            let store = crate::columns::store_of(&rows);
            let mut points = Vec::new();
            store.walk(0..store.count, |_, at, rest| {
                points.push((at, score(None, rank_of(rest, None).1)));
            }).expect("in memory");
            let buckets = densest(&store, None).expect("in memory");
            for (&(at, own), bucket) in points.iter().zip(buckets) {
                let best = |depth: u32| {
                    points.iter().all(|&(other, score)| {
                        let shared = ((at.x ^ other.x) | (at.y ^ other.y)).leading_zeros();
                        shared < depth || score <= own
                    })
                };
                let depth = (0..=32).find(|&depth| best(depth)).unwrap_or(33);
                prop_assert_eq!(usize::from(bucket) / STEPS, depth as usize);
            }
        }

        #[test]
        fn greater_numbers_have_greater_orders(one: f64, other: f64) {
            prop_assume!(one.is_finite() && other.is_finite());
            prop_assert_eq!(one < other, ordered(Some(one)) < ordered(Some(other)));
            prop_assert!(ordered(None) < ordered(Some(one)));
        }

        #[test]
        fn greater_shares_have_greater_buckets(one: u32, other: u32) {
            let (less, more) = (one.min(other), one.max(other));
            prop_assert!(share_bucket(less) <= share_bucket(more));
            prop_assert!(usize::from(share_bucket(more)) < BUCKETS);
            // No more than 1/256 of the share is left open.
            if less > 256 && u64::from(more) * 255 > u64::from(less) * 256 {
                prop_assert!(share_bucket(less) < share_bucket(more));
            }
        }
    }
}
