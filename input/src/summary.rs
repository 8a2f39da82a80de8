//! What came of reading a file.

use std::fmt;

/// How far the reading has come. `bytes` counts what was taken from the file as it lies on disk, so it never
/// exceeds `total_bytes`, except that a format read in passes starts again with each pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes of the file.
    pub total_bytes: u64,
    /// Entries handed on.
    pub entries: u64,
}

/// What was read, what was left out and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Entries handed on and taken.
    pub entries: u64,
    /// Records left out, by reason, in the order of [`SkipReason`].
    pub skipped: Vec<(SkipReason, u64)>,
    /// Records handed on without something that they say, in the order of [`Warning`].
    pub warnings: Vec<(Warning, u64)>,
}

/// Why a record made no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It has no name.
    NoName,
    /// Its class is not among those kept.
    NotKept,
    /// It is abandoned, destroyed or historical, by its `GeoNames` code.
    Gone,
    /// It is marked as deleted.
    Deleted,
    /// An OSM relation or way whose members are not all in the extract, or do not close.
    Incomplete,
    /// An OSM way that a relation of the same name, which is read, contains.
    Joined,
    /// A value is wrong, and [`skip_bad`](crate::ReadOptions::skip_bad) was set.
    BadValue,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoName => "no name",
            Self::NotKept => "another class",
            Self::Gone => "abandoned or historical",
            Self::Deleted => "marked as deleted",
            Self::Incomplete => "incomplete: the extract was cut at its edge",
            Self::Joined => "part of a relation that was read",
            Self::BadValue => "a wrong value",
        })
    }
}

/// What an entry was handed on without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The class in the file is not known.
    UnknownClass,
    /// The administrative code is not six digits.
    Adcode,
    /// A value in a column that was guessed could not be understood.
    GuessedColumn,
    /// There is no position.
    NoPosition,
    /// More names than an entry holds.
    ManyNames,
    /// Text cut in the middle of a character at the width of its field.
    CutText,
    /// The file does not say its reference system; it was taken as WGS 84.
    NoCrs,
    /// A date that is not of the years 1 to 9999.
    Date,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownClass => "the class is not known; name one with --class",
            Self::Adcode => "the administrative code is not six digits and was left out",
            Self::GuessedColumn => "a value of a guessed column was not understood and left out",
            Self::NoPosition => "no position",
            Self::ManyNames => "more than 64 other names; the rest was left out",
            Self::CutText => "text cut at the width of its field",
            Self::NoCrs => "no reference system is given; taken as WGS 84",
            Self::Date => "a date outside the years 1 to 9999 was left out",
        })
    }
}
