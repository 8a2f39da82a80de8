//! From where a question is asked: a position, or a whole line or area.

use std::path::Path;

use anyhow::{Context as _, bail};
use gazetteer::{Gazetteer, PartialDate, PlaceId};
use geo::{Geometry, GeometryCollection};
use layers::{Builder, Pages};
use plans::Catalogue;

use super::{Spot, geometry, open, spot};
use crate::args::Origin;
use crate::commands::suggestion;

/// Where a question begins.
pub enum Start {
    /// At a position.
    Spot(Spot),
    /// Anywhere on a line, or in an area.
    Shape {
        /// What it is called.
        name: String,
        /// Itself.
        shape: Geometry<f64>,
        /// The place that it is.
        place: Option<PlaceId>,
    },
}

/// Finds where a question begins: a position; a place, by its line or area if `whole` or where it has no position;
/// a feature of the atlas as `LAYER/NAME`; the features of a file.
pub fn start(
    gazetteer: &Gazetteer,
    origin: &Origin,
    as_of: Option<PartialDate>,
    whole: bool,
) -> anyhow::Result<Start> {
    let Origin::Name(name) = origin else {
        return Ok(Start::Spot(spot(gazetteer, origin, as_of)?));
    };
    if Path::new(name).is_file() {
        return of_file(Path::new(name));
    }
    let Some(found) = gazetteer.find_one(name, as_of) else {
        return match name.split_once('/') {
            Some((layer, feature)) => of_layer(gazetteer, layer, feature),
            None => bail!("no place named `{name}`{}", suggestion(gazetteer, name)),
        };
    };
    if found.place.position.is_some() && !whole {
        return Ok(Start::Spot(spot(gazetteer, origin, as_of)?));
    }
    let own = match found.place.geometry() {
        Some(geometry) => Some(geometry),
        None => gazetteer.area(&found.place)?.map(Geometry::from),
    };
    let shape = match own {
        Some(shape) => Some(shape),
        None => gazetteer
            .river_reach(name, None, None, as_of)?
            .map(Geometry::from),
    };
    match shape {
        Some(shape) => Ok(Start::Shape {
            name: found.canonical,
            shape,
            place: Some(found.place.number()),
        }),
        None if whole => bail!(
            "{} has neither a line nor an area; ask without --shape",
            found.canonical
        ),
        None => Ok(Start::Spot(spot(gazetteer, origin, as_of)?)),
    }
}

fn of_layer(gazetteer: &Gazetteer, layer: &str, feature: &str) -> anyhow::Result<Start> {
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(gazetteer, &catalogue);
    let sheets = builder.chosen(&[layer.to_owned()], Pages::None)?;
    let tables = sheets.into_iter().flat_map(|sheet| sheet.layer.tables);
    let mut features = tables.flat_map(|table| table.features);
    let found = features
        .find(|one| one.properties.name == feature || one.id == feature)
        .with_context(|| {
            format!("no feature `{feature}` in `{layer}`; `yutu near --layer {layer}` lists some")
        })?;
    Ok(Start::Shape {
        name: found.properties.name,
        shape: found.geometry,
        place: None,
    })
}

fn of_file(file: &Path) -> anyhow::Result<Start> {
    let mut all = Vec::new();
    open(file, None, None)?.read(
        1,
        |batch| batch.features().filter_map(geometry).collect::<Vec<_>>(),
        |done| {
            all.extend(done.value);
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    let shape = match all.len() {
        0 => bail!("{}: no feature in it to ask from", file.display()),
        1 => all.remove(0),
        _ => Geometry::GeometryCollection(GeometryCollection(all)),
    };
    let name = file.file_stem().unwrap_or_default();
    Ok(Start::Shape {
        name: name.to_string_lossy().into_owned(),
        shape,
        place: None,
    })
}
