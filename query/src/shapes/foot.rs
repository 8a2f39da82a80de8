//! The nearest position of a piece.

use gazetteer::{LonLat, geodesic, in_space};

use super::pieces::{Piece, lonlat};

/// The share of the way from `from` to `to` at which the straight line between them is nearest to `at`, 0 to 1.
fn share(from: [f64; 3], to: [f64; 3], at: [f64; 3]) -> f64 {
    let (mut along, mut length_2) = (0.0, 0.0);
    for axis in 0..3 {
        let step = to[axis] - from[axis];
        along += (at[axis] - from[axis]) * step;
        length_2 += step * step;
    }
    if length_2 > 0.0 {
        (along / length_2).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The squared distance to the chord of a piece, and the share of its foot.
pub(super) fn to_chord(piece: &Piece, at: [f64; 3]) -> (f64, f64) {
    let [from, to] = piece.space;
    let share = share(from, to, at);
    let mut distance_2 = 0.0;
    for axis in 0..3 {
        let off = from[axis] + (to[axis] - from[axis]) * share - at[axis];
        distance_2 += off * off;
    }
    (distance_2, share)
}

/// The nearest position of a piece to `at`, with its share of the piece; `about` is the share of the foot on its
/// chord.
pub(super) fn foot(piece: &Piece, about: f64, at: [f64; 3]) -> (LonLat, f64) {
    const REACH: f64 = 1.0 / 16.0;
    let on = |share: f64| on(piece, share);
    let step = |foot: f64, reach: f64| {
        let (start, end) = ((foot - reach).max(0.0), (foot + reach).min(1.0));
        let inner = share(in_space(lonlat(on(start))), in_space(lonlat(on(end))), at);
        start + (end - start) * inner
    };
    let mut foot = about;
    // Where a piece bends much the foot of its chord is not yet in reach; it seldom moves a second time.
    for _ in 0..4 {
        let next = step(foot, REACH);
        let before = std::mem::replace(&mut foot, next);
        if (foot - before).abs() < REACH * 0.05 {
            break;
        }
    }
    // Near a pole an eighth of a piece still bends by metres.
    foot = step(foot, REACH / 16.0);
    (lonlat(on(foot)), foot)
}

/// A position on a piece; exactly the ends at the ends.
fn on(piece: &Piece, share: f64) -> [f64; 2] {
    let [from, to] = piece.ends;
    if share >= 1.0 {
        return to;
    }
    [
        from[0] + (to[0] - from[0]) * share,
        from[1] + (to[1] - from[1]) * share,
    ]
}

/// From here on the nearest position by chord may not be the nearest by geodesic.
pub(super) const FAR_M: f64 = 20_000.0;

/// The most by which the way to the nearest position of a piece may be shorter than the one to the foot of its chord.
pub(super) const FAR_GAIN_M: f64 = 1.0;

/// The nearest position of a piece far away, with its distance: by thirds of the piece.
pub(super) fn far_foot(piece: &Piece, at: LonLat) -> (f64, LonLat) {
    let way = |share: f64| geodesic(at, lonlat(on(piece, share))).distance_m;
    let (mut low, mut high) = (0.0, 1.0);
    // Until a third is some centimetres: the way changes by its square.
    for _ in 0..28 {
        let third = (high - low) / 3.0;
        if way(low + third) < way(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    let nearest = [0.0, f64::midpoint(low, high), 1.0]
        .map(|share| (way(share), lonlat(on(piece, share))))
        .into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0));
    nearest.unwrap_or((way(0.0), lonlat(on(piece, 0.0))))
}
