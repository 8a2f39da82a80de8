//! Character references of web pages.

use encoding_rs::WINDOWS_1252;

/// The longest reference that is looked at, in bytes.
const LONGEST: usize = 12;

/// Those that pages in Chinese use, of the 2,231 of the HTML standard (section 13.5).
const NAMED: [(&str, char); 52] = [
    ("amp", '&'),
    ("apos", '\''),
    ("bull", '•'),
    ("cap", '∩'),
    ("copy", '©'),
    ("darr", '↓'),
    ("deg", '°'),
    ("divide", '÷'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("frac12", '½'),
    ("ge", '≥'),
    ("gt", '>'),
    ("hellip", '…'),
    ("infin", '∞'),
    ("lang", '⟨'),
    ("laquo", '«'),
    ("larr", '←'),
    ("ldquo", '“'),
    ("le", '≤'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("micro", 'µ'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("ne", '≠'),
    ("para", '¶'),
    ("permil", '‰'),
    ("plusmn", '±'),
    ("quot", '"'),
    ("rang", '⟩'),
    ("raquo", '»'),
    ("rarr", '→'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sect", '§'),
    ("shy", '\u{ad}'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("thinsp", '\u{2009}'),
    ("times", '×'),
    ("trade", '™'),
    ("uarr", '↑'),
    ("yen", '¥'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The character that the reference at the start of a text means, and the length of the reference. What is
/// no known reference is left as it is printed.
pub(super) fn meant(text: &str) -> Option<(char, usize)> {
    let text = text.strip_prefix('&')?;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[..end];
    let character = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 2))
}

/// The character of a number: those that no text holds are shown as such, and those of Windows in the place
/// of control characters are taken as meant (HTML standard, section 13.2.5.80).
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    match u8::try_from(code) {
        Ok(0) => Some(char::REPLACEMENT_CHARACTER),
        Ok(byte @ 0x80..=0x9f) => WINDOWS_1252
            .decode_without_bom_handling(&[byte])
            .0
            .chars()
            .next(),
        _ => Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_by_name_and_number_are_known() {
        for (text, character, length) in [
            ("&mdash;成", '—', 7),
            ("&#25104;都", '成', 8),
            ("&#x6210;", '成', 8),
            ("&#150;", '–', 6),
            ("&#xD800;", '\u{fffd}', 8),
            ("&#9999999;", '\u{fffd}', 10),
        ] {
            assert_eq!(meant(text), Some((character, length)), "{text}");
        }
        for text in [
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&成;",
            "& amp;",
            "&unknown;",
            "&#-1;",
            "&成都成都成都",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn the_names_are_in_order_and_short() {
        assert!(NAMED.is_sorted_by(|a, b| a.0 < b.0));
        assert!(NAMED.iter().all(|(name, _)| name.len() < LONGEST));
    }
}
