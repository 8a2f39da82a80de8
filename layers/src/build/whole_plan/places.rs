//! From the names of any plan to its places: of namesakes the one that lies near the plan's other places.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use gazetteer::{Context, FeatureClass, Gazetteer, LonLat, Match, Place, Sense, geodesic};
use plans::{Member, Plan, Structure};

/// Names that are looked at to learn where the plan lies; more say nothing new.
const MOST_ANCHORS: usize = 400;
/// A name stands for one place when this much is sure of it.
const SURE: f64 = 0.7;
/// A province belongs to the plan when one in so many of its sure places lies there.
const ONE_IN: usize = 8;
/// A plan that names fewer units than this lies in the regions that it names.
const FEW_ANCHORS: usize = 5;
/// A region of more provinces than this may be far wider than the plan.
const HOME_PROVINCES: usize = 3;
/// Other members that are asked about the sense of a name.
const COMPANY: usize = 8;
/// What it counts for when a place is of the class that members of such a structure have.
const FITS: f64 = 4.0;
/// A place this far from the nearest of the plan's places is as unlikely as one of a third the confidence.
const FAR_KM: f64 = 150.0;
const FARTHEST: f64 = 4.0;
/// A region of a region of a region: no place is made of more.
const DEPTH: usize = 4;

/// A place that a member stands for.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) member: &'a Member,
    pub(super) place: Match<'a>,
    /// The point that stands for it on a map; `None` when nothing says where it is.
    pub(super) at: Option<LonLat>,
}

/// The members of a structure as places, and the names that no place has.
#[derive(Debug, Default)]
pub(super) struct Finding<'a> {
    pub(super) found: Vec<Found<'a>>,
    pub(super) missing: Vec<String>,
}

/// Finds the places of one plan.
pub(super) struct Finder<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) plan: &'a Plan,
    /// The provinces that the plan speaks of, as codes of two digits.
    provinces: Vec<u32>,
    /// Where its sure places lie.
    anchors: Vec<LonLat>,
    /// What was found for a name before a word.
    known: RefCell<HashMap<(&'a str, Cue), Option<Match<'a>>>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(gazetteer: &'a Gazetteer, plan: &'a Plan) -> Self {
        let mut finder = Self {
            gazetteer,
            plan,
            provinces: Vec::new(),
            anchors: Vec::new(),
            known: RefCell::default(),
        };
        finder.learn();
        finder
    }

    /// The codes of the provinces that the plan speaks of.
    pub(super) fn home(&self) -> Vec<u32> {
        self.provinces.iter().map(|code| code * 10_000).collect()
    }

    /// The places that are surely meant, in those provinces.
    pub(super) fn anchors(&self) -> &[LonLat] {
        &self.anchors
    }

    /// Learns the plan's provinces and anchors from the names that leave no doubt.
    fn learn(&mut self) {
        let mut seen = BTreeSet::new();
        let mut sure: Vec<(u32, Option<LonLat>)> = Vec::new();
        let mut regions: Vec<u32> = Vec::new();
        let mut of_regions: Vec<(u32, Option<LonLat>)> = Vec::new();
        let names = self.plan.structures.iter().flat_map(|structure| {
            let members = structure.all_members().chain(&structure.ends);
            members.flat_map(Member::place_names)
        });
        let context = Context {
            as_of: Some(self.plan.date),
            ..Context::default()
        };
        for name in names {
            if sure.len() >= MOST_ANCHORS {
                break;
            }
            if !seen.insert(name.as_str()) {
                continue;
            }
            let senses = self.gazetteer.senses(name, &context);
            let Some(best) = senses.first().filter(|sense| sense.confidence >= SURE) else {
                continue;
            };
            let place = &best.found.place;
            let unit = matches!(
                place.class,
                FeatureClass::Prefecture | FeatureClass::County | FeatureClass::EconomicZone
            );
            if let Some(province) = self.province_of(place).filter(|_| unit) {
                sure.push((province, place.position));
            } else if matches!(place.class, FeatureClass::Region | FeatureClass::Compound) {
                let members = self.gazetteer.members(place);
                let seat = |member: &Place<'a>| Some((self.province_of(member)?, member.position));
                let seats: Vec<_> = members.iter().filter_map(seat).collect();
                let of: BTreeSet<u32> = seats.iter().map(|(province, _)| *province).collect();
                // Half of the country says nothing of where the plan lies.
                if of.len() <= HOME_PROVINCES {
                    regions.extend(of);
                    of_regions.extend(seats);
                }
            }
        }
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        let votes: Vec<u32> = sure
            .iter()
            .map(|(province, _)| *province)
            .chain(regions)
            .collect();
        for province in &votes {
            *counts.entry(*province).or_default() += 1;
        }
        counts.retain(|_, count| *count * ONE_IN >= votes.len());
        self.provinces = counts.keys().copied().collect();
        let at_home = |seats: Vec<(u32, Option<LonLat>)>| {
            let mut seats: Vec<_> = seats
                .into_iter()
                .filter(|(province, _)| counts.contains_key(province))
                .filter_map(|(_, at)| at)
                .collect();
            seats.truncate(MOST_ANCHORS);
            seats
        };
        self.anchors = at_home(sure);
        if self.anchors.len() < FEW_ANCHORS {
            self.anchors.extend(at_home(of_regions));
        }
    }

    fn province_of(&self, place: &Place<'a>) -> Option<u32> {
        let mut at = *place;
        for _ in 0..DEPTH {
            if let Some(code) = at.adcode {
                return Some(code / 10_000);
            }
            at = self.gazetteer.parent(&at)?;
        }
        None
    }

    /// The places of some members of a structure.
    pub(super) fn find(
        &self,
        structure: &'a Structure,
        members: impl Iterator<Item = &'a Member>,
    ) -> Finding<'a> {
        let company: Vec<&str> = structure
            .all_members()
            .chain(&structure.ends)
            .take(COMPANY)
            .map(|member| member.name.as_str())
            .collect();
        let mut finding = Finding::default();
        for member in members {
            for name in member.place_names() {
                let places = self.named(name, &structure.kind, &company);
                if places.is_empty() {
                    finding.missing.push(name.clone());
                }
                finding.found.extend(places.into_iter().map(|place| Found {
                    member,
                    at: self.point_of(&place.place, DEPTH),
                    place,
                }));
            }
        }
        finding
    }

    /// What a name of a member means: one place, the parts of `甲—乙`, or nothing.
    fn named(&self, name: &'a str, kind: &str, company: &[&str]) -> Vec<Match<'a>> {
        // What stands in brackets explains the name: 甲（含乙）.
        let plain = name.split(['（', '(']).next().unwrap_or(name);
        for name in [name, plain] {
            if let Some(found) = self.one(name, cue(kind), company) {
                return vec![found];
            }
        }
        let parts: Vec<&str> = plain.split(['—', '－', '-', '–']).collect();
        if parts.len() < 2 {
            return Vec::new();
        }
        let found = parts.iter().filter(|part| !part.is_empty());
        let found: Option<Vec<Match<'a>>> = found
            .map(|part| self.one(part, cue(kind), company))
            .collect();
        found.unwrap_or_default()
    }

    /// The likeliest place of a name: by its senses, and of near equals by nearness to the plan's other places.
    fn one(&self, name: &'a str, cue: Cue, company: &[&str]) -> Option<Match<'a>> {
        if let Some(known) = self.known.borrow().get(&(name, cue)) {
            return known.clone();
        }
        let company: Vec<&str> = company
            .iter()
            .copied()
            .filter(|other| *other != name)
            .collect();
        let senses = self.gazetteer.senses(
            name,
            &Context {
                as_of: Some(self.plan.date),
                after: cue.1,
                company: &company,
                provinces: &self.provinces,
                ..Context::default()
            },
        );
        let weighed: Vec<(f64, Sense<'a>)> = senses
            .into_iter()
            .map(|sense| (self.weight(&sense, cue), sense))
            .collect();
        let best = weighed
            .into_iter()
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let found = best.map(|(_, sense)| (*sense.found).clone());
        self.known.borrow_mut().insert((name, cue), found.clone());
        found
    }

    fn weight(&self, sense: &Sense<'a>, (class, _): Cue) -> f64 {
        let place = &sense.found.place;
        let far = place.position.map_or(0.0, |at| self.far(at));
        let fits = class.is_some_and(|class| place.class == class);
        sense.confidence.ln() - far + if fits { FITS } else { 0.0 }
    }

    /// How far a position lies from the nearest of the plan's sure places, as a fine.
    fn far(&self, at: LonLat) -> f64 {
        let nearest = self
            .anchors
            .iter()
            .map(|anchor| rough_km(*anchor, at))
            .reduce(f64::min);
        nearest.map_or(0.0, |km| (km / FAR_KM).min(FARTHEST))
    }

    /// The place that has the structure's own name, when it lies where its members do.
    pub(super) fn itself(
        &self,
        structure: &'a Structure,
        members: &[Found<'a>],
    ) -> Option<Match<'a>> {
        let name = structure.map_name();
        let found = self.gazetteer.find_one(name, Some(self.plan.date))?;
        if found.in_context || found.expired {
            return None;
        }
        let near = |at: LonLat| {
            let mut known = members.iter().filter_map(|found| found.at).peekable();
            if known.peek().is_none() {
                return self.far(at) < 1.0;
            }
            known.any(|member| geodesic(member, at).distance_m < FAR_KM * 1000.0)
        };
        let elsewhere = found.place.position.is_some_and(|at| !near(at));
        (!elsewhere).then_some(found)
    }

    /// The point that stands for a place: its own, else the middle of the seats of its units or of its parts.
    pub(super) fn point_of(&self, place: &Place<'a>, depth: usize) -> Option<LonLat> {
        if place.position.is_some() {
            return place.position;
        }
        if depth == 0 {
            return None;
        }
        let parts = self.gazetteer.members(place);
        let points: Vec<LonLat> = parts
            .iter()
            .filter_map(|part| self.point_of(part, depth - 1))
            .collect();
        middle(&points)
    }
}

/// The mean of positions.
pub(super) fn middle(points: &[LonLat]) -> Option<LonLat> {
    let count = f64::from(u32::try_from(points.len()).ok()?);
    let lon: f64 = points.iter().map(|at| at.lon()).sum();
    let lat: f64 = points.iter().map(|at| at.lat()).sum();
    LonLat::new(lon / count, lat / count).ok()
}

/// Kilometres on a sphere, near enough to tell which of two namesakes is meant.
fn rough_km(a: LonLat, b: LonLat) -> f64 {
    const KM_PER_DEGREE: f64 = 111.2;
    let squeeze = f64::midpoint(a.lat(), b.lat()).to_radians().cos();
    ((a.lon() - b.lon()) * squeeze).hypot(a.lat() - b.lat()) * KM_PER_DEGREE
}

/// The class that members of a kind of structure have, and the word that follows their names in a list of such things.
type Cue = (Option<FeatureClass>, &'static str);

fn cue(kind: &str) -> Cue {
    let (class, word) = match kind {
        "airport" => (FeatureClass::Airport, "机场"),
        "station" => (FeatureClass::Station, "站"),
        "port" => (FeatureClass::Port, "港"),
        "reservoir" => (FeatureClass::Reservoir, "水库"),
        "irrigation_district" => (FeatureClass::Irrigation, "灌区"),
        "waterway" => (FeatureClass::River, "航道"),
        "river_corridor" | "ecological_corridor" => (FeatureClass::River, "流域"),
        _ => return (None, ""),
    };
    (Some(class), word)
}
