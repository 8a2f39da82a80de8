//! What the words of one item look like.

use std::borrow::Cow;
use std::ops::Range;

use crate::structures::lexicon::{Head, Use};
use crate::structures::names::Sort;
use crate::structures::view::{View, aside};

/// 引甲济乙 and 甲电入乙.
pub(super) fn transfer(text: &str) -> Option<&'static str> {
    let text = without_phase(text.trim_end_matches("工程"));
    let short = text.chars().count() <= 6;
    let water =
        text.starts_with('引') && (text.contains(['济', '入', '补']) || text.ends_with("供水"));
    let power = text.contains("电入") || text.contains("电送");
    match (short, water, power) {
        (true, true, _) => Some("water_project"),
        (true, _, true) => Some("power_line"),
        _ => None,
    }
}

/// 引甲济乙|二期工程: its name without the phase.
pub(in crate::structures) fn transferred(text: &str) -> Option<&str> {
    let own = without_phase(text.trim_end_matches("工程"));
    (transfer(text) == Some("water_project")).then_some(own)
}

/// Of a known name that a bracket closes, the head noun before the bracket: 某储运基地|（甲）.
pub(super) fn bracketed<'a>(view: &View<'a>, range: &Range<usize>) -> Option<(usize, &'a Head)> {
    let text = view.at(range);
    let open = text.rfind('（').filter(|_| text.ends_with('）'))?;
    let known = view.is_name(range).is_some();
    let head = view.words.head_at_end(&text[..open]).filter(|_| known)?;
    Some((range.end, head))
}

/// Of a section of a line, the word that says of which: 某铁路|甲乙段.
pub(super) fn section_of<'a>(view: &View<'a>, range: &Range<usize>) -> Option<(usize, &'a Head)> {
    let text = view.at(range);
    if !text.ends_with(['段', '线']) {
        return None;
    }
    let starts = text.char_indices().map(|(at, _)| at);
    let words = starts.filter_map(|at| view.words.at_start(Use::Line, &text[at..]));
    let head = words
        .filter_map(|word| view.words.head_at_end(word))
        .reduce(|first, last| {
            if first.word.ends_with(last.word) {
                first
            } else {
                last
            }
        })?;
    Some((range.end, head))
}

/// A name without words of fame and size before it.
pub(super) fn plain(view: &View<'_>, words: &str) -> String {
    let mut left = words;
    while let Some(word) = view
        .words
        .at_start(Use::Size, left)
        .filter(|word| word.len() < left.len())
    {
        left = &left[word.len()..];
    }
    left.to_owned()
}

/// Whether a range holds only names of places, with nothing but joiners between.
pub(super) fn names_only(view: &View<'_>, range: &Range<usize>) -> bool {
    let mut at = range.start;
    let mut found = false;
    while at < range.end {
        if let Some(name) = view
            .name_at(at)
            .filter(|name| matches!(name.sort, Sort::Place | Sort::Short))
        {
            at = name.range.end;
            found = true;
        } else if view
            .at(&(at..range.end))
            .starts_with(['—', '市', '区', '县'])
            && found
        {
            at += "—".len();
        } else {
            return false;
        }
    }
    found && at == range.end
}

/// A name without a bracket that says what is in it: 甲盆地（包括乙、丙气田）天然气基地.
pub(super) fn without_long_aside(words: &str) -> Cow<'_, str> {
    let Some(open) = words.find('（') else {
        return Cow::Borrowed(words);
    };
    let Some(length) = aside(&words[open..]) else {
        return Cow::Borrowed(words);
    };
    let inner = &words[open + "（".len()..];
    let says = ["包括", "含", "包含", "以下", "简称"]
        .iter()
        .any(|word| inner.starts_with(word));
    let long = length > "（）".len() + 8 * "甲".len();
    if (says || long) && open > 0 {
        Cow::Owned(format!("{}{}", &words[..open], &words[open + length..]))
    } else {
        Cow::Borrowed(words)
    }
}

/// A name without the phase of work: 甲西站|二期.
pub(super) fn without_phase(words: &str) -> &str {
    let phase = ["一期", "二期", "三期"]
        .iter()
        .find_map(|phase| words.strip_suffix(phase));
    phase.unwrap_or(words)
}

/// Two or more names of a few characters that a dash joins, whether or not anybody knows them.
pub(super) fn is_joined(text: &str) -> bool {
    let parts = text.split('—');
    text.contains('—')
        && parts
            .into_iter()
            .all(|part| (2..=6).contains(&part.chars().count()) && part.chars().all(is_han))
}

/// The number of a road: G108.
pub(super) fn is_numbered(text: &str) -> bool {
    let digits = text.strip_prefix(['G', 'S']).unwrap_or("");
    (2..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

pub(super) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
