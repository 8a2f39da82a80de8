//! `yutu diff`: what changed from one plan to another.

use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::Gazetteer;
use layers::Builder;
use plans::{Catalogue, Change, ChangeKind, Plan, diff};
use serde::Serialize;

use super::chosen_plans;
use crate::args::DiffArgs;
use crate::{Outcome, report};

/// A change in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct ChangeJson<'a> {
    changes: Vec<&'static str>,
    kind: &'a str,
    before: Option<Side<'a>>,
    after: Option<Side<'a>>,
    gained: &'a [&'a str],
    lost: &'a [&'a str],
}

#[derive(Serialize)]
struct Side<'a> {
    id: &'a str,
    name: &'a str,
    status: &'a str,
    article: &'a str,
}

pub fn run(args: &DiffArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let catalogue = Catalogue::embedded()?;
    let one = |name: &String| -> anyhow::Result<&Plan> {
        match chosen_plans(&catalogue, std::slice::from_ref(name))?[..] {
            [plan] => Ok(plan),
            _ => bail!("`{name}` is the title of several plans; give the identifier"),
        }
    };
    let (before, after) = (one(&args.before)?, one(&args.after)?);
    let changes: Vec<Change<'_>> = diff(before, after)
        .into_iter()
        .filter(|change| {
            let kind = change
                .after
                .or(change.before)
                .map(|structure| &structure.kind);
            let wanted =
                args.kinds.is_empty() || kind.is_some_and(|kind| args.kinds.contains(kind));
            wanted && (args.all || !change.kinds.is_empty())
        })
        .collect();
    if let Some(folder) = &args.out {
        write(&catalogue, before, after, &changes, folder, quiet)?;
    } else if args.json {
        let rows: Vec<_> = changes.iter().map(in_json).collect();
        report::json(&rows)?;
    } else if !changes.is_empty() {
        let rows: Vec<_> = changes.iter().map(row).collect();
        let header = ["change", "kind", "before", "after", "members", "said in"];
        report::table(header, &rows)?;
    }
    if changes.is_empty() {
        report::no(format_args!("nothing changed"), quiet);
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn in_json<'a>(change: &'a Change<'_>) -> ChangeJson<'a> {
    let side = |structure: &'a plans::Structure| Side {
        id: &structure.id,
        name: &structure.name,
        status: &structure.status,
        article: &structure.article,
    };
    ChangeJson {
        changes: change.kinds.iter().map(|kind| kind.as_str()).collect(),
        kind: kind_of(change),
        before: change.before.map(side),
        after: change.after.map(side),
        gained: &change.gained,
        lost: &change.lost,
    }
}

fn kind_of<'a>(change: &'a Change<'_>) -> &'a str {
    let structure = change.after.or(change.before);
    structure.map_or("", |structure| structure.kind.as_str())
}

fn titles(change: &Change<'_>) -> String {
    let titles: Vec<&str> = change.kinds.iter().map(|kind| kind.title()).collect();
    titles.join("、")
}

fn row(change: &Change<'_>) -> [String; 6] {
    let side = |structure: Option<&plans::Structure>| {
        structure.map_or_else(String::new, |structure| {
            let status = report::shortened(&structure.status, 10);
            format!("{}｛{status}｝", structure.map_name())
        })
    };
    let gained = change.gained.iter().map(|name| format!("+{name}"));
    let lost = change.lost.iter().map(|name| format!("−{name}"));
    let members: Vec<String> = gained.chain(lost).collect();
    let articles = [change.before, change.after]
        .map(|structure| structure.map_or("–", |structure| structure.article.as_str()));
    [
        titles(change),
        kind_of(change).to_owned(),
        side(change.before),
        side(change.after),
        report::shortened(&members.join(" "), 30),
        articles.join(" → "),
    ]
}

/// Writes the features of what changed, one file a geometry type, each feature with what changed of it.
fn write(
    catalogue: &Catalogue,
    before: &Plan,
    after: &Plan,
    changes: &[Change<'_>],
    folder: &Path,
    quiet: bool,
) -> anyhow::Result<()> {
    let gazetteer = Gazetteer::embedded()?;
    let builder = Builder::new(&gazetteer, catalogue);
    let said = |of_before: bool, id: &str| {
        let change = changes.iter().find(|change| {
            let side = if of_before {
                change.before
            } else {
                change.after
            };
            side.is_some_and(|structure| structure.id == id)
        })?;
        // What both plans name is drawn as the later one has it.
        let dropped = change.kinds.contains(&ChangeKind::Dropped);
        (dropped == of_before).then(|| titles(change))
    };
    let tables = builder.changed((before, after), &said)?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for table in &tables {
        output::geojson::write(table, &folder.join(format!("{}.geojson", table.id)))?;
        output::qml::write(table, &folder.join(format!("{}.qml", table.id)))?;
        report::note(
            format_args!("{}: {} features", table.id, table.features.len()),
            quiet,
        );
    }
    Ok(())
}
