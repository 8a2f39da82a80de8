//! What people read: aligned tables on stdout, messages and progress on stderr.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Writes a value as indented JSON with a last newline.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

/// Writes a line on stdout.
pub fn line(text: std::fmt::Arguments<'_>) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Writes rows with their columns aligned; a Chinese character is two columns wide.
pub fn table<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> io::Result<()> {
    let mut widths = header.map(width);
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let mut out = io::stdout().lock();
    let mut line = |cells: [&str; N]| -> io::Result<()> {
        let mut text = String::new();
        for (cell, most) in cells.into_iter().zip(widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', most - width(cell) + 2));
        }
        writeln!(out, "{}", text.trim_end())
    };
    line(header)?;
    rows.iter()
        .try_for_each(|row| line(row.each_ref().map(String::as_str)))
}

/// As [`table`], with columns that are known only now.
pub fn columns(header: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let mut out = io::stdout().lock();
    for cells in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let mut text = String::new();
        for (cell, most) in cells.iter().zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', most - width(cell) + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// At most so many characters for a cell; `--json` has all.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Terminal columns: East Asian wide and full-width characters take two.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// Writes an error with its causes on one line.
pub fn error(error: &anyhow::Error) {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // Many errors repeat their cause in their own words.
        if !text.ends_with(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    // Nothing is left to tell when stderr itself is gone.
    let _ = writeln!(io::stderr(), "error: {text}");
}

/// Says why the answer is no, unless quiet.
pub fn no(message: std::fmt::Arguments<'_>, quiet: bool) {
    if !quiet {
        let _ = writeln!(io::stderr(), "{message}");
    }
}

/// Says what was done, unless quiet.
pub fn note(message: std::fmt::Arguments<'_>, quiet: bool) {
    no(message, quiet);
}

/// A number of bytes for people: 1.5 MB.
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", value / 1e6),
        _ => format!("{:.2} GB", value / 1e9),
    }
}

/// Progress of a run: a bar on a terminal, a line at the end elsewhere, nothing when quiet.
pub struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// A run of so many steps.
    pub fn new(steps: u64, quiet: bool) -> Self {
        let bar = if quiet || !io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(steps)
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, quiet }
    }

    /// A run over the bytes of a file.
    pub fn of_bytes(quiet: bool) -> Self {
        let progress = Self::new(0, quiet);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {wide_msg}")
        {
            progress.bar.set_style(style);
        }
        progress
    }

    /// Says how far the bytes were read.
    pub fn bytes(&self, read: u64, of: u64, entries: u64) {
        self.bar.set_length(of);
        self.bar.set_position(read);
        self.bar.set_message(format!("{entries} places"));
    }

    /// Says how much of all is done, in no unit.
    pub fn share(&self, done: u64, of: u64, message: String) {
        self.bar.set_length(of);
        self.bar.set_position(done);
        self.bar.set_message(message);
    }

    /// Says how far the bytes of rows were read.
    pub fn rows(&self, read: u64, of: u64, rows: u64) {
        self.bar.set_length(of);
        self.bar.set_position(read);
        self.bar.set_message(format!("{rows} rows"));
    }

    /// Takes the bar away.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }

    /// Begins a step.
    pub fn step(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
        self.bar.inc(1);
    }

    /// Says something that the reader should know.
    pub fn warn(&self, message: &str) {
        if !self.quiet {
            self.bar.suspend(|| {
                let _ = writeln!(io::stderr(), "warning: {message}");
            });
        }
    }

    /// Ends the run with a line.
    pub fn finish(self, message: &str) {
        self.bar.finish_and_clear();
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{message}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_are_two_columns_wide() {
        assert_eq!(
            (width("km²"), width("广安市"), width("（二）"), width("a广")),
            (3, 6, 6, 3)
        );
    }
}
