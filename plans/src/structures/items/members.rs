//! The places in the words of an item.

use std::ops::Range;

use crate::structures::names::{Name, Sort};
use crate::structures::view::View;

/// The places in a range, in order: the parts of short names, else the names as printed.
pub(in crate::structures) fn members(view: &View<'_>, range: &Range<usize>) -> Vec<String> {
    let names = view.names_in(range);
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
    let mut seen = std::collections::HashSet::new();
    members.retain(|member| seen.insert(member.clone()));
    members
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
            && names
                .iter()
                .any(|other| other.class == C::Prefecture && other.range.end == name.range.start);
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
