//! Whether the rings of a polygon cross, touch or double themselves or each other; exact, by the sign of areas.

#![expect(clippy::float_cmp, reason = "vertices are the same or they are not")]

use robust::{Coord, orient2d};

/// Comparisons that one polygon may take.
const MOST_WORK: u64 = 50_000_000;

/// What is wrong with the rings of a polygon, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Crossing {
    /// A ring meets itself.
    Itself([f64; 2]),
    /// Two rings cross or share an edge.
    Others([f64; 2]),
    /// Too intricate to be told.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    from: [f64; 2],
    to: [f64; 2],
    ring: u32,
    number: u32,
    /// Segments of its ring.
    of: u32,
}

impl Segment {
    fn west(&self) -> f64 {
        self.from[0].min(self.to[0])
    }

    fn east(&self) -> f64 {
        self.from[0].max(self.to[0])
    }

    fn meets_box(&self, other: &Self) -> bool {
        self.from[1].min(self.to[1]) <= other.from[1].max(other.to[1])
            && self.from[1].max(self.to[1]) >= other.from[1].min(other.to[1])
    }

    /// Whether the other is the one before or after it in its ring.
    fn is_next_to(&self, other: &Self) -> bool {
        let apart = self.number.abs_diff(other.number);
        self.ring == other.ring && (apart == 1 || apart == self.of - 1)
    }
}

/// The first crossing of closed rings; repeated vertices count once.
pub(super) fn first<'a>(rings: impl Iterator<Item = &'a [[f64; 2]]>) -> Option<Crossing> {
    let mut segments = Vec::new();
    for (ring, vertices) in (0u32..).zip(rings) {
        let start = segments.len();
        for pair in vertices.windows(2) {
            if pair[0] != pair[1] {
                segments.push(Segment {
                    from: pair[0],
                    to: pair[1],
                    ring,
                    number: u32::try_from(segments.len() - start).unwrap_or(u32::MAX),
                    of: 0,
                });
            }
        }
        let of = u32::try_from(segments.len() - start).unwrap_or(u32::MAX);
        for segment in &mut segments[start..] {
            segment.of = of;
        }
    }
    segments.sort_by(|one, other| one.west().total_cmp(&other.west()));
    let mut active: Vec<Segment> = Vec::new();
    let mut work = 0;
    for segment in segments {
        let west = segment.west();
        work += active.len() as u64 + 1;
        if work > MOST_WORK {
            return Some(Crossing::Unknown);
        }
        active.retain(|before| before.east() >= west);
        for before in &active {
            if before.meets_box(&segment)
                && let Some(found) = meet(before, &segment)
            {
                return Some(found);
            }
        }
        active.push(segment);
    }
    None
}

fn side(from: [f64; 2], to: [f64; 2], of: [f64; 2]) -> f64 {
    let coord = |[x, y]: [f64; 2]| Coord { x, y };
    orient2d(coord(from), coord(to), coord(of))
}

/// Whether two segments meet as segments of a polygon must not.
fn meet(one: &Segment, other: &Segment) -> Option<Crossing> {
    let sides = [
        side(one.from, one.to, other.from),
        side(one.from, one.to, other.to),
        side(other.from, other.to, one.from),
        side(other.from, other.to, one.to),
    ];
    let apart = |a: f64, b: f64| a > 0.0 && b > 0.0 || a < 0.0 && b < 0.0;
    if apart(sides[0], sides[1]) || apart(sides[2], sides[3]) {
        return None;
    }
    let at = |ring_itself: bool, place: [f64; 2]| {
        Some(if ring_itself {
            Crossing::Itself(place)
        } else {
            Crossing::Others(place)
        })
    };
    let same_ring = one.ring == other.ring;
    if sides == [0.0; 4] {
        // On one line: how far do they overlap?
        let axis = usize::from(one.from[0] == one.to[0]);
        let range = |s: &Segment| (s.from[axis].min(s.to[axis]), s.from[axis].max(s.to[axis]));
        let ((a, b), (c, d)) = (range(one), range(other));
        let (start, end) = (a.max(c), b.min(d));
        if start > end {
            return None;
        }
        let place = if one.from[axis] == start {
            one.from
        } else {
            one.to
        };
        return if start < end || same_ring && !one.is_next_to(other) {
            at(same_ring, place)
        } else {
            None
        };
    }
    // They share one point. Neighbours share their vertex, and rings may touch at one.
    let is_end = sides.contains(&0.0);
    if is_end && (!same_ring || one.is_next_to(other)) {
        return None;
    }
    at(same_ring, other.from)
}

/// Whether a position is inside a closed ring: `None` on its border.
pub(super) fn inside(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> Option<bool> {
    let mut within = false;
    for pair in ring.windows(2) {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        if (ay > y) == (by > y) {
            // A horizontal edge, or an end at this height, may still hold it.
            let level = ay == y && by == y && ax.min(bx) <= x && x <= ax.max(bx);
            if level || pair[0] == [x, y] || pair[1] == [x, y] {
                return None;
            }
            continue;
        }
        let turn = side(pair[0], pair[1], [x, y]);
        if turn == 0.0 {
            return None;
        }
        if (turn > 0.0) == (by > ay) {
            within = !within;
        }
    }
    Some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(text: &str) -> Vec<[f64; 2]> {
        let number = |text: &str| text.parse().expect("a number");
        let position = |text: &str| {
            let (x, y) = text.split_once(' ').expect("two numbers");
            [number(x), number(y)]
        };
        text.split(',').map(position).collect()
    }

    fn found(rings: &[&str]) -> Option<Crossing> {
        let rings: Vec<_> = rings.iter().map(|text| ring(text)).collect();
        first(rings.iter().map(Vec::as_slice))
    }

    #[test]
    fn what_a_polygon_may_and_may_not_do() {
        let square = "0 0,4 0,4 4,0 4,0 0";
        assert_eq!(found(&[square]), None);
        // A repeated vertex is not a crossing.
        assert_eq!(found(&["0 0,4 0,4 0,4 4,0 4,0 0"]), None);
        let bow = found(&["0 0,4 4,4 0,0 4,0 0"]);
        assert!(matches!(bow, Some(Crossing::Itself(_))), "{bow:?}");
        let spike = found(&["0 0,4 0,4 4,4 8,4 4,0 4,0 0"]);
        assert!(matches!(spike, Some(Crossing::Itself(_))), "{spike:?}");
        let touching_itself = found(&["0 0,4 0,2 2,4 4,0 4,2 2,0 0"]);
        assert!(matches!(touching_itself, Some(Crossing::Itself(_))));
        assert_eq!(found(&[square, "1 1,1 2,2 2,2 1,1 1"]), None);
        // A hole may touch the exterior at a point, not along an edge.
        assert_eq!(found(&[square, "0 2,1 3,2 2,1 1,0 2"]), None);
        let edge = found(&[square, "0 1,0 3,2 3,2 1,0 1"]);
        assert!(matches!(edge, Some(Crossing::Others(_))), "{edge:?}");
        let across = found(&[square, "3 1,3 3,6 3,6 1,3 1"]);
        assert!(matches!(across, Some(Crossing::Others(_))), "{across:?}");
        // Twice the same ring.
        assert!(found(&[square, square]).is_some());
    }

    #[test]
    fn inside_outside_and_on_the_border() {
        let square = ring("0 0,4 0,4 4,0 4,0 0");
        assert_eq!(inside(&square, [1.0, 1.0]), Some(true));
        assert_eq!(inside(&square, [5.0, 0.0]), Some(false));
        assert_eq!(inside(&square, [5.0, 1.0]), Some(false));
        assert_eq!(inside(&square, [4.0, 1.0]), None);
        assert_eq!(inside(&square, [2.0, 4.0]), None);
        assert_eq!(inside(&square, [0.0, 0.0]), None);
    }
}
