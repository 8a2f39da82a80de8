use std::collections::BTreeMap;

use geo::Relate;
use proptest::prelude::*;

use super::super::{Areas, AreasBuilder, CellMap, Side};
use super::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

fn areas(rings: &[Vec<Vec<[f64; 2]>>]) -> Areas {
    let mut builder = AreasBuilder::default();
    for area in rings {
        for ring in area {
            builder.ring(ring.iter().copied());
        }
        builder.end();
    }
    builder.finish()
}

fn found(map: &CellMap, position: LonLat) -> BTreeMap<u32, Side> {
    let mut all = BTreeMap::new();
    map.at(position, |area, side| {
        assert!(all.insert(area, side).is_none(), "an area is said once");
    });
    all
}

/// As [`found`], for many positions at once.
fn found_each(map: &CellMap, positions: &[LonLat]) -> Vec<BTreeMap<u32, Side>> {
    let mut all = vec![BTreeMap::new(); positions.len()];
    map.at_each(positions.iter().copied(), |place, area, side| {
        assert!(
            all[place].insert(area, side).is_none(),
            "an area is said once"
        );
    });
    all
}

fn scanned(areas: &Areas, position: LonLat) -> BTreeMap<u32, Side> {
    let mut all = BTreeMap::new();
    areas.at(position, |area, side| {
        all.insert(area, side);
    });
    all
}

/// Positions on a coarse lattice: vertices, heights of vertices and edges are hit all the time.
fn lattice() -> impl Strategy<Value = [f64; 2]> {
    (0..9_i32, 0..9_i32).prop_map(|(x, y)| [f64::from(x) / 4.0, f64::from(y) / 4.0])
}

fn fine() -> impl Strategy<Value = [f64; 2]> {
    (-0.1..2.1_f64, -0.1..2.1_f64).prop_map(|(x, y)| [x, y])
}

fn ring() -> impl Strategy<Value = Vec<[f64; 2]>> {
    proptest::collection::vec(prop_oneof![3 => lattice(), 1 => fine()], 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_map_of_cells_says_what_every_edge_says(
        rings in proptest::collection::vec(proptest::collection::vec(ring(), 0..4), 0..12),
        positions in proptest::collection::vec(prop_oneof![lattice(), fine()], 1..150),
        cells in prop_oneof![Just(0.0), Just(0.2), Just(3.0), 0.0..40.0_f64],
        threads in 1..4_usize,
    ) {
        let areas = areas(&rings);
        let map = CellMap::with_cells(areas.clone(), cells, threads);
        let references = (0..map.grid.columns.min(6)).map(|column| [map.grid.reference_lon(column), map.grid.reference_lat(0)]);
        let positions: Vec<LonLat> = positions.into_iter().chain(references).map(|[lon, lat]| at(lon, lat)).collect();
        let each = found_each(&map, &positions);
        for (position, of_each) in positions.into_iter().zip(each) {
            let expected = scanned(&areas, position);
            prop_assert_eq!(found(&map, position), expected.clone(), "{}", position);
            prop_assert_eq!(of_each, expected, "{} among others", position);
        }
    }

    #[test]
    fn a_simple_ring_has_the_inside_that_geo_gives_it(
        radii in proptest::collection::vec(0.2..1.0_f64, 3..12),
        position in fine(),
    ) {
        // A star around (1, 1): it never crosses itself.
        let turn = std::f64::consts::TAU / f64::from(u32::try_from(radii.len()).expect("few"));
        let ring: Vec<[f64; 2]> = (0..).zip(&radii).map(|(number, radius)| {
            let angle = f64::from(number) * turn;
            [1.0 + radius * angle.cos(), 1.0 + radius * angle.sin()]
        }).collect();
        let line: geo::LineString = ring.iter().map(|[x, y]| (*x, *y)).collect();
        let polygon = geo::Polygon::new(line, Vec::new());
        let areas = areas(&[vec![ring]]);
        let relation = polygon.relate(&geo::Point::new(position[0], position[1]));
        let side = areas.side(0, at(position[0], position[1]));
        prop_assert_eq!(relation.is_contains(), side == Side::Inside);
        prop_assert_eq!(relation.is_intersects(), side != Side::Outside);
    }
}

#[test]
fn references_on_edges_send_the_question_to_the_whole_area() {
    // One cell, and rings through its reference, level, upright and slanting.
    let reference = [2.0 * 0.500_012_3, 2.0 * 0.499_987_1];
    let frame = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]];
    let upright = vec![
        [reference[0], 0.0],
        [2.0, 0.0],
        [2.0, 2.0],
        [reference[0], 2.0],
    ];
    let level = vec![
        [0.0, reference[1]],
        [2.0, reference[1]],
        [2.0, 2.0],
        [0.0, 2.0],
    ];
    let corner = vec![[0.0, 0.0], [2.0, 0.0], reference];
    let areas = areas(&[vec![frame], vec![upright], vec![level], vec![corner]]);
    let map = CellMap::with_cells(areas.clone(), 0.0, 1);
    assert_eq!((map.grid.columns, map.grid.rows), (1, 1));
    for x in 0..41 {
        for y in 0..41 {
            let position = at(f64::from(x) / 20.0, f64::from(y) / 20.0);
            assert_eq!(
                found(&map, position),
                scanned(&areas, position),
                "{position}"
            );
        }
    }
    let position = at(reference[0], reference[1]);
    assert_eq!(found(&map, position), scanned(&areas, position));
}

#[test]
fn areas_over_areas_do_not_make_the_map_explode() {
    // Five hundred squares of the whole extent: a fine grid would write each down in every cell.
    let square = |inset: f64| {
        vec![vec![
            [inset, inset],
            [40.0 - inset, inset],
            [40.0 - inset, 40.0 - inset],
            [inset, 40.0 - inset],
        ]]
    };
    let rings: Vec<_> = (0..500)
        .map(|number| square(f64::from(number) * 1e-3))
        .collect();
    let areas = areas(&rings);
    let map = CellMap::with_cells(areas.clone(), 1000.0, 2);
    assert!(map.entries.len() < 200_000, "{}", map.entries.len());
    assert_eq!(found(&map, at(20.0, 20.0)).len(), 500);
    assert_eq!(found(&map, at(0.0105, 20.0)).len(), 11);
}

#[test]
fn rings_without_an_inside_are_left_out() {
    let areas = areas(&[
        vec![vec![[0.0, 0.0], [1.0, 1.0]]],
        vec![],
        vec![vec![[f64::NAN, 0.0], [1.0, 0.0], [1.0, 1.0]]],
    ]);
    assert_eq!((areas.len(), areas.edges()), (3, 0));
    assert!(CellMap::new(areas.clone(), 2).extent().is_none());
    assert!(found(&CellMap::new(areas.clone(), 2), at(0.5, 0.5)).is_empty());
    assert!(found(&CellMap::new(Areas::default(), 2), at(0.5, 0.5)).is_empty());
}
