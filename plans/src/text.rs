//! The text of a plan, cleaned for matching, with the way back to the bytes of its source.

use std::ops::Range;

/// Text without the breaks that layout put into it. Every character knows where it stood.
///
/// White space is dropped but for one blank between two words in ASCII; half-width brackets and the many
/// dashes are read as one form each. Nothing else changes.
#[derive(Debug, Clone)]
pub struct CleanText {
    text: String,
    /// For every byte of `text`, the byte of the source that its character begins at; one more for the end.
    offsets: Vec<u32>,
    /// One past the last byte of each character in the source, by the byte its clean form begins at.
    ends: Vec<u32>,
}

/// A text that is not cleaned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// A text of more than 4 GiB.
    #[error("{bytes} bytes: more than 4 GiB of text")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

impl CleanText {
    /// Cleans a text.
    ///
    /// # Errors
    /// When it is longer than 4 GiB.
    pub fn new(source: &str) -> Result<Self, TextError> {
        let bytes = source.len();
        u32::try_from(bytes).map_err(|_| TextError::TooLong { bytes })?;
        let mut clean = Self {
            text: String::with_capacity(bytes),
            offsets: Vec::with_capacity(bytes + 1),
            ends: Vec::with_capacity(bytes),
        };
        let mut blank = None;
        for (at, found) in source.char_indices() {
            if found.is_whitespace() || found == '\u{feff}' {
                blank.get_or_insert(at);
                continue;
            }
            let word = |c: char| c.is_ascii_alphanumeric();
            if let (Some(at), true) = (
                blank.take(),
                clean.text.chars().last().is_some_and(word) && word(found),
            ) {
                clean.push(' ', at, 1);
            }
            clean.push(folded(found), at, found.len_utf8());
        }
        clean.offsets.push(u32::try_from(bytes).unwrap_or(u32::MAX));
        Ok(clean)
    }

    fn push(&mut self, character: char, at: usize, length: usize) {
        self.text.push(character);
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        let end = u32::try_from(at + length).unwrap_or(u32::MAX);
        for _ in 0..character.len_utf8() {
            self.offsets.push(start);
            self.ends.push(end);
        }
    }

    /// The clean text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a range of the clean text stood in the source, in bytes.
    #[must_use]
    pub fn source_range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offsets.get(range.start).map_or(0, |at| *at as usize);
        let last = range
            .end
            .checked_sub(1)
            .and_then(|last| self.ends.get(last));
        start..last.map_or(start, |at| *at as usize)
    }

    /// The text without some ranges of it (page numbers inside names), in order and apart.
    #[must_use]
    pub fn without(&self, ranges: &[Range<usize>]) -> Self {
        let mut kept = Self {
            text: String::with_capacity(self.text.len()),
            offsets: Vec::with_capacity(self.offsets.len()),
            ends: Vec::with_capacity(self.ends.len()),
        };
        let mut from = 0;
        let end = self.text.len();
        for range in ranges.iter().cloned().chain(std::iter::once(end..end)) {
            kept.text.push_str(&self.text[from..range.start]);
            kept.offsets
                .extend_from_slice(&self.offsets[from..range.start]);
            kept.ends.extend_from_slice(&self.ends[from..range.start]);
            from = range.end;
        }
        kept.offsets.extend(self.offsets.last());
        kept
    }
}

/// One form for the characters that printers use for one another.
fn folded(character: char) -> char {
    match character {
        '(' => '（',
        ')' => '）',
        '－' | '–' | '―' | '─' | '‐' | '‑' => '—',
        '〈' => '《',
        '〉' => '》',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_layout_broke_is_joined_and_found_again() {
        let source = "广\n 安、G 42 和(北碚)\u{3000}区";
        let clean = CleanText::new(source).expect("short");
        assert_eq!(clean.as_str(), "广安、G 42和（北碚）区");
        let at = clean.as_str().find("北碚").expect("there");
        let range = clean.source_range(at..at + "北碚".len());
        assert_eq!(&source[range], "北碚");
        let range = clean.source_range(0.."广安".len());
        assert_eq!(&source[range], "广\n 安");
    }

    #[test]
    fn what_is_taken_out_leaves_the_rest_in_its_place() {
        let source = "长江经济9带";
        let clean = CleanText::new(source).expect("short");
        let digit = source.find('9').expect("there");
        let kept = clean.without(std::slice::from_ref(&(digit..digit + 1)));
        assert_eq!(kept.as_str(), "长江经济带");
        assert_eq!(&source[kept.source_range(0..kept.as_str().len())], source);
    }
}
