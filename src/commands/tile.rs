//! `yutu tile`.

use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::Gazetteer;
use layers::model::Table;
use layers::{Builder, LayerDefinition, sources};
use output::tiles::{TileSummary, TilesetMetadata, write_pmtiles};
use plans::Catalogue;

use crate::Outcome;
use crate::args::TileArgs;
use crate::report::Progress;

pub fn run(args: &TileArgs, quiet: bool) -> anyhow::Result<Outcome> {
    if args
        .out
        .extension()
        .is_none_or(|ending| ending != "pmtiles")
    {
        bail!(
            "{} does not end in .pmtiles, the one format that tiles are written in",
            args.out.display()
        );
    }
    if args.out.exists() && !args.force {
        bail!(
            "{} exists; pass --force to overwrite it",
            args.out.display()
        );
    }
    let definitions: Vec<_> = args
        .layers
        .iter()
        .map(|name| LayerDefinition::find(name))
        .collect::<Result<_, _>>()?;
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    let progress = Progress::new(definitions.len() as u64 + 1, quiet);
    let mut built = Vec::new();
    for definition in definitions {
        progress.step(definition.title);
        built.push(
            definition
                .build(&builder)
                .with_context(|| format!("layer {}", definition.id))?,
        );
    }
    progress.step("tiles");
    let tables: Vec<&Table> = built.iter().flat_map(|layer| &layer.tables).collect();
    let summary = write(&tables, (args.min_zoom, args.max_zoom), &args.out)?;
    progress.finish(&format!(
        "{}: {} tiles, zoom {} to {}, {} bytes, largest tile {} bytes",
        args.out.display(),
        summary.tiles,
        summary.min_zoom,
        summary.max_zoom,
        summary.bytes,
        summary.largest_tile_bytes
    ));
    Ok(Outcome::Done)
}

/// Writes tables as tiles, with what the archive says of itself.
pub(super) fn write(
    tables: &[&Table],
    zooms: (u8, u8),
    path: &Path,
) -> anyhow::Result<TileSummary> {
    let titles: Vec<&str> = tables.iter().map(|table| table.title).collect();
    let metadata = TilesetMetadata {
        name: "舆图".to_owned(),
        description: titles.join("；"),
        attribution: sources::ALL.map(|source| source.origin).join("；"),
    };
    Ok(write_pmtiles(tables, &metadata, zooms.0, zooms.1, path)?)
}
