//! What is written: where, in which format.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::crs::CrsRecord;
use crate::postgis::Database;

/// What is written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// Where; `-` for the standard output.
    pub path: PathBuf,
    /// In which format.
    pub format: TargetFormat,
    /// The reference system that positions are in, as the file is to name it; `None` where it has no name that a file could
    /// hold (GCJ-02).
    pub crs: Option<CrsRecord>,
    /// The database, for [`TargetFormat::PostGis`].
    pub database: Option<Database>,
    /// Make a feature that cannot be read an error, and write nothing.
    pub strict: bool,
    /// Threads that read and encode.
    pub threads: usize,
}

impl Target {
    /// Positions in WGS 84.
    #[must_use]
    pub fn new(path: &Path, format: TargetFormat, threads: usize) -> Self {
        Self {
            path: path.to_owned(),
            format,
            crs: Some(crate::crs_record(4326)),
            database: None,
            strict: false,
            threads,
        }
    }
}

/// A format that features are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TargetFormat {
    /// A `GeoJSON` feature on every line.
    GeoJsonLines,
    /// `GeoJSON` (RFC 7946), a collection.
    GeoJson,
    /// CSV.
    Csv,
    /// TSV.
    Tsv,
    /// OGC `GeoPackage`.
    GeoPackage,
    /// `FlatGeobuf`.
    FlatGeobuf,
    /// `GeoParquet`.
    GeoParquet,
    /// ESRI shapefile, in a zip archive.
    Shapefile,
    /// KML.
    Kml,
    /// KML in a zip archive.
    Kmz,
    /// `TopoJSON`.
    TopoJson,
    /// SVG.
    Svg,
    /// Tables of a `PostGIS` database.
    PostGis,
}

/// Each with its name in options and the endings of its files.
const FORMATS: [(TargetFormat, &str, &[&str]); 13] = [
    (
        TargetFormat::GeoJsonLines,
        "ndjson",
        &[".ndjson", ".geojsonl", ".jsonl", ".geojsonseq"],
    ),
    (
        TargetFormat::TopoJson,
        "topojson",
        &[".topojson", ".topo.json"],
    ),
    (TargetFormat::GeoJson, "geojson", &[".geojson", ".json"]),
    (TargetFormat::Csv, "csv", &[".csv"]),
    (TargetFormat::Tsv, "tsv", &[".tsv", ".tab"]),
    (TargetFormat::GeoPackage, "gpkg", &[".gpkg"]),
    (TargetFormat::FlatGeobuf, "flatgeobuf", &[".fgb"]),
    (
        TargetFormat::GeoParquet,
        "geoparquet",
        &[".parquet", ".geoparquet"],
    ),
    (TargetFormat::Shapefile, "shapefile", &[".zip", ".shz"]),
    (TargetFormat::Kml, "kml", &[".kml"]),
    (TargetFormat::Kmz, "kmz", &[".kmz"]),
    (TargetFormat::Svg, "svg", &[".svg"]),
    (TargetFormat::PostGis, "postgis", &[]),
];

impl TargetFormat {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// Its name in options and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let mut rows = FORMATS.iter();
        rows.find(|(format, ..)| *format == self)
            .map_or("", |(_, name, _)| name)
    }

    /// The format of a file of this name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let whole = path.to_string_lossy();
        if whole.starts_with("postgresql://") || whole.starts_with("postgres://") {
            return Some(Self::PostGis);
        }
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let mut rows = FORMATS.iter();
        rows.find(|(_, _, ends)| ends.iter().any(|end| name.ends_with(end)))
            .map(|(format, ..)| *format)
    }

    /// Whether it can be written to a pipe.
    #[must_use]
    pub fn streams(self) -> bool {
        matches!(
            self,
            Self::TopoJson
                | Self::Kml
                | Self::Svg
                | Self::GeoJsonLines
                | Self::GeoJson
                | Self::Csv
                | Self::Tsv
        )
    }

    /// Whether the file is read once: what it holds need not be known before its first feature is written.
    #[must_use]
    pub fn reads_once(self) -> bool {
        matches!(self, Self::GeoJsonLines | Self::GeoJson)
    }

    /// Whether it holds several layers.
    #[must_use]
    pub fn has_layers(self) -> bool {
        matches!(self, Self::GeoPackage | Self::PostGis)
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format that features are written in; expected one of {all}", all = FORMATS.map(|(_, name, _)| name).join(", "))]
pub struct TargetFormatError(String);

impl FromStr for TargetFormat {
    type Err = TargetFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rows = FORMATS.iter();
        rows.find(|(_, name, _)| *name == text)
            .map(|(format, ..)| *format)
            .ok_or_else(|| TargetFormatError(text.to_owned()))
    }
}
