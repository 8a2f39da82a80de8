//! One file a command; each is arguments in, calls, results out.

mod at;
mod build;
mod layers;
mod near;
mod places;
mod tile;

use gazetteer::{Gazetteer, Place};
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
        Command::Places(args) => places::run(args, quiet),
        Command::Near(args) => near::run(args, quiet),
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

/// A place in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct PlaceJson<'a> {
    id: &'a str,
    name: String,
    canonical: String,
    class: &'static str,
    lon: f64,
    lat: f64,
    accuracy_m: u32,
    adcode: Option<String>,
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    note: String,
}

impl<'a> PlaceJson<'a> {
    fn new(gazetteer: &'a Gazetteer, place: &'a Place) -> Self {
        Self {
            id: &place.id,
            name: place.name.clone(),
            canonical: gazetteer.canonical(place),
            class: place.class.as_str(),
            lon: place.position.lon(),
            lat: place.position.lat(),
            accuracy_m: place.accuracy_m,
            adcode: place.adcode.map(|code| code.to_string()),
            parent: place
                .parent
                .map(|parent| gazetteer.place(parent).id.as_str()),
            as_of: None,
            note: place.note.clone(),
        }
    }
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
