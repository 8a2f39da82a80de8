//! Gauss–Krüger: a transverse Mercator projection on the ellipsoid of CGCS2000, true to scale on its meridian.
//!
//! The series of Krüger to the fourth power of the third flattening, as C. Karney gives it (Transverse Mercator with an accuracy
//! of a few nanometers, 2011, eqs. 7–9 and 19–36): a tenth of a micrometre within 6° of the meridian.

/// Third flattening; flattening 1 : 298.257222101.
const N: f64 = 1.0 / (2.0 * 298.257_222_101 - 1.0);
const FLATTENING: f64 = 1.0 / 298.257_222_101;
const E_2: f64 = FLATTENING * (2.0 - FLATTENING);

/// Metres of a radian along the meridian, on average.
const RADIUS_M: f64 = 6_378_137.0 / (1.0 + N) * (1.0 + N * N / 4.0 + N * N * N * N / 64.0);

const N2: f64 = N * N;
const N3: f64 = N2 * N;
const N4: f64 = N2 * N2;

/// From the sphere to the ellipsoid.
const FORTH: [f64; 4] = [
    N / 2.0 - 2.0 / 3.0 * N2 + 5.0 / 16.0 * N3 + 41.0 / 180.0 * N4,
    13.0 / 48.0 * N2 - 3.0 / 5.0 * N3 + 557.0 / 1440.0 * N4,
    61.0 / 240.0 * N3 - 103.0 / 140.0 * N4,
    49561.0 / 161_280.0 * N4,
];

/// And back.
const BACK: [f64; 4] = [
    N / 2.0 - 2.0 / 3.0 * N2 + 37.0 / 96.0 * N3 - 1.0 / 360.0 * N4,
    1.0 / 48.0 * N2 + 1.0 / 15.0 * N3 - 437.0 / 1440.0 * N4,
    17.0 / 480.0 * N3 - 37.0 / 840.0 * N4,
    4397.0 / 161_280.0 * N4,
];

/// Degrees from the meridian, and metres, beyond which nothing is computed.
const FARTHEST_DEG: f64 = 40.0;
const FARTHEST_M: f64 = 4.8e6;

/// Sums of a series at a place, northward and eastward: of sin 2jξ cosh 2jη and cos 2jξ sinh 2jη. They are parts of one complex
/// sine, whose multiples follow from the first two (Clenshaw).
fn series(terms: [f64; 4], north: f64, east: f64) -> (f64, f64) {
    let (sin, cos) = (2.0 * north).sin_cos();
    let grown = (2.0 * east).exp();
    let (cosh, sinh) = (0.5 * (grown + 1.0 / grown), 0.5 * (grown - 1.0 / grown));
    // Twice the cosine of the doubled angle.
    let (real, imaginary) = (2.0 * cos * cosh, -2.0 * sin * sinh);
    let (mut one, mut two) = ((0.0, 0.0), (0.0, 0.0));
    for term in terms.into_iter().rev() {
        let next = (
            real * one.0 - imaginary * one.1 - two.0 + term,
            real * one.1 + imaginary * one.0 - two.1,
        );
        (one, two) = (next, one);
    }
    let start = (sin * cosh, cos * sinh);
    (
        one.0 * start.0 - one.1 * start.1,
        one.0 * start.1 + one.1 * start.0,
    )
}

/// The hypotenuse; nothing here is near the ends of what a double holds.
fn hypotenuse(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

/// The tangent of the conformal latitude, from that of the latitude.
fn conformal(tangent: f64) -> f64 {
    let secant = hypotenuse(1.0, tangent);
    let e = E_2.sqrt();
    let sigma = (e * (e * tangent / secant).atanh()).sinh();
    tangent * hypotenuse(1.0, sigma) - sigma * secant
}

/// Metres east of the meridian and north of the equator. Not numbers 40° or more from the meridian.
pub(crate) fn project(lon: f64, lat: f64, meridian: f64) -> (f64, f64) {
    let from_meridian = lon - meridian;
    if !(from_meridian.abs() <= FARTHEST_DEG && lat.abs() <= 90.0) {
        return (f64::NAN, f64::NAN);
    }
    let (sin, cos) = from_meridian.to_radians().sin_cos();
    let tangent = conformal(lat.to_radians().tan());
    let north = tangent.atan2(cos);
    let east = (sin / hypotenuse(tangent, cos)).asinh();
    let (more_north, more_east) = series(FORTH, north, east);
    (
        RADIUS_M * (east + more_east),
        RADIUS_M * (north + more_north),
    )
}

/// Degrees of metres east of a meridian and north of the equator. Not numbers 4,800 km or more from the meridian.
pub(crate) fn unproject(east_m: f64, north_m: f64, meridian: f64) -> (f64, f64) {
    if !(east_m.abs() <= FARTHEST_M && north_m.abs() <= 1e7) {
        return (f64::NAN, f64::NAN);
    }
    let (north, east) = (north_m / RADIUS_M, east_m / RADIUS_M);
    let (less_north, less_east) = series(BACK, north, east);
    let (north, east) = (north - less_north, east - less_east);
    let (sin, cos) = north.sin_cos();
    let sinh = east.sinh();
    let wanted = sin / hypotenuse(sinh, cos);
    // Newton, from the latitude of a sphere: two steps are enough, the third is for the poles.
    let mut tangent = wanted / (1.0 - E_2);
    for _ in 0..3 {
        let here = conformal(tangent);
        tangent += (wanted - here) / hypotenuse(1.0, here)
            * (1.0 + (1.0 - E_2) * tangent * tangent)
            / ((1.0 - E_2) * hypotenuse(1.0, tangent));
    }
    (
        meridian + sinh.atan2(cos).to_degrees(),
        tangent.atan().to_degrees(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_come_back() {
        for lat in [-80.0, -1.0, 0.0, 3.2, 29.5, 53.5, 89.0_f64] {
            for lon in [90.0, 99.0, 104.999, 105.0, 106.5, 111.0, 125.0_f64] {
                let (east, north) = project(lon, lat, 105.0);
                let (lon_again, lat_again) = unproject(east, north, 105.0);
                let apart = ((lon - lon_again) * lat.to_radians().cos()).hypot(lat - lat_again);
                assert!(apart < 1e-10, "{lon} {lat}: {apart}");
            }
        }
    }

    #[test]
    fn what_is_far_from_the_meridian_has_no_place() {
        assert!(project(150.0, 30.0, 105.0).0.is_nan());
        assert!(project(105.0, 91.0, 105.0).0.is_nan());
        assert!(unproject(5e6, 1e6, 105.0).0.is_nan());
        assert!(unproject(1e5, f64::NAN, 105.0).0.is_nan());
    }
}
