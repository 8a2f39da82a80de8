//! Packing of bytes that are mostly runs of zeros, into a zlib stream (RFC 1950 and 1951): single bytes and repeats of the byte
//! before, in one block with a code of its own. Who packs knows the runs, so nothing is searched for.

#![expect(
    clippy::cast_possible_truncation,
    reason = "symbols and lengths are small numbers, and sums are divided before"
)]

use super::bits::Bits;
use super::huffman::{Code, lengths};

/// Bytes, the end, and lengths.
const SYMBOLS: usize = 286;
const END: u16 = 256;
/// The longest word of a symbol (deflate has longer ones: four of these can be put together), and of a length of a word.
const LONGEST: u8 = 14;
const LONGEST_OF_LENGTHS: u8 = 7;
/// The shortest and the longest repeat.
const SHORT: u32 = 3;
const LONG: u32 = 258;
const LONGEST_REPEAT: u16 = 285;
/// The order in which a block names the lengths of the codes of lengths.
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];
/// Deflate with a window of 32 KB, packed fast.
const HEAD: [u8; 2] = [0x78, 0x01];
const ADLER: u64 = 65_521;

/// The symbol of a repeat, and what follows its code, in how many bits.
#[derive(Clone, Copy)]
struct Repeat {
    symbol: u16,
    rest: u8,
    bits: u8,
}

/// By length of a repeat.
static REPEATS: [Repeat; LONG as usize + 1] = repeats();

/// Bits that tell the lengths of one symbol apart: one more every four symbols, but the last has one length.
const fn bits_of(symbol: u16) -> u8 {
    match symbol - 257 {
        0..=7 | 28 => 0,
        8..=11 => 1,
        12..=15 => 2,
        16..=19 => 3,
        20..=23 => 4,
        _ => 5,
    }
}

const fn repeats() -> [Repeat; LONG as usize + 1] {
    const NONE: Repeat = Repeat {
        symbol: 0,
        rest: 0,
        bits: 0,
    };
    let mut all = [NONE; LONG as usize + 1];
    let (mut symbol, mut length) = (257_u16, SHORT as usize);
    while length < LONG as usize {
        let bits = bits_of(symbol);
        let mut rest = 0;
        while rest < 1 << bits && length < LONG as usize {
            all[length] = Repeat { symbol, rest, bits };
            rest += 1;
            length += 1;
        }
        symbol += 1;
    }
    all[LONG as usize] = Repeat {
        symbol: LONGEST_REPEAT,
        ..NONE
    };
    all
}

/// Bytes, and zeros after them.
#[derive(Clone, Copy)]
struct Step {
    /// The first of these.
    bytes: [u8; 4],
    count: u32,
    zeros: u32,
}

impl Step {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.count as usize]
    }

    /// How the zeros are written: how many one by one, and how many repeat the byte before.
    fn parts(&self) -> (u32, u32) {
        let repeats_last = self.count > 0 && self.bytes[self.count as usize - 1] == 0;
        let first = u32::from(!repeats_last && self.zeros > 0);
        let repeated = self.zeros - first;
        let rest = repeated % LONG;
        if rest < SHORT {
            (first + rest, repeated - rest)
        } else {
            (first, repeated)
        }
    }
}

/// What is to be packed, as it comes.
pub(super) struct Deflate {
    steps: Vec<Step>,
    /// How often each symbol is needed.
    counts: [u32; SYMBOLS],
    /// The sums of a checksum, not divided yet: those of a tile are far from the end of the numbers.
    sums: (u64, u64),
}

impl Default for Deflate {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            counts: [0; SYMBOLS],
            sums: (1, 0),
        }
    }
}

impl Deflate {
    /// Adds up to four bytes, and zeros.
    #[inline]
    pub(super) fn add<const COUNT: usize>(&mut self, bytes: [u8; COUNT], zeros: u32) {
        let mut step = Step {
            bytes: [0; 4],
            count: COUNT as u32,
            zeros,
        };
        step.bytes[..COUNT].copy_from_slice(&bytes);
        for byte in bytes {
            self.counts[usize::from(byte)] += 1;
            self.sums.0 += u64::from(byte);
            self.sums.1 += self.sums.0;
        }
        if zeros > 0 {
            self.sums.1 += self.sums.0 * u64::from(zeros);
            let (single, repeated) = step.parts();
            self.counts[0] += single;
            self.counts[usize::from(LONGEST_REPEAT)] += repeated / LONG;
            if let Some(rest) = repeat(repeated % LONG) {
                self.counts[usize::from(rest.symbol)] += 1;
            }
        }
        self.steps.push(step);
    }

    /// Adds the stream to `out`, and is empty again.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.counts[usize::from(END)] = 1;
        let lengths_of = lengths::<SYMBOLS>(&self.counts, LONGEST);
        let code = Code::new(&lengths_of);
        out.extend(HEAD);
        let mut bits = Bits::new(out);
        // The last block, with a code of its own.
        bits.add(0b101, 3);
        head(&lengths_of, &mut bits);
        let zero = code.of(0);
        let word = |repeat: Repeat| {
            let (word, length) = code.of(repeat.symbol.into());
            // The one bit of the only distance, 1, is at the end.
            let word = word | u64::from(repeat.rest) << length;
            (word, length + repeat.bits + 1)
        };
        let longest = word(REPEATS[LONG as usize]);
        for step in &self.steps {
            // Four words are shorter than what can be added at once.
            let (mut words, mut length) = (0, 0);
            for byte in step.bytes() {
                let (word, own) = code.of((*byte).into());
                words |= word << length;
                length += own;
            }
            bits.add(words, length);
            if step.zeros == 0 {
                continue;
            }
            let (single, repeated) = step.parts();
            if single > 0 {
                // Those after the first come at the end, but they are all alike.
                bits.add(zero.0, zero.1);
            }
            for _ in 0..repeated / LONG {
                bits.add(longest.0, longest.1);
            }
            if let Some(rest) = repeat(repeated % LONG) {
                let (word, length) = word(rest);
                bits.add(word, length);
            }
            for _ in 1..single {
                bits.add(zero.0, zero.1);
            }
        }
        let (word, length) = code.of(END.into());
        bits.add(word, length);
        bits.finish();
        let sums = ((self.sums.1 % ADLER) << 16) | (self.sums.0 % ADLER);
        out.extend((sums as u32).to_be_bytes());

        self.steps.clear();
        self.counts.fill(0);
        self.sums = (1, 0);
    }
}

/// How so many repeats are written; `None` when they are too few.
#[inline]
fn repeat(count: u32) -> Option<Repeat> {
    REPEATS
        .get(count as usize)
        .copied()
        .filter(|repeat| repeat.symbol > 0)
}

/// Names the lengths of the code's words: those of symbols, and that of the only distance.
fn head(lengths_of: &[u8; SYMBOLS], bits: &mut Bits<'_>) {
    let symbols = lengths_of.iter().rposition(|length| *length > 0);
    let symbols = symbols.map_or(SYMBOLS, |last| last + 1).max(257);
    let mut named = lengths_of[..symbols].to_vec();
    named.push(1);

    let words = runs_of_lengths(&named);
    let mut counts = [0; ORDER.len()];
    for (symbol, ..) in &words {
        counts[*symbol] += 1;
    }
    let own = lengths::<{ ORDER.len() }>(&counts, LONGEST_OF_LENGTHS);
    let code = Code::new(&own);
    let ordered = ORDER.map(|symbol| own[symbol]);
    let last = ordered.iter().rposition(|length| *length > 0).unwrap_or(0);
    let ordered = &ordered[..(last + 1).max(4)];
    bits.add(symbols as u64 - 257, 5);
    bits.add(0, 5);
    bits.add(ordered.len() as u64 - 4, 4);
    for length in ordered {
        bits.add((*length).into(), 3);
    }
    for (symbol, rest, more) in words {
        let (word, length) = code.of(symbol);
        bits.add(word | u64::from(rest) << length, length + more);
    }
}

/// Lengths one by one or as repeats (16: of the one before, 17 and 18: of none): a symbol each, what follows it and in how many bits.
fn runs_of_lengths(named: &[u8]) -> Vec<(usize, u32, u8)> {
    let mut words = Vec::new();
    for run in named.chunk_by(|one, other| one == other) {
        let (length, mut left) = (run[0], run.len());
        if length > 0 {
            words.push((length.into(), 0, 0));
            left -= 1;
        }
        while left > 0 {
            let (symbol, least, most, more) = match (length, left) {
                (_, ..3) => (length.into(), 1, 1, 0),
                (0, 11..) => (18, 11, 138, 7),
                (0, _) => (17, 3, 10, 3),
                _ => (16, 3, 6, 2),
            };
            let here = left.min(most);
            words.push((symbol, (here - least) as u32, more));
            left -= here;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read(packed: &[u8]) -> Vec<u8> {
        let mut found = Vec::new();
        let read = flate2::read::ZlibDecoder::new(packed).read_to_end(&mut found);
        read.expect("a stream with its checksum");
        found
    }

    #[test]
    fn what_was_packed_is_read_by_another() {
        let mut deflate = Deflate::default();
        // Nothing, zeros only, each length of zeros, all bytes, few and many of each.
        let mut kinds: Vec<Vec<(u8, usize)>> = vec![Vec::new(), vec![(0, 100_000)], vec![(7, 0)]];
        kinds.push((0..600).map(|zeros| (9, zeros)).collect());
        kinds.push((0..=255).flat_map(|byte| [(byte, 1), (byte, 0)]).collect());
        let mut seed = 7_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 16
        };
        kinds.push(
            (0..200_000)
                .map(|_| {
                    // Twice as many of each as of the next: words as long as can be.
                    let byte = (random() as u16).leading_ones() as u8
                        + (random().trailing_zeros() as u8) * 9;
                    (byte, usize::from(byte == 33))
                })
                .collect(),
        );
        let mut packed = Vec::new();
        deflate.add([1, 0, 0, 0], 700);
        deflate.add([], 4);
        deflate.add([9, 9, 9], 2);
        deflate.finish(&mut packed);
        let wanted = [&[1][..], &[0; 707], &[9, 9, 9, 0, 0]].concat();
        assert!(read(&packed) == wanted);
        for kind in kinds {
            let mut bytes = Vec::new();
            for (byte, zeros) in kind {
                deflate.add([byte], u32::try_from(zeros).expect("few"));
                bytes.push(byte);
                bytes.resize(bytes.len() + zeros, 0);
            }
            let mut packed = Vec::new();
            deflate.finish(&mut packed);
            assert!(read(&packed) == bytes, "{} bytes", bytes.len());
        }
    }
}
