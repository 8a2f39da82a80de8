//! Why a PDF is not read.

/// A PDF whose text is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// Bytes that are missing or that no PDF has.
    #[error(
        "a PDF that is cut off or damaged ({found}); fetch it again, repair it (qpdf in.pdf out.pdf), or save its text \
         first"
    )]
    Damaged {
        /// What is wrong.
        found: String,
    },
    /// A PDF that opens with a password only, or by a method that is not known.
    #[error(
        "an encrypted PDF ({method}); save it without protection first (qpdf --decrypt --password=… in.pdf out.pdf)"
    )]
    Encrypted {
        /// How it is protected.
        method: String,
    },
    /// Pictures of pages.
    #[error(
        "a scanned PDF: {pictures} of {pages} pages are pictures without text; make their text first \
         (ocrmypdf -l chi_sim in.pdf out.pdf)"
    )]
    Scanned {
        /// Pages that are pictures.
        pictures: usize,
        /// All pages.
        pages: usize,
    },
    /// Pages on which nothing is written.
    #[error(
        "a PDF of {pages} pages without text (its letters may be drawn as outlines); make its text first \
         (ocrmypdf --force-ocr -l chi_sim in.pdf out.pdf)"
    )]
    NoText {
        /// All pages.
        pages: usize,
    },
    /// Codes in fonts that do not say what characters they mean.
    #[error(
        "a PDF whose text cannot be known: {unknown} of {characters} characters have no meaning or a wrong one, most of them in the font \
         {font} ({encoding}, without a usable ToUnicode table); export it again with text that can be copied, or make its \
         text first (ocrmypdf --force-ocr -l chi_sim in.pdf out.pdf)"
    )]
    Garbled {
        /// Characters without a meaning, or with one that they cannot have.
        unknown: usize,
        /// All characters.
        characters: usize,
        /// The name of the font that has the most of them.
        font: String,
        /// The name of its encoding.
        encoding: String,
    },
    /// Text packed in a way that is not read.
    #[error(
        "a PDF with a {what} packed with {filter}, which is not read; save it again (qpdf --stream-data=uncompress), or \
         save its text first"
    )]
    Filter {
        /// What is packed so.
        what: &'static str,
        /// The name of the filter.
        filter: String,
    },
    /// More of something than any plan has.
    #[error("a PDF with more than {most} {of}; expected a plan: save its text first")]
    TooMuch {
        /// What there is too much of.
        of: &'static str,
        /// How much is read.
        most: u64,
    },
}
