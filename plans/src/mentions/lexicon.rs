//! Words that hold the name of a place and mean none.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static NOT_PLACES: &str = include_str!("../../lexicon/not-places.csv");

/// The table of words, read once.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashSet<&'static str>,
    longest: usize,
    /// A name, and the characters after which it is none.
    after: HashMap<&'static str, Vec<&'static str>>,
    common: HashSet<&'static str>,
}

impl Lexicon {
    pub(super) fn embedded() -> &'static Self {
        static READ: OnceLock<Lexicon> = OnceLock::new();
        READ.get_or_init(|| {
            let mut lexicon = Self::default();
            for row in NOT_PLACES
                .lines()
                .filter(|row| !row.starts_with('#'))
                .skip(1)
            {
                let mut cells = row.split(',');
                let (name, how) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
                match how {
                    "word" => {
                        lexicon.words.insert(name);
                        lexicon.longest = lexicon.longest.max(name.chars().count());
                    }
                    "after" => {
                        let before = cells.next().unwrap_or("").split(';').collect();
                        lexicon.after.insert(name, before);
                    }
                    _ => {
                        lexicon.common.insert(name);
                    }
                }
            }
            lexicon
        })
    }

    /// The length in bytes of the longest word that a text begins with.
    pub(super) fn word_at_start(&self, text: &str) -> Option<usize> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let found = ends
            .take(self.longest)
            .filter(|end| self.words.contains(&text[..*end]));
        found.last()
    }

    /// Whether a name is cut across two words here.
    pub(super) fn is_cut(&self, name: &str, before: &str) -> bool {
        let known = self.after.get(name);
        known.is_some_and(|starts| starts.iter().any(|start| before.ends_with(start)))
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
        assert!(lexicon.is_cut("成都", "加快形"));
        assert!(!lexicon.is_cut("成都", "四川省"));
        assert!(lexicon.is_common("资源"));
    }
}
