//! What each pass over the file keeps.

use std::ops::Range;

use gazetteer::{Entry, FeatureClass};
use geo::Coord;

use super::block::{Fixed, Member, MemberKind, Pass, Tags};
use super::tags::{self, Shape};
use crate::intake::{Intake, Stop};
use crate::{Origin, Problem, Warning, geometry};

/// An entry that waits for its geometry.
pub(crate) struct Pending {
    pub(crate) entry: Entry,
    pub(crate) shape: Shape,
}

pub(crate) struct PendingRelation {
    pub(crate) id: i64,
    pub(crate) pending: Pending,
    pub(crate) ways: Vec<MemberWay>,
}

pub(crate) struct MemberWay {
    pub(crate) way: i64,
    /// A hole, or a side stream.
    pub(crate) inner: bool,
}

pub(crate) struct PendingWay {
    pub(crate) id: i64,
    pub(crate) pending: Pending,
    pub(crate) nodes: Range<usize>,
}

fn is_kept(keep: &[FeatureClass], class: FeatureClass) -> bool {
    keep.is_empty() || keep.contains(&class)
}

/// The first pass.
pub(crate) struct Relations<'a> {
    keep: &'a [FeatureClass],
    pub(crate) kept: Vec<PendingRelation>,
    pub(crate) not_kept: u64,
}

impl<'a> Relations<'a> {
    pub(crate) fn new(keep: &'a [FeatureClass]) -> Self {
        Self {
            keep,
            kept: Vec::new(),
            not_kept: 0,
        }
    }

    /// Ids of all member ways, sorted, each once.
    pub(crate) fn members(&self) -> Vec<i64> {
        let ways = self.kept.iter().flat_map(|relation| &relation.ways);
        let mut ids: Vec<i64> = ways.map(|member| member.way).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

impl Pass for Relations<'_> {
    const RELATIONS: bool = true;

    fn relation(&mut self, id: i64, members: &[Member], tags: &Tags) {
        let Some((class, shape)) = tags::of_relation(tags) else {
            return;
        };
        if !is_kept(self.keep, class) {
            self.not_kept += 1;
            return;
        }
        let Some((entry, _)) = tags::entry(format!("osm-r{id}"), class, tags) else {
            return;
        };
        let ways = members
            .iter()
            .filter(|member| member.kind == MemberKind::Way);
        let ways = ways
            .map(|member| MemberWay {
                way: member.id,
                inner: matches!(member.role, "inner" | "side_stream"),
            })
            .collect();
        self.kept.push(PendingRelation {
            id,
            pending: Pending { entry, shape },
            ways,
        });
    }
}

/// The second pass.
pub(crate) struct Ways<'a> {
    keep: &'a [FeatureClass],
    /// Ways of relations, sorted, and where their nodes are.
    members: Vec<i64>,
    member_nodes: Vec<Range<usize>>,
    all_nodes: Vec<i64>,
    pub(crate) kept: Vec<PendingWay>,
    pub(crate) not_kept: u64,
}

impl<'a> Ways<'a> {
    pub(crate) fn new(members: Vec<i64>, keep: &'a [FeatureClass]) -> Self {
        Self {
            keep,
            member_nodes: vec![0..0; members.len()],
            members,
            all_nodes: Vec::new(),
            kept: Vec::new(),
            not_kept: 0,
        }
    }

    pub(crate) fn nodes_of(&self, range: &Range<usize>) -> &[i64] {
        self.all_nodes.get(range.clone()).unwrap_or_default()
    }

    /// The nodes of a way of a relation; `None` when it is not in the extract.
    pub(crate) fn member(&self, way: i64) -> Option<&[i64]> {
        let index = self.members.binary_search(&way).ok()?;
        let nodes = self.nodes_of(&self.member_nodes[index]);
        (!nodes.is_empty()).then_some(nodes)
    }

    /// The nodes whose positions are needed.
    pub(crate) fn nodes(&self) -> Positions {
        let mut ids = self.all_nodes.clone();
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        Positions {
            at: vec![MISSING; ids.len()],
            ids,
        }
    }
}

impl Pass for Ways<'_> {
    const WAYS: bool = true;

    fn way(&mut self, id: i64, nodes: &[i64], tags: &Tags) {
        let start = self.all_nodes.len();
        let range = start..start + nodes.len();
        let member = self.members.binary_search(&id).ok();
        if let Some(index) = member {
            self.member_nodes[index] = range.clone();
        }
        let pending = match tags::of_way(tags, self.keep) {
            Some((class, _)) if !is_kept(self.keep, class) => {
                self.not_kept += 1;
                None
            }
            Some((class, shape)) => tags::entry(format!("osm-w{id}"), class, tags)
                .map(|(entry, _)| Pending { entry, shape }),
            None => None,
        };
        if member.is_some() || pending.is_some() {
            self.all_nodes.extend_from_slice(nodes);
        }
        if let Some(pending) = pending {
            self.kept.push(PendingWay {
                id,
                pending,
                nodes: range,
            });
        }
    }
}

/// No position is stored here: ±180° is 1 800 000 000.
const MISSING: Fixed = (i32::MAX, i32::MAX);

/// Positions of the nodes that ways need.
pub(crate) struct Positions {
    ids: Vec<i64>,
    at: Vec<Fixed>,
}

impl Positions {
    /// The position of a node, x longitude, y latitude in degrees; `None` when it is not in the extract.
    pub(crate) fn of(&self, node: i64) -> Option<Coord<f64>> {
        let (lon, lat) = self.at[self.ids.binary_search(&node).ok()?];
        ((lon, lat) != MISSING).then(|| Coord {
            x: f64::from(lon) / 1e7,
            y: f64::from(lat) / 1e7,
        })
    }
}

/// The third pass: nodes that are places go on at once.
pub(crate) struct Nodes<'p, 'i, 'o> {
    pub(crate) positions: &'p mut Positions,
    pub(crate) intake: &'i mut Intake<'o>,
}

impl Pass for Nodes<'_, '_, '_> {
    const NODES: bool = true;

    fn node(&mut self, id: i64, at: Option<Fixed>, tags: &Tags) -> Result<(), Stop> {
        if let (Some(at), Ok(index)) = (at, self.positions.ids.binary_search(&id)) {
            self.positions.at[index] = at;
        }
        let Some(class) = tags::of_node(tags) else {
            return Ok(());
        };
        let Some((mut entry, cut)) = tags::entry(format!("osm-n{id}"), class, tags) else {
            return Ok(());
        };
        if cut {
            self.intake.warn(Warning::ManyNames);
        }
        let position = match at {
            Some((lon, lat)) => geometry::position(f64::from(lon) / 1e7, f64::from(lat) / 1e7),
            None => Err(Problem::value(
                "the position",
                "off the globe",
                "WGS 84 degrees",
            )),
        };
        let record = position.map(|position| {
            entry.position = Some(position);
            entry
        });
        self.intake
            .take(record.map_err(Into::into), Origin::OsmNode(id))
    }
}
