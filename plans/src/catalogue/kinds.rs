//! The kinds of structure.

/// The kinds of structure that a catalogue may hold.
pub const KINDS: [&str; 41] = [
    "metropolitan_area",
    "city_cluster",
    "development_axis",
    "development_belt",
    "cross_border_platform",
    "zone",
    "dense_town_area",
    "core_city",
    "regional_center_city",
    "node_city",
    "new_area",
    "science_city",
    "industrial_park",
    "airport",
    "railway",
    "station",
    "expressway",
    "road",
    "waterway",
    "port",
    "river_corridor",
    "water_project",
    "reservoir",
    "irrigation_district",
    "energy_project",
    "oil_gas",
    "power_line",
    "logistics_hub",
    "financial_center",
    "consumer_district",
    "tourism_site",
    "tourism_corridor",
    "agriculture_belt",
    "ecological_barrier",
    "ecological_corridor",
    "nature_park",
    "opening_channel",
    "trade_zone",
    "regional_link",
    "transport_corridor",
    "other",
];

/// The geometry that a kind is drawn with where its members allow it: `point`, `line` or `polygon`.
#[must_use]
pub fn geometry_of(kind: &str) -> &'static str {
    match kind {
        "development_axis"
        | "development_belt"
        | "railway"
        | "expressway"
        | "road"
        | "waterway"
        | "power_line"
        | "opening_channel"
        | "transport_corridor"
        | "regional_link"
        | "river_corridor"
        | "ecological_corridor"
        | "tourism_corridor" => "line",
        "metropolitan_area"
        | "city_cluster"
        | "cross_border_platform"
        | "zone"
        | "dense_town_area"
        | "ecological_barrier"
        | "agriculture_belt" => "polygon",
        _ => "point",
    }
}
