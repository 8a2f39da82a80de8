//! Short names made of one character a place: 渝遂, 沪苏湖.
//!
//! A character stands for a place by its alias (沪) or because the name of a place that the text speaks of begins with it. Such a
//! reading is only tried where the form asks for it (before 高铁, in a list of lines), and is refused unless the text speaks
//! of all the places; of three or more one may be missing.

use std::sync::Arc;

use gazetteer::{Match, Sense};

use super::reader::Names;

/// Characters of the longest short name.
pub(super) const MOST: usize = 5;
/// A short name never ends so: it would be an ordinary word.
const NEVER_LAST: &str = "道路线区网部段";
/// Nor so, unless the head of its kind follows: 沪苏湖|铁路.
const LAST_BEFORE_HEAD: &str = "江河湖山东西南北中";
/// Cities by a character that is not the first of their names, or also stands for a province.
const CITIES: [(char, &str); 14] = [
    ('蓉', "成都"),
    ('穗', "广州"),
    ('莞', "东莞"),
    ('甬', "宁波"),
    ('宁', "南京"),
    ('邕', "南宁"),
    ('筑', "贵阳"),
    ('榕', "福州"),
    ('锡', "无锡"),
    ('通', "南通"),
    ('汉', "武汉"),
    ('潭', "湘潭"),
    ('苏', "苏州"),
    ('昌', "南昌"),
];
/// How sure a place is that the text names elsewhere, and one that it does not.
const SPOKEN_OF: f64 = 0.8;
const BY_ALIAS_ONLY: f64 = 0.5;

/// The places of a short name, as printed; `None` when it is none. `before_head`: whether 高铁 or the like follows.
pub(super) fn reading<'g>(
    names: &Names<'g, '_>,
    short: &str,
    before_head: bool,
) -> Option<Vec<Sense<'g>>> {
    let count = short.chars().count();
    let forbidden =
        |last: char| NEVER_LAST.contains(last) || (!before_head && LAST_BEFORE_HEAD.contains(last));
    if !(2..=MOST).contains(&count) || short.ends_with(forbidden) {
        return None;
    }
    let mut places = Vec::with_capacity(count);
    let mut missing = 0;
    for (at, character) in short.char_indices() {
        let one = &short[at..at + character.len_utf8()];
        let sense = place_of(names, one, character)?;
        missing += usize::from(sense.confidence < SPOKEN_OF);
        places.push(sense);
    }
    let distinct = places
        .windows(2)
        .all(|pair| pair[0].found.place.number() != pair[1].found.place.number());
    (distinct && missing * 3 <= count && missing <= 1).then_some(places)
}

/// Whether each character of a short name may stand for a place, of which the text need not speak.
pub(super) fn is_possible(names: &Names<'_, '_>, short: &str) -> bool {
    let forbidden = |last: char| NEVER_LAST.contains(last) || LAST_BEFORE_HEAD.contains(last);
    (2..=MOST).contains(&short.chars().count())
        && !short.ends_with(forbidden)
        && short.char_indices().all(|(at, character)| {
            let one = &short[at..at + character.len_utf8()];
            place_of(names, one, character).is_some()
        })
}

/// What a character stands for: its alias when the text speaks of that place, else the place most named that begins with it.
fn place_of<'g>(names: &Names<'g, '_>, one: &str, character: char) -> Option<Sense<'g>> {
    let spoken_of = |found: &Match<'g>| {
        let name = found.place.name;
        names.survey.holds(name) || names.survey.holds(gazetteer::short_form(name))
    };
    let of_city = CITIES.iter().find(|(alias, _)| *alias == character);
    let of_city = of_city.and_then(|(_, city)| names.gazetteer.find_one(city, names.as_of));
    let alias = of_city.filter(spoken_of).or_else(|| {
        let found = names.gazetteer.find_one(one, names.as_of);
        found.filter(|found| found.place.class.is_administrative())
    });
    let spoken = alias.as_ref().is_some_and(spoken_of);
    if !spoken && let Some(name) = names.survey.beginning_with(character) {
        return Some(Sense {
            found: Arc::new(names.gazetteer.find_one(name, names.as_of)?),
            confidence: SPOKEN_OF,
        });
    }
    Some(Sense {
        found: Arc::new(alias?),
        confidence: if spoken { SPOKEN_OF } else { BY_ALIAS_ONLY },
    })
}
