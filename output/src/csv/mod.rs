//! CSV: what a layer's plans name and nothing locates.
//!
//! UTF-8 without a byte order mark, comma-separated, quoted where needed (RFC 4180), one `\n` a row.

mod error;
mod writer;

pub use error::CsvError;
pub use writer::write;
