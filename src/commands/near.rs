//! `yutu near`.

mod shape;

use anyhow::Context as _;
use gazetteer::{
    Gazetteer, GeodesicPath, LonLat, NearQuery, Place, PlaceFilter, bearing_in_words, geodesic,
};
use query::Layer;
use serde_json::{Map, Value};

use super::answer::{self, Asked, Row, kilometres, rounded};
use super::subject::Start;
use super::{PlaceJson, join, open, subject, where_it_is};
use crate::Outcome;
use crate::args::NearArgs;

/// How many answers there are when neither a radius nor a count is asked for.
const DEFAULT_COUNT: usize = 10;

pub fn run(args: &NearArgs, quiet: bool) -> anyhow::Result<Outcome> {
    if let Some(rows) = &args.rows {
        return join::near(args, rows, quiet);
    }
    let gazetteer = open()?;
    let from = args.from.as_ref().context("nothing to ask from")?;
    let most = args.k.or(args.radius.is_none().then_some(DEFAULT_COUNT));
    let radius_m = args.radius.map(|radius| radius.metres);
    let from = match subject::start(&gazetteer, from, args.as_of, args.shape)? {
        Start::Spot(from) => from,
        Start::Shape { name, shape, place } => {
            let asked = Asked {
                name,
                shapes: vec![shape.clone()],
            };
            return shape::near(args, &gazetteer, &asked, shape, place, quiet);
        }
    };
    let asked = Asked {
        name: from.name.clone(),
        shapes: vec![from.position.to_point().into()],
    };
    if let Some(layer) = subject::layer(&args.subject, &gazetteer, quiet)? {
        let admits = |feature: u32| subject::admits(&args.subject, &layer, feature);
        let most = most.unwrap_or(usize::MAX);
        let found = layer.near(
            from.position,
            most,
            radius_m.unwrap_or(f64::INFINITY),
            &admits,
        );
        let rows: Vec<Row> = found
            .iter()
            .map(|near| {
                let way = GeodesicPath {
                    distance_m: near.distance_m,
                    ..geodesic(from.position, near.position)
                };
                feature_row(&layer, near.shape, near.position, way)
            })
            .collect();
        let header = ["distance", "direction", "name", "kind", "lon,lat"];
        return answer::give_of(
            &asked,
            &header,
            &rows,
            &args.output,
            "nothing lies there; try a larger --radius",
            quiet,
        );
    }
    let query = NearQuery {
        radius_m,
        most,
        filter: PlaceFilter {
            classes: args.subject.classes.clone(),
            as_of: args.as_of,
            except: from.place,
        },
    };
    let found = gazetteer.near(from.position, &query);
    let rows: anyhow::Result<Vec<Row>> = found
        .iter()
        .map(|near| place_row(&gazetteer, &near.place, near.path()))
        .collect();
    answer::give_of(
        &asked,
        &["distance", "direction", "place", "class", "lon,lat"],
        &rows?,
        &args.output,
        "nothing of the gazetteer lies there; try a larger --radius",
        quiet,
    )
}

/// A place with the way to it.
pub fn place_row(
    gazetteer: &Gazetteer,
    place: &Place<'_>,
    way: GeodesicPath,
) -> anyhow::Result<Row> {
    let mut object = match serde_json::to_value(PlaceJson::new(gazetteer, place))? {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    add_way(&mut object, way);
    Ok(Row {
        object,
        cells: vec![
            format!("{:.1} km", way.distance_m / 1000.0),
            bearing_in_words(way.bearing_deg).to_owned(),
            gazetteer.canonical(place),
            place.class.as_str().to_owned(),
            where_it_is(place),
        ],
        at: place.position,
        shape: None,
    })
}

/// A feature of a layer with the way to it.
pub fn feature_row(layer: &Layer, feature: u32, at: LonLat, way: GeodesicPath) -> Row {
    let mut object = layer.attributes.object(feature);
    object.insert("lon".to_owned(), at.lon().into());
    object.insert("lat".to_owned(), at.lat().into());
    add_way(&mut object, way);
    // In an area, or on the spot, there is no direction.
    let there = way.distance_m <= 0.0;
    Row {
        object,
        cells: vec![
            kilometres(way.distance_m),
            if there {
                "–"
            } else {
                bearing_in_words(way.bearing_deg)
            }
            .to_owned(),
            subject::name(layer, feature),
            subject::kind(layer, feature),
            at.to_string(),
        ],
        at: Some(at),
        shape: None,
    }
}

fn add_way(object: &mut Map<String, Value>, way: GeodesicPath) {
    object.insert("distance_m".to_owned(), rounded(way.distance_m, 3));
    object.insert("bearing_deg".to_owned(), rounded(way.bearing_deg, 2));
    object.insert(
        "direction".to_owned(),
        bearing_in_words(way.bearing_deg).into(),
    );
}
