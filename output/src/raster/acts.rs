//! Acts of drawing that can be cut to a box and painted there.

use std::sync::Arc;

use layers::style::Colour;

use super::brush::Brush;
use super::contours::{Contours, Place};
use super::flat::Outline;
use super::page_box::PageBox;
use super::painting::{Strip, Task};
use super::pen::Side;
use super::record::{Ink, Op};
use super::text::{Run, Typesetter};

/// How far beyond the edge of a box is looked for what reaches into it, in mm: more than the widest stroke.
const REACH_MM: f64 = 8.0;

/// What was drawn, in order.
pub(super) struct Acts {
    all: Vec<Arc<Act>>,
    pixels_per_mm: f64,
    /// What lies below; else nothing.
    ground: Option<Colour>,
}

/// One of them, in mm on the page.
struct Act {
    shape: Contours,
    how: How,
}

#[derive(Clone)]
enum How {
    Fill {
        colour: Colour,
        opacity: f64,
    },
    Glyphs {
        colour: Colour,
    },
    Stroke {
        ink: Ink,
        beside: Option<(Contours, Side)>,
    },
}

impl Acts {
    /// Those that were recorded, but the first, which fills the paper.
    pub(super) fn new(
        ops: &[Op],
        typesetter: &Typesetter<'_>,
        pixels_per_mm: f64,
        ground: Option<Colour>,
    ) -> Self {
        let mut collector = Collector {
            typesetter,
            all: Vec::new(),
            outlines: Vec::new(),
        };
        collector.take(ops.get(1..).unwrap_or_default());
        Self {
            all: collector.all,
            pixels_per_mm,
            ground,
        }
    }

    /// The acts that reach into a box.
    pub(super) fn within(&self, area: PageBox) -> Self {
        let reach = area.grown(REACH_MM);
        let acts = self.all.iter();
        let acts = acts.filter_map(|act| match act.shape.place_in(reach) {
            Place::Apart => None,
            Place::Inside => Some(Arc::clone(act)),
            Place::Across => act.within(reach).map(Arc::new),
        });
        Self {
            all: acts.collect(),
            ..*self
        }
    }

    /// Whether nothing is drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Paints a box from top to bottom, so many rows of pixels at a time, and hands over each strip.
    pub(super) fn paint_strips<E>(
        &self,
        area: PageBox,
        rows: usize,
        strip: &mut Strip,
        each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let brush = Brush::new(area, self.pixels_per_mm);
        let mut tasks = Vec::new();
        for act in &self.all {
            act.paint(brush, |task| tasks.push(task));
        }
        let ground = self.ground.map(|colour| Brush::ink(colour, 1.0));
        strip.paint(brush, rows, &tasks, ground, each)
    }
}

impl Act {
    fn within(&self, area: PageBox) -> Option<Self> {
        let (shape, how) = match &self.how {
            How::Stroke { ink, beside } => {
                let beside = beside
                    .as_ref()
                    .map(|(of, side)| (of.filled_within(area), *side));
                let shape = self.shape.stroked_within(area);
                (
                    shape,
                    How::Stroke {
                        ink: ink.clone(),
                        beside,
                    },
                )
            }
            how => (self.shape.filled_within(area), how.clone()),
        };
        (!shape.is_empty()).then_some(Self { shape, how })
    }

    fn paint<'a>(&'a self, brush: Brush, mut draw: impl FnMut(Task<'a>)) {
        let shape = Outline::Contours(&self.shape);
        match &self.how {
            How::Fill { colour, opacity } => draw(Brush::fill(shape, *colour, *opacity)),
            How::Glyphs { colour } => draw(Brush::fill_glyphs(shape, *colour)),
            How::Stroke { ink, beside } => {
                let mut stroke = |outline, from_mm| {
                    let pen = ink.pen(from_mm);
                    match beside {
                        Some((of, side)) if !of.is_empty() => {
                            let of = Outline::Contours(of);
                            draw(brush.stroke_beside(outline, pen, of, *side));
                        }
                        // Nothing of the area is here: all lies outside of it.
                        Some((_, Side::Inside)) => {}
                        None | Some(_) => draw(brush.stroke(outline, pen)),
                    }
                };
                if ink.dash_mm.is_empty() {
                    stroke(shape, 0.0);
                    return;
                }
                for (path, from_mm) in self.shape.dashed() {
                    stroke(Outline::Path(path), from_mm);
                }
            }
        }
    }
}

/// Takes acts from what was recorded.
struct Collector<'o, 't> {
    typesetter: &'o Typesetter<'t>,
    all: Vec<Arc<Act>>,
    /// The outlines of the name that is at work: its rim has the same as its characters.
    outlines: Vec<(&'o Run, Contours)>,
}

impl<'o> Collector<'o, '_> {
    fn take(&mut self, ops: &'o [Op]) {
        for op in ops {
            match op {
                Op::Name { ops, .. } => {
                    self.outlines.clear();
                    self.take(ops);
                }
                // The box is the whole frame.
                Op::Inside { ops, .. } => self.take(ops),
                Op::Fill {
                    path,
                    colour,
                    opacity,
                } => {
                    let how = How::Fill {
                        colour: *colour,
                        opacity: *opacity,
                    };
                    self.add(Contours::of(path), how);
                }
                Op::Stroke { path, ink, beside } => {
                    let beside = beside.as_ref();
                    let how = How::Stroke {
                        ink: ink.clone(),
                        beside: beside.map(|(of, side)| (Contours::of(of), *side)),
                    };
                    self.add(Contours::of(path), how);
                }
                Op::Text { run, colour } => {
                    if let Some(shape) = self.outline(run) {
                        self.add(shape, How::Glyphs { colour: *colour });
                    }
                }
                Op::Halo {
                    run,
                    colour,
                    width_mm,
                } => {
                    let ink = Ink {
                        colour: *colour,
                        opacity: 1.0,
                        width_mm: width_mm * 2.0,
                        dash_mm: Vec::new(),
                        butt: false,
                    };
                    if let Some(shape) = self.outline(run) {
                        self.add(shape, How::Stroke { ink, beside: None });
                    }
                }
            }
        }
    }

    fn add(&mut self, shape: Contours, how: How) {
        self.all.push(Arc::new(Act { shape, how }));
    }

    fn outline(&mut self, run: &'o Run) -> Option<Contours> {
        let known = self.outlines.iter().find(|(known, _)| *known == run);
        if let Some((_, known)) = known {
            return Some(known.clone());
        }
        let shape = Contours::of(&self.typesetter.outline(run)?);
        self.outlines.push((run, shape.clone()));
        Some(shape)
    }
}
