//! The one way in.

use std::path::Path;

use gazetteer::Entry;

use crate::intake::{Intake, Stop};
use crate::{
    Format, Origin, Problem, Progress, ReadError, ReadOptions, Summary, csv, geojson, geonames,
    gpkg, lpf, osm_pbf, shapefile,
};

/// Reads the places of a file and hands them to `sink` one at a time, in the order of the file, each with its
/// place in it. `progress` is called every so often and once at the end.
///
/// Entries are handed on before the file is read to its end: a sink that must not keep half of a file has to
/// wait for `Ok`. Whether ids repeat is for the sink to say; [`Origin`] lets it name both places.
///
/// # Errors
///
/// [`ReadError::Input`] when the file cannot be read, is empty, damaged, cut, in another encoding or reference
/// system, or holds a bad value (unless [`ReadOptions::skip_bad`]); the message names file, place, what was
/// found, what was expected and what to do. [`ReadError::Refused`] when `sink` refuses an entry.
pub fn read<E>(
    path: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Entry, Origin) -> Result<(), E>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, ReadError<E>> {
    let mut refused = None;
    let mut keep_error = |entry: Entry, at: Origin| {
        sink(entry, at).map_err(|error| {
            refused = Some(error);
            Stop::Refused
        })
    };
    let result = run(path, options, &mut keep_error, progress);
    match (result, refused) {
        (_, Some(error)) => Err(ReadError::Refused(error)),
        (Ok(summary), None) => Ok(summary),
        (Err(stop), None) => match stop.in_file(&path.display().to_string()) {
            Stop::Failed(error) => Err(ReadError::Input(*error)),
            Stop::Refused => {
                unreachable!("a reader refuses only when the sink did, and then the error is kept")
            }
        },
    }
}

fn run<'a>(
    path: &Path,
    options: &'a ReadOptions,
    sink: &'a mut dyn FnMut(Entry, Origin) -> Result<(), Stop>,
    progress: &'a mut dyn FnMut(Progress),
) -> Result<Summary, Stop> {
    let metadata = std::fs::metadata(path).map_err(|source| Problem::Open { source })?;
    if metadata.is_dir() {
        return Err(Problem::NotThisFormat {
            expected: "file",
            found: "a folder".to_owned(),
        }
        .into());
    }
    if metadata.is_file() && metadata.len() == 0 {
        return Err(Problem::Empty.into());
    }
    let format = match options.format {
        Some(format) => format,
        None => Format::tell(path, options)?,
    };
    let name = path
        .file_name()
        .map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let stem = if stem.is_empty() { &name } else { stem };
    let mut intake = Intake::new(options, stem.to_owned(), metadata.len(), sink, progress);
    match format {
        Format::GeoNames => geonames::read(path, &mut intake),
        Format::Csv => csv::read(path, &mut intake),
        Format::GeoJson => geojson::read(path, &mut intake),
        Format::GeoPackage => gpkg::read(path, &mut intake),
        Format::Shapefile => shapefile::read(path, &mut intake),
        Format::OsmPbf => osm_pbf::read(path, &mut intake),
        Format::LinkedPlaces => lpf::read(path, &mut intake),
    }?;
    Ok(intake.finish()?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use gazetteer::FeatureClass;

    use super::*;
    use crate::SkipReason;
    use crate::sample::{self, CSV, entries, failure};

    #[test]
    fn a_sink_may_refuse_and_the_origins_name_both_places() {
        let dir = sample::dir();
        let path = dir.file(
            "a.csv",
            b"id,name,lon,lat\n1,\xE7\x94\xB2,1,2\n2,b,1,2\n1,c,1,2\n9,d,x,x\n",
        );
        let mut first = HashMap::new();
        let mut sink = |entry: Entry, origin: Origin| match first.insert(entry.id, origin) {
            None => Ok(()),
            Some(before) => Err(format!("{before} and {origin}")),
        };
        let error =
            read(&path, &ReadOptions::default(), &mut sink, &mut |_| {}).expect_err("twice");
        assert!(
            matches!(&error, ReadError::Refused(text) if text == "line 2 and line 4"),
            "{error}"
        );
    }

    #[test]
    fn classes_are_kept_ids_prefixed_and_accuracy_filled_in() {
        let dir = sample::dir();
        let path = dir.file("a.csv", CSV.as_bytes());
        let mut options = ReadOptions {
            keep: vec![FeatureClass::Town],
            id_prefix: Some("my-".to_owned()),
            ..ReadOptions::default()
        };
        let (found, summary) = entries(&path, &options);
        assert_eq!(
            (found[0].0.id.as_str(), found[0].0.accuracy_m),
            ("my-t1", 3_000)
        );
        assert_eq!(found[0].0.position_source, "a");
        assert_eq!(
            (summary.entries, summary.skipped),
            (1, vec![(SkipReason::NotKept, 1)])
        );
        options.accuracy_m = Some(25);
        assert_eq!(entries(&path, &options).0[0].0.accuracy_m, 25);
    }

    #[test]
    fn progress_ends_with_the_whole_file() {
        let dir = sample::dir();
        let rows = "a,1,2\n".repeat(300_000);
        let path = dir.file("a.csv", format!("name,lon,lat\n{rows}").as_bytes());
        let mut reports = Vec::new();
        let mut sink = |_, _| Ok::<(), std::convert::Infallible>(());
        read(&path, &ReadOptions::default(), &mut sink, &mut |p| {
            reports.push(p);
        })
        .expect("read");
        assert!(reports.len() > 10);
        assert!(
            reports
                .windows(2)
                .all(|pair| pair[0].entries <= pair[1].entries && pair[0].bytes <= pair[1].bytes)
        );
        let last = reports.last().expect("one");
        assert_eq!((last.bytes, last.entries), (last.total_bytes, 300_000));
    }

    #[test]
    fn what_is_no_file_or_empty_is_refused() {
        let dir = sample::dir();
        let options = ReadOptions::default();
        assert!(failure(&dir.path("none.csv"), &options).contains("cannot be opened"));
        assert!(failure(&dir.path(""), &options).contains("found a folder"));
        for (number, format) in Format::all().enumerate() {
            let options = ReadOptions {
                format: Some(format),
                ..ReadOptions::default()
            };
            let path = dir.file(&number.to_string(), b"");
            assert!(failure(&path, &options).contains("nothing to import"));
        }
    }
}
