//! A text cut into sentences, which names and lists never cross.

use std::ops::Range;

/// A sentence of more bytes is cut: one line of a million names costs no more memory than a page.
const LONGEST: usize = 16 << 10;

/// Whether a character ends a sentence.
fn ends(character: char) -> bool {
    matches!(character, '。' | '；' | '！' | '？' | '\n')
}

/// The sentence of a text that begins at a position.
pub(super) fn sentence_at(text: &str, start: usize) -> Range<usize> {
    let mut end = text.len().min(start + LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = &text[start..end];
    if let Some(at) = window.find(ends) {
        let mark = window[at..].chars().next().map_or(1, char::len_utf8);
        return start..start + at + mark;
    }
    if end == text.len() {
        return start..end;
    }
    // A mark between two items cuts no name.
    let cut = window.rfind(['、', '，']).map(|at| at + '，'.len_utf8());
    start..start + cut.unwrap_or(window.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_stops_and_long_ones_between_items() {
        assert_eq!(sentence_at("甲县。乙县", 0), 0.."甲县。".len());
        assert_eq!(
            sentence_at("甲县\n乙县", "甲县\n".len()).end,
            "甲县\n乙县".len()
        );
        let long = "某地甲县、".repeat(LONGEST);
        let first = sentence_at(&long, 0);
        assert!(first.end <= LONGEST && long[first].ends_with('、'));
        let unbroken = "长".repeat(LONGEST);
        assert_eq!(sentence_at(&unbroken, 0).end, LONGEST / 3 * 3);
    }
}
