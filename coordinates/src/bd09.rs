//! BD-09: a second shift on top of GCJ-02, which turns and stretches a little about 0° E 0° N.

#![expect(
    clippy::inline_always,
    reason = "a call in the loop would keep it from becoming vector instructions"
)]

use std::f64::consts::PI;

use crate::angle::{Turn, nearest_whole};
use crate::gcj02::{in_box, into_box};

/// Degrees in which the waves of the shift come again.
const WAVE: f64 = 0.12;

/// What is added in the end, in degrees of longitude and latitude.
const ADDED: (f64, f64) = (0.0065, 0.006);

/// Sine and cosine of the wave at some degrees.
#[inline(always)]
fn wave(degrees: f64) -> Turn {
    let waves = degrees * (1.0 / WAVE);
    Turn::of((waves - nearest_whole(waves)) * PI).twice()
}

/// Shifts degrees of GCJ-02.
#[inline(always)]
fn shifted(lon: f64, lat: f64) -> (f64, f64) {
    let radius = (lon * lon + lat * lat).sqrt();
    let stretched = 1.0 + 2e-5 * wave(lat).sin / radius;
    // The sine of so small an angle is the angle less a sixth of its cube, 10⁻¹⁷.
    let turn = 3e-6 * wave(lon).cos;
    let cos = 1.0 - 0.5 * turn * turn;
    (
        stretched * (lon * cos - lat * turn) + ADDED.0,
        stretched * (lat * cos + lon * turn) + ADDED.1,
    )
}

/// Shifts degrees of GCJ-02 in place, in the box that GCJ-02 shifts.
pub(crate) fn shift(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let found = shifted(within.0, within.1);
        let inside = in_box(*lon, *lat);
        *lon += (found.0 - within.0) * inside;
        *lat += (found.1 - within.1) * inside;
    }
}

/// Takes the shift off degrees of BD-09 in place. Each round leaves a fiftieth of the error, which is 40 m at first: five leave
/// less than a micrometre.
pub(crate) fn shift_back(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let mut found = (within.0 - ADDED.0, within.1 - ADDED.1);
        for _ in 0..5 {
            let there = shifted(found.0, found.1);
            found = (
                found.0 - (there.0 - within.0),
                found.1 - (there.1 - within.1),
            );
        }
        let inside = in_box(*lon, *lat) * in_box(found.0, found.1);
        *lon += (found.0 - within.0) * inside;
        *lat += (found.1 - within.1) * inside;
    }
}
