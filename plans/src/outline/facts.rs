//! What a document says of itself: its number, its date, its issuer, the years it is for.

use gazetteer::PartialDate;

use super::label::chinese_numeral;

/// The date that a text begins with, and its bytes: 2021年12月30日, 2016年4月, 二〇二一年三月.
pub(super) fn date_at_start(text: &str) -> Option<(PartialDate, usize)> {
    let (year, mut length) = year(text)?;
    let mut date = year;
    for unit in ['月', '日'] {
        let rest = &text[length..];
        let Some((value, digits)) = number(rest) else {
            break;
        };
        if !rest[digits..].starts_with(unit) {
            break;
        }
        date = format!("{date}-{value:02}");
        length += digits + unit.len_utf8();
    }
    Some((date.parse().ok()?, length))
}

/// A year of four digits or characters, with 年.
fn year(text: &str) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut length = 0;
    for character in text.chars().take(4) {
        let digit = "〇一二三四五六七八九".chars().position(|c| c == character);
        let digit = digit.or_else(|| matches!(character, '○' | 'O' | '零').then_some(0));
        let digit = digit.and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10));
        digits.push(digit.or_else(|| character.is_ascii_digit().then_some(character))?);
        length += character.len_utf8();
    }
    let told = digits.starts_with("19") || digits.starts_with("20");
    (told && text[length..].starts_with('年')).then_some((digits, length + '年'.len_utf8()))
}

fn number(text: &str) -> Option<(u32, usize)> {
    let digits = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some((text[..digits].parse().ok()?, digits));
    }
    chinese_numeral(text)
}

/// The date that is all of a line, in brackets or not.
pub(crate) fn date_alone(line: &str) -> Option<PartialDate> {
    let inner = line.trim_matches(|c| matches!(c, '（' | '）'));
    let inner = inner
        .strip_suffix("印发")
        .or_else(|| inner.strip_suffix("发布"))
        .unwrap_or(inner);
    let (date, length) = date_at_start(inner)?;
    (length == inner.len()).then_some(date)
}

/// The number of a document in a line: 甲府发〔2020〕1号.
pub(crate) fn document_number(line: &str) -> Option<&str> {
    let open = line.find(['〔', '［', '['])?;
    let office = line[..open]
        .char_indices()
        .rev()
        .take(14)
        .take_while(|(_, c)| crate::clean::fold::is_han(*c))
        .last()?
        .0;
    let inner = line[open..].chars().next()?.len_utf8() + open;
    let year_end = inner + 4;
    let year = line
        .get(inner..year_end)?
        .bytes()
        .all(|byte| byte.is_ascii_digit());
    let close = line
        .get(year_end..)?
        .chars()
        .next()
        .filter(|c| matches!(c, '〕' | '］' | ']'))?;
    let from = year_end + close.len_utf8();
    let digits = line[from..].bytes().take_while(u8::is_ascii_digit).count();
    let end = from + digits;
    (year && digits > 0 && line[end..].starts_with('号'))
        .then(|| &line[office..end + '号'.len_utf8()])
}

/// Whether a line is the name of offices: 某省人民政府某市人民政府.
pub(crate) fn is_offices(line: &str) -> bool {
    const ENDS: [&str; 10] = [
        "人民政府",
        "委员会",
        "办公厅",
        "办公室",
        "国务院",
        "中共中央",
        "委",
        "改革委",
        "厅",
        "部",
    ];
    let short = line.chars().take(61).count() <= 60;
    short && ENDS.iter().any(|end| line.ends_with(end)) && !line.contains(['，', '。', '：'])
}

/// The offices of a line, set apart: after 人民政府 the next begins.
pub(super) fn offices(line: &str) -> String {
    line.replace("人民政府", "人民政府、")
        .replace("、、", "、")
        .trim_end_matches('、')
        .to_owned()
}

/// The years that a plan is for, in its words: 规划期至2030年，远期展望到2035年.
pub(super) fn horizon(text: &str) -> Option<&str> {
    let start = text.find("规划期")?;
    let after = &text[start + "规划期".len()..];
    let after = after.strip_prefix('限').unwrap_or(after);
    let after = after.strip_prefix('为').unwrap_or(after);
    let end = after
        .char_indices()
        .take(60)
        .find(|(_, c)| matches!(c, '。' | '；'))
        .map(|(at, _)| at)?;
    let sentence = &after[..end];
    sentence.contains("20").then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_digits_and_characters() {
        let told = |text| date_alone(text).map(|date| (date.first_day(), date.last_day()));
        assert_eq!(told("2021年12月30日"), Some((20_211_230, 20_211_230)));
        assert_eq!(told("（2016年4月）"), Some((20_160_401, 20_160_431)));
        assert_eq!(told("二〇二一年十二月三日"), Some((20_211_203, 20_211_203)));
        assert_eq!(told("2035年远景目标"), None);
        assert_eq!(told("2021年13月"), None);
    }

    #[test]
    fn a_document_number_is_found_with_its_office() {
        assert_eq!(
            document_number("甲府发〔2022〕37号"),
            Some("甲府发〔2022〕37号")
        );
        assert_eq!(
            document_number("（乙政办[2019]5号）"),
            Some("乙政办[2019]5号")
        );
        assert_eq!(document_number("〔2022〕号"), None);
    }

    #[test]
    fn the_horizon_is_what_follows_the_word() {
        let text = "制定本规划。规划期为2021—2030年，展望到2035年。";
        assert_eq!(horizon(text), Some("2021—2030年，展望到2035年"));
        assert_eq!(horizon("规划期内推进建设。"), None);
    }
}
