//! The nearest places, and those within a radius.

use std::collections::BinaryHeap;

use super::{Neighbour, PlaceFilter};
use crate::LonLat;
use crate::distance::geodesic;
use crate::gazetteer::Gazetteer;
use crate::place::PlaceId;
use crate::store::{ROUNDING_M, in_space, squared_distance};

/// The least radius of curvature of the ellipsoid: a geodesic of `s` metres is never shorter than its
/// chord and, up to half the globe, its chord never longer than this radius allows.
const LEAST_RADIUS_M: f64 = 6_335_439.0;

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct NearQuery {
    /// Only what lies within so many metres (inclusive).
    pub radius_m: Option<f64>,
    /// At most so many.
    pub most: Option<usize>,
    /// Which places.
    pub filter: PlaceFilter,
}

/// A distance, or its square, that can be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Gazetteer {
    /// The places near a position, nearest first by geodesic distance; ties by number.
    ///
    /// With neither a radius nor a count, all places of the filter.
    #[must_use]
    pub fn near(&self, from: LonLat, query: &NearQuery) -> Vec<Neighbour<'_>> {
        let origin = in_space(from);
        let most = query.most.unwrap_or(usize::MAX);
        let radius_m = query.radius_m.unwrap_or(f64::INFINITY);
        if most == 0 || radius_m.is_nan() || radius_m < 0.0 {
            return Vec::new();
        }
        let classes = query.filter.class_bits();
        // A chord is at most as long as its geodesic.
        let reach_2 = (radius_m + ROUNDING_M).powi(2);
        let mut limit_2 = reach_2;
        // The squared distances of the best so far, the worst on top; and all that may still be among them.
        let mut best: BinaryHeap<Ordered> = BinaryHeap::new();
        let mut candidates: Vec<(f64, PlaceId)> = Vec::new();
        for (number, store) in (0_u16..).zip(&self.stores) {
            store.tree().near(origin, classes, limit_2, &mut |leaf| {
                for (index, space, class) in store.points(leaf) {
                    let distance_2 = squared_distance(space, origin);
                    if distance_2 > limit_2 || classes & class == 0 {
                        continue;
                    }
                    let place = PlaceId {
                        store: number,
                        number: index,
                    };
                    if !self.admits(&query.filter, place) {
                        continue;
                    }
                    candidates.push((distance_2, place));
                    if most == usize::MAX {
                        continue;
                    }
                    best.push(Ordered(distance_2));
                    if best.len() > most {
                        best.pop();
                    }
                    if let (true, Some(worst)) = (best.len() == most, best.peek()) {
                        limit_2 = reach_2.min(band_2(worst.0));
                    }
                }
                limit_2
            });
        }
        candidates.retain(|(distance_2, _)| *distance_2 <= limit_2);
        self.in_order(from, candidates, radius_m, most)
    }

    /// Candidates in geodesic order, within the radius. Chords order them but where two differ by less than
    /// their geodesics may: only those are measured.
    fn in_order(
        &self,
        from: LonLat,
        candidates: Vec<(f64, PlaceId)>,
        radius_m: f64,
        most: usize,
    ) -> Vec<Neighbour<'_>> {
        let origin = in_space(from);
        let position =
            |number: PlaceId| self.stores[usize::from(number.store)].position(number.number);
        let mut near: Vec<(f64, PlaceId, LonLat)> = candidates
            .into_iter()
            .filter_map(|(_, number)| {
                let at = position(number)?;
                // Without the rounding of the index.
                let chord = squared_distance(in_space(at), origin).sqrt();
                let sure = longest(chord) + SLACK_M <= radius_m;
                let inside = sure || geodesic(from, at).distance_m <= radius_m;
                inside.then_some((chord, number, at))
            })
            .collect();
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let ambiguous = |a: f64, b: f64| b - a <= spread(b) + SLACK_M;
        let mut start = 0;
        while start < near.len().min(most) {
            let mut end = start + 1;
            while end < near.len() && ambiguous(near[end - 1].0, near[end].0) {
                end += 1;
            }
            if end - start > 1 {
                near[start..end].sort_by_cached_key(|(_, number, at)| {
                    (Ordered(geodesic(from, *at).distance_m), *number)
                });
            }
            start = end;
        }
        near.truncate(most);
        let neighbours = near.into_iter().map(|(_, number, to)| Neighbour {
            place: self.place(number),
            from,
            to,
        });
        neighbours.collect()
    }
}

/// What computing two chords or geodesics costs in metres, a hundred times over.
const SLACK_M: f64 = 2e-6;

/// The longest geodesic of a chord; infinite where it may be half the globe.
fn longest(chord: f64) -> f64 {
    if chord > 1.9 * LEAST_RADIUS_M {
        f64::INFINITY
    } else {
        2.0 * LEAST_RADIUS_M * (chord / (2.0 * LEAST_RADIUS_M)).asin()
    }
}

/// How much longer than its chord a geodesic may be than another is than its own: along a chord of `c` metres
/// the geodesic is `2R·asin(c / 2R)` for some radius of curvature R between the least and the greatest of the
/// ellipsoid. The spread of that over R grows as the cube of the chord.
fn spread(chord: f64) -> f64 {
    const GREATEST_RADIUS_M: f64 = 6_399_594.0;
    /// Up to here the spread is 2.07e-17 c³ to one part in a hundred.
    const SERIES_M: f64 = 500_000.0;
    if chord < SERIES_M {
        2.2e-17 * chord.powi(3)
    } else {
        // Near the antipode the bounds meet π: everything is taken.
        let shortest = 2.0 * GREATEST_RADIUS_M * (chord / (2.0 * GREATEST_RADIUS_M)).asin();
        1.2 * (longest(chord) - shortest)
    }
}

/// The squared chord, as rounded, up to which a place may be nearer than one at this squared chord.
fn band_2(chord_2: f64) -> f64 {
    let chord = chord_2.sqrt();
    (chord + spread(chord) + 2.0 * ROUNDING_M + SLACK_M).powi(2)
}
