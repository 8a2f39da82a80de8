//! The list of things that a clause speaks of: cut into items, each with its own head noun or a shared one.
//!
//! `core` reads one item by itself, `shared` what a list says of all its items, `members` the places in it.

mod core;
mod members;
mod shared;

use std::ops::Range;

use super::lexicon::{Head, Shape};
use super::route;
use super::view::View;
use core::Core;
pub(super) use members::members;
use shared::{Shared, before_work, head_within, shared_head};

/// One thing of a list.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its own words.
    pub(super) range: Range<usize>,
    /// Its name, with the head noun that it shares.
    pub(super) name: String,
    pub(super) kind: Option<&'static str>,
    pub(super) shape: Shape,
    /// The places in its own words, in order.
    pub(super) members: Vec<String>,
    /// Codes of the provinces of those places.
    pub(super) provinces: Vec<u32>,
    /// Whether the head noun stands in its own words.
    pub(super) own_head: bool,
    /// What a bracket after its name says of the work: 迁建.
    pub(super) status: Option<&'static str>,
}

/// A run of items that share what stands after 等.
#[derive(Debug)]
struct Group {
    pieces: Vec<Range<usize>>,
    /// What stands after 等, without 等地 and words of size.
    shared: Option<Range<usize>>,
}

/// The items of the object of a clause.
pub(super) fn items(view: &View<'_>, object: &Range<usize>) -> Vec<Item> {
    let mut found = Vec::new();
    for group in groups(view, object) {
        found.extend(of_group(view, &group));
    }
    found
}

fn groups(view: &View<'_>, object: &Range<usize>) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut pieces = Vec::new();
    let mut open: Vec<Range<usize>> = view.split(object, &['、']);
    open.reverse();
    while let Some(segment) = open.pop() {
        let Some(at) = etc(view, &segment) else {
            // What runs into the label of the next list is the last of its own.
            let last = before_work(view, &segment) < segment.end;
            pieces.push(segment);
            if last {
                groups.push(Group {
                    pieces: std::mem::take(&mut pieces),
                    shared: None,
                });
            }
            continue;
        };
        pieces.push(segment.start..at);
        let after = at + "等".len()..segment.end;
        let next = view
            .find_all(&after, &["以及", "和", "及", "与"])
            .find(|(joint, word)| {
                let right = joint + word.len()..after.end;
                *joint > after.start && starts_an_item(view, &right)
            });
        let end = next.map_or(after.end, |(joint, _)| joint);
        groups.push(Group {
            pieces: std::mem::take(&mut pieces),
            shared: Some(after.start..end),
        });
        if let Some((joint, word)) = next {
            open.push(joint + word.len()..segment.end);
        }
    }
    if !pieces.is_empty() {
        groups.push(Group {
            pieces,
            shared: None,
        });
    }
    groups
}

/// Where 等 closes a list in a segment.
fn etc(view: &View<'_>, segment: &Range<usize>) -> Option<usize> {
    let text = view.at(segment);
    let mut found = view.find_all(segment, &["等"]);
    found.find_map(|(at, _)| {
        let before = &text[..at - segment.start];
        let after = &text[at - segment.start + "等".len()..];
        let word = before.ends_with(['高', '中', '平', '同', '优', '初', '均', '对'])
            || after.starts_with(['级', '于', '候', '待']);
        (!word && !before.is_empty()).then_some(at)
    })
}

/// Whether what stands after 和 begins an item of its own: with a name, or as a route.
fn starts_an_item(view: &View<'_>, right: &Range<usize>) -> bool {
    view.name_at(right.start).is_some() || route::of(view, right).is_some()
}

fn of_group(view: &View<'_>, group: &Group) -> Vec<Item> {
    let shared = group.shared.as_ref().map(|range| shared_head(view, range));
    let mut pieces = Vec::new();
    let several = group.pieces.len() > 1;
    let last = group.pieces.len().saturating_sub(1);
    for (index, piece) in group.pieces.iter().enumerate() {
        let ends = index == last && several;
        split_at_and(view, piece, ends, &mut pieces);
    }
    let mut cores: Vec<Core> = pieces.iter().map(|piece| Core::of(view, piece)).collect();
    give_prefixes(view, &mut cores);
    let shared_words = shared.as_ref().filter(|shared| shared.head.is_some());
    let own = cores.iter().any(|core| core.head.is_some() && !core.bare);
    let last_own = cores
        .last()
        .filter(|core| core.head.is_some() && !core.bare);
    // Of a last item that names its place, what follows the place is shared; of one that does not, its head.
    let tail = last_own.map(|core| core.after_place(view));
    if let Some(belt) = one_belt(view, &cores) {
        return vec![belt];
    }
    let from = star_from(&cores, shared_words);
    let mut items = Vec::new();
    for (index, core) in cores.iter().enumerate() {
        let is_place = core.bare && (shared_words.is_some() || (own && cores.len() > 1));
        let item = if let (Some(head), false) = (core.head, is_place) {
            core.named(view, head)
        } else if let Some(shared) = shared_words.filter(|_| core.may_share(view)) {
            match from.filter(|_| index > 0) {
                Some(from) => core.from(view, shared.head, from),
                None => core.to(view, shared.head, shared.words, &shared.to),
            }
        } else if group.shared.is_some() && core.is_itself(view) {
            core.unheaded(view)
        } else if group.shared.is_some() && core.may_share(view) {
            let right = cores[index + 1..].iter().find(|core| core.head.is_some());
            match right.map(|core| (core.head, core.after_place(view))) {
                Some((head, words)) => core.sharing(view, head, words),
                None => core.unheaded(view),
            }
        } else if let (Some(words), Some(last), true) = (tail, last_own, core.ends_placed(view)) {
            match last.star(view).filter(|_| core.bare) {
                Some((words, to)) => core.to(view, last.head, words, to),
                None => core.sharing(view, last.head, words),
            }
        } else {
            core.unheaded(view)
        };
        items.extend(core.sections(view, item));
    }
    majority(view, &mut items);
    items
}

/// 甲、乙、丙某旅游带 is one belt through all of them.
fn one_belt(view: &View<'_>, cores: &[Core<'_>]) -> Option<Item> {
    let (last, before) = cores.split_last()?;
    let head = last.head.filter(|_| !last.bare)?;
    let belt = matches!(
        head.kind,
        "development_axis" | "development_belt" | "tourism_corridor" | "agriculture_belt"
    );
    let bare = !before.is_empty() && before.iter().all(|core| core.bare);
    let own = belt && bare && head.shape == Shape::Own;
    own.then(|| Core::of(view, &(before[0].range.start..last.range.end)).named(view, head))
}

/// Of 甲至乙、丙、丁等市域铁路 the place that all lines start from.
fn star_from<'c>(cores: &'c [Core<'_>], shared: Option<&Shared<'_>>) -> Option<&'c str> {
    let (first, rest) = cores.split_first()?;
    let commuter = shared?.head.is_some_and(|head| head.kind == "railway");
    let route = first
        .route
        .as_ref()
        .filter(|route| route.nodes.len() == 2)?;
    let bare = !rest.is_empty() && rest.iter().all(|core| core.bare);
    (commuter && bare).then(|| route.nodes[0].as_str())
}

/// Names and sections without a head noun are what most of their list are.
fn majority(view: &View<'_>, items: &mut [Item]) {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for kind in items.iter().filter_map(|item| item.kind) {
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    let most = counts.iter().max_by_key(|(_, count)| *count);
    let Some(&(kind, _)) = most else { return };
    for item in items.iter_mut().filter(|item| item.kind.is_none()) {
        let text = view.at(&item.range);
        let whole = view.is_name(&item.range).is_some() || text.ends_with(['段', '线']);
        item.kind = whole.then_some(kind);
    }
}

/// Cuts a piece at 和 and its like, where both sides are items.
fn split_at_and(view: &View<'_>, piece: &Range<usize>, of_list: bool, out: &mut Vec<Range<usize>>) {
    let mut from = piece.start;
    let joints: Vec<(usize, &str)> = view
        .find_all(piece, &["以及", "和", "及", "与", "并"])
        .collect();
    for (joint, word) in joints {
        let (left, right) = (from..joint, joint + word.len()..piece.end);
        if left.is_empty() || right.is_empty() {
            continue;
        }
        // 甲江流域综合治理与|试点: what has no place goes on saying what is done at the place before.
        let placed = !view.names_in(&left).is_empty();
        let goes_on = !of_list || word == "与";
        if goes_on
            && placed
            && view.names_in(&right).is_empty()
            && route::of(view, &right).is_none()
        {
            continue;
        }
        if is_complete(view, &left, of_list) && is_item(view, &left, &right, of_list) {
            out.push(left);
            from = right.start;
        }
    }
    out.push(from..piece.end);
}

/// Whether a text is an item that lacks nothing but perhaps a shared head.
fn is_complete(view: &View<'_>, left: &Range<usize>, of_list: bool) -> bool {
    let text = view.at(left);
    let named = view.name_before(left.end).is_some() || text.ends_with(['）', '”', '段', '线']);
    named
        || view.words.head_at_end(text).is_some()
        || route::of(view, left).is_some()
        || (of_list && head_within(view, left, true).is_some())
}

fn is_item(view: &View<'_>, left: &Range<usize>, right: &Range<usize>, of_list: bool) -> bool {
    let (before, after) = (view.at(left), view.at(right));
    let headed =
        view.words.head_at_end(after).is_some() || head_within(view, right, false).is_some();
    let quoted = after.starts_with(['“', '《']);
    if !(starts_an_item(view, right) || quoted && of_list || of_list && headed) {
        return false;
    }
    // 某通道和某经济带|物流枢纽: one hub of both.
    let shared = ["通道", "经济带", "走廊", "流域"]
        .iter()
        .any(|end| before.ends_with(end));
    let group = view.words.head_at_end(after).is_some_and(|head| {
        head.kind == "logistics_hub" || (head.shape != Shape::Each && !shared_line(head))
    });
    of_list || !(shared && group)
}

fn shared_line(head: &Head) -> bool {
    matches!(
        head.kind,
        "railway" | "expressway" | "waterway" | "opening_channel"
    )
}

/// 甲通道东线、中线和西线: what only the first item says is said of all.
fn give_prefixes(view: &View<'_>, cores: &mut [Core<'_>]) {
    let mut prefix: Option<Range<usize>> = None;
    for core in cores {
        let text = view.at(&core.range);
        let direction = |text: &str| {
            let mut chars = text.chars();
            let first = chars.next().is_some_and(|c| "东西南北中".contains(c));
            first
                && chars
                    .next()
                    .is_some_and(|c| matches!(c, '线' | '翼' | '段'))
        };
        if direction(text) {
            core.prefix = prefix.clone().unwrap_or(core.prefix.clone());
        } else {
            let at = text
                .char_indices()
                .map(|(at, _)| at)
                .find(|at| *at > 0 && direction(&text[*at..]));
            prefix = at.map(|at| core.range.start..core.range.start + at);
        }
    }
}
