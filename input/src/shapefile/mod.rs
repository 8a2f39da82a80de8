//! ESRI shapefile: `.shp` with `.dbf`, `.cpg` and `.prj` beside it, or all of them in a zip archive. Records
//! of the two files are read side by side, one at a time; the index (`.shx`) is not needed.

pub(crate) mod dbf;
pub(crate) mod shp;
pub(crate) mod sidecars;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::intake::{ByteCount, Intake, Stop};
use crate::record::Record;
use crate::source::{self, Wrapping};
use crate::{At, Column, Origin, Problem, SkipReason, Warning};

/// Reads a shapefile by the path of its `.shp` or of an archive; `layer` names the one in an archive of many.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let mut file = source::open(path, &intake.bytes)?;
    let head = source::head(&mut file, 4)?;
    drop(file);
    if Wrapping::of(&head) == Wrapping::Zip {
        zipped(path, intake)
    } else {
        beside(path, intake)
    }
}

fn beside(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let small = |extension| match companion(path, extension) {
        Some(path) => {
            let file = source::open(&path, &ByteCount::default())?;
            source::head(file, sidecars::MOST_BYTES).map(Some)
        }
        None => Ok(None),
    };
    let settings = sidecars::Settings::new(small("cpg")?, small("prj")?, intake.options.encoding)?;
    if settings.no_crs {
        intake.warn(Warning::NoCrs);
    }
    let table = companion(path, "dbf").ok_or_else(|| Problem::MissingFile {
        name: path.with_extension("dbf").display().to_string(),
    })?;
    let bytes = intake.bytes.clone();
    let mut shapes = BufReader::new(source::open(path, &bytes)?);
    let mut table_stream = BufReader::new(source::open(&table, &ByteCount::default())?);
    let (shp, dbf) = (path.display().to_string(), table.display().to_string());
    pair(
        &mut shapes,
        &mut table_stream,
        [&shp, &dbf],
        &settings,
        intake,
    )
}

/// The file of the same name with another extension, in small letters or capitals.
pub(crate) fn companion(path: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_uppercase()]
        .into_iter()
        .map(|extension| path.with_extension(extension))
        .find(|path| path.exists())
}

fn zipped(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let bytes = intake.bytes.clone();
    let members = source::members(&source::archive(path, &bytes)?)?;
    let ends = |name: &String, end: &str| name.to_lowercase().ends_with(end);
    let shapes: Vec<String> = members
        .iter()
        .filter(|name| ends(name, ".shp"))
        .cloned()
        .collect();
    if shapes.is_empty() {
        return Err(Problem::NoSuchLayer {
            wanted: "shapefile".to_owned(),
            present: crate::columns::listed(&members),
        }
        .into());
    }
    let shape = source::choose(&shapes, intake.options.layer.as_deref())?;
    let stem = &shape[..shape.len() - 4];
    let find = |extension: &str| {
        let same = |name: &&String| {
            name.strip_prefix(stem)
                .is_some_and(|end| end.eq_ignore_ascii_case(extension))
        };
        members.iter().find(same)
    };
    let small = |extension: &str| match find(extension) {
        Some(name) => source::with_member(path, name, &ByteCount::default(), &mut |stream| {
            Ok(Some(source::head(stream, sidecars::MOST_BYTES)?))
        }),
        None => Ok(None),
    };
    let settings =
        sidecars::Settings::new(small(".cpg")?, small(".prj")?, intake.options.encoding)?;
    if settings.no_crs {
        intake.warn(Warning::NoCrs);
    }
    let table = find(".dbf").ok_or_else(|| Problem::MissingFile {
        name: format!("{stem}.dbf"),
    })?;
    let file = path.display();
    let names = [format!("{file}/{shape}"), format!("{file}/{table}")];
    source::with_member(path, &shape, &bytes, &mut |shapes| {
        source::with_member(path, table, &ByteCount::default(), &mut |table| {
            pair(shapes, table, [&names[0], &names[1]], &settings, intake)
        })
    })
}

/// Reads both files record by record. `files` are their names, for errors.
fn pair(
    shapes: &mut dyn BufRead,
    table: &mut dyn BufRead,
    files: [&str; 2],
    settings: &sidecars::Settings,
    intake: &mut Intake,
) -> Result<(), Stop> {
    let [shp, dbf] = files;
    let mut table =
        dbf::Table::open(table, settings.encoding).map_err(|error| error.in_file(dbf))?;
    let mut shapes = shp::Shapes::open(shapes).map_err(|error| error.in_file(shp))?;
    let headers = table.headers();
    let mapping = &intake.options.columns;
    let find = || {
        mapping.check(&headers)?;
        let columns = mapping.resolve(&headers);
        columns.need(Column::Name, &headers)?;
        Ok(columns)
    };
    let columns = find().map_err(|problem: Problem| problem.at(At::File).in_file(dbf))?;
    let mut number = 0;
    while let Some(row) = table.next().map_err(|error| error.in_file(dbf))? {
        number += 1;
        let origin = Origin::Record(number);
        let at = At::Record(origin);
        let shape = shapes
            .next()
            .map_err(|problem| problem.at(at).in_file(shp))?
            .ok_or_else(|| {
                let what = format!("record {number}, which the .dbf has");
                Problem::truncated(what).at(at).in_file(shp)
            })?;
        if row.deleted {
            intake.skip(SkipReason::Deleted);
            continue;
        }
        if row.cut {
            intake.warn(Warning::CutText);
        }
        let record = shape.and_then(|shape| {
            let record = Record {
                columns: &columns,
                values: &row.values,
                shape,
                id: format!("{}-{number}", intake.file_name),
            };
            record.entry(intake)
        });
        intake.take(record, origin)?;
    }
    let extra = shapes
        .next()
        .map_err(|problem| problem.at(At::File).in_file(shp))?;
    if extra.is_some() {
        let what = format!("record {}, which the .shp has", number + 1);
        return Err(Problem::truncated(what).at(At::File).in_file(dbf).into());
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
