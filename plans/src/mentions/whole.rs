//! Whether a known name is read as one where it is printed, or as the names inside it.
//!
//! People cut a name before what only says what is done there: 川渝|毗邻地区, 万盛|黑山谷, 某灌区|工程, 开县|至|城口.
//! Airports, parks and the like keep the place in their name.

use gazetteer::{FeatureClass, Gazetteer};

/// Provinces by one character: with a direction they are a region of their own (黔中).
const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新";
const DIRECTIONS: &str = "东南西北中";
/// What follows a short name and adds nothing to it.
const OF_A_SHORT_NAME: [&str; 4] = ["毗邻地区", "地区", "经济走廊", "文化旅游走廊"];
/// What follows the name of a work or a line and is no part of it.
const OF_A_WORK: [&str; 8] = [
    "国际大通道",
    "工程",
    "天然气管道",
    "成品油管道",
    "原油管道",
    "横轴",
    "纵轴",
    "直线高速",
];
/// What is planned at a place: its name is that of the place.
const UNDERTAKINGS: [&str; 6] = [
    "项目",
    "输变电工程",
    "发展示范区",
    "发展试验区",
    "一体化发展区",
    "发展先行区",
];
/// Heads that the items of a list may share.
const SHARED: [&str; 3] = ["城市群", "高速公路", "工业园区"];
/// A text that names two regions together so often means one.
const OF_ITS_OWN: usize = 3;
/// Shorter names than this are left as they are.
const SHORTEST: usize = 2;

/// Whether a name is better read as a shorter one or as several. `lengths` are those of the names that it begins with, in
/// bytes.
pub(super) fn is_several(gazetteer: &Gazetteer, name: &str, lengths: &[usize]) -> bool {
    let found = gazetteer.find(name, None);
    let Some(place) = found.first().map(|found| found.place) else {
        return false;
    };
    let shorter = |rest: &str| lengths.contains(&rest.len()) && rest.chars().count() >= SHORTEST;
    let some_shorter = lengths
        .iter()
        .any(|&length| length < name.len() && shorter(&name[..length]));
    let is_one_of = |tails: &[&str]| {
        tails.iter().any(|tail| {
            name.strip_suffix(tail)
                .is_some_and(|rest| shorter(rest) || rest.ends_with('”'))
        })
    };
    if is_one_of(&OF_A_WORK)
        || (some_shorter && UNDERTAKINGS.iter().any(|tail| name.ends_with(tail)))
    {
        return true;
    }
    // 四川|“三江” and a slogan of two names; “一带一路” is quoted as a whole.
    let several_marks = name.trim_start_matches('“').contains(['“', '·']);
    if several_marks && (some_shorter || name.contains('·')) {
        return true;
    }
    is_short_name_and_more(gazetteer, name, &shorter)
        || is_line_and_section(name, &shorter)
        || is_route(gazetteer, name, place.class)
        || is_unit_and_more(gazetteer, name, lengths, place)
}

/// A name without the head that it may share with the items of its list before it.
pub(super) fn shared_head(name: &str) -> Option<&str> {
    let rest = SHARED.iter().find_map(|head| name.strip_suffix(head))?;
    (rest.chars().count() >= SHORTEST).then_some(rest)
}

/// 成渝|地区, 黔中|城市群, 中东欧|国家: the short name of a region, and what it is called by.
fn is_short_name_and_more(
    gazetteer: &Gazetteer,
    name: &str,
    shorter: &impl Fn(&str) -> bool,
) -> bool {
    let compound = |rest: &str| {
        let found = gazetteer.find(rest, None);
        found
            .iter()
            .any(|found| found.place.class == FeatureClass::Compound)
    };
    let of_region = OF_A_SHORT_NAME
        .iter()
        .chain(&["城市群", "国家"])
        .find_map(|tail| Some((*tail, name.strip_suffix(tail)?)));
    let Some((tail, rest)) = of_region.filter(|(_, rest)| shorter(rest)) else {
        return false;
    };
    match tail {
        "国家" => true,
        "城市群" => is_directional(rest),
        // 某文化旅游走廊 of a region is called by it.
        _ => {
            let region = tail == "文化旅游走廊" && is_region(gazetteer, rest);
            region || compound(rest) || is_directional(rest) || rest.chars().count() > 3
        }
    }
}

fn is_region(gazetteer: &Gazetteer, name: &str) -> bool {
    let found = gazetteer.find(name, None);
    found
        .first()
        .is_some_and(|found| found.place.class == FeatureClass::Region)
}

/// Whether a name is that of two parts of provinces that a text hardly names together: 川南|渝西. `uses`: how often it names
/// something.
pub(super) fn is_passing_pair(name: &str, lengths: &[usize], uses: impl Fn(&str) -> usize) -> bool {
    let pair = || {
        lengths.iter().any(|&length| {
            let (first, second) = name.split_at_checked(length).unwrap_or((name, ""));
            is_directional(first) && is_directional(second)
        })
    };
    name.chars().nth(3).is_some()
        && is_directional(name)
        && pair()
        && uses(name) + uses(&format!("{name}地区")) < OF_ITS_OWN
}

/// A part of a province by its direction, or several: 黔中, 渝东北, 川南渝西; 攀西 is called so too.
pub(super) fn is_directional(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters
        .next()
        .is_some_and(|first| PROVINCES.contains(first));
    let rest = letters.as_str();
    let only = |c: char| DIRECTIONS.contains(c) || PROVINCES.contains(c);
    first && rest.ends_with(|c: char| DIRECTIONS.contains(c)) && rest.chars().all(only)
        || name == "攀西"
}

/// 某铁路|甲乙段.
fn is_line_and_section(name: &str, shorter: &impl Fn(&str) -> bool) -> bool {
    name.ends_with('段')
        && ["铁路", "高铁", "高速公路", "高速"].iter().any(|line| {
            name.find(line)
                .is_some_and(|at| shorter(&name[..at + line.len()]))
        })
}

/// 甲至乙 and 甲—乙城市群 are their ends.
fn is_route(gazetteer: &Gazetteer, name: &str, class: FeatureClass) -> bool {
    let named = |part: &str| !gazetteer.names_at_start(part).is_empty();
    let ends = |joiner: &str| {
        name.split_once(joiner)
            .is_some_and(|(start, end)| named(start) && named(end))
    };
    match class {
        FeatureClass::Railway | FeatureClass::Expressway | FeatureClass::Road => {
            ends("至") || ends("—")
        }
        FeatureClass::Region => ends("至") || (name.ends_with("城市群") && ends("—")),
        _ => false,
    }
}

/// 万盛|黑山谷, 合川区|燕窝镇.
fn is_unit_and_more(
    gazetteer: &Gazetteer,
    name: &str,
    lengths: &[usize],
    place: gazetteer::Place<'_>,
) -> bool {
    let cut = matches!(
        place.class,
        FeatureClass::Scenic
            | FeatureClass::Mountain
            | FeatureClass::Town
            | FeatureClass::River
            | FeatureClass::Lake
            | FeatureClass::Reservoir
            | FeatureClass::Dam
            | FeatureClass::PowerStation
            | FeatureClass::Field
            | FeatureClass::Other
    ) || place.name.ends_with('港');
    let same = |part: &str| {
        let found = gazetteer.find(part, None);
        found
            .iter()
            .any(|found| found.place.number() == place.number())
    };
    cut && lengths.iter().any(|&length| {
        let Some(rest) = name.get(length..).filter(|rest| !rest.is_empty()) else {
            return false;
        };
        let head = gazetteer
            .find_one(&name[..length], None)
            .map(|found| found.place.class);
        let above = head.is_some_and(|class| {
            class.is_administrative()
                || matches!(
                    class,
                    FeatureClass::EconomicZone
                        | FeatureClass::River
                        | FeatureClass::Field
                        | FeatureClass::Expressway
                )
        });
        above && same(rest)
    })
}
