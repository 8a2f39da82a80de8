//! An atlas from the catalogue of any plan: `yutu build --plan`.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::{repository, stderr, succeeds, tool, yutu};
use serde_json::Value;

/// An invented plan on the coast, far from the plans that come with the program.
const COAST: &str = r#"
[plan]
id = "coast-2022"
title = "沿海示例规划"
short_title = "沿海示例规划"
issuer = "示例"
date = "2022-06"

[[structure]]
id = "ring"
name = "示例都市圈"
kind = "metropolitan_area"
article = "一"
excludes = ["平潭县"]

[[structure.group]]
role = "核心"
article = "一"
members = ["福州市"]

[[structure.group]]
role = "支点"
article = "一"
members = ["莆田市", { name = "延平区", partial = true }]

[[structure]]
id = "old-town"
name = "古城片区"
kind = "zone"
article = "二"
members = ["鼓楼区"]
confidence = 0.81

[[structure]]
id = "line"
name = "示例铁路"
kind = "railway"
article = "三"
status = "规划研究"
members = ["南平市", "福州市", "宁德市"]

[[structure]]
id = "axis"
name = "示例发展轴"
kind = "development_axis"
article = "三"
ends = ["宁德市", "厦门市"]
members = ["泉州市", "福州市", "莆田市"]

[[structure]]
id = "links"
name = "区域协作"
kind = "regional_link"
article = "四"
members = ["福州市", "温州市", "上海市", "福州市", "温州市"]

[[structure]]
id = "parks"
name = "合作园区"
kind = "industrial_park"
article = "五"
members = ["福清市", "并无此地"]

[[structure]]
id = "nowhere"
name = "并无此港"
kind = "port"
article = "五"
members = ["也无此地"]

[[structure]]
id = "undecided"
name = "待定机场"
kind = "airport"
article = "五"
unlocated = "选址未定"
"#;

/// An invented plan by a river that the program has a line of.
const RIVER: &str = r#"
[plan]
id = "river-2022"
title = "沿江示例规划"
short_title = "沿江示例规划"
issuer = "示例"
date = "2022"

[[structure]]
id = "reach"
name = "示例航道"
kind = "waterway"
article = "一"
members = ["长江", "宜宾市", "泸州市"]

[[structure]]
id = "ports"
name = "重庆江北国际机场"
kind = "airport"
article = "一"
members = ["渝北区"]

[[structure]]
id = "barrier"
name = "生态屏障"
kind = "ecological_barrier"
article = "一"
members = ["渝北区", "长江", "嘉陵江"]

[[structure]]
id = "cities"
name = "中心城市"
kind = "core_city"
article = "一"
members = ["成渝"]
"#;

fn write_plan(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("plan.toml");
    std::fs::write(&file, text).expect("writable");
    file
}

fn build(plan: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = write_plan(folder.path(), plan);
    let out = folder.path().join("atlas");
    let arguments = ["build", "--plan", text(&file), "--out", text(&out)];
    let output = yutu(&arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{said}"
    );
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The atlas of the coast, once for all tests of this file.
fn coast() -> PathBuf {
    static BUILT: OnceLock<tempfile::TempDir> = OnceLock::new();
    BUILT.get_or_init(|| build(COAST)).path().join("atlas")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).expect("JSON")
}

/// The features of a table by their identifiers.
fn features(atlas: &Path, table: &str) -> BTreeMap<String, Value> {
    let table = json(&atlas.join(format!("layers/{table}.geojson")));
    let features = table["features"].as_array().expect("features").iter();
    let by_id = features.map(|f| (f["id"].as_str().expect("text").to_owned(), f.clone()));
    by_id.collect()
}

#[test]
fn members_become_an_area_less_what_is_excluded() {
    let areas = features(&coast(), "scopes-and-regions-areas");
    let ring = &areas["ring"]["properties"];
    // 福州 without 平潭, 莆田, and 延平, in published figures 11 600 + 4 120 + 2 653 km².
    let area = ring["area_km2"].as_f64().expect("an area");
    assert!((17_500.0..19_000.0).contains(&area), "{area}");
    assert_eq!(ring["quality"], "partial");
    let note = ring["quality_note"].as_str().expect("text");
    assert!(note.contains("平潭县") && note.contains("延平区"), "{note}");
    assert_eq!(ring["roles"], "核心：福州市；支点：莆田市、延平区");
    let members = features(&coast(), "scopes-and-regions-members");
    let roles: Vec<&str> = members
        .values()
        .filter_map(|member| member["properties"]["roles"].as_str())
        .collect();
    assert_eq!(roles, ["核心", "支点", "支点"]);
}

#[test]
fn of_namesakes_the_one_near_the_other_places_is_meant() {
    // There is a 鼓楼区 in 南京, 徐州, 开封 and 福州.
    let areas = features(&coast(), "scopes-and-regions-areas");
    let zone = &areas["old-town"];
    let at = &zone["geometry"]["coordinates"][0][0][0];
    let (lon, lat) = (
        at[0].as_f64().expect("a number"),
        at[1].as_f64().expect("a number"),
    );
    assert!(
        (119.0..119.6).contains(&lon) && (25.9..26.3).contains(&lat),
        "{lon}, {lat}"
    );
    assert_eq!(zone["properties"]["quality"], "surveyed");
    let note = zone["properties"]["quality_note"].as_str().expect("text");
    assert!(note.contains("0.81"), "{note}");
}

#[test]
fn a_railway_keeps_the_order_of_the_plan_and_an_axis_takes_that_of_the_map() {
    let railway = &features(&coast(), "railways-lines")["line"]["properties"];
    assert_eq!(railway["members"], "南平市、福州市、宁德市");
    assert_eq!(railway["quality"], "through_nodes");
    let axis = &features(&coast(), "axes-and-belts-lines")["axis"]["properties"];
    assert_eq!(axis["members"], "宁德市、福州市、莆田市、泉州市、厦门市");
    let links = features(&coast(), "opening-and-links-lines");
    assert_eq!(links.keys().collect::<Vec<_>>(), ["links/1", "links/2"]);
}

#[test]
fn what_has_no_place_is_listed_with_its_reason_and_stops_nothing() {
    let listed = |layer: &str| read(&coast().join(format!("layers/{layer}-unlocated.csv")));
    let parks = listed("industry-and-science");
    assert!(
        parks.contains("并无此地,industrial_park,coast-2022,五,"),
        "{parks}"
    );
    assert!(features(&coast(), "industry-and-science-points").contains_key("parks"));
    let ports = listed("waterways-and-ports");
    assert!(
        ports.contains("也无此地,") && ports.contains("并无此港,"),
        "{ports}"
    );
    assert!(listed("airports-and-logistics").contains("待定机场,airport,coast-2022,五,选址未定"));
    let manifest = json(&coast().join("atlas.json"));
    let layers = manifest["layers"].as_array().expect("layers");
    for layer in layers {
        let drawn = layer["tables"]
            .as_array()
            .is_some_and(|tables| !tables.is_empty());
        assert_eq!(layer["map"].is_string(), drawn, "{layer}");
    }
    assert_eq!(manifest["plans"][0]["id"], "coast-2022");
}

#[test]
fn a_waterway_follows_its_river_and_a_site_its_own_place() {
    let folder = build(RIVER);
    let atlas = folder.path().join("atlas");
    let reach = &features(&atlas, "waterways-and-ports-lines")["reach"];
    let line = reach["geometry"]["coordinates"].as_array().expect("a line");
    let length = reach["properties"]["length_km"].as_f64().expect("a length");
    // From 宜宾 to 泸州 the river is about 130 km long, the way as the crow flies 85.
    assert!(
        line.len() > 20 && (100.0..160.0).contains(&length),
        "{length}"
    );
    let airport = &features(&atlas, "airports-and-logistics-points")["ports"];
    let lat = airport["geometry"]["coordinates"][1]
        .as_f64()
        .expect("a number");
    assert!((lat - 29.72).abs() < 0.03 && airport["properties"]["quality"] == "point");
    // Rivers among units are lines beside the area.
    assert!(features(&atlas, "ecology-areas").contains_key("barrier"));
    assert_eq!(features(&atlas, "ecology-lines").len(), 2);
    // A short name made of two cities is two cities.
    assert_eq!(features(&atlas, "city-system-points").len(), 2);
}

#[test]
fn gdal_reads_every_table() {
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    let manifest = json(&coast().join("atlas.json"));
    let layers = manifest["layers"].as_array().expect("layers").iter();
    let tables: Vec<&Value> = layers
        .flat_map(|layer| layer["tables"].as_array().expect("tables"))
        .collect();
    assert_eq!(tables.len(), 6, "{tables:?}");
    for table in tables {
        let path = coast().join(table["file"].as_str().expect("a path"));
        let output = Command::new(&ogrinfo)
            .args(["-al", "-so", "-ro"])
            .arg(&path)
            .output()
            .expect("ogrinfo runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{text}"
        );
        let geometry = match table["geometry"].as_str() {
            Some("MultiPolygon") => "Multi Polygon",
            Some("LineString") => "Line String",
            _ => "Point",
        };
        for expected in [
            format!("Geometry: {geometry}"),
            format!("Feature Count: {}", table["features"]),
            "article: String".to_owned(),
        ] {
            assert!(
                text.contains(&expected),
                "{}: {expected}: {text}",
                path.display()
            );
        }
    }
}

#[test]
fn qgis_draws_every_feature_by_its_kind() {
    // The Python that Debian builds QGIS for, not the one of the environment.
    let Some(python) = tool("/usr/bin/python3", &["-c", "import qgis.core"]) else {
        return;
    };
    let manifest = json(&coast().join("atlas.json"));
    let layers = manifest["layers"].as_array().expect("layers").iter();
    for table in layers.flat_map(|layer| layer["tables"].as_array().expect("tables")) {
        let output = succeeds(
            Command::new(&python)
                .arg(repository().join("tests/readers/check_qgis.py"))
                .arg(coast().join(table["file"].as_str().expect("a path"))),
        );
        let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(
            (&seen["valid"], &seen["count"]),
            (&true.into(), &table["features"]),
            "{seen}"
        );
        for wrong in ["invalid", "no_geometry", "undrawn", "repeated_ids"] {
            assert_eq!(seen[wrong], serde_json::json!([]), "{wrong}: {seen}");
        }
        let id = table["id"].as_str().unwrap_or_default();
        let field = match id.rsplit('-').next() {
            Some("members") => "roles",
            Some("lines") => "line_class",
            _ => "kind",
        };
        assert_eq!(seen["renderer"]["field"], field, "{seen}");
    }
}

#[test]
fn every_tile_decodes_and_holds_its_features() {
    let Some(python) = tool(
        "python",
        &["-c", "import mapbox_vector_tile, pmtiles, shapely"],
    ) else {
        return;
    };
    let tables = std::fs::read_dir(coast().join("layers")).expect("a folder");
    let tables = tables.map(|entry| entry.expect("an entry").path());
    let tables = tables.filter(|path| path.extension().is_some_and(|ending| ending == "geojson"));
    let output = Command::new(python)
        .arg(repository().join("tests/readers/check_pmtiles.py"))
        .arg(coast().join("atlas.pmtiles"))
        .arg("--features")
        .args(tables)
        .output()
        .expect("Python starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let again = build(COAST);
    let again = again.path().join("atlas");
    for part in ["", "layers", "maps"] {
        let names = |atlas: &Path| {
            let listed = std::fs::read_dir(atlas.join(part)).expect("a folder");
            let mut names: Vec<_> = listed
                .map(|entry| entry.expect("an entry").file_name())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&coast()), names(&again));
        for name in names(&again) {
            let [first, second] =
                [coast(), again.clone()].map(|atlas| atlas.join(part).join(&name));
            if first.is_file() {
                assert!(
                    std::fs::read(&first).expect("readable")
                        == std::fs::read(second).expect("readable"),
                    "{} differs",
                    first.display()
                );
            }
        }
    }
}

#[test]
fn a_plan_without_a_place_is_an_atlas_without_maps() {
    let head = &COAST[..COAST.find("[[structure]]").expect("a structure")];
    let folder = build(&format!(
        "{head}[[structure]]\nid = \"a\"\nname = \"数据中心\"\nkind = \"other\"\narticle = \"一\"\nunlocated = \"选址未定\"\n"
    ));
    let atlas = folder.path().join("atlas");
    let manifest = json(&atlas.join("atlas.json"));
    assert!(manifest["tiles"].is_null() && manifest["bbox"].is_null());
    assert_eq!(manifest["layers"][0]["unlocated"][0]["reason"], "选址未定");
    assert!(!atlas.join("atlas.pmtiles").exists());
}

#[test]
fn a_mistake_is_named_with_its_line_and_touches_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("atlas");
    let said = |plan: &str| {
        let file = write_plan(folder.path(), plan);
        stderr(&["build", "--plan", text(&file), "--out", text(&out)], 2)
    };
    let kind = said(&COAST.replace("\"railway\"", "\"railroad\""));
    let line = COAST
        .lines()
        .position(|line| line == "kind = \"railway\"")
        .expect("a line")
        + 1;
    assert!(
        kind.contains("plan.toml")
            && kind.contains(&format!("line {line},"))
            && kind.contains("`railroad`"),
        "{kind}"
    );
    let empty = said(&COAST.replace("members = [\"鼓楼区\"]\n", ""));
    let block = COAST.find("id = \"old-town\"").expect("a block");
    let line = COAST[..block].matches('\n').count();
    assert!(
        empty.contains(&format!("plan.toml:{line}: ")) && empty.contains("old-town"),
        "{empty}"
    );
    assert!(!out.exists());
    let undated = folder.path().join("plan.txt");
    std::fs::write(&undated, "一、交通\n加快建设莆田机场。\n").expect("a file");
    let other = stderr(&["build", "--plan", text(&undated), "--out", text(&out)], 2);
    assert!(
        other.contains("plan.txt") && other.contains("--as-of"),
        "{other}"
    );
    assert!(!out.exists());
}
