//! `yutu near`.

use gazetteer::{NearQuery, PlaceFilter, bearing_in_words};
use serde::Serialize;

use super::{PlaceJson, open, suggestion, where_it_is};
use crate::args::{NearArgs, Origin};
use crate::{Outcome, report};

/// How many answers there are when neither a radius nor a count is asked for.
const DEFAULT_COUNT: usize = 10;

#[derive(Serialize)]
struct NeighbourJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    distance_m: f64,
    bearing_deg: f64,
    direction: &'static str,
}

pub fn run(args: &NearArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let (from, except) = match &args.from {
        Origin::Position(position) => (*position, None),
        Origin::Name(name) => {
            let found = gazetteer.find_one(name, args.as_of).ok_or_else(|| {
                anyhow::anyhow!("no place named `{name}`{}", suggestion(&gazetteer, name))
            })?;
            let position = found.place.position.ok_or_else(|| {
                anyhow::anyhow!(
                    "{} has no position to ask from: {}; give a position as LON,LAT",
                    found.name,
                    match found.place.unlocated {
                        "" => "it is a line or an area",
                        reason => reason,
                    }
                )
            })?;
            (position, Some(found.place.number()))
        }
    };
    let query = NearQuery {
        radius_m: args.radius.map(|radius| radius.metres),
        most: args.k.or(args.radius.is_none().then_some(DEFAULT_COUNT)),
        filter: PlaceFilter {
            classes: args.classes.clone(),
            as_of: args.as_of,
            except,
        },
    };
    let found = gazetteer.near(from, &query);
    let round = |value: f64, digits: f64| (value * digits).round() / digits;
    if args.json {
        let neighbours: Vec<_> = found
            .iter()
            .map(|near| NeighbourJson {
                place: PlaceJson::new(&gazetteer, &near.place),
                distance_m: round(near.path().distance_m, 1e3),
                bearing_deg: round(near.path().bearing_deg, 1e2),
                direction: bearing_in_words(near.path().bearing_deg),
            })
            .collect();
        report::json(&neighbours)?;
    } else if !found.is_empty() {
        let rows: Vec<_> = found
            .iter()
            .map(|near| {
                [
                    format!("{:.1} km", near.path().distance_m / 1000.0),
                    bearing_in_words(near.path().bearing_deg).to_owned(),
                    gazetteer.canonical(&near.place),
                    near.place.class.as_str().to_owned(),
                    where_it_is(&near.place),
                ]
            })
            .collect();
        report::table(
            ["distance", "direction", "place", "class", "lon,lat"],
            &rows,
        )?;
    }
    if found.is_empty() {
        report::no(
            format_args!("nothing of the gazetteer lies there; try a larger --radius"),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}
