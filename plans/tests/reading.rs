//! The reader against readings of two plans by hand, which are not in the repository.
#![expect(
    clippy::print_stdout,
    reason = "measured figures and skipped checks are part of the test log"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use gazetteer::{Gazetteer, LonLat};
use plans::{Document, Reading};
use serde_json::{Value, json};

/// Plans that were read by hand.
const PLANS: [(&str, &str); 2] = [
    ("000", "plans/000_3aca1d5c212b69e7.txt"),
    ("004", "plans/004_b8fc9bd2324ce963.txt"),
];
const LEAST_F1_OF_NAMES: f64 = 0.97;
/// Of the structures that were found by hand, and of those that the reader finds.
const LEAST_RECALL: f64 = 0.86;
const LEAST_PRECISION: f64 = 0.86;
/// Of the places that were located by hand, the share that the reader puts within 25 km of them.
const LEAST_LOCATED: f64 = 0.97;

/// A file of the folder that a checkout of the project has beside it.
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

/// Scores lines against a reference: the last line of what the scorer says.
fn scored(what: &str, plan: &str, lines: &[Value]) -> Option<String> {
    let scorer = shared("tools/score.py")?;
    let reference = shared(&format!("reference/{what}_{plan}.json"))?;
    let read = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{what}_{plan}.json"));
    std::fs::write(&read, Value::from(lines).to_string()).expect("a file of our own");
    let Ok(run) = Command::new("python3")
        .arg(scorer)
        .arg(what)
        .arg(reference)
        .arg(read)
        .output()
    else {
        println!("SKIPPED: no python3");
        return None;
    };
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{plan}: {said}");
    said.lines().last().map(str::to_owned)
}

/// The number after a word.
fn after(line: &str, word: &str) -> f64 {
    let rest = line.split_once(word).map_or("", |(_, rest)| rest);
    let number = rest
        .trim_start()
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .next();
    let number = number.and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("no number after {word} in {line}"))
}

fn read<'g>(gazetteer: &'g Gazetteer, file: &str) -> Option<Reading<'g>> {
    let document = Document::open(&shared(file)?).expect("a text");
    Some(Reading::new(gazetteer, document.text(), None).expect("short"))
}

#[test]
fn names_are_read_as_by_hand() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    for (plan, file) in PLANS {
        let Some(reading) = read(&gazetteer, file) else {
            return;
        };
        let alone = reading
            .mentions
            .iter()
            .filter(|mention| mention.inside.is_none());
        let lines: Vec<Value> = alone
            .map(|mention| {
                let place = mention.senses.first().and_then(|sense| sense.found.place.position);
                json!({"surface": mention.surface, "lon": place.map(LonLat::lon), "lat": place.map(LonLat::lat)})
            })
            .collect();
        let Some(score) = scored("toponyms", plan, &lines) else {
            return;
        };
        assert!(after(&score, "F1") >= LEAST_F1_OF_NAMES, "{plan}: {score}");
        let by_hand = after(&score, &format!("located {}/", after(&score, "located")));
        assert!(
            after(&score, "within 25 km") >= LEAST_LOCATED * by_hand,
            "{plan}: {score}"
        );
    }
}

#[test]
fn structures_are_read_as_by_hand() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    for (plan, file) in PLANS {
        let Some(reading) = read(&gazetteer, file) else {
            return;
        };
        let found = reading.structures.iter();
        let lines = found
            .map(|found| json!({"name": found.name, "kind": found.kind, "members": found.members}));
        let lines: Vec<Value> = lines.collect();
        let Some(score) = scored("structures", plan, &lines) else {
            return;
        };
        assert!(after(&score, "R") >= LEAST_RECALL, "{plan}: {score}");
        assert!(after(&score, " P") >= LEAST_PRECISION, "{plan}: {score}");
    }
}
