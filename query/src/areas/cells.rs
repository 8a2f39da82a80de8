//! The map of cells: for each cell the areas that fill it, and for the others the edges that pass through it.
//!
//! An area that passes through a cell says there whether the cell's reference, a position near its middle, is in
//! it, and which edges touch the cell. A position is then told by the edges between it and the reference. The idea
//! is that of `S2ShapeIndex`, on a plain grid of degrees and with exact predicates: no tolerance decides anything.

use gazetteer::LonLat;

use super::locate::{Side, on_level_end, orientation, side_of};
use super::set::Areas;
use super::vertices::{Vertices, degrees};

/// The reference of a cell, as a share of its width and height: near the middle and on no round number.
pub(super) const REFERENCE: [f64; 2] = [0.500_012_3, 0.499_987_1];

/// A grid over degrees. Which cell a position is in is monotone in it, so neighbours agree without a tolerance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
    /// Degrees a cell.
    pub(super) size: [f64; 2],
    /// Cells a degree.
    pub(super) per_degree: [f64; 2],
    pub(super) columns: u32,
    pub(super) rows: u32,
}

impl Grid {
    /// The column of a longitude, in cells from the west.
    #[inline]
    pub(super) fn x(&self, lon: f64) -> f64 {
        (lon - self.west) * self.per_degree[0]
    }

    /// The row of a latitude, in cells from the south.
    #[inline]
    pub(super) fn y(&self, lat: f64) -> f64 {
        (lat - self.south) * self.per_degree[1]
    }

    /// The whole cell of a column or row.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the cells there are"
    )]
    pub(super) fn cell(place: f64, most: u32) -> u32 {
        (place.max(0.0) as u32).min(most - 1)
    }

    pub(super) fn reference_lon(&self, column: u32) -> f64 {
        self.west + (f64::from(column) + REFERENCE[0]) * self.size[0]
    }

    pub(super) fn reference_lat(&self, row: u32) -> f64 {
        self.south + (f64::from(row) + REFERENCE[1]) * self.size[1]
    }
}

/// An area in a cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    pub(super) area: u32,
    /// Where its edges in this cell start.
    pub(super) edges: u32,
    /// How many edges, times four; and of the bits below:
    pub(super) count_flags: u32,
}

/// A position and what is in its cell.
struct Asked {
    point: [f64; 2],
    column: u32,
    row: u32,
    /// Where the entries of the cell start, and the end.
    entries: [u32; 2],
}

/// Positions whose cells are looked at together: their entries, edges and vertices fit in the nearest cache.
const AT_ONCE: usize = 64;

/// The reference of the cell is in the area.
pub(super) const ODD: u32 = 1;
/// The reference lies on the border: the area has to be asked whole.
pub(super) const UNSURE: u32 = 2;

/// Areas laid out by cells.
#[derive(Debug)]
pub struct CellMap {
    pub(super) areas: Areas,
    /// The number of each area as it was given; they are laid out along a curve.
    pub(super) given: Vec<u32>,
    pub(super) grid: Grid,
    /// Where the entries of each cell start, and the end.
    pub(super) cells: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    /// The first vertex of each edge.
    pub(super) edges: Vec<u32>,
}

impl CellMap {
    /// Calls `found` with each area that a position is in or on, by its number, in no order that means anything.
    #[inline]
    pub fn at(&self, at: LonLat, mut found: impl FnMut(u32, Side)) {
        if let Some(asked) = self.asked(at) {
            self.answer(&asked, &mut found);
        }
    }

    /// As [`CellMap::at`] for many positions, each with its place in the order they come: what lies in the cells of some of
    /// them is looked at before the first is answered, so that the processor waits for memory once and not for each.
    pub fn at_each(
        &self,
        positions: impl IntoIterator<Item = LonLat>,
        mut found: impl FnMut(usize, u32, Side),
    ) {
        let mut positions = positions.into_iter().enumerate();
        let mut asked: Vec<(usize, Asked)> = Vec::with_capacity(AT_ONCE);
        loop {
            asked.clear();
            let mut more = false;
            for (place, at) in positions.by_ref().take(AT_ONCE) {
                more = true;
                asked.extend(self.asked(at).map(|asked| (place, asked)));
            }
            if !more {
                return;
            }
            self.look_at(&asked);
            for (place, asked) in &asked {
                self.answer(asked, &mut |area, side| found(*place, area, side));
            }
        }
    }

    /// The cell of a position; `None` outside the grid.
    #[inline]
    fn asked(&self, at: LonLat) -> Option<Asked> {
        let point = [at.lon(), at.lat()];
        let grid = &self.grid;
        let inside = grid.west <= point[0]
            && point[0] <= grid.east
            && grid.south <= point[1]
            && point[1] <= grid.north;
        if !inside {
            return None;
        }
        let column = Grid::cell(grid.x(point[0]), grid.columns);
        let row = Grid::cell(grid.y(point[1]), grid.rows);
        let cell = row as usize * grid.columns as usize + column as usize;
        Some(Asked {
            point,
            column,
            row,
            entries: [self.cells[cell], self.cells[cell + 1]],
        })
    }

    /// Reads one word of everything that the answers will read, a step of the way for all of them at a time.
    fn look_at(&self, asked: &[(usize, Asked)]) {
        let entries = asked.iter().flat_map(|(_, asked)| self.entries_of(asked));
        let with_edges = entries.filter(|entry| entry.count_flags >> 2 > 0);
        let first_edges = with_edges.clone().map(|entry| entry.edges as usize);
        let mut seen = with_edges.fold(0, |seen, entry| seen ^ entry.area);
        for edge in first_edges.clone() {
            seen ^= self.edges[edge];
        }
        for edge in first_edges {
            seen ^= self.areas.vertices.look_at(self.edges[edge] as usize);
        }
        std::hint::black_box(seen);
    }

    #[inline]
    fn entries_of(&self, asked: &Asked) -> &[Entry] {
        &self.entries[asked.entries[0] as usize..asked.entries[1] as usize]
    }

    #[inline]
    fn answer(&self, asked: &Asked, found: &mut impl FnMut(u32, Side)) {
        let reference = [
            self.grid.reference_lon(asked.column),
            self.grid.reference_lat(asked.row),
        ];
        for entry in self.entries_of(asked) {
            let side = if entry.count_flags == ODD {
                Side::Inside
            } else {
                self.side(entry, reference, asked.point)
            };
            if side != Side::Outside {
                found(self.given[entry.area as usize], side);
            }
        }
    }

    /// How many edges are looked at for a position: what a question costs, independent of the machine. None outside the grid.
    #[must_use]
    pub fn edges_at(&self, at: LonLat) -> usize {
        let asked = self.asked(at);
        let entries = asked.iter().flat_map(|asked| self.entries_of(asked));
        entries.map(|entry| (entry.count_flags >> 2) as usize).sum()
    }

    /// The areas as they are laid out; [`CellMap::at`] speaks of them by the numbers they were given.
    #[must_use]
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are no areas.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The box around all areas; `None` when there are none.
    #[must_use]
    pub fn extent(&self) -> Option<gazetteer::Extent> {
        self.areas.extent()
    }

    /// From the reference straight up or down to the height of the position, then along it: an edge that parts the
    /// ends of either leg changes the side.
    #[inline]
    fn side(&self, entry: &Entry, reference: [f64; 2], at: [f64; 2]) -> Side {
        match &self.areas.vertices {
            Vertices::Whole(all) => self.side_among(entry, reference, at, |vertex| {
                (degrees(all[vertex]), degrees(all[vertex + 1]))
            }),
            Vertices::Exact(all) => self.side_among(entry, reference, at, |vertex| {
                (all[vertex], all[vertex + 1])
            }),
        }
    }

    /// `edge` gives the ends of the edge that begins with a vertex.
    #[inline]
    fn side_among(
        &self,
        entry: &Entry,
        reference: [f64; 2],
        at: [f64; 2],
        edge: impl Fn(usize) -> ([f64; 2], [f64; 2]),
    ) -> Side {
        if entry.count_flags & UNSURE != 0 {
            return self.whole(entry.area, at);
        }
        let mut inside = entry.count_flags & ODD != 0;
        let corner = [reference[0], at[1]];
        let first = entry.edges as usize;
        let count = (entry.count_flags >> 2) as usize;
        for &vertex in &self.edges[first..first + count] {
            let (from, to) = edge(vertex as usize);
            let turn_at_corner;
            if (from[1] <= at[1]) == (to[1] <= at[1]) {
                if on_level_end(from, to, at) {
                    return Side::Border;
                }
                if (from[0] <= corner[0]) == (to[0] <= corner[0]) {
                    continue;
                }
                turn_at_corner = orientation(from, to, corner);
                if turn_at_corner == 0.0 {
                    return self.whole(entry.area, at);
                }
            } else {
                let turn = orientation(from, to, at);
                if turn == 0.0 {
                    return Side::Border;
                }
                turn_at_corner = orientation(from, to, corner);
                if turn_at_corner == 0.0 {
                    return self.whole(entry.area, at);
                }
                if (turn > 0.0) != (turn_at_corner > 0.0) {
                    inside = !inside;
                }
                if (from[0] <= corner[0]) == (to[0] <= corner[0]) {
                    continue;
                }
            }
            let turn_at_reference = orientation(from, to, reference);
            if turn_at_reference == 0.0 {
                return self.whole(entry.area, at);
            }
            if (turn_at_reference > 0.0) != (turn_at_corner > 0.0) {
                inside = !inside;
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }

    /// The area asked edge by edge: where a corner of the way lies on an edge.
    #[cold]
    fn whole(&self, area: u32, at: [f64; 2]) -> Side {
        side_of(self.areas.rings_of(area), at)
    }
}
