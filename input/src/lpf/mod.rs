//! Linked Places Format, also called `GeoJSON-T`
//! (<https://github.com/LinkedPasts/linked-places-format>): features with `names`, `types`, `when` and `@id`.

mod time;

use std::path::Path;

use gazetteer::{Entry, FeatureClass};
use serde_json::{Map, Value};

use crate::geojson::check_member;
use crate::geometry;
use crate::intake::{Intake, Stop, Unfit};
use crate::json::{self, Feature};
use crate::names;
use crate::record::class_of;
use crate::source;
use crate::{Problem, SkipReason, Warning};

/// Concepts of the Getty AAT, and words in labels, whose class is plain.
const TYPES: [(&str, &str, FeatureClass); 18] = [
    ("300128207", "nation", FeatureClass::Country),
    ("300000774", "province", FeatureClass::Province),
    ("300265612", "prefecture", FeatureClass::Prefecture),
    ("300000771", "county", FeatureClass::County),
    ("300008347", "inhabited place", FeatureClass::Settlement),
    ("300008375", "town", FeatureClass::Settlement),
    ("300008372", "village", FeatureClass::Settlement),
    ("300008389", "city", FeatureClass::Settlement),
    ("300008707", "river", FeatureClass::River),
    ("300006075", "canal", FeatureClass::River),
    ("300008680", "lake", FeatureClass::Lake),
    ("300008795", "mountain", FeatureClass::Mountain),
    ("300120604", "port", FeatureClass::Port),
    ("300007836", "bridge", FeatureClass::Bridge),
    ("300006057", "dam", FeatureClass::Dam),
    ("300006208", "reservoir", FeatureClass::Reservoir),
    ("300008217", "road", FeatureClass::Road),
    ("300182722", "region", FeatureClass::Region),
];

/// Reads a file, plain, gzipped or in a zip archive.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let bytes = intake.bytes.clone();
    let layer = intake.options.layer.clone();
    source::with_stream(path, layer.as_deref(), &bytes, &mut |stream| {
        json::features(stream, &mut check_member, &mut |feature| {
            let origin = feature.origin;
            let record = entry(&feature, intake);
            intake.take(record, origin)
        })
    })
}

fn entry(feature: &Feature, intake: &mut Intake) -> Result<Entry, Unfit> {
    let object = &feature.object;
    let names = items(object, "names")?;
    let title = object
        .get("properties")
        .and_then(|p| p.get("title"))
        .and_then(Value::as_str);
    let toponyms = names
        .iter()
        .filter_map(|name| name.get("toponym").and_then(Value::as_str))
        .chain(title);
    let (name, aliases, cut) = names::preferred(toponyms).ok_or(SkipReason::NoName)?;
    if cut {
        intake.warn(Warning::ManyNames);
    }
    let id = ["@id", "id"]
        .iter()
        .find_map(|key| match object.get(*key)? {
            Value::String(id) if !id.is_empty() => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        });
    let id = id.unwrap_or_else(|| format!("{}-{}", intake.file_name, feature.number));
    let mut entry = Entry::new(id, name, class(items(object, "types")?, intake));
    entry.aliases = aliases;
    entry.note = note(object);
    let span = time::span(object, intake);
    (entry.since, entry.until) = span;
    if let Some(shape) = json::geometry::geometry(object.get("geometry").unwrap_or(&Value::Null))? {
        geometry::place(&mut entry, unwrapped(shape))?;
    }
    Ok(entry)
}

/// A list of a feature; nothing where it has none.
fn items<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a [Value], Problem> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(Problem::NotAFeature {
            found: format!("`{key}` that is {}", json::kind(other)),
            expected: "an array",
        }),
    }
}

/// The class of the first type that is known; else the caller's, else other.
fn class(types: &[Value], intake: &mut Intake) -> FeatureClass {
    let known = types.iter().find_map(|item| {
        let text = |key| item.get(key).and_then(Value::as_str).unwrap_or("");
        let number = text("identifier").rsplit([':', '/']).next().unwrap_or("");
        let label = [text("label"), text("sourceLabel")];
        let in_table = TYPES.iter().find(|(aat, word, _)| {
            number == *aat || label.iter().any(|l| l.trim().eq_ignore_ascii_case(word))
        });
        let own = || label.iter().find_map(|l| class_of(l));
        in_table.map(|(.., class)| *class).or_else(own)
    });
    known.or(intake.options.class).unwrap_or_else(|| {
        if !types.is_empty() {
            intake.warn(Warning::UnknownClass);
        }
        FeatureClass::Other
    })
}

/// The links, in the words of the file.
fn note(object: &Map<String, Value>) -> String {
    let links = object.get("links").and_then(Value::as_array);
    let links = links.into_iter().flatten().take(16).filter_map(|link| {
        let kind = link.get("type").and_then(Value::as_str)?;
        let identifier = link.get("identifier").and_then(Value::as_str)?;
        Some(format!("{kind} {identifier}"))
    });
    links.collect::<Vec<_>>().join("; ")
}

/// A collection of one part is the part.
fn unwrapped(shape: geo::Geometry<f64>) -> geo::Geometry<f64> {
    match shape {
        geo::Geometry::GeometryCollection(mut parts) if parts.0.len() == 1 => parts.0.remove(0),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use gazetteer::LonLat;

    use super::*;
    use crate::sample::{self, LPF, entries, failure};
    use crate::{Format, ReadOptions};

    #[test]
    fn names_types_and_times_are_read() {
        let dir = sample::dir();
        let (found, _) = entries(&dir.file("a.json", LPF.as_bytes()), &ReadOptions::default());
        let entry = &found[0].0;
        assert_eq!(entry.id, "https://example.org/places/12");
        assert_eq!(entry.name, "青石镇");
        assert_eq!(entry.aliases, ["Qingshi", "青石堡"]);
        assert_eq!(entry.class, FeatureClass::Settlement);
        assert_eq!(entry.since.map(|d| d.to_string()).as_deref(), Some("1950"));
        assert_eq!(
            entry.until.map(|d| d.to_string()).as_deref(),
            Some("1997-06-18")
        );
        assert_eq!(entry.position.map(LonLat::lon), Some(106.5));
        assert!(entry.geometry.is_none());
        assert_eq!(entry.note, "closeMatch gn:1001");
    }

    #[test]
    fn a_cut_file_and_names_that_are_no_list_are_explained() {
        let dir = sample::dir();
        let options = ReadOptions {
            format: Some(Format::LinkedPlaces),
            ..ReadOptions::default()
        };
        let message = failure(
            &dir.file("a.json", &LPF.as_bytes()[..LPF.len() / 2]),
            &options,
        );
        assert!(message.contains("cut off"), "{message}");
        let text = LPF.replace("\"names\":[", "\"names\":3,\"x\":[");
        let message = failure(&dir.file("b.json", text.as_bytes()), &options);
        assert!(
            message.contains("feature 1 (line 2): found `names` that is the number 3"),
            "{message}"
        );
    }
}
