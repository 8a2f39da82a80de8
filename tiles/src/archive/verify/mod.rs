//! Checks an archive through and through.
//!
//! What the reference checker of `PMTiles` tests, and what it only prints or does not look at: order and overlap of entries,
//! whether `clustered` is true, and every tile: checksum, decoding, cap, rings, layers, attributes, bounds.

mod content;
mod described;
mod findings;
mod rings;
mod structure;

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;

pub use findings::{Check, Example, Findings, Found, MOST_EXAMPLES, Severity};

use self::content::{ContentChecker, Seen};
use self::structure::Walk;
use super::ArchiveError;
use super::read::{Archive, Stored};
use crate::MAX_ZOOM;

/// What to hold an archive to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Most bytes of a tile as it is stored.
    pub most_bytes: Option<u64>,
    /// Most features of a tile.
    pub most_features: Option<u64>,
    /// How many threads look into tiles.
    pub threads: usize,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            most_bytes: None,
            most_features: None,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// What a check saw and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Tiles that can be asked for.
    pub tiles: u64,
    /// Entries of directories, or rows or files.
    pub entries: u64,
    /// Features in the tiles that entries stand for.
    pub features: u64,
    /// What is wrong.
    pub findings: Findings,
}

/// Entries that a thread takes at once.
const BATCH: usize = 64;

/// Checks an archive of any container.
///
/// Damage inside is a finding; memory is 40 bytes for each different tile.
///
/// # Errors
///
/// [`ArchiveError`] when the file cannot be opened, or is no archive at all.
pub fn verify(path: &Path, options: &VerifyOptions) -> Result<Verification, ArchiveError> {
    let mut archive = Archive::open(path)?;
    let mut findings = Findings::default();
    if let Archive::Pmtiles(reader) = &archive {
        structure::header(reader.header(), reader.size(), &mut findings);
    }
    let described = match archive.describe() {
        Ok(described) => {
            described::metadata(&archive, &described, &mut findings);
            Some(described)
        }
        Err(error) => {
            findings.error(Check::Metadata, None, error.to_string());
            None
        }
    };
    let deepest = described.as_ref().and_then(|described| described.max_zoom);
    let deepest = deepest.unwrap_or(MAX_ZOOM).min(MAX_ZOOM);
    let (mut walk, seen, whole) = walk(&mut archive, deepest, options, &mut findings)?;
    if whole {
        if let Archive::Pmtiles(reader) = &archive {
            walk.finish(reader.header(), &mut findings);
        }
        if let Some(described) = &described {
            described::zooms(described, walk.first, walk.last, &mut findings);
            described::seen(described, &seen, &mut findings);
        }
    }
    findings.merge(seen.findings);
    Ok(Verification {
        tiles: walk.addressed,
        entries: walk.entries,
        features: seen.features,
        findings,
    })
}

/// Walks all entries; threads look into their tiles. Says whether the walk came to its end.
fn walk(
    archive: &mut Archive,
    deepest: u8,
    options: &VerifyOptions,
    findings: &mut Findings,
) -> Result<(Walk, Seen, bool), ArchiveError> {
    let mut walk = Walk::default();
    let threads = options.threads.max(1);
    let mut checkers = Vec::new();
    for _ in 0..threads {
        let own = Archive::open(archive.path())?;
        checkers.push(ContentChecker::new(own, options, deepest));
    }
    let (send, receive) = sync_channel::<Vec<Stored>>(2 * threads);
    let receive = Mutex::new(receive);
    let mut seen = Seen::default();
    let whole = std::thread::scope(|scope| {
        let running: Vec<_> = checkers
            .into_iter()
            .map(|mut checker| {
                let receive = &receive;
                scope.spawn(move || {
                    loop {
                        let batch = receive.lock().ok().and_then(|queue| queue.recv().ok());
                        let Some(batch) = batch else {
                            return checker.seen;
                        };
                        for entry in &batch {
                            checker.check(entry);
                        }
                    }
                })
            })
            .collect();
        let mut batch = Vec::with_capacity(BATCH);
        let whole = match archive.cursor() {
            Ok(mut cursor) => loop {
                match archive.next(&mut cursor) {
                    Ok(Some(entry)) => {
                        walk.note(&entry, archive, findings);
                        batch.push(entry);
                        if batch.len() == BATCH && send.send(std::mem::take(&mut batch)).is_err() {
                            break false;
                        }
                    }
                    Ok(None) => break true,
                    Err(error) => {
                        findings.error(Check::Directories, None, error.to_string());
                        break false;
                    }
                }
            },
            Err(error) => {
                findings.error(Check::Directories, None, error.to_string());
                false
            }
        };
        // A thread that is gone takes nothing more.
        let _ = send.send(batch);
        drop(send);
        for thread in running {
            match thread.join() {
                Ok(of_thread) => seen.merge(of_thread),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        whole
    });
    Ok((walk, seen, whole))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests;
