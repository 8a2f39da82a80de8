//! The words that the rules look for, from `lexicon/heads.csv`, `verbs.csv` and `clauses.csv`.

use std::collections::HashMap;
use std::sync::OnceLock;

static HEADS: &str = include_str!("../../lexicon/heads.csv");
static VERBS: &str = include_str!("../../lexicon/verbs.csv");
static WORDS: &str = include_str!("../../lexicon/clauses.csv");

/// How many structures a head noun makes of a list of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The thing names itself.
    Own,
    /// One for every place.
    Each,
    /// One for the list.
    Group,
    /// What a place is: the place names it.
    Role,
}

/// The last word of a structure's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) word: &'static str,
    pub(super) kind: &'static str,
    pub(super) shape: Shape,
}

/// A verb and what it says of the thing that it governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) word: &'static str,
    /// `existing`, `under_construction`, `planned`, `studied`, `expand`, `relocate`, `cooperate`; empty when it
    /// says nothing of the thing.
    pub(super) status: &'static str,
    pub(super) weight: u8,
}

/// What a word does in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Pace,
    Support,
    Inner,
    Designation,
    Tail,
    Class,
    Size,
    Fame,
    Relation,
    Industry,
    Mute,
    Role,
    Farm,
    Travel,
    Line,
    Section,
}

const USES: [(&str, Use); 16] = [
    ("pace", Use::Pace),
    ("support", Use::Support),
    ("inner", Use::Inner),
    ("designation", Use::Designation),
    ("tail", Use::Tail),
    ("class", Use::Class),
    ("size", Use::Size),
    ("fame", Use::Fame),
    ("relation", Use::Relation),
    ("industry", Use::Industry),
    ("mute", Use::Mute),
    ("role", Use::Role),
    ("farm", Use::Farm),
    ("travel", Use::Travel),
    ("line", Use::Line),
    ("section", Use::Section),
];

/// Words of one use, found at the start or the end of a text.
#[derive(Debug, Default)]
struct Words {
    set: std::collections::HashSet<&'static str>,
    /// In characters.
    longest: usize,
}

/// The words, read once.
#[derive(Debug)]
pub(super) struct Lexicon {
    heads: HashMap<&'static str, Head>,
    longest_head: usize,
    verbs: HashMap<&'static str, Verb>,
    longest_verb: usize,
    words: HashMap<Use, Words>,
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let rows = table.lines().filter(|row| !row.starts_with('#')).skip(1);
    rows.map(|row| row.split(',').collect())
}

impl Lexicon {
    /// The tables that come with the program.
    pub(super) fn embedded() -> &'static Self {
        static READ: OnceLock<Lexicon> = OnceLock::new();
        READ.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut lexicon = Self {
            heads: HashMap::new(),
            longest_head: 0,
            verbs: HashMap::new(),
            longest_verb: 0,
            words: HashMap::new(),
        };
        for row in rows(HEADS) {
            let [word, kind, shape] = row[..] else {
                continue;
            };
            let shape = match shape {
                "each" => Shape::Each,
                "group" => Shape::Group,
                "role" => Shape::Role,
                _ => Shape::Own,
            };
            lexicon.longest_head = lexicon.longest_head.max(word.chars().count());
            lexicon.heads.insert(word, Head { word, kind, shape });
        }
        for row in rows(VERBS) {
            let [word, status, weight] = row[..] else {
                continue;
            };
            let weight = weight.parse().unwrap_or(0);
            lexicon.verb(Verb {
                word,
                status,
                weight,
            });
        }
        for row in rows(WORDS) {
            let [name, word] = row[..] else { continue };
            let Some((_, of)) = USES.iter().find(|(known, _)| *known == name) else {
                continue;
            };
            let words = lexicon.words.entry(*of).or_default();
            words.set.insert(word);
            words.longest = words.longest.max(word.chars().count());
            if matches!(of, Use::Pace | Use::Support | Use::Inner) {
                lexicon.verb(Verb {
                    word,
                    status: "",
                    weight: 0,
                });
            }
        }
        lexicon
    }

    /// A verb that says something is not forgotten for one that only opens a clause.
    fn verb(&mut self, verb: Verb) {
        self.longest_verb = self.longest_verb.max(verb.word.chars().count());
        let known = self.verbs.entry(verb.word).or_insert(verb);
        if verb.weight > known.weight {
            *known = verb;
        }
    }

    /// The longest head noun that a text ends with.
    pub(super) fn head_at_end(&self, text: &str) -> Option<&Head> {
        suffixes(text, self.longest_head)
            .filter_map(|word| self.heads.get(word))
            .last()
    }

    /// The longest verb, or word of pace, that a text begins with.
    pub(super) fn verb_at_start(&self, text: &str) -> Option<&Verb> {
        prefixes(text, self.longest_verb)
            .filter_map(|word| self.verbs.get(word))
            .last()
    }

    /// The verb that a whole text is.
    pub(super) fn verb_of(&self, text: &str) -> Option<&Verb> {
        self.verbs.get(text)
    }

    /// Whether a text is a word of this use.
    pub(super) fn is(&self, of: Use, text: &str) -> bool {
        let words = self.words.get(&of);
        words.is_some_and(|words| words.set.contains(text))
    }

    /// The longest word of this use that a text begins with.
    pub(super) fn at_start<'t>(&self, of: Use, text: &'t str) -> Option<&'t str> {
        let words = self.words.get(&of)?;
        prefixes(text, words.longest)
            .filter(|word| words.set.contains(word))
            .last()
    }

    /// The longest word of this use that a text ends with.
    pub(super) fn at_end<'t>(&self, of: Use, text: &'t str) -> Option<&'t str> {
        let words = self.words.get(&of)?;
        suffixes(text, words.longest)
            .filter(|word| words.set.contains(word))
            .last()
    }

    /// Whether a text holds a word of this use.
    pub(super) fn within(&self, of: Use, text: &str) -> bool {
        let starts = text.char_indices();
        starts
            .into_iter()
            .any(|(at, _)| self.at_start(of, &text[at..]).is_some())
    }
}

/// Beginnings of a text of one character and more.
fn prefixes(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(most).map(|end| &text[..end])
}

/// Ends of a text of one character and more.
fn suffixes(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().rev().map(|(at, _)| at);
    starts.take(most).map(|start| &text[start..])
}
