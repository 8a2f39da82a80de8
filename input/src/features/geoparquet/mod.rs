//! A `GeoParquet` file, rows of all columns side by side. The crate `parquet` decodes values; what it is given is checked
//! before, since it takes memory for whatever bytes declare, and where it panics on damaged ones that is an error of the file.

mod caught;
mod geo;
mod pages;
#[cfg(test)]
pub(super) mod sample;
mod thrift;
mod values;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::ColumnDescPtr;

use super::batch::PlaceKind;
use super::cut::Block;
use super::drive::Blocks;
use super::options::FeatureOptions;
use super::shapes;
use super::writer::{Facts, Writer};
use crate::geometry::{unchecked, wkb};
use crate::intake::ByteCount;
use crate::{InputError, Problem};
use geo::Place;
use pages::{Pages, Source};
use values::{Meaning, Run, Stored};

/// What the file begins and ends with.
pub(super) const MAGIC: &[u8] = b"PAR1";

const MOST_FOOTER_BYTES: u64 = 64 << 20;
/// Rows that a byte may stand for: columns of nothing but nulls cost almost none.
const MOST_ROWS_OF_BYTE: u64 = 256;
const HARMLESS_ROWS: u64 = 1 << 20;
/// Rows that are decoded at once.
const ROWS: usize = 2048;

/// A column that is read.
struct ColumnOf {
    /// Its number among those of the file.
    number: usize,
    meaning: Meaning,
    about: ColumnDescPtr,
    reader: Option<ColumnReader>,
    run: Run,
}

/// An opened file.
pub(super) struct ParquetBlocks {
    source: Arc<Source>,
    metadata: ParquetMetaData,
    place: Place,
    /// Those of positions first, then those of attributes.
    columns: Vec<ColumnOf>,
    names: Vec<String>,
    /// Columns of lists and the like, which no attribute can be.
    nested: u64,
    group: usize,
    /// Rows of the group that are not decoded yet, and decoded ones that are not taken.
    left: u64,
    ready: usize,
    open: Arc<AtomicUsize>,
    block_bytes: usize,
    bytes: ByteCount,
    done: u64,
}

impl ParquetBlocks {
    pub(super) fn open(
        path: &Path,
        options: &FeatureOptions,
        bytes: ByteCount,
    ) -> Result<Self, Problem> {
        let file = File::open(path).map_err(|source| Problem::Open { source })?;
        Self::new(Source::File(file), options, bytes)
    }

    /// Takes a file that was unpacked.
    pub(super) fn unpacked(file: Vec<u8>, options: &FeatureOptions) -> Result<Self, Problem> {
        Self::new(Source::Memory(file.into()), options, ByteCount::default())
    }

    fn new(source: Source, options: &FeatureOptions, bytes: ByteCount) -> Result<Self, Problem> {
        let footer = footer(&source)?;
        thrift::check_footer(&footer)?;
        let metadata = caught::caught("the metadata of Parquet", || {
            ParquetMetaDataReader::decode_metadata(&footer)
        })?;
        check_rows(&metadata, source.len()?)?;
        let geo = geo::find(&metadata, options)?;
        let schema = metadata.file_metadata().schema_descr();
        let places = match geo.place {
            Place::Wkb(column) => vec![column],
            Place::LonLat(lon, lat) => vec![lon, lat],
        };
        let (mut columns, mut names, mut nested) = (Vec::new(), Vec::new(), Vec::new());
        let attributes = (0..schema.num_columns()).filter(|number| !places.contains(number));
        for number in places.iter().copied().chain(attributes) {
            let about = schema.column(number);
            let path = about.path();
            let root = path.parts().first().map_or("", String::as_str);
            let is_place = places.contains(&number);
            if about.max_rep_level() > 0 {
                if is_place {
                    return Err(Problem::NotThisFormat {
                        expected: "table of geometries",
                        found: format!("column {} of lists", path.string()),
                    });
                }
                if !nested.iter().any(|one| one == root) {
                    nested.push(root.to_owned());
                }
                continue;
            }
            if !is_place {
                if path.parts().len() > 1 && geo.boxes.iter().any(|one| one == root) {
                    continue;
                }
                // Members of a structure are columns by their path, as GDAL has them.
                names.push(path.parts().join("."));
            }
            columns.push(ColumnOf {
                number,
                meaning: Meaning::of(&about),
                about,
                reader: None,
                run: Run::default(),
            });
        }
        Ok(Self {
            source: Arc::new(source),
            place: geo.place,
            columns,
            names,
            nested: nested.len() as u64,
            group: 0,
            left: 0,
            ready: 0,
            open: Arc::default(),
            block_bytes: options.block_bytes,
            bytes,
            done: 0,
            metadata,
        })
    }

    /// The columns of attributes.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Decodes more rows; `false` behind the last.
    fn decode(&mut self) -> Result<bool, Problem> {
        while self.left == 0 {
            let Some(group) = self.metadata.row_groups().get(self.group) else {
                return Ok(false);
            };
            self.group += 1;
            self.left = u64::try_from(group.num_rows()).unwrap_or(0);
            for column in &mut self.columns {
                column.reader = None;
                let chunk = group.column(column.number);
                let (start, end) = range(chunk, self.source.len()?)?;
                self.bytes.set(start);
                let pages = Pages {
                    source: self.source.clone(),
                    at: start,
                    end,
                    packing: chunk.compression(),
                    kind: column.about.physical_type(),
                    nullable: column.about.max_def_level() > 0,
                    open: self.open.clone(),
                    own: [0; 2],
                };
                column.reader = Some(get_column_reader(column.about.clone(), Box::new(pages)));
            }
        }
        let rows = ROWS.min(usize::try_from(self.left).unwrap_or(ROWS));
        for column in &mut self.columns {
            let name = || format!("column {}", column.about.path().string());
            let Some(reader) = &mut column.reader else {
                continue;
            };
            let (most, run) = (column.about.max_def_level(), &mut column.run);
            let found = caught::caught(&name(), || run.fill(reader, most, rows))?;
            if found != rows {
                return Err(Problem::truncated(name()));
            }
        }
        self.left -= rows as u64;
        self.ready = rows;
        Ok(true)
    }

    /// Takes the next row of those that are decoded; gives about how many bytes it has.
    fn row(
        columns: &mut [ColumnOf],
        place: &Place,
        keys: &[u32],
        writer: &mut Writer,
    ) -> Result<usize, Problem> {
        let mut size = 64;
        // Every column moves on, whatever one of them holds.
        let mut wrong = None;
        let (places, attributes) = columns.split_at_mut(columns.len() - keys.len());
        match (place, places) {
            (Place::Wkb(_), [column]) => match column.run.next() {
                Some(Stored::Bytes(bytes)) if !bytes.is_empty() => {
                    size += bytes.len();
                    match wkb::parse_with(bytes, unchecked) {
                        Ok(parsed) => {
                            writer.height = parsed.heights;
                            shapes::geometry(writer, &parsed.geometry);
                        }
                        Err(problem) => wrong = Some(problem),
                    }
                }
                None | Some(Stored::Bytes(_)) => {}
                Some(_) => {
                    wrong = Some(Problem::damaged(
                        "the geometry",
                        "a number",
                        "well-known binary",
                    ));
                }
            },
            (_, places) => {
                let mut degrees = [None; 2];
                for (column, degrees) in places.iter_mut().zip(&mut degrees) {
                    *degrees = match column.run.next() {
                        Some(Stored::Float(value)) => Some(value).filter(|value| !value.is_nan()),
                        #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
                        Some(Stored::Int(value)) => Some(value as f64),
                        Some(_) => {
                            wrong = Some(Problem::value(
                                column.about.path().string(),
                                "text",
                                "a number of degrees",
                            ));
                            None
                        }
                        None => None,
                    };
                }
                if let [Some(lon), Some(lat)] = degrees {
                    shapes::point(writer, lon, lat);
                }
            }
        }
        for (column, key) in attributes.iter_mut().zip(keys) {
            let value = column
                .run
                .next()
                .map(|stored| values::cell(stored, column.meaning, writer));
            match value {
                None => writer.cell(*key, super::CellValue::Null),
                Some(Ok((value, bytes))) => {
                    size += bytes;
                    writer.cell(*key, value);
                }
                Some(Err(problem)) => wrong = wrong.or(Some(problem)),
            }
        }
        wrong.map_or(Ok(size), Err)
    }
}

impl Blocks for ParquetBlocks {
    fn next(&mut self, _: &mut Block, writer: &mut Writer) -> Result<bool, InputError> {
        writer.batch.place_kind = PlaceKind::Record;
        let _ = writer.begin();
        let keys: Vec<u32> = self.names.iter().map(|name| writer.key(name)).collect();
        let (mut size, mut place) = (0, 0);
        while size < self.block_bytes {
            if self.ready == 0 && !self.decode()? {
                if let Source::File(_) = &*self.source {
                    self.bytes.set(self.source.len().map_err(Problem::from)?);
                }
                return Ok(place > 0);
            }
            self.ready -= 1;
            self.done += 1;
            place += 1;
            writer.lines += 1;
            let mark = writer.begin();
            writer.batch.notes.nested_dropped += self.nested;
            let read = Self::row(&mut self.columns, &self.place, &keys, writer).and_then(|bytes| {
                size += bytes;
                writer.finish(
                    &mark,
                    Facts {
                        place,
                        ..Facts::default()
                    },
                )
            });
            if let Err(problem) = read {
                size += 64;
                writer.reject(&mark, place, 0..0, &[], problem);
            }
        }
        Ok(true)
    }
}

/// The metadata at the end of a file.
fn footer(source: &Source) -> Result<Bytes, Problem> {
    let length = source.len()?;
    if length < 12 {
        return Err(Problem::truncated("the Parquet file"));
    }
    let tail = source.read(length.saturating_sub(8), 8)?;
    let (declared, magic) = tail.split_at(tail.len().saturating_sub(4));
    let declared = declared
        .first_chunk::<4>()
        .map_or(0, |length| u32::from_le_bytes(*length));
    if magic == b"PARE" {
        return Err(Problem::NotThisFormat {
            expected: "Parquet that can be read",
            found: "an encrypted file".to_owned(),
        });
    }
    let most = (length - 12).min(MOST_FOOTER_BYTES);
    if magic != MAGIC {
        return Err(Problem::truncated(
            "the Parquet file: its metadata are at the end",
        ));
    }
    if u64::from(declared) > most {
        return Err(Problem::TooLarge {
            what: "the metadata of Parquet",
            found: declared.into(),
            most,
        });
    }
    Ok(source.read(length - 8 - u64::from(declared), declared.into())?)
}

/// No more rows than the file can be believed to have.
fn check_rows(metadata: &ParquetMetaData, bytes: u64) -> Result<(), Problem> {
    let mut rows: u64 = 0;
    for group in metadata.row_groups() {
        let of = u64::try_from(group.num_rows()).map_err(|_| {
            Problem::damaged(
                "a row group",
                format!("{} rows", group.num_rows()),
                "0 or more",
            )
        })?;
        rows = rows.saturating_add(of);
        let (columns, expected) = (
            group.num_columns(),
            metadata.file_metadata().schema_descr().num_columns(),
        );
        if columns != expected {
            return Err(Problem::damaged(
                "a row group",
                format!("{columns} columns"),
                expected.to_string(),
            ));
        }
    }
    let most = HARMLESS_ROWS + bytes.saturating_mul(MOST_ROWS_OF_BYTE);
    if rows > most {
        return Err(Problem::TooLarge {
            what: "the number of rows",
            found: rows,
            most,
        });
    }
    Ok(())
}

/// Where the bytes of a column are.
fn range(chunk: &ColumnChunkMetaData, length: u64) -> Result<(u64, u64), Problem> {
    let data = chunk.data_page_offset();
    // Some writers say 0 for none.
    let dictionary = chunk.dictionary_page_offset().filter(|at| *at > 0);
    let start = dictionary.map_or(data, |at| at.min(data));
    let within = u64::try_from(start)
        .ok()
        .zip(u64::try_from(chunk.compressed_size()).ok());
    within
        .and_then(|(start, size)| {
            Some((start, start.checked_add(size).filter(|end| *end <= length)?))
        })
        .ok_or_else(|| {
            let found = format!("{} bytes from byte {start}", chunk.compressed_size());
            Problem::damaged(
                format!("column {}", chunk.column_path().string()),
                found,
                "bytes of the file",
            )
        })
}

/// What the crate says of damaged bytes.
fn told(what: &str, error: &ParquetError) -> Problem {
    let said = match error {
        ParquetError::General(said) | ParquetError::EOF(said) | ParquetError::NYI(said) => {
            said.clone()
        }
        other => other.to_string(),
    };
    let said: String = said.chars().take(200).collect();
    Problem::damaged(what, said, "what its metadata declare")
}
