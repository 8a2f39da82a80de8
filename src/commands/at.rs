//! `yutu at`.

use gazetteer::{LonLat, PlaceFilter};
use layers::{Builder, DEFINITIONS, model::Layer};
use plans::Catalogue;
use serde::Serialize;

use super::{PlaceJson, open};
use crate::args::AtArgs;
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
    let units = gazetteer.units_at(args.position)?;
    let imported = gazetteer.areas_at(args.position, &PlaceFilter::default());
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    // The themes of all plans take half a second to build; a position is answered at once.
    let built: Vec<Layer> = DEFINITIONS
        .iter()
        .map(|layer| layer.build(&builder))
        .collect::<Result<_, _>>()?;
    let features: Vec<FeatureJson<'_>> = built
        .iter()
        .flat_map(|layer| holding(layer, args.position))
        .collect();
    if args.json {
        report::json(&AtJson {
            lon: args.position.lon(),
            lat: args.position.lat(),
            units: units
                .iter()
                .map(|place| PlaceJson::new(&gazetteer, place))
                .collect(),
            places: imported
                .iter()
                .map(|place| PlaceJson::new(&gazetteer, place))
                .collect(),
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
            format_args!(
                "{} lies outside the boundaries of the gazetteer",
                args.position
            ),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn holding(layer: &Layer, position: LonLat) -> Vec<FeatureJson<'_>> {
    let tables = layer.tables.iter();
    tables
        .flat_map(|table| table.features.iter().map(move |feature| (table, feature)))
        .filter(|(_, feature)| feature.covers(position))
        .map(|(table, feature)| FeatureJson {
            layer: &layer.id,
            table: &table.id,
            id: &feature.id,
            name: &feature.properties.name,
            roles: &feature.properties.roles,
            plan: &feature.properties.plan,
            article: &feature.properties.article,
            quality: feature.properties.quality,
            quality_note: &feature.properties.quality_note,
        })
        .collect()
}
