//! A feature as a row of bytes: where it is, what it is called, its attributes.
//!
//! A row is `x` and `y` (4 bytes each, low byte first), the length of the rest, and the rest: number in the input, layer,
//! flags, then what the flags name (id, zooms), then attributes up to the end. An attribute is its column and kind as one
//! number, then its value. Numbers that are no numbers of the file are [varints](crate::mvt::wire::varint).

use super::texts::{IN_ROW, OWN, TextTable};
use crate::WorldPoint;
use crate::mvt::Value;
use crate::mvt::wire::{take_varint, unzigzag, varint, zigzag};

/// What a row says besides its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowHead {
    pub(crate) number: u64,
    pub(crate) layer: u32,
    pub(crate) id: Option<u64>,
    /// Bit z is set where the feature may be drawn at zoom z.
    pub(crate) zooms: u32,
}

/// All zooms.
pub(crate) const EVERY_ZOOM: u32 = u32::MAX;

const HAS_ID: u64 = 1;
const HAS_ZOOMS: u64 = 2;

const TEXT: u64 = 0;
const WHOLE: u64 = 1;
const NEGATIVE: u64 = 2;
const DOUBLE: u64 = 3;
const FALSE: u64 = 4;
const TRUE: u64 = 5;
/// A text that stands in the row: its length, then its bytes.
const TEXT_HERE: u64 = 6;

/// Appends the rest of a row up to its attributes.
pub(crate) fn write_head(head: RowHead, out: &mut Vec<u8>) {
    varint(head.number, out);
    varint(head.layer.into(), out);
    let flags = if head.id.is_some() { HAS_ID } else { 0 }
        | if head.zooms == EVERY_ZOOM {
            0
        } else {
            HAS_ZOOMS
        };
    varint(flags, out);
    if let Some(id) = head.id {
        varint(id, out);
    }
    if head.zooms != EVERY_ZOOM {
        varint(head.zooms.into(), out);
    }
}

/// Appends an attribute.
pub(crate) fn write_cell(column: u32, value: Value, out: &mut Vec<u8>) {
    let column = u64::from(column) << 3;
    match value {
        Value::Text(number) => {
            varint(column | TEXT, out);
            varint(number.into(), out);
        }
        Value::Int(number) => {
            if let Ok(number) = u64::try_from(number) {
                write_cell_whole(column, number, out);
            } else {
                varint(column | NEGATIVE, out);
                varint(zigzag(number), out);
            }
        }
        Value::Uint(number) => write_cell_whole(column, number, out),
        Value::Double(number) => {
            varint(column | DOUBLE, out);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Bool(is) => varint(column | if is { TRUE } else { FALSE }, out),
    }
}

fn write_cell_whole(column: u64, number: u64, out: &mut Vec<u8>) {
    varint(column | WHOLE, out);
    varint(number, out);
}

/// Appends a row of a position and the rest.
pub(crate) fn write_row(at: WorldPoint, rest: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&at.x.to_le_bytes());
    out.extend_from_slice(&at.y.to_le_bytes());
    varint(rest.len() as u64, out);
    out.extend_from_slice(rest);
}

/// Takes a row off the front of bytes: its position and the rest. `None` at the end.
#[inline]
pub(crate) fn take_row<'a>(bytes: &mut &'a [u8]) -> Option<(WorldPoint, &'a [u8])> {
    let (x, rest) = bytes.split_first_chunk::<4>()?;
    let (y, mut rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(take_varint(&mut rest)).ok()?;
    let (row, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    let at = WorldPoint {
        x: u32::from_le_bytes(*x),
        y: u32::from_le_bytes(*y),
    };
    Some((at, row))
}

/// Takes the head off the rest of a row; attributes are left.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "written from numbers of this width"
)]
pub(crate) fn take_head(rest: &mut &[u8]) -> RowHead {
    let number = take_varint(rest);
    let layer = take_varint(rest) as u32;
    let flags = take_varint(rest);
    let id = (flags & HAS_ID != 0).then(|| take_varint(rest));
    let zooms = if flags & HAS_ZOOMS == 0 {
        EVERY_ZOOM
    } else {
        take_varint(rest) as u32
    };
    RowHead {
        number,
        layer,
        id,
        zooms,
    }
}

/// Appends an attribute whose text stands in the row.
fn write_text_here(column: u32, text: &str, out: &mut Vec<u8>) {
    varint(u64::from(column) << 3 | TEXT_HERE, out);
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Appends the rest of a row with the texts that stand in it as numbers, which `number` gives.
pub(crate) fn write_numbered(
    mut rest: &[u8],
    mut number: impl FnMut(&str) -> u32,
    out: &mut Vec<u8>,
) {
    write_head(take_head(&mut rest), out);
    while let Some((column, value, text)) = take_any_cell(&mut rest) {
        let value = text.map_or(value, |text| {
            Value::Text(number(std::str::from_utf8(text).unwrap_or_default()))
        });
        write_cell(column, value, out);
    }
}

/// Takes an attribute off what [`take_head`] left: its column and value. `None` at the end. Of a text that stands in the row the number
/// is [`OWN`] and its length.
#[inline]
pub(crate) fn take_cell(rest: &mut &[u8]) -> Option<(u32, Value)> {
    let (column, value, _) = take_any_cell(rest)?;
    Some((column, value))
}

/// As [`take_cell`], with the text where it stands in the row.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "written from numbers of this width"
)]
fn take_any_cell<'a>(rest: &mut &'a [u8]) -> Option<(u32, Value, Option<&'a [u8]>)> {
    if rest.is_empty() {
        return None;
    }
    let head = take_varint(rest);
    let mut here = None;
    let value = match head & 7 {
        TEXT => Value::Text(take_varint(rest) as u32),
        WHOLE => match take_varint(rest) {
            number if number > i64::MAX as u64 => Value::Uint(number),
            number => Value::Int(number as i64),
        },
        NEGATIVE => Value::Int(unzigzag(take_varint(rest))),
        DOUBLE => {
            let (bytes, left) = rest.split_first_chunk::<8>()?;
            *rest = left;
            Value::Double(f64::from_le_bytes(*bytes))
        }
        FALSE => Value::Bool(false),
        TEXT_HERE => {
            let length = take_varint(rest) as u32 & !OWN;
            let (text, left) = rest.split_at_checked(length as usize)?;
            *rest = left;
            here = Some(text);
            Value::Text(OWN | length)
        }
        _ => Value::Bool(true),
    };
    Some(((head >> 3) as u32, value, here))
}

/// Appends a row with its layer, columns and texts under other numbers.
pub(crate) fn translate(
    at: WorldPoint,
    mut rest: &[u8],
    names: &Names<'_>,
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) {
    scratch.clear();
    let mut head = take_head(&mut rest);
    head.layer = of(names.layers, head.layer);
    write_head(head, scratch);
    while let Some((column, value)) = take_cell(&mut rest) {
        let column = of(names.columns, column);
        let (Value::Text(number), Some(texts)) = (value, names.texts) else {
            write_cell(column, value, scratch);
            continue;
        };
        match (of(texts, number), names.own) {
            (IN_ROW, Some(own)) => write_text_here(column, own.get(number), scratch),
            (number, _) => write_cell(column, Value::Text(number), scratch),
        }
    }
    write_row(at, scratch, out);
}

/// Numbers of a whole run by those of a batch.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) layers: &'a [u32],
    pub(crate) columns: &'a [u32],
    /// `None` where texts have the numbers of the run already.
    pub(crate) texts: Option<&'a [u32]>,
    /// The texts of the batch, where some stay in the rows.
    pub(crate) own: Option<&'a TextTable>,
}

fn of(numbers: &[u32], number: u32) -> u32 {
    numbers.get(number as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<u32>().prop_map(Value::Text),
            any::<i64>().prop_map(Value::Int),
            (i64::MAX as u64 + 1..=u64::MAX).prop_map(Value::Uint),
            any::<f64>()
                .prop_filter("comparable", |number| !number.is_nan())
                .prop_map(Value::Double),
            any::<bool>().prop_map(Value::Bool),
        ]
    }

    proptest! {
        #[test]
        fn a_row_comes_back(
            (x, y, number, layer) in any::<(u32, u32, u64, u32)>(),
            id: Option<u64>,
            zooms: u32,
            cells in prop::collection::vec((0..1u32 << 29, values()), 0..6),
        ) {
            let head = RowHead { number, layer, id, zooms };
            let mut rest = Vec::new();
            write_head(head, &mut rest);
            for &(column, value) in &cells {
                write_cell(column, value, &mut rest);
            }
            let mut row = Vec::new();
            write_row(WorldPoint { x, y }, &rest, &mut row);
            let mut bytes = &row[..];
            let (at, mut rest) = take_row(&mut bytes).expect("there is a row");
            prop_assert_eq!(at, WorldPoint { x, y });
            prop_assert!(bytes.is_empty());
            prop_assert_eq!(take_head(&mut rest), head);
            let back: Vec<_> = std::iter::from_fn(|| take_cell(&mut rest)).collect();
            prop_assert_eq!(back, cells);
        }
    }
}
