//! One file a command; each is arguments in, calls, results out.

mod about;
mod along;
mod answer;
mod at;
mod audit;
mod build;
mod check;
mod convert;
mod coverage;
mod diff;
mod distance;
mod gazetteer;
mod index;
mod join;
mod layers;
mod map;
mod near;
mod overlap;
mod places;
mod reach;
mod read;
mod reading;
mod structures;
mod subject;
mod tile;
mod within;

pub use map::{Classes, Palette};

use std::path::PathBuf;

use ::gazetteer::{FeatureClass, Gazetteer, LonLat, Match, PartialDate, Place};
use anyhow::bail;
use plans::{Catalogue, Plan};
use serde::Serialize;

use crate::Outcome;
use crate::args::{Arguments, Command};

/// Runs a command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let quiet = arguments.quiet;
    match &arguments.command {
        Command::Build(args) => build::run(args, quiet),
        Command::Layers(args) => layers::run(args),
        Command::Tile(args) => tile::run(args, quiet),
        Command::Convert(args) => convert::run(args, quiet),
        Command::Check(args) => check::run(args, quiet),
        Command::Read(args) => read::run(args, quiet),
        Command::Structures(args) => structures::run(args, quiet),
        Command::About(args) => about::run(args, quiet),
        Command::Diff(args) => diff::run(args, quiet),
        Command::Audit(args) => audit::run(args, quiet),
        Command::Places(args) => places::run(args, quiet),
        Command::Gazetteer(command) => gazetteer::run(command, quiet),
        Command::Map(args) => map::run(args, quiet),
        Command::Near(args) => near::run(args, quiet),
        Command::Within(args) => within::run(args, quiet),
        Command::Along(args) => along::run(args, quiet),
        Command::Between(args) => along::between(args, quiet),
        Command::Distance(args) => distance::run(args, quiet),
        Command::Matrix(args) => distance::matrix(args, quiet),
        Command::Overlap(args) => overlap::run(args, quiet),
        Command::Join(args) => join::run(args, quiet),
        Command::Index(args) => index::run(args, quiet),
        Command::Reach(args) => reach::run(args, quiet),
        Command::At(args) => at::run(args, quiet),
        Command::Completions { shell } => {
            let mut command = <Arguments as clap::CommandFactory>::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "yutu", &mut script);
            std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
            Ok(Outcome::Done)
        }
    }
}

/// The gazetteer that comes with the program, with what the user imported laid over it.
fn open() -> anyhow::Result<Gazetteer> {
    let mut gazetteer = Gazetteer::embedded()?;
    if let Some(folder) = user_folder() {
        gazetteer.add_folder(&folder)?;
    }
    Ok(gazetteer)
}

/// Ending of a file of places.
const STORE_EXTENSION: &str = "places";

/// Where imported places are kept: `YUTU_GAZETTEER`, else the user's data folder (XDG).
fn user_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("YUTU_GAZETTEER") {
        return Some(folder.into());
    }
    // The standard asks to ignore a relative path.
    let data = set("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/share")))?;
    Some(data.join("yutu/gazetteer"))
}

/// A place in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct PlaceJson<'a> {
    id: &'a str,
    name: String,
    canonical: String,
    class: FeatureClass,
    lon: Option<f64>,
    lat: Option<f64>,
    accuracy_m: Option<u32>,
    position_source: &'a str,
    adcode: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    code: &'a str,
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    unlocated: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    /// How sure it is that this place is meant, where words around the name were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    note: String,
}

impl<'a> PlaceJson<'a> {
    fn new(gazetteer: &'a Gazetteer, place: &Place<'a>) -> Self {
        Self {
            id: place.id,
            name: place.name.to_owned(),
            canonical: gazetteer.canonical(place),
            class: place.class,
            lon: place.position.map(LonLat::lon),
            lat: place.position.map(LonLat::lat),
            accuracy_m: place.position.map(|_| place.accuracy_m),
            position_source: place.position_source,
            adcode: place.adcode.map(|code| code.to_string()),
            code: place.code,
            parent: Some(place.parent_id).filter(|id| !id.is_empty()),
            members: place.member_ids().collect(),
            unlocated: place.unlocated,
            as_of: None,
            confidence: None,
            note: place.note.to_owned(),
        }
    }

    fn of(gazetteer: &'a Gazetteer, found: &Match<'a>, as_of: Option<PartialDate>) -> Self {
        Self {
            name: found.name.clone(),
            canonical: found.canonical.clone(),
            as_of: as_of.map(|date| date.to_string()),
            note: found.note.clone(),
            ..Self::new(gazetteer, &found.place)
        }
    }
}

/// A position for a table; why there is none otherwise.
fn where_it_is(place: &Place<'_>) -> String {
    match place.position {
        Some(position) => position.to_string(),
        None if !place.unlocated.is_empty() => format!("– ({})", place.unlocated),
        None if place.member_ids().next().is_some() => "by its members".to_owned(),
        None => "by its line".to_owned(),
    }
}

/// The plans of some identifiers or titles, all when there are none, in the order of the catalogue.
fn chosen_plans<'c>(catalogue: &'c Catalogue, names: &[String]) -> anyhow::Result<Vec<&'c Plan>> {
    let is = |plan: &Plan, name: &str| {
        [&plan.id, &plan.title, &plan.short_title]
            .map(String::as_str)
            .contains(&name)
    };
    for name in names {
        if !catalogue.plans().iter().any(|plan| is(plan, name)) {
            let known = catalogue.plans().iter().map(|plan| plan.id.as_str());
            let known: Vec<&str> = known.collect();
            bail!("no plan `{name}`; the plans are {}", known.join(", "));
        }
    }
    let wanted = |plan: &&Plan| names.is_empty() || names.iter().any(|name| is(plan, name));
    Ok(catalogue.plans().iter().filter(wanted).collect())
}

/// `; did you mean 永川区, …?` when names are close, else nothing.
fn suggestion(gazetteer: &Gazetteer, name: &str) -> String {
    let near = gazetteer.near_names(name, 4);
    if near.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", near.join(", "))
    }
}
