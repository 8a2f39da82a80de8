//! Names inside a name: 大足 in 大足石刻. They are no mentions of their own.

use std::ops::Range;

use gazetteer::{Around, FeatureClass, Gazetteer, Place, Sense};

use super::known::is_by_hand;
use super::reader::Names;

/// A name inside another, its range counted from the start of the outer one.
#[derive(Debug, Clone)]
pub(super) struct Inner<'g> {
    pub(super) range: Range<usize>,
    pub(super) senses: Vec<Sense<'g>>,
}

/// Names inside names inside names are followed so deep.
const DEEPEST: usize = 4;

/// The names inside a name that are names by themselves, from left to right the longest. One that is a shorter name of the
/// same place means that place.
pub(super) fn inner_names<'g>(
    names: &mut Names<'g, '_>,
    name: &str,
    outer: &[Sense<'g>],
) -> Vec<Inner<'g>> {
    let mut found = Vec::new();
    add(names, name, 0..name.len(), outer, 0, &mut found);
    found
}

fn add<'g>(
    names: &mut Names<'g, '_>,
    name: &str,
    within: Range<usize>,
    outer: &[Sense<'g>],
    depth: usize,
    found: &mut Vec<Inner<'g>>,
) {
    let mut lengths = Vec::new();
    let mut at = within.start;
    while at < within.end {
        names
            .scanner
            .lengths_at_start(&name[at..within.end], &mut lengths);
        let longest = lengths.iter().rev().find_map(|length| {
            let range = at..at + length;
            let senses = if range == within {
                Vec::new()
            } else {
                senses_inside(names, name, &range, outer)
            };
            (!senses.is_empty()).then_some(Inner { range, senses })
        });
        let Some(inner) = longest else {
            at += name[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        at = inner.range.end;
        let (range, senses) = (inner.range.clone(), inner.senses.clone());
        found.push(inner);
        if depth < DEEPEST {
            add(names, name, range, &senses, depth + 1, found);
        }
    }
}

fn senses_inside<'g>(
    names: &mut Names<'g, '_>,
    name: &str,
    range: &Range<usize>,
    outer: &[Sense<'g>],
) -> Vec<Sense<'g>> {
    let inner = &name[range.clone()];
    let known = names.known(inner);
    let mut senses = known.weigh(&Around {
        before: &name[..range.start],
        after: &name[range.end..],
        ..Around::default()
    });
    let same = |sense: &Sense<'_>| {
        let of_outer = outer.first();
        of_outer.is_some_and(|outer| outer.found.place.number() == sense.found.place.number())
    };
    if let Some(index) = senses.iter().position(same) {
        return vec![senses.swap_remove(index)];
    }
    let long = inner.chars().nth(2).is_some();
    senses.retain(|sense| {
        let place = &sense.found.place;
        let village = matches!(place.class, FeatureClass::Town | FeatureClass::Settlement);
        let telling = !sense.found.in_context || (is_by_hand(place) && long);
        let unit = place.class.is_administrative();
        telling && !village && (!unit || holds(names.gazetteer, place, outer.first()))
    });
    senses
}

/// Whether a unit may be meant inside the name of a place: 成都 in 成都天府国际机场, not 江北 in 重庆江北国际机场. The place lies below
/// the unit or is made of it.
fn holds(gazetteer: &Gazetteer, unit: &Place<'_>, outer: Option<&Sense<'_>>) -> bool {
    let Some(outer) = outer.map(|sense| sense.found.place) else {
        return true;
    };
    let mut above = gazetteer.parent(&outer);
    for _ in 0..6 {
        let Some(place) = above else { break };
        if place.number() == unit.number() {
            return true;
        }
        above = gazetteer.parent(&place);
    }
    let code = unit.adcode.unwrap_or(0);
    let members = gazetteer.members(&outer);
    members.iter().any(|member| {
        let inside = |digits: u32| member.adcode.is_some_and(|of| of / digits == code / digits);
        match unit.class {
            FeatureClass::Province => inside(10_000),
            FeatureClass::Prefecture => inside(100),
            _ => inside(1),
        }
    })
}
