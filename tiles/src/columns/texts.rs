//! Texts, each kept once.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::mvt::Texts;
use crate::mvt::wire::{take_varint, varint};

/// A table of texts, numbered from 0 in order of first use.
#[derive(Default)]
pub(crate) struct TextTable {
    bytes: String,
    ends: Vec<usize>,
    /// Numbers plus one, by hash; zero where nothing is.
    slots: Vec<u32>,
}

impl TextTable {
    /// The number of a text, new or old.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table; and the memory for 2^32 texts does not exist"
    )]
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(text) as usize & mask;
        loop {
            match self.slots[at] {
                0 => break,
                taken if self.get(taken - 1) == text => return taken - 1,
                _ => at = (at + 1) & mask,
            }
        }
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        self.slots[at] = self.ends.len() as u32;
        self.slots[at] - 1
    }

    /// The number of a text that the table has.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a hash, cut to the size of the table"
        )]
        let mut at = hash(text) as usize & mask;
        while self.slots[at] != 0 {
            if self.get(self.slots[at] - 1) == text {
                return Some(self.slots[at] - 1);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The text of a number; empty for one that was not given.
    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = match number {
            0 => 0,
            _ => self.ends.get(number - 1).copied().unwrap_or(0),
        };
        let end = self.ends.get(number).copied().unwrap_or(start);
        &self.bytes[start..end]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Numbers of this table by those of another, whose texts are added in their order.
    pub(crate) fn adopt(&mut self, other: &Self) -> Vec<u32> {
        let numbers = (0u32..).take(other.len());
        numbers
            .map(|number| self.number(other.get(number)))
            .collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table; numbers are u32"
    )]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        self.slots.clear();
        self.slots.resize(size, 0);
        for number in 0..self.ends.len() {
            let mut at = hash(self.get(number as u32)) as usize & (size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = number as u32 + 1;
        }
    }
}

/// All texts of values, each kept once. A text's number is where it stands: one look finds it.
#[derive(Default)]
pub(crate) struct TextPool {
    /// The length of each text ([`varint`]), then the text.
    bytes: Vec<u8>,
    count: usize,
    /// Numbers plus one, by hash; zero where nothing is.
    slots: Vec<u32>,
}

/// More text than numbers reach: 4 GB of different values.
#[derive(Debug, thiserror::Error)]
#[error("more than 4 GB of different texts in attributes; leave some attributes out")]
pub(crate) struct TooMuchText;

impl TextPool {
    /// Numbers of this pool by those of a table, whose texts are added in their order.
    pub(crate) fn adopt(&mut self, other: &TextTable) -> Result<Vec<u32>, TooMuchText> {
        let numbers = (0u32..).take(other.len());
        numbers
            .map(|number| self.number(other.get(number)))
            .collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table"
    )]
    fn number(&mut self, text: &str) -> Result<u32, TooMuchText> {
        if (self.count + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(text) as usize & mask;
        loop {
            match self.slots[at] {
                0 => break,
                taken if self.bytes_of(taken - 1) == text.as_bytes() => return Ok(taken - 1),
                _ => at = (at + 1) & mask,
            }
        }
        let number = u32::try_from(self.bytes.len()).map_err(|_| TooMuchText)?;
        self.slots[at] = number.checked_add(1).ok_or(TooMuchText)?;
        varint(text.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(text.as_bytes());
        self.count += 1;
        Ok(number)
    }

    /// The text of a number; empty for one that was not given.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> &str {
        std::str::from_utf8(self.bytes_of(number)).unwrap_or_default()
    }

    /// The length of a text in bytes.
    #[inline]
    pub(crate) fn length(&self, number: u32) -> usize {
        self.bytes_of(number).len()
    }

    #[inline]
    fn bytes_of(&self, number: u32) -> &[u8] {
        let mut rest = self.bytes.get(number as usize..).unwrap_or_default();
        let length = usize::try_from(take_varint(&mut rest)).unwrap_or(0);
        rest.get(..length).unwrap_or_default()
    }

    /// All texts, one after the other.
    pub(crate) fn print(&self) -> &[u8] {
        &self.bytes
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table"
    )]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for taken in old.into_iter().filter(|&taken| taken != 0) {
            let mut at = hash_of(self.bytes_of(taken - 1)) as usize & (size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = taken;
        }
    }
}

impl Texts for TextPool {
    #[inline]
    fn text(&self, number: u32) -> &[u8] {
        self.bytes_of(number)
    }
}

fn hash(text: &str) -> u64 {
    hash_of(text.as_bytes())
}

fn hash_of(text: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(text);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_tables_can_be_joined() {
        let mut one = TextTable::default();
        for round in 0..2 {
            for number in 0..1000u32 {
                assert_eq!(one.number(&format!("镇{number}")), number, "{round}");
            }
        }
        let mut other = TextTable::default();
        other.number("镇999");
        other.number("");
        assert_eq!(one.adopt(&other), [999, 1000]);
        assert_eq!((one.get(1000), one.get(5000), one.len()), ("", "", 1001));
    }

    #[test]
    fn a_pool_finds_its_texts_again() {
        let mut table = TextTable::default();
        let texts: Vec<String> = (0..1000).map(|number| "乡".repeat(number % 90)).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| table.number(text)).collect();
        let mut pool = TextPool::default();
        let places = pool.adopt(&table).expect("little text");
        assert_eq!(places, pool.adopt(&table).expect("little text"));
        for (text, number) in texts.iter().zip(numbers) {
            assert_eq!(pool.get(places[number as usize]), text);
        }
        assert_eq!(pool.get(u32::MAX), "");
    }
}
