use proptest::prelude::*;

use super::*;

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2, u8::try_from(bytes.len()).unwrap()];
    out.extend_from_slice(bytes);
    out
}

/// A layer `l` with key `k`, value `v` and a feature of these fields.
fn tile(feature: &[u8]) -> Vec<u8> {
    let layer = [
        field(1, b"l"),
        field(2, feature),
        field(3, b"k"),
        field(4, &field(1, b"v")),
        vec![15 << 3, 2],
    ];
    field(3, &layer.concat())
}

/// A feature with tags 0, 0 of a geometry type.
fn feature(kind: u8, geometry: &[u8]) -> Vec<u8> {
    [field(2, &[0, 0]), vec![3 << 3, kind], field(4, geometry)].concat()
}

fn decoded(kind: u8, geometry: &[u8]) -> Geometry {
    let tile = decode(&tile(&feature(kind, geometry))).unwrap();
    assert_eq!(tile.problems, []);
    tile.layers[0].features[0].geometry.clone()
}

#[test]
fn the_examples_of_the_specification_are_read() {
    assert_eq!(decoded(1, &[9, 50, 34]), Geometry::Points(vec![[25, 17]]));
    assert_eq!(
        decoded(1, &[17, 10, 14, 3, 9]),
        Geometry::Points(vec![[5, 7], [3, 2]])
    );
    assert_eq!(
        decoded(2, &[9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]),
        Geometry::Lines(vec![vec![[2, 2], [2, 10], [10, 10]], vec![[1, 1], [3, 5]]])
    );
    // Two polygons, the second with a hole (section 4.3.5.6).
    let commands = [
        9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26,
        0, 8, 8, 0, 0, 7, 15,
    ];
    let Geometry::Polygons(polygons) = decoded(3, &commands) else {
        panic!("polygons");
    };
    assert_eq!(polygons.len(), 2);
    assert_eq!(polygons[0].exterior, [[0, 0], [10, 0], [10, 10], [0, 10]]);
    assert_eq!(polygons[0].holes.len(), 0);
    assert_eq!(
        polygons[1].holes,
        [[[13, 13], [13, 17], [17, 17], [17, 13]]]
    );
    assert_eq!(area_doubled(&polygons[1].exterior), 2 * 81);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let error = |kind: u8, geometry: &[u8]| decode(&tile(&feature(kind, geometry))).unwrap_err();
    assert_eq!(
        error(1, &[0xf9, 0xff, 0xff, 0xff, 0x0f, 2, 2]).to_string(),
        "layer 0, feature 0: command 1 counts 536870911 positions, and 2 numbers follow"
    );
    assert_eq!(
        error(3, &[9, 0, 0, 26, 20, 0, 0, 20, 19, 0]).to_string(),
        "layer 0, feature 0: the bytes end inside a geometry"
    );
    assert_eq!(error(1, &[]).kind, ErrorKind::EmptyGeometry);
    let problem = |kind: u8, geometry: &[u8]| {
        let tile = decode(&tile(&feature(kind, geometry))).unwrap();
        assert_eq!(tile.layers[0].features, []);
        tile.problems[0].kind
    };
    let counter_clockwise = [9, 0, 0, 26, 0, 20, 20, 0, 0, 19, 15];
    assert_eq!(problem(3, &counter_clockwise), ProblemKind::HoleFirst);
    assert_eq!(
        problem(3, &[9, 0, 0, 18, 20, 0, 20, 0, 15]),
        ProblemKind::NoArea
    );
    assert_eq!(problem(2, &[9, 2, 2, 10, 0, 0]), ProblemKind::NoStep);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_damage_is_read_or_refused(at in 0usize..60, byte: u8) {
        let mut tile = tile(&feature(3, &[9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15]));
        let at = at % tile.len();
        tile[at] = byte;
        let _ = decode(&tile);
    }
}

#[test]
fn every_cut_of_a_tile_is_refused() {
    let whole = tile(&feature(2, &[9, 4, 4, 18, 0, 16, 16, 0]));
    for length in 1..whole.len() {
        assert!(decode(&whole[..length]).is_err(), "{length}");
    }
}
