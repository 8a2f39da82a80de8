//! Routes: places in order, joined by 至, 到, 经 or a dash.

use std::ops::Range;

use super::lexicon::Use;
use super::names::Sort;
use super::view::View;

/// A node that is no known name has at most so many characters.
const LONGEST_NODE: usize = 5;

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    /// From its first node to the end of its last.
    pub(super) range: Range<usize>,
    /// Its nodes, in printed order.
    pub(super) nodes: Vec<String>,
    /// Whether it leads from its first node to one place, or to several that a dash joins: 甲至乙, 甲至乙—丙.
    pub(super) starts_from_one: bool,
}

impl Route {
    /// The nodes of the section that the words after it spell: 甲州至乙县至丙阳铁路|乙丙段.
    pub(super) fn section(&self, after: &str) -> Option<Vec<String>> {
        let letters = after.strip_suffix('段')?;
        let from = letters.char_indices().rev().nth(1)?.0;
        let spelled = |letter: char| self.nodes.iter().find(|node| node.contains(letter));
        let nodes: Option<Vec<String>> = letters[from..]
            .chars()
            .map(|letter| spelled(letter).cloned())
            .collect();
        nodes.filter(|nodes| nodes[0] != nodes[1])
    }
}

/// The route that a range holds.
pub(super) fn of(view: &View<'_>, range: &Range<usize>) -> Option<Route> {
    let joints: Vec<(usize, &str)> = view
        .find_all(range, &["至", "到", "经", "连接", "—"])
        .filter(|(at, word)| is_joint(view, range, *at, word))
        .collect();
    let (first, _) = *joints.first()?;
    let mut known = 0;
    let mut nodes = Vec::new();
    let start = match view.name_before(without_aside(view, range.start, first)) {
        Some(name) if name.sort != Sort::Line => {
            known += 1;
            nodes.push(view.at(&name.range).to_owned());
            name.range.start
        }
        _ => {
            let from = after_carrier(view, range.start, first);
            let node = view.at(&(from..first));
            if !is_node(node) {
                return None;
            }
            nodes.push(node.to_owned());
            from
        }
    };
    let mut end = first;
    let mut start = start;
    for (index, (at, word)) in joints.iter().enumerate() {
        let from = at + word.len();
        let until = joints.get(index + 1).map_or(range.end, |(next, _)| *next);
        let carrier = after_carrier(view, from, until);
        if index + 1 < joints.len() && carrier > from {
            // 甲至乙铁路|乙至丙段: the line and its section.
            let node = view.at(&(carrier..until));
            known = usize::from(view.name_before(until).is_some());
            nodes = vec![node.to_owned()];
            start = carrier;
            if !is_node(node) {
                return None;
            }
            continue;
        }
        if let Some(name) = view.name_at(from).filter(|name| name.range.end <= until) {
            known += 1;
            nodes.push(view.at(&name.range).to_owned());
            end = name.range.end;
            continue;
        }
        let text = view.at(&(from..until));
        let node = if index + 1 < joints.len() {
            text
        } else {
            // The last node ends where the kind of line begins.
            let stops = text
                .char_indices()
                .map(|(offset, _)| offset)
                .filter(|offset| *offset > 0);
            let stop = stops.filter(|offset| {
                let rest = &text[*offset..];
                [Use::Line, Use::Section]
                    .into_iter()
                    .any(|of| view.words.at_start(of, rest).is_some())
                    || rest.starts_with(['（', '等', '市'])
                    || view.name_at(from + *offset).is_some()
            });
            &text[..stop.min().unwrap_or(text.len())]
        };
        if !is_node(node) {
            return None;
        }
        nodes.push(node.to_owned());
        end = from + node.len();
    }
    // Two places and no more may be a pair; a place that nobody knows needs a known one beside it.
    let (first, rest) = joints.split_first()?;
    let starts_from_one =
        matches!(first.1, "至" | "到") && rest.iter().all(|(_, word)| *word == "—");
    (known > 0 && nodes.len() > 1).then_some(Route {
        range: start..end,
        starts_from_one: starts_from_one && nodes.len() == joints.len() + 1,
        nodes,
    })
}

fn is_joint(view: &View<'_>, range: &Range<usize>, at: usize, word: &str) -> bool {
    let before = view.at(&(range.start..at));
    let after = view.at(&(at + word.len()..range.end));
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if digit(before.chars().last()) || digit(after.chars().next()) || before.is_empty() {
        return false;
    }
    match word {
        "经" | "连接" => {
            view.name_at(at + word.len()).is_some() && view.name_before(at).is_some()
        }
        "—" => !after.starts_with('—') && !before.ends_with('—'),
        _ => true,
    }
}

/// Before a bracket that ends at a byte.
fn without_aside(view: &View<'_>, start: usize, end: usize) -> usize {
    let text = view.at(&(start..end));
    match (text.ends_with('）'), text.rfind('（')) {
        (true, Some(open)) => start + open,
        _ => end,
    }
}

/// After the last word that carries a line: 某铁路|甲至乙.
fn after_carrier(view: &View<'_>, start: usize, end: usize) -> usize {
    let text = view.at(&(start..end));
    let mut from = start;
    for (offset, _) in text.char_indices() {
        let rest = &text[offset..];
        if let Some(word) = view.words.at_start(Use::Line, rest) {
            from = from.max(start + offset + word.len());
        }
    }
    from.min(end)
}

fn is_node(text: &str) -> bool {
    let length = text.chars().count();
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    (2..=LONGEST_NODE).contains(&length)
        && text.chars().all(han)
        && !text.contains(['的', '和', '与', '等', '及'])
}
