//! Drawings on the plane of Web Mercator: projected once for all zooms, with how much each point of a line matters.

use gazetteer::Extent;
use geo::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use layers::map::Drawing;

use super::page_box::PageBox;
use super::painting::side_by_side;
use super::projection::Projection;
use super::scene::{self, DRAWINGS_AT_ONCE, Shape, UNSEEN_MM, is_smooth};
use super::thinning;
use super::view::{View, densified};

/// Drawings in metres.
pub(super) struct Plane(Vec<OnPlane>);

enum OnPlane {
    Lines(Vec<Measured>),
    /// All else.
    Other(Geometry<f64>),
}

struct Measured {
    points: Vec<Coord<f64>>,
    /// By how much a line without the point would be off, squared.
    weights: Vec<f64>,
}

impl Plane {
    /// Projects drawings, on so many threads. A line will nowhere be drawn truer than within `least_m`.
    pub(super) fn new(focus: Extent, drawings: &[Drawing], least_m: f64, threads: usize) -> Self {
        let chunks: Vec<&[Drawing]> = drawings.chunks(DRAWINGS_AT_ONCE).collect();
        let projection = || Projection::mercator(focus);
        let projected = side_by_side(chunks.len(), threads, projection, |projection, number| {
            let drawings = chunks[number].iter();
            drawings
                .map(|drawing| on_plane(drawing, projection, least_m))
                .collect::<Vec<_>>()
        });
        Self(projected.into_iter().flatten().collect())
    }

    /// The shapes of the same drawings in a view of this plane.
    pub(super) fn shapes(&self, drawings: &[Drawing], view: &View<'_>) -> Vec<Shape> {
        let given = Projection::given();
        let view = view.of_plane(&given);
        let shapes = self.0.iter().zip(drawings);
        let shapes = shapes.map(|(on_plane, drawing)| match on_plane {
            OnPlane::Lines(lines) => {
                Shape::Lines(lines.iter().flat_map(|line| line.in_view(&view)).collect())
            }
            OnPlane::Other(geometry) => scene::shape(geometry, &drawing.symbol, &view),
        });
        shapes.collect()
    }
}

fn on_plane(drawing: &Drawing, projection: &Projection, least_m: f64) -> OnPlane {
    let at = |p: Coord<f64>| projection.to_plane(p.x, p.y).map(Coord::from);
    let nodes = |points: &[Coord<f64>]| points.iter().filter_map(|p| at(*p)).collect();
    let dense = |line: &LineString<f64>| {
        let mut points = Vec::with_capacity(line.0.len());
        densified(&line.0, |p| points.extend(at(p)));
        points
    };
    let polygon = |polygon: &Polygon<f64>| {
        let holes = polygon.interiors().iter();
        let holes = holes.map(|hole| LineString(dense(hole))).collect();
        Polygon::new(LineString(dense(polygon.exterior())), holes)
    };
    let measured = |line: &LineString<f64>| {
        let points = dense(line);
        let weights = thinning::weights(&points, least_m);
        Measured { points, weights }
    };
    let lines = |lines: &[LineString<f64>]| OnPlane::Lines(lines.iter().map(measured).collect());
    let area = |area: MultiPolygon<f64>| OnPlane::Other(Geometry::MultiPolygon(area));
    let points = |points: &[Coord<f64>]| {
        let points: Vec<Coord<f64>> = nodes(points);
        OnPlane::Other(Geometry::MultiPoint(
            points.into_iter().map(Point::from).collect(),
        ))
    };
    match &drawing.geometry {
        Geometry::LineString(line) if is_smooth(&drawing.symbol) => {
            OnPlane::Other(Geometry::LineString(LineString(nodes(&line.0))))
        }
        Geometry::LineString(line) => lines(std::slice::from_ref(line)),
        Geometry::MultiLineString(many) => lines(&many.0),
        Geometry::Line(line) => lines(&[LineString(vec![line.start, line.end])]),
        Geometry::Polygon(one) => area(MultiPolygon(vec![polygon(one)])),
        Geometry::MultiPolygon(many) => area(many.iter().map(polygon).collect()),
        Geometry::Rect(rect) => area(MultiPolygon(vec![polygon(&rect.to_polygon())])),
        Geometry::Triangle(triangle) => area(MultiPolygon(vec![polygon(&triangle.to_polygon())])),
        Geometry::Point(point) => points(&[point.0]),
        Geometry::MultiPoint(many) => points(&many.iter().map(|p| p.0).collect::<Vec<_>>()),
        Geometry::GeometryCollection(_) => points(&[]),
    }
}

impl Measured {
    /// What can be seen of it, with the points that matter there.
    fn in_view(&self, view: &View<'_>) -> Vec<LineString<f64>> {
        let unseen_m = UNSEEN_MM / view.per_metre();
        let points = self.points.iter().zip(&self.weights);
        let points = points.filter(|(_, weight)| **weight > unseen_m * unseen_m);
        let thinned: Vec<Coord<f64>> = points.filter_map(|(p, _)| view.on_page(p.x, p.y)).collect();
        let around = PageBox::around(thinned.iter().copied());
        if around.is_some_and(|around| view.reaches(around)) && thinned.len() > 1 {
            return vec![LineString(thinned)];
        }
        // Where it is cut, other points may matter.
        let seen = view.line(&LineString(self.points.clone()));
        let seen = seen.iter().map(|line| thinning::line(&line.0, UNSEEN_MM));
        seen.collect()
    }
}
