//! What a page shows: plain data, to be filled by whoever read the plan.

use std::ops::Range;

use gazetteer::{Extent, LonLat};
use geo::Geometry;
use layers::map::Ground;
use layers::model::Unlocated;

/// A plan as it was read.
///
/// All spans are ranges of bytes in `text`. One that is outside, cuts a character, or begins inside a mention before it
/// is not marked.
#[derive(Debug, Clone)]
pub struct ReadingPage<'p> {
    /// Title of the plan.
    pub title: &'p str,
    /// Issuer, number and date, in one line.
    pub citation: &'p str,
    /// The text as it was read, breaks inside sentences and all; white space beside Chinese is not shown.
    pub text: &'p str,
    /// Its headings and paragraphs. What is in no block (page numbers, mastheads) is not shown.
    pub blocks: Vec<Block>,
    /// The names of places in it.
    pub mentions: Vec<MentionMark>,
    /// What the plan says about places.
    pub structures: Vec<StructureMark>,
    /// Names that are not on the map, and why.
    pub unlocated: Vec<Unlocated>,
    /// What the map shows when the page opens.
    pub focus: Extent,
    /// Borders and rivers.
    pub ground: &'p Ground,
    /// Where the geometry comes from.
    pub sources: &'p str,
}

/// A heading or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it stands.
    pub span: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading: 1 is a chapter; levels below 5 look alike.
    Heading(u8),
    /// A paragraph.
    Paragraph,
}

/// The name of a place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionMark {
    /// Where it stands.
    pub span: Range<usize>,
    /// The coarse kind of place, as `gazetteer::FeatureClass::kind` gives it.
    pub kind: String,
    /// What is meant: the canonical name.
    pub label: String,
    /// Where that is.
    pub position: Option<LonLat>,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
}

/// Something that the plan says about places.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureMark {
    /// Its name.
    pub name: String,
    /// One of the kinds of the catalogue.
    pub kind: String,
    /// Chapter, section and article.
    pub article: String,
    /// What the plan wants done with it.
    pub status: String,
    /// The sentence that says it.
    pub span: Option<Range<usize>>,
    /// Where it is, WGS 84 degrees, x longitude, y latitude; empty when nothing says where.
    pub geometry: Vec<Geometry<f64>>,
}
