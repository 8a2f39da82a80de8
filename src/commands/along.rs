//! `yutu along` and `yutu between`.

use anyhow::{Context as _, bail};
use gazetteer::{Gazetteer, PlaceFilter, destination, geodesic};
use geo::{Coord, Geometry, LineString};
use query::shapes::{Edges, Origin as ShapeOrigin, Route};
use serde_json::{Map, Value};

use super::answer::{self, Asked, Row, kilometres, micrometres, rounded};
use super::subject::Spot;
use super::{PlaceJson, open, subject, where_it_is};
use crate::Outcome;
use crate::args::{AlongArgs, BetweenArgs, Origin, OutputArgs, SubjectArgs};

pub fn run(args: &AlongArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let line = match &args.route[..] {
        [river] => gazetteer
            .river_reach(river, None, None, None)?
            .with_context(|| {
                format!(
                    "no line of a river `{river}`; give a river with a line, or two or more places"
                )
            })?,
        places => {
            let mut line = Vec::new();
            for place in places {
                let origin: Origin = place.parse()?;
                line.push(subject::spot(&gazetteer, &origin, None)?);
            }
            way_through(&line)
        }
    };
    beside(
        &gazetteer,
        &line,
        args.width.metres,
        &[],
        &args.subject,
        &args.output,
        quiet,
    )
}

pub fn between(args: &BetweenArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let ends = [&args.from, &args.to].map(|end| subject::spot(&gazetteer, end, None));
    let [from, to] = ends;
    let (from, to) = (from?, to?);
    let way = geodesic(from.position, to.position);
    let width_m = args
        .width
        .map_or(way.distance_m / 10.0, |width| width.metres);
    let except: Vec<_> = [from.place, to.place].into_iter().flatten().collect();
    let line = way_through(&[from, to]);
    beside(
        &gazetteer,
        &line,
        width_m,
        &except,
        &args.subject,
        &args.output,
        quiet,
    )
}

/// The shortest way through places, in steps that are straight in degrees too.
fn way_through(places: &[Spot]) -> LineString<f64> {
    const STEP_M: f64 = 1000.0;
    let mut line: Vec<Coord<f64>> = Vec::new();
    for pair in places.windows(2) {
        let (from, to) = (pair[0].position, pair[1].position);
        let way = geodesic(from, to);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most half the globe"
        )]
        let steps = (way.distance_m / STEP_M).ceil() as u32;
        line.extend((0..steps).map(|step| {
            let share = f64::from(step) / f64::from(steps);
            destination(from, way.bearing_deg, way.distance_m * share)
                .to_point()
                .0
        }));
    }
    line.extend(places.last().map(|last| last.position.to_point().0));
    LineString(line)
}

fn beside(
    gazetteer: &Gazetteer,
    line: &LineString<f64>,
    width_m: f64,
    except: &[gazetteer::PlaceId],
    subject_args: &SubjectArgs,
    output: &OutputArgs,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let nothing = "nothing lies beside it; try a larger --width";
    let asked = Asked {
        name: String::new(),
        shapes: vec![line.clone().into()],
    };
    let header = ["along", "beside", "name", "kind", "foot"];
    let route = || Route::new(line.coords().map(|at| [at.x, at.y]), Edges::Degrees);
    if subject::is_of_features(subject_args) && !subject::is_index(subject_args) {
        let rows = features(gazetteer, line, &route(), width_m, subject_args, quiet)?;
        return answer::give_of(&asked, &header, &rows, output, nothing, quiet);
    }
    if let Some(layer) = subject::layer(subject_args, gazetteer, quiet)? {
        let Some(tree) = layer.points() else {
            bail!("an index holds points only");
        };
        let route = route();
        let filter = |feature: u32| subject::admits(subject_args, &layer, feature);
        let rows: Vec<Row> = route
            .along(&tree, width_m, &filter)
            .iter()
            .map(|beside| {
                let mut object = layer.attributes.object(beside.id);
                ways(&mut object, beside.along_m, beside.distance_m);
                Row {
                    object,
                    cells: vec![
                        kilometres(beside.along_m),
                        kilometres(beside.distance_m),
                        subject::name(&layer, beside.id),
                        subject::kind(&layer, beside.id),
                        beside.foot.to_string(),
                    ],
                    at: Some(beside.foot),
                    shape: None,
                }
            })
            .collect();
        return answer::give_of(&asked, &header, &rows, output, nothing, quiet);
    }
    let filter = PlaceFilter {
        classes: subject_args.classes.clone(),
        ..PlaceFilter::default()
    };
    let mut rows = Vec::new();
    for beside in gazetteer.along(line, width_m, &filter) {
        if except.contains(&beside.place.number()) {
            continue;
        }
        let mut object = match serde_json::to_value(PlaceJson::new(gazetteer, &beside.place))? {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        ways(&mut object, beside.along_m, beside.distance_m);
        rows.push(Row {
            object,
            cells: vec![
                kilometres(beside.along_m),
                kilometres(beside.distance_m),
                gazetteer.canonical(&beside.place),
                beside.place.class.as_str().to_owned(),
                where_it_is(&beside.place),
            ],
            at: beside.place.position,
            shape: None,
        });
    }
    answer::give_of(
        &asked,
        &["along", "beside", "place", "class", "lon,lat"],
        &rows,
        output,
        nothing,
        quiet,
    )
}

fn ways(object: &mut Map<String, Value>, along_m: f64, distance_m: f64) {
    object.insert("along_m".to_owned(), rounded(along_m, 3));
    object.insert("distance_m".to_owned(), rounded(distance_m, 3));
}

/// Points, lines and areas beside a route, in the order of their feet along it; of what crosses it, the first crossing.
fn features(
    gazetteer: &Gazetteer,
    line: &LineString<f64>,
    route: &Route,
    width_m: f64,
    subject_args: &SubjectArgs,
    quiet: bool,
) -> anyhow::Result<Vec<Row>> {
    let origin = ShapeOrigin::new(line.clone().into(), Edges::Degrees);
    let beside = |shape: &Geometry<f64>| {
        let apart = origin.apart(shape, width_m)?;
        // The nearest position of the route is on it; where along it says the route.
        let (_, along_m, _) = route.beside(apart.here, f64::INFINITY)?;
        Some((along_m, apart))
    };
    let mut found = subject::each(subject_args, gazetteer, quiet, &beside)?;
    found.sort_by_key(|one| {
        let (along_m, apart) = &one.picked;
        (
            micrometres(*along_m),
            micrometres(apart.distance_m),
            one.number,
        )
    });
    let rows = found.into_iter().map(|one| {
        let ((along_m, apart), mut object) = (one.picked, one.object);
        let name = subject::name_in(&object, one.number);
        let kind = subject::first(&object, &subject::KINDS);
        ways(&mut object, along_m, apart.distance_m);
        let point = matches!(one.shape, Geometry::Point(_));
        Row {
            object,
            cells: vec![
                kilometres(along_m),
                kilometres(apart.distance_m),
                name,
                kind,
                apart.here.to_string(),
            ],
            at: Some(apart.here),
            shape: (!point).then_some(one.shape),
        }
    });
    Ok(rows.collect())
}
