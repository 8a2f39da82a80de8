//! Whether rings meet each other or themselves: exact, in whole numbers.

use super::grid::{GridPoint, Paths, orientation};

/// How two edges, or the worst two of many, meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meeting {
    Apart,
    /// In one point that is the end of at least one of them.
    Touch,
    /// In a point between the ends of both, or along a line.
    Cross,
}

/// Returns how the edge from `a` to `b` meets that from `c` to `d`.
pub(super) fn meeting(a: GridPoint, b: GridPoint, c: GridPoint, d: GridPoint) -> Meeting {
    let (c_side, d_side) = (orientation(a, b, c).signum(), orientation(a, b, d).signum());
    if c_side * d_side > 0 {
        return Meeting::Apart;
    }
    let (a_side, b_side) = (orientation(c, d, a).signum(), orientation(c, d, b).signum());
    if a_side * b_side > 0 {
        return Meeting::Apart;
    }
    if c_side == 0 && d_side == 0 {
        // All on one line: in the order of points that is an order along the line.
        let low = a.min(b).max(c.min(d));
        let high = a.max(b).min(c.max(d));
        return match low.cmp(&high) {
            std::cmp::Ordering::Less => Meeting::Cross,
            std::cmp::Ordering::Equal => Meeting::Touch,
            std::cmp::Ordering::Greater => Meeting::Apart,
        };
    }
    if c_side == 0 || d_side == 0 || a_side == 0 || b_side == 0 {
        Meeting::Touch
    } else {
        Meeting::Cross
    }
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    low: GridPoint,
    high: GridPoint,
    /// Indices of its points.
    from: usize,
    to: usize,
}

impl Edge {
    #[inline]
    fn boxes_meet(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }

    #[inline]
    fn follows(&self, other: &Self) -> bool {
        self.to == other.from || other.to == self.from
    }
}

/// Up to so many edges all pairs are looked at.
const FEW: usize = 32;
/// Above so many edges they are divided by position first.
const MANY: usize = 256;

/// Finds where rings meet. Keeps its working space.
#[derive(Debug, Default)]
pub(super) struct Checker {
    edges: Vec<Edge>,
    band: Vec<Edge>,
    bands: Vec<(u32, u32)>,
}

impl Checker {
    /// Returns how edges of the rings meet that do not follow each other, at worst. Calls `found` with the indices of the points from
    /// which two edges that meet begin, some perhaps twice, until it returns false.
    pub(super) fn check(
        &mut self,
        rings: &Paths,
        mut found: impl FnMut(Meeting, usize, usize) -> bool,
    ) -> Meeting {
        self.edges.clear();
        self.edges.extend(edges(rings));
        let mut worst = Meeting::Apart;
        let mut note = |one: &Edge, other: &Edge| {
            if one.follows(other) {
                return true;
            }
            let points = &rings.points;
            let how = meeting(
                points[one.from],
                points[one.to],
                points[other.from],
                points[other.to],
            );
            worst = worst.max(how);
            how == Meeting::Apart || found(how, one.from, other.from)
        };
        if self.edges.len() <= FEW {
            all_pairs(&self.edges, &mut note);
        } else if self.edges.len() <= MANY {
            sweep(&mut self.edges, &mut note);
        } else {
            self.sweep_bands(&mut note);
        }
        worst
    }

    /// Returns whether an edge with an end that `suspect` holds for meets another that does not follow it.
    pub(super) fn any_meets(&mut self, rings: &Paths, suspect: impl Fn(GridPoint) -> bool) -> bool {
        self.edges.clear();
        self.edges.extend(edges(rings));
        self.band.clear();
        let points = &rings.points;
        self.band.extend(
            self.edges
                .iter()
                .filter(|edge| suspect(points[edge.from]) || suspect(points[edge.to])),
        );
        if self.band.len() > FEW.max(MANY * MANY / self.edges.len().max(1)) {
            return self.check(rings, |_, _, _| false) != Meeting::Apart;
        }
        self.band.iter().any(|one| {
            self.edges.iter().any(|other| {
                one.boxes_meet(other)
                    && one.from != other.from
                    && !one.follows(other)
                    && meeting(
                        points[one.from],
                        points[one.to],
                        points[other.from],
                        points[other.to],
                    ) != Meeting::Apart
            })
        })
    }

    /// A sweep in each of several bands from north to south, so that edges that only overlap from west to east are not compared.
    fn sweep_bands(&mut self, note: &mut impl FnMut(&Edge, &Edge) -> bool) {
        let north = self.edges.iter().map(|edge| edge.low.y).min().unwrap_or(0);
        let south = self.edges.iter().map(|edge| edge.high.y).max().unwrap_or(0);
        let count = i64::try_from(self.edges.len()).unwrap_or(i64::MAX);
        let heights: i64 = self
            .edges
            .iter()
            .map(|edge| edge.high.y - edge.low.y)
            .fold(0, i64::saturating_add);
        // Twice the mean height, so that an edge is in two bands on average.
        let height = (2 * (heights / count))
            .max((south - north) / (count / 64))
            .max(1);
        let band = |y: i64| u32::try_from((y - north) / height).unwrap_or(u32::MAX);
        self.bands.clear();
        for (index, edge) in self.edges.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            for band in band(edge.low.y)..=band(edge.high.y) {
                self.bands.push((band, index));
            }
        }
        self.bands.sort_unstable();
        for run in self.bands.chunk_by(|one, other| one.0 == other.0) {
            self.band.clear();
            self.band
                .extend(run.iter().map(|&(_, index)| self.edges[index as usize]));
            if !sweep(&mut self.band, note) {
                return;
            }
        }
    }
}

fn edges(rings: &Paths) -> impl Iterator<Item = Edge> {
    let mut start = 0;
    rings.ends.iter().flat_map(move |&end| {
        let first = start;
        start = end;
        (first..end).map(move |from| {
            let to = if from + 1 == end { first } else { from + 1 };
            let (a, b) = (rings.points[from], rings.points[to]);
            Edge {
                low: GridPoint {
                    x: a.x.min(b.x),
                    y: a.y.min(b.y),
                },
                high: GridPoint {
                    x: a.x.max(b.x),
                    y: a.y.max(b.y),
                },
                from,
                to,
            }
        })
    })
}

fn all_pairs(edges: &[Edge], note: &mut impl FnMut(&Edge, &Edge) -> bool) {
    for (nth, one) in edges.iter().enumerate() {
        for other in &edges[nth + 1..] {
            if one.boxes_meet(other) && !note(one, other) {
                return;
            }
        }
    }
}

fn sweep(edges: &mut [Edge], note: &mut impl FnMut(&Edge, &Edge) -> bool) -> bool {
    edges.sort_unstable_by_key(|edge| (edge.low.x, edge.from));
    for (nth, one) in edges.iter().enumerate() {
        for other in &edges[nth + 1..] {
            if other.low.x > one.high.x {
                break;
            }
            if one.low.y <= other.high.y && other.low.y <= one.high.y && !note(one, other) {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: i64, y: i64) -> GridPoint {
        GridPoint { x, y }
    }

    #[test]
    fn edges_meet_as_they_look() {
        let (a, b) = (at(0, 0), at(4, 4));
        for (c, d, expected) in [
            (at(0, 4), at(4, 0), Meeting::Cross),
            (at(0, 4), at(2, 2), Meeting::Touch),
            (at(4, 4), at(9, 0), Meeting::Touch),
            (at(2, 2), at(9, 9), Meeting::Cross),
            (at(4, 4), at(9, 9), Meeting::Touch),
            (at(5, 5), at(9, 9), Meeting::Apart),
            (at(0, 1), at(3, 4), Meeting::Apart),
            (at(5, 0), at(5, 9), Meeting::Apart),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                for (c, d) in [(c, d), (d, c)] {
                    assert_eq!(meeting(a, b, c, d), expected, "{c:?} {d:?}");
                    assert_eq!(meeting(c, d, a, b), expected, "{c:?} {d:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_way_of_looking_finds_the_same(
            points in prop::collection::vec((0i64..200, 0i64..200), 3..700),
        ) {
            let mut rings = Paths::default();
            rings.points.extend(points.iter().map(|&(x, y)| at(x, y)));
            rings.close_ring();
            let all: Vec<Edge> = edges(&rings).collect();
            let mut worst = Meeting::Apart;
            for (nth, one) in all.iter().enumerate() {
                for other in &all[nth + 1..] {
                    if !one.follows(other) {
                        let points = &rings.points;
                        worst = worst.max(meeting(points[one.from], points[one.to], points[other.from], points[other.to]));
                    }
                }
            }
            let mut checker = Checker::default();
            prop_assert_eq!(checker.check(&rings, |_, _, _| true), worst);
            prop_assert_eq!(checker.any_meets(&rings, |_| true), worst != Meeting::Apart);
        }
    }
}
