//! Unions by cancelling: a border that two members share is walked once each way, and vanishes.
//!
//! No coordinate is ever computed, so a union has no slivers and no gaps, and the border that
//! remains is vertex for vertex the border of its members.

use foldhash::HashMap;
use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::format::{BoundaryError, GridPoint, Sections};

/// The union of units. Exterior rings run counter-clockwise, holes clockwise (RFC 7946, section 3.1.6).
pub(super) fn union(
    sections: &Sections<'_>,
    units: &[usize],
) -> Result<MultiPolygon<f64>, BoundaryError> {
    let mut walked: HashMap<usize, i32> = HashMap::default();
    let mut order = Vec::new();
    for &unit in units {
        for signed in sections.unit_arcs(unit)? {
            let (arc, way) = if signed < 0 {
                (!signed, -1)
            } else {
                (signed, 1)
            };
            let arc = usize::try_from(arc).map_err(|_| BoundaryError::Range {
                what: "arc",
                index: unit,
            })?;
            let sum = walked.entry(arc).or_insert_with(|| {
                order.push(arc);
                0
            });
            *sum += way;
        }
    }
    let mut open = Vec::new();
    for arc in order {
        match walked[&arc] {
            1 => open.push(sections.arc(arc)?),
            -1 => {
                let mut vertices = sections.arc(arc)?;
                vertices.reverse();
                open.push(vertices);
            }
            _ => {}
        }
    }
    let rings = simple_rings(chain(&open));
    Ok(assemble(sections, rings))
}

/// Joins arcs end to end into closed walks, each without its repeated last vertex.
fn chain(arcs: &[Vec<GridPoint>]) -> Vec<Vec<GridPoint>> {
    let mut from: HashMap<GridPoint, Vec<usize>> = HashMap::default();
    for (index, arc) in arcs.iter().enumerate() {
        from.entry(arc[0]).or_default().push(index);
    }
    let mut used = vec![false; arcs.len()];
    let mut walks = Vec::new();
    for first in 0..arcs.len() {
        if used[first] {
            continue;
        }
        let mut walk: Vec<GridPoint> = Vec::new();
        let mut current = first;
        loop {
            used[current] = true;
            let arc = &arcs[current];
            walk.extend_from_slice(&arc[..arc.len() - 1]);
            let (before, node) = (arc[arc.len() - 2], arc[arc.len() - 1]);
            if node == walk[0] {
                break;
            }
            let next = from
                .get(&node)
                .into_iter()
                .flatten()
                .copied()
                .filter(|&candidate| !used[candidate])
                .min_by(|&a, &b| {
                    clockwise_from(node, before, arcs[a][1])
                        .total_cmp(&clockwise_from(node, before, arcs[b][1]))
                });
            match next {
                Some(next) => current = next,
                // A walk that cannot close is no ring; a valid coverage has none.
                None => break,
            }
        }
        walks.push(walk);
    }
    walks
}

/// The angle, clockwise at `node`, from the direction of `back` to the direction of `out`: the
/// smallest bounds the same piece of interior, which lies on the left of the walk.
fn clockwise_from(node: GridPoint, back: GridPoint, out: GridPoint) -> f64 {
    let angle = |to: GridPoint| {
        let across = f64::from(to.0) - f64::from(node.0);
        let up = f64::from(to.1) - f64::from(node.1);
        up.atan2(across)
    };
    let turn = (angle(back) - angle(out)).rem_euclid(std::f64::consts::TAU);
    if turn == 0.0 {
        std::f64::consts::TAU
    } else {
        turn
    }
}

/// Splits walks that pass a vertex twice, so that every ring is simple (rings may touch, not cross).
fn simple_rings(walks: Vec<Vec<GridPoint>>) -> Vec<Vec<GridPoint>> {
    let mut rings = Vec::new();
    for walk in walks {
        let mut path: Vec<GridPoint> = Vec::with_capacity(walk.len());
        let mut position: HashMap<GridPoint, usize> = HashMap::default();
        for vertex in walk {
            if let Some(&start) = position.get(&vertex) {
                let ring: Vec<_> = path.drain(start..).collect();
                for passed in &ring {
                    position.remove(passed);
                }
                rings.push(ring);
            }
            position.insert(vertex, path.len());
            path.push(vertex);
        }
        rings.push(path);
    }
    rings.retain(|ring| ring.len() >= 3);
    rings
}

/// Twice the signed area: positive when counter-clockwise.
fn twice_area(ring: &[GridPoint]) -> i128 {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1))
        .sum()
}

/// Gives every hole to the smallest exterior ring around it.
fn assemble(sections: &Sections<'_>, rings: Vec<Vec<GridPoint>>) -> MultiPolygon<f64> {
    let mut exteriors: Vec<(i128, Vec<GridPoint>, Vec<Vec<GridPoint>>)> = Vec::new();
    let mut holes = Vec::new();
    for ring in rings {
        match twice_area(&ring) {
            area if area > 0 => exteriors.push((area, ring, Vec::new())),
            0 => {}
            _ => holes.push(ring),
        }
    }
    // Largest first, then by place: an order that depends on the shape alone.
    exteriors.sort_by(|a, b| {
        b.0.cmp(&a.0)
            .then_with(|| a.1.iter().min().cmp(&b.1.iter().min()))
    });
    for hole in holes {
        let owner = exteriors
            .iter_mut()
            .rev()
            .find(|(_, exterior, _)| holds(exterior, &hole));
        if let Some((_, _, inner)) = owner {
            inner.push(hole);
        }
    }
    let line = |ring: Vec<GridPoint>| -> LineString<f64> {
        let mut ring = ring;
        if let Some(start) = (0..ring.len()).min_by_key(|&i| ring[i]) {
            ring.rotate_left(start);
        }
        let mut coords: Vec<Coord<f64>> = ring.into_iter().map(|p| sections.coord(p)).collect();
        coords.extend(coords.first().copied());
        LineString(coords)
    };
    MultiPolygon(
        exteriors
            .into_iter()
            .map(|(_, exterior, inner)| {
                Polygon::new(line(exterior), inner.into_iter().map(line).collect())
            })
            .collect(),
    )
}

/// Whether a ring holds another that does not cross it: by the first vertex that is not on it.
fn holds(exterior: &[GridPoint], inner: &[GridPoint]) -> bool {
    inner
        .iter()
        .find_map(|&vertex| side(exterior, vertex))
        .unwrap_or(false)
}

/// Whether a vertex is inside a ring, by crossings of a ray; `None` when it is on the ring.
fn side(ring: &[GridPoint], (x, y): GridPoint) -> Option<bool> {
    let (x, y) = (i64::from(x), i64::from(y));
    let mut inside = false;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (ax, ay, bx, by) = (
            i64::from(a.0),
            i64::from(a.1),
            i64::from(b.0),
            i64::from(b.1),
        );
        let cross =
            i128::from(bx - ax) * i128::from(y - ay) - i128::from(by - ay) * i128::from(x - ax);
        let within = x >= ax.min(bx) && x <= ax.max(bx) && y >= ay.min(by) && y <= ay.max(by);
        if cross == 0 && within {
            return None;
        }
        if (ay > y) != (by > y) && (cross > 0) == (by > ay) {
            inside = !inside;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_through_one_vertex_twice_becomes_an_outline_and_a_hole() {
        // A square whose hole touches its corner (0, 0).
        let walk = vec![(0, 0), (9, 0), (9, 9), (0, 9), (0, 0), (1, 4), (4, 1)];
        let rings = simple_rings(vec![walk]);
        let areas: Vec<_> = rings.iter().map(|r| twice_area(r)).collect();
        assert_eq!(areas, [162, -15]);
    }

    #[test]
    fn two_squares_that_meet_at_a_corner_stay_two_rings() {
        let low = vec![(5, 5), (0, 5), (0, 0), (5, 0), (5, 5)];
        let high = vec![(5, 5), (9, 5), (9, 9), (5, 9), (5, 5)];
        let rings = simple_rings(chain(&[low, high]));
        assert_eq!(rings.len(), 2);
        assert!(rings.iter().all(|r| twice_area(r) > 0 && r.len() == 4));
    }

    #[test]
    fn arcs_are_joined_around_the_same_piece_of_interior() {
        // Two squares that meet at (5, 5), each cut into two arcs at the meeting point and elsewhere.
        let arcs = vec![
            vec![(5, 5), (0, 5), (0, 0)],
            vec![(5, 5), (9, 5), (9, 9)],
            vec![(0, 0), (5, 0), (5, 5)],
            vec![(9, 9), (5, 9), (5, 5)],
        ];
        let rings = simple_rings(chain(&arcs));
        assert_eq!(rings.len(), 2);
        assert!(rings.iter().all(|r| twice_area(r) > 0));
    }

    #[test]
    fn a_vertex_on_the_ring_is_neither_inside_nor_outside() {
        let square = [(0, 0), (4, 0), (4, 4), (0, 4)];
        assert_eq!(side(&square, (2, 2)), Some(true));
        assert_eq!(side(&square, (5, 2)), Some(false));
        assert_eq!(side(&square, (4, 2)), None);
        assert_eq!(side(&square, (0, 0)), None);
    }
}
