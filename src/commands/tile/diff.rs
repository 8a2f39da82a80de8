//! `yutu tile diff`.

use std::collections::BTreeMap;

use tiles::archive::ArchiveDiff;

use crate::args::ArchiveDiffArgs;
use crate::{Outcome, report};

pub fn run(args: &ArchiveDiffArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let diff = tiles::archive::diff(&args.first, &args.second, args.examples)?;
    if args.json {
        report::json(&diff)?;
    } else if !diff.is_empty() {
        write(&diff)?;
    }
    report::note(
        format_args!(
            "{} tiles equal, {} with the same features in other bytes, {} different, {} only in the first, {} only in the second",
            diff.equal,
            diff.packed_otherwise,
            diff.different,
            diff.only_first.values().sum::<u64>(),
            diff.only_second.values().sum::<u64>()
        ),
        quiet,
    );
    Ok(if diff.is_empty() {
        Outcome::Done
    } else {
        Outcome::No
    })
}

fn write(diff: &ArchiveDiff) -> anyhow::Result<()> {
    let alone = |which: &str, zooms: &BTreeMap<u8, u64>| -> Vec<[String; 3]> {
        let zooms = zooms.iter();
        zooms
            .map(|(zoom, tiles)| [which.to_owned(), zoom.to_string(), tiles.to_string()])
            .collect()
    };
    let mut rows = alone("first", &diff.only_first);
    rows.extend(alone("second", &diff.only_second));
    if !rows.is_empty() {
        report::table(["only in", "zoom", "tiles"], &rows)?;
    }
    let layers = diff.layers.iter().map(|(name, layer)| {
        [
            name.clone(),
            layer.tiles.to_string(),
            layer.only_first.to_string(),
            layer.only_second.to_string(),
        ]
    });
    let layers: Vec<_> = layers.collect();
    if !layers.is_empty() {
        let header = [
            "layer",
            "differs in tiles",
            "features only in the first",
            "only in the second",
        ];
        report::table(header, &layers)?;
    }
    if !diff.examples.is_empty() {
        report::line(format_args!("first tiles: {}", diff.examples.join(" ")))?;
    }
    Ok(())
}
