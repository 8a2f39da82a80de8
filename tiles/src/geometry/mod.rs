//! Lines and polygons at every zoom: shared borders, simplification, clipping, valid rings.
//!
//! Whole numbers throughout and nothing read or written. [`Shapes`] are columns of points; [`Topology`] cuts them into
//! arcs, each stretch of border once; a [`Level`] has the arcs of one zoom; a [`Tiler`] cuts features into the tiles of it.
//! What is simplified, dropped, joined or mended is an arc and never a ring, so neighbours change alike and no gap opens between them.
//!
//! A path that has a step of more than half the world goes the short way, over the antimeridian, unless both ends of the step are on
//! the edge of the world.
//!
//! # Examples
//!
//! ```
//! use tiles::WorldPoint;
//! use tiles::geometry::{
//!     DEFAULT_BUFFER_UNITS, Level, LevelOptions, Piece, SMALL_SIDE_UNITS, Shapes, SmallPolygons, TileWindow,
//!     Tiler, Topology, TopologyOptions,
//! };
//!
//! // A square about Chongqing, longitude first.
//! let corners = [(106.0, 29.0), (107.0, 29.0), (107.0, 30.0), (106.0, 30.0)];
//! let points = corners.map(|(lon, lat)| WorldPoint::from_lon_lat(lon, lat));
//! // One ring of four points, one part of one ring, one feature of one part.
//! let shapes = Shapes::polygons(points.to_vec(), vec![4], vec![1], vec![1])?;
//! let topology = Topology::build(shapes, &TopologyOptions::default());
//! let options = LevelOptions {
//!     tolerance_units: 1.0,
//!     small: SmallPolygons::Gather,
//!     small_side_units: SMALL_SIDE_UNITS,
//! };
//! let level = Level::build(&topology, 6, &options);
//! let mut tiler = Tiler::new(DEFAULT_BUFFER_UNITS);
//! let mut tiles = Vec::new();
//! tiler.visit(&topology, &level, 0, &TileWindow::whole(6), |piece| match piece {
//!     Piece::Paths { x, y, points, ends } => tiles.push((x, y, points.len(), ends.len())),
//!     Piece::Covered { .. } => {}
//! });
//! assert_eq!(tiles, [(50, 26, 4, 1), (51, 26, 4, 1)]);
//! # Ok::<(), tiles::geometry::ShapesError>(())
//! ```

mod box_tree;
mod clean;
mod coalesce;
mod cut;
mod dissolve;
mod extent;
mod filter;
mod gather;
mod grid;
mod junctions;
mod label;
mod level;
mod measure;
mod mend;
mod packed;
mod parts;
mod piece;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod samples;
mod shapes;
mod significance;
mod simple;
mod small;
mod snap;
mod strips;
mod tiler;
mod tolerance;
mod topology;
mod weigh;
mod weight;
mod world_box;
mod wrap;

pub use coalesce::{Coalesced, coalesce};
pub use grid::{EXTENT, TilePoint};
pub use level::Level;
pub use piece::ring_area_2;
pub use shapes::{Kind, MAX_POINTS, Shapes, ShapesError};
pub use tiler::{DEFAULT_BUFFER_UNITS, Piece, TileWindow, Tiler};
pub use tolerance::{CoarserArcs, LevelOptions, SMALL_SIDE_UNITS, SmallPolygons};
pub use topology::{Topology, TopologyOptions, TopologyReport};
pub use world_box::WorldBox;
