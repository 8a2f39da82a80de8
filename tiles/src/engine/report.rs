//! What a run did.

use std::time::Duration;

use serde::Serialize;

use crate::archive::ArchiveSummary;
use crate::columns::Counts;

/// What a run did, and what it left out.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What was read.
    pub counts: Counts,
    /// Rows that make no feature: the first few, with file, place and reason.
    pub rejects: Vec<String>,
    /// The last zoom was guessed.
    pub guessed_maxzoom: bool,
    /// By zoom, what is shown and what is not.
    pub zooms: Vec<ZoomReport>,
    /// Sorted files that features went through; 0 when all stayed in memory.
    pub spilled_files: usize,
    /// Tiles that were made for trial.
    pub trial_tiles: u32,
    /// What is in the archive; of a part, in the part.
    pub archive: ArchiveSummary,
    /// Processor time by phase.
    pub phases: Vec<Phase>,
    /// Other things found in lines and polygons.
    pub notes: Vec<String>,
}

/// What a zoom shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ZoomReport {
    /// The zoom.
    pub zoom: u8,
    /// Features that are allowed here: all, but for their own zooms and the filter.
    pub features: u64,
    /// Features that are not shown, so that tiles keep the limits or the rate.
    pub dropped: u64,
    /// Points that are counted in another one.
    pub clustered: u64,
    /// Polygons that are part of another, or gathered in one, so that tiles keep the limits.
    pub joined: u64,
    /// Lines and polygons that are too small to be seen and were gathered or left out.
    pub too_small: u64,
    /// Features that single tiles gave up beyond that, each counted in each tile.
    pub given_up: u64,
    /// Tiles that gave up any.
    pub full_tiles: u64,
}

/// Processor time of a phase, of all threads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// What was done.
    pub name: &'static str,
    /// Processor time in milliseconds.
    pub cpu_ms: u64,
    /// Time on the clock in milliseconds, where the phase has the machine to itself.
    pub wall_ms: Option<u64>,
}

impl Phase {
    /// Adds more of the same phase.
    pub(super) fn add(&mut self, other: &Self) {
        self.cpu_ms += other.cpu_ms;
        let walls = self.wall_ms.zip(other.wall_ms);
        self.wall_ms = walls.map(|(one, other)| one + other);
    }

    pub(super) fn new(name: &'static str, cpu: Duration, wall: Option<Duration>) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            name,
            cpu_ms: ms(cpu),
            wall_ms: wall.map(ms),
        }
    }
}
