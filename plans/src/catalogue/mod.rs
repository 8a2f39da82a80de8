//! The catalogue: what the plans say about places, as data that a planner can read and mend.
//!
//! One TOML file a plan; `plans/catalogue/README.md` describes the format.

mod error;
mod kinds;
mod structure;
mod write;

use std::collections::BTreeSet;

use gazetteer::PartialDate;
use serde::{Deserialize, Deserializer};

pub use error::CatalogueError;
pub use kinds::{KINDS, geometry_of};
pub use structure::{ExtentKind, Figure, Member, RoleGroup, Structure};

/// The checked catalogue that comes with the program, oldest plan first.
const EMBEDDED: [(&str, &str); 5] = [
    (
        "chengyu-2016.toml",
        include_str!("../../catalogue/chengyu-2016.toml"),
    ),
    (
        "outline-2021.toml",
        include_str!("../../catalogue/outline-2021.toml"),
    ),
    (
        "implementation-2021.toml",
        include_str!("../../catalogue/implementation-2021.toml"),
    ),
    (
        "cqmetro-2022.toml",
        include_str!("../../catalogue/cqmetro-2022.toml"),
    ),
    (
        "south-west-2023.toml",
        include_str!("../../catalogue/south-west-2023.toml"),
    ),
];

/// All plans of a catalogue, in order of date.
#[derive(Debug, Clone)]
pub struct Catalogue {
    plans: Vec<Plan>,
}

/// A plan and its structures.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Short identifier, e.g. `cqmetro-2022`.
    pub id: String,
    /// Full title.
    pub title: String,
    /// Short title for citations on a map.
    pub short_title: String,
    /// Document number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// When: names are resolved as of this date.
    pub date: PartialDate,
    /// The period it plans for.
    pub horizon: Option<String>,
    /// Its structures, in the order of the file.
    pub structures: Vec<Structure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    plan: PlanHead,
    #[serde(default)]
    structure: Vec<toml::Spanned<Structure>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanHead {
    id: String,
    title: String,
    short_title: String,
    number: Option<String>,
    issuer: String,
    #[serde(deserialize_with = "date")]
    date: PartialDate,
    horizon: Option<String>,
}

impl Catalogue {
    /// Reads the catalogue that comes with the program.
    ///
    /// # Errors
    /// When a file is not of the format; never with the files that come with it.
    pub fn embedded() -> Result<Self, CatalogueError> {
        Self::read(&EMBEDDED)
    }

    /// Reads a catalogue from named TOML texts.
    ///
    /// # Errors
    /// At the first text that is not TOML of the format, or holds a value that it does not allow:
    /// an unknown kind, a date that is none, an identifier twice.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let plans = files
            .iter()
            .map(|(file, text)| read_plan(file, text))
            .collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        for (plan, (file, _)) in plans.iter().zip(files) {
            if !seen.insert(&plan.id) {
                return Err(CatalogueError::Twice {
                    file: (*file).to_owned(),
                    plan: plan.id.clone(),
                });
            }
        }
        Ok(Self { plans })
    }

    /// The plans, in the order they were read.
    #[must_use]
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// The plan with an identifier.
    #[must_use]
    pub fn plan(&self, id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }
}

impl From<Plan> for Catalogue {
    fn from(plan: Plan) -> Self {
        Self { plans: vec![plan] }
    }
}

impl Plan {
    /// The structure with an identifier.
    #[must_use]
    pub fn structure(&self, id: &str) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.id == id)
    }
}

fn read_plan(file: &str, text: &str) -> Result<Plan, CatalogueError> {
    let PlanFile {
        plan: head,
        structure: structures,
    } = toml::from_str(text).map_err(|error| CatalogueError::Syntax {
        file: file.to_owned(),
        message: error.to_string(),
    })?;
    let mut seen = BTreeSet::new();
    let mut line = 1;
    let mut counted = 0;
    for spanned in &structures {
        let structure = spanned.get_ref();
        // Blocks come in the order of the file, so its lines are counted once.
        let start = spanned.span().start;
        line += newlines(text, counted..start);
        counted = start;
        let wrong = |problem: &str| {
            Err(CatalogueError::Value {
                file: file.to_owned(),
                line,
                place: format!("structure `{}`", structure.id),
                problem: problem.to_owned(),
            })
        };
        if structure.id.is_empty() || structure.id.contains('/') {
            return wrong("an identifier is a word without `/`");
        }
        if !seen.insert(&structure.id) {
            return wrong("the identifier is used twice");
        }
        if structure.article.is_empty() {
            return wrong("the article is missing: every structure says where the plan says it");
        }
        if structure.unlocated.is_none() && !structure.has_places() {
            return wrong(
                "it has neither members nor ends nor a line to follow (`via`), nor a reason why it cannot be located (`unlocated`)",
            );
        }
    }
    Ok(Plan {
        id: head.id,
        title: head.title,
        short_title: head.short_title,
        number: head.number,
        issuer: head.issuer,
        date: head.date,
        horizon: head.horizon,
        structures: structures
            .into_iter()
            .map(toml::Spanned::into_inner)
            .collect(),
    })
}

fn newlines(text: &str, range: std::ops::Range<usize>) -> usize {
    let part = text.get(range).unwrap_or_default();
    part.matches('\n').count()
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<PartialDate, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[plan]\nid='p'\ntitle='t'\nshort_title='t'\nissuer='i'\ndate='2021-12'\n";

    fn read(body: &str) -> Result<Catalogue, CatalogueError> {
        Catalogue::read(&[("p.toml", &format!("{HEAD}{body}"))])
    }

    #[test]
    fn the_catalogue_that_comes_with_the_program_reads() {
        let catalogue = Catalogue::embedded().expect("it reads");
        let days: Vec<u32> = catalogue
            .plans()
            .iter()
            .map(|plan| plan.date.first_day())
            .collect();
        assert!(days.is_sorted() && days.len() == 5);
        assert!(
            catalogue
                .plans()
                .iter()
                .all(|plan| !plan.structures.is_empty())
        );
    }

    #[test]
    fn a_typing_error_is_named_with_its_line() {
        let error =
            read("[[structure]]\nid='a'\nname='n'\nkindd='zone'\n").expect_err("unknown key");
        let text = error.to_string();
        assert!(
            text.starts_with("p.toml: ") && text.contains("line 10") && text.contains("kindd"),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_kind_and_a_missing_place_are_refused() {
        let structure =
            |rest: &str| format!("[[structure]]\nid='a'\nname='n'\narticle='一'\n{rest}\n");
        let kind = read(&structure("kind='axle'\nmembers=['x']"))
            .expect_err("no such kind")
            .to_string();
        assert!(
            kind.contains("`axle`") && kind.contains("development_axis"),
            "{kind}"
        );
        assert!(read(&structure("kind='zone'")).is_err());
        assert!(read(&structure("kind='zone'\nunlocated='site not published'")).is_ok());
        let twice = structure("kind='zone'\nmembers=['x']").repeat(2);
        assert!(
            read(&twice)
                .expect_err("twice")
                .to_string()
                .contains("twice")
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line_and_what_was_expected() {
        let said = |body: &str| read(body).expect_err("wrong").to_string();
        let block = "[[structure]]\nid='a'\nname='n'\nkind='zone'\narticle='一'\nmembers=['x']\n";
        for (wrong, line, found, expected) in [
            ("kind='axle'", 10, "axle", "development_axis"),
            ("members=[3]", 12, "integer `3`", "a name, or {"),
            (
                "members=[{ name='x', place='y' }]",
                12,
                "`place`",
                "`places`",
            ),
            ("confidence=1.5", 13, "1.5", "from 0 to 1"),
            ("source=[9, 3]", 13, "[9, 3]", "before the start"),
            ("extent='some'", 13, "some", "partial"),
        ] {
            let key = wrong.split('=').next().expect("a key");
            let old = block
                .lines()
                .find(|known| known.split('=').next() == Some(key));
            let body = match old {
                Some(old) => block.replace(old, wrong),
                None => format!("{block}{wrong}\n"),
            };
            let text = said(&body);
            assert!(
                text.contains(&format!("line {line},"))
                    && text.contains(found)
                    && text.contains(expected),
                "{wrong}: {text}"
            );
        }
        let text = said(&format!("{block}\n{block}"));
        assert!(
            text.starts_with("p.toml:14: ") && text.contains("twice"),
            "{text}"
        );
    }

    #[test]
    fn a_member_may_stand_for_several_places() {
        let catalogue = read(
            "[[structure]]\nid='a'\nname='n'\nkind='zone'\narticle='一'\nmembers=['渝中区', { name = '万达开', places = ['万州', '达州', '开州'] }]\n",
        )
        .expect("reads");
        let members = &catalogue.plans()[0].structures[0].members;
        assert_eq!((members[0].places.len(), members[1].places.len()), (0, 3));
    }
}
