//! From files to a file.

mod stream;

use std::io;
use std::path::Path;

use input::InputError;
use input::features::{FeatureBatch, FeatureSource};

use crate::geojson::Framing;
use crate::geopackage::{self, GeoPackage, LayerAbout};
use crate::postgis::Database;
use crate::report::Report;
use crate::shaping::Shaping;
use crate::survey::Survey;
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
    let jobs: Vec<Job<'_>> = layers
        .iter()
        .map(|layer| Job {
            layer,
            shaping,
            target,
        })
        .collect();
    let mut report = Report::default();
    if target.format == TargetFormat::GeoPackage {
        GeoPackage::write(&target.path, |package| {
            for job in &jobs {
                report.add(geopackage(package, job)?);
            }
            Ok::<(), FormatError>(())
        })?;
        return Ok(report);
    }
    if let (TargetFormat::PostGis, Some(database)) = (target.format, &target.database) {
        let mut session = postgis::Session::open(database)?;
        for job in &jobs {
            report.add(table_of_postgis(&mut session, job, database)?);
        }
        session.finish()?;
        return Ok(report);
    }
    let Some(job) = jobs.first() else {
        return Ok(report);
    };
    match target.format {
        TargetFormat::FlatGeobuf => return flatgeobuf(job),
        TargetFormat::GeoParquet => return geoparquet(job, geoparquet::FirstPass::default()),
        TargetFormat::Shapefile => return shapefile(job),
        _ => {}
    }
    stream::to_stream(&target.path, |out| {
        report = match target.format {
            TargetFormat::GeoJsonLines => stream::json(job, Framing::Lines, out)?,
            TargetFormat::GeoJson => stream::json(job, Framing::Collection, out)?,
            TargetFormat::Csv => stream::table(job, b',', out)?,
            TargetFormat::Kml => stream::kml(job, out)?,
            TargetFormat::Kmz => {
                let mut page = Vec::new();
                let report = stream::kml(job, &mut page)?;
                stream::zipped("doc.kml", &page, out).map_err(job.failed())?;
                report
            }
            TargetFormat::Svg => stream::svg(job, out)?,
            TargetFormat::TopoJson => stream::topojson(job, out)?,
            _ => stream::table(job, b'\t', out)?,
        };
        job.strict(&report)
    })?;
    Ok(report)
}

/// A layer on its way to a file.
struct Job<'a> {
    layer: &'a Layer<'a>,
    shaping: &'a Shaping,
    target: &'a Target,
}

impl Job<'_> {
    /// The first pass.
    fn survey(&self, report: &mut Report) -> Result<Survey, FormatError> {
        self.survey_and(report, |_| (), |()| ())
    }

    /// The first pass, in which more is made of each block.
    fn survey_and<T: Send>(
        &self,
        report: &mut Report,
        also: impl Fn(&FeatureBatch) -> T + Sync,
        take: impl FnMut(T) + Send,
    ) -> Result<Survey, FormatError> {
        let source = (self.layer.open)()?;
        let threads = self.target.threads;
        let survey = pass::survey(source, threads, self.shaping, report, also, take)?;
        self.strict(report)?;
        Ok(survey)
    }

    /// A pass that encodes; `report` is given on the only one there is. The name of the file comes back.
    fn encode<T: Send>(
        &self,
        report: Option<&mut Report>,
        each: impl Fn(&mut FeatureBatch) -> T + Sync,
        take: impl FnMut(T) -> Result<(), FormatError>,
    ) -> Result<String, FormatError> {
        let source = (self.layer.open)()?;
        let file = source.facts().file.clone();
        pass::encode(
            source,
            self.target.threads,
            self.shaping,
            report,
            each,
            take,
        )?;
        Ok(file)
    }

    /// Refuses what was rejected, where nothing may be left out.
    fn strict(&self, report: &Report) -> Result<(), FormatError> {
        match report.rejects.first() {
            Some(first) if self.target.strict => Err(FormatError::Strict {
                count: report.rejected,
                first: first.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// What it means that the output cannot be written.
    fn failed(&self) -> impl Fn(io::Error) -> FormatError {
        |source| failed(&self.target.path, source)
    }
}

fn geopackage(package: &GeoPackage, job: &Job<'_>) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let about = LayerAbout {
        name: job.layer.name.clone(),
        ..LayerAbout::default()
    };
    let mut open = package.layer(about, &survey, job.target.crs.as_ref(), &mut report)?;
    let (srs_id, multiple) = (open.srs_id, open.multiple);
    let mut rows = 0;
    let file = job.encode(
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

fn flatgeobuf(job: &Job<'_>) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let (path, crs) = (&job.target.path, job.target.crs.as_ref());
    let plan = flatgeobuf::Plan::new(&survey, &mut report);
    let mut drawers = plan.drawers(&survey, path);
    drop(survey);
    let file = job.encode(
        None,
        |batch| plan.block(batch),
        |block| drawers.put(&block).map_err(job.failed()),
    )?;
    let written = atomic::write_with(path, |out| {
        plan.write(&job.layer.name, crs, drawers, &file, out)
    })?;
    written.map_err(|failed| failed.at(path))?;
    Ok(report)
}

fn geoparquet(job: &Job<'_>, first: geoparquet::FirstPass) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let (path, crs) = (&job.target.path, job.target.crs.as_ref());
    if let Some(crs) = crs.filter(|crs| crs.epsg != 4326 && crs.projjson.is_empty()) {
        return Err(FormatError::Crs {
            format: "GeoParquet",
            crs: format!("EPSG:{}", crs.epsg),
            reason: "without PROJ only WGS 84 is written; leave --to-crs away, or write a GeoPackage",
        });
    }
    let keep = |block| first.keep(block);
    let survey = job.survey_and(&mut report, |batch| first.encode(batch), keep)?;
    let mut plan = geoparquet::Plan::new(survey, first, crs, &mut report);
    let threads = job.target.threads;
    let (mut drawers, are_filled) = plan.drawers(path, threads).map_err(job.failed())?;
    let file = if are_filled {
        job.layer.name.clone()
    } else {
        let put = |block| drawers.put(&block).map_err(job.failed());
        job.encode(None, |batch| plan.block(batch), put)?
    };
    atomic::write_with(path, |out| plan.write(drawers, &file, path, out))??;
    Ok(report)
}

fn shapefile(job: &Job<'_>) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let (path, crs) = (&job.target.path, job.target.crs.as_ref());
    let plan = shapefile::Plan::new(&survey, &mut report)?;
    let mut writer = shapefile::Writer::new(&plan, path).map_err(job.failed())?;
    let file = job.encode(
        None,
        |batch| plan.block(batch),
        |block| writer.take(&block, path),
    )?;
    if writer.features() != survey.features {
        return Err(FormatError::Changed { file });
    }
    let written = atomic::write_with(path, |out| {
        writer.finish(&job.layer.name, crs, &mut report, out)
    })?;
    written.map_err(job.failed())?;
    Ok(report)
}

fn table_of_postgis(
    session: &mut postgis::Session,
    job: &Job<'_>,
    database: &Database,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let crs = job.target.crs.as_ref();
    let plan = postgis::Plan::new(&survey, &job.layer.name, database, crs, &mut report);
    session.begin(&plan)?;
    let mut rows = 0;
    let file = job.encode(
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

fn failed(path: &Path, source: io::Error) -> FormatError {
    FormatError::Write {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use std::fmt::Write as _;

    use input::features::FeatureOptions;

    use super::*;

    /// What did not fit into memory is read a second time, and becomes the same file.
    #[test]
    fn one_pass_and_two_write_the_same_geoparquet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.ndjson");
        let mut rows = String::new();
        for number in 0..3000 {
            let x = f64::from(number * 37 % 1000) / 100.0;
            let geometry = match number % 4 {
                0 => format!(r#"{{"type":"LineString","coordinates":[[{x},1],[{x},2]]}}"#),
                1 => "null".to_owned(),
                _ => format!(r#"{{"type":"Point","coordinates":[{x},30]}}"#),
            };
            let more = match number % 3 {
                0 => r#","day":"2021-02-03","share":0.5,"mixed":"x","twice":1,"twice":2"#,
                1 => r#","share":7,"mixed":12,"flag":true,"list":[1,2]"#,
                _ => r#","day":null,"big":18446744073709551615"#,
            };
            let id = number * 2 + 5;
            writeln!(
                rows,
                r#"{{"type":"Feature","id":{id},"properties":{{"name":"乡{number}"{more}}},"geometry":{geometry}}}"#
            )
            .unwrap();
        }
        std::fs::write(&path, rows).unwrap();
        let layer = Layer {
            name: "in".to_owned(),
            open: Box::new(|| FeatureSource::open(&path, &FeatureOptions::default())),
        };
        let written = |room: usize| {
            let path = folder.path().join(format!("{room}.parquet"));
            let target = Target::new(&path, TargetFormat::GeoParquet, 2);
            let job = Job {
                layer: &layer,
                shaping: &Shaping::default(),
                target: &target,
            };
            let report = geoparquet(&job, geoparquet::FirstPass::with_room(room)).unwrap();
            assert_eq!(report.features, 3000);
            std::fs::read(&target.path).unwrap()
        };
        let once = written(1 << 20);
        assert!(once.len() > 20_000, "{}", once.len());
        assert!(once == written(0), "another file after two passes");
        assert!(
            once == written(50_000),
            "another file after a pass cut short"
        );
    }
}
