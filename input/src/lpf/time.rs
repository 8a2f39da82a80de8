//! When a place was: the time spans of a feature and of its names, types and geometry.

use gazetteer::PartialDate;
use serde_json::{Map, Value};

use crate::Warning;
use crate::intake::Intake;
use crate::record::date;

/// The first day and the last day that the time spans of the feature give. A feature without `when` has
/// those of its geometry; those of its names say when the name was used, not when the place was.
pub(crate) fn span(
    object: &Map<String, Value>,
    intake: &mut Intake,
) -> (Option<PartialDate>, Option<PartialDate>) {
    let geometry = || object.get("geometry").and_then(|g| g.get("when"));
    let spans = object
        .get("when")
        .or_else(geometry)
        .and_then(|when| when.get("timespans"))
        .and_then(Value::as_array);
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    let mut open = (false, false);
    for span in spans.into_iter().flatten() {
        let mut bound = |side: &str, keys: [&str; 2]| {
            let side = span.get(side)?;
            let value = keys.iter().find_map(|key| side.get(*key))?;
            let day = day(value);
            if day.is_none() {
                intake.warn(Warning::Date);
            }
            day
        };
        match bound("start", ["in", "earliest"]) {
            Some(day) => starts.push(day),
            None => open.0 = true,
        }
        match bound("end", ["in", "latest"]) {
            Some(day) => ends.push(day),
            None => open.1 = true,
        }
    }
    let first = starts.into_iter().min_by_key(|day| day.first_day());
    let last = ends.into_iter().max_by_key(|day| day.last_day());
    (first.filter(|_| !open.0), last.filter(|_| !open.1))
}

/// A year or a date, as text or number. Years before 1 and after 9999 cannot be held.
fn day(value: &Value) -> Option<PartialDate> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let short_year = text.len() < 4 && text.bytes().all(|b| b.is_ascii_digit());
    if short_year {
        return date(&format!("{text:0>4}"));
    }
    date(&text)
}
