//! Page numbers that stand inside names: 长江经济9带.

use std::ops::Range;

use gazetteer::Gazetteer;

/// A page number has at most so many digits.
const MOST_DIGITS: usize = 3;
/// A name that is broken by a number begins at most so many characters before it.
const REACH: usize = 10;
/// Characters of the shortest name that proves a number to be out of place.
const PROOF: usize = 4;

/// Numbers whose deletion makes a known name of what stands around them, with that name.
pub(super) fn inside_names(gazetteer: &Gazetteer, text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number = at..at + digits;
        at = number.end;
        let before = text[..number.start].chars().next_back();
        let after = text[number.end..].chars().next();
        if digits <= MOST_DIGITS && before.is_some_and(is_han) && after.is_some_and(is_han) {
            found.extend(name_across(gazetteer, text, &number).map(|name| (number, name)));
        }
    }
    found
}

fn is_han(character: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&character)
}

/// The name that spans a number once it is gone.
fn name_across(gazetteer: &Gazetteer, text: &str, number: &Range<usize>) -> Option<String> {
    let (before, after) = (&text[..number.start], &text[number.end..]);
    let after: String = after.chars().take(2 * REACH).collect();
    before
        .char_indices()
        .rev()
        .take(REACH)
        .take_while(|(_, character)| is_han(*character))
        .filter_map(|(start, _)| {
            let joined = format!("{}{after}", &before[start..]);
            let left = before.len() - start;
            let longest = gazetteer.names_at_start(&joined).pop()?;
            (longest > left && joined[..longest].chars().count() >= PROOF)
                .then(|| joined[..longest].to_owned())
        })
        .max_by_key(String::len)
}
