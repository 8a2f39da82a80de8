//! A shapefile, record by record: files side by side, or in a zip archive, which are unpacked in memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::path::Path;

use super::batch::{CellValue, PlaceKind};
use super::csv;
use super::cut::Block;
use super::drive::Blocks;
use super::options::FeatureOptions;
use super::shapes;
use super::writer::{Facts, Writer};
use crate::geometry::unchecked;
use crate::intake::ByteCount;
use crate::shapefile::{companion, dbf, shp, sidecars};
use crate::{At, InputError, Origin, Problem, source};

type Stream = Box<dyn BufRead + Send>;
/// Gives a member of an archive by the end of its name.
type Member<'a> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, InputError> + 'a;

/// An opened shapefile.
pub(super) struct ShapeBlocks {
    shapes: shp::Shapes<Stream>,
    table: dbf::Table<Stream>,
    columns: Vec<String>,
    kinds: Vec<u8>,
    /// Names of the two files, for messages.
    files: [String; 2],
    block_bytes: usize,
    done: u64,
    ended: bool,
}

impl ShapeBlocks {
    /// Opens the files beside `path`.
    pub(super) fn beside(
        path: &Path,
        options: &FeatureOptions,
        bytes: &ByteCount,
    ) -> Result<Self, InputError> {
        let small = |extension| match companion(path, extension) {
            Some(path) => {
                let file = File::open(path).map_err(|source| Problem::Open { source })?;
                source::head(file, sidecars::MOST_BYTES).map(Some)
            }
            None => Ok(None),
        };
        let settings = sidecars::Settings::new(
            small("cpg")?,
            small("prj")?.filter(|_| !options.any_crs),
            options.encoding,
        )?;
        let table = companion(path, "dbf").ok_or_else(|| Problem::MissingFile {
            name: path.with_extension("dbf").display().to_string(),
        })?;
        let files = [path.display().to_string(), table.display().to_string()];
        let shapes: Stream = Box::new(BufReader::new(source::open(path, bytes)?));
        let table: Stream = Box::new(BufReader::new(source::open(&table, &ByteCount::default())?));
        Self::new([shapes, table], files, &settings, options.block_bytes)
    }

    /// Takes the files of an archive: `member` gives each by the end of its name.
    pub(super) fn unpacked(
        stem: &str,
        options: &FeatureOptions,
        member: &mut Member,
    ) -> Result<Self, InputError> {
        let settings = sidecars::Settings::new(
            member(".cpg")?,
            member(".prj")?.filter(|_| !options.any_crs),
            options.encoding,
        )?;
        let mut needed = |end: &str| {
            let bytes = member(end)?.ok_or_else(|| Problem::MissingFile {
                name: format!("{stem}{end}"),
            })?;
            let stream: Stream = Box::new(Cursor::new(bytes));
            Ok::<_, InputError>(stream)
        };
        let streams = [needed(".shp")?, needed(".dbf")?];
        let files = [".shp", ".dbf"].map(|end| format!("{stem}{end}"));
        Self::new(streams, files, &settings, options.block_bytes)
    }

    fn new(
        [shapes, table]: [Stream; 2],
        files: [String; 2],
        settings: &sidecars::Settings,
        block_bytes: usize,
    ) -> Result<Self, InputError> {
        let table = dbf::Table::open(table, settings.encoding);
        let table = table.map_err(|error| error.in_file(&files[1]))?;
        let shapes = shp::Shapes::open(shapes).map_err(|error| error.in_file(&files[0]))?;
        Ok(Self {
            columns: table.headers(),
            kinds: table.kinds(),
            shapes,
            table,
            files,
            block_bytes,
            done: 0,
            ended: false,
        })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }
}

impl Blocks for ShapeBlocks {
    fn next(&mut self, _: &mut Block, writer: &mut Writer) -> Result<bool, InputError> {
        if self.ended {
            return Ok(false);
        }
        let [shp, dbf] = &self.files;
        writer.batch.place_kind = PlaceKind::Record;
        let _ = writer.begin();
        let keys: Vec<u32> = self.columns.iter().map(|name| writer.key(name)).collect();
        let (mut size, mut place) = (0, 0);
        while size < self.block_bytes {
            let Some(row) = self.table.next().map_err(|error| error.in_file(dbf))? else {
                self.ended = true;
                let extra = self.shapes.next_record();
                if extra.map_err(|p| p.at(At::File).in_file(shp))?.is_some() {
                    let what = format!("record {}, which the .shp has", self.done + 1);
                    return Err(Problem::truncated(what).at(At::File).in_file(dbf));
                }
                return Ok(place > 0);
            };
            self.done += 1;
            place += 1;
            writer.lines += 1;
            let at = At::Record(Origin::Record(self.done));
            let record = self.shapes.next_record();
            let record = record.map_err(|problem| problem.at(at).in_file(shp))?;
            let record = record.ok_or_else(|| {
                let what = format!("record {}, which the .dbf has", self.done);
                Problem::truncated(what).at(at).in_file(shp)
            })?;
            size += 64 + record.len();
            if row.deleted {
                writer.batch.notes.deleted += 1;
                continue;
            }
            let mark = writer.begin();
            writer.batch.notes.text_dropped += u64::from(row.cut);
            let read = shp::shape(record, unchecked).and_then(|shape| {
                if let Some(shape) = shape {
                    writer.height = shape.heights;
                    shapes::geometry(writer, &shape.geometry);
                }
                for ((value, kind), key) in row.values.iter().zip(&self.kinds).zip(&keys) {
                    size += 24 + value.len();
                    let value = cell(value.trim(), *kind, writer);
                    writer.cell(*key, value);
                }
                let facts = Facts {
                    place,
                    ..Facts::default()
                };
                writer.finish(&mark, facts)
            });
            if let Err(problem) = read {
                writer.reject(&mark, place, 0..0, &[], problem);
            }
        }
        Ok(true)
    }
}

/// A value as its column's type says.
fn cell(value: &str, kind: u8, writer: &mut Writer) -> CellValue {
    match kind {
        _ if value.is_empty() => CellValue::Null,
        b'N' | b'F' | b'B' | b'O' | b'I' => match csv::cell(value, writer) {
            CellValue::Text(span) => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => CellValue::Float(number),
                _ => CellValue::Text(span),
            },
            number => number,
        },
        b'L' => match value {
            "T" | "t" | "Y" | "y" => CellValue::Bool(true),
            "F" | "f" | "N" | "n" => CellValue::Bool(false),
            "?" => CellValue::Null,
            other => CellValue::Text(writer.text(other)),
        },
        b'D' if value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
            // Dates are written without anything between their parts.
            let (year, month, day) = (&value[..4], &value[4..6], &value[6..]);
            CellValue::Text(writer.text(&format!("{year}-{month}-{day}")))
        }
        _ => CellValue::Text(writer.text(value)),
    }
}
