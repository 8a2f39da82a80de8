//! What lies along a route.

use std::collections::BTreeMap;

use gazetteer::{LonLat, geodesic, in_space};

use super::foot::{foot, to_chord};
use super::pieces::{Edges, Piece, cut, lonlat};
use crate::halves::{NodeBox, box_distance_2, outward};
use crate::points::{Filter, PointTree};
use crate::space::{chord_that_excludes, micrometres};

/// A route with the way along it.
#[derive(Debug, Clone)]
pub struct Route {
    pieces: Vec<Piece>,
    /// From the start of the route to the start of each piece, and to the end: metres by geodesic.
    along_m: Vec<f64>,
    /// The box around every so many pieces.
    boxes: Vec<NodeBox>,
}

/// Pieces under a box.
const PIECES: usize = 16;

/// A point beside a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Its number.
    pub id: u32,
    /// How far it is from the route, metres by geodesic.
    pub distance_m: f64,
    /// How far along the route its foot is, metres by geodesic from the start.
    pub along_m: f64,
    /// Its foot.
    pub foot: LonLat,
}

impl Route {
    /// A route through positions (lon, lat in degrees); those that are no numbers are left out.
    #[must_use]
    pub fn new(positions: impl IntoIterator<Item = [f64; 2]>, edges: Edges) -> Self {
        let mut pieces = Vec::new();
        let mut before: Option<[f64; 2]> = None;
        let mut edge = 0;
        let finite = |at: &[f64; 2]| at.iter().all(|value| value.is_finite());
        for at in positions.into_iter().filter(finite) {
            if let Some(before) = before {
                cut(before, at, edge, edges, &mut |piece| pieces.push(piece));
                edge += 1;
            }
            before = Some(at);
        }
        if let (Some(only), true) = (before, pieces.is_empty()) {
            cut(only, only, 0, edges, &mut |piece| pieces.push(piece));
        }
        let mut along_m = Vec::with_capacity(pieces.len() + 1);
        let mut along = 0.0;
        for piece in &pieces {
            along_m.push(along);
            along += geodesic(lonlat(piece.ends[0]), lonlat(piece.ends[1])).distance_m;
        }
        along_m.push(along);
        let boxes = pieces.chunks(PIECES).map(around).collect();
        Self {
            pieces,
            along_m,
            boxes,
        }
    }

    /// How long it is, metres by geodesic.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    /// How far a position is from the route, and where along it; `None` when it is farther than `width_m` metres,
    /// and on a route of no positions. Where the route comes equally near twice, the first.
    #[must_use]
    pub fn beside(&self, at: LonLat, width_m: f64) -> Option<(f64, f64, LonLat)> {
        let space = in_space(at);
        let mut limit = chord_that_excludes(width_m);
        let mut best: Option<(f64, f64, LonLat)> = None;
        for (chunk, around) in self.boxes.iter().enumerate() {
            if box_distance_2(around, space) > limit * limit {
                continue;
            }
            let first = chunk * PIECES;
            for (number, piece) in (first..).zip(self.pieces[first..].iter().take(PIECES)) {
                let (chord_2, about) = to_chord(piece, space);
                if chord_2.sqrt() - f64::from(piece.sag_m) > limit {
                    continue;
                }
                let (position, share) = foot(piece, about, space);
                let distance_m = geodesic(at, position).distance_m;
                let nearer = best.is_none_or(|(known, _, _)| distance_m < known);
                if distance_m <= width_m && nearer {
                    let (start, end) = (self.along_m[number], self.along_m[number + 1]);
                    best = Some((distance_m, start + (end - start) * share, position));
                    limit = limit.min(chord_that_excludes(distance_m));
                }
            }
        }
        best
    }

    /// The points within `width_m` metres (inclusive) that `filter` admits, in the order of their feet along the
    /// route; at one foot the nearer first, then by number.
    #[must_use]
    pub fn along<F: Filter>(&self, tree: &PointTree<'_>, width_m: f64, filter: &F) -> Vec<Beside> {
        let mut found: BTreeMap<u32, Beside> = BTreeMap::new();
        let limit = chord_that_excludes(width_m);
        tree.visit(
            |around| {
                let near = |own: &NodeBox| boxes_apart_2(own, around) <= limit * limit;
                self.boxes.iter().any(near)
            },
            filter,
            |id, position| {
                if let Some((distance_m, along_m, foot)) = self.beside(position, width_m) {
                    let beside = Beside {
                        id,
                        distance_m,
                        along_m,
                        foot,
                    };
                    found.insert(id, beside);
                }
            },
        );
        let mut all: Vec<Beside> = found.into_values().collect();
        all.sort_by_key(|beside| {
            let (along, distance) = (beside.along_m, beside.distance_m);
            (micrometres(along), micrometres(distance), beside.id)
        });
        all
    }
}

fn around(pieces: &[Piece]) -> NodeBox {
    let mut whole = [0.0; 6];
    for axis in 0..3 {
        let ends = || {
            pieces
                .iter()
                .flat_map(|piece| piece.space.map(|end| (end[axis], f64::from(piece.sag_m))))
        };
        let least = ends()
            .map(|(end, sag)| end - sag)
            .fold(f64::INFINITY, f64::min);
        let greatest = ends()
            .map(|(end, sag)| end + sag)
            .fold(f64::NEG_INFINITY, f64::max);
        (whole[axis], whole[axis + 3]) = outward(least, greatest);
    }
    whole
}

/// The squared distance between two boxes.
fn boxes_apart_2(a: &NodeBox, b: &NodeBox) -> f64 {
    let apart = |axis: usize| {
        let below = f64::from(a[axis]) - f64::from(b[axis + 3]);
        let above = f64::from(b[axis]) - f64::from(a[axis + 3]);
        below.max(above).max(0.0)
    };
    (0..3).map(|axis| apart(axis).powi(2)).sum()
}
