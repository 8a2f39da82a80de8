//! What can go wrong.

use std::io;
use std::path::PathBuf;

use input::InputError;

use crate::atomic::AtomicError;

/// Why a file was not converted. Whatever stood at its path before still stands there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The input cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The output cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output cannot be put in its place.
    #[error(transparent)]
    File(#[from] AtomicError),
    /// `SQLite` refused.
    #[error("cannot write {}: {source}", path.display())]
    Sqlite {
        /// The path asked for.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// Features cannot be read, and are not to be left out.
    #[error(
        "{count} features cannot be read, the first of them {first}; without --strict they are left out"
    )]
    Strict {
        /// How many.
        count: u64,
        /// The first, with its place and reason.
        first: String,
    },
    /// The database refused, in its own words.
    #[error("the database: {said}")]
    Psql {
        /// What `psql` said.
        said: String,
    },
    /// Two layers of one name.
    #[error("two layers are named `{name}`; give one of them another name")]
    RepeatedLayer {
        /// The name.
        name: String,
    },
    /// Several layers for a format of one.
    #[error(
        "a {format} file holds one layer, not {layers}; write each to a file of its own, or all to a GeoPackage (.gpkg)"
    )]
    OneLayer {
        /// The format.
        format: &'static str,
        /// How many there are.
        layers: usize,
    },
    /// The second pass over the file found something else than the first.
    #[error("{file}: it changed while it was read; read it when nobody writes it")]
    Changed {
        /// The file.
        file: String,
    },
    /// More than the format can hold.
    #[error("{what}: {found}, and a {format} file holds at most {most}")]
    TooMuch {
        /// The format.
        format: &'static str,
        /// What there is too much of.
        what: String,
        /// How much there is.
        found: u64,
        /// How much there may be.
        most: u64,
    },
    /// A reference system that the format cannot name.
    #[error("{format} cannot be written in {crs}: {reason}")]
    Crs {
        /// The format.
        format: &'static str,
        /// The reference system.
        crs: String,
        /// Why, and what to do.
        reason: &'static str,
    },
}
