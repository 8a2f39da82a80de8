//! Layer definitions and builders, and the one style model that every output shares.
//!
//! [`DEFINITIONS`] lists the layers; a [`Builder`] on a gazetteer and a catalogue builds them. A finished
//! [`model::Layer`] and [`map::MapPage`] are read by writers and changed by none.

mod areas;
mod build;
mod colour;
mod english;
mod glyph;
mod label;
mod look;
pub mod map;
pub mod model;
mod palette;
mod recolour;
pub mod sources;
pub mod style;
pub mod theme;

pub use areas::{AreaFeature, AreaTable, AreaTableError, area_table};
pub use build::{
    BuildError, Builder, DEFINITIONS, KindLook, Land, LayerDefinition, Pages, Sheet, kind_look,
    kind_title,
};
pub use english::EnglishPage;
pub use label::pole_of_inaccessibility;
pub use look::{ClassLook, LineWidths, Look, LookError, NameSizes, NotOfClass};
pub use recolour::Dressed;
