//! What opens a paragraph or goes on over its line, told by its words.

use crate::outline::{UNNUMBERED, boxes, facts};

/// Characters of a line that are looked at for a run-in title and the sentence behind it.
const REACH: usize = 90;
/// Characters of the longest name of an item.
const NAME: usize = 8;

/// Whether a line opens a paragraph with a run-in title: 沿某江发展轴。依托…
pub(super) fn opens_paragraph(line: &str, after: Option<&str>) -> bool {
    let mut text: String = line.chars().take(REACH).collect();
    text.extend(after.unwrap_or_default().chars().take(REACH));
    let Some((title, rest)) = text.split_once('。') else {
        return false;
    };
    boxes::is_run_in(title, rest)
}

/// Whether a line stands by itself whatever is around it: a date, a number, a signature, 前言.
pub(super) fn stands_alone(line: &str) -> bool {
    if line.len() > 200 {
        return false;
    }
    let date = line.contains('月') && facts::date_alone(line).is_some();
    let number =
        || facts::document_number(line).is_some_and(|number| number.len() + 6 >= line.len());
    let offices = || facts::is_offices(line) && line.ends_with("人民政府");
    let byline = line.starts_with("本报记者");
    let bracketed = || line.starts_with('（') && line.ends_with("发布）");
    date || byline || number() || offices() || bracketed() || UNNUMBERED.contains(&line)
}

/// Whether a title is that of a plan, by its last word.
pub(super) fn names_document(title: &str) -> bool {
    ["规划", "方案", "纲要", "规划》", "计划"]
        .iter()
        .any(|word| title.ends_with(word))
}

/// Whether a line and the next end and begin with words that a blank stands between. A number or an abbreviation that
/// was broken has none.
pub(crate) fn are_words(last: &str, next: &str) -> bool {
    match (last.chars().next_back(), next.chars().next()) {
        (Some(a), Some(b)) => {
            let letters = a.is_ascii_alphabetic() && b.is_ascii_alphabetic();
            letters && !(a.is_ascii_uppercase() && b.is_ascii_uppercase())
        }
        _ => false,
    }
}

/// Whether a line opens an item of a box with a name: 甲区。制造业基地.
pub(super) fn opens_item(line: &str) -> bool {
    let name = line
        .char_indices()
        .take(NAME + 1)
        .find(|(_, c)| matches!(c, '。' | '：'));
    name.is_some_and(|(at, _)| at >= 6 && !line[..at].contains(['，', '、', '；']))
}

/// Whether a title without an end goes on in the next line: 关于印发…的 or a name in open brackets.
pub(super) fn goes_on(last: &str, next: &str) -> bool {
    let short = |text: &str| text.chars().take(40).count() < 40;
    let notice = |text: &str| {
        ["通知", "批复", "意见", "函", "决定"]
            .iter()
            .any(|end| text.ends_with(end))
    };
    let opened = last.starts_with("关于") || last.contains("关于印发");
    let open = |from: char, to: char| last.matches(from).count() > last.matches(to).count();
    (opened && !notice(last) && short(next) && notice(next)) || open('《', '》') || open('（', '）')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_sentence_opens_a_paragraph() {
        let goes_on = "依托黄金水道和沿江的铁路，推动甲区、乙区联动发展，优化生产力布局。";
        assert!(opens_paragraph("沿甲江发展轴。依托", Some(goes_on)));
        assert!(opens_paragraph("统筹规划，合理布局。", Some(goes_on)));
        assert!(!opens_paragraph("持续深化改革。", Some(goes_on)));
        assert!(!opens_paragraph("推动甲、乙联动发展，做强主轴。依托", None));
        assert!(!opens_paragraph("甲区。", Some("乙")));
    }

    #[test]
    fn the_title_of_a_notice_goes_on() {
        assert!(goes_on("关于印发推动甲乙地区融合发展", "总体方案的通知"));
        assert!(!goes_on("关于印发甲规划的通知", "甲府发〔2020〕1号"));
        assert!(goes_on("贯彻落实《甲乙地区经济圈", "建设规划》"));
    }
}
