//! How long a question to the gazetteer takes: `cargo bench -p yutu-gazetteer`.
//!
//! A sample goes once through a list of a thousand questions; the times are those of one question.

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use gazetteer::{FeatureClass, Gazetteer, LonLat, NearQuery, PlaceFilter, geodesic, short_form};
use rstar::RTree;
use rstar::primitives::GeomWithData;

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::embedded().expect("the embedded data opens"));

const QUESTIONS: usize = 1000;

fn main() {
    divan::main();
}

/// Times the questions of a list, one at a time.
fn each<T, A>(bencher: Bencher<'_, '_>, questions: &[T], ask: impl Fn(&T) -> A) {
    let mut next = questions.iter().cycle();
    bencher.bench_local(|| ask(black_box(next.next().expect("a cycle has no end"))));
}

#[divan::bench]
fn open() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data opens")
}

#[derive(Debug, Clone, Copy)]
enum Names {
    UnitsFull,
    UnitsShort,
    Settlements,
    Chained,
    Misses,
    Mixed,
}

const NAMES: [Names; 6] = [
    Names::UnitsFull,
    Names::UnitsShort,
    Names::Settlements,
    Names::Chained,
    Names::Misses,
    Names::Mixed,
];

fn names(which: Names) -> Vec<String> {
    let units = || {
        GAZETTEER
            .places()
            .filter(|place| place.class.is_administrative())
    };
    let all: Vec<String> = match which {
        Names::UnitsFull => units().map(|unit| unit.name.to_owned()).collect(),
        Names::UnitsShort => units()
            .map(|unit| short_form(unit.name).to_owned())
            .collect(),
        Names::Settlements => {
            let places = GAZETTEER
                .places()
                .filter(|place| place.class == FeatureClass::Settlement);
            places.map(|place| place.name.to_owned()).collect()
        }
        Names::Chained => {
            let counties = units().filter(|place| place.class == FeatureClass::County);
            counties.map(|place| GAZETTEER.canonical(&place)).collect()
        }
        Names::Misses => units()
            .map(|unit| format!("{}没有", short_form(unit.name)))
            .collect(),
        Names::Mixed => {
            let each = NAMES[..5]
                .iter()
                .flat_map(|which| names(*which).into_iter().take(QUESTIONS / 5));
            return each.collect();
        }
    };
    let step = (all.len() / QUESTIONS).max(1);
    all.into_iter().step_by(step).take(QUESTIONS).collect()
}

#[divan::bench(args = NAMES, sample_count = 30, sample_size = 1000)]
fn find_one(bencher: Bencher<'_, '_>, which: Names) {
    each(bencher, &names(which), |name| {
        GAZETTEER.find_one(name, None)
    });
}

#[divan::bench(args = NAMES, sample_count = 30, sample_size = 1000)]
fn find(bencher: Bencher<'_, '_>, which: Names) {
    each(bencher, &names(which), |name| GAZETTEER.find(name, None));
}

#[divan::bench(args = [1, 10], sample_count = 30, sample_size = 1000)]
fn find_prefix(bencher: Bencher<'_, '_>, most: usize) {
    let prefixes: Vec<String> = names(Names::UnitsFull)
        .iter()
        .map(|name| name.chars().take(2).collect())
        .collect();
    each(bencher, &prefixes, |prefix| {
        GAZETTEER.find_prefix(prefix, most)
    });
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn near_names(bencher: Bencher<'_, '_>) {
    each(bencher, &names(Names::Misses), |name| {
        GAZETTEER.near_names(name, 3)
    });
}

/// Positions all over the places: a little beside every so-manyth.
fn positions() -> Vec<LonLat> {
    let all: Vec<LonLat> = GAZETTEER
        .places()
        .filter_map(|place| place.position)
        .collect();
    let step = (all.len() / QUESTIONS).max(1);
    let beside =
        |at: &LonLat| LonLat::new(at.lon() + 0.013, at.lat() - 0.017).expect("far from the ends");
    all.iter()
        .step_by(step)
        .take(QUESTIONS)
        .map(beside)
        .collect()
}

#[divan::bench(sample_count = 30, sample_size = 1000)]
fn nearest_10(bencher: Bencher<'_, '_>) {
    let query = NearQuery {
        most: Some(10),
        ..NearQuery::default()
    };
    each(bencher, &positions(), |at| GAZETTEER.near(*at, &query));
}

#[divan::bench(sample_count = 30, sample_size = 1000)]
fn radius_50_km(bencher: Bencher<'_, '_>) {
    let query = NearQuery {
        radius_m: Some(50_000.0),
        ..NearQuery::default()
    };
    each(bencher, &positions(), |at| GAZETTEER.near(*at, &query));
}

#[divan::bench(sample_count = 30, sample_size = 1000)]
fn airports_10(bencher: Bencher<'_, '_>) {
    let filter = PlaceFilter {
        classes: vec![FeatureClass::Airport],
        ..PlaceFilter::default()
    };
    let query = NearQuery {
        most: Some(10),
        filter,
        ..NearQuery::default()
    };
    each(bencher, &positions(), |at| GAZETTEER.near(*at, &query));
}

#[divan::bench(sample_count = 30, sample_size = 1000)]
fn units_at(bencher: Bencher<'_, '_>) {
    each(bencher, &positions(), |at| GAZETTEER.units_at(*at));
}

/// The places that `near` answers with.
fn located() -> impl Iterator<Item = LonLat> {
    let places = GAZETTEER
        .places()
        .filter(|place| place.class.is_local() && place.holds(None));
    places.filter_map(|place| place.position)
}

/// The plain use of rstar: degrees as if they were a plane. The order is wrong, and no metres come with it.
#[divan::bench(sample_count = 30, sample_size = 1000)]
fn rstar_degrees_nearest_10(bencher: Bencher<'_, '_>) {
    let tree = RTree::bulk_load(located().map(|at| [at.lon(), at.lat()]).collect());
    each(bencher, &positions(), |at| {
        tree.nearest_neighbor_iter([at.lon(), at.lat()])
            .take(10)
            .copied()
            .collect::<Vec<_>>()
    });
}

type InSpace = RTree<GeomWithData<[f64; 3], LonLat>>;

fn in_space(at: LonLat) -> [f64; 3] {
    const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (
        at.lat().to_radians().sin_cos(),
        at.lon().to_radians().sin_cos(),
    );
    let normal = 6_378_137.0 / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_2) * sin_lat,
    ]
}

fn rstar_in_space() -> InSpace {
    RTree::bulk_load(
        located()
            .map(|at| GeomWithData::new(in_space(at), at))
            .collect(),
    )
}

/// The geodesic of each, in its order.
fn ranked(from: LonLat, found: impl Iterator<Item = LonLat>) -> Vec<(f64, LonLat)> {
    let mut found: Vec<(f64, LonLat)> = found
        .map(|at| (geodesic(from, at).distance_m, at))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// rstar over metres in space, put right by the geodesic: the same answers, but for places and filters.
#[divan::bench(sample_count = 30, sample_size = 1000)]
fn rstar_in_space_nearest_10(bencher: Bencher<'_, '_>) {
    let tree = rstar_in_space();
    each(bencher, &positions(), |at| {
        ranked(
            *at,
            tree.nearest_neighbor_iter(in_space(*at))
                .take(10)
                .map(|hit| hit.data),
        )
    });
}

#[divan::bench(sample_count = 30, sample_size = 1000)]
fn rstar_in_space_radius_50_km(bencher: Bencher<'_, '_>) {
    let tree = rstar_in_space();
    each(bencher, &positions(), |at| {
        ranked(
            *at,
            tree.locate_within_distance(in_space(*at), 50_000.0_f64.powi(2))
                .map(|hit| hit.data),
        )
    });
}
