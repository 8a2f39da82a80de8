//! Features as they wait for their row group. Which columns there are is known when all were seen; until then a value stands
//! behind the number of its key, as the type that it has.
//!
//! A record: its box; the length of its geometry (0: none, 1: the point that the box is) and the geometry; its identifier;
//! for each attribute that is not null one more than the number of its key, its type and the value; 0.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use input::features::{FeatureBatch, FeatureId, Value};

use crate::drawers::Records;
use crate::feature::{features, put_box, put_varint, take, take_box, take_varint};
use crate::hilbert::Curve;
use crate::table::{Table, push_text};
use crate::wkb;

/// No geometry is one byte long.
const POINT_OF_BOX: u64 = 1;

const NOTHING: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const UINT: u8 = 4;
const FLOAT: u8 = 5;
const TEXT: u8 = 6;

/// Numbers of the keys of all blocks.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<HashMap<String, usize>>);

impl Keys {
    fn numbers(&self, batch: &FeatureBatch) -> Vec<usize> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = |key: &String| {
            if let Some(number) = known.get(key) {
                return *number;
            }
            let number = known.len();
            known.insert(key.clone(), number);
            number
        };
        batch.keys.iter().map(number).collect()
    }

    /// Which column of a table each of them is.
    pub(super) fn places(&self, table: &Table) -> Places {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names = vec![String::new(); known.len()];
        for (name, number) in known.iter() {
            names[*number].clone_from(name);
        }
        Places {
            id: table.has_id.then_some(0),
            keys: table.places(&names),
        }
    }
}

/// Which columns identifiers and keys are.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) id: Option<usize>,
    pub(super) keys: Vec<Option<usize>>,
}

/// Encodes a block. Its records are not yet on a curve.
pub(super) fn encode(batch: &FeatureBatch, keys: &Keys) -> Records {
    let numbers = keys.numbers(batch);
    // The last feature that had the key: of two values of one key the later holds.
    let mut had = vec![usize::MAX; numbers.len()];
    let mut geometry = Vec::new();
    let mut records = Records::with_capacity(
        batch.lonlat.len() * 16 + batch.rows.len() * 32 + batch.cells.len() * 8 + batch.text.len(),
    );
    for (feature, number) in features(batch).zip(0..) {
        records.push(0, |out| {
            let extent = feature.extent();
            put_box(extent, out);
            geometry.clear();
            wkb::push(feature, false, &mut geometry);
            if extent.is_some_and(|[x, y, ..]| geometry[..] == wkb::point(x, y)) {
                put_varint(POINT_OF_BOX, out);
            } else {
                put_run(&geometry, out);
            }
            let row = &feature.rows[0];
            match row.id {
                None => out.push(NOTHING),
                Some(FeatureId::UInt(id)) => put(Value::UInt(id), out),
                Some(FeatureId::Text(span)) => put(Value::Text(batch.text_of(span)), out),
            }
            let cells = batch.cells.get(row.cells.range()).unwrap_or_default();
            for cell in cells.iter().rev() {
                let key = cell.key as usize;
                let value = batch.value(cell.value);
                if std::mem::replace(&mut had[key], number) != number && value != Value::Null {
                    put_varint(numbers[key] as u64 + 1, out);
                    put(value, out);
                }
            }
            out.push(NOTHING);
        });
    }
    records
}

/// Gives records their places on a curve.
pub(super) fn place(records: &mut Records, curve: &Curve) {
    records
        .set_keys(|mut record| take_box(&mut record).map_or(0, |extent| curve.key_of_box(extent)));
}

fn put(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NOTHING),
        Value::Bool(value) => out.push(if value { TRUE } else { FALSE }),
        Value::Int(value) => {
            out.push(INT);
            put_varint(((value << 1) ^ (value >> 63)).cast_unsigned(), out);
        }
        Value::UInt(value) => {
            out.push(UINT);
            put_varint(value, out);
        }
        Value::Float(value) => {
            out.push(FLOAT);
            out.extend_from_slice(&value.to_le_bytes());
        }
        Value::Text(text) | Value::Json(text) => {
            out.push(TEXT);
            put_run(text.as_bytes(), out);
        }
    }
}

fn put_run(bytes: &[u8], out: &mut Vec<u8>) {
    put_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// A value of a record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept<'r> {
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    /// Text or JSON.
    Text(&'r [u8]),
}

impl Kept<'_> {
    /// As a column of text has it.
    pub(super) fn to_text(self) -> String {
        let mut text = String::new();
        match self {
            Self::Bool(value) => push_text(Value::Bool(value), &mut text),
            Self::Int(value) => push_text(Value::Int(value), &mut text),
            Self::UInt(value) => push_text(Value::UInt(value), &mut text),
            Self::Float(value) => push_text(Value::Float(value), &mut text),
            Self::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
        }
        text
    }
}

/// Reads a record, part by part in its order.
pub(super) struct Reader<'r> {
    rest: &'r [u8],
}

impl<'r> Reader<'r> {
    pub(super) fn new(record: &'r [u8]) -> Self {
        Self { rest: record }
    }

    pub(super) fn extent(&mut self) -> Option<[f64; 4]> {
        take_box(&mut self.rest)
    }

    /// Hands on the geometry, if there is one.
    pub(super) fn geometry(&mut self, extent: Option<[f64; 4]>, each: impl FnOnce(&[u8])) -> bool {
        match (take_varint(&mut self.rest), extent) {
            (0, _) => return false,
            (POINT_OF_BOX, Some([x, y, ..])) => each(&wkb::point(x, y)),
            (length, _) => each(self.bytes(length)),
        }
        true
    }

    pub(super) fn id(&mut self) -> Option<Kept<'r>> {
        let [tag] = take(&mut self.rest);
        match self.value(tag)? {
            // As an attribute it would be read so.
            Kept::UInt(id) => Some(i64::try_from(id).map_or(Kept::UInt(id), Kept::Int)),
            id => Some(id),
        }
    }

    /// The next attribute that is not null, and the number of its key.
    pub(super) fn cell(&mut self) -> Option<(usize, Kept<'r>)> {
        let key = take_varint(&mut self.rest).checked_sub(1)?;
        let [tag] = take(&mut self.rest);
        Some((usize::try_from(key).ok()?, self.value(tag)?))
    }

    fn value(&mut self, tag: u8) -> Option<Kept<'r>> {
        Some(match tag {
            NOTHING => return None,
            FALSE | TRUE => Kept::Bool(tag == TRUE),
            INT => {
                let coded = take_varint(&mut self.rest);
                Kept::Int((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
            }
            UINT => Kept::UInt(take_varint(&mut self.rest)),
            FLOAT => Kept::Float(f64::from_le_bytes(take(&mut self.rest))),
            _ => {
                let length = take_varint(&mut self.rest);
                Kept::Text(self.bytes(length))
            }
        })
    }

    fn bytes(&mut self, length: u64) -> &'r [u8] {
        let length = usize::try_from(length).expect("it was in memory before");
        let (run, rest) = self.rest.split_at(length);
        self.rest = rest;
        run
    }
}
