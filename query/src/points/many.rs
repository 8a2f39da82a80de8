//! The nearest points of many positions, asked along a curve and answered in their own order.

use gazetteer::LonLat;

use super::nearest::Neighbour;
use super::order::CurveOrder;
use super::tree::{Filter, PointTree};

/// Positions that are sorted together: their answers are in memory.
const BLOCK: usize = 1 << 18;

impl PointTree<'_> {
    /// Asks for the nearest points of many positions, as [`PointTree::search`] does for one. Blocks of positions are
    /// asked along a Hilbert curve, where one search helps the next; `found` gets the index of each position and its
    /// answer in the order of `asked`.
    pub fn near_all<F: Filter>(
        &self,
        asked: &[LonLat],
        most: usize,
        radius_m: f64,
        filter: F,
        mut found: impl FnMut(usize, &[Neighbour]),
    ) {
        let Some(extent) = self.extent() else {
            (0..asked.len()).for_each(|index| found(index, &[]));
            return;
        };
        let mut curve = CurveOrder::new(extent);
        let mut search = self.search(most, radius_m, filter);
        let mut order = Vec::new();
        let mut answers: Vec<Neighbour> = Vec::new();
        let mut places = vec![(0, 0); BLOCK.min(asked.len())];
        for (number, block) in asked.chunks(BLOCK).enumerate() {
            curve.sort(block.iter().copied(), &mut order);
            answers.clear();
            for row in &order {
                let row = *row as usize;
                let start = answers.len();
                answers.extend_from_slice(search.near(block[row]));
                places[row] = (start, answers.len());
            }
            for (row, (start, end)) in places.iter().take(block.len()).enumerate() {
                found(number * BLOCK + row, &answers[*start..*end]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Everything, PointIndex};
    use super::*;

    #[test]
    fn many_are_answered_as_one_by_one_in_their_order() {
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 33).unwrap_or(0)) / f64::from(1_u32 << 31)
        };
        let mut positions = |count: usize| -> Vec<LonLat> {
            let all = (0..count).map(|_| LonLat::new(100.0 + 8.0 * next(), 26.0 + 8.0 * next()));
            all.collect::<Result<_, _>>().expect("in range")
        };
        let (points, asked) = (positions(3000), positions(BLOCK + 500));
        let index = PointIndex::new(&points, 1);
        for (most, radius_m) in [
            (10, f64::INFINITY),
            (3, 9_000.0),
            (0, 1.0),
            (40, f64::INFINITY),
        ] {
            let mut answered = 0;
            index
                .tree()
                .near_all(&asked, most, radius_m, Everything, |row, answer| {
                    assert_eq!(row, answered);
                    answered += 1;
                    // A search of its own for every hundredth: nothing is known from before.
                    if row % 100 == 0 {
                        let mut search = index.tree().search(most, radius_m, Everything);
                        assert_eq!(search.near(asked[row]), answer, "{row}");
                    }
                });
            assert_eq!(answered, asked.len());
        }
        let mut none = 0;
        PointIndex::default()
            .tree()
            .near_all(&asked[..9], 1, 1.0, Everything, |_, answer| {
                none += usize::from(answer.is_empty());
            });
        assert_eq!(none, 9);
    }
}
