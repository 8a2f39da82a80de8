//! The gazetteer that comes with the program: made of its tables, whole, and small.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use gazetteer::{FeatureClass, Gazetteer};

#[path = "../examples/derive_places/tables.rs"]
mod tables;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn gazetteer() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data opens")
}

#[test]
fn the_file_of_places_is_what_the_tables_make() {
    let mut derived = Cursor::new(Vec::new());
    tables::derive(&data(), &mut derived).expect("the tables are whole");
    let kept = std::fs::read(data().join("places.bin")).expect("is there");
    assert!(
        derived.into_inner() == kept,
        "the tables changed; renew places.bin: cargo run --release -p yutu-gazetteer --example derive_places"
    );
}

#[test]
fn parents_and_members_are_places() {
    let gazetteer = gazetteer();
    for place in gazetteer.places() {
        let above = std::iter::once(place.parent_id).filter(|id| !id.is_empty());
        for id in above.chain(place.member_ids()) {
            let found = gazetteer.with_id(id).map(|found| found.id);
            assert_eq!(found, Some(id), "named by {} {}", place.id, place.name);
        }
    }
}

#[test]
fn no_place_lies_above_itself() {
    let gazetteer = gazetteer();
    for place in gazetteer.places() {
        let mut above = Some(place);
        for _ in 0..6 {
            above = above.and_then(|place| gazetteer.parent(&place));
        }
        assert!(
            above.is_none(),
            "{} {}: six places above it",
            place.id,
            place.name
        );
    }
}

#[test]
fn every_unit_of_the_country_is_there_with_those_above_it() {
    let gazetteer = gazetteer();
    for unit in gazetteer.boundaries().units() {
        let place = gazetteer
            .unit(unit.code)
            .unwrap_or_else(|| panic!("{} {}", unit.code, unit.name));
        assert_eq!((place.name, place.adcode), (unit.name, Some(unit.code)));
        assert!(place.position.is_some(), "{}", unit.name);
        let mut above = Vec::new();
        if unit.prefecture_code != unit.province_code && unit.prefecture_code != unit.code {
            above.push((unit.prefecture_code, unit.prefecture_name));
        }
        if unit.province_code != unit.code {
            // 东莞 is a prefecture without counties.
            let whole_prefecture = unit.code % 100 == 0;
            let class = if whole_prefecture {
                FeatureClass::Prefecture
            } else {
                FeatureClass::County
            };
            assert_eq!(place.class, class, "{}", unit.name);
            above.push((unit.province_code, unit.province_name));
        }
        let mut at = place;
        for (code, name) in above {
            at = gazetteer
                .parent(&at)
                .unwrap_or_else(|| panic!("above {} lies {name}", at.name));
            assert_eq!(
                (at.adcode, at.name),
                (Some(code), name),
                "above {}",
                unit.name
            );
        }
        assert_eq!(at.class, FeatureClass::Province);
        assert!(gazetteer.parent(&at).is_none());
    }
}

#[test]
fn every_name_of_every_place_finds_it() {
    let gazetteer = gazetteer();
    for place in gazetteer.places() {
        let names = [place.id, place.name].into_iter();
        for name in names.chain(place.aliases()).chain(place.in_context()) {
            let found = gazetteer.find(name, None);
            assert!(
                found
                    .iter()
                    .any(|found| found.place.number() == place.number()),
                "`{name}` does not find {} {}",
                place.id,
                place.name
            );
        }
    }
}

#[test]
fn every_former_name_finds_the_unit_that_carries_it_on() {
    let gazetteer = gazetteer();
    for change in gazetteer
        .changes()
        .iter()
        .filter(|change| change.carries_names())
    {
        for now in change
            .to
            .iter()
            .filter_map(|unit| gazetteer.unit(unit.code?))
        {
            for before in &change.from {
                let found = gazetteer.find(&before.name, None);
                let is_there = found.iter().any(|found| {
                    found.place.number() == now.number() || found.place.name == before.name
                });
                assert!(
                    is_there,
                    "`{}` does not find {} {}",
                    before.name, now.id, now.name
                );
            }
        }
    }
}

#[test]
fn what_comes_with_the_program_is_small() {
    let files = ["places.bin", "boundaries.bin", "rivers.csv", "history.csv"];
    let size = |file: &str| {
        std::fs::metadata(data().join(file))
            .expect("is there")
            .len()
    };
    let bytes: u64 = files.into_iter().map(size).sum();
    assert!(bytes < 8_000_000, "{bytes} bytes");
}
