//! Documents that are glued together: a notice and its plan, a newspaper's story and the plan it prints.

use std::ops::Range;

use super::cut::Piece;
use super::label::Style;
use super::{Block, BlockKind, Part, PartKind, facts};

/// Blocks at the start of a text among which the title of a notice stands.
const FRONT: usize = 14;
/// Characters of the longest title or signature.
const SHORT: usize = 60;
/// Blocks of the shortest story.
const STORY: usize = 3;
/// A story has so many words of speech in a thousand characters, and so many times those of the plan.
const SPEECH: usize = 2;
const MORE: usize = 3;
/// How a newspaper says that the plan follows.
const FOLLOWS: [&str; 6] = [
    "内容如下。",
    "内容如下：",
    "全文如下。",
    "全文如下：",
    "如下。",
    "如下：",
];
/// Words of those who speak to a newspaper.
const SPEAKS: [&str; 7] = ["表示", "认为", "记者", "说，", "说：", "介绍，", "感到，"];

/// Sets apart the title, the date and what else stands before a contents list in an unbroken text.
pub(super) fn front(text: &str, range: Range<usize>, pieces: &mut Vec<Piece>) {
    let mut push = |range: Range<usize>, kind| {
        if !range.is_empty() {
            pieces.push(Piece {
                title: range.start..range.start,
                range,
                kind,
                label: None,
                boxed: false,
            });
        }
    };
    let mut start = range.start;
    if text[range.clone()].starts_with("附件") {
        start += "附件".len();
        start +=
            text[start..range.end].len() - text[start..range.end].trim_start_matches('：').len();
        push(range.start..start, BlockKind::Matter);
    }
    let rest = &text[start..range.end];
    let date = rest
        .char_indices()
        .find(|(at, _)| facts::date_alone(&rest[*at..]).is_some());
    let date = date.map_or(range.end, |(at, _)| start + at);
    push(start..date, BlockKind::Title);
    push(date..range.end, BlockKind::Matter);
}

/// Finds the parts, and for each whether its articles count through it. Pieces that are titles or matter are marked.
pub(super) fn find(text: &str, pieces: &mut [Piece]) -> (Vec<Part>, Vec<bool>) {
    let mut parts: Vec<Part> = Vec::new();
    let mut start = 0;
    if let Some((end, kind)) = introduction(text, pieces) {
        let said = said_of(text, &pieces[..end], kind);
        parts.push(Part {
            kind,
            blocks: 0..end,
            title: String::new(),
            number: None,
            issuer: None,
            date: None,
            horizon: None,
        });
        mark(text, &mut pieces[..end], kind);
        let first = describe(text, &pieces[..end], &mut parts[0]);
        let plan = Part {
            kind: PartKind::Plan,
            blocks: end..pieces.len(),
            title: said.title,
            number: first.0,
            issuer: said.issuer.or(first.1),
            date: first.2,
            horizon: None,
        };
        parts.push(plan);
        start = end;
    } else if !pieces.is_empty() {
        parts.push(Part {
            kind: PartKind::Plan,
            blocks: 0..pieces.len(),
            title: String::new(),
            number: None,
            issuer: None,
            date: None,
            horizon: None,
        });
    }
    if let Some(plan) = parts.last_mut() {
        mark(text, &mut pieces[start..], PartKind::Plan);
        describe(text, &pieces[start..], plan);
    }
    let through = parts
        .iter()
        .map(|part| counts_through(&pieces[part.blocks.clone()]))
        .collect();
    (parts, through)
}

/// What stands before the plan: up to which block, and what it is.
fn introduction(text: &str, pieces: &[Piece]) -> Option<(usize, PartKind)> {
    let of = |piece: &Piece| &text[piece.range.clone()];
    let front = &pieces[..pieces.len().min(FRONT)];
    if let Some(at) = front.iter().position(|piece| is_notice_title(of(piece))) {
        let title = issued(of(&pieces[at]));
        let after = pieces.iter().enumerate().skip(at + 1).take(2 * FRONT);
        let by_title = after
            .clone()
            .find(|(_, piece)| title.is_some_and(|title| of(piece) == title));
        let by_date = || {
            after
                .clone()
                .skip_while(|(_, piece)| facts::date_alone(of(piece)).is_none())
                .nth(1)
        };
        let end = by_title.or_else(by_date).map(|(end, _)| end);
        return end.map(|end| (end, PartKind::Notice));
    }
    let told = front.iter().position(|piece| {
        FOLLOWS.iter().any(|word| of(piece).ends_with(word)) && of(piece).contains('《')
    });
    if let Some(at) = told.filter(|at| at + 1 < pieces.len()) {
        return Some((at + 1, PartKind::News));
    }
    let first = pieces
        .iter()
        .position(|piece| piece.kind == BlockKind::Heading && piece.label.is_some())?;
    let (story, plan) = pieces.split_at(first);
    let (here, there) = (speech(text, story), speech(text, plan));
    (first >= STORY && here >= SPEECH && here >= MORE * there).then_some((first, PartKind::News))
}

/// Words of speech in ten thousand characters, by thousand.
fn speech(text: &str, pieces: &[Piece]) -> usize {
    let (mut words, mut bytes) = (0, 0);
    for piece in pieces {
        let text = &text[piece.range.clone()];
        bytes += text.len();
        words += SPEAKS
            .iter()
            .map(|word| text.matches(word).count())
            .sum::<usize>();
    }
    words * 3_000 / bytes.max(1)
}

fn is_short(text: &str) -> bool {
    text.chars().take(SHORT + 1).count() <= SHORT
}

fn is_notice_title(text: &str) -> bool {
    is_short(text) && text.ends_with("的通知") && !text.contains(['。', '，'])
}

/// The title of what a notice issues: 关于印发X的通知.
fn issued(title: &str) -> Option<&str> {
    let (_, after) = title.split_once("印发")?;
    let inner = after.strip_suffix("的通知")?;
    Some(inner.trim_start_matches('《').trim_end_matches('》'))
}

/// What a story or a notice says of the plan.
#[derive(Default)]
struct Said {
    title: String,
    issuer: Option<String>,
}

fn said_of(text: &str, pieces: &[Piece], kind: PartKind) -> Said {
    if kind == PartKind::Notice {
        let title = pieces.iter().find_map(|piece| {
            let text = &text[piece.range.clone()];
            is_notice_title(text).then(|| issued(text)).flatten()
        });
        return Said {
            title: title.unwrap_or_default().to_owned(),
            issuer: None,
        };
    }
    let Some((before, after)) = pieces
        .iter()
        .find_map(|piece| text[piece.range.clone()].split_once('《'))
    else {
        return Said::default();
    };
    // A title may hold another in its brackets.
    let mut depth = 1;
    let end = after.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '《') - i32::from(*c == '》');
        depth == 0
    });
    let title = end.map_or("", |(end, _)| &after[..end]).to_owned();
    let issuer = before.rsplit('。').next().and_then(|sentence| {
        let office = sentence
            .strip_suffix("印发的")
            .or_else(|| sentence.strip_suffix("印发了"))
            .or_else(|| sentence.strip_suffix("印发"))?;
        let office = ["日前", "近日", "联合"]
            .iter()
            .fold(office, |office, word| office.trim_end_matches(word));
        (!office.is_empty() && is_short(office)).then(|| office.to_owned())
    });
    Said { title, issuer }
}

/// Tells titles, matter and unnumbered headings from paragraphs.
fn mark(text: &str, pieces: &mut [Piece], part: PartKind) {
    let mut begun = false;
    let mut titled = false;
    let mut byline = false;
    for piece in pieces {
        let line = &text[piece.range.clone()];
        if piece.kind != BlockKind::Paragraph || piece.boxed {
            titled |= piece.kind == BlockKind::Title;
            begun |= piece.kind == BlockKind::Heading;
            continue;
        }
        let short = is_short(line);
        let plain = short && !line.contains(['，', '。', '；', '：', '、', '！', '？']);
        if short && is_matter(line, begun) || plain && byline {
            piece.kind = BlockKind::Matter;
            byline |= line.starts_with("本报记者");
        } else if plain && !begun && part != PartKind::News {
            piece.kind = if titled && part == PartKind::Plan {
                BlockKind::Matter
            } else {
                BlockKind::Title
            };
            titled = true;
        } else if plain && part != PartKind::Notice {
            piece.kind = BlockKind::Heading;
            piece.title = piece.range.clone();
        } else if part == PartKind::Notice && !begun && line.ends_with('：') {
            piece.kind = BlockKind::Matter;
        } else {
            begun = true;
        }
    }
}

/// A line of dates, offices, numbers or names of those who wrote.
fn is_matter(line: &str, begun: bool) -> bool {
    let told = line.starts_with('（') && line.ends_with('）') && !line.contains('。');
    let offices = facts::is_offices(line)
        && (line.contains("政府") || line.contains("国务院") || line.contains("中共"));
    told || facts::date_alone(line).is_some()
        || facts::document_number(line).is_some_and(|number| number.len() + 6 >= line.len())
        || offices
        || line.starts_with("本报记者")
        || (!begun && line.starts_with("附件"))
}

/// Number, issuer and date.
type Described = (
    Option<String>,
    Option<String>,
    Option<gazetteer::PartialDate>,
);

/// Fills in what the part says of itself.
fn describe(text: &str, pieces: &[Piece], part: &mut Part) -> Described {
    let of = |piece: &Piece| &text[piece.range.clone()];
    let matter = || {
        pieces
            .iter()
            .filter(|piece| piece.kind == BlockKind::Matter)
            .map(of)
    };
    let titles: Vec<&str> = pieces
        .iter()
        .filter(|piece| piece.kind == BlockKind::Title)
        .map(of)
        .collect();
    if !titles.is_empty() {
        part.title = titles.concat();
    }
    part.number = part
        .number
        .take()
        .or_else(|| matter().find_map(facts::document_number).map(str::to_owned));
    part.date = part
        .date
        .or_else(|| matter().filter_map(facts::date_alone).next_back());
    // Offices above the title issue it; those below may be addressed.
    let above = pieces
        .iter()
        .take_while(|piece| piece.kind == BlockKind::Matter)
        .map(of);
    let offices = |lines: Vec<&str>| {
        let offices: Vec<String> = lines.into_iter().map(facts::offices).collect();
        (!offices.is_empty()).then(|| offices.join("、"))
    };
    let office = offices(above.filter(|line| facts::is_offices(line)).collect()).or_else(|| {
        offices(
            matter()
                .filter(|line| facts::is_offices(line))
                .take(1)
                .collect(),
        )
    });
    part.issuer = part.issuer.take().or(office);
    if part.kind == PartKind::Plan {
        part.horizon = pieces
            .iter()
            .find_map(|piece| facts::horizon(of(piece)))
            .map(str::to_owned);
    }
    (part.number.clone(), part.issuer.clone(), part.date)
}

/// Whether the articles in brackets count on under the next heading.
fn counts_through(pieces: &[Piece]) -> bool {
    let mut last = 0;
    let mut headings = 0;
    for label in pieces
        .iter()
        .filter(|piece| piece.kind == BlockKind::Heading)
        .filter_map(|piece| piece.label)
    {
        if label.style == Style::Bracket {
            if label.number <= last {
                return false;
            }
            last = label.number;
        } else if label.style < Style::Bracket && last > 0 {
            headings += 1;
        }
    }
    headings > 0 && last > 1
}

/// Gives the blocks of every part their levels and parents.
pub(super) fn place(parts: &[Part], pieces: &[Piece], blocks: &mut [Block]) {
    for part in parts {
        let within = part.blocks.clone();
        let mut styles: Vec<Style> = pieces[within.clone()]
            .iter()
            .filter(|piece| piece.kind == BlockKind::Heading)
            .filter_map(|piece| piece.label.map(|label| label.style))
            .collect();
        styles.sort_unstable();
        styles.dedup();
        let lowest = u8::try_from(styles.len()).unwrap_or(u8::MAX);
        // The headings that are open, with their levels.
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut boxed: Option<usize> = None;
        for number in within {
            let (piece, block) = (&pieces[number], &mut blocks[number]);
            let below = |open: &[(u8, usize)]| open.last().map_or(0, |(level, _)| level + 1);
            match piece.kind {
                BlockKind::Heading => {
                    let at = piece
                        .label
                        .and_then(|label| styles.binary_search(&label.style).ok());
                    let foreword = piece.label.is_none() && open.is_empty();
                    let level = at.map_or(lowest, |at| u8::try_from(at).unwrap_or(u8::MAX));
                    let level = if foreword { 0 } else { level };
                    open.retain(|(above, _)| *above < level);
                    (block.level, block.parent) = (level, open.last().map(|(_, number)| *number));
                    open.push((level, number));
                    boxed = None;
                }
                BlockKind::BoxHeading => {
                    (block.level, block.parent) =
                        (below(&open), open.last().map(|(_, number)| *number));
                    boxed = Some(number);
                }
                BlockKind::BoxItem | BlockKind::Paragraph => {
                    let inside = boxed.filter(|_| piece.boxed);
                    block.level = below(&open) + u8::from(inside.is_some());
                    block.parent = inside.or_else(|| open.last().map(|(_, number)| *number));
                }
                BlockKind::Title | BlockKind::Matter | BlockKind::Contents => {}
            }
        }
    }
}
