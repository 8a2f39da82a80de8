//! The atlas of all layers: nothing is lost between the catalogue and the files, and no feature is drawn by guess.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use common::{repository, stdout, succeeds, tool};
use serde_json::Value;

fn atlas() -> &'static Path {
    static BUILT: OnceLock<tempfile::TempDir> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        stdout(
            &["build", "--out", folder.path().to_str().expect("UTF-8")],
            0,
        );
        folder
    });
    built.path()
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| read_json(&atlas().join("atlas.json")))
}

fn layers() -> &'static [Value] {
    manifest()["layers"].as_array().expect("layers")
}

/// Every table of every layer: the layer, the table, its features.
fn tables() -> &'static [(&'static Value, &'static Value, Vec<Value>)] {
    static READ: OnceLock<Vec<(&'static Value, &'static Value, Vec<Value>)>> = OnceLock::new();
    READ.get_or_init(|| {
        let all = layers().iter().flat_map(|layer| {
            let tables = layer["tables"].as_array().expect("tables");
            tables.iter().map(move |table| (layer, table))
        });
        all.map(|(layer, table)| {
            let file = atlas().join(table["file"].as_str().expect("a path"));
            let Value::Array(features) = read_json(&file)["features"].take() else {
                panic!("{} has features", file.display());
            };
            (layer, table, features)
        })
        .collect()
    })
}

/// The structures of the catalogue: (plan, identifier) and the row.
fn structures() -> BTreeMap<(String, String), Value> {
    let said = stdout(&["structures", "--json"], 0);
    let rows = said.lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect("an object a line");
        let word = |key: &str| row[key].as_str().expect("text").to_owned();
        ((word("plan"), word("id")), row)
    });
    rows.collect()
}

/// The layers that general rules make of a plan; their identifiers begin with the plan's.
fn of_plan(layer: &Value) -> Option<&str> {
    let id = layer["id"].as_str()?;
    let plans = manifest()["plans"].as_array()?;
    let plans = plans.iter().filter_map(|plan| plan["id"].as_str());
    plans
        .into_iter()
        .find(|plan| id.starts_with(&format!("{plan}-")))
}

#[test]
fn every_structure_is_drawn_or_listed_with_its_reason() {
    let structures = structures();
    let mut drawn: BTreeSet<(String, String)> = BTreeSet::new();
    for (layer, _, features) in tables() {
        let Some(plan) = of_plan(layer) else { continue };
        for feature in features {
            let id = feature["id"].as_str().expect("an identifier");
            let id = id.split('/').next().unwrap_or(id);
            drawn.insert((plan.to_owned(), id.to_owned()));
        }
    }
    let mut listed: BTreeSet<(String, String)> = BTreeSet::new();
    for layer in layers().iter().filter(|layer| of_plan(layer).is_some()) {
        for row in layer["unlocated"].as_array().expect("a list") {
            let word = |key: &str| row[key].as_str().unwrap_or("").to_owned();
            assert!(!word("reason").is_empty(), "{row}");
            listed.insert((word("plan"), word("name")));
        }
    }
    let lost: Vec<_> = structures
        .iter()
        .filter(|(key, row)| {
            let name = row["name"].as_str().expect("a name").to_owned();
            !drawn.contains(*key) && !listed.contains(&(key.0.clone(), name))
        })
        .map(|(key, _)| key)
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let unknown: Vec<_> = drawn
        .iter()
        .filter(|key| !structures.contains_key(*key))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_feature_cites_its_plan_and_says_how_good_its_geometry_is() {
    let qualities = [
        "surveyed",
        "dissolved",
        "partial",
        "through_nodes",
        "reach",
        "point",
        "approximate",
    ];
    let structures = structures();
    let mut count = 0;
    for (layer, table, features) in tables() {
        for feature in features {
            count += 1;
            let said = &feature["properties"];
            let word = |key: &str| said[key].as_str().unwrap_or("");
            assert!(qualities.contains(&word("quality")), "{feature}");
            assert!(
                !word("article").is_empty() && !word("sources").is_empty(),
                "{said}"
            );
            assert_eq!(feature["geometry"]["type"], table["geometry"], "{said}");
            let Some(plan) = of_plan(layer) else { continue };
            assert_eq!(word("plan"), plan, "{said}");
            let id = feature["id"].as_str().expect("an identifier");
            let row = &structures[&(
                plan.to_owned(),
                id.split('/').next().unwrap_or(id).to_owned(),
            )];
            // A member with a role has the article of its role.
            let roles = row["roles"].as_object().expect("roles");
            if roles.is_empty() {
                let articles = row["articles"].as_array().expect("articles").iter();
                let articles: Vec<_> = articles.filter_map(Value::as_str).collect();
                assert_eq!(word("article"), articles.join("；"), "{said}");
                let status = row["status"].as_str().unwrap_or("");
                assert_eq!(word("status"), status, "{said}");
            }
        }
    }
    assert!(count > 2_000, "{count}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let again = tempfile::tempdir().expect("a folder");
    stdout(
        &["build", "--out", again.path().to_str().expect("UTF-8")],
        0,
    );
    for part in ["layers", "maps", ""] {
        let mut files = 0;
        for entry in std::fs::read_dir(atlas().join(part)).expect("readable") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                files += 1;
                let name = path.file_name().expect("a name");
                let (one, other) = (
                    std::fs::read(&path).expect("readable"),
                    std::fs::read(again.path().join(part).join(name)).expect("readable"),
                );
                assert!(one == other, "{} differs between two runs", path.display());
            }
        }
        assert!(files > 1, "{part}");
    }
}

#[test]
fn gdal_counts_the_features_of_every_table() {
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    for (_, table, features) in tables() {
        let file = atlas().join(table["file"].as_str().expect("a path"));
        let run = Command::new(&ogrinfo)
            .args(["-ro", "-al", "-so"])
            .arg(&file)
            .output()
            .expect("ogrinfo starts");
        let said = String::from_utf8(run.stdout).expect("UTF-8");
        let wanted = format!("Feature Count: {}", features.len());
        assert!(
            run.status.success() && said.contains(&wanted),
            "{}: {said}",
            file.display()
        );
    }
}

#[test]
fn qgis_opens_every_table_and_draws_every_feature() {
    // The Python that Debian builds QGIS for, not the one of the environment.
    let Some(python) = tool("/usr/bin/python3", &["-c", "import qgis.core"]) else {
        return;
    };
    let files = tables()
        .iter()
        .map(|(_, table, _)| atlas().join(table["file"].as_str().expect("a path")));
    let run = succeeds(
        Command::new(&python)
            .arg(repository().join("tests/readers/check_qgis.py"))
            .args(files),
    );
    let said = String::from_utf8(run.stdout).expect("UTF-8");
    let seen: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(seen.len(), tables().len());
    for (seen, (_, table, _)) in seen.iter().zip(tables()) {
        let id = &table["id"];
        assert_eq!(seen["crs"], "EPSG:4326", "{id}");
        assert_eq!(
            (&seen["count"], &seen["geometry"]),
            (&table["features"], &table["geometry"]),
            "{id}"
        );
        for wrong in ["invalid", "no_geometry", "undrawn", "repeated_ids"] {
            assert_eq!(seen[wrong], serde_json::json!([]), "{id}: {wrong}");
        }
    }
}

/// What `yutu convert` says of points that look moved (GCJ-02) is no false alarm on any layer.
#[test]
fn no_layer_is_suspected_to_be_moved() {
    let out = tempfile::tempdir().expect("a folder");
    let out = out.path().join("a.ndjson");
    let mut files = 0;
    for (_, table, _) in tables() {
        let file = atlas().join(table["file"].as_str().expect("a path"));
        let output = common::yutu(&[
            "convert",
            file.to_str().expect("UTF-8"),
            "-o",
            out.to_str().expect("UTF-8"),
            "--force",
        ]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && !said.contains("GCJ-02"),
            "{}: {said}",
            file.display()
        );
        files += 1;
    }
    assert!(files > 100, "{files} tables");
}
