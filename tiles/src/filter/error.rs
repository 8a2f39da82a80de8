//! What can be wrong with a filter.

/// A filter that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// It is no JSON.
    #[error("the filter is no JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON of the wrong kind.
    #[error("{place} of the filter is {found}; expected {expected}")]
    Kind {
        /// Which part: `filter[1][2]`.
        place: String,
        /// What is there, cut short.
        found: String,
        /// What should be.
        expected: &'static str,
    },
    /// No such operator.
    #[error("{place} of the filter: no operator `{operator}`; there are {}", super::parse::OPERATORS.join(" "))]
    Operator {
        /// Which part.
        place: String,
        /// What stands there.
        operator: String,
    },
    /// An operator has too few or too many operands.
    #[error("{place} of the filter: `{operator}` takes {expected}, not {found}")]
    Count {
        /// Which part.
        place: String,
        /// The operator.
        operator: String,
        /// How many operands it takes.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// Nested too deep.
    #[error("{place} of the filter: nested deeper than {most} levels", most = super::parse::MOST_DEPTH)]
    Depth {
        /// Which part.
        place: String,
    },
}
