//! What changed from one plan to another: added, dropped, renamed, at another stage, of other members.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::catalogue::{Plan, Structure};

/// A structure of two plans, or of one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'p> {
    /// In the earlier plan.
    pub before: Option<&'p Structure>,
    /// In the later plan.
    pub after: Option<&'p Structure>,
    /// What changed; empty when nothing did.
    pub kinds: Vec<ChangeKind>,
    /// Members that only the later plan names.
    pub gained: Vec<&'p str>,
    /// Members that only the earlier plan names.
    pub lost: Vec<&'p str>,
}

/// How a structure changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Only in the later plan.
    Added,
    /// Only in the earlier plan.
    Dropped,
    /// Another name.
    Renamed,
    /// The plan wants something else done with it.
    Restaged,
    /// Other members.
    Rescoped,
}

impl ChangeKind {
    /// The word for JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Dropped => "dropped",
            Self::Renamed => "renamed",
            Self::Restaged => "restaged",
            Self::Rescoped => "rescoped",
        }
    }

    /// The word for tables and maps.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Dropped => "不再提及",
            Self::Renamed => "更名",
            Self::Restaged => "状态变化",
            Self::Rescoped => "成员变化",
        }
    }
}

/// Compares two plans. The same thing has the same identifier in both, or the same name and kind; a structure is compared once.
/// In the order of the later plan, then what it dropped in the order of the earlier one.
#[must_use]
pub fn diff<'p>(before: &'p Plan, after: &'p Plan) -> Vec<Change<'p>> {
    let by_id: HashMap<&str, &Structure> = before
        .structures
        .iter()
        .map(|structure| (structure.id.as_str(), structure))
        .collect();
    let mut by_name: HashMap<(&str, &str), Vec<&Structure>> = HashMap::new();
    for structure in &before.structures {
        let key = (structure.map_name(), structure.kind.as_str());
        by_name.entry(key).or_default().push(structure);
    }
    let later: HashSet<&str> = after.structures.iter().map(|s| s.id.as_str()).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut changes = Vec::new();
    for structure in &after.structures {
        let same_name = || {
            let key = (structure.map_name(), structure.kind.as_str());
            let mut alike = by_name.get(&key).into_iter().flatten();
            alike.find(|old| !seen.contains(old.id.as_str()) && !later.contains(old.id.as_str()))
        };
        let old = by_id.get(structure.id.as_str()).or_else(same_name).copied();
        if let Some(old) = old {
            seen.insert(&old.id);
        }
        changes.push(change(old, Some(structure)));
    }
    let dropped = before
        .structures
        .iter()
        .filter(|old| !seen.contains(old.id.as_str()));
    changes.extend(dropped.map(|old| change(Some(old), None)));
    changes
}

fn change<'p>(before: Option<&'p Structure>, after: Option<&'p Structure>) -> Change<'p> {
    let (Some(old), Some(new)) = (before, after) else {
        let kind = if before.is_none() {
            ChangeKind::Added
        } else {
            ChangeKind::Dropped
        };
        return Change {
            before,
            after,
            kinds: vec![kind],
            gained: Vec::new(),
            lost: Vec::new(),
        };
    };
    let mut kinds = Vec::new();
    if old.map_name() != new.map_name() && old.name != new.name {
        kinds.push(ChangeKind::Renamed);
    }
    if old.status != new.status {
        kinds.push(ChangeKind::Restaged);
    }
    let (theirs, ours) = (members(old), members(new));
    let only = |of: &[(String, &'p str)], other: &[(String, &'p str)]| -> Vec<&'p str> {
        let known: BTreeSet<&str> = other.iter().map(|(plain, _)| plain.as_str()).collect();
        let only = of
            .iter()
            .filter(|(plain, _)| !known.contains(plain.as_str()));
        only.map(|(_, name)| *name).collect()
    };
    let (gained, lost) = (only(&ours, &theirs), only(&theirs, &ours));
    if !gained.is_empty() || !lost.is_empty() {
        kinds.push(ChangeKind::Rescoped);
    }
    Change {
        before,
        after,
        kinds,
        gained,
        lost,
    }
}

/// The members of a structure without the words for their class: 江津区 is 江津.
fn members(structure: &Structure) -> Vec<(String, &str)> {
    let mut all: Vec<(String, &str)> = Vec::new();
    for member in structure.all_members() {
        let name = member.name.as_str();
        let bare = name
            .strip_suffix(['市', '区', '县'])
            .filter(|bare| bare.chars().nth(1).is_some())
            .unwrap_or(name);
        if !all.iter().any(|(known, _)| known == bare) {
            all.push((bare.to_owned(), name));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    fn plan(structures: &str) -> Plan {
        let text = format!(
            "[plan]\nid = \"p\"\ntitle = \"规划\"\nshort_title = \"规划\"\nissuer = \"省政府\"\ndate = \"2020\"\n{structures}"
        );
        let catalogue = Catalogue::read(&[("p.toml", &text)]).expect("a catalogue");
        catalogue.plans()[0].clone()
    }

    #[test]
    fn what_changed_is_told_by_identifier_and_by_name() {
        let row = |id: &str, name: &str, status: &str, members: &str| {
            format!(
                "[[structure]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"railway\"\narticle = \"（一）\"\n\
                 status = \"{status}\"\nmembers = [{members}]\n"
            )
        };
        let before = plan(
            &[
                row("a", "甲乙铁路", "规划", "\"甲州市\", \"乙阳\""),
                row("b", "丙丁铁路", "建设", "\"丙县\""),
                row("c", "戊己铁路", "建设", "\"戊城\""),
            ]
            .concat(),
        );
        let after = plan(
            &[
                row("a", "甲乙高铁", "建设", "\"甲州\", \"乙阳\", \"丙县\""),
                row("b2", "丙丁铁路", "建设", "\"丙县\""),
                row("d", "庚辛铁路", "建设", "\"庚城\""),
            ]
            .concat(),
        );
        let changes = diff(&before, &after);
        let said: Vec<(&str, Vec<&str>)> = changes
            .iter()
            .map(|change| {
                let name = change
                    .after
                    .or(change.before)
                    .map_or("", |s| s.name.as_str());
                (
                    name,
                    change.kinds.iter().map(|kind| kind.as_str()).collect(),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("甲乙高铁", vec!["renamed", "restaged", "rescoped"]),
                ("丙丁铁路", vec![]),
                ("庚辛铁路", vec!["added"]),
                ("戊己铁路", vec!["dropped"]),
            ]
        );
        assert_eq!(changes[0].gained, ["丙县"]);
        assert!(changes[0].lost.is_empty());
    }
}
