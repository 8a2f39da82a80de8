//! Values of a column that does not repeat, as cells.

use std::fmt::Write as _;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::errors::Result;
use parquet::schema::types::ColumnDescriptor;

use super::super::batch::CellValue;
use super::super::writer::Writer;
use crate::Problem;

/// What the values of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Bool,
    /// Whole numbers; those without a sign are told by their width.
    Int,
    UInt32,
    UInt64,
    Float,
    /// Days since 1970.
    Date,
    /// Parts of a second since 1970, of which a second has so many; whether they are of UTC.
    Instant(i64, bool),
    /// Parts of a second since midnight.
    Time(i64),
    /// Whole numbers of so many digits after the point.
    Decimal(u32),
    Half,
    Text,
    Json,
    Uuid,
    Binary,
}

fn parts(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

impl Meaning {
    pub(super) fn of(column: &ColumnDescriptor) -> Self {
        let physical = column.physical_type();
        let scale = u32::try_from(column.type_scale()).unwrap_or(0);
        match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum) => return Self::Text,
            Some(LogicalType::Json) => return Self::Json,
            Some(LogicalType::Date) => return Self::Date,
            Some(LogicalType::Uuid) => return Self::Uuid,
            Some(LogicalType::Float16) => return Self::Half,
            Some(LogicalType::Decimal(_)) => return Self::Decimal(scale),
            Some(LogicalType::Timestamp(of)) => {
                return Self::Instant(parts(of.unit), of.is_adjusted_to_u_t_c);
            }
            Some(LogicalType::Time(of)) => return Self::Time(parts(of.unit)),
            Some(LogicalType::Integer(of)) if !of.is_signed => {
                return if physical == Physical::INT32 {
                    Self::UInt32
                } else {
                    Self::UInt64
                };
            }
            _ => {}
        }
        match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM => Self::Text,
            ConvertedType::JSON => Self::Json,
            ConvertedType::DATE => Self::Date,
            ConvertedType::DECIMAL => Self::Decimal(scale),
            ConvertedType::TIMESTAMP_MILLIS => Self::Instant(1_000, true),
            ConvertedType::TIMESTAMP_MICROS => Self::Instant(1_000_000, true),
            ConvertedType::TIME_MILLIS => Self::Time(1_000),
            ConvertedType::TIME_MICROS => Self::Time(1_000_000),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 => Self::UInt32,
            ConvertedType::UINT_64 => Self::UInt64,
            _ => match physical {
                Physical::BOOLEAN => Self::Bool,
                Physical::INT32 | Physical::INT64 => Self::Int,
                Physical::FLOAT | Physical::DOUBLE => Self::Float,
                Physical::INT96 => Self::Instant(1_000_000_000, false),
                Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Self::Binary,
            },
        }
    }
}

#[derive(Debug)]
enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// A value as it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stored<'a> {
    Bool(bool),
    Int(i64),
    /// Days and nanoseconds.
    Int96(i64, i64),
    Float(f64),
    Bytes(&'a [u8]),
}

/// Some rows of a column, decoded.
#[derive(Debug, Default)]
pub(super) struct Run {
    values: Option<Values>,
    /// Whether each row has a value, where it may have none.
    levels: Vec<i16>,
    most: i16,
    row: usize,
    at: usize,
}

impl Run {
    /// Decodes the next rows; how many there were.
    pub(super) fn fill(
        &mut self,
        reader: &mut ColumnReader,
        most: i16,
        rows: usize,
    ) -> Result<usize> {
        self.levels.clear();
        (self.row, self.at, self.most) = (0, 0, most);
        let levels = &mut self.levels;
        macro_rules! read {
            ($reader:ident, $kind:ident) => {{
                let mut values = match self.values.take() {
                    Some(Values::$kind(values)) => values,
                    _ => Vec::new(),
                };
                values.clear();
                let (rows, ..) = $reader.read_records(rows, Some(levels), None, &mut values)?;
                self.values = Some(Values::$kind(values));
                Ok(rows)
            }};
        }
        match reader {
            ColumnReader::BoolColumnReader(reader) => read!(reader, Bool),
            ColumnReader::Int32ColumnReader(reader) => read!(reader, Int32),
            ColumnReader::Int64ColumnReader(reader) => read!(reader, Int64),
            ColumnReader::Int96ColumnReader(reader) => read!(reader, Int96),
            ColumnReader::FloatColumnReader(reader) => read!(reader, Float),
            ColumnReader::DoubleColumnReader(reader) => read!(reader, Double),
            ColumnReader::ByteArrayColumnReader(reader) => read!(reader, Bytes),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => read!(reader, Fixed),
        }
    }

    /// The value of the next row; `None` for null.
    pub(super) fn next(&mut self) -> Option<Stored<'_>> {
        let row = self.row;
        self.row += 1;
        if self.most > 0 && self.levels.get(row).is_none_or(|level| *level < self.most) {
            return None;
        }
        let at = self.at;
        self.at += 1;
        Some(match self.values.as_ref()? {
            Values::Bool(values) => Stored::Bool(*values.get(at)?),
            Values::Int32(values) => Stored::Int(i64::from(*values.get(at)?)),
            Values::Int64(values) => Stored::Int(*values.get(at)?),
            Values::Int96(values) => {
                let [low, high, day] = values.get(at)?.data().try_into().ok()?;
                let nanos: u64 = u64::from(high) << 32 | u64::from(low);
                let day: u32 = day;
                Stored::Int96(i64::from(day) - 2_440_588, nanos.cast_signed())
            }
            Values::Float(values) => Stored::Float(f64::from(*values.get(at)?)),
            Values::Double(values) => Stored::Float(*values.get(at)?),
            Values::Bytes(values) => Stored::Bytes(values.get(at)?.data()),
            Values::Fixed(values) => Stored::Bytes(values.get(at)?.data()),
        })
    }
}

/// Puts a value into a cell; gives about how many bytes it has. Not a number is no value, as pandas writes it.
pub(super) fn cell(
    stored: Stored<'_>,
    meaning: Meaning,
    writer: &mut Writer,
) -> std::result::Result<(CellValue, usize), Problem> {
    #[expect(
        clippy::cast_sign_loss,
        reason = "a number without a sign is stored as one with it"
    )]
    let value = match (stored, meaning) {
        (Stored::Bool(value), _) => CellValue::Bool(value),
        (Stored::Float(value), _) if value.is_nan() => CellValue::Null,
        (Stored::Float(found), _) if found.is_infinite() => {
            return Err(Problem::NotFinite {
                column: "an attribute",
                found,
            });
        }
        (Stored::Float(value), _) => CellValue::Float(value),
        (Stored::Int(days), Meaning::Date) => text(writer, |out| push_date(days, out)),
        (Stored::Int(value), Meaning::Instant(parts, utc)) => {
            text(writer, |out| push_instant(value, parts, utc, out))
        }
        (Stored::Int96(days, nanos), _) => {
            let seconds = days
                .saturating_mul(86_400)
                .saturating_add(nanos.div_euclid(1_000_000_000));
            let value =
                i128::from(seconds) * 1_000_000_000 + i128::from(nanos.rem_euclid(1_000_000_000));
            text(writer, |out| push_parts(value, 1_000_000_000, false, out))
        }
        (Stored::Int(value), Meaning::Time(parts)) => {
            text(writer, |out| push_time(value.into(), parts, out))
        }
        (Stored::Int(value), Meaning::Decimal(scale)) => decimal(value.into(), scale),
        (Stored::Int(value), Meaning::UInt32) => CellValue::Int(value & 0xFFFF_FFFF),
        (Stored::Int(value), Meaning::UInt64) if value < 0 => CellValue::UInt(value as u64),
        (Stored::Int(value), _) => CellValue::Int(value),
        (Stored::Bytes(bytes), Meaning::Decimal(scale)) if bytes.len() <= 16 => {
            let start = if bytes.first().is_some_and(|byte| *byte > 127) {
                -1
            } else {
                0
            };
            let value = bytes
                .iter()
                .fold(start, |value: i128, byte| value << 8 | i128::from(*byte));
            decimal(value, scale)
        }
        (Stored::Bytes(bytes), Meaning::Half) if bytes.len() == 2 => {
            half(u16::from_le_bytes([bytes[0], bytes[1]]))
        }
        (Stored::Bytes(bytes), Meaning::Uuid) if bytes.len() == 16 => text(writer, |out| {
            for (at, byte) in bytes.iter().enumerate() {
                out.push_str(if matches!(at, 4 | 6 | 8 | 10) {
                    "-"
                } else {
                    ""
                });
                // Writing to memory does not fail.
                let _ = write!(out, "{byte:02x}");
            }
        }),
        (Stored::Bytes(bytes), Meaning::Text | Meaning::Json) => match std::str::from_utf8(bytes) {
            Ok(found) if meaning == Meaning::Json && is_json(found) => {
                CellValue::Json(writer.text(found))
            }
            Ok(found) => CellValue::Text(writer.text(found)),
            Err(_) => {
                writer.batch.notes.text_dropped += 1;
                CellValue::Null
            }
        },
        (Stored::Bytes(_), _) => {
            writer.batch.notes.binary_dropped += 1;
            CellValue::Null
        }
    };
    let size = match stored {
        Stored::Bytes(bytes) => bytes.len() + 24,
        _ => 24,
    };
    Ok((value, size))
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn text(writer: &mut Writer, write: impl FnOnce(&mut String)) -> CellValue {
    let mut out = String::new();
    write(&mut out);
    CellValue::Text(writer.text(&out))
}

/// A whole number where nothing stands behind the point.
fn decimal(value: i128, scale: u32) -> CellValue {
    if scale == 0
        && let Ok(value) = i64::try_from(value)
    {
        return CellValue::Int(value);
    }
    // The nearest to the decimal number.
    format!("{value}e-{scale}")
        .parse()
        .map_or(CellValue::Null, CellValue::Float)
}

/// A number of 16 bits (IEEE 754); what is not finite is no value.
fn half(bits: u16) -> CellValue {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        31 => return CellValue::Null,
        0 => fraction * 2f64.powi(-24),
        exponent => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    CellValue::Float(if bits >> 15 == 1 { -size } else { size })
}

/// Year, month and day of a day since 1970 (Gregorian, before its time too).
fn civil(days: i64) -> (i64, i64, i64) {
    // Years begin in March, so that the odd day is the last; 400 years are an era.
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn push_date(days: i64, out: &mut String) {
    let (year, month, day) = civil(days);
    // Writing to memory does not fail.
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

fn push_time(value: i128, parts: i64, out: &mut String) {
    let seconds = value.div_euclid(parts.into());
    let rest = value.rem_euclid(parts.into());
    let [hours, minutes, seconds] = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    let _ = write!(out, "{hours:02}:{minutes:02}:{seconds:02}");
    if rest > 0 {
        let digits = parts.ilog10() as usize;
        out.push_str(format!(".{rest:0digits$}").trim_end_matches('0'));
    }
}

fn push_instant(value: i64, parts: i64, utc: bool, out: &mut String) {
    push_parts(value.into(), parts, utc, out);
}

fn push_parts(value: i128, parts: i64, utc: bool, out: &mut String) {
    let of_day = i128::from(parts) * 86_400;
    push_date(
        i64::try_from(value.div_euclid(of_day)).unwrap_or(i64::MAX),
        out,
    );
    out.push('T');
    push_time(value.rem_euclid(of_day), parts, out);
    out.push_str(if utc { "Z" } else { "" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_before_1970_and_after() {
        let said = |value: i64, parts: i64| {
            let mut out = String::new();
            push_instant(value, parts, true, &mut out);
            out
        };
        assert_eq!(said(0, 1000), "1970-01-01T00:00:00Z");
        assert_eq!(said(-1, 1_000_000), "1969-12-31T23:59:59.999999Z");
        assert_eq!(said(1_709_195_400_250, 1000), "2024-02-29T08:30:00.25Z");
        assert_eq!(said(-2_240_524_800, 1), "1899-01-01T00:00:00Z");
        let mut out = String::new();
        push_date(-25_568, &mut out);
        assert_eq!(out, "1899-12-31");
        // As far as the type goes, without a panic.
        for value in [i64::MIN, i64::MAX] {
            said(value, 1000);
            push_date(value, &mut out);
        }
    }

    #[test]
    fn decimals_and_halves_are_the_nearest_number() {
        assert_eq!(decimal(12_345, 2), CellValue::Float(123.45));
        assert_eq!(decimal(-7, 0), CellValue::Int(-7));
        assert_eq!(half(0x3C00), CellValue::Float(1.0));
        assert_eq!(half(0xC000), CellValue::Float(-2.0));
        assert_eq!(half(0x0001), CellValue::Float(2f64.powi(-24)));
        assert_eq!(half(0x7C00), CellValue::Null);
    }
}
