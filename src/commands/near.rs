//! `yutu near`.

use gazetteer::{Gazetteer, NearQuery, bearing_in_words};
use serde::Serialize;

use super::{PlaceJson, suggestion};
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
    let gazetteer = Gazetteer::embedded()?;
    let (from, except) = match &args.from {
        Origin::Position(position) => (*position, None),
        Origin::Name(name) => {
            let found = gazetteer.find_one(name, args.as_of).ok_or_else(|| {
                anyhow::anyhow!("no place named `{name}`{}", suggestion(&gazetteer, name))
            })?;
            (found.place.position, Some(found.place.number()))
        }
    };
    let query = NearQuery {
        radius_m: args.radius.map(|radius| radius.metres),
        most: args.k.or(args.radius.is_none().then_some(DEFAULT_COUNT)),
        class: None,
        except,
    };
    let found = gazetteer.near(from, &query);
    let round = |value: f64, digits: f64| (value * digits).round() / digits;
    if args.json {
        let neighbours: Vec<_> = found
            .iter()
            .map(|near| NeighbourJson {
                place: PlaceJson::new(&gazetteer, near.place),
                distance_m: round(near.path.distance_m, 1e3),
                bearing_deg: round(near.path.bearing_deg, 1e2),
                direction: bearing_in_words(near.path.bearing_deg),
            })
            .collect();
        report::json(&neighbours)?;
    } else if !found.is_empty() {
        let rows: Vec<_> = found
            .iter()
            .map(|near| {
                [
                    format!("{:.1} km", near.path.distance_m / 1000.0),
                    bearing_in_words(near.path.bearing_deg).to_owned(),
                    gazetteer.canonical(near.place),
                    near.place.class.as_str().to_owned(),
                    near.place.position.to_string(),
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
