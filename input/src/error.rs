//! What can go wrong, and where.

use std::error::Error;
use std::fmt;
use std::io;

use gazetteer::LonLatError;

use crate::Origin;

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The sink refused an entry.
    #[error("{0}")]
    Refused(E),
}

/// A problem with its place: `places.csv:14: …`, `places.geojson, feature 3 (line 7): …`.
#[derive(Debug)]
pub struct InputError {
    /// The file, with the member after a `/` when it is an archive.
    pub file: String,
    /// Where in it.
    pub at: At,
    /// What is wrong.
    pub problem: Box<Problem>,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum At {
    /// The file as a whole.
    File,
    /// A record.
    Record(Origin),
    /// A line and a byte in it, from 1.
    Column {
        /// The line.
        line: u64,
        /// The byte in the line.
        byte: u64,
    },
    /// A byte of the file, from 0.
    Byte(u64),
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, at, problem } = self;
        match at {
            At::File => write!(f, "{file}: {problem}"),
            At::Record(Origin::Line(line)) => write!(f, "{file}:{line}: {problem}"),
            At::Record(origin) => write!(f, "{file}, {origin}: {problem}"),
            At::Column { line, byte } => write!(f, "{file}:{line}:{byte}: {problem}"),
            At::Byte(byte) => write!(f, "{file}, byte {byte}: {problem}"),
        }
    }
}

impl Error for InputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

impl InputError {
    /// The same error, in `file` unless it names one already.
    pub(crate) fn in_file(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
        self
    }
}

impl From<Problem> for InputError {
    fn from(problem: Problem) -> Self {
        problem.at(At::File)
    }
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file cannot be opened.
    #[error("it cannot be opened: {source}")]
    Open {
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("it cannot be read: {source}")]
    Read {
        /// What the system said.
        source: io::Error,
    },
    /// There is nothing to import.
    #[error("it is empty: there is nothing to import")]
    Empty,
    /// Neither the name nor the first bytes tell the format.
    #[error("its format cannot be told by name or first bytes; name it with --format: {known}")]
    UnknownFormat {
        /// The formats there are.
        known: String,
    },
    /// The bytes are not of the format.
    #[error("this is no {expected}: found {found}; if it is another format, name it with --format")]
    NotThisFormat {
        /// The format.
        expected: &'static str,
        /// What is there instead.
        found: String,
    },
    /// Text is not in the encoding it should be in.
    #[error("{place}: bytes that are not {expected}{}", if *.gb18030 { "; the text reads as GB 18030: try --encoding gb18030" } else { "; save the file as UTF-8, or, for CSV and shapefiles, name its encoding with --encoding" })]
    Encoding {
        /// Column and byte, or byte of the file.
        place: String,
        /// The encoding expected.
        expected: &'static str,
        /// Whether the whole text decodes as GB 18030.
        gb18030: bool,
    },
    /// A line, record or feature is too long.
    #[error("{what} is longer than {most} bytes; {hint}")]
    TooLong {
        /// What.
        what: &'static str,
        /// The most there may be.
        most: u64,
        /// The likely reason.
        hint: &'static str,
    },
    /// Compressed data unpacks to far more than it should.
    #[error(
        "{packed} compressed bytes unpack to more than {unpacked}: it looks like a decompression bomb; unpack it yourself if you trust it"
    )]
    Bomb {
        /// Compressed bytes read.
        packed: u64,
        /// Bytes unpacked.
        unpacked: u64,
    },
    /// The file ends too early.
    #[error("it ends inside {what}: it was cut off; get the file again")]
    Truncated {
        /// What it ends in.
        what: String,
    },
    /// The bytes contradict the format.
    #[error("{what}: found {found}, expected {expected}; the file is damaged, get it again")]
    Damaged {
        /// What part.
        what: String,
        /// What is there.
        found: String,
        /// What should be.
        expected: String,
    },
    /// A declared size is absurd.
    #[error(
        "{what} declares {found}, but there can be at most {most}; the file is damaged or hostile"
    )]
    TooLarge {
        /// What part.
        what: &'static str,
        /// The declared size or count.
        found: u64,
        /// The most there may be.
        most: u64,
    },
    /// Values nest too deeply.
    #[error("values nest deeper than {most} levels; no place needs that")]
    TooDeep {
        /// The most there may be.
        most: usize,
    },
    /// A column that is needed is not there.
    #[error(
        "no column for {column}; the columns are: {present}; name it with --columns {column}=…"
    )]
    MissingColumn {
        /// The column as the mapping calls it.
        column: &'static str,
        /// The columns there are.
        present: String,
    },
    /// A column that the mapping names is not there.
    #[error("no column `{wanted}`, which --columns names for {column}; the columns are: {present}")]
    NoSuchColumn {
        /// The column as the mapping calls it.
        column: &'static str,
        /// The header asked for.
        wanted: String,
        /// The columns there are.
        present: String,
    },
    /// No column tells where a row is.
    #[error(
        "no columns of positions; the columns are: {present}; name them with --lon and --lat, or call the one of well-known text `wkt`"
    )]
    NoPosition {
        /// The columns there are.
        present: String,
    },
    /// A column that an option names is not there.
    #[error("no column `{wanted}`, which {option} names; the columns are: {present}")]
    NoSuchField {
        /// The option.
        option: &'static str,
        /// The column asked for.
        wanted: String,
        /// The columns there are.
        present: String,
    },
    /// A row has another number of columns than the header.
    #[error("{found} columns, expected {expected}{}", if *.found < *.expected { "; the row is cut, or a delimiter is missing" } else { "; a value with a delimiter in it needs quotes" })]
    ColumnCount {
        /// Columns of the row.
        found: usize,
        /// Columns expected.
        expected: usize,
    },
    /// A value is not what its column holds.
    #[error("{column} is `{found}`, expected {expected}")]
    Value {
        /// The column.
        column: String,
        /// The value, cut short.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Longitude and latitude are probably swapped.
    #[error("latitude {lat} is outside -90…90{hint}", hint = swapped_hint(*.rows))]
    Swapped {
        /// What stands for the longitude.
        lon: f64,
        /// What stands for the latitude.
        lat: f64,
        /// Of so many rows (second) so many have such a latitude (first), where they were counted.
        rows: Option<(u64, u64)>,
    },
    /// A position outside the globe.
    #[error("{source}; expected WGS 84 degrees, longitude first")]
    Position {
        /// Which value is wrong.
        source: LonLatError,
    },
    /// NaN or infinity where a coordinate should be.
    #[error("{column} is {found}, expected a finite number of degrees")]
    NotFinite {
        /// The column or axis.
        column: &'static str,
        /// The value.
        found: f64,
    },
    /// Another reference system than WGS 84 or CGCS2000.
    #[error(
        "the reference system is {found}, expected WGS 84 (EPSG:4326) or CGCS2000 (EPSG:4490) in degrees; `yutu convert` makes degrees of it (--from-crs EPSG:… where the file is wrong)"
    )]
    Crs {
        /// The reference system.
        found: String,
    },
    /// A kind of geometry that is not read.
    #[error("geometry of type {found} is not read; expected points, lines or areas")]
    GeometryType {
        /// The type.
        found: String,
    },
    /// Geometry as text is wrong.
    #[error("WKT, byte {byte}: expected {expected}")]
    Wkt {
        /// Byte of the text, from 0.
        byte: usize,
        /// What should be there.
        expected: &'static str,
    },
    /// More than one layer or member, and none was named.
    #[error("there is more than one to read: {present}; name one with --layer")]
    WhichLayer {
        /// Those there are.
        present: String,
    },
    /// The layer or member named is not there, or there is none.
    #[error("no {wanted} in it; there is: {present}")]
    NoSuchLayer {
        /// What was looked for.
        wanted: String,
        /// Those there are.
        present: String,
    },
    /// A file that belongs to it is not there.
    #[error("the file {name} that belongs to it is not there; copy it beside")]
    MissingFile {
        /// Its name.
        name: String,
    },
    /// A sentence that JSON does not allow.
    #[error("JSON: {source}")]
    Json {
        /// What the parser said; its line and column count from the start of the feature.
        source: serde_json::Error,
    },
    /// Something else than a feature where one should be.
    #[error("found {found}, expected {expected}")]
    NotAFeature {
        /// What is there.
        found: String,
        /// What should be.
        expected: &'static str,
    },
    /// `SQLite` refuses the file.
    #[error("SQLite: {source}; if the file was cut or copied while open, get it again")]
    Sqlite {
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// The archive is damaged.
    #[error("zip archive: {source}; if it was cut, get it again")]
    Zip {
        /// What the reader said.
        source: zip::result::ZipError,
    },
}

fn swapped_hint(rows: Option<(u64, u64)>) -> String {
    match rows {
        Some((wrong, of)) => format!(
            " in {wrong} of {of} rows: longitude and latitude are swapped in the columns; exchange them with --columns lon=…,lat=…"
        ),
        None => " (positions are lon,lat: are they swapped?)".to_owned(),
    }
}

impl Problem {
    pub(crate) fn at(self, at: At) -> InputError {
        InputError {
            file: String::new(),
            at,
            problem: Box::new(self),
        }
    }

    pub(crate) fn truncated(what: impl Into<String>) -> Self {
        Self::Truncated { what: what.into() }
    }

    pub(crate) fn damaged(
        what: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Damaged {
            what: what.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// A value with its column, cut to a length that fits a message.
    pub(crate) fn value(column: impl Into<String>, found: &str, expected: &'static str) -> Self {
        Self::Value {
            column: column.into(),
            found: found.chars().take(60).collect(),
            expected,
        }
    }
}

/// A problem may travel through `std::io` and comes out as itself.
impl From<Problem> for io::Error {
    fn from(problem: Problem) -> Self {
        Self::new(io::ErrorKind::InvalidData, problem)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(problem) => return problem,
            Err(error) => error,
        };
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::truncated("the compressed data"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::damaged("the compressed data", error.to_string(), "a whole stream")
            }
            _ => Self::Read { source: error },
        }
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(source: rusqlite::Error) -> Self {
        Self::Sqlite { source }
    }
}

impl From<zip::result::ZipError> for Problem {
    fn from(source: zip::result::ZipError) -> Self {
        match source {
            zip::result::ZipError::Io(error) => error.into(),
            source => Self::Zip { source },
        }
    }
}
