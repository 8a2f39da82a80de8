//! Lines with fewer points (Ramer 1972; Douglas and Peucker 1973), by squared distances: roots would take most of the time.

use geo::{Coord, LineString, MultiPolygon, Polygon};

/// Points of a ring that is still one: its first is its last.
const RING: usize = 4;

/// A line that keeps within `tolerance` of the one given.
pub(super) fn line(line: &[Coord<f64>], tolerance: f64) -> LineString<f64> {
    LineString(thinned(line, tolerance, 2))
}

/// Areas whose rings keep within `tolerance` of those given.
pub(super) fn area(area: &MultiPolygon<f64>, tolerance: f64) -> MultiPolygon<f64> {
    let ring = |ring: &LineString<f64>| LineString(thinned(&ring.0, tolerance, RING));
    let polygons = area.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(ring).collect();
        Polygon::new(ring(polygon.exterior()), holes)
    });
    MultiPolygon(polygons.collect())
}

/// The points that matter, at least so many where there are.
fn thinned(points: &[Coord<f64>], tolerance: f64, least: usize) -> Vec<Coord<f64>> {
    if points.len() <= least || tolerance <= 0.0 {
        return points.to_vec();
    }
    let tolerance_2 = tolerance * tolerance;
    let mut kept = Vec::with_capacity(points.len() / 2);
    kept.extend(points.first());
    let mut left = points.len();
    // Stretches that are not looked at yet, the first on top.
    let mut stretches = vec![(0, points.len() - 1)];
    while let Some((from, to)) = stretches.pop() {
        let farthest = farthest(points, from, to);
        let between = to - from - 1;
        if farthest.0 > tolerance_2 {
            stretches.push((farthest.1, to));
            stretches.push((from, farthest.1));
        } else if left - between < least {
            kept.extend_from_slice(&points[from + 1..=to]);
        } else {
            left -= between;
            kept.push(points[to]);
        }
    }
    kept
}

/// For each point, by how much a line without it would be off, squared: a line thinned to a tolerance of at least `least` has the
/// points of more than its square. So much is not told of those that no such line has.
pub(super) fn weights(points: &[Coord<f64>], least: f64) -> Vec<f64> {
    let mut weights = vec![f64::INFINITY; points.len()];
    let [_, between @ .., _] = &mut weights[..] else {
        return weights;
    };
    between.fill(0.0);
    let mut stretches = vec![(0, points.len() - 1, f64::INFINITY)];
    while let Some((from, to, most)) = stretches.pop() {
        let (away_2, at) = farthest(points, from, to);
        if away_2 > least * least {
            // No point is asked for before that by which it was found.
            let weight = away_2.min(most);
            weights[at] = weight;
            stretches.extend([(at, to, weight), (from, at, weight)]);
        }
    }
    weights
}

/// The point between two that is farthest from the stretch between them, and the square of how far.
fn farthest(points: &[Coord<f64>], from: usize, to: usize) -> (f64, usize) {
    let (start, end) = (points[from], points[to]);
    let along = end - start;
    let length_2 = along.x * along.x + along.y * along.y;
    let mut farthest = (0.0, from);
    for (at, point) in (from + 1..).zip(&points[from + 1..to]) {
        let off = *point - start;
        let share = off.x * along.x + off.y * along.y;
        let away_2 = if share <= 0.0 {
            off.x * off.x + off.y * off.y
        } else if share >= length_2 {
            let off = *point - end;
            off.x * off.x + off.y * off.y
        } else {
            let across = off.x * along.y - off.y * along.x;
            across * across / length_2
        };
        if away_2 > farthest.0 {
            farthest = (away_2, at);
        }
    }
    farthest
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Simplify;

    /// A crooked line that comes back to where it began.
    fn crooked(count: u32) -> LineString<f64> {
        let point = |n: u32| {
            let t = f64::from(n % count) / f64::from(count) * std::f64::consts::TAU;
            let far = 20.0 + (t * 17.0).sin() * 3.0 + (t * 131.0).cos() * 0.4;
            (far * t.cos(), far * t.sin())
        };
        (0..=count).map(point).collect()
    }

    #[test]
    fn points_of_enough_weight_are_those_that_thinning_keeps() {
        let given = crooked(700);
        let weights = weights(&given.0, 0.05);
        for tolerance in [0.06, 0.5, 5.0, 100.0] {
            let points = given.0.iter().zip(&weights);
            let kept = points.filter(|(_, weight)| **weight > tolerance * tolerance);
            let kept: Vec<_> = kept.map(|(point, _)| *point).collect();
            assert_eq!(line(&given.0, tolerance).0, kept, "{tolerance}");
        }
    }

    #[test]
    fn the_points_are_those_that_geo_keeps() {
        for tolerance in [0.01, 0.06, 0.5, 5.0, 100.0] {
            let given = crooked(700);
            assert_eq!(line(&given.0, tolerance), given.simplify(tolerance));
            let polygon = MultiPolygon(vec![Polygon::new(given, vec![crooked(9)])]);
            assert_eq!(area(&polygon, tolerance), polygon.simplify(tolerance));
        }
    }
}
