//! What can go wrong while tiles are made.

use std::io;

use input::InputError;

use crate::archive::ArchiveError;

/// Tiles that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TilesError {
    /// The input cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Features that wait could not be put on the disk or taken back from it.
    #[error("cannot keep features in a file beside the output: {source}")]
    Spill {
        /// What the system said.
        #[from]
        source: io::Error,
    },
    /// Nothing to draw.
    #[error(
        "no feature to draw: {features} read, {rejected} of them unreadable, {empty} without a geometry, {filtered} filtered out"
    )]
    Nothing {
        /// Features of the input.
        features: u64,
        /// Of them unreadable.
        rejected: u64,
        /// Of them without a geometry.
        empty: u64,
        /// Of them left out by the filter or by zooms.
        filtered: u64,
    },
    /// A feature was refused and none may be.
    #[error("{file}, {origin}: {problem}; without --strict it would be left out and counted")]
    Strict {
        /// The file.
        file: String,
        /// Where in it.
        origin: input::Origin,
        /// What is wrong.
        problem: Box<input::Problem>,
    },
    /// Too many vertices of lines or polygons.
    #[error("lines or polygons with more than 2 147 483 647 vertices; divide the input")]
    TooManyVertices,
    /// Too much text.
    #[error("more than 4 GB of different texts in attributes; leave some attributes out")]
    TooMuchText,
    /// The last zoom comes before the first.
    #[error("the last zoom is {most} and the first {least}")]
    Zooms {
        /// The first zoom.
        least: u8,
        /// The last zoom.
        most: u8,
    },
    /// An attribute that an option names is in no feature.
    #[error("no feature has the attribute `{name}`")]
    NoAttribute {
        /// The attribute.
        name: String,
    },
    /// The part does not exist.
    #[error("part {number} of {of}; parts are numbered from 1")]
    Part {
        /// The part asked for.
        number: u32,
        /// How many there are.
        of: u32,
    },
}
