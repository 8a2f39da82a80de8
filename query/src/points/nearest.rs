//! The nearest points: chords in space order them, and what chords cannot tell apart is measured.

use gazetteer::{LonLat, geodesic, in_space};

use super::tree::{Filter, LEAF, Leaf, PointTree};
use crate::halves::box_distance_2;
use crate::space::{
    SLACK_M, ShortWays, band_2, chord_that_excludes, chord_that_includes, micrometres,
    squared_distance,
};

/// Up to so many answers are kept in order as they come; more are sorted at the end.
const FEW: usize = 32;

/// A point near a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its number.
    pub id: u32,
    /// Where it lies.
    slot: u32,
    /// The square of the straight distance in space.
    chord_2: f64,
}

/// Asks one tree one kind of question again and again; its buffers are used again.
///
/// Answers are in the order of (geodesic distance rounded to a micrometre, number), and membership is by the
/// same: two points at an equal distance stand by number, and the lower one is the k-th. Where the last position
/// was near, the search begins with what is known from there: ask in the order of [`super::CurveOrder`].
#[derive(Debug)]
pub struct Search<'t, F> {
    tree: PointTree<'t>,
    most: usize,
    radius_m: f64,
    filter: F,
    /// Nodes still to be seen with their squared distance.
    waiting: Vec<(f64, u32)>,
    /// Squared chord and slot.
    found: Vec<(f64, u32)>,
    answer: Vec<Neighbour>,
    /// The last position in space and how far its k-th neighbour was.
    last: Option<([f64; 3], f64)>,
    /// Boxes looked at so far.
    boxes: u64,
}

impl<'t> PointTree<'t> {
    /// Begins to ask for the `most` nearest points within `radius_m` metres (inclusive, by geodesic; infinite:
    /// wherever they are) that `filter` admits. A radius that is negative or no number admits nothing.
    pub fn search<F: Filter>(&self, most: usize, radius_m: f64, filter: F) -> Search<'t, F> {
        Search {
            tree: *self,
            most,
            radius_m,
            filter,
            waiting: Vec::new(),
            found: Vec::new(),
            answer: Vec::new(),
            last: None,
            boxes: 0,
        }
    }
}

impl<F: Filter> Search<'_, F> {
    /// The points nearest to a position, nearest first.
    pub fn near(&mut self, at: LonLat) -> &[Neighbour] {
        self.answer.clear();
        if self.most == 0 || self.tree.is_empty() || self.radius_m.is_nan() || self.radius_m < 0.0 {
            return &self.answer;
        }
        let space = in_space(at);
        let reach = chord_that_excludes(self.radius_m);
        let reach_2 = reach * reach;
        let mut limit_2 = reach_2;
        if let Some((last, farthest)) = self.last {
            // As many were found there; seen from here they are at most so far.
            let here = farthest + squared_distance(last, space).sqrt() + SLACK_M;
            limit_2 = limit_2.min(band_2(here * here));
        }
        self.found.clear();
        if self.most <= FEW {
            self.gather_few(space, limit_2);
        } else {
            self.gather_many(space, limit_2);
        }
        self.last = None;
        if self.found.len() >= self.most {
            self.last = Some((space, self.found[self.most - 1].0.sqrt()));
        }
        self.rank(at);
        &self.answer
    }

    /// The distance of a neighbour of `at` in metres by geodesic, true to nanometres.
    #[must_use]
    pub fn geodesic_m(&self, at: LonLat, neighbour: &Neighbour) -> f64 {
        geodesic(at, self.position(neighbour)).distance_m
    }

    /// The distances of the neighbours that were found last, in metres: to 10 µm up to 50 km, to nanometres beyond.
    pub fn metres(&self, at: LonLat, metres: &mut Vec<f64>) {
        metres.clear();
        let ways = ShortWays::from(at, in_space(at));
        metres.extend(self.answer.iter().map(|neighbour| {
            let position = self.position(neighbour);
            ways.to(position, self.in_space(neighbour), neighbour.chord_2)
        }));
    }

    /// What was found last.
    #[must_use]
    pub fn answer(&self) -> &[Neighbour] {
        &self.answer
    }

    /// Where a neighbour lies.
    #[must_use]
    pub fn position(&self, neighbour: &Neighbour) -> LonLat {
        self.tree.position(neighbour.slot as usize)
    }

    fn in_space(&self, neighbour: &Neighbour) -> [f64; 3] {
        in_space(self.position(neighbour))
    }

    /// Boxes looked at so far: what a search costs, independent of the machine.
    #[must_use]
    pub fn boxes_seen(&self) -> u64 {
        self.boxes
    }

    /// Keeps the best in order while the tree is walked, nearest boxes first.
    fn gather_few(&mut self, space: [f64; 3], limit_2: f64) {
        let most = self.most;
        let mut limit_2 = limit_2;
        self.walk(space, limit_2, |found, distance_2, slot| {
            let at = found
                .iter()
                .rposition(|(other_2, _)| *other_2 <= distance_2)
                .map_or(0, |before| before + 1);
            found.insert(at, (distance_2, slot));
            if found.len() >= most {
                limit_2 = limit_2.min(band_2(found[most - 1].0));
                while found.len() > most && found.last().is_some_and(|last| last.0 > limit_2) {
                    found.pop();
                }
            }
            limit_2
        });
    }

    /// Keeps all that may be among the best, and now and then drops what no longer can.
    fn gather_many(&mut self, space: [f64; 3], limit_2: f64) {
        let most = self.most;
        let mut limit_2 = limit_2;
        let mut full = most.saturating_mul(2).saturating_add(64);
        self.walk(space, limit_2, |found, distance_2, slot| {
            found.push((distance_2, slot));
            if found.len() >= full {
                let (_, kth, _) =
                    found.select_nth_unstable_by(most - 1, |a, b| a.0.total_cmp(&b.0));
                limit_2 = limit_2.min(band_2(kth.0));
                found.retain(|(distance_2, _)| *distance_2 <= limit_2);
                // What is left may all be equal.
                full = full.max(found.len().saturating_mul(2));
            }
            limit_2
        });
        self.found
            .sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if self.found.len() > most {
            let limit_2 = band_2(self.found[most - 1].0);
            let end = self
                .found
                .partition_point(|(other_2, _)| *other_2 <= limit_2);
            self.found.truncate(end);
        }
    }

    /// Walks the boxes within a limit, the nearer child first. `take` gets every admitted point within the limit
    /// and returns the limit from then on.
    #[inline]
    fn walk(
        &mut self,
        space: [f64; 3],
        limit_2: f64,
        mut take: impl FnMut(&mut Vec<(f64, u32)>, f64, u32) -> f64,
    ) {
        let tree = self.tree;
        let first_leaf = tree.first_leaf();
        let classes = if F::ALL {
            u64::MAX
        } else {
            self.filter.classes()
        };
        let mut limit_2 = limit_2;
        let mut boxes = 0;
        let found = &mut self.found;
        let waiting = &mut self.waiting;
        waiting.clear();
        waiting.push((0.0, 1));
        while let Some((distance_2, mut node)) = waiting.pop() {
            if distance_2 > limit_2 {
                continue;
            }
            let mut lost = false;
            while node < first_leaf {
                let (left, right) = (2 * node, 2 * node + 1);
                let mut near = (box_distance_2(&tree.node(left), space), left);
                let mut far = (box_distance_2(&tree.node(right), space), right);
                boxes += 2;
                if far.0 < near.0 {
                    std::mem::swap(&mut near, &mut far);
                }
                if !F::ALL {
                    if !tree.may_hold(far.1, classes) {
                        far.0 = f64::INFINITY;
                    }
                    if !tree.may_hold(near.1, classes) {
                        near = (f64::INFINITY, near.1);
                        std::mem::swap(&mut near, &mut far);
                    }
                }
                if far.0 <= limit_2 && far.0 < f64::INFINITY {
                    waiting.push(far);
                }
                if near.0 > limit_2 || near.0 == f64::INFINITY {
                    lost = true;
                    break;
                }
                node = near.1;
            }
            if lost {
                continue;
            }
            let leaf = (node - first_leaf) as usize;
            let Some(points) = tree.leaves.get(leaf) else {
                continue;
            };
            let distances_2 = leaf_distances_2(points, space);
            let slots = tree.slots(leaf, leaf + 1);
            for (lane, distance_2) in distances_2.into_iter().enumerate() {
                // Empty lanes are no number: they are never within.
                if distance_2 <= limit_2 {
                    let slot = slots.start + lane;
                    let Some(id) = tree.ids.get(slot) else {
                        continue;
                    };
                    if tree.admits(slot, *id, &self.filter) {
                        #[expect(clippy::cast_possible_truncation, reason = "starts are u32")]
                        let slot = slot as u32;
                        limit_2 = take(found, distance_2, slot);
                    }
                }
            }
        }
        self.boxes += boxes;
    }

    /// Turns what was found, in the order of chords, into the answer, in the order of ways.
    fn rank(&mut self, at: LonLat) {
        let sure = chord_that_includes(self.radius_m);
        let sure_2 = if sure < 0.0 { -1.0 } else { sure * sure };
        let mut start = 0;
        while start < self.found.len() && self.answer.len() < self.most {
            // As long as the next may be as near as one before it, they are measured together.
            let mut end = start + 1;
            while end < self.found.len() && self.found[end].0 <= band_2(self.found[end - 1].0) {
                end += 1;
            }
            let from = self.answer.len();
            for (chord_2, slot) in &self.found[start..end] {
                let tree = &self.tree;
                let inside = *chord_2 <= sure_2
                    || geodesic(at, tree.position(*slot as usize)).distance_m <= self.radius_m;
                if inside {
                    let id = tree.ids.get(*slot as usize).copied().unwrap_or(0);
                    self.answer.push(Neighbour {
                        id,
                        slot: *slot,
                        chord_2: *chord_2,
                    });
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

/// The squared distances of all lanes of a leaf: a loop of fixed length that becomes vector instructions.
#[inline]
pub(super) fn leaf_distances_2(leaf: &Leaf, space: [f64; 3]) -> [f64; LEAF] {
    let mut distances_2 = [0.0; LEAF];
    for (lane, distance_2) in distances_2.iter_mut().enumerate() {
        let x = leaf[0][lane] - space[0];
        let y = leaf[1][lane] - space[1];
        let z = leaf[2][lane] - space[2];
        *distance_2 = x * x + y * y + z * z;
    }
    distances_2
}

#[cfg(test)]
mod tests;
