//! How lines are drawn.

use layers::style::Colour;

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(super) struct Pen<'d> {
    pub(super) colour: Colour,
    pub(super) opacity: f64,
    pub(super) width_mm: f64,
    pub(super) dash_mm: &'d [f64],
    /// Ends square, not round.
    pub(super) butt: bool,
    /// How much of the line came before what is drawn: dashes go on from there.
    pub(super) from_mm: f64,
}

impl<'d> Pen<'d> {
    pub(super) fn new(colour: Colour, width_mm: f64) -> Self {
        Self {
            colour,
            opacity: 1.0,
            width_mm,
            dash_mm: &[],
            butt: false,
            from_mm: 0.0,
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
