//! From files to a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use input::InputError;
use input::features::FeatureSource;

use crate::crs::CrsRecord;
use crate::geojson::Framing;
use crate::geopackage::{self, GeoPackage, LayerAbout};
use crate::report::Report;
use crate::shaping::Shaping;
use crate::{FormatError, atomic, csv, flatgeobuf, geojson, geoparquet, pass};

/// Opens a file, once for each pass over it.
pub type Open<'a> = dyn Fn() -> Result<FeatureSource, InputError> + 'a;

/// A file of features that becomes a layer.
pub struct Layer<'a> {
    /// What the layer is called where the format names layers.
    pub name: String,
    /// Opens the file.
    pub open: Box<Open<'a>>,
}

impl std::fmt::Debug for Layer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layer")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

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
            crs: crate::crs_record(4326),
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
}

/// Each with its name in options and the endings of its files.
const FORMATS: [(TargetFormat, &str, &[&str]); 7] = [
    (
        TargetFormat::GeoJsonLines,
        "ndjson",
        &[".ndjson", ".geojsonl", ".jsonl", ".geojsonseq"],
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
            Self::GeoJsonLines | Self::GeoJson | Self::Csv | Self::Tsv
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
        matches!(self, Self::GeoPackage)
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

/// Writes layers as a file, which appears whole or not at all.
///
/// # Errors
///
/// [`FormatError`] when an input cannot be read, the output cannot be written, or the format cannot hold what there is.
pub fn convert(
    layers: &[Layer<'_>],
    shaping: &Shaping,
    target: &Target,
) -> Result<Report, FormatError> {
    if layers.len() > 1 && !target.format.has_layers() {
        return Err(FormatError::OneLayer {
            format: target.format.as_str(),
            layers: layers.len(),
        });
    }
    let mut report = Report::default();
    if target.format == TargetFormat::GeoPackage {
        GeoPackage::write(&target.path, |package| {
            for layer in layers {
                report.add(geopackage(package, layer, shaping, target)?);
            }
            Ok::<(), FormatError>(())
        })?;
        return Ok(report);
    }
    let Some(layer) = layers.first() else {
        return Ok(report);
    };
    if target.format == TargetFormat::FlatGeobuf {
        return flatgeobuf(layer, shaping, target);
    }
    if target.format == TargetFormat::GeoParquet {
        return geoparquet(layer, shaping, target);
    }
    to_stream(&target.path, |out| {
        report = match target.format {
            TargetFormat::GeoJsonLines => json(layer, shaping, target, Framing::Lines, out)?,
            TargetFormat::GeoJson => json(layer, shaping, target, Framing::Collection, out)?,
            TargetFormat::Csv => table(layer, shaping, target, b',', out)?,
            _ => table(layer, shaping, target, b'\t', out)?,
        };
        Ok(())
    })?;
    Ok(report)
}

/// Opens the output, a file that appears when it is whole or the standard output.
fn to_stream(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    if path.as_os_str() == "-" {
        let mut out = io::stdout().lock();
        fill(&mut out)?;
        return out.flush().map_err(|source| failed(path, source));
    }
    atomic::write_with(path, |out| fill(out))?
}

fn failed(path: &Path, source: io::Error) -> FormatError {
    FormatError::Write {
        path: path.to_owned(),
        source,
    }
}

fn json(
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
    framing: Framing,
    out: &mut dyn Write,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let put = |bytes: &[u8], out: &mut dyn Write| {
        out.write_all(bytes)
            .map_err(|source| failed(&target.path, source))
    };
    let collection = framing == Framing::Collection;
    if collection {
        let mut head = br#"{"type":"FeatureCollection","name":"#.to_vec();
        geojson::text(&layer.name, &mut head);
        head.extend_from_slice(br#","features":["#);
        put(&head, out)?;
    }
    let mut first = true;
    pass::encode(
        (layer.open)()?,
        target.threads,
        shaping,
        Some(&mut report),
        |batch| geojson::block(batch, shaping, framing),
        |block| {
            // No comma before the first feature of all.
            let from = usize::from(collection && first && !block.is_empty());
            first &= block.is_empty();
            put(&block[from..], out)
        },
    )?;
    if collection {
        put(b"\n]}\n", out)?;
    }
    Ok(report)
}

fn table(
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
    delimiter: u8,
    out: &mut dyn Write,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    let plan = csv::Plan::new(&survey, delimiter, &mut report);
    let mut put = |bytes: &[u8]| {
        out.write_all(bytes)
            .map_err(|source| failed(&target.path, source))
    };
    put(&plan.header())?;
    let mut empty = 0;
    pass::encode(
        (layer.open)()?,
        target.threads,
        shaping,
        None,
        |batch| plan.block(batch),
        |block| {
            empty += block.empty_texts;
            put(&block.bytes)
        },
    )?;
    csv::losses(empty, &mut report);
    Ok(report)
}

fn geopackage(
    package: &GeoPackage,
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let crs = target.crs.as_ref().ok_or(FormatError::Crs {
        format: "GeoPackage",
        crs: "this reference system".to_owned(),
        reason: "no code names it; write GeoJSON or CSV",
    })?;
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    let about = LayerAbout {
        name: layer.name.clone(),
        ..LayerAbout::default()
    };
    let mut open = package.layer(about, &survey, crs, &mut report)?;
    let source = (layer.open)()?;
    let file = source.facts().file.clone();
    let (srs_id, multiple) = (open.srs_id, open.multiple);
    let mut rows = 0;
    pass::encode(
        source,
        target.threads,
        shaping,
        None,
        |batch| geopackage::block(batch, srs_id, multiple),
        |block| {
            rows += block.features();
            open.take(&block)
        },
    )?;
    if rows != open.rows() {
        return Err(FormatError::Changed { file });
    }
    open.finish()?;
    Ok(report)
}

fn flatgeobuf(
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    let plan = flatgeobuf::Plan::new(&survey, &mut report);
    let mut drawers = plan.drawers(&survey, &target.path);
    drop(survey);
    let source = (layer.open)()?;
    let file = source.facts().file.clone();
    pass::encode(
        source,
        target.threads,
        shaping,
        None,
        |batch| plan.block(batch),
        |block| {
            drawers
                .put(&block)
                .map_err(|source| failed(&target.path, source))
        },
    )?;
    let written = atomic::write_with(&target.path, |out| {
        plan.write(&layer.name, target.crs.as_ref(), drawers, &file, out)
    })?;
    written.map_err(|failed| failed.at(&target.path))?;
    Ok(report)
}

fn geoparquet(
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    if let Some(crs) = target.crs.as_ref().filter(|crs| crs.epsg != 4326) {
        return Err(FormatError::Crs {
            format: "GeoParquet",
            crs: format!("EPSG:{}", crs.epsg),
            reason: "only WGS 84 is written; leave --to-crs away, or write a GeoPackage",
        });
    }
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    let plan = geoparquet::Plan::new(survey, &mut report);
    let mut drawers = plan.drawers(&target.path);
    let source = (layer.open)()?;
    let file = source.facts().file.clone();
    pass::encode(
        source,
        target.threads,
        shaping,
        None,
        |batch| plan.block(batch),
        |block| {
            drawers
                .put(&block)
                .map_err(|source| failed(&target.path, source))
        },
    )?;
    atomic::write_with(&target.path, |out| {
        plan.write(drawers, &file, &target.path, out)
    })??;
    Ok(report)
}
