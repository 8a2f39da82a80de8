//! What was written, and what was lost on the way.

use std::collections::BTreeMap;

use input::features::Notes;

use crate::shaping::Left;

/// How many rejects are told one by one.
const MOST_TOLD: usize = 20;

/// What became of a conversion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Features written.
    pub features: u64,
    /// Features that were not asked for.
    pub filtered: u64,
    /// Features without a place in the reference system asked for, left out.
    pub unplaced: u64,
    /// Rows of the input that make no feature: the first 20, with place and reason.
    pub rejects: Vec<String>,
    /// How many there are in all.
    pub rejected: u64,
    /// What reading changed.
    pub notes: Notes,
    /// What the format could not hold, by kind.
    pub losses: BTreeMap<Loss, u64>,
    /// Names that had to be changed: as they were and as they are.
    pub renamed: Vec<(String, String)>,
    /// Columns whose values of several kinds became text.
    pub mixed: Vec<String>,
}

/// What a format could not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loss {
    /// Identifiers that are no whole numbers in ascending order became an attribute; a count of features.
    IdAsAttribute,
    /// Identifiers were left out; a count of features.
    Id,
    /// Arrays and objects became text; a count of columns.
    JsonAsText,
    /// Truth values became text; a count of columns.
    BoolAsText,
    /// Dates became text; a count of columns.
    DateAsText,
    /// Whole numbers beyond 63 bits became text; a count of columns.
    UIntAsText,
    /// Text was cut; a count of values.
    TextCut,
    /// Numbers lost digits; a count of values.
    Digits,
    /// Null and empty text are one; a count of values.
    EmptyText,
    /// Features without a geometry were left out.
    NoGeometry,
    /// Geometries of another kind than the file holds were left out; a count of features.
    OtherKind,
    /// Collections of geometries were left out; a count of features.
    Collection,
    /// Attributes were left out; a count of columns.
    Attributes,
    /// There is no spatial index, because features without a geometry could not be found by it.
    Index,
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::IdAsAttribute => "identifiers of features became an attribute",
            Self::Id => "identifiers of features were left out",
            Self::JsonAsText => "columns of arrays and objects became text",
            Self::BoolAsText => "columns of truth values became text",
            Self::DateAsText => "columns of dates became text",
            Self::UIntAsText => "columns of whole numbers beyond 63 bits became text",
            Self::TextCut => "texts were cut to what a field holds",
            Self::Digits => "numbers lost digits",
            Self::EmptyText => "empty texts became null",
            Self::NoGeometry => "features without a geometry were left out",
            Self::OtherKind => "geometries of another kind than the file holds were left out",
            Self::Collection => "collections of geometries were left out",
            Self::Attributes => "columns were left out",
            Self::Index => {
                "spatial index was left out: features without a geometry could not be found by it"
            }
        })
    }
}

impl Report {
    pub(crate) fn lose(&mut self, loss: Loss, count: u64) {
        if count > 0 {
            *self.losses.entry(loss).or_default() += count;
        }
    }

    pub(crate) fn left(&mut self, left: Left) {
        self.filtered += left.filtered;
        self.unplaced += left.unplaced;
    }

    pub(crate) fn reject(&mut self, text: impl FnOnce() -> String) {
        self.rejected += 1;
        if self.rejects.len() < MOST_TOLD {
            self.rejects.push(text());
        }
    }

    /// Adds what became of another layer.
    pub(crate) fn add(&mut self, other: Self) {
        self.features += other.features;
        self.filtered += other.filtered;
        self.unplaced += other.unplaced;
        self.rejected += other.rejected;
        let room = MOST_TOLD.saturating_sub(self.rejects.len());
        self.rejects.extend(other.rejects.into_iter().take(room));
        self.notes.add(other.notes);
        for (loss, count) in other.losses {
            self.lose(loss, count);
        }
        self.renamed.extend(other.renamed);
        self.mixed.extend(other.mixed);
    }
}
