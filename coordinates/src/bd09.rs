//! BD-09: a second shift on top of GCJ-02, which turns and stretches a little about 0° E 0° N.

#![expect(
    clippy::inline_always,
    reason = "a call in the loop would keep it from becoming vector instructions"
)]

use std::f64::consts::PI;

use crate::angle::{Turn, nearest_whole};
use crate::gcj02::{in_box, into_box, undone};

/// Degrees in which the waves of the shift come again.
const WAVE: f64 = 0.12;

/// What is added in the end, in degrees of longitude and latitude.
const ADDED: (f64, f64) = (0.0065, 0.006);

/// Sine and cosine of the wave at some degrees; `turn` gives those of an angle.
#[inline(always)]
fn wave(degrees: f64, turn: impl Fn(f64) -> Turn<f64>) -> Turn<f64> {
    let waves = degrees * (1.0 / WAVE);
    turn((waves - nearest_whole(waves)) * PI).twice()
}

/// What degrees of GCJ-02 are shifted to, and how the shift changes: that of the longitude a degree of longitude and of
/// latitude, then that of the latitude.
#[inline(always)]
fn shifted(lon: f64, lat: f64, turn: impl Fn(f64) -> Turn<f64>) -> ((f64, f64), [f64; 4]) {
    /// Radians of a wave a degree.
    const FAST: f64 = 2.0 * PI / WAVE;
    let (wave_lon, wave_lat) = (wave(lon, &turn), wave(lat, &turn));
    let per_radius = 2e-5 / (lon * lon + lat * lat).sqrt();
    let stretched = 1.0 + per_radius * wave_lat.sin;
    // The sine of so small an angle is the angle less a sixth of its cube, 10⁻¹⁷.
    let turn = 3e-6 * wave_lon.cos;
    let cos = 1.0 - 0.5 * turn * turn;
    let found = (
        stretched * (lon * cos - lat * turn) + ADDED.0,
        stretched * (lat * cos + lon * turn) + ADDED.1,
    );
    // What changes with the waves; the rest is a millionth.
    let (turning, stretching) = (
        -3e-6 * FAST * wave_lon.sin,
        per_radius * FAST * wave_lat.cos,
    );
    let change = [
        -lat * turning,
        lon * stretching,
        lon * turning,
        lat * stretching,
    ];
    (found, change)
}

/// Shifts degrees of GCJ-02 in place, in the box that GCJ-02 shifts.
pub(crate) fn shift(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let (found, _) = shifted(within.0, within.1, Turn::of);
        let inside = in_box(*lon, *lat);
        *lon += (found.0 - within.0) * inside;
        *lat += (found.1 - within.1) * inside;
    }
}

/// Takes the shift off degrees of BD-09 in place. It is 40 m without what is always added; a step of Newton leaves a
/// centimetre, one more with the same slopes some micrometres.
pub(crate) fn shift_back(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let start = (within.0 - ADDED.0, within.1 - ADDED.1);
        let (there, change) = shifted(start.0, start.1, Turn::roughly_of);
        let left = undone((there.0 - within.0, there.1 - within.1), change);
        let near = (start.0 - left.0, start.1 - left.1);
        let (there, _) = shifted(near.0, near.1, Turn::of);
        let left = undone((there.0 - within.0, there.1 - within.1), change);
        let found = (near.0 - left.0, near.1 - left.1);
        let inside = in_box(*lon, *lat) * in_box(found.0, found.1);
        *lon += (found.0 - within.0) * inside;
        *lat += (found.1 - within.1) * inside;
    }
}
