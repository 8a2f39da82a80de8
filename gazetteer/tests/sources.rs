//! The seats of units against the points that `GeoNames` (cities500) has under their full names.
//!
//! Many seats were taken from such a point, and then only the other points of the same name say something: that none of
//! them speaks against the seat without a reason in `data/exceptions.csv`. `settlements.csv` holds the points of all of
//! China that have a name in Chinese characters, of each the first seven names.
#![expect(
    clippy::print_stdout,
    reason = "measured figures are part of the test log"
)]

use std::collections::BTreeMap;
use std::path::Path;

use gazetteer::{FeatureClass, Gazetteer, LonLat, geodesic};

/// Farther than this a point speaks against a seat.
const NEAR_KM: f64 = 5.0;
/// How exactly an exception must say the distance.
const SAME_KM: f64 = 0.5;

/// A point of `GeoNames` in a unit whose full name it bears.
struct Compared {
    /// `510823/geonames-1798537`: the unit and the point.
    id: String,
    unit: String,
    /// Whether the seat is this very point.
    same: bool,
    distance_km: f64,
}

fn rows(name: &str) -> Vec<csv::StringRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name);
    let mut builder = csv::ReaderBuilder::new();
    let reader = builder.comment(Some(b'#')).from_path(&path);
    let reader = reader.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let records: Result<Vec<_>, _> = reader.into_records().collect();
    records.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn compared(gazetteer: &Gazetteer) -> Vec<Compared> {
    let mut found = Vec::new();
    for row in rows("settlements.csv") {
        let degrees = |column: usize| row[column].parse().expect("degrees");
        let point = LonLat::new(degrees(4), degrees(5)).expect("in range");
        let names: Vec<&str> = std::iter::once(&row[1]).chain(row[2].split(';')).collect();
        for unit in gazetteer.units_at(point).expect("whole") {
            let of_class = matches!(unit.class, FeatureClass::Prefecture | FeatureClass::County);
            if of_class && names.contains(&unit.name) {
                let seat = unit.position.expect("a unit has a seat");
                found.push(Compared {
                    id: format!("{}/geonames-{}", unit.id, &row[0]),
                    unit: gazetteer.canonical(&unit),
                    same: unit.position_source == &row[0],
                    distance_km: geodesic(seat, point).distance_m / 1000.0,
                });
            }
        }
    }
    found
}

#[test]
fn seats_are_where_geonames_has_the_name_of_the_unit_or_the_reason_is_given() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data opens");
    let mut exceptions: BTreeMap<String, f64> = rows("exceptions.csv")
        .iter()
        .filter(|row| &row[0] == "seat")
        .map(|row| {
            assert!(!row[3].is_empty(), "{}: no reason", &row[1]);
            (row[1].to_owned(), row[2].parse().expect("kilometres"))
        })
        .collect();
    let compared = compared(&gazetteer);
    let near = compared.iter().filter(|c| c.distance_km <= NEAR_KM).count();
    let same = compared.iter().filter(|c| c.same).count();
    let mut wrong = Vec::new();
    let mut excepted = 0;
    for found in compared.iter().filter(|c| c.distance_km > NEAR_KM) {
        match exceptions.remove(&found.id) {
            Some(said) if (said - found.distance_km).abs() <= SAME_KM => excepted += 1,
            said => wrong.push(format!(
                "{} {}: {:.1} km, exceptions.csv says {said:?}",
                found.id, found.unit, found.distance_km
            )),
        }
    }
    wrong.extend(
        exceptions
            .keys()
            .map(|id| format!("{id}: no exception any more")),
    );
    println!(
        "{} points that bear the name of their unit: {near} within {NEAR_KM} km of the seat ({same} are the seat), {excepted} excepted",
        compared.len()
    );
    assert!(compared.len() > 1000, "{}", compared.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
