//! Arcs of a zoom, packed: the steps from vertex to vertex are small, and the levels of all zooms wait in memory.

use crate::mvt::wire::{take_varint, unzigzag, varint, zigzag};

/// Arcs as bytes: the number of vertices, then the first vertex and the steps from one to the next.
#[derive(Debug, Default)]
pub(super) struct PackedArcs {
    bytes: Vec<u8>,
    /// Starts in bytes.
    starts: Vec<usize>,
}

impl PackedArcs {
    /// Packs arcs, of which `starts` are in `points`, with the end of the last.
    pub(super) fn pack(points: &[[u32; 2]], starts: &[u32]) -> Self {
        let arcs = starts.len().saturating_sub(1);
        let mut packed = Self {
            bytes: Vec::with_capacity(points.len() * 2 + arcs * 11),
            starts: Vec::with_capacity(arcs),
        };
        for range in starts.windows(2) {
            let arc = &points[range[0] as usize..range[1] as usize];
            packed.starts.push(packed.bytes.len());
            varint(arc.len() as u64, &mut packed.bytes);
            let mut before = [0; 2];
            for point in arc {
                let step = |axis: usize| i64::from(point[axis]) - i64::from(before[axis]);
                varint(zigzag(step(0)), &mut packed.bytes);
                varint(zigzag(step(1)), &mut packed.bytes);
                before = *point;
            }
        }
        packed.bytes.shrink_to_fit();
        packed
    }

    /// The number of vertices of an arc.
    #[inline]
    pub(super) fn len(&self, arc: u32) -> usize {
        let mut bytes = &self.bytes[self.starts[arc as usize]..];
        usize::try_from(take_varint(&mut bytes)).unwrap_or(0)
    }

    /// The vertices of an arc in their order.
    #[inline]
    pub(super) fn arc(&self, arc: u32) -> impl ExactSizeIterator<Item = [i64; 2]> {
        let mut bytes = &self.bytes[self.starts[arc as usize]..];
        let len = usize::try_from(take_varint(&mut bytes)).unwrap_or(0);
        let mut at = [0i64; 2];
        (0..len).map(move |_| {
            at[0] += unzigzag(take_varint(&mut bytes));
            at[1] += unzigzag(take_varint(&mut bytes));
            at
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn arcs_come_back(arcs in prop::collection::vec(prop::collection::vec(any::<[u32; 2]>(), 0..20), 0..20)) {
            let points: Vec<[u32; 2]> = arcs.concat();
            let mut starts = vec![0];
            for arc in &arcs {
                starts.push(starts[starts.len() - 1] + u32::try_from(arc.len()).expect("few"));
            }
            let packed = PackedArcs::pack(&points, &starts);
            for (number, arc) in (0u32..).zip(&arcs) {
                prop_assert_eq!(packed.len(number), arc.len());
                let back: Vec<[i64; 2]> = packed.arc(number).collect();
                let expected: Vec<[i64; 2]> = arc.iter().map(|point| point.map(i64::from)).collect();
                prop_assert_eq!(back, expected);
            }
        }
    }
}
