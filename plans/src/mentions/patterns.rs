//! Names that are not in the gazetteer, told by their form: 碧溪镇, 某某水库, 甲乙高铁.
//!
//! The ending says what kind of place it is; from it the name goes back to the left until a mark, a verb, a character that no
//! name holds, or a known place, which is a part of the name or stands for itself as the kind of place has it.

use std::ops::Range;

use gazetteer::{FeatureClass, Sense};

use super::reader::{Accepted, Names};
use super::short_names;
use super::vocabulary::{Ending, Front, Vocabulary};

/// A name that no known place has.
#[derive(Debug)]
pub(super) struct Unknown<'g> {
    pub(super) range: Range<usize>,
    pub(super) class: FeatureClass,
    /// The places that a short name is made of.
    pub(super) parts: Vec<Sense<'g>>,
}

/// What stands between the items of a list of short names.
const SEPARATORS: [char; 4] = ['、', '和', '与', '及'];
/// Names that are parts of one name; more are not looked at, so that a wall of names costs no more than its length.
const MOST_PARTS: usize = 4;
/// Verbs of one character that a name may seem to begin with.
const VERBS: [char; 3] = ['建', '修', '设'];

/// The unknown names of a sentence, in its order, where `accepted` are the known ones.
pub(super) fn unknown_names<'g>(
    names: &Names<'g, '_>,
    sentence: &Range<usize>,
    accepted: &[Accepted<'g>],
) -> Vec<Unknown<'g>> {
    let vocabulary = Vocabulary::embedded();
    let text = names.text;
    let mut found: Vec<Unknown<'g>> = Vec::new();
    let mut next = 0;
    let mut at = sentence.start;
    while at < sentence.end {
        while let Some(known) = accepted.get(next).filter(|known| known.range.start <= at) {
            at = at.max(known.range.end);
            next += 1;
        }
        // Between two known names.
        let until = accepted.get(next).map(|known| known.range.start);
        let until = until.unwrap_or(sentence.end).max(at);
        let places = text[at..until].char_indices();
        let mut places = places.filter(|(_, first)| vocabulary.first_characters.has(*first));
        let found_here = places.find_map(|(offset, _)| {
            let start = at + offset;
            let ending = vocabulary.ending_at_start(&text[start..sentence.end])?;
            (start + ending.text.len() <= until).then_some((start, ending))
        });
        let Some((start, ending)) = found_here else {
            at = until;
            continue;
        };
        let name = Name {
            names,
            vocabulary,
            sentence: sentence.start,
            ending,
            at: start,
        };
        at = start + ending.text.len();
        let after = &text[at..sentence.end];
        if let Some((unknown, absorbed)) = name.read(&accepted[..next], &found, after) {
            found.truncate(found.len() - absorbed);
            name.add_with_its_list(unknown, &accepted[..next], &mut found);
        }
    }
    found
}

/// How far a name goes to the left of its ending.
struct Walk {
    start: usize,
    /// Where what is no known place begins, right before the ending.
    body: usize,
    /// Known and unknown names that are parts of it.
    known: usize,
    unknown: usize,
    is_county: bool,
    /// Whether something ended it, not the length that names of its kind have.
    at_edge: bool,
}

impl Walk {
    fn parts(&self) -> usize {
        self.known + self.unknown
    }
}

/// An ending where it stands.
struct Name<'g, 'n, 't> {
    names: &'n Names<'g, 't>,
    vocabulary: &'static Vocabulary,
    /// Where the sentence begins.
    sentence: usize,
    ending: &'static Ending,
    /// Where the ending begins.
    at: usize,
}

impl<'g> Name<'g, '_, '_> {
    /// The name that ends here, if it is one, and how many of the unknown names before it are parts of it. `before` are the
    /// known names on the left.
    fn read(
        &self,
        before: &[Accepted<'g>],
        unknown: &[Unknown<'g>],
        after: &str,
    ) -> Option<(Unknown<'g>, usize)> {
        let ending = self.ending;
        let mut walk = self.walk_left(before, unknown)?;
        let text = self.names.text;
        let is_line = self.is_line();
        // 沪苏湖|铁路: what looked like a lake is the short name of the line.
        let is_bare = walk.parts() == 0
            || (walk.known == 0 && (is_line || ending.class == FeatureClass::Region));
        if is_bare {
            walk.body = walk.start;
        }
        let mut body = &text[walk.body..self.at];
        if is_bare {
            let rest = self.vocabulary.without_modifiers(body);
            let rest = rest
                .strip_prefix(VERBS)
                .filter(|rest| rest.chars().nth(1).is_some())
                .unwrap_or(rest);
            walk.at_edge |= rest.len() < body.len();
            walk.start += body.len() - rest.len();
            body = rest;
        }
        let count = body.chars().count();
        if ending.is_refused(body, after)
            || (is_bare && self.vocabulary.has_topic(body))
            || (ending.is_strong && !walk.at_edge)
            || (count < ending.least && is_bare)
        {
            return None;
        }
        let short = is_bare && walk.at_edge;
        let parts = short.then(|| short_names::reading(self.names, body, true));
        let parts = parts.flatten().unwrap_or_default();
        let short_only = ending.class == FeatureClass::Compound;
        if short_only && parts.is_empty() {
            return None;
        }
        let is_name = match ending.front {
            Front::Need if is_bare => {
                // A line is called by one character a place, of places that the text need not name.
                !parts.is_empty() || (is_line && walk.at_edge && (2..=4).contains(&count))
            }
            // One city and 高铁 name no line, and a city may have more than one new area.
            Front::Need => {
                let needs_more = is_line || (ending.least > 0 && !walk.is_county);
                walk.parts() > 1 || !needs_more || count > 0
            }
            Front::Keep | Front::Cut => !is_bare || count > 0,
        };
        let end = self.at + if short_only { 0 } else { ending.text.len() };
        let name = Unknown {
            range: walk.start..end,
            class: ending.class,
            parts,
        };
        is_name.then_some((name, walk.unknown))
    }

    fn is_line(&self) -> bool {
        let class = self.ending.class;
        matches!(class, FeatureClass::Railway | FeatureClass::Expressway)
    }

    /// Goes left from the ending to where the name begins; `None` when what stands there forbids a name.
    fn walk_left(&self, before: &[Accepted<'g>], unknown: &[Unknown<'g>]) -> Option<Walk> {
        let text = self.names.text;
        let mut known = before.iter().rev().peekable();
        let mut others = unknown.iter().rev().peekable();
        let mut walk = Walk {
            start: self.at,
            body: self.at,
            known: 0,
            unknown: 0,
            is_county: false,
            at_edge: false,
        };
        let mut characters = 0;
        loop {
            // 黄石|花湖|机场: the unknown name is a part of this one.
            if let Some(other) =
                others.next_if(|other| other.range.end == walk.start && walk.parts() < MOST_PARTS)
            {
                walk.start = other.range.start;
                walk.unknown += 1;
                continue;
            }
            if let Some(name) =
                known.next_if(|name| name.range.end == walk.start && walk.parts() < MOST_PARTS)
            {
                if self.is_apart(name) {
                    return None;
                }
                // 鄱阳|湖 is one name, 黄山|某湖 is two.
                let whole = walk.start == self.at && !name.is_in_full(text);
                if self.ending.front == Front::Cut && !whole {
                    walk.at_edge = true;
                    break;
                }
                walk.is_county |= name.class() == FeatureClass::County;
                walk.start = name.range.start;
                walk.known += 1;
                continue;
            }
            walk.at_edge = true;
            // 常泰|长江|大桥: the cities stand before the river.
            let over_river = self.ending.class == FeatureClass::Bridge && walk.known == 1;
            if walk.known > 0 && !over_river {
                break;
            }
            let floor = others.peek().map_or(self.sentence, |other| other.range.end);
            let taken = &text[floor.min(walk.start)..walk.start];
            let Some(last) = taken.chars().next_back().filter(|last| is_han(*last)) else {
                break;
            };
            if self.vocabulary.stops(taken) {
                break;
            }
            if characters == self.ending.most {
                walk.at_edge = false;
                break;
            }
            characters += 1;
            walk.start -= last.len_utf8();
            if walk.parts() == 0 {
                walk.body = walk.start;
            }
        }
        // The end of another name is no edge: what is left over between them is no name.
        let left_over = walk.parts() == 0
            && others
                .peek()
                .is_some_and(|other| other.range.end == walk.start);
        (!left_over).then_some(walk)
    }

    /// Whether a known name does not go together with the ending: a longer name was cut between them (黔中|城市群), it is a region by
    /// itself, or the end of a pair (甲—乙城市群).
    fn is_apart(&self, name: &Accepted<'g>) -> bool {
        use FeatureClass as C;
        let is_cut = name.cut_from.is_some_and(|end| end > self.at);
        let text = &self.names.text[..name.range.start];
        let ending = self.ending.class;
        let of_pair = ending == C::Region && text.ends_with('—');
        let is_apart = match name.class() {
            C::Region | C::Channel | C::Country | C::Foreign => true,
            C::Compound => self.ending.front != Front::Need,
            class if ending == C::Waterway => !class.is_administrative(),
            C::River => ending == C::Dam,
            _ => false,
        };
        is_cut || of_pair || is_apart
    }

    /// The characters at the end of a text that may be a short name.
    fn short_at_end<'x>(&self, text: &'x str) -> &'x str {
        let mut start = text.len();
        for (at, character) in text.char_indices().rev().take(short_names::MOST) {
            let stops = !is_han(character) || SEPARATORS.contains(&character);
            if stops || self.vocabulary.stops(&text[..start]) {
                break;
            }
            start = at;
        }
        &text[start..]
    }

    /// Adds a name, and before it the short names of its list: 甲乙、丙丁和戊己高铁. The ending is then that of all.
    fn add_with_its_list(
        &self,
        mut last: Unknown<'g>,
        before: &[Accepted<'g>],
        found: &mut Vec<Unknown<'g>>,
    ) {
        let text = self.names.text;
        let short = &text[last.range.start..self.at];
        if !self.is_line() || !short_names::is_possible(self.names, short) {
            found.push(last);
            return;
        }
        let floor = found.last().map_or(self.sentence, |last| last.range.end);
        let mut items = Vec::new();
        let mut end = last.range.start;
        let mut in_list = false;
        while let Some(item_end) = text[floor.min(end)..end]
            .strip_suffix(SEPARATORS)
            .map(str::len)
        {
            let item_end = floor + item_end;
            let known = before.iter().rev().find(|name| name.range.end <= item_end);
            if let Some(known) = known.filter(|name| name.range.end == item_end) {
                in_list |= known.is_short_name();
                break;
            }
            let item = self.short_at_end(&text[floor..item_end]);
            if !short_names::is_possible(self.names, item) {
                break;
            }
            let parts = short_names::reading(self.names, item, false).unwrap_or_default();
            end = item_end - item.len();
            in_list = true;
            items.push(Unknown {
                range: end..item_end,
                class: last.class,
                parts,
            });
        }
        if in_list {
            last.range.end = self.at;
        }
        found.extend(items.into_iter().rev());
        found.push(last);
    }
}

pub(super) fn is_han(character: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&character)
}
