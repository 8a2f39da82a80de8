//! A zoom of raster tiles: its map is laid out once as a whole, names and all, and kept as acts of drawing; tiles are cut out of it.

use std::sync::Arc;

use layers::Look;
use layers::map::MapPage;
use tiny_skia::{Path, Pixmap};

use super::areas::{self, Detail};
use super::canvas::{Canvas, Medium};
use super::contours::{Contours, Place};
use super::fonts::Fonts;
use super::labels::{self, Names, Underlay};
use super::land::Land;
use super::page;
use super::page_box::PageBox;
use super::pen::Side;
use super::pixels::Pixels;
use super::projection::Projection;
use super::record::{Ink, Op};
use super::scene::{Scene, Subject};
use super::text::Typesetter;
use super::view::View;
use super::{RasterError, RenderOptions, symbols, ways};

/// Pixels of a millimetre of the page: 96 an inch.
pub(crate) const PIXELS_PER_MM: f64 = 96.0 / super::MM_PER_INCH;
/// How far beyond its own edge a tile looks for what reaches into it, in mm: more than the widest stroke.
const REACH_MM: f64 = 8.0;

/// What of the world a zoom shows, in pixels of a map of the whole world.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ZoomFrame {
    /// Width and height of the world.
    pub(crate) world: f64,
    /// Left, top, width and height.
    pub(crate) area: [f64; 4],
    /// Pixels of a tile for one of these: 2 for displays with small pixels.
    pub(crate) density: f64,
    /// Whether the land is drawn below the theme; else tiles are transparent.
    pub(crate) ground: bool,
}

/// The map of a zoom, ready to be cut.
pub(crate) struct ZoomMap {
    acts: Vec<Arc<Act>>,
    pixels_per_mm: f64,
    look: Arc<Look>,
    ground: bool,
}

/// One act of drawing, in mm from the corner of the zoom's frame.
struct Act {
    shape: Contours,
    how: How,
}

#[derive(Clone)]
enum How {
    Fill {
        colour: layers::style::Colour,
        opacity: f64,
    },
    Glyphs {
        colour: layers::style::Colour,
    },
    Stroke {
        ink: Ink,
        beside: Option<(Contours, Side)>,
    },
}

impl ZoomMap {
    /// Lays out the map of a zoom.
    pub(crate) fn new(
        page: &MapPage,
        frame: ZoomFrame,
        options: &RenderOptions,
    ) -> Result<(Self, Vec<String>), RasterError> {
        let given;
        let fonts = if options.fonts.is_empty() {
            Fonts::of_system()?
        } else {
            given = Fonts::find(&options.fonts)?;
            &given
        };
        fonts.with_typesetter(|typesetter| lay_out(page, frame, options, typesetter))?
    }

    /// The acts that reach into a box.
    pub(crate) fn within(&self, area: PageBox) -> Self {
        let reach = area.grown(REACH_MM);
        let acts = self.acts.iter();
        let acts = acts.filter_map(|act| match act.shape.place_in(reach) {
            Place::Apart => None,
            Place::Inside => Some(Arc::clone(act)),
            Place::Across => act.within(reach).map(Arc::new),
        });
        Self {
            acts: acts.collect(),
            pixels_per_mm: self.pixels_per_mm,
            look: Arc::clone(&self.look),
            ground: self.ground,
        }
    }

    /// Whether nothing is drawn.
    pub(crate) fn is_empty(&self) -> bool {
        self.acts.is_empty()
    }

    /// Paints a box.
    pub(crate) fn paint(&self, area: PageBox) -> Option<Pixmap> {
        let colour = self.look.theme.ground;
        let mut pixels = if self.ground {
            Pixels::new(area, self.pixels_per_mm, colour)?
        } else {
            Pixels::transparent(area, self.pixels_per_mm)?
        };
        for act in &self.acts {
            act.paint(&mut pixels);
        }
        Some(pixels.into_pixmap())
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

    fn paint(&self, pixels: &mut Pixels) {
        match &self.how {
            How::Fill { colour, opacity } => {
                if let Some(path) = self.shape.path() {
                    pixels.fill(path, *colour, *opacity);
                }
            }
            How::Glyphs { colour } => {
                if let Some(path) = self.shape.path() {
                    pixels.fill_glyphs(path, *colour);
                }
            }
            How::Stroke { ink, beside } => {
                let beside = beside.as_ref().map(|(of, side)| (of.path(), *side));
                for (path, from_mm) in self.shape.stroked(!ink.dash_mm.is_empty()) {
                    let pen = ink.pen(from_mm);
                    match &beside {
                        None | Some((None, Side::Outside)) => pixels.stroke(path, pen),
                        Some((Some(of), side)) => pixels.stroke_beside(path, pen, of, *side),
                        // Nothing of the area is here: all lies outside of it.
                        Some((None, Side::Inside)) => {}
                    }
                }
            }
        }
    }
}

fn lay_out(
    page: &MapPage,
    frame: ZoomFrame,
    options: &RenderOptions,
    typesetter: &Typesetter<'_>,
) -> Result<(ZoomMap, Vec<String>), RasterError> {
    let look = Arc::new(options.look.clone());
    let dressed = look.dress(page)?;
    let [left, top, width, height] = frame.area;
    let paper = PageBox::new(0.0, 0.0, width / PIXELS_PER_MM, height / PIXELS_PER_MM);
    let projection = Projection::mercator(page.focus);
    let middle = (left + width / 2.0, top + height / 2.0);
    let nothing = || RasterError::Focus {
        west: page.focus.west,
        south: page.focus.south,
        east: page.focus.east,
        north: page.focus.north,
    };
    let view = View::of_world(&projection, paper, (frame.world, middle), PIXELS_PER_MM)
        .ok_or_else(nothing)?;
    let subject = Subject {
        page,
        drawings: &dressed.drawings,
        look: &look,
        graticule: options.graticule,
        only: None,
        names: 1.0,
    };
    let land = Arc::new(Land::new(&page.ground, &view));
    let scene = Scene::new(subject, view, land);
    let underlay = Underlay::new(&scene, 1);
    let names = labels::place(
        &scene,
        &underlay,
        typesetter,
        Names::Main {
            in_inset: &[],
            titles: &[],
        },
        &[],
    );
    let pixels_per_mm = PIXELS_PER_MM * frame.density;
    let mut canvas = Canvas::new(
        paper,
        pixels_per_mm,
        &look,
        Medium::Record,
        look.theme.ground,
    )
    .ok_or_else(nothing)?;
    if frame.ground {
        page::paint_map(&scene, &underlay, &mut canvas, typesetter);
        names.paint(&mut canvas, typesetter);
    } else {
        areas::paint_fills(&scene, &mut canvas, Detail::Full);
        areas::paint_outlines(&scene, &mut canvas);
        areas::paint_bands(&scene, &mut canvas);
        areas::paint_edges(&scene, &mut canvas);
        ways::paint_axes(&scene, &mut canvas);
        ways::paint_lines(&scene, &mut canvas);
        symbols::paint_points(&scene, &mut canvas, &underlay, typesetter, None);
        names.paint(&mut canvas, typesetter);
    }
    let mut ops = canvas.record();
    // The first fills the paper.
    ops.drain(..ops.len().min(1));
    let mut acts = Vec::new();
    collect(&ops, typesetter, &mut acts);
    let map = ZoomMap {
        acts,
        pixels_per_mm,
        look,
        ground: frame.ground,
    };
    Ok((map, names.dropped))
}

fn collect(ops: &[Op], typesetter: &Typesetter<'_>, acts: &mut Vec<Arc<Act>>) {
    for op in ops {
        if let Op::Name { ops, .. } = op {
            collect(ops, typesetter, acts);
            continue;
        }
        if let Op::Inside { ops, .. } = op {
            // The box is the whole frame.
            collect(ops, typesetter, acts);
            continue;
        }
        let mut add = |path: &Path, how: How| {
            let shape = Contours::of(path);
            acts.push(Arc::new(Act { shape, how }));
        };
        match op {
            Op::Fill {
                path,
                colour,
                opacity,
            } => add(
                path,
                How::Fill {
                    colour: *colour,
                    opacity: *opacity,
                },
            ),
            Op::Stroke { path, ink, beside } => add(
                path,
                How::Stroke {
                    ink: ink.clone(),
                    beside: beside.as_ref().map(|(of, side)| (Contours::of(of), *side)),
                },
            ),
            Op::Text { run, colour } => {
                if let Some(path) = typesetter.outline(run) {
                    add(&path, How::Glyphs { colour: *colour });
                }
            }
            Op::Halo {
                run,
                colour,
                width_mm,
            } => {
                if let Some(path) = typesetter.outline(run) {
                    let ink = Ink {
                        colour: *colour,
                        opacity: 1.0,
                        width_mm: width_mm * 2.0,
                        dash_mm: Vec::new(),
                        butt: false,
                    };
                    add(&path, How::Stroke { ink, beside: None });
                }
            }
            Op::Name { .. } | Op::Inside { .. } => {}
        }
    }
}

/// A box on the page of a zoom: its corner and size in pixels of the world.
pub(crate) fn tile_box(frame: &ZoomFrame, at: (f64, f64), size: (f64, f64)) -> PageBox {
    let [left, top, ..] = frame.area;
    PageBox::new(
        (at.0 - left) / PIXELS_PER_MM,
        (at.1 - top) / PIXELS_PER_MM,
        size.0 / PIXELS_PER_MM,
        size.1 / PIXELS_PER_MM,
    )
}
