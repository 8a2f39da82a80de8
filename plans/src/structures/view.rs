//! The clean text with its names: what every rule looks at.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::names::Name;

/// A bracket or quotation that is longer than this, in bytes, protects nothing: it was not closed.
const LONGEST_ASIDE: usize = 360;

/// The text, its names and the words.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) text: &'a str,
    /// In order, none inside another.
    pub(super) names: &'a [Name],
    pub(super) words: &'a Lexicon,
}

impl<'a> View<'a> {
    /// The text of a range.
    pub(super) fn at(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or("")
    }

    /// The names that lie wholly in a range.
    pub(super) fn names_in(&self, range: &Range<usize>) -> &'a [Name] {
        let from = self
            .names
            .partition_point(|name| name.range.start < range.start);
        let to = self.names[from..].partition_point(|name| name.range.end <= range.end);
        &self.names[from..from + to]
    }

    /// The name that begins at a byte.
    pub(super) fn name_at(&self, at: usize) -> Option<&'a Name> {
        let index = self
            .names
            .binary_search_by_key(&at, |name| name.range.start)
            .ok()?;
        self.names.get(index)
    }

    /// The name that ends at a byte.
    pub(super) fn name_before(&self, at: usize) -> Option<&'a Name> {
        let index = self.names.partition_point(|name| name.range.end <= at);
        let name = self.names.get(index.checked_sub(1)?)?;
        (name.range.end == at).then_some(name)
    }

    /// Whether a byte lies inside a name, past its first.
    pub(super) fn is_inside_name(&self, at: usize) -> bool {
        let index = self.names.partition_point(|name| name.range.end <= at);
        let name = self.names.get(index);
        name.is_some_and(|name| name.range.start < at && at < name.range.end)
    }

    /// Whether a range is one name and nothing else.
    pub(super) fn is_name(&self, range: &Range<usize>) -> Option<&'a Name> {
        self.name_at(range.start)
            .filter(|name| name.range.end == range.end)
    }

    /// A range cut at some characters that stand outside brackets, quotations and names.
    pub(super) fn split(&self, range: &Range<usize>, at: &[char]) -> Vec<Range<usize>> {
        let text = self.at(range);
        let mut parts = Vec::new();
        let mut from = range.start;
        let mut skip = 0;
        for (offset, found) in text.char_indices() {
            if offset < skip {
                continue;
            }
            if let Some(length) = aside(&text[offset..]) {
                skip = offset + length;
            } else if at.contains(&found) {
                parts.push(from..range.start + offset);
                from = range.start + offset + found.len_utf8();
            }
        }
        parts.push(from..range.end);
        parts
    }

    /// Where a word stands in a range, outside brackets, quotations and names.
    pub(super) fn find(&self, range: &Range<usize>, word: &str) -> Option<usize> {
        self.find_all(range, &[word]).next().map(|(at, _)| at)
    }

    /// Where some words stand in a range, outside brackets, quotations and names, in order; of two at one place
    /// the first of the list.
    pub(super) fn find_all<'w>(
        &self,
        range: &Range<usize>,
        words: &'w [&'w str],
    ) -> impl Iterator<Item = (usize, &'w str)> {
        let text = self.at(range);
        let start = range.start;
        let view = *self;
        let mut skip = 0;
        text.char_indices().filter_map(move |(offset, _)| {
            if offset < skip {
                return None;
            }
            if let Some(length) = aside(&text[offset..]) {
                skip = offset + length;
                return None;
            }
            let word = words
                .iter()
                .find(|word| text[offset..].starts_with(**word))?;
            if view.is_inside_name(start + offset) || view.name_at(start + offset).is_some() {
                return None;
            }
            skip = offset + word.len();
            Some((start + offset, *word))
        })
    }

    /// The same range without one of some words at its start.
    pub(super) fn without_start(&self, range: &Range<usize>, words: &[&str]) -> Range<usize> {
        let text = self.at(range);
        let length = words.iter().find(|word| text.starts_with(**word));
        range.start + length.map_or(0, |word| word.len())..range.end
    }
}

/// Where the last 的 of a text stands that ends an attribute; that of 目的地 does not.
pub(super) fn attribute(text: &str) -> Option<usize> {
    let found = text.rmatch_indices('的');
    found
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with('目'))
}

/// The length of the bracket or quotation that a text begins with, if it is closed within reach.
pub(super) fn aside(text: &str) -> Option<usize> {
    let open = text.chars().next()?;
    let close = match open {
        '（' => '）',
        '“' => '”',
        '《' => '》',
        '‘' => '’',
        _ => return None,
    };
    let mut depth = 0_u32;
    for (at, found) in text.char_indices() {
        if at > LONGEST_ASIDE {
            return None;
        }
        if found == open {
            depth += 1;
        } else if found == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + found.len_utf8());
            }
        }
    }
    None
}
