//! What the caller may say about a file of features, and the formats.

use std::str::FromStr;

use crate::Encoding;

/// How to read a file of features. The default guesses what can be guessed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FeatureOptions {
    /// The format; `None`: told by the first bytes, and where they leave it open by the name.
    pub format: Option<FeatureFormat>,
    /// The layer of a `GeoPackage`, the object of a `TopoJSON` file, or the file inside a zip archive.
    pub layer: Option<String>,
    /// The column of longitudes in a table.
    pub lon: Option<String>,
    /// The column of latitudes in a table.
    pub lat: Option<String>,
    /// The encoding of text, where the format leaves it open (CSV, shapefile).
    pub encoding: Option<Encoding>,
    /// Take positions as they stand, whatever reference system the file names and however large they are, for a caller that
    /// knows it and puts them into degrees. They are finite.
    pub any_crs: bool,
    /// The longest feature in bytes of text. A longer one is a reject in `GeoJSON`, and read over without being kept; in other formats it
    /// ends the reading with an error. Memory for one feature is about twice its text.
    pub max_feature_bytes: usize,
    /// Bytes of a block.
    pub block_bytes: usize,
}

impl Default for FeatureOptions {
    fn default() -> Self {
        Self {
            format: None,
            layer: None,
            lon: None,
            lat: None,
            encoding: None,
            any_crs: false,
            max_feature_bytes: 1 << 30,
            block_bytes: 4 << 20,
        }
    }
}

/// A format that features are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FeatureFormat {
    /// `GeoJSON` (RFC 7946): a collection, or features one after the other.
    GeoJson,
    /// A `GeoJSON` feature on every line.
    GeoJsonLines,
    /// `GeoJSON` text sequence (RFC 8142).
    GeoJsonSeq,
    /// CSV or TSV with a header.
    Csv,
    /// OGC `GeoPackage`.
    GeoPackage,
    /// `FlatGeobuf`.
    FlatGeobuf,
    /// ESRI shapefile, as files side by side or in a zip archive.
    Shapefile,
    /// `GeoParquet`.
    GeoParquet,
    /// KML, also in a zip archive (KMZ).
    Kml,
    /// `TopoJSON`.
    TopoJson,
}

const FORMATS: [(FeatureFormat, &str); 10] = [
    (FeatureFormat::GeoJson, "geojson"),
    (FeatureFormat::GeoJsonLines, "ndjson"),
    (FeatureFormat::GeoJsonSeq, "geojsonseq"),
    (FeatureFormat::Csv, "csv"),
    (FeatureFormat::GeoPackage, "gpkg"),
    (FeatureFormat::FlatGeobuf, "flatgeobuf"),
    (FeatureFormat::Shapefile, "shapefile"),
    (FeatureFormat::GeoParquet, "geoparquet"),
    (FeatureFormat::Kml, "kml"),
    (FeatureFormat::TopoJson, "topojson"),
];

impl FeatureFormat {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, _)| *format)
    }

    /// Its name in options and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        FORMATS[self as usize].1
    }
}

/// A word that names no format of features.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format that features are read from; expected one of {all}", all = FORMATS.map(|(_, name)| name).join(", "))]
pub struct FeatureFormatError(String);

impl FromStr for FeatureFormat {
    type Err = FeatureFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rows = FORMATS.iter();
        rows.find(|(_, name)| *name == text)
            .map(|(format, _)| *format)
            .ok_or_else(|| FeatureFormatError(text.to_owned()))
    }
}
