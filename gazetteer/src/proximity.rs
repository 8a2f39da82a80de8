//! What is near: an R-tree over points in space, and distances on the ellipsoid.
//!
//! An R-tree over degrees misranks, so the tree holds positions as metres in three dimensions on the
//! WGS 84 ellipsoid. The straight distance there orders points as the geodesic does, but for points
//! whose distances agree within micrometres; those few are put right by the geodesic itself. Neither
//! the poles nor ±180° need a special case.

use rstar::{PointDistance, RTree, primitives::GeomWithData};

use crate::LonLat;
use crate::distance::{GeodesicPath, geodesic};
use crate::gazetteer::Gazetteer;
use crate::place::{FeatureClass, Place, PlaceId};

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;
/// The least radius of curvature of the ellipsoid: a geodesic of `s` metres is never shorter than its
/// chord and, up to half the globe, its chord never longer than this radius allows.
const LEAST_RADIUS_M: f64 = 6_335_439.0;

pub(crate) type PointTree = RTree<GeomWithData<[f64; 3], PlaceId>>;

/// A place and the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// The place.
    pub place: &'a Place,
    /// The way to it from where was asked.
    pub path: GeodesicPath,
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct NearQuery {
    /// Only what lies within so many metres (inclusive).
    pub radius_m: Option<f64>,
    /// At most so many.
    pub most: Option<usize>,
    /// Only this class.
    pub class: Option<FeatureClass>,
    /// Not this place: the one that was asked from.
    pub except: Option<PlaceId>,
}

/// Metres from the centre of the Earth.
fn in_space(position: LonLat) -> [f64; 3] {
    let (sin_lat, cos_lat) = position.lat().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon().to_radians().sin_cos();
    let normal = SEMI_MAJOR_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_2) * sin_lat,
    ]
}

impl Gazetteer {
    fn point_tree(&self) -> &PointTree {
        self.points.get_or_init(|| {
            // Provinces and regions are areas: their point says little about where they are.
            let entries = self
                .places
                .iter()
                .filter(|place| {
                    !matches!(place.class, FeatureClass::Province | FeatureClass::Region)
                })
                .map(|place| GeomWithData::new(in_space(place.position), place.number))
                .collect();
            RTree::bulk_load(entries)
        })
    }

    /// The places near a position, nearest first by geodesic distance; ties by number.
    ///
    /// Provinces and regions are not among them. With neither a radius nor a count, all places.
    #[must_use]
    pub fn near(&self, from: LonLat, query: &NearQuery) -> Vec<Neighbour<'_>> {
        let origin = in_space(from);
        let most = query.most.unwrap_or(usize::MAX);
        // A chord is at most as long as its geodesic.
        let reach = query.radius_m.unwrap_or(f64::INFINITY);
        let mut found: Vec<Neighbour<'_>> = Vec::new();
        let mut limit_2 = f64::INFINITY;
        for entry in self.point_tree().nearest_neighbor_iter(origin) {
            let chord_2 = entry.geom().distance_2(&origin);
            if chord_2 > limit_2 || chord_2 > reach * reach {
                break;
            }
            let place = self.place(entry.data);
            if query.except == Some(entry.data)
                || query.class.is_some_and(|class| class != place.class)
            {
                continue;
            }
            let path = geodesic(from, place.position);
            if path.distance_m > reach {
                continue;
            }
            found.push(Neighbour { place, path });
            if found.len() == most {
                // Those that follow within the band where chord and geodesic may disagree still count.
                limit_2 = chord_2 + band_2(chord_2);
            }
        }
        found.sort_by(|a, b| {
            a.path
                .distance_m
                .total_cmp(&b.path.distance_m)
                .then_with(|| a.place.number.cmp(&b.place.number))
        });
        found.truncate(most);
        found
    }
}

/// How far apart two squared chords must be for their order to be the geodesic order.
///
/// Along a chord of `c` metres the geodesic is `2R·asin(c / 2R)` for some radius of curvature R between
/// the least and the greatest of the ellipsoid; the spread of that over R, with a micrometre for rounding.
fn band_2(chord_2: f64) -> f64 {
    const GREATEST_RADIUS_M: f64 = 6_399_594.0;
    let chord = chord_2.sqrt();
    let geodesic = |radius: f64| 2.0 * radius * (chord / (2.0 * radius)).min(1.0).asin();
    let spread = geodesic(LEAST_RADIUS_M) - geodesic(GREATEST_RADIUS_M) + 2e-6;
    // Near the antipode the bounds meet π: take everything.
    if chord > 1.9 * LEAST_RADIUS_M {
        f64::INFINITY
    } else {
        2.0 * chord * spread * 1.2 + spread * spread
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gazetteer() -> &'static Gazetteer {
        static SHARED: std::sync::OnceLock<Gazetteer> = std::sync::OnceLock::new();
        SHARED.get_or_init(|| Gazetteer::embedded().expect("the embedded data reads"))
    }

    fn by_scan(from: LonLat) -> Vec<(PlaceId, f64)> {
        let mut all: Vec<_> = gazetteer()
            .places()
            .iter()
            .filter(|p| !matches!(p.class, FeatureClass::Province | FeatureClass::Region))
            .map(|p| (p.number, geodesic(from, p.position).distance_m))
            .collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn nearest_and_radius_equal_a_plain_scan(
            lon in prop_oneof![Just(-180.0), Just(180.0), 73.0..135.0_f64, -180.0..180.0_f64],
            lat in prop_oneof![Just(90.0), Just(-90.0), 18.0..54.0_f64, -90.0..90.0_f64],
            most in 0..40_usize,
            radius_km in prop_oneof![Just(0.0), 1.0..3000.0_f64],
        ) {
            let from = LonLat::new(lon, lat).expect("in range");
            let scan = by_scan(from);
            let numbers = |found: Vec<Neighbour<'_>>| found.iter().map(|n| n.place.number).collect::<Vec<_>>();

            let nearest = numbers(gazetteer().near(from, &NearQuery { most: Some(most), ..NearQuery::default() }));
            let expected: Vec<_> = scan.iter().take(most).map(|(n, _)| *n).collect();
            prop_assert_eq!(nearest, expected);

            let radius_m = radius_km * 1000.0;
            let within = numbers(gazetteer().near(from, &NearQuery { radius_m: Some(radius_m), ..NearQuery::default() }));
            let expected: Vec<_> = scan.iter().filter(|(_, d)| *d <= radius_m).map(|(n, _)| *n).collect();
            prop_assert_eq!(within, expected);
        }
    }

    #[test]
    fn a_radius_of_zero_finds_what_lies_there() {
        let guangan = gazetteer().find_one("广安市", None).expect("known").place;
        let found = gazetteer().near(
            guangan.position,
            &NearQuery {
                radius_m: Some(0.0),
                ..NearQuery::default()
            },
        );
        assert!(found.iter().any(|n| n.place.number == guangan.number));
    }
}
