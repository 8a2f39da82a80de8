//! What a KML file says of the types of its attributes, and the text of its elements.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::super::batch::CellValue;
use super::super::csv;
use super::super::writer::Writer;
use crate::Problem;

/// Elements in elements.
const MOST_DEPTH: usize = 256;

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Bool,
    Text,
}

/// The types of the attributes of each schema.
#[derive(Debug, Default)]
pub(super) struct Schemas(HashMap<String, HashMap<String, Kind>>);

impl Schemas {
    /// Reads the schemas that stand before the first placemark.
    pub(super) fn read(head: &str) -> Result<Self, Problem> {
        let mut schemas = Self::default();
        let mut reader = reader(head);
        let mut open = None;
        loop {
            match reader
                .read_event()
                .map_err(|error| wrong(&reader, &error))?
            {
                // What is open is open on purpose: the head ends before the first placemark.
                Event::Eof => return Ok(schemas),
                Event::Start(tag) => match (tag.local_name().as_ref(), &open) {
                    ("Schema", _) => {
                        open = Some(
                            attribute(&tag, "id")?
                                .or(attribute(&tag, "name")?)
                                .unwrap_or_default(),
                        );
                    }
                    ("SimpleField", Some(schema)) => {
                        let (name, kind) = (attribute(&tag, "name")?, attribute(&tag, "type")?);
                        let kind = kind.unwrap_or_default();
                        let kind = match kind.rsplit(':').next().unwrap_or_default() {
                            "int" | "uint" | "short" | "ushort" | "long" | "float" | "double" => {
                                Kind::Number
                            }
                            "bool" | "boolean" => Kind::Bool,
                            _ => Kind::Text,
                        };
                        let schema = schemas.0.entry(String::clone(schema)).or_default();
                        schema.insert(name.unwrap_or_default(), kind);
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "Schema" => open = None,
                _ => {}
            }
        }
    }

    /// The type of an attribute; `url`: what a placemark calls its schema.
    pub(super) fn kind(&self, url: &str, name: &str) -> Kind {
        let schema = self.0.get(url.rsplit('#').next().unwrap_or(url));
        schema
            .and_then(|schema| schema.get(name))
            .copied()
            .unwrap_or(Kind::Text)
    }
}

/// A value as its type says.
pub(super) fn cell(text: &str, kind: Kind, writer: &mut Writer) -> CellValue {
    let trimmed = text.trim();
    match kind {
        Kind::Text => CellValue::Text(writer.text(text)),
        _ if trimmed.is_empty() => CellValue::Null,
        Kind::Number => csv::cell(trimmed, writer),
        Kind::Bool => match trimmed {
            "1" | "true" | "True" | "TRUE" => CellValue::Bool(true),
            "0" | "false" | "False" | "FALSE" => CellValue::Bool(false),
            other => CellValue::Text(writer.text(other)),
        },
    }
}

pub(super) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader
}

pub(super) fn wrong(reader: &Reader<&[u8]>, error: &quick_xml::Error) -> Problem {
    Problem::damaged(
        format!("XML, byte {} of the placemark", reader.error_position() + 1),
        error.to_string(),
        "well-formed XML",
    )
}

/// An attribute of a tag.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let damaged =
        |found: String| Problem::damaged("a tag of XML", found, "attributes as name=\"value\"");
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| damaged(error.to_string()))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(
                value
                    .map_err(|error| damaged(error.to_string()))?
                    .into_owned(),
            ));
        }
    }
    Ok(None)
}

/// The text inside the element that just began, with that of elements in it, up to its end.
pub(super) fn content(reader: &mut Reader<&[u8]>) -> Result<String, Problem> {
    let mut text = String::new();
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|error| wrong(reader, &error))? {
            Event::Start(_) => {
                depth += 1;
                if depth > MOST_DEPTH {
                    return Err(Problem::TooDeep { most: MOST_DEPTH });
                }
            }
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => depth -= 1,
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let character = meant(&reference).ok_or_else(|| {
                    let found = format!("&{};", &reference[..]);
                    Problem::value("XML", &found, "a character reference that XML knows")
                })?;
                text.push(character);
            }
            Event::Eof => return Err(Problem::truncated("an element of XML")),
            _ => {}
        }
    }
}

/// The character that a reference stands for.
fn meant(reference: &BytesRef<'_>) -> Option<char> {
    Some(match &reference[..] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        // Programs that write HTML into names forget to quote it.
        "nbsp" => '\u{A0}',
        _ => reference.resolve_char_ref().ok().flatten()?,
    })
}
