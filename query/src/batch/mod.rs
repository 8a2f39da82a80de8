//! A question for every row of a file.
//!
//! Rows are read in blocks on several threads ([`FeatureSource::read`]); each block is asked in the order of a curve,
//! so that neighbours are asked one after the other, and written in its own order. Rows come out as they came in, byte
//! by byte, with what was found added. At most two blocks a thread are in memory. A row that has no position to ask
//! from goes to the rejects, with its line and its reason: rows in are rows out and rejects, unless a row is asked to
//! come out for each match.

mod ask;
mod format;
mod options;
mod place;
mod run;
mod sums;

#[cfg(test)]
mod tests;

pub use format::RowFormat;
#[cfg(doc)]
use input::features::FeatureSource;
pub use options::{BatchError, BatchOptions, BatchTotals, Question};
pub use run::run;
pub(crate) use run::swapped;
pub use sums::{Aggregate, Sums, aggregate};
