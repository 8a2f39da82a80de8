//! What a plan or a region is made of: 范围包括 …, with parts, exclusions and prefixes that carry on.

use std::collections::HashSet;
use std::ops::Range;

use gazetteer::FeatureClass as C;

use super::names::Name;
use super::view::{View, aside};

/// Fewer units than this are no scope.
const FEWEST: usize = 3;
const LEADS: [&str; 8] = [
    "规划范围包括",
    "范围包括",
    "具体包括",
    "包括",
    "涵盖",
    "范围涉及",
    "范围为",
    "由",
];

/// The members of a scope.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The words before its verb.
    pub(super) subject: Range<usize>,
    pub(super) members: Vec<String>,
    pub(super) excludes: Vec<String>,
    /// Members of which only parts belong to it.
    pub(super) partial: Vec<String>,
    pub(super) words: Range<usize>,
}

/// The scope that a sentence gives.
pub(super) fn scope(view: &View<'_>, sentence: &Range<usize>) -> Option<Scope> {
    let (at, lead) = view.find_all(sentence, &LEADS).next()?;
    let list = at + lead.len()..sentence.end;
    if lead == "由" && !view.at(&list).contains("组成") {
        return None;
    }
    let mut scope = Scope {
        subject: sentence.start..at,
        ..Scope::default()
    };
    let mut at = list.start;
    let mut seen = HashSet::new();
    while at < list.end {
        let Some(name) = next_unit(view, at, list.end) else {
            break;
        };
        let between = view.at(&(at..name.range.start));
        if ends_list(between) && !scope.members.is_empty() {
            break;
        }
        at = name.range.end;
        // 甲区—乙经开区 is one unit of two.
        let joined = view.at(&(at..list.end)).starts_with('—');
        if let Some(other) = view
            .name_at(at + "—".len())
            .filter(|other| joined && is_unit(other) && other.range.end <= list.end)
        {
            at = other.range.end;
        }
        let rest = view.at(&(at..list.end));
        let printed = view.at(&(name.range.start..at)).to_owned();
        // 甲省的乙市: a parent whose parts follow is no member.
        let of = rest.strip_prefix('的');
        let parent = of.is_some_and(|rest| !rest.starts_with("部分") && !rest.starts_with("市区"))
            || view
                .name_at(at)
                .is_some_and(|next| is_unit(next) && next.class > name.class);
        if parent {
            continue;
        }
        if rest.starts_with("部分") || of.is_some_and(|rest| rest.starts_with("部分")) {
            scope.partial.push(printed.clone());
        }
        if let Some(length) = aside(rest) {
            let inner = at + "（".len()..at + length - "）".len();
            let text = view.at(&inner);
            if text.starts_with('除') || text.starts_with("不含") {
                let out = view.names_in(&inner).iter().filter(|name| is_unit(name));
                scope
                    .excludes
                    .extend(out.map(|name| view.at(&name.range).to_owned()));
            }
            at += length;
        }
        if seen.insert(printed.clone()) {
            scope.members.push(printed);
        }
    }
    scope.words = list.start..at;
    (scope.members.len() >= FEWEST).then_some(scope)
}

/// Whether a text between two names says that the list is over.
fn ends_list(text: &str) -> bool {
    let figures = ["面积", "人口", "总值", "年"]
        .iter()
        .any(|word| text.contains(word));
    // A comma parts the provinces of a list; words after it are another clause.
    let clause = text
        .split_once('，')
        .is_some_and(|(_, rest)| !matches!(rest, "" | "以及" | "和"));
    figures || clause || text.chars().count() > 16
}

fn next_unit<'a>(view: &View<'a>, at: usize, end: usize) -> Option<&'a Name> {
    view.names_in(&(at..end)).iter().find(|name| is_unit(name))
}

fn is_unit(name: &Name) -> bool {
    matches!(
        name.class,
        C::Province | C::Prefecture | C::County | C::EconomicZone
    )
}
