//! What can go wrong.

use crate::atomic::AtomicError;

/// Why a CSV file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// A row could not be made.
    #[error("cannot make a row for {name:?}: {source}")]
    Row {
        /// The name in the row.
        name: String,
        /// What the CSV writer said.
        source: csv::Error,
    },
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] AtomicError),
}
