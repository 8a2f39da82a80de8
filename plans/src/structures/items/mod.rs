//! The list of things that a clause speaks of: cut into items, each with its own head noun or a shared one.
//!
//! `cut` finds where the items end, `core` reads one item by itself, `words` its words, `shared` what a list says of all its items, `members` the places in it.

mod core;
mod cut;
mod members;
mod shared;
mod words;

use std::ops::Range;

use super::lexicon::{Shape, Use};
use super::route;
use super::view::View;
use core::Core;
use cut::{groups, split_at_and};
pub(super) use members::members;
use shared::{Shared, shared_head};
pub(super) use words::transferred;

/// What runs from one place to several: 甲至乙、丙|城际公交.
const SERVICES: [&str; 10] = [
    "公交",
    "公交（班车）",
    "班车",
    "班线",
    "大巴",
    "列车",
    "班列",
    "航线",
    "市域铁路",
    "市域（郊）铁路",
];

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

fn of_group(view: &View<'_>, group: &Group) -> Vec<Item> {
    let shared = group.shared.as_ref().map(|range| shared_head(view, range));
    let mut pieces = Vec::new();
    let several = group.pieces.len() > 1;
    let last = group.pieces.len().saturating_sub(1);
    for (index, piece) in group.pieces.iter().enumerate() {
        let ends = index == last && several;
        split_at_and(view, piece, ends, &mut pieces);
    }
    let after = to_the_next(view, &mut pieces);
    let mut cores: Vec<Core> = pieces.iter().map(|piece| Core::of(view, piece)).collect();
    give_prefixes(view, &mut cores);
    let shared_words = shared.as_ref().filter(|shared| shared.head.is_some());
    let owns = |core: &Core| core.head.is_some() && !core.bare;
    let own = cores.iter().any(owns);
    let mut items = Vec::new();
    if let Some((belt, rest)) = one_belt(view, &cores) {
        items.push(belt);
        cores.drain(..rest);
    }
    if let Some(belt) = one_belt_of(view, &cores, shared_words) {
        return vec![belt];
    }
    let from = star_from(&cores, shared_words);
    let services = services_from(view, &cores, after);
    // For each item the next one, itself included, that has a head noun of its own.
    let mut next_owner = vec![None; cores.len()];
    let mut next = None;
    for (index, core) in cores.iter().enumerate().rev() {
        next = if owns(core) { Some(index) } else { next };
        next_owner[index] = next;
    }
    for (index, core) in cores.iter().enumerate() {
        let is_place = core.bare && (shared_words.is_some() || (own && cores.len() > 1));
        let site = || is_other(view, core, shared_words);
        let next = next_owner[index].map(|next| &cores[next]);
        let service = services.filter(|(_, count)| (1..*count).contains(&index));
        let runs = services.filter(|_| index == 0 && core.head.is_none());
        let item = if let (Some(_), Some(last)) = (runs, next) {
            let item = core.sharing(view, last.head, "");
            let name = format!(
                "{}{}",
                item.name,
                last.after_place(view).trim_start_matches("城区")
            );
            Item { name, ..item }
        } else if let Some((from, _)) = service {
            core.from(view, core.head.or(next.and_then(|next| next.head)), from)
        } else if let (Some(head), false) = (core.head, is_place || site()) {
            core.named(view, head)
        } else if let Some(shared) = shared_words.filter(|_| core.may_share(view)) {
            match from.filter(|_| index > 0) {
                Some(from) => core.from(view, shared.head, from),
                None => core.to(view, shared.head, shared.words, &shared.to),
            }
        } else if group.shared.is_some() && core.is_itself(view) {
            core.unheaded(view)
        } else if group.shared.is_some() && core.may_share(view) {
            let right = next;
            let sight = |core: &&Core| core.head.is_some_and(|head| head.kind == "tourism_site");
            let right = right.filter(|right| (core.bare || !sight(right)) && right.lends(view));
            match right.map(|core| (core.head, core.after_place(view))) {
                Some((head, words)) => core.sharing(view, head, words),
                None => core.unheaded(view),
            }
        } else if let Some(next) = next_owner[index].filter(|next| {
            // 甲镇茶山、乙文创街区: a sight is named by itself.
            let sight = cores[*next]
                .head
                .is_some_and(|head| head.kind == "tourism_site");
            // 甲岛、科学城: a noun that is a name by itself is not lent, nor the rest of a name (乙山·丙景区).
            let lent = cores[*next].lends(view);
            let may = core.may_take(view) || core.is_like(view, cores[*next].head);
            may && (core.bare || !sight) && lent
        }) {
            // Of an item that names its place, what follows the place is shared; of one that does not, its head.
            let next = &cores[next];
            match next.star(view).filter(|_| core.bare) {
                Some((words, to)) => core.to(view, next.head, words, to),
                None => core.sharing(view, next.head, next.after_place(view)),
            }
        } else {
            core.unheaded(view)
        };
        items.extend(core.sections(view, item));
    }
    majority(view, &mut items);
    lines_of_one(&mut items);
    let called = group.shared.as_ref().map_or("", |shared| view.at(shared));
    if called.starts_with("品牌") {
        for item in items.iter_mut().filter(|item| item.name.ends_with('”')) {
            item.name.push_str("品牌");
        }
    }
    let brands = shared_words.is_some_and(|shared| {
        shared
            .head
            .is_some_and(|head| head.word.ends_with("品牌") && head.kind == "tourism_site")
    });
    if brands {
        of_the_land(view, &mut items);
    }
    items
}

/// Whether the own head of an item is of another thing than what its list shares: 甲港、乙坝等储煤基地, a base at a port is no
/// port; 甲渠等灌区, the canal that waters it.
fn is_other(view: &View<'_>, core: &Core<'_>, shared: Option<&Shared<'_>>) -> bool {
    let Some(head) = shared.and_then(|shared| shared.head) else {
        return false;
    };
    let other = match core.head.map_or("", |head| head.kind) {
        "port" => head.word.ends_with("基地"),
        "tourism_site" => head.kind == "station",
        "water_project" => head.kind == "irrigation_district",
        "new_area" => head.kind == "consumer_district",
        _ => false,
    };
    other && view.is_name(&core.range).is_some()
}

/// 甲北线、中线和南线通道: all of them are what the last is called.
fn lines_of_one(items: &mut [Item]) {
    let Some((last, before)) = items.split_last_mut() else {
        return;
    };
    let sides = ["东线", "西线", "南线", "北线", "中线"];
    let side = |word: &&str| last.name.rfind(word).map(|at| at + word.len());
    let Some(rest) = sides.iter().find_map(side).map(|at| &last.name[at..]) else {
        return;
    };
    if rest.is_empty() || rest.chars().count() > 10 {
        return;
    }
    for item in before {
        if sides.iter().any(|side| item.name.ends_with(side)) {
            item.name.push_str(rest);
            item.kind = last.kind;
        }
    }
}

/// Brands of which some are crops or dishes are what the land yields: 甲花椒、乙豆豉等特色品牌.
fn of_the_land(view: &View<'_>, items: &mut [Item]) {
    let farmed = |item: &&Item| view.words.within(Use::Farm, view.at(&item.range));
    if items.iter().filter(farmed).count() * 3 >= items.len() {
        for item in items
            .iter_mut()
            .filter(|item| item.kind == Some("tourism_site"))
        {
            item.kind = Some("agriculture_belt");
        }
    }
}

/// 甲、乙、丙某旅游带 is one belt through all of them. With how many items it is made of.
fn one_belt(view: &View<'_>, cores: &[Core<'_>]) -> Option<(Item, usize)> {
    let count = cores.iter().position(|core| !core.bare)? + 1;
    let (last, before) = cores[..count].split_last()?;
    let head = last.head.filter(|_| !last.bare)?;
    let belt = matches!(
        head.kind,
        "development_axis" | "development_belt" | "tourism_corridor" | "agriculture_belt"
    );
    let bare = !before.is_empty() && before.iter().all(|core| core.bare);
    // 甲、乙、丙互通快速通道, 甲和乙城际骨干网
    let words = last.after_place(view);
    let between = ["互通", "互联", "之间"]
        .iter()
        .any(|word| words.starts_with(word))
        || head.kind == "other" && words.starts_with("城际");
    let whole = count == cores.len();
    let own = bare && (between || whole && belt && head.shape == Shape::Own);
    own.then(|| {
        let range = before[0].range.start..last.range.end;
        (Core::of(view, &range).named(view, head), count)
    })
}

/// 甲、乙、丙等某产业带 is one belt through all of them, named by what it is.
fn one_belt_of(view: &View<'_>, cores: &[Core<'_>], shared: Option<&Shared<'_>>) -> Option<Item> {
    let shared = shared?;
    let head = shared.head.filter(|head| {
        matches!(
            head.kind,
            "development_belt" | "tourism_corridor" | "agriculture_belt"
        ) && head.word.ends_with('带')
    })?;
    let (first, last) = (cores.first()?, cores.last()?);
    // 甲草、乙叶等中药材产业带: what grows in it is not where it is.
    let products = head.word == "产业带" && cores.iter().all(|core| !core.is_placed(view));
    let places = cores.len() > 1 && (products || cores.iter().all(|core| core.bare));
    let named = shared.words.len() > head.word.len();
    (places && named).then(|| Item {
        name: shared.words.to_owned(),
        kind: Some(head.kind),
        shape: head.shape,
        ..Core::of(view, &(first.range.start..last.range.end)).item(view, "")
    })
}

/// Of 甲至乙、丙、丁等市域铁路 the place that all lines start from.
fn star_from<'c>(cores: &'c [Core<'_>], shared: Option<&Shared<'_>>) -> Option<&'c str> {
    let (first, rest) = cores.split_first()?;
    let line = shared?
        .head
        .is_some_and(|head| matches!(head.kind, "railway" | "road" | "expressway"));
    let route = first.route.as_ref().filter(|route| route.starts_from_one)?;
    let bare = !rest.is_empty() && rest.iter().all(|core| core.bare);
    (line && bare).then(|| route.nodes[0].as_str())
}

/// 甲至乙公交、至丙大巴: cuts the 至 off the items that go on from the first place. The first of them.
fn to_the_next(view: &View<'_>, pieces: &mut [Range<usize>]) -> Option<usize> {
    let (first, rest) = pieces.split_first_mut()?;
    let route = route::of(view, first)?;
    let mut cut = None;
    for (index, piece) in rest.iter_mut().enumerate() {
        let from = piece.start + "至".len();
        if route.starts_from_one && view.at(piece).starts_with('至') && view.name_at(from).is_some()
        {
            piece.start = from;
            cut = cut.or(Some(index + 1));
        }
    }
    cut
}

/// Of 甲至乙、丙城际公交 the place that all services start from, and how many items there are. `after`: where an item
/// said by itself that it goes on from there.
fn services_from<'c>(
    view: &View<'_>,
    cores: &'c [Core<'_>],
    after: Option<usize>,
) -> Option<(&'c str, usize)> {
    let first = cores.first()?;
    let route = first.route.as_ref().filter(|route| route.starts_from_one)?;
    let count = cores.iter().skip(1).position(|core| !core.bare)? + 2;
    let last = &cores[count - 1];
    let place = view.name_at(last.range.start);
    let starts = place.is_some_and(|name| !name.sort.is_line()) && last.route.is_none();
    let head = last.head.filter(|_| starts)?;
    let words = last.after_place(view);
    let service = words.ends_with(head.word) && SERVICES.iter().any(|end| words.ends_with(end));
    let whole = after.map_or(count, |_| cores.len());
    let said = after.is_some();
    (said || service && first.head.is_none()).then(|| (route.nodes[0].as_str(), whole))
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
        let sight = kind == "tourism_site"
            && view.name_at(item.range.start).is_some()
            && text.chars().count() <= 12;
        item.kind = (whole || sight).then_some(kind);
    }
}

/// 甲通道东线、中线和西线, 甲港口型、空港型枢纽: what only the first item says is said of all.
fn give_prefixes(view: &View<'_>, cores: &mut [Core<'_>]) {
    let mut prefix: Option<Range<usize>> = None;
    let mut place: Option<Range<usize>> = None;
    let mut counting: Option<Range<usize>> = None;
    for core in cores {
        let text = view.at(&core.range);
        let typed = text.find('型').is_some_and(|at| at <= "甲乙丙丁戊".len());
        place = match view.name_at(core.range.start) {
            Some(name)
                if text
                    .get(name.range.len()..)
                    .is_some_and(|rest| rest.contains('型')) =>
            {
                Some(name.range.clone())
            }
            None if typed && view.names_in(&core.range).is_empty() => place,
            _ => None,
        };
        // 甲第二通道、|第三通道
        let counted = text.starts_with('第') && view.names_in(&core.range).is_empty();
        if let Some(place) = counting.clone().filter(|_| counted) {
            core.prefix = place;
            continue;
        }
        counting = view
            .name_at(core.range.start)
            .map(|name| name.range.clone())
            .filter(|name| view.at(&(name.end..core.range.end)).starts_with('第'));
        if let (Some(place), None) = (&place, view.name_at(core.range.start)) {
            core.prefix = place.clone();
            continue;
        }
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
