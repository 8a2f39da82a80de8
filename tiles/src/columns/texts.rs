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

    /// Forgets all texts.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.slots.fill(0);
    }

    /// Bytes in memory.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<usize>() + self.slots.len() * 4
    }

    /// Appends what tells this table from others.
    pub(crate) fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.bytes.as_bytes());
        for end in &self.ends {
            out.extend_from_slice(&end.to_le_bytes());
        }
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

/// More text than numbers reach: 2 GB of different values.
#[derive(Debug, thiserror::Error)]
#[error("more than 2 GB of different texts in attributes; leave some attributes out")]
pub(crate) struct TooMuchText;

/// In the place of a text's number: the text stays in the row, as the pool is full.
pub(crate) const IN_ROW: u32 = u32::MAX;

/// Set in numbers of texts that are no places in the pool: of a text in a row the rest is its length, of one in a chunk its number there.
pub(crate) const OWN: u32 = 1 << 31;

/// Bytes of texts that a pool takes of points; more stay in the rows.
pub(crate) const MOST_POOLED: usize = 28 << 20;

impl TextPool {
    /// Numbers of this pool by those of a table, whose texts are added in their order, as long as the pool has no more than so many
    /// bytes; [`IN_ROW`] for the rest.
    pub(crate) fn adopt(
        &mut self,
        other: &TextTable,
        most: usize,
    ) -> Result<Vec<u32>, TooMuchText> {
        let numbers = (0u32..).take(other.len());
        numbers
            .map(|number| {
                let text = other.get(number);
                if self.bytes.len() + self.slots.len() * size_of::<u32>() < most {
                    self.number(text)
                } else {
                    Ok(self.find(text).unwrap_or(IN_ROW))
                }
            })
            .collect()
    }

    /// The number of a text that the pool has.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table"
    )]
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(text) as usize & mask;
        while self.slots[at] != 0 {
            if self.bytes_of(self.slots[at] - 1) == text.as_bytes() {
                return Some(self.slots[at] - 1);
            }
            at = (at + 1) & mask;
        }
        None
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table"
    )]
    pub(crate) fn number(&mut self, text: &str) -> Result<u32, TooMuchText> {
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
        if number >= OWN {
            return Err(TooMuchText);
        }
        self.slots[at] = number + 1;
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

/// The texts of a chunk of rows: those of the pool, and those that stood in the rows.
#[derive(Clone, Copy)]
pub(crate) struct ChunkTexts<'a> {
    pub(crate) pool: &'a TextPool,
    pub(crate) own: Option<&'a TextTable>,
}

impl ChunkTexts<'_> {
    /// The length of a text in bytes.
    pub(crate) fn length(&self, number: u32) -> usize {
        self.text(number).len()
    }
}

impl Texts for ChunkTexts<'_> {
    #[inline]
    fn text(&self, number: u32) -> &[u8] {
        match self.own {
            Some(own) if number & OWN != 0 => own.get(number & !OWN).as_bytes(),
            _ => self.pool.bytes_of(number),
        }
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
        let places = pool.adopt(&table, usize::MAX).expect("little text");
        assert_eq!(places, pool.adopt(&table, 0).expect("little text"));
        let mut other = TextTable::default();
        other.number("new");
        assert_eq!(pool.adopt(&other, 100).expect("little text"), [IN_ROW]);
        for (text, number) in texts.iter().zip(numbers) {
            assert_eq!(pool.get(places[number as usize]), text);
        }
        assert_eq!(pool.get(u32::MAX), "");
    }
}
