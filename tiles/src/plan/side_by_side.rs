//! Zooms solved side by side.

use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The zoom that is looked at first: a third of the way down, where tiles are full and many.
pub(super) fn model(zooms: &RangeInclusive<u8>) -> u8 {
    zooms.start() + (zooms.end() - zooms.start()) / 3
}

/// Works on each zoom, on so many threads, each with a space of its own. Returns what came of the zooms, in their order, whatever
/// the threads.
pub(super) fn by_zoom<S, T: Send>(
    zooms: RangeInclusive<u8>,
    threads: usize,
    space: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, u8) -> T + Sync,
) -> Vec<T> {
    let zooms: Vec<u8> = zooms.collect();
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    let worker = || {
        let mut own = space();
        while let Some(&z) = zooms.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = work(&mut own, z);
            let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
            made.push((usize::from(z), result));
        }
    };
    let threads = threads.clamp(1, zooms.len().max(1));
    if threads == 1 {
        worker();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(worker);
            }
        });
    }
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_unstable_by_key(|&(z, _)| z);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms_come_in_their_order_whatever_the_threads() {
        for threads in [0, 1, 3, 40] {
            let made = by_zoom(3..=14, threads, || 0u32, |_, z| u32::from(z) * 2);
            assert_eq!(made, (3..=14).map(|z| z * 2).collect::<Vec<u32>>());
        }
    }
}
