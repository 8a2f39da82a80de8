//! `yutu join`, and `yutu near --from`.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use output::atomic;
use query::batch::{self, Aggregate, BatchOptions, BatchTotals, Question, RowFormat};
use query::shapes::Edges;
use query::{Layer, Purpose};

use super::answer::{self, Row, rounded};
use super::subject;
use crate::Outcome;
use crate::args::{JoinArgs, NearArgs, OutputArgs, Predicate, RowArgs};
use crate::report::{self, Progress};

pub fn run(args: &JoinArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let question = match args.predicate {
        Predicate::Within => Question::Within,
        Predicate::Intersects => Question::Intersects,
        Predicate::Nearest => Question::Nearest {
            most: 1,
            radius_m: args.radius.map_or(f64::INFINITY, |radius| radius.metres),
        },
    };
    if args.radius.is_some() && args.predicate != Predicate::Nearest {
        bail!("--radius is for --predicate nearest; areas hold a point or do not");
    }
    let purpose = match args.predicate {
        Predicate::Nearest => Purpose::Nearest(Edges::Degrees),
        Predicate::Within | Predicate::Intersects => Purpose::Areas,
    };
    let threads = subject::threads(args.rows_options.threads);
    let layer = subject::read(&args.with, purpose, &args.rows_options.take, threads, quiet)?;
    if args.count || args.sum.is_some() {
        return sums(args, &layer, question, quiet);
    }
    stream(
        &args.points,
        &layer,
        question,
        &args.rows_options,
        &args.output,
        quiet,
    )
}

/// The nearest of `--in` for every row.
pub fn near(args: &NearArgs, rows: &Path, quiet: bool) -> anyhow::Result<Outcome> {
    let file = args
        .subject
        .file
        .as_deref()
        .context("--from needs --in FILE to ask")?;
    if !args.subject.filter.is_empty() || args.subject.status.is_some() {
        bail!("--where and --status are for one question; for many make a file of what is wanted");
    }
    let edges = if args.subject.geodesic_edges {
        Edges::Geodesic
    } else {
        Edges::Degrees
    };
    let threads = subject::threads(args.rows_options.threads);
    let layer = subject::read(
        file,
        Purpose::Nearest(edges),
        &args.rows_options.take,
        threads,
        quiet,
    )?;
    let radius = args.radius.map(|radius| radius.metres);
    let question = Question::Nearest {
        most: args
            .k
            .unwrap_or(if radius.is_some() { usize::MAX } else { 1 }),
        radius_m: radius.unwrap_or(f64::INFINITY),
    };
    let options = RowArgs {
        // More than one are asked for to be seen.
        all: args.rows_options.all || args.k.is_some_and(|most| most > 1) || radius.is_some(),
        inner: args.rows_options.inner,
        columns: args.rows_options.columns.clone(),
        take: args.rows_options.take.clone(),
        prefix: args.rows_options.prefix.clone(),
        lon: args.rows_options.lon.clone(),
        lat: args.rows_options.lat.clone(),
        rejects: args.rows_options.rejects.clone(),
        threads: args.rows_options.threads,
    };
    stream(rows, &layer, question, &options, &args.output, quiet)
}

fn format(args: &OutputArgs, like: RowFormat) -> anyhow::Result<RowFormat> {
    if let Some(file) = &args.out {
        return Ok(match file.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => RowFormat::Csv,
            Some("geojson" | "json") => RowFormat::GeoJson,
            Some("ndjson" | "geojsonl" | "jsonl") => RowFormat::NdJson,
            _ => bail!(
                "{}: expected a file of .csv, .ndjson or .geojson",
                file.display()
            ),
        });
    }
    Ok(if args.csv {
        RowFormat::Csv
    } else if args.json {
        RowFormat::NdJson
    } else if args.geojson {
        RowFormat::GeoJson
    } else {
        like
    })
}

fn options(args: &RowArgs, layer: &Layer, question: Question, format: RowFormat) -> BatchOptions {
    BatchOptions {
        question,
        all: args.all,
        only_matches: args.inner,
        format,
        own_columns: args.columns.clone(),
        added_columns: args.take.clone(),
        prefix: args
            .prefix
            .clone()
            .unwrap_or_else(|| format!("{}_", layer.name)),
        threads: subject::threads(args.threads),
    }
}

/// A map of a million rows says nothing.
fn no_map(output: &OutputArgs) -> anyhow::Result<()> {
    if output.map.is_some() {
        bail!(
            "--map draws the answer of one question; for many make layers or tiles of what comes out"
        );
    }
    Ok(())
}

fn stream(
    rows: &Path,
    layer: &Layer,
    question: Question,
    args: &RowArgs,
    output: &OutputArgs,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    no_map(output)?;
    let source = subject::open(rows, args.lon.as_ref(), args.lat.as_ref())?;
    let total = source.facts().total_bytes.unwrap_or(0);
    let format = format(output, RowFormat::like(source.facts().format))?;
    let options = options(args, layer, question, format);
    let mut source = Some(source);
    let progress = Progress::of_bytes(quiet || output.out.is_none());
    let mut say = |read: u64, rows: u64| progress.rows(read, total, rows);
    let mut run = |out: &mut (dyn Write + Send)| -> anyhow::Result<BatchTotals> {
        let source = source.take().context("a file is read once")?;
        let Some(file) = &args.rejects else {
            return Ok(batch::run(
                source, layer, &options, out, &mut None, &mut say,
            )?);
        };
        // Rejects that are there are all of them.
        let mut totals = BatchTotals::default();
        let written = atomic::write_with(file, |rejects| {
            totals = batch::run(source, layer, &options, out, &mut Some(rejects), &mut say)?;
            Ok::<(), anyhow::Error>(())
        });
        written.map_err(anyhow::Error::from)??;
        Ok(totals)
    };
    let mut totals = BatchTotals::default();
    if let Some(file) = &output.out {
        let written = atomic::write_with(file, |out| {
            totals = run(out)?;
            Ok::<(), anyhow::Error>(())
        });
        written.map_err(anyhow::Error::from)??;
    } else {
        totals = run(&mut BufWriter::with_capacity(1 << 16, io::stdout()))?;
    }
    progress.clear();
    said(&totals, args, quiet);
    Ok(Outcome::Done)
}

fn said(totals: &BatchTotals, args: &RowArgs, quiet: bool) {
    let bad = match (totals.rejects, &args.rejects) {
        (0, _) => String::new(),
        (count, Some(file)) => format!(", {count} rejected ({})", file.display()),
        (count, None) => format!(", {count} rejected (--rejects FILE keeps them)"),
    };
    if totals.swapped > 0 {
        report::note(
            format_args!("{}", subject::swapped("warning: ", totals.swapped)),
            quiet,
        );
    }
    if totals.cut_short > 0 {
        report::note(
            format_args!(
                "warning: {} rows have attributes that the table has no column for, as its first rows have none of \
                 them; --columns names all that are wanted",
                totals.cut_short
            ),
            quiet,
        );
    }
    report::note(
        format_args!(
            "{} rows: {} matched, {} not{bad}; {} written",
            totals.rows, totals.matched, totals.unmatched, totals.written
        ),
        quiet,
    );
}

fn sums(
    args: &JoinArgs,
    layer: &Layer,
    question: Question,
    quiet: bool,
) -> anyhow::Result<Outcome> {
    let rows = &args.rows_options;
    let source = subject::open(&args.points, rows.lon.as_ref(), rows.lat.as_ref())?;
    let total = source.facts().total_bytes.unwrap_or(0);
    let options = options(rows, layer, question, RowFormat::Csv);
    let what = args.sum.clone().map_or(Aggregate::Count, Aggregate::Sum);
    let progress = Progress::of_bytes(quiet);
    let mut say = |read: u64, rows: u64| progress.rows(read, total, rows);
    let sums = batch::aggregate(source, layer, &options, &what, &mut say)?;
    progress.clear();
    if sums.no_numbers > 0 {
        report::note(
            format_args!("warning: {} matches hold no number to add", sums.no_numbers),
            quiet,
        );
    }
    let mut answers = Vec::new();
    for (feature, count) in (0_u32..).zip(&sums.counts) {
        let mut object = layer.attributes.object(feature);
        if !rows.take.is_empty() {
            object.retain(|column, _| rows.take.contains(column));
        }
        object.insert("count".to_owned(), (*count).into());
        let mut cells = vec![subject::name(layer, feature), count.to_string()];
        if let (Some(column), Some(sum)) = (&args.sum, sums.sums.get(feature as usize)) {
            object.insert(format!("sum_{column}"), rounded(*sum, 9));
            cells.push(format!("{sum}"));
        }
        answers.push(Row {
            object,
            cells,
            at: None,
            shape: None,
        });
    }
    said(&sums.totals, rows, quiet);
    let header = ["name", "count", "sum"];
    let header = if args.sum.is_some() {
        &header[..]
    } else {
        &header[..2]
    };
    answer::give(header, &answers, &args.output, "there are no areas", quiet)
}
