//! The project and the styles of an atlas in other programs: `atlas.qgz` as QGIS opens it in another folder, SLD as QGIS reads
//! it, the web style as the validator of `MapLibre` sees it.
#![allow(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::{repository, stdout, succeeds, tool};
use serde_json::{Value, json};

/// The three layers with builders of their own, which have print layouts, and one plan's railways.
fn build(out: &Path) {
    let out = out.to_str().expect("UTF-8");
    let layers = [
        "chongqing-metropolitan-area",
        "cross-border-platforms",
        "chengdu-chongqing-axis",
        "chengyu-2016-railways",
    ];
    let mut arguments = vec!["build", "-q", "-o", out];
    arguments.extend(layers.iter().flat_map(|layer| ["--layer", layer]));
    stdout(&arguments, 0);
}

/// The atlas, built once for all tests here.
fn atlas() -> &'static Path {
    static ATLAS: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = ATLAS.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("atlas");
        build(&path);
        (folder, path)
    });
    path
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn names(tree: &Value) -> Vec<&str> {
    let rows = tree.as_array().expect("a group");
    rows.iter()
        .map(|row| row[0].as_str().expect("a name"))
        .collect()
}

#[test]
fn the_project_opens_elsewhere_as_a_finished_map() {
    let Some(python) = tool("/usr/bin/python3", &["-c", "import qgis.core"]) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let moved = folder.path().join("移动 之后");
    copy(atlas(), &moved);
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).expect("a folder");
    let output = succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/check_project.py"))
            .arg(moved.join("atlas.qgz"))
            .arg("--pages")
            .arg(&pages),
    );
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");

    assert_eq!(seen["crs"], "EPSG:4544");
    assert_eq!(
        names(&seen["tree"]),
        ["专题", "成渝城市群发展规划", "未定位", "底图"]
    );
    assert_eq!(
        names(&seen["tree"][0][2]),
        ["重庆都市圈", "川渝毗邻地区合作平台", "成渝发展主轴"]
    );
    let bookmarks: Vec<&str> = names_of(&seen["bookmarks"]);
    assert_eq!(bookmarks, ["全区", "成都市", "重庆中心城区"]);
    let west = seen["view"][0].as_f64().expect("a number");
    assert!(
        (105.0..105.5).contains(&west),
        "the first map is what is seen: {west}"
    );

    let manifest = read_json(&moved.join("atlas.json"));
    layers_are_those_of_the_manifest(&seen, &manifest, &moved);
    layouts_are_finished(&seen);
}

fn names_of(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter().map(|one| one.as_str().expect("text")).collect()
}

fn layers_are_those_of_the_manifest(seen: &Value, manifest: &Value, moved: &Path) {
    let layers: BTreeMap<&str, &Value> = seen["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .map(|layer| (layer["id"].as_str().expect("an id"), layer))
        .collect();
    for layer in layers.values() {
        assert_eq!(layer["valid"], true, "{layer}");
        assert!(layer["features"].as_i64().expect("a count") > 0, "{layer}");
    }
    let mut rows = 0;
    for built in manifest["layers"].as_array().expect("layers") {
        rows += usize::from(!built["unlocated_file"].is_null());
        for table in built["tables"].as_array().expect("tables") {
            let id = format!("atlas_layer_{}", table["id"].as_str().expect("an id"));
            let layer = layers.get(id.as_str()).unwrap_or_else(|| panic!("no {id}"));
            assert_eq!(layer["features"], table["features"], "{id}");
            assert_eq!(layer["crs"], "EPSG:4326");
            let source = Path::new(layer["source"].as_str().expect("a path"));
            assert_eq!(source, moved.join(table["file"].as_str().expect("a path")));
            assert_eq!(layer["aliases"]["article"], "条目");
            assert_eq!(layer["widgets"]["kind"], "ValueMap");
            assert_eq!(layer["form"], serde_json::json!(["内容", "出处", "几何"]));
            assert!(
                layer["tip"].as_str().expect("a tip").contains("article"),
                "{id}"
            );
        }
    }
    let of_rows = layers.keys().filter(|id| id.contains("_rows_")).count();
    assert_eq!(
        of_rows, rows,
        "one table of what is not located a layer that has one"
    );
    let railways = layers["atlas_layer_chengyu-2016-railways-lines"];
    assert_eq!(railways["kinds"]["railway"], "铁路");
    for land in ["rivers", "borders", "units", "land"] {
        assert!(
            layers.contains_key(format!("atlas_layer_ground-{land}").as_str()),
            "{land}"
        );
    }
}

fn layouts_are_finished(seen: &Value) {
    let layouts = seen["layouts"].as_array().expect("layouts");
    let titles = ["川渝毗邻地区合作平台", "成渝发展主轴", "重庆都市圈"];
    let expected: Vec<String> = titles
        .iter()
        .flat_map(|title| ["A3", "A4"].map(|paper| format!("{title}（{paper}）")))
        .collect();
    let found: Vec<&str> = layouts
        .iter()
        .map(|layout| layout["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(found, expected);
    for layout in layouts {
        let name = layout["name"].as_str().expect("a name");
        let (title, a3) = (
            name.split('（').next().expect("a title"),
            name.contains("A3"),
        );
        let width = layout["paper"][0].as_f64().expect("mm");
        assert!(
            (width - if a3 { 420.0 } else { 297.0 }).abs() < 0.1,
            "{name}: {width} mm"
        );
        assert_eq!(layout["map"]["theme"], title);
        assert_eq!(layout["map"]["crs"], "EPSG:4544");
        let theme = names_of(&seen["themes"][title]);
        let legend = names_of(&layout["legend"]);
        assert!(!legend.is_empty(), "{name} has a legend");
        assert!(
            legend.iter().all(|id| theme.contains(id)),
            "{name}: {legend:?} {theme:?}"
        );
        assert_eq!(layout["north"], true);
        assert_eq!(layout["scale_bar"][1], true);
        let labels = names_of(&layout["labels"]);
        assert!(
            labels.contains(&title) && labels.contains(&"示意图"),
            "{labels:?}"
        );
        assert!(
            labels.iter().any(|label| label.starts_with("资料来源")),
            "{labels:?}"
        );
        assert_eq!(layout["exported"], true);
        // The legend ends above the scale bar, and stays in its column.
        let largest = if a3 { std::f64::consts::SQRT_2 } else { 1.0 };
        let legend_box = |side: usize| layout["legend_box"][side].as_f64().expect("mm") / largest;
        assert!(
            legend_box(3) > legend_box(1) + 5.0,
            "{name} has rows in its legend"
        );
        assert!(
            legend_box(2) < 77.0 && legend_box(3) < 174.0,
            "{name}: {layout}"
        );
    }
}

#[test]
fn qgis_reads_every_sld_with_its_classes() {
    let Some(python) = tool("/usr/bin/python3", &["-c", "import qgis.core"]) else {
        return;
    };
    let manifest = read_json(&atlas().join("atlas.json"));
    let tables = manifest["layers"].as_array().expect("layers").iter();
    let tables: Vec<&Value> = tables
        .flat_map(|layer| layer["tables"].as_array().expect("tables"))
        .collect();
    let files = tables
        .iter()
        .map(|table| atlas().join(table["file"].as_str().expect("a path")));
    let output = succeeds(
        Command::new(python)
            .arg(repository().join("tests/readers/check_sld.py"))
            .args(files),
    );
    let seen = String::from_utf8(output.stdout).expect("UTF-8");
    let seen: Vec<Value> = seen
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(seen.len(), tables.len());
    let mut told = 0;
    for (table, seen) in tables.iter().zip(&seen) {
        // The same table by the style file that QGIS takes by itself.
        assert_eq!(seen["rules"], seen["classes"], "{table}: {seen}");
        assert_eq!(seen["undrawn"], 0, "{seen}");
        assert_eq!(seen["labels"], seen["labels_of_qml"], "{seen}");
        told += how_far_lines_are(&seen["dashes"]);
        assert_eq!(
            how_far_lines_are(&seen["dashes"]),
            how_far_lines_are(&seen["dashes_of_qml"])
        );
    }
    assert!(told > 5, "{told} classes of lines say how far these are");
}

/// How many classes say how far their lines are; that they have the dashes of it, in widths of the line.
fn how_far_lines_are(classes: &Value) -> usize {
    let classes = classes.as_object().expect("classes");
    let mut told = 0;
    for (title, dashes) in classes {
        let Some((_, status)) = title.split_once('·') else {
            continue;
        };
        let wanted = match status {
            "在建、推进建设" => json!([6.0, 2.0]),
            "规划、拟开工" => json!([2.7, 2.0]),
            "研究、前期工作" => json!([0.0, 2.2]),
            "既有或改造" => Value::Null,
            other => panic!("{other} is no status"),
        };
        let dashes = dashes.as_array().expect("dashes");
        if wanted.is_null() {
            // A ladder on a line that is there has light dashes of one length.
            let even = |dash: &Value| dash[0] == dash[1];
            assert!(dashes.iter().all(even), "{title}: {dashes:?}");
        } else {
            assert!(dashes.contains(&wanted), "{title}: {dashes:?}");
        }
        told += 1;
    }
    told
}

#[test]
fn the_web_style_is_valid_and_draws_what_the_tiles_hold() {
    let Some(node) = tool("node", &["--version"]) else {
        return;
    };
    let Some(modules) = std::env::var_os("YUTU_NODE_MODULES").map(PathBuf::from) else {
        assert!(
            std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
            "the packages of tests/readers/package.json are missing; scripts/test installs them"
        );
        println!(
            "SKIPPED: @maplibre/maplibre-gl-style-spec is not installed; scripts/test installs it"
        );
        return;
    };
    let style = atlas().join("atlas.style.json");
    let validator = modules.join("@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.mjs");
    let output = Command::new(node)
        .arg(validator)
        .arg(&style)
        .output()
        .expect("node starts");
    // Without glyphs Chinese is set in the reader's fonts, which the page has to allow: the one thing that is said.
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let complaints: BTreeSet<&str> = said
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.contains("glyphs"))
        .collect();
    assert!(complaints.is_empty(), "{complaints:?}");

    let archive = atlas().join("atlas.pmtiles");
    let seen = common::json(&[
        "tile",
        "inspect",
        "--json",
        archive.to_str().expect("UTF-8"),
    ]);
    let held: BTreeSet<&str> = seen["layers"]
        .as_object()
        .expect("layers by name")
        .keys()
        .map(String::as_str)
        .collect();
    let style = read_json(&style);
    let drawn: BTreeSet<&str> = style["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .filter_map(|layer| layer["source-layer"].as_str())
        .collect();
    assert!(drawn.is_subset(&held), "{:?}", drawn.difference(&held));
    let tables: BTreeSet<&str> = held
        .iter()
        .copied()
        .filter(|name| !name.ends_with("-labels"))
        .collect();
    assert!(tables.is_subset(&drawn), "{:?}", tables.difference(&drawn));
}
