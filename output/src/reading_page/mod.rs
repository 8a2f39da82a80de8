//! One page of HTML that shows what was read from a plan: its text with the names marked, and a map beside it.
//!
//! The file stands alone: no request leaves it (a content security policy holds it to that), its style and its script
//! are inside. All text of the plan is escaped. It works without the script, as a text with a map and lists.

mod error;
mod map;
mod model;
mod places;
mod text;
mod writer;

pub use error::ReadingPageError;
pub use model::{Block, BlockKind, MentionMark, ReadingPage, StructureMark};
pub use writer::{to_html, write};
