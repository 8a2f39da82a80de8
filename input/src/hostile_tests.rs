//! One small valid file of every format, cut at every byte and with bytes changed: the answer is entries or an error,
//! never a panic. Changed by a fixed sequence of numbers, so that a failure comes again.

use crate::sample::{self, Dir, try_read};
use crate::{Format, ReadOptions, gpkg, osm_pbf, shapefile};

/// Numbers that look random (Knuth, `MMIX`).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }
}

/// Cuts and changes the file `name` of a folder and reads `read` each time.
fn torment(dir: &Dir, name: &str, read: &str, format: Format, step: usize, changes: usize) {
    let whole = std::fs::read(dir.path(name)).expect("there");
    let path = dir.path(read);
    let options = [false, true].map(|skip_bad| ReadOptions {
        format: Some(format),
        skip_bad,
        ..ReadOptions::default()
    });
    assert!(
        try_read(&path, &options[0]).is_ok(),
        "{name} as it should be"
    );
    let attempt = |bytes: &[u8]| {
        std::fs::write(dir.path(name), bytes).expect("written");
        for options in &options {
            if let Err(error) = try_read(&path, options) {
                assert!(error.to_string().len() < 4000, "{error}");
            }
        }
    };
    for keep in (0..whole.len()).step_by(step) {
        attempt(&whole[..keep]);
    }
    let mut numbers = Numbers(whole.len() as u64);
    // `INPUT_TORMENT=100` goes on a hundred times as long.
    let factor = std::env::var("INPUT_TORMENT").ok();
    let factor: usize = factor.and_then(|text| text.parse().ok()).unwrap_or(1);
    for _ in 0..changes * factor {
        let mut bytes = whole.clone();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len());
            bytes[at] = match numbers.below(4) {
                0 => 0,
                1 => 255,
                2 => bytes[at] ^ 1 << numbers.below(8),
                _ => u8::try_from(numbers.below(256)).unwrap_or(0),
            };
        }
        attempt(&bytes);
    }
    std::fs::write(dir.path(name), whole).expect("written");
}

#[test]
fn text_formats_survive_any_bytes() {
    let dir = sample::dir();
    for (name, text, format) in [
        ("a.txt", sample::GEONAMES, Format::GeoNames),
        ("a.csv", sample::CSV, Format::Csv),
        ("a.geojson", sample::GEOJSON, Format::GeoJson),
        ("a.lpf", sample::LPF, Format::LinkedPlaces),
    ] {
        dir.file(name, text.as_bytes());
        torment(&dir, name, name, format, 1, 1500);
        let packed = format!("{name}.gz");
        dir.file(&packed, &sample::gz(text.as_bytes()));
        torment(&dir, &packed, &packed, format, 3, 400);
        let packed = format!("{name}.zip");
        dir.file(&packed, &sample::zipped(&[("a.txt", text.as_bytes())]));
        torment(&dir, &packed, &packed, format, 3, 400);
    }
}

#[test]
fn a_geopackage_survives_any_bytes() {
    let dir = sample::dir();
    drop(gpkg::tests::make(&dir.path("a.gpkg")));
    torment(&dir, "a.gpkg", "a.gpkg", Format::GeoPackage, 199, 1500);
}

#[test]
fn a_shapefile_survives_any_bytes_in_each_of_its_files() {
    let dir = sample::dir();
    shapefile::tests::points(&dir);
    for name in ["points.shp", "points.dbf", "points.prj", "points.cpg"] {
        torment(&dir, name, "points.shp", Format::Shapefile, 1, 1000);
    }
    let parts = ["shp", "dbf", "prj"].map(|end| {
        let name = format!("points.{end}");
        let bytes = std::fs::read(dir.path(&name)).expect("there");
        (name, bytes)
    });
    let parts = parts
        .each_ref()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    dir.file("p.zip", &sample::zipped(&parts));
    torment(&dir, "p.zip", "p.zip", Format::Shapefile, 3, 500);
}

#[test]
fn an_osm_extract_survives_any_bytes() {
    let dir = sample::dir();
    for (name, zlib) in [("a.osm.pbf", true), ("b.osm.pbf", false)] {
        dir.file(name, &osm_pbf::tests::small(zlib));
        torment(&dir, name, name, Format::OsmPbf, 1, 3000);
    }
}

#[test]
fn formats_are_told_from_any_bytes() {
    let dir = sample::dir();
    let mut numbers = Numbers(7);
    for _ in 0..500 {
        let length = numbers.below(200);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(numbers.below(256)).unwrap_or(0))
            .collect();
        let _ = try_read(&dir.file("a", &bytes), &ReadOptions::default()).is_ok();
        let _ = try_read(&dir.file("a.txt", &bytes), &ReadOptions::default()).is_ok();
    }
}
