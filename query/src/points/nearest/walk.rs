//! Down the tree, the nearer child first.

use super::{FEW, Found, Search, leaf_distances_2};
use crate::halves::box_distance_2;
use crate::points::tree::{Filter, LEAF, Leaf, PointTree};
use crate::space::{band_2, roughly_band_2};

/// Lanes of a leaf that are looked at together.
const GROUP: usize = 4;

impl<F: Filter> Search<'_, F> {
    /// Keeps the best in order while the tree is walked, nearest boxes first.
    pub(super) fn gather_few(&mut self, space: [f64; 3], limit_2: f64) {
        debug_assert!(self.most <= FEW);
        let most = self.most;
        self.gather(space, limit_2, |found, limit_2| {
            let mut at = found.len() - 1;
            let last = found[at];
            while at > 0 && found[at - 1].chord_2 > last.chord_2 {
                found[at] = found[at - 1];
                at -= 1;
            }
            found[at] = last;
            if found.len() < most {
                return limit_2;
            }
            let limit_2 = limit_2.min(roughly_band_2(found[most - 1].chord_2));
            while found.len() > most && found.last().is_some_and(|last| last.chord_2 > limit_2) {
                found.pop();
            }
            limit_2
        });
    }

    /// Keeps all that may be among the best, and now and then drops what no longer can.
    pub(super) fn gather_many(&mut self, space: [f64; 3], limit_2: f64) {
        let most = self.most;
        let mut full = most.saturating_mul(2).saturating_add(64);
        self.gather(space, limit_2, |found, limit_2| {
            if found.len() < full {
                return limit_2;
            }
            let (_, kth, _) =
                found.select_nth_unstable_by(most - 1, |a, b| a.chord_2.total_cmp(&b.chord_2));
            let limit_2 = limit_2.min(band_2(kth.chord_2));
            found.retain(|found| found.chord_2 <= limit_2);
            // What is left may all be equal.
            full = full.max(found.len().saturating_mul(2));
            limit_2
        });
        self.found
            .sort_unstable_by(|a, b| a.chord_2.total_cmp(&b.chord_2).then(a.slot.cmp(&b.slot)));
        if self.found.len() > most {
            let limit_2 = band_2(self.found[most - 1].chord_2);
            let end = self.found.partition_point(|other| other.chord_2 <= limit_2);
            self.found.truncate(end);
        }
    }

    /// Puts every admitted point within a limit behind what was found. `added` is called after each and returns the limit from
    /// then on.
    #[inline]
    fn gather(
        &mut self,
        space: [f64; 3],
        limit_2: f64,
        mut added: impl FnMut(&mut Vec<Found>, f64) -> f64,
    ) {
        let (tree, filter, found) = (self.tree, &self.filter, &mut self.found);
        let mut limit_2 = limit_2;
        self.boxes += walk(
            tree,
            filter,
            &mut self.waiting,
            space,
            limit_2,
            |points, first| {
                let distances_2 = leaf_distances_2(points, space);
                for (group, lanes) in (0_u32..)
                    .step_by(GROUP)
                    .zip(distances_2.chunks_exact(GROUP))
                {
                    // Counted, and not `any`: without an early end it is a handful of instructions. Empty lanes are no number:
                    // they are never within.
                    if lanes
                        .iter()
                        .map(|lane| u32::from(*lane <= limit_2))
                        .sum::<u32>()
                        == 0
                    {
                        continue;
                    }
                    for (lane, chord_2) in (group..).zip(lanes) {
                        if *chord_2 > limit_2 || chord_2.is_nan() {
                            continue;
                        }
                        let slot = first.saturating_add(lane);
                        if F::ALL || tree.holds(slot, filter) {
                            found.push(Found {
                                chord_2: *chord_2,
                                slot,
                                id: 0,
                            });
                            limit_2 = added(found, limit_2);
                        }
                    }
                }
                limit_2
            },
        );
        // A damaged file may have fewer numbers.
        let number = |slot: u32| tree.ids.get(slot as usize).copied();
        self.found.retain_mut(|found| match number(found.slot) {
            Some(id) => {
                found.id = id;
                true
            }
            None => false,
        });
    }
}

/// Walks the boxes within a limit, the nearer child first. `take` gets each leaf with its first slot and returns the limit from
/// then on. How many boxes were looked at comes back.
#[inline]
pub(super) fn walk<F: Filter>(
    tree: PointTree<'_>,
    filter: &F,
    waiting: &mut Vec<(f64, u32)>,
    space: [f64; 3],
    limit_2: f64,
    mut take: impl FnMut(&Leaf, u32) -> f64,
) -> u64 {
    let first_leaf = tree.first_leaf();
    let classes = if F::ALL { u64::MAX } else { filter.classes() };
    let mut limit_2 = limit_2;
    let mut boxes = 0;
    waiting.clear();
    waiting.push((0.0, 1));
    while let Some((distance_2, mut node)) = waiting.pop() {
        if distance_2 > limit_2 {
            continue;
        }
        let mut lost = false;
        while node < first_leaf {
            // A damaged file may end before.
            let Some([left, right]) = tree.children(node) else {
                lost = true;
                break;
            };
            let (left_2, right_2) = (box_distance_2(left, space), box_distance_2(right, space));
            boxes += 2;
            // Some of the boxes below both are wanted next: asked for now, they come from memory meanwhile.
            for below in [4 * node as usize, 4 * node as usize + 2] {
                std::hint::black_box(tree.nodes.get(below).map(|around| around[3]));
            }
            let (mut near, mut near_2, mut far_2) = (2 * node, left_2, right_2);
            // A branch that is guessed lets the next boxes come from memory meanwhile.
            if right_2 < left_2 {
                (near, near_2, far_2) = (near ^ 1, right_2, left_2);
            }
            if !F::ALL {
                if !tree.may_hold(near ^ 1, classes) {
                    far_2 = f64::INFINITY;
                }
                if !tree.may_hold(near, classes) {
                    near ^= 1;
                    (near_2, far_2) = (far_2, f64::INFINITY);
                }
            }
            if far_2 <= limit_2 && far_2 < f64::INFINITY {
                waiting.push((far_2, near ^ 1));
            }
            if near_2 > limit_2 || near_2 == f64::INFINITY {
                lost = true;
                break;
            }
            node = near;
        }
        if lost {
            continue;
        }
        let leaf = (node - first_leaf) as usize;
        if let (Some(points), Some(first)) = (tree.leaves.get(leaf), tree.starts.get(leaf)) {
            limit_2 = take(points, *first);
        }
    }
    boxes
}

const _: () = assert!(LEAF.is_multiple_of(GROUP));
