//! Short names that a text gives to something: 某都市圈（以下简称都市圈）, and words that are names only after a full form.

use foldhash::{HashSet, HashSetExt};
use gazetteer::NameScanner;

/// Words that mean a place only when the text has said which.
const GENERIC: [&str; 5] = ["中心城区", "主城区", "主城", "毗邻地区", "中心城市"];
/// How a short name is given.
const GIVEN: [&str; 4] = ["以下简称", "以下称", "下称", "简称"];
/// Bytes of the longest name that is searched for before the bracket, and of the longest that is given.
const REACH: usize = 90;
const LONGEST: usize = 45;
/// More definitions than a plan has.
const MOST: usize = 256;

/// A short name and what it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition<'t> {
    pub(super) short: &'t str,
    /// The name before the bracket; none is known.
    pub(super) full: Option<&'t str>,
}

/// Whether a word is the name of a place only where the text has said of which.
pub(crate) fn is_generic(name: &str) -> bool {
    GENERIC.contains(&name)
}

/// The short names that a text gives, in its order.
pub(super) fn definitions<'t>(scanner: &NameScanner<'_>, text: &'t str) -> Vec<Definition<'t>> {
    let mut found: Vec<Definition<'t>> = Vec::new();
    let mut seen = HashSet::new();
    for (at, word) in text.match_indices("称") {
        let end = at + word.len();
        let Some(given) = GIVEN.iter().find(|given| text[..end].ends_with(**given)) else {
            continue;
        };
        let bracket = text[..end - given.len()].strip_suffix('（');
        let (Some(before), Some(short)) = (bracket, short_name(&text[end..])) else {
            continue;
        };
        if found.len() < MOST && seen.insert(short) {
            let full = name_at_end(scanner, before);
            found.push(Definition { short, full });
        }
    }
    found
}

/// What stands between 简称 and the closing bracket, without marks; titles of documents are none.
fn short_name(text: &str) -> Option<&str> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let inside = &text[..text[..end].find('）')?];
    let name = inside.trim_start_matches(['：', '“', '为']);
    let name = name.trim_end_matches('”');
    let plain = !name.contains(['《', '，', '、', '。', '“', '\n']);
    (plain && name.chars().count() > 1).then_some(name)
}

/// The longest known name at the end of a text.
fn name_at_end<'t>(scanner: &NameScanner<'_>, text: &'t str) -> Option<&'t str> {
    let mut lengths = Vec::new();
    let mut start = text.len().saturating_sub(REACH);
    while start < text.len() {
        if text.is_char_boundary(start) {
            scanner.lengths_at_start(&text[start..], &mut lengths);
            if lengths.last() == Some(&(text.len() - start)) {
                return Some(&text[start..]);
            }
        }
        start += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use gazetteer::Gazetteer;

    #[test]
    fn a_short_name_is_what_the_bracket_gives() {
        let gazetteer = Gazetteer::embedded().expect("opens");
        let text = "依托四川天府新区（以下简称“新区”）和某规划（以下简称《规划》）";
        let found = definitions(&gazetteer.name_scanner(), text);
        let expected = Definition {
            short: "新区",
            full: Some("四川天府新区"),
        };
        assert_eq!(found, [expected]);
    }
}
