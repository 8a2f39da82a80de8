//! `GeoParquet` 1.1: geometries as well-known binary beside a column of their boxes, rows along a Hilbert curve, so that the
//! statistics of a row group tell whether a place can be in it.

mod group;
mod record;
mod schema;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ScopedJoinHandle;

use input::features::FeatureBatch;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};

use crate::drawers::{self, Drawers, Records};
use crate::hilbert::Curve;
use crate::report::Report;
use crate::survey::Survey;
use crate::table::Table;
use crate::{ColumnKind, CrsRecord, FormatError};
use group::{Group, Packed};
use record::Keys;

/// Rows of a group: few enough for a query of a place to read little, many enough for columns to be worth their headers.
const GROUP_ROWS: usize = 65_536;
/// Bytes of geometry at which a group ends earlier.
const GROUP_BYTES: usize = 24 << 20;

/// The records of the first pass. If they fit into memory there is no need of a second one.
#[derive(Debug)]
pub(crate) struct FirstPass {
    keys: Keys,
    kept: Mutex<Vec<Records>>,
    bytes: AtomicUsize,
    room: usize,
}

impl Default for FirstPass {
    fn default() -> Self {
        Self::with_room(drawers::MEMORY)
    }
}

impl FirstPass {
    /// Keeps so many bytes of records and no more.
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            keys: Keys::default(),
            kept: Mutex::default(),
            bytes: AtomicUsize::new(0),
            room,
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > self.room
    }

    /// Encodes a block, as long as there is room for it.
    pub(crate) fn encode(&self, batch: &FeatureBatch) -> Option<Records> {
        let mut records = (!self.is_full()).then(|| record::encode(batch, &self.keys))?;
        records.shrink();
        Some(records)
    }

    /// Keeps a block; the blocks come in the order of the file.
    pub(crate) fn keep(&self, block: Option<Records>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = block {
            self.bytes.fetch_add(block.bytes(), Ordering::Relaxed);
            kept.push(block);
        }
        if self.is_full() {
            kept.clear();
            kept.shrink_to_fit();
        }
    }
}

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    keys: Keys,
    /// All features, if they were kept.
    kept: Option<Vec<Records>>,
    curve: Curve,
    survey: Survey,
    /// The reference system as the metadata have it; `None` where WGS 84 needs no word.
    crs: Option<serde_json::Value>,
}

impl Plan {
    /// `crs`: the reference system, where positions are in one that has a name.
    pub(crate) fn new(
        survey: Survey,
        first: FirstPass,
        crs: Option<&CrsRecord>,
        report: &mut Report,
    ) -> Self {
        let mut table = Table::new(&survey, true, report);
        table.distinguish(&[schema::GEOMETRY, schema::BBOX], report);
        let full = first.is_full();
        let kept = first.kept.into_inner();
        Self {
            table,
            keys: first.keys,
            kept: (!full).then(|| kept.unwrap_or_else(PoisonError::into_inner)),
            curve: Curve::over(survey.extent.unwrap_or_default()),
            survey,
            crs: match crs {
                Some(crs) if crs.epsg == 4326 => None,
                // What PROJ wrote is JSON.
                Some(crs) => serde_json::from_str(&crs.projjson).ok(),
                None => Some(serde_json::Value::Null),
            },
        }
    }

    /// Encodes a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> Records {
        let mut records = record::encode(batch, &self.keys);
        record::place(&mut records, &self.curve);
        records
    }

    /// Where features wait for their turn; whether they are there already.
    pub(crate) fn drawers(
        &mut self,
        near: &Path,
        threads: usize,
    ) -> std::io::Result<(Drawers, bool)> {
        let mut drawers = Drawers::new(&self.survey, &self.curve, near);
        let Some(mut kept) = self.kept.take() else {
            return Ok((drawers, false));
        };
        let curve = &self.curve;
        let share = kept.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for part in kept.chunks_mut(share) {
                scope.spawn(|| {
                    for block in part {
                        record::place(block, curve);
                    }
                });
            }
        });
        for block in kept {
            drawers.put(&block)?;
        }
        Ok((drawers, true))
    }

    /// Writes the file. `file`: the input, for messages.
    pub(crate) fn write(
        &self,
        drawers: Drawers,
        file: &str,
        path: &Path,
        out: impl Write + Send,
    ) -> Result<(), FormatError> {
        let failed = |source: std::io::Error| FormatError::Write {
            path: path.to_owned(),
            source,
        };
        let refused = |error: ParquetError| failed(std::io::Error::other(error));
        let changed = || FormatError::Changed {
            file: file.to_owned(),
        };
        let places = self.keys.places(&self.table);
        let packing = || Ok((schema::schema(&self.table)?, Arc::new(self.properties())));
        let (schema, properties) = packing().map_err(|error: ParquetError| refused(error))?;
        let columns = SchemaDescriptor::new(schema.clone());
        let mut written = 0;
        // This thread puts rows into columns; each group is packed on its own and written in its turn. Nothing waits
        // in the channel: a group is being packed while the next is filled, or two are packed.
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel::<ScopedJoinHandle<'_, _>>(0);
            let (packed_as, schema) = (&properties, &schema);
            let writing = scope.spawn(move || {
                let mut writer = SerializedFileWriter::new(out, schema.clone(), packed_as.clone())?;
                for group in receive {
                    let packed: Result<Packed, ParquetError> = joined(group);
                    packed?.write(&mut writer)?;
                }
                writer.close().map(drop)
            });
            let new = || Group::new(&self.table.columns);
            let mut group = new();
            let pack = |group: Group| {
                let packing = scope.spawn(|| group.pack(&columns, &properties));
                // Where the writer has gone, it says why.
                let _ = send.send(packing);
            };
            let filled = drawers.empty(|record| {
                group.add(record, &places)?;
                written += 1;
                if group.rows() >= GROUP_ROWS || group.bytes() >= GROUP_BYTES {
                    pack(std::mem::replace(&mut group, new()));
                }
                Ok::<(), Stopped>(())
            });
            if group.rows() > 0 {
                pack(group);
            }
            drop(send);
            let done = joined(writing);
            done.map_err(refused)?;
            filled.map_err(|stopped| match stopped {
                Stopped::Spill(error) => failed(error),
                Stopped::Changed => changed(),
            })
        })?;
        if written != self.survey.features {
            return Err(changed());
        }
        Ok(())
    }

    fn properties(&self) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("yutu ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_key_value_metadata(Some(vec![KeyValue::new(
                "geo".to_owned(),
                schema::metadata(&self.survey, self.crs.as_ref()),
            )]));
        let boxes = ["xmin", "ymin", "xmax", "ymax"];
        let boxes =
            boxes.map(|edge| ColumnPath::from(vec![schema::BBOX.to_owned(), edge.to_owned()]));
        let geometry = ColumnPath::from(schema::GEOMETRY);
        for path in boxes.into_iter().chain([geometry.clone()]) {
            properties = properties.set_column_dictionary_enabled(path, false);
        }
        properties = properties.set_column_statistics_enabled(geometry, EnabledStatistics::None);
        // Dictionaries are for text: whole numbers are short as differences, and others are as they are.
        for (column, name) in self.table.columns.iter().zip(&self.table.names) {
            let path = ColumnPath::from(vec![name.clone()]);
            match column.kind {
                ColumnKind::Text | ColumnKind::Json => {}
                ColumnKind::Int | ColumnKind::UInt | ColumnKind::Date | ColumnKind::DateTime => {
                    properties = properties
                        .set_column_dictionary_enabled(path.clone(), false)
                        .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
                }
                ColumnKind::Bool | ColumnKind::Float => {
                    properties = properties.set_column_dictionary_enabled(path, false);
                }
            }
        }
        properties.build()
    }
}

/// Why there are no more rows.
enum Stopped {
    /// The file in which some waited.
    Spill(std::io::Error),
    Changed,
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Spill(error)
    }
}

impl From<group::Changed> for Stopped {
    fn from(_: group::Changed) -> Self {
        Self::Changed
    }
}

/// What a thread came to; its panic goes on.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
