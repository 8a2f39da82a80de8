//! The outline of a plan: its parts, headings, paragraphs and boxes, and how each is cited.
//!
//! `label` knows how headings are numbered; `evidence` decides whether one is meant; `cut` cuts paragraphs into blocks;
//! `contents` knows contents lists; `parts` tells documents apart that are glued together; `facts` reads number, date and horizon.

pub(crate) mod boxes;
mod cut;
mod evidence;
pub(crate) mod facts;
pub(crate) mod label;
mod parts;
#[cfg(test)]
mod tests;

use std::ops::Range;

use gazetteer::PartialDate;

pub(crate) use cut::{UNNUMBERED, cut};

/// The parts and blocks of a text, in its order.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The documents in the text: most often a notice and the plan, or the plan alone.
    pub parts: Vec<Part>,
    /// Every line of the clean text.
    pub blocks: Vec<Block>,
    /// For each part whether the articles in brackets count through it whatever heading they stand under.
    through: Vec<bool>,
}

/// A document of its own within the text.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its title; empty when the text does not say it.
    pub title: String,
    /// Its number as an office gives it: 国发〔2020〕1号.
    pub number: Option<String>,
    /// Who issued it; several are set apart by 、.
    pub issuer: Option<String>,
    /// The day, month or year of issue.
    pub date: Option<PartialDate>,
    /// The years it is for, as printed.
    pub horizon: Option<String>,
    /// Its blocks.
    pub blocks: Range<usize>,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PartKind {
    /// The plan itself: structures are read from it.
    Plan,
    /// The letter that a plan is issued with.
    Notice,
    /// What a newspaper says about it.
    News,
}

/// A line of the clean text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its bytes in the clean text, without the line end.
    pub range: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
    /// How deep it stands, 0 at the top. Levels are relative: the highest heading of the part has 0.
    pub level: u8,
    /// How a heading or an item is numbered, as printed: 第三章, （二）, 1．, 专栏2. Empty without a number.
    pub label: String,
    /// The words of a heading or the name of an item; empty for other blocks.
    pub title: String,
    /// The heading that it stands under.
    pub parent: Option<usize>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockKind {
    /// The title of the document.
    Title,
    /// Number, issuer, addressee, signature, date.
    Matter,
    /// An entry of a contents list.
    Contents,
    /// A heading, or the title that runs into an article.
    Heading,
    /// Sentences.
    Paragraph,
    /// The heading of a box or a table.
    BoxHeading,
    /// An item of a box.
    BoxItem,
}

/// How the text before the first heading is cited.
const FOREWORD: &str = "前言";

impl Outline {
    /// How the place of a block is cited: 第三章第二节, 二、（五）, （七） where articles run through the whole plan,
    /// 第三章专栏2. Empty for what stands outside the text of a plan: title, matter, contents, other
    /// parts.
    #[must_use]
    pub fn citation(&self, block: usize) -> String {
        let Some(found) = self.blocks.get(block) else {
            return String::new();
        };
        if matches!(
            found.kind,
            BlockKind::Title | BlockKind::Matter | BlockKind::Contents
        ) {
            return String::new();
        }
        let part = self.parts.partition_point(|part| part.blocks.end <= block);
        if self
            .parts
            .get(part)
            .is_none_or(|part| part.kind != PartKind::Plan)
        {
            return String::new();
        }
        let through = self.through.get(part).copied().unwrap_or(false);
        let heading = matches!(found.kind, BlockKind::Heading | BlockKind::BoxHeading);
        let mut above = if heading { Some(block) } else { found.parent };
        let mut labels: Vec<&str> = Vec::new();
        let mut title = "";
        let mut boxed = false;
        while let Some(block) = above.and_then(|number| self.blocks.get(number)) {
            if block.kind == BlockKind::BoxHeading && !block.label.is_empty() {
                boxed = true;
                labels.push(&block.label);
            } else if block.kind == BlockKind::Heading {
                if block.label.is_empty() {
                    title = &block.title;
                } else {
                    labels.push(&block.label);
                }
                let article = label::style_of(&block.label) == Some(label::Style::Bracket);
                if through && article {
                    break;
                }
            }
            above = block.parent;
        }
        labels.reverse();
        if boxed && labels.len() > 2 {
            // A box counts through its chapter or the plan.
            labels.drain(1..labels.len() - 1);
        }
        if labels.is_empty() {
            return if title.is_empty() {
                FOREWORD.to_owned()
            } else {
                title.to_owned()
            };
        }
        labels.concat()
    }

    /// The block that a byte of the clean text stands in.
    #[must_use]
    pub fn block_at(&self, at: usize) -> Option<usize> {
        let after = self.blocks.partition_point(|block| block.range.start <= at);
        let number = after.checked_sub(1)?;
        (at <= self.blocks[number].range.end).then_some(number)
    }
}
