//! Where a page puts things (ISO 32000-1, section 8.3).

use super::object::Object;

/// Takes points of one system to those of another: `[a b c d e f]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Reads six numbers.
    pub(super) fn read(numbers: &[Object]) -> Option<Self> {
        let mut matrix = Self::IDENTITY;
        for (at, entry) in matrix.0.iter_mut().enumerate() {
            *entry = numbers.get(at)?.number()?;
        }
        Some(matrix)
    }

    /// First this one, then another.
    pub(super) fn then(self, next: Self) -> Self {
        let [a, b, c, d, ..] = self.0;
        let (right, up) = (next.direction(a, b), next.direction(c, d));
        let origin = next.point(self.0[4], self.0[5]);
        Self([right.0, right.1, up.0, up.1, origin.0, origin.1])
    }

    /// Which way a direction comes to point.
    pub(super) fn direction(self, x: f64, y: f64) -> (f64, f64) {
        let numbers = self.0;
        (
            numbers[0] * x + numbers[2] * y,
            numbers[1] * x + numbers[3] * y,
        )
    }

    /// Where a point comes to.
    pub(super) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let (right, up) = self.direction(x, y);
        (right + self.0[4], up + self.0[5])
    }
}
