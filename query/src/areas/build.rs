//! Laying areas out by cells.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "cells and edges are counted below 2³², and clamped"
)]

use gazetteer::LonLat;

use super::by_cell::{Part, by_cell};
use super::cells::{CellMap, Entry, Grid, ODD, UNSURE};
use super::locate::{orientation, same};
use super::set::Areas;
use crate::points::CurveOrder;

/// Edges are taken to touch cells this near, in cells: far more than the rounding of a product, and harmless.
const MARGIN: f64 = 1e-9;

/// Cells for each edge, where a map is made for some millions of positions.
const CELLS_PER_EDGE: f64 = 0.2;

/// More cells than this are never made.
const MOST_CELLS: f64 = 64e6;

impl CellMap {
    /// Lays out areas for many questions. `threads` is at least 1 and changes nothing but the time.
    #[must_use]
    pub fn new(areas: Areas, threads: usize) -> Self {
        Self::with_cells(areas, CELLS_PER_EDGE, threads)
    }

    /// Lays out areas with so many cells for each edge (0.2 for one pass of a million positions, up to 0.8 where
    /// the map is kept); fewer where the areas overlap much.
    #[must_use]
    pub fn with_cells(areas: Areas, cells_per_edge: f64, threads: usize) -> Self {
        let threads = threads.clamp(1, areas.len().max(1));
        let (areas, given) = along_curve(areas, threads);
        let grid = grid(&areas, cells_per_edge);
        // Parts of about as many vertices each.
        let bounds: Vec<u32> = (0..=threads)
            .map(|part| {
                let vertex = (areas.vertices.len() * part / threads) as u32;
                let ring = areas.rings.partition_point(|start| *start < vertex) as u32;
                areas.firsts.partition_point(|first| *first < ring) as u32
            })
            .map(|area| area.min(areas.len() as u32))
            .collect();
        let mut bounds = bounds;
        bounds[0] = 0;
        bounds[threads] = areas.len() as u32;
        let parts: Vec<Part> = std::thread::scope(|scope| {
            let running: Vec<_> = bounds
                .windows(2)
                .map(|pair| {
                    let (first, end, areas) = (pair[0], pair[1], &areas);
                    scope.spawn(move || lay_out(areas, &grid, first..end))
                })
                .collect();
            running
                .into_iter()
                .map(|part| part.join().unwrap_or_default())
                .collect()
        });
        let cells = grid.columns as usize * grid.rows as usize;
        let (cells, entries, edges) = by_cell(parts, cells, threads);
        Self {
            areas,
            given,
            grid,
            cells,
            entries,
            edges,
        }
    }
}

/// The areas along a Hilbert curve by their first vertex, with the numbers they had: neighbours then lie together
/// in memory.
fn along_curve(areas: Areas, threads: usize) -> (Areas, Vec<u32>) {
    let Some(extent) = areas.extent() else {
        let order = (0..areas.len() as u32).collect();
        return (areas, order);
    };
    let middle = LonLat::new(0.0, 0.0);
    let firsts = (0..areas.len() as u32).filter_map(|area| {
        let first = areas.rings_of(area).next().and_then(|mut ring| ring.next());
        let [lon, lat] = first.unwrap_or_default();
        LonLat::new(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0))
            .or_else(|_| middle.clone())
            .ok()
    });
    let mut order = Vec::new();
    CurveOrder::new(extent).sort(firsts, &mut order);
    (areas.in_order(&order, threads), order)
}

/// A grid with about so many cells for each edge. Where areas cover each other much, each cell that an area fills
/// would be written down for it: the grid is then made coarser until the boxes of the areas have at most four
/// cells for each edge.
fn grid(areas: &Areas, cells_per_edge: f64) -> Grid {
    let Some(extent) = areas.extent() else {
        return Grid {
            west: 0.0,
            south: 0.0,
            east: 0.0,
            north: 0.0,
            size: [1.0; 2],
            per_degree: [1.0; 2],
            columns: 1,
            rows: 1,
        };
    };
    let width = (extent.east - extent.west).max(1e-9);
    let height = (extent.north - extent.south).max(1e-9);
    let edges = areas.edges() as f64;
    let mut cells = (edges * cells_per_edge).clamp(1.0, MOST_CELLS);
    loop {
        let columns = (cells * width / height).sqrt().min(cells).round().max(1.0);
        let rows = (cells / columns).round().max(1.0);
        let grid = Grid {
            west: extent.west,
            south: extent.south,
            east: extent.east,
            north: extent.north,
            size: [width / columns, height / rows],
            per_degree: [columns / width, rows / height],
            columns: columns as u32,
            rows: rows as u32,
        };
        let boxes = areas
            .extents
            .iter()
            .filter(|extent| extent.west <= extent.east);
        let covered: f64 = boxes
            .map(|extent| {
                let wide = (extent.east - extent.west) * grid.per_degree[0] + 1.0;
                let high = (extent.north - extent.south) * grid.per_degree[1] + 1.0;
                wide * high
            })
            .sum();
        if cells <= 1.0 || covered <= 4.0 * edges + cells + 1e5 {
            return grid;
        }
        cells = (cells / 2.0).max(1.0);
    }
}

/// The cells of one area's box, used again for the next.
#[derive(Default)]
struct Window {
    column: u32,
    row: u32,
    columns: u32,
    rows: u32,
    /// For each cell how many edges touch it; then where its edges start.
    touched: Vec<u32>,
    /// Whether an odd number of edges has its passage right after this cell's reference (of the row).
    turns: Vec<u8>,
    /// Cell of the window and edge.
    touches: Vec<(u32, u32)>,
}

/// A position in cells.
#[derive(Clone, Copy)]
struct Corner {
    at: [f64; 2],
    column: u32,
    row: u32,
    /// Whether it is far enough from the borders of its cell to touch no other.
    inside: bool,
}

impl Corner {
    #[inline]
    fn new(grid: &Grid, at: [f64; 2]) -> Self {
        let (x, y) = (grid.x(at[0]), grid.y(at[1]));
        let column = Grid::cell(x, grid.columns);
        let row = Grid::cell(y, grid.rows);
        let well = |share: f64| share > 2.0 * MARGIN && share < 1.0 - 2.0 * MARGIN;
        Self {
            at,
            column,
            row,
            inside: well(x - f64::from(column)) && well(y - f64::from(row)),
        }
    }
}

fn lay_out(areas: &Areas, grid: &Grid, range: std::ops::Range<u32>) -> Part {
    let mut part = Part::default();
    let mut window = Window::default();
    for area in range {
        let extent = areas.extent_of(area);
        if extent.west > extent.east {
            continue;
        }
        window.open(grid, extent);
        let rings = areas.firsts[area as usize] as usize..areas.firsts[area as usize + 1] as usize;
        for ring in rings {
            let (start, end) = (areas.rings[ring], areas.rings[ring + 1]);
            let mut from = Corner::new(grid, areas.vertices.at(start as usize));
            for vertex in start..end - 1 {
                let to = Corner::new(grid, areas.vertices.at(vertex as usize + 1));
                window.edge(grid, vertex, from, to);
                from = to;
            }
        }
        window.close(grid, area, &mut part);
    }
    part
}

/// The ends of an edge from the south to the north.
#[inline]
fn upwards(from: [f64; 2], to: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    if from[1] <= to[1] {
        (from, to)
    } else {
        (to, from)
    }
}

/// Set in `turns` when the reference lies on an edge.
const ON_EDGE: u8 = 2;

impl Window {
    fn open(&mut self, grid: &Grid, extent: gazetteer::Extent) {
        let column = |lon: f64, margin: f64| Grid::cell(grid.x(lon) + margin, grid.columns);
        let row = |lat: f64, margin: f64| Grid::cell(grid.y(lat) + margin, grid.rows);
        self.column = column(extent.west, -MARGIN);
        self.row = row(extent.south, -MARGIN);
        self.columns = column(extent.east, MARGIN) - self.column + 1;
        self.rows = row(extent.north, MARGIN) - self.row + 1;
        let cells = self.columns as usize * self.rows as usize;
        self.touched.clear();
        self.touched.resize(cells, 0);
        self.turns.clear();
        self.turns.resize(cells, 0);
        self.touches.clear();
    }

    /// Notes which cells an edge touches, and which references it passes.
    #[inline]
    fn edge(&mut self, grid: &Grid, vertex: u32, from: Corner, to: Corner) {
        let one = from.column == to.column && from.row == to.row && from.inside && to.inside;
        if !one {
            self.long_edge(grid, vertex, from.at, to.at);
            return;
        }
        if same(from.at, to.at) {
            // Its position is an end of its neighbours.
            return;
        }
        self.touch(from.column, from.row, vertex);
        let (low, high) = upwards(from.at, to.at);
        self.pass(grid, from.row, low, high);
    }

    #[inline]
    fn touch(&mut self, column: u32, row: u32, vertex: u32) {
        let cell = (row - self.row) * self.columns + column - self.column;
        self.touched[cell as usize] += 1;
        self.touches.push((cell, vertex));
    }

    /// As [`Self::edge`], of an edge that may touch more than one cell.
    fn long_edge(&mut self, grid: &Grid, vertex: u32, from: [f64; 2], to: [f64; 2]) {
        if same(from, to) {
            return;
        }
        let (low, high) = upwards(from, to);
        let (x0, y0) = (grid.x(low[0]), grid.y(low[1]));
        let (x1, y1) = (grid.x(high[0]), grid.y(high[1]));
        let first = Grid::cell(y0 - MARGIN, grid.rows).max(self.row);
        let last = Grid::cell(y1 + MARGIN, grid.rows).min(self.row + self.rows - 1);
        let slope = if y1 > y0 { (x1 - x0) / (y1 - y0) } else { 0.0 };
        for row in first..=last {
            // The part of the edge in this row and a little more.
            let (mut near, mut far) = (x0, x1);
            if y1 > y0 {
                let south = f64::from(row) - MARGIN;
                let north = f64::from(row + 1) + MARGIN;
                if y0 < south {
                    near = x0 + (south - y0) * slope;
                }
                if y1 > north {
                    far = x0 + (north - y0) * slope;
                }
            }
            let west = Grid::cell(near.min(far) - MARGIN, grid.columns).max(self.column);
            let east = Grid::cell(near.max(far) + MARGIN, grid.columns)
                .min(self.column + self.columns - 1);
            for column in west..=east {
                self.touch(column, row, vertex);
            }
            self.pass(grid, row, low, high);
        }
    }

    /// Notes after how many references of a row an edge passes their height.
    #[inline]
    fn pass(&mut self, grid: &Grid, row: u32, low: [f64; 2], high: [f64; 2]) {
        let lat = grid.reference_lat(row);
        if (low[1] <= lat) != (high[1] <= lat) {
            self.passes(grid, row, lat, low, high);
        }
    }

    /// As [`Self::pass`], of an edge that passes the height of the references.
    fn passes(&mut self, grid: &Grid, row: u32, lat: f64, low: [f64; 2], high: [f64; 2]) {
        // About where, then exactly: a reference is before the edge when it lies left of the way north.
        let share = (lat - low[1]) / (high[1] - low[1]);
        let about = grid.x(low[0] + share * (high[0] - low[0]));
        let mut column =
            Grid::cell(about, grid.columns).clamp(self.column, self.column + self.columns - 1);
        let turn = |column: u32| orientation(low, high, [grid.reference_lon(column), lat]);
        let end = self.column + self.columns;
        while column < end && turn(column) > 0.0 {
            column += 1;
        }
        while column > self.column && turn(column - 1) <= 0.0 {
            column -= 1;
        }
        let start = ((row - self.row) * self.columns) as usize;
        let mut on = column;
        while on < end && turn(on) == 0.0 {
            self.turns[start + (on - self.column) as usize] |= ON_EDGE;
            on += 1;
        }
        if column > self.column {
            self.turns[start + (column - self.column - 1) as usize] ^= 1;
        }
    }

    /// Writes the cells of the area down.
    fn close(&mut self, grid: &Grid, area: u32, part: &mut Part) {
        let before = part.edges.len() as u32;
        let mut next = before;
        for row in 0..self.rows {
            // From the east: an edge turns all references west of it.
            let mut odd = 0;
            let start = (row * self.columns) as usize;
            let cells = start..start + self.columns as usize;
            for cell in cells.clone().rev() {
                odd ^= self.turns[cell] & 1;
                self.turns[cell] = self.turns[cell] & ON_EDGE | odd;
            }
            for cell in cells {
                let count = self.touched[cell];
                let mut flags = 0;
                if self.turns[cell] & 1 != 0 {
                    flags |= ODD;
                }
                if self.turns[cell] & ON_EDGE != 0 {
                    flags |= UNSURE;
                }
                self.touched[cell] = next;
                if count > 0 || flags != 0 {
                    let column = self.column + (cell - start) as u32;
                    part.cells.push((self.row + row) * grid.columns + column);
                    part.entries.push(Entry {
                        area,
                        edges: next,
                        count_flags: count << 2 | flags,
                    });
                }
                next += count;
            }
        }
        part.edges.resize(next as usize, 0);
        for (cell, vertex) in &self.touches {
            let place = &mut self.touched[*cell as usize];
            part.edges[*place as usize] = *vertex;
            *place += 1;
        }
    }
}
#[cfg(test)]
mod tests;
