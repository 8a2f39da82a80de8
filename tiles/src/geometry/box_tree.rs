//! The boxes of edges in a tree, so that those that meet are found fast.
//!
//! Edges that follow each other lie near each other, so they are packed in their order: nothing is sorted.

use super::grid::GridPoint;

/// So many boxes are in a block and compared with another at once.
const LANES: usize = 8;

/// Boxes side by side, in whole numbers of 31 bits.
#[derive(Debug, Clone, Copy)]
struct Block {
    west: [i32; LANES],
    east: [i32; LANES],
    north: [i32; LANES],
    south: [i32; LANES],
}

/// What meets no box.
const EMPTY: Block = Block {
    west: [i32::MAX; LANES],
    east: [-1; LANES],
    north: [i32::MAX; LANES],
    south: [-1; LANES],
};

impl Block {
    fn set(&mut self, lane: usize, [west, north, east, south]: [i32; 4]) {
        self.west[lane] = west;
        self.north[lane] = north;
        self.east[lane] = east;
        self.south[lane] = south;
    }

    fn get(&self, lane: usize) -> [i32; 4] {
        [
            self.west[lane],
            self.north[lane],
            self.east[lane],
            self.south[lane],
        ]
    }

    fn whole(&self) -> [i32; 4] {
        let least = |axis: &[i32; LANES]| axis.iter().copied().fold(i32::MAX, i32::min);
        let most = |axis: &[i32; LANES]| axis.iter().copied().fold(i32::MIN, i32::max);
        [
            least(&self.west),
            least(&self.north),
            most(&self.east),
            most(&self.south),
        ]
    }

    /// Returns a byte that is not 0 for each box that meets another.
    #[inline]
    fn hits(&self, [west, north, east, south]: [i32; 4]) -> u64 {
        // Negative where one ends before the other begins, on either axis; differences of 31 bits do not overflow.
        let gaps: [i32; LANES] = std::array::from_fn(|lane| {
            self.east[lane].wrapping_sub(west)
                | east.wrapping_sub(self.west[lane])
                | self.south[lane].wrapping_sub(north)
                | south.wrapping_sub(self.north[lane])
        });
        u64::from_le_bytes(gaps.map(|gap| u8::from(gap >= 0)))
    }
}

/// A tree of the boxes of edges.
#[derive(Debug, Default)]
pub(super) struct BoxTree {
    /// Blocks of edges, blocks of the boxes of those, and so on to a single block.
    levels: Vec<Vec<Block>>,
    xs: Vec<i32>,
    ys: Vec<i32>,
    /// Nodes, or pairs of nodes, that are still to be opened.
    open: Vec<(usize, usize, usize)>,
}

impl BoxTree {
    /// Packs the edges from each point to the point that `to` names.
    pub(super) fn build(&mut self, points: &[GridPoint], to: &[u32]) {
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        for level in &mut self.levels {
            level.clear();
        }
        if !self.read(points) {
            return;
        }
        let (xs, ys) = (&self.xs, &self.ys);
        let blocks = &mut self.levels[0];
        blocks.resize(points.len().div_ceil(LANES), EMPTY);
        // As if each edge ended at the next point, which nearly all do, so that a block is done at once.
        for (block, (xs, ys)) in blocks.iter_mut().zip(
            xs.windows(LANES + 1)
                .zip(ys.windows(LANES + 1))
                .step_by(LANES),
        ) {
            for lane in 0..LANES {
                block.west[lane] = xs[lane].min(xs[lane + 1]);
                block.east[lane] = xs[lane].max(xs[lane + 1]);
                block.north[lane] = ys[lane].min(ys[lane + 1]);
                block.south[lane] = ys[lane].max(ys[lane + 1]);
            }
        }
        let whole = (points.len() - 1) / LANES * LANES;
        for (from, &to) in to.iter().enumerate() {
            let to = to as usize;
            if from >= whole || to != from + 1 {
                blocks[from / LANES].set(
                    from % LANES,
                    [
                        xs[from].min(xs[to]),
                        ys[from].min(ys[to]),
                        xs[from].max(xs[to]),
                        ys[from].max(ys[to]),
                    ],
                );
            }
        }
        let mut level = 0;
        while self.levels[level].len() > 1 {
            if self.levels.len() == level + 1 {
                self.levels.push(Vec::new());
            }
            let (below, above) = self.levels.split_at_mut(level + 1);
            for blocks in below[level].chunks(LANES) {
                let mut boxes = EMPTY;
                for (lane, block) in blocks.iter().enumerate() {
                    boxes.set(lane, block.whole());
                }
                above[0].push(boxes);
            }
            level += 1;
        }
    }

    /// Reads positions as whole numbers of 31 bits; where those are too few, boxes are a little too large, which does no harm.
    fn read(&mut self, points: &[GridPoint]) -> bool {
        let Some(&first) = points.first() else {
            return false;
        };
        let (mut low, mut high) = (first, first);
        for point in points {
            low.x = low.x.min(point.x);
            low.y = low.y.min(point.y);
            high.x = high.x.max(point.x);
            high.y = high.y.max(point.y);
        }
        let size = (high.x - low.x).max(high.y - low.y);
        let shift = (64 - size.leading_zeros()).saturating_sub(31);
        #[expect(clippy::cast_possible_truncation, reason = "shifted to 31 bits")]
        let narrow = |at: i64| (at >> shift) as i32;
        self.xs.clear();
        self.ys.clear();
        self.xs
            .extend(points.iter().map(|point| narrow(point.x - low.x)));
        self.ys
            .extend(points.iter().map(|point| narrow(point.y - low.y)));
        true
    }

    fn top(&self) -> Option<usize> {
        self.levels.iter().position(|level| level.len() == 1)
    }

    /// Calls `found` with every two edges whose boxes meet, the smaller number first, until it returns false.
    pub(super) fn pairs(&mut self, mut found: impl FnMut(usize, usize) -> bool) {
        let Some(top) = self.top() else { return };
        self.open.clear();
        self.open.push((top, 0, 0));
        while let Some((level, one, other)) = self.open.pop() {
            let (blocks, others) = (&self.levels[level][one], &self.levels[level][other]);
            for lane in 0..LANES {
                let bounds = blocks.get(lane);
                let node = one * LANES + lane;
                let mut hits = others.hits(bounds);
                if one == other {
                    // Each pair once, and a node with itself unless it is an edge.
                    let from = if level == 0 { lane + 1 } else { lane };
                    hits &= u64::MAX.unbounded_shl(8 * u32::try_from(from).unwrap_or(0));
                }
                while hits != 0 {
                    let hit = hits.trailing_zeros() as usize / 8;
                    hits &= hits - 1;
                    let met = other * LANES + hit;
                    if level > 0 {
                        self.open.push((level - 1, node, met));
                    } else if !found(node, met) {
                        return;
                    }
                }
            }
        }
    }

    /// Calls `found` with every edge whose box meets that of one, itself too, until it returns false; returns whether it never did.
    pub(super) fn meeting(&mut self, edge: usize, mut found: impl FnMut(usize) -> bool) -> bool {
        let Some(top) = self.top() else { return true };
        let bounds = self.levels[0][edge / LANES].get(edge % LANES);
        self.open.clear();
        self.open.push((top, 0, 0));
        while let Some((level, node, _)) = self.open.pop() {
            let mut hits = self.levels[level][node].hits(bounds);
            while hits != 0 {
                let hit = hits.trailing_zeros() as usize / 8;
                hits &= hits - 1;
                let met = node * LANES + hit;
                if level > 0 {
                    self.open.push((level - 1, met, 0));
                } else if !found(met) {
                    return false;
                }
            }
        }
        true
    }
}
