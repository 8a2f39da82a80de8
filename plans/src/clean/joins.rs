//! Lines that layout broke are joined to paragraphs and headings again.

use super::fold::{Folded, Line};
use super::shape::{Apart, INDENT, Shape, Stop, stop};
use super::titles;
use crate::outline::label::{self, Style};
use crate::text::CleanText;

/// A heading goes on over at most so many lines.
const HEADING_LINES: usize = 4;
/// So does a title.
const TITLE_LINES: usize = 3;

/// Joins the lines that are kept: `\n` stands between paragraphs, and nothing between the lines of one.
pub(super) fn join(folded: &Folded, shape: Shape, kept: &[bool]) -> CleanText {
    let mut joined = CleanText::with_capacity(folded.text.as_str().len());
    let numbers: Vec<usize> = (0..folded.lines.len())
        .filter(|number| kept[*number])
        .collect();
    let mut paragraph: Option<Paragraph> = None;
    for (at, number) in numbers.iter().enumerate() {
        let line = &folded.lines[*number];
        let range = line.start as usize..line.end as usize;
        if let (Some(open), Some(last)) = (
            &mut paragraph,
            at.checked_sub(1).map(|before| numbers[before]),
        ) {
            let next = Next {
                folded,
                shape,
                numbers: &numbers,
                at,
            };
            if open.ends_before(&next, last) {
                let gap = folded.lines[last].end as usize..range.start;
                joined.push_str("\n", folded.text.source_range(gap));
                *open = Paragraph::new(folded.line(line));
            } else {
                let text = folded.line(line);
                if titles::are_words(folded.line(&folded.lines[last]), text) {
                    let gap = folded.lines[last].end as usize..range.start;
                    joined.push_str(" ", folded.text.source_range(gap));
                }
                open.add(text);
            }
        } else {
            paragraph = Some(Paragraph::new(folded.line(line)));
        }
        joined.push_from(&folded.text, range);
    }
    joined
}

/// The paragraph that is being put together.
struct Paragraph {
    lines: usize,
    /// How it is numbered when it begins with the label of a heading and no sentence has ended yet.
    heading: Option<Style>,
    /// Nothing but the label was read.
    label_only: bool,
    /// It may be a title so far: a few lines without marks.
    title: bool,
}

/// The line that may go on with the paragraph, and those after it.
struct Next<'f> {
    folded: &'f Folded,
    shape: Shape,
    numbers: &'f [usize],
    at: usize,
}

impl Next<'_> {
    fn line(&self, ahead: usize) -> Option<(&Line, &str)> {
        let line = &self.folded.lines[*self.numbers.get(self.at + ahead)?];
        Some((line, self.folded.line(line)))
    }

    /// Whether a blank line that means something stands before the line so far ahead: not one around a line that
    /// was taken out.
    fn is_apart(&self, ahead: usize) -> bool {
        let Some(number) = self.numbers.get(self.at + ahead) else {
            return true;
        };
        let next_to = (self.at + ahead)
            .checked_sub(1)
            .is_some_and(|before| self.numbers[before] + 1 == *number);
        !self.shape.double_spaced && next_to && self.folded.lines[*number].after_blank
    }
}

impl Paragraph {
    fn new(text: &str) -> Self {
        let label = label::at_start(text);
        let mut new = Self {
            lines: 0,
            heading: label.map(|label| label.style),
            label_only: false,
            title: true,
        };
        new.label_only = label.is_some_and(|label| label.length == text.len());
        new.add(text);
        new
    }

    fn add(&mut self, text: &str) {
        self.lines += 1;
        self.label_only &= self.lines == 1;
        self.title &= self.lines <= TITLE_LINES && !text.contains(['，', '。', '；', '、', '：']);
        self.heading = self.heading.filter(|_| !text.contains(['。', '；']));
    }

    /// Whether the paragraph ends with the line of this number.
    fn ends_before(&self, next: &Next<'_>, last: usize) -> bool {
        let folded = next.folded;
        let (last_line, last_text) = (&folded.lines[last], folded.line(&folded.lines[last]));
        let Some((line, text)) = next.line(0) else {
            return true;
        };
        let ended = stop(last_text);
        let labelled = label::at_start(text).is_some();
        if let Some(style) = self.heading {
            // Titles of chapters and boxes stand alone, those of articles run into them.
            let runs_in = style > Style::Section && style != Style::Box;
            let goes_on = self.label_only || next.goes_on_with_heading(last_line, runs_in);
            return labelled || !goes_on;
        }
        if ended == Stop::Comma {
            return false;
        }
        let settled = ended == Stop::Sentence
            || self.title
            || ended == Stop::Clause && titles::stands_alone(text);
        if settled
            && (labelled
                || titles::stands_alone(text)
                || self.title && titles::stands_alone(last_text))
        {
            return true;
        }
        if self.title && titles::names_document(last_text) && !titles::goes_on(last_text, text) {
            return true;
        }
        if ended == Stop::Sentence && text.starts_with(['—', '●', '■', '◆', '▪']) {
            return true;
        }
        if next.shape.apart == Apart::OneLine {
            return ended != Stop::None
                || !titles::goes_on(last_text, text) && !next.is_broken_off(last);
        }
        let full = next.shape.is_full(&folded.lines, last, self.lines == 1);
        match ended {
            Stop::Sentence => match next.shape.apart {
                Apart::Indented => {
                    let title = !next.shape.is_long(line)
                        && next
                            .line(1)
                            .is_some_and(|(after, _)| after.indent >= INDENT);
                    line.indent >= INDENT || !full || title
                }
                Apart::Blank => next.is_apart(0) || !next.shape.is_long(last_line),
                Apart::OneLine | Apart::Short => {
                    next.is_apart(0)
                        || !full
                        || titles::opens_paragraph(text, next.line(1).map(|(_, text)| text))
                }
            },
            Stop::Clause => !full,
            Stop::None if self.title => {
                !next.shape.is_long(last_line) && !titles::goes_on(last_text, text)
            }
            // An item of a box may end without a mark.
            Stop::None => {
                !next.shape.is_long(last_line)
                    && (line.indent >= INDENT || titles::opens_item(text))
            }
            Stop::Comma => false,
        }
    }
}

impl Next<'_> {
    /// Whether the heading that fills its line, or is set in larger type, goes on: the lines that follow are
    /// unnumbered and without marks, and the last of them is short.
    fn goes_on_with_heading(&self, last: &Line, runs_in: bool) -> bool {
        if self.shape.apart == Apart::OneLine || self.is_apart(0) {
            return false;
        }
        let mut before = last;
        for ahead in 0..HEADING_LINES {
            let Some((line, text)) = self.line(ahead) else {
                return ahead > 0;
            };
            let plain =
                !text.contains(['，', '。', '；', '：', '、']) && label::at_start(text).is_none();
            if line.indent >= INDENT {
                return false;
            }
            if !plain {
                // A title that runs into its article ends in this line.
                let first = text
                    .chars()
                    .find(|c| matches!(c, '，' | '。' | '；' | '：' | '、'));
                return runs_in && first == Some('。') && self.shape.is_long(before);
            }
            let long = self.shape.is_long(line);
            // A heading in larger type breaks before the column ends: only a blank line shows it.
            let reaches = self.shape.is_long(before) || (self.is_apart(ahead + 1) && !long);
            if !reaches {
                return false;
            }
            if !long {
                return true;
            }
            before = line;
        }
        false
    }

    /// Whether lines were taken out between a line and the next, in the middle of a sentence.
    fn is_broken_off(&self, last: usize) -> bool {
        let apart = self.numbers[self.at] > last + 1;
        apart
            && self
                .folded
                .line(&self.folded.lines[last])
                .contains(['，', '。', '、'])
    }
}
