//! The atlas as one `GeoPackage`: every table a layer that QGIS draws in its own style, with Chinese titles, what could not be
//! located, and the plans and sources as metadata.

mod error;
mod writer;

pub use error::AtlasPackageError;
pub use writer::{AtlasPackage, write};
