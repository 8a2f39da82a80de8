//! The area that a map is about: of a place, a layer, or a file.

use anyhow::bail;
use gazetteer::Gazetteer;
use geo::{Geometry, MultiPolygon, Polygon, unary_union};
use layers::{BuildError, Builder, Pages};

use super::data;
use crate::args::MapReadOptions;
use crate::commands::suggestion;

/// The area of a place (重庆市), of the areas of a layer together, or of those of a file.
pub fn area(
    name: &str,
    asked: &MapReadOptions,
    gazetteer: &Gazetteer,
    builder: &Builder<'_>,
) -> anyhow::Result<MultiPolygon<f64>> {
    if super::is_file(name) {
        let data = data::read(name, asked, data::Fields::default(), &mut Vec::new())?;
        let areas = data
            .items
            .into_iter()
            .filter_map(|item| match item.geometry {
                Geometry::MultiPolygon(area) => Some(area),
                _ => None,
            });
        return together(name, areas);
    }
    if let Some(found) = gazetteer.find_one(name, None)
        && let units = gazetteer.units_of(&found.place)
        && !units.is_empty()
    {
        return Ok(gazetteer.boundaries().union(&units)?);
    }
    let sheets = match builder.chosen(&[name.to_owned()], Pages::None) {
        Err(BuildError::UnknownLayer { .. }) => bail!(
            "--focus {name}: no place with an area and no layer has this name{}",
            suggestion(gazetteer, name)
        ),
        other => other?,
    };
    let tables = sheets.into_iter().flat_map(|sheet| sheet.layer.tables);
    let features = tables.flat_map(|table| table.features);
    let areas = features.filter_map(|feature| match feature.geometry {
        Geometry::MultiPolygon(area) => Some(area),
        _ => None,
    });
    together(name, areas)
}

fn together(
    name: &str,
    areas: impl Iterator<Item = MultiPolygon<f64>>,
) -> anyhow::Result<MultiPolygon<f64>> {
    let areas: Vec<MultiPolygon<f64>> = areas.collect();
    if areas.is_empty() {
        bail!("--focus {name}: it has no area");
    }
    let polygons: Vec<Polygon<f64>> = areas.into_iter().flatten().collect();
    Ok(unary_union(&polygons))
}
