//! The values of a layer in a tile, each written once.

use super::wire::{bytes_field, number_field, varint, varint_len, zigzag};

/// An attribute's value. Text is a number in the table of all texts ([`Texts`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Text, by its number.
    Text(u32),
    /// A whole number.
    Int(i64),
    /// A whole number beyond those of [`Value::Int`].
    Uint(u64),
    /// A number.
    Double(f64),
    /// True or false.
    Bool(bool),
}

/// The texts that values name.
pub trait Texts {
    /// Returns the text of a number, in UTF-8.
    fn text(&self, number: u32) -> &[u8];
}

impl Value {
    /// What the value is as bits, and which kind; equal values are equal here.
    #[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
    fn bits(self) -> (u64, u32) {
        match self {
            Self::Text(number) => (number.into(), 0),
            Self::Int(number) if number < 0 => (number as u64, 1),
            Self::Int(number) => (number as u64, 2),
            Self::Uint(number) => (number, 2),
            Self::Double(number) => (number.to_bits(), 3),
            Self::Bool(is) => (is.into(), 4),
        }
    }

    /// Appends the message of MVT 2.1, section 4.4, as the field of a layer.
    fn write(self, texts: &impl Texts, out: &mut Vec<u8>) {
        varint(4 << 3 | 2, out);
        match self {
            Self::Text(number) => {
                let text = texts.text(number);
                let head = 1 + varint_len(text.len() as u64);
                varint((head + text.len()) as u64, out);
                bytes_field(1, text, out);
            }
            Self::Double(number) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "kept only when nothing is lost"
                )]
                let single = number as f32;
                if f64::from(single).to_bits() == number.to_bits() {
                    out.extend_from_slice(&[5, 2 << 3 | 5]);
                    out.extend_from_slice(&single.to_le_bytes());
                } else {
                    out.extend_from_slice(&[9, 3 << 3 | 1]);
                    out.extend_from_slice(&number.to_le_bytes());
                }
            }
            Self::Int(number) => match u64::try_from(number) {
                Ok(number) => whole(5, number, out),
                Err(_) => whole(6, zigzag(number), out),
            },
            Self::Uint(number) => whole(5, number, out),
            Self::Bool(is) => out.extend_from_slice(&[2, 7 << 3, is.into()]),
        }
    }
}

/// Appends the length and the body of a message with one number.
fn whole(field: u64, number: u64, out: &mut Vec<u8>) {
    varint(1 + varint_len(number) as u64, out);
    number_field(field, number, out);
}

/// A table from values to their number among the values of a layer. Emptying it costs nothing: entries carry the number of
/// the tile that they are of.
pub(super) struct ValueTable {
    entries: Vec<Entry>,
    /// How many of the entries are used, a power of two: a small tile after a large one keeps to a few.
    used: usize,
    tile: u32,
    /// Values so far by the key that they were first used with, as fields of the layer.
    groups: Vec<Vec<u8>>,
    /// That key, for each value.
    keys: Vec<u32>,
    /// Values that can be found again.
    held: u32,
    places: Vec<u32>,
    starts: Vec<u32>,
}

/// Of a value: how many were new before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ValueNumber(pub(super) u32);

/// Four of them in a line of the processor's cache.
#[derive(Clone, Copy, Default)]
struct Entry {
    bits: u64,
    /// The tile and the kind of value.
    mark: u32,
    number: u32,
}

const LEAST: usize = 1 << 7;

/// Bits of a mark that are the kind of value.
const KIND_BITS: u32 = 3;

impl ValueTable {
    pub(super) fn new() -> Self {
        Self {
            entries: vec![Entry::default(); LEAST],
            used: LEAST,
            tile: 1,
            groups: Vec::new(),
            keys: Vec::new(),
            held: 0,
            places: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// Forgets all values.
    pub(super) fn clear(&mut self) {
        // The next tile may be like this one.
        let like = (self.held as usize * 2).next_power_of_two();
        self.used = like.clamp(LEAST, self.entries.len());
        self.groups.iter_mut().for_each(Vec::clear);
        self.keys.clear();
        self.held = 0;
        self.tile += 1;
        if self.tile >> (u32::BITS - KIND_BITS) != 0 {
            self.entries.fill(Entry::default());
            self.tile = 1;
        }
    }

    /// The values of one key after those of the other, as fields of the layer.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u8]> {
        self.groups.iter().map(Vec::as_slice)
    }

    /// Where each value stands in the layer, by its number.
    pub(super) fn places(&mut self) -> &[u32] {
        self.starts.clear();
        self.starts.resize(self.groups.len(), 0);
        for key in &self.keys {
            self.starts[*key as usize] += 1;
        }
        let mut next = 0;
        for start in &mut self.starts {
            next += std::mem::replace(start, next);
        }
        self.places.clear();
        for key in &self.keys {
            let start = &mut self.starts[*key as usize];
            self.places.push(*start);
            *start += 1;
        }
        &self.places
    }

    /// Writes a value that no other feature of the layer has, and returns its number. Keys are counted from 0.
    #[inline]
    pub(super) fn add(&mut self, key: u32, value: Value, texts: &impl Texts) -> ValueNumber {
        let number = self.next();
        if key as usize >= self.groups.len() {
            self.groups.resize_with(key as usize + 1, Vec::new);
        }
        value.write(texts, &mut self.groups[key as usize]);
        self.keys.push(key);
        number
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a tile of 2³² values is larger than memory"
    )]
    fn next(&self) -> ValueNumber {
        ValueNumber(self.keys.len() as u32)
    }

    /// Returns the number of a value, writing it when it is new.
    #[inline]
    pub(super) fn place(&mut self, key: u32, value: Value, texts: &impl Texts) -> ValueNumber {
        let (bits, kind) = value.bits();
        let own = self.tile << KIND_BITS | kind;
        let mask = self.used - 1;
        let next = self.next();
        let mut at = Self::hash(bits, kind) & mask;
        loop {
            let entry = &mut self.entries[at];
            if entry.mark >> KIND_BITS != self.tile {
                *entry = Entry {
                    bits,
                    mark: own,
                    number: next.0,
                };
                break;
            }
            if entry.bits == bits && entry.mark == own {
                return ValueNumber(entry.number);
            }
            at = (at + 1) & mask;
        }
        self.add(key, value, texts);
        self.held += 1;
        if self.held as usize * 2 > self.used {
            self.grow();
        }
        next
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash, cut to the size of the table"
    )]
    fn hash(bits: u64, kind: u32) -> usize {
        let mixed = (bits ^ u64::from(kind) << 61).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ mixed >> 32) as usize
    }

    fn grow(&mut self) {
        let old: Vec<Entry> = self.entries[..self.used].to_vec();
        self.entries[..self.used].fill(Entry::default());
        self.used *= 2;
        if self.entries.len() < self.used {
            self.entries.resize(self.used, Entry::default());
        }
        let mask = self.used - 1;
        let of_tile = |entry: &Entry| entry.mark >> KIND_BITS == self.tile;
        for entry in old.into_iter().filter(of_tile) {
            let kind = entry.mark & ((1 << KIND_BITS) - 1);
            let mut at = Self::hash(entry.bits, kind) & mask;
            while self.entries[at].mark >> KIND_BITS == self.tile {
                at = (at + 1) & mask;
            }
            self.entries[at] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct NoTexts;

    impl Texts for NoTexts {
        fn text(&self, _: u32) -> &'static [u8] {
            b""
        }
    }

    proptest! {
        #[test]
        fn each_value_has_one_place_in_each_tile(
            tiles in prop::collection::vec(prop::collection::vec((0u32..4, 0i64..500), 0..800), 1..4),
        ) {
            let mut table = ValueTable::new();
            for values in tiles {
                let mut known: Vec<(u32, i64)> = Vec::new();
                for (key, value) in values {
                    let number = table.place(key, Value::Int(value), &NoTexts).0 as usize;
                    if number == known.len() {
                        prop_assert!(known.iter().all(|(_, one)| *one != value));
                        known.push((key, value));
                    }
                    prop_assert_eq!(known[number].1, value);
                }
                let mut written: Vec<(u32, u32, i64)> = Vec::new();
                for (place, (key, value)) in table.places().iter().zip(&known) {
                    written.push((*place, *key, *value));
                }
                written.sort_unstable();
                let mut expected = Vec::new();
                for (place, (_, key, value)) in (0..).zip(&written) {
                    prop_assert_eq!(written[place as usize].0, place, "places are all taken once");
                    prop_assert!(place == 0 || written[place as usize - 1].1 <= *key, "key by key");
                    Value::Int(*value).write(&NoTexts, &mut expected);
                }
                prop_assert_eq!(table.groups().collect::<Vec<_>>().concat(), expected);
                table.clear();
            }
        }
    }
}
