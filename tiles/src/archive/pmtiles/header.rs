//! The header of `PMTiles` v3 (section 3 of the specification), 127 bytes.

/// Bytes of a header.
pub const HEADER_BYTES: usize = 127;
/// Header and root directory must be in the first 16 KiB.
pub const ROOT_END: usize = 16_384;
const MAGIC: &[u8; 7] = b"PMTiles";

/// How something is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// It does not say.
    Unknown,
    /// Not at all.
    None,
    /// gzip, which Yutu writes.
    Gzip,
    /// Brotli; Yutu reads and writes none.
    Brotli,
    /// Zstandard; Yutu reads and writes none.
    Zstd,
}

impl Compression {
    fn from_number(number: u8) -> Option<Self> {
        [
            Self::Unknown,
            Self::None,
            Self::Gzip,
            Self::Brotli,
            Self::Zstd,
        ]
        .get(usize::from(number))
        .copied()
    }

    fn number(self) -> u8 {
        self as u8
    }
}

/// A stretch of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Section {
    /// From the start of the file.
    pub offset: u64,
    /// In bytes.
    pub length: u64,
}

impl Section {
    /// Where it ends; `None` beyond 2⁶⁴.
    #[must_use]
    pub fn end(self) -> Option<u64> {
        self.offset.checked_add(self.length)
    }
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The root directory.
    pub root: Section,
    /// The metadata.
    pub metadata: Section,
    /// The leaf directories.
    pub leaves: Section,
    /// The tiles.
    pub data: Section,
    /// Tiles that can be asked for; 0: it does not say.
    pub addressed: u64,
    /// Entries of directories that stand for tiles; 0: it does not say.
    pub entries: u64,
    /// Different tiles; 0: it does not say.
    pub contents: u64,
    /// Whether offsets grow with tile numbers.
    pub clustered: bool,
    /// Of directories and metadata.
    pub internal_compression: Compression,
    /// Of tiles.
    pub tile_compression: Compression,
    /// 1: vector tiles.
    pub tile_type: u8,
    /// First zoom.
    pub min_zoom: u8,
    /// Last zoom.
    pub max_zoom: u8,
    /// West, south, east, north in 10⁻⁷ degrees.
    pub bounds_e7: [i32; 4],
    /// Zoom of the centre.
    pub centre_zoom: u8,
    /// Longitude and latitude of the centre in 10⁻⁷ degrees.
    pub centre_e7: [i32; 2],
}

/// Vector tiles.
pub const TILE_TYPE_MVT: u8 = 1;
/// The tile type of PNG pictures.
pub const TILE_TYPE_PNG: u8 = 2;
/// The tile type of WebP pictures.
pub const TILE_TYPE_WEBP: u8 = 4;

/// Bytes that are no header.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// Too short.
    #[error("{found} bytes; a PMTiles archive begins with a header of {HEADER_BYTES}")]
    Short {
        /// How many bytes there are.
        found: usize,
    },
    /// Other first bytes.
    #[error("it does not begin with `PMTiles`")]
    Magic,
    /// Another version.
    #[error("PMTiles version {found}; version 3 is read")]
    Version {
        /// Which.
        found: u8,
    },
    /// A number without a meaning.
    #[error("{what} is {found}, which the specification does not know")]
    Number {
        /// Which field.
        what: &'static str,
        /// What it holds.
        found: u8,
    },
}

impl Header {
    /// Reads a header from the first bytes of an archive.
    ///
    /// # Errors
    ///
    /// [`HeaderError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeaderError> {
        let Some((bytes, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Err(if bytes.starts_with(MAGIC) || bytes.is_empty() {
                HeaderError::Short { found: bytes.len() }
            } else {
                HeaderError::Magic
            });
        };
        if !bytes.starts_with(MAGIC) {
            return Err(HeaderError::Magic);
        }
        if bytes[7] != 3 {
            return Err(HeaderError::Version { found: bytes[7] });
        }
        let u64_at = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(eight)
        };
        let section = |at| Section {
            offset: u64_at(at),
            length: u64_at(at + 8),
        };
        let i32_at = |at: usize| {
            let mut four = [0; 4];
            four.copy_from_slice(&bytes[at..at + 4]);
            i32::from_le_bytes(four)
        };
        let compression = |at: usize, what| {
            Compression::from_number(bytes[at]).ok_or(HeaderError::Number {
                what,
                found: bytes[at],
            })
        };
        let clustered = match bytes[96] {
            0 => false,
            1 => true,
            found => {
                return Err(HeaderError::Number {
                    what: "clustered",
                    found,
                });
            }
        };
        Ok(Self {
            root: section(8),
            metadata: section(24),
            leaves: section(40),
            data: section(56),
            addressed: u64_at(72),
            entries: u64_at(80),
            contents: u64_at(88),
            clustered,
            internal_compression: compression(97, "internal compression")?,
            tile_compression: compression(98, "tile compression")?,
            tile_type: bytes[99],
            min_zoom: bytes[100],
            max_zoom: bytes[101],
            bounds_e7: [102, 106, 110, 114].map(i32_at),
            centre_zoom: bytes[118],
            centre_e7: [119, 123].map(i32_at),
        })
    }

    /// Returns the bytes of the header.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut out = Vec::with_capacity(HEADER_BYTES);
        out.extend_from_slice(MAGIC);
        out.push(3);
        for section in [self.root, self.metadata, self.leaves, self.data] {
            out.extend_from_slice(&section.offset.to_le_bytes());
            out.extend_from_slice(&section.length.to_le_bytes());
        }
        for count in [self.addressed, self.entries, self.contents] {
            out.extend_from_slice(&count.to_le_bytes());
        }
        out.extend_from_slice(&[
            u8::from(self.clustered),
            self.internal_compression.number(),
            self.tile_compression.number(),
            self.tile_type,
            self.min_zoom,
            self.max_zoom,
        ]);
        for degrees in self.bounds_e7 {
            out.extend_from_slice(&degrees.to_le_bytes());
        }
        out.push(self.centre_zoom);
        for degrees in self.centre_e7 {
            out.extend_from_slice(&degrees.to_le_bytes());
        }
        let mut bytes = [0; HEADER_BYTES];
        bytes.copy_from_slice(&out);
        bytes
    }
}
