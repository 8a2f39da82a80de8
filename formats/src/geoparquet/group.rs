//! A row group in memory.

use bytes::Bytes;
use parquet::column::writer::{ColumnCloseResult, get_column_writer, get_typed_column_writer};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::SchemaDescriptor;

use super::record::{self, Kept, Places};
use crate::column::{date, days, instant};
use crate::feature::{down, up};
use crate::{Column, ColumnKind};

/// Runs of bytes, one after the other.
#[derive(Debug, Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }

    fn arrays(self) -> Vec<ByteArray> {
        let bytes = Bytes::from(self.bytes);
        let mut start = 0;
        let slice = |end: usize| bytes.slice(std::mem::replace(&mut start, end)..end).into();
        self.ends.into_iter().map(slice).collect()
    }
}

#[derive(Debug)]
enum Values {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Date(Vec<i32>),
    Instant(Vec<i64>),
    Float(Vec<f64>),
    Text(Texts),
}

/// The file has a value now that the column cannot have; it was another when the columns were chosen.
#[derive(Debug)]
pub(super) struct Changed;

#[derive(Debug)]
struct ColumnOf {
    values: Values,
    /// 1 for each value that is there, 0 for null.
    levels: Vec<i16>,
}

impl ColumnOf {
    fn new(column: &Column) -> Self {
        let values = match column.kind {
            ColumnKind::Bool => Values::Bool(Vec::new()),
            ColumnKind::Int | ColumnKind::UInt => Values::Int(Vec::new()),
            ColumnKind::Date => Values::Date(Vec::new()),
            ColumnKind::DateTime => Values::Instant(Vec::new()),
            ColumnKind::Float => Values::Float(Vec::new()),
            ColumnKind::Text | ColumnKind::Json => Values::Text(Texts::default()),
        };
        Self {
            values,
            levels: Vec::new(),
        }
    }

    fn push(&mut self, value: Kept<'_>) -> Result<(), Changed> {
        match (&mut self.values, value) {
            (Values::Bool(values), Kept::Bool(value)) => values.push(value),
            (Values::Int(values), Kept::Int(value)) => values.push(value),
            (Values::Int(values), Kept::UInt(value)) => values.push(value.cast_signed()),
            #[expect(
                clippy::cast_precision_loss,
                reason = "whole numbers among these are below 2⁵³"
            )]
            (Values::Float(values), Kept::Int(value)) => values.push(value as f64),
            (Values::Float(values), Kept::Float(value)) => values.push(value),
            (Values::Date(values), Kept::Text(text)) => {
                values.push(date(text).map(days).ok_or(Changed)?);
            }
            (Values::Instant(values), Kept::Text(text)) => {
                values.push(instant(text).ok_or(Changed)?);
            }
            (Values::Text(texts), Kept::Text(text)) => texts.push(text),
            (Values::Text(texts), other) => texts.push(other.to_text().as_bytes()),
            _ => return Err(Changed),
        }
        self.levels.push(1);
        Ok(())
    }
}

/// A row group.
#[derive(Debug)]
pub(super) struct Group {
    columns: Vec<ColumnOf>,
    geometries: Texts,
    geometry_levels: Vec<i16>,
    /// West, south, east, north, taken outward to the next `f32`.
    boxes: [Vec<f32>; 4],
    box_levels: Vec<i16>,
}

impl Group {
    pub(super) fn new(columns: &[Column]) -> Self {
        Self {
            columns: columns.iter().map(ColumnOf::new).collect(),
            geometries: Texts::default(),
            geometry_levels: Vec::new(),
            boxes: Default::default(),
            box_levels: Vec::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.geometry_levels.len()
    }

    /// Bytes of its geometries.
    pub(super) fn bytes(&self) -> usize {
        self.geometries.bytes.len()
    }

    /// Adds a record. `places`: where its identifier and each of its keys go.
    pub(super) fn add(&mut self, record: &[u8], places: &Places) -> Result<(), Changed> {
        let mut rest = record::Reader::new(record);
        let around = rest.extent();
        self.box_levels.push(around.is_some().into());
        if let Some([west, south, east, north]) = around {
            let edges = [down(west), down(south), up(east), up(north)];
            for (column, edge) in self.boxes.iter_mut().zip(edges) {
                column.push(edge);
            }
        }
        let texts = &mut self.geometries;
        let there = rest.geometry(around, |geometry| texts.push(geometry));
        self.geometry_levels.push(there.into());
        if let Some(id) = rest.id()
            && let Some(place) = places.id
        {
            self.columns[place].push(id)?;
        }
        while let Some((key, value)) = rest.cell() {
            // A key without a column is not among those asked for, or was not there before.
            if let Some(Some(place)) = places.keys.get(key) {
                self.columns[*place].push(value)?;
            }
        }
        let rows = self.rows();
        for column in &mut self.columns {
            if column.levels.len() < rows {
                column.levels.push(0);
            }
        }
        Ok(())
    }

    /// Packs it.
    pub(super) fn pack(
        self,
        schema: &SchemaDescriptor,
        properties: &WriterPropertiesPtr,
    ) -> Result<Packed, ParquetError> {
        let mut pack = Packer {
            schema,
            properties,
            out: TrackedWrite::new(Vec::new()),
            columns: Vec::new(),
        };
        for column in self.columns {
            let levels = &column.levels;
            match column.values {
                Values::Bool(values) => pack.column::<BoolType>(&values, levels)?,
                Values::Int(values) | Values::Instant(values) => {
                    pack.column::<Int64Type>(&values, levels)?;
                }
                Values::Date(values) => pack.column::<Int32Type>(&values, levels)?,
                Values::Float(values) => pack.column::<DoubleType>(&values, levels)?,
                Values::Text(texts) => pack.column::<ByteArrayType>(&texts.arrays(), levels)?,
            }
        }
        pack.column::<ByteArrayType>(&self.geometries.arrays(), &self.geometry_levels)?;
        for edge in &self.boxes {
            pack.column::<FloatType>(edge, &self.box_levels)?;
        }
        Ok(Packed {
            bytes: pack.out.into_inner()?.into(),
            columns: pack.columns,
        })
    }
}

/// Packs the columns of a group one after the other.
struct Packer<'p> {
    schema: &'p SchemaDescriptor,
    properties: &'p WriterPropertiesPtr,
    out: TrackedWrite<Vec<u8>>,
    columns: Vec<ColumnCloseResult>,
}

impl Packer<'_> {
    fn column<T: DataType>(&mut self, values: &[T::T], levels: &[i16]) -> Result<(), ParquetError> {
        let column = self.schema.column(self.columns.len());
        let pages = Box::new(SerializedPageWriter::new(&mut self.out));
        let writer = get_column_writer(column, self.properties.clone(), pages);
        let mut writer = get_typed_column_writer::<T>(writer);
        writer.write_batch(values, Some(levels), None)?;
        self.columns.push(writer.close()?);
        Ok(())
    }
}

/// A row group as it stands in the file.
#[derive(Debug)]
pub(super) struct Packed {
    bytes: Bytes,
    columns: Vec<ColumnCloseResult>,
}

impl Packed {
    pub(super) fn write(
        self,
        writer: &mut SerializedFileWriter<impl std::io::Write + Send>,
    ) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        for column in self.columns {
            group.append_column(&self.bytes, column)?;
        }
        group.close().map(drop)
    }
}
