//! The file of a plan as text: what it is, told by its first bytes, and the words in it.
//!
//! `encoding` makes bytes into characters; `docx`, `html` and `pdf` leave out what is not
//! the plan's words.

mod docx;
mod encoding;
mod error;
mod html;
mod pdf;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use encoding::Encoding;
pub use error::DocumentError;
pub use pdf::PdfError;

/// A file longer than this is no plan.
const MOST_BYTES: u64 = 256 << 20;
/// How far from the start the mark of a PDF may stand (ISO 32000-1, annex H, note 13).
const PDF_WITHIN: usize = 1024;

/// A plan's file as text.
///
/// Offsets of [`CleanText`](crate::CleanText) point into [`text`](Self::text). For a text file in UTF-8 these
/// are the bytes of the file as given: a byte order mark stays in, and `CleanText` leaves it out.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    format: DocumentFormat,
    encoding: Encoding,
}

/// What the file of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentFormat {
    /// Plain text.
    Text(Encoding),
    /// A Word document since 2007 (ECMA-376).
    Docx,
    /// A web page.
    Html,
    /// A PDF with text in it (ISO 32000-1).
    Pdf,
}

impl fmt::Display for DocumentFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(encoding) => write!(f, "text in {encoding}"),
            Self::Docx => f.write_str("a Word document"),
            Self::Html => f.write_str("a web page"),
            Self::Pdf => f.write_str("a PDF"),
        }
    }
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is longer than 256 MiB, or as [`from_bytes`](Self::from_bytes) says.
    pub fn open(path: &Path) -> Result<Self, DocumentError> {
        let file = File::open(path).map_err(|source| DocumentError::Read { source })?;
        // Told before the first byte is read; what is no plain file has no length and is counted below.
        let bytes = file.metadata().map_or(0, |data| data.len());
        if bytes > MOST_BYTES {
            return Err(DocumentError::TooLarge { most: MOST_BYTES });
        }
        Self::from_reader(&path.to_string_lossy(), file)
    }

    /// Reads a stream to its end, such as the standard input.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Self, DocumentError> {
        let mut bytes = Vec::new();
        reader
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| DocumentError::Read { source })?;
        Self::from_bytes(name, bytes)
    }

    /// Reads the bytes of a file. Its name decides only where the bytes leave a doubt.
    ///
    /// # Errors
    /// When the bytes are too many, of a format that is not read (old Word, …), in no encoding that is known, or
    /// broken, or a PDF without text that can be read.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, DocumentError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(DocumentError::TooLarge { most: MOST_BYTES });
        }
        if let Some((found, next)) = not_read(&bytes) {
            return Err(DocumentError::Format { found, next });
        }
        if is_pdf(name, &bytes) {
            return Ok(Self {
                text: pdf::text(&bytes)?,
                format: DocumentFormat::Pdf,
                encoding: Encoding::Utf8,
            });
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            let (text, encoding) = docx::text(&bytes)?;
            return Ok(Self {
                text,
                format: DocumentFormat::Docx,
                encoding,
            });
        }
        let declared = html::looks_so(name, &String::from_utf8_lossy(html::head(&bytes)))
            .then(|| html::charset(&bytes))
            .flatten();
        let (text, encoding) = encoding::decode(bytes, declared)?;
        if html::looks_so(name, &text) {
            return Ok(Self {
                text: html::text(&text),
                format: DocumentFormat::Html,
                encoding,
            });
        }
        Ok(Self {
            text,
            format: DocumentFormat::Text(encoding),
            encoding,
        })
    }

    /// The words, with line breaks between paragraphs and rows of tables, and tabs between cells. Of a PDF every
    /// printed line is one, and a line that is only a form feed (U+000C) stands between two pages.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the file is.
    #[must_use]
    pub fn format(&self) -> DocumentFormat {
        self.format
    }

    /// How its characters are written; of a Word document, those of its main part. A PDF has no one encoding: its
    /// text is made in UTF-8.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }
}

/// Whether a file is a PDF: by its start, or by its name and a start within.
fn is_pdf(name: &str, bytes: &[u8]) -> bool {
    let path = Path::new(name);
    let mut ending = path.extension().into_iter();
    let is_named = ending.any(|found| found.eq_ignore_ascii_case("pdf"));
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    unmarked(bytes).starts_with(b"%PDF-")
        || (is_named && head.windows(5).any(|five| five == b"%PDF-"))
}

/// The bytes without a mark of UTF-8 and blanks before them.
fn unmarked(bytes: &[u8]) -> &[u8] {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    start.trim_ascii_start()
}

/// A format that is known and not read, and what to do about it.
fn not_read(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Some((
            "an old Word document (.doc, .wps) or one with a password",
            "save it as .docx without a password",
        ))
    } else if unmarked(bytes).starts_with(b"{\\rtf") {
        Some(("rich text (.rtf)", "save it as .docx"))
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some(("a gzip archive", "unpack it (gunzip)"))
    } else {
        None
    }
}
