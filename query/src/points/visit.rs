//! All points in boxes that are wanted: what questions of other shapes than a circle are made of.

use gazetteer::{Extent, LonLat};

use super::tree::{Filter, PointTree};
use crate::halves::NodeBox;

impl PointTree<'_> {
    /// Calls `found` with every point that `filter` admits in the leaves whose boxes, and all boxes above, are
    /// `wanted`.
    pub(crate) fn visit<F: Filter>(
        &self,
        wanted: impl Fn(&NodeBox) -> bool,
        filter: &F,
        mut found: impl FnMut(u32, LonLat),
    ) {
        if self.is_empty() {
            return;
        }
        let classes = if F::ALL { u64::MAX } else { filter.classes() };
        let first_leaf = self.first_leaf();
        let mut waiting = vec![1_u32];
        while let Some(node) = waiting.pop() {
            if !self.may_hold(node, classes) || !wanted(&self.node(node)) {
                continue;
            }
            if node < first_leaf {
                waiting.extend([2 * node + 1, 2 * node]);
                continue;
            }
            let leaf = (node - first_leaf) as usize;
            for slot in self.slots(leaf, leaf + 1) {
                let id = self.ids[slot];
                if self.admits(slot, id, filter) {
                    found(id, self.position(slot));
                }
            }
        }
    }

    /// The numbers of the points in a box, borders included, that `filter` admits, in order. A box whose west is
    /// greater than its east crosses ±180°; +180 and −180 are one meridian.
    #[must_use]
    pub fn in_extent<F: Filter>(&self, extent: Extent, filter: &F) -> Vec<u32> {
        let mut found = Vec::new();
        for part in gazetteer::parts_at_180(extent) {
            let wanted = gazetteer::space_around(part);
            let meets = |node: &NodeBox| {
                (0..3).all(|axis| {
                    wanted[axis] <= f64::from(node[axis + 3])
                        && f64::from(node[axis]) <= wanted[axis + 3]
                })
            };
            self.visit(meets, filter, |id, at| {
                let inside = part.west <= at.lon()
                    && at.lon() <= part.east
                    && part.south <= at.lat()
                    && at.lat() <= part.north;
                if inside {
                    found.push(id);
                }
            });
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
