//! Edges cut into pieces on which a straight line in space is nearly the edge.

use gazetteer::{LonLat, destination, geodesic, in_space};

use crate::space::squared_distance;

/// What the edges of lines and areas are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edges {
    /// Straight in degrees (RFC 7946, section 3.1.1).
    #[default]
    Degrees,
    /// Shortest ways on the ellipsoid.
    Geodesic,
}

/// A piece of an edge, straight in degrees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Lon, lat of both ends.
    pub(super) ends: [[f64; 2]; 2],
    /// The same in space.
    pub(super) space: [[f64; 3]; 2],
    /// The number of its edge in its shape.
    pub(super) edge: u32,
    /// How far the piece bends away from its chord, in metres, rounded up.
    pub(super) sag_m: f32,
}

/// No piece is longer, in metres.
const LONGEST_M: f64 = 5_000.0;
/// None bends more, in metres.
const MOST_SAG_M: f64 = 2.0;
/// Edges are cut evenly to this many degrees first, so that a bend is seen in the middle.
const EVEN_DEG: f64 = 0.5;
/// Near the poles pieces are halved until they bend little; a halving never goes on for longer.
const MOST_HALVINGS: u32 = 24;

/// A position as the pieces keep it; out of range only where an edge crosses ±180°.
pub(super) fn lonlat([lon, lat]: [f64; 2]) -> LonLat {
    let turned = if (-180.0..=180.0).contains(&lon) {
        lon
    } else {
        (lon + 180.0).rem_euclid(360.0) - 180.0
    };
    LonLat::new(turned, lat.clamp(-90.0, 90.0))
        .or_else(|_| LonLat::new(0.0, 0.0))
        .expect("0°E 0°N is in range")
}

fn middle(from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
    [from[0].midpoint(to[0]), from[1].midpoint(to[1])]
}

/// Cuts an edge into pieces.
pub(super) fn cut(
    from: [f64; 2],
    to: [f64; 2],
    edge: u32,
    edges: Edges,
    pieces: &mut impl FnMut(Piece),
) {
    if edges == Edges::Geodesic {
        // The way in steps of at most a kilometre: each lies within 2 cm of its degrees at 40°, 4 cm at 60°.
        let (start, end) = (lonlat(from), lonlat(to));
        let way = geodesic(start, end);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most half the globe"
        )]
        let steps = (way.distance_m / 1000.0).ceil().max(1.0) as u32;
        let mut before = from;
        for step in 1..=steps {
            let next = if step == steps {
                [to[0], to[1]]
            } else {
                let share = f64::from(step) / f64::from(steps);
                let at = destination(start, way.bearing_deg, way.distance_m * share);
                [at.lon(), at.lat()]
            };
            // On the side of ±180° where the way is.
            let turns = ((before[0] - next[0]) / 360.0).round() * 360.0;
            halve(
                before,
                [next[0] + turns, next[1]],
                edge,
                MOST_HALVINGS,
                pieces,
            );
            before = next;
        }
        return;
    }
    let span = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "degrees are at most hundreds"
    )]
    let steps = (span / EVEN_DEG).ceil().clamp(1.0, 1e4) as u32;
    let on = |step: u32| {
        if step == steps {
            return to;
        }
        let share = f64::from(step) / f64::from(steps);
        [
            from[0] + (to[0] - from[0]) * share,
            from[1] + (to[1] - from[1]) * share,
        ]
    };
    for step in 0..steps {
        halve(on(step), on(step + 1), edge, MOST_HALVINGS, pieces);
    }
}

fn halve(from: [f64; 2], to: [f64; 2], edge: u32, halvings: u32, pieces: &mut impl FnMut(Piece)) {
    let space = [in_space(lonlat(from)), in_space(lonlat(to))];
    let between = middle(from, to);
    let on_edge = in_space(lonlat(between));
    let on_chord: [f64; 3] = std::array::from_fn(|axis| space[0][axis].midpoint(space[1][axis]));
    let sag = squared_distance(on_edge, on_chord).sqrt();
    let length = squared_distance(space[0], space[1]).sqrt();
    if halvings > 0 && (length > LONGEST_M || sag > MOST_SAG_M) {
        halve(from, between, edge, halvings - 1, pieces);
        halve(between, to, edge, halvings - 1, pieces);
        return;
    }
    // The bend is greatest near the middle; a little more for where it is not quite there.
    #[expect(clippy::cast_possible_truncation, reason = "rounded up at once")]
    let sag_m = ((sag * 1.1 + 1e-6) as f32).next_up();
    pieces(Piece {
        ends: [from, to],
        space,
        edge,
        sag_m,
    });
}
