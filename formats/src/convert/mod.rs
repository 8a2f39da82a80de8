//! From files to a file.

mod stream;

use std::io;
use std::path::Path;

use input::InputError;
use input::features::FeatureSource;

use crate::geojson::Framing;
use crate::geopackage::{self, GeoPackage, LayerAbout};
use crate::postgis::Database;
use crate::report::Report;
use crate::shaping::Shaping;
use crate::target::{Target, TargetFormat};
use crate::{FormatError, atomic, flatgeobuf, geoparquet, pass, postgis, shapefile};

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
    if let (TargetFormat::PostGis, Some(database)) = (target.format, &target.database) {
        let mut session = postgis::Session::open(database)?;
        for layer in layers {
            report.add(table_of_postgis(
                &mut session,
                layer,
                shaping,
                target,
                database,
            )?);
        }
        session.finish()?;
        return Ok(report);
    }
    let Some(layer) = layers.first() else {
        return Ok(report);
    };
    match target.format {
        TargetFormat::FlatGeobuf => return flatgeobuf(layer, shaping, target),
        TargetFormat::GeoParquet => return geoparquet(layer, shaping, target),
        TargetFormat::Shapefile => return shapefile(layer, shaping, target),
        _ => {}
    }
    stream::to_stream(&target.path, |out| {
        report = match target.format {
            TargetFormat::GeoJsonLines => {
                stream::json(layer, shaping, target, Framing::Lines, out)?
            }
            TargetFormat::GeoJson => {
                stream::json(layer, shaping, target, Framing::Collection, out)?
            }
            TargetFormat::Csv => stream::table(layer, shaping, target, b',', out)?,
            TargetFormat::Kml => stream::kml(layer, shaping, target, out)?,
            TargetFormat::Kmz => {
                let mut page = Vec::new();
                let report = stream::kml(layer, shaping, target, &mut page)?;
                stream::zipped("doc.kml", &page, out)
                    .map_err(|source| failed(&target.path, source))?;
                report
            }
            TargetFormat::Svg => stream::svg(layer, shaping, target, out)?,
            TargetFormat::TopoJson => stream::topojson(layer, shaping, target, out)?,
            _ => stream::table(layer, shaping, target, b'\t', out)?,
        };
        strict(&report, target)?;
        Ok(())
    })?;
    Ok(report)
}

fn failed(path: &Path, source: io::Error) -> FormatError {
    FormatError::Write {
        path: path.to_owned(),
        source,
    }
}

fn geopackage(
    package: &GeoPackage,
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let crs = target.crs.as_ref();
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    strict(&report, target)?;
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
    strict(&report, target)?;
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
    strict(&report, target)?;
    let plan = geoparquet::Plan::new(survey, target.crs.is_some(), &mut report);
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

fn shapefile(layer: &Layer<'_>, shaping: &Shaping, target: &Target) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    strict(&report, target)?;
    let plan = shapefile::Plan::new(&survey, &mut report)?;
    let told = |source| failed(&target.path, source);
    let mut writer = shapefile::Writer::new(&plan, &target.path).map_err(told)?;
    let source = (layer.open)()?;
    let file = source.facts().file.clone();
    pass::encode(
        source,
        target.threads,
        shaping,
        None,
        |batch| plan.block(batch),
        |block| writer.take(&block, &target.path),
    )?;
    if writer.features() != survey.features {
        return Err(FormatError::Changed { file });
    }
    let written = atomic::write_with(&target.path, |out| {
        writer.finish(&layer.name, target.crs.as_ref(), &mut report, out)
    })?;
    written.map_err(told)?;
    Ok(report)
}

fn table_of_postgis(
    session: &mut postgis::Session,
    layer: &Layer<'_>,
    shaping: &Shaping,
    target: &Target,
    database: &Database,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = pass::survey((layer.open)()?, target.threads, shaping, &mut report)?;
    strict(&report, target)?;
    let crs = target.crs.as_ref();
    let plan = postgis::Plan::new(&survey, &layer.name, database, crs, &mut report);
    session.begin(&plan)?;
    let source = (layer.open)()?;
    let file = source.facts().file.clone();
    let mut rows = 0;
    pass::encode(
        source,
        target.threads,
        shaping,
        None,
        |batch| plan.block(batch),
        |block| {
            rows += block.features();
            session.take(&block)
        },
    )?;
    if rows != survey.features {
        return Err(FormatError::Changed { file });
    }
    session.send(&plan.tail(&file))?;
    Ok(report)
}

/// Refuses what was rejected, where nothing may be left out.
fn strict(report: &Report, target: &Target) -> Result<(), FormatError> {
    match report.rejects.first() {
        Some(first) if target.strict => Err(FormatError::Strict {
            count: report.rejected,
            first: first.clone(),
        }),
        _ => Ok(()),
    }
}
