//! Writes a file of places with bounded memory.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};

use super::format::{
    About, FLAG_HAS_GEOMETRY, HEADER_BYTES, HowStored, MAGIC, MOST_POSTINGS, PER_METRE,
    POINT_BYTES, POSTING_BYTES, RECORD_BYTES, SECTIONS, checksum,
};
use super::geometry::{push_geometry, push_number};
use super::sorter::Sorter;
use super::tree::{TreeBuilder, hilbert, in_space};
use crate::{Entry, FeatureClass, LonLat, PartialDate, short_form};

/// Bytes that begin the sorted form of a place: 0 with a position, 1 without, and where it is on the curve.
const KEY_BYTES: usize = 9;

/// Places that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Two places have the same identifier.
    #[error(
        "the identifier `{id}` stands twice: {first} and {second}; give each place its own, or leave the column out"
    )]
    Repeated {
        /// Which.
        id: String,
        /// Where in the input, as the reader of it says.
        first: String,
        /// Where in the input.
        second: String,
    },
    /// A place without an identifier or a name.
    #[error("{place}: a place without {missing}")]
    Nameless {
        /// Where in the input.
        place: String,
        /// What is missing.
        missing: &'static str,
    },
    /// More places than a file holds.
    #[error("more than 4 294 967 295 places")]
    TooMany,
    /// The index of names.
    #[error("index of names: {0}")]
    Names(#[from] fst::Error),
}

/// Takes places in any order and writes them as one file.
///
/// Holds about the budget in memory, whatever their number; the rest waits in temporary files.
pub struct StoreWriter {
    places: Sorter,
    budget: usize,
    count: u64,
}

impl StoreWriter {
    /// A writer that holds about `budget` bytes in memory.
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self {
            places: Sorter::new(budget / 2),
            budget,
            count: 0,
        }
    }

    /// How many places were added.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds a place. `origin` says where in the input it stands, for an error that is found later.
    ///
    /// # Errors
    /// When it has no identifier or no name, or a temporary file cannot be written.
    pub fn add(&mut self, entry: &Entry, origin: &str) -> Result<(), WriteError> {
        let missing = match (entry.id.is_empty(), entry.name.is_empty()) {
            (true, _) => Some("an identifier"),
            (_, true) => Some("a name"),
            _ => None,
        };
        if let Some(missing) = missing {
            return Err(WriteError::Nameless {
                place: origin.to_owned(),
                missing,
            });
        }
        let mut text = Vec::new();
        for string in [
            &entry.id,
            &entry.name,
            &entry.position_source,
            &entry.parent,
            &entry.code,
            &entry.unlocated,
            &entry.note,
        ] {
            push_string(&mut text, string);
        }
        for list in [&entry.aliases, &entry.in_context, &entry.members] {
            push_number(&mut text, list.len());
            for string in list {
                push_string(&mut text, string);
            }
        }
        let geometry = entry.geometry.as_ref();
        let has_geometry = geometry.is_some_and(|geometry| push_geometry(&mut text, geometry));

        let curve = entry.position.map_or(0, hilbert);
        let unlocated = u8::from(entry.position.is_none());
        let (lon, lat) = entry.position.map_or((f64::NAN, f64::NAN), |position| {
            (position.lon(), position.lat())
        });
        let mut record = Vec::with_capacity(RECORD_BYTES);
        record.extend_from_slice(&lon.to_le_bytes());
        record.extend_from_slice(&lat.to_le_bytes());
        record.extend_from_slice(&[0; 8]);
        let length = u32::try_from(text.len())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a place above 4 GiB"))?;
        for number in [
            length,
            entry.accuracy_m,
            entry.adcode.unwrap_or(0),
            entry.weight,
            entry.since.map_or(0, PartialDate::first_day),
            entry.until.map_or(0, PartialDate::last_day),
        ] {
            record.extend_from_slice(&number.to_le_bytes());
        }
        record.push(entry.class as u8);
        record.push(if has_geometry { FLAG_HAS_GEOMETRY } else { 0 });
        record.resize(RECORD_BYTES, 0);

        // Equal positions are ordered by the identifier, which the text starts with.
        let origin_length = u16::try_from(origin.len()).unwrap_or(0).to_le_bytes();
        let origin = if origin_length == [0; 2] { "" } else { origin };
        self.places.push(&[
            &[unlocated],
            &curve.to_be_bytes(),
            &text_key(&entry.id),
            &record,
            &text,
            origin.as_bytes(),
            &origin_length,
        ])?;
        self.count += 1;
        Ok(())
    }

    /// Writes the file. `out` is at its start and empty.
    ///
    /// # Errors
    /// When an identifier stands twice, or a file cannot be written.
    pub fn finish(self, out: &mut (impl Write + Seek), about: &About) -> Result<(), WriteError> {
        let mut names = Sorter::new(self.budget / 2);
        let mut ids = Sorter::new(self.budget / 8);
        let mut codes: Vec<(u32, u32)> = Vec::new();
        let mut records = BufWriter::new(tempfile::tempfile()?);
        let mut texts = BufWriter::new(tempfile::tempfile()?);
        let mut points = BufWriter::new(tempfile::tempfile()?);
        let mut tree = TreeBuilder::new();
        let (mut number, mut located, mut offset) = (0_u32, 0_u64, 0_u64);
        self.places.drain(|place| -> Result<(), WriteError> {
            let place = Sorted::new(place);
            let mut record = place.record.to_vec();
            record[16..24].copy_from_slice(&offset.to_le_bytes());
            records.write_all(&record)?;
            texts.write_all(place.text)?;
            offset += place.text.len() as u64;
            if let Some(position) = place.position() {
                tree.push(position, 1 << place.class() as u8);
                points.write_all(&point_of(position, place.class()))?;
                located += 1;
            }
            if place.adcode() != 0 {
                codes.push((place.adcode(), number));
            }
            place.each_name(|name, how| {
                names.push(&[name.as_bytes(), &[0, how as u8], &number.to_be_bytes()])
            })?;
            ids.push(&[place.id().as_bytes(), &[0], place.origin])?;
            number = number.checked_add(1).ok_or(WriteError::TooMany)?;
            Ok(())
        })?;
        refuse_repeated(ids)?;
        codes.sort_unstable();
        // A county-level unit right under its province bears the code once.
        codes.dedup_by_key(|(code, _)| *code);

        let mut names_file = fst::MapBuilder::new(BufWriter::new(tempfile::tempfile()?))?;
        let mut postings = BufWriter::new(tempfile::tempfile()?);
        write_names(names, &mut names_file, &mut postings)?;
        let names_file = names_file.into_inner()?;

        let mut codes_bytes = Vec::with_capacity(codes.len() * POSTING_BYTES);
        for (code, number) in codes {
            codes_bytes.extend_from_slice(&code.to_le_bytes());
            codes_bytes.extend_from_slice(&number.to_le_bytes());
        }
        let sections = [
            Section::file(records)?,
            Section::file(texts)?,
            Section::file(points)?,
            Section::Bytes(tree.finish()),
            Section::file(names_file)?,
            Section::file(postings)?,
            Section::Bytes(codes_bytes),
            Section::Bytes(about.to_text().into_bytes()),
        ];
        let mut header = MAGIC.to_vec();
        header.extend_from_slice(&u64::from(number).to_le_bytes());
        header.extend_from_slice(&located.to_le_bytes());
        let mut at = HEADER_BYTES as u64;
        for section in &sections {
            header.extend_from_slice(&at.to_le_bytes());
            header.extend_from_slice(&section.len().to_le_bytes());
            at += section.len();
        }
        debug_assert_eq!(sections.len(), SECTIONS.len());
        header.extend_from_slice(&checksum(&header).to_le_bytes());
        header.resize(HEADER_BYTES, 0);
        out.write_all(&header)?;
        for section in sections {
            section.copy_to(out)?;
        }
        out.flush()?;
        Ok(())
    }
}

fn point_of(position: LonLat, class: FeatureClass) -> [u8; POINT_BYTES] {
    let mut point = [0; POINT_BYTES];
    for (axis, metres) in in_space(position).into_iter().enumerate() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the radius of the Earth is 1.7e9 parts"
        )]
        let parts = (metres * PER_METRE).round() as i32;
        point[axis * 4..axis * 4 + 4].copy_from_slice(&parts.to_le_bytes());
    }
    point[12] = class as u8;
    point
}

fn push_string(bytes: &mut Vec<u8>, string: &str) {
    push_number(bytes, string.len());
    bytes.extend_from_slice(string.as_bytes());
}

/// An identifier of any length as the key of equal positions: it ends with a zero.
fn text_key(id: &str) -> Vec<u8> {
    let mut key: Vec<u8> = id.bytes().filter(|byte| *byte != 0).collect();
    key.push(0);
    key
}

/// A place as it comes out of the sorter.
struct Sorted<'a> {
    record: &'a [u8],
    text: &'a [u8],
    origin: &'a [u8],
}

impl<'a> Sorted<'a> {
    fn new(place: &'a [u8]) -> Self {
        let id_end = place[KEY_BYTES..]
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(0);
        let (record, rest) = place[KEY_BYTES + id_end + 1..].split_at(RECORD_BYTES);
        let (rest, length) = rest.split_at(rest.len() - 2);
        let origin = u16::from_le_bytes([length[0], length[1]]) as usize;
        let (text, origin) = rest.split_at(rest.len() - origin);
        Self {
            record,
            text,
            origin,
        }
    }

    fn position(&self) -> Option<LonLat> {
        let value = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&self.record[at..at + 8]);
            f64::from_le_bytes(eight)
        };
        LonLat::new(value(0), value(8)).ok()
    }

    fn adcode(&self) -> u32 {
        super::format::u32_at(self.record, 32)
    }

    fn class(&self) -> FeatureClass {
        FeatureClass::from_number(self.record[48]).unwrap_or(FeatureClass::Other)
    }

    fn id(&self) -> &'a str {
        super::format::Text(self.text).string()
    }

    /// Every name of the place, each once, by its best way of naming.
    fn each_name(
        &self,
        mut each: impl FnMut(&str, HowStored) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let mut text = super::format::Text(self.text);
        let id = text.string();
        let name = text.string();
        (0..5).for_each(|_| {
            text.string();
        });
        let mut names = vec![(id, HowStored::Id), (name, HowStored::Full)];
        names.extend(text.list().map(|alias| (alias, HowStored::Alias)));
        if self.class().is_administrative() {
            names.push((short_form(name), HowStored::Short));
        }
        names.extend(text.list().map(|alias| (alias, HowStored::InContext)));
        for (index, &(name, how)) in names.iter().enumerate() {
            // A zero byte would end the name early in the sorter.
            let usable = !name.is_empty() && !name.contains('\0');
            if usable && !names[..index].iter().any(|(earlier, _)| *earlier == name) {
                each(name, how)?;
            }
        }
        Ok(())
    }
}

fn refuse_repeated(ids: Sorter) -> Result<(), WriteError> {
    let mut last: Vec<u8> = Vec::new();
    let split = |string: &[u8]| {
        let end = string
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(string.len());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            text(&string[..end]),
            text(string.get(end + 1..).unwrap_or_default()),
        )
    };
    ids.drain(|string| {
        let ((id, second), (before, first)) = (split(string), split(&last));
        if !last.is_empty() && id == before {
            return Err(WriteError::Repeated { id, first, second });
        }
        last.clear();
        last.extend_from_slice(string);
        Ok(())
    })
}

fn write_names(
    names: Sorter,
    index: &mut fst::MapBuilder<impl Write>,
    postings: &mut impl Write,
) -> Result<(), WriteError> {
    let mut current: Vec<u8> = Vec::new();
    let (mut first, mut count) = (0_u64, 0_usize);
    names.drain(|string| -> Result<(), WriteError> {
        // name, 0, how, number: the last six bytes are not the name.
        let (name, tail) = string.split_at(string.len() - 6);
        if name != current.as_slice() {
            if count > 0 {
                index.insert(&current, first << 16 | count as u64)?;
            }
            current.clear();
            current.extend_from_slice(name);
            first += count as u64;
            count = 0;
        }
        if count < MOST_POSTINGS {
            let number = u32::from_be_bytes([tail[2], tail[3], tail[4], tail[5]]);
            postings.write_all(&number.to_le_bytes())?;
            postings.write_all(&[tail[1], 0, 0, 0])?;
            count += 1;
        }
        Ok(())
    })?;
    if count > 0 {
        index.insert(&current, first << 16 | count as u64)?;
    }
    Ok(())
}

/// A section that waits to be copied into place.
enum Section {
    Bytes(Vec<u8>),
    File(File, u64),
}

impl Section {
    fn file(writer: BufWriter<File>) -> io::Result<Self> {
        let mut file = writer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        let length = file.stream_position()?;
        file.rewind()?;
        Ok(Self::File(file, length))
    }

    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    fn copy_to(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(&bytes),
            Self::File(file, length) => {
                io::copy(
                    &mut io::BufReader::with_capacity(1 << 20, file).take(length),
                    out,
                )?;
                Ok(())
            }
        }
    }
}
