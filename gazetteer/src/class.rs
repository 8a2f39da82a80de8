//! What kinds of place there are.

use serde::{Serialize, Serializer};

/// What kind of place it is: the fine classes that layers, filters and answers use.
///
/// The order is that of the table below; administrative levels come first, from the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FeatureClass {
    /// A sovereign state.
    Country,
    /// Province, municipality, autonomous region, special administrative region.
    Province,
    /// Prefecture-level city, autonomous prefecture, league.
    Prefecture,
    /// District, county, county-level city, banner.
    County,
    /// Town, township or subdistrict: the fourth administrative level.
    Town,
    /// A populated place of no administrative rank, or of one that is not known.
    Settlement,
    /// A new area that is not an administrative unit.
    NewArea,
    /// An economic or technological development zone that is run like a county.
    EconomicZone,
    /// Development zone, industrial, science or logistics park, bonded zone.
    Park,
    /// Airport, with its IATA and ICAO codes.
    Airport,
    /// Railway station or marshalling yard.
    Station,
    /// Port or port area.
    Port,
    /// Bridge.
    Bridge,
    /// Tunnel.
    Tunnel,
    /// Railway line or a section of one.
    Railway,
    /// Expressway.
    Expressway,
    /// Another road.
    Road,
    /// A navigable course.
    Waterway,
    /// River or canal.
    River,
    /// Lake.
    Lake,
    /// Reservoir.
    Reservoir,
    /// Dam on a river, for navigation or power.
    Dam,
    /// Irrigation district.
    Irrigation,
    /// Diversion, supply or flood works.
    WaterProject,
    /// Mountain, range, gorge.
    Mountain,
    /// Scenic or heritage site, nature park.
    Scenic,
    /// A single establishment: laboratory, university, museum, base.
    Facility,
    /// Power station that is no dam.
    PowerStation,
    /// Substation or converter station.
    Substation,
    /// Oil or gas field, gas storage, mine.
    Field,
    /// Pipeline or power line.
    Pipeline,
    /// A part of a city: a square, a quarter, a shopping district, an island in the river.
    District,
    /// A named region that others define by its members.
    Region,
    /// A short name made of parts: 成德眉资, 川渝, 京津冀.
    Compound,
    /// A transport or trade channel across many regions.
    Channel,
    /// A group of countries or a region abroad.
    Foreign,
    /// Anything else.
    Other,
}

/// Every class, its value in files, and the coarse kind of mention that it makes.
const CLASSES: [(FeatureClass, &str, &str); 37] = [
    (FeatureClass::Country, "country", "country"),
    (FeatureClass::Province, "province", "province"),
    (FeatureClass::Prefecture, "prefecture", "prefecture"),
    (FeatureClass::County, "county", "county"),
    (FeatureClass::Town, "town", "town"),
    (FeatureClass::Settlement, "settlement", "town"),
    (FeatureClass::NewArea, "new_area", "new_area"),
    (FeatureClass::EconomicZone, "economic_zone", "county"),
    (FeatureClass::Park, "park", "park"),
    (FeatureClass::Airport, "airport", "airport"),
    (FeatureClass::Station, "station", "station"),
    (FeatureClass::Port, "port", "port"),
    (FeatureClass::Bridge, "bridge", "facility"),
    (FeatureClass::Tunnel, "tunnel", "facility"),
    (FeatureClass::Railway, "railway", "railway"),
    (FeatureClass::Expressway, "expressway", "expressway"),
    (FeatureClass::Road, "road", "other"),
    (FeatureClass::Waterway, "waterway", "river"),
    (FeatureClass::River, "river", "river"),
    (FeatureClass::Lake, "lake", "lake"),
    (FeatureClass::Reservoir, "reservoir", "reservoir"),
    (FeatureClass::Dam, "dam", "facility"),
    (FeatureClass::Irrigation, "irrigation", "irrigation"),
    (FeatureClass::WaterProject, "water_project", "irrigation"),
    (FeatureClass::Mountain, "mountain", "mountain"),
    (FeatureClass::Scenic, "scenic", "scenic"),
    (FeatureClass::Facility, "facility", "facility"),
    (FeatureClass::PowerStation, "power_station", "facility"),
    (FeatureClass::Substation, "substation", "facility"),
    (FeatureClass::Field, "field", "facility"),
    (FeatureClass::Pipeline, "pipeline", "facility"),
    (FeatureClass::District, "district", "other"),
    (FeatureClass::Region, "region", "region"),
    (FeatureClass::Compound, "compound", "abbreviation"),
    (FeatureClass::Channel, "channel", "other"),
    (FeatureClass::Foreign, "foreign", "foreign"),
    (FeatureClass::Other, "other", "other"),
];

impl FeatureClass {
    /// Every class, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        CLASSES.iter().map(|(class, ..)| *class)
    }

    fn row(self) -> &'static (Self, &'static str, &'static str) {
        // The enum numbers its members in the order of the table; a test holds them together.
        &CLASSES[self as usize]
    }

    /// The value in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The coarse kind of a mention of it: 航电枢纽 and 变电站 are both `facility`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.row().2
    }

    /// The class of a value in files.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rows = CLASSES.iter();
        rows.find(|(_, name, _)| *name == text)
            .map(|(class, ..)| *class)
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        CLASSES.get(usize::from(number)).map(|(class, ..)| *class)
    }

    /// Whether it is a unit of the administrative division, county level or above.
    #[must_use]
    pub fn is_administrative(self) -> bool {
        matches!(self, Self::Province | Self::Prefecture | Self::County)
    }

    /// Whether a point of it says where it is. A line or a wide area is not where its point is: such
    /// places are no answer to "what is near".
    #[must_use]
    pub fn is_local(self) -> bool {
        !matches!(
            self,
            Self::Country
                | Self::Province
                | Self::Railway
                | Self::Expressway
                | Self::Road
                | Self::Waterway
                | Self::River
                | Self::Pipeline
                | Self::Region
                | Self::Compound
                | Self::Channel
                | Self::Foreign
        )
    }
}

impl Serialize for FeatureClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::str::FromStr for FeatureClass {
    type Err = ClassError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| ClassError(text.to_owned()))
    }
}

/// A word that names no class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no feature class; expected one of {all}", all = all_names())]
pub struct ClassError(String);

fn all_names() -> String {
    CLASSES.map(|(_, name, _)| name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_enum_and_reads_back() {
        for (number, (class, name, _)) in CLASSES.iter().enumerate() {
            assert_eq!(*class as usize, number, "{name}");
            assert_eq!(FeatureClass::parse(name), Some(*class));
            assert_eq!(
                u8::try_from(number)
                    .ok()
                    .and_then(FeatureClass::from_number),
                Some(*class)
            );
        }
        assert!("镇".parse::<FeatureClass>().is_err());
    }
}
