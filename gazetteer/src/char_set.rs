//! Sets of characters, and of pairs of them, that are asked at every place of a text.

/// A set of characters, one bit each up to the last of them.
#[derive(Debug, Clone, Default)]
pub struct CharSet(Vec<u64>);

impl CharSet {
    /// Puts a character into the set.
    pub fn insert(&mut self, character: char) {
        let at = character as usize;
        if at / 64 >= self.0.len() {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// Whether the set holds a character.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        let at = character as usize;
        self.0
            .get(at / 64)
            .is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }
}

impl Extend<char> for CharSet {
    fn extend<T: IntoIterator<Item = char>>(&mut self, characters: T) {
        for character in characters {
            self.insert(character);
        }
    }
}

impl FromIterator<char> for CharSet {
    fn from_iter<T: IntoIterator<Item = char>>(characters: T) -> Self {
        let mut set = Self::default();
        set.extend(characters);
        set
    }
}

/// A set of pairs of characters that may claim to hold a few that it does not.
#[derive(Debug)]
pub(crate) struct PairSet {
    /// A pair is hashed to one bit.
    bits: Vec<u64>,
    shift: u32,
}

impl PairSet {
    /// An empty set of 2 to the power of `log_bits` bits, at least 64.
    pub(crate) fn with_log_bits(log_bits: u32) -> Self {
        Self {
            bits: vec![0; 1 << (log_bits - 6)],
            shift: 64 - log_bits,
        }
    }

    fn place(&self, pair: Pair) -> (usize, u64) {
        let mixed = pair.bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let word = usize::try_from(mixed / 64).unwrap_or(0);
        (word, 1 << (mixed % 64))
    }

    pub(crate) fn insert(&mut self, pair: Pair) {
        let (word, bit) = self.place(pair);
        self.bits[word] |= bit;
    }

    pub(crate) fn may_have(&self, pair: Pair) -> bool {
        let (word, bit) = self.place(pair);
        self.bits[word] & bit != 0
    }

    /// The first place at or after a position of a text where a pair of the set may stand.
    pub(crate) fn next_place(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut at, mut first) = (from, Letter::at(bytes, from)?);
        loop {
            let next = at + first.width;
            let second = Letter::at(bytes, next)?;
            if self.may_have(Pair::of(first, second)) {
                return Some(at);
            }
            (at, first) = (next, second);
        }
    }
}

/// A character as the bytes that it has in UTF-8: decoding them would cost more than what is asked of it.
#[derive(Debug, Clone, Copy)]
struct Letter {
    bytes: u32,
    width: usize,
}

impl Letter {
    /// The character that begins at a position, if the text goes on there.
    fn at(text: &[u8], at: usize) -> Option<Self> {
        let width = match text.get(at)? {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        };
        let mut four = [0; 4];
        if let Some(window) = text.get(at..at + 4) {
            four.copy_from_slice(window);
        } else {
            four[..width].copy_from_slice(text.get(at..at + width)?);
        }
        let bytes = u32::from_le_bytes(four) & (u32::MAX >> (32 - 8 * width));
        Some(Self { bytes, width })
    }
}

/// Two characters in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    /// Those of the first and of the second; no two pairs have the same.
    pub(crate) bytes: u64,
    /// How many bytes they have in a text.
    pub(crate) width: usize,
}

impl Pair {
    fn of(first: Letter, second: Letter) -> Self {
        Self {
            bytes: u64::from(first.bytes) << 32 | u64::from(second.bytes),
            width: first.width + second.width,
        }
    }

    /// The two characters that begin at a position of a text, if there are so many.
    pub(crate) fn at(text: &str, at: usize) -> Option<Self> {
        let first = Letter::at(text.as_bytes(), at)?;
        let second = Letter::at(text.as_bytes(), at + first.width)?;
        Some(Self::of(first, second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let set: CharSet = "渝川A".chars().collect();
        assert!("A川渝".chars().all(|character| set.has(character)));
        assert!(!"B鄂𠀀\0".chars().any(|character| set.has(character)));
    }

    #[test]
    fn a_set_of_pairs_knows_their_order() {
        let mut set = PairSet::with_log_bits(12);
        for pair in ["碧溪", "A湖", "𠀀é", "12", "𠀀𠀁", "碧\0"] {
            set.insert(Pair::at(pair, 0).expect("two characters"));
            let text = format!("溪碧湖A𠀀{pair}");
            let place = text.len() - pair.len();
            assert_eq!(set.next_place(&text, 0), Some(place), "{pair}");
            assert_eq!(
                Pair::at(&text, place).map(|pair| pair.width),
                Some(pair.len())
            );
        }
        assert_eq!(set.next_place("碧", 0), None);
        assert_eq!(set.next_place("", 0), None);
    }
}
