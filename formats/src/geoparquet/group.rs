//! A row group in memory, and values on their way to it.

use bytes::Bytes;
use input::features::Value;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use crate::column::{date, days, instant};
use crate::feature::{down, take, take_box, up};
use crate::table::push_text;
use crate::{Column, ColumnKind};

/// Appends a value as a record has it: 0 for null; 1 and the value for others.
pub(super) fn put(value: Value<'_>, kind: ColumnKind, text: &mut String, out: &mut Vec<u8>) {
    if value == Value::Null {
        return out.push(0);
    }
    out.push(1);
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole numbers among these are below 2⁵³"
    )]
    match (value, kind) {
        (Value::Bool(value), ColumnKind::Bool) => out.push(value.into()),
        (Value::Int(value), ColumnKind::Int | ColumnKind::UInt) => {
            out.extend_from_slice(&value.to_le_bytes());
        }
        (Value::UInt(value), ColumnKind::UInt) => out.extend_from_slice(&value.to_le_bytes()),
        (Value::Int(value), ColumnKind::Float) => {
            out.extend_from_slice(&(value as f64).to_le_bytes());
        }
        (Value::Float(value), ColumnKind::Float) => out.extend_from_slice(&value.to_le_bytes()),
        (Value::Text(value), ColumnKind::Date) => {
            let days = date(value.as_bytes()).map_or(0, days);
            out.extend_from_slice(&days.to_le_bytes());
        }
        (Value::Text(value), ColumnKind::DateTime) => {
            let instant = instant(value.as_bytes()).unwrap_or(0);
            out.extend_from_slice(&instant.to_le_bytes());
        }
        (value, _) => {
            let text = match value {
                Value::Text(text) | Value::Json(text) => text,
                value => {
                    text.clear();
                    push_text(value, text);
                    text
                }
            };
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
}

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
    Float(Vec<f64>),
    Text(Texts),
}

#[derive(Debug)]
struct ColumnOf {
    values: Values,
    /// 1 for each value that is there, 0 for null.
    levels: Vec<i16>,
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

fn take_run<'r>(rest: &mut &'r [u8]) -> &'r [u8] {
    let length = u32::from_le_bytes(take(rest)) as usize;
    let (run, tail) = rest.split_at(length);
    *rest = tail;
    run
}

impl Group {
    pub(super) fn new(columns: &[Column]) -> Self {
        let columns = columns.iter().map(|column| ColumnOf {
            values: match column.kind {
                ColumnKind::Bool => Values::Bool(Vec::new()),
                ColumnKind::Int | ColumnKind::UInt | ColumnKind::DateTime => {
                    Values::Int(Vec::new())
                }
                ColumnKind::Date => Values::Date(Vec::new()),
                ColumnKind::Float => Values::Float(Vec::new()),
                ColumnKind::Text | ColumnKind::Json => Values::Text(Texts::default()),
            },
            levels: Vec::new(),
        });
        Self {
            columns: columns.collect(),
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

    /// Adds a record.
    pub(super) fn add(&mut self, mut rest: &[u8]) {
        let around = take_box(&mut rest);
        self.box_levels.push(around.is_some().into());
        if let Some([west, south, east, north]) = around {
            let edges = [down(west), down(south), up(east), up(north)];
            for (column, edge) in self.boxes.iter_mut().zip(edges) {
                column.push(edge);
            }
        }
        let geometry = take_run(&mut rest);
        self.geometry_levels.push((!geometry.is_empty()).into());
        if !geometry.is_empty() {
            self.geometries.push(geometry);
        }
        for column in &mut self.columns {
            let [there] = take(&mut rest);
            column.levels.push(there.into());
            if there == 0 {
                continue;
            }
            match &mut column.values {
                Values::Bool(values) => values.push(take::<1>(&mut rest) != [0]),
                Values::Int(values) => values.push(i64::from_le_bytes(take(&mut rest))),
                Values::Date(values) => values.push(i32::from_le_bytes(take(&mut rest))),
                Values::Float(values) => values.push(f64::from_le_bytes(take(&mut rest))),
                Values::Text(texts) => texts.push(take_run(&mut rest)),
            }
        }
    }

    /// Writes it.
    pub(super) fn write(
        self,
        writer: &mut SerializedFileWriter<impl std::io::Write + Send>,
    ) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        for column in self.columns {
            let levels = &column.levels;
            match column.values {
                Values::Bool(values) => next::<BoolType, _>(&mut group, &values, levels)?,
                Values::Int(values) => next::<Int64Type, _>(&mut group, &values, levels)?,
                Values::Date(values) => next::<Int32Type, _>(&mut group, &values, levels)?,
                Values::Float(values) => next::<DoubleType, _>(&mut group, &values, levels)?,
                Values::Text(texts) => {
                    next::<ByteArrayType, _>(&mut group, &texts.arrays(), levels)?;
                }
            }
        }
        next::<ByteArrayType, _>(&mut group, &self.geometries.arrays(), &self.geometry_levels)?;
        for edge in &self.boxes {
            next::<FloatType, _>(&mut group, edge, &self.box_levels)?;
        }
        group.close().map(drop)
    }
}

fn next<T: DataType, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: &[i16],
) -> Result<(), ParquetError> {
    let mut column = group
        .next_column()?
        .expect("the schema has as many columns as the group");
    column
        .typed::<T>()
        .write_batch(values, Some(levels), None)?;
    column.close()
}
