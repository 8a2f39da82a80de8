//! The nearest points: chords in space order them, and what chords cannot tell apart is measured.
//!
//! A question goes [down the tree](walk). When the next one is near, what lies [around](around) both is copied out, and it and those that
//! follow are answered from that.

mod around;
mod rank;
mod walk;

use gazetteer::{LonLat, geodesic, in_space};

use self::around::Around;
use super::tree::{Filter, LEAF, Leaf, PointTree};
use crate::space::{SLACK_M, ShortWays, chord_that_excludes, roughly_band_2, squared_distance};

/// Up to so many answers are kept in order as they come; more are sorted at the end.
const FEW: usize = 32;

/// A point that may be in the answer.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// The square of the straight distance in space.
    chord_2: f64,
    slot: u32,
    /// Its number.
    id: u32,
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

/// Asks one tree one kind of question again and again; its buffers are used again.
///
/// Answers are in the order of (geodesic distance rounded to a micrometre, number), and membership is by the
/// same: two points at an equal distance stand by number, and the lower one is the k-th. Where the last position
/// was near, what is known from there is used: ask in the order of [`super::CurveOrder`].
#[derive(Debug)]
pub struct Search<'t, F> {
    tree: PointTree<'t>,
    most: usize,
    radius_m: f64,
    filter: F,
    /// Nodes still to be seen with their squared distance.
    waiting: Vec<(f64, u32)>,
    found: Vec<Found>,
    answer: Vec<Neighbour>,
    /// The last position in space and how far its k-th neighbour was.
    last: Option<([f64; 3], f64)>,
    around: Around,
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
            around: Around::default(),
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
        let mut limit_2 = reach * reach;
        let mut moved = f64::INFINITY;
        if let Some((last, farthest)) = self.last {
            moved = squared_distance(last, space).sqrt();
            // As many were found there; seen from here they are at most so far.
            let here = farthest + moved + SLACK_M;
            limit_2 = limit_2.min(roughly_band_2(here * here));
        }
        self.found.clear();
        if self.most > FEW {
            self.gather_many(space, limit_2);
        } else if !self.gather_around(space, limit_2, moved) {
            self.found.clear();
            self.gather_few(space, limit_2);
        }
        self.last = self
            .found
            .get(self.most - 1)
            .map(|farthest| (space, farthest.chord_2.sqrt()));
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
