//! Implicit trees: node 1 is the root, below node `n` are `2n` and `2n + 1`, each with half of what is below it.

/// A box in space: least x, y, z, then greatest, in metres, rounded outward.
pub(crate) type NodeBox = [f32; 6];

/// What goes into a tree: where it is in space, and its number.
#[derive(Clone, Copy)]
pub(crate) struct Item {
    pub(crate) space: [f64; 3],
    pub(crate) id: u32,
}

/// The least height of a tree with at most `most` things in a leaf.
pub(crate) fn least_height(things: usize, most: usize) -> u32 {
    let mut height = 0;
    while things.div_ceil(1 << height) > most {
        height += 1;
    }
    height
}

/// Puts the halves of every node side by side, down to the leaves.
pub(crate) fn arrange(items: &mut [Item], height: u32, threads: usize) {
    if height == 0 || items.len() < 2 {
        return;
    }
    let axis = widest(items);
    let middle = items.len() / 2;
    // Numbers part equal points, so that the tree does not depend on the selection.
    let (low, _, _) = items.select_nth_unstable_by(middle, |a, b| {
        a.space[axis]
            .total_cmp(&b.space[axis])
            .then(a.id.cmp(&b.id))
    });
    let low = low.len();
    let (low, high) = items.split_at_mut(low);
    if threads > 1 {
        std::thread::scope(|scope| {
            scope.spawn(|| arrange(low, height - 1, threads / 2));
            arrange(high, height - 1, threads - threads / 2);
        });
    } else {
        arrange(low, height - 1, 1);
        arrange(high, height - 1, 1);
    }
}

fn widest(items: &[Item]) -> usize {
    let mut least = [f64::INFINITY; 3];
    let mut greatest = [f64::NEG_INFINITY; 3];
    for item in items {
        for axis in 0..3 {
            least[axis] = least[axis].min(item.space[axis]);
            greatest[axis] = greatest[axis].max(item.space[axis]);
        }
    }
    let width = |axis: usize| greatest[axis] - least[axis];
    (0..3)
        .max_by(|a, b| width(*a).total_cmp(&width(*b)))
        .unwrap_or(0)
}

/// The starts of the leaves of so many slots.
pub(crate) fn halves(slots: std::ops::Range<u32>, height: u32, starts: &mut Vec<u32>) {
    if height == 0 {
        starts.push(slots.start);
        return;
    }
    let middle = slots.start + (slots.end - slots.start) / 2;
    halves(slots.start..middle, height - 1, starts);
    halves(middle..slots.end, height - 1, starts);
}

/// The box around two.
pub(crate) fn around(a: NodeBox, b: NodeBox) -> NodeBox {
    std::array::from_fn(|side| {
        if side < 3 {
            a[side].min(b[side])
        } else {
            a[side].max(b[side])
        }
    })
}

/// Two ends as a box keeps them: not inside what they hold.
pub(crate) fn outward(least: f64, greatest: f64) -> (f32, f32) {
    #[expect(clippy::cast_possible_truncation, reason = "rounded outward at once")]
    let ends = (least as f32, greatest as f32);
    (ends.0.next_down(), ends.1.next_up())
}

/// The squared distance from a position to the nearest point of a box.
#[inline]
pub(crate) fn box_distance_2(around: &NodeBox, space: [f64; 3]) -> f64 {
    let outside = |axis: usize| {
        let below = f64::from(around[axis]) - space[axis];
        let above = space[axis] - f64::from(around[axis + 3]);
        let outside = if below > above { below } else { above };
        if outside > 0.0 { outside } else { 0.0 }
    };
    let (x, y, z) = (outside(0), outside(1), outside(2));
    x * x + y * y + z * z
}
