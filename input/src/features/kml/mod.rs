//! KML 2.2: a placemark is a feature. Placemarks are cut out of the text and read side by side.

mod placemark;
mod schema;

use super::batch::Span;
use super::cut::{Block, Framing};
use super::drive::Rows;
use super::lines::RowTaker;
use super::writer::{Writer, index};
use crate::{InputError, Problem};
use schema::Schemas;

/// A tag of XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Without what stands before a colon.
    name: &'a str,
    /// It ends an element.
    closes: bool,
    /// It is an element by itself.
    empty: bool,
    /// Where the tag begins and ends.
    start: usize,
    end: usize,
}

/// The next tag; comments, instructions and quoted text are passed over. `None` when the bytes end first; `at` is where one
/// must go on then.
fn next_tag<'a>(bytes: &'a [u8], at: &mut usize) -> Option<Tag<'a>> {
    loop {
        let Some(open) = memchr::memchr(b'<', bytes.get(*at..)?) else {
            *at = bytes.len();
            return None;
        };
        let start = *at + open;
        *at = start;
        let rest = &bytes[start..];
        let passed = |begin: &[u8], end: &[u8]| {
            let inside = rest.strip_prefix(begin)?;
            Some(memchr::memmem::find(inside, end).map(|found| begin.len() + found + end.len()))
        };
        let other = passed(b"<!--", b"-->")
            .or_else(|| passed(b"<![CDATA[", b"]]>"))
            .or_else(|| passed(b"<?", b"?>"));
        if let Some(length) = other {
            *at += length?;
            continue;
        }
        // What may yet become one of these is not decided.
        if rest.len() < 9 && b"<![CDATA[".starts_with(rest)
            || rest.len() < 4 && b"<!--".starts_with(rest)
        {
            return None;
        }
        let length = tag_end(rest)?;
        let inside = &rest[1..length - 1];
        let (closes, inside) = match inside.strip_prefix(b"/") {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/');
        let name = &inside[..inside.iter().position(ends).unwrap_or(inside.len())];
        let name = std::str::from_utf8(name).unwrap_or_default();
        return Some(Tag {
            name: name.rsplit(':').next().unwrap_or(name),
            closes,
            empty: inside.ends_with(b"/"),
            start,
            end: start + length,
        });
    }
}

/// Bytes of the tag that begins here; a quoted value may hold the bracket that ends others.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', bytes.get(at..)?)?;
        let found = bytes[at];
        at += 1;
        if found == b'>' {
            return Some(at);
        }
        at += memchr::memchr(found, bytes.get(at..)?)? + 1;
    }
}

/// Whether a text that begins so is KML.
pub(super) fn is_head(head: &str) -> bool {
    let mut at = 0;
    while let Some(tag) = next_tag(head.as_bytes(), &mut at) {
        // `<!DOCTYPE …>` and its like come before.
        if !tag.name.starts_with('!') {
            return tag.name == "kml";
        }
        at = tag.end;
    }
    false
}

/// What stands before the first placemark: its length, and the types of attributes. `None` when the head ends before.
pub(super) fn head(head: &str) -> Result<Option<(usize, KmlRows)>, Problem> {
    let mut at = 0;
    while let Some(tag) = next_tag(head.as_bytes(), &mut at) {
        if tag.name == "Placemark" && !tag.closes {
            let schemas = Schemas::read(&head[..tag.start])?;
            return Ok(Some((tag.start, KmlRows(schemas))));
        }
        at = tag.end;
    }
    Ok(None)
}

/// Rows of a file without placemarks.
pub(super) fn no_rows() -> KmlRows {
    KmlRows(Schemas::default())
}

/// Cuts behind placemarks.
#[derive(Debug, Default)]
pub(super) struct KmlFraming {
    at: usize,
    /// Where the placemark at hand began.
    open: Option<usize>,
    /// How many elements around the placemarks have ended that began before the first.
    ended: bool,
}

impl Framing for KmlFraming {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        rows: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        if known == 0 {
            (self.at, self.open) = (0, None);
        }
        let mut outside = None;
        while let Some(tag) = next_tag(bytes, &mut self.at) {
            self.at = tag.end;
            let is_placemark = tag.name == "Placemark";
            match self.open {
                None if is_placemark && !tag.closes && !tag.empty => self.open = Some(tag.start),
                Some(start) if is_placemark && tag.closes => {
                    self.open = None;
                    rows.push(Span {
                        start: index(start),
                        end: index(tag.end),
                    });
                }
                None if is_placemark && tag.empty => rows.push(Span {
                    start: index(tag.start),
                    end: index(tag.end),
                }),
                None => self.ended |= tag.closes && tag.name == "kml",
                Some(_) => {}
            }
            if self.open.is_none() {
                outside = Some(tag.end);
            }
        }
        Ok(outside)
    }

    fn end(&mut self, _: &[u8]) -> Result<usize, Problem> {
        if self.open.is_some() {
            return Err(Problem::truncated("a placemark"));
        }
        if !self.ended {
            return Err(Problem::truncated("the KML: there is no </kml>"));
        }
        Ok(0)
    }
}

/// How placemarks are read.
#[derive(Debug)]
pub(super) struct KmlRows(Schemas);

impl Rows for KmlRows {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        let mut rows = RowTaker::new(block, writer);
        for span in &block.rows {
            rows.take_with(span.range(), |text, writer| {
                placemark::read(text, &self.0, writer)
            });
        }
        rows.finish();
        Ok(())
    }
}
