//! One piece of work: the tiles of a node.

use std::ops::Range;

use super::error::TilesError;
use super::painter::{ClusterColumns, Gathered, Item, Painter, Summary};
use super::tree::Node;
use crate::TileCoord;
use crate::archive::TaskSpool;
use crate::columns::{Chunk, Features, take_cell, take_head};
use crate::mvt::Value;
use crate::plan::PointPlan;

/// What every worker reads.
pub(super) struct Ground<'a> {
    pub(super) features: &'a Features,
    pub(super) points: &'a PointPlan,
    pub(super) clusters: Option<&'a ClusterColumns>,
}

/// What came of a piece of work, by zoom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Outcome {
    pub(super) tiles: u64,
    /// Features in tiles; one that is in several counts in each.
    pub(super) features: u64,
    /// Features that full tiles gave up beyond the plan.
    pub(super) given_up: u64,
    /// Tiles that gave up any.
    pub(super) full: u64,
}

impl Outcome {
    pub(super) fn add(&mut self, other: &Self) {
        self.tiles += other.tiles;
        self.features += other.features;
        self.given_up += other.given_up;
        self.full += other.full;
    }
}

/// Buffers of a worker.
#[derive(Default)]
pub(super) struct Bench {
    chunk: Chunk,
    rows: Vec<u32>,
    gathered: Vec<Gathered>,
}

/// Makes the tiles of a node.
pub(super) fn work(
    ground: &Ground<'_>,
    node: &Node,
    bench: &mut Bench,
    painter: &mut Painter<'_>,
    spool: &mut TaskSpool<'_>,
) -> Result<Vec<(u8, Outcome)>, TilesError> {
    let mut outcomes = Vec::new();
    let last = *node.zooms.end();
    painter.clock.start();
    if ground.clusters.is_none() {
        ground.features.points.load(node.points.clone(), &mut bench.chunk, |place| {
            ground.points.shows(place, last) || ground.points.shown_from[place as usize] <= last
        })?;
    }
    painter.clock.loaded();
    for z in node.zooms.clone() {
        let mut outcome = Outcome::default();
        if let Some(clusters) = ground.clusters {
            painter.clock.start();
            gather(ground, node.points.clone(), z, clusters, bench)?;
            painter.clock.loaded();
        }
        let mut from = 0;
        while from < bench.chunk.len() {
            let tile = TileCoord::of(z, bench.chunk.position(from));
            let (rows, next) = rows_of_tile(ground, bench, z, tile, from);
            from = next;
            if rows.is_empty() {
                continue;
            }
            let chunk = &bench.chunk;
            let gathered = &bench.gathered;
            let rows = &bench.rows[rows];
            let items = || {
                rows.iter().map(|&row| {
                    let row = row as usize;
                    let item = Item::Point {
                        at: chunk.position(row),
                        rest: chunk.rest(row),
                        gathered: gathered.get(row),
                    };
                    (ground.points.buckets[chunk.place(row) as usize], item)
                })
            };
            let painted = painter.paint(tile, items);
            outcome.given_up += u64::from(painted.given_up);
            outcome.full += u64::from(painted.given_up > 0);
            if painted.features > 0 {
                outcome.tiles += 1;
                outcome.features += u64::from(painted.features);
                spool.push(tile, &painter.packed, painted.features)?;
            }
            painter.clock.written();
        }
        outcomes.push((z, outcome));
    }
    Ok(outcomes)
}

/// Puts the rows of a tile that are shown into the bench; returns where, and the first row behind the tile.
fn rows_of_tile(
    ground: &Ground<'_>,
    bench: &mut Bench,
    z: u8,
    tile: TileCoord,
    from: usize,
) -> (Range<usize>, usize) {
    bench.rows.clear();
    let mut row = from;
    while row < bench.chunk.len() && TileCoord::of(z, bench.chunk.position(row)) == tile {
        if ground.points.shows(bench.chunk.place(row), z) {
            bench.rows.push(row as u32);
        }
        row += 1;
    }
    (0..bench.rows.len(), row)
}

/// Loads the points that are shown at a zoom, each with what is gathered in its cell.
fn gather(
    ground: &Ground<'_>,
    points: Range<u64>,
    z: u8,
    clusters: &ClusterColumns,
    bench: &mut Bench,
) -> Result<(), TilesError> {
    let plan = ground.points;
    let store = &ground.features.points;
    bench.gathered.clear();
    let new = || Gathered {
        count: 0,
        sums: vec![(0.0, 0); clusters.attributes.len()],
    };
    let depth = plan.cluster_depth[usize::from(z)];
    let mut open = new();
    let mut shown = false;
    let mut last = None;
    let gathered = &mut bench.gathered;
    store.walk(points.clone(), |place, at, rest| {
        let apart = match (depth, last.replace(at)) {
            (Some(depth), Some(before)) => {
                let before: crate::WorldPoint = before;
                ((at.x ^ before.x) | (at.y ^ before.y)).leading_zeros() < u32::from(depth)
            }
            _ => true,
        };
        if apart && shown {
            gathered.push(std::mem::replace(&mut open, new()));
            shown = false;
        } else if apart {
            open = new();
        }
        if !plan.allows(place as usize, z) {
            return;
        }
        shown |= plan.shown_from[place as usize] <= z;
        add(&mut open, rest, clusters);
    })?;
    if shown {
        gathered.push(open);
    }
    store.load(points, &mut bench.chunk, |place| plan.shows(place, z))?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a sum of numbers")]
fn add(gathered: &mut Gathered, mut rest: &[u8], clusters: &ClusterColumns) {
    gathered.count += 1;
    if clusters.attributes.is_empty() {
        return;
    }
    take_head(&mut rest);
    while let Some((column, value)) = take_cell(&mut rest) {
        let number = match value {
            Value::Int(number) => number as f64,
            Value::Uint(number) => number as f64,
            Value::Double(number) => number,
            Value::Text(_) | Value::Bool(_) => continue,
        };
        for ((one, _), sum) in clusters.attributes.iter().zip(&mut gathered.sums) {
            if *one == column {
                sum.0 += number;
                sum.1 += 1;
            }
        }
    }
}

/// What an attribute of clustered points becomes.
pub(super) fn summaries(
    sums: &[u32],
    means: &[u32],
) -> Vec<(u32, Summary)> {
    let sums = sums.iter().map(|&column| (column, Summary::Sum));
    let means = means.iter().map(|&column| (column, Summary::Mean));
    sums.chain(means).collect()
}
