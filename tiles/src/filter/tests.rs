use input::features::{
    Cell, CellValue, FeatureBatch, FeatureId, FeatureRow, GeometryKind, Span, TileHints,
};

use super::*;

fn river() -> FeatureBatch {
    let text = "river长江".to_owned();
    let cell = |key, value| Cell { key, value };
    FeatureBatch {
        keys: ["class", "name", "lanes", "toll", "gone"]
            .map(str::to_owned)
            .to_vec(),
        cells: vec![
            cell(0, CellValue::Text(Span { start: 0, end: 5 })),
            cell(1, CellValue::Text(Span { start: 5, end: 11 })),
            cell(2, CellValue::Int(4)),
            cell(3, CellValue::Bool(true)),
            cell(4, CellValue::Null),
        ],
        text,
        rows: vec![FeatureRow {
            number: 0,
            place: 1,
            kind: GeometryKind::Line,
            multiple: false,
            continues: false,
            parts: Span::default(),
            cells: Span { start: 0, end: 5 },
            raw: Span::default(),
            id: Some(FeatureId::UInt(7)),
            hints: TileHints::default(),
        }],
        ..FeatureBatch::default()
    }
}

fn zooms(filter: &str) -> u32 {
    let batch = river();
    let feature = batch.feature(0).expect("there is one");
    Filter::parse(filter).expect(filter).zooms(&feature)
}

#[test]
fn expressions_say_what_they_say_on_a_map() {
    for filter in [
        "true",
        r#"["==", ["get", "class"], "river"]"#,
        r#"["all", ["==", ["get", "class"], "river"], [">", ["get", "lanes"], 3]]"#,
        r#"["any", ["==", ["get", "class"], "lake"], ["<=", ["get", "lanes"], 4]]"#,
        r#"["!", ["has", "gone"]]"#,
        r#"["in", ["get", "lanes"], ["literal", [2, 4]]]"#,
        r#"["in", "江", ["get", "name"]]"#,
        r#"["==", ["geometry-type"], "LineString"]"#,
        r#"["==", ["id"], 7]"#,
        r#"["==", ["coalesce", ["get", "gone"], ["get", "nothing"], 5], 5]"#,
        r#"["==", ["-", ["*", ["get", "lanes"], 3], 2], 10]"#,
        r#"["==", ["%", ["get", "lanes"], 3], 1]"#,
        r#"["case", ["get", "toll"], true, false]"#,
        r#"["==", ["to-number", "4"], ["get", "lanes"]]"#,
        r#"["get", "toll"]"#,
        r#"["!=", ["get", "class"], 4]"#,
    ] {
        assert_eq!(zooms(filter), u32::MAX, "{filter}");
    }
    for filter in [
        r#"["==", ["get", "class"], "lake"]"#,
        r#"["<", ["get", "class"], 4]"#,
        r#"["get", "lanes"]"#,
        r#"["has", "nothing"]"#,
        r#"["!", ["<", ["get", "class"], 4]]"#,
    ] {
        assert_eq!(zooms(filter), 0, "{filter}");
    }
}

#[test]
fn the_older_form_is_read_too() {
    for filter in [
        r#"["==", "class", "river"]"#,
        r#"["all", ["in", "lanes", 2, 4], ["!in", "class", "lake"], ["!has", "nothing"]]"#,
        r#"["none", ["==", "class", "lake"], ["has", "nothing"]]"#,
        r#"["==", "$type", "LineString"]"#,
        r#"["all", ["==", "$id", 7], [">=", "lanes", 4]]"#,
    ] {
        assert_eq!(zooms(filter), u32::MAX, "{filter}");
    }
    assert_eq!(zooms(r#"["none", ["==", "class", "river"]]"#), 0);
}

#[test]
fn a_filter_may_depend_on_the_zoom() {
    assert_eq!(zooms(r#"[">=", ["zoom"], 6]"#) & 0x1F_FFFF, 0x1F_FFC0);
    let both = r#"["any", ["<", ["zoom"], 2], ["==", ["zoom"], 4]]"#;
    assert_eq!(zooms(both), 0b10011);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = |filter: &str| Filter::parse(filter).expect_err(filter).to_string();
    for (filter, words) in [
        ("[", vec!["no JSON"]),
        ("3", vec!["filter of the filter is 3", "an array"]),
        (
            r#"["all", ["foo", 1]]"#,
            vec!["filter[1]", "no operator `foo`", "coalesce"],
        ),
        (
            r#"["==", ["get"], 1]"#,
            vec!["filter[1]", "`get` takes the name", "not 0"],
        ),
        (r#"["==", ["get", "a"], {}]"#, vec!["filter[2]", "{}"]),
        (r#"["in", 3, 4]"#, vec![]),
    ] {
        if words.is_empty() {
            continue;
        }
        let error = wrong(filter);
        assert!(
            words.iter().all(|word| error.contains(word)),
            "{filter}: {error}"
        );
    }
    let deep = format!("{}true{}", r#"["!","#.repeat(100), "]".repeat(100));
    assert!(wrong(&deep).contains("deeper than 64"));
}
