//! Word documents since 2007: the words of the main part, without what was deleted, notes and fields' codes.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use zip::ZipArchive;

use super::{DocumentError, Encoding, encoding};

/// Where the words of a document are.
pub(super) const MAIN_PART: &str = "word/document.xml";
/// A longer main part is no plan's.
const MOST_BYTES: u64 = 64 << 20;
/// Word's XML packs to a twentieth or thirtieth; deflate can reach a thousandth.
const MOST_RATIO: u64 = 200;
/// Below this nothing is a bomb.
const HARMLESS_BYTES: u64 = 1 << 20;
/// Members of an archive. Each takes 46 bytes of it at least, and more in memory.
const MOST_MEMBERS: usize = 1 << 14;
/// Elements inside elements. Tables in tables in text boxes take some forty.
const MOST_DEPTH: usize = 256;

/// Elements whose inside is no text of the document: what was deleted or moved away, codes of fields, the second form of a
/// drawing, readings above characters, and properties (where `tab` is a stop and not a character).
const LEFT_OUT: [&str; 17] = [
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "delInstrText",
    "Fallback",
    "rt",
    "pPr",
    "rPr",
    "sectPr",
    "tblPr",
    "tblPrEx",
    "tblGrid",
    "trPr",
    "tcPr",
    "sdtPr",
    "sdtEndPr",
];

/// The words of a document, and how its main part is written.
pub(super) fn text(bytes: &[u8]) -> Result<(String, Encoding), DocumentError> {
    let (part, xml) = main_part(bytes)?;
    let (xml, encoding) = encoding::decode(xml, None)?;
    Ok((words(&part, &xml)?, encoding))
}

/// The name of the main part and its bytes.
fn main_part(bytes: &[u8]) -> Result<(String, Vec<u8>), DocumentError> {
    let members = bytes.windows(4).filter(|four| four == b"PK\x01\x02");
    if members.take(MOST_MEMBERS + 1).count() > MOST_MEMBERS {
        return Err(DocumentError::Members { most: MOST_MEMBERS });
    }
    let broken = |source| DocumentError::Archive { source };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    // Some programs number the part: word/document2.xml.
    let is_main = |name: &str| {
        let number = name.strip_prefix("word/document");
        let number = number.and_then(|rest| rest.strip_suffix(".xml"));
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let names = archive.file_names().filter_map(Result::ok);
    let Some(part) = names
        .filter(|name| is_main(name))
        .map(std::borrow::Cow::into_owned)
        .min_by_key(|name| (name != MAIN_PART, name.clone()))
    else {
        return Err(DocumentError::NotWord);
    };
    let mut xml = Vec::new();
    let mut member = archive.by_name(&part).map_err(broken)?;
    let packed = member.compressed_size().min(bytes.len() as u64);
    let most = (packed.saturating_mul(MOST_RATIO)).clamp(HARMLESS_BYTES, MOST_BYTES);
    match (&mut member).take(most + 1).read_to_end(&mut xml) {
        Ok(_) if xml.len() as u64 > most => Err(DocumentError::Bomb { part, packed, most }),
        Ok(_) => {
            drop(member);
            Ok((part, xml))
        }
        Err(source) => Err(DocumentError::Unpack { part, source }),
    }
}

/// The words of a main part.
fn words(part: &str, xml: &str) -> Result<String, DocumentError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut words = Words::default();
    loop {
        let at = reader.buffer_position();
        let wrong = |found| DocumentError::Part {
            part: part.to_owned(),
            at,
            found,
        };
        let event = reader.read_event().map_err(|source| DocumentError::Xml {
            part: part.to_owned(),
            at: reader.error_position(),
            source,
        })?;
        match event {
            Event::Start(tag) => {
                words.start(tag.local_name().as_ref());
                if words.depth > MOST_DEPTH {
                    return Err(wrong("more than 256 elements inside one another"));
                }
            }
            Event::End(tag) => words.end(tag.local_name().as_ref()),
            Event::Text(text) => words.say(&text),
            Event::CData(text) => words.say(&text),
            Event::GeneralRef(reference) => {
                let character = meant(&reference)
                    .ok_or_else(|| wrong("a character reference that XML does not know"))?;
                words.say(character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(wrong("a document type declaration")),
            Event::Eof if words.depth > 0 => return Err(wrong("the end, inside an element")),
            Event::Eof => return Ok(words.said),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The character of a reference; only the five entities that XML itself has.
fn meant(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// What has been read so far.
#[derive(Default)]
struct Words {
    said: String,
    depth: usize,
    /// The depth of the element that is left out.
    left_out: Option<usize>,
    /// The depth of the element that holds text.
    text: Option<usize>,
    /// Where in `said` the open cells begin.
    cells: Vec<usize>,
}

impl Words {
    fn start(&mut self, name: &str) {
        self.depth += 1;
        if self.left_out.is_some() {
            return;
        }
        match name {
            _ if LEFT_OUT.contains(&name) => self.left_out = Some(self.depth),
            "t" if self.text.is_none() => self.text = Some(self.depth),
            "tab" | "ptab" => self.said.push('\t'),
            "br" | "cr" => self.said.push('\n'),
            "noBreakHyphen" => self.said.push('\u{2011}'),
            "tc" => self.cells.push(self.said.len()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if let Some(of) = self.left_out {
            if of == depth {
                self.left_out = None;
            }
            return;
        }
        match name {
            "t" if self.text == Some(depth) => self.text = None,
            "p" => self.said.push('\n'),
            "tc" => {
                let from = self.cells.pop().unwrap_or(0);
                if self.said.len() > from && self.said.ends_with('\n') {
                    self.said.pop();
                }
                self.said.push('\t');
            }
            "tr" => {
                if self.said.ends_with('\t') {
                    self.said.pop();
                }
                self.said.push('\n');
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.text.is_some() && self.left_out.is_none() {
            self.said.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<String, DocumentError> {
        let xml = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
        words(MAIN_PART, &xml)
    }

    #[test]
    fn paragraphs_are_lines_and_runs_are_joined() {
        let body = "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>成</w:t></w:r><w:r><w:t xml:space='preserve'>都 &amp; 重&#24198;</w:t>\
                    <w:tab/><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>\n<w:p/><w:p><w:r><w:t>丙</w:t></w:r></w:p>";
        assert_eq!(read(body).expect("XML"), "成都 & 重庆\t甲\n乙\n\n丙\n");
    }

    #[test]
    fn cells_are_parted_by_tabs_and_rows_by_line_breaks() {
        let cell = |text: &str| format!("<w:tc><w:tcPr/>{text}</w:tc>");
        let line = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        let inner = format!(
            "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
            cell(&line("丁")),
            cell(&line("戊"))
        );
        let body = format!(
            "<w:tbl><w:tblGrid/><w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>{}",
            cell(&line("甲")),
            cell(&(line("乙") + &line("丙"))),
            cell("<w:p/>"),
            cell(&inner),
            cell(&line("己")),
            line("庚"),
        );
        assert_eq!(read(&body).expect("XML"), "甲\t乙\n丙\n\t丁\t戊\t己\n庚\n");
    }

    #[test]
    fn what_was_deleted_and_what_is_no_text_is_left_out() {
        let body = "<w:p><w:del><w:r><w:t>旧</w:t><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>\
                    <w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom><w:r><w:instrText> PAGE </w:instrText><w:footnoteReference w:id='1'/></w:r>\
                    <mc:AlternateContent><mc:Choice><w:t>图</w:t></mc:Choice><mc:Fallback><w:t>图</w:t></mc:Fallback></mc:AlternateContent>\
                    <w:r>漏</w:r></w:p>";
        assert_eq!(read(body).expect("XML"), "新图\n");
    }

    #[test]
    fn xml_that_word_does_not_write_is_an_error_with_its_place() {
        let deep = "<w:r>".repeat(300) + &"</w:r>".repeat(300);
        let error = read(&deep).expect_err("deep").to_string();
        assert!(
            error.contains("256") && error.contains(MAIN_PART),
            "{error}"
        );
        assert!(read(&("<w:r>".repeat(250) + &"</w:r>".repeat(250))).is_ok());

        let bomb = "<!DOCTYPE d [<!ENTITY a '重庆'>]><d><t>&a;</t></d>";
        assert!(matches!(
            words(MAIN_PART, bomb),
            Err(DocumentError::Part { at: 0, .. })
        ));
        assert!(matches!(
            read("<w:t>&a;</w:t>"),
            Err(DocumentError::Part { .. })
        ));
        assert!(matches!(
            read("<w:t>&#xD800;</w:t>"),
            Err(DocumentError::Part { .. })
        ));
        assert!(matches!(
            words(MAIN_PART, "<d><t>重庆"),
            Err(DocumentError::Part { .. })
        ));
        assert!(matches!(
            words(MAIN_PART, "<d></t>"),
            Err(DocumentError::Xml { .. })
        ));
    }
}
