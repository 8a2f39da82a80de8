//! A `MapLibre` style (version 8) for the vector tiles of an atlas: the same looks in the browser.
//!
//! One group of layers a table, named `<table>/<class>/<number>`; what is not seen at first has `visibility` `none` and
//! `metadata` says which map a layer belongs to, so that a page can switch maps. Names stand on the `<table>-labels` layers
//! of areas. The style asks for no glyphs: Chinese is set in the reader's own fonts. Widths are CSS pixels (96 to the inch).

mod error;
mod layers;
mod writer;

use ::layers::model::Table;
use gazetteer::Extent;

pub use error::WebStyleError;
pub use writer::write;

/// A style for tiles.
#[derive(Debug)]
pub struct WebStyle<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the tiles are: an address that the page's `MapLibre` can read, e.g. `pmtiles://atlas.pmtiles`.
    pub tiles: &'a str,
    /// The maps; the first is seen when the style is opened.
    pub maps: Vec<WebMap<'a>>,
    /// What is said of the data at the edge of a map.
    pub attribution: &'a str,
}

/// Tables that are seen together.
#[derive(Debug)]
pub struct WebMap<'a> {
    /// Its title.
    pub title: &'a str,
    /// What must be seen, in degrees.
    pub focus: Extent,
    /// Its tables, the lowest first.
    pub tables: Vec<&'a Table>,
}
