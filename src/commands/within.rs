//! `yutu within`.

use anyhow::{Context as _, bail};
use gazetteer::{Extent, Gazetteer, GeodesicPath, LonLat, NearQuery, PlaceFilter};
use geo::{
    BoundingRect as _, Geometry, InteriorPoint as _, Intersects as _, MultiPolygon, Polygon, Rect,
    Relate as _,
};
use query::Layer;
use query::areas::{Areas, AreasBuilder, Side};
use query::points::Everything;
use serde_json::{Map, Value};

use super::answer::{self, Asked, Row};
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
    let asked = asked(args, &place);
    if subject::is_of_features(&args.subject) {
        let header = ["distance", "direction", "name", "kind", "lon,lat"];
        if let Where::Around(from, radius_m) = place {
            let layer = subject::layer(&args.subject, &gazetteer, quiet)?;
            let rows = layer.map_or_else(Vec::new, |layer| around(args, &layer, from, radius_m));
            return answer::give_of(&asked, &header, &rows, &args.output, nothing, quiet);
        }
        let place = Place::of(place)?;
        let rows = if subject::is_index(&args.subject) {
            let layer = subject::layer(&args.subject, &gazetteer, quiet)?;
            layer.map_or_else(|| Ok(Vec::new()), |layer| of_index(args, &layer, &place))?
        } else {
            let meets = |shape: &Geometry<f64>| place.meets(shape);
            let found = subject::each(&args.subject, &gazetteer, quiet, &meets)?;
            found
                .into_iter()
                .map(|one| row(one.number, one.object, one.shape, one.picked))
                .collect()
        };
        return answer::give_of(&asked, &header[2..], &rows, &args.output, nothing, quiet);
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
            return answer::give_of(&asked, &header, &rows?, &args.output, nothing, quiet);
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
                shape: None,
            })
        })
        .collect();
    answer::give_of(
        &asked,
        &["place", "class", "lon,lat"],
        &rows?,
        &args.output,
        nothing,
        quiet,
    )
}

/// What the map shows of the question.
fn asked(args: &WithinArgs, place: &Where) -> Asked {
    let shapes = match place {
        Where::Box(extent) => gazetteer::parts_at_180(*extent)
            .into_iter()
            .map(|part| {
                Rect::new((part.west, part.south), (part.east, part.north))
                    .to_polygon()
                    .into()
            })
            .collect(),
        Where::Area(area) => vec![area.clone().into()],
        Where::Around(from, _) => vec![from.to_point().into()],
    };
    let name = if matches!(place, Where::Box(_)) {
        ""
    } else {
        &args.area
    };
    Asked {
        name: name.to_owned(),
        shapes,
    }
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

/// The features there: what a radius reaches.
fn around(args: &WithinArgs, layer: &Layer, from: LonLat, radius_m: f64) -> Vec<Row> {
    let admits = |feature: u32| subject::admits(&args.subject, layer, feature);
    let found = layer.near(from, usize::MAX, radius_m, &admits);
    let rows = found.iter().map(|near| {
        let way = GeodesicPath {
            distance_m: near.distance_m,
            ..gazetteer::geodesic(from, near.position)
        };
        feature_row(layer, near.shape, near.position, way)
    });
    rows.collect()
}

/// The points of an index in a box or an area.
fn of_index(args: &WithinArgs, layer: &Layer, place: &Place) -> anyhow::Result<Vec<Row>> {
    let Some(tree) = layer.points() else {
        bail!("an index holds points only");
    };
    let inside = tree.in_extent(place.extent, &Everything);
    let mut wanted = vec![false; tree.len()];
    for id in inside {
        if let Some(wanted) = wanted.get_mut(id as usize) {
            *wanted = true;
        }
    }
    let mut found: Vec<(u32, LonLat)> = tree
        .points()
        .filter(|(id, _)| wanted.get(*id as usize).copied().unwrap_or(false))
        .filter(|(_, at)| place.holds(*at))
        .filter(|(id, _)| subject::admits(&args.subject, layer, *id))
        .collect();
    found.sort_unstable_by_key(|(id, _)| *id);
    let rows = found.into_iter().map(|(feature, at)| {
        let object = layer.attributes.object(feature);
        row(
            u64::from(feature),
            object,
            Geometry::Point(at.to_point()),
            true,
        )
    });
    Ok(rows.collect())
}

/// A feature in a box or an area; lines and areas say whether they are so wholly.
fn row(number: u64, mut object: Map<String, Value>, shape: Geometry<f64>, wholly: bool) -> Row {
    let place = match &shape {
        Geometry::Point(at) => LonLat::new(at.x(), at.y()).ok(),
        other => other
            .interior_point()
            .and_then(|at| LonLat::new(at.x(), at.y()).ok()),
    };
    let mut kind = subject::first(&object, &subject::KINDS);
    let point = matches!(shape, Geometry::Point(_));
    let name = subject::name_in(&object, number);
    if let (true, Some(at)) = (point, place) {
        object.insert("lon".to_owned(), at.lon().into());
        object.insert("lat".to_owned(), at.lat().into());
    } else {
        object.insert("wholly".to_owned(), wholly.into());
        if !wholly {
            kind.push_str(" (in part)");
        }
    }
    Row {
        object,
        cells: vec![
            name,
            kind.trim().to_owned(),
            place.map_or_else(String::new, |at| at.to_string()),
        ],
        at: place.filter(|_| point),
        shape: (!point).then_some(shape),
    }
}

/// A box or an area to look in.
struct Place {
    /// The box around it; west is greater than east where it crosses ±180°.
    extent: Extent,
    /// The area; the box alone without one.
    area: Option<(MultiPolygon<f64>, Areas)>,
    /// The box as areas, in parts that do not cross ±180°.
    parts: Vec<Polygon<f64>>,
}

impl Place {
    fn of(place: Where) -> anyhow::Result<Self> {
        let (extent, area) = match place {
            Where::Area(area) => {
                let corners = area.iter().flat_map(|polygon| polygon.exterior().coords());
                let extent = Extent::around(corners.map(|at| (at.x, at.y)));
                let mut builder = AreasBuilder::default();
                builder.area(&area);
                let areas = builder.finish();
                (
                    extent.context("an area without a border")?,
                    Some((area, areas)),
                )
            }
            Where::Box(extent) => (extent, None),
            Where::Around(..) => bail!("a radius is no box"),
        };
        let parts = gazetteer::parts_at_180(extent)
            .into_iter()
            .map(|part| Rect::new((part.west, part.south), (part.east, part.north)).to_polygon());
        Ok(Self {
            extent,
            area,
            parts: parts.collect(),
        })
    }

    /// Whether a position is in it or on its border.
    fn holds(&self, at: LonLat) -> bool {
        match &self.area {
            Some((_, areas)) => areas.side(0, at) != Side::Outside,
            None => self
                .parts
                .iter()
                .any(|part| part.intersects(&at.to_point())),
        }
    }

    /// Whether a feature is in it, and whether wholly.
    fn meets(&self, shape: &Geometry<f64>) -> Option<bool> {
        if let Geometry::Point(at) = shape {
            let at = LonLat::new(at.x(), at.y()).ok()?;
            return self.holds(at).then_some(true);
        }
        let around = shape.bounding_rect()?;
        if !self.parts.iter().any(|part| part.intersects(&around)) {
            return None;
        }
        let wholly = |relation: geo::relate::IntersectionMatrix| relation.is_covers();
        if let Some((area, _)) = &self.area {
            return area.intersects(shape).then(|| wholly(area.relate(shape)));
        }
        let met = self.parts.iter().any(|part| part.intersects(shape));
        met.then(|| self.parts.iter().any(|part| wholly(part.relate(shape))))
    }
}
