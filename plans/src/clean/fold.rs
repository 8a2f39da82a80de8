//! One form for characters that printers use for one another, and the lines that they stand in.

use super::script;
use crate::text::{CleanText, TextError};

/// A line of the source that holds more than white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Where it stands in the folded text, without its line end.
    pub start: u32,
    pub end: u32,
    /// Its width: a character counts two, one in ASCII counts one. No more than [`WIDEST`].
    pub width: u16,
    /// The width of the white space it begins with.
    pub indent: u8,
    /// Whether a blank line stands before it.
    pub after_blank: bool,
}

/// Folded text: `\n` between the lines that hold something, no other white space but a blank between two words in
/// ASCII.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub text: CleanText,
    pub lines: Vec<Line>,
}

impl Folded {
    pub(super) fn line(&self, line: &Line) -> &str {
        &self.text.as_str()[line.start as usize..line.end as usize]
    }
}

/// The folded text of [`lines`].
pub(crate) fn fold(source: &str) -> Result<CleanText, TextError> {
    lines(source).map(|folded| folded.text)
}

/// A line is no wider than this: what is compared with a column is small beside it, and sums do not overflow.
const WIDEST: u16 = 4096;

/// Folds a text: width, script, dashes, and half-width marks beside Han characters.
pub(super) fn lines(source: &str) -> Result<Folded, TextError> {
    let bytes = source.len();
    // A mark of one byte may become one of three.
    if bytes > (u32::MAX / 3) as usize {
        return Err(TextError::TooLong { bytes });
    }
    let mut folder = Folder {
        source,
        folded: Folded {
            text: CleanText::with_capacity(bytes),
            lines: Vec::new(),
        },
        from: 0,
        at: 0,
        last: '\n',
        gap: Gap {
            breaks: 1,
            ..Gap::default()
        },
    };
    for (at, character) in source.char_indices() {
        folder.take(at, character);
    }
    folder.flush(bytes);
    folder.end_line();
    Ok(folder.folded)
}

/// White space that was passed since the last character.
#[derive(Debug, Default, Clone, Copy)]
struct Gap {
    breaks: u32,
    /// The width of what stands after the last break.
    width: u8,
    open: bool,
}

struct Folder<'s> {
    source: &'s str,
    folded: Folded,
    /// Where the source begins that is to be copied as it is.
    from: usize,
    /// One past the last character that was taken.
    at: usize,
    last: char,
    gap: Gap,
}

impl Folder<'_> {
    fn take(&mut self, at: usize, character: char) {
        if is_blank(character) {
            self.blank(at, character);
            return;
        }
        if self.gap.open || self.gap.breaks > 0 {
            self.close_gap(at, character);
        }
        let shown = self.folded_at(at, character);
        if shown != character {
            self.flush(at);
            let end = at + character.len_utf8();
            self.folded
                .text
                .push_str(shown.encode_utf8(&mut [0; 4]), at..end);
            self.from = end;
        }
        self.at = at + character.len_utf8();
        self.last = shown;
        if let Some(line) = self.folded.lines.last_mut() {
            line.width = line
                .width
                .saturating_add(if shown.is_ascii() { 1 } else { 2 })
                .min(WIDEST);
        }
    }

    /// White space: what stands before it is copied, and it is counted.
    fn blank(&mut self, at: usize, character: char) {
        self.flush(at);
        self.from = at + character.len_utf8();
        self.gap.open = true;
        match character {
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                self.gap.breaks += 1;
                self.gap.width = 0;
            }
            '\r' if !self.source[self.from..].starts_with('\n') => {
                self.gap.breaks += 1;
                self.gap.width = 0;
            }
            '\u{3000}' => self.gap.width = self.gap.width.saturating_add(2),
            '\t' => self.gap.width = self.gap.width.saturating_add(4),
            ' ' | '\u{a0}' => self.gap.width = self.gap.width.saturating_add(1),
            _ => {}
        }
    }

    fn close_gap(&mut self, at: usize, next: char) {
        let gap = std::mem::take(&mut self.gap);
        if gap.breaks > 0 {
            self.end_line();
            if !self.folded.lines.is_empty() {
                self.folded.text.push_str("\n", self.at..at);
            }
            let start = u32::try_from(self.folded.text.as_str().len()).unwrap_or(u32::MAX);
            self.folded.lines.push(Line {
                start,
                end: start,
                width: 0,
                indent: gap.width,
                after_blank: gap.breaks > 1,
            });
            self.last = '\n';
        } else if gap.width > 0 && self.last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()
        {
            self.folded.text.push_str(" ", self.at..at);
        }
        self.from = at;
    }

    fn end_line(&mut self) {
        let end = u32::try_from(self.folded.text.as_str().len()).unwrap_or(u32::MAX);
        if let Some(line) = self.folded.lines.last_mut() {
            line.end = end;
        }
    }

    /// Copies the source up to `until`.
    fn flush(&mut self, until: usize) {
        if self.from < until {
            self.folded
                .text
                .push_str(&self.source[self.from..until], self.from..until);
            self.from = until;
        }
    }

    /// The form of a character here.
    fn folded_at(&self, at: usize, character: char) -> char {
        match character {
            '(' => '（',
            ')' => '）',
            '－' | '–' | '―' | '─' | '‐' | '‑' => '—',
            '〈' => '《',
            '〉' => '》',
            '・' | '‧' => '·',
            '％' => '%',
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＋' | '／' => narrow(character),
            '．' if self.last.is_ascii_digit() && self.next_is(at + 3, is_digit) => '.',
            ',' | ';' | ':' | '!' | '?' if self.in_chinese(at) => wide_mark(character),
            '.' if is_han(self.last) => self.stop_or_dot(at),
            '-' if is_han(self.last) && self.next_is(at + 1, is_han) => '—',
            '\u{3400}'.. => script::simplified(character),
            _ => character,
        }
    }

    fn next_is(&self, from: usize, told: fn(char) -> bool) -> bool {
        self.next(from).is_some_and(told)
    }

    /// The next character that is no white space. Each gap is passed once for the mark before it.
    fn next(&self, from: usize) -> Option<char> {
        self.source[from..].chars().find(|next| !is_blank(*next))
    }

    /// Whether a mark of one byte stands beside a Han character: before it or, but for a sign of time, after it.
    fn in_chinese(&self, at: usize) -> bool {
        is_han(self.last)
            || matches!(self.last, '”' | '》' | '）' | '’')
            || self.next_is(at + 1, |next| {
                is_han(next) || matches!(next, '“' | '《' | '（')
            })
    }

    /// A full stop in ASCII after a Han character; with blanks on both sides it stands for a middle dot.
    fn stop_or_dot(&self, at: usize) -> char {
        let blank = |c: Option<char>| c.is_some_and(|c| c == ' ' || c == '\u{3000}');
        let apart = blank(self.source[..at].chars().next_back())
            && blank(self.source[at + 1..].chars().next());
        match self.next(at + 1) {
            Some(next) if apart && is_han(next) => '·',
            Some(next) if next.is_ascii() => '.',
            _ => '。',
        }
    }
}

/// White space, and marks that have no width.
fn is_blank(character: char) -> bool {
    match character {
        '!'..='~' | '\u{3001}'..='\u{9fff}' => false,
        ' '
        | '\n'
        | '\r'
        | '\t'
        | '\u{3000}'
        | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{ad}' => true,
        other => other.is_whitespace(),
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

pub(crate) fn is_han(character: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&character)
}

fn narrow(character: char) -> char {
    char::from_u32(character as u32 - 0xfee0).unwrap_or(character)
}

fn wide_mark(character: char) -> char {
    match character {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        _ => '？',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(source: &str) -> String {
        fold(source).expect("short").as_str().to_owned()
    }

    #[test]
    fn marks_between_han_characters_are_wide() {
        assert_eq!(
            folded("库,推进道.建立：(一)甲;乙:丙"),
            "库，推进道。建立：（一）甲；乙：丙"
        );
        assert_eq!(
            folded("占4.66%,到2025年.共3,200人,10:30"),
            "占4.66%，到2025年。共3,200人，10:30"
        );
        assert_eq!(
            folded("甲-乙铁路、Ｇ４２、１２．５％"),
            "甲—乙铁路、G42、12.5%"
        );
        assert_eq!(folded("青山 . 千里"), "青山·千里");
    }

    #[test]
    fn lines_keep_their_layout() {
        let folded = lines("\u{feff}　　甲乙丙\r\n\r\n \u{c}丁 戊 G 42").expect("short");
        assert_eq!(folded.text.as_str(), "甲乙丙\n丁戊G 42");
        let told: Vec<_> = folded
            .lines
            .iter()
            .map(|l| (l.width, l.indent, l.after_blank))
            .collect();
        assert_eq!(told, [(6, 4, false), (7, 0, true)]);
    }

    #[test]
    fn folded_text_knows_its_source() {
        let source = "　甲 縣(乙\n縣)";
        let text = fold(source).expect("short");
        assert_eq!(text.as_str(), "甲县（乙\n县）");
        let at = text.as_str().find("县（").expect("there");
        assert_eq!(&source[text.source_range(at..at + 6)], "縣(");
        let end = text.as_str().len();
        assert_eq!(&source[text.source_range(end - 6..end)], "縣)");
    }
}
