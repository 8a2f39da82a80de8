//! The `yutu` command: arguments in, calls to the rooms, results out.
//!
//! stdout carries the data that was asked for; everything else goes to stderr. Exit codes: 0 done, 1 the
//! answer is no, 2 wrong usage or any error.

mod args;
mod commands;
mod position;
mod report;

use std::process::ExitCode;

use clap::Parser;

/// How a command that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done; what was asked for is there.
    Done,
    /// Ran well, and the answer is no.
    No,
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = args::Arguments::parse();
    match commands::run(&arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::error(&error);
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of stdout went away: `yutu … | head` ends quietly.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
