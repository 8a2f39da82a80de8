//! `yutu index`.

use anyhow::bail;
use query::shapes::Edges;
use query::{Layer, Purpose};

use super::subject;
use crate::Outcome;
use crate::args::IndexArgs;
use crate::report::{self, Progress};

pub fn run(args: &IndexArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| args.file.with_extension("yidx"));
    if out.exists() && !args.force {
        bail!("{} is there already; --force replaces it", out.display());
    }
    let source = subject::open(&args.file, args.lon.as_ref(), args.lat.as_ref())?;
    let total = source.facts().total_bytes.unwrap_or(0);
    let progress = Progress::of_bytes(quiet);
    let threads = subject::threads(None);
    let purpose = Purpose::Nearest(Edges::Degrees);
    let mut say = |read: u64| progress.rows(read, total, 0);
    let layer = Layer::read(source, purpose, &[], false, threads, &mut say)?;
    if layer.left_out > 0 {
        progress.warn(&format!(
            "{} rows make no feature and were left out",
            layer.left_out
        ));
    }
    layer.save(&out, &args.file, &args.class_column)?;
    progress.clear();
    let size = std::fs::metadata(&out)?.len();
    report::note(
        format_args!(
            "{}: {} points, {}",
            out.display(),
            layer.features,
            report::size(size)
        ),
        quiet,
    );
    Ok(Outcome::Done)
}
