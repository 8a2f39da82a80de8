//! `yutu at`.

use std::path::Path;

use gazetteer::{Gazetteer, LonLat, PlaceFilter};
use input::features::{FeatureView, GeometryKind};
use layers::{AreaFeature, AreaTable, Builder, Pages};
use plans::Catalogue;
use query::areas::{AreasBuilder, Side};
use query::attributes_of;
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::{self, Row};
use super::{PlaceJson, open, subject};
use crate::args::{AtArgs, OutputArgs};
use crate::{Outcome, report};

#[derive(Serialize)]
struct AtJson<'a> {
    lon: f64,
    lat: f64,
    units: Vec<PlaceJson<'a>>,
    /// Areas that the user imported.
    places: Vec<PlaceJson<'a>>,
    features: Vec<FeatureJson<'a>>,
}

/// A feature of a layer that holds the position.
#[derive(Serialize)]
struct FeatureJson<'a> {
    layer: &'a str,
    table: &'a str,
    id: &'a str,
    name: &'a str,
    roles: &'a str,
    plan: &'a str,
    article: &'a str,
    quality: &'a str,
    quality_note: &'a str,
}

pub fn run(args: &AtArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let at = subject::spot(&gazetteer, &args.position, None)?.position;
    if let Some(file) = &args.file {
        return of_file(file, at, args, quiet);
    }
    if !args.layers.is_empty() {
        return of_layers(&gazetteer, at, args, quiet);
    }
    let units = gazetteer.units_at(at)?;
    let imported = gazetteer.areas_at(at, &PlaceFilter::default());
    let held = AreaTable::embedded()?.at(at)?;
    let features: Vec<FeatureJson<'_>> = held.iter().map(said).collect();
    if args.json {
        let json = |place| PlaceJson::new(&gazetteer, place);
        report::json(&AtJson {
            lon: at.lon(),
            lat: at.lat(),
            units: units.iter().map(json).collect(),
            places: imported.iter().map(json).collect(),
            features,
        })?;
    } else {
        let mut rows: Vec<[String; 4]> = units
            .iter()
            .map(|place| {
                let code = place
                    .adcode
                    .map_or_else(String::new, |code| code.to_string());
                [
                    place.class.as_str().to_owned(),
                    place.name.to_owned(),
                    code,
                    String::new(),
                ]
            })
            .collect();
        rows.extend(imported.iter().map(|place| {
            let source = place.position_source.to_owned();
            let class = place.class.as_str().to_owned();
            [class, place.name.to_owned(), String::new(), source]
        }));
        rows.extend(features.iter().map(|feature| {
            let (table, name) = (feature.table.to_owned(), feature.name.to_owned());
            [
                table,
                name,
                report::shortened(feature.roles, 24),
                format!("{} {}", feature.plan, feature.article),
            ]
        }));
        if !rows.is_empty() {
            report::table(["what", "name", "code or role", "said in"], &rows)?;
        }
    }
    if units.is_empty() && imported.is_empty() {
        report::no(
            format_args!("{at} lies outside the boundaries of the gazetteer"),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn said<'a>(feature: &AreaFeature<'a>) -> FeatureJson<'a> {
    FeatureJson {
        layer: feature.layer,
        table: feature.table,
        id: feature.id,
        name: feature.name,
        roles: feature.roles,
        plan: feature.plan,
        article: feature.article,
        quality: feature.quality,
        quality_note: feature.quality_note,
    }
}

/// The areas of a file that hold the position, their borders included.
fn of_file(file: &Path, at: LonLat, args: &AtArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let mut rows = Vec::new();
    subject::open(file, None, None)?.read(
        subject::threads(None),
        |batch| {
            let views = batch.features().filter(|view| holds(*view, at));
            views
                .map(|view| (view.number(), attributes_of(view)))
                .collect::<Vec<_>>()
        },
        |done| {
            rows.extend(done.value.into_iter().map(|(number, object)| {
                let kind = subject::first(&object, &subject::KINDS);
                let cells = vec![subject::name_in(&object, number), kind];
                Row {
                    object,
                    cells,
                    at: None,
                    shape: None,
                }
            }));
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    give(&rows, args, quiet)
}

fn holds(view: FeatureView<'_>, at: LonLat) -> bool {
    if view.kind() != GeometryKind::Polygon {
        return false;
    }
    let mut around = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    for [lon, lat] in view.vertices() {
        around = [
            around[0].min(*lon),
            around[1].min(*lat),
            around[2].max(*lon),
            around[3].max(*lat),
        ];
    }
    if at.lon() < around[0] || at.lat() < around[1] || at.lon() > around[2] || at.lat() > around[3]
    {
        return false;
    }
    let mut area = AreasBuilder::default();
    for ring in view.parts().flat_map(|part| part.rings()) {
        area.ring(ring.iter().copied());
    }
    area.end();
    area.finish().side(0, at) != Side::Outside
}

/// The areas of some layers that hold the position.
fn of_layers(
    gazetteer: &Gazetteer,
    at: LonLat,
    args: &AtArgs,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let catalogue = Catalogue::embedded()?;
    let sheets = Builder::new(gazetteer, &catalogue).chosen(&args.layers, Pages::None)?;
    let mut rows = Vec::new();
    for sheet in &sheets {
        for table in &sheet.layer.tables {
            for feature in table.features.iter().filter(|feature| feature.covers(at)) {
                let object: Map<String, Value> =
                    subject::properties(&sheet.layer.id, &table.id, feature);
                let cells = vec![feature.properties.name.clone(), table.id.clone()];
                rows.push(Row {
                    object,
                    cells,
                    at: None,
                    shape: None,
                });
            }
        }
    }
    give(&rows, args, quiet)
}

fn give(rows: &[Row], args: &AtArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let output = OutputArgs {
        json: args.json,
        ..OutputArgs::default()
    };
    answer::give(&["name", "kind"], rows, &output, "no area holds it", quiet)
}
