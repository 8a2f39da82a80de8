//! Lines and polygons at every zoom: shared borders, simplification, clipping, valid rings.
//!
//! Whole numbers throughout and nothing read or written. [`Shapes`] are columns of points; [`Topology`] cuts
//! them into arcs.

mod clean;
mod junctions;
mod shapes;
mod significance;
mod snap;
mod topology;
mod wrap;

pub use shapes::{Kind, MAX_POINTS, Shapes, ShapesError};
pub use topology::{Topology, TopologyOptions, TopologyReport, WorldBox};
