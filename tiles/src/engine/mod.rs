//! From features to an archive of tiles.
//!
//! Features are read once and kept in the order of the tiles; what each zoom shows is decided; then workers take pieces of
//! the quadtree, each with about as much work, and hand tiles to the archive. Neither the number of threads nor their luck
//! changes a byte.

mod clock;
mod crowd;
mod described;
mod error;
mod fit;
mod notes;
mod options;
mod painter;
mod parts;
mod planning;
mod print;
mod read;
mod reduce;
mod report;
mod run;
mod shapes;
mod tree;
mod weigh;
mod work;
mod zooms;

pub use error::TilesError;
pub use options::{Feed, FeedFrom, JoinSmallest, Options, Progress, Small, usual_memory};
pub use report::{Phase, Report, ZoomReport};
pub use run::make;
