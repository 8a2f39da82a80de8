//! Places in one file that is its own index: nothing is parsed or copied before it is asked for.
//!
//! The gazetteer that comes with the program is such a file, and so is each layer that a user imports.
//! `format` is the layout and the checked way into it, `writer` makes one with bounded memory (its input
//! is sorted on disk by `sorter`), `tree` is the packed R-tree over the positions.

mod format;
mod geometry;
mod sorter;
mod tree;
mod writer;

pub use format::{About, Store, StoreError, checksum};
pub(crate) use format::{HowStored, Record, Text};
pub(crate) use tree::{ROUNDING_M, box_in_space, squared_distance};
pub use tree::{in_space, space_around};
pub use writer::{StoreWriter, WriteError};
