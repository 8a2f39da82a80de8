//! Whether rings meet each other or themselves: exact, in whole numbers.

use super::box_tree::BoxTree;
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

/// So many pairs of edges whose boxes meet are looked at for each edge, on average. Borders as they are have less than one.
const PAIRS_PER_EDGE: usize = 256;

/// Finds where rings meet. Keeps its working space.
#[derive(Debug, Default)]
pub(super) struct Checker {
    boxes: BoxTree,
    /// The point at which the edge from each point ends.
    to: Vec<u32>,
}

impl Checker {
    /// Returns how edges of the rings meet that do not follow each other, at worst. Calls `found` with the indices of the points from
    /// which two edges that meet begin, until it returns false.
    ///
    /// Edges that lie so close in such numbers that it would take too long are said to cross.
    pub(super) fn check(
        &mut self,
        rings: &Paths,
        mut found: impl FnMut(Meeting, usize, usize) -> bool,
    ) -> Meeting {
        if is_star(rings) {
            return Meeting::Apart;
        }
        self.read(rings);
        let to = &self.to;
        let mut worst = Meeting::Apart;
        let mut left = to.len().saturating_mul(PAIRS_PER_EDGE);
        self.boxes.pairs(|one, other| {
            if follow(to, one, other) {
                return true;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                worst = Meeting::Cross;
                return false;
            }
            let how = edges_meet(&rings.points, to, one, other);
            worst = worst.max(how);
            how == Meeting::Apart || found(how, one, other)
        });
        worst
    }

    /// Returns whether an edge with an end that `suspect` holds for meets another that does not follow it.
    pub(super) fn any_meets(&mut self, rings: &Paths, suspect: impl Fn(GridPoint) -> bool) -> bool {
        if is_star(rings) {
            return false;
        }
        self.read(rings);
        let to = &self.to;
        let mut left = to.len().saturating_mul(PAIRS_PER_EDGE);
        let boxes = &mut self.boxes;
        (0..to.len()).any(|one| {
            let ends = [one, to[one] as usize];
            ends.iter().any(|&end| suspect(rings.points[end]))
                && !boxes.meeting(one, |other| {
                    left = left.saturating_sub(1);
                    left > 0
                        && (one == other
                            || follow(to, one, other)
                            || edges_meet(&rings.points, to, one, other) == Meeting::Apart)
                })
        })
    }

    fn read(&mut self, rings: &Paths) {
        self.to.clear();
        let mut start = 0;
        for &end in &rings.ends {
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.to.extend(number(start) + 1..number(end));
            self.to.push(number(start));
            start = end;
        }
        self.boxes.build(&rings.points, &self.to);
    }
}

/// Whether there is one ring, and every point of it can be seen from the middle of its vertices: each edge leads on round that
/// middle, and all lead round once. Then no two edges meet; many rings are such, and to see it takes one pass.
fn is_star(rings: &Paths) -> bool {
    /// Products of two differences of so many units fit into 64 bits.
    const MOST: i64 = 1 << 30;
    let points = &rings.points;
    let (&[_], Some(&first)) = (rings.ends.as_slice(), points.first()) else {
        return false;
    };
    let (mut x, mut y) = (0i64, 0i64);
    for point in points {
        let (dx, dy) = (point.x - first.x, point.y - first.y);
        if dx.abs() >= MOST || dy.abs() >= MOST {
            return false;
        }
        (x, y) = (x + dx, y + dy);
    }
    let Ok(count) = i64::try_from(points.len()) else {
        return false;
    };
    let middle = GridPoint {
        x: first.x + x / count,
        y: first.y + y / count,
    };
    let from_middle = |point: &GridPoint| (point.x - middle.x, point.y - middle.y);
    let mut a = from_middle(&points[points.len() - 1]);
    let mut rounds = 0;
    let mut leads_on = true;
    for point in points {
        let b = from_middle(point);
        leads_on &= a.0 * b.1 - a.1 * b.0 > 0;
        rounds += u32::from(a.1 < 0 && b.1 >= 0);
        a = b;
        if !leads_on {
            return false;
        }
    }
    rounds == 1
}

#[inline]
fn follow(to: &[u32], one: usize, other: usize) -> bool {
    to[one] as usize == other || to[other] as usize == one
}

fn edges_meet(points: &[GridPoint], to: &[u32], one: usize, other: usize) -> Meeting {
    meeting(
        points[one],
        points[to[one] as usize],
        points[other],
        points[to[other] as usize],
    )
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

    #[test]
    fn rings_seen_from_their_middle_are_told_at_once() {
        let of = |points: &[(i64, i64)]| {
            let mut rings = Paths::default();
            rings.points.extend(points.iter().map(|&(x, y)| at(x, y)));
            rings.ends.push(points.len());
            is_star(&rings)
        };
        let square = [(0, 0), (4, 0), (4, 4), (0, 4)];
        assert!(of(&square));
        // The other way round, twice round, through the middle, with a spike, and round a corner.
        assert!(!of(&[(0, 0), (0, 4), (4, 4), (4, 0)]));
        assert!(!of(&[square, square].concat()));
        assert!(!of(&[(0, 0), (4, 0), (0, 4), (4, 4)]));
        assert!(!of(&[(0, 0), (4, 0), (4, 4), (8, 8), (4, 4), (0, 4)]));
        assert!(!of(&[(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (0, 1)]));
    }

    proptest! {
        #[test]
        fn a_star_meets_itself_nowhere(
            points in prop::collection::vec((0i64..12, 0i64..12), 3..9),
        ) {
            let mut rings = Paths::default();
            rings.points.extend(points.iter().map(|&(x, y)| at(x, y)));
            rings.ends.push(points.len());
            let star = is_star(&rings);
            let mut worst = Meeting::Apart;
            for one in 0..points.len() {
                for other in one + 1..points.len() {
                    let ends = |from: usize| {
                        (rings.points[from], rings.points[(from + 1) % points.len()])
                    };
                    let ((a, b), (c, d)) = (ends(one), ends(other));
                    let neighbours = one + 1 == other || (one == 0 && other + 1 == points.len());
                    if !neighbours {
                        worst = worst.max(meeting(a, b, c, d));
                    }
                }
            }
            prop_assert!(!star || worst == Meeting::Apart);
        }

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
