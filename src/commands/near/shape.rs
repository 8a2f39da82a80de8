//! `yutu near` from a whole line or area.

use anyhow::bail;
use gazetteer::{Extent, Gazetteer, GeodesicPath, PlaceFilter, PlaceId, geodesic};
use geo::Geometry;
use query::shapes::{Apart, Origin};

use super::{DEFAULT_COUNT, add_way, place_row};
use crate::Outcome;
use crate::args::NearArgs;
use crate::commands::answer::{self, Asked, Row, kilometres, micrometres};
use crate::commands::subject;

pub fn near(
    args: &NearArgs,
    gazetteer: &Gazetteer,
    asked: &Asked,
    shape: Geometry<f64>,
    place: Option<PlaceId>,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let origin = Origin::new(shape, subject::edges(&args.subject));
    let nothing = "nothing lies there; try a larger --radius";
    let radius_m = args.radius.map_or(f64::INFINITY, |radius| radius.metres);
    let count = args.radius.is_none().then_some(DEFAULT_COUNT);
    let most = args.k.or(count).unwrap_or(usize::MAX);
    if !subject::is_of_features(&args.subject) {
        let filter = PlaceFilter {
            classes: args.subject.classes.clone(),
            as_of: args.as_of,
            except: place,
        };
        let rows = places(gazetteer, &origin, &filter, most, radius_m)?;
        let header = ["distance", "direction", "place", "class", "lon,lat"];
        return answer::give_of(asked, &header, &rows, &args.output, nothing, quiet);
    }
    if subject::is_index(&args.subject) {
        bail!(
            "an index answers from positions; from a line or an area ask the file that it was made from"
        );
    }
    let apart = |other: &Geometry<f64>| origin.apart(other, radius_m);
    let mut found = subject::each(&args.subject, gazetteer, quiet, &apart)?;
    found.sort_by_key(|one| (micrometres(one.picked.distance_m), one.number));
    found.truncate(most);
    let rows: Vec<Row> = found
        .into_iter()
        .map(|one| {
            let (way, mut object) = (way(&one.picked), one.object);
            let kind = subject::first(&object, &subject::KINDS);
            let name = subject::name_in(&object, one.number);
            let at = one.picked.there;
            object.insert("lon".to_owned(), at.lon().into());
            object.insert("lat".to_owned(), at.lat().into());
            add_way(&mut object, way);
            let point = matches!(one.shape, Geometry::Point(_));
            Row {
                object,
                cells: vec![
                    kilometres(way.distance_m),
                    direction(way).to_owned(),
                    name,
                    kind,
                    at.to_string(),
                ],
                at: Some(at),
                shape: (!point).then_some(one.shape),
            }
        })
        .collect();
    let header = ["distance", "direction", "name", "kind", "lon,lat"];
    answer::give_of(asked, &header, &rows, &args.output, nothing, quiet)
}

/// The places of the gazetteer: those in a box around the shape, which grows until it is large enough.
fn places(
    gazetteer: &Gazetteer,
    origin: &Origin,
    filter: &PlaceFilter,
    most: usize,
    radius_m: f64,
) -> anyhow::Result<Vec<Row>> {
    let Some(around) = origin.extent() else {
        bail!("the shape to ask from is empty");
    };
    let mut reach_m = if radius_m.is_finite() {
        radius_m
    } else {
        5_000.0
    };
    loop {
        let (extent, whole) = grown(around, reach_m);
        let mut found: Vec<_> = gazetteer
            .in_extent(extent, filter)
            .into_iter()
            .filter_map(|place| {
                let at = Geometry::Point(place.position?.to_point());
                Some((origin.apart(&at, reach_m.min(radius_m))?, place))
            })
            .collect();
        if found.len() < most && !whole && radius_m.is_infinite() {
            reach_m *= 4.0;
            continue;
        }
        found.sort_by_key(|(apart, place)| (micrometres(apart.distance_m), place.number()));
        found.truncate(most);
        let rows = found
            .iter()
            .map(|(apart, place)| place_row(gazetteer, place, way(apart)));
        return rows.collect();
    }
}

/// A box with everything within so many metres of another; and whether it is the whole globe.
fn grown(around: Extent, reach_m: f64) -> (Extent, bool) {
    /// Fewer than any degree of a meridian has.
    const METRES_PER_DEGREE: f64 = 110_000.0;
    let high = reach_m / METRES_PER_DEGREE;
    let (south, north) = (around.south - high, around.north + high);
    let widest = south.abs().max(north.abs()).min(90.0).to_radians().cos();
    let wide = high / widest.max(1e-9);
    let (west, east) = (around.west - wide, around.east + wide);
    // At a pole, or across ±180°, every longitude.
    let all = south <= -90.0 || north >= 90.0 || west < -180.0 || east > 180.0;
    let extent = Extent {
        west: if all { -180.0 } else { west },
        east: if all { 180.0 } else { east },
        south: south.max(-90.0),
        north: north.min(90.0),
    };
    (extent, reach_m > 20_100_000.0)
}

fn way(apart: &Apart) -> GeodesicPath {
    GeodesicPath {
        distance_m: apart.distance_m,
        ..geodesic(apart.here, apart.there)
    }
}

/// Where they meet there is no direction.
fn direction(way: GeodesicPath) -> &'static str {
    if way.distance_m <= 0.0 {
        "–"
    } else {
        gazetteer::bearing_in_words(way.bearing_deg)
    }
}
