//! `yutu gazetteer`: places of the user's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gazetteer::{About, Store, StoreWriter};
use input::{ReadError, ReadOptions, Summary};
use serde::Serialize;

use super::{STORE_EXTENSION, user_folder};
use crate::Outcome;
use crate::args::{GazetteerCommand, ImportArgs};
use crate::report::{self, Progress};

/// Memory for sorting; the rest waits in temporary files of the system's folder for them (`TMPDIR`).
const SORT_BUDGET: usize = 192 << 20;

pub fn run(command: &GazetteerCommand, quiet: bool) -> anyhow::Result<Outcome> {
    match command {
        GazetteerCommand::Import(args) => import(args, quiet),
        GazetteerCommand::List(args) => list(args.json, quiet),
        GazetteerCommand::Remove { name } => remove(name, quiet),
    }
}

fn folder() -> anyhow::Result<PathBuf> {
    user_folder().context("no data folder: set YUTU_GAZETTEER, XDG_DATA_HOME or HOME")
}

/// The file of an import. A name is one component of a path and shows no file of someone else.
fn file_of(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let usable = !name.is_empty()
        && !name.starts_with('.')
        && name.chars().count() <= 80
        && !name.contains(['/', '\\', '\0', '\n', '\r']);
    anyhow::ensure!(
        usable,
        "`{name}` cannot be the name of an import: expected 1 to 80 characters without slashes, not beginning with a dot; choose one with --name"
    );
    Ok(folder.join(format!("{name}.{STORE_EXTENSION}")))
}

fn import(args: &ImportArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let folder = folder()?;
    let file_name = args
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let stem = file_name.split('.').next().unwrap_or_default().to_owned();
    let name = args.name.clone().unwrap_or(stem);
    let target = file_of(&folder, &name)?;
    anyhow::ensure!(
        args.force || !target.exists(),
        "`{name}` was imported before; replace it with --force, or choose another --name"
    );
    let options = ReadOptions {
        format: args.format,
        columns: args.columns.clone(),
        class: args.class,
        encoding: args.encoding,
        layer: args.layer.clone(),
        accuracy_m: args.accuracy,
        keep: args.keep.clone(),
        id_prefix: None,
        skip_bad: args.skip_bad,
    };
    let mut writer = StoreWriter::new(SORT_BUDGET);
    let bar = Progress::of_bytes(quiet);
    let summary = input::read(
        &args.file,
        &options,
        &mut |entry, origin| writer.add(&entry, &origin.to_string()),
        &mut |progress| bar.bytes(progress.bytes, progress.total_bytes, progress.entries),
    )
    .map_err(|error| match error {
        ReadError::Refused(error) => {
            anyhow::Error::new(error).context(args.file.display().to_string())
        }
        error @ ReadError::Input(_) => anyhow::Error::new(error),
    })?;
    bar.clear();
    anyhow::ensure!(
        summary.entries > 0,
        "{}: nothing to import{}",
        args.file.display(),
        skipped(&summary)
    );
    let about = About {
        title: name.clone(),
        source: if args.source.is_empty() {
            file_name
        } else {
            args.source.clone()
        },
        licence: args.licence.clone(),
        date: String::new(),
        first: args.first,
    };
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    output::atomic::write_with(&target, |out| writer.finish(out, &about))?
        .with_context(|| args.file.display().to_string())?;
    let bytes = fs::metadata(&target)?.len();
    report::note(
        format_args!(
            "{name}: {} places, {}{}",
            summary.entries,
            report::size(bytes),
            skipped(&summary)
        ),
        quiet,
    );
    for (warning, count) in &summary.warnings {
        report::note(format_args!("{count} × {warning}"), quiet);
    }
    Ok(Outcome::Done)
}

/// `; left out: 12 without …` or nothing.
fn skipped(summary: &Summary) -> String {
    if summary.skipped.is_empty() {
        return String::new();
    }
    let parts = summary
        .skipped
        .iter()
        .map(|(reason, count)| format!("{count} × {reason}"));
    format!("; left out: {}", parts.collect::<Vec<_>>().join(", "))
}

/// An import in JSON.
#[derive(Serialize)]
struct ImportJson {
    name: String,
    places: usize,
    located: usize,
    source: String,
    licence: String,
    first: bool,
    bytes: u64,
    file: String,
}

fn imports() -> anyhow::Result<Vec<ImportJson>> {
    let folder = folder()?;
    let mut found = Vec::new();
    for path in gazetteer::store_files(&folder)? {
        let store = Store::open(&path)?;
        let about = store.about();
        found.push(ImportJson {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            places: store.len(),
            located: store.located(),
            source: about.source,
            licence: about.licence,
            first: about.first,
            bytes: fs::metadata(&path)?.len(),
            file: path.display().to_string(),
        });
    }
    Ok(found)
}

fn list(json: bool, quiet: bool) -> anyhow::Result<Outcome> {
    let found = imports()?;
    if json {
        report::json(&found)?;
    } else if !found.is_empty() {
        let rows: Vec<_> = found
            .iter()
            .map(|import| {
                [
                    import.name.clone(),
                    import.places.to_string(),
                    report::size(import.bytes),
                    import.source.clone(),
                    import.licence.clone(),
                    if import.first { "before" } else { "after" }.to_owned(),
                ]
            })
            .collect();
        report::table(
            [
                "name",
                "places",
                "size",
                "source",
                "licence",
                "the embedded",
            ],
            &rows,
        )?;
    }
    if found.is_empty() {
        report::no(
            format_args!("nothing was imported; `yutu gazetteer import FILE` does"),
            quiet,
        );
        return Ok(Outcome::No);
    }
    Ok(Outcome::Done)
}

fn remove(name: &str, quiet: bool) -> anyhow::Result<Outcome> {
    let target = file_of(&folder()?, name)?;
    match fs::remove_file(&target) {
        Ok(()) => {
            report::note(format_args!("{name}: removed"), quiet);
            Ok(Outcome::Done)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let known: Vec<String> = imports()?.into_iter().map(|import| import.name).collect();
            report::no(
                format_args!(
                    "nothing was imported as `{name}`; there is: {}",
                    known.join(", ")
                ),
                quiet,
            );
            Ok(Outcome::No)
        }
        Err(error) => Err(error).with_context(|| target.display().to_string()),
    }
}
