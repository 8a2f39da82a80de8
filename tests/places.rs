//! `yutu places`: the names of a text, the senses of a name, and what a place answers with.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{json, repository, stderr, stdout, tool, yutu};
use serde_json::Value;

/// A text in a folder of its own; the path as an argument.
fn text(bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("text.txt");
    std::fs::write(&path, bytes).expect("written");
    let path = path.to_str().expect("UTF-8").to_owned();
    (folder, path)
}

/// What `--coverage` answers about a text.
fn coverage(content: &str, more: &[&str]) -> Value {
    let (_folder, path) = text(content.as_bytes());
    json(&[&["places", "--json", "--coverage", &path], more].concat())[0].clone()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn word(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// What a name stands for in a text, where it stands alone.
fn id_of<'a>(coverage: &'a Value, surface: &str) -> Option<&'a str> {
    let mut toponyms = list(&coverage["toponyms"]).iter();
    let alone = |t: &&Value| t["surface"] == surface && t["count"].as_u64() > Some(0);
    toponyms.find(alone).map(|toponym| word(&toponym["id"]))
}

/// A folder beside the checkout, or `None` said aloud.
fn shared(folder: &str) -> Option<PathBuf> {
    let path = repository().join("../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    #[expect(
        clippy::print_stdout,
        reason = "skipped checks are part of the test log"
    )]
    {
        println!("SKIPPED: no ../shared/{folder} beside the checkout");
    }
    None
}

/// Great-circle distance between two (longitude, latitude) in degrees: enough for kilometres.
fn haversine_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = a.1.to_radians().cos() * b.1.to_radians().cos() * half(a.0, b.0);
    2.0 * 6371.0088 * (half(a.1, b.1) + across).sqrt().asin()
}

fn position(toponym: &Value) -> Option<(f64, f64)> {
    Some((toponym["lon"].as_f64()?, toponym["lat"].as_f64()?))
}

/// The answers for the texts of the five plans, in the order of their names.
fn plans() -> Option<Value> {
    let folder = shared("plans")?;
    let entries = std::fs::read_dir(folder).expect("readable");
    let mut texts: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    texts.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    texts.sort();
    let texts = texts.iter().map(|path| path.to_str().expect("UTF-8"));
    let arguments: Vec<&str> = ["places", "--json", "--coverage"]
        .into_iter()
        .chain(texts)
        .collect();
    Some(json(&arguments))
}

#[test]
fn every_name_of_the_five_plans_says_what_and_where_it_is_or_why_not() {
    let Some(answers) = plans() else { return };
    let read: Vec<(&str, &str)> = list(&answers)
        .iter()
        .map(|answer| (word(&answer["plan"]), word(&answer["as_of"])))
        .collect();
    assert_eq!(
        read,
        [
            ("implementation-2021", "2021-12"),
            ("cqmetro-2022", "2022-08-11"),
            ("outline-2021", "2021-10"),
            ("chengyu-2016", "2016-04"),
            ("south-west-2023", "2023-03-02"),
        ]
    );
    for answer in list(&answers) {
        assert_eq!(answer["provinces"], serde_json::json!(["500000", "510000"]));
        let toponyms = list(&answer["toponyms"]);
        let alone = toponyms.iter().filter(|toponym| toponym["count"] != 0);
        assert_eq!(answer["names"], alone.count());
        assert!(
            toponyms.len() >= 80,
            "{}: {}",
            answer["plan"],
            toponyms.len()
        );
        for toponym in toponyms {
            let class = word(&toponym["class"]);
            assert!(
                !class.is_empty() && !word(&toponym["kind"]).is_empty(),
                "{toponym}"
            );
            let confidence = toponym["confidence"].as_f64().expect("a number");
            assert!((0.0..=1.0).contains(&confidence), "{toponym}");
            let known = position(toponym).is_some()
                || toponym["members"]
                    .as_array()
                    .is_some_and(|members| !members.is_empty())
                || toponym["unlocated"]
                    .as_str()
                    .is_some_and(|reason| !reason.is_empty())
                || matches!(class, "river" | "country");
            assert!(known, "{toponym}");
        }
    }
}

/// The names that two readers found in two of the plans, with positions from memory.
#[test]
fn the_names_of_the_references_are_found_where_they_are() {
    let (Some(answers), Some(folder)) = (plans(), shared("reference")) else {
        return;
    };
    let mut distances = Vec::new();
    for (number, file) in [(0, "toponyms_000.json"), (4, "toponyms_004.json")] {
        let reference = std::fs::read(folder.join(file)).expect("readable");
        let reference: Value = serde_json::from_slice(&reference).expect("JSON");
        assert!(list(&reference).len() > 100, "{file}");
        for expected in list(&reference) {
            let surface = word(&expected["surface"])
                .replace('(', "（")
                .replace(')', "）");
            let found: Vec<&Value> = list(&answers[number]["toponyms"])
                .iter()
                .filter(|toponym| toponym["surface"] == surface.as_str())
                .collect();
            assert!(!found.is_empty(), "{file}: {surface} is not found");
            let point = &expected["lonlat"];
            let (Some(lon), Some(lat)) = (point[0].as_f64(), point[1].as_f64()) else {
                continue;
            };
            // A name may stand for several things: what it stands for most often comes first.
            let own = found.into_iter().find_map(position);
            let own = own.unwrap_or_else(|| panic!("{file}: {surface} has no position"));
            let km = haversine_km((lon, lat), own);
            assert!(km <= 25.0, "{file}: {surface} is {km:.1} km away");
            distances.push(km);
        }
    }
    let near = distances.iter().filter(|km| **km <= 5.0).count();
    assert!(distances.len() > 150, "{}", distances.len());
    assert!(
        near * 100 >= distances.len() * 95,
        "{near} of {} within 5 km",
        distances.len()
    );
}

#[test]
fn a_name_of_a_text_is_the_river_among_rivers_and_the_county_among_counties() {
    let rivers = coverage("沱江、岷江、綦江生态带", &[]);
    assert_eq!(id_of(&rivers, "綦江"), Some("river-qijiang"));
    let told = coverage(
        "重庆市江津区、重庆市永川区。江津、綦江、大足。沱江、岷江、綦江生态带。",
        &[],
    );
    let both: Vec<&str> = list(&told["toponyms"])
        .iter()
        .filter(|toponym| toponym["surface"] == "綦江")
        .map(|toponym| word(&toponym["id"]))
        .collect();
    assert_eq!(both, ["500110", "river-qijiang"]);
}

#[test]
fn a_text_of_one_list_of_counties_is_read_as_one() {
    let counties = coverage("江津、綦江、大足", &[]);
    assert_eq!(
        ["江津", "綦江", "大足"].map(|name| id_of(&counties, name)),
        [Some("500116"), Some("500110"), Some("500111")]
    );
}

#[test]
fn a_name_is_taken_whole_and_not_for_the_shorter_one_it_begins_with() {
    let told = coverage(
        "重庆市、四川省，重庆市、四川省。重庆江北国际机场和大竹海。",
        &[],
    );
    assert_eq!(
        id_of(&told, "重庆江北国际机场"),
        Some("airport-chongqingjiangbeiguojijichang")
    );
    assert_eq!(
        id_of(&told, "大竹海").map(|id| id.parse::<u32>().is_ok()),
        Some(false)
    );
    assert_eq!((id_of(&told, "江北"), id_of(&told, "大竹")), (None, None));
}

/// 大足石刻 is in 大足; the airport is not in 江北区, 大竹海 not in 大竹县, and 嘉陵江 is no thing of 嘉陵区.
#[test]
fn a_name_inside_a_longer_one_is_told_only_where_it_is_meant() {
    let told = coverage(
        "重庆市、四川省，重庆市、四川省。重庆江北国际机场、大竹海、嘉陵江和大足石刻。",
        &[],
    );
    let inside: Vec<&str> = list(&told["toponyms"])
        .iter()
        .filter(|toponym| toponym["inside"].as_u64() > Some(0))
        .map(|toponym| word(&toponym["canonical"]))
        .collect();
    assert!(inside.contains(&"重庆市大足区"), "{inside:?}");
    for wrong in ["重庆市江北区", "四川省达州市大竹县", "四川省南充市嘉陵区"]
    {
        assert!(!inside.contains(&wrong), "{inside:?}");
    }
}

#[test]
fn a_character_is_a_province_only_where_something_leaves_or_enters_it() {
    let told = coverage("贵州省贵阳市、贵州省遵义市。推动出黔入海，黔首不知。", &[]);
    let one = list(&told["toponyms"])
        .iter()
        .find(|toponym| toponym["surface"] == "黔");
    let one = one.expect("出黔 is found");
    assert_eq!((&one["id"], &one["count"]), (&"520000".into(), &1.into()));
    assert_eq!(one["kind"], "abbreviation");
}

#[test]
fn a_text_is_read_as_of_the_date_asked_for() {
    let name = |more: &[&str]| {
        let told = coverage("重庆市梁平县、重庆市开县。", more);
        let names = list(&told["toponyms"])
            .iter()
            .filter(|t| t["surface"] == "梁平县");
        let names: Vec<String> = names.map(|t| word(&t["canonical"]).to_owned()).collect();
        (told["as_of"].clone(), names.join(" "))
    };
    assert_eq!(name(&[]), (Value::Null, "重庆市梁平区".to_owned()));
    assert_eq!(
        name(&["--as-of", "2016-04"]),
        ("2016-04".into(), "重庆市梁平县".to_owned())
    );
}

#[test]
fn a_text_that_cannot_be_read_is_an_error_and_an_empty_one_is_a_no() {
    // 重庆 in GB 18030, and a byte that is in no encoding.
    let (_folder, path) = text(b"\xd6\xd8\xc7\xec\xff");
    let error = stderr(&["places", "--coverage", &path], 2);
    assert!(error.contains(&path) && error.contains("byte 0"), "{error}");
    assert!(error.contains("UTF-8"), "{error}");

    let (folder, path) = text("重庆市".as_bytes());
    let missing = folder.path().join("missing.txt");
    let missing = missing.to_str().expect("UTF-8");
    let error = stderr(&["places", "--coverage", &path, missing, "--json"], 2);
    assert!(error.contains(missing), "{error}");

    let (_folder, path) = text(b"");
    let answer: Value =
        serde_json::from_str(&stdout(&["places", "--coverage", &path, "--json"], 1)).expect("JSON");
    assert_eq!(
        (&answer[0]["names"], &answer[0]["plan"]),
        (&0.into(), &Value::Null)
    );
    assert_eq!(answer[0]["toponyms"], serde_json::json!([]));
}

/// Columns on the screen: a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[test]
fn the_table_of_a_text_is_aligned() {
    let (_folder, path) = text("重庆市、永川区。重庆江北国际机场和大竹海景区。".as_bytes());
    let printed = stdout(&["places", "--coverage", &path], 0);
    let lines: Vec<&str> = printed.lines().collect();
    assert!(
        lines[0].starts_with(&path) && lines[0].contains("located"),
        "{printed}"
    );
    assert!(
        lines[1].starts_with("name ") && lines.len() >= 6,
        "{printed}"
    );
    for title in ["count", "class", "stands for", "lon,lat"] {
        let start = columns(lines[1].split(title).next().expect("a part"));
        for line in &lines[2..] {
            let cut = line
                .char_indices()
                .map(|(at, _)| at)
                .find(|at| columns(&line[..*at]) >= start);
            let (before, after) = line.split_at(cut.expect("as long as its header"));
            assert_eq!(columns(before), start, "{title} in {line}");
            assert!(
                before.ends_with("  ") && !after.starts_with(' '),
                "{title} in {line}"
            );
        }
    }
}

/// Identifiers and confidences of a name in words around it.
fn senses(name: &str, context: &str) -> Vec<(String, f64)> {
    let answer = json(&["places", name, "--context", context, "--json"]);
    let senses = list(&answer).iter().map(|sense| {
        let confidence = sense["confidence"].as_f64().expect("a number");
        (word(&sense["id"]).to_owned(), confidence)
    });
    senses.collect()
}

#[test]
fn words_around_a_name_tell_its_sense_and_how_sure_it_is() {
    for (context, meant) in [
        ("沱江、岷江、綦江生态带", "river-qijiang"),
        ("綦江流域", "river-qijiang"),
        ("江津、綦江、大足", "500110"),
        ("綦江区、江津区", "500110"),
    ] {
        let senses = senses("綦江", context);
        assert_eq!(senses[0].0, meant, "{context}");
        assert!(senses[0].1 > 0.9, "{context}: {senses:?}");
        assert!(
            senses.is_sorted_by(|a, b| a.1 >= b.1),
            "{context}: {senses:?}"
        );
        let all: f64 = senses.iter().map(|sense| sense.1).sum();
        assert!(all <= 1.001, "{context}: {all}");
    }
    assert!(stdout(&["places", "綦江", "--context", "綦江流域"], 0).contains('%'));
    assert!(senses("黔", "川渝黔")[0].1 > 0.5);
}

#[test]
fn words_without_the_name_are_an_error_that_names_both() {
    let error = stderr(&["places", "綦江", "--context", "涪江、嘉陵江"], 2);
    assert!(
        error.contains("綦江") && error.contains("涪江、嘉陵江"),
        "{error}"
    );
}

/// Name, date, and the name with units above, the identifier and words of the note at that date.
const NAMES_OF_DATES: [(&str, &str, &str, &str, &str); 16] = [
    (
        "开县",
        "2016-04",
        "重庆市开县",
        "500154",
        "2016-06-08 起为开州区",
    ),
    ("开县", "2020", "重庆市开州区", "500154", "2016年由开县改设"),
    (
        "开县",
        "today",
        "重庆市开州区",
        "500154",
        "2016年由开县改设",
    ),
    (
        "梁平县",
        "2016-04",
        "重庆市梁平县",
        "500155",
        "2016-11-24 起为梁平区",
    ),
    (
        "梁平县",
        "2022-08",
        "重庆市梁平区",
        "500155",
        "2016年由梁平县改设",
    ),
    (
        "宜宾县",
        "2016-04",
        "四川省宜宾市宜宾县",
        "511504",
        "2018-07 起为叙州区",
    ),
    (
        "叙州区",
        "2016-04",
        "四川省宜宾市宜宾县",
        "511504",
        "2018-07 起为叙州区",
    ),
    (
        "宜宾县",
        "2020",
        "四川省宜宾市叙州区",
        "511504",
        "2018年由宜宾县改设",
    ),
    (
        "隆昌县",
        "2016-04",
        "四川省内江市隆昌县",
        "511083",
        "2017-04-09 起为隆昌市",
    ),
    (
        "隆昌县",
        "2023-03",
        "四川省内江市隆昌市",
        "511083",
        "2017年由隆昌县改设",
    ),
    (
        "安县",
        "2015",
        "四川省绵阳市安县",
        "510705",
        "2016-03 起为安州区",
    ),
    (
        "安县",
        "2016-04",
        "四川省绵阳市安州区",
        "510705",
        "2016年由安县改设",
    ),
    ("简阳", "today", "四川省成都市简阳市", "510185", ""),
    ("江北区", "2022-08", "重庆市江北区", "500105", ""),
    ("江北区", "2023-03", "重庆市江北区", "500105", ""),
    (
        "江北区",
        "today",
        "重庆市江北区",
        "500105",
        "2025-11-06 撤销，并入两江新区",
    ),
];

#[test]
fn a_former_name_is_that_of_the_date_and_its_note_says_what_changed() {
    for (name, date, canonical, id, note) in NAMES_OF_DATES {
        let mut arguments = vec!["places", name, "--json"];
        if date != "today" {
            arguments.extend(["--as-of", date]);
        }
        let answer = json(&arguments)[0].clone();
        assert_eq!(answer["canonical"], canonical, "{name} as of {date}");
        assert_eq!(answer["id"], id, "{name} as of {date}");
        let said = word(&answer["note"]);
        assert!(said.contains(note), "{name} as of {date}: {said}");
        assert_eq!(
            said.is_empty(),
            note.is_empty(),
            "{name} as of {date}: {said}"
        );
    }
}

/// 简阳市 was 512081 of 资阳市 until May 2016.
#[test]
fn a_unit_that_came_to_another_prefecture_says_so() {
    let answer = json(&["places", "简阳", "--as-of", "2016-04", "--json"])[0].clone();
    let note = word(&answer["note"]);
    assert!(
        note.contains("2016-05") && note.contains("资阳"),
        "{answer}"
    );
}

#[test]
fn places_are_found_by_the_beginning_of_their_names_by_class_and_by_identifier() {
    let by_prefix = json(&["places", "綦", "--prefix", "--json"]);
    assert_eq!(by_prefix[0]["id"], "500110");
    assert!(
        list(&by_prefix)
            .iter()
            .any(|place| place["id"] == "river-qijiang")
    );
    assert!(list(&json(&["places", "大", "--prefix", "--json"])).len() == 50);
    let airports = json(&["places", "重庆", "--prefix", "--class", "airport", "--json"]);
    assert!(
        list(&airports)
            .iter()
            .all(|place| place["class"] == "airport"),
        "{airports}"
    );
    assert!(
        list(&airports)
            .iter()
            .any(|place| place["code"] == "CKG/ZUCK")
    );
    assert_eq!(
        list(&json(&["places", "綦江", "--class", "river", "--json"])).len(),
        1
    );
    for (id, name) in [
        ("500118", "永川区"),
        ("airport-guanganjichang", "广安机场"),
        ("geonames-1279423", "总寨镇"),
    ] {
        assert_eq!(json(&["places", id, "--json"])[0]["name"], name);
    }
    assert!(stderr(&["places", "不会有的名字", "--prefix"], 1).contains("不会有的名字"));
}

#[test]
fn a_place_without_a_position_says_why() {
    let answer = json(&["places", "广安机场", "--json"])[0].clone();
    assert_eq!(
        (&answer["lon"], &answer["lat"]),
        (&Value::Null, &Value::Null)
    );
    let reason = word(&answer["unlocated"]);
    assert!(!reason.is_empty());
    assert!(stdout(&["places", "广安机场"], 0).contains(reason));
    let error = stderr(&["near", "广安机场"], 2);
    assert!(
        error.contains("广安机场") && error.contains(reason),
        "{error}"
    );
    assert!(error.contains("LON,LAT"), "{error}");
}

#[test]
fn the_nearest_airports_are_those_that_have_a_position() {
    let near = json(&["near", "广安", "--class", "airport", "-k", "3", "--json"]);
    let codes: Vec<&str> = list(&near)
        .iter()
        .map(|place| word(&place["code"]))
        .collect();
    assert_eq!(codes, ["NAO/ZUNC", "CKG/ZUCK", "DZH/ZUDA"]);
}

/// A second source of positions: `PyPI` `airportsdata`.
#[test]
fn airports_are_where_airportsdata_has_them_or_the_reason_is_given() {
    let Some(python) = tool("python", &["-c", "import airportsdata"]) else {
        return;
    };
    let data = repository().join("gazetteer/data");
    let output = Command::new(python)
        .arg(repository().join("tests/readers/check_sources.py"))
        .arg(Path::new(env!("CARGO_BIN_EXE_yutu")))
        .args([
            data.join("places/airports.csv"),
            data.join("exceptions.csv"),
        ])
        .env("YUTU_GAZETTEER", repository().join("tests/no-imports"))
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_str(&said).expect("JSON");
    #[expect(
        clippy::print_stdout,
        reason = "measured figures are part of the test log"
    )]
    {
        println!("airports: {said}");
    }
    assert_eq!(seen["problems"], serde_json::json!([]), "{said}");
    assert!(seen["compared"].as_u64() >= Some(14), "{said}");
}

#[test]
fn a_river_is_cut_between_two_places_in_the_order_asked() {
    let reach =
        |from: &str, to: &str| json(&["reach", "长江", "--from", from, "--to", to, "--json"]);
    let (down, up) = (reach("泸州", "万州"), reach("万州", "泸州"));
    let length_km = down["length_m"].as_f64().expect("metres") / 1000.0;
    // By water some 250 km to 重庆 and 330 on to 万州; the line cuts meanders.
    assert!((400.0..600.0).contains(&length_km), "{length_km} km");
    assert_eq!(down["length_m"], up["length_m"]);
    let ends = |reach: &Value| {
        let line = list(&reach["geometry"]["coordinates"]).to_vec();
        (line[0].clone(), line[line.len() - 1].clone())
    };
    let ((a, b), (c, d)) = (ends(&down), ends(&up));
    assert_eq!((&a, &b), (&d, &c));
    assert!(a[0].as_f64() < b[0].as_f64(), "泸州 lies west of 万州");
    let whole = json(&["reach", "长江", "--json"])["length_m"].as_f64();
    assert!(whole > down["length_m"].as_f64());
    assert_eq!(yutu(&["reach", "没有的河"]).status.code(), Some(1));
    assert_eq!(
        yutu(&["reach", "长江", "--from", "没有这里"]).status.code(),
        Some(2)
    );
}
