//! What a check finds.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Programs will refuse it or answer wrongly.
    Error,
    /// It is probably not what was meant.
    Warning,
    /// It is worth knowing; a file with nothing else is in order.
    Note,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// A row that makes no feature.
    Unreadable,
    /// A position outside the globe, or not a number.
    OutOfRange,
    /// Latitude first.
    SwappedAxes,
    /// Positions look moved as Chinese web maps move them.
    SuspectedGcj02,
    /// A ring with fewer than three different vertices.
    ShortRing,
    /// A line of no length.
    ShortLine,
    /// A ring that crosses, touches or doubles itself.
    SelfIntersection,
    /// Two rings of a polygon that cross or share an edge.
    RingsCross,
    /// A hole outside its exterior.
    HoleOutside,
    /// A ring that the file leaves open.
    OpenRing,
    /// An exterior that runs clockwise, or a hole that does not (RFC 7946).
    Winding,
    /// Vertices that repeat the one before.
    DuplicateVertices,
    /// A geometry without vertices.
    EmptyGeometry,
    /// No geometry.
    NoGeometry,
    /// Longitudes beyond 180.
    Beyond180,
    /// A polygon too intricate to be checked to its end.
    NotChecked,
    /// Identifiers that several features have.
    DuplicateIds,
    /// A column with values of several kinds.
    MixedTypes,
    /// A column of codes that was read as numbers.
    CodesAsNumbers,
    /// Codes that seem to have lost their leading zeros.
    LeadingZerosLost,
    /// A column of text that holds numbers only.
    NumbersAsText,
    /// A column without a single value.
    EmptyColumn,
    /// Text that went through the wrong encoding.
    Garbled,
    /// Values that are not text in the encoding of the file.
    Encoding,
    /// Text with blanks at its ends.
    BlankEnds,
}

impl Code {
    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Unreadable
            | Self::OutOfRange
            | Self::ShortRing
            | Self::ShortLine
            | Self::SelfIntersection
            | Self::RingsCross
            | Self::HoleOutside
            | Self::OpenRing
            | Self::DuplicateIds
            | Self::Encoding => Severity::Error,
            Self::SwappedAxes
            | Self::SuspectedGcj02
            | Self::Winding
            | Self::DuplicateVertices
            | Self::EmptyGeometry
            | Self::MixedTypes
            | Self::CodesAsNumbers
            | Self::LeadingZerosLost
            | Self::Garbled => Severity::Warning,
            Self::NoGeometry
            | Self::Beyond180
            | Self::NotChecked
            | Self::NumbersAsText
            | Self::EmptyColumn
            | Self::BlankEnds => Severity::Note,
        }
    }

    /// Whether it can be put right without loss.
    #[must_use]
    pub fn fixable(self) -> bool {
        matches!(
            self,
            Self::OpenRing | Self::Winding | Self::DuplicateVertices
        )
    }

    /// What it is and what to do, for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unreadable => "rows make no feature",
            Self::OutOfRange => {
                "positions are outside the globe, or in metres: name the reference system with --from-crs"
            }
            Self::SwappedAxes => "latitude comes first; longitude has to",
            Self::SuspectedGcj02 => {
                "positions fit their places better when GCJ-02 is undone: see --from-crs gcj02"
            }
            Self::ShortRing => "rings have fewer than three different vertices",
            Self::ShortLine => "lines have no length",
            Self::SelfIntersection => {
                "polygons have a ring that crosses, touches or doubles itself"
            }
            Self::RingsCross => "polygons have rings that cross or share an edge",
            Self::HoleOutside => "polygons have a hole outside their exterior",
            Self::OpenRing => "rings are open",
            Self::Winding => {
                "rings run the wrong way round (RFC 7946: exteriors counter-clockwise)"
            }
            Self::DuplicateVertices => "vertices repeat the one before",
            Self::EmptyGeometry => "geometries have no vertices",
            Self::NoGeometry => "features have no geometry",
            Self::Beyond180 => "features reach beyond longitude 180",
            Self::NotChecked => "polygons are too intricate to be checked to the end",
            Self::DuplicateIds => "features have an identifier that another has",
            Self::MixedTypes => "has values of several kinds",
            Self::CodesAsNumbers => {
                "holds codes as numbers: leading zeros are lost and digits may be; make it text"
            }
            Self::LeadingZerosLost => {
                "holds codes of which some are shorter than the rest: leading zeros seem lost"
            }
            Self::NumbersAsText => "holds numbers as text",
            Self::EmptyColumn => "has no value",
            Self::Garbled => "has text that went through the wrong encoding",
            Self::Encoding => {
                "values are not text in the encoding of the file: name it with --encoding"
            }
            Self::BlankEnds => "has text with blanks at its ends",
        }
    }
}

/// Something found, and how often.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// In which column, for those of attributes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How often: features, rings, vertices or values.
    pub count: u64,
    /// What it is.
    pub text: String,
    /// Whether `--fix` puts it right.
    pub fixable: bool,
    /// The first few.
    pub examples: Vec<Example>,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Line, row or record.
    pub place: String,
    /// Longitude and latitude, where it has a place on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// How many examples are kept of each.
pub(super) const MOST_EXAMPLES: usize = 5;

impl Example {
    pub(super) fn at(place: impl std::fmt::Display, position: Option<[f64; 2]>) -> Self {
        Self {
            place: place.to_string(),
            position,
            value: None,
        }
    }

    pub(super) fn of(place: impl std::fmt::Display, value: &str) -> Self {
        Self {
            place: place.to_string(),
            position: None,
            value: Some(value.chars().take(80).collect()),
        }
    }
}
