//! QML: the style that QGIS (3.22 or later) loads by itself when it lies beside a data file of the same stem.

mod error;
mod fields;
mod labels;
mod renderer;
mod symbols;
mod writer;

pub use error::QmlError;
pub(crate) use writer::{DOCTYPE, QGIS_VERSION, check, labels_enabled, style};
pub use writer::{encode, write};
