//! What a rule found, and how a repeat of it is recognised.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::figures::PrintedFigure;

/// A structure that the text speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundStructure {
    /// Its name: as printed, with the head noun that it shares with its list.
    pub name: String,
    /// One of [`KINDS`](crate::KINDS).
    pub kind: &'static str,
    /// Its members, in printed order.
    pub members: Vec<String>,
    /// Parts of its members that do not belong to it.
    pub excludes: Vec<String>,
    /// What a line or an axis leans on.
    pub via: Vec<String>,
    /// What the text calls each member: (member, role).
    pub roles: Vec<(String, String)>,
    /// Figures that the text prints for it.
    pub figures: Vec<PrintedFigure>,
    /// The verbs that the text uses.
    pub verbs: String,
    /// `existing`, `under_construction`, `planned`, `studied`, `expand`, `relocate`, `cooperate`, or empty.
    pub status: &'static str,
    /// The sentence that made it, in bytes of the clean text.
    pub sentence: Range<usize>,
    /// Its own words in it.
    pub words: Range<usize>,
    /// The block of the outline that it stands in.
    pub block: usize,
    /// From 0 to 1.
    pub confidence: f64,
    /// The rule that read it.
    pub rule: &'static str,
}

/// Places that a structure is named by: the same city in two groups is two structures.
pub(super) fn is_role(kind: &str) -> bool {
    matches!(kind, "core_city" | "regional_center_city" | "node_city")
}

/// Things that one article after another says something of: where they are built, then what they are for.
fn is_work(kind: &str) -> bool {
    matches!(
        kind,
        "railway"
            | "expressway"
            | "road"
            | "waterway"
            | "airport"
            | "station"
            | "port"
            | "power_line"
            | "oil_gas"
            | "reservoir"
            | "water_project"
            | "energy_project"
            | "logistics_hub"
            | "irrigation_district"
            | "nature_park"
            | "science_city"
            | "financial_center"
    )
}

/// Joins the repeats of an article: the first stays where it is, with the longer list of members and the stronger status.
/// A work is repeated where another article speaks of it; what is no work, and what is only spoken of, is said once.
pub(super) fn without_repeats(found: Vec<FoundStructure>) -> Vec<FoundStructure> {
    let articles = |next: &FoundStructure| is_role(next.kind) || is_work(next.kind);
    joined(found, articles)
}

/// Joins all repeats but those of roles: the same city in two groups is two structures.
pub(crate) fn once(found: Vec<FoundStructure>) -> Vec<FoundStructure> {
    joined(found, |next| is_role(next.kind))
}

fn joined(
    found: Vec<FoundStructure>,
    by_article: impl Fn(&FoundStructure) -> bool,
) -> Vec<FoundStructure> {
    let mut kept: Vec<FoundStructure> = Vec::new();
    let mut index: HashMap<(String, usize), usize> = HashMap::new();
    let mut said: HashSet<String> = HashSet::new();
    for next in found {
        let block = if by_article(&next) { next.block + 1 } else { 0 };
        let key = (key_of(&next.name), block);
        let again = !said.insert(key.0.clone());
        match index.get(&key) {
            // What is only spoken of again says nothing new.
            Some(_) if next.rule == "Rn" => {}
            None if next.rule == "Rn" && again => {}
            Some(&at) if kept[at].rule == "Rn" => kept[at] = next,
            Some(&at) => {
                let first: &mut FoundStructure = &mut kept[at];
                if first.members.len() < next.members.len() && next.rule != "Rn" {
                    first.members = next.members;
                }
                if strength(next.status) > strength(first.status) {
                    first.status = next.status;
                    first.verbs = next.verbs;
                }
                first.roles.extend(next.roles);
                first.figures.extend(next.figures);
                first.confidence = first.confidence.max(next.confidence);
            }
            _ => {
                index.insert(key, kept.len());
                kept.push(next);
            }
        }
    }
    kept
}

fn key_of(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '“' | '”' | '（' | '）'))
        .collect()
}

/// A base that is cited says less of its stage than a verb that builds it.
fn strength(status: &str) -> u8 {
    match status {
        "" => 0,
        "existing" | "cooperate" => 1,
        _ => 2,
    }
}
