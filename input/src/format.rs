//! The formats, and how a file tells which it is.

use std::io::BufRead;
use std::path::Path;
use std::str::FromStr;

use crate::intake::{ByteCount, Stop};
use crate::source::{self, Wrapping};
use crate::{Problem, ReadOptions, geonames};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `GeoNames` dump table: `CN.txt`, `allCountries.zip`.
    GeoNames,
    /// CSV or TSV with a header.
    Csv,
    /// `GeoJSON` (RFC 7946), as a collection, by lines or as a text sequence (RFC 8142).
    GeoJson,
    /// OGC `GeoPackage`.
    GeoPackage,
    /// ESRI shapefile, as files side by side or in a zip archive.
    Shapefile,
    /// OpenStreetMap extract in protocol buffers.
    ///
    /// Read in three passes, relations, ways, nodes. Memory grows with what is kept: 16 bytes for each node of a
    /// way or relation that becomes an entry, and 8 for each mention of it in a way (16 while they are sorted).
    OsmPbf,
    /// Linked Places (`GeoJSON-T`).
    LinkedPlaces,
}

/// Every format, its name, and the ends of file names that tell it.
const FORMATS: [(Format, &str, &[&str]); 7] = [
    (Format::GeoNames, "geonames", &[]),
    (Format::Csv, "csv", &[".csv", ".tsv", ".tab"]),
    (
        Format::GeoJson,
        "geojson",
        &[".geojsonl", ".ndjson", ".jsonl", ".geojsons", ".geojsonseq"],
    ),
    (Format::GeoPackage, "gpkg", &[".gpkg"]),
    (Format::Shapefile, "shapefile", &[".shp"]),
    (Format::OsmPbf, "osm_pbf", &[".pbf"]),
    (
        Format::LinkedPlaces,
        "lpf",
        &[".lpf", ".lpf.json", ".lpf.geojson"],
    ),
];

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// The value of `--format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        FORMATS[self as usize].1
    }

    /// Tells the format of a file by the end of its name, and where that leaves it open by its first bytes:
    /// `.txt` is a `GeoNames` table or CSV, `.json` and `.geojson` are `GeoJSON` or Linked Places, an archive
    /// is what it holds.
    pub(crate) fn tell(path: &Path, options: &ReadOptions) -> Result<Self, Stop> {
        let bytes = ByteCount::default();
        let file_name = path
            .file_name()
            .map_or(String::new(), |name| name.to_string_lossy().to_lowercase());
        if let Some(format) = by_name(&file_name) {
            return Ok(format);
        }
        let mut file = source::open(path, &bytes)?;
        let wrapping = Wrapping::of(&source::head(&mut file, 4)?);
        let mut inner = file_name
            .strip_suffix(".gz")
            .unwrap_or(&file_name)
            .to_owned();
        if wrapping == Wrapping::Zip {
            let members = source::members(&source::archive(path, &bytes)?)?;
            let shape = members.iter().any(|m| m.to_lowercase().ends_with(".shp"));
            if shape {
                return Ok(Self::Shapefile);
            }
            inner = source::choose(&members, options.layer.as_deref())?.to_lowercase();
        }
        if let Some(format) = by_name(&inner) {
            return Ok(format);
        }
        source::with_stream(path, options.layer.as_deref(), &bytes, &mut |stream| {
            by_bytes(stream, inner.rsplit('.').next() == Some("txt"))
        })
    }
}

fn by_name(name: &str) -> Option<Format> {
    let ends = FORMATS
        .iter()
        .flat_map(|(format, _, ends)| ends.iter().map(move |end| (format, end)));
    ends.filter(|(_, end)| name.ends_with(*end))
        .map(|(format, _)| *format)
        .next()
}

fn by_bytes(stream: &mut dyn BufRead, text: bool) -> Result<Format, Stop> {
    let head = source::head(stream, 1 << 16)?;
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    if head.is_empty() {
        return Err(Problem::Empty.into());
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Format::GeoPackage);
    }
    if head.starts_with(&[0, 0, 0x27, 0x0A]) {
        return Ok(Format::Shapefile);
    }
    if head
        .get(4..)
        .is_some_and(|rest| rest.starts_with(b"\x0A\x09OSM"))
    {
        return Ok(Format::OsmPbf);
    }
    let first = start.iter().find(|b| !b.is_ascii_whitespace());
    if matches!(first, Some(b'{' | 0x1E)) {
        let linked = [&b"\"toponym\""[..], b"linked-places", b"linkedpasts"];
        let has = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
        return Ok(if linked.into_iter().any(has) {
            Format::LinkedPlaces
        } else {
            Format::GeoJson
        });
    }
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    if geonames::is_line(line) {
        return Ok(Format::GeoNames);
    }
    if text {
        return Ok(Format::Csv);
    }
    Err(Problem::UnknownFormat {
        known: FORMATS.map(|(_, name, _)| name).join(", "),
    }
    .into())
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format that is read; expected one of {all}", all = FORMATS.map(|(_, name, _)| name).join(", "))]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rows = FORMATS.iter();
        rows.find(|(_, name, _)| *name == text)
            .map(|(format, ..)| *format)
            .ok_or_else(|| FormatError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_table_follows_the_enum_and_reads_back() {
        for (number, (format, name, _)) in FORMATS.iter().enumerate() {
            assert_eq!(*format as usize, number);
            assert_eq!(name.parse(), Ok(*format));
        }
    }

    #[test]
    fn names_tell_and_where_they_do_not_bytes_do() {
        let dir = sample::dir();
        let tell = |name: &str, bytes: &[u8]| {
            Format::tell(&dir.file(name, bytes), &ReadOptions::default()).map_err(|_| ())
        };
        assert_eq!(
            tell("CN.txt", sample::GEONAMES.as_bytes()),
            Ok(Format::GeoNames)
        );
        assert_eq!(tell("a.txt", sample::CSV.as_bytes()), Ok(Format::Csv));
        assert_eq!(tell("a.csv.gz", &sample::gz(b"")), Ok(Format::Csv));
        assert_eq!(
            tell("a.json", sample::GEOJSON.as_bytes()),
            Ok(Format::GeoJson)
        );
        assert_eq!(
            tell("b.json", sample::LPF.as_bytes()),
            Ok(Format::LinkedPlaces)
        );
        assert_eq!(tell("x", b"SQLite format 3\0"), Ok(Format::GeoPackage));
        assert_eq!(
            tell("x.zip", &sample::zipped(&[("d/a.shp", b"")])),
            Ok(Format::Shapefile)
        );
        assert_eq!(tell("x.bin", b"????"), Err(()));
    }
}
