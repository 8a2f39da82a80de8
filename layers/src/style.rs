//! The one style model: raster maps, QML and web styles are all made from it.
//!
//! Sizes are millimetres on the page, so a style holds at every resolution.

pub use crate::glyph::{Glyph, GlyphPart};

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, 0–255.
    pub red: u8,
    /// Green, 0–255.
    pub green: u8,
    /// Blue, 0–255.
    pub blue: u8,
}

impl Colour {
    /// From `0xRRGGBB`.
    #[must_use]
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { red, green, blue }
    }
}

/// How the features of a table look: one symbol, or one for each value of a field.
#[derive(Debug, Clone)]
pub struct Style {
    /// The field whose value chooses the class; `None` when there is one class for all.
    pub field: Option<&'static str>,
    /// The classes, in legend order. Exactly one when `field` is `None`.
    pub classes: Vec<Class>,
    /// Whether and how names are written: the `name` field.
    pub label: Option<LabelStyle>,
    /// The number that makes points larger, where features have one.
    pub size: Option<SizeBy>,
}

/// Points as large as a number says: their area is proportional to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeBy {
    /// The field with the number.
    pub field: &'static str,
    /// The number that has the full radius.
    pub most: f64,
}

impl SizeBy {
    /// The least radius, of a ring that is still open, and that of the largest point.
    const RADIUS_MM: (f64, f64) = (1.3, 2.8);

    /// Radius on the page of a number in the field's unit: never below a ring that can be seen.
    #[must_use]
    pub fn radius_mm(&self, value: f64) -> f64 {
        let (least, full) = Self::RADIUS_MM;
        (full * (value / self.most).max(0.0).sqrt()).clamp(least, full)
    }

    /// The same as an expression of QGIS, for a diameter.
    #[must_use]
    pub fn diameter_expression(&self, otherwise_mm: f64) -> String {
        let (least, full) = Self::RADIUS_MM;
        format!(
            "coalesce(2 * max({least}, {full} * sqrt(\"{}\" / {})), {otherwise_mm})",
            self.field, self.most
        )
    }
}

impl Style {
    /// One symbol for all, and no names.
    #[must_use]
    pub fn single(title: &str, symbol: Symbol) -> Self {
        let class = Class {
            value: String::new(),
            title: title.to_owned(),
            symbol,
        };
        Self {
            field: None,
            classes: vec![class],
            label: None,
            size: None,
        }
    }
}

/// One row of a legend.
#[derive(Debug, Clone)]
pub struct Class {
    /// Value of the style's field.
    pub value: String,
    /// Name in the legend.
    pub title: String,
    /// How it is drawn.
    pub symbol: Symbol,
}

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelStyle {
    /// Size in points.
    pub size_pt: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Colour of the text; the halo is the page's ground.
    pub colour: Colour,
}

/// How one thing is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Symbol {
    /// An area.
    Fill {
        /// What fills it.
        paint: Paint,
        /// Its border.
        outline: Option<Stroke>,
    },
    /// A large area that holds others: a faint fill, a band inside its border, and the border.
    Band {
        /// Colour of all three.
        colour: Colour,
    },
    /// The outer edge of a region, with a soft glow outside it. No fill.
    RegionEdge,
    /// A line.
    Line {
        /// Its stroke.
        stroke: Stroke,
        /// What is drawn on the stroke or below it: kinds of lines differ by it where colours do not.
        form: LineForm,
    },
    /// A line with a head at its far end, or where it leaves the map on the way there.
    Arrow {
        /// Its stroke.
        stroke: Stroke,
    },
    /// A corridor: a smooth thick line on a casing, through its nodes, with its name in a pill.
    Corridor {
        /// Colour of line and pill.
        colour: Colour,
    },
    /// A development axis: a broad translucent double arrow with its name along it.
    Axis {
        /// Colour of the arrow.
        colour: Colour,
        /// Colour of its name.
        name_colour: Colour,
        /// Width of its body: [`AXIS_MM`] of the one axis of a page.
        width_mm: f64,
    },
    /// A belt: a broad translucent band with round ends, its name along it.
    Belt {
        /// Colour of the band.
        colour: Colour,
        /// Its width.
        width_mm: f64,
    },
    /// A core city: concentric rings.
    Core {
        /// Colour of the rings.
        colour: Colour,
    },
    /// A core city that only shows where things are: smaller rings in ink.
    Landmark,
    /// A node on a corridor, ringed in its colour.
    Node {
        /// Colour of the ring.
        colour: Colour,
    },
    /// A city ringed in its colour, as large as its rank or a figure of it says.
    Graduated {
        /// Colour of the ring.
        colour: Colour,
        /// Its radius on the page.
        radius_mm: f64,
        /// Whether a dot stands in the ring: a rank that is told from others without its colour.
        dotted: bool,
    },
    /// A site of a kind: a disc with the sign of the kind in it.
    Sign {
        /// The sign.
        glyph: Glyph,
        /// Colour of the disc.
        colour: Colour,
        /// Radius of the disc on the page.
        radius_mm: f64,
    },
    /// A seat of government: a small ring.
    Seat,
    /// A numbered disc.
    Badge {
        /// The number in it.
        number: u8,
        /// Colour of the disc.
        colour: Colour,
    },
    /// A river of the ground, 1 (the greatest) to 6.
    River {
        /// Rank.
        rank: u8,
    },
    /// A border of the ground.
    Border {
        /// Which.
        level: BorderLevel,
    },
}

impl Symbol {
    /// The radius of the dot in a ring, by that of the ring.
    pub const DOT_SHARE: f64 = 0.36;

    /// A line with nothing on it.
    #[must_use]
    pub const fn line(stroke: Stroke) -> Self {
        Self::Line {
            stroke,
            form: LineForm::Plain,
        }
    }
}

/// The width of the body of an axis that has a page to itself.
pub const AXIS_MM: f64 = 17.6;

/// What is drawn on a line, or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineForm {
    /// Nothing.
    #[default]
    Plain,
    /// A railway: light dashes on a line that is there, ties across the dashes of one that is not yet.
    Ladder,
    /// A fast railway: a light core on a line that is there.
    Cored,
    /// A motorway: a broad core of a lighter tint on a line that is there.
    Cased,
    /// A waterway: a broad band below the line.
    Ribbon,
    /// A power line or a pipeline: diamonds along it.
    Beads,
}

impl LineForm {
    /// Light dashes on a railway: width as a share of the line's, length in mm.
    pub const LADDER: (f64, f64) = (0.58, 2.0);
    /// Ties across a dash: length and width in mm.
    pub const TIE_MM: (f64, f64) = (1.5, 0.2);
    /// Width of a core as a share of the line's: of a fast railway, of a motorway.
    pub const CORES: (f64, f64) = (0.28, 0.6);
    /// How much of the paper is in the core of a motorway.
    pub const LIGHTER: f64 = 0.62;
    /// The band below a waterway: how much wider it is than the line, and its opacity.
    const BAND: (f64, f64) = (2.75, 0.45);
    /// Its opacity below dashes: they would be lost in a stronger one.
    const BAND_BELOW_DASHES: f64 = 0.2;
    /// Diamonds: their size, and from one to the next, in mm.
    pub const BEADS_MM: (f64, f64) = (1.8, 6.4);

    /// The band below a waterway that is there, or is not yet: how much wider it is than the line, and its opacity.
    #[must_use]
    pub fn band(solid: bool) -> (f64, f64) {
        let (wider, opacity) = Self::BAND;
        (
            wider,
            if solid {
                opacity
            } else {
                Self::BAND_BELOW_DASHES
            },
        )
    }
}

/// The rank of an administrative border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BorderLevel {
    /// Between counties of one prefecture.
    County,
    /// Between prefectures of one province.
    Prefecture,
    /// Between provinces.
    Province,
}

/// What fills an area.
#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// One colour.
    Solid {
        /// The colour.
        colour: Colour,
        /// 0 (invisible) to 1.
        opacity: f64,
    },
    /// Lines at 45° on a white wash: an extent that is not exact.
    Hatch {
        /// Colour of the lines.
        colour: Colour,
    },
    /// One colour with thin lines over it: greys that are too near each other are told apart by them.
    Textured {
        /// The colour.
        colour: Colour,
        /// 0 (invisible) to 1, of the colour.
        opacity: f64,
        /// Colour of the lines.
        lines: Colour,
        /// Which lines.
        texture: Texture,
    },
    /// Equal stripes at 45° in two colours: two areas overlap.
    Stripes {
        /// One colour.
        first: Colour,
        /// The other.
        second: Colour,
    },
}

/// Thin lines over a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Texture {
    /// Falling lines: the other way from a hatching.
    Falling,
    /// Rising lines, close.
    Rising,
    /// Both.
    Crossed,
}

impl Texture {
    /// All of them, those that are easiest to tell first.
    pub const ALL: [Self; 3] = [Self::Falling, Self::Rising, Self::Crossed];
    /// Width of the lines, and from middle to middle, in mm.
    pub const LINES_MM: (f64, f64) = (0.2, 2.5);

    /// Whether there are lines that rise to the right, and such that fall.
    #[must_use]
    pub fn lines(self) -> (bool, bool) {
        match self {
            Self::Falling => (false, true),
            Self::Rising => (true, false),
            Self::Crossed => (true, true),
        }
    }
}

/// A stroke.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub colour: Colour,
    /// Its width on the page.
    pub width_mm: f64,
    /// Lengths of dash and gap in mm; empty for a solid line.
    pub dash_mm: Vec<f64>,
}

impl Stroke {
    /// A solid stroke.
    #[must_use]
    pub const fn solid(colour: Colour, width_mm: f64) -> Self {
        Self {
            colour,
            width_mm,
            dash_mm: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_a_point_is_proportional_to_its_number() {
        let size = SizeBy {
            field: "population_10k",
            most: 200.0,
        };
        assert!((size.radius_mm(200.0) - 2.8).abs() < 1e-12);
        assert!((size.radius_mm(100.0).powi(2) * 2.0 - 2.8_f64.powi(2)).abs() < 1e-12);
        assert!((size.radius_mm(1.0) - 1.3).abs() < 1e-12);
        assert!((size.radius_mm(-1.0) - 1.3).abs() < 1e-12);
    }
}
