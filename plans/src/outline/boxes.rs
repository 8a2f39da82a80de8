//! Boxes and tables: their titles, their items, and where the text around them goes on.

use gazetteer::Gazetteer;

use crate::clean::fold::is_han;

/// How the title of a box ends, when nothing marks its end.
const TITLE_ENDS: [&str; 11] = [
    "工程", "园区", "布局", "任务", "规模", "项目", "定位", "清单", "发展", "行动", "平台",
];
/// Characters of the shortest and the longest title.
const TITLE: (usize, usize) = (5, 30);
/// Characters of the longest name that an item begins with.
const NAME: usize = 12;
/// So many items show that a box is a list of places.
const LEAST_ITEMS: usize = 3;
/// Words that open the sentence after a run-in title, and verbs that open the title.
const AFTER_TITLE: [&str; 9] = [
    "把", "以", "按照", "依托", "围绕", "立足", "根据", "结合", "坚持",
];
const VERBS: [&str; 20] = [
    "建设", "培育", "构建", "加强", "推进", "提升", "完善", "发展", "强化", "优化", "健全", "加快",
    "推动", "促进", "打造", "深化", "共建", "扩大", "做强", "实施",
];
/// Characters of the longest run-in title.
const RUN_IN: usize = 24;
/// Characters of the longest one of two halves.
const HALVES: usize = 13;
/// Characters of the shortest one that a box is followed by.
const SHORTEST: usize = 6;
/// Words that open a sentence within a paragraph and no title.
const INNER: [&str; 14] = [
    "鼓励", "做好", "研究", "积极", "落实", "继续", "抓紧", "务实", "适时", "实施", "尽快", "持续",
    "其中", "同时",
];

/// The name that an item opens with, in bytes, and whether a colon follows: 甲区。制造业基地 or 港口：甲港、乙港.
pub(super) fn item_name(text: &str) -> Option<usize> {
    let mut length = 0;
    for (count, character) in text.chars().enumerate() {
        match character {
            '。' if (2..=NAME).contains(&count) => return Some(length),
            '：' if (2..=RUN_IN).contains(&count) => return Some(length),
            '。' | '：' | '，' | '；' => return None,
            '、' if count > RUN_IN => return None,
            _ => length += character.len_utf8(),
        }
    }
    None
}

/// Where the title of a box ends in a text that goes on without a break: before the place that opens its first item,
/// or after a word such as 工程.
pub(super) fn title_end(gazetteer: &Gazetteer, text: &str) -> usize {
    let first = text
        .char_indices()
        .take(TITLE.1 + NAME)
        .find(|(_, c)| *c == '。');
    if let Some(item) = first.and_then(|(stop, _)| place_before(gazetteer, text, stop)) {
        return item;
    }
    let mut end = 0;
    for (count, character) in text.chars().enumerate().take(TITLE.1) {
        if matches!(character, '，' | '。' | '；' | '：' | '“') {
            break;
        }
        end += character.len_utf8();
        let ends = TITLE_ENDS.iter().any(|word| text[..end].ends_with(word));
        let goes_on = TITLE_ENDS
            .iter()
            .chain(&["重点工程", "重点任务", "重点项目", "功能", "和"])
            .any(|word| text[end..].starts_with(word));
        if count + 1 >= TITLE.0 && ends && !goes_on {
            return end;
        }
    }
    end
}

/// Where the items of an unbroken box begin that are opened by a place: 甲区。制造业基地乙区。…
pub(super) fn place_items(gazetteer: &Gazetteer, text: &str) -> Vec<usize> {
    let stops = text.match_indices('。');
    let mut starts: Vec<usize> = stops
        .filter_map(|(stop, _)| place_before(gazetteer, text, stop))
        .collect();
    if starts.len() < LEAST_ITEMS {
        starts.clear();
    }
    starts
}

/// Where the name of a unit begins that ends here and stands in no list.
fn place_before(gazetteer: &Gazetteer, text: &str, stop: usize) -> Option<usize> {
    let before = text[..stop]
        .char_indices()
        .rev()
        .take(6)
        .take_while(|(_, c)| is_han(*c));
    let name = before.map(|(at, _)| at).skip(1).filter(|at| {
        let listed = text[..*at].ends_with(['、', '，', '和', '与', '；']);
        !listed && is_unit(gazetteer, &text[*at..stop])
    });
    name.last()
}

fn is_unit(gazetteer: &Gazetteer, name: &str) -> bool {
    let found = gazetteer.names_at_start(name).pop() == Some(name.len());
    found
        && gazetteer
            .find_one(name, None)
            .is_some_and(|found| found.place.class.is_administrative())
}

/// Where the text around an unbroken box goes on: at a run-in title whose sentence begins with a word such as 依托.
pub(super) fn end(text: &str) -> Option<usize> {
    text.match_indices('。').find_map(|(stop, mark)| {
        let after = &text[stop + mark.len()..];
        AFTER_TITLE
            .iter()
            .any(|word| after.starts_with(word))
            .then_some(())?;
        let clause = text[..stop].char_indices().rev().take(RUN_IN);
        let clause =
            clause.take_while(|(_, c)| !c.is_ascii_digit() && !"，；：。、“”".contains(*c));
        let starts: Vec<usize> = clause.map(|(at, _)| at).collect();
        // The last verb begins the title, with the verbs right before it.
        let mut start = starts.iter().copied().find(|at| {
            let verb = VERBS.iter().any(|verb| text[*at..].starts_with(verb));
            verb && text[*at..stop].chars().count() >= SHORTEST
        })?;
        while let Some(verb) = VERBS.iter().find(|verb| text[..start].ends_with(**verb)) {
            start -= verb.len();
        }
        Some(start)
    })
}

/// Whether a sentence that is followed by others is a run-in title: short, plain, no clause within a paragraph, and
/// what follows is longer. Two halves of equal length may be set apart: 统筹规划，合理布局。
pub(crate) fn is_run_in(sentence: &str, next: &str) -> bool {
    let count = sentence.chars().take(RUN_IN + 1).count();
    if !(4..=RUN_IN).contains(&count) || INNER.iter().any(|word| sentence.starts_with(word)) {
        return false;
    }
    let halves = sentence.split_once('，').is_none_or(|(left, right)| {
        left.len() == right.len() && count <= HALVES && !right.contains('，')
    });
    let plain = !sentence.contains(['；', '：', '！', '？', '\n']);
    let first = sentence.chars().next();
    let opens = !first.is_some_and(|c| "到至”（0123456789".contains(c));
    let mut follow = next
        .split('。')
        .map(|sentence| sentence.chars().take(2 * RUN_IN).count());
    let longer = follow
        .next()
        .is_some_and(|first| first >= count + 8 || follow.next().is_some_and(|next| next > RUN_IN));
    halves && plain && opens && longer
}
