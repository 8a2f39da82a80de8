//! An index of names that remembers where it was walked.

use foldhash::HashMap;
use fst::raw::{CompiledAddr, Output};

use crate::char_set::Pair;
use crate::scan::is_name;
use crate::store::Store;

/// More steps than this are forgotten and learnt again (some 20 MB); the plans of a country have fewer.
const MOST_STEPS: usize = 1 << 19;
/// Marks of a step beside the number of its node: a name ends here; longer ones go on.
const ENDS: u32 = 1 << 31;
const GOES_ON: u32 = 1 << 30;

/// The index of a file of places, and the steps through it that texts have asked for.
///
/// A step goes on by one character, and asking for it again is one look-up in a table. The first goes on by two: most names
/// have no more. Steps that lead nowhere are remembered too.
#[derive(Debug)]
pub(crate) struct Steps<'g> {
    store: &'g Store,
    names: fst::Map<&'g [u8]>,
    /// The number of the node after a first pair of characters, with its marks.
    first: HashMap<u64, u32>,
    /// And after a node and a character.
    next: HashMap<u64, u32>,
    /// Where in the index each node is, and the value on the way there.
    nodes: Vec<(CompiledAddr, Output)>,
}

impl<'g> Steps<'g> {
    pub(crate) fn of(store: &'g Store) -> Self {
        Self {
            store,
            names: store.names(),
            first: HashMap::default(),
            next: HashMap::default(),
            nodes: Vec::new(),
        }
    }

    /// Gives the length in bytes of each name of two characters or more that a text begins with, shortest first. `pair` are
    /// the first two of the text.
    pub(crate) fn walk(&mut self, pair: Pair, text: &str, mut give: impl FnMut(usize)) {
        if self.first.len() + self.next.len() > MOST_STEPS {
            self.first.clear();
            self.next.clear();
            self.nodes.clear();
        }
        let mut end = pair.width;
        let mut step = self.first.get(&pair.bytes).copied().unwrap_or_else(|| {
            let step = self.learn(None, &text.as_bytes()[..end]);
            self.first.insert(pair.bytes, step);
            step
        });
        for letter in text[end..].chars() {
            if step & ENDS != 0 {
                give(end);
            }
            if step & GOES_ON == 0 {
                return;
            }
            let node = step & !(ENDS | GOES_ON);
            let start = end;
            end += letter.len_utf8();
            let key = u64::from(node) << 21 | u64::from(letter);
            let known = self.next.get(&key).copied();
            step = known.unwrap_or_else(|| {
                let step = self.learn(Some(node), &text.as_bytes()[start..end]);
                self.next.insert(key, step);
                step
            });
        }
        if step & ENDS != 0 {
            give(end);
        }
    }

    /// Makes a step through the index.
    fn learn(&mut self, from: Option<u32>, bytes: &[u8]) -> u32 {
        let index = self.names.as_fst();
        let from = from.and_then(|node| self.nodes.get(node as usize).copied());
        let (address, mut value) = from.unwrap_or((index.root().addr(), Output::zero()));
        let mut node = index.node(address);
        let mut step = 0;
        let arrives = bytes.iter().all(|byte| {
            let Some(number) = node.find_input(*byte) else {
                return false;
            };
            let transition = node.transition(number);
            value = value.cat(transition.out);
            node = index.node(transition.addr);
            true
        });
        if arrives && node.is_final() {
            let ends = is_name(self.store, value.cat(node.final_output()).value());
            step |= if ends { ENDS } else { 0 };
        }
        if arrives && !node.is_empty() {
            // `MOST_STEPS` and a text are the most that there are.
            step |= GOES_ON | u32::try_from(self.nodes.len()).unwrap_or(0);
            self.nodes.push((node.addr(), value));
        }
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{About, StoreWriter};
    use crate::{Entry, FeatureClass};

    #[test]
    fn names_are_found_the_first_time_and_again() {
        let mut writer = StoreWriter::new(1 << 20);
        for name in ["碧溪", "碧溪镇", "碧溪镇新村", "碧", "碧湖"] {
            let entry = Entry::new(format!("碧溪一{name}"), name, FeatureClass::Town);
            writer.add(&entry, "test").expect("adds");
        }
        let mut file = std::io::Cursor::new(Vec::new());
        writer.finish(&mut file, &About::default()).expect("writes");
        let store = Store::from_bytes(file.into_inner()).expect("opens");
        let mut steps = Steps::of(&store);
        for _ in 0..2 {
            let mut found = |text| {
                let mut characters = Vec::new();
                if let Some(pair) = Pair::at(text, 0) {
                    steps.walk(pair, text, |length| characters.push(length / "碧".len()));
                }
                characters
            };
            assert_eq!(found("碧溪镇新村、"), [2, 3, 5]);
            assert_eq!(found("碧溪镇新"), [2, 3]);
            assert_eq!(found("碧湖镇"), [2]);
            assert_eq!(found("碧溪一碧溪"), [2], "identifiers are no names");
            assert!(found("溪镇").is_empty() && found("碧").is_empty());
        }
    }
}
