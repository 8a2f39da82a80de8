//! `yutu about`: all that the plans say of a place.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::{Gazetteer, Match};
use layers::{Builder, kind_look};
use output::raster::{self, RenderOptions};
use plans::{Catalogue, Member, Plan, Structure};
use serde::Serialize;

use super::{PlaceJson, chosen_plans, suggestion};
use crate::args::AboutArgs;
use crate::{Outcome, report};

/// All that the plans say of a place, in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct AboutJson<'a> {
    place: PlaceJson<'a>,
    said: Vec<SaidJson<'a>>,
}

#[derive(Serialize)]
struct SaidJson<'a> {
    theme: &'a str,
    kind: &'a str,
    plan: &'a str,
    article: &'a str,
    id: &'a str,
    name: &'a str,
    role: &'a str,
    status: &'a str,
}

/// Something that a plan says of the place.
struct Said<'c> {
    plan: &'c Plan,
    structure: &'c Structure,
    theme: &'static str,
    /// What the place is in it.
    role: &'c str,
}

pub fn run(args: &AboutArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let Some(found) = gazetteer.find_one(&args.name, None) else {
        report::no(
            format_args!(
                "no place named `{}`{}",
                args.name,
                suggestion(&gazetteer, &args.name)
            ),
            quiet,
        );
        return Ok(Outcome::No);
    };
    let mut said: Vec<Said<'_>> = Vec::new();
    for plan in chosen_plans(&catalogue, &args.plans)? {
        let of_place = plan.structures.iter().filter(|structure| {
            let named = structure.name.contains(args.name.as_str());
            named || plan.names(&gazetteer, structure, &found.place)
        });
        said.extend(of_place.map(|structure| Said {
            plan,
            structure,
            theme: kind_look(&structure.kind).map_or("", |look| look.theme),
            role: role(&gazetteer, plan, structure, &found),
        }));
    }
    if let Some(file) = &args.out {
        let mut plans: Vec<&str> = said.iter().map(|one| one.plan.id.as_str()).collect();
        plans.dedup();
        let said = format!("{}部规划提及 {} 处", plans.len(), said.len());
        locate(&gazetteer, &catalogue, &found, &said, file)?;
        report::note(format_args!("{}", file.display()), quiet);
    }
    if args.json {
        report::json(&AboutJson {
            place: PlaceJson::of(&gazetteer, &found, None),
            said: said.iter().map(in_json).collect(),
        })?;
    } else {
        print(&found, &said)?;
    }
    Ok(if said.is_empty() {
        Outcome::No
    } else {
        Outcome::Done
    })
}

/// The role of the group that the place is in.
fn role<'c>(
    gazetteer: &Gazetteer,
    plan: &Plan,
    structure: &'c Structure,
    place: &Match<'_>,
) -> &'c str {
    let is_place = |member: &Member| {
        let found = plan
            .resolve(gazetteer, structure, member)
            .unwrap_or_default();
        found.iter().any(|found| found.place.id == place.place.id)
    };
    let mut groups = structure.group.iter();
    groups
        .find(|group| group.members.iter().any(is_place))
        .map_or("", |group| group.role.as_str())
}

fn in_json<'a>(said: &'a Said<'_>) -> SaidJson<'a> {
    SaidJson {
        theme: said.theme,
        kind: &said.structure.kind,
        plan: &said.plan.id,
        article: &said.structure.article,
        id: &said.structure.id,
        name: &said.structure.name,
        role: said.role,
        status: &said.structure.status,
    }
}

fn print(found: &Match<'_>, said: &[Said<'_>]) -> anyhow::Result<()> {
    report::line(format_args!("{}", found.canonical))?;
    let mut themes: BTreeMap<&str, Vec<&Said<'_>>> = BTreeMap::new();
    for one in said {
        themes.entry(one.theme).or_default().push(one);
    }
    // The order of the atlas.
    let order = plans::KINDS
        .iter()
        .filter_map(|kind| Some(kind_look(kind)?.theme));
    for theme in order {
        let Some(rows) = themes.remove(theme) else {
            continue;
        };
        report::line(format_args!("\n{theme}"))?;
        let rows: Vec<_> = rows
            .iter()
            .map(|one| {
                let kind = kind_look(&one.structure.kind).map_or("", |look| look.title);
                let role = Some(one.role).filter(|role| !role.is_empty());
                [
                    kind.to_owned(),
                    one.structure.map_name().to_owned(),
                    role.map_or_else(String::new, |role| report::shortened(role, 16)),
                    report::shortened(&one.structure.status, 16),
                    format!("{} {}", one.plan.id, one.structure.article),
                ]
            })
            .collect();
        report::table(["kind", "name", "role", "status", "said in"], &rows)?;
    }
    Ok(())
}

/// Draws where a place is.
fn locate(
    gazetteer: &Gazetteer,
    catalogue: &Catalogue,
    found: &Match<'_>,
    said: &str,
    file: &Path,
) -> anyhow::Result<()> {
    let builder = Builder::new(gazetteer, catalogue);
    let Some(mut page) = builder.locator(&found.place)? else {
        bail!(
            "{}: nothing says where it is, so there is no map of it",
            found.canonical
        );
    };
    page.subtitle = format!("{}；{said}", page.subtitle);
    let rendered = raster::render(&page, &RenderOptions::default())?;
    rendered
        .write_png(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(())
}
