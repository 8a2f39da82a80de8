//! Regional plans as data: the catalogue of structures, and where each is said.
//!
//! This room knows documents, names and articles, not geometry or the formats that are written.

mod catalogue;
mod document;
mod mentions;
mod resolve;
mod text;

pub use catalogue::{
    Catalogue, CatalogueError, ExtentKind, Figure, KINDS, Member, Plan, RoleGroup, Structure,
};
pub use document::{Document, DocumentError, DocumentFormat, Encoding};
pub use mentions::{Mention, Mentions, mentions};
pub use resolve::UnknownPlace;
pub use text::{CleanText, TextError};
