//! Paragraphs are cut into blocks, and the clean text is put together from them.

use std::ops::Range;

use gazetteer::Gazetteer;

use super::evidence::{Evidence, Stands};
use super::label::{self, Label, Style};
use super::{Block, BlockKind, Outline, boxes, parts};
use crate::text::CleanText;

/// Bytes of a paragraph that holds headings within, because the file has no line breaks.
const UNBROKEN: usize = 3_000;
/// Characters of the longest title that stands alone, and of one that runs into its article.
const ALONE: usize = 60;
const RUN_IN: usize = 40;
/// Headings that follow one another in a contents list without that name.
const LIST: usize = 5;
/// Words that the first sentence of a section opens with, where the title has no end.
const OPENERS: [&str; 22] = [
    "以", "依托", "围绕", "立足", "坚持", "按照", "根据", "在", "到20", "为", "统筹", "积极",
    "全面", "加快", "推动", "推进", "发挥", "充分", "严格", "加强", "国家", "深入",
];
/// Headings without a number.
pub(crate) const UNNUMBERED: [&str; 9] = [
    "前言", "引言", "序言", "导言", "结语", "附则", "后记", "总则", "概述",
];

/// A block to be, in the joined text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub range: Range<usize>,
    pub kind: BlockKind,
    pub label: Option<Label>,
    /// The bytes of the title within the joined text.
    pub title: Range<usize>,
    /// Whether it stands in a box.
    pub boxed: bool,
}

/// Cuts the joined text into blocks. Gives the clean text, its outline, and what was left out of contents lists.
pub(crate) fn cut(
    gazetteer: &Gazetteer,
    joined: &CleanText,
) -> (CleanText, Outline, Vec<Range<usize>>) {
    let mut cutter = Cutter {
        gazetteer,
        text: joined.as_str(),
        evidence: Evidence::default(),
        pieces: Vec::new(),
        left_out: Vec::new(),
        contents: None,
        boxed: Boxed::No,
    };
    let mut start = 0;
    for paragraph in joined.as_str().split('\n') {
        let range = start..start + paragraph.len();
        start = range.end + 1;
        if !paragraph.is_empty() {
            cutter.paragraph(range);
        }
    }
    let Cutter {
        mut pieces,
        left_out,
        ..
    } = cutter;
    mark_lists(joined.as_str(), &mut pieces);
    let (parts, through) = parts::find(joined.as_str(), &mut pieces);
    let mut text = CleanText::with_capacity(joined.as_str().len() + pieces.len());
    let mut blocks = Vec::with_capacity(pieces.len());
    for (number, piece) in pieces.iter().enumerate() {
        let start = text.as_str().len();
        text.push_from(joined, piece.range.clone());
        let range = start..text.as_str().len();
        let label = piece.label.map_or(0, |label| label.length);
        let named = matches!(
            piece.kind,
            BlockKind::Heading | BlockKind::BoxHeading | BlockKind::BoxItem | BlockKind::Contents
        );
        let source = joined.as_str();
        blocks.push(Block {
            range,
            kind: piece.kind,
            level: 0,
            label: source[piece.range.start..piece.range.start + label].to_owned(),
            title: if named {
                source[piece.title.clone()].to_owned()
            } else {
                String::new()
            },
            parent: None,
        });
        let next = pieces
            .get(number + 1)
            .map_or(piece.range.end, |next| next.range.start);
        text.push_str(
            "\n",
            joined.source_range(piece.range.end..piece.range.end).start
                ..joined.source_range(next..next).start,
        );
    }
    parts::place(&parts, &pieces, &mut blocks);
    (
        text,
        Outline {
            parts,
            blocks,
            through,
        },
        left_out,
    )
}

/// Whether the text of a box is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boxed {
    No,
    /// Its items may be numbered or not.
    Yes,
    /// Its items are numbered.
    Numbered,
}

struct Cutter<'g, 't> {
    gazetteer: &'g Gazetteer,
    text: &'t str,
    evidence: Evidence,
    pieces: Vec<Piece>,
    left_out: Vec<Range<usize>>,
    /// In a contents list: its first label, once it was read, and the page of its last entry.
    contents: Option<(Option<Label>, u32)>,
    boxed: Boxed,
}

impl Cutter<'_, '_> {
    fn paragraph(&mut self, range: Range<usize>) {
        let unbroken = range.len() >= UNBROKEN;
        let mut at = range.start;
        let mut stands = self.stands(&range);
        while at < range.end {
            let label = label::at_start(&self.text[at..range.end]);
            let heading =
                label.and_then(|label| self.heading(&label, at..range.end, stands, unbroken));
            if let Some(end) = heading {
                at = end;
                stands = Stands::AfterStop;
                continue;
            }
            let end = if unbroken {
                self.next_heading(at..range.end)
            } else {
                range.end
            };
            self.body(at..end, unbroken);
            at = end;
            stands = Stands::Inside;
        }
    }

    /// Where a paragraph stands that begins a line.
    fn stands(&self, range: &Range<usize>) -> Stands {
        let before = self
            .pieces
            .last()
            .and_then(|piece| self.text[piece.range.clone()].chars().next_back());
        match before {
            Some('，' | '、') => Stands::InSentence,
            Some('；') => Stands::InList,
            Some('：') if self.text[range.clone()].ends_with('；') => Stands::InList,
            _ => Stands::AtStart,
        }
    }

    /// Takes a heading with what belongs to it, and says where it ends. `None` when the label is none of a heading.
    fn heading(
        &mut self,
        label: &Label,
        range: Range<usize>,
        stands: Stands,
        unbroken: bool,
    ) -> Option<usize> {
        let entry = self.contents_entry(label, range.clone());
        if entry.is_some() {
            return entry;
        }
        let from = range.start + label.length;
        let rest = &self.text[from..range.end];
        if self.boxed != Boxed::No
            && matches!(
                label.style,
                Style::Point | Style::DigitBracket | Style::Circle
            )
            && !unbroken
        {
            self.boxed = Boxed::Numbered;
            let title = boxes::item_name(rest)
                .or_else(|| rest.find('。').filter(|at| *at <= RUN_IN * 3))
                .unwrap_or(0);
            self.push(
                range.clone(),
                BlockKind::BoxItem,
                Some(*label),
                from..from + title,
            );
            return Some(range.end);
        }
        let (title, length) = self.title(label, rest, unbroken);
        if !self.evidence.admits(label, &rest[..title], stands) {
            return None;
        }
        self.evidence.count(label);
        let end = from + length;
        let kind = if label.style == Style::Box {
            self.boxed = Boxed::Yes;
            BlockKind::BoxHeading
        } else {
            self.boxed = Boxed::No;
            BlockKind::Heading
        };
        self.push(range.start..end, kind, Some(*label), from..from + title);
        Some(end)
    }

    /// The bytes of the title after a label, without and with its mark.
    fn title(&self, label: &Label, rest: &str, unbroken: bool) -> (usize, usize) {
        if let Some(listed) = self
            .evidence
            .listed(label, rest)
            .filter(|listed| unbroken || listed.len() == rest.len())
        {
            return (listed.len(), listed.len());
        }
        let short = rest.chars().take(ALONE + 1).count() <= ALONE;
        let stop = rest
            .char_indices()
            .take(RUN_IN + 1)
            .find(|(_, c)| *c == '。')
            .map(|(at, _)| at);
        if short && stop.is_none() {
            let mark = if rest.ends_with('：') {
                '：'.len_utf8()
            } else {
                0
            };
            return (rest.len() - mark, rest.len());
        }
        match label.style {
            Style::Box => {
                let end = boxes::title_end(self.gazetteer, rest);
                (end, end)
            }
            Style::Division | Style::Chapter | Style::Section => {
                let end = unended_title(rest);
                (end, end)
            }
            _ => match stop {
                Some(stop) if rest[..stop].matches('，').count() <= 2 => {
                    (stop, stop + '。'.len_utf8())
                }
                _ => (0, 0),
            },
        }
    }

    /// Takes an entry of a contents list. `None` when the list has ended.
    fn contents_entry(&mut self, label: &Label, range: Range<usize>) -> Option<usize> {
        let (first, page) = self.contents?;
        if first.is_some_and(|first| (first.style, first.number) == (label.style, label.number)) {
            self.contents = None;
            return None;
        }
        let from = range.start + label.length;
        let rest = &self.text[from..range.end];
        let title = rest
            .find(|c: char| c.is_ascii_digit() || matches!(c, '…' | '.' | '·' | '．' | '。' | '，'))
            .unwrap_or(rest.len());
        let leaders = rest[title..].len()
            - rest[title..]
                .trim_start_matches(['…', '.', '·', '．', ' ', '—', '-'])
                .len();
        let digits = rest[title + leaders..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let whole = title + leaders + digits == rest.len();
        if rest[title..].starts_with(['。', '，']) || (digits == 0 && !whole) {
            self.contents = None;
            return None;
        }
        // The first page number of the text may be glued to the last of the list.
        let number = rest[title + leaders..title + leaders + digits]
            .parse()
            .unwrap_or(page);
        self.evidence.add_title(label, &rest[..title]);
        self.push(
            range.start..from + title,
            BlockKind::Contents,
            Some(*label),
            from..from + title,
        );
        let end = from + title + leaders + digits;
        if end > from + title {
            self.left_out.push(from + title..end);
        }
        self.contents = Some((first.or(Some(*label)), number));
        Some(end)
    }

    /// Text that is no heading.
    fn body(&mut self, range: Range<usize>, unbroken: bool) {
        let text = &self.text[range.clone()];
        if matches!(text, "目录" | "目次") {
            self.contents = Some((None, 0));
            self.push(range.clone(), BlockKind::Contents, None, range);
            return;
        }
        let ended = text.contains('。') || text.chars().take(ALONE + 1).count() > ALONE;
        if let (true, false, Some(front)) = (
            unbroken || self.pieces.is_empty(),
            ended,
            text.strip_suffix("目录"),
        ) {
            let end = range.start + front.len();
            parts::front(self.text, range.start..end, &mut self.pieces);
            self.contents = Some((None, 0));
            self.push(end..range.end, BlockKind::Contents, None, end..range.end);
            return;
        }
        if self.contents.is_some() {
            if !ended && !unbroken {
                let title = text.trim_end_matches(|c: char| {
                    c.is_ascii_digit() || matches!(c, '…' | '.' | '·' | ' ')
                });
                let end = range.start + title.len();
                self.push(
                    range.start..end,
                    BlockKind::Contents,
                    None,
                    range.start..end,
                );
                if end < range.end {
                    self.left_out.push(end..range.end);
                }
                return;
            }
            self.contents = None;
        }
        if UNNUMBERED.contains(&text) {
            self.boxed = Boxed::No;
            self.push(range.clone(), BlockKind::Heading, None, range);
            return;
        }
        match self.boxed {
            Boxed::No if unbroken => self.sentences(range),
            Boxed::No => self.push(
                range.clone(),
                BlockKind::Paragraph,
                None,
                range.start..range.start,
            ),
            _ if unbroken => self.box_text(range),
            boxed => {
                let name = boxes::item_name(text)
                    .or_else(|| (!ended && !text.contains('，')).then_some(text.len()));
                let end = range.start + name.unwrap_or(0);
                let item = name.is_some() && (boxed == Boxed::Yes || !ended);
                if item {
                    self.push(range.clone(), BlockKind::BoxItem, None, range.start..end);
                } else {
                    if boxed == Boxed::Numbered {
                        self.boxed = Boxed::No;
                    }
                    self.push(
                        range.clone(),
                        BlockKind::Paragraph,
                        None,
                        range.start..range.start,
                    );
                }
            }
        }
    }

    /// A box of an unbroken text: its items, and what follows it.
    fn box_text(&mut self, range: Range<usize>) {
        let end = boxes::end(&self.text[range.clone()]).map_or(range.end, |end| range.start + end);
        let items = boxes::place_items(self.gazetteer, &self.text[range.start..end]);
        let starts: Vec<usize> = items.iter().map(|at| range.start + at).collect();
        let first = starts.first().copied().unwrap_or(end);
        if first > range.start {
            self.push(
                range.start..first,
                BlockKind::Paragraph,
                None,
                range.start..range.start,
            );
        }
        for (number, start) in starts.iter().enumerate() {
            let stop = starts.get(number + 1).copied().unwrap_or(end);
            let name = boxes::item_name(&self.text[*start..stop]).unwrap_or(0);
            self.push(*start..stop, BlockKind::BoxItem, None, *start..start + name);
        }
        if end < range.end {
            self.boxed = Boxed::No;
            self.sentences(end..range.end);
        }
    }

    /// Paragraphs of an unbroken text: each begins with its run-in title.
    fn sentences(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        let (mut from, mut start) = (0, 0);
        // A title does not follow a title.
        let mut titled = usize::MAX;
        for (stop, mark) in text.match_indices('。') {
            let end = stop + mark.len();
            // What is announced with a colon begins behind it.
            let colon = text[start..stop]
                .rfind('：')
                .map_or(start, |at| start + at + '：'.len_utf8());
            if colon > from && titled != start && boxes::is_run_in(&text[colon..stop], &text[end..])
            {
                self.push(
                    range.start + from..range.start + colon,
                    BlockKind::Paragraph,
                    None,
                    range.start..range.start,
                );
                from = colon;
                titled = end;
            }
            start = end;
        }
        self.push(
            range.start + from..range.end,
            BlockKind::Paragraph,
            None,
            range.start..range.start,
        );
    }

    /// Where the next heading begins in an unbroken text.
    fn next_heading(&self, range: Range<usize>) -> usize {
        let text = &self.text[range.clone()];
        let mut before = '\n';
        for (at, character) in text.char_indices() {
            let last = std::mem::replace(&mut before, character);
            let stopped = matches!(last, '。' | '！' | '？' | '”');
            let may = match character {
                '第' | '专' => true,
                '（' | '一'..='龥' => stopped,
                _ => false,
            };
            if at == 0 || !may {
                continue;
            }
            let Some(label) = label::at_start(&text[at..]) else {
                continue;
            };
            let named = matches!(
                label.style,
                Style::Division | Style::Chapter | Style::Section | Style::Box
            );
            let referred = matches!(
                last,
                '，' | '、'
                    | '的'
                    | '照'
                    | '据'
                    | '在'
                    | '见'
                    | '《'
                    | '“'
                    | '和'
                    | '与'
                    | '（'
                    | '：'
                    | '；'
            );
            let stands = match (stopped, referred) {
                (true, _) => Stands::AfterStop,
                (_, true) => Stands::InSentence,
                _ => Stands::Inside,
            };
            let rest = &text[at + label.length..];
            let (title, _) = self.title(&label, rest, true);
            if (named || stopped && title > 0)
                && self.evidence.admits(&label, &rest[..title], stands)
            {
                return range.start + at;
            }
        }
        range.end
    }

    fn push(
        &mut self,
        range: Range<usize>,
        kind: BlockKind,
        label: Option<Label>,
        title: Range<usize>,
    ) {
        if !range.is_empty() {
            let boxed = self.boxed != Boxed::No;
            self.pieces.push(Piece {
                range,
                kind,
                label,
                title,
                boxed,
            });
        }
    }
}

/// Where a title ends that runs into the text without a mark: before the next heading, or before a word that opens
/// a sentence.
fn unended_title(rest: &str) -> usize {
    let mut last = 0;
    for (count, (at, character)) in rest.char_indices().enumerate().take(RUN_IN) {
        if matches!(character, '，' | '。' | '；' | '：') {
            break;
        }
        let next = &rest[at..];
        let opens = count >= 4 && OPENERS.iter().any(|word| next.starts_with(word));
        if count >= 2 && label::at_start(next).is_some() || opens {
            return at;
        }
        last = at + character.len_utf8();
    }
    last
}

/// Marks headings that follow one another, the first of which comes again: a contents list without that name.
fn mark_lists(text: &str, pieces: &mut [Piece]) {
    let is_heading = |piece: &Piece| piece.kind == BlockKind::Heading && piece.label.is_some();
    let Some(start) = pieces.iter().position(is_heading) else {
        return;
    };
    let count = pieces[start..]
        .iter()
        .take_while(|piece| is_heading(piece))
        .count();
    let same = |a: &Piece, b: &Piece| text[a.range.clone()] == text[b.range.clone()];
    let again = pieces[start + 1..]
        .iter()
        .position(|piece| is_heading(piece) && same(piece, &pieces[start]));
    let Some(again) = again.filter(|again| *again + 1 >= LIST && *again < count) else {
        return;
    };
    for piece in &mut pieces[start..=start + again] {
        piece.kind = BlockKind::Contents;
    }
}
