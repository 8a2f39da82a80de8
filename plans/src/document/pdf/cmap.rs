//! Tables of characters (`CMaps`): how a string falls into codes, and what the codes mean.

use super::lexer::{Item, Lexer, Stop};
use super::object::Object;
use super::ranges::Ranges;

/// Bytes of a code.
const LONGEST: usize = 4;
/// Ranges of codes that are looked at. Predefined tables have up to six.
const MOST_SPACES: usize = 64;
/// Characters of one code: ligatures have up to four.
const MOST_CHARACTERS: usize = 16;

/// A table in a file: a `ToUnicode` table, or the encoding of a font.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// Ranges of codes by their length in bytes.
    spaces: Vec<(usize, u32, u32)>,
    /// What the first code of each range means.
    meanings: Ranges<String>,
    /// The glyph of the first code of each range.
    glyphs: Ranges<u32>,
    /// The table that this one goes on from.
    pub base: Option<Vec<u8>>,
    pub is_vertical: bool,
}

impl CMap {
    /// Reads a table. What is wrong in it is passed over: a code that it does not explain has no meaning.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::of_content(bytes);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            match lexer.item() {
                Ok(Item::Value(value)) => operands.push(value),
                Ok(Item::Word(word)) => {
                    if word.starts_with(b"begin") {
                        // What stands before is its count.
                        operands.clear();
                    }
                    if map.take(word, &operands) {
                        operands.clear();
                    }
                }
                // A stray bracket; the lexer is past it.
                Err(Stop::Unclosed) => operands.clear(),
                Err(_) => break,
            }
        }
        map.meanings.sort();
        map.glyphs.sort();
        map
    }

    /// Takes what stands before a word. Tells whether the word ends something.
    fn take(&mut self, word: &[u8], operands: &[Object]) -> bool {
        match word {
            b"endcodespacerange" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some((first, length)), Some((last, _))) =
                        (code(&pair[0]), code(&pair[1]))
                    {
                        self.spaces.push((length, first, last));
                    }
                }
            }
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some((code, _)), Some(text)) = (code(&pair[0]), meaning(&pair[1])) {
                        self.meanings.push(code, code, text);
                    }
                }
            }
            b"endbfrange" => {
                for three in operands.chunks_exact(3) {
                    self.take_range(&three[0], &three[1], &three[2]);
                }
            }
            b"endcidchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some((code, _)), Some(glyph)) = (code(&pair[0]), glyph(&pair[1])) {
                        self.glyphs.push(code, code, glyph);
                    }
                }
            }
            b"endcidrange" => {
                for three in operands.chunks_exact(3) {
                    if let (Some((first, _)), Some((last, _)), Some(glyph)) =
                        (code(&three[0]), code(&three[1]), glyph(&three[2]))
                    {
                        self.glyphs.push(first, last, glyph);
                    }
                }
            }
            b"usecmap" => {
                self.base = operands.last().and_then(Object::name).map(<[u8]>::to_vec);
            }
            b"def" => {
                if let [.., Object::Name(name), Object::Integer(1)] = operands
                    && name == b"WMode"
                {
                    self.is_vertical = true;
                }
            }
            _ => return word.starts_with(b"end") || word.starts_with(b"begin"),
        }
        true
    }

    fn take_range(&mut self, first: &Object, last: &Object, target: &Object) {
        let (Some((first, _)), Some((last, _))) = (code(first), code(last)) else {
            return;
        };
        if let Some(each) = target.array() {
            for (code, text) in (first..=last).zip(each) {
                if let Some(text) = meaning(text) {
                    self.meanings.push(code, code, text);
                }
            }
        } else if let Some(text) = meaning(target) {
            self.meanings.push(first, last, text);
        }
    }

    /// Writes what a code means behind a text. Tells whether it means anything.
    pub(super) fn mean(&self, code: u32, into: &mut String) -> bool {
        let Some((text, further)) = self.meanings.find(code) else {
            return false;
        };
        let mut characters = text.chars();
        let Some(last) = characters.next_back() else {
            return false;
        };
        // Only the last one counts up.
        let Some(last) = u32::from(last)
            .checked_add(further)
            .and_then(char::from_u32)
        else {
            return false;
        };
        into.push_str(characters.as_str());
        into.push(last);
        true
    }

    /// The glyph of a code.
    pub(super) fn glyph(&self, code: u32) -> Option<u32> {
        let (glyph, further) = self.glyphs.find(code)?;
        glyph.checked_add(further)
    }

    /// The first code of a string, and its length. Without ranges of codes, two bytes are one.
    pub(super) fn next(&self, bytes: &[u8]) -> (u32, usize) {
        let mut code = 0;
        for (at, byte) in bytes.iter().take(LONGEST).enumerate() {
            code = code << 8 | u32::from(*byte);
            let length = at + 1;
            let within = |(of, first, last): &(usize, u32, u32)| {
                // Each byte is in the range of its own.
                let inside = |shift: u32| {
                    let [code, first, last] =
                        [code, *first, *last].map(|code| code >> shift & 0xff);
                    (first..=last).contains(&code)
                };
                *of == length && (0..4).all(|at| inside(8 * at))
            };
            if self.spaces.iter().take(MOST_SPACES).any(within) {
                return (code, length);
            }
        }
        let shortest = self.spaces.iter().map(|(length, ..)| *length).min();
        let length = shortest.unwrap_or(2).min(bytes.len());
        (number(&bytes[..length]), length)
    }
}

/// The number of up to four bytes.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn code(object: &Object) -> Option<(u32, usize)> {
    let bytes = object.text()?;
    (1..=LONGEST)
        .contains(&bytes.len())
        .then(|| (number(bytes), bytes.len()))
}

fn glyph(object: &Object) -> Option<u32> {
    object.integer().and_then(|glyph| u32::try_from(glyph).ok())
}

/// Characters in UTF-16. A code without any, or with one that no text has, is not explained.
fn meaning(object: &Object) -> Option<String> {
    let bytes = object.text()?;
    let units = bytes
        .chunks(2)
        .take(MOST_CHARACTERS)
        .map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            // Some programs write one byte for ASCII.
            _ => number(pair).try_into().unwrap_or(0),
        });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(map: &CMap, code: u32) -> Option<String> {
        let mut text = String::new();
        map.mean(code, &mut text).then_some(text)
    }

    #[test]
    fn codes_mean_what_the_table_says() {
        let map = CMap::read(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n\
              1 begincodespacerange <0000><FFFF> endcodespacerange\n\
              2 beginbfchar <0001><91CD5E86> <0002><D840DC0B> endbfchar\n\
              3 beginbfrange <0010><0012><5C71> <0020><0021>[<6210><90FD>] <0030><0031><FB00> endbfrange\n\
              endcmap",
        );
        assert_eq!(map.next(b"\0\x01\0"), (1, 2));
        assert_eq!(meant(&map, 1).as_deref(), Some("重庆"));
        assert_eq!(meant(&map, 2).as_deref(), Some("\u{2000b}"));
        assert_eq!(meant(&map, 0x12).as_deref(), Some("\u{5c73}"));
        assert_eq!(meant(&map, 0x21).as_deref(), Some("都"));
        for code in [0, 3, 0x13, 0x22] {
            assert_eq!(meant(&map, code), None);
        }
    }

    #[test]
    fn codes_have_the_lengths_of_their_ranges() {
        let map = CMap::read(
            b"/WMode 1 def 2 begincodespacerange <00><80> <8140><FEFE> endcodespacerange\n\
              1 begincidrange <8140><8150> 5 endcidrange 1 begincidchar <20> 1 endcidchar /GBK-EUC-H usecmap",
        );
        assert_eq!(map.next(b"\x41\x81"), (0x41, 1));
        assert_eq!(map.next(b"\x81\x41"), (0x8141, 2));
        assert_eq!(map.next(b"\x81"), (0x81, 1));
        assert_eq!(
            (map.glyph(0x8142), map.glyph(0x20), map.glyph(0x8151)),
            (Some(7), Some(1), None)
        );
        assert!(map.is_vertical);
        assert_eq!(map.base.as_deref(), Some(&b"GBK-EUC-H"[..]));
    }
}
