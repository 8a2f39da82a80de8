//! GCJ-02: the shift of Chinese web maps, both ways.
//!
//! The shift is a sum of sines of the distance in degrees from 105° E 35° N, in metres on the ellipsoid of Krassowsky; it was
//! never published, and its figures are those that all public conversions share. It is some hundred metres
//! and changes by metres a kilometre. Outside a box around China nothing is shifted, as those conversions have it: the box holds parts of the
//! neighbours too.

#![expect(
    clippy::inline_always,
    reason = "a call in the loop would keep it from becoming vector instructions"
)]

use std::f64::consts::PI;

use crate::angle::Turn;

/// Semi-major axis of Krassowsky's ellipsoid in metres, and its squared eccentricity.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;

/// Degrees that the sines begin at.
const LON: f64 = 105.0;
const LAT: f64 = 35.0;

/// The box that is shifted, in degrees.
const WEST: f64 = 72.004;
const EAST: f64 = 137.8347;
const SOUTH: f64 = 0.8293;
const NORTH: f64 = 55.8271;

/// 1 for a position in the box that is shifted, 0 for another. A number, since a branch would keep loops from becoming vector
/// instructions.
#[inline(always)]
pub(crate) fn in_box(lon: f64, lat: f64) -> f64 {
    let one = |inside: bool| f64::from(u8::from(inside));
    one((WEST..=EAST).contains(&lon)) * one((SOUTH..=NORTH).contains(&lat))
}

/// The position of the box that is nearest in degrees: what is computed is a number then.
#[inline(always)]
pub(crate) fn into_box(lon: f64, lat: f64) -> (f64, f64) {
    (lon.clamp(WEST, EAST), lat.clamp(SOUTH, NORTH))
}

/// The shift at a position, in degrees, and how it changes.
struct Shift {
    lon: f64,
    lat: f64,
    /// Changes of the shift of the longitude a degree of longitude and of latitude, then of that of the latitude.
    change: [f64; 4],
}

/// The sines of an axis: the angles πx/30, πx/12, πx/3, πx, 2πx and 6πx for x degrees.
#[inline(always)]
fn turns(degrees: f64, turn: impl Fn(f64) -> Turn) -> [Turn; 6] {
    // All are multiples of this small one: one series instead of six.
    let of_60 = turn(degrees * (PI / 120.0)).twice();
    let of_30 = of_60.twice();
    let of_12 = of_30.twice().and(of_60);
    let of_3 = of_12.twice().twice();
    let of_1 = of_3.twice().and(of_3);
    let twice = of_1.twice();
    [of_30, of_12, of_3, of_1, twice, twice.twice().and(twice)]
}

impl Shift {
    /// The shift; `turn` gives sines and cosines.
    #[inline(always)]
    fn at(lon: f64, lat: f64, turn: impl Fn(f64) -> Turn) -> Self {
        let (x, y) = (lon - LON, lat - LAT);
        let [x_30, x_12, x_3, x_1, x_half, x_sixth] = turns(x, &turn);
        let [y_30, y_12, y_3, y_1, ..] = turns(y, &turn);
        let both = 20.0 * x_sixth.sin + 20.0 * x_half.sin;
        let root = x.abs().sqrt();
        let north_m = (2.0 / 3.0)
            * (both + 20.0 * y_1.sin + 40.0 * y_3.sin + 160.0 * y_12.sin + 320.0 * y_30.sin)
            + (-100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root);
        let east_m = (2.0 / 3.0)
            * (both + 20.0 * x_1.sin + 40.0 * x_3.sin + 150.0 * x_12.sin + 300.0 * x_30.sin)
            + (300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root);

        let latitude = turn(lat * (PI / 180.0));
        let less = ECCENTRICITY_2 * latitude.sin * latitude.sin;
        let magic = 1.0 - less;
        // The root of it, by its series, to 10⁻¹².
        let magic_root = 1.0 - less * (0.5 + less * (0.125 + less * (0.0625 + less * 0.039)));
        let cos = latitude.cos;
        // One division for both radii of the ellipsoid.
        let shared = (180.0 / (PI * AXIS_M)) * magic_root / cos;
        let east = shared;
        let north = shared * cos * magic * (1.0 / (1.0 - ECCENTRICITY_2));

        let both = 120.0 * x_sixth.cos + 40.0 * x_half.cos;
        // The root has no slope at 0; a bounded one will do.
        let slope = 0.5 * x / (root * x.abs() + 1e-9);
        let east_lon = (2.0 * PI / 3.0)
            * (both
                + 20.0 * x_1.cos
                + (40.0 / 3.0) * x_3.cos
                + (150.0 / 12.0) * x_12.cos
                + 10.0 * x_30.cos)
            + (1.0 + 0.2 * x + 0.1 * y + 0.1 * slope);
        let east_lat = 2.0 + 0.1 * x;
        let north_lon = (2.0 * PI / 3.0) * both + (2.0 + 0.1 * y + 0.2 * slope);
        let north_lat = (2.0 * PI / 3.0)
            * (20.0 * y_1.cos
                + (40.0 / 3.0) * y_3.cos
                + (160.0 / 12.0) * y_12.cos
                + (320.0 / 30.0) * y_30.cos)
            + (3.0 + 0.4 * y + 0.1 * x);
        let narrowing = east_m * (PI / 180.0) * latitude.sin / cos;
        Self {
            lon: east_m * east,
            lat: north_m * north,
            change: [
                east_lon * east,
                (east_lat + narrowing) * east,
                north_lon * north,
                north_lat * north,
            ],
        }
    }

    /// The position before a shift. The shift there is nearly that of the shifted position, which leaves metres; a step of
    /// Newton leaves micrometres.
    #[inline(always)]
    fn before(shifted: (f64, f64)) -> (f64, f64) {
        let shift = Self::at(shifted.0, shifted.1, Turn::roughly_of);
        let near = (shifted.0 - shift.lon, shifted.1 - shift.lat);
        let shift = Self::at(near.0, near.1, Turn::of);
        let [lon_lon, lon_lat, lat_lon, lat_lat] = shift.change;
        let lon = near.0 + shift.lon - shifted.0;
        let lat = near.1 + shift.lat - shifted.1;
        // The slopes J are of some thousandths: 1 - J + J² inverts 1 + J.
        let once = (
            lon - (lon_lon * lon + lon_lat * lat),
            lat - (lat_lon * lon + lat_lat * lat),
        );
        (
            near.0 - lon + (lon_lon * once.0 + lon_lat * once.1),
            near.1 - lat + (lat_lon * once.0 + lat_lat * once.1),
        )
    }

    /// What is left to a position before a shift near the kink, made smaller by plain rounds: each leaves a hundredth.
    fn settled(mut found: (f64, f64), shifted: (f64, f64)) -> (f64, f64) {
        for _ in 0..5 {
            let shift = Self::at(found.0, found.1, Turn::of);
            found = (shifted.0 - shift.lon, shifted.1 - shift.lat);
        }
        found
    }
}

/// Degrees beside 105° E where the kink of the shift is felt.
const KINK: f64 = 0.02;

/// Shifts degrees of WGS 84 in place.
pub(crate) fn shift(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let shift = Shift::at(within.0, within.1, Turn::of);
        let inside = in_box(*lon, *lat);
        *lon += shift.lon * inside;
        *lat += shift.lat * inside;
    }
}

/// Takes the shift off degrees of GCJ-02 in place. What is left is micrometres.
pub(crate) fn shift_back(lons: &mut [f64], lats: &mut [f64]) {
    // The root in the shift has no slope at 105° E.
    let kinks: Vec<(usize, f64, f64)> = (0..lons.len().min(lats.len()))
        .filter(|index| {
            (lons[*index] - LON).abs() < KINK && in_box(lons[*index], lats[*index]) > 0.0
        })
        .map(|index| (index, lons[index], lats[index]))
        .collect();
    for (lon, lat) in lons.iter_mut().zip(lats.iter_mut()) {
        let shifted = into_box(*lon, *lat);
        let found = Shift::before(shifted);
        // What lies at the rim of the box and came from outside was not shifted.
        let inside = in_box(*lon, *lat) * in_box(found.0, found.1);
        *lon += (found.0 - shifted.0) * inside;
        *lat += (found.1 - shifted.1) * inside;
    }
    for (index, lon, lat) in kinks {
        let found = (lons[index], lats[index]);
        if found != (lon, lat) {
            (lons[index], lats[index]) = Shift::settled(found, (lon, lat));
        }
    }
}
