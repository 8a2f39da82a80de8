//! Building the tree: halves along the widest axis, the upper ones on threads of their own.

use gazetteer::{LonLat, in_space};

use super::tree::{LEAF, Leaf, PointIndex};
use crate::halves::{Item, NodeBox, around, arrange, halves, least_height, outward};

impl PointIndex {
    /// Builds the tree over positions; a point's number is its index. `threads` is at least 1 and changes
    /// nothing but the time.
    ///
    /// # Panics
    /// Never with fewer than 2³² positions, which is 64 GiB of them.
    #[must_use]
    pub fn new(positions: &[LonLat], threads: usize) -> Self {
        Self::build(positions, threads)
    }

    /// Builds the tree over positions with a class each, 0 to 63; a missing class is 0.
    #[must_use]
    pub fn with_classes(positions: &[LonLat], classes: &[u8], threads: usize) -> Self {
        let mut index = Self::build(positions, threads);
        let class = |id: &u32| classes.get(*id as usize).copied().unwrap_or(0) & 63;
        index.classes = index.ids.iter().map(class).collect();
        let leaves = index.leaves.len();
        index.masks = vec![0; 2 * leaves];
        for leaf in 0..leaves {
            let slots = index.tree().slots(leaf, leaf + 1);
            let bits = index.classes[slots].iter().map(|class| 1_u64 << class);
            index.masks[leaves + leaf] = bits.fold(0, |all, bit| all | bit);
        }
        for node in (1..leaves).rev() {
            index.masks[node] = index.masks[2 * node] | index.masks[2 * node + 1];
        }
        index
    }

    fn build(positions: &[LonLat], threads: usize) -> Self {
        if positions.is_empty() {
            return Self::default();
        }
        let count = u32::try_from(positions.len()).expect("fewer than 2³² positions");
        let mut items: Vec<Item> = positions
            .iter()
            .zip(0..count)
            .map(|(position, id)| Item {
                space: in_space(*position),
                id,
            })
            .collect();
        let height = least_height(items.len(), LEAF);
        arrange(&mut items, height, threads.max(1));
        let leaves = 1_usize << height;
        let mut index = Self {
            nodes: vec![[0.0; 6]; 2 * leaves],
            leaves: vec![[[f64::NAN; LEAF]; 3]; leaves],
            starts: Vec::with_capacity(leaves + 1),
            ids: items.iter().map(|item| item.id).collect(),
            positions: items
                .iter()
                .map(|item| positions[item.id as usize])
                .map(|position| [position.lon(), position.lat()])
                .collect(),
            masks: Vec::new(),
            classes: Vec::new(),
        };
        halves(0..count, height, &mut index.starts);
        index.starts.push(count);
        for leaf in 0..leaves {
            let slots = index.starts[leaf] as usize..index.starts[leaf + 1] as usize;
            index.nodes[leaves + leaf] = fill(&mut index.leaves[leaf], &items[slots]);
        }
        for node in (1..leaves).rev() {
            index.nodes[node] = around(index.nodes[2 * node], index.nodes[2 * node + 1]);
        }
        index
    }
}

/// Fills a leaf; its box.
fn fill(leaf: &mut Leaf, items: &[Item]) -> NodeBox {
    let mut around = [f32::INFINITY; 6];
    for axis in 0..3 {
        let mut least = f64::INFINITY;
        let mut greatest = f64::NEG_INFINITY;
        for (lane, item) in leaf[axis].iter_mut().zip(items) {
            *lane = item.space[axis];
            least = least.min(item.space[axis]);
            greatest = greatest.max(item.space[axis]);
        }
        let (least, greatest) = outward(least, greatest);
        around[axis] = least;
        around[axis + 3] = greatest;
    }
    around
}
