//! Regional plans as data: the text of a plan, what it says of places, and the checked catalogue.
//!
//! This room knows documents, names and articles, not geometry or the formats that are written.

mod audit;
mod catalogue;
mod clean;
mod diff;
mod document;
mod mentions;
mod outline;
mod reading;
mod resolve;
mod structures;
mod text;
mod texts;

pub use audit::{Audited, Verdict, audit};
pub use catalogue::{
    Catalogue, CatalogueError, ExtentKind, Figure, KINDS, Member, Plan, RoleGroup, Structure,
    geometry_of,
};
pub use clean::{Cleaned, Removed, RemovedKind, Repair, clean};
pub use diff::{Change, ChangeKind, diff};
pub use document::{Document, DocumentError, DocumentFormat, Encoding, PdfError};
pub use mentions::{Mention, MentionReader, Mentions, mentions};
pub use outline::{Block, BlockKind, Outline, Part, PartKind};
pub use reading::{LONGEST_PIECE, Reading, UndatedPlan, pieces};
pub use resolve::UnknownPlace;
pub use structures::{FoundStructure, PrintedFigure};
pub use text::{CleanText, TextError};
pub use texts::{PlanTexts, TextsError};
