//! Ranges of codes with a value each.

/// Ranges of codes and what the first code of each has. They are looked up after [`sort`](Self::sort).
#[derive(Debug)]
pub(super) struct Ranges<T>(Vec<(u32, u32, T)>);

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Ranges<T> {
    /// Adds a range, with its last code.
    pub(super) fn push(&mut self, first: u32, last: u32, value: T) {
        self.0.push((first, last, value));
    }

    /// Puts the ranges in order. Of two that begin with one code the later counts.
    pub(super) fn sort(&mut self) {
        self.0.reverse();
        self.0.sort_by_key(|(first, ..)| *first);
        self.0.dedup_by_key(|(first, ..)| *first);
    }

    /// The value of the range that a code is in, and how far in.
    pub(super) fn find(&self, code: u32) -> Option<(&T, u32)> {
        let after = self.0.partition_point(|(first, ..)| *first <= code);
        let (first, last, value) = self.0.get(after.checked_sub(1)?)?;
        (code <= *last).then(|| (value, code - first))
    }
}
