//! How a file is asked, and what came of it.

use std::io;

use input::InputError;

use super::format::RowFormat;

/// What is asked of the layer for each row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question {
    /// Which areas hold it, their borders left out: `within`.
    Within,
    /// Which areas hold it, their borders included: `intersects`.
    Intersects,
    /// Which features are nearest.
    Nearest {
        /// At most so many.
        most: usize,
        /// Within so many metres, inclusive, by geodesic.
        radius_m: f64,
    },
}

/// How a file is asked.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// What is asked.
    pub question: Question,
    /// A row for each match; else the first area of the layer, or the nearest feature, in one row.
    pub all: bool,
    /// Rows without a match are left out; else they come with nothing added.
    pub only_matches: bool,
    /// What rows come out as.
    pub format: RowFormat,
    /// The columns of its own that a table of features gets; empty: those of its first block.
    pub own_columns: Vec<String>,
    /// The attributes of the layer that are added; empty: all.
    pub added_columns: Vec<String>,
    /// What stands before the names of what is added.
    pub prefix: String,
    /// At least 1; changes nothing but the time.
    pub threads: usize,
}

/// What was read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchTotals {
    /// Rows of the file: those below and the rejects.
    pub rows: u64,
    /// Rows that made at least one match.
    pub matched: u64,
    /// Rows that made none.
    pub unmatched: u64,
    /// Rows that could not be asked.
    pub rejects: u64,
    /// Rows written: more than were read when each match gets one.
    pub written: u64,
    /// Of the rejects those whose position would be one with longitude and latitude the other way round.
    pub swapped: u64,
    /// Of the rows written as a table those that have attributes which the table has no column for: it was begun
    /// before they were seen.
    pub cut_short: u64,
}

/// Why a batch ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The answer cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    /// The layer was not made for the question.
    #[error(
        "the layer was read for another kind of question: areas hold positions, features are near them"
    )]
    Purpose,
}
