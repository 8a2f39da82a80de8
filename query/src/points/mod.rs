//! The nearest of many points, and all within a radius.
//!
//! [`PointIndex`] is an implicit tree over positions in space (metres on the WGS 84 ellipsoid): 32 points to a
//! leaf, each half of a node's points under one child. Order and membership are those of the geodesic: see
//! [`Search`]. The gazetteer keeps a packed R-tree of its own in its file of places: there 16 records follow each
//! other along a Hilbert curve as the text beside them does, which is what a file sorted on disk allows; here
//! the halves of a kd tree are nearer to what a million questions need (a third fewer boxes to look at).

mod build;
mod many;
mod nearest;
mod order;
mod saved;
mod tree;
mod visit;
mod within;

pub use nearest::{Neighbour, Search};
pub use order::CurveOrder;
pub use saved::{IndexAbout, IndexError, SavedIndex};
pub use tree::{Everything, Filter, PointIndex, PointTree};
