//! From the order of chords to the order of ways.

use gazetteer::{LonLat, geodesic};

use super::{Found, Neighbour, Search};
use crate::points::tree::Filter;
use crate::space::{band_2, chord_that_includes, micrometres, roughly_band_2};

impl<F: Filter> Search<'_, F> {
    /// Turns what was found, in the order of chords, into the answer, in the order of ways.
    pub(super) fn rank(&mut self, at: LonLat) {
        let sure = chord_that_includes(self.radius_m);
        let sure_2 = if sure < 0.0 { -1.0 } else { sure * sure };
        let near = |pair: &[Found]| pair[1].chord_2 <= roughly_band_2(pair[0].chord_2);
        let within = self.found.last().is_some_and(|last| last.chord_2 <= sure_2);
        if within && self.found.windows(2).filter(|pair| near(pair)).count() == 0 {
            let found = self.found.iter().take(self.most);
            self.answer.extend(found.map(|found| Neighbour {
                id: found.id,
                slot: found.slot,
                chord_2: found.chord_2,
            }));
            return;
        }
        let mut start = 0;
        while start < self.found.len() && self.answer.len() < self.most {
            // As long as the next may be as near as one before it, they are measured together.
            let mut end = start + 1;
            while end < self.found.len() && {
                let (before_2, here_2) = (self.found[end - 1].chord_2, self.found[end].chord_2);
                here_2 <= roughly_band_2(before_2) && here_2 <= band_2(before_2)
            } {
                end += 1;
            }
            let from = self.answer.len();
            for Found { chord_2, slot, id } in self.found[start..end].iter().copied() {
                let tree = &self.tree;
                let inside = chord_2 <= sure_2
                    || geodesic(at, tree.position(slot as usize)).distance_m <= self.radius_m;
                if inside {
                    self.answer.push(Neighbour { id, slot, chord_2 });
                }
            }
            if self.answer.len() > from + 1 {
                let tree = self.tree;
                self.answer[from..].sort_by_cached_key(|neighbour| {
                    let to = tree.position(neighbour.slot as usize);
                    (micrometres(geodesic(at, to).distance_m), neighbour.id)
                });
            }
            start = end;
        }
        self.answer.truncate(self.most);
    }
}
