//! A file with everything that can be wrong, and its mended copy.

use input::features::{FeatureOptions, FeatureSource};

use super::*;

fn checked(text: &str) -> Checked {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.ndjson");
    std::fs::write(&path, text).expect("written");
    let source = FeatureSource::open(&path, &FeatureOptions::default()).expect("opened");
    check(source, 2, &Shaping::default()).expect("read")
}

fn feature(properties: &str, geometry: &str) -> String {
    format!("{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{geometry}}}\n")
}

fn polygon(rings: &str) -> String {
    feature(
        "",
        &format!("{{\"type\":\"Polygon\",\"coordinates\":[{rings}]}}"),
    )
}

fn count(checked: &Checked, code: Code) -> u64 {
    let of = checked
        .findings
        .iter()
        .filter(|finding| finding.code == code);
    of.map(|finding| finding.count).sum()
}

#[test]
fn a_file_in_order_has_nothing() {
    let text = polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]");
    let found = checked(&text);
    assert!(
        found.is_in_order() && found.findings.is_empty(),
        "{found:?}"
    );
    assert_eq!(
        (found.features, found.bbox),
        (1, Some([0.0, 0.0, 4.0, 4.0]))
    );
}

#[test]
fn every_fault_of_geometry_is_told_with_its_place() {
    let text = [
        polygon("[[0,0],[4,4],[4,0],[0,4],[0,0]]"),
        polygon("[[0,0],[0,4],[4,4],[4,0],[0,0]]"),
        polygon("[[0,0],[4,0],[4,0],[4,4],[0,4],[0,0]]"),
        polygon("[[0,0],[4,0],[4,4],[0,4]]"),
        polygon("[[0,0],[4,0],[0,0]]"),
        polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[5,5],[5,6],[6,6],[6,5],[5,5]]"),
        polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,1],[3,3],[6,3],[6,1],[3,1]]"),
        feature("", r#"{"type":"LineString","coordinates":[[1,1],[1,1]]}"#),
        feature("", r#"{"type":"Point","coordinates":[]}"#),
        feature("", "null"),
        feature("", r#"{"type":"Point","coordinates":[29.5,106.5]}"#),
        feature("", r#"{"type":"Point","coordinates":[465000,3370000]}"#),
    ]
    .concat();
    let found = checked(&text);
    for (code, expected) in [
        (Code::SelfIntersection, 1),
        // The bow tie has no way round; the second polygon has the wrong one.
        (Code::Winding, 1),
        (Code::DuplicateVertices, 2),
        (Code::OpenRing, 1),
        (Code::ShortRing, 1),
        (Code::HoleOutside, 1),
        (Code::RingsCross, 1),
        (Code::ShortLine, 1),
        (Code::EmptyGeometry, 1),
        (Code::NoGeometry, 1),
        (Code::SwappedAxes, 1),
        (Code::OutOfRange, 1),
    ] {
        assert_eq!(count(&found, code), expected, "{code:?} in {found:#?}");
    }
    let bow = found
        .findings
        .iter()
        .find(|one| one.code == Code::SelfIntersection);
    let bow = &bow.expect("found").examples[0];
    assert_eq!(bow.place, "line 1");
    assert!(bow.position.is_some() && !found.is_in_order());
}

#[test]
fn columns_are_told_apart() {
    let point = r#"{"type":"Point","coordinates":[106.5,29.5]}"#;
    let row = |properties: &str| feature(properties, point);
    let text = [
        row(r#""adcode":500101,"name":"万州","n":"12","mix":1,"none":null,"zip":"0100""#),
        row(r#""adcode":511602,"name":" 广安 ","n":"7","mix":"一","none":null,"zip":"0200""#),
        row(r#""adcode":10101,"name":"锟斤拷","n":"0.5","mix":true,"none":null,"zip":"0300""#),
    ]
    .concat();
    let found = checked(&text);
    let said: Vec<(Code, &str, u64)> = found
        .findings
        .iter()
        .map(|one| (one.code, one.column.as_deref().unwrap_or(""), one.count))
        .collect();
    assert_eq!(
        said,
        [
            (Code::CodesAsNumbers, "adcode", 3),
            (Code::LeadingZerosLost, "adcode", 1),
            (Code::Garbled, "name", 1),
            (Code::MixedTypes, "mix", 2),
            (Code::BlankEnds, "name", 1),
            (Code::NumbersAsText, "n", 3),
            (Code::EmptyColumn, "none", 1),
        ]
    );
}

#[test]
fn two_features_of_one_identifier() {
    let one = |id: &str| {
        format!("{{\"type\":\"Feature\",\"id\":{id},\"properties\":{{}},\"geometry\":null}}\n")
    };
    let found = checked(&["1", "\"1\"", "2", "1"].map(one).concat());
    assert_eq!(count(&found, Code::DuplicateIds), 1);
    let ids = found
        .findings
        .iter()
        .find(|one| one.code == Code::DuplicateIds);
    assert_eq!(ids.expect("found").examples[0].place, "line 4");
}

#[test]
fn what_is_mended_is_in_order_and_has_the_same_area() {
    let text = [
        polygon("[[0,0],[0,4],[0,4],[4,4],[4,0],[0,0]],[[1,1],[2,1],[2,2],[2,2],[1,2],[1,1]]"),
        feature(
            "",
            r#"{"type":"LineString","coordinates":[[1,1],[1,1],[2,2]]}"#,
        ),
        feature("", r#"{"type":"MultiPoint","coordinates":[[1,1],[1,1]]}"#),
    ]
    .concat();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.ndjson");
    std::fs::write(&path, text).expect("written");
    let source = FeatureSource::open(&path, &FeatureOptions::default()).expect("opened");
    let mut mended = Vec::new();
    source
        .read(
            1,
            |batch| {
                fix(batch);
                (Block::of(batch, None).found.len(), batch.lonlat.clone())
            },
            |done| {
                mended.push(done.value);
                Ok::<(), Infallible>(())
            },
        )
        .expect("read");
    assert_eq!(mended[0].0, 0);
    // Points of a set are no vertices of a line: they may repeat.
    assert_eq!(mended[0].1.len(), 5 + 5 + 2 + 2);
}

#[test]
fn points_moved_as_web_maps_move_them_are_suspected_and_others_not() {
    use coordinates::{Crs, Transform};
    // Points inside a county, close to its border: those that the shift takes over it tell.
    let boundaries = gazetteer::Boundaries::embedded().expect("embedded");
    let shift = Transform::new(Crs::Degrees, Crs::Gcj02).expect("no PROJ needed");
    let (mut true_points, mut moved) = (String::new(), String::new());
    for unit in boundaries
        .units()
        .filter(|unit| unit.province_code == 500_000)
        .take(12)
    {
        let area = boundaries.union(&[unit]).expect("a county");
        let (mid_lon, mid_lat) = (unit.inside.lon(), unit.inside.lat());
        let border = area
            .0
            .iter()
            .flat_map(|part| part.exterior().0.iter())
            .step_by(3);
        for vertex in border {
            // 200 m inward, roughly: a tenth of the way would be too far in large counties.
            let (dx, dy) = (mid_lon - vertex.x, mid_lat - vertex.y);
            let step = 0.002 / dx.hypot(dy).max(1e-9);
            let (lon, lat) = (vertex.x + dx * step, vertex.y + dy * step);
            if !geo::Intersects::intersects(&area, &geo::Point::new(lon, lat)) {
                continue;
            }
            let row = |lon: f64, lat: f64| {
                let point = format!("{{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}}");
                feature(&format!("\"县\":\"{}\"", unit.code), &point)
            };
            true_points += &row(lon, lat);
            let (lon, lat) = shift.one(lon, lat).expect("in China");
            moved += &row(lon, lat);
        }
    }
    assert_eq!(count(&checked(&true_points), Code::SuspectedGcj02), 0);
    assert!(count(&checked(&moved), Code::SuspectedGcj02) > 20);
}
