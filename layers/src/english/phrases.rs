//! Set phrases of pages: counts, dates, chapters, numbers of documents, abbreviated lines, and 与…合作.

use std::fmt::Write as _;

/// Cities and provinces as names of lines abbreviate them: 渝昆 is Chongqing–Kunming.
const ABBREVIATIONS: [(char, &str); 46] = [
    ('渝', "Chongqing"),
    ('成', "Chengdu"),
    ('蓉', "Chengdu"),
    ('昆', "Kunming"),
    ('贵', "Guiyang"),
    ('万', "Wanzhou"),
    ('达', "Dazhou"),
    ('遂', "Suining"),
    ('绵', "Mianyang"),
    ('德', "Deyang"),
    ('眉', "Meishan"),
    ('资', "Ziyang"),
    ('内', "Neijiang"),
    ('自', "Zigong"),
    ('泸', "Luzhou"),
    ('宜', "Yibin"),
    ('乐', "Leshan"),
    ('雅', "Ya'an"),
    ('巴', "Bazhong"),
    ('广', "Guang'an"),
    ('南', "Nanchong"),
    ('合', "Hechuan"),
    ('长', "Changshou"),
    ('邻', "Linshui"),
    ('武', "Wusheng"),
    ('怀', "Huaihua"),
    ('襄', "Xiangyang"),
    ('郑', "Zhengzhou"),
    ('西', "Xi'an"),
    ('康', "Ankang"),
    ('兰', "Lanzhou"),
    ('隆', "Longchang"),
    ('叙', "Xuyong"),
    ('蒲', "Pujiang"),
    ('汉', "Hanzhong"),
    ('黔', "Guizhou"),
    ('湘', "Hunan"),
    ('鄂', "Hubei"),
    ('川', "Sichuan"),
    ('滇', "Yunnan"),
    ('藏', "Xizang"),
    ('疆', "Xinjiang"),
    ('新', "Xinjiang"),
    ('欧', "Europe"),
    ('粤', "Guangdong"),
    ('桂', "Guangxi"),
];

/// The ends of a line that is called by one character for each.
pub(super) fn abbreviated(name: &str) -> Option<String> {
    let count = name.chars().count();
    if !(2..=4).contains(&count) {
        return None;
    }
    let ends = name.chars().map(|end| {
        let known = ABBREVIATIONS.iter().find(|(short, _)| *short == end);
        known.map(|(_, long)| *long)
    });
    Some(ends.collect::<Option<Vec<_>>>()?.join("–"))
}

/// What a relation with someone is called.
const RELATIONS: [(&str, &str); 8] = [
    ("区域合作交流", "Regional cooperation"),
    ("合作交流", "Cooperation"),
    ("交流协作", "Exchange and cooperation"),
    ("交流互动", "Exchange"),
    ("合作", "Cooperation"),
    ("协作", "Cooperation"),
    ("联动", "Links"),
    ("互动", "Interaction"),
];

/// Words of an English page that stand for what its Chinese one counts.
const COUNTED: [(&str, &str); 8] = [
    ("项", "items"),
    ("处", "places"),
    ("个区市县", "districts and counties"),
    ("区", "districts"),
    ("市", "city"),
    ("个名称未能定位", "not located"),
    ("万人", "0\u{2009}000 people"),
    ("个", ""),
];

/// Set phrases in English, the rest as it is.
pub(super) fn prepared(text: &str) -> String {
    let text = relation(text).unwrap_or_else(|| text.to_owned());
    let text = text
        .replace("另有 ", "")
        .replace('〔', " [")
        .replace('〕', "] ");
    let text = SPLIT.iter().fold(numbers(&text), |text, (word, english)| {
        text.replace(word, english)
    });
    chapters(&counts(&dates(&text)))
}

/// Words whose beginning makes a name with what is before it: 眉山市域铁路 is no railway of a 眉山市.
const SPLIT: [(&str, &str); 5] = [
    ("市域（郊）铁路", " Suburban Railway "),
    ("区域联络线", " Regional Link "),
    ("区块页岩气", " Block Shale Gas "),
    ("区域性", " Regional "),
    ("市级", " City-level "),
];

/// 37号 as 37.
fn numbers(text: &str) -> String {
    let mut parts = text.split('号').peekable();
    let mut out = String::new();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if parts.peek().is_some() && digits_at_end(part).is_empty() {
            out.push('号');
        }
    }
    out
}

/// 与长三角合作: Cooperation with 长三角.
fn relation(text: &str) -> Option<String> {
    let rest = text.strip_prefix('与')?;
    let (who, word) = RELATIONS
        .iter()
        .find_map(|(ending, word)| Some((rest.strip_suffix(ending)?, word)))?;
    Some(format!("{word} with {who}"))
}

/// 2022 年 8 月 and 2022年8月11日 as 2022-08 and 2022-08-11.
fn dates(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('年') {
        let before = rest[..at].trim_end();
        let year = digits_at_end(before);
        if year.len() == 4 {
            let after = rest[at + '年'.len_utf8()..].trim_start();
            let month = digits_at_start(after);
            out.push_str(before);
            rest = match after[month.len()..].trim_start().strip_prefix('月') {
                Some(tail) if !month.is_empty() => {
                    let _ = write!(out, "-{month:0>2}");
                    let day = digits_at_start(tail);
                    match tail[day.len()..].strip_prefix('日') {
                        Some(end) if !day.is_empty() => {
                            let _ = write!(out, "-{day:0>2}");
                            end
                        }
                        _ => tail,
                    }
                }
                _ => &rest[at + '年'.len_utf8()..],
            };
        } else {
            let end = at + '年'.len_utf8();
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out + rest
}

fn digits_at_end(text: &str) -> &str {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    &text[text.len() - digits..]
}

fn digits_at_start(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    &text[..digits]
}

/// `12 项` as `12 items`: only what is counted in figures with a space.
fn counts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(space) = rest.find(' ') {
        let (before, after) = (&rest[..space], &rest[space + 1..]);
        out.push_str(before);
        out.push(' ');
        rest = after;
        if digits_at_end(before).is_empty() {
            continue;
        }
        let known = COUNTED
            .iter()
            .find_map(|(word, english)| Some((after.strip_prefix(word)?, english)));
        if let Some((tail, english)) = known {
            out.push_str(english);
            rest = tail;
        }
    }
    out + rest
}

/// 第三章 as `ch. 3`, 第二节 as `sec. 2`, 第五条 as `art. 5`.
fn chapters(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        let after = &rest[at + '第'.len_utf8()..];
        let numeral: String = after.chars().take_while(|c| value(*c).is_some()).collect();
        let tail = &after[numeral.len()..];
        let part = [
            ('章', "ch."),
            ('节', "sec."),
            ('条', "art."),
            ('部', "part"),
        ]
        .iter()
        .find_map(|(word, english)| Some((tail.strip_prefix(*word)?, english)));
        if let (Some(number), Some((tail, english))) = (number(&numeral), part) {
            out.push_str(&rest[..at]);
            let _ = write!(out, " {english}\u{a0}{number} ");
            rest = tail;
        } else {
            out.push_str(&rest[..at + '第'.len_utf8()]);
            rest = after;
        }
    }
    out + rest
}

fn value(character: char) -> Option<u32> {
    "零一二三四五六七八九十"
        .chars()
        .position(|c| c == character)
        .and_then(|at| u32::try_from(at).ok())
}

/// A Chinese numeral below a hundred.
fn number(numeral: &str) -> Option<u32> {
    let (tens, ones) = match numeral.split_once('十') {
        Some(("", ones)) => (1, ones),
        Some((tens, ones)) => (value(tens.chars().next()?)?, ones),
        None => (0, numeral),
    };
    let ones = match ones.chars().next() {
        Some(one) => value(one)?,
        None if tens > 0 => 0,
        None => return None,
    };
    Some(tens * 10 + ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_dates_and_chapters_are_put_into_english() {
        assert_eq!(
            prepared("12 项；另有 3 个名称未能定位"),
            "12 items；3 not located"
        );
        assert_eq!(
            prepared("（2022 年 8 月）第三章第二节"),
            "（2022-08） ch.\u{a0}3  sec.\u{a0}2 "
        );
        assert_eq!(prepared("2021年10月20日"), "2021-10-20");
        assert_eq!(prepared("第二十一条"), " art.\u{a0}21 ");
        assert_eq!(prepared("第一"), "第一");
        assert_eq!(prepared("与长三角合作"), "Cooperation with 长三角");
    }

    #[test]
    fn a_line_is_called_by_its_ends() {
        assert_eq!(abbreviated("渝昆").as_deref(), Some("Chongqing–Kunming"));
        assert_eq!(
            abbreviated("渝新欧").as_deref(),
            Some("Chongqing–Xinjiang–Europe")
        );
        assert_eq!(abbreviated("渝"), None);
        assert_eq!(abbreviated("高竹"), None);
    }
}
