//! Reads tiles of Mapbox Vector Tile 2.1, strictly.
//!
//! What makes a tile unreadable is an error with its place; what concerns one feature, or only the tile's order, is a
//! [`Problem`] beside what could be read. Memory is bounded by the bytes that are there, never by a count that they declare.

mod geometry;
mod layer;
mod wire;

use std::fmt;

pub use geometry::{Geometry, Point, Polygon, area_doubled};

/// A decoded tile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tile {
    /// Its layers, in order.
    pub layers: Vec<Layer>,
    /// What was wrong and left out, at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
}

/// Problems of a tile that are kept.
pub const MOST_PROBLEMS: usize = 1000;

/// A layer of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// 1 or 2.
    pub version: u32,
    /// Units of the tile's grid along a side, 4096 where the layer does not say.
    pub extent: u32,
    /// Names of attributes.
    pub keys: Vec<String>,
    /// Values of attributes.
    pub values: Vec<Value>,
    /// Its features, in order, without those that have a [`Problem`].
    pub features: Vec<Feature>,
}

/// A feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its number.
    pub id: Option<u64>,
    /// Attributes: places among the layer's keys and values, which exist.
    pub tags: Vec<(u32, u32)>,
    /// Where it is.
    pub geometry: Geometry,
}

impl Layer {
    /// Returns the attributes of a feature of this layer.
    pub fn attributes<'l>(
        &'l self,
        feature: &'l Feature,
    ) -> impl Iterator<Item = (&'l str, &'l Value)> {
        let tags = feature.tags.iter();
        tags.filter_map(|(key, value)| {
            let key = self.keys.get(*key as usize)?;
            Some((key.as_str(), self.values.get(*value as usize)?))
        })
    }
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// A number of 32 bits.
    Float(f32),
    /// A number of 64 bits.
    Double(f64),
    /// A whole number.
    Int(i64),
    /// A whole number from 0.
    Uint(u64),
    /// A whole number, written so that small negative ones are short.
    Sint(i64),
    /// True or false.
    Bool(bool),
}

impl Value {
    /// Returns the value in JSON. What JSON cannot say (NaN, infinity) is null.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::String(text) => text.as_str().into(),
            Self::Float(number) => f64::from(*number).into(),
            Self::Double(number) => (*number).into(),
            Self::Int(number) | Self::Sint(number) => (*number).into(),
            Self::Uint(number) => (*number).into(),
            Self::Bool(is) => (*is).into(),
        }
    }

    /// Returns the value as a number, if it is one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "for ranges and comparisons")]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some((*number).into()),
            Self::Double(number) => Some(*number),
            Self::Int(number) | Self::Sint(number) => Some(*number as f64),
            Self::Uint(number) => Some(*number as f64),
            Self::String(_) | Self::Bool(_) => None,
        }
    }
}

/// Something wrong that does not keep the rest from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The layer, from 0.
    pub layer: usize,
    /// The feature of it, from 0 and with those left out; none when the layer itself is meant.
    pub feature: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}", self.layer)?;
        if let Some(feature) = self.feature {
            write!(f, ", feature {feature}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// What can be wrong with a feature or a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// No geometry type (section 4.2).
    #[error("no geometry type")]
    NoType,
    /// A geometry type that the specification does not know (section 4.3.4).
    #[error("geometry type {0}; 0 to 3 are known")]
    UnknownType(u64),
    /// No geometry (section 4.2).
    #[error("no geometry")]
    NoGeometry,
    /// A field twice that may be there once.
    #[error("{0} twice")]
    Twice(&'static str),
    /// A number of tags that is odd (section 4.2).
    #[error("{0} tags; they come in pairs of key and value")]
    OddTags(usize),
    /// One key twice in a feature (section 4.2).
    #[error("key {0} twice")]
    RepeatedKey(u32),
    /// A position of a line or a ring that is the one before it (section 4.3.3.2).
    #[error("a LineTo that stays where it is")]
    NoStep,
    /// A ring whose signed area is 0 (section 4.3.4.4).
    #[error("a ring without area")]
    NoArea,
    /// The first ring is an interior one (section 4.3.4.4).
    #[error("a hole without a polygon before it")]
    HoleFirst,
    /// A name that another layer has (section 4.1).
    #[error("a layer before it has the same name")]
    RepeatedName,
}

/// A tile that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct DecodeError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// Where in a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The layer, from 0.
    pub layer: Option<usize>,
    /// The feature of it, from 0.
    pub feature: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.layer, self.feature) {
            (Some(layer), Some(feature)) => write!(f, "layer {layer}, feature {feature}"),
            (Some(layer), None) => write!(f, "layer {layer}"),
            _ => write!(f, "tile"),
        }
    }
}

/// Why a tile cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes end inside something.
    #[error("the bytes end inside {0}")]
    Short(&'static str),
    /// A number of more bits than it may have.
    #[error("{0} is too large a number")]
    TooLarge(&'static str),
    /// A field of another wire type than it must have.
    #[error("{field} has wire type {found}, expected {expected}")]
    WireType {
        /// Which field.
        field: &'static str,
        /// What it has.
        found: u8,
        /// What it must have.
        expected: u8,
    },
    /// A wire type that protocol buffers do not have, or no longer.
    #[error("wire type {0}")]
    UnknownWireType(u8),
    /// Field 0.
    #[error("a field with the number 0")]
    FieldZero,
    /// A field twice that may be there once.
    #[error("{0} twice")]
    Twice(&'static str),
    /// Text that is no UTF-8.
    #[error("{0} is not UTF-8")]
    NotUtf8(&'static str),
    /// A layer without a version (section 4.1).
    #[error("no version")]
    NoVersion,
    /// A version that is not read.
    #[error("version {0}; 1 and 2 are read")]
    Version(u64),
    /// A layer without a name (section 4.1).
    #[error("no name")]
    NoName,
    /// A layer of extent 0.
    #[error("extent 0")]
    NoExtent,
    /// A value of no known type, or of several (section 4.1).
    #[error("value {0} has not exactly one of the seven types")]
    ValueType(usize),
    /// A feature names a key that the layer does not have (section 4.2).
    #[error("key {found} of {of}")]
    NoSuchKey {
        /// Which.
        found: u32,
        /// How many there are.
        of: usize,
    },
    /// A feature names a value that the layer does not have (section 4.2).
    #[error("value {found} of {of}")]
    NoSuchValue {
        /// Which.
        found: u32,
        /// How many there are.
        of: usize,
    },
    /// A command that the geometry type does not have there (section 4.3.4).
    #[error("command {found} with count {count} where {expected} is due")]
    Command {
        /// Number of the command.
        found: u32,
        /// Its count.
        count: u32,
        /// What is due.
        expected: &'static str,
    },
    /// A command counts more positions than follow.
    #[error("command {command} counts {count} positions, and {left} numbers follow")]
    Count {
        /// Number of the command.
        command: u32,
        /// Its count.
        count: u32,
        /// How many numbers are left, two a position.
        left: usize,
    },
    /// Geometry without a command.
    #[error("empty geometry")]
    EmptyGeometry,
}

/// Reads a tile, not compressed. No bytes are a tile without layers.
///
/// # Errors
///
/// [`DecodeError`] says where the tile breaks the specification so that it cannot be read on.
pub fn decode(bytes: &[u8]) -> Result<Tile, DecodeError> {
    layer::tile(bytes)
}

/// Returns the layers of a tile and how many features each has, without reading the features.
///
/// # Errors
///
/// [`DecodeError`] as of [`decode`], as far as the tile is read.
pub fn layer_names(bytes: &[u8]) -> Result<Vec<(&str, u32)>, DecodeError> {
    layer::names(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests;
