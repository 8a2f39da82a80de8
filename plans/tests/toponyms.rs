//! The names of the five plans: the checked tables of `plans/toponyms`, the texts, and readings by others.
#![expect(
    clippy::print_stdout,
    reason = "measured figures and skipped checks are part of the test log"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gazetteer::{FeatureClass, Gazetteer, LonLat, geodesic};
use plans::{Catalogue, CleanText, Document, Mentions, clean, mentions};

/// Plans, and how their texts are called.
const PLANS: [(&str, &str); 5] = [
    ("implementation-2021", "000_3aca1d5c212b69e7.txt"),
    ("cqmetro-2022", "001_facc7b39d303c023.txt"),
    ("outline-2021", "002_b9d82b5b70a540ab.txt"),
    ("chengyu-2016", "003_c123bf03b8972885.txt"),
    ("south-west-2023", "004_b8fc9bd2324ce963.txt"),
];

/// A row of a checked table.
struct Row {
    surface: String,
    place: String,
    count: usize,
    /// A further sense of the surface above it.
    further: bool,
}

fn table(plan: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("toponyms/{plan}.csv"));
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        Row {
            surface: row[0].to_owned(),
            place: row[2].to_owned(),
            count: row[3].parse().expect("a count"),
            further: row[4].starts_with("sense:"),
        }
    });
    rows.collect()
}

fn gazetteer() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data reads")
}

fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared")
        .join(part);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: no {part} beside the checkout");
    None
}

/// A name in the form that the clean text has.
fn folded(name: &str) -> String {
    CleanText::new(name).expect("short").as_str().to_owned()
}

#[test]
fn every_name_of_the_tables_finds_its_place() {
    let gazetteer = gazetteer();
    let catalogue = Catalogue::embedded().expect("reads");
    let mut names = 0;
    for (plan, _) in PLANS {
        let date = catalogue.plan(plan).expect("of the catalogue").date;
        for row in table(plan) {
            let place = gazetteer.with_id(&row.place);
            assert!(
                place.is_some(),
                "{plan}: {} stands for no place: {}",
                row.surface,
                row.place
            );
            let found = gazetteer.find(&folded(&row.surface), Some(date));
            assert!(
                found.iter().any(|found| found.place.id == row.place),
                "{plan}: {} does not find {}, only {:?}",
                row.surface,
                row.place,
                found.iter().map(|found| found.place.id).collect::<Vec<_>>()
            );
            names += 1;
        }
    }
    assert!(names > 1_200, "{names} names");
}

#[test]
fn every_place_of_the_tables_is_located_or_says_why_not() {
    let gazetteer = gazetteer();
    for (plan, _) in PLANS {
        for row in table(plan) {
            let place = gazetteer.with_id(&row.place).expect("the other test");
            let drawn = place.position.is_some() || place.member_ids().next().is_some();
            let ground = matches!(place.class, FeatureClass::River | FeatureClass::Country);
            assert!(
                drawn || ground || !place.unlocated.is_empty(),
                "{plan}: {} is neither located nor explained",
                row.surface
            );
            assert!(
                place.position.is_none()
                    || (place.accuracy_m > 0 && !place.position_source.is_empty()),
                "{plan}: {} has a position without accuracy or source",
                row.surface
            );
        }
    }
}

fn read<'g>(gazetteer: &'g Gazetteer, plan: &str, path: &Path) -> Mentions<'g> {
    let catalogue = Catalogue::embedded().expect("reads");
    let date = catalogue.plan(plan).expect("of the catalogue").date;
    let document = Document::open(path).expect("a text");
    let cleaned = clean(gazetteer, document.text()).expect("short");
    mentions(gazetteer, &cleaned.text, Some(date))
}

/// How often each name stands alone, and with which sense most often.
fn told<'m>(found: &'m Mentions<'_>) -> BTreeMap<&'m str, BTreeMap<&'m str, usize>> {
    let mut told: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for mention in &found.mentions {
        let Some(best) = mention.senses.first() else {
            continue;
        };
        let senses = told.entry(&mention.surface).or_default();
        let id = best.found.place.id;
        *senses.entry(id).or_default() += usize::from(mention.inside.is_none());
    }
    told
}

#[test]
fn the_names_of_the_texts_are_those_of_the_tables() {
    let Some(folder) = shared("plans") else {
        return;
    };
    let gazetteer = gazetteer();
    for (plan, file) in PLANS {
        let found = read(&gazetteer, plan, &folder.join(file));
        let told = told(&found);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut wrong, mut judged, mut missing) = (Vec::new(), 0, Vec::new());
        for row in table(plan) {
            let surface = folded(&row.surface);
            *counts.entry(surface.clone()).or_default() += row.count;
            // A longer name that stands nowhere by itself is one reading of its parts.
            if row.further || row.count == 0 {
                continue;
            }
            judged += 1;
            match told.get(surface.as_str()) {
                None => missing.push(surface),
                Some(senses) if !senses.contains_key(row.place.as_str()) => wrong.push(surface),
                Some(_) => {}
            }
        }
        assert!(
            missing.len() * 50 <= judged,
            "{plan}: {} of {judged} are not found: {missing:?}",
            missing.len()
        );
        assert!(
            wrong.len() * 50 <= judged,
            "{plan}: {} of {judged} stand for another place: {wrong:?}",
            wrong.len()
        );

        let alone = |surface: &str| {
            told.get(surface)
                .map_or(0, |senses| senses.values().sum::<usize>())
        };
        let same: usize = counts.iter().map(|(s, count)| (*count).min(alone(s))).sum();
        let expected: usize = counts.values().sum();
        let all: usize = told.keys().map(|surface| alone(surface)).sum();
        let share = |of: usize| {
            f64::from(u32::try_from(same).expect("few"))
                / f64::from(u32::try_from(of).expect("few"))
        };
        println!(
            "{plan}: {expected} mentions, recall {:.3}, precision {:.3}",
            share(expected),
            share(all)
        );
        assert!(
            share(expected) > 0.93,
            "{plan}: recall {:.3}",
            share(expected)
        );
        assert!(share(all) > 0.94, "{plan}: precision {:.3}", share(all));
    }
}

#[test]
fn readings_by_hand_agree_in_name_class_and_place() {
    let Some(folder) = shared("reference") else {
        return;
    };
    let Some(texts) = shared("plans") else { return };
    let gazetteer = gazetteer();
    for (plan, file, reference) in [
        (PLANS[0].0, PLANS[0].1, "toponyms_000.json"),
        (PLANS[4].0, PLANS[4].1, "toponyms_004.json"),
    ] {
        let found = read(&gazetteer, plan, &texts.join(file));
        let text = std::fs::read_to_string(folder.join(reference)).expect("a reading");
        let reading: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let (mut points, mut near, mut far) = (0, 0, Vec::new());
        let (mut lost, mut classes) = (Vec::new(), Vec::new());
        for name in reading.as_array().expect("an array") {
            let surface = folded(name["surface"].as_str().expect("a surface"));
            let mut named = found
                .mentions
                .iter()
                .filter(|mention| mention.surface == surface);
            let alone = named.clone().find(|mention| mention.inside.is_none());
            let Some(mention) = alone.or_else(|| named.next()) else {
                lost.push(surface);
                continue;
            };
            let Some(best) = mention.senses.first() else {
                lost.push(surface);
                continue;
            };
            let place = &best.found.place;
            let kind = name["kind"].as_str().expect("a kind");
            if !agree(kind, place.class, &surface) {
                classes.push(format!("{surface}: {kind}, {}", place.class.as_str()));
            }
            let Some(point) = name["lonlat"].as_array() else {
                continue;
            };
            let at = LonLat::new(
                point[0].as_f64().expect("lon"),
                point[1].as_f64().expect("lat"),
            );
            points += 1;
            let away = place.position.map_or(f64::INFINITY, |position| {
                geodesic(at.expect("in range"), position).distance_m
            });
            near += usize::from(away <= 5_000.0);
            if away > 25_000.0 {
                far.push(surface);
            }
        }
        println!("{plan}: {points} points of the reading, {near} within 5 km");
        assert!(lost.is_empty(), "{plan}: not found: {lost:?}");
        assert!(classes.is_empty(), "{plan}: another class: {classes:?}");
        assert!(far.is_empty(), "{plan}: over 25 km: {far:?}");
        assert!(
            near * 100 >= points * 95,
            "{plan}: {near} of {points} within 5 km"
        );
    }
}

/// Whether a class is what a reader calls by a kind. Readers differ on what is a park, a zone or a new area, on a brand
/// of trains, on the works of a dam, and whether 京津冀 is a region or a short name.
fn agree(kind: &str, class: FeatureClass, surface: &str) -> bool {
    const ALIKE: [&[&str]; 6] = [
        &["park", "new_area", "county"],
        &["region", "abbreviation", "province"],
        &["park", "scenic"],
        &["facility", "reservoir", "irrigation"],
        &["town", "station"],
        &["scenic", "mountain", "lake"],
    ];
    let ours = class.kind();
    // 万盛 is a county by history and an economic zone by law.
    let zone = class == FeatureClass::EconomicZone || ours == "park" || ours == "new_area";
    kind == ours
        || ALIKE
            .iter()
            .skip(1)
            .any(|alike| alike.contains(&kind) && alike.contains(&ours))
        || (zone && ALIKE[0].contains(&kind))
        || (surface.chars().count() == 1 && kind == "abbreviation")
}
