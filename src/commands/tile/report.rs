//! How far a run is, and what it did.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tiles::{Progress as Done, Report};

use crate::report::{Progress, note, size};

/// Shows how far a run is, on a terminal.
pub(super) struct Watcher {
    progress: Progress,
    last: Mutex<(Instant, Instant)>,
}

/// How often the terminal is written to.
const EVERY: Duration = Duration::from_millis(100);

impl Watcher {
    pub(super) fn new(quiet: bool) -> Self {
        let now = Instant::now();
        Self {
            progress: Progress::new(0, quiet),
            last: Mutex::new((now, now)),
        }
    }

    pub(super) fn watch(&self, done: Done) {
        let Ok(mut last) = self.last.lock() else {
            return;
        };
        let (begun, shown) = &mut *last;
        let first = matches!(done, Done::Planning | Done::Writing);
        if shown.elapsed() < EVERY && !first {
            return;
        }
        *shown = Instant::now();
        let seconds = begun.elapsed().as_secs_f64().max(0.001);
        match done {
            Done::Reading {
                features,
                bytes,
                total,
            } => {
                let total = total.unwrap_or(bytes);
                let text = format!(
                    "{features} features, {}",
                    pace(seconds, features, bytes, total)
                );
                self.progress.share(bytes, total, text);
            }
            Done::Planning => {
                self.progress.share(0, 1, "what each zoom shows".to_owned());
                *begun = Instant::now();
            }
            Done::Tiling { done, total, tiles } => {
                let text = format!("{tiles} tiles, {}", pace(seconds, tiles, done, total));
                self.progress.share(done, total, text);
            }
            Done::Writing => self.progress.share(1, 1, "writing".to_owned()),
            _ => {}
        }
    }

    pub(super) fn clear(self) {
        self.progress.clear();
    }
}

/// The rate, and the time that is left if it goes on so.
#[expect(clippy::cast_precision_loss, reason = "shown to the eye")]
fn pace(seconds: f64, count: u64, done: u64, total: u64) -> String {
    let left = seconds * (total.saturating_sub(done) as f64) / (done.max(1) as f64);
    format!("{:.0}/s, {left:.0} s left", count as f64 / seconds)
}

/// Says what was made and what was left out.
pub(super) fn tell(report: &Report, out: &Path, quiet: bool) {
    for reject in &report.rejects {
        note(format_args!("left out: {reject}"), quiet);
    }
    let counts = &report.counts;
    let more = counts.rejected.saturating_sub(report.rejects.len() as u64);
    if more > 0 {
        note(format_args!("left out: {more} more"), quiet);
    }
    for (count, what) in [
        (counts.empty, "features without a geometry"),
        (counts.filtered, "features filtered out"),
        (counts.clamped, "positions beyond 85.0511° put on the edge"),
    ] {
        if count > 0 {
            note(format_args!("{count} {what}"), quiet);
        }
    }
    for text in &report.notes {
        note(format_args!("{text}"), quiet);
    }
    for zoom in &report.zooms {
        let mut parts = Vec::new();
        for (count, what) in [
            (zoom.dropped, "not shown"),
            (zoom.clustered, "counted in another"),
            (zoom.joined, "part of others"),
            (zoom.too_small, "too small"),
            (zoom.given_up, "given up by single tiles"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if !parts.is_empty() {
            let (zoom, features) = (zoom.zoom, zoom.features);
            note(
                format_args!("zoom {zoom}: of {features} features {}", parts.join(", ")),
                quiet,
            );
        }
    }
    let archive = &report.archive;
    let first = archive.zooms.first().map_or(0, |zoom| zoom.zoom);
    let last = archive.zooms.last().map_or(0, |zoom| zoom.zoom);
    let largest = archive.zooms.iter().map(|zoom| zoom.largest_bytes).max();
    note(
        format_args!(
            "{}: {} tiles, zoom {first} to {last}, {}, largest tile {}",
            out.display(),
            archive.tiles,
            size(archive.bytes),
            size(largest.unwrap_or(0).into()),
        ),
        quiet,
    );
}
