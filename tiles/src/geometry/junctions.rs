//! Where borders meet: vertices whose neighbours are not the same in every ring.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::WorldPoint;

/// Vertices are sorted in lots of about so many, 16 bytes each.
const LOT: usize = 1 << 20;

/// One bit a vertex.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    #[inline]
    pub(super) fn contains(&self, vertex: usize) -> bool {
        self.0[vertex / 64] >> (vertex % 64) & 1 == 1
    }
}

/// Returns a mark for every vertex where borders meet.
///
/// Each vertex is written with a hash of its two neighbours, smaller first, and sorted; a position with two different hashes is a
/// junction. Were two hashes ever equal by chance, borders would still be right, only not joined there. The sorting is divided
/// into lots by position, so that threads share the work and little memory is needed.
pub(super) fn junctions(points: &[WorldPoint], rings: &[u32], threads: usize) -> Marks {
    let lots = points.len().div_ceil(LOT).next_power_of_two().min(1 << 12);
    // As bits of a mixed position.
    let bits = lots.trailing_zeros();
    let next_lot = AtomicU32::new(0);
    let worker = || {
        let mut found = Vec::new();
        let mut entries = Vec::new();
        loop {
            let lot = next_lot.fetch_add(1, Ordering::Relaxed);
            if lot as usize >= lots {
                return found;
            }
            collect_lot(points, rings, (bits, lot), &mut entries);
            entries.sort_unstable();
            for same in entries.chunk_by(|one, other| one.0 == other.0) {
                if same[0].1 != same[same.len() - 1].1 {
                    found.push(same[0].0);
                }
            }
        }
    };
    let found: HashSet<u64, foldhash::fast::RandomState> =
        on_threads(threads, worker).into_iter().flatten().collect();
    let mut words = vec![0u64; points.len().div_ceil(64)];
    let words_each = words.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (words, points) in words
            .chunks_mut(words_each)
            .zip(points.chunks(words_each * 64))
        {
            let found = &found;
            scope.spawn(move || {
                for (word, points) in words.iter_mut().zip(points.chunks(64)) {
                    for (bit, &point) in points.iter().enumerate() {
                        *word |= u64::from(found.contains(&key(point))) << bit;
                    }
                }
            });
        }
    });
    Marks(words)
}

/// Runs the same work on several threads and returns what each made.
pub(super) fn on_threads<T: Send>(threads: usize, worker: impl Fn() -> T + Sync) -> Vec<T> {
    if threads <= 1 {
        return vec![worker()];
    }
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(&worker)).collect();
        handles
            .into_iter()
            .map(|handle| {
                handle
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

fn key(point: WorldPoint) -> u64 {
    u64::from(point.x) << 32 | u64::from(point.y)
}

/// The product of 64-bit numbers folded to 64 bits: every bit depends on every bit.
#[inline]
fn mixed(one: u64, other: u64) -> u64 {
    let product =
        u128::from(one ^ 0x9e37_79b9_7f4a_7c15) * u128::from(other ^ 0xd1b5_4a32_d192_ed03);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    {
        product as u64 ^ (product >> 64) as u64
    }
}

#[inline]
fn lot_of(point: WorldPoint, bits: u32) -> u32 {
    let mixed = point.x.wrapping_mul(0x9e37_79b1) ^ point.y.wrapping_mul(0x85eb_ca77);
    mixed.unbounded_shr(32 - bits)
}

fn collect_lot(
    points: &[WorldPoint],
    rings: &[u32],
    (bits, lot): (u32, u32),
    entries: &mut Vec<(u64, u64)>,
) {
    entries.clear();
    let mut start = 0;
    for &end in rings {
        let ring = &points[start..end as usize];
        start = end as usize;
        let Some(&last) = ring.last() else { continue };
        let mut previous = key(last);
        let mut current = key(ring[0]);
        for (index, point) in ring.iter().enumerate() {
            let next = key(*ring.get(index + 1).unwrap_or(&ring[0]));
            if lot_of(*point, bits) == lot {
                let neighbours = mixed(previous.min(next), previous.max(next).rotate_left(17));
                entries.push((current, neighbours));
            }
            (previous, current) = (current, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_squares_side_by_side_meet_at_the_ends_of_their_border() {
        let at = |x, y| WorldPoint { x, y };
        let points = [
            at(0, 0),
            at(1, 0),
            at(1, 1),
            at(0, 1),
            at(1, 0),
            at(2, 0),
            at(2, 1),
            at(1, 1),
        ];
        for threads in [1, 3] {
            let marks = junctions(&points, &[4, 8], threads);
            let marked: Vec<usize> = (0..8).filter(|&vertex| marks.contains(vertex)).collect();
            assert_eq!(marked, [1, 2, 4, 7]);
        }
    }

    #[test]
    fn rings_apart_have_no_junction() {
        let at = |x, y| WorldPoint { x, y };
        let points = [at(0, 0), at(1, 0), at(1, 1), at(5, 5), at(6, 5), at(6, 6)];
        let marks = junctions(&points, &[3, 6], 2);
        assert!((0..6).all(|vertex| !marks.contains(vertex)));
    }
}
