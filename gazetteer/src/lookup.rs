//! Finding places by name.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use fst::{IntoStreamer, Streamer};

use crate::gazetteer::{Gazetteer, HowNamed, Named};
use crate::history::Change;
use crate::names::edit_distance;
use crate::place::{Place, PlaceId};
use crate::scan::{LONGEST_FORMER, walk};
use crate::store::HowStored;
use crate::{FeatureClass, PartialDate, short_form};

/// The two provinces whose plans come with the program: their places go before namesakes elsewhere.
const HOME_PROVINCES: [u32; 2] = [50, 51];
/// No name of a place is longer than this; longer queries are answered with nothing.
const MOST_CHARACTERS: usize = 60;
/// For each answer to a prefix so many names are looked at.
const LOOKED_AT: usize = 8;
/// Files of more places are not searched for close names.
const MOST_TO_COMPARE: usize = 1_000_000;

/// A place that a name may stand for.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// The place.
    pub place: Place<'a>,
    /// Its name as of the date asked for.
    pub name: String,
    /// That name after those of the units above it.
    pub canonical: String,
    /// What a reader should know: a change of name, an abolition, the limits of the data.
    pub note: String,
    /// Whether the name stands for it only in the right context (渝武 among expressways).
    pub in_context: bool,
    /// Whether the name is one that the place no longer had, or not yet, at the date.
    pub expired: bool,
}

impl Gazetteer {
    /// Finds the places that a name stands for as of a date (`None`: now), best first.
    ///
    /// Takes full names (永川区), short ones (永川), former ones (开县), and any of them after the names
    /// of units above (重庆市永川区, 四川邻水); identifiers too. Empty when nothing has the name.
    #[must_use]
    pub fn find(&self, name: &str, as_of: Option<PartialDate>) -> Vec<Match<'_>> {
        self.find_named(name.trim(), as_of)
            .into_iter()
            .map(|named| self.matched(named, as_of))
            .collect()
    }

    /// The best match of a name, when there is one.
    #[must_use]
    pub fn find_one(&self, name: &str, as_of: Option<PartialDate>) -> Option<Match<'_>> {
        let best = self.find_named(name.trim(), as_of).into_iter().next()?;
        Some(self.matched(best, as_of))
    }

    /// The places whose names begin so, each once, shortest names first; at most `most`.
    #[must_use]
    pub fn find_prefix(&self, prefix: &str, most: usize) -> Vec<Match<'_>> {
        let mut found: Vec<(usize, Named)> = Vec::new();
        for (number, store) in (0_u16..).zip(&self.stores) {
            let names = store.names();
            // From the first name on: an automaton would try every byte on the way there.
            let mut stream = names.range().ge(prefix).into_stream();
            let before = found.len();
            while let Some((name, value)) = stream.next() {
                // Of a short prefix only the first names are looked at.
                let enough = found.len() - before >= most.saturating_mul(LOOKED_AT);
                if enough || !name.starts_with(prefix.as_bytes()) {
                    break;
                }
                let postings = store.postings(value).filter(|p| p.how != HowStored::Id);
                found.extend(postings.map(|posting| {
                    let how = HowNamed::Stored(posting.how);
                    let place = PlaceId {
                        store: number,
                        number: posting.number,
                    };
                    (name.len(), Named { how, place })
                }));
            }
        }
        found.sort_unstable();
        let mut seen: Vec<PlaceId> = Vec::with_capacity(most.min(found.len()));
        for (_, named) in &found {
            if seen.len() < most && !seen.contains(&named.place) {
                seen.push(named.place);
            }
        }
        let matches = seen.into_iter().map(|place| {
            let how = HowNamed::Stored(HowStored::Full);
            self.matched(Named { how, place }, None)
        });
        matches.collect()
    }

    /// What a name stands for, best first, each place once.
    pub(crate) fn find_named(&self, name: &str, as_of: Option<PartialDate>) -> Vec<Named> {
        let mut found = self.named(name, 0);
        if found.is_empty() && name.contains(['(', ')']) {
            // Half-width brackets are a matter of print.
            found = self.named(&name.replace('(', "（").replace(')', "）"), 0);
        }
        if found.len() > 1 {
            found.sort_by_cached_key(|named| self.rank(*named, as_of));
            let mut seen: Vec<PlaceId> = Vec::with_capacity(found.len());
            found.retain(|named| {
                let first = !seen.contains(&named.place);
                seen.extend(first.then_some(named.place));
                first
            });
        }
        found
    }

    /// Whether anything has this name, as it stands.
    pub(crate) fn exactly(&self, name: &str) -> Vec<Named> {
        let mut found: Vec<Named> = Vec::new();
        for (number, store) in (0_u16..).zip(&self.stores) {
            found.extend(store.named(name).map(|posting| Named {
                how: HowNamed::Stored(posting.how),
                place: PlaceId {
                    store: number,
                    number: posting.number,
                },
            }));
        }
        for former in self.history().former.get(name).into_iter().flatten() {
            let Some(place) = self.unit_number(former.code) else {
                continue;
            };
            // A name that the unit still has is no former name.
            if found.iter().all(|named| named.place != place) {
                let how = if former.short {
                    HowNamed::FormerShort(former.change)
                } else {
                    HowNamed::FormerFull(former.change)
                };
                found.push(Named { how, place });
            }
        }
        found
    }

    /// The lengths in bytes of the names that a text begins with, shortest first. Identifiers are no names.
    #[must_use]
    pub fn names_at_start(&self, text: &str) -> Vec<usize> {
        let mut lengths = Vec::new();
        for store in &self.stores {
            walk(store, &store.names(), text, |length| lengths.push(length));
        }
        let former = &self.history().former;
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        lengths.extend(
            ends.take(LONGEST_FORMER)
                .filter(|end| former.contains_key(&text[..*end])),
        );
        lengths.sort_unstable();
        lengths.dedup();
        lengths
    }

    fn named(&self, name: &str, depth: usize) -> Vec<Named> {
        let known = self.exactly(name);
        // A chain of at most province, prefecture, county: cut off the first name and look for the rest below it.
        if !known.is_empty() || depth == 2 || name.chars().count() > MOST_CHARACTERS {
            return known;
        }
        let mut found = Vec::new();
        for (cut, _) in name.char_indices().skip(2) {
            let (head, tail) = name.split_at(cut);
            let mut above = self.exactly(head);
            above.retain(|named| self.place(named.place).class.is_administrative());
            if above.is_empty() {
                continue;
            }
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
        let mut parent = self.parent(&self.place(place));
        for _ in 0..6 {
            let Some(place) = parent else { return false };
            if above.contains(&place.number) {
                return true;
            }
            parent = self.parent(&place);
        }
        false
    }

    /// Whether a place lies in the home provinces. Those entered by hand are places of the plans.
    pub(crate) fn is_home(&self, place: &Place<'_>) -> bool {
        let mut at = *place;
        for _ in 0..6 {
            if let Some(code) = at.adcode {
                return HOME_PROVINCES.contains(&(code / 10_000));
            }
            match self.parent(&at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at.number.store == 0
    }

    /// Whether a name stood for a place at a date.
    fn holds(&self, named: Named, as_of: Option<PartialDate>) -> bool {
        match (named.how, as_of) {
            (HowNamed::FormerFull(change) | HowNamed::FormerShort(change), Some(date)) => {
                date.last_day() < self.changes()[change].date.first_day()
            }
            (HowNamed::FormerFull(_) | HowNamed::FormerShort(_), None) => false,
            (HowNamed::Stored(_), _) => {
                let store = &self.stores[usize::from(named.place.store)];
                crate::place::days_hold(store.days(named.place.number), as_of)
            }
        }
    }

    /// Sort key: names that need no context, names that hold at the date, a user's file that is to go first,
    /// units before villages, home provinces, the way of naming, the higher unit, the greater place.
    fn rank(&self, named: Named, as_of: Option<PartialDate>) -> impl Ord + use<'_> {
        let place = self.place(named.place);
        let holds = self.holds(named, as_of);
        let way = match named.how {
            HowNamed::Stored(HowStored::Id | HowStored::Full) | HowNamed::FormerFull(_) => 0,
            HowNamed::Stored(HowStored::Alias) => 1,
            HowNamed::Stored(HowStored::Short) | HowNamed::FormerShort(_) => 2,
            HowNamed::Stored(HowStored::InContext) => 3,
        };
        let store = usize::from(named.place.store);
        let first = store > 0 && self.stores[store].about().first;
        // A unit by its short name goes before a village that is called so in full.
        let village = place.class == FeatureClass::Settlement || place.class == FeatureClass::Town;
        (
            way == 3,
            !holds,
            !first,
            village,
            !self.is_home(&place),
            way,
            place.class,
            (Reverse(place.weight), place.id),
        )
    }

    fn matched(&self, named: Named, as_of: Option<PartialDate>) -> Match<'_> {
        let place = self.place(named.place);
        let (name, later) = self.name_as_of(&place, as_of);
        let mut notes = Vec::new();
        if !place.note.is_empty() {
            notes.push(place.note.to_owned());
        }
        if let Some(change) = later {
            notes.push(format!("{} 起为{}；边界为后来的", change.date, place.name));
        }
        if let (HowNamed::FormerFull(change) | HowNamed::FormerShort(change), None) =
            (named.how, later)
        {
            let change = &self.changes()[change];
            let from: Vec<&str> = change.from.iter().map(|unit| unit.name.as_str()).collect();
            notes.push(format!(
                "{}年由{}改设（{}）",
                change.date.year(),
                from.join("、"),
                change.date
            ));
        }
        let moved = self.moved_after(&place, as_of);
        if let Some((change, before)) = moved {
            let now = self.parent(&place).map_or("", |parent| parent.name);
            notes.push(format!("{} 起属{now}；此前属{}", change.date, before.name));
        }
        notes.extend(self.abolition(&place, as_of));
        let above = moved.map_or(place.parent_id, |(_, before)| before.id);
        Match {
            canonical: self.canonical_under(&place, &name, above),
            place,
            name,
            note: notes.join("；"),
            in_context: named.how == HowNamed::Stored(HowStored::InContext),
            expired: !self.holds(named, as_of),
        }
    }

    /// The change that gave a unit to another prefecture after a date, and the prefecture it belonged to before.
    fn moved_after(
        &self,
        place: &Place<'_>,
        as_of: Option<PartialDate>,
    ) -> Option<(&Change, Place<'_>)> {
        let (code, as_of) = (place.adcode?, as_of?);
        let later = |change: &&Change| {
            change.kind == "transfer" && change.date.first_day() > as_of.last_day()
        };
        let mut changes = self.changes().iter().filter(later);
        let change = changes.find(|change| {
            change
                .to
                .iter()
                .any(|unit| unit.code == Some(code) && unit.name == place.name)
        })?;
        let before = change.from.iter().find(|unit| unit.name == place.name)?;
        // The first four digits of a code are those of the prefecture.
        let prefecture = self.unit(before.code? / 100 * 100)?;
        Some((change, prefecture))
    }

    /// Says so when the unit was abolished after the boundaries were drawn.
    fn abolition(&self, place: &Place<'_>, as_of: Option<PartialDate>) -> Option<String> {
        let history = self.history();
        let ended = history.ended.get(&place.adcode?)?.iter();
        let mut ended = ended.map(|number| &history.changes[*number]);
        let change = ended.find(|change| change.from.iter().any(|unit| unit.name == place.name))?;
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
    ///
    /// Compares with every name, some milliseconds (the automaton of `fst` misses characters that share their
    /// first bytes with one of the name); files of more than a million places are left out.
    #[must_use]
    pub fn near_names(&self, name: &str, most: usize) -> Vec<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length > MOST_CHARACTERS {
            return Vec::new();
        }
        let reach = if length >= 4 { 2 } else { 1 };
        let mut close: Vec<(usize, bool, bool, String)> = Vec::new();
        let stores = (0_u16..).zip(&self.stores);
        for (number, store) in stores.filter(|(_, store)| store.len() <= MOST_TO_COMPARE) {
            let names = store.names();
            let mut stream = names.stream();
            while let Some((known, value)) = stream.next() {
                let Ok(known) = std::str::from_utf8(known) else {
                    continue;
                };
                if known.chars().count().abs_diff(length) > reach {
                    continue;
                }
                let distance = edit_distance(name, known);
                if distance > reach || distance >= length {
                    continue;
                }
                let postings = store.postings(value).filter(|p| p.how != HowStored::Id);
                let places: Vec<Place<'_>> = postings
                    .map(|p| {
                        Place::new(
                            store,
                            PlaceId {
                                store: number,
                                number: p.number,
                            },
                        )
                    })
                    .collect();
                if !places.is_empty() {
                    let home = places.iter().any(|place| self.is_home(place));
                    let other_start = known.chars().next() != name.chars().next();
                    close.push((distance, !home, other_start, known.to_owned()));
                }
            }
        }
        close.sort_unstable();
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (_, _, _, known) in close {
            // 永川 and 永川区 are one suggestion.
            if seen.insert(short_form(&known).to_owned()) {
                names.push(known);
            }
        }
        names.truncate(most);
        names
    }
}
