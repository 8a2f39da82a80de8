//! The pages of a file (ISO 32000-1, section 7.7.3).

use std::collections::HashSet;
use std::rc::Rc;

use super::PdfError;
use super::content::{Page, Reader};
use super::file::{File, Found, damaged};
use super::object::{Dictionary, Object};

/// Pages of a file. The longest plans have a thousand.
const MOST_PAGES: usize = 20_000;
/// Streams of one page.
const MOST_CONTENTS: usize = 4096;

/// A page, and what has its resources: the page itself or a node above it.
pub(super) struct Leaf {
    page: Rc<Object>,
    above: Option<Rc<Object>>,
}

/// The pages in order.
pub(super) fn pages(file: &File<'_>) -> Result<Vec<Leaf>, PdfError> {
    let catalog = file.entry(file.trailer(), b"Root")?;
    let catalog = catalog
        .dictionary()
        .ok_or_else(|| damaged("its catalogue is missing"))?;
    let root = catalog.get(&b"Pages"[..]).unwrap_or(&Object::Null);
    let mut seen = HashSet::new();
    let mut pages = Vec::new();
    let mut next = vec![(root.clone(), None::<Rc<Object>>)];
    while let Some((node, above)) = next.pop() {
        if let Object::Reference(number) = node
            && !seen.insert(number)
        {
            return Err(damaged(format!("page {number} is its own or stands twice")));
        }
        let node = shared(file.resolve(&node)?);
        let entries = node
            .dictionary()
            .ok_or_else(|| damaged(format!("page {} is missing", pages.len() + 1)))?;
        let own = entries.contains_key(&b"Resources"[..]);
        let above = if own { Some(Rc::clone(&node)) } else { above };
        let kids = file.entry(entries, b"Kids")?;
        match kids.array() {
            Some(kids) => {
                next.extend(kids.iter().rev().map(|kid| (kid.clone(), above.clone())));
            }
            None => pages.push(Leaf {
                page: Rc::clone(&node),
                above,
            }),
        }
        if pages.len() + next.len() > MOST_PAGES {
            return Err(PdfError::TooMuch {
                of: "pages",
                most: MOST_PAGES as u64,
            });
        }
    }
    if pages.is_empty() {
        return Err(damaged("it has no pages"));
    }
    Ok(pages)
}

fn shared(found: Found<'_>) -> Rc<Object> {
    match found {
        Found::Here(object) => Rc::new(object.clone()),
        Found::There(object) => object,
    }
}

/// Reads what is written on a page.
pub(super) fn read(
    file: &File<'_>,
    leaf: &Leaf,
    reader: &mut Reader<'_, '_>,
) -> Result<Page, PdfError> {
    let none = Dictionary::new();
    let entries = leaf.page.dictionary().unwrap_or(&none);
    let above = leaf.above.as_deref().and_then(Object::dictionary);
    let resources = file.entry(above.unwrap_or(&none), b"Resources")?;
    let contents = file.entry(entries, b"Contents")?;
    let streams = match &*contents {
        Object::Array(streams) => streams.as_slice(),
        Object::Null if !entries.contains_key(&b"Contents"[..]) => &[],
        one => std::slice::from_ref(one),
    };
    if streams.len() > MOST_CONTENTS {
        return Err(PdfError::TooMuch {
            of: "streams of one page",
            most: MOST_CONTENTS as u64,
        });
    }
    let mut content = Vec::new();
    for stream in streams {
        let stream = file.resolve(stream)?;
        let stream = stream
            .stream()
            .ok_or_else(|| damaged("the content of a page is missing"))?;
        content.extend(file.data(stream, "page")?);
        // A word never goes on in the next stream.
        content.push(b'\n');
    }
    reader.page(&content, resources.dictionary().unwrap_or(&none))
}
