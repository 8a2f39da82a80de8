//! The boundaries against published areas, a second source, and themselves.
#![expect(
    clippy::print_stdout,
    reason = "measured figures and skipped checks are part of the test log"
)]

use std::collections::BTreeMap;
use std::path::Path;

use gazetteer::{Gazetteer, LonLat, Place, Unit, area_m2};
use geo::{Contains, CoordsIter, Intersects, LineString, MultiPolygon, Polygon, Validation};

fn gazetteer() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data opens")
}

fn place<'g>(gazetteer: &'g Gazetteer, name: &str) -> Place<'g> {
    gazetteer
        .find_one(name, None)
        .unwrap_or_else(|| panic!("{name} is a place"))
        .place
}

/// The units of several names together.
fn units(gazetteer: &Gazetteer, names: &[&str]) -> Vec<Unit<'static>> {
    names
        .iter()
        .flat_map(|name| gazetteer.units_of(&place(gazetteer, name)))
        .collect()
}

fn km2(gazetteer: &Gazetteer, names: &[&str]) -> f64 {
    let area = gazetteer.boundaries().union(&units(gazetteer, names));
    area_m2(&area.expect("the boundaries are whole")) / 1e6
}

const CENTRE: [&str; 9] = [
    "渝中区",
    "大渡口区",
    "重庆市江北区",
    "沙坪坝区",
    "九龙坡区",
    "南岸区",
    "北碚区",
    "渝北区",
    "巴南区",
];

const AROUND: [&str; 13] = [
    "涪陵区",
    "长寿区",
    "江津区",
    "合川区",
    "永川区",
    "南川区",
    "綦江区",
    "大足区",
    "璧山区",
    "铜梁区",
    "潼南区",
    "荣昌区",
    "广安市",
];

#[test]
fn areas_are_the_published_ones() {
    let gazetteer = gazetteer();
    let metropolitan: Vec<&str> = CENTRE.iter().chain(&AROUND).copied().collect();
    let south_west = [
        "自贡市",
        "泸州市",
        "内江市",
        "宜宾市",
        "江津区",
        "永川区",
        "綦江区",
        "大足区",
        "铜梁区",
        "荣昌区",
    ];
    // Published km², and the share by which the geometry may differ.
    let expected: [(&str, &[&str], f64, f64); 5] = [
        ("重庆市", &["重庆市"], 82_402.0, 0.003),
        ("中心城区", &CENTRE, 5_467.0, 0.005),
        ("广安市", &["广安市"], 6_339.0, 0.01),
        ("重庆都市圈", &metropolitan, 35_000.0, 0.005),
        ("川南渝西", &south_west, 46_600.0, 0.005),
    ];
    for (name, members, published, share) in expected {
        let measured = km2(&gazetteer, members);
        let off = measured / published - 1.0;
        println!(
            "{name}: {measured:.0} km², published {published:.0}, {:+.2} %",
            off * 100.0
        );
        assert!(
            off.abs() <= share,
            "{name}: {measured:.1} km² against {published}"
        );
    }
}

#[test]
fn a_union_has_the_area_of_its_members_and_no_hole_that_they_have_not() {
    let gazetteer = gazetteer();
    let boundaries = gazetteer.boundaries();
    let holes = |area: &MultiPolygon<f64>| area.iter().map(|p| p.interiors().len()).sum::<usize>();
    for name in [
        "重庆市",
        "四川省",
        "广安市",
        "成都市",
        "内蒙古",
        "河北省",
        "海南省",
    ] {
        let members = gazetteer.units_of(&place(&gazetteer, name));
        let union = boundaries.union(&members).expect("whole");
        let parts: Vec<MultiPolygon<f64>> = members
            .iter()
            .map(|unit| boundaries.union(&[*unit]).expect("whole"))
            .collect();
        let sum: f64 = parts.iter().map(area_m2).sum();
        assert!(
            (area_m2(&union) / sum - 1.0).abs() < 1e-9,
            "{name}: shared borders count once"
        );
        assert!(union.is_valid(), "{name}: {:?}", union.validation_errors());
        let own: usize = parts.iter().map(holes).sum();
        assert!(
            holes(&union) <= own,
            "{name}: {} holes, its members have {own}",
            holes(&union)
        );
    }
}

#[test]
fn what_members_surround_is_a_hole() {
    let gazetteer = gazetteer();
    let around: Vec<&str> = CENTRE.iter().skip(1).copied().collect();
    let ring = gazetteer
        .boundaries()
        .union(&units(&gazetteer, &around))
        .expect("whole");
    assert!(ring.is_valid());
    let holes: Vec<&LineString<f64>> = ring.iter().flat_map(Polygon::interiors).collect();
    assert_eq!(holes.len(), 1, "渝中区 lies among the other eight");
    let hole = area_m2(&MultiPolygon(vec![Polygon::new(
        holes[0].clone(),
        Vec::new(),
    )])) / 1e6;
    assert!((hole - km2(&gazetteer, &["渝中区"])).abs() < 1e-6, "{hole}");
}

#[test]
fn every_unit_of_the_country_is_a_valid_area() {
    let gazetteer = gazetteer();
    let boundaries = gazetteer.boundaries();
    let mut count = 0;
    for unit in boundaries.units() {
        let area = boundaries.union(&[unit]).expect("whole");
        assert!(
            area.is_valid(),
            "{}: {:?}",
            unit.name,
            area.validation_errors()
        );
        assert!(
            area.contains(&unit.inside.to_point()),
            "{}: its point lies outside",
            unit.name
        );
        count += 1;
    }
    assert_eq!(count, 2891);
}

#[test]
fn removing_a_border_leaves_the_vertices_of_the_others_as_they_were() {
    let gazetteer = gazetteer();
    let boundaries = gazetteer.boundaries();
    let (a, b) = (
        units(&gazetteer, &["永川区"]),
        units(&gazetteer, &["江津区"]),
    );
    let both: Vec<Unit<'_>> = a.iter().chain(&b).copied().collect();
    let union = boundaries.union(&both).expect("whole");
    let mut before: Vec<(u64, u64)> = Vec::new();
    for unit in &both {
        let area = boundaries.union(&[*unit]).expect("whole");
        before.extend(area.coords_iter().map(|c| (c.x.to_bits(), c.y.to_bits())));
    }
    assert!(
        union
            .coords_iter()
            .all(|c| before.contains(&(c.x.to_bits(), c.y.to_bits())))
    );
    assert_eq!(union.0.len(), 1, "neighbours become one polygon");
}

#[test]
fn a_position_lies_in_its_units_and_outside_the_country_in_none() {
    let gazetteer = gazetteer();
    let names = |lon, lat| -> Vec<String> {
        let position = LonLat::new(lon, lat).expect("in range");
        gazetteer
            .units_at(position)
            .expect("whole")
            .iter()
            .map(|p| p.name.to_owned())
            .collect()
    };
    assert_eq!(names(106.2661, 29.9988), ["重庆市", "合川区"]);
    assert_eq!(names(106.930, 30.335), ["四川省", "广安市", "邻水县"]);
    assert!(names(0.0, 51.5).is_empty());
    // A vertex of a border lies in the units on both sides.
    let border = gazetteer
        .area(&place(&gazetteer, "合川区"))
        .expect("whole")
        .expect("has an area")
        .coords_iter()
        .next()
        .expect("a vertex");
    assert!(names(border.x, border.y).len() > 2);
}

/// County areas of the second source, by code; `None` when it is not beside the checkout.
fn second_source() -> Option<BTreeMap<u32, (String, MultiPolygon<f64>)>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/check/osm_county_s100.geojson");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("SKIPPED: no second source of boundaries beside the checkout");
        return None;
    };
    let json: serde_json::Value = serde_json::from_str(&text).expect("GeoJSON");
    let ring = |value: &serde_json::Value| {
        let pairs = value.as_array().expect("a ring").iter();
        let number = |v: &serde_json::Value| v.as_f64().expect("a number");
        LineString::from(
            pairs
                .map(|p| (number(&p[0]), number(&p[1])))
                .collect::<Vec<_>>(),
        )
    };
    let polygon = |value: &serde_json::Value| {
        let rings = value.as_array().expect("a polygon");
        Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect())
    };
    let features = json["features"].as_array().expect("features");
    let areas = features.iter().map(|feature| {
        let coordinates = &feature["geometry"]["coordinates"];
        let area = match feature["geometry"]["type"].as_str() {
            Some("Polygon") => MultiPolygon(vec![polygon(coordinates)]),
            _ => MultiPolygon(
                coordinates
                    .as_array()
                    .expect("polygons")
                    .iter()
                    .map(polygon)
                    .collect(),
            ),
        };
        let text = |key: &str| {
            feature["properties"][key]
                .as_str()
                .expect("text")
                .to_owned()
        };
        (
            text("adcode").parse().expect("a code"),
            (text("name"), area),
        )
    });
    Some(areas.collect())
}

/// 翠屏区, 叙州区, 乐山市市中区, 贡井区, 锦江区: their line in the second source is known to be old or wrong.
const KNOWN_FAULTS: [u32; 5] = [511_502, 511_504, 511_102, 510_303, 510_104];

#[test]
fn counties_agree_with_a_second_source() {
    let Some(others) = second_source() else {
        return;
    };
    let gazetteer = gazetteer();
    let mut deviations = Vec::new();
    for (code, (name, other)) in &others {
        let Some(own) = gazetteer
            .unit(*code)
            .or_else(|| gazetteer.find(name, None).first().map(|m| m.place))
        else {
            panic!("{code} {name} is not in the gazetteer");
        };
        let area = gazetteer
            .area(&own)
            .expect("whole")
            .expect("a unit has an area");
        deviations.push((
            (area_m2(&area) / area_m2(other) - 1.0).abs(),
            own.name,
            *code,
        ));
    }
    deviations.sort_by(|a, b| b.0.total_cmp(&a.0));
    let median = deviations[deviations.len() / 2].0;
    let worst: Vec<String> = deviations
        .iter()
        .take(8)
        .map(|(d, name, _)| format!("{name} {:.1} %", d * 100.0))
        .collect();
    println!(
        "{} counties, median {:.2} %, worst {}",
        deviations.len(),
        median * 100.0,
        worst.join(", ")
    );
    assert_eq!(deviations.len(), 221);
    assert!(median < 0.01);
    for (deviation, name, code) in deviations {
        assert!(
            deviation <= 0.05 || KNOWN_FAULTS.contains(&code),
            "{code} {name}: {deviation:.3}"
        );
    }
}

#[test]
fn county_seats_lie_in_their_county_in_both_sources() {
    let others = second_source();
    let gazetteer = gazetteer();
    let (mut seats, mut in_both) = (0, 0);
    for unit in gazetteer.boundaries().units() {
        let place = gazetteer.unit(unit.code).expect("a place for each unit");
        // Elsewhere a unit without a known seat stands at a point inside it.
        let home = matches!(unit.province_code, 500_000 | 510_000);
        assert!(
            !home || place.accuracy_m < 30_000,
            "{} has a seat",
            unit.name
        );
        let position = place.position.expect("a unit has a seat");
        let seat = position.to_point();
        let own = gazetteer.boundaries().union(&[unit]).expect("whole");
        assert!(
            own.intersects(&seat),
            "{}: {} is outside",
            unit.name,
            position
        );
        if let Some((_, other)) = others.as_ref().and_then(|others| others.get(&unit.code)) {
            assert!(
                other.intersects(&seat),
                "{}: {} is outside the second source",
                unit.name,
                position
            );
            in_both += 1;
        }
        seats += 1;
    }
    println!(
        "{seats} seats inside their unit, {in_both} of them inside it in the second source too"
    );
    assert_eq!(seats, 2891);
    assert!(others.is_none() || in_both == 221, "{in_both}");
}

#[test]
fn the_area_of_a_place_is_that_of_the_yearbooks() {
    let gazetteer = Gazetteer::embedded().expect("opens");
    // km², as the two governments publish them.
    for (name, published) in [
        ("重庆市", 82_402.0),
        ("四川省", 486_052.0),
        ("渝中区", 23.7),
    ] {
        let place = gazetteer.find_one(name, None).expect("known").place;
        let found = gazetteer.area_km2(&place).expect("it has one");
        let off = (found / published - 1.0).abs();
        assert!(off < 0.02, "{name}: {found:.0} km², published {published}");
    }
    let airport = gazetteer
        .find_one("万州五桥机场", None)
        .expect("known")
        .place;
    assert!(gazetteer.area_km2(&airport).is_none());
}
