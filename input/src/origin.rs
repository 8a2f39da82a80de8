//! Where in a file an entry came from.

use std::fmt;

/// The place of an entry in its file: enough to find it again with a text editor, a GIS or OSM itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// Line of a text table, from 1; of a record over more lines the first.
    Line(u64),
    /// `GeoJSON` or Linked Places feature.
    Feature {
        /// Its number in the file, from 1.
        number: u64,
        /// The line on which it begins, from 1.
        line: u64,
    },
    /// Row id of a table in a `GeoPackage`.
    Row(i64),
    /// Record number in a shapefile, from 1.
    Record(u64),
    /// OSM node id.
    OsmNode(i64),
    /// OSM way id.
    OsmWay(i64),
    /// OSM relation id.
    OsmRelation(i64),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Feature { number, line } => write!(f, "feature {number} (line {line})"),
            Self::Row(id) => write!(f, "row {id}"),
            Self::Record(number) => write!(f, "record {number}"),
            Self::OsmNode(id) => write!(f, "node {id}"),
            Self::OsmWay(id) => write!(f, "way {id}"),
            Self::OsmRelation(id) => write!(f, "relation {id}"),
        }
    }
}
