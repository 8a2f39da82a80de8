//! Names at the places of a text: the index of names, with a filter before it.
//!
//! The index is an `fst` that is read where it lies. Walking it costs some hundred nanoseconds, so most places of a text are
//! turned away by the first two characters, for which one bit of a table is kept. The table is made from the upper nodes of
//! the index, in a few milliseconds, when a text is read for the first time.

use std::collections::HashMap;

use crate::gazetteer::{Former, Gazetteer};
use crate::store::{HowStored, Store};

/// Bits of the table; two characters are hashed to one of them.
const BITS: usize = 1 << 20;
/// Characters of the longest former name of a unit.
pub(crate) const LONGEST_FORMER: usize = 12;
/// Bytes of two characters.
const TWO: usize = 8;

/// The first two characters of every name.
#[derive(Debug)]
pub(crate) struct Beginnings {
    pairs: Vec<u64>,
    /// Those of former names, which are not in the index.
    former: Vec<u64>,
}

/// Finds the names of a gazetteer in texts.
#[derive(Debug)]
pub struct NameScanner<'g> {
    stores: Vec<(&'g Store, fst::Map<&'g [u8]>)>,
    former: &'g HashMap<String, Vec<Former>>,
    beginnings: &'g Beginnings,
}

fn bit_of(first: char, second: char) -> usize {
    let both = u64::from(u32::from(first)) << 21 | u64::from(u32::from(second));
    let mixed = both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44;
    usize::try_from(mixed).unwrap_or(0) % BITS
}

fn set(bits: &mut [u64], bit: usize) {
    bits[bit / 64] |= 1 << (bit % 64);
}

fn has(bits: &[u64], bit: usize) -> bool {
    bits[bit / 64] >> (bit % 64) & 1 == 1
}

impl Beginnings {
    pub(crate) fn of(gazetteer: &Gazetteer) -> Self {
        let mut pairs = vec![0; BITS / 64];
        for store in &gazetteer.stores {
            add_pairs(&store.names(), &mut pairs);
        }
        let mut former = vec![0; BITS / 64];
        for name in gazetteer.history().former.keys() {
            let mut letters = name.chars();
            if let (Some(first), Some(second)) = (letters.next(), letters.next()) {
                set(&mut former, bit_of(first, second));
                set(&mut pairs, bit_of(first, second));
            }
        }
        Self { pairs, former }
    }
}

/// Walks an index down to two characters.
fn add_pairs(names: &fst::Map<&[u8]>, pairs: &mut [u64]) {
    let index = names.as_fst();
    let mut open = vec![(index.root().addr(), [0_u8; TWO], 0_usize)];
    while let Some((address, bytes, length)) = open.pop() {
        let mut letters = std::str::from_utf8(&bytes[..length]).unwrap_or("").chars();
        if let (Some(first), Some(second)) = (letters.next(), letters.next()) {
            set(pairs, bit_of(first, second));
            continue;
        }
        if length == TWO {
            continue;
        }
        for transition in index.node(address).transitions() {
            let mut longer = bytes;
            longer[length] = transition.inp;
            open.push((transition.addr, longer, length + 1));
        }
    }
}

impl Gazetteer {
    /// What finds the names of this gazetteer in texts.
    #[must_use]
    pub fn name_scanner(&self) -> NameScanner<'_> {
        NameScanner {
            stores: self.stores.iter().map(|s| (s, s.names())).collect(),
            former: &self.history().former,
            beginnings: self.beginnings(),
        }
    }
}

impl NameScanner<'_> {
    /// Puts the lengths in bytes of the names that a text begins with into `lengths`, shortest first. Identifiers are no
    /// names, and names of one character are not given.
    pub fn lengths_at_start(&self, text: &str, lengths: &mut Vec<usize>) {
        lengths.clear();
        let mut letters = text.chars();
        let (Some(first), Some(second)) = (letters.next(), letters.next()) else {
            return;
        };
        let bit = bit_of(first, second);
        if !has(&self.beginnings.pairs, bit) {
            return;
        }
        let one = first.len_utf8();
        for (store, names) in &self.stores {
            walk(store, names, text, |length| {
                lengths.extend((length > one).then_some(length));
            });
        }
        if has(&self.beginnings.former, bit) {
            let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
            let known = |end: &usize| self.former.contains_key(&text[..*end]);
            lengths.extend(ends.take(LONGEST_FORMER).filter(known));
        }
        if lengths.len() > 1 {
            lengths.sort_unstable();
            lengths.dedup();
        }
    }

    /// Whether a name of one character begins a text.
    #[must_use]
    pub fn has_one_character(&self, text: &str) -> bool {
        let one = text.chars().next().map_or(0, char::len_utf8);
        let mut found = false;
        for (store, names) in &self.stores {
            walk(store, names, &text[..one], |_| found = true);
        }
        found
    }
}

/// Follows a text through an index and gives the length of each name on the way.
pub(crate) fn walk(
    store: &Store,
    names: &fst::Map<&[u8]>,
    text: &str,
    mut give: impl FnMut(usize),
) {
    let index = names.as_fst();
    let mut node = index.root();
    let mut value = fst::raw::Output::zero();
    for (at, byte) in text.bytes().enumerate() {
        let Some(number) = node.find_input(byte) else {
            break;
        };
        let transition = node.transition(number);
        value = value.cat(transition.out);
        node = index.node(transition.addr);
        if node.is_final() {
            let value = value.cat(node.final_output()).value();
            if store.postings(value).any(|p| p.how != HowStored::Id) {
                give(at + 1);
            }
        }
    }
}
