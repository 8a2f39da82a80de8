//! How fast positions are changed: `cargo bench -p yutu-coordinates`. A sample is 65,536 positions in blocks of 1,024.

use coordinates::Transform;
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const WAYS: [(&str, &str); 7] = [
    ("wgs84", "gcj02"),
    ("gcj02", "wgs84"),
    ("gcj02", "bd09"),
    ("bd09", "gcj02"),
    ("bd09", "wgs84"),
    ("wgs84", "EPSG:4544"),
    ("EPSG:4544", "wgs84"),
];

#[divan::bench(args = 0..WAYS.len())]
fn positions(bencher: Bencher<'_, '_>, way: usize) {
    let (from, to) = WAYS[way];
    let way = Transform::parse(from, to).expect("known systems");
    let start = Transform::parse("wgs84", from).expect("known systems");
    let mut state = 1_u64;
    let mut next = |least: f64, width: f64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        least + width * f64::from(u32::try_from(state >> 33).unwrap_or(0)) / f64::from(1_u32 << 31)
    };
    let mut lons: Vec<f64> = (0..1 << 16).map(|_| next(97.0, 14.0)).collect();
    let mut lats: Vec<f64> = (0..1 << 16).map(|_| next(26.0, 8.0)).collect();
    start.apply(&mut lons, &mut lats);
    bencher
        .counter(ItemsCount::new(lons.len()))
        .with_inputs(|| (lons.clone(), lats.clone()))
        .bench_local_refs(|(lons, lats)| way.apply(lons, lats));
}
