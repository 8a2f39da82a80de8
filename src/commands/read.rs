//! `yutu read`: a plan's outline, its names and what it says of them.

mod json;
pub(super) use json::FigureJson;
mod page;
mod terminal;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use gazetteer::{Gazetteer, PartialDate};
use plans::{Document, Plan, Reading};

use super::open;
use crate::args::ReadArgs;
use crate::{Outcome, report};

pub fn run(args: &ReadArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = open()?;
    if args.files.len() > 1 && (args.catalogue || args.html) {
        bail!(
            "--catalogue and --html write one file; found {} files: run it once for each",
            args.files.len()
        );
    }
    let mut any = false;
    let mut out = Vec::new();
    for path in &args.files {
        let document = document(path)?;
        let pieces = plans::pieces(document.text());
        if document.text().len() > plans::LONGEST_PIECE && !args.mentions && !args.structures {
            bail!(
                "{}: {}; --mentions and --structures read longer texts piece by piece",
                path.display(),
                too_long(&document)
            );
        }
        for (start, text) in pieces {
            let read = if args.mentions {
                Reading::of_names
            } else {
                Reading::new
            };
            let reading =
                read(&gazetteer, text, args.as_of).with_context(|| path.display().to_string())?;
            any |= !reading.mentions.is_empty() || !reading.structures.is_empty();
            tell_repairs(&reading, path, quiet);
            let stdout = || BufWriter::new(io::stdout().lock());
            if args.mentions {
                match &args.out {
                    Some(_) => json::mentions(&reading, start, &mut out)?,
                    None => json::mentions(&reading, start, &mut stdout())?,
                }
            } else if args.structures {
                match &args.out {
                    Some(_) => json::structures(&reading, start, &mut out)?,
                    None => json::structures(&reading, start, &mut stdout())?,
                }
            } else if args.catalogue {
                out.extend(as_plan(&reading, path)?.to_toml().into_bytes());
            } else if args.html {
                let plan = as_plan(&reading, path)?;
                page::write(&gazetteer, &reading, plan, text, args.out.as_deref())?;
            } else {
                terminal::print(&reading, path, &gazetteer, &mut out)?;
            }
        }
    }
    match &args.out {
        Some(_) if args.html => {}
        Some(path) => {
            output::atomic::write(path, &out).with_context(|| path.display().to_string())?;
        }
        None => io::stdout().lock().write_all(&out)?,
    }
    if !any {
        report::no(format_args!("no name of a place in the text"), quiet);
    }
    Ok(if any { Outcome::Done } else { Outcome::No })
}

/// The plan that the text of a file is.
pub(super) fn plan_of(
    gazetteer: &Gazetteer,
    path: &Path,
    as_of: Option<PartialDate>,
) -> anyhow::Result<Plan> {
    let document = document(path)?;
    if document.text().len() > plans::LONGEST_PIECE {
        bail!("{}: {}", path.display(), too_long(&document));
    }
    let reading = Reading::new(gazetteer, document.text(), as_of)
        .with_context(|| path.display().to_string())?;
    as_plan(&reading, path)
}

/// What was read, as a catalogue.
fn as_plan(reading: &Reading<'_>, path: &Path) -> anyhow::Result<Plan> {
    let plan = reading.to_plan(&identifier(path));
    plan.map_err(|error| {
        anyhow!(
            "{}: {error}; give it with --as-of, e.g. --as-of 2021-12",
            path.display()
        )
    })
}

fn too_long(document: &Document) -> String {
    format!(
        "{} of text; expected a plan, which has less than {}",
        report::size(document.text().len() as u64),
        report::size(plans::LONGEST_PIECE as u64)
    )
}

/// The file of a plan; `-` is standard input.
fn document(path: &Path) -> anyhow::Result<Document> {
    let read = if path == Path::new("-") {
        Document::from_reader("-", io::stdin().lock())
    } else {
        Document::open(path)
    };
    read.with_context(|| path.display().to_string())
}

/// The identifier of a plan: the ASCII letters and digits of its file's name.
fn identifier(path: &Path) -> String {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    let words = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let id = words.collect::<Vec<_>>().join("-");
    if id.is_empty() { "plan".to_owned() } else { id }
}

/// What was mended is said, with the printed form.
fn tell_repairs(reading: &Reading<'_>, path: &Path, quiet: bool) {
    for repair in &reading.cleaned.repairs {
        report::note(
            format_args!(
                "{}: byte {}: printed `{}`, read as `{}`: {}",
                path.display(),
                repair.source.start,
                repair.printed,
                repair.repaired,
                repair.proof
            ),
            quiet,
        );
    }
}
