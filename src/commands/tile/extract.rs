//! `yutu tile extract`.

use anyhow::{Context, bail};
use tiles::archive::{ArchiveSummary, Area, Container, ExtractOptions};

use crate::args::ExtractArgs;
use crate::{Outcome, report};

/// Longest file of a region, in bytes: it is held in memory.
const MOST_REGION_BYTES: u64 = 1 << 28;

pub fn run(args: &ExtractArgs, quiet: bool) -> anyhow::Result<Outcome> {
    if args.minzoom > args.maxzoom {
        bail!(
            "--minzoom {} is above --maxzoom {}",
            args.minzoom,
            args.maxzoom
        );
    }
    let mut area = None;
    if let Some(bbox) = args.bbox {
        area = Some(Area::from_bbox(bbox.0)?);
    } else if let Some(path) = &args.region {
        let named = || path.display().to_string();
        let bytes = std::fs::metadata(path).with_context(named)?.len();
        if bytes > MOST_REGION_BYTES {
            bail!(
                "{}: {bytes} bytes; a region has at most {MOST_REGION_BYTES}",
                named()
            );
        }
        let text = std::fs::read(path).with_context(named)?;
        area = Some(Area::from_geojson(&text).with_context(named)?);
    }
    let options = ExtractOptions {
        area,
        min_zoom: args.minzoom,
        max_zoom: args.maxzoom,
        replace: args.force,
    };
    let container = Container::of(&args.out);
    let summary = tiles::archive::extract(&args.archive, &args.out, container, &options)?;
    say(&args.out, &summary, quiet);
    Ok(Outcome::Done)
}

/// Says what was written.
pub(super) fn say(out: &std::path::Path, summary: &ArchiveSummary, quiet: bool) {
    let zooms = summary.zooms.first().zip(summary.zooms.last());
    let (first, last) = zooms.map_or((0, 0), |(first, last)| (first.zoom, last.zoom));
    let largest = summary.zooms.iter().map(|zoom| zoom.largest_bytes).max();
    report::note(
        format_args!(
            "{}: {} tiles, {} of them different, zoom {first} to {last}, {}, largest tile {} bytes",
            out.display(),
            summary.tiles,
            summary.contents,
            report::size(summary.bytes),
            largest.unwrap_or(0)
        ),
        quiet,
    );
}
