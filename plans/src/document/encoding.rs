//! Bytes as characters: UTF-8, UTF-16, and GB 18030, which GB 2312 and GBK are parts of.

use std::fmt;

use encoding_rs::{DecoderResult, Encoding as Table, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::DocumentError;

/// How many bytes tell UTF-16 without a mark.
const SAMPLE: usize = 1 << 16;

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// GB 18030, also GBK and GB 2312.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB 18030",
        })
    }
}

impl Encoding {
    fn table(self) -> &'static Table {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
        }
    }
}

/// The text of a file and how it is written. `declared` is what a web page says of itself; it counts when
/// the bytes have no mark and are not UTF-8.
pub(super) fn decode(
    bytes: Vec<u8>,
    declared: Option<String>,
) -> Result<(String, Encoding), DocumentError> {
    if let Some((encoding, length)) = mark(&bytes) {
        return strictly(&bytes[length..], encoding)
            .map(|text| (text, encoding))
            .map_err(|at| DocumentError::Declared {
                at: at + length,
                declared: encoding,
            });
    }
    if let Some(encoding) = utf16_without_mark(&bytes)
        && let Ok(text) = strictly(&bytes, encoding)
    {
        return Ok((text, encoding));
    }
    let (bytes, at) = match String::from_utf8(bytes) {
        Ok(text) => return Ok((text, Encoding::Utf8)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (error.into_bytes(), at)
        }
    };
    let table = declared
        .as_deref()
        .map(|label| Table::for_label(label.as_bytes()));
    let promised = match (table, declared) {
        (None, _) => false,
        (Some(Some(table)), _) if table.output_encoding() == UTF_8 => false,
        (Some(Some(table)), _) if table == GB18030 || table == encoding_rs::GBK => true,
        (_, charset) => {
            return Err(DocumentError::Charset {
                charset: charset.unwrap_or_default(),
            });
        }
    };
    match strictly(&bytes, Encoding::Gb18030) {
        Ok(text) if promised || is_chinese(&bytes) => Ok((text, Encoding::Gb18030)),
        Err(at) if promised => Err(DocumentError::Declared {
            at,
            declared: Encoding::Gb18030,
        }),
        _ => Err(DocumentError::Encoding { at }),
    }
}

/// The encoding that a byte order mark tells, and its length. That of UTF-8 stays in the text, where it
/// keeps the offsets true.
fn mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    if bytes.starts_with(b"\xff\xfe") {
        Some((Encoding::Utf16Le, 2))
    } else if bytes.starts_with(b"\xfe\xff") {
        Some((Encoding::Utf16Be, 2))
    } else if bytes.starts_with(b"\x84\x31\x95\x33") {
        Some((Encoding::Gb18030, 4))
    } else {
        None
    }
}

/// Decodes without replacing anything; the error is the place of the first wrong byte.
fn strictly(bytes: &[u8], encoding: Encoding) -> Result<String, usize> {
    let mut decoder = encoding.table().new_decoder_without_bom_handling();
    // Two bytes of a Chinese character become three.
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    let mut read = 0;
    loop {
        let (result, taken) =
            decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += taken;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(bytes.len() / 4 + 64),
            DecoderResult::Malformed(bad, after) => {
                return Err(read.saturating_sub(usize::from(bad) + usize::from(after)));
            }
        }
    }
}

/// UTF-16 by the NUL bytes that its spaces, digits and line ends have. Which byte goes first is told by what
/// reads as a text: 中 the other way round is a dingbat. U+3000 and 一 have a NUL on the other side.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let nuls = sample.split(|byte| *byte == 0).count() - 1;
    // UTF-8 with a stray NUL: pairs of its letters would read as Han characters.
    let stray = nuls * 4 < sample.len() && std::str::from_utf8(bytes).is_ok();
    if nuls == 0 || stray {
        return None;
    }
    let mut both = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter();
    both.find(|encoding| {
        let (text, _) = encoding.table().decode_without_bom_handling(sample);
        is_plausible(&text)
    })
}

/// Whether nearly all characters are those of a Chinese or English text.
fn is_plausible(text: &str) -> bool {
    let (mut good, mut all) = (0_usize, 0_usize);
    for character in text.chars() {
        all += 1;
        good += usize::from(
            character.is_ascii_graphic()
                || character.is_whitespace()
                || matches!(character, '\u{2010}'..='\u{203f}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}')
                || matches!(character, '\u{ff00}'..='\u{ffef}'),
        );
    }
    good * 10 >= all * 9
}

/// Whether bytes that decode as GB 18030 are Chinese in it: of the characters beyond ASCII three in four must
/// be Han characters or marks of GB 2312, which are those in use. Other encodings read as rare ones.
fn is_chinese(bytes: &[u8]) -> bool {
    let (mut used, mut all) = (0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        let first = bytes[at];
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        let length = match (first, second) {
            (0..=0x7f, _) => 1,
            (_, b'0'..=b'9') => 4,
            _ => 2,
        };
        at += length;
        if length > 1 {
            all += 1;
            used += usize::from(matches!(first, 0xa1..=0xa3 | 0xb0..=0xf7) && second >= 0xa1);
        }
    }
    all > 0 && used * 4 >= all * 3
}
