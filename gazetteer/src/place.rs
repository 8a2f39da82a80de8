//! Places: what a name stands for.

use geo::Geometry;

use crate::store::{Record, Store};
use crate::{FeatureClass, LonLat, PartialDate};

/// Number of a place in an open gazetteer. It holds as long as the gazetteer is open; `Place::id` holds
/// longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId {
    /// Which of the gazetteer's files; 0 comes with the program.
    pub(crate) store: u16,
    pub(crate) number: u32,
}

/// A place: a name, a class, a position and how well it is known. A view into the gazetteer that gave it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'g> {
    pub(crate) number: PlaceId,
    /// Stable identifier: the GB/T 2260 code of a unit, `geonames-…` of a settlement, a word for others.
    pub id: &'g str,
    /// Full name, as of the date of the boundary data or later changes that kept the unit.
    pub name: &'g str,
    /// What kind of place.
    pub class: FeatureClass,
    /// The seat of government, or a point of the place, WGS 84. `None`: `unlocated` says why, or its area or
    /// course comes from its members or its line.
    pub position: Option<LonLat>,
    /// How far the position may be off, in metres.
    pub accuracy_m: u32,
    /// How the position is known.
    pub position_source: &'g str,
    /// GB/T 2260 code.
    pub adcode: Option<u32>,
    /// Identifier of the place above it; empty when there is none or more than one.
    pub parent_id: &'g str,
    /// Other codes: IATA and ICAO of an airport, joined with `/`.
    pub code: &'g str,
    /// Why it has no position; empty when it has one.
    pub unlocated: &'g str,
    /// What a reader should know.
    pub note: &'g str,
    /// Inhabitants, or another measure of importance; 0 when not known.
    pub weight: u32,
    /// The first and the last day it is true of, as numbers that sort (20161231); 0 when it has no end.
    pub(crate) days: (u32, u32),
    lists: Lists<'g>,
}

/// What follows the strings of a place: three lists and the geometry, read when they are asked for.
#[derive(Debug, Clone, Copy)]
struct Lists<'g> {
    text: crate::store::Text<'g>,
    has_geometry: bool,
}

impl<'g> Lists<'g> {
    /// The text after so many lists.
    fn after(self, lists: usize) -> crate::store::Text<'g> {
        let mut text = self.text;
        for _ in 0..lists {
            text.list();
        }
        text
    }
}

impl<'g> Place<'g> {
    pub(crate) fn new(store: &'g Store, number: PlaceId) -> Self {
        let record: Record = store.record(number.number);
        let mut text = store.text(&record);
        // In the order of the format; fields of a struct expression are evaluated as written.
        Self {
            number,
            id: text.string(),
            name: text.string(),
            position_source: text.string(),
            parent_id: text.string(),
            code: text.string(),
            unlocated: text.string(),
            note: text.string(),
            lists: Lists {
                text,
                has_geometry: record.has_geometry,
            },
            class: record.class,
            position: record.position,
            accuracy_m: record.accuracy_m,
            adcode: (record.adcode != 0).then_some(record.adcode),
            weight: record.weight,
            days: record.days,
        }
    }

    /// Number in the gazetteer.
    #[must_use]
    pub fn number(&self) -> PlaceId {
        self.number
    }

    /// Other names that texts use for it.
    pub fn aliases(&self) -> impl Iterator<Item = &'g str> + use<'g> {
        self.lists.after(0).list()
    }

    /// Names that stand for it only in context.
    pub fn in_context(&self) -> impl Iterator<Item = &'g str> + use<'g> {
        self.lists.after(1).list()
    }

    /// Identifiers of what it is made of, in order: units of a region, parts of a compound name, nodes of a route.
    pub fn member_ids(&self) -> impl Iterator<Item = &'g str> + use<'g> {
        self.lists.after(2).list()
    }

    /// Its own line or area, WGS 84 degrees, x longitude, y latitude, where it has one.
    #[must_use]
    pub fn geometry(&self) -> Option<Geometry<f64>> {
        let geometry = || self.lists.after(3).geometry();
        self.lists.has_geometry.then(geometry).flatten()
    }

    /// Whether it is true of a date. A place without dates always is.
    #[must_use]
    pub fn holds(&self, as_of: Option<PartialDate>) -> bool {
        days_hold(self.days, as_of)
    }
}

/// Whether a span of days, as numbers that sort, holds a date; 0: no end.
pub(crate) fn days_hold((since, until): (u32, u32), as_of: Option<PartialDate>) -> bool {
    match as_of {
        Some(date) => since <= date.last_day() && (until == 0 || date.first_day() <= until),
        None => until == 0,
    }
}
