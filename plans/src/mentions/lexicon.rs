//! Words that hold the name of a place and mean none.

use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use gazetteer::CharSet;

static NOT_PLACES: &str = include_str!("../../lexicon/not-places.csv");

/// The table of words, read once.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Words by their first character, longest first.
    words: HashMap<char, Vec<&'static str>>,
    pub(super) first_characters: CharSet,
    /// A name, and what it is none right after.
    after: HashMap<&'static str, Vec<&'static str>>,
    /// A name, and what it is none right before.
    before: HashMap<&'static str, Vec<&'static str>>,
    common: HashSet<&'static str>,
    /// First characters of the names that are none beside something.
    cut: CharSet,
}

impl Lexicon {
    pub(super) fn embedded() -> &'static Self {
        static READ: OnceLock<Lexicon> = OnceLock::new();
        READ.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut lexicon = Self::default();
        let rows = NOT_PLACES.lines().filter(|row| !row.starts_with('#'));
        for row in rows.skip(1) {
            let mut cells = row.split(',');
            let (name, how) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            let neighbours: Vec<&str> = cells.next().unwrap_or("").split(';').collect();
            match (how, name.chars().next()) {
                ("word", Some(first)) => lexicon.words.entry(first).or_default().push(name),
                ("after", Some(first)) => {
                    lexicon.cut.insert(first);
                    lexicon.after.insert(name, neighbours);
                }
                ("before", Some(first)) => {
                    lexicon.cut.insert(first);
                    lexicon.before.insert(name, neighbours);
                }
                _ => drop(lexicon.common.insert(name)),
            }
        }
        for words in lexicon.words.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        lexicon.first_characters = lexicon.words.keys().copied().collect();
        lexicon
    }

    /// The length in bytes of the longest word that a text begins with.
    pub(super) fn word_at_start(&self, text: &str) -> Option<usize> {
        let words = self.words.get(&text.chars().next()?)?;
        let found = words.iter().find(|word| text.starts_with(**word))?;
        Some(found.len())
    }

    /// Whether a name is cut across two words here.
    pub(super) fn is_cut(&self, before: &str, name: &str, after: &str) -> bool {
        if !name.starts_with(|first| self.cut.has(first)) {
            return false;
        }
        // 形|成都市 is cut like 形|成都.
        let beginnings = name
            .char_indices()
            .map(|(at, c)| &name[..at + c.len_utf8()]);
        let starts = beginnings
            .filter_map(|start| self.after.get(start))
            .flatten();
        let ends = self.before.get(name).into_iter().flatten();
        starts.into_iter().any(|start| before.ends_with(start))
            || ends.into_iter().any(|end| after.starts_with(end))
    }

    /// Whether a name is a common word that is a place only among places.
    pub(super) fn is_common(&self, name: &str) -> bool {
        self.common.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_boundaries_and_common_words_are_told_apart() {
        let lexicon = Lexicon::embedded();
        assert_eq!(
            lexicon.word_at_start("西部大开发新格局"),
            Some("西部大开发".len())
        );
        assert_eq!(lexicon.word_at_start("西部地区"), None);
        assert!(lexicon.is_cut("加快形", "成都", "市"));
        assert!(!lexicon.is_cut("四川省", "成都", "市"));
        assert!(lexicon.is_cut("特重", "大安", "全事故"));
        assert!(lexicon.is_common("资源"));
    }
}
