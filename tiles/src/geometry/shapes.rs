//! Lines and polygons as columns.

use crate::WorldPoint;

/// What the paths of [`Shapes`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Paths that do not close. Each is a part of its feature.
    Lines,
    /// Rings: the first of a part is its exterior, the others are its holes. Either way round.
    Polygons,
}

/// Lines or polygons of many features as columns. A ring may repeat its first point at its end.
///
/// Every `…_ends` column holds, for each row, the end of its range in the column below; it starts where the row before ends.
#[derive(Debug, Clone)]
pub struct Shapes {
    pub(super) kind: Kind,
    pub(super) points: Vec<WorldPoint>,
    /// Ends of paths in points.
    pub(super) path_ends: Vec<u32>,
    /// Ends of parts in paths.
    pub(super) part_ends: Vec<u32>,
    /// Ends of features in parts.
    pub(super) feature_ends: Vec<u32>,
}

/// Columns that do not fit together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapesError {
    /// An end lies before the end of the row before.
    #[error("row {row} of the column of {column} ends before it begins")]
    Descending {
        /// The column: paths, parts or features.
        column: &'static str,
        /// The row, from 0.
        row: usize,
    },
    /// The last end is not the length of the column below.
    #[error("the column of {column} ends at {found} and the one below it has {expected} rows")]
    Length {
        /// The column: paths, parts or features.
        column: &'static str,
        /// The last end.
        found: usize,
        /// The length of the column below.
        expected: usize,
    },
    /// There are more points than fit.
    #[error("{found} points; the most in one go is {MAX_POINTS}, so divide the input")]
    TooMany {
        /// How many there are.
        found: usize,
    },
}

/// The most points of [`Shapes`].
pub const MAX_POINTS: usize = 1 << 31;

impl Shapes {
    /// Returns polygons.
    ///
    /// # Errors
    ///
    /// [`ShapesError`] when the columns do not fit together.
    pub fn polygons(
        points: Vec<WorldPoint>,
        ring_ends: Vec<u32>,
        part_ends: Vec<u32>,
        feature_ends: Vec<u32>,
    ) -> Result<Self, ShapesError> {
        Self {
            kind: Kind::Polygons,
            points,
            path_ends: ring_ends,
            part_ends,
            feature_ends,
        }
        .checked()
    }

    /// Returns lines.
    ///
    /// # Errors
    ///
    /// [`ShapesError`] when the columns do not fit together.
    pub fn lines(
        points: Vec<WorldPoint>,
        line_ends: Vec<u32>,
        feature_ends: Vec<u32>,
    ) -> Result<Self, ShapesError> {
        let lines = u32::try_from(line_ends.len()).map_err(|_| ShapesError::TooMany {
            found: line_ends.len(),
        })?;
        Self {
            kind: Kind::Lines,
            points,
            path_ends: line_ends,
            part_ends: (1..=lines).collect(),
            feature_ends,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, ShapesError> {
        if self.points.len() > MAX_POINTS {
            return Err(ShapesError::TooMany {
                found: self.points.len(),
            });
        }
        check("paths", &self.path_ends, self.points.len())?;
        check("parts", &self.part_ends, self.path_ends.len())?;
        check("features", &self.feature_ends, self.part_ends.len())?;
        Ok(self)
    }

    /// Returns the points and the ends of paths, parts and features.
    #[must_use]
    pub fn into_columns(self) -> (Vec<WorldPoint>, [Vec<u32>; 3]) {
        (
            self.points,
            [self.path_ends, self.part_ends, self.feature_ends],
        )
    }

    /// Returns the number of features.
    #[must_use]
    pub fn features(&self) -> usize {
        self.feature_ends.len()
    }
}

fn check(column: &'static str, ends: &[u32], below: usize) -> Result<(), ShapesError> {
    if let Some(row) = ends.windows(2).position(|pair| pair[0] > pair[1]) {
        return Err(ShapesError::Descending {
            column,
            row: row + 1,
        });
    }
    let found = ends.last().map_or(0, |&end| end as usize);
    if found != below {
        return Err(ShapesError::Length {
            column,
            found,
            expected: below,
        });
    }
    Ok(())
}

/// Returns the range of a row of a column of ends.
pub(super) fn row(ends: &[u32], index: usize) -> std::ops::Range<usize> {
    let start = if index == 0 {
        0
    } else {
        ends[index - 1] as usize
    };
    start..ends[index] as usize
}
