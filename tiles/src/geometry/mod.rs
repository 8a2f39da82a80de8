//! Lines and polygons at every zoom: shared borders, simplification, clipping, valid rings.
//!
//! Whole numbers throughout and nothing read or written. [`Shapes`] are columns of points; [`Topology`] cuts
//! them into arcs, [`Level`] has the arcs of one zoom, and [`Tiler`] cuts features into the tiles of it.

mod clean;
mod coalesce;
mod dissolve;
mod grid;
mod junctions;
mod label;
mod level;
mod mend;
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
mod topology;
mod weight;
mod wrap;

pub use coalesce::{Coalesced, coalesce};
pub use grid::{EXTENT, TilePoint};
pub use level::{Level, LevelOptions, SmallPolygons};
pub use piece::ring_area_2;
pub use shapes::{Kind, MAX_POINTS, Shapes, ShapesError};
pub use tiler::{DEFAULT_BUFFER_UNITS, Piece, TileWindow, Tiler};
pub use topology::{Topology, TopologyOptions, TopologyReport, WorldBox};
