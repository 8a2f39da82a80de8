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

use crate::angle::{Real, Turn};

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
struct Shift<N> {
    lon: N,
    lat: N,
    /// Changes of the shift of the longitude a degree of longitude and of latitude, then of that of the latitude.
    change: [N; 4],
    /// How much the changes a degree of longitude grow over one: what the two fastest waves do, which is nearly all of it.
    bend: [N; 2],
}

/// The sines of an axis: the angles πx/30, πx/12, πx/3, πx, 2πx and 6πx for x degrees.
#[inline(always)]
fn turns<N: Real>(degrees: N, turn: impl Fn(N) -> Turn<N>) -> [Turn<N>; 6] {
    // All are multiples of this small one: one series instead of six.
    let of_60 = turn(degrees * N::of(PI / 120.0)).twice();
    let of_30 = of_60.twice();
    let of_12 = of_30.twice().and(of_60);
    let of_3 = of_12.twice().twice();
    let of_1 = of_3.twice().and(of_3);
    let twice = of_1.twice();
    [of_30, of_12, of_3, of_1, twice, twice.twice().and(twice)]
}

impl<N: Real> Shift<N> {
    /// The shift at degrees from 105° E 35° N; `turn` gives sines and cosines.
    #[inline(always)]
    fn at(x: N, y: N, turn: impl Fn(N) -> Turn<N>) -> Self {
        let n = N::of;
        let [x_30, x_12, x_3, x_1, x_half, x_sixth] = turns(x, &turn);
        let [y_30, y_12, y_3, y_1, ..] = turns(y, &turn);
        let both = n(20.0) * (x_sixth.sin + x_half.sin);
        let root = x.size().root();
        let north_m = n(2.0 / 3.0)
            * (both
                + n(20.0) * y_1.sin
                + n(40.0) * y_3.sin
                + n(160.0) * y_12.sin
                + n(320.0) * y_30.sin)
            + (n(2.0) * x + n(3.0) * y + n(0.2) * y * y + n(0.1) * x * y + n(0.2) * root
                - n(100.0));
        let east_m = n(2.0 / 3.0)
            * (both
                + n(20.0) * x_1.sin
                + n(40.0) * x_3.sin
                + n(150.0) * x_12.sin
                + n(300.0) * x_30.sin)
            + (n(300.0) + x + n(2.0) * y + n(0.1) * x * x + n(0.1) * x * y + n(0.1) * root);

        let latitude = turn((y + n(LAT)) * n(PI / 180.0));
        let less = n(ECCENTRICITY_2) * latitude.sin * latitude.sin;
        let magic = n(1.0) - less;
        // The root of it, by its series, to 10⁻¹².
        let magic_root =
            n(1.0) - less * (n(0.5) + less * (n(0.125) + less * (n(0.0625) + less * n(0.039))));
        // One division for both radii of the ellipsoid.
        let per_cos = n(1.0) / latitude.cos;
        let shared = n(180.0 / (PI * AXIS_M)) * magic_root;
        let east = shared * per_cos;
        let north = shared * magic * n(1.0 / (1.0 - ECCENTRICITY_2));

        let both = n(120.0) * x_sixth.cos + n(40.0) * x_half.cos;
        // The slope of the root is left out: beside the kink it moves a guess by millimetres.
        let east_lon = n(2.0 * PI / 3.0)
            * (both
                + n(20.0) * x_1.cos
                + n(40.0 / 3.0) * x_3.cos
                + n(150.0 / 12.0) * x_12.cos
                + n(10.0) * x_30.cos)
            + (n(1.0) + n(0.2) * x + n(0.1) * y);
        let east_lat = n(2.0) + n(0.1) * x;
        let north_lon = n(2.0 * PI / 3.0) * both + (n(2.0) + n(0.1) * y);
        let north_lat = n(2.0 * PI / 3.0)
            * (n(20.0) * y_1.cos
                + n(40.0 / 3.0) * y_3.cos
                + n(160.0 / 12.0) * y_12.cos
                + n(320.0 / 30.0) * y_30.cos)
            + (n(3.0) + n(0.4) * y + n(0.1) * x);
        let bend = n(-40.0 / 3.0 * PI * PI) * (n(36.0) * x_sixth.sin + n(4.0) * x_half.sin);
        let narrowing = east_m * n(PI / 180.0) * latitude.sin * per_cos;
        Self {
            lon: east_m * east,
            lat: north_m * north,
            change: [
                east_lon * east,
                (east_lat + narrowing) * east,
                north_lon * north,
                north_lat * north,
            ],
            bend: [bend * east, bend * north],
        }
    }
}

/// What is to be taken off a position that was moved by `by` too far, where the shift changes so: the slopes J are of some
/// thousandths, and 1 - J + J² inverts 1 + J.
#[inline(always)]
pub(crate) fn undone<N: Real>(by: (N, N), [lon_lon, lon_lat, lat_lon, lat_lat]: [N; 4]) -> (N, N) {
    let once = (
        by.0 - (lon_lon * by.0 + lon_lat * by.1),
        by.1 - (lat_lon * by.0 + lat_lat * by.1),
    );
    (
        by.0 - (lon_lon * once.0 + lon_lat * once.1),
        by.1 - (lat_lon * once.0 + lat_lat * once.1),
    )
}

/// What is left to a position before a shift near the kink, made smaller by plain rounds: each leaves a hundredth.
fn settled(mut found: (f64, f64), shifted: (f64, f64)) -> (f64, f64) {
    for _ in 0..5 {
        let shift = Shift::at(found.0 - LON, found.1 - LAT, Turn::of);
        found = (shifted.0 - shift.lon, shifted.1 - shift.lat);
    }
    found
}

/// Degrees beside 105° E where the kink of the shift is felt.
const KINK: f64 = 0.02;

/// Shifts degrees of WGS 84 in place.
pub(crate) fn shift(lons: &mut [f64], lats: &mut [f64]) {
    for (lon, lat) in lons.iter_mut().zip(lats) {
        let within = into_box(*lon, *lat);
        let shift = Shift::at(within.0 - LON, within.1 - LAT, Turn::of);
        let inside = in_box(*lon, *lat);
        *lon += shift.lon * inside;
        *lat += shift.lat * inside;
    }
}

/// Positions that are guessed together.
const BLOCK: usize = 256;

/// What is to be taken off positions, nearly, and how the shift changes there: a column each, so that loops become vector
/// instructions.
struct Guesses {
    off: [[f32; BLOCK]; 2],
    change: [[f32; BLOCK]; 4],
}

impl Guesses {
    /// Guesses at degrees from 105° E 35° N. A step from the shifted position with the slopes of the shift and their bend.
    #[inline(never)]
    #[allow(clippy::needless_range_loop, reason = "columns side by side")]
    fn at(&mut self, x: &[f32; BLOCK], y: &[f32; BLOCK]) {
        let [off_lon, off_lat] = &mut self.off;
        let [lon_lon, lon_lat, lat_lon, lat_lat] = &mut self.change;
        for index in 0..BLOCK {
            let shift = Shift::at(x[index], y[index], Turn::roughly_of);
            let (east, north) = undone((shift.lon, shift.lat), shift.change);
            let [bend_lon, bend_lat] = shift.bend.map(|bend| bend * east);
            let half = 0.5 * east;
            off_lon[index] = east + half * bend_lon;
            off_lat[index] = north + half * bend_lat;
            lon_lon[index] = shift.change[0] - bend_lon;
            lon_lat[index] = shift.change[1];
            lat_lon[index] = shift.change[2] - bend_lat;
            lat_lat[index] = shift.change[3];
        }
    }

    /// Makes of shifted positions what was there before.
    #[inline(never)]
    #[allow(clippy::needless_range_loop, reason = "columns side by side")]
    fn better(&self, lons: &mut [f64], lats: &mut [f64]) {
        let count = lons.len().min(lats.len()).min(BLOCK);
        let (lons, lats) = (&mut lons[..count], &mut lats[..count]);
        let [off_lon, off_lat] = self.off.each_ref().map(|column| &column[..count]);
        let change = self.change.each_ref().map(|column| &column[..count]);
        for index in 0..count {
            let (lon, lat) = (lons[index], lats[index]);
            let shifted = into_box(lon, lat);
            let near = (
                shifted.0 - f64::from(off_lon[index]),
                shifted.1 - f64::from(off_lat[index]),
            );
            let shift = Shift::at(near.0 - LON, near.1 - LAT, Turn::of);
            let left = (
                near.0 + shift.lon - shifted.0,
                near.1 + shift.lat - shifted.1,
            );
            let left = undone(left, change.map(|column| f64::from(column[index])));
            let found = (near.0 - left.0, near.1 - left.1);
            // What lies at the rim of the box and came from outside was not shifted.
            let inside = in_box(lon, lat) * in_box(found.0, found.1);
            lons[index] = lon + (found.0 - shifted.0) * inside;
            lats[index] = lat + (found.1 - shifted.1) * inside;
        }
    }
}

/// Takes the shift off degrees of GCJ-02 in place. A step of Newton in numbers of 32 bits, of which twice as many go into a
/// register, leaves millimetres; one more in those of 64, with the same slopes, less than a micrometre.
pub(crate) fn shift_back(lons: &mut [f64], lats: &mut [f64]) {
    // The root in the shift has no slope at 105° E.
    let kinks: Vec<(usize, f64, f64)> = (0..lons.len().min(lats.len()))
        .filter(|index| {
            (lons[*index] - LON).abs() < KINK && in_box(lons[*index], lats[*index]) > 0.0
        })
        .map(|index| (index, lons[index], lats[index]))
        .collect();
    let mut guesses = Guesses {
        off: [[0.0; BLOCK]; 2],
        change: [[0.0; BLOCK]; 4],
    };
    let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
    for (lons, lats) in lons.chunks_mut(BLOCK).zip(lats.chunks_mut(BLOCK)) {
        for ((lon, lat), (x, y)) in lons.iter().zip(lats.iter()).zip(x.iter_mut().zip(&mut y)) {
            let shifted = into_box(*lon, *lat);
            (*x, *y) = (f32::of(shifted.0 - LON), f32::of(shifted.1 - LAT));
        }
        guesses.at(&x, &y);
        guesses.better(lons, lats);
    }
    for (index, lon, lat) in kinks {
        let found = (lons[index], lats[index]);
        if found != (lon, lat) {
            (lons[index], lats[index]) = settled(found, (lon, lat));
        }
    }
}
