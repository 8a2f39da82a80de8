//! The nearest points: chords in space order them, and what chords cannot tell apart is measured.

use gazetteer::{LonLat, geodesic, in_space};

use super::tree::{Filter, LEAF, Leaf, PointTree};
use crate::halves::box_distance_2;
use crate::space::{
    SLACK_M, ShortWays, band_2, chord_that_excludes, chord_that_includes, micrometres,
    roughly_band_2, squared_distance,
};

/// Up to so many answers are kept in order as they come; more are sorted at the end.
const FEW: usize = 32;

/// Lanes of a leaf that are looked at together.
const GROUP: usize = 4;

/// Leaf and lane of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    leaf: u32,
    lane: u32,
}

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

/// The way from the root to a leaf that was taken for a position, and what was left aside: for positions near it the
/// walk can begin below the root.
#[derive(Debug, Default)]
struct Path {
    /// The position in space.
    from: [f64; 3],
    /// For each level the least squared distance of all that was left aside down to it.
    aside_2: [f64; LEVELS],
    levels: usize,
    /// Where the way ended.
    node: u32,
}

/// Levels of the greatest tree.
const LEVELS: usize = 32;

impl Path {
    /// Begins a way that is taken for a position.
    fn begin(&mut self, from: [f64; 3]) {
        (self.from, self.levels, self.node) = (from, 0, 1);
    }

    /// Goes down to a node and leaves the other aside.
    #[inline]
    fn down(&mut self, node: u32, aside_2: f64) {
        let before = match self.levels {
            0 => f64::INFINITY,
            levels => self.aside_2[levels - 1],
        };
        if let Some(place) = self.aside_2.get_mut(self.levels) {
            *place = before.min(aside_2);
            self.levels += 1;
            self.node = node;
        }
    }

    /// The lowest node on the way such that all that is not below it is farther than `limit_2` from a position. The root
    /// when that is in the upper half of the tree: then a new way is worth while.
    #[inline]
    fn start(&self, space: [f64; 3], limit_2: f64) -> u32 {
        let reach = limit_2.sqrt() + squared_distance(self.from, space).sqrt() + SLACK_M;
        let reach_2 = reach * reach;
        let half = self.levels / 2;
        let below = self.aside_2[half..self.levels].iter();
        let more = below.take_while(|aside_2| **aside_2 > reach_2).count();
        if more == 0 {
            1
        } else {
            self.node >> (self.levels - half - more)
        }
    }
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
    /// Squared chord and place.
    found: Vec<(f64, Place)>,
    answer: Vec<Neighbour>,
    /// The last position in space and how far its k-th neighbour was.
    last: Option<([f64; 3], f64)>,
    /// The way down that was last taken from the root.
    path: Path,
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
            path: Path::default(),
            boxes: 0,
        }
    }
}

impl PointTree<'_> {
    /// The slot of a place.
    #[inline]
    fn slot_of(&self, place: Place) -> u32 {
        let first = self.starts.get(place.leaf as usize).copied().unwrap_or(0);
        first.saturating_add(place.lane)
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
        let mut limit_2 = reach * reach;
        if let Some((last, farthest)) = self.last {
            // As many were found there; seen from here they are at most so far.
            let here = farthest + squared_distance(last, space).sqrt() + SLACK_M;
            limit_2 = limit_2.min(roughly_band_2(here * here));
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
        self.walk(space, limit_2, |found, distance_2, place| {
            found.push((distance_2, place));
            let mut at = found.len() - 1;
            while at > 0 && found[at - 1].0 > distance_2 {
                found[at] = found[at - 1];
                at -= 1;
            }
            found[at] = (distance_2, place);
            if found.len() >= most {
                limit_2 = limit_2.min(roughly_band_2(found[most - 1].0));
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
        self.walk(space, limit_2, |found, distance_2, place| {
            found.push((distance_2, place));
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
        mut take: impl FnMut(&mut Vec<(f64, Place)>, f64, Place) -> f64,
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
        let start = self.path.start(space, limit_2);
        // From the root the way down is noted.
        let mut noted = start > 1;
        if !noted {
            self.path.begin(space);
        }
        waiting.push((0.0, start));
        while let Some((distance_2, mut node)) = waiting.pop() {
            if distance_2 > limit_2 {
                continue;
            }
            let mut lost = false;
            while node < first_leaf {
                // A damaged file may end before.
                let Some([left, right]) = tree.children(node) else {
                    lost = true;
                    break;
                };
                let (left_2, right_2) = (box_distance_2(left, space), box_distance_2(right, space));
                boxes += 2;
                let (mut near, mut near_2, mut far_2) = (2 * node, left_2, right_2);
                // A branch that is guessed lets the next boxes come from memory meanwhile.
                if right_2 < left_2 {
                    (near, near_2, far_2) = (near ^ 1, right_2, left_2);
                }
                if !F::ALL {
                    if !tree.may_hold(near ^ 1, classes) {
                        far_2 = f64::INFINITY;
                    }
                    if !tree.may_hold(near, classes) {
                        near ^= 1;
                        (near_2, far_2) = (far_2, f64::INFINITY);
                    }
                }
                if !noted {
                    self.path.down(near, far_2);
                }
                if far_2 <= limit_2 && far_2 < f64::INFINITY {
                    waiting.push((far_2, near ^ 1));
                }
                if near_2 > limit_2 || near_2 == f64::INFINITY {
                    lost = true;
                    break;
                }
                node = near;
            }
            noted = true;
            if lost {
                continue;
            }
            let leaf = (node - first_leaf) as usize;
            let Some(points) = tree.leaves.get(leaf) else {
                continue;
            };
            let distances_2 = leaf_distances_2(points, space);
            for (group, lanes) in (0_u32..)
                .step_by(GROUP)
                .zip(distances_2.chunks_exact(GROUP))
            {
                // Counted, and not `any`: without an early end it is a handful of instructions. Empty lanes are no number:
                // they are never within.
                if lanes
                    .iter()
                    .map(|lane| u32::from(*lane <= limit_2))
                    .sum::<u32>()
                    == 0
                {
                    continue;
                }
                for (lane, distance_2) in (group..).zip(lanes) {
                    if *distance_2 > limit_2 || distance_2.is_nan() {
                        continue;
                    }
                    let place = Place {
                        leaf: node - first_leaf,
                        lane,
                    };
                    if F::ALL || tree.holds(tree.slot_of(place), &self.filter) {
                        limit_2 = take(found, *distance_2, place);
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
            while end < self.found.len() && {
                let (before_2, here_2) = (self.found[end - 1].0, self.found[end].0);
                here_2 <= roughly_band_2(before_2) && here_2 <= band_2(before_2)
            } {
                end += 1;
            }
            let from = self.answer.len();
            for (chord_2, place) in &self.found[start..end] {
                let tree = &self.tree;
                let slot = tree.slot_of(*place);
                let inside = *chord_2 <= sure_2
                    || geodesic(at, tree.position(slot as usize)).distance_m <= self.radius_m;
                if inside && let Some(id) = tree.ids.get(slot as usize) {
                    self.answer.push(Neighbour {
                        id: *id,
                        slot,
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
