//! Rings that meet after simplifying and rounding: the arcs first, so that both neighbours change alike.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{GridPoint, Paths};
use super::level::Level;
use super::parts::PartState;
use super::simple::{Checker, Meeting};
use super::tolerance::Tolerance;
use super::topology::{NOBODY, SEVERAL, Topology};

/// How often the tolerance of an arc is halved.
const HALVINGS: u8 = 3;

/// The most crossings of a feature that are looked into in one go.
const MOST_CROSSINGS: usize = 64;

/// Looks at every feature: parts that collapsed get a ribbon, arcs that cross are simplified less, and what still meets is marked.
///
/// In a coverage, a part that collapsed and has neighbours is left to them.
pub(super) fn mend(
    topology: &Topology,
    level: &mut Level,
    tolerance: Tolerance<'_>,
    coverage: bool,
) {
    let relaxes = tolerance.usual > 0.0;
    let mut mender = Mender::default();
    let mut halvings: BTreeMap<u32, u8> = BTreeMap::new();
    let mut again = BTreeSet::new();
    for feature in 0..topology.features() {
        mender.look(topology, level, feature, coverage, relaxes);
        again.extend(mender.arcs.drain(..));
    }
    for _ in 0..HALVINGS {
        if !relaxes || again.is_empty() {
            return;
        }
        let mut features = BTreeSet::new();
        for arc in std::mem::take(&mut again) {
            let times = halvings.entry(arc).or_insert(0);
            *times += 1;
            level.relax(topology, arc, tolerance.of(arc) / f64::from(1u32 << *times));
            for part in topology.sides(arc) {
                if part < SEVERAL {
                    let part = level.absorbed_part(part as usize);
                    features.insert(topology.feature_of(part));
                }
            }
        }
        for feature in features {
            mender.look(topology, level, feature, coverage, relaxes);
            again.extend(mender.arcs.drain(..));
        }
    }
}

#[derive(Default)]
struct Mender {
    checker: Checker,
    paths: Paths,
    /// The edges of crossings, smaller point first.
    edges: Vec<(GridPoint, GridPoint)>,
    /// Arcs that cross.
    arcs: Vec<u32>,
}

impl Mender {
    fn look(
        &mut self,
        topology: &Topology,
        level: &mut Level,
        feature: usize,
        coverage: bool,
        relaxes: bool,
    ) {
        self.paths.clear();
        let mut gathered = 0;
        for part in topology.parts(feature) {
            let state = level.states[part];
            if matches!(state, PartState::Gone | PartState::StandIn) {
                continue;
            }
            let shown = level.gather_rings(topology, part, &mut self.paths, &mut gathered);
            if !shown && state == PartState::Drawn {
                if coverage && has_neighbours(topology, part) {
                    level.states[part] = PartState::Gone;
                } else {
                    level.collapse(topology, part);
                }
            }
        }
        self.edges.clear();
        let (paths, edges) = (&self.paths, &mut self.edges);
        let meeting = self.checker.check(paths, |how, one, other| {
            if how == Meeting::Cross {
                edges.push(edge(paths, one));
                edges.push(edge(paths, other));
            }
            relaxes && edges.len() < 2 * MOST_CROSSINGS
        });
        level.note_rings(
            feature,
            meeting != Meeting::Apart,
            gathered == self.paths.points.len(),
        );
        if self.edges.is_empty() || !relaxes {
            return;
        }
        self.edges.sort_unstable();
        for part in topology.parts(feature) {
            for &arc in level.rings(topology, part).flatten() {
                let crosses = |pair: &[[u32; 2]]| {
                    let (a, b) = (point(pair[0]), point(pair[1]));
                    self.edges.binary_search(&(a.min(b), a.max(b))).is_ok()
                };
                if level.arc(arc >> 1).windows(2).any(crosses) {
                    self.arcs.push(arc >> 1);
                }
            }
        }
    }
}

fn has_neighbours(topology: &Topology, part: usize) -> bool {
    topology
        .rings(part)
        .flatten()
        .any(|arc| topology.sides(arc >> 1)[usize::from(arc & 1 == 0)] != NOBODY)
}

fn point([x, y]: [u32; 2]) -> GridPoint {
    GridPoint {
        x: i64::from(x),
        y: i64::from(y),
    }
}

/// Returns the edge that begins at a point, smaller end first.
fn edge(paths: &Paths, from: usize) -> (GridPoint, GridPoint) {
    let ring = paths.ends.partition_point(|&end| end <= from);
    let to = if from + 1 == paths.ends[ring] {
        paths.start(ring)
    } else {
        from + 1
    };
    let (a, b) = (paths.points[from], paths.points[to]);
    (a.min(b), a.max(b))
}
