//! The page's geometry, projected once: what painting and placing names both work on.

use std::sync::Arc;

use gazetteer::Extent;
use geo::{Contains, Coord, Geometry, InteriorPoint, LineString, MultiPolygon, Polygon};

use layers::Look;
use layers::map::{Drawing, Ground, GroundArea, MapPage};
use layers::style::{Paint, Symbol};

use super::beside;
use super::land::Land;
use super::page_box::PageBox;
use super::painting::side_by_side;
use super::plane::Plane;
use super::projection::Projection;
use super::spline;
use super::thinning;
use super::view::View;

/// What all maps of a page share.
#[derive(Clone, Copy)]
pub(super) struct Subject<'p> {
    pub(super) page: &'p MapPage,
    /// The drawings of the page as they look.
    pub(super) drawings: &'p [Drawing],
    pub(super) look: &'p Arc<Look>,
    /// The size of names, against those on an A4 page.
    pub(super) names: f64,
    /// Whether meridians and parallels are drawn across the map.
    pub(super) graticule: bool,
    /// The area outside of which a veil lies, in degrees.
    pub(super) only: Option<&'p MultiPolygon<f64>>,
}

/// A map in its frame, in mm on the page.
pub(super) struct Scene<'p> {
    pub(super) look: Arc<Look>,
    /// The size of names, against those on an A4 page.
    pub(super) names: f64,
    pub(super) graticule: bool,
    /// The area outside of which a veil lies.
    pub(super) only: Option<MultiPolygon<f64>>,
    pub(super) view: View<'p>,
    pub(super) land: Arc<Land>,
    pub(super) drawings: Vec<Placed<'p>>,
    /// The tag in the corner, where there is one: no arrow ends below it.
    pub(super) tag: Option<PageBox>,
    /// Parts of the map whose points an inset shows: here they are dots.
    pub(super) enlarged: Vec<PageBox>,
    /// The scale of signs, below 1 in an inset where they would lie on each other.
    pub(super) signs: f64,
    ground: &'p Ground,
}

/// What a thread makes of a scene.
enum Part {
    Land(Arc<Land>),
    Shapes(Vec<Shape>),
}

/// Drawings that a thread projects before it looks for more.
pub(super) const DRAWINGS_AT_ONCE: usize = 64;

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

/// Rivers of this rank and below are hair lines below the theme.
pub(super) const SMALL_RIVER: u8 = 6;

/// What a line may be moved by without being seen: a third of a pixel at 254 dpi.
pub(super) const UNSEEN_MM: f64 = 0.035;

/// A point this close to the frame is left out: the frame would cut its symbol.
pub(super) const SYMBOL_MM: f64 = 1.5;

impl<'p> Scene<'p> {
    pub(super) fn new(subject: Subject<'p>, view: View<'p>, land: Arc<Land>) -> Self {
        let shapes = shapes(subject.drawings, &view);
        Self::of_shapes(subject, view, land, shapes)
    }

    /// Made by several threads, each with a projection of its own (`crs`, for a focus).
    pub(super) fn side_by_side(
        subject: Subject<'p>,
        view: View<'p>,
        (crs, focus): (Option<&str>, Extent),
        threads: usize,
        land: impl Fn(&View<'_>) -> Arc<Land> + Sync,
    ) -> Self {
        if threads < 2 {
            return Self::new(subject, view, land(&view));
        }
        let (frame, unit_mm) = (view.frame, view.unit_mm);
        let chunks: Vec<&[Drawing]> = subject.drawings.chunks(DRAWINGS_AT_ONCE).collect();
        let projection = || Projection::of(crs, focus).ok();
        let parts = side_by_side(
            1 + chunks.len(),
            threads,
            projection,
            |projection, number| {
                let view = View::of_focus(projection.as_ref()?, focus, frame, unit_mm)?;
                // The land takes longest and comes first.
                Some(match number.checked_sub(1) {
                    None => Part::Land(land(&view)),
                    Some(chunk) => Part::Shapes(shapes(chunks[chunk], &view)),
                })
            },
        );
        let (mut made, mut drawn) = (None, Vec::new());
        for part in parts.into_iter().flatten() {
            match part {
                Part::Land(land) => made = Some(land),
                Part::Shapes(shapes) => drawn.extend(shapes),
            }
        }
        match made {
            Some(land) if drawn.len() == subject.drawings.len() => {
                Self::of_shapes(subject, view, land, drawn)
            }
            _ => Self::new(subject, view, land(&view)),
        }
    }

    /// Of what was projected before.
    pub(super) fn of_plane(
        subject: Subject<'p>,
        view: View<'p>,
        land: Arc<Land>,
        plane: &Plane,
    ) -> Self {
        let shapes = plane.shapes(subject.drawings, &view);
        Self::of_shapes(subject, view, land, shapes)
    }

    fn of_shapes(
        subject: Subject<'p>,
        view: View<'p>,
        land: Arc<Land>,
        shapes: Vec<Shape>,
    ) -> Self {
        let drawings = subject.drawings.iter().zip(shapes);
        let mut drawings: Vec<Placed<'p>> = drawings
            .map(|(drawing, shape)| Placed { drawing, shape })
            .collect();
        beside::set_apart(&mut drawings);
        Self {
            look: Arc::clone(subject.look),
            names: subject.names,
            graticule: subject.graticule,
            only: subject.only.map(|area| view.area(area)),
            land,
            tag: None,
            enlarged: Vec::new(),
            signs: 1.0,
            ground: &subject.page.ground,
            drawings,
            view,
        }
    }

    /// Units with a name.
    pub(super) fn units(&self) -> impl Iterator<Item = (&'p GroundArea, &MultiPolygon<f64>)> {
        let units = self.land.areas.iter();
        units.filter_map(|(number, area)| Some((self.ground.areas.get(*number)?, area)))
    }

    /// Units whose names may be printed.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'p GroundArea, &MultiPolygon<f64>)> {
        self.units().filter(|(unit, _)| unit.named)
    }

    /// Whether an inset shows a point better.
    pub(super) fn is_enlarged(&self, p: Coord<f64>) -> bool {
        self.enlarged.iter().any(|part| part.holds_point(p))
    }

    pub(super) fn frame(&self) -> PageBox {
        self.view.frame
    }

    /// Whether a point lies below the veil.
    pub(super) fn is_veiled(&self, p: Coord<f64>) -> bool {
        self.only.as_ref().is_some_and(|only| !only.contains(&p))
    }

    /// Whether a drawing lies where no veil does, so that it is named.
    pub(super) fn is_seen(&self, shape: &Shape) -> bool {
        let Some(only) = &self.only else { return true };
        let inside = |p: &Coord<f64>| only.contains(p);
        match shape {
            Shape::Points(at) => at.iter().any(inside),
            Shape::Course(line) => line.0.iter().any(inside),
            Shape::Lines(lines) => lines.iter().flat_map(|line| &line.0).any(inside),
            Shape::Area(area) => area
                .iter()
                .filter_map(InteriorPoint::interior_point)
                .any(|p| inside(&p.0)),
        }
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

    /// Whether the drawing at `index` is an area that hides those below it.
    pub(super) fn hides(&self, index: usize) -> bool {
        let placed = &self.drawings[index];
        match (&placed.shape, &placed.drawing.symbol) {
            (Shape::Area(_), Symbol::Fill { paint, .. }) => hides(paint),
            _ => false,
        }
    }
}

fn hides(paint: &Paint) -> bool {
    match paint {
        Paint::Solid { opacity, .. } | Paint::Textured { opacity, .. } => *opacity > 0.3,
        Paint::Hatch { .. } | Paint::Stripes { .. } => true,
    }
}

/// Drawings in a view.
fn shapes(drawings: &[Drawing], view: &View<'_>) -> Vec<Shape> {
    drawings
        .iter()
        .map(|drawing| shape(&drawing.geometry, &drawing.symbol, view))
        .collect()
}

/// Whether a line of this symbol is smooth.
pub(super) fn is_smooth(symbol: &Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Corridor { .. } | Symbol::Axis { .. } | Symbol::Belt { .. }
    )
}

/// Where something lies in a view.
pub(super) fn shape(geometry: &Geometry<f64>, symbol: &Symbol, view: &View<'_>) -> Shape {
    let polygons = |polygons: Vec<Polygon<f64>>| Shape::Area(view.area(&MultiPolygon(polygons)));
    let lines = |lines: &[LineString<f64>]| {
        let seen = lines.iter().flat_map(|line| view.line(line));
        Shape::Lines(
            seen.map(|line| thinning::line(&line.0, UNSEEN_MM))
                .collect(),
        )
    };
    let points = |points: &[Coord<f64>]| {
        let seen = points
            .iter()
            .filter_map(|p| view.on_page(p.x, p.y))
            .filter(|p| view.frame.grown(-SYMBOL_MM).holds_point(*p));
        Shape::Points(seen.collect())
    };
    match geometry {
        Geometry::LineString(line) if is_smooth(symbol) => {
            Shape::Course(spline::through(&view.nodes(line)))
        }
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
