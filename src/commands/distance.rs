//! `yutu distance` and `yutu matrix`.

use anyhow::{Context as _, bail};
use gazetteer::{bearing_in_words, geodesic, length_m};
use input::features::GeometryKind;
use query::shapes::{Edges, Route};
use serde_json::{Map, Value};

use super::answer::{self, Row, kilometres, rounded};
use super::open;
use super::subject::{self, Spot, spot};
use crate::args::{DistanceArgs, MatrixArgs, Origin, OutputArgs};
use crate::{Outcome, report};

pub fn run(args: &DistanceArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let from = spot(&gazetteer, &args.from, None)?;
    let to = spot(&gazetteer, &args.to, None)?;
    let way = geodesic(from.position, to.position);
    let mut object = Map::new();
    object.insert("from".to_owned(), called(&from, &args.from).into());
    object.insert("to".to_owned(), called(&to, &args.to).into());
    object.insert("distance_m".to_owned(), rounded(way.distance_m, 3));
    object.insert("bearing_deg".to_owned(), rounded(way.bearing_deg, 2));
    object.insert(
        "direction".to_owned(),
        bearing_in_words(way.bearing_deg).into(),
    );
    let mut ways = vec![vec![
        "geodesic".to_owned(),
        format!("{:.3} km", way.distance_m / 1000.0),
        bearing_in_words(way.bearing_deg).to_owned(),
    ]];
    if let Some(river) = &args.river {
        let ends = (Some(from.position), Some(to.position));
        let reach = gazetteer.river_reach(river, ends.0, ends.1, None)?;
        let reach = reach.with_context(|| format!("no line of a river `{river}` between them"))?;
        object.insert("river".to_owned(), river.clone().into());
        object.insert("along_river_m".to_owned(), rounded(length_m(&reach), 0));
        ways.push(vec![
            format!("along {river}"),
            format!("{:.0} km", length_m(&reach) / 1000.0),
            String::new(),
        ]);
    }
    if let Some(file) = &args.along {
        let route = first_line(file)?;
        let place = |spot: &Spot| route.beside(spot.position, f64::INFINITY);
        let (Some(start), Some(end)) = (place(&from), place(&to)) else {
            bail!("{}: a line without positions", file.display());
        };
        let along_m = (end.1 - start.1).abs();
        object.insert("along_route_m".to_owned(), rounded(along_m, 3));
        object.insert(
            "beside_route_m".to_owned(),
            Value::from(vec![rounded(start.0, 3), rounded(end.0, 3)]),
        );
        ways.push(vec![
            format!("along {}", file.display()),
            format!("{:.3} km", along_m / 1000.0),
            String::new(),
        ]);
        report::note(
            format_args!(
                "the places lie {} and {} beside the route",
                kilometres(start.0),
                kilometres(end.0)
            ),
            quiet,
        );
    }
    if args.json {
        report::json(&object)?;
    } else {
        let header = ["way", "length", "direction"].map(str::to_owned);
        report::columns(&header, &ways)?;
    }
    Ok(Outcome::Done)
}

/// The first line of a file as a route.
fn first_line(file: &std::path::Path) -> anyhow::Result<Route> {
    let source = subject::open(file, None, None)?;
    let mut line: Option<Vec<[f64; 2]>> = None;
    source.read(
        1,
        |batch| {
            let mut lines = batch
                .features()
                .filter(|view| view.kind() == GeometryKind::Line);
            lines.next().map(|view| view.vertices().to_vec())
        },
        |done| {
            if line.is_none() {
                line = done.value;
            }
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    let line = line.with_context(|| format!("{}: no line in it; expected one", file.display()))?;
    Ok(Route::new(line, Edges::Degrees))
}

fn called(spot: &Spot, origin: &Origin) -> String {
    match origin {
        Origin::Position(position) => position.to_string(),
        Origin::Name(_) => spot.name.clone(),
    }
}

pub fn matrix(args: &MatrixArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let spots: Vec<Spot> = args
        .places
        .iter()
        .map(|place| spot(&gazetteer, place, None))
        .collect::<Result<_, _>>()?;
    let names: Vec<String> = spots
        .iter()
        .zip(&args.places)
        .map(|(spot, origin)| called(spot, origin))
        .collect();
    let plain = matches!(
        args.output,
        OutputArgs {
            json: false,
            csv: false,
            geojson: false,
            out: None,
            map: None
        }
    );
    if plain {
        let mut header = vec!["km".to_owned()];
        header.extend(names.iter().cloned());
        let rows: Vec<Vec<String>> = spots
            .iter()
            .zip(&names)
            .map(|(from, name)| {
                let mut row = vec![name.clone()];
                row.extend(spots.iter().map(|to| {
                    format!(
                        "{:.1}",
                        geodesic(from.position, to.position).distance_m / 1000.0
                    )
                }));
                row
            })
            .collect();
        report::columns(&header, &rows)?;
        return Ok(Outcome::Done);
    }
    let mut rows = Vec::new();
    for (from, from_name) in spots.iter().zip(&names) {
        for (to, to_name) in spots.iter().zip(&names) {
            let way = geodesic(from.position, to.position);
            let mut object = Map::new();
            object.insert("from".to_owned(), from_name.clone().into());
            object.insert("to".to_owned(), to_name.clone().into());
            object.insert("distance_m".to_owned(), rounded(way.distance_m, 3));
            rows.push(Row {
                object,
                cells: Vec::new(),
                at: None,
                shape: None,
            });
        }
    }
    answer::give(&[], &rows, &args.output, "", quiet)
}
