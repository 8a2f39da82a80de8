//! Districts too small for a zoom are joined to a neighbour: the arc between them goes, nothing else changes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::level::Level;
use super::parts::{Joined, PartState};
use super::topology::{SEVERAL, Topology};
use super::world_box::WorldBox;
use crate::WorldPoint;

/// Joins each part below a square of a side to the neighbour with the longest common border, the smallest first, until none is left
/// that has a neighbour. The largest part of each group stands for it.
pub(super) fn dissolve(topology: &Topology, level: &mut Level, side_units: u32) {
    let side = f64::from(side_units) * level.unit();
    let least = side * side;
    let is_small = |part: &usize| topology.part_area(*part) < least;
    if !(0..topology.part_count()).any(|part| is_small(&part)) {
        return;
    }
    let mut groups = Groups::new(topology);
    let mut waiting: BinaryHeap<Reverse<(u64, u32)>> = (0..topology.part_count())
        .filter(is_small)
        .filter(|&part| topology.part_box(part).is_some())
        .map(|part| Reverse((topology.part_area(part).to_bits(), number(part))))
        .collect();
    while let Some(Reverse((area, group))) = waiting.pop() {
        // Positive floats are in the order of their bits.
        if groups.root(group) != group || groups.areas[group as usize].to_bits() != area {
            continue;
        }
        let Some(neighbour) = groups.longest_neighbour(topology, group) else {
            continue;
        };
        groups.join(group, neighbour);
        let area = groups.areas[neighbour as usize];
        if area < least {
            waiting.push(Reverse((area.to_bits(), neighbour)));
        }
    }
    groups.write(topology, level);
}

fn number(part: usize) -> u32 {
    u32::try_from(part).unwrap_or(u32::MAX)
}

struct Groups {
    parents: Vec<u32>,
    /// The next part of the same group, round.
    next: Vec<u32>,
    /// Of groups, by their roots.
    areas: Vec<f64>,
    borders: Vec<(u32, f64)>,
}

impl Groups {
    fn new(topology: &Topology) -> Self {
        let parts = topology.part_count();
        Self {
            parents: (0..number(parts)).collect(),
            next: (0..number(parts)).collect(),
            areas: (0..parts).map(|part| topology.part_area(part)).collect(),
            borders: Vec::new(),
        }
    }

    fn root(&mut self, mut part: u32) -> u32 {
        while self.parents[part as usize] != part {
            let above = self.parents[self.parents[part as usize] as usize];
            self.parents[part as usize] = above;
            part = above;
        }
        part
    }

    fn members(&self, part: u32) -> impl Iterator<Item = u32> {
        let mut at = Some(part);
        std::iter::from_fn(move || {
            let member = at?;
            let next = self.next[member as usize];
            at = (next != part).then_some(next);
            Some(member)
        })
    }

    fn longest_neighbour(&mut self, topology: &Topology, group: u32) -> Option<u32> {
        let mut borders = std::mem::take(&mut self.borders);
        borders.clear();
        for member in self.members(group) {
            for &arc in topology.rings(member as usize).flatten() {
                let other = topology.sides(arc >> 1)[usize::from(arc & 1 == 0)];
                if other < SEVERAL {
                    borders.push((other, topology.arc_length(arc >> 1)));
                }
            }
        }
        for border in &mut borders {
            border.0 = self.root(border.0);
        }
        borders.retain(|&(other, _)| other != group);
        borders.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let longest = borders
            .chunk_by(|one, other| one.0 == other.0)
            .map(|run| (run.iter().map(|&(_, length)| length).sum::<f64>(), run[0].0))
            .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
        self.borders = borders;
        longest.map(|(_, other)| other)
    }

    fn join(&mut self, group: u32, to: u32) {
        self.parents[group as usize] = to;
        self.areas[to as usize] += self.areas[group as usize];
        self.next.swap(group as usize, to as usize);
    }

    /// Writes the groups of several parts, each in the place of its largest part.
    fn write(&mut self, topology: &Topology, level: &mut Level) {
        let mut rings = RingBuilder::default();
        let mut joined = Vec::new();
        for root in 0..number(self.parents.len()) {
            if self.parents[root as usize] != root || self.next[root as usize] == root {
                continue;
            }
            let mut members: Vec<u32> = self.members(root).collect();
            members.sort_unstable();
            let area = |part: u32| topology.part_area(part as usize);
            let Some(&keeper) = members
                .iter()
                .max_by(|&&one, &&other| area(one).total_cmp(&area(other)).then(other.cmp(&one)))
            else {
                continue;
            };
            let start = number(level.joined_ring_ends.len());
            rings.build(topology, &members, level);
            for &member in &members {
                level.states[member as usize] = PartState::Gone;
                if member != keeper {
                    level.absorbed.push((member, keeper));
                }
            }
            level.states[keeper as usize] = PartState::Joined;
            let boxes = members
                .iter()
                .filter_map(|&member| topology.part_box(member as usize));
            if let Some(bounds) = boxes.reduce(WorldBox::union) {
                joined.push(Joined {
                    part: keeper,
                    rings: start..number(level.joined_ring_ends.len()),
                    bounds,
                    area: self.areas[root as usize],
                });
            }
        }
        joined.sort_unstable_by_key(|joined| joined.part);
        level.joined = joined;
    }
}

/// Links what is left of the arcs of several parts when those between them are gone.
#[derive(Default)]
struct RingBuilder {
    refs: Vec<u32>,
    /// By the point where they start.
    starts: Vec<(WorldPoint, u32)>,
}

impl RingBuilder {
    fn build(&mut self, topology: &Topology, members: &[u32], level: &mut Level) {
        self.refs.clear();
        self.refs.extend(
            members
                .iter()
                .flat_map(|&member| topology.rings(member as usize))
                .flatten(),
        );
        self.refs.sort_unstable();
        // An arc and the same against its direction follow each other now, and go together.
        self.starts.clear();
        for same in self.refs.chunk_by(|one, other| one >> 1 == other >> 1) {
            if same.len() == 2 && same[0] != same[1] {
                continue;
            }
            for &arc in same {
                self.starts.push((ends(topology, arc).0, arc));
            }
        }
        self.starts.sort_unstable();
        let mut used = vec![false; self.starts.len()];
        for first in 0..self.starts.len() {
            if used[first] {
                continue;
            }
            let (start, _) = self.starts[first];
            let mut at = first;
            loop {
                used[at] = true;
                let arc = self.starts[at].1;
                level.joined_refs.push(arc);
                let (_, end) = ends(topology, arc);
                if end == start {
                    break;
                }
                let from = self.starts.partition_point(|&(point, _)| point < end);
                let next = (from..self.starts.len())
                    .take_while(|&index| self.starts[index].0 == end)
                    .find(|&index| !used[index]);
                // Each point has as many arcs that start as that end, so there is one.
                let Some(next) = next else { break };
                at = next;
            }
            level.joined_ring_ends.push(number(level.joined_refs.len()));
        }
    }
}

fn ends(topology: &Topology, arc: u32) -> (WorldPoint, WorldPoint) {
    let points = topology.arc(arc >> 1);
    let (first, last) = (points[0], points[points.len() - 1]);
    if arc & 1 == 0 {
        (first, last)
    } else {
        (last, first)
    }
}
