//! Paths as contours that can be cut to a box: what tiles are painted from.

use std::sync::Arc;

use tiny_skia::{Path, PathBuilder, PathSegment, Point};

use super::page_box::PageBox;

/// The contours of a path, with a box around all.
#[derive(Debug, Clone)]
pub(super) struct Contours {
    all: Vec<Arc<Contour>>,
    bounds: [f32; 4],
}

/// How something lies to a box.
pub(super) enum Place {
    Apart,
    Inside,
    Across,
}

/// One contour with its box.
#[derive(Debug)]
struct Contour {
    line: Line,
    bounds: [f32; 4],
}

#[derive(Debug)]
pub(super) enum Line {
    /// Straight from point to point. `from_mm` is how much of the line came before the first.
    Straight {
        points: Vec<Point>,
        closed: bool,
        from_mm: f32,
    },
    /// With curves, kept whole.
    Curved(Path),
}

/// The box around nothing: apart from every other.
const NOWHERE: [f32; 4] = [
    f32::INFINITY,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NEG_INFINITY,
];

fn bounds(points: &[Point]) -> [f32; 4] {
    points
        .iter()
        .fold(NOWHERE, |[left, top, right, bottom], p| {
            [left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y)]
        })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the rasteriser works in f32"
)]
fn sides(area: PageBox) -> [f32; 4] {
    [area.left, area.top, area.right, area.bottom].map(|side| side as f32)
}

impl Contour {
    fn straight(points: Vec<Point>, closed: bool, from_mm: f32) -> Self {
        Self {
            bounds: bounds(&points),
            line: Line::Straight {
                points,
                closed,
                from_mm,
            },
        }
    }

    fn place_in(&self, area: [f32; 4]) -> Place {
        place_in(self.bounds, area)
    }
}

fn place_in(own: [f32; 4], [left, top, right, bottom]: [f32; 4]) -> Place {
    if own[0] > right || own[2] < left || own[1] > bottom || own[3] < top {
        Place::Apart
    } else if own[0] >= left && own[2] <= right && own[1] >= top && own[3] <= bottom {
        Place::Inside
    } else {
        Place::Across
    }
}

impl Contours {
    /// Takes a path apart.
    pub(super) fn of(path: &Path) -> Self {
        let (mut found, mut open) = (Vec::new(), Open::default());
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    open.end(false, &mut found);
                    open.points.push(p);
                }
                PathSegment::LineTo(p) => {
                    open.points.push(p);
                    if let Some(curved) = &mut open.curved {
                        curved.line_to(p.x, p.y);
                    }
                }
                PathSegment::QuadTo(a, p) => {
                    open.curve().quad_to(a.x, a.y, p.x, p.y);
                    open.points.extend([a, p]);
                }
                PathSegment::CubicTo(a, b, p) => {
                    open.curve().cubic_to(a.x, a.y, b.x, b.y, p.x, p.y);
                    open.points.extend([a, b, p]);
                }
                PathSegment::Close => {
                    if let Some(curved) = &mut open.curved {
                        curved.close();
                    }
                    open.end(true, &mut found);
                }
            }
        }
        open.end(false, &mut found);
        Self::from(found.into_iter().map(Arc::new).collect::<Vec<_>>())
    }

    /// How they lie to a box.
    pub(super) fn place_in(&self, area: PageBox) -> Place {
        place_in(self.bounds, sides(area))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What of a filled path is seen in a box: contours are cut at its sides, along which the fill does not change.
    pub(super) fn filled_within(&self, area: PageBox) -> Self {
        let area = sides(area);
        let cut = |contour: &Arc<Contour>| match (contour.place_in(area), &contour.line) {
            (Place::Apart, _) => None,
            (Place::Across, Line::Straight { points, .. }) => {
                let points = clipped(points, area);
                (points.len() > 2).then(|| Arc::new(Contour::straight(points, true, 0.0)))
            }
            _ => Some(Arc::clone(contour)),
        };
        Self::from(self.all.iter().filter_map(cut).collect::<Vec<_>>())
    }

    /// What of a stroked path is seen in a box: runs of segments, each with a segment more on either side.
    pub(super) fn stroked_within(&self, area: PageBox) -> Self {
        let area = sides(area);
        let mut found = Vec::new();
        for contour in &self.all {
            match (contour.place_in(area), &contour.line) {
                (Place::Apart, _) => {}
                (
                    Place::Across,
                    Line::Straight {
                        points,
                        closed,
                        from_mm,
                    },
                ) => runs(points, *closed, *from_mm, area, &mut found),
                _ => found.push(Arc::clone(contour)),
            }
        }
        Self::from(found)
    }

    /// One path of all.
    pub(super) fn path(&self) -> Option<Path> {
        let mut builder = PathBuilder::new();
        self.all
            .iter()
            .for_each(|contour| push(&mut builder, contour));
        builder.finish()
    }

    /// One after the other.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.all.iter().map(|contour| &contour.line)
    }

    /// Each as a path, with how much of its line came before: dashes count from there.
    pub(super) fn dashed(&self) -> Vec<(Path, f64)> {
        let paths = self.all.iter().filter_map(|contour| {
            let mut builder = PathBuilder::new();
            push(&mut builder, contour);
            let from_mm = match contour.line {
                Line::Straight { from_mm, .. } => f64::from(from_mm),
                Line::Curved(_) => 0.0,
            };
            Some((builder.finish()?, from_mm))
        });
        paths.collect()
    }
}

impl From<Vec<Arc<Contour>>> for Contours {
    fn from(all: Vec<Arc<Contour>>) -> Self {
        let bounds = all.iter().fold(NOWHERE, |all, contour| {
            let (own, mut all) = (contour.bounds, all);
            for side in 0..2 {
                all[side] = all[side].min(own[side]);
                all[side + 2] = all[side + 2].max(own[side + 2]);
            }
            all
        });
        Self { all, bounds }
    }
}

/// A contour that is being read.
#[derive(Default)]
struct Open {
    points: Vec<Point>,
    /// The same as a path, from its first curve on.
    curved: Option<PathBuilder>,
}

impl Open {
    fn curve(&mut self) -> &mut PathBuilder {
        self.curved.get_or_insert_with(|| {
            let mut builder = PathBuilder::new();
            push_points(&mut builder, &self.points);
            builder
        })
    }

    fn end(&mut self, closed: bool, found: &mut Vec<Contour>) {
        let (points, curved) = (&self.points, self.curved.take());
        match curved {
            _ if points.len() < 2 => {}
            // As many as there are: the room in which they came together is used again.
            None => found.push(Contour::straight(points.clone(), closed, 0.0)),
            Some(curved) => found.extend(curved.finish().map(|path| Contour {
                line: Line::Curved(path),
                bounds: bounds(points),
            })),
        }
        self.points.clear();
    }
}

fn push_points(builder: &mut PathBuilder, points: &[Point]) {
    if let [first, rest @ ..] = points {
        builder.move_to(first.x, first.y);
        for p in rest {
            builder.line_to(p.x, p.y);
        }
    }
}

fn push(builder: &mut PathBuilder, contour: &Contour) {
    match &contour.line {
        Line::Curved(path) => builder.push_path(path),
        Line::Straight { points, closed, .. } => {
            push_points(builder, points);
            if *closed {
                builder.close();
            }
        }
    }
}

/// A ring cut to a box, side by side (Sutherland and Hodgman).
fn clipped(ring: &[Point], [left, top, right, bottom]: [f32; 4]) -> Vec<Point> {
    let at_x = |a: Point, b: Point, x: f32| {
        Point::from_xy(x, a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)))
    };
    let at_y = |a: Point, b: Point, y: f32| {
        Point::from_xy(a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)), y)
    };
    let ring = side(ring, |p| p.x >= left, |a, b| at_x(a, b, left));
    let ring = side(&ring, |p| p.x <= right, |a, b| at_x(a, b, right));
    let ring = side(&ring, |p| p.y >= top, |a, b| at_y(a, b, top));
    side(&ring, |p| p.y <= bottom, |a, b| at_y(a, b, bottom))
}

fn side(
    ring: &[Point],
    inside: impl Fn(Point) -> bool,
    cut: impl Fn(Point, Point) -> Point,
) -> Vec<Point> {
    let mut found = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else {
        return found;
    };
    let mut before = last;
    for &point in ring {
        match (inside(before), inside(point)) {
            (true, true) => found.push(point),
            (true, false) => found.push(cut(before, point)),
            (false, true) => found.extend([cut(before, point), point]),
            (false, false) => {}
        }
        before = point;
    }
    found
}

/// The runs of segments whose boxes meet a box.
fn runs(
    points: &[Point],
    closed: bool,
    from_mm: f32,
    area: [f32; 4],
    found: &mut Vec<Arc<Contour>>,
) {
    let [left, top, right, bottom] = area;
    let meets = |a: Point, b: Point| {
        a.x.min(b.x) <= right
            && a.x.max(b.x) >= left
            && a.y.min(b.y) <= bottom
            && a.y.max(b.y) >= top
    };
    let closing = closed.then(|| points[0]);
    let ring: Vec<Point> = points.iter().copied().chain(closing).collect();
    let (mut run, mut start_mm, mut way_mm) = (Vec::new(), from_mm, from_mm);
    for (number, pair) in ring.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance(b);
        let seen = meets(a, b);
        if seen && run.is_empty() {
            // The join with the segment before may reach into the box.
            start_mm = way_mm;
            if let Some(&before) = number.checked_sub(1).and_then(|before| ring.get(before)) {
                start_mm -= before.distance(a);
                run.push(before);
            }
            run.push(a);
        }
        if seen {
            run.push(b);
        } else if !run.is_empty() {
            run.push(b);
            let run = Contour::straight(std::mem::take(&mut run), false, start_mm);
            found.push(Arc::new(run));
        }
        way_mm += length;
    }
    if !run.is_empty() {
        found.push(Arc::new(Contour::straight(run, false, start_mm)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[(f32, f32)], closed: bool) -> Path {
        let mut builder = PathBuilder::new();
        for (number, &(x, y)) in points.iter().enumerate() {
            if number == 0 {
                builder.move_to(x, y);
            } else {
                builder.line_to(x, y);
            }
        }
        if closed {
            builder.close();
        }
        builder.finish().expect("a path")
    }

    #[test]
    fn a_fill_is_cut_at_the_sides_of_a_box_and_what_is_apart_goes() {
        let square = Contours::of(&path(
            &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)],
            true,
        ));
        let cut = square.filled_within(PageBox::new(5.0, 5.0, 20.0, 2.0));
        let wanted = [5.0, 5.0, 10.0, 7.0];
        for (found, wanted) in cut.all[0].bounds.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-6, "{:?}", cut.all[0].bounds);
        }
        assert!(
            square
                .filled_within(PageBox::new(11.0, 0.0, 5.0, 5.0))
                .is_empty()
        );
    }

    #[test]
    fn runs_of_a_line_remember_how_far_along_they_begin() {
        let steps: Vec<(f32, f32)> = (0..10u8).map(|x| (f32::from(x), 0.0)).collect();
        let line = Contours::of(&path(&steps, false));
        let cut = line.stroked_within(PageBox::new(4.5, -1.0, 1.0, 2.0));
        let Line::Straight {
            points, from_mm, ..
        } = &cut.all[0].line
        else {
            panic!("straight");
        };
        assert_eq!((points.len(), points[0].x, *from_mm), (5, 3.0, 3.0));
        // Cut again, they still do.
        let again = cut.stroked_within(PageBox::new(4.5, -1.0, 0.2, 2.0));
        assert!((again.dashed()[0].1 - 3.0).abs() < 1e-6);
    }
}
