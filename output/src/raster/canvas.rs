//! Painting in millimetres.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a page are small positive numbers, and the rasteriser works in f32"
)]

use geo::Coord;
use layers::style::Colour;
use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Stroke,
    StrokeDash, Transform,
};

use super::page_box::PageBox;
use super::paths::path_of_box;

/// A stretch of paper with pixels.
pub(super) struct Canvas {
    pixmap: Pixmap,
    area: PageBox,
    pixels_per_mm: f64,
    /// Reused between fills with a mask.
    mask: Option<Mask>,
}

/// Lines thinner than this have no round joins.
const HAIR_MM: f64 = 0.2;
const HARDLY_MORE: f64 = 1.25;

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(super) struct Pen<'d> {
    colour: Colour,
    opacity: f64,
    width_mm: f64,
    dash_mm: &'d [f64],
    butt: bool,
}

impl<'d> Pen<'d> {
    pub(super) fn new(colour: Colour, width_mm: f64) -> Self {
        Self {
            colour,
            opacity: 1.0,
            width_mm,
            dash_mm: &[],
            butt: false,
        }
    }

    pub(super) fn opacity(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }

    /// Lengths of dash and gap. Dashes end square; a dash of length 0 is a dot.
    pub(super) fn dash(self, dash_mm: &'d [f64]) -> Self {
        let dots = dash_mm.first().is_some_and(|length| *length == 0.0);
        Self {
            dash_mm,
            butt: !dash_mm.is_empty() && !dots,
            ..self
        }
    }

    /// Ends square.
    pub(super) fn butt(self) -> Self {
        Self { butt: true, ..self }
    }
}

/// Which side of an area is painted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Outside,
}

fn paint(colour: Colour, opacity: f64) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
    paint.set_color_rgba8(colour.red, colour.green, colour.blue, alpha);
    paint
}

impl Canvas {
    /// Blank paper. `None` when it would have no pixels, or more than the rasteriser can hold.
    pub(super) fn new(area: PageBox, pixels_per_mm: f64, colour: Colour) -> Option<Self> {
        let pixels = |mm: f64| (mm * pixels_per_mm).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        let mut pixmap = Pixmap::new(pixels(area.width()), pixels(area.height()))?;
        pixmap.fill(tiny_skia::Color::from_rgba8(
            colour.red,
            colour.green,
            colour.blue,
            255,
        ));
        Some(Self {
            pixmap,
            area,
            pixels_per_mm,
            mask: None,
        })
    }

    pub(super) fn pixmap(self) -> Pixmap {
        self.pixmap
    }

    pub(super) fn pixels_per_mm(&self) -> f64 {
        self.pixels_per_mm
    }

    fn transform(&self) -> Transform {
        let scale = self.pixels_per_mm as f32;
        Transform::from_row(
            scale,
            0.0,
            0.0,
            scale,
            (-self.area.left * self.pixels_per_mm) as f32,
            (-self.area.top * self.pixels_per_mm) as f32,
        )
    }

    /// The colour of the pixel at a point; `None` outside of the paper.
    pub(super) fn colour_at(&self, p: Coord<f64>) -> Option<Colour> {
        let (x, y) = (
            (p.x - self.area.left) * self.pixels_per_mm,
            (p.y - self.area.top) * self.pixels_per_mm,
        );
        // The rasteriser would take a column beyond the last for one of the next row.
        if x < 0.0 || y < 0.0 || x >= f64::from(self.pixmap.width()) {
            return None;
        }
        let pixel = self.pixmap.pixel(x as u32, y as u32)?;
        Some(Colour {
            red: pixel.red(),
            green: pixel.green(),
            blue: pixel.blue(),
        })
    }

    /// Fills a path by the even-odd rule.
    pub(super) fn fill(&mut self, path: Option<&Path>, colour: Colour, opacity: f64) {
        let Some(path) = path else { return };
        let transform = self.transform();
        self.pixmap.fill_path(
            path,
            &paint(colour, opacity),
            FillRule::EvenOdd,
            transform,
            None,
        );
    }

    /// Fills glyphs: overlapping strokes of one character are one.
    pub(super) fn fill_glyphs(&mut self, path: &Path, colour: Colour) {
        let transform = self.transform();
        self.pixmap.fill_path(
            path,
            &paint(colour, 1.0),
            FillRule::Winding,
            transform,
            None,
        );
    }

    pub(super) fn stroke(&mut self, path: Option<&Path>, pen: Pen<'_>) {
        self.stroke_with(path, pen, false);
    }

    fn stroke_with(&mut self, path: Option<&Path>, pen: Pen<'_>, masked: bool) {
        let Some(path) = path else { return };
        let cap = if pen.butt {
            LineCap::Butt
        } else {
            LineCap::Round
        };
        let dash = (!pen.dash_mm.is_empty())
            .then(|| StrokeDash::new(pen.dash_mm.iter().map(|mm| *mm as f32).collect(), 0.0))
            .flatten();
        // The joins of a hair line are not seen, and round ones cost most of the time.
        let line_join = if pen.width_mm < HAIR_MM {
            LineJoin::Bevel
        } else {
            LineJoin::Round
        };
        // A line of hardly more than a pixel is drawn as one pixel wide, which is many times as fast.
        let one_pixel = 1.0 / self.pixels_per_mm;
        let width_mm = if pen.width_mm < one_pixel * HARDLY_MORE {
            pen.width_mm.min(one_pixel)
        } else {
            pen.width_mm
        };
        let stroke = Stroke {
            width: width_mm as f32,
            line_cap: cap,
            line_join,
            dash,
            ..Stroke::default()
        };
        let transform = self.transform();
        let mask = self.mask.as_ref().filter(|_| masked);
        self.pixmap.stroke_path(
            path,
            &paint(pen.colour, pen.opacity),
            &stroke,
            transform,
            mask,
        );
    }

    /// Strokes what lies on one side of an area.
    pub(super) fn stroke_beside(
        &mut self,
        path: Option<&Path>,
        pen: Pen<'_>,
        area: &Path,
        side: Side,
    ) {
        if self.set_mask(area, side) {
            self.stroke_with(path, pen, true);
        }
    }

    fn set_mask(&mut self, area: &Path, side: Side) -> bool {
        let transform = self.transform();
        let mut mask = match self.mask.take() {
            Some(mut mask) => {
                mask.clear();
                mask
            }
            None => match Mask::new(self.pixmap.width(), self.pixmap.height()) {
                Some(mask) => mask,
                None => return false,
            },
        };
        mask.fill_path(area, FillRule::EvenOdd, true, transform);
        if side == Side::Outside {
            mask.invert();
        }
        self.mask = Some(mask);
        true
    }

    /// Lines at 45° inside an area, `step_mm` from centre to centre. They are anchored at the corner of the page,
    /// so that those of neighbours meet.
    pub(super) fn hatch(&mut self, area: &Path, colour: Colour, width_mm: f64, step_mm: f64) {
        let bounds = area.bounds();
        // Lines x + y = constant; neighbours differ by step × √2.
        let step = step_mm * std::f64::consts::SQRT_2;
        let (left, right) = (f64::from(bounds.left()), f64::from(bounds.right()));
        let (top, bottom) = (f64::from(bounds.top()), f64::from(bounds.bottom()));
        let mut sum = ((left + top) / step).floor() * step;
        let mut builder = PathBuilder::new();
        while sum <= right + bottom + step {
            builder.move_to((sum - (top - 1.0)) as f32, (top - 1.0) as f32);
            builder.line_to((sum - (bottom + 1.0)) as f32, (bottom + 1.0) as f32);
            sum += step;
        }
        let path = builder.finish();
        self.stroke_beside(
            path.as_ref(),
            Pen::new(colour, width_mm).butt(),
            area,
            Side::Inside,
        );
    }

    /// Where it lies on the page.
    pub(super) fn area(&self) -> PageBox {
        self.area
    }

    /// Other paper of the same resolution.
    pub(super) fn sheet(&self, area: PageBox, colour: Colour) -> Option<Self> {
        Self::new(area, self.pixels_per_mm, colour)
    }

    /// Copies another canvas over this one, where it belongs on the page: faster than [`Self::lay`], and the same for what
    /// is opaque.
    pub(super) fn cover(&mut self, other: &Self) {
        const BYTES: usize = 4;
        let offset = |mm: f64| (mm * self.pixels_per_mm).round().max(0.0) as usize;
        let left = offset(other.area.left - self.area.left);
        let top = offset(other.area.top - self.area.top);
        let width = self.pixmap.width() as usize;
        let other_width = other.pixmap.width() as usize;
        let columns = other_width.min(width.saturating_sub(left)) * BYTES;
        let rows = other.pixmap.data().chunks_exact(other_width * BYTES);
        let own = self.pixmap.data_mut().chunks_exact_mut(width * BYTES);
        for (to, from) in own.skip(top).zip(rows) {
            if let Some(to) = to.get_mut(left * BYTES..left * BYTES + columns) {
                to.copy_from_slice(&from[..columns]);
            }
        }
    }

    /// Lays another canvas on this one, where it belongs on the page.
    pub(super) fn lay(&mut self, other: &Self) {
        let x = ((other.area.left - self.area.left) * self.pixels_per_mm).round() as i32;
        let y = ((other.area.top - self.area.top) * self.pixels_per_mm).round() as i32;
        self.pixmap.draw_pixmap(
            x,
            y,
            other.pixmap.as_ref(),
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }

    /// The box that lies exactly on pixels nearest to `area`.
    pub(super) fn on_pixels(&self, area: PageBox) -> PageBox {
        let snap = |mm: f64| (mm * self.pixels_per_mm).round() / self.pixels_per_mm;
        PageBox {
            left: snap(area.left),
            top: snap(area.top),
            right: snap(area.right),
            bottom: snap(area.bottom),
        }
    }

    /// Paints everything outside of `hole` in one colour: what was drawn over the edge is gone.
    pub(super) fn fill_around(&mut self, hole: PageBox, colour: Colour) {
        let PageBox {
            left,
            top,
            right,
            bottom,
        } = self.area;
        let sides = [
            PageBox {
                left,
                top,
                right,
                bottom: hole.top,
            },
            PageBox {
                left,
                top: hole.bottom,
                right,
                bottom,
            },
            PageBox {
                left,
                top: hole.top,
                right: hole.left,
                bottom: hole.bottom,
            },
            PageBox {
                left: hole.right,
                top: hole.top,
                right,
                bottom: hole.bottom,
            },
        ];
        for side in sides {
            self.fill(path_of_box(side, 0.0).as_ref(), colour, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::paths::path_of_area;
    use geo::{MultiPolygon, polygon};

    const PAPER: PageBox = PageBox {
        left: 10.0,
        top: 10.0,
        right: 30.0,
        bottom: 30.0,
    };
    const WHITE: Colour = Colour::hex(0x00FF_FFFF);
    const BLACK: Colour = Colour::hex(0);

    fn square() -> Path {
        let square = polygon![(x: 15.0, y: 15.0), (x: 25.0, y: 15.0), (x: 25.0, y: 25.0), (x: 15.0, y: 25.0)];
        path_of_area(&MultiPolygon(vec![square])).expect("a path")
    }

    fn at(canvas: &Canvas, x: f64, y: f64) -> Colour {
        canvas.colour_at(Coord { x, y }).expect("on the paper")
    }

    #[test]
    fn a_glow_outside_stays_outside() {
        let mut canvas = Canvas::new(PAPER, 5.0, WHITE).expect("pixels");
        let path = square();
        canvas.stroke_beside(Some(&path), Pen::new(BLACK, 4.0), &path, Side::Outside);
        assert_eq!(at(&canvas, 14.0, 20.0), BLACK);
        assert_eq!(at(&canvas, 16.0, 20.0), WHITE);
        canvas.stroke_beside(Some(&path), Pen::new(BLACK, 4.0), &path, Side::Inside);
        assert_eq!(at(&canvas, 16.0, 20.0), BLACK);
        assert_eq!(at(&canvas, 20.0, 20.0), WHITE);
    }

    #[test]
    fn beside_the_paper_there_is_no_colour() {
        let canvas = Canvas::new(PAPER, 5.0, WHITE).expect("pixels");
        for (x, y) in [(9.9, 20.0), (30.1, 20.0), (20.0, 9.9), (20.0, 30.1)] {
            assert_eq!(canvas.colour_at(Coord { x, y }), None, "at {x}, {y}");
        }
    }

    #[test]
    fn what_is_drawn_over_the_edge_is_gone() {
        let mut canvas = Canvas::new(PAPER, 5.0, WHITE).expect("pixels");
        canvas.fill(path_of_box(PAPER, 0.0).as_ref(), BLACK, 1.0);
        canvas.fill_around(PageBox::new(15.0, 15.0, 5.0, 5.0), WHITE);
        for (x, y, colour) in [
            (15.1, 15.1, BLACK),
            (19.9, 19.9, BLACK),
            (14.9, 17.0, WHITE),
            (20.1, 17.0, WHITE),
            (17.0, 20.1, WHITE),
        ] {
            assert_eq!(at(&canvas, x, y), colour, "at {x}, {y}");
        }
    }

    #[test]
    fn hatching_keeps_its_step_and_its_area() {
        let mut canvas = Canvas::new(PAPER, 10.0, WHITE).expect("pixels");
        canvas.hatch(&square(), BLACK, 0.3, 0.95);
        let row = |y: f64| {
            (0..200)
                .map(|x| at(&canvas, 10.05 + f64::from(x) * 0.1, y))
                .collect::<Vec<_>>()
        };
        assert!(row(12.0).iter().all(|c| *c == WHITE));
        let lines = row(20.0)
            .windows(2)
            .filter(|w| w[0].red > 127 && w[1].red <= 127)
            .count();
        // 10 mm along x, a line every 0.95 × √2 mm.
        assert!((7..=8).contains(&lines), "{lines}");
    }
}
