//! The longest names of a text, and the lists that they stand in.

use std::collections::BTreeSet;
use std::ops::Range;

use gazetteer::{FeatureClass, Gazetteer};

use super::lexicon::Lexicon;

/// What stands between two items of a list, longest first.
const JOINERS: [&str; 12] = [
    "以及", "及其", "、", "和", "与", "及", "至", "经", "—", "-", "·", "，",
];
/// The class of a unit may stand between a name and the joiner.
const TAILS: [&str; 4] = ["市", "区", "县", "等"];
/// A name that may be one here.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) range: Range<usize>,
}

/// From left to right the longest name at each place, without those that were refused before.
pub(super) fn longest_names(
    gazetteer: &Gazetteer,
    lexicon: &Lexicon,
    text: &str,
    refused: &BTreeSet<(usize, usize)>,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let word = lexicon.word_at_start(rest).unwrap_or(0);
        let lengths = gazetteer.names_at_start(rest);
        let longest = lengths.iter().rev().copied().find(|&length| {
            !refused.contains(&(at, at + length))
                && is_whole(&text[..at], &rest[..length], &rest[length..], lexicon)
                && !is_two(gazetteer, &rest[..length], &lengths)
        });
        match longest {
            Some(length) if length >= word => {
                found.push(Candidate {
                    range: at..at + length,
                });
                at += length;
            }
            _ if word > 0 => at += word,
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// Whether a name is cut neither out of a word of letters nor across two words.
fn is_whole(before: &str, name: &str, after: &str, lexicon: &Lexicon) -> bool {
    if name.is_ascii() {
        let word = |c: char| c.is_ascii_alphanumeric();
        return name.len() > 3 && !before.ends_with(word) && !after.starts_with(word);
    }
    if name.chars().nth(1).is_none() {
        // Judged by what stands before it; never between two characters of a word that is known.
        return before.ends_with(gazetteer::MOVEMENT);
    }
    !lexicon.is_cut(name, before)
}

/// Whether a name is better read as a shorter one or as two: 川南渝西|地区, 万盛|黑山谷, 合川区|燕窝镇, and the ends
/// of 开县|至|城口. Airports, parks and
/// the like keep the place in their name.
fn is_two(gazetteer: &Gazetteer, name: &str, lengths: &[usize]) -> bool {
    let found = gazetteer.find(name, None);
    let Some(place) = found.first().map(|found| found.place) else {
        return false;
    };
    // 川南渝西|地区: the word adds nothing to a name of some length.
    let bare = name
        .strip_suffix("地区")
        .filter(|bare| bare.chars().nth(2).is_some());
    let same = |part: &str| {
        let found = gazetteer.find(part, None);
        found
            .iter()
            .any(|found| found.place.number() == place.number())
    };
    if bare.is_some_and(same) {
        return true;
    }
    let named = |part: &str| !gazetteer.names_at_start(part).is_empty();
    let route = matches!(
        place.class,
        FeatureClass::Railway
            | FeatureClass::Expressway
            | FeatureClass::Road
            | FeatureClass::Region
    );
    if route
        && ["至", "—"].iter().any(|joiner| {
            name.split_once(joiner)
                .is_some_and(|(start, end)| named(start) && named(end))
        })
    {
        return place.class != FeatureClass::Region || name.contains('至');
    }
    let cut = matches!(
        place.class,
        FeatureClass::Scenic
            | FeatureClass::Mountain
            | FeatureClass::Town
            | FeatureClass::River
            | FeatureClass::Lake
            | FeatureClass::Reservoir
            | FeatureClass::Dam
    );
    cut && lengths.iter().any(|&length| {
        let Some(rest) = name.get(length..).filter(|rest| !rest.is_empty()) else {
            return false;
        };
        let head = gazetteer
            .find_one(&name[..length], None)
            .map(|found| found.place.class);
        let above = head.is_some_and(|class| {
            class.is_administrative()
                || matches!(class, FeatureClass::EconomicZone | FeatureClass::River)
        });
        above && same(rest)
    })
}

/// The lists of the text: candidates that only joiners part, and what follows each list. A name that stands
/// alone is a list of one.
pub(super) fn chains<'t, 'c>(
    text: &'t str,
    candidates: &'c [Candidate],
) -> Vec<(&'c [Candidate], &'t str)> {
    let mut chains = Vec::new();
    let mut start = 0;
    for index in 0..candidates.len() {
        let end = candidates[index].range.end;
        let joined = candidates
            .get(index + 1)
            .is_some_and(|next| is_joint(&text[end..next.range.start]));
        if !joined {
            chains.push((&candidates[start..=index], &text[end..]));
            start = index + 1;
        }
    }
    chains
}

/// Whether a text only joins two items: 、 or 市、 or a bracket that closes before it.
fn is_joint(between: &str) -> bool {
    let mut rest = between.trim_end_matches(['（', '“', '《']);
    rest = rest.trim_start_matches(['）', '”', '》']);
    for tail in TAILS {
        rest = rest.strip_prefix(tail).unwrap_or(rest);
    }
    JOINERS.contains(&rest)
}
