//! `yutu build`: the atlas folder.

mod gallery;
mod maps;
mod project;
mod web_style;

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::{Extent, Gazetteer, PartialDate};
use layers::model::{Layer, Table};
use layers::{Builder, Pages, Sheet, sources};
use output::geopackage::{self, AtlasPackage};
use output::manifest::{
    self, MANIFEST_VERSION, Manifest, ManifestLayer, ManifestTable, ManifestTiles,
};
use plans::{Catalogue, PlanTexts};

use super::{open, read, tile};
use crate::Outcome;
use crate::args::BuildArgs;
use crate::report::Progress;
use maps::write_maps;

const MANIFEST: &str = "atlas.json";
const TILES: &str = "atlas.pmtiles";
const PACKAGE: &str = "atlas.gpkg";
const GENERATOR: &str = concat!("yutu ", env!("CARGO_PKG_VERSION"));
const ZOOMS: (u8, u8) = (0, 10);
const PROJECT: &str = "atlas.qgz";
const GALLERY: &str = "gallery.html";
const WEB_STYLE: &str = "atlas.style.json";
/// Folders of an atlas, which are cleared before another is built.
const FOLDERS: [&str; 3] = ["ground", "layers", "maps"];

pub fn run(args: &BuildArgs, quiet: bool) -> anyhow::Result<Outcome> {
    // Places of the user's own are for a plan of the user's own: the atlas of the five plans is the same everywhere.
    let gazetteer = match &args.plan {
        Some(_) => open()?,
        None => Gazetteer::embedded()?,
    };
    // A mistake in the plan is said before anything of an older atlas goes.
    let catalogue = match &args.plan {
        Some(file) => read_plan(&gazetteer, file, args.as_of)?,
        None => Catalogue::embedded()?,
    };
    let texts = match &args.texts {
        Some(folder) => Some(PlanTexts::open(folder, &catalogue)?),
        None => None,
    };
    let mut builder = Builder::new(&gazetteer, &catalogue);
    if let Some(texts) = &texts {
        builder = builder.with_texts(texts);
    }
    let sheets = match catalogue.plans() {
        [plan] if args.plan.is_some() => builder.sheets(plan)?,
        _ if args.layers.is_empty() => builder.atlas(Pages::Drawn)?,
        _ => builder.chosen(&args.layers, Pages::Drawn)?,
    };
    prepare(&args.out, args.force)?;
    write(&builder, &sheets, &args.out, quiet)?;
    Ok(Outcome::Done)
}

/// The plan of a file: a catalogue (.toml), or the text of a plan, which is read.
fn read_plan(
    gazetteer: &Gazetteer,
    file: &Path,
    as_of: Option<PartialDate>,
) -> anyhow::Result<Catalogue> {
    let is_catalogue = file.extension().is_some_and(|ending| ending == "toml");
    if !is_catalogue {
        let plan = read::plan_of(gazetteer, file, as_of)?;
        if plan.structures.is_empty() {
            bail!(
                "{}: nothing in the text says what is to be at a place; expected a plan with places and what is \
                 built there, or a catalogue file (.toml)",
                file.display()
            );
        }
        return Ok(plan.into());
    }
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read {} as UTF-8 text", file.display()))?;
    Ok(Catalogue::read(&[(&file.display().to_string(), &text)])?)
}

/// Writes all files of an atlas, the manifest last.
fn write(builder: &Builder<'_>, sheets: &[Sheet], out: &Path, quiet: bool) -> anyhow::Result<()> {
    let progress = Progress::new(sheets.len() as u64 + 4, quiet);
    for Sheet { layer, .. } in sheets {
        progress.step(&layer.title);
        write_tables(layer, out)?;
    }
    progress.step("maps");
    let maps = write_maps(sheets, out)?;
    for warning in maps.iter().flat_map(|map| &map.warnings) {
        progress.warn(warning);
    }
    progress.step("tiles");
    let layers: Vec<&Layer> = sheets.iter().map(|sheet| &sheet.layer).collect();
    let tables: Vec<&Table> = layers.iter().flat_map(|layer| &layer.tables).collect();
    // Of a plan without a single place there are no tiles.
    let tiles = if tables.is_empty() {
        None
    } else {
        Some(tile::write(&tables, ZOOMS, &out.join(TILES))?)
    };
    progress.step("QGIS project");
    project::write(builder, sheets, out)?;
    progress.step("GeoPackage");
    let package = AtlasPackage {
        generator: GENERATOR,
        layers: &layers,
        plans: &builder.plans(),
        sources: &sources::ALL,
    };
    geopackage::write(&package, &out.join(PACKAGE))?;
    progress.step("manifest");
    gallery::write(builder, sheets, &maps, out)?;
    web_style::write(sheets, out)?;
    write_manifest(builder, sheets, out)?;

    let features: usize = tables.iter().map(|table| table.features.len()).sum();
    let unlocated: usize = layers.iter().map(|layer| layer.unlocated.len()).sum();
    progress.finish(&format!(
        "{}: {} layers, {features} features, {unlocated} not located, {} tiles",
        out.display(),
        layers.len(),
        tiles.map_or(0, |written| written.tiles)
    ));
    Ok(())
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
        for part in FOLDERS {
            let part = out.join(part);
            if part.is_dir() {
                fs::remove_dir_all(&part)
                    .with_context(|| format!("cannot clear {}", part.display()))?;
            }
        }
        for file in [MANIFEST, TILES, PACKAGE, PROJECT, GALLERY, WEB_STYLE] {
            let file = out.join(file);
            if file.is_file() {
                fs::remove_file(&file)
                    .with_context(|| format!("cannot clear {}", file.display()))?;
            }
        }
    }
    for part in FOLDERS {
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
        output::sld::write(table, &out.join(table_file(table, "sld")))?;
    }
    if let Some(file) = unlocated_file(layer) {
        output::csv::write(&layer.unlocated, &out.join(file))?;
    }
    Ok(())
}

fn write_manifest(builder: &Builder<'_>, sheets: &[Sheet], out: &Path) -> anyhow::Result<()> {
    let extents = sheets
        .iter()
        .flat_map(|sheet| sheet.layer.tables.iter().filter_map(Table::extent))
        .reduce(Extent::union);
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        generator: GENERATOR,
        crs: "EPSG:4326",
        bbox: extents.map(ManifestTable::bbox_of),
        layers: sheets
            .iter()
            .map(|Sheet { layer, page }| ManifestLayer {
                id: &layer.id,
                title: &layer.title,
                summary: &layer.summary,
                tables: layer
                    .tables
                    .iter()
                    .map(|table| ManifestTable {
                        id: &table.id,
                        title: &table.title,
                        geometry: table.geometry.name(),
                        features: table.features.len(),
                        bbox: table.extent().map(ManifestTable::bbox_of),
                        plans: table.plans(),
                        file: table_file(table, "geojson"),
                        style: table_file(table, "qml"),
                    })
                    .collect(),
                map: page.as_ref().map(|_| map_file(layer)),
                unlocated: &layer.unlocated,
                unlocated_file: unlocated_file(layer),
            })
            .collect(),
        geopackage: PACKAGE,
        tiles: extents.as_ref().map(|_| ManifestTiles {
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
