//! Features out of a stream of JSON, one at a time: shared by `GeoJSON` and Linked Places.

mod framing;
pub(crate) mod geometry;
mod scanner;

pub(crate) use framing::{Feature, features};
pub(crate) use scanner::MOST_DEPTH;

use serde_json::Value;

/// A value's kind, for messages.
pub(crate) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text `{}`", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(object) => match object.get("type").and_then(Value::as_str) {
            Some(name) => format!(
                "an object of type {}",
                name.chars().take(40).collect::<String>()
            ),
            None => "an object".to_owned(),
        },
    }
}
