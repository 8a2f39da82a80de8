//! `yutu places`.

use gazetteer::Gazetteer;

use super::{PlaceJson, suggestion};
use crate::args::PlacesArgs;
use crate::{Outcome, report};

pub fn run(args: &PlacesArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let found = gazetteer.find(&args.name, args.as_of);
    if args.json {
        let places: Vec<PlaceJson<'_>> = found
            .iter()
            .map(|found| PlaceJson {
                name: found.name.clone(),
                canonical: found.canonical.clone(),
                as_of: args.as_of.map(|date| date.to_string()),
                note: found.note.clone(),
                ..PlaceJson::new(&gazetteer, found.place)
            })
            .collect();
        report::json(&places)?;
    } else if !found.is_empty() {
        let rows: Vec<_> = found
            .iter()
            .map(|found| {
                let place = found.place;
                [
                    found.canonical.clone(),
                    place.class.as_str().to_owned(),
                    place
                        .adcode
                        .map_or_else(|| "–".to_owned(), |code| code.to_string()),
                    place.position.to_string(),
                    format!("±{} m", place.accuracy_m),
                    found.note.clone(),
                ]
            })
            .collect();
        report::table(
            ["place", "class", "code", "lon,lat", "accuracy", "note"],
            &rows,
        )?;
    }
    if found.is_empty() {
        report::no(
            format_args!(
                "no place named `{}`{}",
                args.name,
                suggestion(&gazetteer, &args.name)
            ),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}
