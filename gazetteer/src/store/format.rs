//! The layout of a file of places, and the checked way into it.
//!
//! Little-endian throughout. Positions are WGS 84 degrees, longitude first.
//!
//! | section | size of an item | content |
//! |---|---|---|
//! | header | 192 B | `YUTUPLC1`; number of places, number of those with a position (u64 × 2); offset and length of the eight sections below (u64 × 16); checksum of all that (u64); zeros |
//! | records | 56 B | longitude, latitude (f64 × 2; NaN: none); where its text starts (u64), how long it is, accuracy in metres, GB/T 2260 code, weight, since, until (u32 × 6; 0: none); class (u8); flags (u8); 6 B of zeros |
//! | text | varint | each string after its length: id, name, source of the position, parent, code, reason it has no position, note; then aliases, names in context, members, each list after its count; then the geometry |
//! | points | 16 B | of every place with a position: x, y, z in 1/256 m from the centre of the Earth (i32 × 3); class (u8); 3 B of zeros |
//! | tree | 32 B | the packed R-tree over the places with a position: six f32, classes below (u64) |
//! | names | fst | every name → first posting ≪ 16 \| how many |
//! | postings | 8 B | place (u32), in which way it is named (u8), 3 B of zeros |
//! | codes | 8 B | GB/T 2260 code, place (u32 × 2), by code |
//! | about | UTF-8 | title, source, licence, date: one line each |
//!
//! Places with a position come first, along a Hilbert curve; the others follow by identifier. Every offset
//! is checked against the file when it is opened or used: a damaged file gives an error or an empty
//! string, never a panic.

use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::tree::{self, Tree};
use crate::{FeatureClass, LonLat};

pub(super) const MAGIC: &[u8; 8] = b"YUTUPLC1";
pub(super) const HEADER_BYTES: usize = 192;
pub(super) const RECORD_BYTES: usize = 56;
pub(super) const POSTING_BYTES: usize = 8;
pub(super) const CODE_BYTES: usize = 8;
pub(super) const SECTIONS: [&str; 8] = [
    "records", "text", "points", "tree", "names", "postings", "codes", "about",
];
const RECORDS: usize = 0;
const TEXT: usize = 1;
const POINTS: usize = 2;
const TREE: usize = 3;
const NAMES: usize = 4;
const POSTINGS: usize = 5;
const CODES: usize = 6;
const ABOUT: usize = 7;
pub(super) const POINT_BYTES: usize = 16;
/// Positions in space are kept in so many parts of a metre: the Earth's radius then fits into 31 bits.
pub(super) const PER_METRE: f64 = 256.0;
/// Set when a line or an area ends the text of a place.
pub(super) const FLAG_HAS_GEOMETRY: u8 = 1;
/// Indices of names up to this size are checked against their checksum when a file is opened (some 10 ms);
/// of larger ones only the footer is.
const MOST_TO_VERIFY: usize = 16 << 20;
/// More postings under one name than a count of 16 bits holds are cut, best first.
pub(super) const MOST_POSTINGS: usize = u16::MAX as usize;

/// A file that is not a file of places.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What is wrong with a file of places.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<StoreError>,
    },
    /// The first eight bytes are not the mark of the format, or the header is damaged.
    #[error(
        "not a file of places of this version (expected YUTUPLC1 and a whole header); remove it (yutu gazetteer remove) and import again"
    )]
    Header,
    /// A section does not fit into the file, or not with the others.
    #[error(
        "file of places: section {section} does not fit; remove it (yutu gazetteer remove) and import again"
    )]
    Section {
        /// Which.
        section: &'static str,
    },
}

/// What a file of places says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// Where the places come from.
    pub source: String,
    /// Under which terms.
    pub licence: String,
    /// When it was made: YYYY-MM-DD.
    pub date: String,
    /// Whether its places go before those that come with the program.
    pub first: bool,
}

impl About {
    pub(super) fn to_text(&self) -> String {
        let line = |text: &str| text.replace(['\n', '\r'], " ");
        format!(
            "{}\n{}\n{}\n{}\n{}\n",
            line(&self.title),
            line(&self.source),
            line(&self.licence),
            line(&self.date),
            if self.first { "first" } else { "" }
        )
    }

    fn from_text(text: &str) -> Self {
        let mut lines = text.lines().map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        Self {
            title: next(),
            source: next(),
            licence: next(),
            date: next(),
            first: next() == "first",
        }
    }
}

/// In which way a name stands for a place; better ways first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum HowStored {
    /// Its identifier.
    Id = 0,
    /// Its full name.
    Full = 1,
    /// Another name.
    Alias = 2,
    /// The short form of the name of an administrative unit.
    Short = 3,
    /// A name that stands for it only in context.
    InContext = 4,
}

impl HowStored {
    fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Id,
            1 => Self::Full,
            2 => Self::Alias,
            3 => Self::Short,
            _ => Self::InContext,
        }
    }
}

/// A place under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    pub(crate) how: HowStored,
    pub(crate) number: u32,
}

#[derive(Debug)]
enum Bytes {
    Static(&'static [u8]),
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// A file of places, open.
#[derive(Debug)]
pub struct Store {
    bytes: Bytes,
    places: u32,
    located: u32,
    sections: [std::ops::Range<usize>; SECTIONS.len()],
}

/// The fixed part of a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) position: Option<LonLat>,
    pub(crate) accuracy_m: u32,
    pub(crate) adcode: u32,
    pub(crate) weight: u32,
    pub(crate) days: (u32, u32),
    pub(crate) class: FeatureClass,
    pub(crate) has_geometry: bool,
    text: usize,
    text_len: usize,
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    if let Some(found) = bytes.get(at..at + 4) {
        four.copy_from_slice(found);
    }
    u32::from_le_bytes(four)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// FNV-1a with 64 bits: tells a damaged header from a whole one.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Store {
    /// The places that come with the program, or any other bytes that live as long as it.
    ///
    /// # Errors
    /// When the bytes are not a file of places.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, StoreError> {
        Self::checked(Bytes::Static(bytes))
    }

    /// A file of places in memory.
    ///
    /// # Errors
    /// When the bytes are not a file of places.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, StoreError> {
        Self::checked(Bytes::Owned(bytes))
    }

    /// Opens a file of places by mapping it: only what is asked for is read.
    ///
    /// # Errors
    /// When it cannot be read or is not a file of places.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io {
            path: path.to_owned(),
            source,
        };
        let file = std::fs::File::open(path).map_err(io)?;
        #[expect(
            unsafe_code,
            reason = "a map of a file that only this program writes, whole or not at all"
        )]
        // SAFETY: the file is written under another name and renamed, never changed in place.
        let map = unsafe { Mmap::map(&file) }.map_err(io)?;
        Self::checked(Bytes::Mapped(map)).map_err(|source| StoreError::File {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    fn checked(bytes: Bytes) -> Result<Self, StoreError> {
        let header = bytes.get(..HEADER_BYTES).ok_or(StoreError::Header)?;
        let summed = 8 + 16 + SECTIONS.len() * 16;
        if &header[..8] != MAGIC || u64_at(header, summed) != checksum(&header[..summed]) {
            return Err(StoreError::Header);
        }
        let places = u32::try_from(u64_at(header, 8)).map_err(|_| StoreError::Header)?;
        let located = u32::try_from(u64_at(header, 16)).map_err(|_| StoreError::Header)?;
        let mut sections = [const { 0..0 }; SECTIONS.len()];
        for (number, section) in SECTIONS.into_iter().enumerate() {
            let wrong = StoreError::Section { section };
            let at = 24 + number * 16;
            let fits = || {
                let start = usize::try_from(u64_at(header, at)).ok()?;
                let end = start.checked_add(usize::try_from(u64_at(header, at + 8)).ok()?)?;
                (end <= bytes.len()).then_some(start..end)
            };
            sections[number] = fits().ok_or(wrong)?;
        }
        let store = Self {
            bytes,
            places,
            located,
            sections,
        };
        let wrong = |section| Err(StoreError::Section { section });
        if located > places
            || Some(store.records().len()) != (places as usize).checked_mul(RECORD_BYTES)
        {
            return wrong("records");
        }
        if Some(store.section(POINTS).len()) != (located as usize).checked_mul(POINT_BYTES) {
            return wrong("points");
        }
        if store.section(TREE).len() != tree::bytes_of(located as usize) {
            return wrong("tree");
        }
        let Ok(names) = fst::Map::new(store.section(NAMES)) else {
            return wrong("names");
        };
        // `fst` follows what it reads without checking: damage must be seen before.
        let outside = !matches!(store.bytes, Bytes::Static(_));
        if outside
            && store.section(NAMES).len() <= MOST_TO_VERIFY
            && names.as_fst().verify().is_err()
        {
            return wrong("names");
        }
        Ok(store)
    }

    fn section(&self, number: usize) -> &[u8] {
        // Checked when the file was opened.
        &self.bytes[self.sections[number].clone()]
    }

    fn records(&self) -> &[u8] {
        self.section(RECORDS)
    }

    /// How many places there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a count, not a container")]
    pub fn len(&self) -> usize {
        self.places as usize
    }

    /// How many of them have a position.
    #[must_use]
    pub fn located(&self) -> usize {
        self.located as usize
    }

    /// What the file says of itself.
    #[must_use]
    pub fn about(&self) -> About {
        About::from_text(std::str::from_utf8(self.section(ABOUT)).unwrap_or_default())
    }

    /// Where a place is, without the rest of it.
    pub(crate) fn position(&self, number: u32) -> Option<LonLat> {
        let at = number as usize * RECORD_BYTES;
        let record = self.records().get(at..at + 16)?;
        LonLat::new(
            f64::from_bits(u64_at(record, 0)),
            f64::from_bits(u64_at(record, 8)),
        )
        .ok()
    }

    /// The first and last day a place is true of, without the rest of it; 0: no end.
    pub(crate) fn days(&self, number: u32) -> (u32, u32) {
        let at = number as usize * RECORD_BYTES;
        (
            u32_at(self.records(), at + 40),
            u32_at(self.records(), at + 44),
        )
    }

    /// What kind of place it is, without the rest of it.
    pub(crate) fn class(&self, number: u32) -> FeatureClass {
        let at = number as usize * RECORD_BYTES + 48;
        let class = self.records().get(at).copied();
        class
            .and_then(FeatureClass::from_number)
            .unwrap_or(FeatureClass::Other)
    }

    /// The fixed part of a place. A number that was not given out reads as a nameless place.
    pub(crate) fn record(&self, number: u32) -> Record {
        let at = number as usize * RECORD_BYTES;
        let record = self.records().get(at..).unwrap_or_default();
        Record {
            position: self.position(number),
            text: usize::try_from(u64_at(record, 16)).unwrap_or(usize::MAX),
            text_len: u32_at(record, 24) as usize,
            accuracy_m: u32_at(record, 28),
            adcode: u32_at(record, 32),
            weight: u32_at(record, 36),
            days: self.days(number),
            class: self.class(number),
            has_geometry: record
                .get(49)
                .is_some_and(|flags| flags & FLAG_HAS_GEOMETRY != 0),
        }
    }

    /// The variable part of a place.
    pub(crate) fn text(&self, record: &Record) -> Text<'_> {
        self.text_at(record.text, record.text_len)
    }

    fn text_at(&self, start: usize, length: usize) -> Text<'_> {
        let all = self.section(TEXT);
        Text(
            all.get(start..start.saturating_add(length))
                .unwrap_or_default(),
        )
    }

    /// The places of a leaf in space: number, position rounded to 1/256 m, class as a bit.
    pub(crate) fn points(
        &self,
        numbers: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (u32, [f64; 3], u64)> + '_ {
        let bytes = self.section(POINTS);
        let leaf = bytes.get(numbers.start * POINT_BYTES..numbers.end * POINT_BYTES);
        let first = u32::try_from(numbers.start).unwrap_or(u32::MAX);
        let points = leaf.unwrap_or_default().chunks_exact(POINT_BYTES);
        (first..).zip(points).map(|(number, point)| {
            let metres = |at: usize| f64::from(u32_at(point, at).cast_signed()) / PER_METRE;
            let space = [metres(0), metres(4), metres(8)];
            (
                number,
                space,
                1_u64.checked_shl(point[12].into()).unwrap_or(0),
            )
        })
    }

    /// The name of a place and the identifier of the one above it, without the rest.
    pub(crate) fn name_and_parent(&self, number: u32) -> (&str, &str) {
        let at = number as usize * RECORD_BYTES;
        let start = usize::try_from(u64_at(self.records(), at + 16)).unwrap_or(usize::MAX);
        let length = u32_at(self.records(), at + 24) as usize;
        let mut text = self.text_at(start, length);
        text.string();
        let name = text.string();
        text.string();
        (name, text.string())
    }

    pub(crate) fn tree(&self) -> Tree<'_> {
        // Its length was checked when the file was opened.
        Tree::new(self.section(TREE), self.located as usize)
            .or_else(|| Tree::new(&[], 0))
            .unwrap_or_else(|| unreachable!("an empty tree has no bytes"))
    }

    pub(crate) fn names(&self) -> fst::Map<&[u8]> {
        // Checked when the file was opened; opening again reads its footer only.
        fst::Map::new(self.section(NAMES)).unwrap_or_else(|_| unreachable!("checked when opened"))
    }

    /// The places under a name, as the value of `names` says.
    pub(crate) fn postings(&self, value: u64) -> impl Iterator<Item = Posting> + '_ {
        let count = (value & 0xffff) as usize;
        let first = usize::try_from(value >> 16).unwrap_or(usize::MAX);
        let start = first.saturating_mul(POSTING_BYTES);
        let end = start.saturating_add(count * POSTING_BYTES);
        let bytes = self.section(POSTINGS).get(start..end).unwrap_or_default();
        bytes
            .chunks_exact(POSTING_BYTES)
            .map(|posting| Posting {
                number: u32_at(posting, 0),
                how: HowStored::from_number(posting[4]),
            })
            .filter(|posting| posting.number < self.places)
    }

    /// The places with exactly this name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = Posting> + '_ {
        let value = self.names().get(name.as_bytes());
        value.into_iter().flat_map(|value| self.postings(value))
    }

    /// The place with a GB/T 2260 code.
    pub(crate) fn with_code(&self, code: u32) -> Option<u32> {
        let codes = self.section(CODES);
        let (mut low, mut high) = (0, codes.len() / CODE_BYTES);
        while low < high {
            let middle = low.midpoint(high);
            if u32_at(codes, middle * CODE_BYTES) < code {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low * CODE_BYTES < codes.len() && u32_at(codes, low * CODE_BYTES) == code)
            .then(|| u32_at(codes, low * CODE_BYTES + 4))
            .filter(|number| *number < self.places)
    }
}

/// The variable part of a place: strings one after another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a>(pub(super) &'a [u8]);

impl<'a> Text<'a> {
    pub(crate) fn number(&mut self) -> usize {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let Some((&byte, rest)) = self.0.split_first() else {
                return 0;
            };
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        usize::try_from(number).unwrap_or(0)
    }

    pub(crate) fn string(&mut self) -> &'a str {
        let length = self.number();
        let Some((string, rest)) = self.0.split_at_checked(length) else {
            self.0 = &[];
            return "";
        };
        self.0 = rest;
        std::str::from_utf8(string).unwrap_or_default()
    }

    /// The strings of a list; what is left of the text goes on after it.
    pub(crate) fn list(&mut self) -> List<'a> {
        let count = self.number();
        let list = List { text: *self, count };
        for _ in 0..count {
            if self.0.is_empty() {
                break;
            }
            self.string();
        }
        list
    }
}

/// A list of strings of a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    text: Text<'a>,
    count: usize,
}

#[expect(
    clippy::copy_iterator,
    reason = "a place is copied with its lists, which are read from their starts"
)]
impl<'a> Iterator for List<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.count == 0 || self.text.0.is_empty() {
            return None;
        }
        self.count -= 1;
        Some(self.text.string())
    }
}
