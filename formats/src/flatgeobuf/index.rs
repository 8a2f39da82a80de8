//! The packed R-tree: the root first, leaves last, each node a box and where what is in it begins.

/// A box as four doubles, and an offset.
pub(super) const NODE_BYTES: usize = 40;

/// The nodes.
pub(super) struct Index {
    bytes: Vec<u8>,
    /// First and last node of each level, leaves first.
    levels: Vec<(usize, usize)>,
    node_size: usize,
    next: usize,
}

impl Index {
    /// An index of so many features; none for 0.
    pub(super) fn new(features: u64, node_size: usize) -> Self {
        let features = usize::try_from(features).unwrap_or(0);
        let mut counts = Vec::new();
        if features > 0 {
            counts.push(features);
            loop {
                let above = counts[counts.len() - 1].div_ceil(node_size);
                counts.push(above);
                if above == 1 {
                    break;
                }
            }
        }
        let nodes: usize = counts.iter().sum();
        let mut end = nodes;
        let levels: Vec<(usize, usize)> = counts
            .iter()
            .map(|count| {
                let start = end - count;
                (start, std::mem::replace(&mut end, start))
            })
            .collect();
        Self {
            bytes: vec![0; nodes * NODE_BYTES],
            next: levels.first().map_or(0, |(start, _)| *start),
            levels,
            node_size,
        }
    }

    pub(super) fn nodes(&self) -> u64 {
        (self.bytes.len() / NODE_BYTES) as u64
    }

    /// Adds the next leaf: its box, and where its feature begins.
    pub(super) fn push(&mut self, around: [f64; 4], offset: u64) {
        let start = self.next * NODE_BYTES;
        if let Some(node) = self.bytes.get_mut(start..start + NODE_BYTES) {
            for (edge, bytes) in around.iter().zip(node.chunks_exact_mut(8)) {
                bytes.copy_from_slice(&edge.to_le_bytes());
            }
            node[32..].copy_from_slice(&offset.to_le_bytes());
        }
        self.next += 1;
    }

    fn around(&self, node: usize) -> [f64; 4] {
        let mut around = [0.0; 4];
        let start = node * NODE_BYTES;
        for (edge, bytes) in around
            .iter_mut()
            .zip(self.bytes[start..start + 32].chunks_exact(8))
        {
            *edge = f64::from_le_bytes(bytes.try_into().unwrap_or_default());
        }
        around
    }

    /// The bytes, with the nodes above the leaves.
    pub(super) fn finish(mut self) -> Vec<u8> {
        for level in 1..self.levels.len() {
            let (mut child, end) = self.levels[level - 1];
            let mut node = self.levels[level].0;
            while child < end {
                let first = child;
                let mut around = self.around(child);
                while child < end && child < first + self.node_size {
                    let of = self.around(child);
                    for axis in 0..2 {
                        around[axis] = around[axis].min(of[axis]);
                        around[axis + 2] = around[axis + 2].max(of[axis + 2]);
                    }
                    child += 1;
                }
                let start = node * NODE_BYTES;
                for (edge, value) in around.iter().enumerate() {
                    let at = start + edge * 8;
                    self.bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
                }
                let first = first as u64;
                self.bytes[start + 32..start + 40].copy_from_slice(&first.to_le_bytes());
                node += 1;
            }
        }
        self.bytes
    }
}
