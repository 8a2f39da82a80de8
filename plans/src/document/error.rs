//! Why a file is not read.

use std::io;

/// A file that is not read as the text of a plan. The caller adds its name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The file does not open, or reading stops.
    #[error("cannot be read")]
    Read {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// More bytes than any plan has.
    #[error("more than {most} bytes; expected the text of a plan")]
    TooLarge {
        /// How many are read.
        most: u64,
    },
    /// A format that is known and not read.
    #[error("{found}; expected plain text, .docx, .html or .pdf: {next}")]
    Format {
        /// What it is.
        found: &'static str,
        /// What to do.
        next: &'static str,
    },
    /// Bytes in no encoding that is known.
    #[error(
        "byte {at} is not UTF-8, and the whole is neither UTF-16 nor Chinese text in GB 18030; save it as UTF-8 first \
         (iconv -f … -t UTF-8)"
    )]
    Encoding {
        /// Where the first byte stands that is not UTF-8.
        at: usize,
    },
    /// Bytes that are not in the encoding that the file declares.
    #[error(
        "byte {at} is not {declared}, which the file declares; save it as UTF-8 first (iconv -c -f … -t UTF-8)"
    )]
    Declared {
        /// Where the first wrong byte stands.
        at: usize,
        /// What the byte order mark or the page says.
        declared: super::Encoding,
    },
    /// A web page in an encoding that is not read.
    #[error(
        "declares the charset `{charset}`; expected UTF-8, UTF-16 or GB 18030: save it as UTF-8 first"
    )]
    Charset {
        /// As it is written in the page.
        charset: String,
    },
    /// A ZIP archive that does not open.
    #[error(
        "starts as a ZIP archive does and is broken; expected a Word document (.docx): save it again"
    )]
    Archive {
        /// What is wrong with it.
        #[source]
        source: zip::result::ZipError,
    },
    /// A ZIP archive of something else.
    #[error(
        "a ZIP archive without {}; expected a Word document (.docx): unpack it, or save it as .docx",
        super::docx::MAIN_PART
    )]
    NotWord,
    /// An archive of more members than any document has.
    #[error("a ZIP archive of more than {most} members; expected a Word document (.docx)")]
    Members {
        /// How many are read.
        most: usize,
    },
    /// The main part cannot be unpacked.
    #[error("{part} cannot be unpacked; save the document again")]
    Unpack {
        /// Its name in the archive.
        part: String,
        /// What is wrong with it.
        #[source]
        source: io::Error,
    },
    /// The main part unpacks to more than any document has.
    #[error(
        "{part} unpacks from {packed} bytes to more than {most}; expected the text of a plan: save the document again, \
         or its text"
    )]
    Bomb {
        /// Its name in the archive.
        part: String,
        /// Its bytes in the archive.
        packed: u64,
        /// How many it may unpack to.
        most: u64,
    },
    /// The main part is no XML.
    #[error("{part}, byte {at}: not XML as Word writes it; save the document again")]
    Xml {
        /// Its name in the archive.
        part: String,
        /// Where it goes wrong, in bytes of UTF-8.
        at: u64,
        /// What is wrong.
        #[source]
        source: quick_xml::Error,
    },
    /// The main part is XML that Word does not write: cut off, nested too deep, or with entities of its own.
    #[error("{part}, byte {at}: {found}; save the document again")]
    Part {
        /// Its name in the archive.
        part: String,
        /// Where it is, in bytes of UTF-8.
        at: u64,
        /// What is wrong.
        found: &'static str,
    },
    /// A PDF whose text is not read.
    #[error(transparent)]
    Pdf {
        /// What is wrong with it.
        #[from]
        source: super::pdf::PdfError,
    },
}
