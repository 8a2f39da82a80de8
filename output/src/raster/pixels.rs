//! Paper made of pixels.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a page are small positive numbers, and the rasteriser works in f32"
)]

use geo::Coord;
use layers::style::Colour;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Path, Pixmap, PixmapPaint, PremultipliedColorU8, Stroke,
    StrokeDash, Transform,
};

use super::page_box::PageBox;
use super::painting::{self, How, Task};
use super::pen::{Pen, Side};

/// Lines thinner than one of these have no round joins.
const HAIR_MM: f64 = 0.2;
const HAIR_PX: f64 = 3.0;
const BYTES: usize = 4;

/// Points of paths that wait to be painted together.
const MOST_WAITING: usize = 200_000;

/// A stretch of paper with pixels. What is drawn waits until enough has come together to be shared out among threads, or until
/// [`Self::settle`].
pub(super) struct Pixels {
    map: Pixmap,
    area: PageBox,
    per_mm: f64,
    /// Threads that paint.
    threads: usize,
    waiting: Vec<Task>,
    /// Points of their paths.
    points: usize,
}

fn ink(colour: Colour, opacity: f64) -> PremultipliedColorU8 {
    let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
    let plain = Color::from_rgba8(colour.red, colour.green, colour.blue, alpha);
    plain.premultiply().to_color_u8()
}

impl Pixels {
    /// Blank paper. `None` when it would have no pixels, or more than the rasteriser can hold.
    pub(super) fn new(area: PageBox, pixels_per_mm: f64, colour: Colour) -> Option<Self> {
        let mut paper = Self::transparent(area, pixels_per_mm)?;
        paper.map.pixels_mut().fill(ink(colour, 1.0));
        Some(paper)
    }

    /// Paper that is not there: what is drawn on it stands for itself.
    pub(super) fn transparent(area: PageBox, pixels_per_mm: f64) -> Option<Self> {
        let pixels = |mm: f64| (mm * pixels_per_mm).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        Some(Self {
            map: Pixmap::new(pixels(area.width()), pixels(area.height()))?,
            area,
            per_mm: pixels_per_mm,
            threads: 1,
            waiting: Vec::new(),
            points: 0,
        })
    }

    /// The same, painted by so many threads.
    pub(super) fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    pub(super) fn into_pixmap(mut self) -> Pixmap {
        self.settle();
        self.map
    }

    /// Paints what was drawn.
    pub(super) fn settle(&mut self) {
        let tasks = std::mem::take(&mut self.waiting);
        self.points = 0;
        let transform = self.transform();
        painting::paint(&mut self.map, &tasks, transform, self.threads);
    }

    fn draw(&mut self, task: Task) {
        self.points += task.path.len();
        self.waiting.push(task);
        if self.points > MOST_WAITING {
            self.settle();
        }
    }

    fn transform(&self) -> Transform {
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

    /// The colour of the pixel at a point; `None` outside of the paper.
    pub(super) fn colour_at(&self, p: Coord<f64>) -> Option<Colour> {
        debug_assert!(self.waiting.is_empty(), "painted before it is looked at");
        let (x, y) = (
            (p.x - self.area.left) * self.per_mm,
            (p.y - self.area.top) * self.per_mm,
        );
        // The rasteriser would take a column beyond the last for one of the next row.
        if x < 0.0 || y < 0.0 || x >= f64::from(self.map.width()) {
            return None;
        }
        let pixel = self.map.pixel(x as u32, y as u32)?;
        Some(Colour {
            red: pixel.red(),
            green: pixel.green(),
            blue: pixel.blue(),
        })
    }

    /// Fills a path by the even-odd rule.
    pub(super) fn fill(&mut self, path: Path, colour: Colour, opacity: f64) {
        self.draw(Task {
            path,
            colour: ink(colour, opacity),
            how: How::Fill(FillRule::EvenOdd),
            beside: None,
        });
    }

    /// Fills glyphs: overlapping strokes of one character are one.
    pub(super) fn fill_glyphs(&mut self, path: Path, colour: Colour) {
        self.draw(Task {
            path,
            colour: ink(colour, 1.0),
            how: How::Fill(FillRule::Winding),
            beside: None,
        });
    }

    pub(super) fn stroke(&mut self, path: Path, pen: Pen<'_>) {
        let how = How::Stroke(self.stroke_of(pen));
        self.draw(Task {
            path,
            colour: ink(pen.colour, pen.opacity),
            how,
            beside: None,
        });
    }

    /// Strokes what lies on one side of an area.
    pub(super) fn stroke_beside(&mut self, path: Path, pen: Pen<'_>, area: &Path, side: Side) {
        let how = How::Stroke(self.stroke_of(pen));
        self.draw(Task {
            path,
            colour: ink(pen.colour, pen.opacity),
            how,
            beside: Some((area.clone(), side)),
        });
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

    /// Copies another canvas over this one, where it belongs on the page: faster than [`Self::lay`], and the same for what
    /// is opaque.
    pub(super) fn cover(&mut self, other: &Self) {
        debug_assert!(other.waiting.is_empty(), "painted before it is copied");
        self.settle();
        let offset = |mm: f64| (mm * self.per_mm).round().max(0.0) as usize;
        let left = offset(other.area.left - self.area.left);
        let top = offset(other.area.top - self.area.top);
        let width = self.map.width() as usize;
        let other_width = other.map.width() as usize;
        let columns = other_width.min(width.saturating_sub(left)) * BYTES;
        let rows = other.map.data().chunks_exact(other_width * BYTES);
        let own = self.map.data_mut().chunks_exact_mut(width * BYTES);
        for (to, from) in own.skip(top).zip(rows) {
            if let Some(to) = to.get_mut(left * BYTES..left * BYTES + columns) {
                to.copy_from_slice(&from[..columns]);
            }
        }
    }

    /// Lays another canvas on this one, where it belongs on the page.
    pub(super) fn lay(&mut self, other: &Self) {
        debug_assert!(other.waiting.is_empty(), "painted before it is copied");
        self.settle();
        let x = ((other.area.left - self.area.left) * self.per_mm).round() as i32;
        let y = ((other.area.top - self.area.top) * self.per_mm).round() as i32;
        self.map.draw_pixmap(
            x,
            y,
            other.map.as_ref(),
            &PixmapPaint::default(),
            Transform::identity(),
            None,
        );
    }
}
