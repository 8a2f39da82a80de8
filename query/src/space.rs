//! What a straight distance through the Earth says of the way over it.
//!
//! A geodesic of the WGS 84 ellipsoid bends in space by its normal curvature, which lies between that of two
//! spheres. So a way of `s` metres with a chord of `c` metres obeys `(2/κ₀)·asin(κ₀c/2) ≤ s ≤ (2/κ₁)·asin(κ₁c/2)`: the upper
//! bound is Schur's comparison theorem; the lower one was tested on random geodesics over the whole globe (a
//! test here holds both). Order by chord is therefore order by geodesic but in a band that is micrometres wide
//! at some kilometres; [`band_2`] is that band, and what falls into it is measured.

use gazetteer::{LonLat, geodesic};

/// The least radius of curvature: along the meridian at the equator.
const LEAST_RADIUS_M: f64 = 6_335_439.327;
/// The greatest: at the poles.
const GREATEST_RADIUS_M: f64 = 6_399_593.626;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;
const SEMI_MAJOR_M: f64 = 6_378_137.0;

/// Distances are compared in whole micrometres, so that computing them in another way cannot change an order;
/// two of these steps are more than one rounding and all errors of positions and geodesics (some 20 nm).
pub(crate) const SLACK_M: f64 = 2e-6;

/// The square of the straight distance.
pub(crate) fn squared_distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let off = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    off[0] * off[0] + off[1] * off[1] + off[2] * off[2]
}

/// The greatest way whose chord is `chord_m`; infinite where it may be half the globe.
pub(crate) fn longest(chord_m: f64) -> f64 {
    let diameter = 2.0 * LEAST_RADIUS_M;
    if chord_m >= diameter {
        f64::INFINITY
    } else {
        diameter * (chord_m / diameter).asin()
    }
}

/// Up to 3,000 km the spread of the bounds is under 2.3e-17 c³ metres.
const NEAR_2: f64 = 9e12;

/// The squared chord up to which a way may be as short as the longest of this squared chord.
pub(crate) fn band_2(chord_2: f64) -> f64 {
    if chord_2 < NEAR_2 {
        let slack_2 = 2.0 * SLACK_M * chord_2.sqrt() + SLACK_M * SLACK_M;
        chord_2 + 5e-17 * chord_2 * chord_2 + slack_2
    } else {
        let chord = chord_that_excludes(longest(chord_2.sqrt()));
        chord * chord
    }
}

/// No less than [`band_2`], without a root: what lies beyond needs no second look.
#[inline]
pub(crate) fn roughly_band_2(chord_2: f64) -> f64 {
    /// Where the slack is nearest to that of the root, in metres.
    const USUAL_M: f64 = 1000.0;
    if chord_2 < NEAR_2 {
        // Of two numbers the mean is no less than the root of their product: c ≤ (c²/m + m)/2.
        let slack_2 = SLACK_M * (chord_2 * (1.0 / USUAL_M) + USUAL_M) + 2.0 * SLACK_M * SLACK_M;
        chord_2 + 5.000_001e-17 * chord_2 * chord_2 + 1.000_001 * slack_2
    } else {
        band_2(chord_2)
    }
}

/// The chord from which on every way is longer than `way_m`; infinite when none is sure to be.
pub(crate) fn chord_that_excludes(way_m: f64) -> f64 {
    let diameter = 2.0 * GREATEST_RADIUS_M;
    let angle = (way_m + SLACK_M) / diameter;
    if angle < std::f64::consts::FRAC_PI_2 {
        diameter * angle.sin() + SLACK_M
    } else {
        f64::INFINITY
    }
}

/// The chord up to which every way is sure to be at most `way_m`; negative when none is.
pub(crate) fn chord_that_includes(way_m: f64) -> f64 {
    /// No two positions are farther apart: half a meridian.
    const FARTHEST_M: f64 = 20_003_932.0;
    let diameter = 2.0 * LEAST_RADIUS_M;
    let angle = way_m / diameter;
    if way_m >= FARTHEST_M {
        f64::INFINITY
    } else if angle < std::f64::consts::FRAC_PI_2 {
        diameter * angle.sin() - SLACK_M
    } else {
        diameter - SLACK_M
    }
}

/// A distance as it is compared: in whole micrometres.
pub(crate) fn micrometres(distance_m: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no way is longer than 2e13 micrometres"
    )]
    let whole = (distance_m * 1e6).round() as i64;
    whole
}

/// Measures short ways from one position by their chords.
pub(crate) struct ShortWays {
    at: LonLat,
    space: [f64; 3],
    /// 1 / radius of curvature along the meridian, and across it.
    curvature: [f64; 2],
    /// Towards the east.
    east: [f64; 2],
}

impl ShortWays {
    pub(crate) fn from(at: LonLat, space: [f64; 3]) -> Self {
        let sin_lat = at.lat().to_radians().sin();
        let (sin_lon, cos_lon) = at.lon().to_radians().sin_cos();
        let w_2 = 1.0 - ECCENTRICITY_2 * sin_lat * sin_lat;
        let across = SEMI_MAJOR_M / w_2.sqrt();
        let along = across * (1.0 - ECCENTRICITY_2) / w_2;
        Self {
            at,
            space,
            curvature: [1.0 / along, 1.0 / across],
            east: [-sin_lon, cos_lon],
        }
    }

    /// The way to a position in metres: from its chord up to 50 km, where that is true to 10 µm, else by geodesic.
    pub(crate) fn to(&self, position: LonLat, space: [f64; 3], chord_2: f64) -> f64 {
        const MOST_2: f64 = 50_000.0 * 50_000.0;
        if chord_2 > MOST_2 {
            return geodesic(self.at, position).distance_m;
        }
        if chord_2 <= 0.0 {
            return 0.0;
        }
        let eastward =
            self.east[0] * (space[0] - self.space[0]) + self.east[1] * (space[1] - self.space[1]);
        // The share of the way that is across the meridian, squared; the rest is along it.
        let across_2 = (eastward * eastward / chord_2).min(1.0);
        let curvature = (1.0 - across_2) * self.curvature[0] + across_2 * self.curvature[1];
        let u = curvature * curvature * chord_2;
        chord_2.sqrt() * (1.0 + u / 24.0 + 3.0 * u * u / 640.0)
    }
}

#[cfg(test)]
mod tests {
    use gazetteer::in_space;
    use proptest::prelude::*;

    use super::*;

    /// The least way whose chord is `chord_m`.
    fn shortest(chord_m: f64) -> f64 {
        let diameter = 2.0 * GREATEST_RADIUS_M;
        diameter * (chord_m / diameter).min(1.0).asin()
    }

    fn anywhere() -> impl Strategy<Value = LonLat> {
        (-180.0..=180.0_f64, -90.0..=90.0_f64)
            .prop_map(|(lon, lat)| LonLat::new(lon, lat).expect("in range"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn a_geodesic_lies_between_the_bounds_of_its_chord(a in anywhere(), b in anywhere()) {
            let chord = squared_distance(in_space(a), in_space(b)).sqrt();
            let way = geodesic(a, b).distance_m;
            prop_assert!(shortest(chord) <= way + 1e-7, "{} {way}", shortest(chord));
            prop_assert!(way <= longest(chord) + 1e-7, "{} {way}", longest(chord));
            prop_assert!(chord_that_excludes(way) >= chord);
            prop_assert!(chord_that_includes(way) <= chord);
        }

        #[test]
        fn the_band_holds_every_way_that_may_be_shorter(chord in 0.0..12_700_000.0_f64) {
            // All with the longest way of this chord or less are inside.
            let edge = band_2(chord * chord).sqrt();
            prop_assert!(edge.is_infinite() || shortest(edge) >= longest(chord) + SLACK_M * 0.99);
        }

        #[test]
        fn the_rough_band_holds_the_band(chord in prop_oneof![
            0.0..12_700_000.0_f64, 0.0..2000.0_f64, 0.0..1e-3_f64, 999.0..1001.0_f64, 2_999_999.0..3_000_001.0_f64,
        ]) {
            prop_assert!(roughly_band_2(chord * chord) >= band_2(chord * chord));
        }

        #[test]
        fn short_ways_are_true_to_a_hundredth_of_a_millimetre(
            a in anywhere(), east in -0.4..0.4_f64, north in -0.4..0.4_f64,
        ) {
            let stretch = a.lat().to_radians().cos().max(0.01);
            let Ok(b) = LonLat::new(a.lon() + east / stretch, a.lat() + north) else { return Ok(()) };
            let (from, to) = (in_space(a), in_space(b));
            let way = ShortWays::from(a, from).to(b, to, squared_distance(from, to));
            let error = (way - geodesic(a, b).distance_m).abs();
            prop_assert!(error < 2e-5, "{error}");
        }
    }
}
