//! Vector tiles: from features in columns to one archive of tiles, a district or a country.
//!
//! Web Mercator, XYZ scheme. Inside, positions are whole numbers of a world of 2³² units a side ([`WorldPoint`]), so a
//! tile's grid is a shift away and two features that share a vertex share it at every zoom.

pub mod archive;
mod columns;
mod coord;
mod engine;
mod filter;
pub mod geometry;
mod mercator;
pub mod mvt;
mod plan;

pub use columns::{Counts, Rules};
pub use coord::{CoordError, MAX_ZOOM, TileCoord, hilbert_key};
pub use engine::{
    Feed, FeedFrom, JoinSmallest, Options, Phase, Progress, Report, Small, TilesError, ZoomReport,
    make, usual_memory,
};
pub use filter::{Filter, FilterError};
pub use mercator::{MAX_LATITUDE_DEG, WorldPoint};
pub use plan::{Cluster, Keep, Limits};
