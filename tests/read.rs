//! `yutu read` and `yutu build --plan` on the text of a plan, as a user runs them.

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{stderr, stdout, yutu};
use serde_json::Value;

/// A plan of a region that none of the five is about, written for this test.
const PLAN: &str = "闽东沿海都市圈发展规划\n闽政发〔2022〕5号\n2022年3月1日\n\
    第一章 总体要求\n规划范围包括福州市、莆田市、宁德市、南平市。\n\
    第二章 交通\n第一节 铁路\n加快建设福州至莆田铁路，规划研究宁德至南平铁路。\n\
    第二节 机场\n规划建设莆田、宁德等支线机场。\n\
    第三章 合作\n支持福州、莆田共建滨海产业园。\n";

fn plan(folder: &Path) -> PathBuf {
    let file = folder.join("coast.txt");
    std::fs::write(&file, PLAN).expect("a file");
    file
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON lines")
}

#[test]
fn every_name_and_structure_stands_where_its_line_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = plan(folder.path());
    let file = file.to_str().expect("UTF-8");
    let names = lines(&stdout(&["read", file, "--mentions"], 0));
    assert!(names.len() > 10, "{names:?}");
    for name in &names {
        let at = |key: &str| usize::try_from(name[key].as_u64().expect("a number")).expect("small");
        assert_eq!(&PLAN[at("start")..at("end")], name["surface"], "{name}");
    }
    let ningde = names
        .iter()
        .find(|name| name["surface"] == "宁德")
        .expect("named");
    assert_eq!(ningde["article"], "第二章第一节");
    assert_eq!(ningde["place"], "350900");

    let structures = lines(&stdout(&["read", file, "--structures"], 0));
    let structure = |name: &str| {
        let found = structures.iter().find(|found| found["name"] == name);
        found.unwrap_or_else(|| panic!("{name} in {structures:?}"))
    };
    let railway = structure("福州至莆田铁路");
    assert_eq!(railway["kind"], "railway");
    assert_eq!(railway["members"], serde_json::json!(["福州", "莆田"]));
    assert_eq!(railway["status"], "under_construction");
    assert_eq!(structure("宁德至南平铁路")["status"], "studied");
    for airport in ["莆田支线机场", "宁德支线机场"] {
        assert_eq!(structure(airport)["kind"], "airport");
        assert_eq!(structure(airport)["article"], "第二章第二节");
    }
    let park = structure("滨海产业园");
    let at = |key: &str| usize::try_from(park[key].as_u64().expect("a number")).expect("small");
    assert_eq!(
        &PLAN[at("start")..at("end")],
        "支持福州、莆田共建滨海产业园"
    );
}

#[test]
fn a_catalogue_that_was_read_is_mended_and_built() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = plan(folder.path());
    let catalogue = folder.path().join("coast.toml");
    let atlas = folder.path().join("atlas");
    let [file, toml, out] = [&file, &catalogue, &atlas].map(|path| path.to_str().expect("UTF-8"));
    let written = stdout(&["read", file, "--catalogue", "-o", toml], 0);
    assert!(written.is_empty());
    let read = std::fs::read_to_string(&catalogue).expect("written");
    assert!(
        read.contains("闽政发〔2022〕5号") && read.contains("2022-03-01"),
        "{read}"
    );
    let mended = read.replace("莆田支线机场", "莆田湄洲湾机场");
    assert_ne!(read, mended);
    std::fs::write(&catalogue, mended).expect("a file");
    stdout(&["--quiet", "build", "--plan", toml, "--out", out], 0);
    let airports =
        std::fs::read_to_string(atlas.join("layers/airports-and-logistics-points.geojson"));
    let airports = airports.expect("a layer of airports");
    assert!(airports.contains("莆田湄洲湾机场") && airports.contains("第二章第二节"));
}

#[test]
fn the_text_of_a_plan_becomes_an_atlas_in_one_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = plan(folder.path());
    let atlas = folder.path().join("atlas");
    let [file, out] = [&file, &atlas].map(|path| path.to_str().expect("UTF-8"));
    stdout(&["--quiet", "build", "--plan", file, "--out", out], 0);
    let manifest = std::fs::read_to_string(atlas.join("atlas.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["plans"][0]["title"], "闽东沿海都市圈发展规划");
    assert!(atlas.join("maps/railways.png").exists());
}

#[test]
fn the_page_holds_the_text_and_asks_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = plan(folder.path());
    let page = stdout(&["read", file.to_str().expect("UTF-8"), "--html"], 0);
    assert!(page.contains("福州至莆田铁路") && page.contains("<svg"));
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"));
}

#[test]
fn standard_input_is_read_and_what_has_no_name_says_no() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yutu"))
        .args(["read", "-", "--structures"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(PLAN.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(lines(&String::from_utf8(output.stdout).expect("UTF-8")).len() > 4);

    let folder = tempfile::tempdir().expect("a folder");
    let nothing = folder.path().join("nothing.txt");
    std::fs::write(&nothing, "今天天气很好。\n").expect("a file");
    let nothing = nothing.to_str().expect("UTF-8");
    assert_eq!(
        yutu(&["read", nothing, "--mentions"]).status.code(),
        Some(1)
    );
    let undated = stderr(&["read", nothing, "--catalogue"], 2);
    assert!(
        undated.contains("nothing.txt") && undated.contains("--as-of"),
        "{undated}"
    );
}
