//! Which areas hold a position: exact, one position or a million.
//!
//! Edges are straight in degrees, as `GeoJSON` (RFC 7946, section 3.1.1) and planar programs mean them. What lies
//! inside is told by the even–odd rule over all rings of an area, so a bow-tie has two insides and a hole of a
//! hole is land again. Areas that cross ±180° have to be cut there (RFC 7946, section 3.1.9).
//!
//! [`Areas`] answers a single question by a look at every envelope, which is 50 µs for 50,000 of them: less than
//! any tree costs to build. [`CellMap`] answers millions.

mod build;
mod by_cell;
mod cells;
mod locate;
mod overlap;
mod set;
mod vertices;

pub use cells::CellMap;
pub use locate::Side;
pub(crate) use locate::same;
pub use overlap::{Overlap, overlap, straight_area_m2};
pub use set::{Areas, AreasBuilder};
