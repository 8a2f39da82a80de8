//! From files to features in the order of the tiles.

use std::path::Path;
use std::sync::Mutex;

use input::ReadError;
use input::features::{BlockDone, FeatureBatch};

use super::error::TilesError;
use super::options::{Feed, FeedFrom, Options, Progress};
use crate::columns::{Features, GatherError, Gathering, Intake};

/// How many rejected rows are kept with their reasons.
const MOST_REJECTS: usize = 20;

/// Text that a block may keep, in bytes.
const MOST_TEXT: usize = 16 << 20;

/// Bytes of points that wait to be sorted, at most.
const MOST_WAITING: u64 = 112 << 20;

/// Reads all features.
pub(super) fn read(
    feeds: Vec<Feed>,
    folder: &Path,
    options: &Options,
    watch: &(dyn Fn(Progress) + Sync),
) -> Result<(Features, Vec<String>), TilesError> {
    // Points that wait take a quarter of the memory, and no more than keeps runs of any size alike.
    let waiting = (options.memory / 4).clamp(1 << 16, MOST_WAITING);
    let waiting = usize::try_from(waiting).unwrap_or(usize::MAX);
    let mut gathering = Gathering::new(folder, waiting, options.threads);
    let mut rejects = Vec::new();
    let sizes = feeds.iter().map(|feed| match &feed.from {
        FeedFrom::File(source) => source.facts().total_bytes,
        FeedFrom::Batches(_) => Some(0),
    });
    let total = sizes.sum::<Option<u64>>();
    let (mut features, mut before) = (0, 0);
    let mut first_number = 0;
    for feed in feeds {
        let take = |batch: &FeatureBatch| Intake::of(batch, &feed.layer, &feed.rules, first_number);
        match feed.from {
            FeedFrom::Batches(batches) => {
                for batch in &batches {
                    gathering.push(take(batch))?;
                    features += batch.features_read;
                }
            }
            FeedFrom::File(source) => {
                let file = source.facts().file.clone();
                let size = source.facts().total_bytes.unwrap_or(0);
                // The fold runs one block at a time; the lock is never waited for.
                let state = Mutex::new((&mut gathering, &mut rejects, &mut features));
                let in_order = |done: BlockDone<Intake>| -> Result<(), TilesError> {
                    let Ok(mut state) = state.lock() else {
                        return Ok(());
                    };
                    let (gathering, rejects, features) = &mut *state;
                    **features += done.features;
                    let mut intake = done.value;
                    intake.counts.rejected = done.rejects.len() as u64;
                    for reject in done.rejects {
                        if options.strict {
                            return Err(TilesError::Strict {
                                file: file.clone(),
                                origin: reject.origin,
                                problem: Box::new(reject.problem),
                            });
                        }
                        if rejects.len() < MOST_REJECTS {
                            rejects.push(format!("{file}, {}: {}", reject.origin, reject.problem));
                        }
                    }
                    gathering.push(intake)?;
                    watch(Progress::Reading {
                        features: **features,
                        bytes: before + done.bytes_read,
                        total,
                    });
                    Ok(())
                };
                let each = |batch: &mut FeatureBatch| {
                    if batch.raw.capacity() > MOST_TEXT {
                        // The text of an enormous feature is not needed beside its vertices.
                        batch.raw = Vec::new();
                    }
                    take(batch)
                };
                source
                    .read(options.threads, each, in_order)
                    .map_err(|error| match error {
                        ReadError::Input(error) => TilesError::Input(error),
                        ReadError::Refused(error) => error,
                    })?;
                before += size;
            }
        }
        first_number = features;
    }
    let features = gathering.finish(options.labels.then_some(options.threads))?;
    Ok((features, rejects))
}

impl From<GatherError> for TilesError {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Io(source) => Self::Spill { source },
            GatherError::TooMany(_) => Self::TooManyVertices,
            GatherError::TooMuch(_) => Self::TooMuchText,
        }
    }
}
