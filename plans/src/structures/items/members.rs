//! The places in the words of an item.

use std::ops::Range;

use crate::structures::names::{Name, Sort};
use crate::structures::view::View;

/// The places in a range, in order: the parts of short names, else the names as printed.
pub(in crate::structures) fn members(view: &View<'_>, range: &Range<usize>) -> Vec<String> {
    let mut names = view.names_in(range);
    // 甲中心|乙分中心 stands in 乙.
    let text = view.at(range);
    if let (Some(at), true) = (text.find("中心"), text.ends_with("分中心")) {
        let own = view.names_in(&(range.start + at + "中心".len()..range.end));
        names = if own.is_empty() { names } else { own };
    }
    let mut members: Vec<String> = Vec::new();
    let lines = names.iter().all(|name| name.sort == Sort::Line);
    for (index, name) in names.iter().enumerate() {
        // 某铁路|甲乙段: a section says more than its line.
        let carrier =
            name.sort == Sort::Line && names.len() > 1 && !(lines && index + 1 == names.len());
        if !carrier {
            members.extend(name.members(view.at(&name.range)));
        }
    }
    if names.is_empty() {
        let outer = view
            .names
            .partition_point(|name| name.range.end <= range.start);
        let inner = view
            .names
            .get(outer)
            .into_iter()
            .flat_map(|name| &name.inner);
        let inside =
            inner.filter(|name| range.start <= name.range.start && name.range.end <= range.end);
        members.extend(inside.flat_map(|name| name.members(view.at(&name.range))));
    }
    without_wider(names, view, &mut members);
    without_frames(names, view, &mut members);
    let mut seen = std::collections::HashSet::new();
    members.retain(|member| seen.insert(member.clone()));
    members
}

/// The provinces before a river or before units say only whose these are: 川渝|长江黄金水道, 甲市|川渝合作区. Of
/// two partner countries and a city of the first (中新（重庆）) the first says nothing more.
fn without_frames(names: &[Name], view: &View<'_>, members: &mut Vec<String>) {
    use gazetteer::FeatureClass as C;
    let provinces = |name: &Name| {
        name.class == C::Province || (name.class == C::Compound && name.of_provinces && !name.pair)
    };
    let water = names
        .iter()
        .any(|name| matches!(name.class, C::River | C::Waterway));
    let units = names.iter().any(|name| {
        matches!(name.class, C::Prefecture | C::County)
            || name.class == C::Compound && !name.of_provinces
    });
    let mut drop = |name: &Name| {
        let of = name.members(view.at(&name.range));
        if members.iter().any(|member| !of.contains(member)) {
            members.retain(|member| !of.contains(member));
        }
    };
    for name in names.iter().filter(|name| provinces(name)) {
        let frame = water || units && name.class == C::Compound;
        if frame {
            drop(name);
        }
    }
    // 甲市|川渝合作示范区: the zone of two provinces that stands in one city.
    let zone = |name: &&Name| {
        let both = |inner: &Name| inner.class == C::Compound && inner.of_provinces;
        name.sort == Sort::Place && name.inner.iter().any(both)
    };
    let city = names
        .first()
        .is_some_and(|name| matches!(name.class, C::Prefecture | C::County));
    for name in names.iter().filter(zone).filter(|_| city) {
        drop(name);
    }
    if let Some(pair) = names.iter().find(|name| name.pair)
        && names.len() > 1
    {
        let words = view.at(&pair.range);
        let partner = pair.parts.last().cloned();
        let at = members.iter().position(|member| member == words);
        if let (Some(at), Some(partner)) = (at, partner) {
            members[at] = partner;
        }
    }
}

/// Beside a unit, the country and the quarter of it that it lies in say nothing more, and a municipality says no
/// more than its district.
fn without_wider(names: &[Name], view: &View<'_>, members: &mut Vec<String>) {
    use gazetteer::FeatureClass as C;
    let units = names.iter().filter(|name| {
        matches!(
            name.class,
            C::Prefecture | C::County | C::EconomicZone | C::Province | C::Compound
        )
    });
    let finest = units.map(|name| name.class).max();
    let Some(finest) = finest else { return };
    let wide = |name: &&Name| {
        let words = view.at(&name.range);
        let quarter =
            words.starts_with(['东', '西', '南', '北', '中']) && words.chars().count() <= 4;
        let above = name.class == C::Province
            && matches!(finest, C::Prefecture | C::County | C::EconomicZone);
        let county = name.class == C::County
            && names.iter().any(|other| {
                other.class == C::Prefecture
                    && other.range.end == name.range.start
                    && other.provinces == name.provinces
            });
        matches!(name.class, C::Country | C::Foreign) && finest != C::Province
            || name.class == C::Region && quarter
            || above
                && names
                    .iter()
                    .any(|other| other.class == finest && other.provinces == name.provinces)
            || county
    };
    let wide: Vec<&str> = names
        .iter()
        .filter(wide)
        .map(|name| view.at(&name.range))
        .collect();
    if wide.len() < names.len() {
        members.retain(|member| !wide.contains(&member.as_str()));
    }
}
