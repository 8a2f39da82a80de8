//! SLD 1.1 (OGC Symbology Encoding): the style of a table for servers and programs that read neither QML nor a web style,
//! such as `GeoServer` and `MapServer`.
//!
//! The standard has no heads of arrows, no band that stays inside its area and no numbers on discs: those are left out, a
//! band is as wide again outside. Widths are pixels of 0.28 mm, as the standard has them.

mod error;
mod writer;

pub use error::SldError;
pub use writer::write;
