//! What each zoom shows, decided before any tile is made.
//!
//! Every feature has one priority, the same at every zoom ([`priority`]). A zoom shows what is below its threshold, and no
//! more than the next deeper zoom: what is shown once stays. Thresholds are solved from histograms of bytes over
//! priorities; of a zoom only the heaviest tile is made for trial.

mod histogram;
mod points;
mod priority;
mod room;
mod shapes;
mod side_by_side;
mod space;
mod zoom;

pub(crate) use histogram::{Histogram, Threshold};
pub(crate) use points::{PointPlan, PointQuestion, Trial, plan_points, priorities, weigh};
pub(crate) use priority::{BUCKETS, Bucket, rank_of};
pub(crate) use room::Room;
pub(crate) use shapes::{ShapePlan, Weighed, demands, plan_shapes};
pub(crate) use zoom::guess;

/// The most that a tile may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes as stored (gzip); `None`: any number.
    pub bytes: Option<u64>,
    /// Features of all layers together; `None`: any number.
    pub features: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: Some(500_000),
            features: None,
        }
    }
}

/// Which features stay when a tile would hold too much.
#[derive(Debug, Clone, PartialEq)]
pub enum Keep {
    /// Even spacing: dense areas give way first. Among neighbours the one with the greatest value of an attribute stays.
    Densest {
        /// The attribute; chance decides without one.
        rank: Option<String>,
    },
    /// An even sample.
    Rate {
        /// What each zoom holds of the next deeper one, as a divisor (2.5: two fifths), whether tiles are full or not. Only full
        /// tiles lose features without one.
        divisor: Option<f64>,
    },
    /// The greatest values of an attribute.
    Rank {
        /// The attribute.
        attribute: String,
    },
}

impl Default for Keep {
    fn default() -> Self {
        Self::Densest { rank: None }
    }
}

/// Points that are drawn as one where they are close.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// How close, in pixels of a tile of 256; taken as the next smaller power of two.
    pub distance_px: u32,
    /// Attributes that are summed up.
    pub sums: Vec<String>,
    /// Attributes of which the mean is taken.
    pub means: Vec<String>,
}
