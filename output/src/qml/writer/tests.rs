#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use geo::Point;
use layers::model::GeometryKind;
use layers::style::{Class, Colour, SizeBy, Symbol};

use super::*;
use crate::sample;

fn text(table: &Table) -> String {
    String::from_utf8(encode(table).unwrap()).unwrap()
}

fn categorised() -> Table {
    let mut table = sample::areas();
    table.style.field = Some("kind");
    table.style.classes[0].value = "member".to_owned();
    table.style.classes.push(Class {
        value: "a<b".to_owned(),
        title: "\"引\" & <号>".to_owned(),
        symbol: Symbol::Band {
            colour: Colour::hex(0x0012_3456),
        },
    });
    table
}

#[test]
fn classes_become_categories_with_escaped_titles() {
    let text = text(&categorised());
    assert!(text.contains("<renderer-v2 type=\"categorizedSymbol\" attr=\"kind\""));
    assert!(text.contains("value=\"a&lt;b\" type=\"string\" label=\"&quot;引&quot; &amp; &lt;号&gt;\" symbol=\"1\""), "{text}");
    assert_eq!(text.matches("<symbol type=\"fill\"").count(), 2);
    assert!(text.contains("18,52,86,255"));
}

#[test]
fn only_fields_in_use_have_aliases() {
    let mut table = sample::areas();
    table.features[2].properties.area_km2 = Some(1.0);
    let text = text(&table);
    for wanted in [
        "field=\"id\" name=\"编号\"",
        "field=\"name\" name=\"名称\"",
        "field=\"area_km2\" name=\"面积（平方公里）\"",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(!text.contains("\"roles\"") && !text.contains("length_km"));
}

#[test]
fn points_are_as_large_as_their_number() {
    let mut table = sample::table(
        "sample-points",
        GeometryKind::Point,
        vec![sample::feature(
            "甲",
            Point::new(106.0, 29.0),
            (106.0, 29.0),
        )],
    );
    assert!(!text(&table).contains("data_defined_properties"));
    table.style.size = Some(SizeBy {
        field: "population_10k",
        most: 200.0,
    });
    let text = text(&table);
    let wanted = "coalesce(2 * max(1.3, 2.8 * sqrt(&quot;population_10k&quot; / 200)), 2.6)";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn labels_are_on_only_where_the_style_has_them() {
    let mut table = sample::areas();
    assert!(
        text(&table).contains("labelsEnabled=\"1\"")
            && text(&table).contains("fontFamily=\"Noto Sans CJK SC\"")
    );
    table.style.label = None;
    assert!(text(&table).contains("labelsEnabled=\"0\"") && !text(&table).contains("<labeling"));
}

#[test]
fn a_feature_that_no_class_draws_is_an_error() {
    let mut table = categorised();
    table.features[3].properties.kind = "zone".to_owned();
    let error = encode(&table).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table sample-areas, feature 环: no class of the style is for kind = \"zone\""
    );
    table.style.field = Some("colour");
    assert!(matches!(
        encode(&table),
        Err(QmlError::UnknownField {
            field: "colour",
            ..
        })
    ));
    table.style.field = None;
    assert!(matches!(
        encode(&table),
        Err(QmlError::ClassCount { count: 2, .. })
    ));
}
