//! Spatial questions, one or a million: nearest, within, along, joins.
//!
//! All positions are WGS 84 (EPSG:4326), longitude first, in degrees; all distances are metres on the ellipsoid.
//!
//! | | |
//! |---|---|
//! | [`points`] | the nearest points and those within a radius, geodesically exact; an index that is saved and read where it lies |
//! | [`areas`] | which areas hold a position, by exact predicates |
//! | [`shapes`] | the nearest of points, lines and areas; what lies along a route |
//! | [`Layer`] | the features of a file, ready to be asked |
//! | [`batch`] | a question for every row of a file |

pub mod areas;
pub mod batch;
mod halves;
mod layer;
pub mod points;
pub mod shapes;
mod space;

pub use layer::{Attributes, Layer, LayerError, Purpose, Shapes, attributes_of};
