//! Paths as straight lines in pixels: fills as they are, strokes as what they cover.
#![expect(
    clippy::cast_precision_loss,
    reason = "pixels of a page are small numbers, and coordinates are f32"
)]

use std::borrow::Cow;
use std::f32::consts::FRAC_PI_4;
use std::ops::Range;

use tiny_skia::{LineCap, Path, PathSegment, PathStroker, Point, Stroke, Transform};

use super::contours::{Contours, Line};
use super::coverage::Coverage;

/// How far from a curve its pieces may be, in pixels.
const UNSEEN_PX: f32 = 0.12;
const MOST_PIECES: f32 = 64.0;
/// The joins of a line thinner than this are not seen: each of its segments is a box.
const THIN_PX: f32 = 2.0;

/// The cosine of the sharpest turn within a strip.
const STRAIGHT: f32 = 0.7;

/// What is to be made flat.
pub(super) enum Outline<'t> {
    Path(Path),
    Contours(&'t Contours),
}

impl Outline<'_> {
    /// About how many points it has.
    pub(super) fn points(&self) -> usize {
        match self {
            Self::Path(path) => path.len(),
            Self::Contours(contours) => contours.lines().count(),
        }
    }

    fn path(&self) -> Option<Cow<'_, Path>> {
        match self {
            Self::Path(path) => Some(Cow::Borrowed(path)),
            Self::Contours(contours) => contours.path().map(Cow::Owned),
        }
    }
}

/// Lines of points, each with the rows that it lies in.
pub(super) struct Flat {
    points: Vec<Point>,
    rings: Vec<Ring>,
    pub(super) top: f32,
    pub(super) bottom: f32,
}

struct Ring {
    points: Range<usize>,
    top: f32,
    bottom: f32,
}

impl Flat {
    fn new() -> Self {
        Self {
            points: Vec::new(),
            rings: Vec::new(),
            top: f32::INFINITY,
            bottom: f32::NEG_INFINITY,
        }
    }

    /// The contours of an outline.
    pub(super) fn of(outline: &Outline<'_>, transform: Transform) -> Self {
        let mut flat = Self::new();
        match outline {
            Outline::Path(path) => flat.add_path(path, transform),
            Outline::Contours(contours) => {
                for line in contours.lines() {
                    flat.add_line(line, transform);
                }
            }
        }
        flat
    }

    fn add_line(&mut self, line: &Line, transform: Transform) {
        match line {
            Line::Curved(path) => self.add_path(path, transform),
            Line::Straight { points, closed, .. } => {
                let first = self.points.len();
                self.points.extend_from_slice(points);
                transform.map_points(&mut self.points[first..]);
                if *closed {
                    self.points.extend(self.points.get(first).copied());
                }
                self.end(first);
            }
        }
    }

    fn add_path(&mut self, path: &Path, transform: Transform) {
        self.points.reserve(path.len());
        let mut first = self.points.len();
        let at = |mut p: Point| {
            transform.map_point(&mut p);
            p
        };
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    self.end(first);
                    first = self.points.len();
                    self.points.push(at(p));
                }
                PathSegment::LineTo(p) => self.points.push(at(p)),
                PathSegment::QuadTo(a, p) => self.quad(at(a), at(p)),
                PathSegment::CubicTo(a, b, p) => self.cubic(at(a), at(b), at(p)),
                PathSegment::Close => {
                    // What follows without a move begins where this began.
                    self.points.extend(self.points.get(first).copied());
                }
            }
        }
        self.end(first);
    }

    /// What a stroke covers, by the winding rule. The width is in the path's own measure.
    pub(super) fn of_stroke(
        outline: &Outline<'_>,
        stroke: &Stroke,
        transform: Transform,
    ) -> Option<Self> {
        let scale = PathStroker::compute_resolution_scale(&transform);
        let width = stroke.width * transform.sx;
        let mut boxes = Self::new();
        let dashed = match &stroke.dash {
            Some(dash) => Some(outline.path()?.dash(dash, scale)?),
            None => None,
        };
        let dots = dashed.is_some() && stroke.line_cap == LineCap::Round;
        if width >= THIN_PX || dots {
            let wide = match &dashed {
                Some(dashed) => dashed.stroke(stroke, scale)?,
                None => outline.path()?.stroke(stroke, scale)?,
            };
            boxes.add_path(&wide, transform);
            return Some(boxes);
        }
        let mut middle = match dashed {
            Some(dashed) => Self::of(&Outline::Path(dashed), transform),
            None => Self::of(outline, transform),
        };
        let half = width / 2.0;
        boxes.points.reserve(middle.points.len() * 4);
        boxes.rings.reserve(middle.points.len());
        for ring in &middle.rings {
            let points = &mut middle.points[ring.points.clone()];
            if stroke.line_cap != LineCap::Butt && points.first() != points.last() {
                // Ends that are as large as round ones.
                let by = half * FRAC_PI_4;
                let count = points.len();
                points[0] = beyond(points[1], points[0], by);
                points[count - 1] = beyond(points[count - 2], points[count - 1], by);
            }
            boxes.strips(points, half);
        }
        Some(boxes)
    }

    /// What a line of a half width covers: strips, parted where it turns sharply.
    fn strips(&mut self, points: &[Point], half: f32) {
        let mut first = self.points.len();
        // The right side of a strip, to be walked back.
        let mut right: Vec<Point> = Vec::new();
        let mut before: Option<(Point, f32)> = None;
        for pair in points.windows(2) {
            let along = pair[1] - pair[0];
            let length = along.length();
            if length <= 0.0 {
                continue;
            }
            let across = Point::from_xy(-along.y / length, along.x / length);
            let corner = match before {
                // The sides of two segments meet beside their joint.
                Some((other, long)) if long.min(length) > half && other.dot(across) > STRAIGHT => {
                    let both = other + across;
                    let share = half / (1.0 + other.dot(across));
                    Some(Point::from_xy(both.x * share, both.y * share))
                }
                _ => None,
            };
            if let Some(side) = corner {
                self.points.push(pair[0] + side);
                right.push(pair[0] - side);
            } else {
                if let Some((other, _)) = before {
                    self.end_strip(first, &mut right, pair[0], scaled(other, half));
                    first = self.points.len();
                }
                let side = scaled(across, half);
                self.points.push(pair[0] + side);
                right.push(pair[0] - side);
            }
            before = Some((across, length));
        }
        if let (Some((across, _)), Some(last)) = (before, points.last()) {
            self.end_strip(first, &mut right, *last, scaled(across, half));
        }
    }

    fn end_strip(&mut self, first: usize, right: &mut Vec<Point>, at: Point, side: Point) {
        self.points.extend([at + side, at - side]);
        self.points.extend(right.drain(..).rev());
        self.end(first);
    }

    fn end(&mut self, first: usize) {
        let points = first..self.points.len();
        let (mut top, mut bottom) = (f32::INFINITY, f32::NEG_INFINITY);
        for p in &self.points[points.clone()] {
            (top, bottom) = (top.min(p.y), bottom.max(p.y));
        }
        self.top = self.top.min(top);
        self.bottom = self.bottom.max(bottom);
        if points.len() > 1 {
            self.rings.push(Ring {
                points,
                top,
                bottom,
            });
        }
    }

    fn quad(&mut self, a: Point, to: Point) {
        let Some(&from) = self.points.last() else {
            return;
        };
        let bend = (from - a) + (to - a);
        let pieces = pieces(bend.length() / 4.0);
        let mut step = 1.0;
        while step < pieces {
            let t = step / pieces;
            let u = 1.0 - t;
            let at = |from: f32, a: f32, to: f32| u * u * from + 2.0 * u * t * a + t * t * to;
            self.points
                .push(Point::from_xy(at(from.x, a.x, to.x), at(from.y, a.y, to.y)));
            step += 1.0;
        }
        self.points.push(to);
    }

    fn cubic(&mut self, a: Point, b: Point, to: Point) {
        let Some(&from) = self.points.last() else {
            return;
        };
        let bends = [(from - a) + (b - a), (a - b) + (to - b)];
        let bend = bends[0].length().max(bends[1].length());
        let pieces = pieces(bend * 0.75);
        let mut step = 1.0;
        while step < pieces {
            let t = step / pieces;
            let u = 1.0 - t;
            let at = |from: f32, a: f32, b: f32, to: f32| {
                u * u * u * from + 3.0 * u * t * (u * a + t * b) + t * t * t * to
            };
            self.points.push(Point::from_xy(
                at(from.x, a.x, b.x, to.x),
                at(from.y, a.y, b.y, to.y),
            ));
            step += 1.0;
        }
        self.points.push(to);
    }

    /// Adds what reaches into the rows.
    pub(super) fn cover(&self, coverage: &mut Coverage, rows: &Range<usize>) {
        let (first, end) = (rows.start as f32, rows.end as f32);
        for ring in &self.rings {
            if ring.top >= end || ring.bottom <= first {
                continue;
            }
            let points = &self.points[ring.points.clone()];
            for pair in points.windows(2) {
                coverage.line(pair[0], pair[1]);
            }
            if let [from, .., to] = points {
                coverage.line(*to, *from);
            }
        }
    }
}

/// The end of a segment, so much farther on.
fn beyond(from: Point, to: Point, by: f32) -> Point {
    let along = to - from;
    let length = along.length();
    if length > 0.0 {
        to + scaled(along, by / length)
    } else {
        to
    }
}

fn scaled(p: Point, by: f32) -> Point {
    Point::from_xy(p.x * by, p.y * by)
}

/// How many pieces a curve has that is this far from a single one.
fn pieces(away_px: f32) -> f32 {
    (away_px / UNSEEN_PX).sqrt().ceil().clamp(1.0, MOST_PIECES)
}
