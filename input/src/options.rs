//! What the caller may say about a file.

use std::str::FromStr;

use gazetteer::FeatureClass;

use crate::{ColumnMapping, Format};

/// How to read a file. The default guesses what can be guessed and stops at the first bad value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadOptions {
    /// The format; `None`: told by the file's name and first bytes.
    pub format: Option<Format>,
    /// Which columns or properties hold what; those not named are guessed from common headers.
    pub columns: ColumnMapping,
    /// The class of all that carry none, or one that is not known.
    pub class: Option<FeatureClass>,
    /// The encoding of text, where the format leaves it open (CSV, shapefile).
    pub encoding: Option<Encoding>,
    /// The layer of a `GeoPackage`, or the file inside a zip archive.
    pub layer: Option<String>,
    /// How far positions may be off, in metres, for all that do not say; `None`: a figure by class.
    pub accuracy_m: Option<u32>,
    /// Only these classes; empty: all of them.
    pub keep: Vec<FeatureClass>,
    /// Put before every id.
    pub id_prefix: Option<String>,
    /// Count records with a bad value ([`SkipReason::BadValue`](crate::SkipReason::BadValue)) and go on,
    /// instead of stopping. A file that is cut or damaged stops all the same.
    pub skip_bad: bool,
}

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// GB 18030, which contains GBK and GB 2312.
    Gb18030,
    /// UTF-16, little endian unless a byte order mark says otherwise.
    Utf16,
}

/// A word that names no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no encoding; expected utf-8, gb18030 or utf-16")]
pub struct EncodingError(String);

impl FromStr for Encoding {
    type Err = EncodingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::Gb18030),
            "utf-16" | "utf16" => Ok(Self::Utf16),
            _ => Err(EncodingError(text.to_owned())),
        }
    }
}
