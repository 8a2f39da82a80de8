//! The words and endings that names which are not in the gazetteer are told by.

use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use gazetteer::{CharSet, FeatureClass};

static WORDS: &str = include_str!("../../lexicon/words.csv");
static ENDINGS: &str = include_str!("../../lexicon/endings.csv");

/// What a known place right before an ending does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    /// It is a part of the name: 芜湖|港.
    Keep,
    /// It stands for itself: 黄山市|某湖.
    Cut,
    /// There is no name without it.
    Need,
}

/// The end of a name that says what kind of place it is.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) text: &'static str,
    pub(super) class: FeatureClass,
    /// How many characters that are no known place may stand before it.
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) front: Front,
    /// Whether a stop or a verb must stand before the name.
    pub(super) is_strong: bool,
    bodies: Vec<&'static str>,
    follow: Vec<&'static str>,
}

impl Ending {
    /// Whether what stands around it forbids a name: 城|镇, 镇|化.
    pub(super) fn is_refused(&self, body: &str, after: &str) -> bool {
        body.ends_with(self.text)
            || self.bodies.iter().any(|end| body.ends_with(end))
            || self.follow.iter().any(|start| after.starts_with(start))
    }
}

/// Words by what they do, and endings by their first character.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Verbs by their last character.
    verbs: HashMap<char, Vec<&'static str>>,
    stops: HashSet<char>,
    /// By their first character, longest first.
    modifiers: HashMap<char, Vec<&'static str>>,
    topics: Vec<&'static str>,
    /// By their first character, longest first.
    endings: HashMap<char, Vec<Ending>>,
    pub(super) first_characters: CharSet,
}

impl Vocabulary {
    pub(super) fn embedded() -> &'static Self {
        static READ: OnceLock<Vocabulary> = OnceLock::new();
        READ.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut read = Self::default();
        for row in rows(WORDS) {
            let (word, role) = row.split_once(',').unwrap_or_default();
            let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else {
                continue;
            };
            match role {
                "verb" => read.verbs.entry(last).or_default().push(word),
                "stop" => drop(read.stops.insert(first)),
                "modifier" => read.modifiers.entry(first).or_default().push(word),
                _ => read.topics.push(word),
            }
        }
        for ending in rows(ENDINGS).filter_map(ending_of) {
            let first = ending.text.chars().next().unwrap_or(' ');
            read.endings.entry(first).or_default().push(ending);
        }
        for words in read.modifiers.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        for endings in read.endings.values_mut() {
            endings.sort_by_key(|ending| std::cmp::Reverse(ending.text.len()));
        }
        read.first_characters = read.endings.keys().copied().collect();
        read
    }

    /// Whether a text ends with a verb or with a character that no name holds.
    pub(super) fn stops(&self, text: &str) -> bool {
        text.chars().next_back().is_none_or(|last| {
            let verbs = self.verbs.get(&last).into_iter().flatten();
            self.stops.contains(&last) || verbs.into_iter().any(|verb| text.ends_with(verb))
        })
    }

    /// A text without the words of size, rank and kind that it begins with.
    pub(super) fn without_modifiers<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        while let Some(shorter) = rest.chars().next().and_then(|first| {
            let words = self.modifiers.get(&first)?;
            words.iter().find_map(|word| rest.strip_prefix(word))
        }) {
            rest = shorter;
        }
        rest
    }

    /// Whether a text holds a word that plans are about.
    pub(super) fn has_topic(&self, text: &str) -> bool {
        self.topics.iter().any(|topic| text.contains(topic))
    }

    /// The longest ending that a text begins with.
    pub(super) fn ending_at_start(&self, text: &str) -> Option<&Ending> {
        let endings = self.endings.get(&text.chars().next()?)?;
        endings.iter().find(|ending| text.starts_with(ending.text))
    }
}

/// The rows of a table below its comments and its header.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|row| !row.starts_with('#')).skip(1)
}

fn ending_of(row: &'static str) -> Option<Ending> {
    let mut cells = row.split(',');
    let mut next = || cells.next().unwrap_or("");
    let list = |cell: &'static str| cell.split(';').filter(|word| !word.is_empty()).collect();
    Some(Ending {
        text: next(),
        class: next().parse().ok()?,
        least: next().parse().ok()?,
        most: next().parse().ok()?,
        front: match next() {
            "keep" => Front::Keep,
            "cut" => Front::Cut,
            _ => Front::Need,
        },
        is_strong: next() == "strong",
        bodies: list(next()),
        follow: list(next()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        let vocabulary = Vocabulary::embedded();
        let endings: usize = vocabulary.endings.values().map(Vec::len).sum();
        assert_eq!(endings, rows(ENDINGS).count());
        let roles = ["verb", "stop", "modifier", "topic"];
        let known = |row: &str| roles.iter().any(|role| row.ends_with(&format!(",{role}")));
        assert!(rows(WORDS).all(known));
    }

    #[test]
    fn verbs_stop_and_modifiers_go() {
        let vocabulary = Vocabulary::embedded();
        assert!(vocabulary.stops("加快建设"));
        assert!(!vocabulary.stops("碧溪"));
        assert_eq!(vocabulary.without_modifiers("重要支线"), "");
        assert_eq!(vocabulary.without_modifiers("大型碧溪"), "碧溪");
        let ending = vocabulary.ending_at_start("高速公路、").expect("an ending");
        assert_eq!(ending.text, "高速公路");
        assert!(ending.is_refused("甲乙", "网建设"));
    }
}
