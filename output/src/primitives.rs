//! What the symbols of the style model are drawn of, for programs that draw maps themselves: QGIS, servers that read SLD, the
//! browser. Lengths are millimetres on the page.

use layers::model::GeometryKind;
use layers::style::{
    AXIS_MM, BorderLevel, Colour, Glyph, LineForm, Paint, Stroke, Symbol, Texture,
};

/// One coat of a symbol.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Primitive {
    /// An area of one colour without a border.
    Flat { colour: Colour, opacity: f64 },
    /// Lines at 45° in an area, `distance_mm` apart from middle to middle.
    Hatch {
        colour: Colour,
        distance_mm: f64,
        width_mm: f64,
    },
    /// A line, or the edge of an area.
    Line {
        colour: Colour,
        opacity: f64,
        width_mm: f64,
        /// Lengths of dash and gap; empty for a solid line.
        dash_mm: Vec<f64>,
        ends: Ends,
    },
    /// A triangle beyond an end of a line, its base on the end.
    ArrowHead {
        colour: Colour,
        opacity: f64,
        size_mm: f64,
        at_start: bool,
    },
    /// A circle of `size_mm` across.
    Disc {
        size_mm: f64,
        fill: Option<Colour>,
        outline: Colour,
        outline_mm: f64,
    },
    /// A number in the paper's colour, to stand on a disc.
    Digits { number: u8 },
    /// The sign of a kind of site, to stand on a disc of the colour `below`.
    Sign {
        glyph: Glyph,
        colour: Colour,
        below: Colour,
        size_mm: f64,
    },
    /// Diamonds of `size_mm` along a line, `step_mm` apart.
    Diamonds {
        colour: Colour,
        size_mm: f64,
        step_mm: f64,
    },
}

/// What becomes of a line where it ends, and of the half of an edge that lies outside its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    Round,
    Flat,
    /// Only the half inside the area is drawn.
    InsideArea,
}

/// The coats of a symbol on features of one geometry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Coats {
    /// Drawn on the geometry itself, lowest first.
    OnGeometry(Vec<Primitive>),
    /// Discs and numbers at one point of a line or an area.
    AtMiddle(Vec<Primitive>),
}

pub(crate) const PAPER: Colour = Colour::hex(0x00FF_FFFF);
const INK: Colour = Colour::hex(0x001E_2227);
const REGION_EDGE: Colour = Colour::hex(0x005B_4A8A);
const WATER: Colour = Colour::hex(0x006F_A9CE);
const BORDER: Colour = Colour::hex(0x007A_7F85);

/// The coats that draw `symbol` on features of a geometry type.
///
/// A symbol meant for another type is drawn by its nearest counterpart: markers at the middle of lines and inside areas,
/// strokes along the edges of areas, and a disc for anything else at a point.
pub(crate) fn coats(symbol: &Symbol, geometry: GeometryKind) -> Coats {
    use GeometryKind::{Line, Point, Polygon};
    Coats::OnGeometry(match (natural_kind(symbol), geometry) {
        (Polygon, Polygon) => fill(symbol),
        (Line, Line | Polygon) => line(symbol),
        (Point, Point) => marker(symbol),
        (Polygon, Line) => vec![stroke(&Stroke::solid(main_colour(symbol), 0.6))],
        (Polygon | Line, Point) => vec![disc(2.0, Some(main_colour(symbol)), PAPER, 0.2)],
        (Point, Line | Polygon) => return Coats::AtMiddle(marker(symbol)),
    })
}

fn natural_kind(symbol: &Symbol) -> GeometryKind {
    match symbol {
        Symbol::Fill { .. } | Symbol::Band { .. } | Symbol::RegionEdge => GeometryKind::Polygon,
        Symbol::Line { .. }
        | Symbol::Arrow { .. }
        | Symbol::Corridor { .. }
        | Symbol::Axis { .. }
        | Symbol::Belt { .. }
        | Symbol::River { .. }
        | Symbol::Border { .. } => GeometryKind::Line,
        Symbol::Core { .. }
        | Symbol::Landmark
        | Symbol::Node { .. }
        | Symbol::Graduated { .. }
        | Symbol::Sign { .. }
        | Symbol::Seat
        | Symbol::Badge { .. } => GeometryKind::Point,
    }
}

fn main_colour(symbol: &Symbol) -> Colour {
    match symbol {
        Symbol::Fill { paint, .. } => match paint {
            Paint::Solid { colour, .. }
            | Paint::Textured { colour, .. }
            | Paint::Hatch { colour }
            | Paint::Stripes { first: colour, .. } => *colour,
        },
        Symbol::Line { stroke, .. } | Symbol::Arrow { stroke } => stroke.colour,
        Symbol::Band { colour }
        | Symbol::Belt { colour, .. }
        | Symbol::Sign { colour, .. }
        | Symbol::Corridor { colour }
        | Symbol::Axis { colour, .. }
        | Symbol::Core { colour }
        | Symbol::Node { colour }
        | Symbol::Graduated { colour, .. }
        | Symbol::Badge { colour, .. } => *colour,
        Symbol::RegionEdge => REGION_EDGE,
        Symbol::Seat | Symbol::Landmark => INK,
        Symbol::River { .. } => WATER,
        Symbol::Border { .. } => BORDER,
    }
}

fn fill(symbol: &Symbol) -> Vec<Primitive> {
    match symbol {
        Symbol::Fill { paint, outline } => {
            let mut layers = match paint {
                Paint::Solid { colour, opacity } => vec![flat(*colour, *opacity)],
                Paint::Textured {
                    colour,
                    opacity,
                    lines,
                    ..
                } => {
                    let (width_mm, step_mm) = Texture::LINES_MM;
                    vec![flat(*colour, *opacity), hatch(*lines, step_mm, width_mm)]
                }
                Paint::Hatch { colour } => vec![flat(PAPER, 0.6), hatch(*colour, 1.6, 0.35)],
                Paint::Stripes { first, second } => {
                    vec![flat(*first, 0.85), hatch(*second, 2.4, 1.2)]
                }
            };
            layers.extend(outline.as_ref().map(stroke));
            layers
        }
        Symbol::Band { colour } => vec![
            flat(*colour, 0.08),
            // Drawn twice its visible width: the outer half is cut away by the polygon.
            line_of(*colour, 0.28, 4.0, Ends::InsideArea),
            stroke(&Stroke::solid(*colour, 0.5)),
        ],
        _ => vec![
            translucent(main_colour(symbol), 0.25, 2.4),
            stroke(&Stroke::solid(main_colour(symbol), 0.8)),
        ],
    }
}

fn line(symbol: &Symbol) -> Vec<Primitive> {
    match symbol {
        Symbol::Line { stroke, form } => formed(stroke, *form),
        Symbol::Arrow { stroke: line } => vec![
            translucent(PAPER, 0.8, line.width_mm + 0.6),
            stroke(line),
            arrow_head(line.colour, 2.4, 1.0, false),
        ],
        Symbol::Corridor { colour } => {
            vec![
                stroke(&Stroke::solid(PAPER, 2.2)),
                stroke(&Stroke::solid(*colour, 1.4)),
            ]
        }
        Symbol::Axis {
            colour, width_mm, ..
        } => {
            // Far narrower than on a page of its own: a screen shows more beside it.
            let wide = (width_mm / AXIS_MM).max(0.6);
            vec![
                line_of(*colour, 0.4, 3.0 * wide, Ends::Flat),
                arrow_head(*colour, 6.4 * wide, 0.4, true),
                arrow_head(*colour, 6.4 * wide, 0.4, false),
            ]
        }
        Symbol::Belt { colour, width_mm } => vec![translucent(*colour, 0.36, width_mm * 0.6)],
        Symbol::River { rank } => {
            vec![stroke(&Stroke::solid(
                WATER,
                1.3 - 0.18 * f64::from((*rank).clamp(1, 6)),
            ))]
        }
        Symbol::Border { level } => {
            let (width_mm, dash_mm) = match level {
                BorderLevel::Province => (0.5, vec![3.0, 0.8, 0.8, 0.8]),
                BorderLevel::Prefecture => (0.35, vec![2.0, 0.8]),
                BorderLevel::County => (0.2, Vec::new()),
            };
            vec![stroke(&Stroke {
                colour: BORDER,
                width_mm,
                dash_mm,
            })]
        }
        _ => vec![stroke(&Stroke::solid(main_colour(symbol), 0.6))],
    }
}

/// A line of a kind on a casing of paper.
fn formed(line: &Stroke, form: LineForm) -> Vec<Primitive> {
    let mut coats = vec![translucent(PAPER, 0.8, line.width_mm + 0.6), stroke(line)];
    let solid = line.dash_mm.is_empty();
    let core = |colour, share, dash_mm| {
        stroke(&Stroke {
            colour,
            width_mm: line.width_mm * share,
            dash_mm,
        })
    };
    match form {
        LineForm::Ladder if solid => {
            let (share, length) = LineForm::LADDER;
            coats.push(core(PAPER, share, vec![length, length]));
        }
        LineForm::Cored if solid => coats.push(core(PAPER, LineForm::CORES.0, Vec::new())),
        LineForm::Cased if solid => {
            let lighter = line.colour.mix(PAPER, LineForm::LIGHTER);
            coats.push(core(lighter, LineForm::CORES.1, Vec::new()));
        }
        LineForm::Ribbon => {
            let (wider, opacity) = LineForm::band(solid);
            coats.insert(1, translucent(line.colour, opacity, line.width_mm * wider));
        }
        LineForm::Beads => {
            let (size_mm, step_mm) = LineForm::BEADS_MM;
            coats.push(Primitive::Diamonds {
                colour: line.colour,
                size_mm,
                step_mm,
            });
        }
        _ => {}
    }
    coats
}

fn marker(symbol: &Symbol) -> Vec<Primitive> {
    match symbol {
        Symbol::Core { colour } => vec![
            disc(5.2, Some(PAPER), *colour, 0.5),
            disc(3.4, None, *colour, 0.4),
            disc(1.6, Some(*colour), *colour, 0.0),
        ],
        Symbol::Graduated {
            colour,
            radius_mm,
            dotted,
        } => {
            let mut coats = vec![disc(radius_mm * 2.0, Some(PAPER), *colour, 0.6)];
            if *dotted {
                let dot = radius_mm * 2.0 * Symbol::DOT_SHARE;
                coats.push(disc(dot, Some(*colour), *colour, 0.0));
            }
            coats
        }
        Symbol::Node { colour } => vec![disc(2.6, Some(PAPER), *colour, 0.6)],
        Symbol::Sign {
            glyph,
            colour,
            radius_mm,
        } => vec![
            disc(radius_mm * 2.0, Some(*colour), PAPER, 0.3),
            Primitive::Sign {
                glyph: *glyph,
                colour: PAPER,
                below: *colour,
                size_mm: radius_mm * 2.0 * Glyph::SHARE,
            },
        ],
        Symbol::Badge { number, colour } => {
            vec![
                disc(4.4, Some(*colour), PAPER, 0.3),
                Primitive::Digits { number: *number },
            ]
        }
        _ => vec![disc(1.8, Some(PAPER), main_colour(symbol), 0.35)],
    }
}

fn flat(colour: Colour, opacity: f64) -> Primitive {
    Primitive::Flat { colour, opacity }
}

fn hatch(colour: Colour, distance_mm: f64, width_mm: f64) -> Primitive {
    Primitive::Hatch {
        colour,
        distance_mm,
        width_mm,
    }
}

fn stroke(stroke: &Stroke) -> Primitive {
    Primitive::Line {
        colour: stroke.colour,
        opacity: 1.0,
        width_mm: stroke.width_mm,
        dash_mm: stroke.dash_mm.clone(),
        // A dash of no length is a dot by its round end.
        ends: if stroke.dash_mm.first().is_none_or(|dash| *dash == 0.0) {
            Ends::Round
        } else {
            Ends::Flat
        },
    }
}

fn translucent(colour: Colour, opacity: f64, width_mm: f64) -> Primitive {
    line_of(colour, opacity, width_mm, Ends::Round)
}

fn line_of(colour: Colour, opacity: f64, width_mm: f64, ends: Ends) -> Primitive {
    Primitive::Line {
        colour,
        opacity,
        width_mm,
        dash_mm: Vec::new(),
        ends,
    }
}

fn arrow_head(colour: Colour, size_mm: f64, opacity: f64, at_start: bool) -> Primitive {
    Primitive::ArrowHead {
        colour,
        opacity,
        size_mm,
        at_start,
    }
}

fn disc(size_mm: f64, fill: Option<Colour>, outline: Colour, outline_mm: f64) -> Primitive {
    Primitive::Disc {
        size_mm,
        fill,
        outline,
        outline_mm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Colour = Colour::hex(0x00C0_392B);

    #[test]
    fn stripes_are_equal() {
        let symbol = Symbol::Fill {
            paint: Paint::Stripes {
                first: RED,
                second: INK,
            },
            outline: None,
        };
        let Coats::OnGeometry(coats) = coats(&symbol, GeometryKind::Polygon) else {
            panic!("an area is drawn as an area");
        };
        let [
            Primitive::Flat { .. },
            Primitive::Hatch {
                distance_mm,
                width_mm,
                ..
            },
        ] = coats[..]
        else {
            panic!("{coats:?}");
        };
        assert!((distance_mm - 2.0 * width_mm).abs() < 1e-12);
    }

    #[test]
    fn only_markers_stand_at_points_whatever_the_symbol() {
        for symbol in [
            Symbol::RegionEdge,
            Symbol::River { rank: 9 },
            Symbol::Badge {
                number: 12,
                colour: RED,
            },
        ] {
            let Coats::OnGeometry(coats) = coats(&symbol, GeometryKind::Point) else {
                panic!("{symbol:?}");
            };
            for coat in coats {
                assert!(
                    matches!(coat, Primitive::Disc { .. } | Primitive::Digits { .. }),
                    "{coat:?}"
                );
            }
        }
    }
}
