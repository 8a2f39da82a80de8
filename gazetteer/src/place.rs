//! Places: what a name stands for.

use serde::Serialize;

use crate::LonLat;

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureClass {
    /// Province, municipality, autonomous region, special administrative region.
    Province,
    /// Prefecture-level city, autonomous prefecture, league.
    Prefecture,
    /// District, county, county-level city, banner.
    County,
    /// A new area that is not an administrative unit.
    NewArea,
    /// An economic or technological development zone.
    EconomicZone,
    /// A named region that others define by its members.
    Region,
}

impl FeatureClass {
    /// The value in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::NewArea => "new_area",
            Self::EconomicZone => "economic_zone",
            Self::Region => "region",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [
            Self::Province,
            Self::Prefecture,
            Self::County,
            Self::NewArea,
            Self::EconomicZone,
            Self::Region,
        ]
        .into_iter()
        .find(|class| class.as_str() == text)
    }

    /// Whether it is a unit of the administrative division.
    #[must_use]
    pub fn is_administrative(self) -> bool {
        matches!(self, Self::Province | Self::Prefecture | Self::County)
    }
}

/// Number of a place in its gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub(crate) u32);

/// A place: a name, a class, a position and how well it is known.
#[derive(Debug, Clone)]
pub struct Place {
    /// Number in the gazetteer.
    pub(crate) number: PlaceId,
    /// Stable identifier: the GB/T 2260 code of a unit, `x-…` for others.
    pub id: String,
    /// Full name, as of the date of the boundary data or later changes that kept the unit.
    pub name: String,
    /// Other names that texts use.
    pub aliases: Vec<String>,
    /// What kind of place.
    pub class: FeatureClass,
    /// The seat of government, or a point of the place.
    pub position: LonLat,
    /// How far the position may be off, in metres.
    pub accuracy_m: u32,
    /// How the position is known.
    pub position_source: String,
    /// GB/T 2260 code.
    pub adcode: Option<u32>,
    /// The unit above it.
    pub parent: Option<PlaceId>,
    /// Codes of the county-level units that make its area, when it has one of whole units.
    pub(crate) unit_codes: UnitCodes,
    /// What a reader should know.
    pub note: String,
}

/// Which county-level units make the area of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UnitCodes {
    /// None: a place without an area of whole units.
    None,
    /// Every unit of a province.
    Province(u32),
    /// Every unit of a prefecture.
    Prefecture(u32),
    /// These.
    These(Vec<u32>),
}

impl Place {
    /// Number in the gazetteer.
    #[must_use]
    pub fn number(&self) -> PlaceId {
        self.number
    }
}
