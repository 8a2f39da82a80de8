//! Which features to draw, at which zooms: filters as `MapLibre` styles have them.
//!
//! Expressions (`["all", ["==", ["get", "class"], "river"], [">=", ["zoom"], 6]]`) and the older form of filters
//! (`["all", ["==", "class", "river"], ["in", "lanes", 2, 4]]`), told apart as `MapLibre` does. A feature for which an
//! expression has no value (a comparison of text with a number) is left out, as on a map.

mod error;
mod evaluate;
mod parse;

pub use error::FilterError;

use input::features::FeatureView;
use serde_json::Value as Json;

use crate::MAX_ZOOM;
use evaluate::Subject;

/// A filter.
#[derive(Debug, Clone)]
pub struct Filter {
    root: Node,
    by_zoom: bool,
}

/// A part of an expression.
#[derive(Debug, Clone)]
enum Node {
    Literal(Literal),
    Get(Box<Node>),
    Has(Box<Node>),
    Id,
    Zoom,
    GeometryType,
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Coalesce(Vec<Node>),
    Case(Vec<(Node, Node)>, Box<Node>),
    Arithmetic(Operation, Vec<Node>),
    ToNumber(Box<Node>),
    ToText(Box<Node>),
}

/// A value that stands in the expression.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Literal>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Least,
    Most,
}

impl Filter {
    /// Reads a filter from JSON text.
    ///
    /// # Errors
    ///
    /// [`FilterError`] when the text is no JSON, or an operator is unknown or has operands of the wrong number or kind.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let json: Json = serde_json::from_str(text).map_err(FilterError::NotJson)?;
        let root = parse::filter(&json)?;
        Ok(Self {
            by_zoom: parse::uses_zoom(&root),
            root,
        })
    }

    /// Whether it lets a feature through at zoom 0.
    #[must_use]
    pub fn matches(&self, feature: &FeatureView<'_>) -> bool {
        Subject { feature, zoom: 0 }.is_true(&self.root)
    }

    /// The zooms at which it lets a feature through, one bit a zoom.
    pub(crate) fn zooms(&self, feature: &FeatureView<'_>) -> u32 {
        let lets = |zoom: u8| Subject { feature, zoom }.is_true(&self.root);
        if !self.by_zoom {
            return if lets(0) { u32::MAX } else { 0 };
        }
        (0..=MAX_ZOOM)
            .filter(|&zoom| lets(zoom))
            .fold(0, |zooms, zoom| zooms | 1 << zoom)
    }
}

#[cfg(test)]
mod tests;
