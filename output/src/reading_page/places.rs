//! The places of the mentions: each once, with how often it is named.

use std::collections::HashMap;

use super::model::MentionMark;

/// A place that the text names.
pub(super) struct PlaceRow<'p> {
    /// A mention of it: its label, kind and position.
    pub(super) mark: &'p MentionMark,
    pub(super) count: usize,
}

/// The places in the order in which the text names them, and for each mention the number of its place.
pub(super) fn places(mentions: &[MentionMark]) -> (Vec<PlaceRow<'_>>, Vec<usize>) {
    let mut rows: Vec<PlaceRow<'_>> = Vec::new();
    let mut known: HashMap<(&str, &str, Option<[u64; 2]>), usize> = HashMap::new();
    let numbers = mentions.iter().map(|mark| {
        let at = mark
            .position
            .map(|at| [at.lon().to_bits(), at.lat().to_bits()]);
        let number = *known
            .entry((mark.label.as_str(), mark.kind.as_str(), at))
            .or_insert_with(|| {
                rows.push(PlaceRow { mark, count: 0 });
                rows.len() - 1
            });
        rows[number].count += 1;
        number
    });
    let numbers = numbers.collect();
    (rows, numbers)
}

/// The few groups of kinds that are told apart by colour: class in the style, and what the legend calls it.
pub(super) const GROUPS: [(&str, &str); 7] = [
    ("unit", "行政区、城镇"),
    ("zone", "新区、园区"),
    ("way", "交通"),
    ("water", "水系、水利"),
    ("nature", "山地、景区"),
    ("region", "区域"),
    ("else", "其他"),
];

/// The group of a coarse kind of mention, as an index of [`GROUPS`].
pub(super) fn group(kind: &str) -> usize {
    match kind {
        "province" | "prefecture" | "county" | "town" => 0,
        "new_area" | "park" => 1,
        "airport" | "station" | "port" | "railway" | "expressway" => 2,
        "river" | "lake" | "reservoir" | "irrigation" => 3,
        "mountain" | "scenic" => 4,
        "region" | "abbreviation" | "country" | "foreign" => 5,
        _ => 6,
    }
}
