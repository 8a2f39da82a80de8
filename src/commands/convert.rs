//! `yutu convert`.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use coordinates::Crs;
use formats::{Layer, Report, Shaping, Target, TargetFormat};
use input::features::{FeatureOptions, FeatureSource};
use tempfile::NamedTempFile;
use tiles::Filter;

use super::reading::{source_of, suspicion, transform};
use crate::Outcome;
use crate::args::{ConvertArgs, ReadOptions, TakeOptions};
use crate::report::note;

pub fn run(args: &ConvertArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let Some(format) = args.to.or_else(|| TargetFormat::of(&args.out)) else {
        let all: Vec<&str> = TargetFormat::all().map(TargetFormat::as_str).collect();
        bail!(
            "the ending of {} says no format; name it with --to: {}",
            args.out.display(),
            all.join(", ")
        );
    };
    let piped = args.out.as_os_str() == "-";
    if piped && !format.streams() {
        bail!(
            "{} cannot be written to a pipe; name a file with -o",
            format.as_str()
        );
    }
    let database = (format == TargetFormat::PostGis).then(|| formats::Database {
        url: args.out.to_string_lossy().into_owned(),
        schema: args.schema.clone(),
        replace: args.force,
    });
    if !piped && database.is_none() && args.out.exists() && !args.force {
        bail!(
            "{} exists; pass --force to overwrite it",
            args.out.display()
        );
    }
    if args.name.is_some() && args.inputs.len() > 1 {
        bail!(
            "--name names one layer, and there are {} inputs",
            args.inputs.len()
        );
    }
    let mut shaping = shaping(&args.take)?;
    let mut options = reading(&args.read);
    shaping.source = source_of(args.take.from_crs, &args.inputs, &mut options, quiet)?;
    let to = args.take.to_crs.unwrap_or(Crs::Degrees);
    shaping.transform = transform(Crs::Degrees, to)?;
    if shaping.source.is_none() {
        for input in &args.inputs {
            if let Some(suspicion) = suspicion(input, &options) {
                note(format_args!("{suspicion}"), quiet);
            }
        }
    }
    let mut spooled = Vec::new();
    let mut layers = Vec::new();
    for input in &args.inputs {
        let mut path = input.clone();
        // What is read twice has to be a file.
        if input.as_os_str() == "-" && !format.reads_once() {
            let file = spool()?;
            file.path().clone_into(&mut path);
            spooled.push(file);
        }
        layers.push(layer(input, path, args.name.as_deref(), &options)?);
    }
    let mut target = Target::new(&args.out, format, threads(args.threads));
    let out = match &database {
        // A URL may hold a password.
        Some(database) => format!("schema {}", database.schema),
        None => args.out.display().to_string(),
    };
    target.database = database;
    target.strict = args.strict;
    target.crs = match to {
        Crs::Gcj02 | Crs::Bd09 => {
            note(
                format_args!("positions are {to}, which no file can say: tell those who get it"),
                quiet,
            );
            None
        }
        _ => to
            .epsg()
            .and_then(|code| i32::try_from(code).ok())
            .map(|code| {
                let mut record = formats::crs_record(code);
                // Asking PROJ takes a moment, and one format has it.
                if format == TargetFormat::GeoParquet && code != 4326 {
                    record.projjson = to.projjson().unwrap_or_default();
                }
                record
            }),
    };
    let report = formats::convert(&layers, &shaping, &target)?;
    tell(&report, quiet);
    note(format_args!("{out}: {} features", report.features), quiet);
    Ok(Outcome::Done)
}

/// The standard input as a file, which goes when the run ends.
fn spool() -> anyhow::Result<NamedTempFile> {
    let mut file = NamedTempFile::new().context("cannot make a file for the standard input")?;
    io::copy(&mut io::stdin().lock(), file.as_file_mut())
        .context("cannot keep the standard input")?;
    Ok(file)
}

/// A file as a layer; `path` is where it is read.
fn layer(
    input: &Path,
    path: PathBuf,
    name: Option<&str>,
    options: &FeatureOptions,
) -> anyhow::Result<Layer<'static>> {
    let options = options.clone();
    // A file that is not there is told before the output is begun.
    if path.as_os_str() != "-" {
        File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    }
    let file = input.file_name().unwrap_or_default().to_string_lossy();
    let stem = match file.split('.').next().unwrap_or_default() {
        "" | "-" => "layer",
        stem => stem,
    };
    let name = name.or(options.layer.as_deref()).unwrap_or(stem).to_owned();
    Ok(Layer {
        name,
        open: Box::new(move || FeatureSource::open(&path, &options)),
    })
}

pub(super) fn reading(read: &ReadOptions) -> FeatureOptions {
    read.file.with_layer(read.layer.as_ref())
}

fn shaping(take: &TakeOptions) -> anyhow::Result<Shaping> {
    let mut shaping = Shaping {
        bbox: take.bbox.map(|of| of.0),
        select: (!take.select.is_empty()).then(|| take.select.clone()),
        ..Shaping::default()
    };
    if let Some(text) = &take.filter {
        let text = match text.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the filter in {file}"))?,
            None => text.clone(),
        };
        let filter = Filter::parse(&text)?;
        shaping.condition = Some(Box::new(move |feature| filter.matches(feature)));
    }
    Ok(shaping)
}

pub(super) fn threads(asked: Option<u16>) -> usize {
    match asked {
        Some(threads) => threads.into(),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Says what was left out and what the format could not hold.
fn tell(report: &Report, quiet: bool) {
    for reject in &report.rejects {
        note(format_args!("left out: {reject}"), quiet);
    }
    let more = report.rejected.saturating_sub(report.rejects.len() as u64);
    if more > 0 {
        note(format_args!("left out: {more} more"), quiet);
    }
    let notes = &report.notes;
    for (count, what) in [
        (report.filtered, "features were not asked for"),
        (
            report.unplaced,
            "features have no place in the reference system asked for, and were left out",
        ),
        (
            notes.heights_dropped,
            "features lost their heights or measures",
        ),
        (notes.rings_closed, "rings were open and are closed now"),
        (notes.beyond_180, "features reach beyond longitude 180"),
        (
            notes.text_dropped,
            "values were not text in their encoding, and were left out",
        ),
        (
            notes.binary_dropped,
            "values were binary, and were left out",
        ),
        (
            notes.nested_dropped,
            "values were lists or maps, and were left out",
        ),
        (
            notes.deleted,
            "records were marked as deleted, and were left out",
        ),
    ] {
        if count > 0 {
            note(format_args!("{count} {what}"), quiet);
        }
    }
    for (loss, count) in &report.losses {
        note(format_args!("lost: {count} {loss}"), quiet);
    }
    for column in &report.mixed {
        note(
            format_args!("column {column} has values of several kinds, and was written as text"),
            quiet,
        );
    }
    for (before, after) in &report.renamed {
        note(format_args!("column {before} is called {after}"), quiet);
    }
}
