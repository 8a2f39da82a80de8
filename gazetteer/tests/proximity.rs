//! What is near, within and along, against a plain scan over all places with the geodesic.

use std::io::Cursor;

use gazetteer::{
    About, Beside, Entry, Extent, FeatureClass, Gazetteer, LonLat, NearQuery, PartialDate, Place,
    PlaceFilter, PlaceId, Store, StoreWriter, geodesic, length_m,
};
use geo::{Coord, Distance, Euclidean, Intersects, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

/// Classes of the synthetic places. The embedded gazetteer may have some too: the scan sees them as well.
const CLASSES: [FeatureClass; 4] = [
    FeatureClass::Airport,
    FeatureClass::Substation,
    FeatureClass::Foreign,
    FeatureClass::Other,
];
const DATES: [&str; 4] = ["2000", "2016-06", "2016-06-08", "2020-01-01"];

/// A synthetic place, `copies` times.
#[derive(Debug, Clone)]
struct Spot {
    position: (f64, f64),
    class: usize,
    copies: usize,
    since: Option<usize>,
    until: Option<usize>,
}

/// Positions where trees and formulas go wrong: poles, ±180°, the equator, a line, a cluster of micrometres
/// and its antipode.
fn position() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![
        (-180.0..=180.0, -90.0..=90.0),
        (-180.0..=180.0, prop_oneof![Just(-90.0), Just(90.0)]),
        (prop_oneof![Just(-180.0), Just(180.0)], -90.0..=90.0),
        (
            prop_oneof![Just(-180.0), Just(180.0), Just(0.0)],
            -2_i32..=2
        )
            .prop_map(|(lon, lat)| (lon, f64::from(lat) * 45.0)),
        (-180.0..=180.0, Just(0.0)),
        (0_i32..40).prop_map(|step| (104.0 + f64::from(step) * 0.1, 30.0)),
        // 1e-11° is a micrometre.
        (-20_i32..20, -20_i32..20)
            .prop_map(|(x, y)| (106.5 + f64::from(x) * 1e-11, 29.5 + f64::from(y) * 1e-11)),
        (104.0..108.0, 28.0..32.0),
        Just((-73.5, -29.5)),
        (-74.0..-73.0, -30.0..-29.0),
    ]
}

fn spots() -> impl Strategy<Value = Vec<Spot>> {
    let date = || prop_oneof![4 => Just(None), 1 => (0..DATES.len()).prop_map(Some)];
    let copies = prop_oneof![9 => Just(1_usize), 1 => Just(50)];
    let spot = (position(), 0..CLASSES.len(), copies, date(), date());
    let spot = spot.prop_map(|(position, class, copies, since, until)| Spot {
        position,
        class,
        copies,
        since,
        until,
    });
    proptest::collection::vec(spot, 0..60)
}

fn at((lon, lat): (f64, f64)) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

fn date(number: usize) -> PartialDate {
    DATES[number].parse().expect("a date")
}

/// The embedded gazetteer and the synthetic places.
fn gazetteer(spots: &[Spot]) -> Gazetteer {
    let mut writer = StoreWriter::new(1 << 20);
    for (number, spot) in spots.iter().enumerate() {
        for copy in 0..spot.copies {
            let id = format!("{number}-{copy}");
            let mut entry = Entry::new(&id, &id, CLASSES[spot.class]);
            entry.position = Some(at(spot.position));
            entry.since = spot.since.map(date);
            entry.until = spot.until.map(date);
            writer.add(&entry, &id).expect("has a name");
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    writer
        .finish(&mut bytes, &About::default())
        .expect("written");
    let mut gazetteer = Gazetteer::embedded().expect("the embedded data opens");
    let store = Store::from_bytes(bytes.into_inner()).expect("a file of places");
    gazetteer.add(store).expect("not too many");
    gazetteer
}

fn filter() -> impl Strategy<Value = PlaceFilter> {
    let classes = proptest::sample::subsequence(CLASSES.to_vec(), 1..=CLASSES.len());
    let as_of = prop_oneof![
        Just(None),
        (0..DATES.len()).prop_map(|number| Some(date(number)))
    ];
    (classes, as_of).prop_map(|(classes, as_of)| PlaceFilter {
        classes,
        as_of,
        except: None,
    })
}

/// Every place that the filter admits, in the order of numbers.
fn admitted(gazetteer: &Gazetteer, filter: &PlaceFilter) -> Vec<(PlaceId, LonLat)> {
    let admits = |class: FeatureClass| {
        if filter.classes.is_empty() {
            class.is_local()
        } else {
            filter.classes.contains(&class)
        }
    };
    gazetteer
        .places()
        .filter(|place| admits(place.class) && place.holds(filter.as_of))
        .filter(|place| filter.except != Some(place.number()))
        .filter_map(|place| Some((place.number(), place.position?)))
        .collect()
}

/// The answer by a plain scan: by distance, ties by number.
fn scan(gazetteer: &Gazetteer, from: LonLat, query: &NearQuery) -> Vec<(PlaceId, f64)> {
    let mut found: Vec<(PlaceId, f64)> = admitted(gazetteer, &query.filter)
        .into_iter()
        .map(|(number, position)| (number, geodesic(from, position).distance_m))
        .filter(|(_, distance_m)| {
            query
                .radius_m
                .is_none_or(|radius_m| *distance_m <= radius_m)
        })
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    found.truncate(query.most.unwrap_or(usize::MAX));
    found
}

fn near(gazetteer: &Gazetteer, from: LonLat, query: &NearQuery) -> Vec<(PlaceId, f64)> {
    let found = gazetteer.near(from, query);
    let pairs = found
        .iter()
        .map(|near| (near.place.number(), near.path().distance_m));
    pairs.collect()
}

/// A radius, fixed or the very distance of a place.
#[derive(Debug, Clone)]
enum Radius {
    None,
    Metres(f64),
    OfPlace(prop::sample::Index),
}

fn radius() -> impl Strategy<Value = Radius> {
    prop_oneof![
        Just(Radius::None),
        prop_oneof![
            Just(0.0),
            Just(1e-6),
            Just(2e-6),
            Just(1e3),
            Just(5e4),
            Just(1e7),
            Just(2.0e7),
            Just(3e7)
        ]
        .prop_map(Radius::Metres),
        any::<prop::sample::Index>().prop_map(Radius::OfPlace),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_nearest_are_those_of_a_plain_scan(
        spots in spots(), filter in filter(), radius in radius(),
        asked in prop_oneof![
            position().prop_map(Ok),
            any::<prop::sample::Index>().prop_map(Err),
        ],
        without in any::<bool>(),
    ) {
        let gazetteer = gazetteer(&spots);
        let mut filter = filter;
        // Asked from a free position or from a place, then perhaps without that place.
        let all = admitted(&gazetteer, &filter);
        let from = match asked {
            Ok(position) => at(position),
            Err(_) if all.is_empty() => at((106.5, 29.5)),
            Err(index) => {
                let (number, position) = *index.get(&all);
                filter.except = without.then_some(number);
                position
            }
        };
        let radius_m = match radius {
            Radius::None => None,
            Radius::Metres(radius_m) => Some(radius_m),
            Radius::OfPlace(_) if all.is_empty() => Some(0.0),
            Radius::OfPlace(index) => Some(geodesic(from, index.get(&all).1).distance_m),
        };
        for most in [Some(0), Some(1), Some(7), Some(all.len()), Some(all.len() + 5), None] {
            let query = NearQuery { radius_m, most, filter: filter.clone() };
            prop_assert_eq!(near(&gazetteer, from, &query), scan(&gazetteer, from, &query), "{:?}", query);
        }
    }

    #[test]
    fn a_box_holds_what_a_comparison_of_degrees_says(
        spots in spots(), filter in filter(), corners in (corner(), corner()), turned in any::<bool>(),
        from_places in any::<Option<(prop::sample::Index, prop::sample::Index)>>(),
    ) {
        let gazetteer = gazetteer(&spots);
        let (mut a, mut b) = corners;
        if let (Some((first, second)), false) = (from_places, spots.is_empty()) {
            // The borders run through places; often the box is only a point.
            (a, b) = (first.get(&spots).position, second.get(&spots).position);
        }
        let (west, east) = if turned { (a.0.max(b.0), a.0.min(b.0)) } else { (a.0.min(b.0), a.0.max(b.0)) };
        let extent = Extent { west, south: a.1.min(b.1), east, north: a.1.max(b.1) };
        let expected: Vec<PlaceId> = admitted(&gazetteer, &filter)
            .into_iter()
            .filter(|(_, position)| {
                let (lon, lat) = (position.lon(), position.lat());
                let holds = |lon: f64| if west <= east { west <= lon && lon <= east } else { lon >= west || lon <= east };
                // ±180° is one meridian.
                let between = holds(lon) || (lon.abs() >= 180.0 && holds(-lon));
                between && extent.south <= lat && lat <= extent.north
            })
            .map(|(number, _)| number)
            .collect();
        let found: Vec<PlaceId> = gazetteer.in_extent(extent, &filter).iter().map(Place::number).collect();
        prop_assert_eq!(found, expected, "{:?}", extent);
    }

    #[test]
    fn an_area_holds_what_intersects_it(
        spots in spots(), filter in filter(),
        rings in proptest::collection::vec(proptest::collection::vec(corner(), 3..7), 0..3),
        through in any::<prop::sample::Index>(),
    ) {
        let gazetteer = gazetteer(&spots);
        let mut rings = rings;
        if let (Some(ring), false) = (rings.first_mut(), spots.is_empty()) {
            ring[0] = through.get(&spots).position;
        }
        let areas = rings.into_iter().map(|ring| Polygon::new(LineString::from(ring), Vec::new()));
        let area = MultiPolygon(areas.collect());
        let expected: Vec<PlaceId> = admitted(&gazetteer, &filter)
            .into_iter()
            .filter(|(_, position)| area.intersects(&position.to_point()))
            .map(|(number, _)| number)
            .collect();
        let found: Vec<PlaceId> = gazetteer.in_area(&area, &filter).iter().map(Place::number).collect();
        prop_assert_eq!(found, expected);
    }
}

/// A corner of a box or an area: a position, or a little beyond the ends of the world.
fn corner() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![9 => position(), 1 => (-190.0..190.0, -95.0..95.0)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_nearest_of_every_class_are_those_of_a_plain_scan(
        spots in spots(), from in position(), most in 0..30_usize,
        radius_m in proptest::option::of(0.0..3e6),
    ) {
        let gazetteer = gazetteer(&spots);
        let query = NearQuery { radius_m, most: Some(most), ..NearQuery::default() };
        prop_assert_eq!(near(&gazetteer, at(from), &query), scan(&gazetteer, at(from), &query));
    }

    #[test]
    fn beside_a_line_is_what_a_fine_sampling_finds_there(
        start in prop_oneof![
            (-180.0..=180.0_f64, -89.0..=89.0_f64),
            (104.0..108.0, 28.0..32.0),
            (Just(180.0), Just(10.0)),
            (-180.0..=180.0, prop_oneof![Just(90.0), Just(-90.0), Just(0.0), Just(89.5)]),
        ],
        steps in proptest::collection::vec((-0.4..0.4_f64, -0.4..0.4_f64), 1..4),
        offsets in proptest::collection::vec((any::<prop::sample::Index>(), -0.2..0.2, -0.2..0.2, any::<bool>()), 0..20),
        width_m in prop_oneof![Just(0.0), Just(300.0), 1.0..30_000.0],
    ) {
        let mut line: Vec<Coord<f64>> = vec![Coord { x: start.0, y: start.1 }];
        for (dx, dy) in steps {
            let last = line[line.len() - 1];
            line.push(Coord { x: (last.x + dx).clamp(-180.0, 180.0), y: (last.y + dy).clamp(-90.0, 90.0) });
        }
        let line = LineString(line);
        // Places on vertices of the line and around them.
        let spots: Vec<Spot> = offsets.iter().map(|(vertex, dx, dy, on)| {
            let vertex = vertex.get(&line.0);
            let (dx, dy): (f64, f64) = if *on { (0.0, 0.0) } else { (*dx, *dy) };
            let position = ((vertex.x + dx).clamp(-180.0, 180.0), (vertex.y + dy).clamp(-90.0, 90.0));
            Spot { position, class: 1, copies: 1, since: None, until: None }
        }).collect();
        let gazetteer = gazetteer(&spots);
        let filter = PlaceFilter { classes: vec![CLASSES[1]], ..PlaceFilter::default() };
        let beside = gazetteer.along(&line, width_m, &filter);
        prop_assert!(beside.windows(2).all(|pair| pair[0].along_m <= pair[1].along_m));
        let samples = samples(&line);
        for (number, position) in admitted(&gazetteer, &filter) {
            // Most embedded places are far away.
            if geodesic(at(start), position).distance_m > 500_000.0 {
                continue;
            }
            let expected_m = least_m(&samples, position);
            let found = beside.iter().find(|beside| beside.place.number() == number);
            if let Some(found) = found {
                prop_assert!((found.distance_m - expected_m).abs() < 0.1, "{} m, sampled {}", found.distance_m, expected_m);
                prop_assert!((-1e-6..=length_m(&line) + 1.0).contains(&found.along_m));
            }
            if (expected_m - width_m).abs() > 1.0 {
                prop_assert_eq!(found.is_some(), expected_m < width_m, "{} m at {}", expected_m, position);
            }
        }
    }
}

/// Positions along a line, straight in degrees, at most 50 m apart.
fn samples(line: &LineString<f64>) -> Vec<LonLat> {
    let mut samples = Vec::new();
    for edge in line.lines() {
        let (start, end) = (at(edge.start.x_y()), at(edge.end.x_y()));
        // Three pieces of 50 m for each 100 m between the ends: in high latitudes the edge is longer than
        // the geodesic.
        let pieces = (0_u32..1_000_000)
            .find(|pieces| f64::from(*pieces) * 33.0 >= geodesic(start, end).distance_m);
        let pieces = pieces.unwrap_or(1).max(20);
        samples.extend(
            (0..=pieces).map(|piece| between(start, end, f64::from(piece) / f64::from(pieces))),
        );
    }
    samples
}

fn between(start: LonLat, end: LonLat, share: f64) -> LonLat {
    let lon = start.lon() + (end.lon() - start.lon()) * share;
    let lat = start.lat() + (end.lat() - start.lat()) * share;
    at((lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)))
}

/// The distance to the nearest sample, made exact between its neighbours. Every sample that is nearer than
/// those beside it is tried: two edges may run metres apart.
fn least_m(samples: &[LonLat], position: LonLat) -> f64 {
    let distance_m = |sample: LonLat| geodesic(sample, position).distance_m;
    let distances: Vec<f64> = samples.iter().map(|sample| distance_m(*sample)).collect();
    let last = samples.len() - 1;
    let sampled_m = distances.iter().copied().fold(f64::MAX, f64::min);
    let beside = |number: usize| [number.saturating_sub(1), (number + 1).min(last)];
    let is_least = |number: &usize| {
        distances[*number] <= sampled_m + 50.0
            && beside(*number)
                .iter()
                .all(|other| distances[*number] <= distances[*other])
    };
    (0..samples.len())
        .filter(is_least)
        .flat_map(|number| beside(number).map(|other| (number, other)))
        .map(|(number, other)| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..60 {
                let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                let of = |share| distance_m(between(samples[number], samples[other], share));
                if of(a) < of(b) { high = b } else { low = a }
            }
            distance_m(between(samples[number], samples[other], low))
        })
        .fold(sampled_m, f64::min)
}

#[test]
fn a_line_to_the_end_of_the_world_reaches_what_is_there() {
    let ends = [(12.5, 90.0), (12.5, -90.0), (180.0, 12.5), (-180.0, 12.5)];
    let spots = ends.map(|position| Spot {
        position,
        class: 1,
        copies: 1,
        since: None,
        until: None,
    });
    let gazetteer = gazetteer(&spots);
    let filter = PlaceFilter {
        classes: vec![CLASSES[1]],
        ..PlaceFilter::default()
    };
    for tenths in 1..60 {
        let off = f64::from(tenths) / 10.0;
        for (x, y) in ends {
            // From near the other end of the world, where rounding is worst.
            let start = if x.abs() > 90.0 {
                (-x + off * x.signum(), y)
            } else {
                (x, -y + off * y.signum())
            };
            let line = LineString::from(vec![start, (x, y)]);
            let beside = gazetteer.along(&line, 10.0, &filter);
            let is_end = |beside: &Beside<'_>| beside.place.position == Some(at((x, y)));
            assert!(beside.iter().any(is_end), "from {start:?} to {:?}", (x, y));
        }
    }
}

#[test]
fn queries_that_ask_for_nothing_get_nothing() {
    let gazetteer = gazetteer(&[]);
    let from = at((106.5, 29.5));
    for radius_m in [-1.0, f64::NAN] {
        let query = NearQuery {
            radius_m: Some(radius_m),
            ..NearQuery::default()
        };
        assert!(gazetteer.near(from, &query).is_empty());
    }
    let nothing = PlaceFilter::default();
    assert!(
        gazetteer
            .in_area(&MultiPolygon(Vec::new()), &nothing)
            .is_empty()
    );
    assert!(
        gazetteer
            .along(&LineString(Vec::new()), 1e6, &nothing)
            .is_empty()
    );
    let beyond = LineString::from(vec![(200.0, 0.0), (210.0, 0.0)]);
    assert!(gazetteer.along(&beyond, 1e6, &nothing).is_empty());
    for (south, north) in [(31.0, 29.0), (f64::NAN, 31.0)] {
        let extent = Extent {
            west: 105.0,
            south,
            east: 107.0,
            north,
        };
        assert!(
            gazetteer.in_extent(extent, &nothing).is_empty(),
            "{extent:?}"
        );
    }
}

#[test]
fn a_reach_is_a_part_of_its_river_between_two_feet() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data opens");
    let (chongqing, wanzhou) = (at((106.58, 29.56)), at((108.38, 30.81)));
    let reach = |from, to| {
        gazetteer
            .river_reach("长江", from, to, None)
            .expect("the table is whole")
    };
    let part = reach(Some(chongqing), Some(wanzhou)).expect("a reach");
    let rivers = gazetteer::rivers().expect("the table is whole");
    let river = rivers
        .iter()
        .find(|river| river.name == "长江")
        .expect("is there");
    let to_river_deg = |coord: &Coord<f64>| Euclidean.distance(&geo::Point(*coord), &river.line);
    assert!(
        part.0.iter().all(|coord| to_river_deg(coord) < 1e-9),
        "every vertex lies on the river"
    );
    let vertices: Vec<LonLat> = river.line.0.iter().map(|coord| at(coord.x_y())).collect();
    for (end, position) in [(part.0[0], chongqing), (part.0[part.0.len() - 1], wanzhou)] {
        let to_end_m = geodesic(at(end.x_y()), position).distance_m;
        let nearest_m = vertices
            .iter()
            .map(|v| geodesic(*v, position).distance_m)
            .fold(f64::MAX, f64::min);
        assert!(
            to_end_m <= nearest_m + 0.1,
            "{to_end_m} m, a vertex at {nearest_m} m"
        );
        assert!(to_end_m < 5_000.0, "both cities lie on the river");
    }
    let turned = reach(Some(wanzhou), Some(chongqing)).expect("a reach");
    assert!(
        turned.0.iter().eq(part.0.iter().rev()),
        "the other way round it runs the other way"
    );
    let whole = reach(None, None).expect("the whole");
    assert!((length_m(&whole) / length_m(&river.line) - 1.0).abs() < 1e-4);
    let (before, after) = (reach(None, Some(chongqing)), reach(Some(wanzhou), None));
    let parts = [before.expect("above"), part, after.expect("below")];
    let sum_m: f64 = parts.iter().map(length_m).sum();
    assert!(
        (sum_m - length_m(&whole)).abs() < 1.0,
        "three reaches make the river: {sum_m}"
    );
    assert!(
        reach(Some(chongqing), Some(chongqing)).is_none(),
        "no length"
    );
    assert!(
        gazetteer
            .river_reach("没有的河", None, None, None)
            .expect("whole")
            .is_none()
    );
}
