//! A sentence read as the first article of a small plan.

use gazetteer::{Gazetteer, PartialDate};
use plans::{FoundStructure, Reading};

/// Reads a text as a plan of 2022.
///
/// # Panics
/// When the text is longer than any of a test.
pub fn read<'g>(gazetteer: &'g Gazetteer, text: &str) -> Reading<'g> {
    let date: PartialDate = "2022-06-30".parse().expect("a date");
    Reading::new(gazetteer, text, Some(date)).expect("short")
}

/// Reads sentences as the paragraphs of an article.
pub fn article<'g>(gazetteer: &'g Gazetteer, paragraphs: &str) -> Reading<'g> {
    read(
        gazetteer,
        &format!("空间发展规划\n一、空间布局\n{paragraphs}\n"),
    )
}

/// A structure as `name|kind|members|status`, members with blanks between them.
pub fn line(found: &FoundStructure) -> String {
    let members = found.members.join(" ");
    format!("{}|{}|{members}|{}", found.name, found.kind, found.status)
}
