//! Painting in millimetres: as pixels, or kept as it is said for a vector format.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the rasteriser works in f32"
)]

use std::sync::Arc;

use geo::Coord;
use layers::Look;
use layers::style::Colour;
use tiny_skia::{Path, PathBuilder, Pixmap};

use super::page_box::PageBox;
use super::paths::path_of_box;
use super::pen::{Pen, Side};
use super::pixels::Pixels;
use super::record::{Ink, Op};
use super::text::{Run, Typesetter};

/// What a canvas is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Medium {
    /// Pixels, this many a millimetre.
    Pixels,
    /// Acts of drawing.
    Record,
}

/// A stretch of paper, in the colours of a theme.
pub(super) struct Canvas {
    area: PageBox,
    pixels_per_mm: f64,
    look: Arc<Look>,
    sheet: Sheet,
}

enum Sheet {
    Pixels(Pixels),
    Record(Vec<Op>),
}

impl Canvas {
    /// Blank paper. `None` when it would have no pixels, or more than the rasteriser can hold.
    pub(super) fn new(
        area: PageBox,
        pixels_per_mm: f64,
        look: &Arc<Look>,
        medium: Medium,
        colour: Colour,
    ) -> Option<Self> {
        let sheet = match medium {
            Medium::Pixels => Sheet::Pixels(Pixels::new(area, pixels_per_mm, colour)?),
            Medium::Record => {
                let path = path_of_box(area, 0.0)?;
                Sheet::Record(vec![Op::Fill {
                    path,
                    colour,
                    opacity: 1.0,
                }])
            }
        };
        Some(Self {
            area,
            pixels_per_mm,
            look: Arc::clone(look),
            sheet,
        })
    }

    /// The same, painted by so many threads.
    pub(super) fn with_threads(self, threads: usize) -> Self {
        let sheet = match self.sheet {
            Sheet::Pixels(pixels) => Sheet::Pixels(pixels.with_threads(threads)),
            record @ Sheet::Record(_) => record,
        };
        Self { sheet, ..self }
    }

    /// Paints what was drawn so far: before colours are asked for, or before it is copied.
    pub(super) fn settle(&mut self) {
        if let Sheet::Pixels(pixels) = &mut self.sheet {
            pixels.settle();
        }
    }

    /// Works while what was drawn so far is painted.
    pub(super) fn settle_beside<T>(&mut self, work: impl FnOnce() -> T) -> T {
        match &mut self.sheet {
            Sheet::Pixels(pixels) if pixels.threads() > 1 => std::thread::scope(|scope| {
                scope.spawn(|| pixels.settle());
                work()
            }),
            _ => work(),
        }
    }

    /// How the page looks.
    pub(super) fn look(&self) -> Arc<Look> {
        Arc::clone(&self.look)
    }

    pub(super) fn medium(&self) -> Medium {
        match self.sheet {
            Sheet::Pixels(_) => Medium::Pixels,
            Sheet::Record(_) => Medium::Record,
        }
    }

    /// The pixels, where it is made of them.
    pub(super) fn pixmap(self) -> Option<Pixmap> {
        match self.sheet {
            Sheet::Pixels(pixels) => Some(pixels.into_pixmap()),
            Sheet::Record(_) => None,
        }
    }

    /// What was drawn, where it was kept.
    pub(super) fn record(self) -> Vec<Op> {
        match self.sheet {
            Sheet::Pixels(_) => Vec::new(),
            Sheet::Record(ops) => ops,
        }
    }

    pub(super) fn pixels_per_mm(&self) -> f64 {
        self.pixels_per_mm
    }

    /// The colour of the pixel at a point; `None` outside of the paper.
    pub(super) fn colour_at(&self, p: Coord<f64>) -> Option<Colour> {
        match &self.sheet {
            Sheet::Pixels(pixels) => pixels.colour_at(p),
            Sheet::Record(_) => None,
        }
    }

    /// Fills a path by the even-odd rule.
    pub(super) fn fill(&mut self, path: Option<&Path>, colour: Colour, opacity: f64) {
        let Some(path) = path else { return };
        match &mut self.sheet {
            Sheet::Pixels(pixels) => pixels.fill(path.clone(), colour, opacity),
            Sheet::Record(ops) => ops.push(Op::Fill {
                path: path.clone(),
                colour,
                opacity,
            }),
        }
    }

    /// Writes a run of characters.
    pub(super) fn write(&mut self, typesetter: &Typesetter<'_>, run: &Run, colour: Colour) {
        match &mut self.sheet {
            Sheet::Pixels(pixels) => {
                if let Some(path) = typesetter.outline(run) {
                    pixels.fill_glyphs(path, colour);
                }
            }
            Sheet::Record(ops) => ops.push(Op::Text {
                run: run.clone(),
                colour,
            }),
        }
    }

    /// The rim around a run of characters, `width_mm` wide on either side.
    pub(super) fn halo(
        &mut self,
        typesetter: &Typesetter<'_>,
        run: &Run,
        colour: Colour,
        width_mm: f64,
    ) {
        match &mut self.sheet {
            Sheet::Pixels(pixels) => {
                if let Some(path) = typesetter.outline(run) {
                    pixels.stroke(path, Pen::new(colour, width_mm * 2.0));
                }
            }
            Sheet::Record(ops) => ops.push(Op::Halo {
                run: run.clone(),
                colour,
                width_mm,
            }),
        }
    }

    pub(super) fn stroke(&mut self, path: Option<&Path>, pen: Pen<'_>) {
        let Some(path) = path else { return };
        match &mut self.sheet {
            Sheet::Pixels(pixels) => pixels.stroke(path.clone(), pen),
            Sheet::Record(ops) => ops.push(Op::Stroke {
                path: path.clone(),
                ink: Ink::from(pen),
                beside: None,
            }),
        }
    }

    /// Strokes what lies on one side of an area.
    pub(super) fn stroke_beside(
        &mut self,
        path: Option<&Path>,
        pen: Pen<'_>,
        area: &Path,
        side: Side,
    ) {
        let Some(path) = path else { return };
        match &mut self.sheet {
            Sheet::Pixels(pixels) => pixels.stroke_beside(path.clone(), pen, area, side),
            Sheet::Record(ops) => ops.push(Op::Stroke {
                path: path.clone(),
                ink: Ink::from(pen),
                beside: Some((area.clone(), side)),
            }),
        }
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
        let sheet = Self::new(area, self.pixels_per_mm, &self.look, self.medium(), colour)?;
        Some(match &self.sheet {
            Sheet::Pixels(pixels) => sheet.with_threads(pixels.threads()),
            Sheet::Record(_) => sheet,
        })
    }

    /// Copies another canvas over this one, where it belongs on the page: faster than [`Self::lay`], and the same for what
    /// is opaque.
    pub(super) fn cover(&mut self, other: &Self) {
        self.put(other, Pixels::cover);
    }

    /// Lays another canvas on this one, where it belongs on the page.
    pub(super) fn lay(&mut self, other: &Self) {
        self.put(other, Pixels::lay);
    }

    fn put(&mut self, other: &Self, copy: impl FnOnce(&mut Pixels, &Pixels)) {
        match (&mut self.sheet, &other.sheet) {
            (Sheet::Pixels(to), Sheet::Pixels(from)) => copy(to, from),
            (Sheet::Record(to), Sheet::Record(from)) => to.push(Op::Inside {
                area: other.area,
                ops: Arc::new(from.clone()),
            }),
            // Paper of one page is all of one kind.
            _ => {}
        }
    }

    /// Draws what makes up a name: its characters are read together.
    pub(super) fn name(&mut self, text: &str, draw: impl FnOnce(&mut Self)) {
        let Some(outer) = self.take_record() else {
            draw(self);
            return;
        };
        draw(self);
        if let Sheet::Record(ops) = &mut self.sheet {
            let inner = std::mem::replace(ops, outer);
            ops.push(Op::Name {
                text: text.to_owned(),
                ops: inner,
            });
        }
    }

    /// What was drawn so far; it is to be put back.
    fn take_record(&mut self) -> Option<Vec<Op>> {
        match &mut self.sheet {
            Sheet::Record(ops) => Some(std::mem::take(ops)),
            Sheet::Pixels(_) => None,
        }
    }

    /// Draws what is seen only inside a box.
    pub(super) fn inside<T>(&mut self, area: PageBox, draw: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.take_record();
        let drawn = draw(self);
        match (&mut self.sheet, outer) {
            (Sheet::Record(ops), Some(outer)) => {
                let inner = std::mem::replace(ops, outer);
                ops.push(Op::Inside {
                    area,
                    ops: Arc::new(inner),
                });
            }
            _ => self.fill_around(area, self.look.theme.page),
        }
        drawn
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
    fn fill_around(&mut self, hole: PageBox, colour: Colour) {
        let PageBox {
            left,
            top,
            right,
            bottom,
            // The last row of pixels may lie half on the page.
        } = self.area.grown(1.0);
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

    fn paper(pixels_per_mm: f64) -> Canvas {
        let look = Arc::new(Look::default());
        Canvas::new(PAPER, pixels_per_mm, &look, Medium::Pixels, WHITE).expect("pixels")
    }

    fn square() -> Path {
        let square = polygon![(x: 15.0, y: 15.0), (x: 25.0, y: 15.0), (x: 25.0, y: 25.0), (x: 15.0, y: 25.0)];
        path_of_area(&MultiPolygon(vec![square])).expect("a path")
    }

    fn at(canvas: &Canvas, x: f64, y: f64) -> Colour {
        canvas.colour_at(Coord { x, y }).expect("on the paper")
    }

    #[test]
    fn a_glow_outside_stays_outside() {
        let mut canvas = paper(5.0);
        let path = square();
        canvas.stroke_beside(Some(&path), Pen::new(BLACK, 4.0), &path, Side::Outside);
        canvas.settle();
        assert_eq!(at(&canvas, 14.0, 20.0), BLACK);
        assert_eq!(at(&canvas, 16.0, 20.0), WHITE);
        canvas.stroke_beside(Some(&path), Pen::new(BLACK, 4.0), &path, Side::Inside);
        canvas.settle();
        assert_eq!(at(&canvas, 16.0, 20.0), BLACK);
        assert_eq!(at(&canvas, 20.0, 20.0), WHITE);
    }

    #[test]
    fn beside_the_paper_there_is_no_colour() {
        let canvas = paper(5.0);
        for (x, y) in [(9.9, 20.0), (30.1, 20.0), (20.0, 9.9), (20.0, 30.1)] {
            assert_eq!(canvas.colour_at(Coord { x, y }), None, "at {x}, {y}");
        }
    }

    #[test]
    fn what_is_drawn_over_the_edge_is_gone() {
        let mut canvas = paper(5.0);
        canvas.inside(PageBox::new(15.0, 15.0, 5.0, 5.0), |canvas| {
            canvas.fill(path_of_box(PAPER, 0.0).as_ref(), BLACK, 1.0);
        });
        canvas.settle();
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
        let mut canvas = paper(10.0);
        canvas.hatch(&square(), BLACK, 0.3, 0.95);
        canvas.settle();
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
