//! The longest names of a sentence.

use std::ops::Range;
use std::rc::Rc;

use super::known::Known;
use super::reader::{Names, Refused};
use super::whole::is_passing_pair;

/// A name that may be one here.
#[derive(Debug)]
pub(super) struct Candidate<'g> {
    pub(super) range: Range<usize>,
    pub(super) known: Rc<Known<'g>>,
    /// A longer name that was read as several, of which this is one, and where that ends.
    pub(super) part_of: Option<(usize, Rc<Known<'g>>)>,
}

/// From left to right the longest name at each place of a sentence, without those that were refused before.
pub(super) fn longest_names<'g>(
    names: &mut Names<'g, '_>,
    sentence: Range<usize>,
    refused: &Refused,
) -> Vec<Candidate<'g>> {
    let text = names.text;
    let mut found: Vec<Candidate<'g>> = Vec::new();
    let mut lengths = Vec::new();
    let mut several: Option<(usize, Rc<Known<'g>>)> = None;
    let mut at = sentence.start;
    while at < sentence.end {
        let rest = &text[at..sentence.end];
        let first = rest.chars().next().unwrap_or(' ');
        let step = first.len_utf8();
        let before = &text[..at];
        // A number or a word of letters is a name only as a whole.
        if step == 1 && before.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            at += 1;
            continue;
        }
        let mut word = 0;
        lengths.clear();
        if names.may_begin(at, first) {
            word = names.word_at_start(rest).unwrap_or(0);
            names.lengths_at(at, sentence.end, &mut lengths);
        }
        let mut taken = 0;
        for &length in lengths.iter().rev() {
            if length < word {
                break;
            }
            let name = &rest[..length];
            let range = at..at + length;
            let cut = refused.get(&(range.start, range.end)).copied();
            if cut == Some(false) || !names.is_uncut(before, name, &rest[length..]) {
                continue;
            }
            let known = names.known(name);
            if cut == Some(true)
                || known.is_several(names.gazetteer, name, &lengths)
                || is_passing_pair(name, &lengths, |name| names.survey.uses(name))
            {
                several.get_or_insert((range.end, known));
                continue;
            }
            if known.is_hopeless() {
                continue;
            }
            if names.survey.begins_a_company(at, at + length) {
                break;
            }
            let part_of = several
                .as_ref()
                .filter(|(end, _)| range.end <= *end)
                .cloned();
            found.push(Candidate {
                range,
                known,
                part_of,
            });
            taken = length;
            break;
        }
        at += taken.max(word).max(step);
        if several.as_ref().is_some_and(|(end, _)| *end <= at) {
            several = None;
        }
    }
    found
}
