//! Names of places in Latin letters.
//!
//! A name is taken from a table of spellings that are known (`data/latin.csv`), else written in Hanyu Pinyin without tones:
//! the specific part as one word, an apostrophe before a syllable that begins with a vowel, and the generic part translated.
//! A specific part of one syllable keeps its generic one: 忠县 is Zhongxian, 岷江 the Minjiang River. Units of administration
//! go by their short forms: 合川区 is Hechuan.

use std::collections::HashMap;
use std::sync::OnceLock;

use pinyin::ToPinyin;

use crate::{FeatureClass, Gazetteer, Place, short_form};

static SPELLINGS: &str = include_str!("../data/latin.csv");

/// Readings that names of places have for characters with several; all but those of the table of names.
const READINGS: [(char, &str); 11] = [
    ('重', "chong"),
    ('长', "chang"),
    ('都', "du"),
    ('厦', "xia"),
    ('藏', "zang"),
    ('佛', "fo"),
    ('什', "shi"),
    ('勒', "le"),
    ('曾', "zeng"),
    ('陂', "pi"),
    ('茄', "qie"),
];

/// Generic parts of names, the longer before those that they end in.
const GENERICS: [(&str, &str); 30] = [
    ("国际机场", "International Airport"),
    ("机场", "Airport"),
    ("自然保护区", "Nature Reserve"),
    ("火车站", "Railway Station"),
    ("东站", "East Station"),
    ("西站", "West Station"),
    ("南站", "South Station"),
    ("北站", "North Station"),
    ("站", "Station"),
    ("水库", "Reservoir"),
    ("灌区", "Irrigation District"),
    ("港区", "Port Area"),
    ("港", "Port"),
    (
        "经济技术开发区",
        "Economic and Technological Development Zone",
    ),
    ("经开区", "Economic Development Zone"),
    ("高新区", "High-tech Zone"),
    ("新区", "New Area"),
    ("都市圈", "Metropolitan Area"),
    ("城市群", "City Cluster"),
    ("山脉", "Mountains"),
    ("盆地", "Basin"),
    ("平原", "Plain"),
    ("高原", "Plateau"),
    ("半岛", "Peninsula"),
    ("海峡", "Strait"),
    ("江", "River"),
    ("河", "River"),
    ("湖", "Lake"),
    ("山", "Mountain"),
    ("岛", "Island"),
];

/// A name in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latin {
    /// The name.
    pub text: String,
    /// What it rests on.
    pub basis: LatinBasis,
}

/// What a spelling rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LatinBasis {
    /// The standard spelling, or the English name in official use.
    Standard,
    /// The reading that the place is known to have.
    Reading,
    /// The usual readings of its characters.
    Characters,
}

impl Gazetteer {
    /// The name of a place in Latin letters; `None` when a character of it has no reading.
    #[must_use]
    pub fn latin(&self, place: &Place<'_>) -> Option<Latin> {
        if place.class.is_administrative() && place.class != FeatureClass::Province {
            // The row of 大埔县 is not that of 大埔区.
            return unit_in_latin(place.name);
        }
        latin_name(place.name)
    }
}

fn unit_in_latin(name: &str) -> Option<Latin> {
    spelling(name)
        .or_else(|| spelling(short_form(name)))
        .or_else(|| characters(short_form(name)))
}

/// The name of a place in Latin letters, by its words alone; `None` when a character of it has no reading.
///
/// ```
/// # use gazetteer::latin_name;
/// let latin = |name| latin_name(name).map(|latin| latin.text);
/// assert_eq!(latin("重庆市").as_deref(), Some("Chongqing"));
/// assert_eq!(latin("西安").as_deref(), Some("Xi'an"));
/// assert_eq!(latin("嘉陵江").as_deref(), Some("Jialing River"));
/// ```
#[must_use]
pub fn latin_name(name: &str) -> Option<Latin> {
    if let Some(known) = spelling(name) {
        return Some(known);
    }
    let short = short_form(name);
    if short != name {
        return unit_in_latin(name);
    }
    for (ending, word) in GENERICS {
        let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) else {
            continue;
        };
        let specific = match stem.chars().count() {
            // 岷江: the Minjiang River.
            1 => characters(name)?,
            _ => unit_in_latin(stem)?,
        };
        return Some(Latin {
            text: format!("{} {word}", specific.text),
            basis: specific.basis,
        });
    }
    characters(name)
}

/// The spelling of the table.
fn spelling(name: &str) -> Option<Latin> {
    static KNOWN: OnceLock<HashMap<&str, (&str, LatinBasis)>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let rows = SPELLINGS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .skip(1);
        let row = |line: &'static str| {
            let mut cells = line.split(',');
            let (name, latin, basis) = (cells.next()?, cells.next()?, cells.next()?);
            let basis = match basis {
                "standard" => LatinBasis::Standard,
                _ => LatinBasis::Reading,
            };
            Some((name, (latin, basis)))
        };
        rows.filter_map(row).collect()
    });
    let (text, basis) = known.get(name)?;
    Some(Latin {
        text: (*text).to_owned(),
        basis: *basis,
    })
}

/// The characters of a name as one word in Hanyu Pinyin. Letters and figures stay.
fn characters(name: &str) -> Option<Latin> {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii() {
            text.push(character);
            continue;
        }
        let syllable = syllable(character)?;
        // Xi'an is not Xian.
        if syllable.starts_with(['a', 'e', 'o'])
            && text.chars().last().is_some_and(char::is_alphabetic)
        {
            text.push('\'');
        }
        if text.is_empty() || text.ends_with(' ') {
            let (first, rest) = syllable.split_at(1);
            text.push_str(&first.to_uppercase());
            text.push_str(rest);
        } else {
            text.push_str(syllable);
        }
    }
    (!text.is_empty()).then_some(Latin {
        text,
        basis: LatinBasis::Characters,
    })
}

fn syllable(character: char) -> Option<&'static str> {
    let known = READINGS.iter().find(|(other, _)| *other == character);
    match known {
        Some((_, reading)) => Some(*reading),
        None => character.to_pinyin().map(pinyin::Pinyin::plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(name: &str) -> String {
        latin_name(name).map(|latin| latin.text).unwrap_or_default()
    }

    #[test]
    fn names_with_several_readings_have_that_of_the_place() {
        for (name, text) in [
            ("重庆", "Chongqing"),
            ("长寿区", "Changshou"),
            ("綦江区", "Qijiang"),
            ("涪陵区", "Fuling"),
            ("大足区", "Dazu"),
            ("乐山市", "Leshan"),
            ("犍为县", "Qianwei"),
            ("朝天区", "Chaotian"),
            ("厦门市", "Xiamen"),
            ("六安市", "Lu'an"),
            ("成都市", "Chengdu"),
            ("什邡市", "Shifang"),
            ("筠连县", "Junlian"),
            ("荥经县", "Yingjing"),
            ("西藏自治区", "Xizang"),
            ("佛山市", "Foshan"),
            ("东阿县", "Dong'e"),
            ("阿坝藏族羌族自治州", "Aba"),
            ("甘孜藏族自治州", "Garzê"),
            ("吕梁市", "Lüliang"),
        ] {
            assert_eq!(latin(name), text, "{name}");
        }
    }

    #[test]
    fn one_syllable_keeps_its_generic_part() {
        assert_eq!(latin("忠县"), "Zhongxian");
        assert_eq!(latin("岷江"), "Minjiang River");
        assert_eq!(latin("渠江"), "Qujiang River");
        assert_eq!(latin("金沙江"), "Jinsha River");
        assert_eq!(latin("雅安"), "Ya'an");
        assert_eq!(latin("明月山"), "Mingyue Mountain");
        assert_eq!(
            latin("重庆江北国际机场"),
            "Chongqingjiangbei International Airport"
        );
    }

    #[test]
    fn what_has_no_reading_has_no_latin_name() {
        assert_eq!(latin_name("あ"), None);
        assert_eq!(latin_name(""), None);
    }

    #[test]
    fn a_reading_of_our_own_differs_from_the_usual_one() {
        for (character, reading) in READINGS {
            let usual = character.to_pinyin().map(pinyin::Pinyin::plain);
            assert_ne!(usual, Some(reading), "{character}");
        }
    }

    #[test]
    fn a_spelling_of_the_table_says_something_new() {
        let rows = SPELLINGS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .skip(1);
        let mut names = std::collections::BTreeSet::new();
        for row in rows {
            let cells: Vec<&str> = row.split(',').collect();
            let [name, latin, basis] = cells[..] else {
                panic!("{row}")
            };
            assert!(names.insert(name), "{name} stands twice");
            assert!(["standard", "reading"].contains(&basis), "{row}");
            if basis == "reading" {
                let plain = characters(short_form(name)).map(|plain| plain.text);
                assert_ne!(
                    plain.as_deref(),
                    Some(latin),
                    "{name}: the characters say it"
                );
            }
        }
    }
}
