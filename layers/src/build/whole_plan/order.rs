//! The order in which the places of a line lie.

use gazetteer::LonLat;

/// Beyond so many places the order along the longest direction is good enough.
const MOST_IMPROVED: usize = 60;
/// Passes over the line; each may still shorten it.
const PASSES: usize = 8;

/// Sorts places into a short way through all of them. With `fixed_ends` the first and the last stay where they are.
///
/// They are put in order along the line from end to end (or along their longest direction), and the way is shortened by
/// turning parts of it round. Equal input gives equal order; the time is linear beyond 60 places, less the sorting.
pub(super) fn along<T>(places: &mut [T], fixed_ends: bool, at: impl Fn(&T) -> LonLat) {
    if places.len() < 3 {
        return;
    }
    let flat = |place: &T| {
        let at = at(place);
        (at.lon() * at.lat().to_radians().cos(), at.lat())
    };
    let (first, last) = if fixed_ends {
        (flat(&places[0]), flat(&places[places.len() - 1]))
    } else {
        extremes(places, flat)
    };
    let way = (last.0 - first.0, last.1 - first.1);
    let along = |place: &T| {
        let here = flat(place);
        (here.0 - first.0) * way.0 + (here.1 - first.1) * way.1
    };
    let end = places.len() - usize::from(fixed_ends);
    places[usize::from(fixed_ends)..end].sort_by(|a, b| along(a).total_cmp(&along(b)));
    if places.len() > MOST_IMPROVED {
        return;
    }
    let length = |a: &T, b: &T| {
        let (a, b) = (flat(a), flat(b));
        (a.0 - b.0).hypot(a.1 - b.1)
    };
    for _ in 0..PASSES {
        let mut shorter = false;
        for from in usize::from(fixed_ends)..end {
            for to in from + 1..end {
                let before = |places: &[T], i: usize| {
                    i.checked_sub(1).map(|j| length(&places[j], &places[i]))
                };
                let after =
                    |places: &[T], i: usize| places.get(i + 1).map(|next| length(&places[i], next));
                let now = before(places, from).unwrap_or(0.0) + after(places, to).unwrap_or(0.0);
                let turned = from
                    .checked_sub(1)
                    .map_or(0.0, |j| length(&places[j], &places[to]))
                    + places
                        .get(to + 1)
                        .map_or(0.0, |next| length(&places[from], next));
                if turned + 1e-9 < now {
                    places[from..=to].reverse();
                    shorter = true;
                }
            }
        }
        if !shorter {
            break;
        }
    }
}

/// Two places far apart: the one farthest from the first, and the one farthest from that; west goes first.
fn extremes<T>(places: &[T], flat: impl Fn(&T) -> (f64, f64)) -> ((f64, f64), (f64, f64)) {
    let farthest = |from: (f64, f64)| {
        let others = places.iter().map(&flat);
        others
            .max_by(|a, b| {
                let away = |p: &(f64, f64)| (p.0 - from.0).hypot(p.1 - from.1);
                away(a).total_cmp(&away(b))
            })
            .unwrap_or(from)
    };
    let one = farthest(flat(&places[0]));
    let other = farthest(one);
    if one <= other {
        (one, other)
    } else {
        (other, one)
    }
}

/// A line along places in order that lie to both sides of it: from the first to the last through the middles of those
/// between. `None` when the way through all of them is not much longer than from end to end.
pub(super) fn trend<T>(places: &[T], at: impl Fn(&T) -> LonLat) -> Option<Vec<LonLat>> {
    /// How much longer a way may be than the distance of its ends.
    const WINDING: f64 = 1.4;
    const MIDDLES: usize = 2;
    let [first, between @ .., last] = places else {
        return None;
    };
    let flat = |place: &T| {
        let at = at(place);
        (at.lon() * at.lat().to_radians().cos(), at.lat())
    };
    let length = |a: &T, b: &T| {
        let (a, b) = (flat(a), flat(b));
        (a.0 - b.0).hypot(a.1 - b.1)
    };
    let way: f64 = places
        .windows(2)
        .map(|pair| length(&pair[0], &pair[1]))
        .sum();
    if between.len() < 2 || way <= length(first, last) * WINDING {
        return None;
    }
    // Along the line from end to end, so that it does not turn back.
    let (from, to) = (flat(first), flat(last));
    let along = |place: &T| {
        let here = flat(place);
        (here.0 - from.0) * (to.0 - from.0) + (here.1 - from.1) * (to.1 - from.1)
    };
    let mut sorted: Vec<&T> = between.iter().collect();
    sorted.sort_by(|a, b| along(a).total_cmp(&along(b)));
    let size = sorted.len().div_ceil(MIDDLES.min(sorted.len().div_ceil(2)));
    let middles = sorted.chunks(size).filter_map(|some| {
        let points: Vec<LonLat> = some.iter().map(|place| at(place)).collect();
        super::places::middle(&points)
    });
    let ends = [at(first), at(last)];
    Some(
        std::iter::once(ends[0])
            .chain(middles)
            .chain([ends[1]])
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(places: &[(f64, f64)], fixed_ends: bool) -> Vec<(f64, f64)> {
        let mut places = places.to_vec();
        along(&mut places, fixed_ends, |(lon, lat)| {
            LonLat::new(*lon, *lat).expect("in range")
        });
        places
    }

    #[test]
    fn places_in_the_order_of_a_sentence_are_put_in_that_of_the_map() {
        let places = [(104.1, 30.6), (106.5, 29.5), (105.1, 29.6), (105.9, 29.4)];
        let expected = [(104.1, 30.6), (105.1, 29.6), (105.9, 29.4), (106.5, 29.5)];
        assert_eq!(sorted(&places, false), expected);
        let back = [(106.5, 29.5), (105.1, 29.6), (105.9, 29.4), (104.1, 30.6)];
        let expected: Vec<_> = expected.into_iter().rev().collect();
        assert_eq!(sorted(&back, true), expected);
    }

    #[test]
    fn places_to_both_sides_of_a_line_give_its_trend() {
        let at = |(lon, lat): &(f64, f64)| LonLat::new(*lon, *lat).expect("in range");
        let zigzag: Vec<(f64, f64)> = (0..10_u32)
            .map(|n| (104.0 + f64::from(n) * 0.2, 30.0 + f64::from(n % 2)))
            .collect();
        let line = trend(&zigzag, at).expect("it winds");
        assert!(line.len() == 4 && line.is_sorted_by(|a, b| a.lon() < b.lon()));
        assert!(
            line[1..3].iter().all(|p| (p.lat() - 30.5).abs() < 0.3),
            "{line:?}"
        );
        let straight: Vec<(f64, f64)> = zigzag.iter().map(|(lon, _)| (*lon, 30.0)).collect();
        assert!(trend(&straight, at).is_none());
    }

    #[test]
    fn a_horseshoe_is_not_crossed() {
        let shoe = [
            (105.0, 30.0),
            (106.0, 30.0),
            (107.0, 30.2),
            (107.0, 31.0),
            (106.0, 31.2),
            (105.0, 31.2),
        ];
        let mixed = [0, 4, 2, 1, 3, 5].map(|index: usize| shoe[index]);
        assert_eq!(sorted(&mixed, true), shoe);
        let many: Vec<_> = (0..5000_u32)
            .map(|n| (100.0 + f64::from(n * 7919 % 5000) / 1000.0, 30.0))
            .collect();
        assert!(sorted(&many, false).is_sorted_by(|a, b| a.0 <= b.0));
    }
}
