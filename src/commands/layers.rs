//! `yutu layers`.

use gazetteer::Gazetteer;
use layers::{Builder, DEFINITIONS};
use plans::Catalogue;
use serde::Serialize;

use crate::args::JsonArgs;
use crate::{Outcome, report};

/// A table of a layer.
#[derive(Serialize)]
struct LayerJson {
    id: &'static str,
    layer: &'static str,
    title: &'static str,
    geometry: &'static str,
    features: usize,
    plans: Vec<String>,
}

pub fn run(args: &JsonArgs) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    let mut tables = Vec::new();
    for definition in &DEFINITIONS {
        let layer = definition.build(&builder)?;
        tables.extend(layer.tables.iter().map(|table| LayerJson {
            id: table.id,
            layer: layer.id,
            title: table.title,
            geometry: table.geometry.name(),
            features: table.features.len(),
            plans: table.plans(),
        }));
    }
    if args.json {
        report::json(&tables)?;
    } else {
        let rows: Vec<_> = tables
            .iter()
            .map(|t| {
                let features = t.features.to_string();
                [
                    t.layer.to_owned(),
                    t.id.to_owned(),
                    t.title.to_owned(),
                    t.geometry.to_owned(),
                    features,
                    t.plans.join(", "),
                ]
            })
            .collect();
        report::table(
            ["layer", "table", "title", "geometry", "features", "plans"],
            &rows,
        )?;
    }
    Ok(Outcome::Done)
}
