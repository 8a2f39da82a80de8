//! Damaged bytes on which the crate `parquet` panics are an error of the file, told like any other.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use parquet::errors::ParquetError;

use crate::Problem;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `read`; where it panics, what it worked on is not used again.
pub(super) fn caught<T>(
    what: &str,
    read: impl FnOnce() -> Result<T, ParquetError>,
) -> Result<T, Problem> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        // The error tells it: a report of a panic on top would be noise. Others are reported as before.
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !CATCHING.get() {
                before(panic);
            }
        }));
    });
    CATCHING.set(true);
    let done = catch_unwind(AssertUnwindSafe(read));
    CATCHING.set(false);
    match done {
        Ok(done) => done.map_err(|error| super::told(what, &error)),
        Err(_) => Err(Problem::damaged(
            what,
            "bytes that no encoding has",
            "what its metadata declare",
        )),
    }
}
