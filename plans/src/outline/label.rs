//! The labels of headings: 第三章, 一、, （二）, 1．, 专栏2.

/// How a heading is numbered. The order is that of the outline, from the top down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Style {
    /// 第一编, 第一篇, 第一部分
    Division,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Comma,
    /// （一）
    Bracket,
    /// 1．
    Point,
    /// （1）
    DigitBracket,
    /// ①
    Circle,
    /// 专栏1
    Box,
}

/// A label at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    pub style: Style,
    pub number: u32,
    /// Its bytes with its mark: those of `（二）`.
    pub length: usize,
}

/// The label that a text begins with, when what follows can be a title.
pub(crate) fn at_start(text: &str) -> Option<Label> {
    let label = any_at_start(text)?;
    can_be_title(label.style, &text[label.length..]).then_some(label)
}

/// The style of a label that stands alone.
pub(super) fn style_of(label: &str) -> Option<Style> {
    any_at_start(label).map(|label| label.style)
}

fn any_at_start(text: &str) -> Option<Label> {
    let first = text.chars().next()?;
    match first {
        '第' => ordinal(text),
        '（' => bracketed(text),
        '专' | '附' => boxed(text),
        '①'..='⑳' => Some(Label {
            style: Style::Circle,
            number: first as u32 - '①' as u32 + 1,
            length: first.len_utf8(),
        }),
        '0'..='9' => digits(text),
        _ => comma(text),
    }
}

/// The numeral that a text begins with, in Chinese or in digits: its value and its bytes.
fn numeral(text: &str) -> Option<(u32, usize)> {
    chinese_numeral(text).or_else(|| arabic_numeral(text))
}

fn arabic_numeral(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let value = text.get(..length)?.parse().ok()?;
    (length <= 3).then_some((value, length))
}

/// A numeral of Chinese characters below a thousand.
pub(crate) fn chinese_numeral(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut digit, mut length) = (0, None, 0);
    for character in text.chars().take(7) {
        match character {
            '十' | '百' => {
                let unit = if character == '十' { 10 } else { 100 };
                value += digit.take().unwrap_or(1) * unit;
            }
            '零' | '〇' => {}
            _ => match "一二三四五六七八九".chars().position(|c| c == character) {
                Some(at) if digit.is_none() => digit = u32::try_from(at + 1).ok(),
                _ => break,
            },
        }
        length += character.len_utf8();
    }
    let value = value + digit.unwrap_or(0);
    (value > 0).then_some((value, length))
}

fn ordinal(text: &str) -> Option<Label> {
    let start = '第'.len_utf8();
    let (number, digits) = numeral(&text[start..])?;
    let rest = &text[start + digits..];
    let units = [
        ("编", Style::Division),
        ("篇", Style::Division),
        ("部分", Style::Division),
        ("章", Style::Chapter),
        ("节", Style::Section),
    ];
    let (unit, style) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
    Some(Label {
        style,
        number,
        length: start + digits + unit.len(),
    })
}

fn bracketed(text: &str) -> Option<Label> {
    let start = '（'.len_utf8();
    let inner = &text[start..];
    let chinese = chinese_numeral(inner);
    let (number, length) = chinese.or_else(|| arabic_numeral(inner))?;
    let style = if chinese.is_some() {
        Style::Bracket
    } else {
        Style::DigitBracket
    };
    inner[length..].starts_with('）').then_some(Label {
        style,
        number,
        length: start + length + '）'.len_utf8(),
    })
}

fn boxed(text: &str) -> Option<Label> {
    let word = ["专栏", "附件", "附表", "附图"]
        .into_iter()
        .find(|word| text.starts_with(word))?;
    let (number, length) = numeral(&text[word.len()..])?;
    let end = word.len() + length;
    let mark = text[end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '：' | '．' | '、'));
    Some(Label {
        style: Style::Box,
        number,
        length: end + mark.map_or(0, char::len_utf8),
    })
}

fn digits(text: &str) -> Option<Label> {
    let (number, length) = arabic_numeral(text)?;
    let mark = text[length..].chars().next()?;
    let style = match mark {
        '．' | '.' | '、' => Style::Point,
        '）' => Style::DigitBracket,
        _ => return None,
    };
    Some(Label {
        style,
        number,
        length: length + mark.len_utf8(),
    })
}

fn comma(text: &str) -> Option<Label> {
    let (number, length) = chinese_numeral(text)?;
    let mark = text[length..].starts_with('、');
    mark.then_some(Label {
        style: Style::Comma,
        number,
        length: length + '、'.len_utf8(),
    })
}

/// Whether what follows a label can be the title of a heading: 一、二、三产业 and 第三章的 are none.
fn can_be_title(style: Style, rest: &str) -> bool {
    let Some(first) = rest.chars().next() else {
        return matches!(
            style,
            Style::Division | Style::Chapter | Style::Section | Style::Box
        );
    };
    if matches!(
        first,
        '、' | '，' | '；' | '）' | '。' | '和' | '与' | '至' | '的' | '”'
    ) {
        return false;
    }
    match style {
        Style::Comma => chinese_numeral(rest).is_none_or(|(_, length)| {
            !rest[length..].starts_with(['、', '，', '次', '产', '是', '线', '类', '级'])
        }),
        Style::Point => !first.is_ascii_digit(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_in_a_sentence() {
        let told = |text| at_start(text).map(|label| (label.style, label.number));
        assert_eq!(told("第十二章 总则"), Some((Style::Chapter, 12)));
        assert_eq!(told("二、夯实基础"), Some((Style::Comma, 2)));
        assert_eq!(told("（二十七）建立机制"), Some((Style::Bracket, 27)));
        assert_eq!(told("（3）港口"), Some((Style::DigitBracket, 3)));
        assert_eq!(told("1．航空枢纽"), Some((Style::Point, 1)));
        assert_eq!(told("专栏2节点"), Some((Style::Box, 2)));
        assert_eq!(told("第一百零二节甲"), Some((Style::Section, 102)));
        for text in [
            "一、二、三产业融合",
            "二、三产业",
            "第三章的要求",
            "4.66万",
            "2025年",
            "第二条铁路",
            "专栏",
            "（一）、（二）",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
