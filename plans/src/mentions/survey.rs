//! What a text speaks of, learnt before it is read.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};
use gazetteer::{FeatureClass, Gazetteer, NameScanner};

use super::generic::{self, Definition};
use super::patterns::is_han;

/// The provinces of a text, the names that it uses, and the short names that it defines.
#[derive(Debug, Default)]
pub(super) struct Survey<'t> {
    /// How often each name is the longest at its place.
    counts: HashMap<&'t str, usize>,
    /// One bit a byte of the text: whether a name may begin there.
    starts: Vec<u64>,
    /// Codes of the provinces that the text speaks of most.
    pub(super) provinces: Vec<u32>,
    /// Short names that the text gives to something.
    pub(super) definitions: Vec<Definition<'t>>,
    /// By its first character the unit below a province that is named most, and how often.
    beginnings: HashMap<char, (usize, &'t str)>,
    text: &'t str,
    /// Where the words begin that the names of companies end with.
    companies: Vec<usize>,
}

/// What the names of companies end with.
const COMPANIES: [&str; 3] = ["集团", "有限公司", "有限责任公司"];
/// No name of a company, or a word that any of them is called by, goes over these.
const NOT_OF_A_COMPANY: [&str; 14] = [
    "和", "与", "及", "等", "的", "在", "以", "为", "由", "对", "企业", "大型", "教育", "医疗",
];
/// The name of a company has at most so many characters after its place.
const LONGEST_COMPANY: usize = 12;

impl<'t> Survey<'t> {
    pub(super) fn of(gazetteer: &Gazetteer, scanner: &NameScanner<'_>, text: &'t str) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut starts = vec![0; text.len() / 64 + 1];
        let mut lengths = Vec::new();
        let mut at = 0;
        while let Some(start) = scanner.next_start(text, at) {
            let rest = &text[start..];
            scanner.lengths_at_start(rest, &mut lengths);
            let Some(&length) = lengths.last() else {
                at = start + rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            at = start + length;
            *counts.entry(&text[start..at]).or_default() += 1;
            // What begins inside a name was not looked at.
            for inside in start..at {
                starts[inside / 64] |= 1 << (inside % 64);
            }
        }
        let units = units_of(gazetteer, &counts);
        let mut beginnings: HashMap<char, (usize, &str)> = HashMap::new();
        for unit in units
            .iter()
            .filter(|unit| unit.class != FeatureClass::Province)
        {
            let first = unit.name.chars().next().unwrap_or(' ');
            let most = beginnings.entry(first).or_insert((0, ""));
            *most = (*most).max((unit.count, unit.name));
        }
        Self {
            provinces: provinces_of(&units),
            beginnings,
            definitions: generic::definitions(scanner, text),
            companies: companies(text),
            text,
            starts,
            counts,
        }
    }

    /// Whether the name of a unit is the beginning of that of a company: 某市甲乙集团.
    pub(super) fn begins_a_company(&self, start: usize, end: usize) -> bool {
        let next = self.companies.partition_point(|at| *at < end);
        let Some(&at) = self.companies.get(next) else {
            return false;
        };
        if at - start > (LONGEST_COMPANY + 4) * "某".len() {
            return false;
        }
        let body = self.text.get(end..at).unwrap_or("");
        let han = |c: char| is_han(c) || matches!(c, '（' | '）');
        (2..=LONGEST_COMPANY).contains(&body.chars().count())
            && body.chars().all(han)
            && !NOT_OF_A_COMPANY.iter().any(|word| body.contains(word))
    }

    /// Whether the text uses a name.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.counts.contains_key(name)
    }

    /// The unit below a province that begins so and is named most.
    pub(super) fn beginning_with(&self, first: char) -> Option<&'t str> {
        self.beginnings.get(&first).map(|(_, name)| *name)
    }

    /// How often the text uses a name.
    pub(super) fn uses(&self, name: &str) -> usize {
        self.counts.get(name).copied().unwrap_or(0)
    }

    /// Whether a name may begin at a byte of the text.
    pub(super) fn may_begin(&self, at: usize) -> bool {
        let bits = self.starts.get(at / 64).copied().unwrap_or(0);
        bits >> (at % 64) & 1 == 1
    }

    /// The longer names of the text that end so.
    pub(super) fn names_ending(&self, ending: &str) -> impl Iterator<Item = &'t str> {
        let names = self.counts.keys().copied();
        names.filter(move |name| name.len() > ending.len() && name.ends_with(ending))
    }

    /// Whether a code of a unit lies in a province that the text speaks of.
    pub(super) fn is_of_the_text(&self, code: Option<u32>) -> bool {
        code.is_some_and(|code| self.provinces.contains(&(code / 10_000)))
    }
}

fn companies(text: &str) -> Vec<usize> {
    let mut found: Vec<usize> = COMPANIES
        .iter()
        .flat_map(|word| text.match_indices(word).map(|(at, _)| at))
        .collect();
    found.sort_unstable();
    found
}

/// A unit that a text names.
struct Unit<'t> {
    name: &'t str,
    class: FeatureClass,
    province: u32,
    count: usize,
}

/// The units that a text names.
fn units_of<'t>(gazetteer: &Gazetteer, names: &HashMap<&'t str, usize>) -> Vec<Unit<'t>> {
    let units = names.iter().filter_map(|(name, count)| {
        let found = gazetteer.find_one(name, None)?;
        let class = found.place.class;
        Some(Unit {
            name,
            class,
            province: found.place.adcode.filter(|_| class.is_administrative())? / 10_000,
            count: *count,
        })
    });
    units.collect()
}

/// The provinces whose units a text names in full at least a fifth as often as those of the first.
fn provinces_of(units: &[Unit<'_>]) -> Vec<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for unit in units {
        let in_full = gazetteer::short_form(unit.name) != unit.name;
        if unit.class != FeatureClass::County || in_full {
            *counts.entry(unit.province).or_default() += unit.count;
        }
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let told = counts
        .into_iter()
        .filter(|(_, count)| *count * 5 >= most && (*count > 1 || most == 1));
    told.map(|(code, _)| code).collect()
}
