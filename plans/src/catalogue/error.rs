//! What can be wrong with a catalogue file.

/// A catalogue file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Not the TOML of the format, or a value that the format does not allow.
    #[error("{file}: {message}")]
    Syntax {
        /// Name of the file.
        file: String,
        /// What was found and what was expected, with line, column and the words there.
        message: String,
    },
    /// A structure that does not agree with itself or with the others.
    #[error("{file}:{line}: {place}: {problem}")]
    Value {
        /// Name of the file.
        file: String,
        /// The line on which the structure begins, from 1.
        line: usize,
        /// Which structure.
        place: String,
        /// What was found and what was expected.
        problem: String,
    },
    /// Two files with one plan.
    #[error("{file}: plan `{plan}`: another file has this plan already")]
    Twice {
        /// Name of the second file.
        file: String,
        /// The plan's identifier.
        plan: String,
    },
}
