//! `gallery.html`: every map of an atlas on one page, with what is in it and where its files are.
//!
//! One file without references but the links to the atlas beside it: pictures are inside, no script, light and dark. All
//! text of plans is escaped.

mod error;
mod thumbnail;
mod writer;

pub use error::GalleryError;
pub use thumbnail::{Thumbnail, thumbnail};
pub use writer::write;

/// The page.
#[derive(Debug)]
pub struct Gallery<'a> {
    /// Its title.
    pub title: &'a str,
    /// What the atlas is, in one sentence.
    pub summary: &'a str,
    /// Files of the whole atlas: what it is called, and its path relative to the page.
    pub files: Vec<(&'a str, String)>,
    /// Maps that belong together.
    pub groups: Vec<GalleryGroup<'a>>,
    /// Where the data is from, one line each.
    pub sources: Vec<String>,
}

/// Maps under one heading.
#[derive(Debug)]
pub struct GalleryGroup<'a> {
    /// The heading.
    pub title: &'a str,
    /// The layers.
    pub cards: Vec<Card<'a>>,
}

/// A layer.
#[derive(Debug)]
pub struct Card<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its identifier on the command line.
    pub id: &'a str,
    /// One phrase on what is in it.
    pub summary: &'a str,
    /// How many features it has.
    pub features: usize,
    /// How many names have no place on it.
    pub unlocated: usize,
    /// A small picture, and the file with the large one; `None` when nothing of it is on a map.
    pub picture: Option<(&'a Thumbnail, String)>,
    /// Its files: what each is called, and its path relative to the page.
    pub files: Vec<(String, String)>,
}
