//! The objects of a PDF: where they stand (ISO 32000-1, section 7.5), and how one finds another.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use super::PdfError;
use super::budget::Budget;
use super::cipher::Key;
use super::filter::{self, Fault};
use super::lexer::{Lexer, Stop};
use super::object::{Dictionary, Object, Stream};

/// Objects of a file (ISO 32000-1, annex C).
const MOST_OBJECTS: usize = 8_388_607;
/// How far from the end a file may say where its table stands.
const TAIL: usize = 2048;
/// References that lead to references.
const MOST_STEPS: usize = 16;
/// Filters of one stream, one after another.
const MOST_FILTERS: usize = 8;
/// What an object costs besides its bytes, for the memory it takes.
const OBJECT_COST: usize = 128;
/// What a value costs for every byte that it is written in: `0 0 0` takes 16 bytes of memory a byte.
pub(super) const VALUE_COST: usize = 16;
/// Streams whose lengths are in streams whose lengths are in streams. None is needed.
const MOST_LENGTHS: u8 = 4;

/// Where an object stands.
#[derive(Debug, Clone, Copy)]
enum Place {
    At(usize),
    /// The number of an object stream.
    In(u32),
}

/// A file and the objects that were read of it.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    places: HashMap<u32, Place>,
    trailer: Dictionary,
    objects: RefCell<HashMap<u32, Rc<Object>>>,
    /// The object streams that are unpacked, all their objects being in `objects`.
    unpacked: RefCell<HashSet<u32>>,
    /// Whether an object stream is being found, which is never inside another.
    unpacking: Cell<bool>,
    /// How many lengths of streams are being found, one for another.
    lengths: Cell<u8>,
    /// What decrypts the streams.
    key: Option<Key>,
    pub budget: Budget,
}

/// A value, or what a reference leads to.
pub(super) enum Found<'o> {
    Here(&'o Object),
    There(Rc<Object>),
}

impl Deref for Found<'_> {
    type Target = Object;

    fn deref(&self) -> &Object {
        match self {
            Self::Here(object) => object,
            Self::There(object) => object,
        }
    }
}

/// Damage, in words.
pub(super) fn damaged(found: impl Into<String>) -> PdfError {
    PdfError::Damaged {
        found: found.into(),
    }
}

impl<'a> File<'a> {
    /// Opens a file by the tables that it has of its objects.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, PdfError> {
        let mut file = Self::empty(bytes);
        let tail = bytes.len().saturating_sub(TAIL);
        let mark =
            find_last(&bytes[tail..], b"startxref").ok_or_else(|| damaged("its end is missing"))?;
        let mut lexer = Lexer::of_file(bytes, tail + mark + b"startxref".len());
        let mut next = vec![
            lexer
                .size()
                .ok_or_else(|| damaged("its end does not say where its table stands"))?,
        ];
        let mut seen = HashSet::new();
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                continue;
            }
            let trailer = file.section(at)?;
            // The stream of a file for readers old and new comes before the older table.
            for key in [&b"Prev"[..], b"XRefStm"] {
                next.extend(trailer.get(key).and_then(Object::size));
            }
            for (key, value) in trailer {
                file.trailer.entry(key).or_insert(value);
            }
        }
        file.key = Key::of(&file)?;
        Ok(file)
    }

    /// Opens a file by looking for its objects; the later of two with one number counts.
    pub(super) fn search(bytes: &'a [u8]) -> Result<Self, PdfError> {
        let mut file = Self::empty(bytes);
        let mut number_starts = [0; 2];
        let mut in_word = false;
        // Every `1 0 obj`: the two last words before each `obj`.
        let mut at = 0;
        while at < bytes.len() {
            let starts = !in_word;
            in_word = !super::lexer::is_blank(bytes[at]);
            if starts && in_word {
                let rest = &bytes[at..];
                if rest.starts_with(b"obj") {
                    let mut lexer = Lexer::of_file(bytes, number_starts[0]);
                    let number = lexer.size().and_then(|number| u32::try_from(number).ok());
                    let is_object = lexer.size().is_some() && lexer.takes(b"obj");
                    file.budget.pay(lexer.at.saturating_sub(number_starts[0]))?;
                    if let (Some(number), true) = (number, is_object) {
                        file.put(number, Place::At(number_starts[0]), true)?;
                    }
                } else if rest.starts_with(b"trailer") {
                    let mut lexer = Lexer::of_file(bytes, at + b"trailer".len());
                    if let Ok(Object::Dictionary(entries)) = file.paid(&mut lexer, Lexer::value)? {
                        file.trailer.extend(entries);
                    }
                }
                number_starts = [number_starts[1], at];
            }
            at += 1;
        }
        file.find_root_and_bundles()?;
        Ok(file)
    }

    /// Looks through all objects for what a trailer says, and for those that hold others.
    fn find_root_and_bundles(&mut self) -> Result<(), PdfError> {
        let mut bundles = Vec::new();
        let mut numbers: Vec<u32> = self.places.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers {
            let object = match self.object(number) {
                Err(PdfError::Damaged { .. }) => continue,
                object => object?,
            };
            let Some(entries) = object.dictionary() else {
                continue;
            };
            let kind = entries.get(&b"Type"[..]).and_then(Object::name);
            match (kind, object.stream()) {
                (Some(b"ObjStm"), Some(_)) => bundles.push((number, Rc::clone(&object))),
                (Some(b"XRef"), Some(stream)) => {
                    for key in [&b"Root"[..], b"Encrypt", b"ID"] {
                        if let Some(value) = stream.dictionary.get(key) {
                            self.trailer.insert(key.to_vec(), value.clone());
                        }
                    }
                }
                (Some(b"Catalog"), _) => {
                    let root = self.trailer.entry(b"Root".to_vec());
                    root.or_insert(Object::Reference(number));
                }
                _ => {}
            }
        }
        // They are encrypted as all streams are.
        self.key = Key::of(self)?;
        for (number, bundle) in bundles {
            if let Some(stream) = bundle.stream() {
                for (inside, _) in self.inside(stream)? {
                    self.put(inside, Place::In(number), false)?;
                }
            }
        }
        // Some were looked for before it was known where they are.
        self.objects.take();
        Ok(())
    }

    fn empty(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            places: HashMap::new(),
            trailer: Dictionary::new(),
            objects: RefCell::default(),
            unpacked: RefCell::default(),
            unpacking: Cell::new(false),
            lengths: Cell::new(0),
            key: None,
            budget: Budget::new(bytes.len()),
        }
    }

    pub(super) fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    fn put(&mut self, number: u32, place: Place, replace: bool) -> Result<(), PdfError> {
        if replace {
            self.places.insert(number, place);
        } else {
            self.places.entry(number).or_insert(place);
        }
        if self.places.len() > MOST_OBJECTS {
            return Err(PdfError::TooMuch {
                of: "objects",
                most: MOST_OBJECTS as u64,
            });
        }
        Ok(())
    }

    /// Reads and pays for what was read.
    fn paid<'b, T>(
        &self,
        lexer: &mut Lexer<'b>,
        read: impl FnOnce(&mut Lexer<'b>) -> T,
    ) -> Result<T, PdfError> {
        let before = lexer.at;
        let value = read(lexer);
        let cost = (lexer.at - before).saturating_mul(VALUE_COST);
        self.budget.pay(cost)?;
        Ok(value)
    }

    /// Reads a table of objects, and the trailer that belongs to it.
    fn section(&mut self, at: usize) -> Result<Dictionary, PdfError> {
        let wrong = || damaged(format!("no table of objects at byte {at}"));
        let mut lexer = Lexer::of_file(self.bytes, at);
        if !lexer.takes(b"xref") {
            let Object::Stream(stream) = self.definition(at).map_err(|_| wrong())?.1 else {
                return Err(wrong());
            };
            self.cross_reference_stream(&stream)?;
            return Ok(stream.dictionary);
        }
        while !lexer.takes(b"trailer") {
            let first = lexer.size().ok_or_else(wrong)?;
            let count = lexer.size().ok_or_else(wrong)?;
            for number in first..first.saturating_add(count) {
                self.budget.pay(20)?;
                let offset = lexer.size().ok_or_else(wrong)?;
                lexer.size().ok_or_else(wrong)?;
                if lexer.takes(b"n") {
                    let number = u32::try_from(number).map_err(|_| wrong())?;
                    self.put(number, Place::At(offset), false)?;
                } else if !lexer.takes(b"f") {
                    return Err(wrong());
                }
            }
        }
        match self.paid(&mut lexer, Lexer::value)? {
            Ok(Object::Dictionary(entries)) => Ok(entries),
            _ => Err(wrong()),
        }
    }

    fn cross_reference_stream(&mut self, stream: &Stream) -> Result<(), PdfError> {
        let sizes = |key: &[u8]| -> Option<Vec<usize>> {
            let numbers = stream.dictionary.get(key)?.array()?.iter();
            numbers.map(Object::size).collect()
        };
        let wrong = || damaged("a table of objects that is not one");
        let widths = sizes(b"W").ok_or_else(wrong)?;
        let [kind, offset, index] = widths[..] else {
            return Err(wrong());
        };
        if kind.max(offset).max(index) > 8 || offset == 0 {
            return Err(wrong());
        }
        let size = stream.dictionary.get(&b"Size"[..]).and_then(Object::size);
        let index_ranges = sizes(b"Index").or_else(|| Some(vec![0, size?]));
        let index_ranges = index_ranges.ok_or_else(wrong)?;
        let data = self.data(stream, "table of objects")?;
        let mut rows = data.chunks_exact(kind + offset + index);
        for range in index_ranges.chunks_exact(2) {
            for number in range[0]..range[0].saturating_add(range[1]) {
                let Some(row) = rows.next() else {
                    return Ok(());
                };
                let field = |bytes: &[u8]| {
                    let whole = bytes
                        .iter()
                        .fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
                    usize::try_from(whole).ok()
                };
                let is = if kind == 0 {
                    Some(1)
                } else {
                    field(&row[..kind])
                };
                let target = field(&row[kind..kind + offset]).ok_or_else(wrong)?;
                let number = u32::try_from(number).map_err(|_| wrong())?;
                match is {
                    Some(1) => self.put(number, Place::At(target), false)?,
                    Some(2) => {
                        let bundle = u32::try_from(target).map_err(|_| wrong())?;
                        self.put(number, Place::In(bundle), false)?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Reads `1 0 obj …` at a place.
    fn definition(&self, at: usize) -> Result<(u32, Object), PdfError> {
        let nothing = || damaged(format!("no object at byte {at}"));
        let mut lexer = Lexer::of_file(self.bytes, at);
        let number = lexer.size().and_then(|number| u32::try_from(number).ok());
        let generation = lexer.size();
        let is_object = lexer.takes(b"obj");
        // Many may begin before one long comment.
        self.budget.pay(lexer.at.saturating_sub(at))?;
        let (Some(number), Some(generation), true) = (number, generation, is_object) else {
            return Err(nothing());
        };
        let value = match self.paid(&mut lexer, Lexer::value)? {
            // `1 0 obj endobj`
            Err(Stop::Unclosed) if self.bytes[..lexer.at].ends_with(b"endobj") => Object::Null,
            Err(stop) => return Err(damaged(format!("object {number}: {}", stop.reason()))),
            Ok(value) => value,
        };
        let dictionary = match value {
            Object::Dictionary(dictionary) if lexer.takes(b"stream") => dictionary,
            other => return Ok((number, other)),
        };
        let rest = &self.bytes[lexer.at..];
        let start = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            _ => 0,
        };
        let start = lexer.at + start;
        let declared = self
            .length(&dictionary)
            .and_then(|length| start.checked_add(length))
            .filter(|end| *end <= self.bytes.len())
            .filter(|end| Lexer::of_file(self.bytes, *end).takes(b"endstream"));
        let end = if let Some(end) = declared {
            end
        } else {
            let rest = &self.bytes[start..];
            let found = find(rest, b"endstream");
            self.budget.pay(found.unwrap_or(rest.len()))?;
            let within = || damaged(format!("object {number}: the file ends inside it"));
            start + found.ok_or_else(within)?
        };
        let id = (number, u16::try_from(generation).unwrap_or(u16::MAX));
        Ok((
            number,
            Object::Stream(Box::new(Stream {
                dictionary,
                data: start..end,
                id,
            })),
        ))
    }

    /// The length that a stream declares.
    fn length(&self, dictionary: &Dictionary) -> Option<usize> {
        let within = self.lengths.get();
        if within >= MOST_LENGTHS {
            return None;
        }
        self.lengths.set(within + 1);
        let length = self.entry(dictionary, b"Length");
        self.lengths.set(within);
        length.ok()?.size()
    }

    /// The object of a number. One that is nowhere is null (ISO 32000-1, section 7.3.10).
    fn object(&self, number: u32) -> Result<Rc<Object>, PdfError> {
        if let Some(known) = self.objects.borrow().get(&number) {
            return Ok(Rc::clone(known));
        }
        self.budget.pay(OBJECT_COST)?;
        let object = match self.places.get(&number) {
            None => Object::Null,
            Some(Place::At(at)) => {
                // What is met again while it is read is null: a length that is the stream itself.
                self.objects
                    .borrow_mut()
                    .insert(number, Rc::new(Object::Null));
                let read = self.definition(*at);
                self.objects.borrow_mut().remove(&number);
                match read? {
                    (named, object) if named == number => object,
                    _ => {
                        return Err(damaged(format!(
                            "object {number} is not where it should be"
                        )));
                    }
                }
            }
            Some(Place::In(bundle)) => {
                self.unpack(*bundle)?;
                let objects = self.objects.borrow();
                let inside = objects.get(&number).map(Rc::clone);
                return inside
                    .ok_or_else(|| damaged(format!("object {number} is not in object {bundle}")));
            }
        };
        let object = Rc::new(object);
        self.objects.borrow_mut().insert(number, Rc::clone(&object));
        Ok(object)
    }

    /// Reads all objects of an object stream.
    fn unpack(&self, bundle: u32) -> Result<(), PdfError> {
        if !self.unpacked.borrow_mut().insert(bundle) {
            return Ok(());
        }
        if self.unpacking.replace(true) {
            return Err(damaged("an object stream inside another"));
        }
        let stream = self.object(bundle);
        self.unpacking.set(false);
        let stream = stream?;
        let stream = stream
            .stream()
            .ok_or_else(|| damaged(format!("object {bundle} holds no objects")))?;
        for (number, object) in self.inside(stream)? {
            // An object that was written anew stands elsewhere.
            if matches!(self.places.get(&number), Some(Place::In(within)) if *within == bundle) {
                let mut objects = self.objects.borrow_mut();
                objects.entry(number).or_insert_with(|| Rc::new(object));
            }
        }
        Ok(())
    }

    /// The objects in an object stream (ISO 32000-1, section 7.5.7).
    fn inside(&self, stream: &Stream) -> Result<Vec<(u32, Object)>, PdfError> {
        let wrong = || damaged(format!("object {} holds no objects", stream.id.0));
        let size = |key: &[u8]| -> Option<usize> { stream.dictionary.get(key)?.size() };
        let count = size(b"N").ok_or_else(wrong)?;
        let first = size(b"First").ok_or_else(wrong)?;
        let data = self.data(stream, "bundle of objects")?;
        let mut header = Lexer::of_file(&data, 0);
        let mut found = Vec::new();
        for _ in 0..count {
            self.budget.pay(OBJECT_COST)?;
            let number = header.size().and_then(|number| u32::try_from(number).ok());
            let (Some(number), Some(offset)) = (number, header.size()) else {
                return Err(wrong());
            };
            let at = first.checked_add(offset).ok_or_else(wrong)?;
            let mut lexer = Lexer::of_file(&data, at.min(data.len()));
            let value = self.paid(&mut lexer, Lexer::value)?;
            let value =
                value.map_err(|stop| damaged(format!("object {number}: {}", stop.reason())))?;
            found.push((number, value));
        }
        Ok(found)
    }

    /// What a value means: itself, or what it refers to.
    pub(super) fn resolve<'o>(&self, object: &'o Object) -> Result<Found<'o>, PdfError> {
        let mut found = Found::Here(object);
        for _ in 0..MOST_STEPS {
            let Object::Reference(number) = *found else {
                return Ok(found);
            };
            found = Found::There(self.object(number)?);
        }
        Err(damaged("references that lead nowhere"))
    }

    /// What a dictionary has under a name; null when it has nothing.
    pub(super) fn entry<'o>(
        &self,
        dictionary: &'o Dictionary,
        name: &[u8],
    ) -> Result<Found<'o>, PdfError> {
        match dictionary.get(name) {
            Some(value) => self.resolve(value),
            None => Ok(Found::Here(&Object::Null)),
        }
    }

    /// The bytes of a stream, unpacked. `what` it is, is for errors.
    pub(super) fn data(&self, stream: &Stream, what: &'static str) -> Result<Vec<u8>, PdfError> {
        let packed = self.bytes.get(stream.data.clone());
        let packed = packed.unwrap_or_default();
        self.budget.pay(packed.len())?;
        let mut data = match &self.key {
            Some(key) => key.decrypt(packed, stream.id),
            None => packed.to_vec(),
        };
        let either = |long: &[u8], short: &[u8]| {
            let found = self.entry(&stream.dictionary, long)?;
            match *found {
                Object::Null => self.entry(&stream.dictionary, short),
                _ => Ok(found),
            }
        };
        let filters = either(b"Filter", b"F")?;
        let filters = one_or_more(&filters);
        let parameters = either(b"DecodeParms", b"DP")?;
        let parameters = one_or_more(&parameters);
        if filters.len() > MOST_FILTERS {
            return Err(PdfError::TooMuch {
                of: "filters of one stream",
                most: MOST_FILTERS as u64,
            });
        }
        for (at, filter) in filters.iter().enumerate() {
            let filter = self.resolve(filter)?;
            let Some(filter) = filter.name() else {
                continue;
            };
            let own = parameters
                .get(at)
                .map(|own| self.resolve(own))
                .transpose()?;
            let own = own.as_deref().and_then(Object::dictionary);
            let made = filter::undo(filter, own, &data, self.budget.left());
            data = made.map_err(|fault| match fault {
                Fault::Broken => damaged(format!("object {} does not unpack", stream.id.0)),
                Fault::TooLong => PdfError::TooMuch {
                    of: "bytes in one stream",
                    most: self.budget.left().min(filter::MOST_BYTES) as u64,
                },
                Fault::Unknown => PdfError::Filter {
                    what,
                    filter: String::from_utf8_lossy(filter).into_owned(),
                },
            })?;
            self.budget.pay(data.len())?;
        }
        Ok(data)
    }
}

/// The elements of an array, or a value alone.
fn one_or_more(object: &Object) -> &[Object] {
    match object {
        Object::Null => &[],
        Object::Array(elements) => elements,
        other => std::slice::from_ref(other),
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|found| found == what)
}

fn find_last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|found| found == what)
}
