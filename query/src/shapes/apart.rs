//! How far one shape is from others: lines and areas from lines and areas.

use gazetteer::{Extent, LonLat, in_space, space_around};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{
    BoundingRect as _, Coord, CoordsIter as _, Geometry, Intersects as _, Line, LinesIter as _,
};

use super::index::{ShapeIndex, ShapeIndexBuilder};
use super::pieces::Edges;
use crate::areas::Side;
use crate::space::chord_that_excludes;

/// Where two shapes are nearest to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// How far, in metres by geodesic; 0 where they meet.
    pub distance_m: f64,
    /// On the shape that was asked from.
    pub here: LonLat,
    /// On the other.
    pub there: LonLat,
}

/// A shape that others are measured from.
///
/// Where two shapes do not meet, one of them is nearest to the other with a vertex: so it is on a plane, and so it is
/// here to within a millimetre for edges of some kilometres. Whether they meet is told with edges straight in degrees.
#[derive(Debug)]
pub struct Origin {
    shape: Geometry<f64>,
    index: ShapeIndex,
    edges: Edges,
    vertices: Vec<LonLat>,
    /// Around it in space; `None` when it is empty.
    around: Option<[f64; 6]>,
}

impl Origin {
    /// A shape to measure from (x longitude, y latitude).
    #[must_use]
    pub fn new(shape: Geometry<f64>, edges: Edges) -> Self {
        Self {
            index: index_of(&shape, edges),
            vertices: vertices(&shape).collect(),
            around: around(&shape),
            shape,
            edges,
        }
    }

    /// The box in degrees around it; `None` when it is empty.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        extent(&self.shape)
    }

    /// How far another shape is and where; `None` when that is more than `limit_m` metres, or one of them is empty.
    #[must_use]
    pub fn apart(&self, other: &Geometry<f64>, limit_m: f64) -> Option<Apart> {
        if let Geometry::Point(at) = other {
            let at = LonLat::new(at.x(), at.y()).ok()?;
            return self.to_position(at, limit_m);
        }
        if limit_m.is_nan() || limit_m < 0.0 {
            return None;
        }
        let limit = chord_that_excludes(limit_m);
        if boxes_apart_2(&self.around?, &around(other)?) > limit * limit {
            return None;
        }
        if let Some(at) = self.meeting(other) {
            return Some(Apart {
                distance_m: 0.0,
                here: at,
                there: at,
            });
        }
        let mut best: Option<Apart> = None;
        let mut limit_m = limit_m;
        let mut keep = |found: Option<Apart>, limit_m: &mut f64| {
            let known = best.map_or(f64::INFINITY, |best| best.distance_m);
            if let Some(found) = found.filter(|found| found.distance_m < known) {
                *limit_m = found.distance_m;
                best = Some(found);
            }
        };
        for vertex in vertices(other) {
            keep(self.to_position(vertex, limit_m), &mut limit_m);
        }
        let index = index_of(other, self.edges);
        for vertex in &self.vertices {
            let near = index.near(*vertex, 1, limit_m, |_| true);
            let found = near.first().map(|near| Apart {
                distance_m: near.distance_m,
                here: *vertex,
                there: near.position,
            });
            keep(found, &mut limit_m);
        }
        best
    }

    fn to_position(&self, at: LonLat, limit_m: f64) -> Option<Apart> {
        let near = self.index.near(at, 1, limit_m, |_| true);
        near.first().map(|near| Apart {
            distance_m: near.distance_m,
            here: near.position,
            there: at,
        })
    }

    /// A position that both have; the first along this shape's vertices and edges.
    fn meeting(&self, other: &Geometry<f64>) -> Option<LonLat> {
        if !self.shape.intersects(other) {
            return None;
        }
        let index = index_of(other, self.edges);
        let holds = |index: &ShapeIndex, at: LonLat| index.side(0, at) != Side::Outside;
        let own = self.vertices.iter().copied().find(|at| holds(&index, *at));
        let others = lines(other);
        let crossing = || {
            let mut own = lines(&self.shape).into_iter();
            own.find_map(|edge| first_crossing(edge, &others))
        };
        own.or_else(|| vertices(other).find(|at| holds(&self.index, *at)))
            .or_else(crossing)
            // They meet at vertices of a line and a point.
            .or_else(|| vertices(other).next())
    }
}

/// Where an edge first meets others, from its start.
fn first_crossing(edge: Line<f64>, others: &[Line<f64>]) -> Option<LonLat> {
    let from_start = |at: Coord<f64>| (at.x - edge.start.x).powi(2) + (at.y - edge.start.y).powi(2);
    let crossings = others.iter().filter_map(|other| {
        Some(match line_intersection(edge, *other)? {
            LineIntersection::SinglePoint { intersection, .. } => intersection,
            LineIntersection::Collinear { intersection } => {
                let ends = [intersection.start, intersection.end];
                ends.into_iter()
                    .min_by(|a, b| from_start(*a).total_cmp(&from_start(*b)))?
            }
        })
    });
    let first = crossings.min_by(|a, b| from_start(*a).total_cmp(&from_start(*b)))?;
    LonLat::new(first.x, first.y).ok()
}

/// The edges of a shape.
fn lines(shape: &Geometry<f64>) -> Vec<Line<f64>> {
    match shape {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Vec::new(),
        Geometry::Line(line) => vec![*line],
        Geometry::LineString(line) => line.lines().collect(),
        Geometry::MultiLineString(all) => all.lines_iter().collect(),
        Geometry::Polygon(area) => area.lines_iter().collect(),
        Geometry::MultiPolygon(area) => area.lines_iter().collect(),
        Geometry::Rect(rect) => rect.lines_iter().collect(),
        Geometry::Triangle(triangle) => triangle.lines_iter().collect(),
        Geometry::GeometryCollection(all) => all.iter().flat_map(lines).collect(),
    }
}

fn index_of(shape: &Geometry<f64>, edges: Edges) -> ShapeIndex {
    let mut builder = ShapeIndexBuilder::new(edges);
    builder.geometry(shape);
    builder.end();
    builder.finish(1)
}

fn vertices(shape: &Geometry<f64>) -> impl Iterator<Item = LonLat> + '_ {
    shape
        .coords_iter()
        .filter_map(|at| LonLat::new(at.x, at.y).ok())
}

fn extent(shape: &Geometry<f64>) -> Option<Extent> {
    let around = shape.bounding_rect()?;
    let corners = [around.min(), around.max()];
    Extent::around(corners.map(|at| (at.x, at.y)))
}

fn around(shape: &Geometry<f64>) -> Option<[f64; 6]> {
    if let Geometry::Point(at) = shape {
        let [x, y, z] = in_space(LonLat::new(at.x(), at.y()).ok()?);
        return Some([x, y, z, x, y, z]);
    }
    extent(shape).map(space_around)
}

/// The squared distance between two boxes in space.
fn boxes_apart_2(a: &[f64; 6], b: &[f64; 6]) -> f64 {
    let apart = |axis: usize| {
        let (below, above) = (a[axis] - b[axis + 3], b[axis] - a[axis + 3]);
        below.max(above).max(0.0)
    };
    (0..3).map(|axis| apart(axis).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use gazetteer::geodesic;
    use geo::{LineString, Polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::space::longest;

    fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let position = (106.0..106.3_f64, 30.0..30.3_f64);
        proptest::collection::vec(position, 2..6)
    }

    fn line(positions: Vec<(f64, f64)>) -> Geometry<f64> {
        LineString::from(positions).into()
    }

    /// A triangle: it never crosses itself.
    fn area(positions: &[(f64, f64)]) -> Geometry<f64> {
        let ring: Vec<(f64, f64)> = positions.iter().copied().take(3).collect();
        Polygon::new(LineString::from(ring), Vec::new()).into()
    }

    /// Positions so near to each other that none of a shape is farther than some metres from one.
    fn dense(shape: &Geometry<f64>) -> Vec<LonLat> {
        lines(shape)
            .into_iter()
            .flat_map(|edge| {
                (0..=400).map(move |step| {
                    let part = f64::from(step) / 400.0;
                    let at = edge.start + (edge.end - edge.start) * part;
                    LonLat::new(at.x, at.y).expect("in range")
                })
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn shapes_are_as_far_apart_as_their_positions(
            first in ring(), second in ring(), areas in (any::<bool>(), any::<bool>()), shift in 0.0..0.6_f64,
        ) {
            let second: Vec<(f64, f64)> = second.iter().map(|(x, y)| (x + shift, *y)).collect();
            let shape = |positions: Vec<(f64, f64)>, area_of: bool| {
                if area_of && positions.len() > 2 { area(&positions) } else { line(positions) }
            };
            let (first, second) = (shape(first, areas.0), shape(second, areas.1));
            let origin = Origin::new(first.clone(), Edges::Degrees);
            let found = origin.apart(&second, f64::INFINITY).expect("neither is empty");
            let back = Origin::new(second.clone(), Edges::Degrees).apart(&first, f64::INFINITY).expect("neither is empty");
            prop_assert!((found.distance_m - back.distance_m).abs() < 1e-3, "{found:?} {back:?}");
            prop_assert!((geodesic(found.here, found.there).distance_m - found.distance_m).abs() < 1e-6);
            if first.intersects(&second) {
                prop_assert!(found.distance_m <= 0.0);
            } else {
                let (ours, theirs) = (dense(&first), dense(&second));
                let scanned = ours.iter().flat_map(|a| theirs.iter().map(move |b| {
                    let (a, b) = (in_space(*a), in_space(*b));
                    (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>()
                }));
                let scanned = longest(scanned.fold(f64::INFINITY, f64::min).sqrt());
                // Steps are under 120 m, and what lies between them is at most half of that aside.
                prop_assert!(found.distance_m < scanned + 0.01, "{found:?} {scanned}");
                prop_assert!(found.distance_m > scanned - 130.0, "{found:?} {scanned}");
            }
            prop_assert_eq!(origin.apart(&second, found.distance_m * 0.999 - 0.001), None);
        }
    }

    #[test]
    fn a_shape_in_an_area_is_no_distance_away_and_an_empty_one_nowhere() {
        let square = geo::Rect::new((106.0, 30.0), (107.0, 31.0)).to_polygon();
        let origin = Origin::new(square.into(), Edges::Degrees);
        let inside = line(vec![(106.4, 30.4), (106.5, 30.5)]);
        let found = origin.apart(&inside, 0.0).expect("inside");
        assert!(found.distance_m <= 0.0);
        let point = Geometry::Point(geo::Point::new(106.5, 30.5));
        assert!(origin.apart(&point, 0.0).expect("inside").distance_m <= 0.0);
        assert_eq!(origin.apart(&line(Vec::new()), f64::INFINITY), None);
        let empty = Origin::new(line(Vec::new()), Edges::Degrees);
        assert_eq!(empty.apart(&point, f64::INFINITY), None);
    }
}
