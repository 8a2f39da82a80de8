//! What was drawn, kept as it was said: the page of a vector format.

use std::sync::Arc;

use layers::style::Colour;
use tiny_skia::Path;

use super::page_box::PageBox;
use super::pen::{Pen, Side};
use super::text::Run;

/// One act of drawing, in mm on the page.
#[derive(Clone)]
pub(super) enum Op {
    /// Fills a path by the even-odd rule.
    Fill {
        path: Path,
        colour: Colour,
        opacity: f64,
    },
    /// Strokes a path, or the part of it on one side of an area.
    Stroke {
        path: Path,
        ink: Ink,
        beside: Option<(Path, Side)>,
    },
    /// Writes characters.
    Text { run: Run, colour: Colour },
    /// The rim around characters.
    Halo {
        run: Run,
        colour: Colour,
        width_mm: f64,
    },
    /// What makes up a name: characters that are read together.
    Name { text: String, ops: Vec<Op> },
    /// What is seen only inside a box.
    Inside { area: PageBox, ops: Arc<Vec<Op>> },
}

/// A pen with dashes of its own.
#[derive(Clone, PartialEq)]
pub(super) struct Ink {
    pub(super) colour: Colour,
    pub(super) opacity: f64,
    pub(super) width_mm: f64,
    pub(super) dash_mm: Vec<f64>,
    pub(super) butt: bool,
}

impl Ink {
    /// The pen, where `from_mm` of the line came before.
    pub(super) fn pen(&self, from_mm: f64) -> Pen<'_> {
        Pen {
            colour: self.colour,
            opacity: self.opacity,
            width_mm: self.width_mm,
            dash_mm: &self.dash_mm,
            butt: self.butt,
            from_mm,
        }
    }
}

impl From<Pen<'_>> for Ink {
    fn from(pen: Pen<'_>) -> Self {
        Self {
            colour: pen.colour,
            opacity: pen.opacity,
            width_mm: pen.width_mm,
            dash_mm: pen.dash_mm.to_vec(),
            butt: pen.butt,
        }
    }
}
