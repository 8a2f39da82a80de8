//! The lists that names stand in.

use std::ops::Range;

/// What stands between two items of a list, longest first.
const JOINERS: [&str; 12] = [
    "以及", "及其", "、", "和", "与", "及", "至", "经", "—", "-", "·", "，",
];
/// The class of a unit may stand between a name and the joiner.
const TAILS: [&str; 4] = ["市", "区", "县", "等"];
/// No joint is longer, in bytes.
const LONGEST_JOINT: usize = 48;

/// The lists among names: runs of names that only joiners part, as ranges of their numbers. A name that stands alone is a list of
/// one.
pub(super) fn lists(text: &str, names: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut lists = Vec::new();
    let mut start = 0;
    for index in 0..names.len() {
        let joined = names
            .get(index + 1)
            .is_some_and(|next| is_joint(&text[names[index].end..next.start]));
        if !joined {
            lists.push(start..index + 1);
            start = index + 1;
        }
    }
    lists
}

/// Whether a text only joins two items: 、 or 市、 or a bracket that closes before it.
fn is_joint(between: &str) -> bool {
    if between.len() > LONGEST_JOINT {
        return false;
    }
    let mut rest = between.trim_end_matches(['（', '“', '《']);
    rest = rest.trim_start_matches(['）', '”', '》']);
    for tail in TAILS {
        rest = rest.strip_prefix(tail).unwrap_or(rest);
    }
    JOINERS.contains(&rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_joiners_part_are_one_list() {
        let text = "甲市、乙和“丙”建设丁";
        let names: Vec<Range<usize>> = ["甲", "乙", "丙", "丁"]
            .iter()
            .filter_map(|name| text.find(name).map(|at| at..at + name.len()))
            .collect();
        assert_eq!(lists(text, &names), [0..3, 3..4]);
    }
}
