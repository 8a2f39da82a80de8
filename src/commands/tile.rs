//! `yutu tile`.

mod diff;
mod extract;
mod inspect;
mod merge;
mod verify;

use std::path::Path;

use anyhow::bail;
use gazetteer::Gazetteer;
use layers::model::Table;
use layers::{Builder, Pages, sources};
use output::tiles::{TileSummary, TilesetMetadata, write_pmtiles};
use plans::Catalogue;

use crate::Outcome;
use crate::args::{ArchiveCommand, TileArgs};
use crate::report::Progress;

pub fn run(args: &TileArgs, quiet: bool) -> anyhow::Result<Outcome> {
    match &args.archive {
        Some(ArchiveCommand::Inspect(args)) => return inspect::run(args, quiet),
        Some(ArchiveCommand::Verify(args)) => return verify::run(args, quiet),
        Some(ArchiveCommand::Extract(args)) => return extract::run(args, quiet),
        Some(ArchiveCommand::Diff(args)) => return diff::run(args, quiet),
        Some(ArchiveCommand::Merge(args)) => return merge::run(args, quiet),
        None => {}
    }
    let Some(out) = &args.out else {
        bail!("no file to write; name it with -o");
    };
    if out.extension().is_none_or(|ending| ending != "pmtiles") {
        bail!(
            "{} does not end in .pmtiles, the one format that tiles are written in",
            out.display()
        );
    }
    if out.exists() && !args.force {
        bail!("{} exists; pass --force to overwrite it", out.display());
    }
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    let progress = Progress::new(2, quiet);
    progress.step("layers");
    let built = builder.chosen(&args.layers, Pages::None)?;
    progress.step("tiles");
    let tables = built.iter().flat_map(|sheet| &sheet.layer.tables);
    let tables: Vec<&Table> = tables.collect();
    let summary = write(&tables, (args.min_zoom, args.max_zoom), out)?;
    progress.finish(&format!(
        "{}: {} tiles, zoom {} to {}, {} bytes, largest tile {} bytes",
        out.display(),
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
    let titles: Vec<&str> = tables.iter().map(|table| table.title.as_str()).collect();
    let metadata = TilesetMetadata {
        name: "舆图".to_owned(),
        description: titles.join("；"),
        attribution: sources::ALL.map(|source| source.origin).join("；"),
    };
    Ok(write_pmtiles(tables, &metadata, zooms.0, zooms.1, path)?)
}
