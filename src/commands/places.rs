//! `yutu places`.

use std::collections::BTreeSet;

use gazetteer::{Context, Gazetteer, Match};
use plans::{CleanText, mentions};

use super::{PlaceJson, coverage, open, suggestion, where_it_is};
use crate::args::PlacesArgs;
use crate::{Outcome, report};

/// How many answers a prefix has at most.
const MOST_BY_PREFIX: usize = 50;

pub fn run(args: &PlacesArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    if !args.coverage.is_empty() {
        return coverage::run(args, &gazetteer, quiet);
    }
    let name = args.name.as_deref().unwrap_or_default();
    if let Some(context) = &args.context {
        return in_context(args, &gazetteer, name, context, quiet);
    }
    let mut found = if args.prefix {
        gazetteer.find_prefix(name, MOST_BY_PREFIX)
    } else {
        gazetteer.find(name, args.as_of)
    };
    let other = found.iter().map(|found| found.place.class.as_str());
    let other: BTreeSet<&str> = other.collect();
    found.retain(|found| args.classes.is_empty() || args.classes.contains(&found.place.class));
    if args.json {
        let places: Vec<PlaceJson<'_>> = found
            .iter()
            .map(|found| PlaceJson::of(&gazetteer, found, args.as_of))
            .collect();
        report::json(&places)?;
    } else if !found.is_empty() {
        print_table(&found)?;
    }
    if found.is_empty() {
        let known: Vec<&str> = other.into_iter().collect();
        let close = if known.is_empty() {
            suggestion(&gazetteer, name)
        } else {
            format!(" of this class; there is: {}", known.join(", "))
        };
        report::no(format_args!("no place named `{name}`{close}"), quiet);
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

/// The senses of a name in the words around it, likeliest first.
fn in_context(
    args: &PlacesArgs,
    gazetteer: &Gazetteer,
    name: &str,
    context: &str,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let text = CleanText::new(context)?;
    let surface = CleanText::new(name)?;
    let surface = surface.as_str();
    let Some((before, after)) = text.as_str().split_once(surface) else {
        anyhow::bail!(
            "`{context}` does not hold `{name}`; expected words with the name among them"
        );
    };
    let read = mentions(gazetteer, &text, args.as_of);
    let mention = read
        .mentions
        .into_iter()
        .find(|mention| mention.surface == surface);
    // Words that let the name go as no place still tell its senses apart.
    let mut senses = mention.map_or_else(
        || {
            let as_of = args.as_of;
            gazetteer.senses(
                surface,
                &Context {
                    as_of,
                    before,
                    after,
                    ..Context::default()
                },
            )
        },
        |mention| mention.senses,
    );
    senses
        .retain(|sense| args.classes.is_empty() || args.classes.contains(&sense.found.place.class));
    if args.json {
        let places: Vec<PlaceJson<'_>> = senses
            .iter()
            .map(|sense| PlaceJson {
                confidence: Some((sense.confidence * 1000.0).round() / 1000.0),
                ..PlaceJson::of(gazetteer, &sense.found, args.as_of)
            })
            .collect();
        report::json(&places)?;
    } else if !senses.is_empty() {
        let rows: Vec<_> = senses
            .iter()
            .map(|sense| {
                let place = &sense.found.place;
                [
                    format!("{:.0} %", sense.confidence * 100.0),
                    sense.found.canonical.clone(),
                    place.class.as_str().to_owned(),
                    where_it_is(place),
                    sense.found.note.clone(),
                ]
            })
            .collect();
        report::table(["sure", "place", "class", "lon,lat", "note"], &rows)?;
    }
    if senses.is_empty() {
        report::no(
            format_args!("no place named `{name}`{}", suggestion(gazetteer, name)),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn print_table(found: &[Match<'_>]) -> std::io::Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|found| {
            let place = &found.place;
            let code = place.adcode.map(|code| code.to_string());
            [
                found.canonical.clone(),
                place.class.as_str().to_owned(),
                code.unwrap_or_else(|| {
                    if place.code.is_empty() {
                        "–"
                    } else {
                        place.code
                    }
                    .to_owned()
                }),
                where_it_is(place),
                place
                    .position
                    .map_or_else(String::new, |_| format!("±{} m", place.accuracy_m)),
                found.note.clone(),
            ]
        })
        .collect();
    report::table(
        ["place", "class", "code", "lon,lat", "accuracy", "note"],
        &rows,
    )
}
