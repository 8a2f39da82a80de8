//! Lines and polygons on their way into tiles.

use super::error::TilesError;
use std::collections::HashMap;

use super::crowd::gathered;
use super::fit::{Coarser, fit};
use super::options::{Options, Small};
use super::painter::{ClusterColumns, Gathered};
use super::tree::Touching;
use crate::columns::{Dictionary, RowHead, ShapeColumns, take_head};
use crate::geometry::{
    Kind, Level, LevelOptions, Piece, SMALL_SIDE_UNITS, Shapes, SmallPolygons, TileWindow, Tiler,
    Topology, TopologyOptions, WorldBox,
};
use crate::mvt::GridPoint;
use crate::{MAX_ZOOM, TileCoord};

/// Lines or polygons, ready to be cut into tiles.
pub(super) struct ShapeGround {
    pub(super) kind: Kind,
    /// Rows, in the order of the topology's features.
    pub(super) columns: ShapeColumns,
    pub(super) topology: Topology,
    /// By zoom.
    pub(super) levels: Vec<Option<Level>>,
    /// All that a feature shows at any zoom; `None` of one that shows nothing.
    boxes: Vec<Option<WorldBox>>,
    /// Features that were simplified further to fit into a tile.
    pub(super) coarser: Vec<Coarser>,
    /// By zoom, the side below which polygons are small, in grid units.
    pub(super) small_sides: Vec<u32>,
    /// By zoom, what polygons stand for, where that is asked for and more than themselves.
    pub(super) gathered: Vec<HashMap<u32, Gathered>>,
    /// What the others stand for; `None` where that is not asked for.
    pub(super) alone: Option<Gathered>,
}

const WORLD: i64 = 1 << 32;

impl ShapeGround {
    /// Finds shared borders, and simplifies for every zoom.
    pub(super) fn new(
        mut columns: ShapeColumns,
        kind: Kind,
        names: &Dictionary,
        options: &Options,
        last: u8,
        shared: bool,
    ) -> Result<Self, TilesError> {
        let points = std::mem::take(&mut columns.points);
        let path_ends = std::mem::take(&mut columns.path_ends);
        let part_ends = std::mem::take(&mut columns.part_ends);
        let feature_ends = std::mem::take(&mut columns.feature_ends);
        let shapes = match kind {
            Kind::Lines => Shapes::lines(points, path_ends, feature_ends),
            Kind::Polygons => Shapes::polygons(points, path_ends, part_ends, feature_ends),
        };
        // The columns are made together, so that only their size can be wrong.
        let shapes = shapes.map_err(|_| TilesError::TooManyVertices)?;
        let topology = Topology::build(
            shapes,
            &TopologyOptions {
                snap_units: options.snap_units,
                threads: options.threads,
            },
        );
        let levels = levels(&topology, options, last);
        let mut ground = Self {
            kind,
            columns,
            topology,
            levels,
            boxes: Vec::new(),
            coarser: Vec::new(),
            small_sides: vec![SMALL_SIDE_UNITS; usize::from(last) + 1],
            gathered: Vec::new(),
            alone: None,
        };
        ground.coarser = fit(&mut ground, names, options, last, shared);
        ground.note_boxes();
        Ok(ground)
    }

    /// Looks anew at what the levels show.
    pub(super) fn note_boxes(&mut self) {
        self.boxes = (0..self.topology.features())
            .map(|feature| {
                let shown = self.levels.iter().flatten();
                let shown = shown.filter_map(|level| level.feature_box(&self.topology, feature));
                shown.reduce(WorldBox::union)
            })
            .collect();
    }

    /// Whether a polygon that is not seen at a zoom is so only because tiles are crowded.
    pub(super) fn is_joined(&self, feature: u32, z: u8) -> bool {
        let unit = f64::from(1u32 << (MAX_ZOOM - z));
        let usual = f64::from(SMALL_SIDE_UNITS) * unit;
        let areas = self.topology.parts(feature as usize);
        self.small_sides[usize::from(z)] > SMALL_SIDE_UNITS
            && areas.map(|part| self.topology.part_area(part)).sum::<f64>() >= usual * usual
    }

    /// Counts what each polygon stands for, where that is asked for.
    pub(super) fn note_gathered(&mut self, columns: Option<&ClusterColumns>, last: u8) {
        let Some(columns) = columns else { return };
        self.gathered = (0..=last).map(|z| gathered(self, z, columns)).collect();
    }

    /// Has polygons say what they stand for: themselves, as long as nothing else is known.
    pub(super) fn count_alone(&mut self, columns: &ClusterColumns, last: u8) {
        self.alone = Some(Gathered {
            count: 1,
            ..Gathered::new(columns)
        });
        self.note_gathered(Some(columns), last);
    }

    /// What a polygon stands for at a zoom, where that is asked for.
    pub(super) fn gathered(&self, feature: u32, z: u8) -> Option<&Gathered> {
        let more = self.gathered.get(usize::from(z));
        more.and_then(|more| more.get(&feature))
            .or(self.alone.as_ref())
    }

    pub(super) fn head(&self, feature: usize) -> RowHead {
        take_head(&mut self.columns.rest(feature))
    }

    /// How much of a feature's box a tile with its buffer takes; 0 when they do not touch.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    fn share(&self, feature: u32, tile: TileCoord, buffer: u32) -> f64 {
        let Some(bounds) = &self.boxes[feature as usize] else {
            return 0.0;
        };
        let side = WORLD >> tile.z();
        // A grid unit more: positions are rounded.
        let margin = ((i64::from(buffer) + 1) * side) >> 12;
        let (west, north) = (i64::from(tile.x()) * side, i64::from(tile.y()) * side);
        let along = |low: i64, high: i64, from: i64| {
            let overlap = high.min(from + side + margin) - low.max(from - margin);
            if overlap < 0 {
                0.0
            } else {
                (overlap + 1) as f64 / (high - low + 1) as f64
            }
        };
        let down = along(i64::from(bounds.north), i64::from(bounds.south), north);
        let worlds = [-WORLD, 0, WORLD];
        let across = worlds.map(|shift| along(bounds.west + shift, bounds.east + shift, west));
        down * across.into_iter().fold(0.0, f64::max)
    }
}

/// Simplifies for every zoom, on all threads.
fn levels(topology: &Topology, options: &Options, last: u8) -> Vec<Option<Level>> {
    let zooms: Vec<(u8, LevelOptions)> = (options.minzoom..=last)
        .map(|z| {
            let usual = level_options(topology, options, (z, last), SMALL_SIDE_UNITS);
            (z, usual)
        })
        .collect();
    let made = Level::build_all(topology, &zooms, options.threads.max(1));
    let above = (0..options.minzoom).map(|_| None);
    above.chain(made.into_iter().map(Some)).collect()
}

/// How the level of a zoom is made.
pub(super) fn level_options(
    topology: &Topology,
    options: &Options,
    (z, last): (u8, u8),
    small_side_units: u32,
) -> LevelOptions {
    LevelOptions {
        tolerance_units: if z == last { 0.0 } else { options.simplify },
        small: match options.small {
            Small::Keep => SmallPolygons::Mark,
            Small::Gather if topology.is_coverage() => SmallPolygons::Dissolve,
            Small::Gather => SmallPolygons::Gather,
        },
        small_side_units,
    }
}

/// The lines and the polygons of a run.
pub(super) struct AllShapes<'a> {
    pub(super) grounds: [Option<&'a ShapeGround>; 2],
    pub(super) buffer: u32,
}

impl AllShapes<'_> {
    fn each(&self, mut of: impl FnMut(usize, &ShapeGround) -> Vec<u32>) -> [Vec<u32>; 2] {
        let mut lists = [Vec::new(), Vec::new()];
        for (which, ground) in self.grounds.iter().enumerate() {
            if let Some(ground) = ground {
                lists[which] = of(which, ground);
            }
        }
        lists
    }
}

impl Touching for AllShapes<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "features are counted in u32"
    )]
    fn all(&self) -> [Vec<u32>; 2] {
        self.each(|_, ground| {
            let all = 0..ground.boxes.len() as u32;
            all.filter(|&feature| ground.boxes[feature as usize].is_some())
                .collect()
        })
    }

    fn within(&self, of: &[Vec<u32>; 2], tile: TileCoord) -> [Vec<u32>; 2] {
        self.each(|which, ground| {
            let touching = of[which].iter().copied();
            touching
                .filter(|&feature| ground.share(feature, tile, self.buffer) > 0.0)
                .collect()
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an estimate of work"
    )]
    fn vertices(&self, of: &[Vec<u32>; 2], tile: TileCoord) -> u64 {
        let mut sum = 0.0;
        for (which, ground) in self.grounds.iter().enumerate() {
            let Some(ground) = ground else { continue };
            for &feature in &of[which] {
                let vertices = ground.topology.feature_vertices(feature as usize) as f64;
                sum += 4.0 + vertices * ground.share(feature, tile, self.buffer).min(1.0);
            }
        }
        sum as u64
    }
}

/// What tiles have of lines and polygons, before it is drawn.
#[derive(Default)]
pub(super) struct Pieces {
    points: Vec<GridPoint>,
    ends: Vec<u32>,
    pub(super) list: Vec<PieceOf>,
    covering: Vec<GridPoint>,
}

/// A piece of a feature in a tile.
#[derive(Debug, Clone, Copy)]
pub(super) struct PieceOf {
    /// The tile's place in its zoom.
    pub(super) key: u64,
    /// 0: lines, 1: polygons.
    pub(super) which: u8,
    /// Where the feature comes in the tile.
    pub(super) order: u64,
    pub(super) feature: u32,
    points: (u32, u32),
    /// Ends of paths; none of a tile that is covered.
    ends: (u32, u32),
}

impl Pieces {
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
        self.list.clear();
    }

    /// Cuts a feature into the tiles of a window.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a piece of work has a bounded number of vertices"
    )]
    pub(super) fn cut(
        &mut self,
        ground: &ShapeGround,
        level: &Level,
        tiler: &mut Tiler,
        feature: u32,
        order: u64,
        window: &TileWindow,
    ) {
        let which = u8::from(ground.kind == Kind::Polygons);
        let z = level.z();
        let ring = tiler.covering_ring();
        self.covering.clear();
        self.covering.extend(ring.map(|point| (point.x, point.y)));
        tiler.visit(
            &ground.topology,
            level,
            feature as usize,
            window,
            |piece| match piece {
                Piece::Paths { x, y, points, ends } => {
                    let (first, first_end) = (self.points.len() as u32, self.ends.len() as u32);
                    self.points
                        .extend(points.iter().map(|point| (point.x, point.y)));
                    self.ends.extend_from_slice(ends);
                    if let Ok(tile) = TileCoord::new(z, x, y) {
                        self.list.push(PieceOf {
                            key: tile.key(),
                            which,
                            order,
                            feature,
                            points: (first, self.points.len() as u32),
                            ends: (first_end, self.ends.len() as u32),
                        });
                    }
                }
                Piece::Covered { x, rows } => {
                    for y in rows {
                        if let Ok(tile) = TileCoord::new(z, x, y) {
                            self.list.push(PieceOf {
                                key: tile.key(),
                                which,
                                order,
                                feature,
                                points: (0, 0),
                                ends: (0, 0),
                            });
                        }
                    }
                }
            },
        );
    }

    /// The points of a piece and the ends of its paths.
    pub(super) fn paths(&self, piece: &PieceOf) -> (&[GridPoint], &[u32]) {
        if piece.ends.0 == piece.ends.1 {
            return (&self.covering, &[4]);
        }
        (
            &self.points[piece.points.0 as usize..piece.points.1 as usize],
            &self.ends[piece.ends.0 as usize..piece.ends.1 as usize],
        )
    }
}
