//! The values of a PDF (ISO 32000-1, section 7.3).

use std::collections::BTreeMap;
use std::ops::Range;

/// The entries of a dictionary by their names.
pub(super) type Dictionary = BTreeMap<Vec<u8>, Object>;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    /// Nothing, and what is true: only what is false is asked for.
    Null,
    False,
    /// A whole number. Files are shorter than 2 GiB, and so every offset is one.
    Integer(i32),
    Real(f64),
    /// A string of bytes.
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// The number of another object. Generations are not told apart.
    Reference(u32),
    Stream(Box<Stream>),
}

/// A dictionary with bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stream {
    pub dictionary: Dictionary,
    /// Where its bytes stand in the file, as they are packed.
    pub data: Range<usize>,
    /// Its object number and generation, which its encryption depends on.
    pub id: (u32, u16),
}

impl Object {
    pub(super) fn integer(&self) -> Option<i32> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A count or an offset.
    pub(super) fn size(&self) -> Option<usize> {
        self.integer()
            .and_then(|number| usize::try_from(number).ok())
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(f64::from(*number)),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The dictionary, also that of a stream.
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(entries) => Some(entries),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    pub(super) fn stream(&self) -> Option<&Stream> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }
}
