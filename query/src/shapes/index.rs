//! Shapes by number with a tree over runs of their pieces.

use gazetteer::{Extent, LonLat};
use geo::{Geometry, LineString, Polygon};

use super::pieces::{Edges, Piece, cut};
use crate::areas::{Areas, AreasBuilder, Side, same};
use crate::halves::{Item, NodeBox, around, arrange, halves, least_height, outward};

/// Pieces in a run.
const RUN: usize = 8;
/// Runs in a leaf.
const RUNS: usize = 2;

/// Consecutive pieces of one shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) shape: u32,
    pub(super) first: u32,
    pub(super) count: u32,
}

/// Points, lines and areas, and a tree over them.
#[derive(Debug, Default)]
pub struct ShapeIndex {
    pub(super) pieces: Vec<Piece>,
    pub(super) runs: Vec<Run>,
    pub(super) nodes: Vec<NodeBox>,
    pub(super) starts: Vec<u32>,
    /// An area a shape; without rings for points and lines.
    pub(super) areas: Areas,
    shapes: u32,
}

/// Fills a [`ShapeIndex`] shape by shape; the first is number 0.
#[derive(Debug, Default)]
pub struct ShapeIndexBuilder {
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    areas: AreasBuilder,
    edges: Edges,
    shapes: u32,
    edge: u32,
    first: usize,
}

impl ShapeIndexBuilder {
    /// A builder for shapes with edges of a kind.
    #[must_use]
    pub fn new(edges: Edges) -> Self {
        Self {
            edges,
            ..Self::default()
        }
    }

    /// Adds a position to the shape that is being made.
    pub fn point(&mut self, at: LonLat) {
        let at = [at.lon(), at.lat()];
        self.edge(at, at);
    }

    /// Adds a line (lon, lat in degrees) to the shape that is being made. Positions that are no numbers are left out.
    pub fn line(&mut self, positions: impl IntoIterator<Item = [f64; 2]>) {
        let mut before: Option<[f64; 2]> = None;
        let mut alone = true;
        for position in positions {
            if !position.iter().all(|value| value.is_finite()) {
                continue;
            }
            if let Some(before) = before {
                self.edge(before, position);
                alone = false;
            }
            before = Some(position);
        }
        if let (Some(only), true) = (before, alone) {
            self.edge(only, only);
        }
    }

    /// Adds a ring of an area to the shape that is being made: its edges, and what is inside by the even–odd rule.
    pub fn ring(&mut self, positions: impl IntoIterator<Item = [f64; 2]> + Clone) {
        let mut positions_again = positions.clone().into_iter();
        let first = positions_again.next();
        let last = positions_again.last();
        let open = first.filter(|first| last.is_some_and(|last| !same(last, *first)));
        self.areas.ring(positions.clone());
        self.line(positions.into_iter().chain(open));
    }

    /// Adds a geometry of `geo` (x longitude, y latitude) to the shape that is being made.
    pub fn geometry(&mut self, geometry: &Geometry<f64>) {
        let point = |at: &geo::Point<f64>| [at.x(), at.y()];
        match geometry {
            Geometry::Point(at) => self.line([point(at)]),
            Geometry::MultiPoint(all) => {
                for at in all {
                    self.line([point(at)]);
                }
            }
            Geometry::Line(line) => self.line([line.start, line.end].map(|at| [at.x, at.y])),
            Geometry::LineString(line) => self.line(positions(line)),
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.line(positions(line)));
            }
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPolygon(polygons) => {
                polygons.iter().for_each(|polygon| self.polygon(polygon));
            }
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(all) => {
                for part in all {
                    self.geometry(part);
                }
            }
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        self.ring(positions(polygon.exterior()));
        for hole in polygon.interiors() {
            self.ring(positions(hole));
        }
    }

    fn edge(&mut self, from: [f64; 2], to: [f64; 2]) {
        let pieces = &mut self.pieces;
        cut(from, to, self.edge, self.edges, &mut |piece| {
            pieces.push(piece);
        });
        self.edge += 1;
    }

    /// Ends the shape that is being made and begins the next. A shape may be empty: nothing is near it.
    pub fn end(&mut self) {
        let mut first = self.first;
        while first < self.pieces.len() {
            let count = RUN.min(self.pieces.len() - first);
            self.runs.push(Run {
                shape: self.shapes,
                first: number(first),
                count: number(count),
            });
            first += count;
        }
        self.areas.end();
        self.first = self.pieces.len();
        self.shapes += 1;
        self.edge = 0;
    }

    /// Builds the tree over the shapes that were ended. `threads` is at least 1 and changes nothing but the time.
    #[must_use]
    pub fn finish(self, threads: usize) -> ShapeIndex {
        let mut index = ShapeIndex {
            pieces: self.pieces,
            runs: Vec::with_capacity(self.runs.len()),
            nodes: Vec::new(),
            starts: Vec::new(),
            areas: self.areas.finish(),
            shapes: self.shapes,
        };
        if self.runs.is_empty() {
            return index;
        }
        let boxes: Vec<NodeBox> = self.runs.iter().map(|run| index.box_of(run)).collect();
        let mut items: Vec<Item> = (0..)
            .zip(&boxes)
            .map(|(id, around)| Item {
                space: std::array::from_fn(|axis| {
                    f64::from(around[axis]).midpoint(f64::from(around[axis + 3]))
                }),
                id,
            })
            .collect();
        let height = least_height(items.len(), RUNS);
        arrange(&mut items, height, threads.max(1));
        let leaves = 1_usize << height;
        let count = number(items.len());
        halves(0..count, height, &mut index.starts);
        index.starts.push(count);
        index.nodes = vec![EMPTY; 2 * leaves];
        for leaf in 0..leaves {
            let runs = index.starts[leaf] as usize..index.starts[leaf + 1] as usize;
            let boxes = items[runs].iter().map(|item| boxes[item.id as usize]);
            index.nodes[leaves + leaf] = boxes.fold(EMPTY, around);
        }
        for node in (1..leaves).rev() {
            index.nodes[node] = around(index.nodes[2 * node], index.nodes[2 * node + 1]);
        }
        index.runs = items
            .iter()
            .map(|item| self.runs[item.id as usize])
            .collect();
        index
    }
}

const EMPTY: NodeBox = [
    f32::INFINITY,
    f32::INFINITY,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NEG_INFINITY,
    f32::NEG_INFINITY,
];

/// As the arrays keep it: 2³² pieces would be half a terabyte.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn positions(line: &LineString<f64>) -> impl Iterator<Item = [f64; 2]> + Clone {
    line.0.iter().map(|at| [at.x, at.y])
}

impl ShapeIndex {
    /// How many shapes there are, empty ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shapes as usize
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shapes == 0
    }

    /// The box in degrees around all shapes; `None` when there are none.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        let ends = self.pieces.iter().flat_map(|piece| piece.ends);
        Extent::around(ends.map(|[lon, lat]| (lon, lat)))
    }

    /// The box in degrees around an area of a shape; `None` for points and lines.
    #[must_use]
    pub fn area_extent(&self, shape: u32) -> Option<Extent> {
        let extent = self.areas.extent_of(shape);
        (extent.west <= extent.east).then_some(extent)
    }

    /// On which side of the border of a shape's area a position is. What has no area has it outside.
    #[must_use]
    pub fn side(&self, shape: u32, at: LonLat) -> Side {
        self.areas.side(shape, at)
    }

    /// Calls `found` with each shape whose area has a position in it or on its border, in order.
    pub fn areas_at(&self, at: LonLat, found: impl FnMut(u32, Side)) {
        self.areas.at(at, found);
    }

    pub(super) fn pieces_of(&self, run: &Run) -> &[Piece] {
        &self.pieces[run.first as usize..(run.first + run.count) as usize]
    }

    /// The box around a run: around its chords, and as much more as they bend.
    fn box_of(&self, run: &Run) -> NodeBox {
        let mut least = [f64::INFINITY; 3];
        let mut greatest = [f64::NEG_INFINITY; 3];
        for piece in self.pieces_of(run) {
            let sag = f64::from(piece.sag_m);
            for end in piece.space {
                for axis in 0..3 {
                    least[axis] = least[axis].min(end[axis] - sag);
                    greatest[axis] = greatest[axis].max(end[axis] + sag);
                }
            }
        }
        let mut around = EMPTY;
        for axis in 0..3 {
            (around[axis], around[axis + 3]) = outward(least[axis], greatest[axis]);
        }
        around
    }
}
