//! `yutu tile --raster`.

use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Parser;
use gazetteer::Gazetteer;
use layers::Builder;
use output::raster_tiles::{RasterTileOptions, make};
use plans::Catalogue;
use tiles::archive::{Container, TileFormat};

use crate::Outcome;
use crate::args::{LastZoom, MapArgs, RasterFormat, TileArgs};
use crate::commands::map;
use crate::report::note;

/// Zooms that are made unless said.
const USUAL_LAST_ZOOM: u8 = 9;

/// What a page is made of, as `yutu map` takes it.
#[derive(Parser)]
struct AsMap {
    #[command(flatten)]
    map: MapArgs,
}

pub fn run(args: &TileArgs, out: &Path, quiet: bool) -> anyhow::Result<Outcome> {
    let last = match args.maxzoom {
        Some(LastZoom::Zoom(zoom)) => zoom,
        Some(LastZoom::Guess) => {
            bail!("the last zoom of raster tiles cannot be guessed; say it with -z")
        }
        None => USUAL_LAST_ZOOM,
    };
    if args.minzoom > last {
        bail!("the first zoom is {} and the last {last}", args.minzoom);
    }
    let raster = &args.raster;
    let map_args = as_map(args)?;
    let look = map::look(&map_args.page)?;
    let gazetteer = Gazetteer::embedded()?;
    // Files are drawn without what the plans say.
    let of_files = map_args.inputs.iter().all(|input| map::is_file(input));
    let catalogue = if of_files {
        Catalogue::read(&[])?
    } else {
        Catalogue::embedded()?
    };
    let builder = Builder::new(&gazetteer, &catalogue);
    let mut warnings = Vec::new();
    let page = map::page_of(&map_args, &builder, &mut warnings)?;
    let given = |asked: &str, usual: &str| {
        let text = if asked.is_empty() { usual } else { asked };
        text.to_owned()
    };
    let options = RasterTileOptions {
        zooms: args.minzoom..=last,
        side_px: raster.tile_size,
        retina: raster.retina,
        format: match raster.raster_format {
            RasterFormat::Png => TileFormat::Png,
            RasterFormat::Webp => TileFormat::Webp,
        },
        ground: !raster.transparent,
        look,
        fonts: raster.fonts.clone(),
        threads: super::threads(args.threads),
        name: given(&args.name, &page.title),
        description: given(&args.description, &page.subtitle),
        attribution: given(&args.attribution, &page.sources),
        replace: args.force,
    };
    let made = make(&page, out, Container::of(out), &options)
        .with_context(|| format!("cannot make {}", out.display()))?;
    for warning in warnings {
        note(format_args!("{warning}"), quiet);
    }
    for (zoom, names) in &made.dropped {
        note(
            format_args!("zoom {zoom}: no room for {} names", names.len()),
            quiet,
        );
    }
    if args.json {
        crate::report::json(&made.archive)?;
    }
    note(
        format_args!(
            "{}: {} tiles of {} × {} pixels, zoom {} to {last}, {} bytes",
            out.display(),
            made.archive.tiles,
            raster.tile_size,
            raster.tile_size,
            args.minzoom,
            made.archive.bytes,
        ),
        quiet,
    );
    Ok(Outcome::Done)
}

/// The same inputs and looks as options of `yutu map`.
fn as_map(args: &TileArgs) -> anyhow::Result<MapArgs> {
    let mut words = vec!["map".to_owned(), "-o".to_owned(), "page.png".to_owned()];
    let mut add = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().map(|value| format!("--{name}={value}")));
    };
    let text = |path: &Path| path.to_string_lossy().into_owned();
    add("theme", args.raster.theme.clone());
    add("style", args.raster.style.as_deref().map(text));
    add("label", args.raster.label.clone());
    add("lon", args.read.file.lon.clone());
    add("lat", args.read.file.lat.clone());
    add("source-layer", args.read.source_layer.clone());
    add(
        "format",
        args.read
            .file
            .format
            .map(|format| format.as_str().to_owned()),
    );
    if args.raster.transparent {
        words.push("--no-ground".to_owned());
    }
    words.push("--".to_owned());
    words.extend(args.inputs.iter().cloned());
    Ok(AsMap::try_parse_from(words)?.map)
}
