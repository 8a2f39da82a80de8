//! The shortest codes for symbols by how often they come (Huffman 1952), as deflate has them.

/// The lengths of the words of symbols, none longer than `most`; 0 where a symbol does not come.
pub(super) fn lengths<const SYMBOLS: usize>(counts: &[u32; SYMBOLS], most: u8) -> [u8; SYMBOLS] {
    let mut counts = *counts;
    loop {
        let lengths = free_lengths(&counts);
        if lengths.iter().all(|length| *length <= most) {
            return lengths;
        }
        // Counts that differ less give words that differ less.
        for count in &mut counts {
            *count = count.div_ceil(2);
        }
    }
}

fn free_lengths<const SYMBOLS: usize>(counts: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let seen = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let mut leaves: Vec<(u32, usize)> = seen.map(|(symbol, count)| (*count, symbol)).collect();
    leaves.sort_unstable();
    let mut lengths = [0; SYMBOLS];
    if let [(_, only)] = leaves[..] {
        lengths[only] = 1;
        return lengths;
    }
    // Leaves come first, then what joins two, which comes by rising counts of itself.
    let mut nodes: Vec<u32> = leaves.iter().map(|(count, _)| *count).collect();
    let mut above = vec![0; leaves.len() * 2];
    let (mut leaf, mut join) = (0, leaves.len());
    for node in leaves.len()..(leaves.len() * 2).saturating_sub(1) {
        let mut sum = 0;
        for _ in 0..2 {
            let from_leaves = leaf < leaves.len() && (join >= node || nodes[leaf] <= nodes[join]);
            let least = if from_leaves { &mut leaf } else { &mut join };
            sum += nodes[*least];
            above[*least] = node;
            *least += 1;
        }
        nodes.push(sum);
    }
    let mut depths = vec![0_u8; nodes.len()];
    for node in (0..nodes.len().saturating_sub(1)).rev() {
        depths[node] = depths[above[node]].saturating_add(1);
    }
    for ((_, symbol), depth) in leaves.iter().zip(depths) {
        lengths[*symbol] = depth;
    }
    lengths
}

/// The words of a code: those of one length follow each other, the shortest first.
pub(super) struct Code<const SYMBOLS: usize> {
    words: [(u16, u8); SYMBOLS],
}

impl<const SYMBOLS: usize> Code<SYMBOLS> {
    pub(super) fn new(lengths: &[u8; SYMBOLS]) -> Self {
        let mut counts = [0_u16; 16];
        for length in lengths.iter().filter(|length| **length > 0) {
            counts[usize::from(*length)] += 1;
        }
        // The next word of each length.
        let mut next = [0_u16; 16];
        for length in 1..next.len() {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }
        let mut words = [(0, 0); SYMBOLS];
        let of_lengths = lengths.iter().zip(&mut words);
        for (length, word) in of_lengths.filter(|(length, _)| **length > 0) {
            let next = &mut next[usize::from(*length)];
            // The first bit is the lowest.
            *word = (next.reverse_bits() >> (16 - length), *length);
            *next += 1;
        }
        Self { words }
    }

    /// The word of a symbol, and its length.
    #[inline]
    pub(super) fn of(&self, symbol: usize) -> (u64, u8) {
        let (word, length) = self.words[symbol];
        (word.into(), length)
    }
}
