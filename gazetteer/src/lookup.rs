//! Finding places by name.

use std::collections::BTreeSet;

use crate::gazetteer::{Gazetteer, HowNamed, Named};
use crate::names::edit_distance;
use crate::place::{FeatureClass, Place, PlaceId};
use crate::{PartialDate, short_form};

/// The two provinces whose plans come with the program: their places go before namesakes elsewhere.
const HOME_PROVINCES: [u32; 2] = [50, 51];

/// A place that a name may stand for.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// The place.
    pub place: &'a Place,
    /// Its name as of the date asked for.
    pub name: String,
    /// That name after those of the units above it.
    pub canonical: String,
    /// What a reader should know: a change of name, an abolition, the limits of the data.
    pub note: String,
}

/// Whether a place lies in the home provinces. Places entered by hand are those of the plans.
fn is_home(place: &Place) -> bool {
    place
        .adcode
        .is_none_or(|code| HOME_PROVINCES.contains(&(code / 10_000)))
}

impl Gazetteer {
    /// Finds the places that a name stands for as of a date (`None`: now), best first.
    ///
    /// Takes full names (永川区), short ones (永川), former ones (开县), and any of them after the names
    /// of units above (重庆市永川区, 四川邻水). Empty when nothing has the name.
    #[must_use]
    pub fn find(&self, name: &str, as_of: Option<PartialDate>) -> Vec<Match<'_>> {
        let mut found = self.named(name.trim(), 0);
        found.sort_by_key(|named| self.rank(*named, as_of));
        let mut seen = BTreeSet::new();
        found.retain(|named| seen.insert(named.place));
        found
            .into_iter()
            .map(|named| self.matched(named, as_of))
            .collect()
    }

    /// The best match of a name, when there is one.
    #[must_use]
    pub fn find_one(&self, name: &str, as_of: Option<PartialDate>) -> Option<Match<'_>> {
        self.find(name, as_of).into_iter().next()
    }

    fn named(&self, name: &str, depth: usize) -> Vec<Named> {
        if let Some(known) = self.by_name.get(name) {
            return known.clone();
        }
        // A chain of at most province, prefecture, county: cut off the first name and look for the rest below it.
        if depth == 2 {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (cut, _) in name.char_indices().skip(2) {
            let (head, tail) = name.split_at(cut);
            let Some(above) = self.by_name.get(head) else {
                continue;
            };
            let above: BTreeSet<PlaceId> = above.iter().map(|named| named.place).collect();
            found.extend(
                self.named(tail, depth + 1)
                    .into_iter()
                    .filter(|named| self.is_below(named.place, &above)),
            );
        }
        found
    }

    fn is_below(&self, place: PlaceId, above: &BTreeSet<PlaceId>) -> bool {
        let mut parent = self.place(place).parent;
        while let Some(number) = parent {
            if above.contains(&number) {
                return true;
            }
            parent = self.place(number).parent;
        }
        false
    }

    /// Sort key: names that hold at the date, home provinces, the way of naming, the higher unit.
    fn rank(
        &self,
        named: Named,
        as_of: Option<PartialDate>,
    ) -> (bool, bool, u8, FeatureClass, PlaceId) {
        let place = self.place(named.place);
        let former = match named.how {
            HowNamed::FormerFull(change) | HowNamed::FormerShort(change) => Some(change),
            _ => None,
        };
        let holds = match (former, as_of) {
            (Some(change), Some(date)) => date.last_day() < self.changes[change].date.first_day(),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let way = match named.how {
            HowNamed::Full | HowNamed::FormerFull(_) => 0,
            HowNamed::Alias => 1,
            HowNamed::Short | HowNamed::FormerShort(_) => 2,
        };
        (!holds, !is_home(place), way, place.class, place.number)
    }

    fn matched(&self, named: Named, as_of: Option<PartialDate>) -> Match<'_> {
        let place = self.place(named.place);
        let (name, later) = self.name_as_of(place, as_of);
        let mut notes = Vec::new();
        if !place.note.is_empty() {
            notes.push(place.note.clone());
        }
        if let Some(change) = later {
            notes.push(format!("{} 起为{}；边界为后来的", change.date, place.name));
        }
        if let (HowNamed::FormerFull(change) | HowNamed::FormerShort(change), None) =
            (named.how, later)
        {
            let change = &self.changes[change];
            let from: Vec<&str> = change.from.iter().map(|unit| unit.name.as_str()).collect();
            notes.push(format!(
                "{}年由{}改设（{}）",
                change.date.year(),
                from.join("、"),
                change.date
            ));
        }
        notes.extend(self.abolition(place, as_of));
        Match {
            place,
            canonical: self.canonical_as(place, &name),
            name,
            note: notes.join("；"),
        }
    }

    /// Says so when the unit was abolished after the boundaries were drawn.
    fn abolition(&self, place: &Place, as_of: Option<PartialDate>) -> Option<String> {
        let change = self.changes.iter().find(|change| {
            let ends = |unit: &crate::history::NamedUnit| {
                unit.code == place.adcode && unit.name == place.name
            };
            place.adcode.is_some() && change.from.iter().any(ends) && !change.to.iter().any(ends)
        })?;
        if as_of.is_some_and(|date| date.last_day() < change.date.first_day()) {
            return None;
        }
        let to: Vec<&str> = change.to.iter().map(|unit| unit.name.as_str()).collect();
        Some(format!(
            "{} 撤销，并入{}；边界为撤销前的",
            change.date,
            to.join("、")
        ))
    }

    /// Names close to one that stands for nothing, closest first: one change away, two for long names.
    #[must_use]
    pub fn near_names(&self, name: &str, most: usize) -> Vec<String> {
        let name = name.trim();
        let length = name.chars().count();
        let reach = if length >= 4 { 2 } else { 1 };
        let mut close: Vec<(usize, bool, bool, &str)> = Vec::new();
        for (known, stands_for) in &self.by_name {
            if known.chars().count().abs_diff(length) > reach {
                continue;
            }
            let distance = edit_distance(name, known);
            if distance <= reach && distance < length {
                let home = stands_for
                    .iter()
                    .any(|named| is_home(self.place(named.place)));
                let other_start = known.chars().next() != name.chars().next();
                close.push((distance, !home, other_start, known));
            }
        }
        close.sort_unstable();
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (_, _, _, known) in close {
            // 永川 and 永川区 are one suggestion.
            if seen.insert(short_form(known)) {
                names.push(known.to_owned());
            }
        }
        names.truncate(most);
        names
    }
}
