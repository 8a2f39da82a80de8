//! `yutu within`.

use anyhow::{Context as _, bail};
use gazetteer::{Extent, Gazetteer, GeodesicPath, LonLat, NearQuery, PlaceFilter};
use geo::MultiPolygon;
use query::Layer;
use query::areas::{AreasBuilder, Side};
use query::points::Everything;
use serde_json::{Map, Value};

use super::answer::{self, Row};
use super::near::{feature_row, place_row};
use super::{PlaceJson, open, subject, where_it_is};
use crate::Outcome;
use crate::args::{Origin, WithinArgs};

/// Where to look.
enum Where {
    Box(Extent),
    Area(MultiPolygon<f64>),
    Around(LonLat, f64),
}

pub fn run(args: &WithinArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let place = place(args, &gazetteer)?;
    let nothing = "nothing lies there";
    if let Some(layer) = subject::layer(&args.subject, &gazetteer, quiet)? {
        let rows = features(args, &layer, &place)?;
        let header = ["distance", "direction", "name", "kind", "lon,lat"];
        if matches!(place, Where::Around(..)) {
            return answer::give(&header, &rows, &args.output, nothing, quiet);
        }
        return answer::give(&header[2..], &rows, &args.output, nothing, quiet);
    }
    let filter = PlaceFilter {
        classes: args.subject.classes.clone(),
        ..PlaceFilter::default()
    };
    let found = match &place {
        Where::Box(extent) => gazetteer.in_extent(*extent, &filter),
        Where::Area(area) => gazetteer.in_area(area, &filter),
        Where::Around(from, radius_m) => {
            let query = NearQuery {
                radius_m: Some(*radius_m),
                most: None,
                filter,
            };
            let rows: anyhow::Result<Vec<Row>> = gazetteer
                .near(*from, &query)
                .iter()
                .map(|near| place_row(&gazetteer, &near.place, near.path()))
                .collect();
            let header = ["distance", "direction", "place", "class", "lon,lat"];
            return answer::give(&header, &rows?, &args.output, nothing, quiet);
        }
    };
    let rows: anyhow::Result<Vec<Row>> = found
        .iter()
        .map(|place| {
            let object = match serde_json::to_value(PlaceJson::new(&gazetteer, place))? {
                Value::Object(object) => object,
                _ => Map::new(),
            };
            Ok(Row {
                object,
                cells: vec![
                    gazetteer.canonical(place),
                    place.class.as_str().to_owned(),
                    where_it_is(place),
                ],
                at: place.position,
            })
        })
        .collect();
    answer::give(
        &["place", "class", "lon,lat"],
        &rows?,
        &args.output,
        nothing,
        quiet,
    )
}

fn place(args: &WithinArgs, gazetteer: &Gazetteer) -> anyhow::Result<Where> {
    if let Some(radius) = args.radius {
        let origin: Origin = args.area.parse()?;
        let from = subject::spot(gazetteer, &origin, None)?;
        return Ok(Where::Around(from.position, radius.metres));
    }
    let numbers: Vec<&str> = args.area.split([',', '，']).collect();
    let starts_like_one = args
        .area
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if !starts_like_one {
        return Ok(Where::Area(subject::area(gazetteer, &args.area)?.1));
    }
    let values: Option<Vec<f64>> = numbers
        .iter()
        .map(|text| text.trim().parse().ok())
        .collect();
    let Some([west, south, east, north]) = values.as_deref() else {
        bail!(
            "`{}` is no box: expected west,south,east,north in degrees, as in 106,29,107,30; a position needs --radius",
            args.area
        );
    };
    for (lon, lat) in [(*west, *south), (*east, *north)] {
        LonLat::new(lon, lat).with_context(|| format!("the box {}", args.area))?;
    }
    if south > north {
        bail!(
            "the box {}: its south {south} lies north of its north {north}",
            args.area
        );
    }
    Ok(Where::Box(Extent {
        west: *west,
        south: *south,
        east: *east,
        north: *north,
    }))
}

/// The features of a layer there: points in it, and what a radius reaches.
fn features(args: &WithinArgs, layer: &Layer, place: &Where) -> anyhow::Result<Vec<Row>> {
    let admits = |feature: u32| subject::admits(&args.subject, layer, feature);
    if let Where::Around(from, radius_m) = place {
        let found = layer.near(*from, usize::MAX, *radius_m, &admits);
        let rows = found.iter().map(|near| {
            let way = GeodesicPath {
                distance_m: near.distance_m,
                ..gazetteer::geodesic(*from, near.position)
            };
            feature_row(layer, near.shape, near.position, way)
        });
        return Ok(rows.collect());
    }
    let Some(tree) = layer.points() else {
        bail!("only points can be asked in a box or an area; for lines and areas give --radius");
    };
    let extent = match place {
        Where::Box(extent) => *extent,
        Where::Area(area) => {
            let corners = area.iter().flat_map(|polygon| polygon.exterior().coords());
            Extent::around(corners.map(|at| (at.x, at.y))).context("an area without a border")?
        }
        Where::Around(..) => return Ok(Vec::new()),
    };
    let areas = match place {
        Where::Area(area) => {
            let mut builder = AreasBuilder::default();
            builder.area(area);
            Some(builder.finish())
        }
        _ => None,
    };
    let inside = tree.in_extent(extent, &Everything);
    let mut wanted = vec![false; tree.len()];
    for id in inside {
        if let Some(wanted) = wanted.get_mut(id as usize) {
            *wanted = true;
        }
    }
    let mut found: Vec<(u32, LonLat)> = tree
        .points()
        .filter(|(id, _)| wanted.get(*id as usize).copied().unwrap_or(false))
        .filter(|(_, at)| {
            areas
                .as_ref()
                .is_none_or(|areas| areas.side(0, *at) != Side::Outside)
        })
        .filter(|(id, _)| admits(*id))
        .collect();
    found.sort_unstable_by_key(|(id, _)| *id);
    let rows = found.into_iter().map(|(feature, at)| {
        let mut object = layer.attributes.object(feature);
        object.insert("lon".to_owned(), at.lon().into());
        object.insert("lat".to_owned(), at.lat().into());
        Row {
            object,
            cells: vec![
                subject::name(layer, feature),
                subject::kind(layer, feature),
                at.to_string(),
            ],
            at: Some(at),
        }
    });
    Ok(rows.collect())
}
