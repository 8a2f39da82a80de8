//! Names at the places of a text: the index of names, with a filter before it.
//!
//! The index is an `fst` that is read where it lies. Walking it costs some hundred nanoseconds, so most places of a text are
//! turned away by the first two characters, for which one bit of a table is kept. The table is made from the upper nodes of
//! the index, in a few milliseconds, when a text is read for the first time. What is not turned away follows the [`Steps`]
//! that were made through the index before.

use std::cell::RefCell;

use foldhash::HashMap;

use crate::char_set::{CharSet, Pair, PairSet};
use crate::gazetteer::Gazetteer;
use crate::steps::Steps;
use crate::store::{HowStored, Store};

/// Bits of the table of first characters, as a power of two: 128 KB, of which one in fifty is set.
const LOG_BITS: u32 = 20;
/// Characters of the longest former name of a unit.
pub(crate) const LONGEST_FORMER: usize = 12;
/// Bytes of two characters.
const TWO: usize = 8;

/// The first two characters of every name.
#[derive(Debug)]
pub(crate) struct Beginnings {
    pairs: PairSet,
    /// Names of one character.
    single: CharSet,
}

/// Finds the names of a gazetteer in texts.
#[derive(Debug)]
pub struct NameScanner<'g> {
    stores: Vec<RefCell<Steps<'g>>>,
    /// Former names, which are not in the index, by their first two characters.
    former: HashMap<u64, Vec<&'g str>>,
    beginnings: &'g Beginnings,
}

impl Beginnings {
    pub(crate) fn of(gazetteer: &Gazetteer) -> Self {
        let mut beginnings = Self {
            pairs: PairSet::with_log_bits(LOG_BITS),
            single: CharSet::default(),
        };
        for store in &gazetteer.stores {
            beginnings.add_store(store);
        }
        for name in gazetteer.history().former.keys() {
            if let Some(pair) = Pair::at(name, 0) {
                beginnings.pairs.insert(pair);
            }
        }
        beginnings
    }

    /// Walks the index of a file down to two characters.
    fn add_store(&mut self, store: &Store) {
        let names = store.names();
        let index = names.as_fst();
        let nothing = fst::raw::Output::zero();
        let mut open = vec![(index.root().addr(), nothing, [0_u8; TWO], 0_usize)];
        while let Some((address, value, bytes, length)) = open.pop() {
            let start = std::str::from_utf8(&bytes[..length]).unwrap_or("");
            if let Some(pair) = Pair::at(start, 0) {
                self.pairs.insert(pair);
                continue;
            }
            let node = index.node(address);
            if let Some(only) = start.chars().next()
                && node.is_final()
                && is_name(store, value.cat(node.final_output()).value())
            {
                self.single.insert(only);
            }
            if length == TWO {
                continue;
            }
            for transition in node.transitions() {
                let mut longer = bytes;
                longer[length] = transition.inp;
                let value = value.cat(transition.out);
                open.push((transition.addr, value, longer, length + 1));
            }
        }
    }
}

impl Gazetteer {
    /// What finds the names of this gazetteer in texts.
    #[must_use]
    pub fn name_scanner(&self) -> NameScanner<'_> {
        let mut former: HashMap<u64, Vec<&str>> = HashMap::default();
        for name in self.history().former.keys() {
            if let Some(pair) = Pair::at(name, 0) {
                former.entry(pair.bytes).or_default().push(name);
            }
        }
        NameScanner {
            stores: self
                .stores
                .iter()
                .map(|store| RefCell::new(Steps::of(store)))
                .collect(),
            former,
            beginnings: self.beginnings(),
        }
    }
}

impl NameScanner<'_> {
    /// The first place at or after a position of a text where a name of two characters or more may begin.
    #[must_use]
    pub fn next_start(&self, text: &str, at: usize) -> Option<usize> {
        self.beginnings.pairs.next_place(text, at)
    }

    /// Puts the lengths in bytes of the names that a text begins with into `lengths`, shortest first. Identifiers are no
    /// names, and names of one character are not given.
    pub fn lengths_at_start(&self, text: &str, lengths: &mut Vec<usize>) {
        lengths.clear();
        let Some(pair) = Pair::at(text, 0) else {
            return;
        };
        if !self.beginnings.pairs.may_have(pair) {
            return;
        }
        for store in &self.stores {
            let mut steps = store.borrow_mut();
            steps.walk(pair, text, |length| lengths.push(length));
        }
        let former = self.former.get(&pair.bytes);
        let has_former = former.is_some();
        if let Some(former) = former {
            let here = former.iter().filter(|name| text.starts_with(**name));
            lengths.extend(here.map(|name| name.len()));
        }
        if has_former || self.stores.len() > 1 {
            lengths.sort_unstable();
            lengths.dedup();
        }
    }

    /// Whether a character by itself is a name.
    #[must_use]
    pub fn is_name(&self, character: char) -> bool {
        self.beginnings.single.has(character)
    }
}

/// Whether something is called so: identifiers are no names.
pub(crate) fn is_name(store: &Store, value: u64) -> bool {
    store.postings(value).any(|p| p.how != HowStored::Id)
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
            if is_name(store, value) {
                give(at + 1);
            }
        }
    }
}
