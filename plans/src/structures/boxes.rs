//! Lists in boxes whose line breaks were lost: one item runs into the label of the next.

use std::ops::Range;

use super::lexicon::{Shape, Use};
use super::view::View;

/// A label before a verb has at most so many characters.
const LONGEST_LABEL: usize = 8;
/// Words that a list of works begins with, the longer first.
const OPENERS: [&str; 17] = [
    "规划研究",
    "规划建设",
    "重点建设",
    "加快建设",
    "研究论证",
    "适时启动",
    "新建和改扩建",
    "改扩建",
    "新建",
    "扩建",
    "迁建",
    "开展",
    "实施",
    "启动",
    "推进",
    "加快",
    "建设",
];

/// Ends of the labels of lists of sights, and of parks.
const SIGHTS: [&str; 11] = [
    "游", "旅游", "景区", "景点", "名胜", "古镇", "古村", "名镇", "遗产", "遗址", "胜地",
];
const RESERVES: [&str; 4] = ["自然保护地", "自然保护区", "公园", "湿地"];

/// The clauses that a clause in a box is made of: 甲铁路扩能改造工程|规划建设乙铁路.
pub(super) fn runs(view: &View<'_>, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut from = clause.start;
    let openers: Vec<(usize, &str)> = view.find_all(clause, &OPENERS).collect();
    for (at, word) in openers {
        let names = view.name_at(at + word.len()).is_some();
        let figure = view
            .at(&(at + word.len()..clause.end))
            .starts_with(|c: char| c.is_ascii_digit());
        let opens = names || figure || !matches!(word, "建设" | "推进" | "加快");
        let left = from..at;
        if left.is_empty() || !opens {
            continue;
        }
        if let Some(end) = without_label(view, &left) {
            if end > from {
                runs.push(from..end);
            }
            from = at;
        }
    }
    runs.push(from..clause.end);
    runs
}

/// The kind of what a label heads: 机场, 生态游, 特色水果.
pub(super) fn kind_of_label(view: &View<'_>, label: &str) -> Option<&'static str> {
    let label = label.trim_end_matches(['。', '：', '、']);
    if SIGHTS.iter().any(|end| label.ends_with(end)) {
        return Some("tourism_site");
    }
    if RESERVES.iter().any(|end| label.ends_with(end)) {
        return Some("nature_park");
    }
    let head = view.words.head_at_end(label)?;
    (head.shape == Shape::Each).then_some(head.kind)
}

/// Where the item before a verb ends: before the label, if there is one. Nothing when the item is not complete and so
/// the verb is part of it.
fn without_label(view: &View<'_>, left: &Range<usize>) -> Option<usize> {
    let text = view.at(left);
    let label: Vec<usize> = text
        .char_indices()
        .rev()
        .map(|(at, _)| at)
        .take(LONGEST_LABEL)
        .collect();
    if text.chars().count() <= LONGEST_LABEL && view.names_in(left).is_empty() {
        // Nothing but a label.
        return Some(left.start);
    }
    // A name before 某枢纽, the label of the next list, goes before a head noun inside it: 甲西站|港口枢纽.
    let hub = label.iter().copied().find(|end| {
        let at = left.start + end;
        text[*end..].ends_with("枢纽")
            && text[*end..].chars().count() <= 4
            && !view.is_inside_name(at)
            && (view.name_before(at).is_some() || text[..*end].ends_with('站'))
    });
    if let Some(end) = hub {
        return Some(left.start + end);
    }
    let ends = std::iter::once(text.len()).chain(label);
    for end in ends {
        let before = &text[..end];
        let at = left.start + end;
        if before.is_empty() || view.is_inside_name(at) {
            continue;
        }
        let after = &text[end..];
        let label = after.ends_with("枢纽") || after.is_empty();
        let named = !after.is_empty() && view.name_before(at).is_some();
        let headed = label && (named || view.words.head_at_end(before).is_some());
        let worked = view
            .words
            .at_end(Use::Tail, before)
            .is_some_and(|tail| tail.len() < before.len());
        if headed || worked || before.ends_with('）') {
            return Some(at);
        }
    }
    None
}
