//! What is known of a name in a text, wherever it stands there.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use gazetteer::{Around, FeatureClass, Gazetteer, Match, NameSenses, Place, PlaceId, Sense};

use super::nested::Inner;
use super::survey::Survey;
use super::whole::is_several;

/// A name that needs a context is taken when its sense is at least so sure.
const SURE: f64 = 0.5;
/// How sure a sense is that a longer name around it proves.
const PROVEN: f64 = 0.9;

/// When a sense is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    Always,
    /// A far county: in a list of units.
    AmongUnits,
    Never,
}

/// A name, what it may mean and what else the text tells of it.
#[derive(Debug)]
pub(super) struct Known<'g> {
    senses: NameSenses<'g>,
    admissions: Vec<Admission>,
    /// Whether it is first of all the name of a unit.
    pub(super) is_unit: bool,
    several: OnceCell<bool>,
    /// Of each place that it was read as, the names inside it and the places that it is made of.
    inner: RefCell<Vec<(PlaceId, Arc<[Inner<'g>]>)>>,
    parts: RefCell<Vec<(PlaceId, Vec<Sense<'g>>)>>,
}

impl<'g> Known<'g> {
    pub(super) fn new(
        gazetteer: &'g Gazetteer,
        survey: &Survey<'_>,
        name: &str,
        senses: NameSenses<'g>,
        is_common: bool,
    ) -> Self {
        let by_hand = senses.matches().any(|found| is_by_hand(&found.place));
        let admissions = senses.matches().map(|found| {
            let admission = admission(gazetteer, survey, name, found, is_common);
            if by_hand && is_far_county(survey, &found.place) {
                Admission::Never
            } else {
                admission
            }
        });
        let admissions = admissions.collect();
        let first = senses.matches().next();
        Self {
            is_unit: first.is_some_and(|found| found.place.class.is_administrative()),
            admissions,
            senses,
            several: OnceCell::new(),
            inner: RefCell::default(),
            parts: RefCell::default(),
        }
    }

    /// Whether it is no name of a place anywhere in the text.
    pub(super) fn is_hopeless(&self) -> bool {
        self.admissions.iter().all(|a| *a == Admission::Never)
    }

    pub(super) fn is_several(&self, gazetteer: &Gazetteer, name: &str, lengths: &[usize]) -> bool {
        *self
            .several
            .get_or_init(|| is_several(gazetteer, name, lengths))
    }

    /// The kinds of list that it may stand in.
    pub(super) fn groups(&self) -> u32 {
        self.senses.groups()
    }

    pub(super) fn matches(&self) -> impl Iterator<Item = &Arc<Match<'g>>> {
        self.senses.matches()
    }

    /// What it means where it stands; empty when nothing speaks for a place there. `among_units`: whether it stands in a list of
    /// units; `part_of`: a longer name of which it is a part.
    pub(super) fn judge(
        &self,
        around: &Around<'_>,
        among_units: bool,
        part_of: Option<&Known<'g>>,
    ) -> Vec<Sense<'g>> {
        let mut senses = self.senses.weigh(around);
        let nothing = 1.0 - senses.iter().map(|sense| sense.confidence).sum::<f64>();
        senses.retain(|sense| match self.admission_of(sense) {
            Admission::Always => true,
            Admission::AmongUnits => among_units,
            Admission::Never => false,
        });
        if let Some(proven) = part_of.and_then(|outer| {
            senses.iter().position(|sense| {
                let place = sense.found.place.number();
                let mut outer = outer.matches();
                outer.any(|found| found.place.number() == place)
            })
        }) {
            senses[..=proven].rotate_right(1);
            senses.truncate(1);
            senses[0].confidence = senses[0].confidence.max(PROVEN);
            return senses;
        }
        let all = senses.iter().map(|sense| sense.confidence).sum::<f64>() + nothing;
        for sense in &mut senses {
            sense.confidence /= all;
        }
        let best = senses.first();
        if best.is_some_and(|best| best.found.in_context && best.confidence < SURE) {
            senses.clear();
        }
        senses
    }

    /// The names inside it where it means a place, when they were found before.
    pub(super) fn inner(&self, place: PlaceId) -> Option<Arc<[Inner<'g>]>> {
        let known = self.inner.borrow();
        let mut known = known.iter().filter(|(cached, _)| *cached == place);
        known.next().map(|(_, inner)| Arc::clone(inner))
    }

    pub(super) fn keep_inner(&self, place: PlaceId, inner: &Arc<[Inner<'g>]>) {
        self.inner.borrow_mut().push((place, Arc::clone(inner)));
    }

    /// The places that it is made of where it means a place, when they were found before.
    pub(super) fn parts(&self, place: PlaceId) -> Option<Vec<Sense<'g>>> {
        let known = self.parts.borrow();
        let mut known = known.iter().filter(|(cached, _)| *cached == place);
        known.next().map(|(_, parts)| parts.clone())
    }

    pub(super) fn keep_parts(&self, place: PlaceId, parts: &[Sense<'g>]) {
        self.parts.borrow_mut().push((place, parts.to_vec()));
    }

    /// What it means by itself, whatever speaks against it.
    pub(super) fn weigh(&self, around: &Around<'_>) -> Vec<Sense<'g>> {
        self.senses.weigh(around)
    }

    fn admission_of(&self, sense: &Sense<'g>) -> Admission {
        let mut choices = self.senses.matches().zip(&self.admissions);
        choices
            .find(|(found, _)| Arc::ptr_eq(found, &sense.found))
            .map_or(Admission::Never, |(_, admission)| *admission)
    }
}

/// Whether a place comes from the tables of the plans: then a far county of the same name is not meant.
pub(super) fn is_by_hand(place: &Place<'_>) -> bool {
    place.adcode.is_none() && !place.id.starts_with("geonames-")
}

/// A county of a province that the text does not speak of.
fn is_far_county(survey: &Survey<'_>, place: &Place<'_>) -> bool {
    let known = !survey.provinces.is_empty() && place.class == FeatureClass::County;
    known && !survey.is_of_the_text(place.adcode)
}

/// Whether something in the text speaks for a name meaning a place.
fn admission(
    gazetteer: &Gazetteer,
    survey: &Survey<'_>,
    name: &str,
    found: &Match<'_>,
    is_common: bool,
) -> Admission {
    let place = &found.place;
    let when = |yes: bool| {
        if yes {
            Admission::Always
        } else {
            Admission::Never
        }
    };
    if name.chars().nth(1).is_none() {
        return when(survey.is_of_the_text(place.adcode));
    }
    if found.in_context {
        return Admission::Always;
    }
    if is_common && place.class.is_administrative() {
        return when(name != place.name && survey.holds(place.name));
    }
    match place.class {
        FeatureClass::County => {
            let long = name.chars().count() > 2;
            let in_full = long && (name == place.name || name == found.name);
            let above = || {
                let parent = gazetteer.parent(place);
                parent.is_some_and(|parent| {
                    survey.holds(parent.name) || survey.holds(gazetteer::short_form(parent.name))
                })
            };
            let here = survey.is_of_the_text(place.adcode) || in_full;
            if here || (name != place.name && survey.holds(place.name) && above()) {
                Admission::Always
            } else {
                Admission::AmongUnits
            }
        }
        // GeoNames has a village for nearly every word of two characters.
        FeatureClass::Town | FeatureClass::Settlement if place.id.starts_with("geonames-") => {
            let parent = place.parent_id.parse::<u32>().ok();
            let in_full = name == place.name && name.chars().count() > 2;
            when(
                place.class == FeatureClass::Town
                    && in_full
                    && !name.ends_with("城乡")
                    && survey.is_of_the_text(parent),
            )
        }
        // A device is no place: 某聚变装置.
        _ => when(!name.ends_with("装置")),
    }
}
