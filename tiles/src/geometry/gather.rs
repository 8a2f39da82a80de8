//! Paths of a level put together from its arcs.

use super::grid::{GridPoint, Paths, area_2};
use super::level::Level;
use super::parts::PartState;
use super::shapes::{Kind, row};
use super::topology::Topology;
use super::wrap::WORLD;

impl Level {
    /// Writes a path of arcs; a ring does not repeat its first point.
    fn gather(&self, refs: &[u32], closed: bool, into: &mut Vec<GridPoint>) {
        let open = usize::from(closed);
        if !self.laps.is_empty() && refs.iter().any(|arc| self.laps.contains_key(&(arc >> 1))) {
            self.gather_laps(refs, into);
            if closed {
                into.pop();
            }
            return;
        }
        for &arc in refs {
            self.walk_arc(arc, open, into);
        }
    }

    /// The same where the antimeridian is crossed, with the last point.
    fn gather_laps(&self, refs: &[u32], into: &mut Vec<GridPoint>) {
        let world = WORLD >> self.shift();
        let mut before = 0;
        for &arc in refs {
            let start = into.len();
            self.walk_arc(arc, 0, into);
            let laps = self.laps.get(&(arc >> 1));
            let lap = |at: usize| laps.map_or(0, |laps| i64::from(laps[at]));
            let last = into.len() - start - 1;
            let (first, last) = if arc & 1 == 0 { (0, last) } else { (last, 0) };
            for (nth, point) in into[start..].iter_mut().enumerate() {
                point.x += (before + lap(first.abs_diff(nth)) - lap(first)) * world;
            }
            before += lap(last) - lap(first);
        }
    }

    /// Returns the rings of a part, each as its arcs; none of a part that is gone or has a stand-in.
    pub(super) fn rings<'a>(
        &'a self,
        topology: &'a Topology,
        part: usize,
    ) -> impl Iterator<Item = &'a [u32]> {
        let state = self.states[part];
        let own = (state == PartState::Drawn).then(|| topology.rings(part));
        let joined = (state == PartState::Joined)
            .then(|| self.joined(part))
            .flatten();
        let joined = joined.map(|joined| {
            joined.rings.clone().map(|ring| {
                let range = row(&self.joined_ring_ends, ring as usize);
                &self.joined_refs[range]
            })
        });
        own.into_iter()
            .flatten()
            .chain(joined.into_iter().flatten())
    }

    /// Writes the rings of a part and returns whether its exterior has any area left. Counts the points before they are tidied.
    pub(super) fn gather_rings(
        &self,
        topology: &Topology,
        part: usize,
        into: &mut Paths,
        gathered: &mut usize,
    ) -> bool {
        let first = into.ends.len();
        for refs in self.rings(topology, part) {
            let before = into.ends.len();
            let open = into.points.len();
            self.gather(refs, true, &mut into.points);
            *gathered += into.points.len() - open;
            into.close_ring();
            if before == first {
                let exterior = &into.points[into.start(first)..];
                let own = self.states[part] == PartState::Drawn;
                // A ring that simplifying turned inside out would be taken for a hole.
                if own && (exterior.is_empty() || area_2(exterior) <= 0) {
                    into.truncate(first);
                    return false;
                }
            }
        }
        into.ends.len() > first
    }

    /// Writes the rings or lines of a feature.
    pub(super) fn gather_feature(&self, topology: &Topology, feature: usize, into: &mut Paths) {
        for part in topology.parts(feature) {
            match (self.states[part], topology.kind()) {
                (PartState::Gone, _) => {}
                (PartState::StandIn, _) => {
                    if let Some(ring) = self.stand_in(part) {
                        into.points.extend_from_slice(ring);
                        into.close_ring();
                    }
                }
                (_, Kind::Polygons) if self.is_plain(feature) => {
                    for refs in self.rings(topology, part) {
                        self.gather(refs, true, &mut into.points);
                        if into.points.len() > into.open() {
                            into.ends.push(into.points.len());
                        }
                    }
                }
                (_, Kind::Polygons) => {
                    self.gather_rings(topology, part, into, &mut 0);
                }
                (_, Kind::Lines) => {
                    for refs in topology.rings(part) {
                        let start = into.open();
                        self.gather(refs, false, &mut into.points);
                        let first = into.points.get(start).copied();
                        into.close_line();
                        if self.keep_lines
                            && into.open() == start
                            && let Some(first) = first
                        {
                            let next = GridPoint {
                                x: first.x + 1,
                                ..first
                            };
                            into.points.extend([first, next]);
                            into.close_line();
                        }
                    }
                }
            }
        }
    }
}
