//! Whether a label is that of a heading, or a number inside a sentence.

use std::collections::HashMap;

use super::label::{Label, Style};

/// A label is that of a heading from this score on.
const ENOUGH: i32 = 4;
/// Headings that got lost between two that are there.
const LOST: u32 = 3;

/// Titles of one number that are kept: every chapter has a first section.
const MOST_TITLES: usize = 64;

/// What was counted so far.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The last number of each style.
    last: HashMap<Style, u32>,
    /// Titles of the contents list.
    titles: HashMap<(Style, u32), Vec<String>>,
}

/// Where a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// At the start of a paragraph, after one that has ended.
    AtStart,
    /// After 。 or right after another heading.
    AfterStop,
    /// After ： or ；: an item of a list, most often.
    InList,
    /// After other words, in an unbroken text.
    Inside,
    /// After ， or 、 or a word that refers to it.
    InSentence,
}

impl Evidence {
    /// Keeps a title of the contents list.
    pub(super) fn add_title(&mut self, label: &Label, title: &str) {
        let titles = self.titles.entry((label.style, label.number)).or_default();
        if titles.len() < MOST_TITLES && !titles.iter().any(|known| known == title) {
            titles.push(title.to_owned());
        }
    }

    /// The longest title of the contents list that the text after a label begins with.
    pub(super) fn listed<'t>(&self, label: &Label, rest: &'t str) -> Option<&'t str> {
        let titles = self.titles.get(&(label.style, label.number))?;
        let longest = titles
            .iter()
            .filter(|title| !title.is_empty() && rest.starts_with(title.as_str()))
            .map(String::len)
            .max()?;
        Some(&rest[..longest])
    }

    /// Whether a label is that of a heading.
    pub(super) fn admits(&self, label: &Label, title: &str, stands: Stands) -> bool {
        let mut score = match stands {
            Stands::AtStart | Stands::AfterStop => 2,
            Stands::Inside => 0,
            Stands::InList | Stands::InSentence => -3,
        };
        score += match self.last.get(&label.style) {
            Some(last) if label.number == last + 1 => 3,
            _ if label.number == 1 => 3,
            Some(last) if label.number > *last && label.number - last <= LOST => 1,
            Some(_) => -2,
            None => 0,
        };
        let mut characters = title.chars();
        if characters.by_ref().take(30).all(|c| c != '。') && characters.next().is_none() {
            score += 2;
        }
        if self.listed(label, title).is_some() {
            score += 2;
        }
        score >= ENOUGH
    }

    /// Counts a heading; those below it begin anew.
    pub(super) fn count(&mut self, label: &Label) {
        self.last.insert(label.style, label.number);
    }
}
