//! ESRI shapefiles in a zip archive: one for each kind of geometry, with `.shx`, `.dbf`, `.prj` and a `.cpg` that says UTF-8.
//!
//! A `.dbf` holds 255 columns with names of ten bytes and text of 254: what is cut is counted and named, and the archive has
//! a list of the names as they were.

mod dbf;
mod shp;

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use input::features::{FeatureBatch, GeometryKind, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::FormatError;
use crate::crs::CrsRecord;
use crate::feature::features;
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::Table;
use dbf::Fields;

/// The most bytes of a `.shp` or `.dbf`: lengths are 31 bits, of two bytes in the one.
const MOST_BYTES: u64 = (1 << 32) - 4;

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    fields: Fields,
    /// The shapefiles that there are, and whether their geometries are sets.
    kinds: Vec<GeometryKind>,
    multipoints: bool,
}

/// What a block adds to one shapefile.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Contents of records, without their heads.
    shp: Vec<u8>,
    lengths: Vec<u32>,
    dbf: Vec<u8>,
    extent: Option<[f64; 4]>,
}

/// What a block adds.
#[derive(Debug)]
pub(crate) struct Block {
    parts: Vec<Part>,
    features: u64,
    /// Texts that were cut.
    cut: u64,
    /// Texts that were empty.
    empty: u64,
}

impl Plan {
    pub(crate) fn new(survey: &Survey, report: &mut Report) -> Result<Self, FormatError> {
        let table = Table::new(survey, true, report);
        let seen = survey.geometry;
        let kinds = [
            (seen.points, GeometryKind::Point),
            (seen.lines, GeometryKind::Line),
            (seen.polygons, GeometryKind::Polygon),
        ];
        let mut kinds: Vec<GeometryKind> = kinds
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, kind)| kind)
            .collect();
        if kinds.is_empty() {
            kinds.push(GeometryKind::None);
        }
        Ok(Self {
            fields: Fields::new(&table, report)?,
            table,
            kinds,
            multipoints: seen.multiple,
        })
    }

    /// Encodes a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> Block {
        let map = self.table.map(batch);
        let mut parts = Vec::new();
        parts.resize_with(self.kinds.len(), Part::default);
        let mut block = Block {
            parts,
            features: 0,
            cut: 0,
            empty: 0,
        };
        let mut values = Vec::new();
        let mut row = Vec::new();
        for feature in features(batch) {
            block.features += 1;
            self.table.row(feature, &map, &mut values);
            block.empty += values
                .iter()
                .filter(|value| **value == Value::Text(""))
                .count() as u64;
            row.clear();
            block.cut += self.fields.row(&values, &mut row);
            for view in feature.geometries() {
                // What has no geometry is a record of its own type in the first file.
                let at = self
                    .kinds
                    .iter()
                    .position(|kind| *kind == view.kind())
                    .unwrap_or(0);
                let part = &mut block.parts[at];
                let start = part.shp.len();
                shp::push(view, self.multipoints, &mut part.shp);
                part.lengths
                    .push(u32::try_from(part.shp.len() - start).unwrap_or(u32::MAX));
                part.dbf.extend_from_slice(&row);
                let mut around = crate::feature::EMPTY;
                crate::feature::grow(&mut around, view.vertices());
                let around = Some(around).filter(|around| around[0] <= around[2]);
                part.extent = crate::feature::union(part.extent, around);
            }
        }
        block
    }
}

/// The files of a shapefile, without names, until they go into the archive.
struct Files {
    shp: BufWriter<File>,
    shx: BufWriter<File>,
    dbf: BufWriter<File>,
    records: u32,
    /// Bytes of the `.shp`, with its header.
    bytes: u64,
    extent: Option<[f64; 4]>,
}

/// Bytes of the header of `.shp` and `.shx`.
const HEADER_BYTES: u64 = 100;

impl Files {
    fn new(near: &Path, fields: &Fields) -> io::Result<Self> {
        let folder = near
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let make = |header: u64| -> io::Result<BufWriter<File>> {
            let mut file = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")))?;
            // The header is known at the end.
            file.seek(SeekFrom::Start(header))?;
            Ok(BufWriter::new(file))
        };
        Ok(Self {
            shp: make(HEADER_BYTES)?,
            shx: make(HEADER_BYTES)?,
            dbf: make(fields.header(0).len() as u64)?,
            records: 0,
            bytes: HEADER_BYTES,
            extent: None,
        })
    }

    fn take(&mut self, part: &Part) -> io::Result<()> {
        let mut start = 0;
        for length in &part.lengths {
            self.records += 1;
            let words = (*length / 2).to_be_bytes();
            let offset = u32::try_from(self.bytes / 2)
                .unwrap_or(u32::MAX)
                .to_be_bytes();
            self.shp.write_all(&self.records.to_be_bytes())?;
            self.shp.write_all(&words)?;
            let end = start + *length as usize;
            self.shp.write_all(&part.shp[start..end])?;
            start = end;
            self.shx.write_all(&offset)?;
            self.shx.write_all(&words)?;
            self.bytes += 8 + u64::from(*length);
        }
        self.extent = crate::feature::union(self.extent, part.extent);
        self.dbf.write_all(&part.dbf)
    }
}

/// The shapefiles that are being written.
pub(crate) struct Writer<'p> {
    plan: &'p Plan,
    files: Vec<Files>,
    features: u64,
    cut: u64,
    empty: u64,
}

impl<'p> Writer<'p> {
    /// `near`: a path in the folder for the files without names.
    pub(crate) fn new(plan: &'p Plan, near: &Path) -> io::Result<Self> {
        let files = plan.kinds.iter().map(|_| Files::new(near, &plan.fields));
        Ok(Self {
            plan,
            files: files.collect::<io::Result<_>>()?,
            features: 0,
            cut: 0,
            empty: 0,
        })
    }

    /// How many features were taken.
    pub(crate) fn features(&self) -> u64 {
        self.features
    }

    pub(crate) fn take(&mut self, block: &Block, path: &Path) -> Result<(), FormatError> {
        self.features += block.features;
        self.cut += block.cut;
        self.empty += block.empty;
        for (files, part) in self.files.iter_mut().zip(&block.parts) {
            files.take(part).map_err(|source| FormatError::Write {
                path: path.to_owned(),
                source,
            })?;
            let dbf = u64::from(files.records) * self.plan.fields.row_bytes() as u64;
            if files.bytes.max(dbf) > MOST_BYTES {
                return Err(FormatError::TooMuch {
                    format: "shapefile",
                    what: "bytes".to_owned(),
                    found: files.bytes.max(dbf),
                    most: MOST_BYTES,
                });
            }
        }
        Ok(())
    }

    /// Puts all into an archive.
    pub(crate) fn finish(
        self,
        name: &str,
        crs: Option<&CrsRecord>,
        report: &mut Report,
        out: impl Write + Seek,
    ) -> io::Result<()> {
        report.lose(Loss::TextCut, self.cut);
        report.lose(Loss::EmptyText, self.empty);
        let name = file_name(name);
        let mut zip = ZipWriter::new(out);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .large_file(true);
        let several = self.files.len() > 1;
        for (files, kind) in self.files.into_iter().zip(&self.plan.kinds) {
            let stem = match (several, kind) {
                (false, _) | (_, GeometryKind::None) => name.clone(),
                (_, GeometryKind::Point) => format!("{name}-points"),
                (_, GeometryKind::Line) => format!("{name}-lines"),
                (_, GeometryKind::Polygon) => format!("{name}-polygons"),
            };
            let kind = shp::shape_type(*kind, self.plan.multipoints);
            let header = |bytes: u64| shp::header(kind, bytes, files.extent);
            let shx_bytes = HEADER_BYTES + 8 * u64::from(files.records);
            let dbf_header = self.plan.fields.header(files.records);
            for (end, file, head) in [
                ("shp", files.shp, header(files.bytes)),
                ("shx", files.shx, header(shx_bytes)),
                ("dbf", files.dbf, dbf_header),
            ] {
                zip.start_file(format!("{stem}.{end}"), options)
                    .map_err(io::Error::other)?;
                let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.seek(SeekFrom::Start(0))?;
                file.write_all(&head)?;
                file.seek(SeekFrom::Start(0))?;
                io::copy(
                    &mut io::BufReader::with_capacity(1 << 16, Read::by_ref(&mut file)),
                    &mut zip,
                )?;
            }
            let mut texts = vec![("cpg", "UTF-8".to_owned())];
            if let Some(crs) = crs.filter(|crs| !crs.wkt.is_empty()) {
                texts.push(("prj", crs.wkt.clone()));
            }
            for (end, text) in texts {
                zip.start_file(format!("{stem}.{end}"), options)
                    .map_err(io::Error::other)?;
                zip.write_all(text.as_bytes())?;
            }
        }
        let changed = self.plan.fields.changed();
        if !changed.is_empty() {
            zip.start_file(format!("{name}-fields.txt"), options)
                .map_err(io::Error::other)?;
            for (before, after) in changed {
                writeln!(zip, "{after}\t{before}")?;
            }
        }
        zip.finish().map_err(io::Error::other).map(drop)
    }
}

/// A name that every system takes for a file.
fn file_name(name: &str) -> String {
    let safe = |c: char| {
        if c.is_control() || r#"/\:*?"<>|"#.contains(c) {
            '_'
        } else {
            c
        }
    };
    name.chars().map(safe).collect()
}
