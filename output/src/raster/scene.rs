//! The page's geometry, projected once: what painting and placing names both work on.

use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon, Simplify};

use layers::map::{Drawing, GroundArea, MapPage};
use layers::style::{BorderLevel, Paint, Symbol};

use super::areas::is_hatched;
use super::page_box::PageBox;
use super::spline;
use super::view::View;

/// A map in its frame, in mm on the page.
pub(super) struct Scene<'p> {
    pub(super) view: View<'p>,
    /// The two provinces of the plans.
    pub(super) home: Vec<MultiPolygon<f64>>,
    /// Units whose names may be printed.
    pub(super) named: Vec<(&'p GroundArea, MultiPolygon<f64>)>,
    pub(super) borders: Vec<(BorderLevel, Vec<LineString<f64>>)>,
    pub(super) rivers: Vec<PlacedRiver<'p>>,
    pub(super) drawings: Vec<Placed<'p>>,
}

/// A river on the page.
pub(super) struct PlacedRiver<'p> {
    pub(super) name: &'p str,
    pub(super) rank: u8,
    pub(super) courses: Vec<LineString<f64>>,
}

/// A drawing on the page.
pub(super) struct Placed<'p> {
    pub(super) drawing: &'p Drawing,
    pub(super) shape: Shape,
}

/// Where a drawing lies, in mm.
pub(super) enum Shape {
    Area(MultiPolygon<f64>),
    Lines(Vec<LineString<f64>>),
    /// A smooth line through its nodes, from the first to the last, seen or not.
    Course(LineString<f64>),
    Points(Vec<Coord<f64>>),
}

/// What borders may be moved by without being seen: half a pixel at 250 dpi. Each is drawn once, so no gap opens.
const UNSEEN_MM: f64 = 0.05;
/// Rivers of this rank and below are hair lines below the theme.
pub(super) const SMALL_RIVER: u8 = 6;
/// A map larger than 1 to this has no rivers: the lines are not true enough.
const LARGEST_RATIO_WITH_RIVERS: f64 = 1_000_000.0;

impl<'p> Scene<'p> {
    pub(super) fn new(page: &'p MapPage, view: View<'p>) -> Self {
        let areas = page.ground.areas.iter();
        let home = areas
            .clone()
            .filter(|area| area.home && area.level == BorderLevel::Province);
        let named = areas.filter(|area| area.named && !area.name.is_empty());
        let borders = page.ground.borders.iter().map(|border| {
            let lines = view.line(&border.line);
            (
                border.level,
                lines
                    .iter()
                    .map(|line| line.simplify(UNSEEN_MM))
                    .collect::<Vec<_>>(),
            )
        });
        let rivers = page
            .ground
            .rivers
            .iter()
            .filter(|_| view.ratio >= LARGEST_RATIO_WITH_RIVERS)
            .map(|river| {
                let mut courses = view.line(&river.line);
                for course in &mut courses {
                    *course = spline::round_corners(&course.simplify(0.18), 2);
                }
                PlacedRiver {
                    name: &river.name,
                    rank: river.rank,
                    courses,
                }
            });
        Self {
            home: home.map(|area| view.area(&area.geometry)).collect(),
            named: named
                .map(|area| (area, view.area(&area.geometry)))
                .filter(|(_, g)| !g.0.is_empty())
                .collect(),
            borders: borders.filter(|(_, lines)| !lines.is_empty()).collect(),
            rivers: rivers.filter(|river| !river.courses.is_empty()).collect(),
            drawings: page
                .drawings
                .iter()
                .map(|drawing| Placed {
                    drawing,
                    shape: shape(drawing, &view),
                })
                .collect(),
            view,
        }
    }

    pub(super) fn frame(&self) -> PageBox {
        self.view.frame
    }

    /// The areas of the theme, faint or not: ground names keep out of them.
    pub(super) fn themed_areas(&self) -> impl Iterator<Item = &MultiPolygon<f64>> {
        self.drawings
            .iter()
            .filter_map(|placed| match &placed.shape {
                Shape::Area(area) => Some(area),
                _ => None,
            })
    }

    /// The areas drawn over the drawing at `index` that hide it.
    pub(super) fn covers_of(&self, index: usize) -> impl Iterator<Item = &MultiPolygon<f64>> {
        let hatched = is_hatched(&self.drawings[index].drawing.symbol);
        self.drawings[index + 1..].iter().filter_map(move |placed| {
            match (&placed.shape, &placed.drawing.symbol) {
                (Shape::Area(area), Symbol::Fill { paint, .. }) if hides(paint) && !hatched => {
                    Some(area)
                }
                _ => None,
            }
        })
    }
}

fn hides(paint: &Paint) -> bool {
    match paint {
        Paint::Solid { opacity, .. } => *opacity > 0.3,
        Paint::Hatch { .. } | Paint::Stripes { .. } => true,
    }
}

fn shape(drawing: &Drawing, view: &View<'_>) -> Shape {
    let smooth = matches!(
        drawing.symbol,
        Symbol::Corridor { .. } | Symbol::Axis { .. }
    );
    let polygons = |polygons: Vec<Polygon<f64>>| Shape::Area(view.area(&MultiPolygon(polygons)));
    let lines = |lines: &[LineString<f64>]| {
        Shape::Lines(lines.iter().flat_map(|line| view.line(line)).collect())
    };
    let points = |points: &[Coord<f64>]| {
        let seen = points
            .iter()
            .filter_map(|p| view.on_page(p.x, p.y))
            .filter(|p| view.frame.holds_point(*p));
        Shape::Points(seen.collect())
    };
    match &drawing.geometry {
        Geometry::LineString(line) if smooth => Shape::Course(spline::through(&view.nodes(line))),
        Geometry::LineString(line) => lines(std::slice::from_ref(line)),
        Geometry::MultiLineString(many) => lines(&many.0),
        Geometry::Line(line) => lines(&[LineString(vec![line.start, line.end])]),
        Geometry::Polygon(polygon) => polygons(vec![polygon.clone()]),
        Geometry::MultiPolygon(area) => Shape::Area(view.area(area)),
        Geometry::Rect(rect) => polygons(vec![rect.to_polygon()]),
        Geometry::Triangle(triangle) => polygons(vec![triangle.to_polygon()]),
        Geometry::Point(point) => points(&[point.0]),
        Geometry::MultiPoint(many) => points(&many.iter().map(|p| p.0).collect::<Vec<_>>()),
        // No layer makes one; a page of mixed geometry would have drawings of each.
        Geometry::GeometryCollection(_) => Shape::Points(Vec::new()),
    }
}
