//! The text layer of a PDF (ISO 32000-1): all of it, or an error that says why not.
//!
//! `file` finds objects, `cipher` and `filter` unpack them; `content` reads what a page writes, in the fonts of `font`, whose codes
//! `cmap` and `charset` explain; `layout` makes lines of it. One [`budget`] bounds what a file can cause.

mod budget;
mod charset;
mod cipher;
mod cmap;
mod content;
mod error;
mod file;
mod filter;
mod font;
mod layout;
mod lexer;
mod matrix;
mod object;
mod pages;
mod radicals;
mod ranges;
#[cfg(test)]
pub(super) mod tests;

use content::{Reader, Tally};
use file::File;

pub use error::PdfError;

/// Stands on a line of its own between two pages.
const PAGE_BREAK: &str = "\n\u{c}\n";
/// One in so many characters may be without a meaning, such as marks of lists in symbol fonts, or with one that no
/// Chinese text has.
const UNKNOWN_SHARE: usize = 50;
/// A page with a picture and fewer characters is a picture: scanners write their names.
const FEW_CHARACTERS: usize = 16;
/// A file most of whose pages are pictures is a scan when it has fewer characters than this for each.
const CHARACTERS_OF_A_PAGE: usize = 64;

/// The text of a PDF, one line for each line on paper, and a form feed between pages.
pub(super) fn text(bytes: &[u8]) -> Result<String, PdfError> {
    let by_table = File::open(bytes).and_then(|file| read(&file));
    match by_table {
        // Tables are often wrong where the objects are whole. What is missing is missing in both.
        Err(PdfError::Damaged { .. }) => read(&File::search(bytes)?),
        read => read,
    }
}

fn read(file: &File<'_>) -> Result<String, PdfError> {
    let pages = pages::pages(file)?;
    let mut reader = Reader::new(file);
    let mut texts = Vec::with_capacity(pages.len());
    let (mut pictures, mut has_any) = (0, false);
    for page in &pages {
        let before = reader.tally.characters;
        let read = pages::read(file, page, &mut reader)?;
        let characters = reader.tally.characters - before;
        pictures += usize::from(read.has_picture && characters < FEW_CHARACTERS);
        has_any |= read.has_picture;
        texts.push(layout::text(read.letters));
    }
    let tally = reader.tally;
    let is_scan = pictures * 2 > pages.len()
        && tally.characters < CHARACTERS_OF_A_PAGE.saturating_mul(pages.len());
    if is_scan || (tally.characters == 0 && has_any) {
        return Err(PdfError::Scanned {
            pictures,
            pages: pages.len(),
        });
    }
    if tally.characters == 0 {
        return Err(PdfError::NoText { pages: pages.len() });
    }
    // French has them too.
    let is_western = tally.ascii * 2 > tally.characters;
    let wrong = tally.unknown + if is_western { 0 } else { tally.odd };
    if wrong * UNKNOWN_SHARE > tally.characters {
        return Err(garbled(tally, wrong));
    }
    Ok(texts.join(PAGE_BREAK))
}

fn garbled(tally: Tally, unknown: usize) -> PdfError {
    let fonts = tally.by_font.into_iter();
    let most = fonts.max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
    let ((font, encoding), _) = most.unwrap_or_default();
    PdfError::Garbled {
        unknown,
        characters: tally.characters,
        font,
        encoding,
    }
}
