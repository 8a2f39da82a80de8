//! Figures with their measure, unit and year.

use std::ops::Range;

use super::view::View;

/// What is measured, the longer word first.
const MEASURES: [&str; 22] = [
    "中心城区城市人口",
    "城市建设用地",
    "户籍人口",
    "常住人口",
    "城镇人口",
    "总人口",
    "人口",
    "国土面积",
    "总面积",
    "规划面积",
    "面积",
    "地区生产总值",
    "经济总量",
    "城镇化率",
    "总里程",
    "里程",
    "全长",
    "装机容量",
    "装机",
    "总库容",
    "库容",
    "吞吐能力",
];
const UNITS: [&str; 24] = [
    "万平方公里",
    "平方公里",
    "平方千米",
    "公顷",
    "万亩",
    "亩",
    "亿人",
    "万人",
    "人",
    "万亿元",
    "亿元",
    "万元",
    "公里",
    "千米",
    "米",
    "亿千瓦时",
    "万千瓦",
    "千伏",
    "亿立方米",
    "万立方米",
    "万标箱",
    "亿吨",
    "万吨",
    "%",
];
/// Characters between a measure and its number: 约, 达到, 分别为.
const GAP: usize = 6;

/// A figure as the text prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedFigure {
    /// What it measures, with its year where the sentence gives one.
    pub name: String,
    /// Its number.
    pub value: f64,
    /// Its unit, as printed.
    pub unit: &'static str,
    /// The digits and unit as printed.
    pub printed: String,
}

/// The figures of a sentence, in order.
pub(super) fn figures(view: &View<'_>, sentence: &Range<usize>) -> Vec<PrintedFigure> {
    let text = view.at(sentence);
    let mut found = Vec::new();
    let mut skip = 0;
    for (at, _) in text.char_indices() {
        if at < skip {
            continue;
        }
        let Some(measure) = MEASURES.iter().find(|word| text[at..].starts_with(**word)) else {
            continue;
        };
        let after = &text[at + measure.len()..];
        skip = at + measure.len();
        let Some((gap, _)) = after
            .char_indices()
            .take(GAP)
            .find(|(_, c)| c.is_ascii_digit())
        else {
            continue;
        };
        if after[..gap].contains(['，', '。', '、', '；']) {
            continue;
        }
        let digits: &str = &after[gap..];
        let end = digits
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(digits.len());
        let Some(unit) = UNITS.iter().find(|unit| digits[end..].starts_with(**unit)) else {
            continue;
        };
        let Ok(value) = digits[..end].trim_end_matches('.').parse::<f64>() else {
            continue;
        };
        let year = year_before(&text[..at]);
        found.push(PrintedFigure {
            name: year.map_or_else(
                || (*measure).to_owned(),
                |year| format!("{measure}（{year}年）"),
            ),
            value,
            unit,
            printed: format!("{}{unit}", &digits[..end]),
        });
        skip += gap + end;
    }
    found
}

/// The nearest year before a place in a sentence.
fn year_before(text: &str) -> Option<&str> {
    let at = text.match_indices('年').map(|(at, _)| at).next_back()?;
    let start = at.checked_sub(4)?;
    let year = text.get(start..at)?;
    let number: u32 = year.parse().ok()?;
    (1900..2200).contains(&number).then_some(year)
}
