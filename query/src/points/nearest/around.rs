//! What lies around a place, copied out of the tree: a row of near questions is answered from it.
//!
//! The copy holds every admitted point within a radius of its middle, as 32-bit offsets that vector instructions look at four at a
//! time. What may be among the nearest by these is measured again in full, so that their rounding decides nothing.

use super::walk::walk;
use super::{FEW, Found, Search, leaf_distances_2};
use crate::points::tree::{Filter, LEAF, PointTree};
use crate::space::{SLACK_M, band_2, roughly_band_2, squared_distance};

/// The most points that are copied out.
const MOST: usize = 512;

/// Room for them and a leaf more, which is written whole.
const ROOM: usize = MOST + LEAF;

/// How far beyond what the question needs points are copied, in distances of the k-th.
const BEYOND: f64 = 1.0;

/// A question is near the last one up to so many distances of that one's k-th from it.
const NEAR: f64 = 2.0;

/// Farther out the roundings of 32 bits are no longer small.
const FARTHEST_M: f64 = 1e6;

/// Questions that pass before the next copy after one had too many points.
const REST: u32 = 64;

#[derive(Debug, Default)]
pub(super) struct Around {
    middle: [f64; 3],
    /// Every admitted point up to so far from the middle is here; 0: nothing is known.
    radius: f64,
    /// Offsets from the middle; what is after the last is infinitely far.
    offsets: [Vec<f32>; 3],
    spaces: Vec<[f64; 3]>,
    slots: Vec<u32>,
    ids: Vec<u32>,
    distances_2: Vec<f32>,
    /// Rounded squared distance and place of what may be near, in one number that is ordered as they are.
    keys: Vec<u64>,
    rest: u32,
}

/// A number in 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is lost is within the error that is allowed for"
)]
fn short(number: f64) -> f32 {
    number as f32
}

impl<F: Filter> Search<'_, F> {
    /// Finds what [`Search::gather_few`] finds, from a copy, which is made anew when the question is near the last one; false when
    /// that cannot be. The answer is known to be within the limit; `moved` metres is the last question away.
    pub(super) fn gather_around(&mut self, space: [f64; 3], limit_2: f64, moved: f64) -> bool {
        if self
            .around
            .answers(space, self.most, limit_2, &mut self.found)
        {
            return true;
        }
        let Some((_, farthest)) = self.last else {
            return false;
        };
        let radius = limit_2.sqrt() + BEYOND * farthest + 4.0 * SLACK_M;
        if moved > NEAR * farthest || radius > FARTHEST_M {
            return false;
        }
        if self.around.rest > 0 {
            self.around.rest -= 1;
            return false;
        }
        self.found.clear();
        self.boxes += self
            .around
            .copy(self.tree, &self.filter, &mut self.waiting, space, radius);
        self.around
            .answers(space, self.most, limit_2, &mut self.found)
    }
}

impl Around {
    /// Copies what lies within a radius of a place; how many boxes were looked at comes back.
    fn copy<F: Filter>(
        &mut self,
        tree: PointTree<'_>,
        filter: &F,
        waiting: &mut Vec<(f64, u32)>,
        middle: [f64; 3],
        radius: f64,
    ) -> u64 {
        self.middle = middle;
        self.slots.clear();
        self.ids.clear();
        self.spaces.clear();
        self.offsets.iter_mut().for_each(Vec::clear);
        let radius_2 = radius * radius;
        let mut full = false;
        let boxes = walk(tree, filter, waiting, middle, radius_2, |points, first| {
            let distances_2 = leaf_distances_2(points, middle);
            // Written whether it is within or not: a branch would be guessed wrong.
            let mut lanes = [0_u8; LEAF];
            let mut count = 0;
            for (lane, distance_2) in (0_u8..).zip(&distances_2) {
                lanes[count % LEAF] = lane;
                count += usize::from(*distance_2 <= radius_2);
            }
            for lane in &lanes[..count] {
                let slot = first.saturating_add(u32::from(*lane));
                let lane = usize::from(*lane);
                let Some(id) = tree.ids.get(slot as usize).copied() else {
                    continue;
                };
                if !F::ALL && !tree.admits(slot as usize, id, filter) {
                    continue;
                }
                let space = [points[0][lane], points[1][lane], points[2][lane]];
                self.slots.push(slot);
                self.ids.push(id);
                self.spaces.push(space);
                for axis in 0..3 {
                    self.offsets[axis].push(short(space[axis] - middle[axis]));
                }
            }
            if self.slots.len() > MOST {
                full = true;
                return -1.0;
            }
            radius_2
        });
        self.radius = radius;
        if full {
            self.radius = 0.0;
            self.rest = REST;
        }
        for offsets in &mut self.offsets {
            let padded = offsets.len().next_multiple_of(8);
            offsets.resize(padded, f32::INFINITY);
        }
        boxes
    }

    /// Finds the nearest in the copy, in the order of chords with all in the band behind the k-th; false when others may be
    /// among them. `found` is then of no use.
    fn answers(
        &mut self,
        space: [f64; 3],
        most: usize,
        limit_2: f64,
        found: &mut Vec<Found>,
    ) -> bool {
        let off = [
            space[0] - self.middle[0],
            space[1] - self.middle[1],
            space[2] - self.middle[2],
        ];
        let sure =
            self.radius - (off[0] * off[0] + off[1] * off[1] + off[2] * off[2]).sqrt() - SLACK_M;
        if sure <= 0.0 {
            return false;
        }
        let sure_2 = sure * sure;
        let whole_2 = limit_2.min(sure_2);
        // An offset of 32 bits is off by 2⁻²⁴ of itself at most, three of them and their difference by less than this.
        let error = 4e-7 * self.radius;
        let rounded = |chord_2: f64| {
            let chord = chord_2.sqrt() + error;
            short(chord * chord * 1.000_001)
        };
        let [east, north, up] = &self.offsets;
        let off = off.map(short);
        self.distances_2.clear();
        self.distances_2
            .extend(east.iter().zip(north).zip(up).map(|((x, y), z)| {
                let (x, y, z) = (x - off[0], y - off[1], z - off[2]);
                x * x + y * y + z * z
            }));
        // Those that may be within.
        let most_2 = rounded(whole_2);
        self.keys.resize(ROOM, 0);
        let mut count = 0;
        for (place, distance_2) in (0_u64..).zip(&self.distances_2) {
            self.keys[count] = u64::from(distance_2.to_bits()) << 32 | place;
            count += usize::from(*distance_2 <= most_2);
        }
        let keys = &self.keys[..count];
        let mut best = [u64::MAX; FEW];
        for key in keys {
            let mut key = *key;
            for kept in &mut best[..most] {
                let (less, more) = if key < *kept {
                    (key, *kept)
                } else {
                    (*kept, key)
                };
                (*kept, key) = (less, more);
            }
        }
        let add = |key: u64| {
            let place = (key & 0xFFFF_FFFF) as usize;
            let mut at = found.len();
            let this = Found {
                chord_2: squared_distance(self.spaces[place], space),
                slot: self.slots[place],
                id: self.ids[place],
            };
            found.push(this);
            while at > 0 && found[at - 1].chord_2 > this.chord_2 {
                found[at] = found[at - 1];
                at -= 1;
            }
            found[at] = this;
        };
        if count <= most {
            keys.iter().copied().for_each(add);
        } else {
            let kth = f64::from(f32::from_bits((best[most - 1] >> 32) as u32));
            let kth = kth.sqrt() * 1.000_001 + error;
            let edge_2 = rounded(roughly_band_2(kth * kth));
            let edge = u64::from(edge_2.to_bits()) << 32 | 0xFFFF_FFFF;
            if keys.iter().filter(|key| **key <= edge).count() == most {
                best[..most].iter().copied().for_each(add);
            } else {
                keys.iter()
                    .copied()
                    .filter(|key| *key <= edge)
                    .for_each(add);
            }
        }
        while found.last().is_some_and(|last| last.chord_2 > whole_2) {
            found.pop();
        }
        match found.get(most - 1) {
            Some(kth) => {
                let band_2 = band_2(kth.chord_2);
                while found.last().is_some_and(|last| last.chord_2 > band_2) {
                    found.pop();
                }
                band_2 <= whole_2 || whole_2 >= limit_2
            }
            None => whole_2 >= limit_2,
        }
    }
}
