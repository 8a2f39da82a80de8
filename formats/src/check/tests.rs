//! A file with everything that can be wrong, and its mended copy.

use input::features::{FeatureOptions, FeatureSource};

use super::*;

fn checked(text: &str) -> Checked {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.ndjson");
    std::fs::write(&path, text).expect("written");
    let source = FeatureSource::open(&path, &FeatureOptions::default()).expect("opened");
    check(source, 2, &|_| {}).expect("read")
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
                (Block::of(batch).found.len(), batch.lonlat.clone())
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
