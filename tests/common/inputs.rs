//! Files for questions, made by rule: the same everywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A generator of numbers that is the same everywhere.
pub struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let share = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// Degrees with six digits, so that text and number are one.
    fn degrees(&mut self, from: f64, to: f64) -> f64 {
        ((from + (to - from) * self.share()) * 1e6).round() / 1e6
    }
}

/// Points around the world and many in a corner of it, some twice.
pub fn points(count: usize) -> Vec<[f64; 2]> {
    let mut random = Random(7);
    let mut all: Vec<[f64; 2]> = Vec::new();
    for number in 0..count {
        all.push(match number % 10 {
            0 => [random.degrees(-180.0, 180.0), random.degrees(-90.0, 90.0)],
            1 if number > 100 => all[number / 2],
            2 => [180.0, random.degrees(-80.0, 80.0)],
            3 => [random.degrees(-180.0, 180.0), random.degrees(89.0, 90.0)],
            _ => [random.degrees(104.0, 108.0), random.degrees(28.0, 32.0)],
        });
    }
    all
}

/// Areas with shared borders: a grid of squares with bent sides, as text.
pub fn areas() -> Vec<String> {
    let corner = |x: u32, y: u32| {
        let mut random = Random(u64::from(x * 1009 + y * 31 + 5));
        let (dx, dy) = (random.degrees(-0.1, 0.1), random.degrees(-0.1, 0.1));
        format!(
            "{:.6},{:.6}",
            104.0 + f64::from(x) * 0.5 + dx,
            28.0 + f64::from(y) * 0.5 + dy
        )
    };
    let mut all = Vec::new();
    for y in 0..8 {
        for x in 0..8 {
            let ring = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)];
            let ring: Vec<String> = ring.map(|(x, y)| corner(x, y)).to_vec();
            all.push(ring.join("],["));
        }
    }
    all
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

pub fn write_points(folder: &Path, points: &[[f64; 2]]) -> PathBuf {
    let mut text = "id,lon,lat\n".to_owned();
    for (id, [lon, lat]) in points.iter().enumerate() {
        let _ = writeln!(text, "{id},{lon},{lat}");
    }
    let path = folder.join("points.csv");
    std::fs::write(&path, text).expect("written");
    path
}

pub fn write_areas(folder: &Path) -> PathBuf {
    let mut text = String::new();
    for (id, ring) in areas().iter().enumerate() {
        let _ = writeln!(
            text,
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":{id}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{ring}]]]}}}}"
        );
    }
    let path = folder.join("areas.ndjson");
    std::fs::write(&path, text).expect("written");
    path
}
