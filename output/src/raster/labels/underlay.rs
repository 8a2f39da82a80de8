//! What lies below a name: the fills of the map, small and without lines.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of a patch are small positive numbers"
)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use geo::Coord;
use layers::Look;
use layers::style::Colour;

use super::super::acts::Acts;
use super::super::areas::{self, Detail};
use super::super::brush::Brush;
use super::super::canvas::{Canvas, Medium};
use super::super::colour::is_ground;
use super::super::ground;
use super::super::page_box::PageBox;
use super::super::painting::Strip;
use super::super::scene::Scene;
use super::super::text::Typesetter;
use super::super::ways;

const PIXELS_PER_MM: f64 = 2.0;
/// What is painted around what is asked for, in pixels: the same name is looked at again with its halo.
const AROUND_PX: f64 = 3.0;
/// About what a patch takes besides, in pixels that could be painted instead.
const PATCH_PX: f64 = 2000.0;
/// Rows that are painted at once.
const STRIP_PX: usize = 128;
/// Patches are as wide as multiples of this: most have a width that was painted before.
const STEP_PX: f64 = 32.0;

/// The fills of a map.
pub(in super::super) struct Underlay {
    paper: Option<Paper>,
    look: Arc<Look>,
}

enum Paper {
    Whole(Canvas),
    /// Names are short and the map of a zoom is large: most of it is never asked for.
    Patches(Patches),
}

/// Paper that is painted where somebody looks.
struct Patches {
    acts: Acts,
    frame: PageBox,
    last: Mutex<Patch>,
}

/// What was painted last.
#[derive(Default)]
struct Patch {
    area: Option<PageBox>,
    pixels: Vec<u8>,
    strip: Strip,
    /// What all took so far, in pixels.
    spent: f64,
}

impl Patches {
    fn new(acts: Acts, frame: PageBox, names: usize) -> Self {
        Self {
            acts,
            frame,
            last: Mutex::new(Patch {
                // Each name asks for one at least.
                spent: if names as f64 * 2.0 * PATCH_PX > pixels_of(frame) {
                    f64::INFINITY
                } else {
                    0.0
                },
                ..Patch::default()
            }),
        }
    }

    /// A patch with all of a box; with all of the frame when much was asked for.
    fn over(&self, area: PageBox) -> MutexGuard<'_, Patch> {
        let mut patch = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if patch
            .area
            .is_some_and(|known| known.holds(area) || known == self.frame)
        {
            return patch;
        }
        let area = if patch.spent > pixels_of(self.frame) {
            self.frame
        } else {
            self.around(area)
        };
        patch.spent += pixels_of(area) + PATCH_PX;
        let Patch { pixels, strip, .. } = &mut *patch;
        pixels.clear();
        let acts = self.acts.within(area);
        let painted = acts.paint_strips(area, STRIP_PX, strip, |strip| {
            pixels.extend_from_slice(strip);
            Ok::<_, Infallible>(())
        });
        match painted {
            Ok(()) => patch.area = Some(area),
        }
        patch
    }

    /// Whole pixels around a box.
    fn around(&self, area: PageBox) -> PageBox {
        let along = |from: f64, to: f64| {
            let first = (from * PIXELS_PER_MM - AROUND_PX).floor();
            let count = to * PIXELS_PER_MM + AROUND_PX - first;
            let count = (count / STEP_PX).ceil() * STEP_PX;
            (first / PIXELS_PER_MM, count / PIXELS_PER_MM)
        };
        let PageBox { left, top, .. } = self.frame;
        let (x, width) = along(area.left - left, area.right - left);
        let (y, height) = along(area.top - top, area.bottom - top);
        PageBox::new(left + x, top + y, width, height)
    }
}

fn pixels_of(area: PageBox) -> f64 {
    area.width() * area.height() * PIXELS_PER_MM * PIXELS_PER_MM
}

impl Patch {
    fn colour_at(&self, p: Coord<f64>) -> Option<Colour> {
        let area = self.area.filter(|area| area.holds_point(p))?;
        let (width, _) = Brush::new(area, PIXELS_PER_MM).size();
        let (x, y) = (p.x - area.left, p.y - area.top);
        let (column, row) = ((x * PIXELS_PER_MM) as usize, (y * PIXELS_PER_MM) as usize);
        let pixel = self
            .pixels
            .as_chunks()
            .0
            .get(row * width as usize + column)?;
        let [red, green, blue, _] = *pixel;
        Some(Colour { red, green, blue })
    }
}

impl Underlay {
    /// Painted by so many threads.
    pub(in super::super) fn new(scene: &Scene<'_>, threads: usize) -> Self {
        let canvas = drawn(scene, Medium::Pixels, |canvas| canvas.with_threads(threads));
        let canvas = canvas.map(|mut canvas| {
            canvas.settle();
            canvas
        });
        Self {
            paper: canvas.map(Paper::Whole),
            look: Arc::clone(&scene.look),
        }
    }

    /// Painted where names are.
    pub(in super::super) fn in_patches(scene: &Scene<'_>, typesetter: &Typesetter<'_>) -> Self {
        let canvas = drawn(scene, Medium::Record, |canvas| canvas);
        let names = scene.drawings.iter();
        let names = names
            .filter(|placed| placed.drawing.label.is_some())
            .count();
        let patches = canvas.map(|canvas| {
            let ground = Some(scene.look.theme.ground);
            let acts = Acts::new(&canvas.record(), typesetter, PIXELS_PER_MM, ground);
            Patches::new(acts, scene.frame(), names)
        });
        Self {
            paper: patches.map(Paper::Patches),
            look: Arc::clone(&scene.look),
        }
    }

    /// Looks at the fills in a box.
    fn look_at<T>(
        &self,
        area: PageBox,
        look: impl FnOnce(&dyn Fn(Coord<f64>) -> Colour) -> T,
    ) -> T {
        let ground = self.look.theme.ground;
        match &self.paper {
            Some(Paper::Whole(canvas)) => look(&|p| canvas.colour_at(p).unwrap_or(ground)),
            Some(Paper::Patches(patches)) => {
                let patch = patches.over(area);
                look(&|p| patch.colour_at(p).unwrap_or(ground))
            }
            None => look(&|_| ground),
        }
    }

    /// The fill at a point.
    pub(in super::super) fn colour_at(&self, p: Coord<f64>) -> Colour {
        self.look_at(PageBox::new(p.x, p.y, 0.0, 0.0), |colour_at| colour_at(p))
    }

    /// Points spread over a box: 8 × 8, or one each mm where that is more.
    fn samples(area: PageBox) -> impl Iterator<Item = Coord<f64>> {
        let steps = area.width().max(area.height()).ceil().clamp(8.0, 64.0);
        let mut at = (0.0, 0.0);
        std::iter::from_fn(move || {
            let (column, row) = at;
            if row >= steps {
                return None;
            }
            at = if column + 1.0 >= steps {
                (0.0, row + 1.0)
            } else {
                (column + 1.0, row)
            };
            let share = |step: f64| (step + 0.5) / steps;
            Some(Coord {
                x: area.left + area.width() * share(column),
                y: area.top + area.height() * share(row),
            })
        })
    }

    /// The fill that a box has most of.
    pub(in super::super) fn colour_in(&self, area: PageBox) -> Colour {
        let mut counts: BTreeMap<(u8, u8, u8), u32> = BTreeMap::new();
        self.look_at(area, |colour_at| {
            for c in Self::samples(area).map(colour_at) {
                *counts.entry((c.red, c.green, c.blue)).or_default() += 1;
            }
        });
        let most = counts
            .into_iter()
            .max_by_key(|(colour, count)| (*count, std::cmp::Reverse(*colour)));
        most.map_or(self.look.theme.ground, |((red, green, blue), _)| Colour {
            red,
            green,
            blue,
        })
    }

    /// Whether a box has one fill only.
    pub(in super::super) fn is_even(&self, area: PageBox) -> bool {
        self.look_at(area, |colour_at| {
            let first = colour_at(area.centre());
            Self::samples(area).all(|p| colour_at(p) == first)
        })
    }

    /// How much of a box is theme rather than ground, 0 to 1.
    pub(in super::super) fn theme_share(&self, area: PageBox) -> f64 {
        let (mut themed, mut all) = (0.0, 0.0);
        self.look_at(area, |colour_at| {
            for colour in Self::samples(area).map(colour_at) {
                all += 1.0;
                if !is_ground(&self.look.theme, colour) {
                    themed += 1.0;
                }
            }
        });
        themed / all
    }
}

/// Paper with the fills of a map.
fn drawn(scene: &Scene<'_>, medium: Medium, with: impl FnOnce(Canvas) -> Canvas) -> Option<Canvas> {
    let look = &scene.look;
    let canvas = Canvas::new(
        scene.frame(),
        PIXELS_PER_MM,
        look,
        medium,
        look.theme.ground,
    )?;
    let mut canvas = with(canvas);
    ground::paint_land(scene, &mut canvas);
    areas::paint_fills(scene, &mut canvas, Detail::Flat);
    ways::paint_axes(scene, &mut canvas);
    areas::paint_veil(scene, &mut canvas);
    Some(canvas)
}
