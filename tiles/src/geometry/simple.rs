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

/// The box of an edge, in whole numbers small enough to be compared fast, and the indices of its points.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    west: i32,
    east: i32,
    north: i32,
    south: i32,
    from: u32,
    to: u32,
}

impl Edge {
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "without branches, which could not be foretold: edges lie apart one way or the other"
    )]
    fn boxes_meet(&self, other: &Self) -> bool {
        (self.west <= other.east)
            & (other.west <= self.east)
            & (self.north <= other.south)
            & (other.north <= self.south)
    }

    #[inline]
    fn follows(&self, other: &Self) -> bool {
        self.to == other.from || other.to == self.from
    }
}

/// Up to so many edges all pairs are looked at.
const FEW: usize = 16;
/// Above so many edges they are divided from north to south first.
const MANY: usize = 512;
/// The most buckets that edges are sorted into from west to east.
const BUCKETS: usize = 1024;

/// So many pairs of edges whose boxes meet are looked at for each edge, on average. Borders as they are have less than one.
const PAIRS_PER_EDGE: usize = 256;

/// Finds where rings meet. Keeps its working space.
#[derive(Debug, Default)]
pub(super) struct Checker {
    edges: Vec<Edge>,
    band: Vec<Edge>,
    buckets: Buckets,
    bands: Vec<(u32, u32)>,
}

impl Checker {
    /// Returns how edges of the rings meet that do not follow each other, at worst. Calls `found` with the indices of the points from
    /// which two edges that meet begin, some perhaps twice, until it returns false.
    ///
    /// Edges that lie so close in such numbers that it would take too long are said to cross.
    pub(super) fn check(
        &mut self,
        rings: &Paths,
        mut found: impl FnMut(Meeting, usize, usize) -> bool,
    ) -> Meeting {
        self.read(rings);
        let mut worst = Meeting::Apart;
        let mut left = self.edges.len().saturating_mul(PAIRS_PER_EDGE);
        let mut note = |one: &Edge, other: &Edge| {
            if one.follows(other) {
                return true;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                worst = Meeting::Cross;
                return false;
            }
            let how = edges_meet(&rings.points, one, other);
            worst = worst.max(how);
            how == Meeting::Apart || found(how, one.from as usize, other.from as usize)
        };
        if self.edges.len() <= FEW {
            all_pairs(&self.edges, &mut note);
        } else if self.edges.len() <= MANY {
            self.buckets.sweep(&self.edges, &mut note);
        } else {
            self.sweep_bands(&mut note);
        }
        worst
    }

    /// Returns whether an edge with an end that `suspect` holds for meets another that does not follow it.
    pub(super) fn any_meets(&mut self, rings: &Paths, suspect: impl Fn(GridPoint) -> bool) -> bool {
        self.read(rings);
        self.band.clear();
        let points = &rings.points;
        let suspect = |at: u32| suspect(points[at as usize]);
        let edges = self.edges.iter();
        self.band
            .extend(edges.filter(|edge| suspect(edge.from) || suspect(edge.to)));
        if self.band.len() > FEW.max(MANY * FEW / self.edges.len().max(1)) {
            return self.check(rings, |_, _, _| false) != Meeting::Apart;
        }
        self.band.iter().any(|one| {
            self.edges.iter().any(|other| {
                one.boxes_meet(other)
                    && one.from != other.from
                    && !one.follows(other)
                    && edges_meet(points, one, other) != Meeting::Apart
            })
        })
    }

    fn read(&mut self, rings: &Paths) {
        self.edges.clear();
        let Some((low, high)) = rings.bounds() else {
            return;
        };
        // Whole numbers of 31 bits; where that is too fine, boxes are a little too large, which does no harm.
        let size = (high.x - low.x).max(high.y - low.y);
        let shift = (64 - size.leading_zeros()).saturating_sub(31);
        let narrow = |at: i64| i32::try_from(at >> shift).unwrap_or(i32::MAX);
        let mut start = 0;
        for &end in &rings.ends {
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let corner = |at: usize| {
                let point = rings.points[at];
                (narrow(point.x - low.x), narrow(point.y - low.y))
            };
            let first = corner(start);
            let mut a = first;
            for from in start..end {
                let (to, b) = if from + 1 == end {
                    (start, first)
                } else {
                    (from + 1, corner(from + 1))
                };
                self.edges.push(Edge {
                    west: a.0.min(b.0),
                    east: a.0.max(b.0),
                    north: a.1.min(b.1),
                    south: a.1.max(b.1),
                    from: number(from),
                    to: number(to),
                });
                a = b;
            }
            start = end;
        }
    }

    /// A sweep in each of several bands from north to south, so that edges that only overlap from west to east are not compared.
    fn sweep_bands(&mut self, note: &mut impl FnMut(&Edge, &Edge) -> bool) {
        let count = i64::try_from(self.edges.len()).unwrap_or(i64::MAX);
        let tall = |edge: &Edge| i64::from(edge.south) - i64::from(edge.north);
        let heights: i64 = self.edges.iter().map(tall).sum();
        let whole = self.edges.iter().map(|edge| edge.south).max().unwrap_or(0);
        // Twice the mean height, so that an edge is in two bands on average.
        let height = (2 * (heights / count))
            .max(i64::from(whole) / (count / 64))
            .max(1);
        let band = |y: i32| u32::try_from(i64::from(y) / height).unwrap_or(u32::MAX);
        self.bands.clear();
        for (index, edge) in self.edges.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            for band in band(edge.north)..=band(edge.south) {
                self.bands.push((band, index));
            }
        }
        self.bands.sort_unstable();
        for run in self.bands.chunk_by(|one, other| one.0 == other.0) {
            self.band.clear();
            self.band
                .extend(run.iter().map(|&(_, index)| self.edges[index as usize]));
            if !self.buckets.sweep(&self.band, note) {
                return;
            }
        }
    }
}

fn edges_meet(points: &[GridPoint], one: &Edge, other: &Edge) -> Meeting {
    meeting(
        points[one.from as usize],
        points[one.to as usize],
        points[other.from as usize],
        points[other.to as usize],
    )
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

/// Edges are compared with so many others at once.
const LANES: usize = 8;

/// Edges sorted into buckets from west to east.
#[derive(Debug, Default)]
struct Buckets {
    starts: Vec<u32>,
    sorted: Vec<Edge>,
    /// The boxes of `sorted` again, side by side, so that [`LANES`] of them are compared in few steps.
    west: Vec<i32>,
    east: Vec<i32>,
    north: Vec<i32>,
    south: Vec<i32>,
}

impl Buckets {
    /// Compares each edge with those that begin in the buckets it spans.
    fn sweep(&mut self, edges: &[Edge], note: &mut impl FnMut(&Edge, &Edge) -> bool) -> bool {
        let first = edges.iter().map(|edge| edge.west).min().unwrap_or(0);
        let most = edges.iter().map(|edge| edge.west).max().unwrap_or(0);
        let buckets = edges.len().next_power_of_two().min(BUCKETS);
        let bits = 32 - (most - first).leading_zeros();
        let shift = bits.saturating_sub(buckets.trailing_zeros());
        let bucket = |at: i32| ((at - first) >> shift).unsigned_abs() as usize;
        self.sort(edges, buckets, bucket);
        // Each start has become the end of its bucket.
        for (nth, one) in self.sorted.iter().enumerate() {
            let end = self.starts[bucket(one.east).min(buckets - 1)] as usize;
            let mut at = nth + 1;
            while at < end {
                let mut hits = self.hits(at, one);
                while hits != 0 {
                    let lane = hits.trailing_zeros() as usize / 8;
                    hits &= !(0xff << (8 * lane));
                    // Those beyond the end are looked at from their own side.
                    if at + lane < end && !note(one, &self.sorted[at + lane]) {
                        return false;
                    }
                }
                at += LANES;
            }
        }
        true
    }

    /// Returns a byte that is not 0 for each of [`LANES`] edges whose box meets that of `one`.
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "without branches all lanes are compared at once"
    )]
    fn hits(&self, at: usize, one: &Edge) -> u64 {
        let lanes = at..at + LANES;
        let (west, east) = (&self.west[lanes.clone()], &self.east[lanes.clone()]);
        let (north, south) = (&self.north[lanes.clone()], &self.south[lanes]);
        let mut hits = [0u8; LANES];
        for lane in 0..LANES {
            hits[lane] = u8::from(
                (west[lane] <= one.east)
                    & (one.west <= east[lane])
                    & (north[lane] <= one.south)
                    & (one.north <= south[lane]),
            );
        }
        u64::from_le_bytes(hits)
    }

    fn sort(&mut self, edges: &[Edge], buckets: usize, bucket: impl Fn(i32) -> usize) {
        self.starts.clear();
        self.starts.resize(buckets + 1, 0);
        for edge in edges {
            self.starts[bucket(edge.west) + 1] += 1;
        }
        for at in 1..=buckets {
            self.starts[at] += self.starts[at - 1];
        }
        self.sorted.resize(edges.len(), Edge::default());
        for edge in edges {
            let at = &mut self.starts[bucket(edge.west)];
            self.sorted[*at as usize] = *edge;
            *at += 1;
        }
        // The last lanes may be partly empty.
        let lanes = edges.len() + LANES;
        for (axis, of) in [
            (&mut self.west, (|edge| edge.west) as fn(&Edge) -> i32),
            (&mut self.east, |edge| edge.east),
            (&mut self.north, |edge| edge.north),
            (&mut self.south, |edge| edge.south),
        ] {
            axis.clear();
            axis.extend(self.sorted.iter().map(of));
            axis.resize(lanes, 0);
        }
    }
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

    #[test]
    fn what_would_take_too_long_counts_as_crossing() {
        // A comb of long slanting teeth, each in the box of every other.
        let teeth = 100_000;
        let mut rings = Paths::default();
        for nth in 0..teeth {
            rings.points.push(at(4 * nth, 8 * nth));
            rings
                .points
                .push(at(4 * nth + 40_000_000, 8 * nth + 40_000_001));
        }
        rings.close_ring();
        let mut checker = Checker::default();
        assert_eq!(checker.check(&rings, |_, _, _| true), Meeting::Cross);
    }

    proptest! {
        #[test]
        fn every_way_of_looking_finds_the_same(
            points in prop::collection::vec((0i64..200, 0i64..200), 3..700),
        ) {
            let mut rings = Paths::default();
            rings.points.extend(points.iter().map(|&(x, y)| at(x, y)));
            rings.close_ring();
            let points = &rings.points;
            let count = points.len();
            let mut worst = Meeting::Apart;
            for one in 0..count {
                for other in one + 2..count {
                    if one > 0 || other + 1 < count {
                        let (a, b) = (points[one], points[one + 1]);
                        let (c, d) = (points[other], points[(other + 1) % count]);
                        worst = worst.max(meeting(a, b, c, d));
                    }
                }
            }
            let mut checker = Checker::default();
            prop_assert_eq!(checker.check(&rings, |_, _, _| true), worst);
            prop_assert_eq!(checker.any_meets(&rings, |_| true), worst != Meeting::Apart);
        }
    }
}
