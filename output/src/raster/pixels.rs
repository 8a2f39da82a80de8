//! Paper made of pixels.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a page are small positive numbers, and the rasteriser works in f32"
)]

use geo::Coord;
use layers::style::Colour;
use tiny_skia::{Path, Pixmap, PixmapPaint, Transform};

use super::brush::Brush;
use super::flat::Outline;
use super::page_box::PageBox;
use super::painting::{self, Task};
use super::pen::{Pen, Side};

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
    waiting: Vec<Task<'static>>,
    /// Points of their paths.
    points: usize,
}

impl Pixels {
    /// Blank paper. `None` when it would have no pixels, or more than the rasteriser can hold.
    pub(super) fn new(area: PageBox, pixels_per_mm: f64, colour: Colour) -> Option<Self> {
        let mut paper = Self::transparent(area, pixels_per_mm)?;
        let colour = Brush::ink(colour, 1.0);
        paper.map.pixels_mut().fill(colour);
        Some(paper)
    }

    /// Paper that is not there: what is drawn on it stands for itself.
    pub(super) fn transparent(area: PageBox, pixels_per_mm: f64) -> Option<Self> {
        let (width, height) = Brush::new(area, pixels_per_mm).size();
        Some(Self {
            map: Pixmap::new(width, height)?,
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
        let transform = self.brush().transform();
        painting::paint(&mut self.map, &tasks, transform, self.threads);
    }

    /// How things are drawn on it.
    fn brush(&self) -> Brush {
        Brush::new(self.area, self.per_mm)
    }

    fn draw(&mut self, task: Task<'static>) {
        self.points += task.outline.points();
        self.waiting.push(task);
        if self.points > MOST_WAITING {
            self.settle();
        }
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
        self.draw(Brush::fill(Outline::Path(path), colour, opacity));
    }

    /// Fills glyphs: overlapping strokes of one character are one.
    pub(super) fn fill_glyphs(&mut self, path: Path, colour: Colour) {
        self.draw(Brush::fill_glyphs(Outline::Path(path), colour));
    }

    pub(super) fn stroke(&mut self, path: Path, pen: Pen<'_>) {
        self.draw(self.brush().stroke(Outline::Path(path), pen));
    }

    /// Strokes what lies on one side of an area.
    pub(super) fn stroke_beside(&mut self, path: Path, pen: Pen<'_>, area: &Path, side: Side) {
        self.draw(self.brush().stroke_beside(
            Outline::Path(path),
            pen,
            Outline::Path(area.clone()),
            side,
        ));
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
