//! Fonts: how the bytes of a string fall into glyphs, what these mean, and how wide they are.

use std::borrow::Cow;

use super::PdfError;
use super::charset::{Charset, Latin, of_adobe_gb1, of_glyph_name};
use super::cmap::{CMap, number};
use super::file::{File, VALUE_COST};
use super::object::{Dictionary, Object};
use super::radicals;
use super::ranges::Ranges;

/// The width of a glyph of which nothing is said, in em.
const USUAL_WIDTH: f64 = 0.5;
/// The bit of a font descriptor's flags that says that its glyphs are no letters (ISO 32000-1, table 123).
const SYMBOLIC: i32 = 1 << 2;
/// How much of a name is told.
const MOST_NAME: usize = 60;
/// What an entry of a font's tables costs.
const ENTRY_COST: usize = 32;

/// A font of a page.
#[derive(Debug)]
pub(super) struct Font {
    /// As the file names it.
    pub name: String,
    /// The name of its encoding, for errors.
    pub encoding: Cow<'static, str>,
    to_unicode: Option<CMap>,
    codes: Codes,
    /// The widths of glyphs in em, by code or by glyph number.
    widths: Ranges<f64>,
    other_width: f64,
    pub is_vertical: bool,
}

/// What the codes of a font are.
#[derive(Debug)]
enum Codes {
    /// Single bytes, each with a character or without one.
    Bytes(Vec<Option<char>>),
    /// A predefined character set.
    Set { set: Charset, is_gb1: bool },
    /// A table in the file.
    Table { table: CMap, is_gb1: bool },
}

/// What a glyph is in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// Characters, which were written behind the text.
    Known,
    /// Nothing that is read: an ornament of a symbol font, a mark of no width.
    Ornament,
    Unknown,
}

/// A glyph of a string.
#[derive(Debug)]
pub(super) struct Glyph {
    pub meaning: Meaning,
    /// How far it moves, in em.
    pub width: f64,
    /// How many bytes of the string it is.
    pub length: usize,
    /// Whether it is the one byte 32, which word spacing widens.
    pub is_blank_byte: bool,
}

impl Font {
    /// Reads a font.
    pub(super) fn read(file: &File<'_>, font: &Dictionary) -> Result<Self, PdfError> {
        let base = file.entry(font, b"BaseFont")?;
        let name = base.name().map(told);
        let to_unicode = file.entry(font, b"ToUnicode")?;
        let to_unicode = match to_unicode.stream() {
            Some(stream) => Some(table(file, &file.data(stream, "character table")?)?),
            None => None,
        };
        let mut found = Self {
            name: name.unwrap_or_else(|| "without a name".to_owned()),
            encoding: "no encoding".into(),
            to_unicode,
            codes: Codes::Bytes(Vec::new()),
            widths: Ranges::default(),
            other_width: USUAL_WIDTH,
            is_vertical: false,
        };
        let kind = file.entry(font, b"Subtype")?;
        if kind.name() == Some(b"Type0") {
            found.read_composite(file, font)?;
        } else {
            found.read_simple(file, font, kind.name() == Some(b"Type3"))?;
        }
        found.widths.sort();
        Ok(found)
    }

    fn read_composite(&mut self, file: &File<'_>, font: &Dictionary) -> Result<(), PdfError> {
        let descendants = file.entry(font, b"DescendantFonts")?;
        let first = descendants.array().and_then(<[Object]>::first);
        let descendant = file.resolve(first.unwrap_or(&Object::Null))?;
        let none = Dictionary::new();
        let descendant = descendant.dictionary().unwrap_or(&none);
        let system = file.entry(descendant, b"CIDSystemInfo")?;
        let ordering = system
            .dictionary()
            .map(|system| file.entry(system, b"Ordering"))
            .transpose()?;
        let is_gb1 = ordering.as_deref().and_then(Object::text) == Some(b"GB1");

        let encoding = file.entry(font, b"Encoding")?;
        let mut set_name = encoding.name().map(<[u8]>::to_vec);
        if let Some(stream) = encoding.stream() {
            let table = table(file, &file.data(stream, "character table")?)?;
            let declared = file.entry(&stream.dictionary, b"UseCMap")?;
            let base = declared.name().map(<[u8]>::to_vec);
            set_name = base.or_else(|| table.base.clone());
            self.is_vertical = table.is_vertical;
            self.encoding = "an encoding of its own".into();
            self.codes = Codes::Table { table, is_gb1 };
        }
        if let Some(name) = set_name {
            self.encoding = told(&name).into();
            self.is_vertical |= name.ends_with(b"-V") || name == b"V";
            if let Some(set) = Charset::of(&name) {
                self.codes = Codes::Set { set, is_gb1 };
            }
        }
        if let Codes::Bytes(_) = self.codes {
            // Unknown, but of two bytes nearly always: what `ToUnicode` says of them is read.
            self.codes = Codes::Set {
                set: Charset::Glyphs,
                is_gb1: false,
            };
        }
        let default = file.entry(descendant, b"DW")?.number();
        self.other_width = default.unwrap_or(1000.0) / 1000.0;
        let widths = file.entry(descendant, b"W")?;
        self.read_widths(file, widths.array().unwrap_or_default())
    }

    /// Reads the widths of glyphs: `first [w w w]` or `first last w`.
    fn read_widths(&mut self, file: &File<'_>, widths: &[Object]) -> Result<(), PdfError> {
        let mut rest = widths.iter();
        let code = |object: &Object| object.integer().and_then(|code| u32::try_from(code).ok());
        while let (Some(first), Some(second)) = (rest.next(), rest.next()) {
            file.budget.pay(ENTRY_COST)?;
            let second = file.resolve(second)?;
            let Some(first) = code(first) else { continue };
            if let Some(each) = second.array() {
                file.budget.pay(ENTRY_COST * each.len())?;
                for (code, width) in (first..).zip(each) {
                    if let Some(width) = width.number() {
                        self.widths.push(code, code, width / 1000.0);
                    }
                }
            } else if let (Some(last), Some(width)) =
                (code(&second), rest.next().and_then(Object::number))
            {
                self.widths.push(first, last, width / 1000.0);
            }
        }
        Ok(())
    }

    fn read_simple(
        &mut self,
        file: &File<'_>,
        font: &Dictionary,
        is_drawn: bool,
    ) -> Result<(), PdfError> {
        let encoding = file.entry(font, b"Encoding")?;
        let described = encoding.dictionary();
        let base = match described {
            Some(described) => file
                .entry(described, b"BaseEncoding")?
                .name()
                .and_then(Latin::of),
            None => encoding.name().and_then(Latin::of),
        };
        let descriptor = file.entry(font, b"FontDescriptor")?;
        let none = Dictionary::new();
        let descriptor = descriptor.dictionary().unwrap_or(&none);
        let is_symbolic = file
            .entry(descriptor, b"Flags")?
            .integer()
            .is_some_and(|flags| flags & SYMBOLIC != 0);
        let is_embedded = descriptor.keys().any(|key| key.starts_with(b"FontFile"));
        if let Some(name) = encoding.name() {
            self.encoding = told(name).into();
        } else if described.is_some() {
            self.encoding = "an encoding of its own".into();
        }
        // A subset of a symbolic font gives its glyphs any codes.
        let latin = match base {
            Some(latin) => Some(latin),
            None if is_drawn || (is_symbolic && is_embedded) => None,
            None => Some(Latin::Standard),
        };
        let mut characters: Vec<Option<char>> = (0..=u8::MAX)
            .map(|code| latin.and_then(|latin| latin.character(code)))
            .collect();
        if let Some(described) = described {
            let differences = file.entry(described, b"Differences")?;
            let differences = differences.array().unwrap_or_default();
            file.budget.pay(ENTRY_COST * differences.len())?;
            let mut code = 0;
            for difference in differences {
                if let Some(next) = difference.size() {
                    code = next;
                } else if let Some(name) = difference.name() {
                    if let Some(character) = characters.get_mut(code) {
                        *character = of_glyph_name(name);
                    }
                    code = code.saturating_add(1);
                }
            }
        }
        self.codes = Codes::Bytes(characters);

        let unit = if is_drawn {
            let matrix = file.entry(font, b"FontMatrix")?;
            let first = matrix.array().and_then(<[Object]>::first);
            first.and_then(Object::number).unwrap_or(0.001).abs()
        } else {
            0.001
        };
        let missing = file.entry(descriptor, b"MissingWidth")?.number();
        self.other_width = missing.map_or(USUAL_WIDTH, |width| width * unit);
        let first = file.entry(font, b"FirstChar")?.size().unwrap_or(0);
        let widths = file.entry(font, b"Widths")?;
        for (code, width) in (first..=255).zip(widths.array().unwrap_or_default()) {
            let width = file.resolve(width)?;
            if let (Ok(code), Some(width)) = (u32::try_from(code), width.number()) {
                self.widths.push(code, code, width * unit);
            }
        }
        Ok(())
    }

    /// The first glyph of a string; what it means is written behind a text.
    pub(super) fn glyph(&self, bytes: &[u8], into: &mut String) -> Glyph {
        let before = into.len();
        let (code, length) = match &self.codes {
            Codes::Bytes(_) => (number(&bytes[..1.min(bytes.len())]), 1),
            Codes::Set { set, .. } => {
                let length = set.length(bytes);
                (number(&bytes[..length]), length)
            }
            Codes::Table { table, .. } => table.next(bytes),
        };
        let own = bytes.get(..length).unwrap_or_default();
        let is_known = self
            .to_unicode
            .as_ref()
            .is_some_and(|table| table.mean(code, into))
            || self.mean(code, own, into);
        let mut meaning = if is_known {
            Meaning::Known
        } else {
            Meaning::Unknown
        };
        if is_known {
            meaning = tidied(into, before);
        }
        let glyph = match &self.codes {
            Codes::Table { table, .. } => table.glyph(code).unwrap_or(code),
            _ => code,
        };
        // The glyph numbers of other sets are not known, but letters of one byte are half as wide as others.
        let width = match &self.codes {
            Codes::Set { set, .. } if *set != Charset::Glyphs => {
                if into[before..].is_ascii() && meaning == Meaning::Known {
                    self.other_width / 2.0
                } else {
                    self.other_width
                }
            }
            _ => self
                .widths
                .find(glyph)
                .map_or(self.other_width, |(width, _)| *width),
        };
        Glyph {
            meaning,
            width: if self.is_vertical { 1.0 } else { width },
            length: length.max(1),
            is_blank_byte: own == b" ",
        }
    }

    /// What a code means by the encoding.
    fn mean(&self, code: u32, own: &[u8], into: &mut String) -> bool {
        let before = into.len();
        match &self.codes {
            Codes::Bytes(characters) => {
                let character = characters.get(code as usize).copied().flatten();
                into.extend(character);
            }
            Codes::Set { set, is_gb1 } => {
                if *set == Charset::Glyphs && *is_gb1 {
                    into.extend(of_adobe_gb1(code));
                } else {
                    set.mean(own, into);
                }
            }
            Codes::Table { table, is_gb1 } => {
                let glyph = table.glyph(code).filter(|_| *is_gb1);
                into.extend(glyph.and_then(of_adobe_gb1));
            }
        }
        into.len() > before
    }
}

/// A name for a message.
fn told(name: &[u8]) -> String {
    String::from_utf8_lossy(&name[..name.len().min(MOST_NAME)]).into_owned()
}

/// Reads a table and pays for what it holds.
fn table(file: &File<'_>, bytes: &[u8]) -> Result<CMap, PdfError> {
    file.budget.pay(bytes.len().saturating_mul(VALUE_COST))?;
    Ok(CMap::read(bytes))
}

/// Makes the characters from a place on what a text has: no radicals, nothing that is not printed.
fn tidied(text: &mut String, from: usize) -> Meaning {
    let written: Vec<char> = text[from..].chars().collect();
    text.truncate(from);
    let mut meaning = Meaning::Ornament;
    for character in written {
        match character {
            // Fonts have one glyph for both.
            '\u{ad}' => {
                text.push('-');
                meaning = Meaning::Known;
            }
            // Brackets that Unicode takes for those of Chinese.
            '\u{2329}' | '\u{232a}' => {
                text.push(if character == '\u{2329}' {
                    '〈'
                } else {
                    '〉'
                });
                meaning = Meaning::Known;
            }
            // Two and three dashes in one glyph.
            '⸺' | '⸻' => {
                text.push_str(if character == '⸺' {
                    "——"
                } else {
                    "———"
                });
                meaning = Meaning::Known;
            }
            // The private characters of symbol fonts, and marks without a width.
            '\u{f000}'..='\u{f0ff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            '\t' | '\n' | '\r' => {
                text.push(' ');
                meaning = Meaning::Known;
            }
            '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{f0000}'.. => {
                text.truncate(from);
                return Meaning::Unknown;
            }
            _ if character.is_control() => {
                text.truncate(from);
                return Meaning::Unknown;
            }
            _ => {
                text.push(radicals::character(character));
                meaning = Meaning::Known;
            }
        }
    }
    meaning
}
