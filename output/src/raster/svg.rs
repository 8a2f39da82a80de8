//! The page as SVG.
//!
//! Characters are drawn as shapes, each shape once, so that the page looks the same where the fonts are not installed. The
//! same text lies over them, seen by no one, to be found and selected.

use std::collections::BTreeMap;
use std::fmt::Write;

use layers::map::MapPage;
use layers::style::Colour;
use rustybuzz::ttf_parser::GlyphId;
use tiny_skia::{Path, PathSegment};

use super::options::Paper;
use super::page_box::PageBox;
use super::pen::Side;
use super::record::{Ink, Op};
use super::text::{Run, Typeface, Typesetter};

/// Writes what was drawn. A unit is `unit_mm` mm on the paper.
pub(super) fn write(
    ops: &[Op],
    page: &MapPage,
    paper: &Paper,
    unit_mm: f64,
    typesetter: &Typesetter<'_>,
) -> String {
    let mut writer = Writer {
        typesetter,
        body: String::new(),
        glyphs: BTreeMap::new(),
        clips: Vec::new(),
    };
    for op in ops {
        writer.op(op);
    }
    let mut svg = String::with_capacity(writer.body.len() * 2);
    let (width, height) = (paper.width_mm, paper.height_mm);
    let _ = writeln!(svg, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{}mm\" \
         height=\"{}mm\" viewBox=\"0 0 {} {}\">",
        number(width, 3),
        number(height, 3),
        number(width / unit_mm, 3),
        number(height / unit_mm, 3),
    );
    let _ = writeln!(
        svg,
        "<title>{}</title>",
        escaped(&page.title.replace('\n', ""))
    );
    let _ = writeln!(svg, "<desc>{}</desc>", escaped(&page.citation));
    writer.definitions(&mut svg);
    svg.push_str(&writer.body);
    svg.push_str("</svg>\n");
    svg
}

struct Writer<'t, 'f> {
    typesetter: &'t Typesetter<'f>,
    body: String,
    /// The shapes of characters that are used, with their names.
    glyphs: BTreeMap<(Typeface, GlyphId), usize>,
    /// What cuts other shapes: the attributes of their paths.
    clips: Vec<String>,
}

impl Writer<'_, '_> {
    fn definitions(&self, svg: &mut String) {
        svg.push_str("<defs>\n");
        for ((face, id), name) in &self.glyphs {
            let shape = self.typesetter.glyph(*face, *id);
            let shape = shape.map(|path| data(&path, 0)).unwrap_or_default();
            let _ = writeln!(svg, "<path id=\"g{name}\" d=\"{shape}\"/>");
        }
        for (name, shape) in self.clips.iter().enumerate() {
            let _ = writeln!(svg, "<clipPath id=\"c{name}\"><path {shape}/></clipPath>");
        }
        svg.push_str("</defs>\n");
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Fill {
                path,
                colour,
                opacity,
            } => {
                let _ = writeln!(
                    self.body,
                    "<path fill=\"{colour}\"{} fill-rule=\"evenodd\" d=\"{}\"/>",
                    opacity_of("fill-opacity", *opacity),
                    data(path, 3)
                );
            }
            Op::Stroke { path, ink, beside } => {
                let clip = beside.as_ref().map(|(area, side)| self.clip(area, *side));
                let clip =
                    clip.map_or_else(String::new, |name| format!(" clip-path=\"url(#c{name})\""));
                let _ = writeln!(
                    self.body,
                    "<path fill=\"none\"{}{clip} d=\"{}\"/>",
                    stroke(ink),
                    data(path, 3)
                );
            }
            Op::Text { run, colour } => {
                self.shapes(run, &format!("fill=\"{colour}\""), None);
                self.hidden(run);
            }
            Op::Halo {
                run,
                colour,
                width_mm,
            } => self.shapes(run, "fill=\"none\"", Some((*colour, *width_mm))),
            Op::Name { text, ops } => {
                let _ = writeln!(self.body, "<g aria-label=\"{}\">", escaped(text));
                for op in ops {
                    self.op(op);
                }
                self.body.push_str("</g>\n");
            }
            Op::Inside { area, ops } => {
                let name = self.clips.len();
                self.clips.push(format!("d=\"{}\"", box_data(*area)));
                let _ = writeln!(self.body, "<g clip-path=\"url(#c{name})\">");
                for op in ops.iter() {
                    self.op(op);
                }
                self.body.push_str("</g>\n");
            }
        }
    }

    /// The name of what cuts a shape to one side of an area.
    fn clip(&mut self, area: &Path, side: Side) -> usize {
        let around = match side {
            Side::Inside => String::new(),
            // Everything, with the area as a hole in it.
            Side::Outside => box_data(PageBox::new(-1e4, -1e4, 3e4, 3e4)),
        };
        let shape = format!("clip-rule=\"evenodd\" d=\"{around}{}\"", data(area, 3));
        let known = self.clips.iter().position(|known| *known == shape);
        known.unwrap_or_else(|| {
            self.clips.push(shape);
            self.clips.len() - 1
        })
    }

    /// The characters as shapes.
    fn shapes(&mut self, run: &Run, attributes: &str, halo: Option<(Colour, f64)>) {
        if run.line.glyphs.is_empty() {
            return;
        }
        let face = run.line.style.face;
        let scale = run.line.style.em() / self.typesetter.units_per_em(face);
        let rim = halo.map_or_else(String::new, |(colour, width)| {
            format!(
                " stroke=\"{colour}\" stroke-linejoin=\"round\" stroke-width=\"{}\"",
                number(width * 2.0 / scale, 1)
            )
        });
        let _ = write!(self.body, "<g {attributes}{rim} aria-hidden=\"true\">");
        for glyph in &run.line.glyphs {
            let next = self.glyphs.len();
            let name = *self.glyphs.entry((face, glyph.id)).or_insert(next);
            let [turn @ .., x, y] = run.transform(glyph, scale);
            let turn = turn.map(|part| number(part, 7)).join(" ");
            let _ = write!(
                self.body,
                "<use xlink:href=\"#g{name}\" transform=\"matrix({turn} {} {})\"/>",
                number(x, 3),
                number(y, 3)
            );
        }
        self.body.push_str("</g>\n");
    }

    /// The same characters as text that is not seen.
    fn hidden(&mut self, run: &Run) {
        let text: String = run
            .line
            .glyphs
            .iter()
            .map(|glyph| glyph.character)
            .collect();
        let Some(first) = run.line.glyphs.first() else {
            return;
        };
        let (sin, cos) = run.angle.sin_cos();
        let turned = if run.angle == 0.0 {
            String::new()
        } else {
            format!(
                " transform=\"matrix({} {} {} {} {} {})\"",
                number(cos, 6),
                number(sin, 6),
                number(-sin, 6),
                number(cos, 6),
                number(run.at.x, 3),
                number(run.at.y, 3)
            )
        };
        let (x, y) = if run.angle == 0.0 {
            (run.at.x + first.x, run.at.y)
        } else {
            (first.x, 0.0)
        };
        let _ = writeln!(
            self.body,
            "<text x=\"{}\" y=\"{}\"{turned} fill-opacity=\"0\" font-family=\"Noto Sans CJK SC, Source Han Sans SC, \
             sans-serif\" font-size=\"{}\" textLength=\"{}\" xml:space=\"preserve\">{}</text>",
            number(x, 3),
            number(y, 3),
            number(run.line.style.em(), 3),
            number(run.line.width.max(0.01), 3),
            escaped(&text)
        );
    }
}

fn opacity_of(attribute: &str, opacity: f64) -> String {
    if opacity >= 1.0 {
        String::new()
    } else {
        format!(" {attribute}=\"{}\"", number(opacity, 3))
    }
}

fn stroke(ink: &Ink) -> String {
    let cap = if ink.butt { "butt" } else { "round" };
    let mut text = format!(
        " stroke=\"{}\"{} stroke-width=\"{}\" stroke-linecap=\"{cap}\" stroke-linejoin=\"round\"",
        ink.colour,
        opacity_of("stroke-opacity", ink.opacity),
        number(ink.width_mm, 3)
    );
    if !ink.dash_mm.is_empty() {
        let dashes: Vec<String> = ink.dash_mm.iter().map(|mm| number(*mm, 3)).collect();
        let _ = write!(text, " stroke-dasharray=\"{}\"", dashes.join(" "));
    }
    text
}

/// A number without zeros at its end.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" { "0" } else { text }.to_owned()
}

fn box_data(area: PageBox) -> String {
    let [a, _, c, _] = area.corners();
    format!(
        "M{} {}H{}V{}H{}Z",
        number(a.x, 3),
        number(a.y, 3),
        number(c.x, 3),
        number(c.y, 3),
        number(a.x, 3)
    )
}

/// The steps of a path.
fn data(path: &Path, decimals: usize) -> String {
    let mut text = String::with_capacity(path.len() * 12);
    let put = |text: &mut String, command: char, points: &[tiny_skia::Point]| {
        text.push(command);
        for (index, point) in points.iter().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(&number(point.x.into(), decimals));
            text.push(' ');
            text.push_str(&number(point.y.into(), decimals));
        }
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => put(&mut text, 'M', &[p]),
            PathSegment::LineTo(p) => put(&mut text, 'L', &[p]),
            PathSegment::QuadTo(a, p) => put(&mut text, 'Q', &[a, p]),
            PathSegment::CubicTo(a, b, p) => put(&mut text, 'C', &[a, b, p]),
            PathSegment::Close => text.push('Z'),
        }
    }
    text
}

/// Text as XML; what XML 1.0 cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (1.5, "1.5"),
            (100.0, "100"),
            (-0.0001, "0"),
            (0.1234, "0.123"),
        ] {
            assert_eq!(number(value, 3), text);
        }
        assert_eq!(number(200.0, 0), "200");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a<b&\"c\"\u{1}\n"), "a&lt;b&amp;&quot;c&quot; ");
    }
}
