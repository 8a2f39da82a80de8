//! Lines that belong to the page and not to the text: page numbers, mastheads, 下转4版.

use std::collections::HashMap;

use super::RemovedKind;
use super::fold::{Folded, Line};
use super::shape::{Shape, Stop, stop};
use crate::outline::label;

/// A line is taken out from this score on.
const ENOUGH: i32 = 3;
/// A wider line is no furniture (a character counts two).
const WIDEST: u16 = 48;
/// Furniture stands within so many lines of other furniture.
const NEAR: usize = 6;
/// Bytes of text between two page heads, at least.
const PAGE: u32 = 600;
/// Page heads come at distances that differ by no more than this factor.
const UNEVEN: u32 = 4;
/// Numbers of successive pages differ by no more (pages of maps have none).
const SKIPPED: u32 = 3;

/// What each line is taken out as, if it is.
pub(super) fn find(folded: &Folded, shape: Shape) -> Vec<Option<RemovedKind>> {
    let repeats = repeats(folded);
    let mut found: Vec<Option<RemovedKind>> = page_numbers(folded);
    for (number, line) in folded.lines.iter().enumerate() {
        let text = folded.line(line);
        if found[number].is_none() && line.width <= WIDEST {
            if is_turn(text) || score(text, line, shape, &repeats) >= ENOUGH {
                found[number] = Some(RemovedKind::Furniture);
            } else if is_caption(text) {
                found[number] = Some(RemovedKind::Caption);
            }
        }
    }
    // Mastheads that stand once are told by the company of other furniture.
    let mut last_found = None;
    let strong = found.clone();
    let mut following = next_found(&strong);
    for (number, line) in folded.lines.iter().enumerate() {
        if strong[number].is_some() {
            last_found = Some(number);
            continue;
        }
        while following.peek().is_some_and(|next| *next < number) {
            following.next();
        }
        let near = last_found.is_some_and(|last| number - last <= NEAR)
            || following.peek().is_some_and(|next| next - number <= NEAR);
        if !near || line.width > WIDEST {
            continue;
        }
        let text = folded.line(line);
        let told = is_office_line(text) || closes_over(folded, &strong, number);
        if told && score(text, line, shape, &repeats) + 2 >= ENOUGH {
            found[number] = Some(RemovedKind::Furniture);
        }
    }
    found
}

fn next_found(found: &[Option<RemovedKind>]) -> std::iter::Peekable<impl Iterator<Item = usize>> {
    found
        .iter()
        .enumerate()
        .filter(|(_, kind)| kind.is_some())
        .map(|(number, _)| number)
        .peekable()
}

/// What a line says for itself.
fn score(text: &str, line: &Line, shape: Shape, repeats: &HashMap<u64, Repeat>) -> i32 {
    let mut score = 0;
    if repeats.get(&masked(text)).is_some_and(Repeat::is_regular) {
        score += 2;
    }
    if is_office_line(text) {
        score += 2;
    }
    if line.width * 2 < shape.column {
        score += 1;
    }
    if text.ends_with(['。', '，', '；', '：', '、']) || label::at_start(text).is_some() {
        score -= 3;
    }
    score
}

/// An office as printed over its papers: 某市人民政府文件.
fn is_office_line(text: &str) -> bool {
    let offices = [
        "政府",
        "委员会",
        "办公厅",
        "办公室",
        "国务院",
        "委",
        "局",
        "厅",
    ];
    let ends = ["文件", "公报", "简报", "发布"];
    let Some(office) = ends.iter().find_map(|end| text.strip_suffix(end)) else {
        return false;
    };
    offices.iter().any(|end| office.ends_with(end))
}

/// 下转4版, 上接第1版.
fn is_turn(text: &str) -> bool {
    let inner = text.trim_matches(|c| matches!(c, '（' | '）' | '●' | '▶' | '◀' | '>' | '<'));
    let Some(rest) = inner
        .strip_prefix("下转")
        .or_else(|| inner.strip_prefix("上接"))
    else {
        return false;
    };
    rest.ends_with('版') && rest.chars().count() <= 8
}

/// The title of a picture that stands alone: no sentence, and no heading.
fn is_caption(text: &str) -> bool {
    super::captions::is_title_of_picture(text) && label::at_start(text).is_none()
}

/// Whether the sentence goes on behind the line.
fn closes_over(folded: &Folded, found: &[Option<RemovedKind>], number: usize) -> bool {
    let text = folded.line(&folded.lines[number]);
    if label::at_start(text).is_some() || text.contains(['。', '，', '、', '；', '：']) {
        return false;
    }
    let reach = NEAR.min(number);
    let before = (number - reach..number)
        .rev()
        .find(|at| found[*at].is_none());
    let after =
        (number + 1..folded.lines.len().min(number + 1 + NEAR)).find(|at| found[*at].is_none());
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let (before, after) = (
        folded.line(&folded.lines[before]),
        folded.line(&folded.lines[after]),
    );
    let goes_on = after.starts_with(['，', '。', '、', '；', '和', '的', '与', '及', '）', '”']);
    stop(before) == Stop::None && before.contains(['，', '。', '、']) && goes_on
}

/// Lines that are only a number: marked as page numbers (- 8 -, 第8页), or in a sequence with the next such line.
fn page_numbers(folded: &Folded) -> Vec<Option<RemovedKind>> {
    let mut found = vec![None; folded.lines.len()];
    let mut bare: Option<(usize, u32)> = None;
    for (number, line) in folded.lines.iter().enumerate() {
        let Some((value, marked)) = page_number(folded.line(line)) else {
            continue;
        };
        if marked {
            found[number] = Some(RemovedKind::PageNumber);
        }
        if let Some((before, last)) = bare {
            let follows = value > last && value - last <= SKIPPED;
            if follows && number - before > 1 {
                found[before] = Some(RemovedKind::PageNumber);
                found[number] = Some(RemovedKind::PageNumber);
            }
        }
        bare = Some((number, value));
    }
    found
}

/// The page number that a line is, and whether marks show it to be one.
fn page_number(text: &str) -> Option<(u32, bool)> {
    if text.len() > 40 {
        return None;
    }
    let page = text.strip_prefix('第').and_then(|rest| {
        let (number, rest) = rest.split_once('页')?;
        (rest.is_empty() || (rest.starts_with(['共', '/', '，']) && rest.ends_with('页')))
            .then_some(number)
    });
    let marks = [
        '-', '—', '·', '~', '～', '|', '/', '[', ']', '【', '】', '<', '>',
    ];
    let inner = page.unwrap_or_else(|| text.trim_matches(marks)).trim();
    let digits =
        !inner.is_empty() && inner.len() <= 4 && inner.bytes().all(|byte| byte.is_ascii_digit());
    let value = digits.then(|| inner.parse().ok()).flatten()?;
    let both = text.starts_with(marks) && text.ends_with(marks);
    Some((value, page.is_some() || both))
}

/// A line that is printed again and again.
#[derive(Debug, Default)]
struct Repeat {
    count: u32,
    first: u32,
    last: u32,
    /// Distances shorter than a page: the last page may be.
    near: u32,
    farthest: u32,
}

impl Repeat {
    fn is_regular(&self) -> bool {
        let distances = self.count.saturating_sub(1);
        distances >= 2
            && self.near * UNEVEN <= distances
            && self.farthest / UNEVEN <= (self.last - self.first) / distances
    }
}

fn repeats(folded: &Folded) -> HashMap<u64, Repeat> {
    let mut repeats: HashMap<u64, Repeat> = HashMap::new();
    for line in folded.lines.iter().filter(|line| line.width <= WIDEST) {
        let new = Repeat {
            first: line.start,
            last: line.start,
            ..Repeat::default()
        };
        let repeat = repeats.entry(masked(folded.line(line))).or_insert(new);
        if repeat.count > 0 {
            let away = line.start - repeat.last;
            repeat.near += u32::from(away < PAGE);
            repeat.farthest = repeat.farthest.max(away);
        }
        repeat.count += 1;
        repeat.last = line.start;
    }
    repeats
}

/// A number for a line in which all digits are alike (FNV-1a, as it is short).
fn masked(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        let byte = if byte.is_ascii_digit() { b'0' } else { byte };
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
