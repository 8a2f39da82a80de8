#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use geo::Point;
use layers::model::GeometryKind;

use super::*;
use crate::sample;

fn metadata() -> TilesetMetadata {
    TilesetMetadata {
        name: "样例".to_owned(),
        description: "测试".to_owned(),
        attribution: "无".to_owned(),
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn degrees(bytes: &[u8], at: usize) -> f64 {
    f64::from(i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())) / 1e7
}

#[test]
fn the_header_is_true() {
    let table = sample::areas();
    let (bytes, summary) = encode(&[&table], &metadata(), 2, 6).unwrap();
    assert_eq!(&bytes[..8], b"PMTiles\x03");
    assert_eq!(number(&bytes, 72), summary.tiles, "addressed tiles");
    assert_eq!(
        bytes[96..102],
        [1, 2, 2, 1, 2, 6],
        "clustered, gzip, gzip, mvt, zooms"
    );
    let found = [102, 106, 110, 114].map(|at| degrees(&bytes, at));
    assert_eq!(
        found.map(|value| format!("{value:.6}")),
        ["104.900000", "27.900000", "112.700000", "33.000000"]
    );
    assert_eq!(
        number(&bytes, 40),
        bytes.len() as u64,
        "empty leaves have an offset"
    );
    assert_eq!(
        number(&bytes, 56) + number(&bytes, 64),
        bytes.len() as u64,
        "tiles end the file"
    );
    assert_eq!(summary.layers, ["sample-areas", "sample-areas-labels"]);
}

#[test]
fn equal_tables_give_equal_bytes() {
    let table = sample::areas();
    let one = encode(&[&table], &metadata(), 0, 5).unwrap().0;
    assert_eq!(
        one,
        encode(&[&sample::areas()], &metadata(), 0, 5).unwrap().0
    );
}

#[test]
fn a_single_point_has_bounds_with_area() {
    let table = sample::table(
        "p",
        GeometryKind::Point,
        vec![sample::feature("a", Point::new(106.0, 29.0), (106.0, 29.0))],
    );
    let (bytes, _) = encode(&[&table], &metadata(), 0, 0).unwrap();
    assert!(
        degrees(&bytes, 102) < degrees(&bytes, 110) && degrees(&bytes, 106) < degrees(&bytes, 114)
    );
}

#[test]
fn nothing_to_draw_and_bad_zooms_are_refused() {
    let empty = sample::table("p", GeometryKind::Point, vec![]);
    assert!(matches!(
        encode(&[&empty], &metadata(), 0, 4),
        Err(TilesError::Empty)
    ));
    assert!(matches!(
        encode(&[&sample::areas()], &metadata(), 5, 4),
        Err(TilesError::Zooms { .. })
    ));
    assert!(matches!(
        encode(&[&sample::areas()], &metadata(), 0, 19),
        Err(TilesError::Zooms { .. })
    ));
}

#[test]
fn metadata_names_layers_fields_and_zooms() {
    let table = sample::areas();
    let layers = tile_layers(&[&table]).unwrap();
    let json: Value = serde_json::from_str(&describe(&layers, &metadata(), 1, 9).unwrap()).unwrap();
    assert_eq!(json["name"], "样例");
    assert_eq!(json["vector_layers"][1]["id"], "sample-areas-labels");
    assert_eq!(json["vector_layers"][0]["fields"]["id"], "String");
    assert_eq!(json["vector_layers"][0]["fields"]["area_km2"], Value::Null);
    assert_eq!(json["vector_layers"][0]["maxzoom"], 9);
}

#[test]
fn the_first_view_shows_the_whole() {
    assert_eq!(centre_zoom([104.0, 28.0, 110.0, 32.0]), 6);
    assert_eq!(centre_zoom([-180.0, -85.0, 180.0, 85.0]), 1);
}
