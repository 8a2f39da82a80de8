//! What lines and polygons weigh in tiles.

use super::options::Options;
use super::painter::{ClusterColumns, Item, Painter};
use super::shapes::{Pieces, ShapeGround};
use crate::MAX_ZOOM;
use crate::columns::{Dictionary, Features, take_cell, take_head};
use crate::geometry::{Kind, TileWindow, Tiler};
use crate::mvt::wire::varint_len;
use crate::mvt::{GeometryType, Value};
use crate::plan::{Limits, Weighed, rank_of};

/// Lines or polygons on the scale of the plan.
pub(super) struct OnScale<'a> {
    ground: &'a ShapeGround,
    features: &'a Features,
    joined: Option<&'a ClusterColumns>,
    rank: Option<u32>,
    level: u8,
    /// Bytes of attributes and frame of each feature.
    tags: Vec<u32>,
    /// In grid units.
    buffer: u32,
}

/// What makes tiles for trial.
pub(super) struct Scale<'a> {
    pub(super) painter: Painter<'a>,
    pub(super) tiler: Tiler,
    pub(super) pieces: Pieces,
}

impl<'a> Scale<'a> {
    /// Returns a scale without limits; the buffer is in grid units.
    pub(super) fn new(
        names: &'a Dictionary,
        joined: Option<&'a ClusterColumns>,
        buffer: u32,
        level: u8,
    ) -> Self {
        let free = Limits {
            bytes: None,
            features: None,
        };
        Self {
            painter: Painter::new(names, [None, joined], free, level),
            tiler: Tiler::new(u16::try_from(buffer).unwrap_or(u16::MAX)),
            pieces: Pieces::default(),
        }
    }
}

/// Bytes of a tag's numbers, and of a feature's frame.
const TAG: u32 = 3;
const FRAME: u32 = 9;
/// Bytes of a vertex.
const VERTEX: usize = 3;

impl<'a> OnScale<'a> {
    pub(super) fn new(
        ground: &'a ShapeGround,
        features: &'a Features,
        joined: Option<&'a ClusterColumns>,
        options: &Options,
        rank: Option<u32>,
    ) -> Self {
        let many = features.many();
        let tags = (0..ground.columns.len())
            .map(|feature| tags(ground.columns.rest(feature), &many, features))
            .collect();
        Self {
            ground,
            features,
            joined,
            rank,
            level: options.level,
            tags,
            buffer: options.buffer,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths, cut to what a tile can hold anyway"
)]
fn tags(mut rest: &[u8], many: &[bool], features: &Features) -> u32 {
    let head = take_head(&mut rest);
    let mut bytes = FRAME + head.id.map_or(0, |id| 1 + varint_len(id) as u32);
    while let Some((column, value)) = take_cell(&mut rest) {
        bytes += TAG;
        if many.get(column as usize).copied().unwrap_or(false) {
            bytes += 4 + match value {
                Value::Text(number) => features.names.texts.length(number).min(1 << 20) as u32,
                Value::Int(_) | Value::Uint(_) => 4,
                Value::Double(_) => 8,
                Value::Bool(_) => 0,
            };
        }
    }
    bytes
}

impl<'a> Weighed for OnScale<'a> {
    type Scale = Scale<'a>;

    fn size(&self, feature: u32) -> f64 {
        let topology = &self.ground.topology;
        let feature = feature as usize;
        match self.ground.kind {
            Kind::Lines => topology.length(feature),
            Kind::Polygons => topology
                .parts(feature)
                .map(|part| topology.part_area(part))
                .sum(),
        }
    }

    fn rank(&self, feature: u32) -> (Option<f64>, u64) {
        rank_of(self.ground.columns.rest(feature as usize), self.rank)
    }

    fn zooms(&self, feature: u32) -> u32 {
        self.ground.head(feature as usize).zooms
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the world first; a feature's share of bytes"
    )]
    fn tiles(&self, feature: u32, z: u8) -> Option<(u32, [u32; 4])> {
        let level = self.ground.levels.get(usize::from(z))?.as_ref()?;
        let topology = &self.ground.topology;
        let bounds = level.feature_box(topology, feature as usize)?;
        let vertices = level.feature_vertices(topology, feature as usize);
        let column = |x: i64| (x.clamp(0, (1 << 32) - 1) >> (32 - u32::from(z))) as u32;
        // What reaches into the buffer is in the tile too.
        let margin = i64::from(self.buffer) << (MAX_ZOOM - z);
        let (west, east) = (column(bounds.west - margin), column(bounds.east + margin));
        let north = column(i64::from(bounds.north) - margin);
        let south = column(i64::from(bounds.south) + margin);
        let tiles = u64::from(east - west + 1) * u64::from(south - north + 1);
        // Borders are in fewer tiles than the box: as many as its sides have.
        let sides = (east - west).max(south - north) as usize + 1;
        let path = if tiles == 1 {
            vertices
        } else {
            vertices.div_ceil(sides) + 4
        };
        let bytes = self.tags[feature as usize] as usize + path * VERTEX;
        Some((bytes as u32, [west, east, north, south]))
    }

    fn scale(&self) -> Scale<'a> {
        Scale::new(&self.features.names, self.joined, self.buffer, self.level)
    }

    fn trial(&self, scale: &mut Scale<'a>, z: u8, (x, y): (u32, u32), shown: &[u32]) -> u64 {
        let Some(level) = self.ground.levels[usize::from(z)].as_ref() else {
            return 0;
        };
        let window = TileWindow {
            columns: x..=x,
            rows: y..=y,
        };
        scale.pieces.clear();
        for &feature in shown {
            scale.pieces.cut(
                self.ground,
                level,
                &mut scale.tiler,
                feature,
                feature.into(),
                &window,
            );
        }
        let (ground, pieces) = (self.ground, &scale.pieces);
        let items = pieces.list.iter().map(|piece| {
            let (points, ends) = pieces.paths(piece);
            Item::Paths {
                gathered: ground.gathered(piece.feature, z),
                rest: ground.columns.rest(piece.feature as usize),
                kind: match ground.kind {
                    Kind::Lines => GeometryType::Line,
                    Kind::Polygons => GeometryType::Polygon,
                },
                points,
                ends,
            }
        });
        scale.painter.trial(z, items)
    }
}
