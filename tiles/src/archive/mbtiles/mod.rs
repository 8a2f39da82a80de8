//! `MBTiles` 1.3: a `SQLite` file.

mod reader;
mod writer;

pub(super) use reader::{Reader, is_sqlite};
pub(super) use writer::write;
