//! Codes that have a meaning of their own: the character sets of predefined `CMaps`, the order of the glyphs of
//! Adobe-GB1, and the encodings of simple fonts.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, MACINTOSH, SHIFT_JIS, WINDOWS_1252};

use super::cmap::number;

/// What the codes of a composite font are (ISO 32000-1, table 118).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Charset {
    /// Two bytes that are the number of a glyph.
    Glyphs,
    Utf8,
    Utf16,
    Utf32,
    /// A set of one and two bytes, or four.
    Legacy(&'static Encoding),
}

impl Charset {
    /// The set of a predefined `CMap`. The codes of `GBK-EUC-H` are GBK itself, whatever font they choose
    /// glyphs from. Sets of seven bits (`GB-H`) are not known.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let base = name.strip_suffix(b"-H").or(name.strip_suffix(b"-V"))?;
        let has = |part: &[u8]| base.windows(part.len()).any(|found| found == part);
        Some(match base {
            b"Identity" => Self::Glyphs,
            _ if has(b"UTF32") => Self::Utf32,
            _ if has(b"UTF8") => Self::Utf8,
            _ if base.starts_with(b"Uni") => Self::Utf16,
            b"GB-EUC" | b"GBpc-EUC" | b"GBK-EUC" | b"GBKp-EUC" | b"GBK2K" => Self::Legacy(GB18030),
            b"B5pc" | b"ETen-B5" | b"ETenms-B5" | b"HKscs-B5" => Self::Legacy(BIG5),
            b"83pv-RKSJ" | b"90ms-RKSJ" | b"90msp-RKSJ" | b"90pv-RKSJ" => Self::Legacy(SHIFT_JIS),
            b"KSC-EUC" | b"KSCms-UHC" | b"KSCms-UHC-HW" | b"KSCpc-EUC" => Self::Legacy(EUC_KR),
            _ => return None,
        })
    }

    /// The length of the first code of a string, in bytes.
    pub(super) fn length(self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        let length = match self {
            Self::Glyphs => 2,
            Self::Utf32 => 4,
            Self::Utf16 => match first {
                0xd8..=0xdb => 4,
                _ => 2,
            },
            Self::Utf8 => match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xff => 4,
                _ => 1,
            },
            Self::Legacy(set) => match (first, bytes.get(1)) {
                (0..=0x80 | 0xff, _) => 1,
                (0xa1..=0xdf, _) if set == SHIFT_JIS => 1,
                (_, Some(b'0'..=b'9')) if set == GB18030 => 4,
                _ => 2,
            },
        };
        length.min(bytes.len())
    }

    /// Writes what a code means behind a text. Tells whether it means anything.
    pub(super) fn mean(self, code: &[u8], into: &mut String) -> bool {
        let before = into.len();
        match self {
            Self::Glyphs => {}
            Self::Utf32 => into.extend(char::from_u32(number(code))),
            Self::Utf8 => into.push_str(std::str::from_utf8(code).unwrap_or_default()),
            Self::Utf16 => {
                let units = code
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                into.extend(char::decode_utf16(units).map_while(Result::ok));
            }
            Self::Legacy(set) => {
                let text = set.decode_without_bom_handling_and_without_replacement(code);
                into.push_str(text.as_deref().unwrap_or_default());
            }
        }
        into.len() > before
    }
}

/// Where rows of GB 2312 begin among the glyphs of Adobe-GB1, the first code of each, and the length, beside
/// the Han characters (Adobe Technical Note 5079).
const GB_ROWS: [(u32, u16, u32); 15] = [
    (96, 0xa1a1, 94),
    (190, 0xa2b1, 50),
    (240, 0xa2e5, 10),
    (250, 0xa2f1, 12),
    (262, 0xa3a1, 94),
    (356, 0xa4a1, 83),
    (439, 0xa5a1, 86),
    (525, 0xa6a1, 24),
    (549, 0xa6c1, 53),
    (602, 0xa7a1, 33),
    (635, 0xa7d1, 33),
    (668, 0xa8a1, 32),
    (700, 0xa8c5, 38),
    (738, 0xa9a4, 76),
    (908, 0xaba1, 32),
];
/// The glyphs of the Han characters of GB 2312.
const HAN: std::ops::RangeInclusive<u32> = 940..=7702;
/// The first Han character of the second level. Five places are empty before it.
const SECOND_LEVEL: u32 = 4695;

/// The character of a glyph of Adobe-GB1, as far as GB 2312 and ASCII go.
pub(super) fn of_adobe_gb1(glyph: u32) -> Option<char> {
    let ascii = match glyph {
        1..=95 => Some(glyph + 0x1f),
        814..=907 => Some(glyph - 814 + 0x21),
        7716 => Some(0x20),
        _ => None,
    };
    if ascii.is_some() {
        return ascii.and_then(char::from_u32);
    }
    let code = if HAN.contains(&glyph) {
        let place = glyph - HAN.start() + if glyph >= SECOND_LEVEL { 5 } else { 0 };
        let code = 0xb0a1 + ((place / 94) << 8) + place % 94;
        u16::try_from(code).ok()?
    } else {
        let (start, first, _) = GB_ROWS
            .iter()
            .find(|(start, _, length)| (*start..start + length).contains(&glyph))?;
        first + u16::try_from(glyph - start).ok()?
    };
    let mut text = String::new();
    Charset::Legacy(GB18030).mean(&code.to_be_bytes(), &mut text);
    text.chars().next()
}

/// The encoding of a simple font (ISO 32000-1, annex D).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Latin {
    Windows,
    Macintosh,
    /// That of Type 1 fonts.
    Standard,
}

impl Latin {
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"WinAnsiEncoding" => Some(Self::Windows),
            b"MacRomanEncoding" => Some(Self::Macintosh),
            b"StandardEncoding" => Some(Self::Standard),
            _ => None,
        }
    }

    /// The character of a code.
    pub(super) fn character(self, code: u8) -> Option<char> {
        if code < b' ' {
            return None;
        }
        match (self, code) {
            (Self::Standard, 0x27 | 0xb9) => Some('’'),
            (Self::Standard, 0x60) => Some('‘'),
            (Self::Standard, 0xaa) => Some('“'),
            (Self::Standard, 0xba) => Some('”'),
            (Self::Standard, 0xb1) => Some('–'),
            (Self::Standard, 0xd0) => Some('—'),
            (Self::Standard, 0xb7) => Some('•'),
            (Self::Standard, 0xbc) => Some('…'),
            (Self::Standard, 0x80..) => None,
            (Self::Windows, _) => WINDOWS_1252
                .decode_without_bom_handling(&[code])
                .0
                .chars()
                .next(),
            (_, _) => MACINTOSH
                .decode_without_bom_handling(&[code])
                .0
                .chars()
                .next(),
        }
    }
}

/// The names of the printed characters of ASCII that are not their own names, and of the marks that Chinese
/// texts have (the Adobe Glyph List has 4,281).
const GLYPH_NAMES: [(&str, char); 68] = [
    ("Euro", '€'),
    ("ampersand", '&'),
    ("asciicircum", '^'),
    ("asciitilde", '~'),
    ("asterisk", '*'),
    ("at", '@'),
    ("backslash", '\\'),
    ("bar", '|'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("bullet", '•'),
    ("colon", ':'),
    ("comma", ','),
    ("copyright", '©'),
    ("degree", '°'),
    ("divide", '÷'),
    ("dollar", '$'),
    ("eight", '8'),
    ("ellipsis", '…'),
    ("emdash", '—'),
    ("endash", '–'),
    ("equal", '='),
    ("exclam", '!'),
    ("fi", 'ﬁ'),
    ("five", '5'),
    ("fl", 'ﬂ'),
    ("four", '4'),
    ("grave", '`'),
    ("greater", '>'),
    ("greaterequal", '≥'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("hyphen", '-'),
    ("less", '<'),
    ("lessequal", '≤'),
    ("minus", '−'),
    ("mu", 'µ'),
    ("multiply", '×'),
    ("nbspace", '\u{a0}'),
    ("nine", '9'),
    ("numbersign", '#'),
    ("one", '1'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("percent", '%'),
    ("period", '.'),
    ("periodcentered", '·'),
    ("perthousand", '‰'),
    ("plus", '+'),
    ("plusminus", '±'),
    ("question", '?'),
    ("quotedbl", '"'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesingle", '\''),
    ("registered", '®'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("six", '6'),
    ("slash", '/'),
    ("space", ' '),
    ("three", '3'),
    ("two", '2'),
    ("underscore", '_'),
];

/// The character of a glyph by its name: `comma`, `A`, `uni6210`, `u20000`, `zero.alt`.
pub(super) fn of_glyph_name(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if name == "zero" {
        return Some('0');
    }
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return Some(only);
    }
    if let Ok(at) = GLYPH_NAMES.binary_search_by_key(&name, |(known, _)| *known) {
        return Some(GLYPH_NAMES[at].1);
    }
    let digits = match name.strip_prefix("uni") {
        Some(digits) => (digits.len() == 4).then_some(digits),
        None => name
            .strip_prefix('u')
            .filter(|digits| (4..=6).contains(&digits.len())),
    }?;
    let digits = digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some(digits)?;
    u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_tables_are_character_sets() {
        for (name, code, character) in [
            ("GBK-EUC-H", &b"\xd6\xd8"[..], "重"),
            ("GBKp-EUC-V", b"A", "A"),
            ("GBK2K-H", b"\x84\x31\xa4\x37", "\u{fffd}"),
            ("UniGB-UCS2-H", b"\x91\xcd", "重"),
            ("UniGB-UTF16-H", b"\xd8\x40\xdc\x0b", "\u{2000b}"),
            ("UniCNS-UTF32-H", b"\0\0\x91\xcd", "重"),
            ("UniGB-UTF8-H", "重".as_bytes(), "重"),
            ("ETen-B5-H", b"\xad\xab", "重"),
        ] {
            let set = Charset::of(name.as_bytes()).expect(name);
            assert_eq!(
                set.length(&[code, b"\x42\x42"].concat()),
                code.len(),
                "{name}"
            );
            let mut text = String::new();
            assert!(set.mean(code, &mut text), "{name}");
            assert_eq!(text, character, "{name}");
        }
        assert_eq!(Charset::of(b"GB-H"), None);
        assert!(
            !Charset::of(b"GBK-EUC-H")
                .expect("known")
                .mean(b"\xff\xff", &mut String::new())
        );
    }

    #[test]
    fn glyphs_of_adobe_gb1_are_those_of_gb_2312() {
        for (glyph, character) in [
            (1, Some(' ')),
            (34, Some('A')),
            (97, Some('、')),
            (940, Some('啊')),
            (4694, Some('座')),
            (4695, Some('亍')),
            (7702, Some('齄')),
            (814, Some('!')),
            (0, None),
            (7703, None),
        ] {
            assert_eq!(of_adobe_gb1(glyph), character, "{glyph}");
        }
    }

    #[test]
    fn glyph_names_are_in_order_and_mean_characters() {
        assert!(GLYPH_NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (name, character) in [
            ("A", Some('A')),
            ("zero", Some('0')),
            ("comma", Some(',')),
            ("one.alt", Some('1')),
            ("uni6210", Some('成')),
            ("u2000B", Some('\u{2000b}')),
            (".notdef", None),
            ("g12", None),
            ("cid1234", None),
        ] {
            assert_eq!(of_glyph_name(name.as_bytes()), character, "{name}");
        }
        assert_eq!(Latin::Windows.character(0x97), Some('—'));
        assert_eq!(Latin::Standard.character(b'A'), Some('A'));
    }
}
