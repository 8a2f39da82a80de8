//! The nearest shapes.

use std::collections::BTreeMap;

use gazetteer::{LonLat, geodesic, in_space};

use super::foot::{FAR_GAIN_M, FAR_M, far_foot, foot, to_chord};
use super::index::ShapeIndex;
use crate::areas::Side;
use crate::halves::box_distance_2;
use crate::space::{SLACK_M, chord_that_excludes, micrometres};

/// A shape near a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeNeighbour {
    /// Its number.
    pub shape: u32,
    /// How far it is, in metres by geodesic; 0 in an area.
    pub distance_m: f64,
    /// Its nearest position.
    pub position: LonLat,
    /// Which of its edges that is on, in the order in which they were added, and at which share of its piece.
    pub edge: u32,
}

/// The best that is known of a shape.
#[derive(Clone, Copy)]
struct Best {
    distance_m: f64,
    position: LonLat,
    edge: u32,
}

impl ShapeIndex {
    /// The `most` shapes nearest to a position within `radius_m` metres (inclusive; infinite: wherever they are) that
    /// `admits` admits, nearest first; equally near ones (to a micrometre) by number. In an area the distance is 0.
    pub fn near(
        &self,
        at: LonLat,
        most: usize,
        radius_m: f64,
        admits: impl Fn(u32) -> bool,
    ) -> Vec<ShapeNeighbour> {
        let mut best: BTreeMap<u32, Best> = BTreeMap::new();
        if most == 0 || radius_m.is_nan() || radius_m < 0.0 {
            return Vec::new();
        }
        self.areas_at(at, |shape, side| {
            if side != Side::Outside && admits(shape) {
                let inside = Best {
                    distance_m: 0.0,
                    position: at,
                    edge: 0,
                };
                best.insert(shape, inside);
            }
        });
        let mut limit_m = radius_m;
        if best.len() >= most {
            limit_m = 0.0;
        }
        self.search(at, most, limit_m, &admits, &mut best);
        let mut all: Vec<ShapeNeighbour> = best
            .into_iter()
            .filter(|(_, best)| best.distance_m <= radius_m)
            .map(|(shape, best)| ShapeNeighbour {
                shape,
                distance_m: best.distance_m,
                position: best.position,
                edge: best.edge,
            })
            .collect();
        all.sort_by_key(|near| (micrometres(near.distance_m), near.shape));
        all.truncate(most);
        all
    }

    fn search(
        &self,
        at: LonLat,
        most: usize,
        limit_m: f64,
        admits: &impl Fn(u32) -> bool,
        best: &mut BTreeMap<u32, Best>,
    ) {
        if self.runs.is_empty() {
            return;
        }
        let space = in_space(at);
        let first_leaf = self.nodes.len() / 2;
        let mut limit_m = limit_m;
        let mut limit = chord_that_excludes(limit_m);
        let mut waiting = vec![(0.0, 1_usize)];
        while let Some((distance_2, node)) = waiting.pop() {
            if distance_2 > limit * limit {
                continue;
            }
            if node < first_leaf {
                let mut near = (box_distance_2(&self.nodes[2 * node], space), 2 * node);
                let mut far = (
                    box_distance_2(&self.nodes[2 * node + 1], space),
                    2 * node + 1,
                );
                if far.0 < near.0 {
                    std::mem::swap(&mut near, &mut far);
                }
                waiting.push(far);
                waiting.push(near);
                continue;
            }
            let leaf = node - first_leaf;
            let runs = self.starts[leaf] as usize..self.starts[leaf + 1] as usize;
            for run in &self.runs[runs] {
                if !admits(run.shape) {
                    continue;
                }
                let known = best.get(&run.shape).map(|best| best.distance_m);
                let mut nearest = known.unwrap_or(f64::INFINITY);
                let mut changed = false;
                for piece in self.pieces_of(run) {
                    let (chord_2, about) = to_chord(piece, space);
                    let least = chord_2.sqrt() - f64::from(piece.sag_m);
                    // What is known of the shape, or is sure of the answer, bounds what may matter.
                    if least > limit || least > nearest {
                        continue;
                    }
                    let (mut position, _) = foot(piece, about, space);
                    let mut distance_m = geodesic(at, position).distance_m;
                    if distance_m > FAR_M && distance_m < nearest.min(limit_m) + FAR_GAIN_M {
                        (distance_m, position) = far_foot(piece, at);
                    }
                    if distance_m < nearest && distance_m <= limit_m + SLACK_M {
                        nearest = distance_m;
                        changed = true;
                        let edge = piece.edge;
                        let found = Best {
                            distance_m,
                            position,
                            edge,
                        };
                        best.insert(run.shape, found);
                    }
                }
                if changed && best.len() >= most {
                    let mut ways: Vec<f64> = best.values().map(|best| best.distance_m).collect();
                    let (_, kth, _) = ways.select_nth_unstable_by(most - 1, f64::total_cmp);
                    // Equally near ones are told apart by number.
                    if *kth + SLACK_M < limit_m {
                        limit_m = *kth + SLACK_M;
                        limit = chord_that_excludes(limit_m);
                        best.retain(|_, best| best.distance_m <= limit_m);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
