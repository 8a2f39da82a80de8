//! Which of several places a name means, from the words around it.
//!
//! Every place that has the name gets a score; the confidence of each is its share of the sum of their
//! exponentials. What counts, in the order of weight: the company in
//! a list (綦江 between rivers; 利泽 between dams), the word that follows (綦江|流域 is the river), the way the name stands for the place (full,
//! short, former, only in context), the region that the text speaks of, and the rank of the place. Nothing is
//! hidden: every place comes back with its confidence.

use std::sync::Arc;

use crate::cues::{Cue, Cues};
use crate::gazetteer::Gazetteer;
use crate::lookup::Match;
use crate::{FeatureClass, PartialDate};

/// What stands around a name.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// The date of the text.
    pub as_of: Option<PartialDate>,
    /// The words right before the name, at most a sentence.
    pub before: &'a str,
    /// The words right after it, at most a sentence.
    pub after: &'a str,
    /// The other names of the list that it stands in.
    pub company: &'a [&'a str],
    /// What follows the whole list: 等高速公路, 流域.
    pub head: &'a str,
    /// Codes of the provinces that the text speaks of (50, 51); empty: not known.
    pub provinces: &'a [u32],
}

/// A place that a name may mean, and how sure that is.
#[derive(Debug, Clone)]
pub struct Sense<'g> {
    /// The place; shared by all mentions of the name.
    pub found: Arc<Match<'g>>,
    /// 0 to 1; those of all senses of a name add up to 1, less what the name may mean beside them.
    pub confidence: f64,
}

/// Words before a name of one character: 出渝出川.
pub const MOVEMENT: [char; 8] = ['出', '入', '进', '来', '赴', '离', '在', '驻'];
// The weights were set on the names of the five plans; the tests of `plans` say what they reach there.
const BY_FULL_NAME: f64 = 3.0;
const BY_ALIAS: f64 = 2.6;
const BY_SHORT_NAME: f64 = 2.4;
const BY_FORMER_NAME: f64 = 1.0;
/// A name that the place no longer had.
const EXPIRED: f64 = -4.0;
/// A name that needs a context has none of its own.
const IN_CONTEXT: f64 = -1.5;
const CUE_NEXT: f64 = 3.0;
const CUE_OF_LIST: f64 = 2.5;
const CUE_NEAR: f64 = 0.8;
const COMPANY: f64 = 5.0;
/// A unit in a list without any other.
const ODD_ONE_OUT: f64 = 1.5;
/// A macro-region or a country has no other sense to be told from: 西部.
const WIDE_AREA: f64 = 1.8;
const ADMINISTRATIVE: f64 = 1.5;
const OF_THE_REGION: f64 = 1.5;
const VILLAGE: f64 = -2.5;
/// Of a prefecture and its county of the same short name the prefecture is meant three times in four.
const RANK_STEP: f64 = 1.1;
/// The name may be no place at all, or one that the gazetteer lacks.
const NOTHING: f64 = -1.0;
/// Classes that stand in one list.
fn company_of(class: FeatureClass) -> u8 {
    use FeatureClass as C;
    match class {
        C::Country | C::Foreign => 0,
        C::Province | C::Prefecture | C::County | C::EconomicZone => 1,
        C::Town | C::Settlement => 2,
        C::NewArea | C::Park => 3,
        C::Airport => 4,
        C::Station => 5,
        C::Port => 6,
        C::Railway => 7,
        C::Expressway | C::Road => 8,
        C::River | C::Waterway => 9,
        C::Lake | C::Reservoir => 10,
        C::Dam => 11,
        C::Irrigation | C::WaterProject => 12,
        C::Mountain | C::Scenic => 13,
        C::Substation | C::PowerStation => 14,
        C::Field | C::Pipeline => 15,
        C::Region | C::Compound => 16,
        C::District => 17,
        C::Bridge | C::Tunnel => 18,
        C::Facility => 19,
        C::Channel | C::Other => 20,
    }
}

/// What a name may mean, weighed as far as the name alone tells.
#[derive(Debug)]
pub struct NameSenses<'g> {
    choices: Vec<Choice<'g>>,
    groups: u32,
}

/// A place that a name may mean.
#[derive(Debug)]
struct Choice<'g> {
    found: Arc<Match<'g>>,
    /// What the name alone speaks for it.
    base: f64,
    /// The short name of the first of its members, where the name needs a context: a route by its number stands before it.
    first_member: Option<&'g str>,
    one_character: bool,
}

/// What stands around a name, with what its company may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// The words right before the name, at most a sentence.
    pub before: &'a str,
    /// The words right after it, at most a sentence.
    pub after: &'a str,
    /// The [`NameSenses::groups`] of the other names of its list.
    pub company: &'a [u32],
    /// What follows the whole list: 等高速公路, 流域.
    pub head: &'a str,
}

impl<'g> NameSenses<'g> {
    /// Whether nothing has the name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// What has the name.
    pub fn matches(&self) -> impl Iterator<Item = &Arc<Match<'g>>> {
        self.choices.iter().map(|choice| &choice.found)
    }

    /// The kinds of list that the name may stand in, one bit each.
    #[must_use]
    pub fn groups(&self) -> u32 {
        self.groups
    }

    /// What the name means where it stands, likeliest first.
    #[must_use]
    pub fn weigh(&self, around: &Around<'_>) -> Vec<Sense<'g>> {
        let cues = Cues::around(around.before, around.after, around.head);
        let mut senses: Vec<Sense<'g>> = self
            .choices
            .iter()
            .map(|choice| Sense {
                found: Arc::clone(&choice.found),
                confidence: (choice.base + choice.score(around, &cues)).exp(),
            })
            .collect();
        let all: f64 = senses.iter().map(|sense| sense.confidence).sum::<f64>() + NOTHING.exp();
        for sense in &mut senses {
            sense.confidence /= all;
        }
        senses.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        senses
    }
}

impl Choice<'_> {
    fn score(&self, around: &Around<'_>, cues: &Cues) -> f64 {
        let class = self.found.place.class;
        let mut score = 0.0;
        if self.one_character && around.before.ends_with(MOVEMENT) {
            score += CUE_NEXT;
        }
        // A route by its number or letters, before its first place: 4217 汶川至马尔康.
        if let Some(first) = self.first_member {
            let follows = around.after.trim_start().starts_with(first);
            score += if follows { CUE_NEXT } else { 0.0 };
        }
        score += match cues.of(class) {
            Some(Cue::Next) => CUE_NEXT,
            Some(Cue::OfList) => CUE_OF_LIST,
            Some(Cue::Near) => CUE_NEAR,
            None => 0.0,
        };
        let company = around.company;
        if !company.is_empty() {
            let bit = 1 << company_of(class);
            let same = company.iter().filter(|groups| *groups & bit != 0).count();
            #[expect(clippy::cast_precision_loss, reason = "a list has few items")]
            let share = same as f64 / company.len() as f64;
            score += COMPANY * share;
            if same == 0 && class.is_administrative() {
                score -= ODD_ONE_OUT;
            }
        }
        score
    }
}

impl Gazetteer {
    /// What a name means where it stands, likeliest first. Empty when nothing has the name.
    #[must_use]
    pub fn senses(&self, name: &str, context: &Context<'_>) -> Vec<Sense<'_>> {
        let groups = |name: &&str| self.name_senses(name, context.as_of, &[]).groups();
        let company: Vec<u32> = context
            .company
            .iter()
            .map(groups)
            .filter(|groups| *groups != 0)
            .collect();
        let senses = self.name_senses(name, context.as_of, context.provinces);
        senses.weigh(&Around {
            before: context.before,
            after: context.after,
            company: &company,
            head: context.head,
        })
    }

    /// What a name may mean in a text of a date that speaks of some provinces (codes: 50, 51; empty: not known). The words
    /// around it are weighed later, once for each place where it stands.
    #[must_use]
    pub fn name_senses(
        &self,
        name: &str,
        as_of: Option<PartialDate>,
        provinces: &[u32],
    ) -> NameSenses<'_> {
        let found = self.find(name, as_of);
        let groups = found
            .iter()
            .fold(0, |bits, found| bits | 1 << company_of(found.place.class));
        let choices = found.into_iter().map(|found| {
            let needs_first = found.in_context;
            let first = || self.with_id(found.place.member_ids().next()?);
            Choice {
                base: self.base_score(name, &found, provinces),
                first_member: needs_first
                    .then(first)
                    .flatten()
                    .map(|member| crate::short_form(member.name)),
                one_character: name.chars().nth(1).is_none(),
                found: Arc::new(found),
            }
        });
        NameSenses {
            choices: choices.collect(),
            groups,
        }
    }

    /// What speaks for a place before the words around the name are looked at.
    fn base_score(&self, name: &str, found: &Match<'_>, provinces: &[u32]) -> f64 {
        let place = &found.place;
        let class = place.class;
        let mut score = if found.in_context {
            let wide = matches!(class, FeatureClass::Region | FeatureClass::Country);
            IN_CONTEXT + if wide { WIDE_AREA } else { 0.0 }
        } else if name == place.name || name == place.id {
            BY_FULL_NAME
        } else if place.aliases().any(|alias| alias == name) {
            BY_ALIAS
        } else if found.name == name
            || crate::short_form(&found.name) == name
            || found.canonical.ends_with(name)
        {
            BY_SHORT_NAME
        } else {
            BY_FORMER_NAME
        };
        if found.expired {
            score += EXPIRED;
        }
        match class {
            FeatureClass::Province => score += ADMINISTRATIVE + 2.0 * RANK_STEP,
            FeatureClass::Prefecture => score += ADMINISTRATIVE + RANK_STEP,
            FeatureClass::County => score += ADMINISTRATIVE,
            // 总寨 for 总寨镇 is rare; 安仁镇 in full is not.
            FeatureClass::Town | FeatureClass::Settlement
                if place.weight > 0
                    || place.number.store > 0
                    || place.id.starts_with("geonames-") =>
            {
                let ranked = class == FeatureClass::Town && name == place.name;
                score += if ranked { VILLAGE / 2.0 } else { VILLAGE };
            }
            _ => {}
        }
        let province = self.province_of(place);
        let known = !provinces.is_empty() && province.is_some();
        if known && province.is_some_and(|province| provinces.contains(&province)) {
            score += OF_THE_REGION;
        } else if known && class != FeatureClass::Province && class != FeatureClass::Prefecture {
            score -= OF_THE_REGION / 2.0;
        }
        score
    }

    fn province_of(&self, place: &crate::Place<'_>) -> Option<u32> {
        let mut at = *place;
        for _ in 0..6 {
            if let Some(code) = at.adcode {
                return Some(code / 10_000);
            }
            at = self.parent(&at)?;
        }
        None
    }
}
