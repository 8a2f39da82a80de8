//! What a list says of all its items: the noun after 等, and where one list runs into the label of the next.

use std::ops::Range;

use super::members::members;
use crate::structures::lexicon::{Head, Use};
use crate::structures::status::without_tail;
use crate::structures::view::{View, attribute};

/// An item with more characters than this is a sentence, not a name.
const LONGEST_ITEM: usize = 40;

/// How far after its head noun the end of an item may lie, in characters.
const LONGEST_REST: usize = 12;

/// What stands after 等.
pub(super) struct Shared<'a> {
    pub(super) head: Option<&'a Head>,
    pub(super) words: &'a str,
    /// Of 甲、乙等至丙铁路: where all of them go.
    pub(super) to: Vec<String>,
}

pub(super) fn shared_head<'a>(view: &View<'a>, range: &Range<usize>) -> Shared<'a> {
    let mut range = view.without_start(range, &["地区的", "地的", "的"]);
    let text = view.at(&range);
    if let Some(rest) = text.strip_prefix("地区")
        && view.words.head_at_end(rest).is_some()
    {
        range.start += "地区".len();
    }
    let text = view.at(&without_tail(view, &range).0);
    if let Some(rest) = text.strip_prefix("城市")
        && let Some(head) = view.words.head_at_end(text)
        && rest.ends_with(head.word)
        && head.kind == "other"
        && rest.chars().count() <= 8
    {
        // 等城市|融合试点, but not 等|城市轨道交通.
        range.start += "城市".len();
    }
    let text = view.at(&range);
    // 等地|天然气资源, but 等|地下储气库.
    let noun = ["地下", "地方", "地铁", "地热", "地质", "地区", "地级"];
    if text.starts_with('地') && !noun.iter().any(|noun| text.starts_with(noun)) {
        range.start += "地".len();
    }
    if let Some(shared) = class_noun(view, &range) {
        return shared;
    }
    let (left, _) = without_tail(view, &range);
    range = left;
    if let Some(at) = attribute(view.at(&range)) {
        let (before, after) = (range.start..range.start + at, range.start + at + "的".len());
        // 等核电项目的|前期论证: what is done there is not what they are.
        let done = view
            .words
            .head_at_end(view.at(&(after..range.end)))
            .is_none()
            && head_within(view, &before, false)
                .is_some_and(|(end, _)| end == before.end || view.at(&(end..before.end)) == "项目");
        if done {
            range.end = before.end;
        } else {
            range.start = after;
        }
    }
    range = first_of_two(view, range);
    range.end = before_work(view, &range);
    loop {
        let text = view.at(&range);
        let word = [Use::Size, Use::Fame]
            .into_iter()
            .filter_map(|of| view.words.at_start(of, text))
            .max_by_key(|word| word.len());
        // 特色街区 is a noun by itself.
        let noun = view
            .words
            .head_at_end(text)
            .is_some_and(|head| head.word == text);
        let keep = |word: &&str| word.len() < text.len() && !noun;
        let Some(word) = word.filter(keep) else { break };
        range.start += word.len();
    }
    if let Some(shared) = class_noun(view, &range) {
        return shared;
    }
    match head_within(view, &range, false) {
        Some((end, head)) => {
            let work = view.at(&(end..range.end)).starts_with("工程");
            let end = end + if work { "工程".len() } else { 0 };
            let words = view.at(&(range.start..end));
            let words = if view.words.is(Use::Class, words) {
                ""
            } else {
                words
            };
            let to = if words.starts_with('至') {
                members(view, &(range.start..end))
            } else {
                Vec::new()
            };
            Shared {
                head: Some(head).filter(|_| !words.is_empty()),
                words,
                to,
            }
        }
        None => Shared {
            head: None,
            words: "",
            to: Vec::new(),
        },
    }
}

/// Of two things that are done everywhere, 防洪治理和|综合治理, the first, unless one word says both.
fn first_of_two(view: &View<'_>, range: Range<usize>) -> Range<usize> {
    let text = view.at(&range);
    let Some(head) = view.words.head_at_end(text) else {
        return range;
    };
    let joint = view
        .find_all(&range, &["以及", "和", "及"])
        .find(|(at, word)| {
            let outside = at + word.len() <= range.end - head.word.len();
            let left = view.words.head_at_end(view.at(&(range.start..*at)));
            outside && left.is_some() && view.names_in(&range).is_empty()
        });
    match joint {
        Some((at, _)) => range.start..at,
        None => range,
    }
}

/// Where the words of work inside a name begin: what follows them is the label of the next list, whose line break was
/// lost.
pub(super) fn before_work(view: &View<'_>, range: &Range<usize>) -> usize {
    let text = view.at(range);
    let works = ["前期论证工作", "前期研究工作", "前期工作", "工程", "建设"];
    let found = works
        .iter()
        .filter_map(|work| text.find(work).map(|at| (at, *work)))
        .min();
    match found {
        Some((at, work)) if at > 0 && at + work.len() < text.len() => {
            let end = range.start + at;
            let complete =
                work != "建设" && work != "工程" || view.words.head_at_end(&text[..at]).is_some();
            // 某工程技术中心 goes on after the word.
            let label = !["技术", "研究", "实验", "机械", "设计"]
                .iter()
                .any(|next| text[at + work.len()..].starts_with(next));
            if complete && label && !view.is_inside_name(end) {
                end + if work == "工程" { work.len() } else { 0 }
            } else {
                range.end
            }
        }
        _ => range.end,
    }
}

/// Where an item begins after the label of its list: 百亿级园区|甲工业园区.
pub(super) fn after_label(view: &View<'_>, range: &Range<usize>) -> usize {
    let first = view
        .names_in(range)
        .first()
        .map_or(range.start, |name| name.range.start);
    let label = view.at(&(range.start..first));
    let ends = view.words.head_at_end(label).is_some();
    if ends && label.chars().count() > 3 {
        first
    } else {
        range.start
    }
}

/// A noun that only says of what class the items are: 文旅品牌, 项目. Some tell a kind.
fn class_noun<'a>(view: &View<'a>, range: &Range<usize>) -> Option<Shared<'a>> {
    let text = view.at(range);
    let works = text.ends_with("重大工程") && text.chars().count() <= 10;
    let class = works || view.words.is(Use::Class, text);
    let mut head = view
        .words
        .head_at_end(text)
        .filter(|head| head.word == text || head.kind == "tourism_site");
    // 优质茶叶品牌: brands of one kind.
    let brands = !class && text.ends_with("品牌") && text.chars().count() <= 10;
    // 甲大米、乙山药等地理标志产品
    let produce = class && text.ends_with("产品");
    if brands || produce || class && head.is_some_and(|head| head.word.ends_with("品牌")) {
        let farmed = view.words.within(Use::Farm, text);
        let usual = if farmed {
            "农产品品牌"
        } else {
            "特色品牌"
        };
        head = head.or_else(|| view.words.head_at_end(usual));
    }
    let sights = ["旅游资源", "文旅资源", "红色资源"];
    if class && sights.iter().any(|end| text.ends_with(end)) {
        head = view.words.head_at_end("景点");
    }
    (class || brands).then_some(Shared {
        head,
        words: "",
        to: Vec::new(),
    })
}

/// The head noun of a range: at its end, before words of work, or at the end of its longest beginning that is a
/// name by itself. With the byte after the head.
pub(super) fn head_within<'a>(
    view: &View<'a>,
    range: &Range<usize>,
    needs_place: bool,
) -> Option<(usize, &'a Head)> {
    let mut end = range.end;
    for _ in 0..3 {
        let text = view.at(&(range.start..end));
        if let Some(head) = head_before(view, text, end) {
            return Some((end, head));
        }
        let cut = ["工程", "项目", "二期", "一期", "三期", "等"]
            .iter()
            .find(|word| text.ends_with(**word));
        let Some(cut) = cut else { break };
        end -= cut.len();
    }
    let text = view.at(range);
    if text.chars().count() > LONGEST_ITEM {
        return None;
    }
    let ends = text
        .char_indices()
        .rev()
        .map(|(at, _)| at)
        .take(LONGEST_REST);
    for at in ends {
        let end = range.start + at;
        let (before, after) = text.split_at(at);
        let crossed = after.contains(['段', '线', '、']);
        if before.is_empty() || crossed {
            break;
        }
        if view.is_inside_name(end) {
            continue;
        }
        if let Some(head) = head_before(view, before, end) {
            let placed = !view.names_in(&(range.start..end)).is_empty();
            if placed || !needs_place {
                return Some((end, head));
            }
        }
    }
    None
}

/// The head noun that a text ends with; 贵港 and 连云港 are cities and no ports.
pub(super) fn head_before<'a>(view: &View<'a>, text: &str, end: usize) -> Option<&'a Head> {
    use gazetteer::FeatureClass as C;
    let unit = view.name_before(end).is_some_and(|name| {
        matches!(
            name.class,
            C::Province | C::Prefecture | C::County | C::Foreign
        ) && name.sort == super::super::names::Sort::Place
    });
    view.words.head_at_end(text).filter(|_| !unit)
}
