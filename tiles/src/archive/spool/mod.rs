//! Tiles on their way: spools of tasks, their journal, and the order at the end.

mod file;
mod journal;
mod runs;
mod sink;
mod task;

pub use sink::{ArchiveSummary, Container, Fingerprint, PartOf, TileSink, ZoomSummary};
pub use task::TaskSpool;

pub(super) use runs::{DataReader, INDEX_BYTES, IndexEntry, Run, Runs, Spooled};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
mod tests;
