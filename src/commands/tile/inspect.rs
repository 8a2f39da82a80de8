//! `yutu tile inspect`.

use tiles::archive::{AttributeContent, Inspection};

use super::verify;
use crate::args::{InspectArgs, VerifyArgs};
use crate::{Outcome, report};

pub fn run(args: &InspectArgs, quiet: bool) -> anyhow::Result<Outcome> {
    if args.verify {
        let args = VerifyArgs {
            archive: args.archive.clone(),
            max_bytes: None,
            max_features: None,
            strict: false,
            threads: None,
            json: args.json,
        };
        return verify::run(&args, quiet);
    }
    if let Some(name) = args.tile {
        let tile = tiles::archive::tile_as_geojson(&args.archive, name.0)?;
        let Some(tile) = tile else {
            let (z, x, y) = (name.0.z(), name.0.x(), name.0.y());
            report::no(format_args!("no tile {z}/{x}/{y}"), quiet);
            return Ok(Outcome::No);
        };
        report::line(format_args!("{tile}"))?;
        return Ok(Outcome::Done);
    }
    let inspection = tiles::archive::inspect(&args.archive, args.heaviest)?;
    if args.json {
        report::json(&inspection)?;
    } else {
        write(&inspection)?;
    }
    Ok(Outcome::Done)
}

fn write(inspection: &Inspection) -> anyhow::Result<()> {
    let [west, south, east, north] = inspection.bounds;
    report::line(format_args!(
        "{}, {}, {} tiles, {west},{south},{east},{north}",
        inspection.container,
        report::size(inspection.bytes),
        inspection.tiles
    ))?;
    for text in [
        &inspection.name,
        &inspection.description,
        &inspection.attribution,
    ] {
        if !text.is_empty() {
            report::line(format_args!("{}", report::shortened(text, 100)))?;
        }
    }
    let zooms = inspection.zooms.iter().map(|zoom| {
        [
            zoom.zoom.to_string(),
            zoom.tiles.to_string(),
            report::size(zoom.bytes),
            report::size(zoom.largest_bytes.into()),
            zoom.features.to_string(),
        ]
    });
    report::line(format_args!(""))?;
    let header = ["zoom", "tiles", "bytes", "largest", "features"];
    report::table(header, &zooms.collect::<Vec<_>>())?;
    let layers = inspection.layers.iter().map(|(name, layer)| {
        let features = layer.features.iter();
        let features: Vec<_> = features
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        [
            name.clone(),
            format!("{} to {}", layer.min_zoom, layer.max_zoom),
            features.join(", "),
            layer.vertices.to_string(),
            layer.attributes.len().to_string(),
        ]
    });
    report::line(format_args!(""))?;
    let header = [
        "layer",
        "zooms",
        "features in all tiles",
        "positions",
        "attributes",
    ];
    report::table(header, &layers.collect::<Vec<_>>())?;
    let attributes = inspection.layers.iter().flat_map(|(name, layer)| {
        let attributes = layer.attributes.iter();
        attributes.map(|(key, attribute)| attribute_row(name, key, attribute))
    });
    report::line(format_args!(""))?;
    let header = ["layer", "attribute", "values", "range"];
    report::table(header, &attributes.collect::<Vec<_>>())?;
    let heaviest = inspection.heaviest.iter().map(|tile| {
        [
            tile.tile.clone(),
            tile.bytes.to_string(),
            tile.features.to_string(),
        ]
    });
    report::line(format_args!(""))?;
    let header = ["heaviest", "bytes", "features"];
    report::table(header, &heaviest.collect::<Vec<_>>())?;
    Ok(())
}

fn attribute_row(layer: &str, key: &str, attribute: &AttributeContent) -> [String; 4] {
    let values = attribute.values.iter();
    let values: Vec<_> = values
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let numbers = attribute.least.zip(attribute.greatest);
    let range = numbers.map_or_else(
        || {
            let texts: Vec<&str> = attribute.texts.iter().map(String::as_str).collect();
            report::shortened(&texts.join("、"), 40)
        },
        |(least, greatest)| format!("{least} to {greatest}"),
    );
    [layer.to_owned(), key.to_owned(), values.join(", "), range]
}
