//! Captions of maps: 图3某城市群交通网示意图. They stand between paragraphs, or inside a sentence or a word.

use std::ops::Range;

use crate::outline::label::chinese_numeral;

/// How the caption of a map ends.
const ENDS: [&str; 10] = [
    "示意图",
    "分布图",
    "布局图",
    "规划图",
    "区位图",
    "范围图",
    "结构图",
    "格局图",
    "体系图",
    "位置图",
];
/// Characters of the longest caption, without its number.
const LONGEST: usize = 28;

/// Whether a line is a caption and nothing else.
pub(super) fn is_title_of_picture(line: &str) -> bool {
    let title = line.strip_prefix('图').map_or(line, after_number);
    let short = title.len() <= LONGEST * 3 && title.chars().count() > 4;
    short
        && ENDS.iter().any(|end| title.ends_with(end))
        && !title.contains(['，', '。', '；', '、', '：', '《', '》'])
}

fn after_number(text: &str) -> &str {
    let digits = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'-')
        .count();
    let length = if digits > 0 {
        digits
    } else {
        chinese_numeral(text).map_or(0, |(_, length)| length)
    };
    text[length..].trim_start_matches(['：', '.', '．', ' '])
}

/// Captions with a number that stand inside the text, in its order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, mark) in text.match_indices('图') {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let start = at + mark.len();
        if text[start..].starts_with(|c: char| c.is_ascii_digit()) {
            found.extend(title_end(text, start).map(|end| at..end));
        }
    }
    found
}

/// Where the caption ends whose number begins here.
fn title_end(text: &str, number: usize) -> Option<usize> {
    let digits = text[number..]
        .bytes()
        .take(3)
        .take_while(u8::is_ascii_digit)
        .count();
    let from = number + digits;
    let mut end = from;
    for character in text[from..].chars().take(LONGEST) {
        if matches!(character, '，' | '。' | '；' | '\n' | '：') {
            return None;
        }
        end += character.len_utf8();
        if character == '图' {
            let ends = ENDS.iter().any(|ending| text[from..end].ends_with(ending));
            return ends.then_some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_inside_a_word_is_found() {
        let text = "沿江生态型图2甲乙城市群空间格局示意图城市带。图3说明，见图4甲河水系分布图图5乙港布局图";
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            [
                "图2甲乙城市群空间格局示意图",
                "图4甲河水系分布图",
                "图5乙港布局图"
            ]
        );
    }

    #[test]
    fn a_line_is_a_caption_only_as_a_whole() {
        assert!(is_title_of_picture("甲乙都市圈空间布局图"));
        assert!(is_title_of_picture("图6甲乙城市群生态廊道示意图"));
        assert!(!is_title_of_picture("编制空间布局图、规划图"));
        assert!(!is_title_of_picture("示意图"));
    }
}
