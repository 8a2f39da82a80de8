//! `yutu overlap`.

use std::path::Path;

use anyhow::{Context as _, bail};
use gazetteer::Gazetteer;
use geo::{Geometry, MultiPolygon};
use input::features::{FeatureView, Value as Cell};
use layers::{Builder, DEFINITIONS, Pages};
use plans::Catalogue;
use query::areas::overlap;
use serde_json::Map;

use super::answer::{self, Row, rounded};
use super::{open, subject};
use crate::Outcome;
use crate::args::OverlapArgs;

/// An area and what it is called.
type Named = (String, MultiPolygon<f64>);

pub fn run(args: &OverlapArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    let (first, second) = (
        areas(&gazetteer, &args.first)?,
        areas(&gazetteer, &args.second)?,
    );
    let km2 = |m2: f64| rounded(m2 / 1e6, 3);
    let mut rows = Vec::new();
    for (first_name, first) in &first {
        for (second_name, second) in &second {
            let Some(shared) = overlap(first, second) else {
                continue;
            };
            let parts = (
                shared.shared_m2 / shared.first_m2,
                shared.shared_m2 / shared.second_m2,
            );
            let mut object = Map::new();
            object.insert("first".to_owned(), first_name.clone().into());
            object.insert("second".to_owned(), second_name.clone().into());
            object.insert("first_km2".to_owned(), km2(shared.first_m2));
            object.insert("second_km2".to_owned(), km2(shared.second_m2));
            object.insert("shared_km2".to_owned(), km2(shared.shared_m2));
            object.insert("share_of_first".to_owned(), rounded(parts.0, 6));
            object.insert("share_of_second".to_owned(), rounded(parts.1, 6));
            rows.push(Row {
                object,
                cells: vec![
                    first_name.clone(),
                    second_name.clone(),
                    format!("{:.1} km²", shared.shared_m2 / 1e6),
                    format!("{:.1} %", parts.0 * 100.0),
                    format!("{:.1} %", parts.1 * 100.0),
                ],
                at: None,
                shape: Some(shared.shared.into()),
            });
        }
    }
    answer::give(
        &["first", "second", "shared", "of first", "of second"],
        &rows,
        &args.output,
        "they share nothing",
        quiet,
    )
}

/// The areas that a name stands for: those of a file, of a layer of the atlas, or of a place.
fn areas(gazetteer: &Gazetteer, name: &str) -> anyhow::Result<Vec<Named>> {
    let areas = if Path::new(name).is_file() {
        of_file(Path::new(name))?
    } else if let Some(found) = gazetteer.find_one(name, None)
        && !DEFINITIONS
            .iter()
            .any(|layer| [layer.id, layer.title].contains(&name))
    {
        vec![subject::area(gazetteer, &found.name)?]
    } else {
        of_layer(gazetteer, name)?
    };
    if areas.is_empty() {
        bail!("`{name}` has no areas");
    }
    Ok(areas)
}

fn of_layer(gazetteer: &Gazetteer, name: &str) -> anyhow::Result<Vec<Named>> {
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(gazetteer, &catalogue);
    let sheets = builder
        .chosen(&[name.to_owned()], Pages::None)
        .with_context(|| format!("`{name}` is no file, no place and no layer"))?;
    let tables = sheets.into_iter().flat_map(|sheet| sheet.layer.tables);
    let named = tables
        .flat_map(|table| table.features)
        .filter_map(|feature| {
            let name = feature.properties.name;
            match feature.geometry {
                Geometry::MultiPolygon(area) => Some((name, area)),
                Geometry::Polygon(area) => Some((name, area.into())),
                _ => None,
            }
        });
    Ok(named.collect())
}

fn of_file(file: &Path) -> anyhow::Result<Vec<Named>> {
    let mut all = Vec::new();
    subject::open(file, None, None)?.read(
        1,
        |batch| batch.features().filter_map(area).collect::<Vec<Named>>(),
        |done| {
            all.extend(done.value);
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    Ok(all)
}

fn area(view: FeatureView<'_>) -> Option<Named> {
    let Some(geo::Geometry::MultiPolygon(polygons)) = subject::geometry(view) else {
        return None;
    };
    let name = view.cells().find_map(|(key, value)| match value {
        Cell::Text(text) if ["name", "名称", "地名", "title"].contains(&key) => {
            Some(text.to_owned())
        }
        _ => None,
    });
    let name = name.unwrap_or_else(|| format!("#{}", view.number() + 1));
    Some((name, polygons))
}
