//! One feature at one zoom, tile by tile.

use std::ops::{Range, RangeInclusive};

use super::grid::{EXTENT, EXTENT_BITS, GridPoint, Paths, TilePoint};
use super::level::Level;
use super::piece::PieceMaker;
use super::shapes::Kind;
use super::strips::{Buffer, Columns, Rows, Strips};
use super::topology::Topology;

/// A range of tiles of one zoom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileWindow {
    /// Columns, from west to east.
    pub columns: RangeInclusive<u32>,
    /// Rows, from north to south.
    pub rows: RangeInclusive<u32>,
}

impl TileWindow {
    /// Returns all tiles of a zoom.
    #[must_use]
    pub fn whole(z: u8) -> Self {
        let last = u32::try_from((1u64 << z.min(31)) - 1).unwrap_or(u32::MAX);
        Self {
            columns: 0..=last,
            rows: 0..=last,
        }
    }
}

/// What a tile has of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Lines or rings within one tile.
    ///
    /// Rings do not repeat their first point and have at least three. Those with positive area ([`ring_area_2`](super::ring_area_2)) are
    /// exteriors, each followed by its holes, whose area is negative (MVT 2.1, section 4.3.3.3).
    Paths {
        /// The tile's column.
        x: u32,
        /// The tile's row.
        y: u32,
        /// The points of all paths.
        points: &'a [TilePoint],
        /// Ends of paths in points.
        ends: &'a [u32],
    },
    /// Tiles that the feature covers wholly, buffer included: some rows of one column. [`Tiler::covering_ring`] is the ring of each.
    Covered {
        /// The tiles' column.
        x: u32,
        /// The tiles' rows.
        rows: Range<u32>,
    },
}

/// The buffer that [`Tiler::new`] is usually given, in grid units: 5/256 of a tile, as in other programs.
pub const DEFAULT_BUFFER_UNITS: u16 = 80;

/// Cuts features into tiles. Made once a thread: it keeps its working space.
#[derive(Debug)]
pub struct Tiler {
    buffer: Buffer,
    repair: bool,
    whole: Paths,
    columns: Strips,
    column: Paths,
    rows: Strips,
    tile: Paths,
    coverage: Vec<(i32, i32)>,
    pieces: PieceMaker,
}

impl Tiler {
    /// Returns a tiler for tiles with a buffer of so many grid units on each side, at most half a tile.
    #[must_use]
    pub fn new(buffer_units: u16) -> Self {
        Self {
            buffer: Buffer(i64::from(buffer_units).min(i64::from(EXTENT / 2))),
            repair: true,
            whole: Paths::default(),
            columns: Strips::default(),
            column: Paths::default(),
            rows: Strips::default(),
            tile: Paths::default(),
            coverage: Vec::new(),
            pieces: PieceMaker::default(),
        }
    }

    /// Leaves rings as they were cut, crossings and all: what tests of exact areas want.
    #[cfg(test)]
    pub(super) fn without_repair(mut self) -> Self {
        self.repair = false;
        self.pieces.leave_raw();
        self
    }

    /// Returns the ring of a wholly covered tile.
    #[must_use]
    pub fn covering_ring(&self) -> [TilePoint; 4] {
        let low = i32::try_from(-self.buffer.0).unwrap_or(0);
        let high = i32::try_from(i64::from(EXTENT) + self.buffer.0).unwrap_or(0);
        [(low, low), (high, low), (high, high), (low, high)].map(|(x, y)| TilePoint { x, y })
    }

    /// Hands the sink what each tile of a window has of a feature, column by column.
    pub fn visit(
        &mut self,
        topology: &Topology,
        level: &Level,
        feature: usize,
        window: &TileWindow,
        mut sink: impl FnMut(Piece<'_>),
    ) {
        self.whole.clear();
        level.gather_feature(topology, feature, &mut self.whole);
        let Some((mut low, mut high)) = self.whole.bounds() else {
            return;
        };
        let closed = topology.kind() == Kind::Polygons;
        let mut simple = !level.is_unclean(feature);
        let side = i64::from(EXTENT) << level.z();
        let near_edge = low.x < self.buffer.0 || high.x > side - self.buffer.0;
        if near_edge && copy_round_the_world(&mut self.whole, low, high, side, self.buffer.0) {
            simple = false;
            (low.x, high.x) = (low.x - side, high.x + side);
        }
        let clamp = |(low, high): (i64, i64), wanted: &RangeInclusive<u32>| {
            low.max(i64::from(*wanted.start()))..=high.min(i64::from(*wanted.end()))
        };
        let columns = clamp(self.buffer.strips(low.x, high.x), &window.columns);
        let rows = clamp(self.buffer.strips(low.y, high.y), &window.rows);
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let one = columns.start() == columns.end() && rows.start() == rows.end();
        if one && self.contains(*columns.start(), *rows.start(), low, high) {
            let (x, y) = (*columns.start(), *rows.start());
            let repair = self.repair && !simple;
            emit(
                &mut self.pieces,
                &self.whole,
                closed,
                (x, y),
                self.buffer,
                Care { repair, cut: false },
                &mut sink,
            );
            return;
        }
        let first = *columns.start();
        self.columns.distribute::<Columns>(
            &self.whole,
            closed,
            self.buffer,
            columns.clone(),
            |_| true,
        );
        for x in columns {
            let index = usize::try_from(x - first).unwrap_or(0);
            self.column.clear();
            let mut care = Care {
                repair: !simple,
                cut: self.columns.strip(index).is_cut(),
            };
            if closed {
                care.repair |= !self.columns.rings::<Columns>(index, &mut self.column);
            } else {
                self.columns.lines(index, &mut self.column);
            }
            self.column(x, rows.clone(), closed, care, &mut sink);
        }
    }

    fn contains(&self, x: i64, y: i64, low: GridPoint, high: GridPoint) -> bool {
        let (west, east) = self.buffer.edges(x);
        let (north, south) = self.buffer.edges(y);
        west <= low.x && high.x <= east && north <= low.y && high.y <= south
    }

    fn column(
        &mut self,
        x: i64,
        rows: RangeInclusive<i64>,
        closed: bool,
        care: Care,
        sink: &mut impl FnMut(Piece<'_>),
    ) {
        let Some((low, high)) = self.column.bounds() else {
            return;
        };
        let met = self.buffer.strips(low.y, high.y);
        let (first, last) = (met.0.max(*rows.start()), met.1.min(*rows.end()));
        if first > last {
            return;
        }
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        // Not for few rows, where it would not pay; whatever the window, so that a piece does not depend on it.
        if closed && met.1 - met.0 > 1 {
            self.note_coverage(x, first, count);
            self.emit_covered(x, first, sink);
        } else {
            self.coverage.clear();
        }
        let coverage = &self.coverage;
        let touched =
            |y: i64| coverage.is_empty() || coverage[usize::try_from(y - first).unwrap_or(0)].0 > 0;
        self.rows
            .distribute::<Rows>(&self.column, closed, self.buffer, first..=last, touched);
        for y in first..=last {
            let index = usize::try_from(y - first).unwrap_or(0);
            self.tile.clear();
            let mut care = care;
            care.cut |= self.rows.strip(index).is_cut();
            if closed {
                care.repair |= !self.rows.rings::<Rows>(index, &mut self.tile);
                care.repair &= self.repair;
                care.cut &= self.repair;
            } else {
                self.rows.lines(index, &mut self.tile);
            }
            emit(
                &mut self.pieces,
                &self.tile,
                closed,
                (x, y),
                self.buffer,
                care,
                sink,
            );
        }
    }

    /// Notes for each row of a column how many edges it meets, those along the column's edges left out, and how often it lies within
    /// what is bounded by the western edge.
    fn note_coverage(&mut self, x: i64, first: i64, count: usize) {
        self.coverage.clear();
        self.coverage.resize(count + 1, (0, 0));
        let (west, east) = self.buffer.edges(x);
        let last = i64::try_from(count).unwrap_or(0) - 1;
        for ring in self.column.iter() {
            let mut a = ring[ring.len() - 1];
            for &b in ring {
                let (low, high) = self.buffer.strips(a.y.min(b.y), a.y.max(b.y));
                let slot = |y: i64| usize::try_from((y - first).clamp(0, last + 1)).unwrap_or(0);
                let (low, high) = (slot(low), slot(high + 1));
                if a.x == b.x && (a.x == west || a.x == east) {
                    if a.x == west {
                        // A ring whose interior lies to the east goes north here.
                        let north = if b.y < a.y { 1 } else { -1 };
                        self.coverage[low].1 += north;
                        self.coverage[high].1 -= north;
                    }
                } else {
                    self.coverage[low].0 += 1;
                    self.coverage[high].0 -= 1;
                }
                a = b;
            }
        }
        let (mut edges, mut depth) = (0, 0);
        for row in &mut self.coverage {
            edges += row.0;
            depth += row.1;
            *row = (edges, depth);
        }
    }

    fn emit_covered(&self, x: i64, first: i64, sink: &mut impl FnMut(Piece<'_>)) {
        let covered = |&(edges, depth): &(i32, i32)| edges == 0 && depth > 0;
        let mut row = first;
        for run in self
            .coverage
            .chunk_by(|one, other| covered(one) == covered(other))
        {
            let end = row + i64::try_from(run.len()).unwrap_or(0);
            if covered(&run[0]) {
                sink(Piece::Covered {
                    x: tile_number(x),
                    rows: tile_number(row)..tile_number(end),
                });
            }
            row = end;
        }
    }
}

/// How much a piece has to be looked at.
#[derive(Debug, Clone, Copy)]
struct Care {
    /// Its rings are known to meet.
    repair: bool,
    /// Its rings may meet where they were cut.
    cut: bool,
}

fn emit(
    pieces: &mut PieceMaker,
    paths: &Paths,
    closed: bool,
    (x, y): (i64, i64),
    buffer: Buffer,
    care: Care,
    sink: &mut impl FnMut(Piece<'_>),
) {
    if paths.ends.is_empty() {
        return;
    }
    let origin = GridPoint {
        x: x << EXTENT_BITS,
        y: y << EXTENT_BITS,
    };
    if closed {
        let cut = care.cut.then_some(buffer);
        pieces.rings(paths, origin, care.repair, cut);
    } else {
        pieces.lines(paths, origin);
    }
    let (points, ends) = pieces.made();
    if !ends.is_empty() {
        sink(Piece::Paths {
            x: tile_number(x),
            y: tile_number(y),
            points,
            ends,
        });
    }
}

fn tile_number(at: i64) -> u32 {
    u32::try_from(at).unwrap_or(0)
}

/// Adds the copies of the worlds to the west and to the east as far as they are seen; returns whether there are any.
fn copy_round_the_world(
    paths: &mut Paths,
    low: GridPoint,
    high: GridPoint,
    side: i64,
    buffer: i64,
) -> bool {
    let own = paths.points.len();
    let own_paths = paths.ends.len();
    for shift in [-side, side] {
        if high.x + shift < -buffer || low.x + shift > side + buffer {
            continue;
        }
        let start = paths.points.len();
        paths.points.extend_from_within(..own);
        for point in &mut paths.points[start..] {
            point.x += shift;
        }
        for path in 0..own_paths {
            paths.ends.push(paths.ends[path] + start);
        }
    }
    paths.points.len() > own
}
