//! The command line: answers, errors and exit codes.

mod common;

use std::process::{Command, Stdio};

use common::{json, stderr, stdout, tool};

#[test]
fn a_former_name_leads_to_the_unit_of_today_with_the_year() {
    let places = json(&["places", "开县", "--json"]);
    assert_eq!(places[0]["canonical"], "重庆市开州区");
    assert_eq!(places[0]["adcode"], "500154");
    assert!(
        places[0]["note"]
            .as_str()
            .is_some_and(|note| note.contains("2016年") && note.contains("开县"))
    );
    assert!(stdout(&["places", "开县"], 0).contains("重庆市开州区"));
}

#[test]
fn names_are_those_of_the_date() {
    let canonical = |name: &str, date: &str| {
        json(&["places", name, "--as-of", date, "--json"])[0]["canonical"].clone()
    };
    assert_eq!(canonical("梁平区", "2016-04"), "重庆市梁平县");
    assert_eq!(canonical("梁平区", "2017"), "重庆市梁平区");
    assert_eq!(canonical("开县", "2015"), "重庆市开县");
    let note =
        |date: &str| json(&["places", "渝北区", "--as-of", date, "--json"])[0]["note"].clone();
    assert_eq!(note("2022-08-11"), "");
    assert!(
        note("2026")
            .as_str()
            .is_some_and(|note| note.contains("2025-11-06") && note.contains("撤销"))
    );
}

#[test]
fn full_short_and_prefixed_names_are_one_place() {
    for name in ["永川", "永川区", "重庆市永川区", "重庆永川"] {
        assert_eq!(
            json(&["places", name, "--json"])[0]["id"],
            "500118",
            "{name}"
        );
    }
    assert_eq!(
        json(&["places", "四川省广安市邻水县", "--json"])[0]["id"],
        "511623"
    );
    assert_eq!(
        json(&["places", "石柱", "--json"])[0]["name"],
        "石柱土家族自治县"
    );
    // 广安 is a city and a district of it: both are answers, the city first.
    let guangan = json(&["places", "广安", "--json"]);
    assert_eq!(
        (&guangan[0]["name"], &guangan[1]["name"]),
        (&"广安市".into(), &"广安区".into())
    );
}

#[test]
fn an_unknown_name_is_a_no_with_an_empty_array() {
    let answer = stdout(&["places", "永州区", "--json"], 1);
    assert_eq!(answer.trim(), "[]");
    assert!(stderr(&["places", "永州区"], 1).contains("永川区"));
    assert!(stderr(&["places", "永州区", "--quiet"], 1).is_empty());
}

#[test]
fn near_answers_in_order_and_within_the_radius() {
    let near = json(&["near", "广安", "--radius", "60km", "--json"]);
    let near = near.as_array().expect("an array");
    let distances: Vec<f64> = near
        .iter()
        .map(|n| n["distance_m"].as_f64().expect("metres"))
        .collect();
    assert!(
        distances.is_sorted() && distances.iter().all(|d| *d <= 60_000.0),
        "{distances:?}"
    );
    let names: Vec<&str> = near.iter().filter_map(|n| n["name"].as_str()).collect();
    for name in [
        "广安区",
        "华蓥市",
        "岳池县",
        "前锋区",
        "邻水县",
        "武胜县",
        "渠县",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(
        !names.contains(&"广安市") && !names.contains(&"合川区"),
        "{names:?}"
    );
    assert_eq!(
        json(&["near", "106.633,30.456", "-k", "3", "--json"])
            .as_array()
            .map(Vec::len),
        Some(3)
    );
}

/// A second implementation of the geodesic: `PyPI` `geographiclib`.
#[test]
fn distances_agree_with_geographiclib() {
    let Some(python) = tool("python", &["-c", "import geographiclib"]) else {
        return;
    };
    let near = json(&["near", "广安", "-k", "200", "--json"]);
    let from = json(&["places", "广安", "--json"])[0].clone();
    let script = "
import json, sys
from geographiclib.geodesic import Geodesic
given = json.load(sys.stdin)
a = given['from']
for b in given['near']:
    g = Geodesic.WGS84.Inverse(a['lat'], a['lon'], b['lat'], b['lon'])
    print(g['s12'], g['azi1'] % 360)
";
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let input = serde_json::json!({ "from": from, "near": near });
    serde_json::to_writer(child.stdin.take().expect("piped"), &input).expect("written");
    let output = child.wait_with_output().expect("Python ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let near = near.as_array().expect("an array");
    assert_eq!((text.lines().count(), near.len()), (200, 200));
    for (line, own) in text.lines().zip(near) {
        let theirs: Vec<f64> = line
            .split(' ')
            .map(|number| number.parse().expect("a number"))
            .collect();
        let metres = own["distance_m"].as_f64().expect("metres");
        let bearing = own["bearing_deg"].as_f64().expect("degrees");
        assert!(
            (metres - theirs[0]).abs() < 0.001,
            "{}: {metres} against {}",
            own["name"],
            theirs[0]
        );
        assert!(
            (bearing - theirs[1]).abs() < 0.01,
            "{}: {bearing} against {}",
            own["name"],
            theirs[1]
        );
    }
}

#[test]
fn a_position_answers_with_units_and_layer_features() {
    let at = json(&["at", "106.2661,29.9988", "--json"]);
    let names: Vec<&str> = at["units"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|u| u["name"].as_str())
        .collect();
    assert_eq!(names, ["重庆市", "合川区"]);
    let features = at["features"].as_array().expect("features");
    let member = features
        .iter()
        .find(|f| f["table"] == "chongqing-metropolitan-area")
        .expect("a member");
    assert_eq!(
        (&member["roles"], &member["plan"]),
        (&"战略支点".into(), &"cqmetro-2022".into())
    );
    assert!(features.iter().any(|f| f["id"] == "heguangchang-zone"));
    assert!(!features.iter().any(|f| f["id"] == "gaozhu-new-area"));
    let gaozhu = json(&["at", "106.79,30.05", "--json"]);
    let partial = gaozhu["features"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|f| f["id"] == "gaozhu-new-area");
    assert_eq!(partial.expect("inside")["quality"], "partial");
}

#[test]
fn a_position_outside_the_country_is_a_no() {
    let answer = stdout(&["at", "0,51.5", "--json"], 1);
    assert!(answer.contains("\"units\": []"));
}

#[test]
fn wrong_input_is_one_clear_error() {
    let cases: [(&[&str], &[&str]); 9] = [
        (&["near", "永州区"], &["永州区", "永川区"]),
        (&["at", "29.99,106.26"], &["latitude", "swapped"]),
        (&["at", "106.26"], &["LON,LAT"]),
        (&["near", "106.26,nan"], &["outside"]),
        (&["near", "广安", "--radius", "60"], &["60km"]),
        (
            &["places", "开县", "--as-of", "2016-13"],
            &["2016-13", "YYYY-MM"],
        ),
        (
            &["build", "--layer", "no-such-layer", "--out", "/nonexistent"],
            &["no-such-layer", "cross-border-platforms"],
        ),
        (
            &[
                "tile",
                "chengdu-chongqing-axis",
                "-o",
                "/nonexistent/t.pmtiles",
            ],
            &["/nonexistent/t.pmtiles"],
        ),
        (&["nearby"], &["near"]),
    ];
    for (arguments, expected) in cases {
        let error = stderr(arguments, 2);
        for words in expected {
            assert!(
                error.contains(words),
                "yutu {arguments:?} says `{words}`: {error}"
            );
        }
        assert!(!error.contains("panicked"), "{error}");
    }
}

#[test]
fn a_folder_with_other_files_is_not_written_into() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("thesis.txt"), "mine").expect("written");
    let out = folder.path().to_str().expect("UTF-8");
    let error = stderr(&["build", "--out", out], 2);
    assert!(error.contains("--force") && error.contains(out), "{error}");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("readable")
        .collect();
    assert_eq!(left.len(), 1, "nothing is written beside the file");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yutu"))
        .args(["near", "广安", "-k", "3000", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "{:?}", output.status);
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn completions_are_for_this_program() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(stdout(&["completions", shell], 0).contains("yutu"));
    }
}

#[test]
fn layers_are_listed_with_their_counts() {
    let layers = json(&["layers", "--json"]);
    let count = |id: &str| {
        let table = layers
            .as_array()
            .into_iter()
            .flatten()
            .find(|t| t["id"] == id);
        table.unwrap_or_else(|| panic!("{id} is listed"))["features"].clone()
    };
    assert_eq!(count("chongqing-metropolitan-area"), 22);
    assert_eq!(count("cross-border-platforms"), 10);
    assert_eq!(count("chengdu-chongqing-axis"), 4);
    assert_eq!(count("chengdu-chongqing-axis-nodes"), 11);
}
