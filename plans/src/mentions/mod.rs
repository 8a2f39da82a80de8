//! Names of places in a text: where they stand and what each means there.
//!
//! A light first pass ([`survey`]) learns what the text speaks of: its provinces, the names that it uses in full, the short
//! names that it defines. Then each sentence is read: `scan` finds the longest names, `lists` what they stand among, `reader`
//! judges them, and a name that nothing speaks for (a short name of a far county, a road's letters outside a list of roads)
//! is let go and what it covered is read again. What is left between the known names is searched for unknown ones by
//! `patterns` and `short_names`. Sentences are read one after another: memory does not grow with the text.

mod generic;
mod known;
mod lexicon;
mod lists;
mod nested;
mod patterns;
mod reader;
mod scan;
mod sentences;
mod short_names;
mod survey;
mod vocabulary;
mod whole;

use std::ops::Range;
use std::sync::Arc;

use gazetteer::{FeatureClass, Gazetteer, PartialDate, Sense};

use crate::text::CleanText;
pub(crate) use generic::is_generic;
pub use reader::MentionReader;

/// A name in a text.
#[derive(Debug, Clone)]
pub struct Mention<'g> {
    /// The name as it is printed, without the breaks inside it.
    pub surface: String,
    /// Where it stands in the clean text, in bytes.
    pub range: Range<usize>,
    /// Where it stands in the text as read, in bytes; of a text file in UTF-8, in the file.
    pub source: Range<usize>,
    /// What it may mean, likeliest first; empty when no place that is known has the name.
    pub senses: Vec<Sense<'g>>,
    /// What kind of place it is: that of the likeliest sense, or what the form of the name says.
    pub class: FeatureClass,
    /// Of a name made of names (渝遂, 成渝中线) the places that it is made of, as printed; else empty.
    pub parts: Vec<Sense<'g>>,
    /// The name that it stands inside of (大足 in 大足石刻): then it is no mention of its own.
    pub inside: Option<Arc<str>>,
}

/// The names of places in a text.
#[derive(Debug)]
pub struct Mentions<'g> {
    /// In the order of the text. A name inside another follows it.
    pub mentions: Vec<Mention<'g>>,
    /// Codes of the provinces that the text speaks of most.
    pub provinces: Vec<u32>,
}

impl<'g> Mentions<'g> {
    /// The names that stand for themselves, in the order of the text, without those inside others.
    pub fn alone(&self) -> impl Iterator<Item = &Mention<'g>> {
        let mentions = self.mentions.iter();
        mentions.filter(|mention| mention.inside.is_none())
    }
}

/// Finds the names of places in a text of a date.
///
/// Holds all of them at once; a long text is better read with [`MentionReader`].
#[must_use]
pub fn mentions<'g>(
    gazetteer: &'g Gazetteer,
    text: &CleanText,
    as_of: Option<PartialDate>,
) -> Mentions<'g> {
    let mut reader = MentionReader::new(gazetteer, text, as_of);
    let mentions = reader.by_ref().flatten().collect();
    Mentions {
        mentions,
        provinces: reader.provinces().to_vec(),
    }
}
