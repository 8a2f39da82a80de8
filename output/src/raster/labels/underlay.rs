//! What lies below a name: the fills of the map, small and without lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Coord;
use layers::Look;
use layers::style::Colour;

use super::super::areas::{self, Detail};
use super::super::canvas::{Canvas, Medium};
use super::super::colour::is_ground;
use super::super::ground;
use super::super::page_box::PageBox;
use super::super::scene::Scene;
use super::super::ways;

const PIXELS_PER_MM: f64 = 2.0;

/// The fills of a map.
pub(in super::super) struct Underlay {
    canvas: Option<Canvas>,
    look: Arc<Look>,
}

impl Underlay {
    /// Painted by so many threads.
    pub(in super::super) fn new(scene: &Scene<'_>, threads: usize) -> Self {
        let look = &scene.look;
        let canvas = Canvas::new(
            scene.frame(),
            PIXELS_PER_MM,
            look,
            Medium::Pixels,
            look.theme.ground,
        );
        let mut canvas = canvas.map(|canvas| canvas.with_threads(threads));
        if let Some(canvas) = &mut canvas {
            ground::paint_land(scene, canvas);
            areas::paint_fills(scene, canvas, Detail::Flat);
            ways::paint_axes(scene, canvas);
            areas::paint_veil(scene, canvas);
            canvas.settle();
        }
        Self {
            canvas,
            look: Arc::clone(look),
        }
    }

    /// The fill at a point.
    pub(in super::super) fn colour_at(&self, p: Coord<f64>) -> Colour {
        self.canvas
            .as_ref()
            .and_then(|canvas| canvas.colour_at(p))
            .unwrap_or(self.look.theme.ground)
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
        for p in Self::samples(area) {
            let c = self.colour_at(p);
            *counts.entry((c.red, c.green, c.blue)).or_default() += 1;
        }
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
        let first = self.colour_at(area.centre());
        Self::samples(area).all(|p| self.colour_at(p) == first)
    }

    /// How much of a box is theme rather than ground, 0 to 1.
    pub(in super::super) fn theme_share(&self, area: PageBox) -> f64 {
        let (mut themed, mut all) = (0.0, 0.0);
        for p in Self::samples(area) {
            let colour = self.colour_at(p);
            all += 1.0;
            if !is_ground(&self.look.theme, colour) {
                themed += 1.0;
            }
        }
        themed / all
    }
}
