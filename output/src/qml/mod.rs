//! QML: the style that QGIS (3.22 or later) loads by itself when it lies beside a data file of the same stem.

mod error;
mod symbols;
mod writer;
mod xml;

pub use error::QmlError;
pub(crate) use writer::encode;
pub use writer::write;
