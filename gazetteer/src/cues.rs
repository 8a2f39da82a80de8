//! Words around a name that tell of which class it is.

use std::sync::OnceLock;

use foldhash::HashMap;

use crate::FeatureClass;
use crate::char_set::{CharSet, Pair, PairSet};

/// Words that follow the name of a class, or the list in which it stands.
const CUES: [(FeatureClass, &[&str]); 21] = [
    (
        FeatureClass::River,
        &[
            "流域",
            "生态带",
            "航道",
            "干流",
            "支流",
            "水系",
            "岸线",
            "沿线",
            "沿江",
            "上游",
            "中游",
            "下游",
            "河道",
            "两岸",
            "综合治理",
            "污染",
            "水生态",
        ],
    ),
    (FeatureClass::Waterway, &["航道", "水运", "航运"]),
    (
        FeatureClass::Dam,
        &["航电", "航运枢纽", "枢纽", "水电", "电站", "船闸", "库区"],
    ),
    (FeatureClass::Reservoir, &["水库", "库区", "水利"]),
    (FeatureClass::Irrigation, &["灌区", "灌溉", "渠系"]),
    (
        FeatureClass::WaterProject,
        &["引水", "水利", "工程", "调水", "水资源配置"],
    ),
    (FeatureClass::Airport, &["机场", "国际机场", "航空"]),
    (
        FeatureClass::Port,
        &["港", "港区", "港口", "作业区", "码头"],
    ),
    (
        FeatureClass::Station,
        &["站", "段", "枢纽", "编组站", "客运站", "货运"],
    ),
    (
        FeatureClass::Railway,
        &[
            "铁路", "高铁", "客专", "城际", "段", "线", "专线", "货运", "班列",
        ],
    ),
    (
        FeatureClass::Expressway,
        &["高速", "扩能", "扩容", "公路", "复线", "支线"],
    ),
    (
        FeatureClass::Road,
        &["公路", "快速", "大道", "国道", "干线"],
    ),
    (FeatureClass::Bridge, &["大桥", "桥"]),
    (FeatureClass::Tunnel, &["隧道"]),
    (
        FeatureClass::Substation,
        &["变电", "千伏", "特高压", "输变电"],
    ),
    (
        FeatureClass::PowerStation,
        &["电厂", "电站", "抽水蓄能", "燃机"],
    ),
    (
        FeatureClass::Field,
        &["储气库", "气田", "页岩气", "油气", "天然气"],
    ),
    (
        FeatureClass::Scenic,
        &["景区", "旅游", "风景", "国家公园", "遗址", "文化"],
    ),
    (
        FeatureClass::Mountain,
        &["山脉", "山区", "国家森林公园", "生态屏障"],
    ),
    (
        FeatureClass::Park,
        &[
            "园区",
            "产业园",
            "开发区",
            "高新区",
            "经开区",
            "保税",
            "基地",
        ],
    ),
    (
        FeatureClass::Compound,
        &[
            "地区",
            "毗邻",
            "合作",
            "融合",
            "统筹",
            "一体化",
            "同城化",
            "共建",
            "示范区",
        ],
    ),
];
/// Words that follow the name of an administrative unit.
const UNIT_CUES: [&str; 8] = ["市", "区", "县", "州", "省", "等地", "政府", "党委"];

/// How many characters after a name may hold its cue.
const CUE_REACH: usize = 12;
/// Bits of the table of first characters, as a power of two: 512 B, of which one in forty is set.
const LOG_BITS: u32 = 12;

/// Where a cue for a class stands, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    /// Right after the name.
    Next,
    /// Right after the list of the name.
    OfList,
    /// Somewhere before the name or soon after it.
    Near,
}

/// The classes that the words around a name speak for, one bit each.
#[derive(Debug, Default)]
pub(crate) struct Cues {
    next: u64,
    of_list: u64,
    near: u64,
}

/// A word and the bits of the classes that it is a cue for.
type Word = (&'static str, u64);

/// All cues by their first character.
#[derive(Debug)]
struct Table {
    first_characters: CharSet,
    /// The first two of the cues that have so many.
    pairs: PairSet,
    words: HashMap<char, Vec<Word>>,
}

fn bit(class: FeatureClass) -> u64 {
    // All units have the cues of one.
    let class = if class.is_administrative() {
        FeatureClass::County
    } else {
        class
    };
    1 << class as u8
}

impl Table {
    fn embedded() -> &'static Self {
        static READ: OnceLock<Table> = OnceLock::new();
        READ.get_or_init(|| {
            let mut table = Self {
                first_characters: CharSet::default(),
                pairs: PairSet::with_log_bits(LOG_BITS),
                words: HashMap::default(),
            };
            table.add(FeatureClass::County, &UNIT_CUES);
            for (class, words) in CUES {
                table.add(class, words);
            }
            table
        })
    }

    fn add(&mut self, class: FeatureClass, words: &[&'static str]) {
        for word in words {
            let first = word.chars().next().unwrap_or(' ');
            self.first_characters.insert(first);
            if let Some(pair) = Pair::at(word, 0) {
                self.pairs.insert(pair);
            }
            let known = self.words.entry(first).or_default();
            match known.iter_mut().find(|(known, _)| known == word) {
                Some((_, classes)) => *classes |= bit(class),
                None => known.push((word, bit(class))),
            }
        }
    }

    /// The classes of the cues that a text begins with.
    fn at_start(&self, text: &str) -> u64 {
        let first = text.chars().next();
        let Some(first) = first.filter(|first| self.first_characters.has(*first)) else {
            return 0;
        };
        let words = self.words.get(&first).into_iter().flatten();
        let here = words.filter(|(word, _)| text.starts_with(word));
        here.fold(0, |classes, (_, of)| classes | of)
    }

    /// The classes of the cues of more than one character inside a text.
    fn inside(&self, text: &str) -> u64 {
        let mut classes = 0;
        let mut at = 0;
        while let Some(start) = self.pairs.next_place(text, at) {
            let rest = &text[start..];
            let first = rest.chars().next().unwrap_or(' ');
            at = start + first.len_utf8();
            let words = self.words.get(&first).into_iter().flatten();
            let here = words.filter(|(word, _)| word.len() > at - start && rest.starts_with(word));
            classes = here.fold(classes, |classes, (_, of)| classes | of);
        }
        classes
    }
}

impl Cues {
    /// The cues in the words before and after a name, and after its list.
    pub(crate) fn around(before: &str, after: &str, head: &str) -> Self {
        let table = Table::embedded();
        let reach = after.char_indices().nth(CUE_REACH);
        let soon = reach.map_or(after, |(end, _)| &after[..end]);
        Self {
            next: table.at_start(after),
            of_list: table.at_start(head.trim_start_matches('等')),
            near: table.inside(before) | table.inside(soon),
        }
    }

    /// The nearest cue for a class.
    pub(crate) fn of(&self, class: FeatureClass) -> Option<Cue> {
        let bit = bit(class);
        let cues = [
            (self.next, Cue::Next),
            (self.of_list, Cue::OfList),
            (self.near, Cue::Near),
        ];
        let nearest = cues.into_iter().find(|(classes, _)| classes & bit != 0);
        nearest.map(|(_, cue)| cue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_cue_of_a_class_counts() {
        let cues = Cues::around("推进引水到", "航道和港口以及其他许多地方的大桥", "等流域");
        assert_eq!(cues.of(FeatureClass::Waterway), Some(Cue::Next));
        assert_eq!(cues.of(FeatureClass::River), Some(Cue::Next));
        assert_eq!(cues.of(FeatureClass::Port), Some(Cue::Near));
        assert_eq!(cues.of(FeatureClass::WaterProject), Some(Cue::Near));
        assert_eq!(cues.of(FeatureClass::Bridge), None, "too far");
        assert_eq!(cues.of(FeatureClass::County), None);
        let listed = Cues::around("", "、", "等市污染");
        assert_eq!(listed.of(FeatureClass::Province), Some(Cue::OfList));
        assert_eq!(listed.of(FeatureClass::River), None);
    }
}
