//! All points within a radius, in the order of the tree: whole boxes at once.

use gazetteer::{LonLat, geodesic, in_space};

use super::nearest::leaf_distances_2;
use super::tree::{Filter, PointTree};
use crate::halves::{NodeBox, box_distance_2};
use crate::space::{chord_that_excludes, chord_that_includes};

impl PointTree<'_> {
    /// Adds the numbers of the points within `radius_m` metres (inclusive, by geodesic) that `filter` admits, in
    /// no order that means anything. For an order ask [`PointTree::search`].
    pub fn within<F: Filter>(&self, at: LonLat, radius_m: f64, filter: &F, found: &mut Vec<u32>) {
        if self.is_empty() || radius_m.is_nan() || radius_m < 0.0 {
            return;
        }
        let space = in_space(at);
        let (out, sure) = (chord_that_excludes(radius_m), chord_that_includes(radius_m));
        let (out_2, sure_2) = (out * out, if sure < 0.0 { -1.0 } else { sure * sure });
        let classes = if F::ALL { u64::MAX } else { filter.classes() };
        let first_leaf = self.first_leaf();
        let mut waiting = vec![(1_u32, self.leaves.len())];
        while let Some((node, leaves)) = waiting.pop() {
            let around = self.node(node);
            if box_distance_2(&around, space) > out_2 || !self.may_hold(node, classes) {
                continue;
            }
            // Node n has its leaves after those of the nodes before it on its level.
            let first = (node as usize * leaves).saturating_sub(self.leaves.len());
            if farthest_2(&around, space) <= sure_2 {
                let slots = self.slots(first, first + leaves);
                if F::ALL {
                    found.extend_from_slice(&self.ids[slots]);
                } else {
                    let admitted = slots.filter_map(|slot| {
                        let id = self.ids[slot];
                        self.admits(slot, id, filter).then_some(id)
                    });
                    found.extend(admitted);
                }
            } else if node >= first_leaf {
                let Some(leaf) = self.leaves.get(first) else {
                    continue;
                };
                let distances_2 = leaf_distances_2(leaf, space);
                for (slot, distance_2) in self.slots(first, first + 1).zip(distances_2) {
                    let inside = distance_2 <= sure_2
                        || distance_2 <= out_2
                            && geodesic(at, self.position(slot)).distance_m <= radius_m;
                    let id = self.ids[slot];
                    if inside && self.admits(slot, id, filter) {
                        found.push(id);
                    }
                }
            } else {
                waiting.push((2 * node + 1, leaves / 2));
                waiting.push((2 * node, leaves / 2));
            }
        }
    }
}

/// The squared distance from a position to the farthest corner of a box.
#[inline]
fn farthest_2(around: &NodeBox, space: [f64; 3]) -> f64 {
    let reach = |axis: usize| {
        let below = space[axis] - f64::from(around[axis]);
        let above = f64::from(around[axis + 3]) - space[axis];
        if below > above { below } else { above }
    };
    let (x, y, z) = (reach(0), reach(1), reach(2));
    x * x + y * y + z * z
}
