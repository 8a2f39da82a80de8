//! Who the clauses of a sentence speak of.

use super::Place;
use crate::structures::lexicon::Verb;
use crate::structures::places::Places;

/// Who the clauses of a sentence speak of.
#[derive(Debug, Clone, Default)]
pub(in crate::structures) struct Subject {
    pub(in crate::structures) members: Vec<String>,
    /// The list of those members, where a clause has one.
    pub(in crate::structures) places: Places,
    /// 西北向，联动甲: the side that the next clause looks to.
    pub(in crate::structures) toward: String,
    /// The rivers and hills that a corridor of the next clause is made of, and what is done to it.
    pub(in crate::structures) body: Vec<String>,
    pub(in crate::structures) body_verbs: Vec<Verb>,
    /// The sites that what follows leans on: 依托甲高新区，……建设某科学城.
    pub(in crate::structures) leaning: Vec<String>,
    /// The places that the clauses before began with: 提升甲、乙枢纽功能，共建国际货运中心.
    pub(in crate::structures) near: Vec<String>,
    pub(in crate::structures) near_places: Places,
    /// Whether the plan has those places do something: 支持甲、乙发挥优势，建设某中心 is built there.
    pub(in crate::structures) acts: bool,
    /// Whether a run-in title names those places, and what follows says what they are.
    pub(in crate::structures) is_title: bool,
    /// The verbs of the clause before, for the rest of its list: 开通甲至乙公交，甲至丙大巴.
    pub(in crate::structures) verbs: Vec<Verb>,
    pub(in crate::structures) printed: String,
    /// What is said to be done by a year is planned.
    pub(in crate::structures) by_a_year: bool,
}

impl Subject {
    pub(super) fn at(members: Vec<String>) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Who the sentence after speaks of, in a box that says who works together.
    pub(in crate::structures) fn of_block(partners: Option<&(usize, Self)>, place: &Place) -> Self {
        let partners = partners.filter(|(block, _)| place.boxed && *block == place.block);
        partners.map_or_else(Self::default, |(_, subject)| subject.clone())
    }

    /// Who a paragraph speaks of whose run-in title is a place.
    pub(in crate::structures) fn titled(list: &Places) -> Self {
        Self {
            acts: true,
            near: list.members.clone(),
            near_places: list.clone(),
            is_title: true,
            ..Self::default()
        }
    }

    pub(super) fn of(list: &Places) -> Self {
        Self {
            members: list.members.clone(),
            places: list.clone(),
            ..Self::default()
        }
    }
}
