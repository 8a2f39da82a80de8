//! `yutu layers`.

use gazetteer::Gazetteer;
use layers::{Builder, Pages};
use plans::Catalogue;
use serde::Serialize;

use crate::args::JsonArgs;
use crate::{Outcome, report};

/// A table of a layer.
#[derive(Serialize)]
struct LayerJson {
    id: String,
    layer: String,
    title: String,
    geometry: &'static str,
    features: usize,
    plans: Vec<String>,
}

pub fn run(args: &JsonArgs) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    let mut tables = Vec::new();
    for sheet in builder.atlas(Pages::None)? {
        tables.extend(sheet.layer.tables.into_iter().map(|table| LayerJson {
            geometry: table.geometry.name(),
            features: table.features.len(),
            plans: table.plans(),
            layer: sheet.layer.id.clone(),
            id: table.id,
            title: table.title,
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
                    t.layer.clone(),
                    t.id.clone(),
                    t.title.clone(),
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
