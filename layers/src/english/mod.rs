//! Map pages in English: names from the gazetteer, words and titles from a table written by hand.
//!
//! A text is cut into the longest words of the table ([`words.tsv`](words.tsv)) and names of the gazetteer; what is left is
//! taken for a name and romanised by its characters, unless it is too long to be one. A text with such a rest stays Chinese
//! and is reported.

mod phrases;
mod wrap;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use gazetteer::{FeatureClass, Gazetteer, latin_name, short_form};

use crate::map::{Inset, Label, Language, MapPage};

static WORDS: &str = include_str!("words.tsv");
/// Characters in a row that no word and no name of the gazetteer fits: more are a phrase, not a name.
const MOST_OF_NAME: usize = 3;
/// The longest word or name that is tried.
const LONGEST: usize = 24;

/// A page in English, and the texts of it that stay Chinese.
#[derive(Debug)]
pub struct EnglishPage {
    /// The page.
    pub page: MapPage,
    /// What has no English form, each once.
    pub untranslated: Vec<String>,
}

impl MapPage {
    /// The page in English. What cannot be said in it stays as it is and is listed.
    #[must_use]
    pub fn in_english(self, gazetteer: &Gazetteer) -> EnglishPage {
        let english = English::new(gazetteer);
        let page = english.page(self);
        EnglishPage {
            page,
            untranslated: english.untranslated.into_inner().into_iter().collect(),
        }
    }
}

/// Puts texts into English.
struct English<'g> {
    gazetteer: &'g Gazetteer,
    untranslated: RefCell<BTreeSet<String>>,
}

fn words() -> &'static HashMap<&'static str, &'static str> {
    static TABLE: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = WORDS.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once('\t')).collect()
    })
}

/// The words of the table that do not begin with a Chinese character.
fn marks() -> &'static [&'static str] {
    static MARKS: OnceLock<Vec<&str>> = OnceLock::new();
    MARKS.get_or_init(|| {
        words()
            .keys()
            .copied()
            .filter(|word| !word.starts_with(is_chinese))
            .collect()
    })
}

/// Whether a character is Chinese, so that an English page has a word for it.
fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
enum Piece<'t> {
    /// A word of the table.
    Word(&'static str),
    /// A name of the gazetteer.
    Name(String),
    /// Letters and figures.
    Plain(&'t str),
    /// Characters that nothing fits.
    Rest(&'t str),
}

impl<'g> English<'g> {
    fn new(gazetteer: &'g Gazetteer) -> Self {
        Self {
            gazetteer,
            untranslated: RefCell::default(),
        }
    }

    fn page(&self, page: MapPage) -> MapPage {
        let mut page = page;
        page.language = Language::English;
        page.title = self.text(&page.title.replace('\n', ""));
        page.subtitle = self.text(&page.subtitle);
        page.citation = self.text(&page.citation);
        page.sources = self.text(&page.sources);
        for group in &mut page.legend {
            group.heading = self.text(&group.heading);
            for item in &mut group.items {
                item.name = self.text(&item.name);
                item.count = item.count.as_deref().map(|count| self.text(count));
                item.note = item.note.as_deref().map(|note| self.text(note));
            }
        }
        for label in page
            .drawings
            .iter_mut()
            .filter_map(|drawing| drawing.label.as_mut())
        {
            self.label(label);
        }
        for area in page.ground.areas.iter_mut().chain(&mut page.ground.locator) {
            area.name = self.name(&area.name);
        }
        for river in &mut page.ground.rivers {
            river.name = self.name(&river.name);
        }
        if let Some(Inset::Part { title, .. }) = &mut page.inset {
            *title = self.text(title);
        }
        page
    }

    fn label(&self, label: &mut Label) {
        // Where a Chinese name is broken or cut no English one is.
        let lines: Vec<String> = match &label.names[..] {
            [] => vec![wrap::label(
                &self.text(&label.text.replace('\n', "")),
                wrap::MOST_LINES,
            )],
            [one] => vec![wrap::label(&self.text(one), wrap::MOST_LINES)],
            several => several
                .iter()
                .map(|name| wrap::label(&self.text(name), 1))
                .collect(),
        };
        label.text = lines.join("\n");
        label.names.clear();
        label.note = label.note.as_deref().map(|note| self.text(note));
    }

    /// The name of a place of the ground.
    fn name(&self, name: &str) -> String {
        if name.is_empty() || !name.contains(is_chinese) {
            return name.to_owned();
        }
        match latin_name(name) {
            Some(latin) => latin.text,
            None => self.stays(name),
        }
    }

    /// Reports a text that stays Chinese.
    fn stays(&self, text: &str) -> String {
        self.untranslated.borrow_mut().insert(text.to_owned());
        text.to_owned()
    }

    /// A text in English; as it is, and reported, where a part of it cannot be said.
    fn text(&self, text: &str) -> String {
        if !text.contains(is_chinese) {
            return text.to_owned();
        }
        // What a whole text says may differ from what it says in a name: 铁路 is Railways.
        let whole = words().get(format!("={text}").as_str());
        if let Some(known) = whole.or_else(|| words().get(text)) {
            return wrap::capital(known.trim());
        }
        let plain = phrases::prepared(text);
        match self.pieces(&plain).map(|pieces| wrap::joined(&pieces)) {
            // In Chinese fonts these are as wide as a character.
            Some(english) => wrap::capital(&english).replace(['“', '”'], "\""),
            None => self.stays(text),
        }
    }

    /// A text as words and names; `None` when too much of it is neither.
    fn pieces<'t>(&self, text: &'t str) -> Option<Vec<Piece<'t>>> {
        let mut pieces: Vec<Piece<'t>> = Vec::new();
        let mut rest: Option<usize> = None;
        let mut at = 0;
        let close = |pieces: &mut Vec<Piece<'t>>, from: Option<usize>, to: usize| {
            if let Some(from) = from {
                pieces.push(Piece::Rest(&text[from..to]));
            }
        };
        while at < text.len() {
            let after_rest = rest.is_some() || !pieces.is_empty();
            if let Some((piece, length)) = self.next(&text[at..], after_rest) {
                close(&mut pieces, rest.take(), at);
                pieces.push(piece);
                at += length;
            } else {
                rest.get_or_insert(at);
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        close(&mut pieces, rest, text.len());
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Rest(rest) => romanised(rest).map(Piece::Name),
                piece => Some(piece),
            })
            .collect()
    }

    /// The longest word or name that a text begins with, and its length in bytes.
    fn next<'t>(&self, text: &'t str, after_name: bool) -> Option<(Piece<'t>, usize)> {
        let plain = text.find(is_chinese).unwrap_or(text.len());
        let marked = |from: &str| marks().iter().any(|mark| from.starts_with(mark));
        if plain > 0 && !marked(text) {
            let mut ends = text[..plain].char_indices().skip(1).map(|(at, _)| at);
            let end = ends.find(|at| marked(&text[*at..])).unwrap_or(plain);
            return Some((Piece::Plain(&text[..end]), end));
        }
        let word = longest_word(text, after_name);
        let name = self.longest_name(text);
        match (word, name) {
            (Some((word, length)), Some((_, longer))) if length >= longer => {
                Some((Piece::Word(word), length))
            }
            (_, Some((name, length))) => Some((Piece::Name(name), length)),
            (Some((word, length)), None) => Some((Piece::Word(word), length)),
            (None, None) => None,
        }
    }

    /// The longest name of a unit or a river that a text begins with.
    fn longest_name(&self, text: &str) -> Option<(String, usize)> {
        let lengths = self.gazetteer.names_at_start(text);
        lengths.into_iter().rev().find_map(|length| {
            let name = &text[..length];
            if name.chars().count() < 2 {
                return None;
            }
            let known = self.gazetteer.find(name, None);
            let best = known.iter().find(|found| {
                let class = found.place.class;
                class.is_administrative()
                    || matches!(
                        class,
                        FeatureClass::River | FeatureClass::Lake | FeatureClass::Mountain
                    )
            })?;
            let place = &best.place;
            let unit = place.class.is_administrative();
            // 重庆 before 市 is the same place.
            let latin = if unit && short_form(place.name) == short_form(name) {
                self.gazetteer.latin(place)?
            } else {
                latin_name(name)?
            };
            Some((latin.text, length))
        })
    }
}

/// Characters that nothing fits, taken for a name; one alone is the rest of a word, and many are a phrase.
fn romanised(rest: &str) -> Option<String> {
    if let Some(line) = phrases::abbreviated(rest) {
        return Some(line);
    }
    let count = rest.chars().count();
    if !(2..=MOST_OF_NAME).contains(&count) {
        return None;
    }
    latin_name(rest).map(|latin| latin.text)
}

/// The longest word of the table that a text begins with. A word of one character is the end of a name, never its beginning.
fn longest_word(text: &str, after_name: bool) -> Option<(&'static str, usize)> {
    longest_of(text, after_name, LONGEST)
}

/// The same of the words of at most so many characters.
fn longest_of(text: &str, after_name: bool, most: usize) -> Option<(&'static str, usize)> {
    let ends = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take(most);
    let ends: Vec<usize> = ends.collect();
    let found = ends
        .iter()
        .rev()
        .find_map(|end| Some((*words().get(&text[..*end])?, *end)))?;
    let (_, end) = found;
    let mut characters = text[..end].chars();
    let single = characters
        .next()
        .filter(|first| characters.next().is_none() && ('一'..='龥').contains(first));
    if single.is_some_and(|first| !LINKS.contains(&first)) {
        let ends_here = !text[end..].starts_with(|next: char| ('一'..='龥').contains(&next))
            || longest_word(&text[end..], false).is_some();
        if !after_name || !ends_here {
            return None;
        }
    }
    Some(found)
}

/// Longer words of the table are whole names, which have words in them.
const MOST_OF_LINE: usize = 7;

/// How many characters of a Chinese text lie before the end of each word of the table and of what lies between words: names. A
/// word of one character that ends a name belongs to it.
pub(crate) fn word_ends(text: &str) -> Vec<usize> {
    let mut ends = BTreeSet::new();
    let (mut at, mut count, mut in_name) = (0, 0, false);
    let mut was_chinese = false;
    while let Some(first) = text[at..].chars().next() {
        let word = longest_of(&text[at..], in_name, MOST_OF_LINE).filter(|_| is_chinese(first));
        let length = word.map_or(first.len_utf8(), |(_, length)| length);
        let characters = text[at..at + length].chars().count();
        let belongs = in_name && characters == 1 && !LINKS.contains(&first);
        if word.is_some() {
            if belongs {
                ends.remove(&count);
            } else {
                ends.insert(count);
            }
            ends.insert(count + characters);
        }
        // Figures and letters begin a word of their own.
        let chinese = is_chinese(first);
        if was_chinese && !chinese {
            ends.insert(count);
        }
        was_chinese = chinese;
        in_name = word.is_none();
        at += length;
        count += characters;
    }
    ends.remove(&0);
    ends.into_iter().collect()
}

/// Words of one character that stand between names.
const LINKS: [char; 12] = [
    '和', '与', '及', '至', '的', '等', '经', '向', '到', '在', '以', '对',
];

#[cfg(test)]
mod tests;
