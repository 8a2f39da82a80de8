//! Sines without calls and branches: a loop over positions becomes vector instructions.

#![expect(
    clippy::inline_always,
    reason = "a call in the loop would keep it from becoming vector instructions"
)]

use std::ops::{Add, Div, Mul, Sub};

/// Numbers of 64 bits, and of 32, of which twice as many go into a register.
pub(crate) trait Real:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    fn of(value: f64) -> Self;
    fn size(self) -> Self;
    fn root(self) -> Self;
}

impl Real for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn size(self) -> Self {
        self.abs()
    }

    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
}

impl Real for f32 {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline(always)]
    fn size(self) -> Self {
        self.abs()
    }

    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
}

/// Sine and cosine of an angle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn<N> {
    pub(crate) sin: N,
    pub(crate) cos: N,
}

/// Series of the sine and the cosine without their first terms, the highest power first.
const SIN: [f64; 7] = [
    -1.0 / 1_307_674_368_000.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 39_916_800.0,
    1.0 / 362_880.0,
    -1.0 / 5040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
];
const COS: [f64; 7] = [
    -1.0 / 87_178_291_200.0,
    1.0 / 479_001_600.0,
    -1.0 / 3_628_800.0,
    1.0 / 40_320.0,
    -1.0 / 720.0,
    1.0 / 24.0,
    -1.0 / 2.0,
];

impl<N: Real> Turn<N> {
    /// Of an angle of at most 1 in radians, to 5·10⁻¹⁴; of a greater one up to π/2 to 7·10⁻¹¹; beyond, nonsense.
    #[inline(always)]
    pub(crate) fn of(radians: N) -> Self {
        Self::series(radians, SIN, COS)
    }

    /// Of an angle of at most 1 in radians, to 3·10⁻⁷; of a greater one up to π/2 to 2·10⁻⁵.
    #[inline(always)]
    pub(crate) fn roughly_of(radians: N) -> Self {
        Self::series(
            radians,
            [SIN[3], SIN[4], SIN[5], SIN[6]],
            [COS[3], COS[4], COS[5], COS[6]],
        )
    }

    #[inline(always)]
    fn series<const TERMS: usize>(radians: N, sin: [f64; TERMS], cos: [f64; TERMS]) -> Self {
        let square = radians * radians;
        let series = |terms: [f64; TERMS]| {
            let sum = terms
                .into_iter()
                .fold(N::of(0.0), |sum, term| (sum + N::of(term)) * square);
            N::of(1.0) + sum
        };
        Self {
            sin: radians * series(sin),
            cos: series(cos),
        }
    }

    /// Of twice the angle.
    #[inline(always)]
    pub(crate) fn twice(self) -> Self {
        let twice_sin = self.sin + self.sin;
        Self {
            sin: twice_sin * self.cos,
            cos: N::of(1.0) - twice_sin * self.sin,
        }
    }

    /// Of the sum of two angles.
    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            sin: self.sin * other.cos + self.cos * other.sin,
            cos: self.cos * other.cos - self.sin * other.sin,
        }
    }
}

/// The nearest whole number of a number under 2⁵⁰, without a call.
#[inline(always)]
pub(crate) fn nearest_whole(number: f64) -> f64 {
    // Adding it pushes all that is below one out of the mantissa.
    const PUSH: f64 = 6_755_399_441_055_744.0;
    number + PUSH - PUSH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_those_of_the_library() {
        for step in -1570..=1570 {
            let angle = f64::from(step) / 1000.0;
            let (sin, cos) = angle.sin_cos();
            let within = if angle.abs() <= 1.0 { 5e-14 } else { 7e-11 };
            let turn = Turn::of(angle);
            assert!(
                (turn.sin - sin).abs() < within && (turn.cos - cos).abs() < within,
                "{angle}"
            );
            let thrice = turn.twice().and(turn);
            assert!((thrice.sin - (3.0 * angle).sin()).abs() < 1e-9, "{angle}");
            assert!((thrice.cos - (3.0 * angle).cos()).abs() < 1e-9, "{angle}");
            let rough = Turn::roughly_of(angle.clamp(-1.0, 1.0));
            let (sin, cos) = angle.clamp(-1.0, 1.0).sin_cos();
            assert!(
                (rough.sin - sin).abs() < 3e-7 && (rough.cos - cos).abs() < 3e-7,
                "{angle}"
            );
            let rough = Turn::roughly_of(angle);
            let (sin, cos) = angle.sin_cos();
            assert!(
                (rough.sin - sin).abs() < 3e-5 && (rough.cos - cos).abs() < 3e-5,
                "{angle}"
            );
        }
        for (number, whole) in [(2.5, 2.0), (-2.4, -2.0), (1234.6, 1235.0)] {
            assert!((nearest_whole(number) - whole).abs() < 1e-9, "{number}");
        }
    }
}
