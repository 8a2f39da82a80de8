//! `atlas.json`: what an atlas folder holds, in one file that programs read first.

mod writer;

pub use writer::{
    MANIFEST_VERSION, Manifest, ManifestError, ManifestLayer, ManifestTable, ManifestTiles, write,
};
