//! What the plans say, asked on the command line.
#![expect(
    clippy::print_stdout,
    reason = "a skipped check is said in the test log"
)]

mod common;

use std::process::Command;

use common::{json, repository, stdout, tool};
use serde_json::Value;

fn lines(arguments: &[&str]) -> Vec<Value> {
    let said = stdout(arguments, 0);
    let lines = said.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect()
}

#[test]
fn structures_are_chosen_by_plan_kind_place_and_status() {
    let all = lines(&["structures", "--json"]);
    assert!(all.len() > 2_000, "{}", all.len());
    let chosen = lines(&[
        "structures",
        "--plan",
        "cqmetro-2022",
        "--kind",
        "node_city",
        "--place",
        "合川",
        "--json",
    ]);
    assert!(!chosen.is_empty());
    for row in &chosen {
        assert_eq!(
            (&row["plan"], &row["kind"]),
            (&"cqmetro-2022".into(), &"node_city".into())
        );
        assert!(row.to_string().contains("合川"), "{row}");
        assert!(
            row["article"]
                .as_str()
                .is_some_and(|article| !article.is_empty())
        );
    }
    let opened = lines(&[
        "structures",
        "--status",
        "开工建设",
        "--kind",
        "railway",
        "--json",
    ]);
    assert!(
        opened.iter().any(|row| row["alias"] == "成渝中线高铁"),
        "{opened:?}"
    );
    // The same thing in other plans.
    let axis = all
        .iter()
        .find(|row| row["id"] == "chengdu-chongqing-axis" && row["plan"] == "implementation-2021")
        .expect("the axis");
    assert!(axis["also"]["chengyu-2016"].is_string(), "{axis}");
    stdout(&["structures", "--place", "没有这个地方"], 1);
}

#[test]
fn sentences_come_only_from_the_texts_of_the_plans() {
    let without = lines(&["structures", "--plan", "south-west-2023", "--json"]);
    assert!(without.iter().all(|row| row["sentence"].is_null()));
    let folder = repository().join("../shared/plans");
    if !folder.is_dir() {
        println!("SKIPPED: no texts of the plans beside the checkout");
        return;
    }
    let folder = folder.to_str().expect("UTF-8");
    let with = lines(&[
        "structures",
        "--plan",
        "south-west-2023",
        "--plans",
        folder,
        "--json",
    ]);
    let out = tempfile::tempdir().expect("a folder");
    let atlas = out.path().to_str().expect("UTF-8");
    let layer = "south-west-2023-railways";
    stdout(
        &["build", "--layer", layer, "--plans", folder, "--out", atlas],
        0,
    );
    let lines = std::fs::read(out.path().join(format!("layers/{layer}-lines.geojson")));
    let lines: Value = serde_json::from_slice(&lines.expect("a file")).expect("JSON");
    let features = lines["features"].as_array().expect("features");
    assert!(features.iter().all(|line| {
        line["properties"]["sentence"]
            .as_str()
            .is_some_and(|sentence| sentence.contains("铁"))
    }));
    assert!(
        with.iter()
            .all(|row| row["sentence"].as_str().is_some_and(|s| !s.is_empty()))
    );
}

#[test]
fn the_audit_finds_lost_decimal_points_by_itself() {
    let said = stdout(&["audit", "--json"], 1);
    let rows: Vec<Value> = serde_json::from_str(&said).expect("an array");
    let of = |plan: &str, figure: &str| -> Vec<&Value> {
        rows.iter()
            .filter(|row| row["plan"] == plan && row["figure"] == figure)
            .collect()
    };
    let cluster = of("chengyu-2016", "总面积")[0];
    assert_eq!(
        (&cluster["verdict"], &cluster["places"]),
        (&"lost_point".into(), &1.into())
    );
    // Without the two counties of which only unnamed parts belong to it.
    let km2 = cluster["measured"][0].as_f64().expect("a number");
    assert!((km2 / 181_500.0 - 1.0).abs() < 0.005, "{km2}");
    assert!(
        cluster["note"]
            .as_str()
            .is_some_and(|note| note.contains("开县、云阳"))
    );
    for (plan, km2) in [("cqmetro-2022", 35_000.0), ("south-west-2023", 46_600.0)] {
        let area = of(plan, "总面积")[0];
        let measured = area["measured"][0].as_f64().expect("a number");
        assert!((measured / km2 - 1.0).abs() < 0.005, "{plan} {measured}");
        assert_eq!(area["verdict"], "agrees", "{area}");
    }
    let built = of("chengyu-2016", "城市建设用地（2020年）");
    let lost: Vec<&Value> = built
        .into_iter()
        .filter(|row| row["verdict"] != "agrees")
        .collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(
        (&lost[0]["name"], &lost[0]["places"]),
        (&"黔江".into(), &1.into())
    );
    let product = of("chengyu-2016", "地区生产总值（2014年）")[0];
    assert_eq!(
        (&product["verdict"], &product["places"]),
        (&"lost_point".into(), &2.into())
    );
    assert_eq!(of("cqmetro-2022", "区的个数")[0]["verdict"], "agrees");
}

#[test]
fn a_place_is_told_by_theme_with_a_map() {
    let folder = tempfile::tempdir().expect("a folder");
    let map = folder.path().join("map.png");
    let about = json(&[
        "about",
        "广安",
        "--json",
        "--out",
        map.to_str().expect("UTF-8"),
    ]);
    assert_eq!(about["place"]["adcode"], "511600");
    let said = about["said"].as_array().expect("a list");
    let has = |id: &str, plan: &str| {
        said.iter()
            .any(|one| one["id"] == id && one["plan"] == plan)
    };
    assert!(has("chongqing-metropolitan-area", "cqmetro-2022"));
    assert!(has("heguangchang-zone", "implementation-2021"));
    let member = said
        .iter()
        .find(|one| one["id"] == "chongqing-metropolitan-area" && one["plan"] == "cqmetro-2022");
    assert_eq!(member.expect("there")["role"], "北部副中心");
    let png = std::fs::read(&map).expect("a picture");
    assert_eq!(png.get(1..4), Some(&b"PNG"[..]));
    stdout(&["about", "没有这个地方"], 1);
}

#[test]
fn what_changed_between_two_plans_is_a_table_and_a_layer() {
    let said = json(&["diff", "chengyu-2016", "implementation-2021", "--json"]);
    let changes = said.as_array().expect("an array");
    let of = |id: &str| {
        changes
            .iter()
            .find(|change| change["after"]["id"] == id || change["before"]["id"] == id)
            .unwrap_or_else(|| panic!("{id} changed"))
    };
    let axis = of("chengdu-chongqing-axis");
    assert!(axis["before"]["article"].is_string() && axis["after"]["article"].is_string());
    assert!(
        changes
            .iter()
            .any(|change| change["changes"] == serde_json::json!(["added"]))
    );
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    stdout(
        &[
            "diff",
            "chengyu-2016",
            "implementation-2021",
            "--kind",
            "railway",
            "-o",
            out,
        ],
        0,
    );
    let lines = folder
        .path()
        .join("chengyu-2016-to-implementation-2021-lines.geojson");
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    let run = Command::new(ogrinfo)
        .args(["-ro", "-al", "-so"])
        .arg(lines)
        .output();
    let info = String::from_utf8(run.expect("ogrinfo starts").stdout).expect("UTF-8");
    assert!(
        info.contains("Geometry: Line String") && info.contains("change: String"),
        "{info}"
    );
}
