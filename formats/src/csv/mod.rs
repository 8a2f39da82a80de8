//! CSV: single points as two columns of degrees, other geometries as well-known text.

mod wkt;

use input::features::{FeatureBatch, GeometryKind, Value};

use crate::feature::features;
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::{Table, push_text};

/// How a table is written.
pub(crate) struct Plan {
    table: Table,
    /// Positions are two columns.
    points: bool,
    delimiter: u8,
}

/// Rows of a block, and how many texts were empty.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    pub(crate) empty_texts: u64,
}

impl Plan {
    pub(crate) fn new(survey: &Survey, delimiter: u8, report: &mut Report) -> Self {
        let seen = survey.geometry;
        let named = |name: &str| {
            let mut columns = survey.columns.iter();
            columns.any(|column| column.name.eq_ignore_ascii_case(name))
        };
        let points = seen.only() == Some(GeometryKind::Point) && !seen.multiple;
        let points = points && !named("lon") && !named("lat");
        let mut table = Table::new(survey, true, report);
        let taken: &[&str] = if points { &["lon", "lat"] } else { &["wkt"] };
        table.distinguish(taken, report);
        Self {
            table,
            points,
            delimiter,
        }
    }

    /// The first line.
    pub(crate) fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for name in &self.table.names {
            self.field(name, &mut out);
            out.push(self.delimiter);
        }
        let last = if self.points {
            format!("lon{}lat\n", char::from(self.delimiter))
        } else {
            "wkt\n".to_owned()
        };
        out.extend_from_slice(last.as_bytes());
        out
    }

    /// The rows of a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> Block {
        let mut out = Vec::with_capacity(batch.lonlat.len() * 24 + batch.text.len() * 2);
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut text = String::new();
        let mut empty_texts = 0;
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            for value in &values {
                match value {
                    Value::Text("") => empty_texts += 1,
                    Value::Text(value) | Value::Json(value) => self.field(value, &mut out),
                    value => {
                        text.clear();
                        push_text(*value, &mut text);
                        out.extend_from_slice(text.as_bytes());
                    }
                }
                out.push(self.delimiter);
            }
            text.clear();
            if self.points {
                if let Some([lon, lat]) = feature.view().vertices().first() {
                    push_text(Value::Float(*lon), &mut text);
                    text.push(char::from(self.delimiter));
                    push_text(Value::Float(*lat), &mut text);
                } else {
                    text.push(char::from(self.delimiter));
                }
                out.extend_from_slice(text.as_bytes());
            } else {
                wkt::push(feature, &mut text);
                self.field(&text, &mut out);
            }
            out.push(b'\n');
        }
        Block {
            bytes: out,
            empty_texts,
        }
    }

    /// Appends a field, in quotes where it needs them (RFC 4180).
    fn field(&self, text: &str, out: &mut Vec<u8>) {
        let special = |byte: u8| matches!(byte, b'"' | b'\n' | b'\r') || byte == self.delimiter;
        // Blanks at the ends are part of the value only to those who see the quotes.
        let blank = text.starts_with(' ') || text.ends_with(' ');
        if !blank && !text.bytes().any(special) {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    }
}

/// What the rows lose.
pub(crate) fn losses(empty_texts: u64, report: &mut Report) {
    report.lose(Loss::EmptyText, empty_texts);
}
