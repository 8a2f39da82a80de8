//! `yutu build`: the atlas folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::{Extent, Gazetteer};
use layers::model::{Layer, Table};
use layers::{Builder, DEFINITIONS, LayerDefinition, sources};
use output::manifest::{
    self, MANIFEST_VERSION, Manifest, ManifestLayer, ManifestTable, ManifestTiles,
};
use output::raster::{self, RenderOptions};
use plans::Catalogue;

use super::tile;
use crate::Outcome;
use crate::args::BuildArgs;
use crate::report::Progress;

const MANIFEST: &str = "atlas.json";
const TILES: &str = "atlas.pmtiles";
const ZOOMS: (u8, u8) = (0, 10);

pub fn run(args: &BuildArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let definitions: Vec<&LayerDefinition> = if args.layers.is_empty() {
        DEFINITIONS.iter().collect()
    } else {
        args.layers
            .iter()
            .map(|name| LayerDefinition::find(name))
            .collect::<Result<_, _>>()?
    };
    prepare(&args.out, args.force)?;

    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(&gazetteer, &catalogue);
    let progress = Progress::new(definitions.len() as u64 * 2 + 2, quiet);

    let mut built = Vec::new();
    for definition in &definitions {
        progress.step(definition.title);
        let layer = definition
            .build(&builder)
            .with_context(|| format!("layer {}", definition.id))?;
        write_tables(&layer, &args.out)?;
        progress.step(format!("{}: map", definition.title));
        let page = definition
            .map(&builder)
            .with_context(|| format!("map of {}", definition.id))?;
        let rendered = raster::render(&page, &RenderOptions::default())?;
        rendered.write_png(args.out.join(map_file(&layer)))?;
        for name in &rendered.dropped {
            progress.warn(&format!(
                "{}: no room on the map for the name {name}",
                definition.id
            ));
        }
        if !rendered.missing_glyphs.is_empty() {
            let missing: String = rendered.missing_glyphs.iter().collect();
            progress.warn(&format!(
                "{}: the fonts have no glyph for {missing}",
                definition.id
            ));
        }
        built.push(layer);
    }

    progress.step("tiles");
    let tables: Vec<&Table> = built.iter().flat_map(|layer| &layer.tables).collect();
    let tiles = tile::write(&tables, ZOOMS, &args.out.join(TILES))?;
    progress.step("manifest");
    write_manifest(&builder, &built, &args.out)?;

    let features: usize = tables.iter().map(|table| table.features.len()).sum();
    let unlocated: usize = built.iter().map(|layer| layer.unlocated.len()).sum();
    progress.finish(&format!(
        "{}: {} layers, {features} features, {unlocated} not located, {} tiles",
        args.out.display(),
        built.len(),
        tiles.tiles
    ));
    Ok(Outcome::Done)
}

/// Makes the folder, or clears the atlas that is there.
fn prepare(out: &Path, force: bool) -> anyhow::Result<()> {
    let is_atlas = out.join(MANIFEST).is_file();
    if out.exists() {
        let holds_others = fs::read_dir(out)
            .with_context(|| format!("{} is not a folder that can be read", out.display()))?
            .next()
            .is_some();
        if holds_others && !is_atlas && !force {
            bail!(
                "{} holds other files and no {MANIFEST}; choose another folder or pass --force",
                out.display()
            );
        }
    }
    // Without its manifest a half-written folder is no atlas; layers of an older build would be strays.
    if is_atlas {
        for part in ["layers", "maps"] {
            let part = out.join(part);
            if part.is_dir() {
                fs::remove_dir_all(&part)
                    .with_context(|| format!("cannot clear {}", part.display()))?;
            }
        }
    }
    for part in ["layers", "maps"] {
        let part = out.join(part);
        fs::create_dir_all(&part).with_context(|| format!("cannot make {}", part.display()))?;
    }
    Ok(())
}

fn table_file(table: &Table, ending: &str) -> String {
    format!("layers/{}.{ending}", table.id)
}

fn map_file(layer: &Layer) -> String {
    format!("maps/{}.png", layer.id)
}

fn unlocated_file(layer: &Layer) -> Option<String> {
    (!layer.unlocated.is_empty()).then(|| format!("layers/{}-unlocated.csv", layer.id))
}

fn write_tables(layer: &Layer, out: &Path) -> anyhow::Result<()> {
    for table in &layer.tables {
        output::geojson::write(table, &out.join(table_file(table, "geojson")))?;
        output::qml::write(table, &out.join(table_file(table, "qml")))?;
    }
    if let Some(file) = unlocated_file(layer) {
        output::csv::write(&layer.unlocated, &out.join(file))?;
    }
    Ok(())
}

fn write_manifest(builder: &Builder<'_>, built: &[Layer], out: &Path) -> anyhow::Result<()> {
    let extents = built
        .iter()
        .flat_map(|layer| layer.tables.iter().filter_map(Table::extent));
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        generator: concat!("yutu ", env!("CARGO_PKG_VERSION")),
        crs: "EPSG:4326",
        bbox: extents.reduce(Extent::union).map(ManifestTable::bbox_of),
        layers: built
            .iter()
            .map(|layer| ManifestLayer {
                id: layer.id,
                title: layer.title,
                summary: layer.summary,
                tables: layer
                    .tables
                    .iter()
                    .map(|table| ManifestTable {
                        id: table.id,
                        title: table.title,
                        geometry: table.geometry.name(),
                        features: table.features.len(),
                        bbox: table.extent().map(ManifestTable::bbox_of),
                        plans: table.plans(),
                        file: table_file(table, "geojson"),
                        style: table_file(table, "qml"),
                    })
                    .collect(),
                map: map_file(layer),
                unlocated: &layer.unlocated,
                unlocated_file: unlocated_file(layer),
            })
            .collect(),
        tiles: Some(ManifestTiles {
            file: TILES,
            min_zoom: ZOOMS.0,
            max_zoom: ZOOMS.1,
        }),
        plans: &builder.plans(),
        sources: &sources::ALL,
    };
    manifest::write(&manifest, &out.join(MANIFEST))?;
    Ok(())
}
