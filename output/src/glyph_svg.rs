//! Signs as small SVG pictures, for programs that take a symbol as one.

use std::fmt::Write as _;

use layers::style::{Colour, Glyph, GlyphPart};

/// The sign in a colour on a disc of another.
pub(crate) fn svg(glyph: Glyph, colour: Colour, below: Colour) -> String {
    let (half, side) = (Glyph::HALF, Glyph::HALF * 2.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"{0} {0} {side} {side}\">",
        -half
    );
    for part in glyph.parts() {
        let _ = match part {
            GlyphPart::Area(ring) => {
                write!(text, "<path fill=\"{colour}\" d=\"{}Z\"/>", data(ring))
            }
            GlyphPart::Hole(ring) => {
                write!(text, "<path fill=\"{below}\" d=\"{}Z\"/>", data(ring))
            }
            GlyphPart::Line(line, width) => write!(
                text,
                "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linecap=\"round\" \
                 stroke-linejoin=\"round\" d=\"{}\"/>",
                data(line)
            ),
        };
    }
    text.push_str("</svg>");
    text
}

fn data(points: &[(f64, f64)]) -> String {
    let points = points.iter().enumerate();
    let steps = points.map(|(at, (x, y))| format!("{}{x} {y}", if at == 0 { 'M' } else { 'L' }));
    steps.collect()
}
