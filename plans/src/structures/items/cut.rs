//! Where a list is cut: at its marks, at 和 and its like, and where a mark was lost.

use std::ops::Range;

use super::Group;
use super::shared::{before_work, head_within};
use crate::structures::lexicon::{Head, Shape};
use crate::structures::route;
use crate::structures::view::View;

pub(super) fn groups(view: &View<'_>, object: &Range<usize>) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut pieces = Vec::new();
    let mut open: Vec<Range<usize>> = view.split(object, &['、']);
    open = open
        .into_iter()
        .flat_map(|piece| quotations(view, piece))
        .flat_map(|piece| run_together(view, piece))
        .collect();
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

/// Names in quotation marks that stand in a row need no mark between: “甲”“乙”.
fn quotations(view: &View<'_>, piece: Range<usize>) -> Vec<Range<usize>> {
    let text = view.at(&piece);
    let mut parts = Vec::new();
    let mut from = piece.start;
    let closed = text.rfind('”').map_or("", |at| &text[at + "”".len()..]);
    // “甲”“乙”公共平台 is one platform.
    if !closed.is_empty() && !closed.starts_with('等') {
        return vec![piece];
    }
    for (at, _) in text.match_indices("”“") {
        let end = piece.start + at + "”".len();
        if !view.is_inside_name(end) {
            parts.push(from..end);
            from = end;
        }
    }
    parts.push(from..piece.end);
    parts
}

/// A label between two items whose line breaks were lost: 甲工业园区|百亿级园区|乙工业园区.
fn run_together(view: &View<'_>, piece: Range<usize>) -> Vec<Range<usize>> {
    let names = view.names_in(&piece);
    for pair in names.windows(2) {
        let between = pair[0].range.start..pair[1].range.start;
        let Some(label) = view.words.head_at_end(view.at(&between)) else {
            continue;
        };
        // The label is longer than its head, and so is what stands before it.
        let text = view.at(&between);
        let ends = text.char_indices().map(|(at, _)| at).skip(3);
        let longest = text.len().saturating_sub(label.word.len());
        let cut = ends.take_while(|at| *at < longest).find(|at| {
            let head = view.words.head_at_end(&text[..*at]);
            head.is_some_and(|head| {
                head.word.len() < *at
                    && head.word.chars().last() == label.word.chars().last()
                    && head.word.chars().nth(1).is_some()
            }) && !view.is_inside_name(between.start + at)
        });
        let rest = between.end..piece.end;
        if let Some(at) = cut
            && view.words.head_at_end(view.at(&rest)).is_some()
        {
            return vec![piece.start..between.start + at, rest];
        }
    }
    vec![piece]
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

/// Cuts a piece at 和 and its like, where both sides are items.
pub(super) fn split_at_and(
    view: &View<'_>,
    piece: &Range<usize>,
    of_list: bool,
    out: &mut Vec<Range<usize>>,
) {
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
        // 国家甲示范区和某科技创新中心: two things by their heads.
        let unplaced = || view.names_in(&left).is_empty() && !of_list && word == "和";
        // 国际旅游目的地和区域物流枢纽: of two kinds.
        let kind =
            |side: &Range<usize>| view.words.head_at_end(view.at(side)).map(|head| head.kind);
        let differ = kind(&left) != kind(&right);
        let other = (word == "以及" || unplaced())
            && [&left, &right].iter().all(|side| {
                let head = view.words.head_at_end(view.at(side));
                // Of each there are many: the list that they close makes one of each.
                let one = |head: &&Head| head.shape != Shape::Each || word == "以及" || differ;
                let named =
                    |head: &Head| head.word.len() < side.len() || side.len() > 4 * "甲".len();
                head.filter(one).is_some_and(named)
            });
        if other {
            out.push(left);
            from = right.start;
            continue;
        }
        let goes_on = !of_list || word == "与";
        if goes_on
            && placed
            && view.names_in(&right).is_empty()
            && route::of(view, &right).is_none()
        {
            continue;
        }
        if (is_complete(view, &left, of_list) || are_placed(view, &left, &right))
            && is_item(view, &left, &right, of_list)
        {
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

/// Whether both begin with a place of its own, and the right one is headed: 甲某城市和乙科技城.
fn are_placed(view: &View<'_>, left: &Range<usize>, right: &Range<usize>) -> bool {
    let unit = |range: &Range<usize>| {
        view.name_at(range.start)
            .is_some_and(|name| name.class.is_administrative() && name.range.end < range.end)
    };
    let both = unit(left) && unit(right) || is_national(view, left) && is_national(view, right);
    both && view.words.head_at_end(view.at(right)).is_some()
}

/// Whether a text names a thing of national rank. 国家级开发区和国家高新区 are each one of many: the list that they
/// close makes one of each.
fn is_national(view: &View<'_>, range: &Range<usize>) -> bool {
    let head = view.words.head_at_end(view.at(range));
    view.at(range).starts_with("国家") && head.is_some_and(|head| head.shape != Shape::Each)
}

fn is_item(view: &View<'_>, left: &Range<usize>, right: &Range<usize>, of_list: bool) -> bool {
    let (before, after) = (view.at(left), view.at(right));
    let headed =
        view.words.head_at_end(after).is_some() || head_within(view, right, false).is_some();
    let quoted = after.starts_with(['“', '《']);
    let nations = is_national(view, left) && is_national(view, right);
    if !(starts_an_item(view, right) || nations || quoted && of_list || of_list && headed) {
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
        "railway" | "expressway" | "waterway" | "opening_channel" | "transport_corridor"
    )
}
