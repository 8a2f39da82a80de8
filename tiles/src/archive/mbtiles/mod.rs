//! `MBTiles` 1.3: a `SQLite` file.

mod writer;

pub(super) use writer::write;
