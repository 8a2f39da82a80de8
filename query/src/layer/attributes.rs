//! What features say of themselves, as members of JSON objects.

use std::io::Write as _;
use std::sync::Arc;

use input::features::{FeatureView, Value};
use serde_json::Map;

use crate::points::SavedIndex;

/// The attributes of features by number, as JSON members.
#[derive(Debug, Default)]
pub struct Attributes {
    /// Names, in the order in which features first have them.
    pub(super) columns: Vec<String>,
    /// `"name":"合川","v":1` of each feature, without braces.
    pub(super) members: Vec<u8>,
    pub(super) ends: Vec<u64>,
    /// Where they are instead.
    pub(super) saved: Option<Arc<SavedIndex>>,
}

impl Attributes {
    /// The names of the attributes, in the order in which features first have them.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The attributes of a feature as the members of a JSON object, without its braces.
    #[must_use]
    pub fn members(&self, feature: u32) -> &[u8] {
        if let Some(saved) = &self.saved {
            return saved.members(feature);
        }
        let feature = feature as usize;
        let end_of = |feature: usize| {
            let end = self.ends.get(feature).copied().unwrap_or(0);
            usize::try_from(end).unwrap_or(0)
        };
        let start = feature.checked_sub(1).map_or(0, end_of);
        self.members.get(start..end_of(feature)).unwrap_or_default()
    }

    /// The attributes of a feature as a JSON object.
    #[must_use]
    pub fn object(&self, feature: u32) -> Map<String, serde_json::Value> {
        let mut text = Vec::with_capacity(self.members(feature).len() + 2);
        text.push(b'{');
        text.extend_from_slice(self.members(feature));
        text.push(b'}');
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// An attribute of a feature as text; empty when there is none.
    #[must_use]
    pub fn text(&self, feature: u32, column: &str) -> String {
        match self.object(feature).remove(column) {
            None | Some(serde_json::Value::Null) => String::new(),
            Some(serde_json::Value::String(text)) => text,
            Some(other) => other.to_string(),
        }
    }

    pub(super) fn add(&mut self, keys: &[String], members: &[u8], ends: &[usize]) {
        for key in keys {
            if !self.columns.contains(key) {
                self.columns.push(key.clone());
            }
        }
        let before = self.members.len();
        self.members.extend_from_slice(members);
        self.ends
            .extend(ends.iter().map(|end| (before + end) as u64));
    }
}

/// The attributes of a feature as a JSON object.
#[must_use]
pub fn attributes_of(view: FeatureView<'_>) -> Map<String, serde_json::Value> {
    let mut text = vec![b'{'];
    write_members(view, &mut text);
    text.push(b'}');
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Writes the attributes of a feature as members of a JSON object.
pub(crate) fn write_members(view: FeatureView<'_>, out: &mut Vec<u8>) {
    let mut first = true;
    for (key, value) in view.cells() {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        json_string(key, out);
        out.push(b':');
        json_value(value, out);
    }
}

pub(crate) fn json_string(text: &str, out: &mut Vec<u8>) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    out.push(b'"');
    if text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.pop();
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(out, text);
    }
}

fn json_value(value: Value<'_>, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = match value {
        Value::Null => out.write_all(b"null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{value}"),
        Value::UInt(value) => write!(out, "{value}"),
        Value::Float(value) => write!(out, "{value:?}"),
        Value::Json(text) => out.write_all(text.as_bytes()),
        Value::Text(text) => {
            json_string(text, out);
            Ok(())
        }
    };
}
