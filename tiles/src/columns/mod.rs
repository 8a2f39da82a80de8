//! Features between the file and the tiles: rows of bytes in the order of the tiles.

mod collect;
mod gather;
mod intake;
mod labels;
mod row;
mod rules;
mod statistics;
mod store;
mod texts;

pub use intake::Counts;
pub use rules::Rules;

pub(crate) use gather::{Dictionary, Features, GatherError, Gathering, ShapeColumns};
pub(crate) use intake::Intake;
pub(crate) use row::{RowHead, take_cell, take_head, write_row};
pub(crate) use store::{Chunk, Store};
