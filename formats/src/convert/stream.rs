//! Formats that are written from their first byte to their last.

use std::io::{self, Write};
use std::path::Path;

use input::features::FeatureBatch;

use super::{Job, failed};
use crate::geojson::Framing;
use crate::report::Report;
use crate::{FormatError, atomic, csv, geojson, kml, svg, topojson};

/// Opens the output, a file that appears when it is whole or the standard output.
pub(super) fn to_stream(
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

pub(super) fn json(
    job: &Job<'_>,
    framing: Framing,
    out: &mut dyn Write,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let put = |bytes: &[u8], out: &mut dyn Write| out.write_all(bytes).map_err(job.failed());
    let collection = framing == Framing::Collection;
    if collection {
        let mut head = br#"{"type":"FeatureCollection","name":"#.to_vec();
        geojson::text(&job.layer.name, &mut head);
        if let Some(crs) = job.target.crs.as_ref().filter(|crs| crs.epsg != 4326) {
            // RFC 7946 knows no other; the form before it, which GDAL reads, does.
            let name = format!("urn:ogc:def:crs:EPSG::{}", crs.epsg);
            let member = format!(r#","crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
            head.extend_from_slice(member.as_bytes());
        }
        head.extend_from_slice(br#","features":["#);
        put(&head, out)?;
    }
    let mut first = true;
    job.encode(
        Some(&mut report),
        |batch| geojson::block(batch, job.shaping, framing),
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

pub(super) fn table(
    job: &Job<'_>,
    delimiter: u8,
    out: &mut dyn Write,
) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let plan = csv::Plan::new(&survey, delimiter, &mut report);
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(job.failed());
    put(&plan.header())?;
    let mut empty = 0;
    job.encode(
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

pub(super) fn kml(job: &Job<'_>, out: &mut dyn Write) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let plan = kml::Plan::new(&survey, &job.layer.name, &mut report);
    let each = |batch: &mut FeatureBatch| plan.block(batch);
    page(job, [&plan.head(), kml::Plan::TAIL], each, out)?;
    Ok(report)
}

pub(super) fn svg(job: &Job<'_>, out: &mut dyn Write) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let survey = job.survey(&mut report)?;
    let plan = svg::Plan::new(&survey, &job.layer.name, &mut report);
    let each = |batch: &mut FeatureBatch| plan.block(batch);
    page(job, [&plan.head(), svg::Plan::TAIL], each, out)?;
    Ok(report)
}

/// A head, what blocks are as text, a tail.
fn page(
    job: &Job<'_>,
    [head, tail]: [&str; 2],
    each: impl Fn(&mut FeatureBatch) -> String + Sync,
    out: &mut dyn Write,
) -> Result<(), FormatError> {
    let mut put = |text: &str| out.write_all(text.as_bytes()).map_err(job.failed());
    put(head)?;
    job.encode(None, each, |block| put(&block))?;
    put(tail)
}

/// A zip archive of one file.
pub(super) fn zipped(name: &str, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file(name, options).map_err(io::Error::other)?;
    zip.write_all(bytes)?;
    let packed = zip.finish().map_err(io::Error::other)?;
    out.write_all(packed.get_ref())
}

pub(super) fn topojson(job: &Job<'_>, out: &mut dyn Write) -> Result<Report, FormatError> {
    let mut report = Report::default();
    let mut shapes = topojson::Shapes::default();
    job.encode(
        Some(&mut report),
        |batch| topojson::block(batch, job.shaping),
        |block| {
            shapes.take(block);
            Ok(())
        },
    )?;
    let text = shapes.encode(&job.layer.name);
    out.write_all(&text).map_err(job.failed())?;
    Ok(report)
}
