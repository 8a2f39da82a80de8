//! What the caller may say.

use std::path::PathBuf;

use input::features::{FeatureBatch, FeatureSource};

use crate::columns::Rules;
use crate::plan::{Cluster, Keep, Limits};

/// Features for one layer.
pub struct Feed {
    /// The layer of those that ask for none (`tippecanoe.layer` of a `GeoJSON` feature).
    pub layer: String,
    /// What is in the layer, for the archive's metadata.
    pub description: String,
    /// Where they come from.
    pub from: FeedFrom,
    /// What of them goes into tiles.
    pub rules: Rules,
}

/// Where features come from.
pub enum FeedFrom {
    /// A file.
    File(Box<FeatureSource>),
    /// Features made by the caller.
    Batches(Vec<FeatureBatch>),
}

/// How tiles are made. The default is that of `yutu tile`.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "choices that have nothing to do with each other"
)]
pub struct Options {
    /// First zoom, 0 to 20.
    pub minzoom: u8,
    /// Last zoom, 0 to 20; guessed from how close features are when `None`.
    pub maxzoom: Option<u8>,
    /// The most that a tile may hold.
    pub limits: Limits,
    /// Which features stay when a tile would hold too much.
    pub keep: Keep,
    /// Points that are drawn as one where they are close.
    pub cluster: Option<Cluster>,
    /// What a tile holds beyond each side of lines and polygons, in units of its grid (1/4096 of its side).
    pub buffer: u32,
    /// Tolerance of lines and polygons above the last zoom, in units of the grid.
    pub simplify: f64,
    /// What becomes of polygons that are too small to be seen.
    pub small: Small,
    /// Vertices of polygons at most this far apart become one, in units of 9 mm at the equator ([`crate::WorldPoint`]).
    pub snap_units: u32,
    /// Joins the smallest polygons of a zoom to others where tiles would be too full, instead of leaving them out.
    pub join_smallest: Option<JoinSmallest>,
    /// Adds for each layer with polygons a layer `…-labels` with one point a polygon.
    pub labels: bool,
    /// Joins lines of the same layer and attributes end to end, where exactly two meet, before they are simplified.
    pub coalesce: bool,
    /// Draws lines and polygons in the order of the input, not in that of the tiles.
    pub input_order: bool,
    /// Threads.
    pub threads: usize,
    /// Memory for points that wait to be sorted is a quarter of this, in bytes; lines and polygons stay in memory whatever it is.
    pub memory: u64,
    /// Level of gzip, 1 (fast) to 12 (small). Beyond 4 tiles become at most half a percent smaller and take half as long again to
    /// compress.
    pub level: u8,
    /// Makes one part of the archive: number from 1, and how many there are.
    pub part: Option<(u32, u32)>,
    /// Goes on where a run that was interrupted stopped.
    pub resume: bool,
    /// Replaces what is at the output's place.
    pub replace: bool,
    /// Makes a feature that cannot be read an error.
    pub strict: bool,
    /// Short name of the archive; that of the output when empty.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Whom to name on the map.
    pub attribution: String,
    /// Folder for features that wait on the disk; that of the output when `None`.
    pub folder: Option<PathBuf>,
}

/// What polygons that others are joined to say of them. They keep their own attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JoinSmallest {
    /// Attributes that are summed up.
    pub sums: Vec<String>,
    /// Whether each polygon has the number of those that it stands for, itself among them, as `polygon_count`.
    pub count: bool,
}

/// What becomes of polygons that are too small to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Small {
    /// Their area is gathered; where enough comes together, a small square stands for them. Polygons that share borders become part of
    /// a neighbour.
    #[default]
    Gather,
    /// Each becomes a small square.
    Keep,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            minzoom: 0,
            maxzoom: None,
            limits: Limits::default(),
            keep: Keep::default(),
            cluster: None,
            buffer: 80,
            simplify: 1.0,
            small: Small::default(),
            snap_units: 0,
            join_smallest: None,
            labels: false,
            coalesce: false,
            input_order: false,
            threads: 1,
            memory: 1 << 30,
            level: 4,
            part: None,
            resume: false,
            replace: false,
            strict: false,
            name: String::new(),
            description: String::new(),
            attribution: String::new(),
            folder: None,
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Features are read.
    Reading {
        /// Features so far.
        features: u64,
        /// Bytes of all files so far, as they lie on disk.
        bytes: u64,
        /// Bytes of all files; `None` when one of them does not tell.
        total: Option<u64>,
    },
    /// What each zoom shows is decided.
    Planning,
    /// Tiles are made.
    Tiling {
        /// Work done, in no unit.
        done: u64,
        /// All work.
        total: u64,
        /// Tiles so far.
        tiles: u64,
    },
    /// The archive is put together.
    Writing,
}

/// Returns a quarter of the machine's memory, in bytes: what [`Options::memory`] usually is.
#[must_use]
pub fn usual_memory() -> u64 {
    #[cfg(target_os = "linux")]
    {
        let system = rustix::system::sysinfo();
        #[expect(
            clippy::useless_conversion,
            reason = "its width is that of the processor"
        )]
        let total = u64::from(system.totalram) * u64::from(system.mem_unit);
        (total / 4).max(1 << 28)
    }
    #[cfg(not(target_os = "linux"))]
    {
        1 << 30
    }
}
