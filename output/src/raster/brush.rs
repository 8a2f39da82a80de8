//! What is drawn on a stretch of paper with pixels, as tasks of painting.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a page are small positive numbers, and the rasteriser works in f32"
)]

use layers::style::Colour;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, PremultipliedColorU8, Stroke, StrokeDash, Transform,
};

use super::flat::Outline;
use super::page_box::PageBox;
use super::painting::{How, Task};
use super::pen::{Pen, Side};

/// Lines thinner than one of these have no round joins.
const HAIR_MM: f64 = 0.2;
const HAIR_PX: f64 = 3.0;

/// Makes tasks for a stretch of paper.
#[derive(Clone, Copy)]
pub(super) struct Brush {
    area: PageBox,
    per_mm: f64,
}

impl Brush {
    pub(super) fn new(area: PageBox, pixels_per_mm: f64) -> Self {
        Self {
            area,
            per_mm: pixels_per_mm,
        }
    }

    /// Pixels across and down.
    pub(super) fn size(&self) -> (u32, u32) {
        let pixels = |mm: f64| (mm * self.per_mm).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        (pixels(self.area.width()), pixels(self.area.height()))
    }

    /// From mm on the page to pixels of the paper.
    pub(super) fn transform(&self) -> Transform {
        let scale = self.per_mm as f32;
        Transform::from_row(
            scale,
            0.0,
            0.0,
            scale,
            (-self.area.left * self.per_mm) as f32,
            (-self.area.top * self.per_mm) as f32,
        )
    }

    pub(super) fn ink(colour: Colour, opacity: f64) -> PremultipliedColorU8 {
        let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        let plain = Color::from_rgba8(colour.red, colour.green, colour.blue, alpha);
        plain.premultiply().to_color_u8()
    }

    /// Fills an outline by the even-odd rule.
    pub(super) fn fill(outline: Outline<'_>, colour: Colour, opacity: f64) -> Task<'_> {
        Task {
            outline,
            colour: Self::ink(colour, opacity),
            how: How::Fill(FillRule::EvenOdd),
            beside: None,
        }
    }

    /// Fills glyphs: overlapping strokes of one character are one.
    pub(super) fn fill_glyphs(outline: Outline<'_>, colour: Colour) -> Task<'_> {
        Task {
            outline,
            colour: Self::ink(colour, 1.0),
            how: How::Fill(FillRule::Winding),
            beside: None,
        }
    }

    pub(super) fn stroke<'t>(&self, outline: Outline<'t>, pen: Pen<'_>) -> Task<'t> {
        Task {
            outline,
            colour: Self::ink(pen.colour, pen.opacity),
            how: How::Stroke(self.stroke_of(pen)),
            beside: None,
        }
    }

    /// Strokes what lies on one side of an area.
    pub(super) fn stroke_beside<'t>(
        &self,
        outline: Outline<'t>,
        pen: Pen<'_>,
        area: Outline<'t>,
        side: Side,
    ) -> Task<'t> {
        Task {
            beside: Some((area, side)),
            ..self.stroke(outline, pen)
        }
    }

    fn stroke_of(&self, pen: Pen<'_>) -> Stroke {
        let cap = if pen.butt {
            LineCap::Butt
        } else {
            LineCap::Round
        };
        let dash = (!pen.dash_mm.is_empty())
            .then(|| {
                let lengths = pen.dash_mm.iter().map(|mm| *mm as f32).collect();
                StrokeDash::new(lengths, pen.from_mm as f32)
            })
            .flatten();
        // The joins of a hair line are not seen, and round ones cost most of the time.
        let line_join = if pen.width_mm < HAIR_MM.max(HAIR_PX / self.per_mm) {
            LineJoin::Bevel
        } else {
            LineJoin::Round
        };
        Stroke {
            width: pen.width_mm as f32,
            line_cap: cap,
            line_join,
            dash,
            ..Stroke::default()
        }
    }
}
