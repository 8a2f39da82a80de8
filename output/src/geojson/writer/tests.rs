#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use geo::{Area, LineString, MultiPolygon, Point, Polygon};
use geojson::{FeatureCollection, GeoJson};
use layers::model::GeometryKind;

use super::*;
use crate::sample;

fn read(table: &Table) -> FeatureCollection {
    match encode(table).unwrap().parse::<GeoJson>().unwrap() {
        GeoJson::FeatureCollection(collection) => collection,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_is_one_collection_with_one_feature_a_line() {
    let table = sample::areas();
    let text = encode(&table).unwrap();
    assert!(text.starts_with(
        "{\"type\":\"FeatureCollection\",\"name\":\"sample-areas\",\"bbox\":[104.9,27.9,112.7,33.0],\"features\":[\n"
    ));
    assert!(text.ends_with("}\n]}\n"));
    assert_eq!(text.lines().count(), table.features.len() + 2);
    assert_eq!(text, encode(&sample::areas()).unwrap());
}

#[test]
fn ids_stand_outside_the_properties_and_unused_fields_are_left_out() {
    let mut table = sample::areas();
    table.features[1].properties.area_km2 = Some(12.5);
    table.features[1].properties.adcode = Some("050000".to_owned());
    let read = read(&table);
    assert_eq!(read.features[0].id, Some(Id::String("甲".to_owned())));
    let names: Vec<_> = read.features[0]
        .properties
        .as_ref()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        names,
        [
            "name",
            "kind",
            "plan",
            "plan_title",
            "article",
            "adcode",
            "area_km2",
            "quality"
        ]
    );
    assert_eq!(read.features[0].property("adcode"), Some(&JsonValue::Null));
    assert_eq!(
        read.features[1].property("adcode"),
        Some(&JsonValue::from("050000"))
    );
    assert_eq!(
        read.features[1].property("area_km2"),
        Some(&JsonValue::from(12.5))
    );
}

#[test]
fn rings_follow_the_right_hand_rule_whatever_came_in() {
    let mut clockwise = sample::rectangle(105.0, 29.0, 106.0, 30.0);
    clockwise.0.reverse();
    let hole = sample::rectangle(105.2, 29.2, 105.4, 29.4);
    let table = sample::table(
        "t",
        GeometryKind::Polygon,
        vec![sample::feature(
            "a",
            sample::area(clockwise, vec![hole]),
            (105.5, 29.5),
        )],
    );
    let read = read(&table);
    let areas = MultiPolygon::<f64>::try_from(read.features[0].geometry.as_ref().unwrap()).unwrap();
    let ring_area = |ring: &LineString<f64>| Polygon::new(ring.clone(), vec![]).signed_area();
    assert!(ring_area(areas.0[0].exterior()) > 0.0);
    assert!(ring_area(&areas.0[0].interiors()[0]) < 0.0);
}

#[test]
fn coordinates_have_six_decimals_and_no_repeats() {
    let ring = LineString::from(vec![
        (105.000_000_04, 29.0),
        (105.000_000_01, 29.0),
        (106.123_456_789, 29.0),
        (106.0, 30.0),
        (105.000_000_3, 29.000_000_2),
        (105.000_000_04, 29.0),
    ]);
    let line = LineString::from(vec![(105.0, 29.0), (105.000_000_1, 29.0), (106.0, 29.0)]);
    let areas = sample::table(
        "t",
        GeometryKind::Polygon,
        vec![sample::feature(
            "a",
            sample::area(ring, vec![sample::rectangle(105.5, 29.1, 105.5, 29.1)]),
            (105.5, 29.5),
        )],
    );
    let text = encode(&areas).unwrap();
    assert!(
        text.contains(
            "\"coordinates\":[[[[105.0,29.0],[106.123457,29.0],[106.0,30.0],[105.0,29.0]]]]"
        ),
        "{text}"
    );
    let lines = sample::table(
        "l",
        GeometryKind::Line,
        vec![sample::feature("a", line, (105.5, 29.0))],
    );
    let text = encode(&lines).unwrap();
    assert!(
        text.contains("\"coordinates\":[[105.0,29.0],[106.0,29.0]]"),
        "{text}"
    );
}

#[test]
fn a_geometry_that_is_not_of_the_table_is_refused_by_name() {
    let table = sample::table(
        "t",
        GeometryKind::Line,
        vec![sample::feature(
            "甲",
            Point::new(105.0, 29.0),
            (105.0, 29.0),
        )],
    );
    let error = encode(&table).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table t, feature 甲: the geometry is not a LineString"
    );
}

#[test]
fn what_would_vanish_or_lie_off_the_globe_is_refused() {
    let speck = sample::area(
        sample::rectangle(105.0, 29.0, 105.000_000_1, 29.000_000_1),
        vec![],
    );
    let table = sample::table(
        "t",
        GeometryKind::Polygon,
        vec![sample::feature("点", speck, (105.0, 29.0))],
    );
    assert!(matches!(
        encode(&table),
        Err(GeoJsonError::Collapsed { .. })
    ));
    let swapped = sample::table(
        "t",
        GeometryKind::Point,
        vec![sample::feature("点", Point::new(29.0, 105.0), (0.0, 0.0))],
    );
    assert!(matches!(
        encode(&swapped),
        Err(GeoJsonError::OffTheGlobe { .. })
    ));
    let mut infinite = sample::areas();
    infinite.features[0].properties.length_km = Some(f64::NAN);
    assert!(matches!(
        encode(&infinite),
        Err(GeoJsonError::NotFinite {
            field: "length_km",
            ..
        })
    ));
}

#[test]
fn an_empty_table_is_an_empty_collection() {
    let text = encode(&sample::table("t", GeometryKind::Point, vec![])).unwrap();
    assert_eq!(
        text,
        "{\"type\":\"FeatureCollection\",\"name\":\"t\",\"features\":[\n]}\n"
    );
}
