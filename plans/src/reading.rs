//! A plan as it is read: its outline, its names and what it says of them.

use gazetteer::{Gazetteer, PartialDate};

use crate::catalogue::{Figure, Member, Plan, RoleGroup, Structure};
use crate::clean::{Cleaned, Repair, clean};
use crate::mentions::{Mention, MentionReader};
use crate::outline::{Part, PartKind};
use crate::structures::{FoundStructure, mend, once, structures};
use crate::text::TextError;

/// A text longer than this, in bytes, is no plan: it is read in pieces of this size, each for itself.
pub const LONGEST_PIECE: usize = 4 << 20;
/// A short title has at most so many characters.
const SHORT_TITLE: usize = 20;

/// A plan without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text gives no date of issue, and names cannot be resolved without one")]
pub struct UndatedPlan;

/// A plan that was read.
#[derive(Debug)]
pub struct Reading<'g> {
    /// Its text, its outline, and what was taken out or mended.
    pub cleaned: Cleaned,
    /// The date that its names are resolved as of.
    pub as_of: Option<PartialDate>,
    /// Its names, in the order of the text.
    pub mentions: Vec<Mention<'g>>,
    /// What it says of places, in the order of the text.
    pub structures: Vec<FoundStructure>,
}

impl<'g> Reading<'g> {
    /// Reads the text of a plan. Names are resolved as of `as_of`, else of the date that the text gives itself.
    ///
    /// Runs in time linear in the text. A text of more than [`LONGEST_PIECE`] is better given in [`pieces`].
    ///
    /// # Errors
    /// When the text is too long for its offsets.
    pub fn new(
        gazetteer: &'g Gazetteer,
        source: &str,
        as_of: Option<PartialDate>,
    ) -> Result<Self, TextError> {
        let mut reading = Self::of_names(gazetteer, source, as_of)?;
        let Cleaned { text, outline, .. } = &reading.cleaned;
        reading.structures = structures(gazetteer, text.as_str(), outline, &reading.mentions);
        for mended in mend(gazetteer, reading.as_of, &mut reading.structures) {
            let sentence = reading.structures[mended.index].sentence.clone();
            let text = &reading.cleaned.text;
            let words = text.as_str().get(sentence.clone()).unwrap_or("");
            let at = sentence.start + words.find(&mended.printed).unwrap_or(0);
            reading.cleaned.repairs.push(Repair {
                source: text.source_range(at..at + mended.printed.len()),
                repaired: mended.repaired,
                proof: format!("its members measure {:.0} km²", mended.km2),
                printed: mended.printed,
            });
        }
        Ok(reading)
    }

    /// Reads the names only: there are no structures in what is returned.
    ///
    /// # Errors
    /// When the text is too long for its offsets.
    pub fn of_names(
        gazetteer: &'g Gazetteer,
        source: &str,
        as_of: Option<PartialDate>,
    ) -> Result<Self, TextError> {
        let cleaned = clean(gazetteer, source)?;
        let as_of = as_of.or_else(|| date_of(&cleaned.outline.parts));
        let mut mentions: Vec<Mention<'g>> = MentionReader::new(gazetteer, &cleaned.text, as_of)
            .flatten()
            .collect();
        // 第一节|铁路: the number of a heading is no part of a name.
        mentions.retain(|mention| {
            let block = cleaned.outline.block_at(mention.range.start);
            let block = block.and_then(|block| cleaned.outline.blocks.get(block));
            let label = block.map_or(0, |block| block.range.start + block.label.len());
            !mention.senses.is_empty() || mention.range.start >= label
        });
        Ok(Self {
            cleaned,
            as_of,
            mentions,
            structures: Vec::new(),
        })
    }

    /// The document that is the plan: the first of its kind, else the first.
    #[must_use]
    pub fn plan(&self) -> Option<&Part> {
        let parts = &self.cleaned.outline.parts;
        parts
            .iter()
            .find(|part| part.kind == PartKind::Plan)
            .or_else(|| parts.first())
    }

    /// The names that stand for themselves, in the order of the text, without those inside others.
    pub fn names(&self) -> impl Iterator<Item = &Mention<'g>> {
        let mentions = self.mentions.iter();
        mentions.filter(|mention| mention.inside.is_none())
    }

    /// The words of the plan that made a structure.
    #[must_use]
    pub fn sentence(&self, structure: &FoundStructure) -> &str {
        self.cleaned
            .text
            .as_str()
            .get(structure.sentence.clone())
            .unwrap_or("")
    }

    /// The plan as a catalogue: what a planner mends and the builders of layers draw.
    ///
    /// # Errors
    /// When neither the text nor the caller gave a date: names cannot be resolved as of none.
    pub fn to_plan(&self, id: &str) -> Result<Plan, UndatedPlan> {
        let date = self.as_of.ok_or(UndatedPlan)?;
        let part = self.plan();
        let title = part
            .map(|part| part.title.clone())
            .filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| id.to_owned());
        let mut numbers = std::collections::HashMap::new();
        let said = once(self.structures.clone());
        let structures = said.iter().map(|found| {
            let number: &mut usize = numbers.entry(found.kind).or_default();
            *number += 1;
            self.to_structure(found, format!("{}-{number}", found.kind.replace('_', "-")))
        });
        Ok(Plan {
            id: id.to_owned(),
            short_title: short_title(&title),
            title: title.clone(),
            number: part.and_then(|part| part.number.clone()),
            issuer: part
                .and_then(|part| part.issuer.clone())
                .unwrap_or_else(|| "未注明".to_owned()),
            date,
            horizon: part.and_then(|part| part.horizon.clone()),
            structures: structures.collect(),
        })
    }

    fn to_structure(&self, found: &FoundStructure, id: String) -> Structure {
        let article = self.cleaned.outline.citation(found.block);
        let article = if article.is_empty() {
            "前言".to_owned()
        } else {
            article
        };
        let mut groups: Vec<RoleGroup> = Vec::new();
        for (member, role) in found
            .roles
            .iter()
            .filter(|(_, role)| !role.is_empty() && role != "部分")
        {
            match groups.iter_mut().find(|group| group.role == *role) {
                Some(group) => group.members.push(self.member(member, found)),
                None => groups.push(RoleGroup {
                    role: role.clone(),
                    article: article.clone(),
                    members: vec![self.member(member, found)],
                    status: String::new(),
                }),
            }
        }
        let grouped = |member: &String| {
            groups
                .iter()
                .any(|group| group.members.iter().any(|m| m.name == *member))
        };
        let partial = |member: &String| {
            found
                .roles
                .iter()
                .any(|(name, role)| name == member && role == "部分")
        };
        let members = found
            .members
            .iter()
            .filter(|member| !grouped(member))
            .map(|member| Member {
                partial: partial(member),
                ..self.member(member, found)
            });
        let source = self.cleaned.text.source_range(found.sentence.clone());
        let members: Vec<Member> = members.collect();
        let nowhere = members.is_empty() && groups.is_empty();
        Structure {
            id,
            name: found.name.clone(),
            kind: found.kind.to_owned(),
            article,
            status: found.verbs.clone(),
            members,
            group: groups,
            excludes: found.excludes.iter().map(Member::new).collect(),
            via: found.via.iter().map(Member::new).collect(),
            figures: found
                .figures
                .iter()
                .map(|figure| Figure {
                    name: figure.name.clone(),
                    value: figure.value,
                    unit: figure.unit.to_owned(),
                    printed: figure.printed.clone(),
                })
                .collect(),
            confidence: Some((found.confidence * 100.0).round() / 100.0),
            source: Some([source.start, source.end]),
            unlocated: nowhere.then(|| "the plan names no place with it".to_owned()),
            ..Structure::default()
        }
    }

    /// A member by its name; of 甲—乙, which the sentence reads as two names, the places are those two.
    fn member(&self, name: &str, found: &FoundStructure) -> Member {
        let from = self
            .mentions
            .partition_point(|mention| mention.range.start < found.sentence.start);
        let near = self.mentions[from..]
            .iter()
            .take_while(|mention| mention.range.end <= found.sentence.end);
        let parts: Vec<&str> = name.split('—').collect();
        let named = |part: &&str| near.clone().any(|mention| mention.surface == *part);
        let joined = parts.len() > 1 && parts.iter().all(named);
        let places = parts.into_iter().filter(|_| joined);
        Member {
            name: name.to_owned(),
            places: places.map(str::to_owned).collect(),
            partial: false,
        }
    }
}

/// A long text as pieces that are read one by one: (byte that each begins at, its text). Cut after the end of a line
/// or sentence where there is one.
pub fn pieces(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = source.get(at..).filter(|rest| !rest.is_empty())?;
        let mut end = rest.len().min(LONGEST_PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        if end < rest.len() {
            let near = rest[..end]
                .rfind('\n')
                .or_else(|| rest[..end].rfind('。').map(|at| at + 2));
            end = near.map_or(end, |at| at + 1);
        }
        let piece = (at, &rest[..end]);
        at += end;
        Some(piece)
    })
}

/// The date of the plan, else of what came with it.
fn date_of(parts: &[Part]) -> Option<PartialDate> {
    let plan = parts
        .iter()
        .find(|part| part.kind == PartKind::Plan && part.date.is_some());
    let other = || parts.iter().find(|part| part.date.is_some());
    plan.or_else(other)?.date
}

fn short_title(title: &str) -> String {
    let bare = title.trim_matches(['《', '》']);
    match bare.char_indices().nth(SHORT_TITLE) {
        Some((end, _)) => format!("{}…", &bare[..end]),
        None => bare.to_owned(),
    }
}
