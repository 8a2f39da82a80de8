//! Rows that make no feature.

use std::ops::Range;

use crate::{Origin, Problem};

/// A row that makes no feature, with its reason. Never lost: rows of the input are features and rejects.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reject {
    /// Number of the row among all features and rejects of the input, from 0.
    pub number: u64,
    /// Its line, row id or record number.
    pub origin: Origin,
    /// Its bytes in the input, unpacked and as UTF-8: first and after the last. Empty for a row of a database.
    pub bytes: Range<u64>,
    /// Its own bytes, without the end of the line. Empty for a row of a database, and for one that was too long to be kept.
    pub raw: Vec<u8>,
    /// What is wrong with it.
    pub problem: Problem,
}
