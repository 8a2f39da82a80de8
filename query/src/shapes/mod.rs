//! The nearest of points, lines and areas, and what lies along a route: distances on the ellipsoid.
//!
//! An edge is straight in degrees, as `GeoJSON` and planar programs mean it. (`PostGIS` takes edges of its type
//! `geography` as great circles, which lie up to 3.6 m beside for 10 km and 336 m for 100 km: densify before
//! comparing.) [`Edges::Geodesic`] takes them as shortest ways instead. The nearest position of an edge is found on
//! its chord in space, piece by piece of at most 5 km, once more on a sixteenth of that, and measured by geodesic:
//! true to a tenth of a millimetre.

mod apart;
mod foot;
mod index;
mod near;
mod pieces;
mod route;

pub use apart::{Apart, Origin};
pub use index::{ShapeIndex, ShapeIndexBuilder};
pub use near::ShapeNeighbour;
pub use pieces::Edges;
pub use route::{Beside, Route};
