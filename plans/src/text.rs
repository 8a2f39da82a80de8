//! The text of a plan, cleaned for matching, with the way back to the bytes of its source.

use std::ops::Range;

use crate::clean::{fold, titles};

/// Text without the breaks that layout put into it. Every character knows where it stood.
///
/// [`new`](Self::new) only folds characters, for a name or a few words. [`clean`](crate::clean) makes the text of a
/// whole plan: one line a block, without page furniture.
#[derive(Debug, Clone, Default)]
pub struct CleanText {
    text: String,
    /// Stretches of the text and of the source that stand for each other, in order. A stretch ends where the next begins.
    runs: Vec<Run>,
}

/// A stretch of clean text and the bytes of the source that it stands for. When both are equally long, each
/// character stands for as many bytes as it has.
#[derive(Debug, Clone, Copy)]
struct Run {
    clean: u32,
    source: u32,
    source_end: u32,
}

/// A text that is not cleaned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// A text that may grow over 4 GiB: half-width marks become full-width ones of three bytes.
    #[error("{bytes} bytes: more than a third of 4 GiB of text")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

impl CleanText {
    /// Folds the characters of a text and drops its white space, but for one blank between two words in ASCII.
    ///
    /// # Errors
    /// When it is longer than a third of 4 GiB.
    pub fn new(source: &str) -> Result<Self, TextError> {
        let folded = fold::fold(source)?;
        let mut clean = Self::default();
        let mut from = 0;
        for (at, _) in folded.as_str().match_indices('\n') {
            clean.push_from(&folded, from..at);
            from = at + 1;
            if titles::are_words(&clean.text, &folded.text[from..]) {
                let source = folded.source_range(at..from);
                clean.push_str(" ", source);
            }
        }
        clean.push_from(&folded, from..folded.text.len());
        Ok(clean)
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a range of the clean text stood in the source, in bytes. What was put in by a repair stood nowhere: its
    /// range is empty.
    #[must_use]
    pub fn source_range(&self, range: Range<usize>) -> Range<usize> {
        self.source_range_after(range, 0)
    }

    /// The same, where so many [runs](Self::runs_until) are known to begin before it.
    pub(crate) fn source_range_after(&self, range: Range<usize>, known: usize) -> Range<usize> {
        let after = self.runs_until(range.start, known);
        let start = self.source_of(range.start, after);
        let start = start.map_or(0, |stood| stood.start);
        if range.end <= range.start {
            return start..start;
        }
        let last = range.end - 1;
        let end = self.source_of(last, self.runs_until(last, after));
        let end = end.map_or(start, |stood| stood.end);
        start..end.max(start)
    }

    /// How many runs begin at a byte of the clean text or before it, of which some are known to.
    pub(crate) fn runs_until(&self, at: usize, known: usize) -> usize {
        let begins = |run: &Run| run.clean as usize <= at;
        let rest = &self.runs[known..];
        // It is mostly one of the next: the ends of a stretch that doubles are looked at first.
        let mut near = 1;
        while rest.get(near - 1).is_some_and(begins) {
            near *= 2;
        }
        known + rest[..near.min(rest.len())].partition_point(begins)
    }

    /// The bytes of the source that the byte of the clean text stands for, after so many runs have begun.
    fn source_of(&self, at: usize, after: usize) -> Option<Range<usize>> {
        let run = self.runs.get(after.checked_sub(1)?)?;
        let clean_end = self
            .runs
            .get(after)
            .map_or(self.text.len(), |next| next.clean as usize);
        let source = run.source as usize..run.source_end as usize;
        if clean_end - run.clean as usize != source.len() {
            return Some(source);
        }
        let stood = source.start + (at - run.clean as usize);
        Some(stood.min(source.end)..(stood + 1).min(source.end))
    }

    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            runs: Vec::new(),
        }
    }

    /// Appends text that stands for a range of the source.
    pub(crate) fn push_str(&mut self, text: &str, source: Range<usize>) {
        let (start, end) = (as_u32(source.start), as_u32(source.end));
        if text.is_empty() {
            return;
        }
        let clean = as_u32(self.text.len());
        self.text.push_str(text);
        let even = text.len() == source.len();
        if let (true, Some(last)) = (even, self.runs.last_mut()) {
            let last_even = clean - last.clean == last.source_end - last.source;
            if last_even && last.source_end == start {
                last.source_end = end;
                return;
            }
        }
        self.runs.push(Run {
            clean,
            source: start,
            source_end: end,
        });
    }

    /// Appends a range of another text, with what it stands for.
    pub(crate) fn push_from(&mut self, other: &Self, range: Range<usize>) {
        let mut number = other
            .runs
            .partition_point(|run| run.clean as usize <= range.start)
            .saturating_sub(1);
        let mut at = range.start;
        while at < range.end {
            let Some(run) = other.runs.get(number) else {
                return;
            };
            number += 1;
            let run_end = other
                .runs
                .get(number)
                .map_or(other.text.len(), |next| next.clean as usize);
            let end = run_end.min(range.end);
            let source = run.source as usize..run.source_end as usize;
            let source = if run_end - run.clean as usize == source.len() {
                let from = source.start + (at - run.clean as usize);
                from..from + (end - at)
            } else {
                source
            };
            self.push_str(&other.text[at..end], source);
            at = end;
        }
    }
}

fn as_u32(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
