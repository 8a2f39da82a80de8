//! The table (dBASE III): fields of fixed width, text in UTF-8.

use std::collections::HashSet;

use input::features::Value;

use crate::report::{Loss, Report};
use crate::table::{Table, push_text};
use crate::{ColumnKind, FormatError};

/// The most that there may be.
const MOST_FIELDS: usize = 255;
const NAME_BYTES: usize = 10;
const TEXT_BYTES: u32 = 254;
/// Digits that every reader takes as a whole number.
const WHOLE_DIGITS: u32 = 18;
/// Characters of the longest double.
const FLOAT_BYTES: u8 = 24;

#[derive(Debug)]
struct Field {
    name: String,
    /// The letter of its type.
    letter: u8,
    width: u8,
    decimals: u8,
}

/// The fields of a table.
#[derive(Debug)]
pub(super) struct Fields {
    fields: Vec<Field>,
    changed: Vec<(String, String)>,
}

impl Fields {
    pub(super) fn new(table: &Table, report: &mut Report) -> Result<Self, FormatError> {
        if table.columns.len() > MOST_FIELDS {
            return Err(FormatError::TooMuch {
                format: "shapefile",
                what: "columns (take some with --select)".to_owned(),
                found: table.columns.len() as u64,
                most: MOST_FIELDS as u64,
            });
        }
        let mut used = HashSet::new();
        let mut changed = Vec::new();
        let mut fields = Vec::new();
        for column in &table.columns {
            let name = short(&column.name, &mut used);
            if name != column.name {
                changed.push((column.name.clone(), name.clone()));
            }
            let longest = column.longest;
            let text = u8::try_from(longest.clamp(1, TEXT_BYTES)).unwrap_or(u8::MAX);
            let (letter, width, decimals) = match column.kind {
                ColumnKind::Bool => (b'L', 1, 0),
                ColumnKind::Int if longest <= WHOLE_DIGITS => (b'N', text, 0),
                ColumnKind::Float => (b'N', FLOAT_BYTES, column.decimals.clamp(1, 15)),
                ColumnKind::Date => (b'D', 8, 0),
                _ => (b'C', text, 0),
            };
            match (column.kind, letter) {
                (ColumnKind::DateTime, _) => report.lose(Loss::DateAsText, 1),
                (ColumnKind::Json, _) => report.lose(Loss::JsonAsText, 1),
                (ColumnKind::Int | ColumnKind::UInt, b'C') => report.lose(Loss::UIntAsText, 1),
                _ => {}
            }
            fields.push(Field {
                name,
                letter,
                width,
                decimals,
            });
        }
        if fields.is_empty() {
            // A table without a field is none.
            fields.push(Field {
                name: "FID".to_owned(),
                letter: b'N',
                width: 1,
                decimals: 0,
            });
        }
        report.renamed.extend(changed.iter().cloned());
        Ok(Self { fields, changed })
    }

    /// Names as they were and as they are, where they had to change.
    pub(super) fn changed(&self) -> &[(String, String)] {
        &self.changed
    }

    pub(super) fn row_bytes(&self) -> usize {
        1 + self
            .fields
            .iter()
            .map(|field| usize::from(field.width))
            .sum::<usize>()
    }

    /// The header of a table of so many rows. The date in it is fixed.
    pub(super) fn header(&self, rows: u32) -> Vec<u8> {
        let length = 32 + 32 * self.fields.len() + 1;
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        let mut header = vec![3, 70, 1, 1];
        header.extend_from_slice(&rows.to_le_bytes());
        header.extend_from_slice(&short(length));
        header.extend_from_slice(&short(self.row_bytes()));
        header.resize(32, 0);
        for field in &self.fields {
            let start = header.len();
            header.extend_from_slice(field.name.as_bytes());
            header.resize(start + 11, 0);
            header.push(field.letter);
            header.resize(start + 16, 0);
            header.extend_from_slice(&[field.width, field.decimals]);
            header.resize(start + 32, 0);
        }
        header.push(0x0D);
        header
    }

    /// Appends a row; tells how many texts were cut.
    pub(super) fn row(&self, values: &[Value<'_>], out: &mut Vec<u8>) -> u64 {
        let mut cut = 0;
        let mut text = String::new();
        out.push(b' ');
        let values = values.iter().copied().chain(std::iter::repeat(Value::Null));
        for (field, value) in self.fields.iter().zip(values) {
            let width = usize::from(field.width);
            text.clear();
            match (field.letter, value) {
                (b'L', Value::Bool(value)) => text.push(if value { 'T' } else { 'F' }),
                (b'L', _) => text.push('?'),
                (b'D', Value::Text(date)) => text.extend(date.chars().filter(|c| *c != '-')),
                (b'N', Value::Float(number)) => {
                    push_text(value, &mut text);
                    // A whole number among fractions is written as short as it can be.
                    if number.fract() == 0.0 && text.ends_with(".0") {
                        text.truncate(text.len() - 2);
                    }
                }
                _ => push_text(value, &mut text),
            }
            if text.len() > width {
                cut += 1;
                let end = (0..=width).rev().find(|end| text.is_char_boundary(*end));
                text.truncate(end.unwrap_or(0));
            }
            let blanks = std::iter::repeat_n(b' ', width - text.len());
            if field.letter == b'N' {
                out.extend(blanks);
                out.extend_from_slice(text.as_bytes());
            } else {
                out.extend_from_slice(text.as_bytes());
                out.extend(blanks);
            }
        }
        cut
    }
}

/// A name of at most ten bytes that no other field has.
fn short(name: &str, used: &mut HashSet<String>) -> String {
    let cut = |most: usize| {
        let end = (0..=most.min(name.len()))
            .rev()
            .find(|end| name.is_char_boundary(*end));
        let cut = &name[..end.unwrap_or(0)];
        cut.replace(|c: char| c.is_control(), "_")
    };
    let whole = match cut(NAME_BYTES) {
        cut if cut.trim().is_empty() => "FIELD".to_owned(),
        cut => cut,
    };
    let further = (1..).map(|number: u32| {
        let number = format!("_{number}");
        format!("{}{number}", cut(NAME_BYTES - number.len()))
    });
    let mut names = std::iter::once(whole).chain(further);
    names
        .find(|name| used.insert(name.to_lowercase()))
        .unwrap_or_default()
}
