//! One piece of work: the tiles of a node.

use std::ops::Range;

use super::error::TilesError;
use super::painter::{ClusterColumns, Gathered, Item, Painter, Summary};
use super::shapes::{PieceOf, Pieces, ShapeGround};
use super::tree::Node;
use crate::TileCoord;
use crate::archive::TaskSpool;
use crate::columns::{Chunk, Features, take_cell, take_head};
use crate::geometry::{Kind, TileWindow, Tiler};
use crate::mvt::{GeometryType, Value};
use crate::plan::{Bucket, PointPlan, ShapePlan};

/// What every worker reads.
pub(super) struct Ground<'a> {
    pub(super) features: &'a Features,
    pub(super) points: &'a PointPlan,
    pub(super) clusters: Option<&'a ClusterColumns>,
    pub(super) joined: Option<&'a ClusterColumns>,
    /// Lines and polygons, and what is decided of them.
    pub(super) shapes: [Option<(&'a ShapeGround, &'a ShapePlan)>; 2],
    pub(super) buffer: u16,
    /// Whether lines and polygons are drawn in the order of the input.
    pub(super) input_order: bool,
}

/// What came of a piece of work, by zoom.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Outcome {
    pub(super) tiles: u64,
    /// Features in tiles; one that is in several counts in each.
    pub(super) features: u64,
    /// Features that full tiles gave up beyond the plan.
    pub(super) given_up: u64,
    /// Tiles that gave up any.
    pub(super) full: u64,
    /// Layers that tiles have features of.
    pub(super) layers: Vec<u32>,
    /// Features that are larger than a tile may be, by their numbers in the input, the first few; and in how many tiles.
    pub(super) too_large: (Vec<u64>, u64),
}

/// Features that are too large are named up to so many.
const MOST_TOO_LARGE: usize = 16;

impl Outcome {
    pub(super) fn add(&mut self, other: &Self) {
        self.tiles += other.tiles;
        self.features += other.features;
        self.given_up += other.given_up;
        self.full += other.full;
        self.see(&other.layers);
        self.leave_out(&other.too_large.0, other.too_large.1);
    }

    fn leave_out(&mut self, numbers: &[u64], tiles: u64) {
        self.too_large.1 += tiles;
        let known = &mut self.too_large.0;
        known.extend(numbers);
        known.sort_unstable();
        known.dedup();
        known.truncate(MOST_TOO_LARGE);
    }

    fn see(&mut self, layers: &[u32]) {
        for layer in layers {
            if !self.layers.contains(layer) {
                self.layers.push(*layer);
            }
        }
    }
}

/// Buffers of a worker.
pub(super) struct Bench {
    chunk: Chunk,
    /// Rows of the chunk that are shown, tile by tile.
    rows: Vec<u32>,
    /// Tiles with points: place in the zoom, range of `rows`.
    tiles: Vec<(u64, Range<usize>)>,
    gathered: Vec<Gathered>,
    tiler: Tiler,
    pieces: Pieces,
}

impl Bench {
    pub(super) fn new(buffer: u16) -> Self {
        Self {
            chunk: Chunk::default(),
            rows: Vec::new(),
            tiles: Vec::new(),
            gathered: Vec::new(),
            tiler: Tiler::new(buffer),
            pieces: Pieces::default(),
        }
    }
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
        let plan = ground.points;
        let store = &ground.features.points;
        let texts = &ground.features.names.texts;
        store.load(node.points.clone(), texts, &mut bench.chunk, |place| {
            plan.shown_from[index(place)] <= last
        })?;
    }
    painter.clock.loaded();
    for z in node.zooms.clone() {
        painter.clock.start();
        if let Some(clusters) = ground.clusters {
            gather(ground, node.points.clone(), z, clusters, bench)?;
        }
        find_points(ground, z, bench);
        painter.clock.loaded();
        cut_shapes(ground, node, z, bench);
        painter.clock.simplified();
        outcomes.push((z, paint(ground, z, bench, painter, spool)?));
    }
    Ok(outcomes)
}

#[expect(clippy::cast_possible_truncation, reason = "places in memory")]
fn index(place: u64) -> usize {
    place as usize
}

/// Finds the points that are shown, tile by tile.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rows of a piece of work are fewer than 2^32"
)]
fn find_points(ground: &Ground<'_>, z: u8, bench: &mut Bench) {
    bench.rows.clear();
    bench.tiles.clear();
    let mut open: Option<TileCoord> = None;
    for row in 0..bench.chunk.len() {
        if !ground.points.shows(bench.chunk.place(row), z) {
            continue;
        }
        let tile = TileCoord::of(z, bench.chunk.position(row));
        if open != Some(tile) {
            open = Some(tile);
            let start = bench.rows.len();
            bench.tiles.push((tile.key(), start..start));
        }
        bench.rows.push(row as u32);
        if let Some((_, rows)) = bench.tiles.last_mut() {
            rows.end += 1;
        }
    }
}

/// Cuts lines and polygons into the tiles of a node at a zoom.
fn cut_shapes(ground: &Ground<'_>, node: &Node, z: u8, bench: &mut Bench) {
    bench.pieces.clear();
    let down = z - node.tile.z();
    let range = |first: u32| first << down..=((first + 1) << down) - 1;
    let window = TileWindow {
        columns: range(node.tile.x()),
        rows: range(node.tile.y()),
    };
    for (features, shapes) in node.shapes.iter().zip(&ground.shapes) {
        let Some((shapes, plan)) = shapes else {
            continue;
        };
        let Some(level) = &shapes.levels[usize::from(z)] else {
            continue;
        };
        for &feature in features {
            if plan.shows(feature, z) {
                let order = if ground.input_order {
                    shapes.head(feature as usize).number
                } else {
                    feature.into()
                };
                let (pieces, tiler) = (&mut bench.pieces, &mut bench.tiler);
                pieces.cut(shapes, level, tiler, feature, order, &window);
            }
        }
    }
    let order = |piece: &PieceOf| (piece.key, piece.order, piece.which);
    bench.pieces.list.sort_by_key(order);
}

/// Draws the tiles of a zoom.
fn paint(
    ground: &Ground<'_>,
    z: u8,
    bench: &Bench,
    painter: &mut Painter<'_>,
    spool: &mut TaskSpool<'_>,
) -> Result<Outcome, TilesError> {
    let mut outcome = Outcome::default();
    let mut points = bench.tiles.iter().peekable();
    let mut pieces = &bench.pieces.list[..];
    loop {
        let keys = (
            points.peek().map(|tile| tile.0),
            pieces.first().map(|piece| piece.key),
        );
        let key = match keys {
            (None, None) => break,
            (Some(key), None) | (None, Some(key)) => key,
            (Some(one), Some(other)) => one.min(other),
        };
        let rows = points
            .next_if(|tile| tile.0 == key)
            .map_or(0..0, |tile| tile.1.clone());
        let count = pieces.iter().take_while(|piece| piece.key == key).count();
        let (own, others) = pieces.split_at(count);
        pieces = others;
        let Ok(tile) = TileCoord::from_key(z, key) else {
            continue;
        };
        let items = || {
            let of_points = bench.rows[rows.clone()]
                .iter()
                .map(|&row| point(ground, bench, row));
            of_points.chain(
                own.iter()
                    .filter_map(|piece| shape(ground, bench, z, piece)),
            )
        };
        let made = painter.paint(tile, items);
        outcome.given_up += u64::from(made.given_up);
        outcome.full += u64::from(made.given_up > 0);
        outcome.leave_out(&painter.too_large, u64::from(!painter.too_large.is_empty()));
        if made.features > 0 {
            outcome.tiles += 1;
            outcome.features += u64::from(made.features);
            outcome.see(&painter.in_tile);
            spool.push(tile, &painter.packed, made.features)?;
        }
        painter.clock.written();
    }
    Ok(outcome)
}

fn point<'a>(ground: &Ground<'a>, bench: &'a Bench, row: u32) -> (Bucket, Item<'a>) {
    let row = row as usize;
    let item = Item::Point {
        at: bench.chunk.position(row),
        rest: bench.chunk.rest(row),
        own: bench.chunk.own_texts(),
        gathered: bench.gathered.get(row),
    };
    (ground.points.buckets[index(bench.chunk.place(row))], item)
}

fn shape<'a>(
    ground: &Ground<'a>,
    bench: &'a Bench,
    z: u8,
    piece: &PieceOf,
) -> Option<(Bucket, Item<'a>)> {
    let (shapes, plan) = ground.shapes[usize::from(piece.which)]?;
    let (points, ends) = bench.pieces.paths(piece);
    let item = Item::Paths {
        gathered: shapes.gathered(piece.feature, z),
        rest: shapes.columns.rest(piece.feature as usize),
        kind: match shapes.kind {
            Kind::Lines => GeometryType::Line,
            Kind::Polygons => GeometryType::Polygon,
        },
        points,
        ends,
    };
    Some((plan.buckets[piece.feature as usize], item))
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
    let new = || Gathered::new(clusters);
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
        if !plan.allows(index(place), z) {
            return;
        }
        shown |= plan.shown_from[index(place)] <= z;
        add(&mut open, rest, clusters);
    })?;
    if shown {
        gathered.push(open);
    }
    let texts = &ground.features.names.texts;
    store.load(points, texts, &mut bench.chunk, |place| {
        plan.shows(place, z)
    })?;
    Ok(())
}

/// Adds a feature to what is gathered.
#[expect(clippy::cast_precision_loss, reason = "a sum of numbers")]
pub(super) fn add(gathered: &mut Gathered, mut rest: &[u8], clusters: &ClusterColumns) {
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
pub(super) fn summaries(sums: &[u32], means: &[u32]) -> Vec<(u32, Summary)> {
    let sums = sums.iter().map(|&column| (column, Summary::Sum));
    let means = means.iter().map(|&column| (column, Summary::Mean));
    sums.chain(means).collect()
}
