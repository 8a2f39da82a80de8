//! Painting the areas of the theme: fills, outlines, bands and edges.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use geo::{Coord, CoordsIter, LineString, MultiPolygon, Polygon};
use layers::style::{Colour, Paint, Stroke, Symbol, Texture};
use layers::theme::Theme;
use tiny_skia::Path;

use super::canvas::Canvas;
use super::colour::{contrast, mix};
use super::paths::{path_of_area, path_of_lines};
use super::pen::{Pen, Side};
use super::scene::{Scene, Shape, UNSEEN_MM};
use super::thinning;

/// An area that holds others: opacity of its fill, width and opacity of the band inside its border, its border.
const BAND_FILL: f64 = 0.13;
const BAND_MM: f64 = 1.15;
const BAND_OPACITY: f64 = 0.55;
const BAND_OUTLINE_MM: f64 = 0.6;
/// A region's edge: its glow, and its line above and below 1:3 000 000.
const GLOW_MM: f64 = 1.6;
const GLOW_OPACITY: f64 = 0.14;
/// Hatching of an extent that is not exact.
const HATCH_MM: (f64, f64) = (0.3, 0.95);
const HATCH_WASH: f64 = 0.75;
/// Stripes where two areas overlap.
const STRIPE_MM: f64 = 1.5;

/// What lies outside of the area that a map is about.
const VEIL_OPACITY: f64 = 0.86;

/// How true a fill is painted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// As it is seen.
    Full,
    /// One colour an area: what a name on it must stand out from.
    Flat,
}

fn areas<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (&'s Symbol, Path)> {
    scene
        .drawings
        .iter()
        .filter_map(|placed| match &placed.shape {
            Shape::Area(area) => Some((&placed.drawing.symbol, path_of_area(area)?)),
            _ => None,
        })
}

/// The fills, in order; hatched ones over the others, which they leave to be seen.
pub(super) fn paint_fills(scene: &Scene<'_>, canvas: &mut Canvas, detail: Detail) {
    let (hatched, others): (Vec<_>, Vec<_>) =
        areas(scene).partition(|(symbol, _)| is_hatched(symbol));
    for (symbol, path) in others.into_iter().chain(hatched) {
        paint_fill(canvas, symbol, &path, detail);
    }
}

pub(super) fn is_hatched(symbol: &Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Fill {
            paint: Paint::Hatch { .. },
            ..
        }
    )
}

/// The fill of one area.
pub(super) fn paint_fill(canvas: &mut Canvas, symbol: &Symbol, path: &Path, detail: Detail) {
    let look = canvas.look();
    let theme = &look.theme;
    match symbol {
        Symbol::Band { colour } => canvas.fill(Some(path), *colour, BAND_FILL),
        Symbol::Fill {
            paint: Paint::Solid { colour, opacity },
            ..
        } if *opacity > 0.0 => {
            canvas.fill(Some(path), *colour, *opacity);
        }
        Symbol::Fill {
            paint:
                Paint::Textured {
                    colour,
                    opacity,
                    lines,
                    texture,
                },
            ..
        } => {
            canvas.fill(Some(path), *colour, *opacity);
            if detail == Detail::Full {
                paint_texture(canvas, path, *lines, *texture);
            }
        }
        Symbol::Fill {
            paint: Paint::Hatch { colour },
            ..
        } => {
            canvas.fill(Some(path), theme.page, HATCH_WASH);
            if detail == Detail::Full {
                canvas.hatch(path, *colour, HATCH_MM.0, HATCH_MM.1);
            }
        }
        Symbol::Fill {
            paint: Paint::Stripes { first, second },
            ..
        } => match detail {
            Detail::Flat => canvas.fill(Some(path), mix(*first, *second, 0.5), 1.0),
            Detail::Full => {
                canvas.fill(Some(path), *first, 1.0);
                canvas.hatch(path, *second, STRIPE_MM, STRIPE_MM * 2.0);
            }
        },
        _ => {}
    }
}

/// Thin lines in an area, anchored at the corner of the page as hatching is.
fn paint_texture(canvas: &mut Canvas, path: &Path, colour: Colour, texture: Texture) {
    let (width, step) = Texture::LINES_MM;
    let (rising, falling) = texture.lines();
    if rising {
        canvas.hatch(path, colour, width, step);
    }
    if falling {
        let bounds = path.bounds();
        let [left, top, right, bottom] =
            [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()].map(f64::from);
        // Lines x − y = constant.
        let step = step * std::f64::consts::SQRT_2;
        let first = ((left - bottom) / step).floor();
        let count = ((right - top) / step).ceil() - first;
        let lines = std::iter::successors(Some(0.0), |n| Some(n + 1.0)).take_while(|n| *n <= count);
        let lines: Vec<LineString<f64>> = lines
            .map(|n| {
                let difference = (first + n) * step;
                let at = |y: f64| Coord {
                    x: difference + y,
                    y,
                };
                LineString(vec![at(top - 1.0), at(bottom + 1.0)])
            })
            .collect();
        let pen = Pen::new(colour, width).butt();
        canvas.stroke_beside(path_of_lines(&lines).as_ref(), pen, path, Side::Inside);
    }
}

/// The outlines of fills: those between members first, so that the edges of what they make up lie on top.
pub(super) fn paint_outlines(scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    let mut strokes: Vec<(&Stroke, Vec<&MultiPolygon<f64>>)> = Vec::new();
    for placed in &scene.drawings {
        if let (
            Shape::Area(area),
            Symbol::Fill {
                outline: Some(stroke),
                ..
            },
        ) = (&placed.shape, &placed.drawing.symbol)
        {
            match strokes.iter_mut().find(|(other, _)| *other == stroke) {
                Some((_, areas)) => areas.push(area),
                None => strokes.push((stroke, vec![area])),
            }
        }
    }
    for members in [true, false] {
        for (stroke, areas) in strokes
            .iter()
            .filter(|(stroke, _)| is_light(stroke.colour, theme) == members)
        {
            let lines = borders_once(areas);
            let lines: Vec<LineString<f64>> = lines
                .iter()
                .map(|line| thinning::line(&line.0, UNSEEN_MM))
                .collect();
            if let Some(path) = path_of_lines(&lines) {
                paint_stroke(canvas, &path, stroke);
            }
        }
    }
}

/// The borders of areas, each stretch that two of them share only once: two rows of dashes over each other would make
/// a solid line.
fn borders_once(areas: &[&MultiPolygon<f64>]) -> Vec<LineString<f64>> {
    let points = areas.iter().map(|area| area.coords_count()).sum();
    let mut seen = HashSet::with_capacity_and_hasher(points, FixedState::default());
    let mut lines = Vec::new();
    let rings = areas.iter().flat_map(|area| area.iter());
    for ring in
        rings.flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
    {
        let mut run: Vec<Coord<f64>> = Vec::new();
        let mut before = ring.0.first().map_or((0, 0), |first| key(*first));
        for pair in ring.0.windows(2) {
            let (a, b) = (before, key(pair[1]));
            before = b;
            if seen.insert(if a <= b { (a, b) } else { (b, a) }) {
                if run.is_empty() {
                    run.push(pair[0]);
                }
                run.push(pair[1]);
            } else if !run.is_empty() {
                lines.push(LineString(std::mem::take(&mut run)));
            }
        }
        if !run.is_empty() {
            lines.push(LineString(run));
        }
    }
    lines
}

/// More than a page has below 0, in these parts.
const ABOVE_0: f64 = 1e12;

/// A point to a ten-thousandth of a millimetre: neighbours round their shared points differently beyond that.
#[expect(clippy::cast_possible_truncation, reason = "points of a page fit")]
fn key(p: Coord<f64>) -> (i64, i64) {
    // Above 0 a cast rounds down, which is faster than rounding.
    let whole = |mm: f64| (mm * 1e4 + 0.5 + ABOVE_0) as i64;
    (whole(p.x), whole(p.y))
}

/// Whether a line is drawn in the colour of the paper or nearly so, as those between members are.
pub(super) fn is_light(colour: Colour, theme: &Theme) -> bool {
    contrast(colour, theme.page) < 1.2
}

fn paint_stroke(canvas: &mut Canvas, path: &Path, stroke: &Stroke) {
    canvas.stroke(
        Some(path),
        Pen::new(stroke.colour, stroke.width_mm).dash(&stroke.dash_mm),
    );
}

/// The outline of one area, in the legend: light lines are drawn so that they are seen on paper.
pub(super) fn paint_outline(canvas: &mut Canvas, symbol: &Symbol, path: &Path) {
    let look = canvas.look();
    let theme = &look.theme;
    match symbol {
        Symbol::Fill {
            outline: Some(stroke),
            ..
        } if !is_light(stroke.colour, theme) => paint_stroke(canvas, path, stroke),
        Symbol::Fill {
            paint:
                Paint::Solid { colour, .. }
                | Paint::Textured { colour, .. }
                | Paint::Stripes { first: colour, .. },
            ..
        } => {
            canvas.stroke(
                Some(path),
                Pen::new(mix(*colour, theme.region_edge, 0.55), 0.12),
            );
        }
        _ => {}
    }
}

/// Bands inside the borders of large areas, and their borders.
pub(super) fn paint_bands(scene: &Scene<'_>, canvas: &mut Canvas) {
    for (symbol, path) in areas(scene) {
        if let Symbol::Band { colour } = symbol {
            paint_band(canvas, *colour, &path);
        }
    }
}

/// One band.
pub(super) fn paint_band(canvas: &mut Canvas, colour: Colour, path: &Path) {
    paint_band_of(canvas, colour, path, BAND_MM, BAND_OUTLINE_MM);
}

/// A band in the legend: as much thinner as the swatch is lower than an area.
pub(super) fn paint_sample_band(canvas: &mut Canvas, colour: Colour, path: &Path) {
    let height = f64::from(path.bounds().height());
    paint_band_of(
        canvas,
        colour,
        path,
        BAND_MM.min(height * 0.22),
        BAND_OUTLINE_MM.min(height * 0.12),
    );
}

fn paint_band_of(canvas: &mut Canvas, colour: Colour, path: &Path, band_mm: f64, outline_mm: f64) {
    canvas.stroke_beside(
        Some(path),
        Pen::new(colour, band_mm * 2.0).opacity(BAND_OPACITY),
        path,
        Side::Inside,
    );
    canvas.stroke(Some(path), Pen::new(colour, outline_mm));
}

/// The edges of regions, with a glow outside.
pub(super) fn paint_edges(scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    for (symbol, path) in areas(scene) {
        if *symbol == Symbol::RegionEdge {
            let glow = Pen::new(theme.region_edge, GLOW_MM * 2.0).opacity(GLOW_OPACITY);
            canvas.stroke_beside(Some(&path), glow, &path, Side::Outside);
            canvas.stroke(
                Some(&path),
                Pen::new(
                    theme.region_edge,
                    region_edge_mm(look.lines.region_edge, scene.view.ratio),
                ),
            );
        }
    }
}

/// A veil over all that the map is not about, and the edge of what it is about.
pub(super) fn paint_veil(scene: &Scene<'_>, canvas: &mut Canvas) {
    let Some(only) = &scene.only else { return };
    let look = canvas.look();
    let theme = &look.theme;
    // A hole in a box that is larger than the frame.
    let around = scene.frame().grown(20.0).corners();
    let ring = LineString(around.into_iter().chain([around[0]]).collect());
    let mut outside = vec![Polygon::new(ring, Vec::new())];
    outside.extend(only.iter().cloned());
    let veil = path_of_area(&MultiPolygon(outside));
    canvas.fill(veil.as_ref(), theme.ground, VEIL_OPACITY);
    canvas.stroke(
        path_of_area(only).as_ref(),
        Pen::new(
            theme.region_edge,
            region_edge_mm(look.lines.region_edge, scene.view.ratio),
        ),
    );
}

/// Width of a region's edge at a ratio.
pub(super) fn region_edge_mm(usual: f64, ratio: f64) -> f64 {
    if ratio > 3_000_000.0 {
        usual - 0.05
    } else {
        usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_border_between_two_areas_is_drawn_once() {
        let left =
            polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)];
        let right =
            polygon![(x: 10.0, y: 0.0), (x: 20.0, y: 0.0), (x: 20.0, y: 10.0), (x: 10.0, y: 10.0)];
        let (left, right) = (MultiPolygon(vec![left]), MultiPolygon(vec![right]));
        let length = |lines: &[LineString<f64>]| {
            lines
                .iter()
                .flat_map(LineString::lines)
                .map(|l| (l.end.x - l.start.x).hypot(l.end.y - l.start.y))
                .sum::<f64>()
        };
        assert!((length(&borders_once(&[&left])) - 40.0).abs() < 1e-9);
        assert!((length(&borders_once(&[&left, &right])) - 70.0).abs() < 1e-9);
    }
}
