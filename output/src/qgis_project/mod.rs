//! A QGIS project (`.qgz`, read by 3.22 or later): layers in groups with their styles inside, a map theme and print
//! layouts for each map, bookmarks. One double click, and the map is there.
//!
//! All paths are relative to the project, so that the folder can be moved. The same project gives the same bytes.

mod crs;
mod error;
mod layer;
mod layout;
mod tree;
mod writer;

use gazetteer::Extent;
use layers::model::Table;

pub use error::ProjectError;
pub use writer::write;

/// What a project holds.
#[derive(Debug)]
pub struct Project<'a> {
    /// Its title.
    pub title: &'a str,
    /// Groups of layers, the topmost first: what stands higher is drawn later.
    pub groups: Vec<Group<'a>>,
    /// The land below, the topmost first: a group of its own at the foot. It stands in no legend.
    pub ground: Vec<ProjectLayer<'a>>,
    /// The maps, each a theme; the first is what is seen when the project is opened.
    pub maps: Vec<Map<'a>>,
    /// Places to go to: name and box in degrees.
    pub bookmarks: Vec<(&'a str, Extent)>,
    /// Tables without geometry, in a group above the land: title and path.
    pub rows: Vec<(&'a str, String)>,
}

/// A group of layers.
#[derive(Debug)]
pub struct Group<'a> {
    /// Its title.
    pub title: &'a str,
    /// What is in it, the topmost first.
    pub members: Vec<GroupMember<'a>>,
}

/// What a group holds.
#[derive(Debug)]
pub enum GroupMember<'a> {
    /// A group in a group.
    Group(Group<'a>),
    /// A layer.
    Layer(ProjectLayer<'a>),
}

/// A table as a layer of the project. Its identifier in the project ends in that of the table.
#[derive(Debug)]
pub struct ProjectLayer<'a> {
    /// What the layer is called in the tree.
    pub title: &'a str,
    /// One phrase on what is in it.
    pub summary: &'a str,
    /// The table: its style, its fields, its extent.
    pub table: &'a Table,
    /// The data file, relative to the project, with `/`.
    pub file: String,
}

/// A map: which layers are seen together, and what stands on its printed page.
#[derive(Debug)]
pub struct Map<'a> {
    /// Title of the theme and of the page.
    pub title: &'a str,
    /// What the map shows, in one phrase.
    pub subtitle: &'a str,
    /// The plans it is drawn from.
    pub citation: &'a str,
    /// Sources and what a reader could mistake.
    pub sources: &'a str,
    /// What must lie inside the frame, in degrees.
    pub focus: Extent,
    /// Identifiers of its tables, those of the land among them.
    pub tables: Vec<&'a str>,
    /// Whether it has print layouts (A4 and A3), or is a theme only.
    pub printed: bool,
}
