//! Names as a page prints them: in short lines, several things at one place together.

use crate::english::word_ends;
use crate::map::{Label, LabelRank};
use crate::style::Colour;

/// Characters in one line of a name, lines of a name, and names at one point.
const LINE_CHARS: usize = 9;
const MOST_LINES: usize = 3;
pub(super) const MOST_NAMES: usize = 3;
/// A line may be so much longer than the others to end between words, and what is cut so much shorter.
const OVER_CHARS: usize = 2;
const CUT_CHARS: usize = 4;
/// How wide letters and figures are beside Chinese characters.
const ASCII_EM: f64 = 0.57;
/// After these a line ends best.
const LINKS: [char; 7] = ['至', '和', '与', '及', '、', '—', '·'];
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

/// A name in lines of about equal length that end between words; what is longer than `most` lines is cut, and says so.
fn broken(name: &str, most: usize) -> Vec<String> {
    let room = LINE_CHARS * most + 5;
    let whole = if name.chars().count() > room {
        without_remark(name)
    } else {
        name
    };
    let mut chars: Vec<char> = whole.chars().collect();
    let ends = word_ends(whole);
    let cut = chars.len() > room;
    if cut {
        let kept = ends.iter().rev().find(|end| **end <= room);
        let kept = kept.filter(|end| **end + CUT_CHARS >= room);
        chars.truncate(kept.copied().unwrap_or(room));
        // What opens stays closed.
        let count = |of: char| chars.iter().filter(|c| **c == of).count();
        if count('（') > count('）')
            && let Some(at) = chars.iter().rposition(|c| *c == '（').filter(|at| *at > 0)
        {
            chars.truncate(at);
        }
        while chars.len() > 1 && chars.last().is_some_and(|c| LINKS.contains(c)) {
            chars.pop();
        }
    }
    let mut lines = set(&chars, &ends, most);
    if cut && let Some(last) = lines.last_mut() {
        last.push('…');
    }
    lines
}

/// A name without the remark in brackets at its end.
fn without_remark(name: &str) -> &str {
    let open = name
        .rfind('（')
        .filter(|at| *at > 0 && name.ends_with('）'));
    open.map_or(name, |at| &name[..at])
}

/// Characters in the fewest lines that hold them, the ends of which cost least.
fn set(chars: &[char], ends: &[usize], most: usize) -> Vec<String> {
    let count = chars.len().div_ceil(LINE_CHARS).clamp(1, most);
    let mut wide = vec![0.0];
    for c in chars {
        let before = wide.last().copied().unwrap_or_default();
        wide.push(before + if c.is_ascii() { ASCII_EM } else { 1.0 });
    }
    let equal = wide.last().copied().unwrap_or_default() / number(count);
    let line = |from: usize, to: usize| {
        let length: f64 = wide[to] - wide[from];
        let over = (length - number(LINE_CHARS + OVER_CHARS)).max(0.0);
        ((length - equal) / equal).powi(2) + over
    };
    // For each number of lines, what it costs to have set the characters before a place, and where the last of them begins.
    let mut rows = vec![vec![(f64::INFINITY, 0); chars.len() + 1]];
    rows[0][0] = (0.0, 0);
    for _ in 0..count {
        let Some(before) = rows.last() else { break };
        let best = |end: usize| {
            let froms = (0..end).filter(|from| before[*from].0.is_finite());
            let costs = froms.map(|from| (before[from].0 + line(from, end), from));
            costs.min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let next = (0..=chars.len()).map(|end| match best(end) {
            Some((cost, from)) => (cost + end_cost(chars, ends, end), from),
            None => (f64::INFINITY, 0),
        });
        let next = next.collect();
        rows.push(next);
    }
    let mut lines = Vec::new();
    let mut end = chars.len();
    let set_in = (1..=count).rev().find(|row| rows[*row][end].0.is_finite());
    for row in (1..=set_in.unwrap_or(0)).rev() {
        let from = rows[row][end].1;
        lines.insert(0, chars[from..end].iter().collect());
        end = from;
    }
    lines
}

/// What it costs to end a line before a character: nothing after a mark or a word that links two, most inside of a word.
fn end_cost(chars: &[char], ends: &[usize], end: usize) -> f64 {
    let (Some(before), Some(after)) = (end.checked_sub(1).map(|at| chars[at]), chars.get(end))
    else {
        return 0.0;
    };
    // No line begins with a mark that closes or divides, or ends with one that opens. Figures and words in Latin letters stay
    // whole: 4.5米.
    if CLOSING.contains(after) || OPENING.contains(&before) || in_word(before) && in_word(*after) {
        return f64::INFINITY;
    }
    match (ends.contains(&end), LINKS.contains(&before)) {
        _ if LINKS.contains(after) => 0.5,
        (_, true) => 0.0,
        (true, false) => 0.1,
        (false, false) => 1.0,
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
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
        assert_eq!(broken(&"4".repeat(20), 3), ["4".repeat(20)]);
        let long = broken(&"长".repeat(400), 3);
        assert!(long.len() == 3 && long[2].ends_with('…'), "{long:?}");
        assert!(broken("", 1).is_empty());
    }

    #[test]
    fn what_is_cut_has_no_open_bracket() {
        assert_eq!(
            broken("节能环保装备基地（自贡、綦江—万盛）", 1),
            ["节能环保装备基地"]
        );
        assert_eq!(
            broken("甲乙丙丁戊己（庚辛壬癸子丑寅卯）辰巳", 1),
            ["甲乙丙丁戊己…"]
        );
    }

    #[test]
    fn lines_end_between_words() {
        for (name, lines) in [
            (
                "G4217汶川至马尔康国家高速公路",
                ["G4217汶川至", "马尔康国家高速公路"],
            ),
            ("成渝铁路扩能改造工程", ["成渝铁路", "扩能改造工程"]),
            ("沙坪坝铁路综合交通枢纽", ["沙坪坝铁路", "综合交通枢纽"]),
        ] {
            assert_eq!(broken(name, 3), lines);
        }
    }
}
