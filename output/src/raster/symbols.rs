//! Painting points: cores, nodes, seats and badges.

use geo::{Coord, Geometry, LineString};
use layers::style::{Colour, Glyph, GlyphPart, Symbol};

use super::canvas::Canvas;
use super::colour::ink_on;
use super::labels::Underlay;
use super::page_box::PageBox;
use super::paths::{path_of_circle, path_of_lines, path_of_ring};
use super::pen::Pen;
use super::rendered::PlacedSymbol;
use super::scene::{Scene, Shape};
use super::text::{Run, Type, Typeface, Typesetter};

/// Radius of a core of the theme, and of one that only shows where a city is.
const CORE_MM: f64 = 3.0;
const LANDMARK_MM: f64 = 1.45;
/// Radius and hole of a node on a corridor, and of a seat.
const NODE_MM: (f64, f64) = (1.45, 0.8);
const SEAT_MM: (f64, f64) = (0.66, 0.34);
/// The width of the ring of a city whose size a figure says.
const GRADUATED_RING_MM: f64 = 0.65;
pub(super) const BADGE_MM: f64 = 1.75;
/// The ring of ground around every symbol.
const RING_MM: f64 = 0.3;
/// How small signs may be where they lie on each other in an inset, and those with a picture.
const LEAST_SCALE: f64 = 0.55;
const LEAST_SIGN: f64 = 0.85;
/// A dot for what an inset shows.
const DOT_MM: f64 = 0.6;

/// The radius of a symbol with its ring; `None` for what is not a point.
pub(super) fn radius_mm(symbol: &Symbol) -> Option<f64> {
    let radius = match symbol {
        Symbol::Core { .. } => CORE_MM,
        Symbol::Landmark => LANDMARK_MM,
        Symbol::Node { .. } => NODE_MM.0,
        Symbol::Graduated { radius_mm, .. } | Symbol::Sign { radius_mm, .. } => *radius_mm,
        Symbol::Seat => SEAT_MM.0,
        Symbol::Badge { .. } => BADGE_MM,
        _ => return None,
    };
    Some(radius + RING_MM)
}

/// The radius of a symbol where it stands on the map.
pub(super) fn radius_at(scene: &Scene<'_>, symbol: &Symbol, at: Coord<f64>) -> Option<f64> {
    let radius = (radius_mm(symbol)? - RING_MM) * scale_of(scene, symbol) + RING_MM;
    Some(if scene.is_enlarged(at) {
        radius.min(DOT_MM + RING_MM)
    } else {
        radius
    })
}

/// How large a symbol is on a map where signs lie on each other: one with a picture is read from a certain size on only.
fn scale_of(scene: &Scene<'_>, symbol: &Symbol) -> f64 {
    match symbol {
        Symbol::Sign { .. } => scene.signs.max(LEAST_SIGN),
        Symbol::Core { .. } | Symbol::Node { .. } | Symbol::Graduated { .. } => scene.signs,
        _ => 1.0,
    }
}

/// The scale at which no sign of a map lies on another, or the least that they may have.
pub(super) fn scale_apart(scene: &Scene<'_>) -> f64 {
    let mut signs: Vec<(Coord<f64>, f64)> = Vec::new();
    for placed in &scene.drawings {
        let symbol = &placed.drawing.symbol;
        if let (Shape::Points(at), Some(radius), Some(_)) =
            (&placed.shape, radius_mm(symbol), colour_of(symbol))
        {
            signs.extend(at.iter().map(|at| (*at, radius)));
        }
    }
    let mut scale: f64 = 1.0;
    for (index, (at, radius)) in signs.iter().enumerate() {
        for (other, beside) in &signs[index + 1..] {
            let apart = (at.x - other.x).hypot(at.y - other.y);
            scale = scale.min(apart / (radius + beside));
        }
    }
    scale.max(LEAST_SCALE)
}

/// The colour of a point that is a class of the theme; `None` for what only shows where places are.
pub(super) fn colour_of(symbol: &Symbol) -> Option<Colour> {
    match symbol {
        Symbol::Core { colour }
        | Symbol::Node { colour }
        | Symbol::Graduated { colour, .. }
        | Symbol::Sign { colour, .. } => Some(*colour),
        _ => None,
    }
}

/// All points of the theme, the larger first; with `over` those that one of these lines crosses.
pub(super) fn paint_points(
    scene: &Scene<'_>,
    canvas: &mut Canvas,
    underlay: &Underlay,
    typesetter: &Typesetter<'_>,
    over: Option<&[PageBox]>,
) {
    let mut points: Vec<(&Symbol, Coord<f64>, f64)> = Vec::new();
    for placed in &scene.drawings {
        let symbol = &placed.drawing.symbol;
        if let Shape::Points(at) = &placed.shape {
            let here = |p: &Coord<f64>| Some((symbol, *p, radius_at(scene, symbol, *p)?));
            points.extend(at.iter().filter_map(here));
        }
    }
    points.sort_by(|a, b| b.2.total_cmp(&a.2));
    let page = canvas.look().theme.page;
    for (symbol, at, radius) in points {
        let crossed = |line: &PageBox| line.meets(PageBox::centred(at, radius * 2.0, radius * 2.0));
        if !over.is_none_or(|lines| lines.iter().any(crossed)) {
            continue;
        }
        if let Some(colour) = colour_of(symbol).filter(|_| scene.is_enlarged(at)) {
            for (radius, colour) in [(DOT_MM + RING_MM / 2.0, page), (DOT_MM, colour)] {
                canvas.fill(path_of_circle(at, radius).as_ref(), colour, 1.0);
            }
            continue;
        }
        let below = underlay.colour_at(at);
        let scale = scale_of(scene, symbol);
        paint_point(canvas, (symbol, scale), at, below, typesetter);
    }
}

/// Where the points of the theme were asked for, and where they stand on the map or in an inset.
pub(super) fn placed(scene: &Scene<'_>, inset: Option<usize>) -> Vec<PlacedSymbol> {
    let mut symbols = Vec::new();
    for placed in &scene.drawings {
        let Shape::Points(at) = &placed.shape else {
            continue;
        };
        if let (Geometry::Point(point), [p]) = (&placed.drawing.geometry, &at[..]) {
            symbols.push(PlacedSymbol {
                place: point.x_y(),
                at: p.x_y(),
                inset,
            });
        }
    }
    symbols
}

/// One point of a scale on a ground of the colour `below`.
pub(super) fn paint_point(
    canvas: &mut Canvas,
    (symbol, scale): (&Symbol, f64),
    at: Coord<f64>,
    below: Colour,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let mut disc =
        |radius: f64, colour: Colour| canvas.fill(path_of_circle(at, radius).as_ref(), colour, 1.0);
    match symbol {
        Symbol::Core { .. } | Symbol::Landmark => {
            let (r, colour) = match symbol {
                Symbol::Core { colour } => (CORE_MM * scale, *colour),
                _ => (LANDMARK_MM, theme.ink),
            };
            disc(r + RING_MM, theme.page);
            for (share, colour) in [(1.0, colour), (0.72, theme.page), (0.55, colour)] {
                disc(r * share, colour);
            }
        }
        Symbol::Node { colour } => {
            disc(NODE_MM.0 * scale + RING_MM, theme.page);
            disc(NODE_MM.0 * scale, *colour);
            disc(NODE_MM.1 * scale, theme.page);
        }
        Symbol::Graduated {
            colour,
            radius_mm,
            dotted,
        } => {
            let radius = radius_mm * scale;
            disc(radius + RING_MM, theme.page);
            disc(radius, *colour);
            disc(radius - GRADUATED_RING_MM * scale, theme.page);
            if *dotted {
                disc(radius * Symbol::DOT_SHARE, *colour);
            }
        }
        Symbol::Sign {
            glyph,
            colour,
            radius_mm,
        } => {
            let radius = radius_mm * scale;
            disc(radius + RING_MM, theme.page);
            disc(radius, *colour);
            let colours = (ink_on(theme, *colour), *colour);
            paint_glyph(canvas, *glyph, at, radius, colours);
        }
        Symbol::Seat => {
            let ring = ink_on(theme, below);
            disc(SEAT_MM.0 + RING_MM, below);
            disc(SEAT_MM.0, ring);
            disc(
                SEAT_MM.1,
                if ring == theme.ink { theme.page } else { below },
            );
        }
        Symbol::Badge { number, colour } => paint_badge(canvas, at, *number, *colour, typesetter),
        _ => {}
    }
}

/// A sign in its disc.
fn paint_glyph(
    canvas: &mut Canvas,
    glyph: Glyph,
    at: Coord<f64>,
    radius_mm: f64,
    (colour, below): (Colour, Colour),
) {
    let scale = radius_mm * Glyph::SHARE / Glyph::HALF;
    let placed = |points: &[(f64, f64)]| -> Vec<Coord<f64>> {
        let points = points.iter();
        points
            .map(|(x, y)| at + Coord { x: *x, y: *y } * scale)
            .collect()
    };
    for part in glyph.parts() {
        match part {
            GlyphPart::Area(points) => {
                canvas.fill(path_of_ring(&placed(points)).as_ref(), colour, 1.0);
            }
            GlyphPart::Hole(points) => {
                canvas.fill(path_of_ring(&placed(points)).as_ref(), below, 1.0);
            }
            GlyphPart::Line(points, width) => {
                let line = LineString(placed(points));
                let pen = Pen::new(colour, width * scale);
                canvas.stroke(path_of_lines([&line]).as_ref(), pen);
            }
        }
    }
}

/// A numbered disc.
pub(super) fn paint_badge(
    canvas: &mut Canvas,
    at: Coord<f64>,
    number: u8,
    colour: Colour,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    canvas.fill(
        path_of_circle(at, BADGE_MM + RING_MM).as_ref(),
        theme.page,
        1.0,
    );
    canvas.fill(path_of_circle(at, BADGE_MM).as_ref(), colour, 1.0);
    let text = number.to_string();
    let style = Type::new(Typeface::Bold, if text.len() > 1 { 5.4 } else { 6.2 });
    let line = typesetter.line(&text, style);
    // Figures are 0.73 em high.
    let origin = Coord {
        x: at.x - line.width / 2.0,
        y: at.y + 0.365 * style.em(),
    };
    canvas.write(typesetter, &Run::level(line, origin), ink_on(theme, colour));
}
