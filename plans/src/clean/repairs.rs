//! What the printer lost, put back where the text itself proves it: a 、 between two names, the letter of a road, a per
//! cent sign. Everything else stays as it is printed.

use std::ops::Range;

use gazetteer::{FeatureClass, Gazetteer};

use super::Repair;
use super::fold::is_han;
use crate::text::CleanText;

/// A place where the text is mended.
struct Edit {
    /// The bytes that are replaced.
    range: Range<usize>,
    with: String,
    proof: String,
}

/// Bytes of a list that are looked at before the word that names its roads.
const LIST: usize = 1_500;
/// Characters of the longest name between a road's number and 至.
const END: usize = 8;
/// Items of the shortest list that proves something.
const LEAST: usize = 3;
/// Characters of two names that stand together.
const TWO_NAMES: (usize, usize) = (4, 8);
/// Lists of such roads, and the letter that their numbers have.
const ROADS: [(&str, char); 3] = [("国家", 'G'), ("国家级", 'G'), ("省级", 'S')];
/// Measures that are shares, and the verbs before their figures.
const SHARES: [&str; 4] = ["率", "比重", "占比", "比例"];
const REACHES: [&str; 9] = [
    "达到",
    "达",
    "为",
    "提高到",
    "提升到",
    "提高至",
    "超过",
    "保持在",
    "稳定在",
];

/// Mends a text.
pub(super) fn mend(
    gazetteer: &Gazetteer,
    source: &str,
    text: &CleanText,
) -> (CleanText, Vec<Repair>) {
    let mut edits = road_letters(text.as_str());
    edits.extend(per_cents(text.as_str()));
    edits.extend(lost_marks(gazetteer, text.as_str()));
    edits.sort_by_key(|edit| edit.range.start);
    let mut mended = CleanText::with_capacity(text.as_str().len());
    let mut repairs = Vec::with_capacity(edits.len());
    let mut from = 0;
    for edit in edits {
        if edit.range.start < from {
            continue;
        }
        mended.push_from(text, from..edit.range.start);
        from = edit.range.end;
        let stood = text.source_range(edit.range);
        repairs.push(Repair {
            source: stood.clone(),
            printed: source[stood.clone()].to_owned(),
            repaired: edit.with.clone(),
            proof: edit.proof,
        });
        mended.push_str(&edit.with, stood);
    }
    mended.push_from(text, from..text.as_str().len());
    (mended, repairs)
}

/// Numbers of expressways without their letter, in a list that says which roads they are:
/// 4217甲至乙、5515丙至丁等国家高速公路.
fn road_letters(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut from = 0;
    for (at, word) in text.match_indices("高速公路") {
        let before = &text[..at];
        let level = ROADS.iter().find(|(level, _)| before.ends_with(level));
        let Some((level, letter)) = level else {
            continue;
        };
        let mut start = from.max(at.saturating_sub(LIST));
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let stop = text[start..at].rfind(['。', '；', '\n']);
        let numbers = road_numbers(text, start + stop.unwrap_or(0)..at);
        if numbers.len() >= LEAST {
            let count = numbers.len();
            let proof = format!("one of {count} numbers before 至 in a list of {level}{word}");
            edits.extend(numbers.into_iter().map(|range| Edit {
                with: format!("{letter}{}", &text[range.clone()]),
                range,
                proof: proof.clone(),
            }));
        }
        from = at + word.len();
    }
    edits
}

/// Numbers of one to four digits that an item of a list begins with: a name and 至 follow.
fn road_numbers(text: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut numbers = Vec::new();
    let mut at = list.start;
    while at < list.end {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < list.end && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let bare = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| is_han(c) || matches!(c, '、' | '：' | '，'));
        let name = text[at..list.end]
            .chars()
            .take(END + 1)
            .take_while(|c| is_han(*c) && *c != '至')
            .count();
        let followed = text[at..list.end].chars().nth(name) == Some('至');
        if at - start <= 4 && bare && followed && (2..=END).contains(&name) {
            numbers.push(start..at);
        }
    }
    numbers
}

/// Shares without their sign: 处置率达到100。
fn per_cents(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (at, last) in text.match_indices(['率', '重', '比', '例']) {
        let end = at + last.len();
        if !SHARES.iter().any(|share| text[..end].ends_with(share)) {
            continue;
        }
        let Some(verb) = REACHES.iter().find(|verb| text[end..].starts_with(**verb)) else {
            continue;
        };
        let start = end + verb.len();
        let digits = text[start..].bytes().take(6);
        let digits = digits
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        let end = start + digits;
        let share = text[start..end]
            .parse::<f64>()
            .is_ok_and(|share| share <= 100.0);
        let marks = ["，", "。", "；", "、", "\n", "以上", "左右", "以内"];
        if share && (end == text.len() || marks.iter().any(|mark| text[end..].starts_with(mark))) {
            edits.push(Edit {
                range: start..end,
                with: format!("{}%", &text[start..end]),
                proof: "a share of at most 100 without a unit".to_owned(),
            });
        }
    }
    edits
}

/// Two names that stand together as one item of a list of such names: 甲、乙、丙丁、戊.
fn lost_marks(gazetteer: &Gazetteer, text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut items: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let ends = text
        .char_indices()
        .filter(|(_, c)| !is_han(*c))
        .map(|(at, c)| (at, c, c.len_utf8()));
    for (at, mark, length) in ends.chain(std::iter::once((text.len(), '\n', 0))) {
        items.push(start..at);
        start = at + length;
        if mark != '、' {
            // The first and the last item of a list have other words beside them.
            if items.len() > LEAST + 1 {
                edits.extend(split_items(gazetteer, text, &items[1..items.len() - 1]));
            }
            items.clear();
        }
    }
    edits
}

fn split_items(gazetteer: &Gazetteer, text: &str, items: &[Range<usize>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let name = &text[item.clone()];
        let count = name.len() / '甲'.len_utf8();
        if !(TWO_NAMES.0..=TWO_NAMES.1).contains(&count) {
            continue;
        }
        let lengths = gazetteer.names_at_start(name);
        let mut cuts = lengths.clone();
        cuts.retain(|cut| *cut < name.len() && is_name(gazetteer, &name[*cut..]));
        cuts.dedup();
        if cuts.is_empty() || lengths.last() == Some(&name.len()) {
            continue;
        }
        let around =
            items[number.saturating_sub(LEAST)..(number + LEAST + 1).min(items.len())].iter();
        let classes: Vec<FeatureClass> = around
            .filter_map(|item| unit(gazetteer, &text[item.clone()]))
            .collect();
        let Some(class) = classes
            .first()
            .copied()
            .filter(|class| classes.iter().all(|other| other == class))
        else {
            continue;
        };
        let mut cuts = cuts.into_iter().filter(|at| {
            unit(gazetteer, &name[..*at]) == Some(class)
                && unit(gazetteer, &name[*at..]) == Some(class)
        });
        // Only one reading proves anything.
        if let (Some(cut), None, true) = (cuts.next(), cuts.next(), classes.len() + 1 >= LEAST) {
            edits.push(Edit {
                range: item.clone(),
                with: format!("{}、{}", &name[..cut], &name[cut..]),
                proof: format!("two names in a list of {} of their level", classes.len()),
            });
        }
    }
    edits
}

/// The level of the unit that a name stands for.
fn unit(gazetteer: &Gazetteer, name: &str) -> Option<FeatureClass> {
    if !is_name(gazetteer, name) {
        return None;
    }
    let class = gazetteer.find_one(name, None)?.place.class;
    class.is_administrative().then_some(class)
}

fn is_name(gazetteer: &Gazetteer, name: &str) -> bool {
    (6..=24).contains(&name.len()) && gazetteer.names_at_start(name).pop() == Some(name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(source: &str) -> (String, Vec<(String, String)>) {
        let gazetteer = Gazetteer::embedded().expect("whole");
        let text = CleanText::new(source).expect("short");
        let (text, repairs) = mend(&gazetteer, source, &text);
        let told = repairs
            .into_iter()
            .map(|repair| (repair.printed, repair.repaired))
            .collect();
        (text.as_str().to_owned(), told)
    }

    #[test]
    fn a_mark_is_put_back_between_two_names_of_a_list() {
        let (text, told) = mended("包括重庆的渝中、江津、永川合川、南川、潼南和其他区县。");
        assert_eq!(
            text,
            "包括重庆的渝中、江津、永川、合川、南川、潼南和其他区县。"
        );
        assert_eq!(told, [("永川合川".to_owned(), "永川、合川".to_owned())]);
        for kept in [
            "支持渝中、永川合川、物流、航空等发展。",
            "发挥重庆成都双核作用，建设江津、永川合川。",
        ] {
            assert_eq!(mended(kept).0, kept);
        }
    }

    #[test]
    fn the_letter_of_a_road_is_put_back_where_the_list_says_which_roads_they_are() {
        let (text, told) = mended(
            "建设4217汶川至马尔康、69开县至城口、8515荣昌至泸州等国家高速公路，2020年建成。",
        );
        assert_eq!(
            text,
            "建设G4217汶川至马尔康、G69开县至城口、G8515荣昌至泸州等国家高速公路，2020年建成。"
        );
        assert_eq!(told.len(), 3);
        let kept = "建设120公里甲至乙、30公里丙至丁公路，完善国家高速公路。";
        assert_eq!(mended(kept).0, kept);
    }

    #[test]
    fn a_share_has_its_sign_again() {
        assert_eq!(
            mended("处置率达到100。覆盖率为45.5左右").0,
            "处置率达到100%。覆盖率为45.5%左右"
        );
        for kept in ["率达到80%。", "人口达到100万", "率达到200。", "比例为1:2"] {
            assert_eq!(
                mended(kept).0,
                CleanText::new(kept).expect("short").as_str()
            );
        }
    }
}
