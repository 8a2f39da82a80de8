//! What tags mean.

use gazetteer::{Entry, FeatureClass};

use super::block::Tags;
use crate::names;
use crate::record::{adcode, date};

/// What an element is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Line,
    Area,
}

/// The value of a key; empty when it is not there.
pub(crate) fn value<'a>(tags: &Tags<'a>, key: &str) -> &'a str {
    tags.iter()
        .find(|(k, _)| *k == key)
        .map_or("", |(_, value)| value)
}

/// The class of a node, and of an area that is not one of [`of_way`].
pub(crate) fn of_node(tags: &Tags) -> Option<FeatureClass> {
    use FeatureClass as C;
    Some(match value(tags, "place") {
        "country" => C::Country,
        "state" | "province" => C::Province,
        "county" | "district" => C::County,
        "town" => C::Town,
        "city" | "village" | "hamlet" | "isolated_dwelling" | "farm" => C::Settlement,
        "suburb" | "quarter" | "neighbourhood" | "borough" | "square" => C::District,
        "region" => C::Region,
        "" => {
            if matches!(value(tags, "railway"), "station" | "halt") {
                C::Station
            } else if value(tags, "aeroway") == "aerodrome" {
                C::Airport
            } else if matches!(
                value(tags, "natural"),
                "peak" | "volcano" | "mountain_range" | "gorge"
            ) {
                C::Mountain
            } else if !matches!(value(tags, "harbour"), "" | "no")
                || value(tags, "seamark:type") == "harbour"
                || [value(tags, "industrial"), value(tags, "landuse")].contains(&"port")
            {
                C::Port
            } else if value(tags, "waterway") == "dam" {
                C::Dam
            } else if value(tags, "power") == "plant" {
                C::PowerStation
            } else if value(tags, "power") == "substation" {
                C::Substation
            } else {
                return None;
            }
        }
        _ => C::Other,
    })
}

/// The class and shape of a way. Railways and motorways, of which there are very many short pieces, count
/// only when `keep` asks for them.
pub(crate) fn of_way(tags: &Tags, keep: &[FeatureClass]) -> Option<(FeatureClass, Shape)> {
    use FeatureClass as C;
    match value(tags, "waterway") {
        "river" | "canal" => return Some((C::River, Shape::Line)),
        "dam" => return Some((C::Dam, Shape::Line)),
        _ => {}
    }
    if value(tags, "railway") == "rail" {
        return keep
            .contains(&C::Railway)
            .then_some((C::Railway, Shape::Line));
    }
    if value(tags, "highway") == "motorway" {
        return keep
            .contains(&C::Expressway)
            .then_some((C::Expressway, Shape::Line));
    }
    area(tags).map(|class| (class, Shape::Area))
}

/// The class and shape of a relation.
pub(crate) fn of_relation(tags: &Tags) -> Option<(FeatureClass, Shape)> {
    match value(tags, "type") {
        "waterway" => matches!(value(tags, "waterway"), "river" | "canal" | "")
            .then_some((FeatureClass::River, Shape::Line)),
        "boundary" | "multipolygon" => area(tags).map(|class| (class, Shape::Area)),
        _ => None,
    }
}

fn area(tags: &Tags) -> Option<FeatureClass> {
    use FeatureClass as C;
    if value(tags, "boundary") == "administrative" {
        // As levels are used in China.
        return match value(tags, "admin_level") {
            "2" => Some(C::Country),
            "4" => Some(C::Province),
            "5" => Some(C::Prefecture),
            "6" => Some(C::County),
            "8" => Some(C::Town),
            _ => None,
        };
    }
    if value(tags, "natural") == "water" {
        return match value(tags, "water") {
            "lake" => Some(C::Lake),
            "reservoir" => Some(C::Reservoir),
            _ => None,
        };
    }
    if value(tags, "landuse") == "reservoir" {
        return Some(C::Reservoir);
    }
    of_node(tags)
}

/// An entry with all that tags say; `None` without a name. The flag says that names were left out. A motorway or railway without a name
/// has its number.
pub(crate) fn entry(id: String, class: FeatureClass, tags: &Tags) -> Option<(Entry, bool)> {
    let by_key = |wanted: fn(&str) -> bool| tags.iter().filter(move |(key, _)| wanted(key));
    let names = ["name:zh", "name", "name:zh-Hans"]
        .map(|key| value(tags, key))
        .into_iter();
    let numbered = matches!(class, FeatureClass::Expressway | FeatureClass::Railway);
    let number = if numbered { value(tags, "ref") } else { "" };
    let others = by_key(is_other_name).flat_map(|(_, value)| value.split(';'));
    let (name, aliases, cut) = names::preferred(names.chain(others).chain([number]))?;
    let mut entry = Entry::new(id, name, class);
    entry.aliases = aliases;
    "OpenStreetMap".clone_into(&mut entry.position_source);
    entry.weight = value(tags, "population").parse().unwrap_or(0);
    entry.since = date(value(tags, "start_date"));
    entry.until = date(value(tags, "end_date"));
    let codes = ["gb:adcode", "ref:admin", "adcode", "CN code"];
    entry.adcode = codes.iter().find_map(|key| adcode(value(tags, key)));
    let codes = [value(tags, "iata"), value(tags, "icao")];
    entry.code = codes
        .into_iter()
        .filter(|code| !code.is_empty())
        .collect::<Vec<_>>()
        .join("/");
    Some((entry, cut))
}

/// Names in other languages, and other names; not `name:etymology` and the like.
fn is_other_name(key: &str) -> bool {
    let (base, rest) = key.split_once(':').unwrap_or((key, ""));
    let language = rest.len() <= 8
        && !matches!(rest, "left" | "right" | "signed")
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    language
        && matches!(
            base,
            "name"
                | "alt_name"
                | "old_name"
                | "official_name"
                | "short_name"
                | "loc_name"
                | "int_name"
        )
}
