//! `yutu tile`.

mod diff;
mod extract;
mod inspect;
mod merge;
mod raster;
mod report;
mod verify;

use std::path::Path;

use anyhow::{Context, bail};
use gazetteer::Gazetteer;
use input::features::{FeatureOptions, FeatureSource};
use layers::model::Table;
use layers::{Builder, Pages, sources};
use plans::Catalogue;
use tiles::archive::{ArchiveSummary, Container};
use tiles::{Cluster, Feed, FeedFrom, Filter, JoinSmallest, Keep, Limits, Options, Rules, Small};

use super::reading::suspicion;
use crate::Outcome;
use crate::args::{ArchiveCommand, Drop, LastZoom, SmallChoice, TileArgs};
use crate::report::note;

/// Zooms of the atlas.
const ATLAS_LAST_ZOOM: u8 = 10;

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
    if out.exists() && !args.force {
        bail!("{} exists; pass --force to overwrite it", out.display());
    }
    if args.raster.raster {
        return raster::run(args, out, quiet);
    }
    let (files, names): (Vec<&String>, Vec<&String>) =
        args.inputs.iter().partition(|input| is_file(input));
    let rules = rules(args)?;
    let mut feeds = Vec::new();
    let only_atlas = files.is_empty() && args.named.is_empty();
    let mut options = Options::default();
    if !names.is_empty() {
        let names: Vec<String> = names.into_iter().cloned().collect();
        let gazetteer = Gazetteer::embedded()?;
        let catalogue = Catalogue::embedded()?;
        let built = Builder::new(&gazetteer, &catalogue).chosen(&names, Pages::None)?;
        let tables = built.iter().flat_map(|sheet| &sheet.layer.tables);
        let tables: Vec<&Table> = tables.collect();
        feeds = output::tiles::feeds(&tables)?;
        for feed in &mut feeds {
            feed.rules = rules.clone();
        }
        if only_atlas {
            options = output::tiles::options(0, ATLAS_LAST_ZOOM);
            about_tables(&tables, &mut options);
        }
    }
    let files = files
        .into_iter()
        .map(|file| (layer_of(args, file), Path::new(file)));
    let with_names = args
        .named
        .iter()
        .map(|named| (named.name.clone(), named.file.as_path()));
    for (layer, file) in files.chain(with_names) {
        if let Some(suspicion) = suspicion(file, &reading(args)) {
            note(format_args!("{suspicion}"), quiet);
        }
        feeds.push(Feed {
            layer,
            description: String::new(),
            from: FeedFrom::File(Box::new(FeatureSource::open(file, &reading(args))?)),
            rules: rules.clone(),
        });
    }
    apply(args, &mut options);
    let watcher = report::Watcher::new(quiet);
    let made = tiles::make(feeds, out, Container::of(out), &options, &|progress| {
        watcher.watch(progress);
    });
    watcher.clear();
    let made = made.with_context(|| format!("cannot make {}", out.display()))?;
    if args.json {
        crate::report::json(&made)?;
    }
    report::tell(&made, out, quiet);
    Ok(Outcome::Done)
}

/// Writes tables as tiles, with what the archive says of itself.
pub(super) fn write(
    tables: &[&Table],
    zooms: (u8, u8),
    path: &Path,
) -> anyhow::Result<ArchiveSummary> {
    let mut options = output::tiles::options(zooms.0, zooms.1);
    options.replace = true;
    options.threads = threads(None);
    about_tables(tables, &mut options);
    let feeds = output::tiles::feeds(tables)?;
    let made = tiles::make(feeds, path, Container::of(path), &options, &|_| {})?;
    Ok(made.archive)
}

fn about_tables(tables: &[&Table], options: &mut Options) {
    let titles: Vec<&str> = tables.iter().map(|table| table.title.as_str()).collect();
    "舆图".clone_into(&mut options.name);
    options.description = titles.join("；");
    options.attribution = sources::ALL.map(|source| source.origin).join("；");
}

/// Whether an input is a file and not a layer of the atlas: no name of a layer has a dot or a slash.
fn is_file(input: &str) -> bool {
    input == "-" || input.contains(['.', '/', '\\']) || Path::new(input).is_file()
}

/// The layer of a file: its name without endings.
fn layer_of(args: &TileArgs, file: &str) -> String {
    if let Some(layer) = &args.read.layer {
        return layer.clone();
    }
    let name = Path::new(file)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let stem = name.split('.').next().unwrap_or_default();
    match stem {
        "" | "-" => "layer".to_owned(),
        stem => stem.to_owned(),
    }
}

fn reading(args: &TileArgs) -> FeatureOptions {
    let mut options = args.read.file.with_layer(args.read.source_layer.as_ref());
    let usual = || (memory(args) / 6).clamp(LEAST_FEATURE_BYTES, USUAL_FEATURE_BYTES);
    let most = args
        .read
        .max_feature_bytes
        .map_or_else(usual, |bytes| bytes.0);
    options.max_feature_bytes = usize::try_from(most.min(MOST_FEATURE_BYTES)).unwrap_or(usize::MAX);
    options
}

/// Beyond this the columns of a block cannot count.
const MOST_FEATURE_BYTES: u64 = 1 << 31;

/// Text of a feature that is read unless said otherwise: what is longer is left out, so that it does not take the memory of all.
const USUAL_FEATURE_BYTES: u64 = 128 << 20;

/// A feature of so much text is read whatever the memory.
const LEAST_FEATURE_BYTES: u64 = 16 << 20;

fn memory(args: &TileArgs) -> u64 {
    args.memory
        .map_or_else(tiles::usual_memory, |memory| memory.0)
}

fn rules(args: &TileArgs) -> anyhow::Result<Rules> {
    let read = &args.read;
    let filter = match &read.filter {
        None => None,
        Some(text) => {
            let text = match text.strip_prefix('@') {
                Some(file) => std::fs::read_to_string(file)
                    .with_context(|| format!("cannot read the filter in {file}"))?,
                None => text.clone(),
            };
            Some(Filter::parse(&text)?)
        }
    };
    let include = (!read.include.is_empty() || read.exclude_all).then(|| read.include.clone());
    Ok(Rules {
        include,
        exclude: read.exclude.clone(),
        rename: read
            .rename
            .iter()
            .map(|renamed| (renamed.from.clone(), renamed.to.clone()))
            .collect(),
        minzoom_attribute: read.minzoom_attribute.clone(),
        maxzoom_attribute: read.maxzoom_attribute.clone(),
        filter,
    })
}

fn threads(asked: Option<u16>) -> usize {
    match asked {
        Some(threads) => threads.into(),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Puts what was asked for over what is usual.
fn apply(args: &TileArgs, options: &mut Options) {
    options.minzoom = args.minzoom;
    match args.maxzoom {
        Some(LastZoom::Zoom(zoom)) => options.maxzoom = Some(zoom),
        Some(LastZoom::Guess) => options.maxzoom = None,
        None => {}
    }
    let keep = &args.keep;
    options.limits = Limits {
        bytes: keep
            .max_tile_bytes
            .map_or(options.limits.bytes, |cap| cap.0),
        features: keep.max_tile_features.or(options.limits.features),
    };
    options.keep = match &keep.drop {
        Drop::Densest => Keep::Densest {
            rank: keep.rank.clone(),
        },
        Drop::Rate(divisor) => Keep::Rate { divisor: *divisor },
        Drop::Rank(attribute) => Keep::Rank {
            attribute: attribute.clone(),
        },
    };
    options.cluster = keep.cluster.map(|distance_px| Cluster {
        distance_px,
        sums: keep.cluster_sum.clone(),
        means: keep.cluster_mean.clone(),
    });
    let draw = &args.draw;
    if let Some(buffer) = draw.buffer {
        options.buffer = buffer * 16;
    }
    options.simplify = draw.simplify;
    match draw.small {
        Some(SmallChoice::Gather) => options.small = Small::Gather,
        Some(SmallChoice::Keep) => options.small = Small::Keep,
        None => {}
    }
    options.snap_units = draw.snap;
    options.labels = draw.labels;
    options.coalesce = draw.coalesce;
    options.join_smallest = draw.coalesce_smallest.then(|| JoinSmallest {
        sums: draw.coalesce_sum.clone(),
        count: draw.coalesce_count,
    });
    options.input_order |= draw.input_order;
    options.threads = threads(args.threads);
    options.memory = memory(args);
    options.level = if args.fast { 1 } else { args.compression };
    options.part = args.part.map(|part| (part.number, part.of));
    options.resume = args.resume;
    options.replace = args.force;
    options.strict = args.strict;
    for (asked, option) in [
        (&args.name, &mut options.name),
        (&args.description, &mut options.description),
        (&args.attribution, &mut options.attribution),
    ] {
        if !asked.is_empty() {
            option.clone_from(asked);
        }
    }
}
