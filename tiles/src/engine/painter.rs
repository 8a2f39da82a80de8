//! Makes tiles, one after the other, in buffers that are kept.

use crate::columns::{Dictionary, TextTable, take_cell, take_head};
use crate::mvt::{GeometryType, GridPoint, Gzip, LayerEncoder, Value};
use crate::plan::{Bucket, Limits};
use crate::{TileCoord, WorldPoint};

/// What a feature counts for where points are clustered.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    /// Points in it.
    pub(super) count: u64,
    /// Sums of the attributes of [`ClusterColumns`], and how many had a value.
    pub(super) sums: Vec<(f64, u64)>,
}

impl Gathered {
    /// Nothing.
    pub(super) fn new(columns: &ClusterColumns) -> Self {
        Self {
            count: 0,
            sums: vec![(0.0, 0); columns.attributes.len()],
        }
    }
}

/// Columns of clusters.
#[derive(Debug, Clone, Default)]
pub(super) struct ClusterColumns {
    /// Column of the number of features, where it is wanted.
    pub(super) count: Option<u32>,
    /// Column that says that a feature is more than one, where it is wanted.
    pub(super) clustered: Option<u32>,
    /// Attributes that are summed up or averaged.
    pub(super) attributes: Vec<(u32, Summary)>,
}

/// What becomes of an attribute of clustered points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summary {
    Sum,
    Mean,
}

/// A feature of a tile, before it is drawn.
pub(super) enum Item<'a> {
    Point {
        at: WorldPoint,
        rest: &'a [u8],
        /// Texts of the row that are not among those of the run.
        own: Option<&'a TextTable>,
        gathered: Option<&'a Gathered>,
    },
    Paths {
        rest: &'a [u8],
        kind: GeometryType,
        points: &'a [GridPoint],
        /// Ends of paths in `points`.
        ends: &'a [u32],
        gathered: Option<&'a Gathered>,
    },
}

impl<'a> Item<'a> {
    /// Texts that are not among those of the run.
    pub(super) fn own(&self) -> Option<&'a TextTable> {
        match self {
            Self::Point { own, .. } => *own,
            Self::Paths { .. } => None,
        }
    }
}

/// A tile that is done.
pub(super) struct Painted {
    /// Features in it.
    pub(super) features: u32,
    /// Features that it had to give up to keep the limits.
    pub(super) given_up: u32,
}

pub(super) struct Painter<'a> {
    pub(super) names: &'a Dictionary,
    clusters: Option<&'a ClusterColumns>,
    /// Of polygons that others were joined to.
    joined: Option<&'a ClusterColumns>,
    pub(super) limits: Limits,
    layers: Vec<LayerEncoder>,
    gzip: Gzip,
    tile: Vec<u8>,
    /// Layers that the tile has features of.
    pub(super) in_tile: Vec<u32>,
    /// The tile as it will be stored.
    pub(super) packed: Vec<u8>,
    /// Features that are larger than the tile may be, by their numbers in the input: the tile is without them.
    pub(super) too_large: Vec<u64>,
    /// CPU time by phase.
    pub(super) clock: super::clock::Phases,
}

impl<'a> Painter<'a> {
    pub(super) fn new(
        names: &'a Dictionary,
        [clusters, joined]: [Option<&'a ClusterColumns>; 2],
        limits: Limits,
        level: u8,
    ) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
        let layers = (0..names.layers.len())
            .map(|layer| LayerEncoder::new(names.layers.get(layer as u32)))
            .collect();
        Self {
            names,
            clusters,
            joined,
            limits,
            layers,
            gzip: Gzip::new(level),
            tile: Vec::new(),
            in_tile: Vec::new(),
            packed: Vec::new(),
            too_large: Vec::new(),
            clock: super::clock::Phases::default(),
        }
    }

    /// Draws a feature.
    pub(super) fn draw(&mut self, z: u8, item: &Item<'_>) {
        let (mut rest, kind) = match item {
            Item::Point { rest, .. } => (*rest, GeometryType::Point),
            Item::Paths { rest, kind, .. } => (*rest, *kind),
        };
        let texts = &self.names.texts_with(item.own());
        let head = take_head(&mut rest);
        let Some(layer) = self.layers.get_mut(head.layer as usize) else {
            return;
        };
        let gathered = match item {
            Item::Point { gathered, .. } => gathered.zip(self.clusters),
            Item::Paths { gathered, .. } => gathered.zip(self.joined),
        };
        // Sums may be equal to anything.
        let unique: &[bool] = match (self.clusters, self.joined) {
            (None, None) => &self.names.unique,
            _ => &[],
        };
        while let Some((column, value)) = take_cell(&mut rest) {
            if let Some((gathered, clusters)) = gathered
                && gathered.count > 1
                && clusters.attributes.iter().any(|(one, _)| *one == column)
            {
                continue;
            }
            if unique.get(column as usize).copied().unwrap_or(false) {
                layer.tag_unique(column, value, texts);
            } else {
                layer.tag(column, value, texts);
            }
        }
        if let Some((gathered, clusters)) = gathered {
            if gathered.count > 1 {
                for ((column, summary), &(sum, having)) in
                    clusters.attributes.iter().zip(&gathered.sums)
                {
                    if having > 0 {
                        layer.tag(*column, summarised(*summary, sum, having), texts);
                    }
                }
                if let Some(clustered) = clusters.clustered {
                    layer.tag(clustered, Value::Bool(true), texts);
                }
            }
            if let Some(column) = clusters.count {
                layer.tag(column, Value::Uint(gathered.count), texts);
            }
        }
        match item {
            Item::Point { at, .. } => layer.pen().points(&[grid(z, *at)]),
            Item::Paths { points, ends, .. } => {
                let mut start = 0;
                for &end in *ends {
                    let path = &points[start..end as usize];
                    match kind {
                        GeometryType::Polygon => layer.pen().ring(path),
                        _ => layer.pen().line(path),
                    }
                    start = end as usize;
                }
            }
        }
        layer.end_feature(head.id, kind);
    }

    /// Ends the tile: [`Self::packed`] holds it. Returns its features.
    pub(super) fn finish(&mut self) -> u32 {
        let features = self.layers.iter().map(LayerEncoder::count).sum();
        self.in_tile.clear();
        let layers = (0u32..).zip(&self.layers);
        let drawn = layers.filter(|(_, layer)| layer.count() > 0);
        self.in_tile.extend(drawn.map(|(number, _)| number));
        self.tile.clear();
        for layer in &mut self.layers {
            layer.finish(|column| self.names.columns.get(column), &mut self.tile);
        }
        self.clock.encoded();
        self.packed.clear();
        self.gzip.append(&self.tile, &mut self.packed);
        if self.tile.capacity() > 1 << 22 && self.tile.len() < self.tile.capacity() / 8 {
            self.tile.shrink_to(1 << 20);
            self.packed.shrink_to(1 << 20);
        }
        self.clock.compressed();
        features
    }

    /// Makes a tile of features whose buckets are below a threshold, whatever it weighs.
    pub(super) fn trial<'i>(&mut self, z: u8, items: impl Iterator<Item = Item<'i>>) -> u64 {
        for item in items {
            self.draw(z, &item);
        }
        self.finish();
        self.packed.len() as u64
    }

    /// Makes a tile of features, less those of the worst priorities where it would break the limits.
    pub(super) fn paint<'i, I: Iterator<Item = (Bucket, Item<'i>)>>(
        &mut self,
        tile: TileCoord,
        items: impl Fn() -> I,
    ) -> Painted {
        let z = tile.z();
        let mut features = 0u64;
        self.too_large.clear();
        self.clock.start();
        for (_, item) in items() {
            self.draw(z, &item);
            features += 1;
        }
        let too_many = self.limits.features.is_some_and(|most| features > most);
        if !too_many {
            let count = self.finish();
            if self.fits() {
                return Painted {
                    features: count,
                    given_up: 0,
                };
            }
        }
        self.layers.iter_mut().for_each(LayerEncoder::clear);
        self.reduce(tile, &items, features)
    }

    pub(super) fn fits(&self) -> bool {
        let most = self.limits.bytes.unwrap_or(u64::MAX);
        self.packed.len() as u64 <= most
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "kept whole only when nothing is lost"
)]
fn summarised(summary: Summary, sum: f64, having: u64) -> Value {
    let value = match summary {
        Summary::Sum => sum,
        Summary::Mean => sum / having as f64,
    };
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        Value::Int(value as i64)
    } else {
        Value::Double(value)
    }
}

/// Where a point is in the grid of its tile: in the unit that holds it, so that it is in one tile of a zoom.
#[inline]
pub(super) fn grid(z: u8, at: WorldPoint) -> GridPoint {
    let cut = |world: u32| ((u64::from(world) << z >> 20) & 0xFFF) as i32;
    (cut(at.x), cut(at.y))
}
