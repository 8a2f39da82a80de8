//! Rows as they came in, with what was found added.

use std::io::Write as _;

use gazetteer::LonLat;
use input::features::{FeatureFormat, FeatureView, Value};
use serde_json::Value as Json;

use super::place::{Place, place};
use crate::layer::{Attributes, json_string, single_point, write_members};

/// What rows come out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// A table with a header.
    Csv,
    /// A `GeoJSON` feature on every line.
    NdJson,
    /// A `GeoJSON` feature collection, a feature a line.
    GeoJson,
}

impl RowFormat {
    /// The format in which rows of `format` stay as they are; tables for what has no rows of text.
    #[must_use]
    pub fn like(format: FeatureFormat) -> Self {
        match format {
            FeatureFormat::GeoJsonLines | FeatureFormat::GeoJsonSeq => Self::NdJson,
            FeatureFormat::GeoJson => Self::GeoJson,
            _ => Self::Csv,
        }
    }
}

/// How one file's rows are written.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) format: RowFormat,
    /// Whether the row's own bytes can stand as they are.
    copies: bool,
    /// The columns of its own that a table gets when rows are written anew.
    own: Vec<String>,
    /// Whether these are the columns of the first block, which later rows may have more than.
    guessed: bool,
    /// What parts the cells of a table.
    comma: u8,
}

impl Rows {
    pub(super) fn new(
        format: RowFormat,
        from: FeatureFormat,
        header: &[u8],
        own: Vec<String>,
        columns: &[String],
    ) -> Self {
        let from_table = from == FeatureFormat::Csv;
        let copies = match format {
            RowFormat::Csv => from_table && own.is_empty(),
            RowFormat::NdJson | RowFormat::GeoJson => matches!(
                from,
                FeatureFormat::GeoJson | FeatureFormat::GeoJsonLines | FeatureFormat::GeoJsonSeq
            ),
        };
        let own = if own.is_empty() {
            columns.to_vec()
        } else {
            own
        };
        let commas = [b',', b'\t', b';'];
        let count = |comma: &u8| header.split(|byte| byte == comma).count();
        let comma = if copies && format == RowFormat::Csv {
            commas
                .into_iter()
                .max_by_key(|comma| (count(comma), *comma == b','))
                .unwrap_or(b',')
        } else {
            b','
        };
        Self {
            format,
            copies,
            own,
            guessed: false,
            comma,
        }
    }

    /// Whether a table of other rows than its own needs to know its columns.
    pub(super) fn wants_columns(&self) -> bool {
        self.format == RowFormat::Csv && !self.copies && self.own.is_empty()
    }

    /// The only attributes of the rows that are written, where they are written anew.
    pub(super) fn needs_only(&self) -> Option<&[String]> {
        let some = self.format == RowFormat::Csv && !self.copies && !self.own.is_empty();
        some.then_some(&self.own)
    }

    /// Whether a row has attributes that a table begun with the columns of the first block has no place for.
    pub(super) fn cuts_short(&self, view: FeatureView<'_>) -> bool {
        let guessed = self.guessed && self.format == RowFormat::Csv;
        guessed
            && view
                .cells()
                .any(|(key, value)| value != Value::Null && !self.own.iter().any(|own| own == key))
    }

    pub(super) fn set_columns(&mut self, columns: Vec<String>) {
        self.own = columns;
        self.guessed = true;
    }

    /// The first bytes of the file.
    pub(super) fn head(&self, header: &[u8], added: &[String], out: &mut Vec<u8>) {
        match self.format {
            RowFormat::NdJson => {}
            RowFormat::GeoJson => {
                out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[\n");
            }
            RowFormat::Csv => {
                if self.copies {
                    out.extend_from_slice(header);
                } else {
                    for column in &self.own {
                        csv_field(column, self.comma, out);
                        out.push(self.comma);
                    }
                    out.extend_from_slice(b"lon,lat");
                }
                for column in added {
                    out.push(self.comma);
                    csv_field(column, self.comma, out);
                }
                out.push(b'\n');
            }
        }
    }

    /// The last bytes.
    pub(super) fn tail(&self, out: &mut Vec<u8>) {
        if self.format == RowFormat::GeoJson {
            out.extend_from_slice(b"\n]}\n");
        }
    }

    /// A row with what was found: cells of a table, each with its comma before it, or members of an object.
    pub(super) fn row(&self, view: FeatureView<'_>, added: &[u8], out: &mut Vec<u8>) {
        match self.format {
            RowFormat::Csv if self.copies => {
                out.extend_from_slice(view.raw());
                out.extend_from_slice(added);
                out.push(b'\n');
            }
            RowFormat::Csv => {
                for column in &self.own {
                    if let Some((_, value)) = view.cells().find(|(key, _)| key == column) {
                        csv_value(value, self.comma, out);
                    }
                    out.push(self.comma);
                }
                if let Some(at) = single_point(view) {
                    position(at, out);
                }
                out.extend_from_slice(added);
                out.push(b'\n');
            }
            RowFormat::NdJson | RowFormat::GeoJson => {
                let start = out.len();
                let copied = self.copies && add_members(view.raw(), added, out);
                if !copied {
                    out.truncate(start);
                    written_anew(view, added, out);
                }
                if self.format == RowFormat::NdJson {
                    // A feature that stood on many lines stands on one.
                    for byte in &mut out[start..] {
                        if matches!(byte, b'\n' | b'\r') {
                            *byte = b' ';
                        }
                    }
                    out.push(b'\n');
                } else {
                    out.extend_from_slice(b",\n");
                }
            }
        }
    }

    /// What is added for a match: attributes, then further values.
    pub(super) fn added(
        &self,
        attributes: &Attributes,
        feature: u32,
        columns: &[String],
        prefix: &str,
        out: &mut Vec<u8>,
    ) {
        let object = attributes.object(feature);
        if self.format == RowFormat::Csv {
            for column in columns {
                out.push(self.comma);
                match object.get(column) {
                    None | Some(Json::Null) => {}
                    Some(Json::String(text)) => csv_field(text, self.comma, out),
                    Some(other) => csv_field(&other.to_string(), self.comma, out),
                }
            }
            return;
        }
        for column in columns {
            let Some(value) = object.get(column) else {
                continue;
            };
            if !out.is_empty() {
                out.push(b',');
            }
            json_string(&format!("{prefix}{column}"), out);
            out.push(b':');
            // Writing to memory does not fail.
            let _ = serde_json::to_writer(&mut *out, value);
        }
    }

    /// A number that is added: its name is for objects, `digits` after the point.
    pub(super) fn number(&self, name: &str, value: f64, digits: usize, out: &mut Vec<u8>) {
        if self.format == RowFormat::Csv {
            out.push(self.comma);
        } else {
            if !out.is_empty() {
                out.push(b',');
            }
            json_string(name, out);
            out.push(b':');
        }
        // Writing to memory does not fail.
        let _ = write!(out, "{value:.digits$}");
    }

    /// So many empty cells, where there was no match.
    pub(super) fn nothing(&self, cells: usize, out: &mut Vec<u8>) {
        if self.format == RowFormat::Csv {
            out.extend(std::iter::repeat_n(self.comma, cells));
        }
    }
}

/// Copies a feature and adds members to its properties; `false` when it has no place for them.
pub(super) fn add_members(text: &[u8], members: &[u8], out: &mut Vec<u8>) -> bool {
    if members.is_empty() {
        out.extend_from_slice(text);
        return true;
    }
    let Some(place) = place(text) else {
        return false;
    };
    match place {
        Place::Into { at, empty } => {
            out.extend_from_slice(&text[..at]);
            if !empty {
                out.push(b',');
            }
            out.extend_from_slice(members);
            out.extend_from_slice(&text[at..]);
        }
        Place::Instead { start, end } => {
            out.extend_from_slice(&text[..start]);
            out.push(b'{');
            out.extend_from_slice(members);
            out.push(b'}');
            out.extend_from_slice(&text[end..]);
        }
        Place::Before { at, empty } => {
            out.extend_from_slice(&text[..at]);
            if !empty {
                out.push(b',');
            }
            out.extend_from_slice(b"\"properties\":{");
            out.extend_from_slice(members);
            out.push(b'}');
            out.extend_from_slice(&text[at..]);
        }
    }
    true
}

/// A point feature from its columns.
fn written_anew(view: FeatureView<'_>, added: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"properties\":{");
    let start = out.len();
    write_members(view, out);
    if !added.is_empty() {
        if out.len() > start {
            out.push(b',');
        }
        out.extend_from_slice(added);
    }
    out.extend_from_slice(b"},\"geometry\":");
    match single_point(view) {
        Some(at) => {
            out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
            position(at, out);
            out.extend_from_slice(b"]}");
        }
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
}

/// Longitude and latitude in degrees, with a comma between.
fn position(at: LonLat, out: &mut Vec<u8>) {
    float(at.lon(), out);
    out.push(b',');
    float(at.lat(), out);
}

/// A finite number in the fewest digits, as [`f64`] is displayed but in a third of the time.
fn float(value: f64, out: &mut Vec<u8>) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    if text.contains('e') {
        // Writing to memory does not fail.
        let _ = write!(out, "{value}");
    } else {
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }
}

pub(super) fn csv_field(text: &str, comma: u8, out: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b'"' | b'\n' | b'\r') || byte == comma;
    if text.bytes().any(special) {
        out.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

fn csv_value(value: Value<'_>, comma: u8, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = match value {
        Value::Null => Ok(()),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{value}"),
        Value::UInt(value) => write!(out, "{value}"),
        Value::Float(value) if value.is_finite() => {
            float(value, out);
            Ok(())
        }
        Value::Float(value) => write!(out, "{value}"),
        Value::Text(text) | Value::Json(text) => {
            csv_field(text, comma, out);
            Ok(())
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_as_they_are_displayed(value in prop_oneof![
            prop::num::f64::ANY.prop_filter("finite", |value| value.is_finite()),
            (-1_800_000_000..1_800_000_000_i32).prop_map(|steps| f64::from(steps) / 1e7),
            (-400..400_i32).prop_map(f64::from),
        ]) {
            let mut out = Vec::new();
            float(value, &mut out);
            prop_assert_eq!(String::from_utf8(out), Ok(value.to_string()));
        }
    }
}
