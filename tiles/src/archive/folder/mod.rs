//! A folder of files `z/x/y.pbf`.

mod reader;
mod writer;

pub(super) use reader::Reader;
pub(super) use writer::write;

/// What the folder says of itself, `TileJSON` 3.0 with what readers of `MBTiles` metadata look for.
const METADATA: &str = "metadata.json";
