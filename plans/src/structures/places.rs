//! The list of places at the start of a text: who does something, or where.

use std::ops::Range;

use super::names::{Name, Sort};
use super::view::View;

/// A list of places.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// Each item as printed: 綦江—万盛 is one.
    pub(super) items: Vec<Range<usize>>,
    /// The places, in order.
    pub(super) members: Vec<String>,
    pub(super) provinces: Vec<u32>,
    /// Whether all of them are units below a province.
    pub(super) local: bool,
    /// Whether all of them are units below a province, or cities that are provinces.
    pub(super) cities: bool,
    /// Whether all of them are units.
    pub(super) units: bool,
    /// One past the list, 等地 and its like included.
    pub(super) end: usize,
}

/// Cities that are provinces.
const MUNICIPALITIES: [&str; 4] = ["北京", "天津", "上海", "重庆"];
/// What may follow 等 and still says no more than that they are places.
const AFTER_ETC: [&str; 27] = [
    "毗邻地区",
    "毗邻区域",
    "周边地区",
    "区（县、市）",
    "区（市、县）",
    "县（市、区）",
    "市（县、区）",
    "市（区、县）",
    "县（区、市）",
    "区县（市）",
    "市（区）",
    "县（市）",
    "县（区）",
    "区（县）",
    "县市区",
    "市县区",
    "地区",
    "沿江城市",
    "沿线城市",
    "周边城市",
    "老工业城市",
    "城市",
    "区县",
    "市县",
    "地",
    "市",
    "县",
];

/// Reads the list that a range begins with.
pub(super) fn at_start(view: &View<'_>, range: &Range<usize>) -> Option<Places> {
    let mut places = Places {
        local: true,
        cities: true,
        units: true,
        ..Places::default()
    };
    let mut at = range.start;
    while let Some(end) = {
        at = past_parent(view, at);
        item(view, at, range.end, &mut places)
    } {
        places.items.push(at..end);
        places.end = end;
        let rest = view.at(&(end..range.end));
        let joint = ["、", "以及", "和", "与", "及", "同"]
            .iter()
            .find(|joint| rest.starts_with(**joint));
        let next = joint.map(|joint| end + joint.len());
        let next = next.map(|next| match unknown(view, next, range.end) {
            Some(after) if joint == Some(&"、") => {
                places.items.push(next..after);
                places.members.push(view.at(&(next..after)).to_owned());
                places.end = after;
                after + "、".len()
            }
            _ => next,
        });
        match next.filter(|next| view.name_at(*next).is_some_and(is_place)) {
            Some(next) => at = next,
            None => break,
        }
    }
    if places.items.is_empty() {
        return None;
    }
    let rest = view.at(&(places.end..range.end));
    if let Some(after) = rest.strip_prefix("等") {
        let more = AFTER_ETC.iter().find(|word| after.starts_with(**word));
        places.end += "等".len() + more.map_or(0, |word| word.len());
    }
    places.provinces.sort_unstable();
    places.provinces.dedup();
    Some(places)
}

pub(super) fn is_place(name: &Name) -> bool {
    matches!(name.sort, Sort::Place | Sort::Short)
}

/// A place that nobody knows, between two of a list: 甲、某、乙. One past it.
fn unknown(view: &View<'_>, at: usize, until: usize) -> Option<usize> {
    if view.name_at(at).is_some() {
        return None;
    }
    let text = view.at(&(at..until));
    let end = text.find('、')?;
    let short = (2..=3).contains(&text[..end].chars().count());
    let after = view.name_at(at + end + "、".len());
    let place = after.is_some_and(|name| is_place(name) && name.class.is_administrative());
    let noun = view.words.head_at_end(&text[..end]).is_some();
    let own = view.names_in(&(at..at + end)).is_empty();
    let verb = view.words.verb_at_start(text).is_some();
    (short && place && own && !noun && !verb).then_some(at + end)
}

/// A prefecture or county by a name of two characters.
fn is_short_unit(name: &Name) -> bool {
    use gazetteer::FeatureClass as C;
    matches!(name.class, C::Prefecture | C::County) && name.range.len() == "甲乙".len()
}

/// 甲省|乙市: where the unit of a province begins, whose whole name stands before it.
fn past_parent(view: &View<'_>, at: usize) -> usize {
    use gazetteer::FeatureClass as C;
    let Some(parent) = view.name_at(at) else {
        return at;
    };
    let whole = view.at(&parent.range).ends_with(['省', '市', '区']);
    let unit = view.name_at(parent.range.end);
    let unit = unit.filter(|unit| {
        let below = match parent.class {
            C::Province => matches!(unit.class, C::Prefecture | C::County),
            C::Prefecture => unit.class == C::County,
            _ => false,
        };
        below && unit.provinces == parent.provinces
    });
    match unit {
        Some(unit) if whole || is_short_unit(unit) => unit.range.start,
        _ => at,
    }
}

/// One item of the list: a name, and what is joined to it by a dash. The byte after it.
fn item(view: &View<'_>, at: usize, until: usize, places: &mut Places) -> Option<usize> {
    use gazetteer::FeatureClass as C;
    let mut at = at;
    let mut end = None;
    loop {
        let name = view
            .name_at(at)
            .filter(|name| is_place(name) && name.range.end <= until);
        let Some(name) = name else { break };
        // 甲县乙镇 is one place.
        let town = view.name_at(name.range.end);
        let town = town.filter(|town| {
            name.class == C::County && town.class == C::Town && town.range.end <= until
        });
        if let Some(town) = town {
            let whole = name.range.start..town.range.end;
            places.members.push(view.at(&whole).to_owned());
        } else {
            places.members.extend(name.members(view.at(&name.range)));
        }
        places.provinces.extend(&name.provinces);
        let local = matches!(
            name.class,
            C::Prefecture | C::County | C::Town | C::EconomicZone | C::Compound | C::Settlement
        );
        places.local &= local;
        let words = view.at(&name.range);
        places.cities &= local || MUNICIPALITIES.iter().any(|city| words.starts_with(city));
        places.units &=
            name.class.is_administrative() || matches!(name.class, C::EconomicZone | C::Compound);
        let mut after = town.map_or(name.range.end, |town| town.range.end);
        let rest = view.at(&(after..until));
        if rest.starts_with('（') {
            after += super::view::aside(rest).unwrap_or(0);
        }
        for class in ["市区", "市", "区", "县", "地区"] {
            let rest = view.at(&(after..until));
            let alone = rest.strip_prefix(class).is_some_and(|rest| {
                class == "地区"
                    || rest.is_empty()
                    || rest.starts_with(['、', '和', '等', '—', '，', '与', '及'])
            });
            if alone {
                after += class.len();
                break;
            }
        }
        end = Some(after);
        let rest = view.at(&(after..until));
        if rest.starts_with('—') && !rest.starts_with("——") {
            at = after + "—".len();
        } else if view.name_at(after).is_some_and(|next| {
            next.class == name.class || is_short_unit(name) && is_short_unit(next)
        }) {
            // 甲乙产业协同发展: two names that nothing joins.
            at = after;
        } else {
            break;
        }
    }
    end
}
