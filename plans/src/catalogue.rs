//! The catalogue: what the plans say about places, as data that a planner can read and mend.
//!
//! One TOML file a plan; `plans/catalogue/README.md` describes the format.

use std::collections::BTreeSet;

use gazetteer::PartialDate;
use serde::Deserialize;

/// The checked catalogue that comes with the program, oldest plan first.
const EMBEDDED: [(&str, &str); 5] = [
    (
        "chengyu-2016.toml",
        include_str!("../catalogue/chengyu-2016.toml"),
    ),
    (
        "outline-2021.toml",
        include_str!("../catalogue/outline-2021.toml"),
    ),
    (
        "implementation-2021.toml",
        include_str!("../catalogue/implementation-2021.toml"),
    ),
    (
        "cqmetro-2022.toml",
        include_str!("../catalogue/cqmetro-2022.toml"),
    ),
    (
        "south-west-2023.toml",
        include_str!("../catalogue/south-west-2023.toml"),
    ),
];

/// The kinds of structure.
pub const KINDS: [&str; 41] = [
    "metropolitan_area",
    "city_cluster",
    "development_axis",
    "development_belt",
    "cross_border_platform",
    "zone",
    "dense_town_area",
    "core_city",
    "regional_center_city",
    "node_city",
    "new_area",
    "science_city",
    "industrial_park",
    "airport",
    "railway",
    "station",
    "expressway",
    "road",
    "waterway",
    "port",
    "river_corridor",
    "water_project",
    "reservoir",
    "irrigation_district",
    "energy_project",
    "oil_gas",
    "power_line",
    "logistics_hub",
    "financial_center",
    "consumer_district",
    "tourism_site",
    "tourism_corridor",
    "agriculture_belt",
    "ecological_barrier",
    "ecological_corridor",
    "nature_park",
    "opening_channel",
    "trade_zone",
    "regional_link",
    "transport_corridor",
    "other",
];

/// A catalogue file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Not the TOML of the format; the message holds line and column.
    #[error("{file}: {message}")]
    Syntax {
        /// Name of the file.
        file: String,
        /// What the TOML reader says, with line, column and the words there.
        message: String,
    },
    /// A value that the format does not allow.
    #[error("{file}: {place}: {problem}")]
    Value {
        /// Name of the file.
        file: String,
        /// Which structure.
        place: String,
        /// What was found and what was expected.
        problem: String,
    },
}

/// All plans of a catalogue, in order of date.
#[derive(Debug, Clone)]
pub struct Catalogue {
    plans: Vec<Plan>,
}

/// A plan and its structures.
#[derive(Debug, Clone)]
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
    structure: Vec<Structure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanHead {
    id: String,
    title: String,
    short_title: String,
    number: Option<String>,
    issuer: String,
    date: String,
    horizon: Option<String>,
}

/// Something that a plan says about places.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Identifier, unique in its plan; the same in two plans when they mean the same thing.
    pub id: String,
    /// Name as the plan gives it.
    pub name: String,
    /// The name that others use, where the plan describes it without one.
    #[serde(default)]
    pub alias: Option<String>,
    /// One of [`KINDS`].
    pub kind: String,
    /// Chapter, section and article.
    pub article: String,
    /// What the plan wants done with it, in the plan's verb.
    #[serde(default)]
    pub status: String,
    /// What it is for.
    #[serde(default)]
    pub theme: String,
    /// Its members, in the plan's order.
    #[serde(default)]
    pub members: Vec<Member>,
    /// Members by role.
    #[serde(default)]
    pub group: Vec<RoleGroup>,
    /// How its extent is known: of whole units unless it says `partial`.
    #[serde(default)]
    pub extent: ExtentKind,
    /// The end points of a line, in map order.
    #[serde(default)]
    pub ends: Vec<Member>,
    /// What is not in the text but concluded, and from what.
    #[serde(default)]
    pub inferred: Option<String>,
    /// Figures that the plan prints.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// Why it cannot be on a map.
    #[serde(default)]
    pub unlocated: Option<String>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// How an extent is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtentKind {
    /// Whole units.
    #[default]
    Whole,
    /// Parts of the members; which parts is not published.
    Partial,
}

/// Members that share a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleGroup {
    /// The role.
    pub role: String,
    /// Where the plan gives it.
    pub article: String,
    /// Who has it.
    pub members: Vec<Member>,
    /// The plan's words for what is wanted of them, in short.
    #[serde(default)]
    pub status: String,
}

/// A member: a name, and the places it stands for when those are not plain from the name.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "MemberForm")]
pub struct Member {
    /// As the plan writes it.
    pub name: String,
    /// Names of the places that it stands for; the name itself when empty.
    pub places: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MemberForm {
    Name(String),
    Full { name: String, places: Vec<String> },
}

impl From<MemberForm> for Member {
    fn from(form: MemberForm) -> Self {
        match form {
            MemberForm::Name(name) => Self {
                name,
                places: Vec::new(),
            },
            MemberForm::Full { name, places } => Self { name, places },
        }
    }
}

/// A figure that a plan prints.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it measures.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The digits and unit as printed.
    pub printed: String,
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
                return Err(CatalogueError::Value {
                    file: (*file).to_owned(),
                    place: format!("plan `{}`", plan.id),
                    problem: "another file has this plan already".to_owned(),
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

impl Plan {
    /// The structure with an identifier.
    #[must_use]
    pub fn structure(&self, id: &str) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.id == id)
    }
}

impl Structure {
    /// The name that a map shows: the usual one where the plan only describes the thing.
    #[must_use]
    pub fn map_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// All members: those without a role, then those of each role, in order.
    pub fn all_members(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .chain(self.group.iter().flat_map(|group| &group.members))
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
    let value = |place: String, problem: String| CatalogueError::Value {
        file: file.to_owned(),
        place,
        problem,
    };
    let date = head
        .date
        .parse()
        .map_err(|error: gazetteer::DateError| value("plan".to_owned(), error.to_string()))?;
    let mut seen = BTreeSet::new();
    for structure in &structures {
        let wrong = |problem: &str| {
            Err(value(
                format!("structure `{}`", structure.id),
                problem.to_owned(),
            ))
        };
        if !seen.insert(&structure.id) {
            return wrong("the identifier is used twice");
        }
        if !KINDS.contains(&structure.kind.as_str()) {
            return wrong(&format!(
                "`{}` is not a kind; the kinds are {}",
                structure.kind,
                KINDS.join(", ")
            ));
        }
        if structure.article.is_empty() {
            return wrong("the article is missing: every structure says where the plan says it");
        }
        if structure.unlocated.is_none()
            && structure.all_members().next().is_none()
            && structure.ends.is_empty()
        {
            return wrong("it has neither members nor ends nor a reason why it cannot be located");
        }
    }
    Ok(Plan {
        id: head.id,
        title: head.title,
        short_title: head.short_title,
        number: head.number,
        issuer: head.issuer,
        date,
        horizon: head.horizon,
        structures,
    })
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
    fn a_member_may_stand_for_several_places() {
        let catalogue = read(
            "[[structure]]\nid='a'\nname='n'\nkind='zone'\narticle='一'\nmembers=['渝中区', { name = '万达开', places = ['万州', '达州', '开州'] }]\n",
        )
        .expect("reads");
        let members = &catalogue.plans()[0].structures[0].members;
        assert_eq!((members[0].places.len(), members[1].places.len()), (0, 3));
    }
}
