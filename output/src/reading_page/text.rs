//! The text: blocks, in them the sentences of structures, in them the mentions.

use std::fmt::Write;
use std::ops::Range;

use super::model::{BlockKind, ReadingPage};
use super::places::{GROUPS, group};
use crate::html_text::{Running, escape};

/// The text in HTML, and where each structure's sentence went.
pub(super) struct Text {
    pub(super) html: String,
    /// For each structure the first and the last piece of its sentence; `None` when no block holds it.
    pub(super) pieces: Vec<Option<(usize, usize)>>,
    /// Headings in order: the number of the block, its level, and its text.
    pub(super) outline: Vec<(usize, u8, String)>,
}

/// Writes the blocks. `numbers` gives the place of each mention.
///
/// A block is cut into pieces at the ends of sentences, so that structures whose sentences overlap can each be shown by
/// a run of pieces; no piece ends inside a mention.
pub(super) fn text(page: &ReadingPage<'_>, numbers: &[usize]) -> Text {
    let mentions = marked(page);
    let cuts = cuts(page, &mentions);
    let mut blocks: Vec<_> = page
        .blocks
        .iter()
        .filter(|block| is_in(page.text, &block.span))
        .collect();
    blocks.sort_by_key(|block| (block.span.start, block.span.end));
    let mut writer = Writer {
        page,
        numbers,
        mentions: &mentions,
        next_mention: 0,
        html: String::with_capacity(page.text.len() * 3),
        starts: Vec::new(),
        first: true,
    };
    let mut outline = Vec::new();
    let (mut shown, mut next_cut) = (0, 0);
    for (number, block) in blocks.into_iter().enumerate() {
        let span = block.span.start.max(shown)..block.span.end;
        if span.is_empty() || page.text.get(span.clone()).is_none() {
            continue;
        }
        shown = span.end;
        let tag = match block.kind {
            BlockKind::Heading(level) => {
                let mut title = String::new();
                Running::default().push(&mut title, &page.text[span.clone()]);
                outline.push((number, level, title));
                ["h2", "h3", "h4", "h5"][usize::from(level.clamp(1, 4)) - 1]
            }
            BlockKind::Paragraph => "p",
        };
        // Writing to a string cannot fail.
        let _ = write!(writer.html, "<{tag} id=b{number}>");
        let mut running = Running::default();
        let mut from = span.start;
        while next_cut < cuts.len() && cuts[next_cut] <= from {
            next_cut += 1;
        }
        while from < span.end {
            let to = cuts.get(next_cut).copied().filter(|cut| *cut < span.end);
            next_cut += usize::from(to.is_some());
            let to = to.unwrap_or(span.end);
            writer.piece(from..to, &mut running);
            from = to;
        }
        let _ = writeln!(writer.html, "</{tag}>");
    }
    let starts = writer.starts;
    let pieces = page.structures.iter().map(|structure| {
        let span = structure
            .span
            .as_ref()
            .filter(|span| is_in(page.text, span))?;
        let first = starts.partition_point(|piece| piece.end <= span.start);
        let last = starts
            .partition_point(|piece| piece.start < span.end)
            .checked_sub(1)?;
        (first <= last).then_some((first, last))
    });
    Text {
        pieces: pieces.collect(),
        html: writer.html,
        outline,
    }
}

fn is_in(text: &str, span: &Range<usize>) -> bool {
    span.start < span.end && text.get(span.clone()).is_some()
}

/// The mentions that can be marked, in order and apart: their spans and numbers.
fn marked(page: &ReadingPage<'_>) -> Vec<(Range<usize>, usize)> {
    let spans = page.mentions.iter().enumerate();
    let mut marked: Vec<(Range<usize>, usize)> = spans
        .filter(|(_, mark)| is_in(page.text, &mark.span))
        .map(|(number, mark)| (mark.span.clone(), number))
        .collect();
    // Of two that begin together the longer one holds the other.
    marked.sort_by_key(|(span, number)| (span.start, std::cmp::Reverse(span.end), *number));
    let mut end = 0;
    marked.retain(|(span, _)| {
        let apart = span.start >= end;
        if apart {
            end = span.end;
        }
        apart
    });
    marked
}

/// Where sentences of structures begin and end, moved out of mentions.
fn cuts(page: &ReadingPage<'_>, mentions: &[(Range<usize>, usize)]) -> Vec<usize> {
    let spans = page
        .structures
        .iter()
        .filter_map(|structure| structure.span.as_ref());
    let spans = spans.filter(|span| is_in(page.text, span));
    let mut cuts: Vec<usize> = spans.flat_map(|span| [span.start, span.end]).collect();
    for cut in &mut cuts {
        let next = mentions.partition_point(|(span, _)| span.end <= *cut);
        if let Some((span, _)) = mentions.get(next)
            && span.start < *cut
        {
            *cut = span.end;
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

struct Writer<'w, 'p> {
    page: &'w ReadingPage<'p>,
    numbers: &'w [usize],
    mentions: &'w [(Range<usize>, usize)],
    next_mention: usize,
    html: String,
    /// The pieces, in the order of the text.
    starts: Vec<Range<usize>>,
    /// Whether no mention has been written: the first takes part in the order of the tab key.
    first: bool,
}

impl Writer<'_, '_> {
    fn piece(&mut self, span: Range<usize>, running: &mut Running) {
        let _ = write!(self.html, "<span class=q id=q{}>", self.starts.len());
        self.starts.push(span.clone());
        let mut from = span.start;
        while let Some((mention, number)) = self.mentions.get(self.next_mention) {
            if mention.end > span.end {
                break;
            }
            self.next_mention += 1;
            // What stands between blocks, or across their edge, is not shown.
            if mention.start < from {
                continue;
            }
            running.push(&mut self.html, &self.page.text[from..mention.start]);
            self.mention(*number, mention, running);
            from = mention.end;
        }
        running.push(&mut self.html, &self.page.text[from..span.end]);
        self.html.push_str("</span>");
    }

    fn mention(&mut self, number: usize, span: &Range<usize>, running: &mut Running) {
        let mark = &self.page.mentions[number];
        let class = GROUPS[group(&mark.kind)].0;
        let place = self.numbers.get(number).copied().unwrap_or_default();
        let sure = percent(mark.confidence);
        let tab = if self.first { "0" } else { "-1" };
        self.first = false;
        let _ = write!(
            self.html,
            "<span class=\"m {class}\" role=button tabindex={tab} data-p={place} data-c={sure} title=\""
        );
        escape(&mut self.html, &mark.label);
        self.html.push_str("\">");
        running.push(&mut self.html, &self.page.text[span.clone()]);
        self.html.push_str("</span>");
    }
}

/// A share as whole percent, 0 to 100.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 to 100; what is no number becomes 0"
)]
fn percent(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
