//! Names as a page prints them: in short lines, several things at one place together.

use crate::map::{Label, LabelRank};
use crate::style::Colour;

/// Characters in one line of a name, lines of a name, and names at one point.
const LINE_CHARS: usize = 9;
const MOST_LINES: usize = 3;
pub(super) const MOST_NAMES: usize = 3;
const CLOSING: [char; 9] = ['、', '，', '）', '”', '》', '。', '·', '—', '…'];
const OPENING: [char; 3] = ['（', '“', '《'];

/// A label of one or more names, in short lines.
pub(super) fn named(names: &[&str], rank: LabelRank, colour: Colour) -> Label {
    let mut lines: Vec<String> = Vec::new();
    let most = if names.len() > 1 { 1 } else { MOST_LINES };
    for name in names.iter().take(MOST_NAMES) {
        lines.extend(broken(name, most));
    }
    if names.len() > MOST_NAMES
        && let Some(last) = lines.last_mut()
    {
        last.push_str(" 等");
    }
    Label {
        colour: Some(colour),
        names: names
            .iter()
            .take(MOST_NAMES)
            .map(|name| (*name).to_owned())
            .collect(),
        ..Label::new(&lines.join("\n"), rank)
    }
}

/// A name in lines of about equal length; what is longer than `most` lines is cut, and says so.
fn broken(name: &str, most: usize) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let room = LINE_CHARS * most + 5;
    let cut = chars.len() > room;
    let kept = &chars[..chars.len().min(room)];
    let count = kept.len().div_ceil(LINE_CHARS).clamp(1, most);
    let length = kept.len().div_ceil(count).max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut rest = kept;
    while !rest.is_empty() {
        let mut end = length.min(rest.len());
        // No line begins with a mark that closes or divides, or ends with one that opens.
        while rest.get(end).is_some_and(|c| CLOSING.contains(c)) {
            end += 1;
        }
        if end > 1 && end < rest.len() && OPENING.contains(&rest[end - 1]) {
            end -= 1;
        }
        // Figures and words in Latin letters stay whole: 4.5米.
        let runs_on =
            |end: usize| rest.get(end).is_some_and(|c| in_word(*c)) && in_word(rest[end - 1]);
        let whole = (1..=end).rev().find(|end| !runs_on(*end));
        end = whole.unwrap_or(end);
        let (line, after) = rest.split_at(end);
        lines.push(line.iter().collect());
        rest = after;
    }
    if cut && let Some(last) = lines.last_mut() {
        last.push('…');
    }
    lines
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_broken_and_a_very_long_one_cut() {
        assert_eq!(broken("长江上游航运中心", 3), ["长江上游航运中心"]);
        assert_eq!(
            broken("甲乙丙丁戊己庚辛壬癸子丑", 3),
            ["甲乙丙丁戊己", "庚辛壬癸子丑"]
        );
        let marked = broken("甲乙丙丁戊己庚、辛壬癸子丑（寅）", 3);
        assert_eq!(marked, ["甲乙丙丁戊己庚、", "辛壬癸子丑（寅）"]);
        assert_eq!(
            broken("甲乙丙丁戊己4.5米深航道", 3),
            ["甲乙丙丁戊己", "4.5米深航道"]
        );
        assert_eq!(broken(&"4".repeat(20), 3).concat(), "4".repeat(20));
        let long = broken(&"长".repeat(400), 3);
        assert!(long.len() == 3 && long[2].ends_with('…'), "{long:?}");
        assert!(broken("", 1).is_empty());
    }
}
