//! What stands on a map page. The layer says what is drawn; the renderer decides where on the paper.

use gazetteer::Extent;
use geo::{Geometry, LineString, MultiPolygon};

use crate::style::{BorderLevel, Colour, Symbol};

/// A map page: what to draw, in painting order, and what to say about it.
///
/// All geometry is WGS 84, x longitude, y latitude, in degrees.
#[derive(Debug, Clone)]
pub struct MapPage {
    /// Title, the largest text.
    pub title: String,
    /// What the map shows, in one phrase.
    pub subtitle: String,
    /// The plans it is drawn from, with dates and articles.
    pub citation: String,
    /// What must lie inside the frame.
    pub focus: Extent,
    /// The land below the theme.
    pub ground: Ground,
    /// The theme, in painting order.
    pub drawings: Vec<Drawing>,
    /// The legend, in reading order.
    pub legend: Vec<LegendGroup>,
    /// What is drawn again larger.
    pub inset: Option<Inset>,
    /// Sources and what a reader could mistake, in one paragraph without its heading.
    pub sources: String,
    /// The language of all texts, and of what the renderer adds.
    pub language: Language,
}

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese in simplified characters.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Its tag by BCP 47.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// The land below the theme.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Provinces, prefectures and counties that meet the frame, for their fills and names.
    pub areas: Vec<GroundArea>,
    /// Borders between them, each drawn once.
    pub borders: Vec<Border>,
    /// Rivers, each from source to mouth.
    pub rivers: Vec<River>,
    /// Every province of the locator: the small map of where this is.
    pub locator: Vec<GroundArea>,
}

/// An administrative unit of the ground.
#[derive(Debug, Clone)]
pub struct GroundArea {
    /// Its name as printed.
    pub name: String,
    /// Its rank.
    pub level: BorderLevel,
    /// Whether it belongs to the two provinces of the plans (lighter ground).
    pub home: bool,
    /// Whether its name may be printed (not when the theme prints it).
    pub named: bool,
    /// Its area.
    pub geometry: MultiPolygon<f64>,
}

/// A stretch of border.
#[derive(Debug, Clone)]
pub struct Border {
    /// The highest rank of units that it separates.
    pub level: BorderLevel,
    /// Its course.
    pub line: LineString<f64>,
}

/// A river.
#[derive(Debug, Clone)]
pub struct River {
    /// Its name; empty when it is not known.
    pub name: String,
    /// 1 (长江) to 6 (small and unnamed).
    pub rank: u8,
    /// Its course, downstream.
    pub line: LineString<f64>,
}

/// One thing of the theme.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Where.
    pub geometry: Geometry<f64>,
    /// How.
    pub symbol: Symbol,
    /// Its name.
    pub label: Option<Label>,
}

/// A name on the map.
#[derive(Debug, Clone)]
pub struct Label {
    /// The text; `\n` where a long name may be broken.
    pub text: String,
    /// A small second line.
    pub note: Option<String>,
    /// How large, and how early it is placed.
    pub rank: LabelRank,
    /// Colour; ink (or white on a dark fill) when `None`.
    pub colour: Option<Colour>,
    /// A number in a disc before the text, in the label's colour.
    pub badge: Option<u8>,
    /// The names that the text is made of, in full, where it breaks or cuts them; else none.
    pub names: Vec<String>,
}

impl Label {
    /// A name in the ink of the page, without note or badge.
    #[must_use]
    pub fn new(text: &str, rank: LabelRank) -> Self {
        Self {
            text: text.to_owned(),
            note: None,
            rank,
            colour: None,
            badge: None,
            names: Vec::new(),
        }
    }
}

/// The rank of a name: size and order of placing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelRank {
    /// A core city, or the region's prefecture.
    Core,
    /// A development axis, along its line.
    Axis,
    /// A corridor, in a pill on its line.
    Corridor,
    /// A platform, with its badge.
    Platform,
    /// A member district.
    Member,
    /// A node city.
    Node,
    /// The seat of a prefecture.
    Seat,
    /// A line of a network, beside its course.
    Way,
    /// A county inside the focus or a platform.
    County,
}

/// A part of the legend.
#[derive(Debug, Clone)]
pub struct LegendGroup {
    /// Its heading; empty for none.
    pub heading: String,
    /// Its rows.
    pub items: Vec<LegendItem>,
}

/// A row of the legend.
#[derive(Debug, Clone)]
pub struct LegendItem {
    /// Drawn at its true size.
    pub symbol: Symbol,
    /// A number on the swatch.
    pub badge: Option<u8>,
    /// What it is.
    pub name: String,
    /// How many, e.g. `9 区`.
    pub count: Option<String>,
    /// Members, or a caveat.
    pub note: Option<String>,
}

impl LegendItem {
    /// A row with a name alone.
    #[must_use]
    pub fn new(symbol: Symbol, name: &str) -> Self {
        Self {
            symbol,
            badge: None,
            name: name.to_owned(),
            count: None,
            note: None,
        }
    }
}

/// What is drawn again at a larger scale.
#[derive(Debug, Clone)]
pub enum Inset {
    /// A crowded part.
    Part {
        /// Its title.
        title: String,
        /// What must lie inside it. Names wholly inside are printed only there.
        extent: Extent,
    },
    /// Wherever points are piled up on the paper; there the map has dots in their place.
    Heaps,
}
