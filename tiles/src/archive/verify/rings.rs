//! Whether polygons are valid, by exact whole numbers.
//!
//! Independent of the code that makes rings, which it judges.

use crate::mvt::decode::{Point, Polygon};

/// What is wrong with the polygons of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RingFault {
    /// Positions too far away to be computed with.
    Far(Point),
    /// Two edges cross or lie on each other.
    Cross(Point),
    /// A ring touches itself.
    Touch(Point),
    /// A hole is outside its polygon.
    HoleOutside(Point),
    /// A polygon is inside another of the same feature.
    Inside(Point),
    /// More pairs of edges than are compared.
    Tangled,
}

impl std::fmt::Display for RingFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Far([x, y]) => write!(f, "position {x},{y} is too far away"),
            Self::Cross([x, y]) => write!(f, "edges cross or lie on each other near {x},{y}"),
            Self::Touch([x, y]) => write!(f, "a ring touches itself at {x},{y}"),
            Self::HoleOutside([x, y]) => write!(f, "a hole is outside its polygon at {x},{y}"),
            Self::Inside([x, y]) => {
                write!(f, "a polygon is inside another of its feature at {x},{y}")
            }
            Self::Tangled => write!(f, "too many edges side by side to be compared"),
        }
    }
}

/// Positions beyond are not computed with: products of differences stay below 2⁶³.
const FARTHEST: i64 = 1 << 29;
/// Pairs of edges of a feature, or of positions and edges, that are compared.
const MOST_PAIRS: u64 = 50_000_000;

#[derive(Debug, Clone, Copy)]
struct Edge {
    a: Point,
    b: Point,
    ring: u32,
    place: u32,
    /// Edges of its ring.
    of: u32,
}

impl Edge {
    fn low(self, axis: usize) -> i64 {
        self.a[axis].min(self.b[axis])
    }

    fn high(self, axis: usize) -> i64 {
        self.a[axis].max(self.b[axis])
    }
}

/// Returns the first fault of the polygons of a feature, by themselves or with each other.
pub(super) fn fault(polygons: &[Polygon]) -> Option<RingFault> {
    let rings = || polygons.iter().flat_map(rings_of);
    let far = |point: &&Point| point.iter().any(|axis| axis.abs() > FARTHEST);
    if let Some(point) = rings().flatten().find(far) {
        return Some(RingFault::Far(*point));
    }
    let mut edges = Vec::new();
    for (number, ring) in (0..).zip(rings()) {
        let of = u32::try_from(ring.len()).ok()?;
        let ends = ring.iter().cycle().skip(1);
        for ((place, a), b) in (0..).zip(ring).zip(ends) {
            edges.push(Edge {
                a: *a,
                b: *b,
                ring: number,
                place,
                of,
            });
        }
    }
    edges.sort_unstable_by_key(|edge| edge.low(0));
    let mut open = Vec::<Edge>::new();
    let mut pairs = 0;
    for edge in edges {
        open.retain(|other| other.high(0) >= edge.low(0));
        pairs += open.len() as u64;
        if pairs > MOST_PAIRS {
            return Some(RingFault::Tangled);
        }
        let meets = |other: &&Edge| edge.low(1) <= other.high(1) && other.low(1) <= edge.high(1);
        let mut faults = open.iter().filter(meets);
        if let Some(fault) = faults.find_map(|other| between(edge, *other)) {
            return Some(fault);
        }
        open.push(edge);
    }
    // Rings that do not cross: the first point off the border tells.
    let outside = polygons.iter().find_map(|polygon| {
        let mut holes = polygon.holes.iter();
        holes.find_map(|hole| {
            let (point, side) = place(hole, &polygon.exterior)?;
            (side == Side::Outside).then_some(RingFault::HoleOutside(point))
        })
    });
    outside.or_else(|| inside(polygons))
}

fn rings_of(polygon: &Polygon) -> impl Iterator<Item = &Vec<Point>> {
    std::iter::once(&polygon.exterior).chain(&polygon.holes)
}

/// On which side of a ring another is that does not cross it, by its first point off the border.
fn place(ring: &[Point], of: &[Point]) -> Option<(Point, Side)> {
    let mut sides = ring.iter().map(|point| (*point, side(of, *point)));
    sides.find(|(_, side)| *side != Side::On)
}

/// Whether a polygon lies inside another one and in none of its holes.
fn inside(polygons: &[Polygon]) -> Option<RingFault> {
    let mut work = 0_u64;
    let boxes: Vec<_> = polygons
        .iter()
        .map(|polygon| box_of(&polygon.exterior))
        .collect();
    for (number, polygon) in polygons.iter().enumerate() {
        for (other, outer) in polygons.iter().enumerate() {
            work += 1;
            let (small, large) = (boxes[number], boxes[other]);
            let is_within =
                (0..2).all(|axis| large[axis] <= small[axis] && small[axis + 2] <= large[axis + 2]);
            if number == other || !is_within {
                continue;
            }
            work += outer.exterior.len() as u64;
            if work > MOST_PAIRS {
                return Some(RingFault::Tangled);
            }
            let Some((point, Side::Inside)) = place(&polygon.exterior, &outer.exterior) else {
                continue;
            };
            let in_a_hole = outer.holes.iter().any(|hole| {
                // A polygon that fills the hole has all its points on its border.
                place(&polygon.exterior, hole).is_none_or(|(_, side)| side == Side::Inside)
            });
            if !in_a_hole {
                return Some(RingFault::Inside(point));
            }
        }
    }
    None
}

/// West, north, east, south of a ring.
fn box_of(ring: &[Point]) -> [i64; 4] {
    let mut sides = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
    for point in ring {
        for axis in 0..2 {
            sides[axis] = sides[axis].min(point[axis]);
            sides[axis + 2] = sides[axis + 2].max(point[axis]);
        }
    }
    sides
}

/// What is wrong between two edges whose boxes meet.
fn between(one: Edge, other: Edge) -> Option<RingFault> {
    if one.a == one.b || other.a == other.b {
        // A position repeated: no edge, so nothing crosses it.
        return Some(RingFault::Touch(one.a)).filter(|_| one.a == one.b);
    }
    let same_ring = one.ring == other.ring;
    let follows = |first: Edge, second: Edge| (first.place + 1) % first.of == second.place;
    let turns = [
        turn(other.a, other.b, one.a),
        turn(other.a, other.b, one.b),
        turn(one.a, one.b, other.a),
        turn(one.a, one.b, other.b),
    ];
    if turns == [0; 4] {
        // On one line: a common piece, or one point.
        let axis = usize::from(one.a[0] == one.b[0]);
        let low = one.low(axis).max(other.low(axis));
        let high = one.high(axis).min(other.high(axis));
        if low < high {
            return Some(RingFault::Cross(one.a));
        }
    } else if turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0 {
        return Some(RingFault::Cross(one.a));
    }
    let touch = touching(one, other, turns)?;
    if !same_ring {
        return None;
    }
    let neighbours = follows(one, other) || follows(other, one);
    let corner = touch == one.a || touch == one.b;
    (!(neighbours && corner && (touch == other.a || touch == other.b)))
        .then_some(RingFault::Touch(touch))
}

/// The point that two edges share without crossing.
fn touching(one: Edge, other: Edge, turns: [i64; 4]) -> Option<Point> {
    let inside = |edge: Edge, point: Point| {
        (0..2).all(|axis| edge.low(axis) <= point[axis] && point[axis] <= edge.high(axis))
    };
    let ends = [
        (turns[0], one.a, other),
        (turns[1], one.b, other),
        (turns[2], other.a, one),
        (turns[3], other.b, one),
    ];
    let mut on = ends
        .into_iter()
        .filter(|(turn, point, edge)| *turn == 0 && inside(*edge, *point));
    on.next().map(|(_, point, _)| point)
}

/// On which side of a→b a point is: 1, −1, 0 on the line.
fn turn(a: Point, b: Point, point: Point) -> i64 {
    let left = (b[0] - a[0]) * (point[1] - a[1]);
    let right = (b[1] - a[1]) * (point[0] - a[0]);
    (left - right).signum()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    On,
    Outside,
}

fn side(ring: &[Point], point: Point) -> Side {
    let mut inside = false;
    let ends = ring.iter().cycle().skip(1);
    for (a, b) in ring.iter().zip(ends) {
        let turned = turn(*a, *b, point);
        let within = |axis: usize| {
            a[axis].min(b[axis]) <= point[axis] && point[axis] <= a[axis].max(b[axis])
        };
        if turned == 0 && within(0) && within(1) {
            return Side::On;
        }
        if (a[1] > point[1]) != (b[1] > point[1]) && (turned > 0) == (b[1] > a[1]) {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(exterior: &[Point], holes: &[&[Point]]) -> [Polygon; 1] {
        [Polygon {
            exterior: exterior.to_vec(),
            holes: holes.iter().map(|hole| hole.to_vec()).collect(),
        }]
    }

    const SQUARE: [Point; 4] = [[0, 0], [10, 0], [10, 10], [0, 10]];

    #[test]
    fn valid_polygons_have_no_fault() {
        let hole: &[Point] = &[[2, 2], [2, 4], [4, 4], [4, 2]];
        assert_eq!(fault(&polygon(&SQUARE, &[])), None);
        assert_eq!(fault(&polygon(&SQUARE, &[hole])), None);
        // A hole may touch its polygon, and another hole, in a point.
        let touching: &[Point] = &[[0, 5], [2, 6], [2, 4]];
        assert_eq!(fault(&polygon(&SQUARE, &[hole, touching])), None);
    }

    #[test]
    fn polygons_of_a_feature_may_touch_and_no_more() {
        let of = |rings: &[&[Point]]| -> Option<RingFault> {
            let polygons: Vec<Polygon> = rings.iter().flat_map(|ring| polygon(ring, &[])).collect();
            fault(&polygons)
        };
        let corner: &[Point] = &[[10, 10], [12, 10], [12, 12], [10, 12]];
        assert_eq!(of(&[&SQUARE, corner]), None);
        let beside: &[Point] = &[[10, 2], [12, 2], [12, 4], [10, 4]];
        assert!(matches!(of(&[&SQUARE, beside]), Some(RingFault::Cross(_))));
        let over: &[Point] = &[[9, 2], [12, 2], [12, 4], [9, 4]];
        assert!(matches!(of(&[&SQUARE, over]), Some(RingFault::Cross(_))));
        let within: &[Point] = &[[4, 4], [6, 4], [6, 6], [4, 6]];
        assert_eq!(of(&[&SQUARE, within]), Some(RingFault::Inside([4, 4])));
        assert_eq!(of(&[within, &SQUARE]), Some(RingFault::Inside([4, 4])));
        // In a hole of the other.
        let hole: &[Point] = &[[2, 2], [2, 8], [8, 8], [8, 2]];
        let mut island = polygon(&SQUARE, &[hole]).to_vec();
        island.extend(polygon(within, &[]));
        assert_eq!(fault(&island), None);
    }

    #[test]
    fn every_fault_is_found() {
        let bow = [[0, 0], [10, 0], [0, 10], [10, 10]];
        assert!(matches!(
            fault(&polygon(&bow, &[])),
            Some(RingFault::Cross(_))
        ));
        let eight = [[0, 0], [10, 0], [5, 5], [10, 10], [0, 10], [5, 5]];
        assert_eq!(fault(&polygon(&eight, &[])), Some(RingFault::Touch([5, 5])));
        let on_edge = [[0, 0], [10, 0], [10, 10], [5, 0], [0, 10]];
        assert_eq!(
            fault(&polygon(&on_edge, &[])),
            Some(RingFault::Touch([5, 0]))
        );
        let spike = [[0, 0], [10, 0], [10, 10], [10, 20], [10, 10], [0, 10]];
        assert!(fault(&polygon(&spike, &[])).is_some());
        let repeated = [[0, 0], [10, 0], [10, 0], [10, 10]];
        assert!(fault(&polygon(&repeated, &[])).is_some());
        let outside: &[Point] = &[[20, 2], [20, 4], [24, 4]];
        assert_eq!(
            fault(&polygon(&SQUARE, &[outside])),
            Some(RingFault::HoleOutside([20, 2]))
        );
        let crossing: &[Point] = &[[5, 5], [5, 7], [14, 6]];
        assert!(matches!(
            fault(&polygon(&SQUARE, &[crossing])),
            Some(RingFault::Cross(_))
        ));
        let along: &[Point] = &[[10, 2], [8, 3], [10, 4]];
        assert!(matches!(
            fault(&polygon(&SQUARE, &[along])),
            Some(RingFault::Cross(_))
        ));
        let far = [[0, 0], [1 << 30, 0], [10, 10]];
        assert!(matches!(
            fault(&polygon(&far, &[])),
            Some(RingFault::Far(_))
        ));
    }
}
