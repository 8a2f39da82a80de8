//! `FlatGeobuf` 3: a header, a packed Hilbert R-tree, features in the order of its leaves.

mod encode;
mod index;

use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use input::features::{FeatureBatch, GeometryKind};

use crate::crs::CrsRecord;
use crate::drawers::{Drawers, Records};
use crate::feature::{features, put_box, take_box};
use crate::hilbert::Curve;
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::Table;
use crate::{Column, ColumnKind, FormatError, GeometrySeen};
use encode::Encoder;
use index::{Index, NODE_BYTES};

/// The first bytes: the name, the version, the name again, a patch level.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";
/// Children of a node.
const NODE_SIZE: u16 = 16;

/// Numbers of geometry types.
const UNKNOWN: u8 = 0;
const POINT: u8 = 1;
const LINE: u8 = 2;
const POLYGON: u8 = 3;
const COLLECTION: u8 = 7;
/// From a type to the set of it.
const TO_MULTI: u8 = 3;

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    /// The type of all geometries, or [`UNKNOWN`].
    geometry: u8,
    curve: Curve,
    extent: Option<[f64; 4]>,
    features: u64,
    indexed: bool,
}

impl Plan {
    pub(crate) fn new(survey: &Survey, report: &mut Report) -> Self {
        let table = Table::new(survey, true, report);
        let seen = survey.geometry;
        // What has no box is in no index, and readers of an indexed file find its features by the index only.
        let indexed = survey.features > 0 && !seen.none && !seen.empty;
        if !indexed && survey.features > 0 {
            report.lose(Loss::Index, 1);
        }
        let dates = table
            .columns
            .iter()
            .filter(|column| column.kind == ColumnKind::Date);
        report.lose(Loss::DateAsText, dates.count() as u64);
        Self {
            geometry: geometry_type(seen),
            curve: Curve::over(survey.extent.unwrap_or_default()),
            extent: survey.extent,
            features: survey.features,
            indexed,
            table,
        }
    }

    /// Encodes a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> Records {
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut records = Records::with_capacity(batch.lonlat.len() * 16 + batch.rows.len() * 256);
        let mut encoder = Encoder::new(self.geometry);
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            let extent = feature.extent();
            let key = match extent {
                Some(extent) if self.indexed => self.curve.key_of_box(extent),
                _ => 0,
            };
            let bytes = encoder.feature(feature, &values, &self.table.columns);
            records.push(key, |out| {
                put_box(extent, out);
                out.extend_from_slice(bytes);
            });
        }
        records
    }

    /// Where features wait for their turn.
    pub(crate) fn drawers(&self, survey: &Survey, near: &Path) -> Drawers {
        Drawers::new(survey, &self.curve, near)
    }

    /// Writes the file. `file` is for messages.
    pub(crate) fn write(
        &self,
        name: &str,
        crs: Option<&CrsRecord>,
        drawers: Drawers,
        file: &str,
        out: &mut (impl Write + Seek),
    ) -> Result<(), Failed> {
        out.write_all(&MAGIC)?;
        let node_size = if self.indexed { NODE_SIZE } else { 0 };
        let header = encode::header(&encode::Header {
            name,
            extent: self.extent,
            geometry: self.geometry,
            columns: &self.table.columns,
            features: self.features,
            node_size,
            crs,
        });
        out.write_all(&header)?;
        let mut index = Index::new(
            if self.indexed { self.features } else { 0 },
            NODE_SIZE.into(),
        );
        let start = (MAGIC.len() + header.len()) as u64;
        // The index is known when the features are written, and stands before them.
        out.seek(SeekFrom::Start(start + index.nodes() * NODE_BYTES as u64))?;
        let mut offset = 0;
        let mut written = 0;
        drawers.empty(|mut record| {
            let around = take_box(&mut record);
            let feature = record;
            if let Some(around) = around.filter(|_| self.indexed) {
                index.push(around, offset);
            }
            offset += feature.len() as u64;
            written += 1;
            out.write_all(feature)?;
            Ok::<(), Failed>(())
        })?;
        if written != self.features {
            return Err(Failed::Other(FormatError::Changed {
                file: file.to_owned(),
            }));
        }
        out.seek(SeekFrom::Start(start))?;
        out.write_all(&index.finish())?;
        Ok(())
    }
}

/// Why a file was not written.
pub(crate) enum Failed {
    Io(io::Error),
    Other(FormatError),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Failed {
    pub(crate) fn at(self, path: &Path) -> FormatError {
        match self {
            Self::Io(source) => FormatError::Write {
                path: path.to_owned(),
                source,
            },
            Self::Other(error) => error,
        }
    }
}

fn geometry_type(seen: GeometrySeen) -> u8 {
    let kind = match seen.only() {
        Some(GeometryKind::Point) => POINT,
        Some(GeometryKind::Line) => LINE,
        Some(GeometryKind::Polygon) => POLYGON,
        _ => return UNKNOWN,
    };
    if seen.multiple { kind + TO_MULTI } else { kind }
}

/// The number of a column's type.
fn column_type(column: &Column) -> u8 {
    match column.kind {
        ColumnKind::Bool => 2,
        ColumnKind::Int => 7,
        ColumnKind::UInt => 8,
        ColumnKind::Float => 10,
        ColumnKind::Text | ColumnKind::Date => 11,
        ColumnKind::Json => 12,
        ColumnKind::DateTime => 13,
    }
}
