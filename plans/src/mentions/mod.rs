//! Names of places in a text: where they stand and what each means there.
//!
//! `lexicon` knows words that only look like names; `scan` finds the longest names and what stands around
//! them; here they are judged: a name that nothing speaks for (a short name of a far county, a road's
//! letters outside a list of roads) is let go and what it covered is read again.

mod lexicon;
mod page_numbers;
mod scan;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use gazetteer::{Context, FeatureClass, Gazetteer, PartialDate, Sense};

use crate::text::CleanText;
use lexicon::Lexicon;
use scan::Candidate;

/// How often what was let go is read again.
const ROUNDS: usize = 4;
/// A name that needs a context is taken when its sense is at least so sure.
const SURE: f64 = 0.5;
/// Items of a list on each side of a name that are its company.
const COMPANY: usize = 6;
/// Characters of the text around a name that are looked at.
const REACH: usize = 24;

/// A name in a text.
#[derive(Debug, Clone)]
pub struct Mention<'g> {
    /// The name as it is printed, without the breaks inside it.
    pub surface: String,
    /// Where it stands in the text as read, in bytes; of a text file in UTF-8, in the file.
    pub source: Range<usize>,
    /// What it may mean, likeliest first; never empty.
    pub senses: Vec<Sense<'g>>,
    /// The name that it stands inside of (大足 in 大足石刻): then it is no mention of its own.
    pub inside: Option<String>,
}

/// The names of places in a text.
#[derive(Debug)]
pub struct Mentions<'g> {
    /// In the order of the text. A name inside another follows it.
    pub mentions: Vec<Mention<'g>>,
    /// Codes of the provinces that the text speaks of most.
    pub provinces: Vec<u32>,
    /// Page numbers that stood inside names, where in the text as read: (range in bytes, name).
    pub page_numbers: Vec<(Range<usize>, String)>,
}

/// Finds the names of places in a text of a date.
#[must_use]
pub fn mentions<'g>(
    gazetteer: &'g Gazetteer,
    text: &CleanText,
    as_of: Option<PartialDate>,
) -> Mentions<'g> {
    let lexicon = Lexicon::embedded();
    let found = page_numbers::inside_names(gazetteer, text.as_str());
    let page_numbers = found
        .iter()
        .map(|(range, name)| (text.source_range(range.clone()), name.clone()))
        .collect();
    let ranges: Vec<Range<usize>> = found.into_iter().map(|(range, _)| range).collect();
    let text = &text.without(&ranges);
    let provinces = provinces_of(gazetteer, text.as_str());

    let reader = Reader {
        gazetteer,
        lexicon,
        text: text.as_str(),
        as_of,
        provinces: &provinces,
        searched: RefCell::default(),
        units: RefCell::default(),
    };
    let mut refused: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut accepted = Vec::new();
    for round in 0..ROUNDS {
        let candidates = scan::longest_names(gazetteer, lexicon, text.as_str(), &refused);
        let (judged, let_go) = reader.judge(&candidates);
        accepted = judged;
        if let_go.is_empty() || round + 1 == ROUNDS {
            break;
        }
        refused.extend(let_go);
    }
    let mut mentions = Vec::new();
    for (range, senses) in accepted {
        let surface = &text.as_str()[range.clone()];
        mentions.push(Mention {
            surface: surface.to_owned(),
            source: text.source_range(range.clone()),
            senses,
            inside: None,
        });
        let outer = mentions
            .last()
            .map(|mention: &Mention<'_>| mention.senses.clone());
        for (inner, senses) in reader.inside(&range, &outer.unwrap_or_default()) {
            mentions.push(Mention {
                surface: text.as_str()[inner.clone()].to_owned(),
                source: text.source_range(inner),
                senses,
                inside: Some(surface.to_owned()),
            });
        }
    }
    Mentions {
        mentions,
        provinces,
        page_numbers,
    }
}

/// The provinces that a text speaks of: those whose units it names in full at least a fifth as often as
/// those of the first.
fn provinces_of(gazetteer: &Gazetteer, text: &str) -> Vec<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut at = 0;
    while at < text.len() {
        let longest = gazetteer.names_at_start(&text[at..]).pop();
        let Some(length) = longest else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let name = &text[at..at + length];
        at += length;
        let Some(found) = gazetteer.find_one(name, None) else {
            continue;
        };
        let telling = match found.place.class {
            FeatureClass::Province | FeatureClass::Prefecture => name.chars().nth(1).is_some(),
            FeatureClass::County => name == found.place.name,
            _ => false,
        };
        if let (true, Some(code)) = (telling, found.place.adcode) {
            *counts.entry(code / 10_000).or_default() += 1;
        }
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let told = counts
        .into_iter()
        .filter(|(_, count)| *count * 5 >= most && (*count > 1 || most == 1));
    told.map(|(code, _)| code).collect()
}

/// Whether a place comes from the tables of the plans: then a far county of the same name is not meant.
fn is_by_hand(place: &gazetteer::Place<'_>) -> bool {
    place.adcode.is_none() && !place.id.starts_with("geonames-")
}

/// The senses that are left, with the confidence that the others had; none when the likeliest is one that
/// needs a context and is not sure.
fn sure_of(mut senses: Vec<Sense<'_>>, nothing: f64) -> Vec<Sense<'_>> {
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

/// What is read, and with what in mind.
struct Reader<'g, 'r> {
    gazetteer: &'g Gazetteer,
    lexicon: &'r Lexicon,
    text: &'r str,
    as_of: Option<PartialDate>,
    provinces: &'r [u32],
    /// Names that were searched for in the text, and whether it holds them.
    searched: RefCell<HashMap<&'g str, bool>>,
    /// Names in lists, and whether they are those of units.
    units: RefCell<HashMap<String, bool>>,
}

type Judged<'g> = (Vec<(Range<usize>, Vec<Sense<'g>>)>, Vec<(usize, usize)>);

impl<'g> Reader<'g, '_> {
    /// Parts the candidates into names with their senses and spans to be read again.
    fn judge(&self, candidates: &[Candidate]) -> Judged<'g> {
        let (mut accepted, mut let_go) = (Vec::new(), Vec::new());
        let chains = scan::chains(self.text, candidates);
        for (chain, head) in chains {
            let names: Vec<&str> = chain.iter().map(|c| &self.text[c.range.clone()]).collect();
            for (index, candidate) in chain.iter().enumerate() {
                // Of a long list the nearest tell enough, and the cost stays linear.
                let from = index.saturating_sub(COMPANY);
                let to = (index + COMPANY + 1).min(names.len());
                let mut company = names[from..to].to_vec();
                company.retain(|name| *name != names[index]);
                let mut senses = self.senses(&candidate.range, &company, head);
                let nothing = 1.0 - senses.iter().map(|sense| sense.confidence).sum::<f64>();
                let by_hand = senses.iter().any(|sense| is_by_hand(&sense.found.place));
                senses.retain(|sense| {
                    let far = self.is_far_county(&sense.found.place);
                    self.admits(candidate, sense, &company) && !(far && by_hand)
                });
                let senses = sure_of(senses, nothing);
                if senses.is_empty() {
                    let_go.push((candidate.range.start, candidate.range.end));
                } else {
                    accepted.push((candidate.range.clone(), senses));
                }
            }
        }
        (accepted, let_go)
    }

    fn senses(&self, range: &Range<usize>, company: &[&str], head: &str) -> Vec<Sense<'g>> {
        let before = &self.text[..range.start];
        let begin = before
            .char_indices()
            .rev()
            .nth(REACH)
            .map_or(0, |(at, _)| at);
        let after = &self.text[range.end..];
        let end = after
            .char_indices()
            .nth(REACH)
            .map_or(after.len(), |(at, _)| at);
        let sentence = after[..end].find(['。', '；', '！', '？']).unwrap_or(end);
        self.gazetteer.senses(
            &self.text[range.clone()],
            &Context {
                as_of: self.as_of,
                before: &before[begin..],
                after: &after[..sentence],
                company,
                head,
                provinces: self.provinces,
            },
        )
    }

    /// Whether something speaks for a name having this sense here.
    fn admits(&self, candidate: &Candidate, sense: &Sense<'g>, company: &[&str]) -> bool {
        let name = &self.text[candidate.range.clone()];
        let place = &sense.found.place;
        if name.chars().nth(1).is_none() {
            let code = place.adcode.unwrap_or(0);
            return self.provinces.contains(&(code / 10_000));
        }
        if self.is_town_and_country(&candidate.range) {
            return false;
        }
        if sense.found.in_context {
            return true;
        }
        if self.lexicon.is_common(name) && place.class.is_administrative() {
            return name != place.name && self.text_holds(place.name);
        }
        match place.class {
            FeatureClass::County => {
                let here = place
                    .adcode
                    .is_some_and(|code| self.provinces.contains(&(code / 10_000)));
                let long = name.chars().count() > 2;
                let in_full = long && (name == place.name || name == sense.found.name);
                let units = company.iter().filter(|other| self.is_unit(other)).count();
                let above = || {
                    let parent = self.gazetteer.parent(place);
                    parent.is_some_and(|parent| self.text_holds(gazetteer::short_form(parent.name)))
                };
                here || in_full
                    || (units > 0 && units * 2 >= company.len())
                    || (name != place.name && self.text_holds(place.name) && above())
            }
            // GeoNames has a village for nearly every word of two characters.
            FeatureClass::Town | FeatureClass::Settlement if place.id.starts_with("geonames-") => {
                place.class == FeatureClass::Town
                    && name == place.name
                    && name.chars().count() > 2
                    && self.is_of_the_region(place)
            }
            _ => true,
        }
    }

    /// 宜居|乡村 and 畅通|城乡 hold no township.
    fn is_town_and_country(&self, range: &Range<usize>) -> bool {
        let name = &self.text[range.clone()];
        name.ends_with("城乡") || (name.ends_with('乡') && self.text[range.end..].starts_with('村'))
    }

    /// A county of a province that the text does not speak of.
    fn is_far_county(&self, place: &gazetteer::Place<'_>) -> bool {
        let code = place.adcode.unwrap_or(0);
        let known = !self.provinces.is_empty() && place.class == FeatureClass::County;
        known && !self.provinces.contains(&(code / 10_000))
    }

    fn is_of_the_region(&self, place: &gazetteer::Place<'_>) -> bool {
        let code = place.parent_id.parse::<u32>().ok();
        code.is_some_and(|code| self.provinces.contains(&(code / 10_000)))
    }

    /// Whether the text holds a name anywhere; each is searched for once.
    fn text_holds(&self, name: &'g str) -> bool {
        let known = self.searched.borrow().get(name).copied();
        known.unwrap_or_else(|| {
            let held = self.text.contains(name);
            self.searched.borrow_mut().insert(name, held);
            held
        })
    }

    fn is_unit(&self, name: &str) -> bool {
        if let Some(known) = self.units.borrow().get(name) {
            return *known;
        }
        let found = self.gazetteer.find_one(name, self.as_of);
        let unit = found.is_some_and(|found| found.place.class.is_administrative());
        self.units.borrow_mut().insert(name.to_owned(), unit);
        unit
    }

    /// The names inside a name that are names by themselves, from left to right the longest. One that is a
    /// shorter name of the same place means that place.
    fn inside(
        &self,
        range: &Range<usize>,
        outer: &[Sense<'g>],
    ) -> Vec<(Range<usize>, Vec<Sense<'g>>)> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let lengths = self.gazetteer.names_at_start(&self.text[at..range.end]);
            let longest = lengths.into_iter().rev().find_map(|length| {
                let inner = at..at + length;
                let several = self.text[inner.clone()].chars().nth(1).is_some();
                let senses = if inner == *range || !several {
                    Vec::new()
                } else {
                    self.senses_inside(&inner, outer)
                };
                (!senses.is_empty()).then_some((inner, senses))
            });
            at = longest.as_ref().map_or_else(
                || at + self.text[at..].chars().next().map_or(1, char::len_utf8),
                |(inner, _)| inner.end,
            );
            if let Some((inner, senses)) = longest {
                let deeper = self.inside(&inner, &senses);
                found.push((inner, senses));
                found.extend(deeper);
            }
        }
        found
    }

    /// Whether a unit may be meant inside the name of a place: 成都 in 成都天府国际机场, not 江北 in
    /// 重庆江北国际机场. The place lies below the unit or is made of it.
    fn holds(&self, unit: &gazetteer::Place<'_>, outer: Option<&Sense<'_>>) -> bool {
        let Some(outer) = outer.map(|sense| sense.found.place) else {
            return true;
        };
        let mut above = self.gazetteer.parent(&outer);
        for _ in 0..6 {
            let Some(place) = above else { break };
            if place.number() == unit.number() {
                return true;
            }
            above = self.gazetteer.parent(&place);
        }
        let code = unit.adcode.unwrap_or(0);
        let members = self.gazetteer.members(&outer);
        members.iter().any(|member| {
            let inside = |digits: u32| member.adcode.is_some_and(|of| of / digits == code / digits);
            match unit.class {
                FeatureClass::Province => inside(10_000),
                FeatureClass::Prefecture => inside(100),
                _ => inside(1),
            }
        })
    }

    fn senses_inside(&self, inner: &Range<usize>, outer: &[Sense<'g>]) -> Vec<Sense<'g>> {
        let mut senses = self.senses(inner, &[], "");
        let same = |sense: &Sense<'_>| {
            let of_outer = outer.first();
            of_outer.is_some_and(|outer| outer.found.place.number() == sense.found.place.number())
        };
        if let Some(index) = senses.iter().position(same) {
            return vec![senses.swap_remove(index)];
        }
        let long = self.text[inner.clone()].chars().nth(2).is_some();
        senses.retain(|sense| {
            let place = &sense.found.place;
            let village = matches!(place.class, FeatureClass::Town | FeatureClass::Settlement);
            let telling = !sense.found.in_context || (is_by_hand(place) && long);
            let unit = place.class.is_administrative();
            telling && !village && (!unit || self.holds(place, outer.first()))
        });
        senses
    }
}
