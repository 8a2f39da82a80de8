//! The atlas folder, opened with other people's programs: GDAL, QGIS, shapely, mapbox-vector-tile.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::{repository, stdout, succeeds, tool};
use serde_json::Value;

/// One atlas for all tests of this file.
fn atlas() -> &'static Path {
    static BUILT: OnceLock<tempfile::TempDir> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            build(folder.path());
            folder
        })
        .path()
}

/// The layers that have a builder of their own; `whole_atlas.rs` looks at all.
const LAYERS: [&str; 3] = [
    "chongqing-metropolitan-area",
    "cross-border-platforms",
    "chengdu-chongqing-axis",
];

fn build(out: &Path) {
    let mut arguments = vec!["build", "--out", out.to_str().expect("UTF-8")];
    arguments.extend(LAYERS.iter().flat_map(|layer| ["--layer", layer]));
    let said = stdout(&arguments, 0);
    assert!(said.is_empty(), "what is said goes to stderr: {said}");
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest() -> Value {
    read_json(&atlas().join("atlas.json"))
}

/// Every table of the manifest, with its path.
fn tables() -> Vec<(Value, PathBuf)> {
    let manifest = manifest();
    let layers = manifest["layers"].as_array().expect("layers");
    let tables = layers
        .iter()
        .flat_map(|layer| layer["tables"].as_array().expect("tables"));
    let tables: Vec<_> = tables
        .map(|table| {
            (
                table.clone(),
                atlas().join(table["file"].as_str().expect("a path")),
            )
        })
        .collect();
    assert_eq!(tables.len(), 7);
    tables
}

/// All files of a folder with their bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(here) = folders.pop() {
        for entry in std::fs::read_dir(&here).expect("readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("readable");
                files.insert(path.strip_prefix(folder).expect("inside").to_owned(), bytes);
            }
        }
    }
    files
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let again = tempfile::tempdir().expect("a folder");
    build(again.path());
    let (first, second) = (contents(atlas()), contents(again.path()));
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &first {
        assert!(
            second[path] == *bytes,
            "{} differs between two runs",
            path.display()
        );
    }
    assert!(first.len() >= 7 * 2 + 3 + 3, "{:?}", first.keys());
}

#[test]
fn an_atlas_is_replaced_with_nothing_left_of_the_old_one() {
    let folder = tempfile::tempdir().expect("a folder");
    build(folder.path());
    let out = folder.path().to_str().expect("UTF-8");
    stdout(&["build", "--out", out, "--layer", "成渝发展主轴"], 0);
    let files = contents(folder.path());
    assert!(
        files
            .keys()
            .all(|path| !path.to_string_lossy().contains("platforms")),
        "{:?}",
        files.keys()
    );
    assert_eq!(
        read_json(&folder.path().join("atlas.json"))["layers"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn the_manifest_is_true() {
    let manifest = manifest();
    assert_eq!(
        (&manifest["version"], &manifest["crs"]),
        (&1.into(), &"EPSG:4326".into())
    );
    for (table, path) in tables() {
        let collection = read_json(&path);
        let features = collection["features"].as_array().expect("features");
        assert_eq!(table["features"], features.len(), "{}", path.display());
        assert!(
            features
                .iter()
                .all(|f| f["geometry"]["type"] == table["geometry"]),
            "{}",
            path.display()
        );
        assert!(
            features
                .iter()
                .all(|f| f["id"].is_string() && f["properties"]["article"].is_string())
        );
        assert!(
            atlas()
                .join(table["style"].as_str().expect("a path"))
                .is_file()
        );
    }
    for layer in manifest["layers"].as_array().expect("layers") {
        assert!(
            atlas()
                .join(layer["map"].as_str().expect("a path"))
                .is_file()
        );
        for missing in layer["unlocated"].as_array().expect("a list") {
            assert!(
                missing["reason"]
                    .as_str()
                    .is_some_and(|reason| !reason.is_empty())
            );
        }
    }
    let plans: Vec<&str> = manifest["plans"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|p| p["id"].as_str())
        .collect();
    assert_eq!(
        plans,
        [
            "chengyu-2016",
            "outline-2021",
            "implementation-2021",
            "cqmetro-2022",
            "south-west-2023"
        ]
    );
    let sources = manifest["sources"].as_array().expect("sources");
    assert!(sources.iter().all(|s| {
        ["origin", "licence", "date"]
            .iter()
            .all(|key| s[*key].is_string())
    }));
}

#[test]
fn what_cannot_be_located_is_listed_with_its_reason() {
    let listed =
        std::fs::read_to_string(atlas().join("layers/cross-border-platforms-unlocated.csv"))
            .expect("a table");
    assert_eq!(listed.lines().next(), Some("name,kind,plan,article,reason"));
    for name in [
        "合川武胜产业园",
        "川渝共建电子信息产业园",
        "合川岳池医药健康产业示范园",
    ] {
        assert!(listed.contains(name), "{name}");
    }
}

#[test]
fn the_layers_hold_what_the_plans_say() {
    let features =
        |id: &str| read_json(&atlas().join(format!("layers/{id}.geojson")))["features"].clone();
    let of_role = |features: &Value, role: &str| {
        features
            .as_array()
            .into_iter()
            .flatten()
            .filter(|f| f["properties"]["roles"] == role)
            .count()
    };
    let members = features("chongqing-metropolitan-area");
    let counts = ["中心城区", "同城化", "战略支点", "桥头堡", "北部副中心"]
        .map(|role| of_role(&members, role));
    assert_eq!(counts, [9, 4, 4, 4, 1]);

    let lines = features("chengdu-chongqing-axis");
    let members = |id: &str| {
        let line = lines
            .as_array()
            .into_iter()
            .flatten()
            .find(|f| f["id"] == id);
        line.unwrap_or_else(|| panic!("{id}"))["properties"]["members"]
            .as_str()
            .expect("text")
            .to_owned()
    };
    // From Chengdu to Chongqing, not as the sentence lists them.
    assert_eq!(
        members("chengdu-chongqing-axis"),
        "资阳市、内江市、遂宁市、潼南区、大足区、荣昌区、铜梁区、永川区、璧山区"
    );
    assert_eq!(
        members("chengdu-chongqing-north-corridor"),
        "遂宁市、潼南区、铜梁区"
    );

    let platforms = features("cross-border-platforms");
    let quality = |id: &str| {
        let platform = platforms
            .as_array()
            .into_iter()
            .flatten()
            .find(|f| f["id"] == id);
        platform.unwrap_or_else(|| panic!("{id}"))["properties"]["quality"].clone()
    };
    assert_eq!(quality("gaozhu-new-area"), "partial");
    assert_eq!(quality("wandakai-zone"), "dissolved");
    assert!(
        platforms
            .as_array()
            .into_iter()
            .flatten()
            .all(|f| f["properties"]["theme"].is_string())
    );
}

#[test]
fn gdal_reads_every_layer() {
    let Some(ogrinfo) = tool("ogrinfo", &["--version"]) else {
        return;
    };
    for (table, path) in tables() {
        let output = Command::new(&ogrinfo)
            .args(["-al", "-so", "-ro"])
            .arg(&path)
            .output()
            .expect("ogrinfo runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{}: {text}",
            path.display()
        );
        let geometry = match table["geometry"].as_str() {
            Some("MultiPolygon") => "Multi Polygon",
            Some("LineString") => "Line String",
            _ => "Point",
        };
        for expected in [
            format!("Layer name: {}", table["id"].as_str().expect("text")),
            format!("Geometry: {geometry}"),
            format!("Feature Count: {}", table["features"]),
            "WGS 84".to_owned(),
            "id: String".to_owned(),
            "article: String".to_owned(),
        ] {
            assert!(
                text.contains(&expected),
                "{}: `{expected}` is missing in {text}",
                path.display()
            );
        }
    }
}

#[test]
fn qgis_opens_every_layer_styled_with_no_click() {
    // The Python that Debian builds QGIS for, not the one of the environment.
    let Some(python) = tool("/usr/bin/python3", &["-c", "import qgis.core"]) else {
        return;
    };
    for (table, path) in tables() {
        let script = repository().join("tests/readers/check_qgis.py");
        let output = Command::new(&python)
            .arg(script)
            .arg(&path)
            .output()
            .expect("Python starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {stderr}", path.display());
        let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        check_in_qgis(&table, &seen);
    }
}

fn check_in_qgis(table: &Value, seen: &Value) {
    let id = table["id"].as_str().expect("text");
    assert_eq!(
        (&seen["valid"], &seen["crs"]),
        (&true.into(), &"EPSG:4326".into()),
        "{id}: {seen}"
    );
    assert_eq!(seen["count"], table["features"], "{id}");
    assert_eq!(seen["geometry"], table["geometry"], "{id}");
    assert_eq!(seen["map_tip"], true, "{id}");
    for wrong in ["invalid", "no_geometry", "undrawn", "repeated_ids"] {
        assert_eq!(seen[wrong], serde_json::json!([]), "{id}: {wrong}: {seen}");
    }
    let alias = |name: &str| {
        let field = seen["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|field| field["name"] == name);
        field.unwrap_or_else(|| panic!("{id}: no field {name}"))["alias"].clone()
    };
    for (field, title) in [
        ("id", "编号"),
        ("name", "名称"),
        ("article", "条目"),
        ("quality", "几何质量"),
    ] {
        assert_eq!(alias(field), title, "{id}: {seen}");
    }
    let classes = match id {
        "chongqing-metropolitan-area" => Some(("roles", 5)),
        "cross-border-platforms" => Some(("name", 10)),
        "chengdu-chongqing-axis-areas" => Some(("roles", 2)),
        "chengdu-chongqing-axis" | "chengdu-chongqing-axis-nodes" => Some((
            if id.ends_with("nodes") {
                "roles"
            } else {
                "name"
            },
            4,
        )),
        _ => None,
    };
    let renderer = &seen["renderer"];
    match classes {
        None => assert_eq!(renderer["type"], "singleSymbol", "{id}"),
        Some((field, count)) => {
            assert_eq!(
                (&renderer["type"], &renderer["field"]),
                (&"categorizedSymbol".into(), &field.into()),
                "{id}"
            );
            assert_eq!(
                renderer["classes"].as_array().map(Vec::len),
                Some(count),
                "{id}: {renderer}"
            );
        }
    }
    let labelled = [
        "chongqing-metropolitan-area",
        "cross-border-platforms",
        "chengdu-chongqing-axis-nodes",
    ];
    assert_eq!(seen["labels"]["enabled"], labelled.contains(&id), "{id}");
}

#[test]
fn every_tile_decodes_and_holds_its_features() {
    let Some(python) = tool(
        "python",
        &["-c", "import mapbox_vector_tile, pmtiles, shapely"],
    ) else {
        return;
    };
    let script = repository().join("tests/readers/check_pmtiles.py");
    let mut command = Command::new(python);
    command
        .arg(script)
        .arg(atlas().join("atlas.pmtiles"))
        .arg("--features");
    command.args(tables().into_iter().map(|(_, path)| path));
    let output = command.output().expect("Python starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(seen["problems"].as_array().map(Vec::len), Some(0), "{text}");
    assert_eq!(seen["zooms"], serde_json::json!([0, 10]), "{text}");
    assert_eq!(seen["features_looked_for"], 82, "{text}");
}

#[test]
fn the_maps_are_pictures_of_a4() {
    let Some(gdalinfo) = tool("gdalinfo", &["--version"]) else {
        return;
    };
    for layer in manifest()["layers"].as_array().expect("layers") {
        let path = atlas().join(layer["map"].as_str().expect("a path"));
        let output = Command::new(&gdalinfo)
            .arg("-checksum")
            .arg(&path)
            .output()
            .expect("gdalinfo runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}: {text}", path.display());
        assert!(
            text.contains("Driver: PNG") && text.contains("Size is 2970, 2100"),
            "{}: {text}",
            path.display()
        );
    }
}

#[test]
fn one_geopackage_holds_every_layer_with_style_and_titles() {
    let package = atlas().join("atlas.gpkg");
    assert_eq!(manifest()["geopackage"], "atlas.gpkg");
    if tool(
        "/usr/bin/python3",
        &["-c", "from osgeo_utils.samples import validate_gpkg"],
    )
    .is_some()
    {
        let output = Command::new("/usr/bin/python3")
            .args(["-m", "osgeo_utils.samples.validate_gpkg"])
            .arg(&package)
            .output()
            .expect("Python starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let Some(sqlite) = tool("sqlite3", &["--version"]) else {
        return;
    };
    let ask = |sql: &str| {
        let output = succeeds(Command::new(&sqlite).arg(&package).arg(sql));
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .trim()
            .to_owned()
    };
    for (table, _) in tables() {
        let (id, features) = (
            table["id"].as_str().expect("an id"),
            table["features"].to_string(),
        );
        assert_eq!(
            ask(&format!("SELECT count(*) FROM \"{id}\"")),
            features,
            "{id}"
        );
        assert_eq!(
            ask(&format!("SELECT count(*) FROM \"rtree_{id}_geom\"")),
            features,
            "{id}"
        );
        let style = format!(
            "SELECT useAsDefault, instr(styleQML, '<qgis') > 0 FROM layer_styles WHERE f_table_name = '{id}'"
        );
        assert_eq!(ask(&style), "1|1", "{id}");
        let title = format!(
            "SELECT title FROM gpkg_data_columns WHERE table_name = '{id}' AND column_name = 'name'"
        );
        assert_eq!(ask(&title), "名称", "{id}");
    }
    let unlocated: usize = manifest()["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .map(|layer| layer["unlocated"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(ask("SELECT count(*) FROM unlocated"), unlocated.to_string());
    assert!(ask("SELECT metadata FROM gpkg_metadata").contains("cqmetro-2022"));
}
