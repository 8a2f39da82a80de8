//! `yutu structures`: what the plans say of places.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;
use gazetteer::{Gazetteer, Match};
use plans::{Catalogue, KINDS, Member, Plan, PlanTexts, Structure, geometry_of};
use serde::Serialize;

use super::read::FigureJson;
use super::{chosen_plans, suggestion};
use crate::args::StructuresArgs;
use crate::{Outcome, report};

/// A structure of the catalogue in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct StructureJson<'a> {
    id: &'a str,
    plan: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    kind: &'a str,
    geometry: &'static str,
    members: Vec<&'a str>,
    roles: BTreeMap<&'a str, Vec<&'a str>>,
    excludes: Vec<&'a str>,
    via: Vec<&'a str>,
    figures: Vec<FigureJson<'a>>,
    status: &'a str,
    theme: &'a str,
    /// Of this line: a structure is a line for each article that speaks of it.
    article: &'a str,
    articles: Vec<&'a str>,
    start: Option<usize>,
    end: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inferred: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unlocated: Option<&'a str>,
    /// Other plans that name the same: identifier of the plan and article.
    also: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
}

pub fn run(args: &StructuresArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let plans = chosen_plans(&catalogue, &args.plans)?;
    if let Some(kind) = args
        .kinds
        .iter()
        .find(|kind| !KINDS.contains(&kind.as_str()))
    {
        bail!("`{kind}` is not a kind; the kinds are {}", KINDS.join(", "));
    }
    let texts = match &args.texts {
        Some(folder) => PlanTexts::open(folder, &catalogue)?,
        None => PlanTexts::default(),
    };
    let mut found = Vec::new();
    for plan in plans {
        let place = args
            .place
            .as_deref()
            .map(|name| Wanted::new(&gazetteer, plan, name));
        let wanted = |structure: &&Structure| {
            let kind = args.kinds.is_empty() || args.kinds.contains(&structure.kind);
            let status = args.status.as_deref();
            kind && status.is_none_or(|words| structure.status.contains(words))
                && place
                    .as_ref()
                    .is_none_or(|place| place.is_of(&gazetteer, plan, structure))
        };
        found.extend(plan.structures.iter().filter(wanted).map(|s| (plan, s)));
    }
    if args.json {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for (plan, structure) in &found {
            let mut line = in_json(&catalogue, plan, structure, &texts);
            for article in structure.articles() {
                line.article = article;
                serde_json::to_writer(&mut out, &line)?;
                out.write_all(b"\n")?;
            }
        }
        out.flush()?;
    } else if !found.is_empty() {
        print(&found, &texts)?;
    }
    if found.is_empty() {
        let hint = args
            .place
            .as_deref()
            .map_or_else(String::new, |name| suggestion(&gazetteer, name));
        report::no(format_args!("no structure is like this{hint}"), quiet);
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

/// What `--place` asks for: a place as of the plan's date, else words in a name.
struct Wanted<'g> {
    words: String,
    place: Option<Match<'g>>,
}

impl<'g> Wanted<'g> {
    fn new(gazetteer: &'g Gazetteer, plan: &Plan, name: &str) -> Self {
        Self {
            words: name.to_owned(),
            place: gazetteer.find_one(name, Some(plan.date)),
        }
    }

    fn is_of(&self, gazetteer: &Gazetteer, plan: &Plan, structure: &Structure) -> bool {
        let place = self.place.as_ref();
        structure.name.contains(&self.words)
            || place.is_some_and(|found| plan.names(gazetteer, structure, &found.place))
    }
}

fn in_json<'a>(
    catalogue: &'a Catalogue,
    plan: &'a Plan,
    structure: &'a Structure,
    texts: &PlanTexts,
) -> StructureJson<'a> {
    let names = |members: &'a [Member]| members.iter().map(|member| member.name.as_str());
    let mut members: Vec<&str> = structure.all_members().map(|m| m.name.as_str()).collect();
    if members.is_empty() {
        members = names(&structure.ends)
            .chain(names(&structure.via))
            .collect();
    }
    let others = catalogue.plans().iter().filter(|other| other.id != plan.id);
    let same = |other: &'a Plan| {
        let said = other.structure(&structure.id)?;
        Some((other.id.as_str(), said.article.as_str()))
    };
    StructureJson {
        id: &structure.id,
        plan: &plan.id,
        name: &structure.name,
        alias: structure.alias.as_deref(),
        kind: &structure.kind,
        geometry: geometry_of(&structure.kind),
        members,
        roles: structure
            .group
            .iter()
            .map(|group| (group.role.as_str(), names(&group.members).collect()))
            .collect(),
        excludes: names(&structure.excludes).collect(),
        via: names(&structure.via).collect(),
        figures: structure
            .figures
            .iter()
            .map(|figure| FigureJson {
                name: &figure.name,
                value: figure.value,
                unit: &figure.unit,
                printed: &figure.printed,
            })
            .collect(),
        status: &structure.status,
        theme: &structure.theme,
        article: &structure.article,
        articles: structure.articles().collect(),
        start: structure.source.map(|[start, _]| start),
        end: structure.source.map(|[_, end]| end),
        inferred: structure.inferred.as_deref(),
        unlocated: structure.unlocated.as_deref(),
        also: others.filter_map(same).collect(),
        sentence: texts.sentence(plan, structure),
    }
}

fn print(found: &[(&Plan, &Structure)], texts: &PlanTexts) -> anyhow::Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|(plan, structure)| {
            let members: Vec<&str> = structure.all_members().map(|m| m.name.as_str()).collect();
            let said = texts.sentence(plan, structure);
            [
                structure.kind.clone(),
                structure.name.clone(),
                report::shortened(&members.join("、"), 30),
                report::shortened(&structure.status, 12),
                format!("{} {}", plan.id, structure.article),
                said.unwrap_or_default(),
            ]
        })
        .collect();
    let last = if texts.is_empty() { "" } else { "sentence" };
    let header = ["kind", "name", "members", "status", "said in", last];
    Ok(report::table(header, &rows)?)
}
