//! One pass over a file.

use std::convert::Infallible;
use std::sync::mpsc::{SyncSender, sync_channel};

use input::ReadError;
use input::features::{FeatureBatch, FeatureSource};

use crate::FormatError;
use crate::report::Report;
use crate::shaping::{Left, Shaping};
use crate::survey::{BlockSurvey, Survey, Surveyor};

/// The first pass: what the file holds. Rejects and notes of reading go into the report. `also`: what else is made of
/// each block, which `take` gets in the order of the file.
pub(crate) fn survey<T: Send>(
    source: FeatureSource,
    threads: usize,
    shaping: &Shaping,
    report: &mut Report,
    also: impl Fn(&FeatureBatch) -> T + Sync,
    mut take: impl FnMut(T) + Send,
) -> Result<Survey, FormatError> {
    let mut surveyor = Surveyor::default();
    let file = source.facts().file.clone();
    let totals = source.read(
        threads,
        |batch| {
            let left = shaping.apply(batch);
            (BlockSurvey::of(batch, shaping, left), also(batch))
        },
        |done| {
            for reject in &done.rejects {
                report.reject(|| format!("{file}, {}: {}", reject.origin, reject.problem));
            }
            let (survey, more) = done.value;
            report.left(survey.left);
            surveyor.take(survey);
            take(more);
            Ok::<(), Infallible>(())
        },
    );
    let totals = totals.map_err(|error| match error {
        ReadError::Input(error) => FormatError::Input(error),
        ReadError::Refused(never) => match never {},
    })?;
    report.notes.add(totals.notes);
    let survey = surveyor.finish(shaping);
    report.features += survey.features;
    Ok(survey)
}

/// Blocks that are encoded and wait to be taken.
const WAITING: usize = 2;

/// A pass that encodes blocks side by side and takes them in order, on the thread that calls. `report` is given on the only
/// pass there is.
pub(crate) fn encode<T: Send>(
    source: FeatureSource,
    threads: usize,
    shaping: &Shaping,
    report: Option<&mut Report>,
    each: impl Fn(&mut FeatureBatch) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let (send, receive) = sync_channel(WAITING);
    let file = source.facts().file.clone();
    let mut refused = None;
    let read = std::thread::scope(|scope| {
        let each = &each;
        let reading =
            scope.spawn(move || read(source, &file, threads, shaping, report, each, &send));
        for value in receive {
            if let Err(error) = take(value) {
                // The channel goes with the loop, and with it the reading.
                refused = Some(error);
                break;
            }
        }
        reading.join()
    });
    match (refused, read) {
        (Some(error), _) => Err(error),
        (None, Ok(done)) => done,
        (None, Err(panic)) => std::panic::resume_unwind(panic),
    }
}

fn read<T: Send>(
    source: FeatureSource,
    file: &str,
    threads: usize,
    shaping: &Shaping,
    mut report: Option<&mut Report>,
    each: &(impl Fn(&mut FeatureBatch) -> T + Sync),
    send: &SyncSender<T>,
) -> Result<(), FormatError> {
    let read = source.read(
        threads,
        |batch| {
            let left: Left = shaping.apply(batch);
            let features = batch.rows.iter().filter(|row| !row.continues).count();
            (each(batch), left, features as u64)
        },
        |done| {
            let (value, left, features) = done.value;
            if let Some(report) = &mut report {
                for reject in &done.rejects {
                    report.reject(|| format!("{file}, {}: {}", reject.origin, reject.problem));
                }
                report.left(left);
                report.features += features;
                report.notes.add(done.notes);
            }
            send.send(value).map_err(|_| ())
        },
    );
    match read {
        Ok(_) | Err(ReadError::Refused(())) => Ok(()),
        Err(ReadError::Input(error)) => Err(FormatError::Input(error)),
    }
}
