//! `yutu reach`: the course of a river between two places.

use anyhow::Context as _;
use gazetteer::{Gazetteer, LonLat, length_m};
use serde::Serialize;

use super::{open, suggestion};
use crate::args::{Origin, ReachArgs};
use crate::{Outcome, report};

/// A reach in JSON; its geometry is that of a `GeoJSON` feature.
#[derive(Serialize)]
struct ReachJson<'a> {
    river: &'a str,
    length_m: f64,
    geometry: LineJson,
    source: &'static str,
}

/// RFC 7946, section 3.1.4: longitude, then latitude.
#[derive(Serialize)]
struct LineJson {
    r#type: &'static str,
    coordinates: Vec<[f64; 2]>,
}

pub fn run(args: &ReachArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let end = |origin: &Option<Origin>| {
        let origin = origin.as_ref();
        origin
            .map(|origin| position(&gazetteer, origin))
            .transpose()
    };
    let (from, to) = (end(&args.from)?, end(&args.to)?);
    let Some(line) = gazetteer.river_reach(&args.river, from, to, None)? else {
        report::no(
            format_args!(
                "no line of a river `{}`, or no length of it there; there are lines of {}",
                args.river,
                named_rivers()?
            ),
            quiet,
        );
        return Ok(Outcome::No);
    };
    let length = length_m(&line);
    if args.json {
        let degrees = |value: f64| (value * 1e6).round() / 1e6;
        let coordinates = line.coords().map(|at| [degrees(at.x), degrees(at.y)]);
        report::json(&ReachJson {
            river: &args.river,
            length_m: length.round(),
            geometry: LineJson {
                r#type: "LineString",
                coordinates: coordinates.collect(),
            },
            source: "GSHHG 2.3.7 (WDBII), LGPL-3.0-or-later",
        })?;
    } else {
        let ends = [line.0.first(), line.0.last()]
            .map(|end| end.map_or_else(String::new, |at| format!("{:.5},{:.5}", at.x, at.y)));
        let [first, last] = ends;
        report::table(
            ["river", "length", "from", "to"],
            &[[
                args.river.clone(),
                format!("{:.0} km", length / 1000.0),
                first,
                last,
            ]],
        )?;
    }
    Ok(Outcome::Done)
}

fn position(gazetteer: &Gazetteer, origin: &Origin) -> anyhow::Result<LonLat> {
    match origin {
        Origin::Position(position) => Ok(*position),
        Origin::Name(name) => {
            let found = gazetteer.find_one(name, None).with_context(|| {
                format!("no place named `{name}`{}", suggestion(gazetteer, name))
            })?;
            found
                .place
                .position
                .with_context(|| format!("{} has no position; give one as LON,LAT", found.name))
        }
    }
}

/// The names of the rivers that have a line.
fn named_rivers() -> anyhow::Result<String> {
    let rivers = gazetteer::rivers()?;
    let mut names: Vec<&str> = rivers.iter().map(|river| river.name).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    Ok(names.join("、"))
}
