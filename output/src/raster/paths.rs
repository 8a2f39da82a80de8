//! Geometry on the page as paths of the rasteriser.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the rasteriser works in f32"
)]

use geo::{Coord, CoordsIter, LineString, MultiPolygon};
use tiny_skia::{Path, PathBuilder, Rect};

use super::page_box::PageBox;

/// A point of a path.
pub(super) fn xy(p: Coord<f64>) -> (f32, f32) {
    (p.x as f32, p.y as f32)
}

/// Lines as one path.
pub(super) fn path_of_lines<'l>(
    lines: impl IntoIterator<Item = &'l LineString<f64>>,
) -> Option<Path> {
    let lines: Vec<&LineString<f64>> = lines.into_iter().collect();
    let count = lines.iter().map(|line| line.0.len()).sum();
    let mut builder = PathBuilder::with_capacity(count, count);
    for line in lines {
        push_points(&mut builder, &line.0);
    }
    builder.finish()
}

fn push_points(builder: &mut PathBuilder, points: &[Coord<f64>]) {
    let Some((first, rest)) = points.split_first() else {
        return;
    };
    let (x, y) = xy(*first);
    builder.move_to(x, y);
    for point in rest {
        let (x, y) = xy(*point);
        builder.line_to(x, y);
    }
}

/// A closed path through points.
pub(super) fn path_of_ring(points: &[Coord<f64>]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    push_points(&mut builder, points);
    builder.close();
    builder.finish()
}

/// Areas as one path, for the even-odd rule.
pub(super) fn path_of_area(area: &MultiPolygon<f64>) -> Option<Path> {
    // A verb more for each ring, and there are fewer rings than points.
    let count = area.coords_count();
    let mut builder = PathBuilder::with_capacity(count * 2, count);
    for polygon in area {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            push_points(&mut builder, &ring.0);
            builder.close();
        }
    }
    builder.finish()
}

/// A box, with rounded corners when `radius_mm` is not 0.
pub(super) fn path_of_box(area: PageBox, radius_mm: f64) -> Option<Path> {
    let r = radius_mm.min(area.width() / 2.0).min(area.height() / 2.0);
    let mut builder = PathBuilder::new();
    if r <= 0.0 {
        builder.push_rect(Rect::from_ltrb(
            area.left as f32,
            area.top as f32,
            area.right as f32,
            area.bottom as f32,
        )?);
        return builder.finish();
    }
    let PageBox {
        left,
        top,
        right,
        bottom,
    } = area;
    let p = |x: f64, y: f64| (x as f32, y as f32);
    let corners = [
        (p(right - r, top), p(right, top), p(right, top + r)),
        (p(right, bottom - r), p(right, bottom), p(right - r, bottom)),
        (p(left + r, bottom), p(left, bottom), p(left, bottom - r)),
        (p(left, top + r), p(left, top), p(left + r, top)),
    ];
    let (x, y) = p(left + r, top);
    builder.move_to(x, y);
    for ((x0, y0), (cx, cy), (x1, y1)) in corners {
        builder.line_to(x0, y0);
        builder.quad_to(cx, cy, x1, y1);
    }
    builder.close();
    builder.finish()
}

/// A circle.
pub(super) fn path_of_circle(centre: Coord<f64>, radius_mm: f64) -> Option<Path> {
    let (x, y) = xy(centre);
    PathBuilder::from_circle(x, y, radius_mm as f32)
}
