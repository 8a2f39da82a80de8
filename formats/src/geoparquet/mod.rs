//! `GeoParquet` 1.1: geometries as well-known binary beside a column of their boxes, rows along a Hilbert curve, so that the
//! statistics of a row group tell whether a place can be in it.

mod group;
mod schema;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use input::features::FeatureBatch;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use crate::drawers::{Drawers, Records};
use crate::feature::{features, put_box};
use crate::hilbert::Curve;
use crate::report::Report;
use crate::survey::Survey;
use crate::table::Table;
use crate::wkb;
use crate::{ColumnKind, CrsRecord, FormatError};
use group::Group;

/// Rows of a group: few enough for a query of a place to read little, many enough for columns to be worth their headers.
const GROUP_ROWS: usize = 65_536;
/// Bytes of geometry at which a group ends earlier.
const GROUP_BYTES: usize = 24 << 20;

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    curve: Curve,
    survey: Survey,
    /// The reference system as the metadata have it; `None` where WGS 84 needs no word.
    crs: Option<serde_json::Value>,
}

impl Plan {
    /// `crs`: the reference system, where positions are in one that has a name.
    pub(crate) fn new(survey: Survey, crs: Option<&CrsRecord>, report: &mut Report) -> Self {
        let mut table = Table::new(&survey, true, report);
        table.distinguish(&[schema::GEOMETRY, schema::BBOX], report);
        Self {
            table,
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
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut text = String::new();
        let mut records = Records::with_capacity(batch.lonlat.len() * 16 + batch.rows.len() * 256);
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            let extent = feature.extent();
            let key = extent.map_or(0, |extent| self.curve.key_of_box(extent));
            records.push(key, |out| {
                put_box(extent, out);
                let start = out.len();
                out.extend_from_slice(&[0; 4]);
                wkb::push(feature, false, out);
                let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
                out[start..start + 4].copy_from_slice(&length.to_le_bytes());
                for (value, column) in values.iter().zip(&self.table.columns) {
                    group::put(*value, column.kind, &mut text, out);
                }
            });
        }
        records
    }

    /// Where features wait for their turn.
    pub(crate) fn drawers(&self, near: &Path) -> Drawers {
        Drawers::new(&self.survey, &self.curve, near)
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
        // One thread puts rows into columns, another packs and writes what is whole.
        let (send, receive) = sync_channel::<Group>(1);
        let mut written = 0;
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| self.write_groups(receive, out));
            let new = || Group::new(&self.table.columns);
            let mut group = new();
            let filled = drawers.empty(|record| {
                group.add(record);
                written += 1;
                if group.rows() >= GROUP_ROWS || group.bytes() >= GROUP_BYTES {
                    // Where the writer has gone, it says why.
                    let _ = send.send(std::mem::replace(&mut group, new()));
                }
                Ok::<(), std::io::Error>(())
            });
            if group.rows() > 0 {
                let _ = send.send(group);
            }
            drop(send);
            let done = writing
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            filled.map_err(failed)?;
            done.map_err(|error| failed(std::io::Error::other(error)))
        })?;
        if written != self.survey.features {
            return Err(FormatError::Changed {
                file: file.to_owned(),
            });
        }
        Ok(())
    }

    fn write_groups(
        &self,
        groups: Receiver<Group>,
        out: impl Write + Send,
    ) -> Result<(), ParquetError> {
        let schema = schema::schema(&self.table)?;
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
        let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties.build()))?;
        for group in groups {
            group.write(&mut writer)?;
        }
        writer.close().map(drop)
    }
}
