use geo::{LineString, Point};

use super::*;
use crate::sample;

/// Tiles of one feature at a zoom.
fn tiles(feature: &Feature, z: u8) -> Vec<(TileCoord, TileGeometry)> {
    let mut found = Vec::new();
    distribute(feature, z, &mut |tile, geometry| {
        found.push((tile, geometry));
    });
    found
}

#[test]
fn a_point_by_an_edge_is_also_in_the_buffer_of_the_neighbour() {
    // 32 units east of longitude 0 at zoom 1 (units of 180/4096 degrees), in the middle of a row.
    let feature = sample::feature("a", Point::new(32.5 * 180.0 / 4096.0, 66.5), (0.0, 0.0));
    let found: Vec<_> = tiles(&feature, 1)
        .into_iter()
        .map(|(tile, geometry)| match geometry {
            TileGeometry::Point((x, _)) => (tile.x, tile.y, x),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, [(0, 0, 4128), (1, 0, 32)]);
}

#[test]
fn a_label_is_in_one_tile_even_on_an_edge() {
    for z in 0..8 {
        let mut found = Vec::new();
        label(Coord { x: 0.0, y: 0.0 }, z, &mut |tile, geometry| {
            found.push((tile, geometry));
        });
        assert_eq!(found.len(), 1, "zoom {z}");
    }
}

#[test]
fn an_area_reaches_every_tile_that_it_meets() {
    let table = sample::areas();
    let found = tiles(&table.features[4], 8);
    let columns: Vec<u32> = found.iter().map(|(tile, _)| tile.x).collect();
    let (west, east) = (
        TileCoord::containing((104.9, 28.0).into(), 8),
        TileCoord::containing((112.7, 28.0).into(), 8),
    );
    assert!(
        (west.x..=east.x).all(|column| columns.contains(&column)),
        "{columns:?}"
    );
}

#[test]
fn no_feature_vanishes_at_any_zoom() {
    for feature in &sample::areas().features {
        for z in 0..=10 {
            assert!(!tiles(feature, z).is_empty(), "{} at zoom {z}", feature.id);
        }
    }
    let line = sample::feature(
        "l",
        LineString::from(vec![(106.0, 29.0), (106.0001, 29.0)]),
        (106.0, 29.0),
    );
    assert_eq!(tiles(&line, 3).len(), 1);
}

#[test]
fn two_layers_of_one_name_are_refused() {
    let (areas, points) = (
        sample::areas(),
        sample::table(
            "sample-areas-labels",
            GeometryKind::Point,
            vec![sample::feature("a", Point::new(106.0, 29.0), (106.0, 29.0))],
        ),
    );
    assert!(matches!(
        tile_layers(&[&areas, &points]),
        Err(TilesError::RepeatedLayer { .. })
    ));
}

#[test]
fn only_the_four_corners_make_a_whole_tile() {
    let tile = TileCoord { z: 3, x: 2, y: 5 };
    let ring = |points: &[(f64, f64)]| -> Vec<Path> {
        let origin = tile.origin();
        vec![
            points
                .iter()
                .map(|&(x, y)| Coord {
                    x: x + origin.x,
                    y: y + origin.y,
                })
                .collect(),
        ]
    };
    let (low, high) = (-64.0, 4160.0);
    let whole = [(high, low), (high, high), (low, high), (low, low)];
    assert!(whole_tile(&ring(&whole), tile).is_some());
    assert!(whole_tile(&ring(&[whole[0], whole[1], (low, 100.0), whole[3]]), tile).is_none());
    assert!(
        whole_tile(
            &ring(&[whole[0], whole[1], whole[2], whole[3], (100.0, 100.0)]),
            tile
        )
        .is_none()
    );
}
