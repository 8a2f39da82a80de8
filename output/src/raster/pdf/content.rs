//! Acts of drawing as the content of a PDF page.

use layers::style::Colour;
use pdf_writer::types::{LineCapStyle, LineJoinStyle, TextRenderingMode};
use pdf_writer::{Finish, Name, Str, TextStr};
use tiny_skia::{Path, PathSegment};

use super::fonts::UsedFont;
use super::real;
use crate::raster::page_box::PageBox;
use crate::raster::pen::Side;
use crate::raster::record::{Ink, Op};
use crate::raster::text::{Run, Typeface, Typesetter};

const FACES: [Typeface; 4] = [
    Typeface::Regular,
    Typeface::Bold,
    Typeface::SerifRegular,
    Typeface::SerifBold,
];
/// A move of less than this is none, in thousandths of an em.
const STILL: f32 = 0.05;

/// The content of a page, and what it uses.
pub(super) struct Content<'t, 'f> {
    typesetter: &'t Typesetter<'f>,
    out: pdf_writer::Content,
    fonts: Vec<UsedFont>,
    opacities: Vec<f32>,
    opacity: f32,
}

/// A finished content.
pub(super) struct Done {
    pub(super) bytes: Vec<u8>,
    pub(super) fonts: Vec<UsedFont>,
    pub(super) opacities: Vec<f32>,
}

/// The name of a state that sets the opacity of a number.
pub(super) fn state_name(index: usize) -> String {
    format!("O{index}")
}

impl<'t, 'f> Content<'t, 'f> {
    /// An empty page `height` points high, on which a unit has `unit` points and y goes down.
    pub(super) fn new(typesetter: &'t Typesetter<'f>, unit: f32, height: f32) -> Self {
        let mut out = pdf_writer::Content::new();
        out.save_state();
        out.transform([unit, 0.0, 0.0, -unit, 0.0, height]);
        Self {
            typesetter,
            out,
            fonts: FACES.map(UsedFont::new).into(),
            opacities: Vec::new(),
            opacity: 1.0,
        }
    }

    pub(super) fn finish(mut self) -> Done {
        self.out.restore_state();
        self.fonts.retain(|font| !font.is_empty());
        Done {
            bytes: self.out.finish().into_vec(),
            fonts: self.fonts,
            opacities: self.opacities,
        }
    }

    pub(super) fn op(&mut self, op: &Op) {
        match op {
            Op::Fill {
                path,
                colour,
                opacity,
            } => {
                self.set_opacity(*opacity);
                self.fill_colour(*colour);
                self.path(path);
                self.out.fill_even_odd();
            }
            Op::Stroke { path, ink, beside } => {
                self.set_opacity(ink.opacity);
                let before = self.opacity;
                if let Some((area, side)) = beside {
                    self.out.save_state();
                    if *side == Side::Outside {
                        self.rectangle(PageBox::new(-1e4, -1e4, 3e4, 3e4));
                    }
                    self.path(area);
                    self.out.clip_even_odd().end_path();
                }
                self.pen(ink);
                self.path(path);
                self.out.stroke();
                if beside.is_some() {
                    self.out.restore_state();
                    self.opacity = before;
                }
            }
            Op::Text { run, colour } => {
                self.set_opacity(1.0);
                self.fill_colour(*colour);
                self.text(run, TextRenderingMode::Fill);
            }
            Op::Halo {
                run,
                colour,
                width_mm,
            } => {
                self.set_opacity(1.0);
                self.pen(&Ink {
                    colour: *colour,
                    opacity: 1.0,
                    width_mm: width_mm * 2.0,
                    dash_mm: Vec::new(),
                    butt: false,
                });
                self.text(run, TextRenderingMode::Stroke);
            }
            Op::Name { text, ops } => {
                let mut span = self.out.begin_marked_content_with_properties(Name(b"Span"));
                span.properties().actual_text(TextStr(text));
                span.finish();
                for op in ops {
                    self.op(op);
                }
                self.out.end_marked_content();
            }
            Op::Inside { area, ops } => {
                self.out.save_state();
                let before = self.opacity;
                self.rectangle(*area);
                self.out.clip_nonzero().end_path();
                for op in ops.iter() {
                    self.op(op);
                }
                self.out.restore_state();
                self.opacity = before;
            }
        }
    }

    fn set_opacity(&mut self, opacity: f64) {
        let opacity = real(opacity.clamp(0.0, 1.0));
        if (opacity - self.opacity).abs() < 1e-6 {
            return;
        }
        let same = |known: &f32| (known - opacity).abs() < 1e-6;
        let index = self.opacities.iter().position(same).unwrap_or_else(|| {
            self.opacities.push(opacity);
            self.opacities.len() - 1
        });
        self.out.set_parameters(Name(state_name(index).as_bytes()));
        self.opacity = opacity;
    }

    fn fill_colour(&mut self, colour: Colour) {
        let [r, g, b] = channels(colour);
        self.out.set_fill_rgb(r, g, b);
    }

    fn pen(&mut self, ink: &Ink) {
        let [r, g, b] = channels(ink.colour);
        let cap = if ink.butt {
            LineCapStyle::ButtCap
        } else {
            LineCapStyle::RoundCap
        };
        self.out
            .set_stroke_rgb(r, g, b)
            .set_line_width(real(ink.width_mm))
            .set_line_cap(cap)
            .set_line_join(LineJoinStyle::RoundJoin)
            .set_dash_pattern(ink.dash_mm.iter().map(|mm| real(*mm)), 0.0);
    }

    fn rectangle(&mut self, area: PageBox) {
        self.out.rect(
            real(area.left),
            real(area.top),
            real(area.width()),
            real(area.height()),
        );
    }

    fn path(&mut self, path: &Path) {
        let mut at = tiny_skia::Point::default();
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    self.out.move_to(p.x, p.y);
                    at = p;
                }
                PathSegment::LineTo(p) => {
                    self.out.line_to(p.x, p.y);
                    at = p;
                }
                PathSegment::QuadTo(q, p) => {
                    // The same curve as a cubic one.
                    let third = |a: f32, b: f32| a + (b - a) * 2.0 / 3.0;
                    self.out.cubic_to(
                        third(at.x, q.x),
                        third(at.y, q.y),
                        third(p.x, q.x),
                        third(p.y, q.y),
                        p.x,
                        p.y,
                    );
                    at = p;
                }
                PathSegment::CubicTo(a, b, p) => {
                    self.out.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y);
                    at = p;
                }
                PathSegment::Close => {
                    self.out.close_path();
                }
            }
        }
    }

    fn text(&mut self, run: &Run, mode: TextRenderingMode) {
        let Some(first) = run.line.glyphs.first() else {
            return;
        };
        let face = run.line.style.face;
        let em = run.line.style.em();
        let Some(font) = self.fonts.iter_mut().find(|font| font.face == face) else {
            return;
        };
        let matrix = run.transform(first, em).map(real);
        self.out.begin_text();
        self.out
            .set_font(Name(font.name().as_bytes()), 1.0)
            .set_text_rendering_mode(mode)
            .set_text_matrix(matrix);
        let mut show = self.out.show_positioned();
        let mut items = show.items();
        let mut pen = first.x;
        let units = self.typesetter.units_per_em(face);
        for glyph in &run.line.glyphs {
            // Thousandths of an em, to the left.
            let back = real((pen - glyph.x) / em * 1000.0);
            if back.abs() > STILL {
                items.adjust(back);
            }
            let number = font.number(glyph.id, glyph.character);
            items.show(Str(&number.to_be_bytes()));
            let advance = self.typesetter.face(face).glyph_hor_advance(glyph.id);
            pen = glyph.x + f64::from(advance.unwrap_or(0)) / units * em;
        }
        items.finish();
        show.finish();
        self.out.end_text();
    }
}

fn channels(colour: Colour) -> [f32; 3] {
    [colour.red, colour.green, colour.blue].map(|value| f32::from(value) / 255.0)
}
