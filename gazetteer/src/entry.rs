//! A place on its way into a gazetteer.

use geo::Geometry;

use crate::{FeatureClass, LonLat, PartialDate};

/// A place as a table or a file of a user gives it, before it is stored. Owns all it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Stable identifier, unique among the entries stored together: a GB/T 2260 code, a `GeoNames` number, …
    pub id: String,
    /// Full name.
    pub name: String,
    /// Other names that texts use for it, in any language.
    pub aliases: Vec<String>,
    /// Names that stand for it only in the right context: 利泽 among dams, 渝武 among expressways.
    pub in_context: Vec<String>,
    /// What kind of place.
    pub class: FeatureClass,
    /// A point of it, WGS 84. `None`: it cannot be located as a point, and `unlocated` says why, unless it
    /// has members or a geometry.
    pub position: Option<LonLat>,
    /// How far the position may be off, in metres.
    pub accuracy_m: u32,
    /// How the position is known.
    pub position_source: String,
    /// GB/T 2260 code of an administrative unit.
    pub adcode: Option<u32>,
    /// Identifier of the place that holds it; empty when there is none or more than one.
    pub parent: String,
    /// Identifiers of the places that it is made of, in order: the units of a region, the parts of a
    /// compound name, the nodes of a route.
    pub members: Vec<String>,
    /// Other codes: IATA and ICAO of an airport, joined with `/`.
    pub code: String,
    /// Why it has no position.
    pub unlocated: String,
    /// What a reader should know.
    pub note: String,
    /// Line or area, WGS 84 degrees, x longitude, y latitude, when it is more than a point.
    pub geometry: Option<Geometry<f64>>,
    /// Inhabitants or another measure of importance: of two places that are equal otherwise the greater goes
    /// first. 0: not known.
    pub weight: u32,
    /// The first date it is true of.
    pub since: Option<PartialDate>,
    /// The last date it is true of.
    pub until: Option<PartialDate>,
}

impl Entry {
    /// An entry with a name and a class, and nothing else known.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, class: FeatureClass) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            aliases: Vec::new(),
            in_context: Vec::new(),
            class,
            position: None,
            accuracy_m: 0,
            position_source: String::new(),
            adcode: None,
            parent: String::new(),
            members: Vec::new(),
            code: String::new(),
            unlocated: String::new(),
            note: String::new(),
            geometry: None,
            weight: 0,
            since: None,
            until: None,
        }
    }
}
