//! From the text of a file to the clean text of a plan: one line a block, each character with the way back to its source.
//!
//! `fold` gives characters one form and finds the lines; `shape` measures the layout; `furniture` finds lines that
//! belong to the page; `joins` puts broken lines together; `captions` and `counters` find what stands inside sentences;
//! [`outline`](crate::outline) cuts blocks; `repairs` mends what the printer lost.

mod captions;
mod counters;
pub(crate) mod fold;
mod furniture;
mod joins;
mod repairs;
mod script;
mod shape;
#[cfg(test)]
mod tests;
pub(crate) mod titles;

use std::ops::Range;

use gazetteer::Gazetteer;

use crate::outline::{self, Outline};
use crate::text::{CleanText, TextError};

/// The text of a plan, cleaned, and what was done to it.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// The clean text: a line for each block of the outline, with `\n` at its end.
    pub text: CleanText,
    /// Its parts, headings, paragraphs and boxes.
    pub outline: Outline,
    /// What was taken out, in the order of the source.
    pub removed: Vec<Removed>,
    /// What was mended, in the order of the source.
    pub repairs: Vec<Repair>,
}

/// Something of the source that is not in the clean text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Where it stands in the source, in bytes.
    pub source: Range<usize>,
    /// What stands there.
    pub text: String,
    /// What it is.
    pub why: RemovedKind,
}

/// Why something was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemovedKind {
    /// Mastheads and turns of a newspaper (下转4版).
    Furniture,
    /// The number of a page, on a line of its own or inside a sentence.
    PageNumber,
    /// The title of a map or a chart.
    Caption,
    /// The leaders and page numbers of a contents list.
    Contents,
}

/// A loss of the print that was mended, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Where the source has the printed form, in bytes.
    pub source: Range<usize>,
    /// What is printed.
    pub printed: String,
    /// What the clean text holds instead.
    pub repaired: String,
    /// Why it must be so.
    pub proof: String,
}

/// Cleans the text of a plan and finds its outline.
///
/// Ranges of `source` are kept for every character. Runs in time linear in the text.
///
/// # Errors
/// When the text is longer than a third of 4 GiB.
pub fn clean(gazetteer: &Gazetteer, source: &str) -> Result<Cleaned, TextError> {
    let folded = fold::lines(source)?;
    let shape = shape::Shape::measure(&folded);
    let mut removed = Vec::new();
    let found = furniture::find(&folded, shape);
    for (line, kind) in folded.lines.iter().zip(&found) {
        if let Some(why) = *kind {
            let range = folded
                .text
                .source_range(line.start as usize..line.end as usize);
            removed.push(Removed {
                text: source[range.clone()].to_owned(),
                source: range,
                why,
            });
        }
    }
    let kept: Vec<bool> = found.iter().map(Option::is_none).collect();
    let joined = joins::join(&folded, shape, &kept);
    let joined = without(
        source,
        &joined,
        captions::find(joined.as_str()),
        RemovedKind::Caption,
        &mut removed,
    );
    let numbers = counters::find(gazetteer, joined.as_str());
    let joined = without(
        source,
        &joined,
        numbers,
        RemovedKind::PageNumber,
        &mut removed,
    );
    let (joined, repairs) = repairs::mend(gazetteer, source, &joined);
    let (text, outline, contents) = outline::cut(gazetteer, &joined);
    for range in contents {
        let range = joined.source_range(range);
        removed.push(Removed {
            text: source[range.clone()].to_owned(),
            source: range,
            why: RemovedKind::Contents,
        });
    }
    removed.sort_by_key(|removed| removed.source.start);
    Ok(Cleaned {
        text,
        outline,
        removed,
        repairs,
    })
}

/// The text without some ranges of it, which are recorded.
fn without(
    source: &str,
    text: &CleanText,
    ranges: Vec<Range<usize>>,
    why: RemovedKind,
    removed: &mut Vec<Removed>,
) -> CleanText {
    let mut kept = CleanText::with_capacity(text.as_str().len());
    let mut from = 0;
    for range in ranges {
        kept.push_from(text, from..range.start);
        from = range.end;
        let range = text.source_range(range);
        removed.push(Removed {
            text: source[range.clone()].to_owned(),
            source: range,
            why,
        });
    }
    kept.push_from(text, from..text.as_str().len());
    kept
}
