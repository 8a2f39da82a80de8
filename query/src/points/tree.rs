//! The tree: flat arrays that need no pointers, in memory or in a file.

use gazetteer::LonLat;

use crate::halves::NodeBox;

/// Points in a leaf.
pub(crate) const LEAF: usize = 32;

/// The x, y and z of the points of a leaf; NaN after the last.
pub(crate) type Leaf = [[f64; LEAF]; 3];

/// Which points an answer may hold.
pub trait Filter {
    /// Whether every point is admitted: then nothing is asked.
    const ALL: bool = false;

    /// The classes that may be admitted, a bit each.
    fn classes(&self) -> u64 {
        u64::MAX
    }

    /// Whether a point is admitted, by its number.
    fn admits(&self, id: u32) -> bool;
}

/// Admits every point.
#[derive(Debug, Clone, Copy, Default)]
pub struct Everything;

impl Filter for Everything {
    const ALL: bool = true;

    fn admits(&self, _: u32) -> bool {
        true
    }
}

impl<F: Fn(u32) -> bool> Filter for F {
    fn admits(&self, id: u32) -> bool {
        self(id)
    }
}

impl<F: Fn(u32) -> bool> Filter for (u64, F) {
    fn classes(&self) -> u64 {
        self.0
    }

    fn admits(&self, id: u32) -> bool {
        self.1(id)
    }
}

/// Points and their tree, in memory.
#[derive(Debug, Default)]
pub struct PointIndex {
    pub(super) nodes: Vec<NodeBox>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) starts: Vec<u32>,
    pub(super) ids: Vec<u32>,
    pub(super) positions: Vec<[f64; 2]>,
    pub(super) masks: Vec<u64>,
    pub(super) classes: Vec<u8>,
}

impl PointIndex {
    /// The tree to be asked.
    #[must_use]
    pub fn tree(&self) -> PointTree<'_> {
        PointTree {
            nodes: &self.nodes,
            leaves: &self.leaves,
            starts: &self.starts,
            ids: &self.ids,
            positions: &self.positions,
            masks: &self.masks,
            classes: &self.classes,
        }
    }
}

/// A view of a tree, in memory or in a mapped file. What a damaged file holds may give wrong answers, but every
/// number in it is clamped when it is used.
#[derive(Debug, Clone, Copy)]
pub struct PointTree<'a> {
    /// Boxes; node 1 is the root, below node `n` are `2n` and `2n + 1`. As many as twice the leaves.
    pub(super) nodes: &'a [NodeBox],
    /// A power of two of them, or none.
    pub(super) leaves: &'a [Leaf],
    /// The slot at which each leaf starts, and the end.
    pub(super) starts: &'a [u32],
    /// The number of the point in each slot.
    pub(super) ids: &'a [u32],
    /// Longitude and latitude of each slot, as they were read.
    pub(super) positions: &'a [[f64; 2]],
    /// The classes below each node, a bit each; empty without classes.
    pub(super) masks: &'a [u64],
    /// The class of each slot; empty without classes.
    pub(super) classes: &'a [u8],
}

impl<'a> PointTree<'a> {
    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The number of the first leaf as a node.
    pub(super) fn first_leaf(&self) -> u32 {
        u32::try_from(self.leaves.len()).unwrap_or(u32::MAX)
    }

    /// The slots of the leaves from `first` to before `end`.
    pub(super) fn slots(&self, first: usize, end: usize) -> std::ops::Range<usize> {
        let slot = |leaf: usize| {
            let start = self.starts.get(leaf).copied().unwrap_or(0) as usize;
            start.min(self.ids.len())
        };
        let start = slot(first);
        start..slot(end).max(start)
    }

    /// The position in a slot.
    pub(super) fn position(&self, slot: usize) -> LonLat {
        let [lon, lat] = self.positions.get(slot).copied().unwrap_or_default();
        // Only a damaged file holds others.
        LonLat::new(lon, lat)
            .or_else(|_| LonLat::new(0.0, 0.0))
            .expect("0°E 0°N is in range")
    }

    /// The box of a node.
    pub(super) fn node(&self, node: u32) -> NodeBox {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    /// The boxes of the two nodes below one.
    #[inline]
    pub(super) fn children(&self, node: u32) -> Option<&'a [NodeBox; 2]> {
        self.nodes.get(2 * node as usize..)?.first_chunk()
    }

    /// Whether a slot holds a point that a filter admits.
    pub(super) fn holds<F: Filter>(&self, slot: u32, filter: &F) -> bool {
        let id = self.ids.get(slot as usize);
        id.is_some_and(|id| self.admits(slot as usize, *id, filter))
    }

    /// Whether points of some classes may be below a node.
    pub(super) fn may_hold(&self, node: u32, classes: u64) -> bool {
        let below = self.masks.get(node as usize);
        below.is_none_or(|below| below & classes != 0)
    }

    /// Whether a filter admits the point in a slot.
    pub(super) fn admits<F: Filter>(&self, slot: usize, id: u32, filter: &F) -> bool {
        if F::ALL {
            return true;
        }
        let class = self.classes.get(slot);
        class.is_none_or(|class| filter.classes() & (1 << (class & 63)) != 0) && filter.admits(id)
    }

    /// The box in degrees around all points (west, south, east, north); `None` when there are none.
    #[must_use]
    pub fn extent(&self) -> Option<gazetteer::Extent> {
        gazetteer::Extent::around(self.positions.iter().map(|[lon, lat]| (*lon, *lat)))
    }

    /// All points with their numbers, in the order of the tree.
    pub fn points(&self) -> impl Iterator<Item = (u32, LonLat)> + use<'a> {
        let tree = *self;
        (0..tree.ids.len()).map(move |slot| (tree.ids[slot], tree.position(slot)))
    }
}
