//! Vertices as they were read, in half the memory where that loses nothing.

use std::ops::Range;

/// Steps of whole vertices: ten-millionths of a degree, a centimetre.
const STEPS_PER_DEGREE: f64 = 1e7;

/// Longitude and latitude of vertices, exactly as they were given.
#[derive(Debug, Clone)]
pub(crate) enum Vertices {
    /// In steps: as long as every number is the nearest to a decimal of at most seven digits after the point, dividing
    /// gives it again (one division of exact numbers rounds as reading the decimal does).
    Whole(Vec<[i32; 2]>),
    /// As they are.
    Exact(Vec<[f64; 2]>),
}

impl Default for Vertices {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

/// The vertex of steps.
#[inline]
pub(super) fn degrees(steps: [i32; 2]) -> [f64; 2] {
    steps.map(|steps| f64::from(steps) / STEPS_PER_DEGREE)
}

/// The steps whose vertex is `at`, bit for bit (but for the sign of zero).
#[inline]
fn steps(at: [f64; 2]) -> Option<[i32; 2]> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what does not fit is not equal afterwards"
    )]
    let steps = at.map(|value| (value * STEPS_PER_DEGREE + 0.5_f64.copysign(value)) as i32);
    super::locate::same(degrees(steps), at).then_some(steps)
}

impl Vertices {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Whole(all) => all.len(),
            Self::Exact(all) => all.len(),
        }
    }

    /// The vertex at an index that is in range.
    #[inline]
    pub(super) fn at(&self, index: usize) -> [f64; 2] {
        match self {
            Self::Whole(all) => degrees(all[index]),
            Self::Exact(all) => all[index],
        }
    }

    /// Something of the vertex at an index that is in range, to have it in the cache.
    #[inline]
    pub(super) fn look_at(&self, index: usize) -> u32 {
        match self {
            Self::Whole(all) => all[index][0].cast_unsigned(),
            #[expect(clippy::cast_possible_truncation, reason = "it means nothing")]
            Self::Exact(all) => all[index][0].to_bits() as u32,
        }
    }

    /// The vertices of a range.
    pub(super) fn run(&self, range: Range<usize>) -> impl Iterator<Item = [f64; 2]> + Clone + '_ {
        range.map(|index| self.at(index))
    }

    pub(super) fn extend(&mut self, more: &[[f64; 2]]) {
        if let Self::Whole(all) = self {
            let before = all.len();
            for vertex in more {
                let Some(steps) = steps(*vertex) else {
                    all.truncate(before);
                    let exact = all.iter().copied().map(degrees).collect();
                    *self = Self::Exact(exact);
                    break;
                };
                all.push(steps);
            }
        }
        if let Self::Exact(all) = self {
            all.extend_from_slice(more);
        }
    }

    /// The vertices of these ranges one after the other, copied on some threads.
    pub(super) fn gathered(&self, ranges: &[Range<usize>], threads: usize) -> Self {
        match self {
            Self::Whole(all) => Self::Whole(gathered(all, ranges, threads)),
            Self::Exact(all) => Self::Exact(gathered(all, ranges, threads)),
        }
    }

    pub(super) fn truncate(&mut self, length: usize) {
        match self {
            Self::Whole(all) => all.truncate(length),
            Self::Exact(all) => all.truncate(length),
        }
    }
}

/// Copies ranges of `all` one after the other.
fn gathered<T: Copy + Default + Send + Sync>(
    all: &[T],
    ranges: &[Range<usize>],
    threads: usize,
) -> Vec<T> {
    let total: usize = ranges.iter().map(Range::len).sum();
    let mut made = vec![T::default(); total];
    let copy = |ranges: &[Range<usize>], mut room: &mut [T]| {
        for range in ranges {
            let (here, rest) = std::mem::take(&mut room).split_at_mut(range.len());
            here.copy_from_slice(&all[range.clone()]);
            room = rest;
        }
    };
    std::thread::scope(|scope| {
        let mut room = &mut made[..];
        for part in ranges.chunks(ranges.len().div_ceil(threads.max(1)).max(1)) {
            let length = part.iter().map(Range::len).sum();
            let (here, rest) = room.split_at_mut(length);
            room = rest;
            scope.spawn(move || copy(part, here));
        }
    });
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_of_seven_digits_are_kept_as_steps_and_come_back_bit_for_bit() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut vertices = Vertices::default();
        let mut given = Vec::new();
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let whole = i64::try_from(state % 3_600_000_000).expect("fits") - 1_800_000_000;
            let text = format!("{}.{:07}", whole / 10_000_000, whole.abs() % 10_000_000);
            let value: f64 = text.parse().expect("a number");
            given.push([value, value / 2.0]);
            vertices.extend(&[[value, value]]);
            assert_eq!(
                vertices.at(vertices.len() - 1)[0].to_bits(),
                (value + 0.0).to_bits(),
                "{text}"
            );
        }
        assert!(matches!(vertices, Vertices::Whole(_)));
    }

    proptest! {
        #[test]
        fn any_numbers_come_back(
            few in proptest::collection::vec((0..9_i32, -9..9_i32), 0..5),
            more in proptest::collection::vec((-400.0..400.0_f64, -90.0..90.0_f64), 0..5),
        ) {
            let mut vertices = Vertices::default();
            let few: Vec<[f64; 2]> = few.iter().map(|(x, y)| [f64::from(*x) / 4.0, f64::from(*y) / 8.0]).collect();
            let more: Vec<[f64; 2]> = more.iter().map(|(x, y)| [*x, *y]).collect();
            vertices.extend(&few);
            vertices.extend(&more);
            let expected: Vec<[f64; 2]> = few.into_iter().chain(more).collect();
            prop_assert_eq!(vertices.run(0..vertices.len()).collect::<Vec<_>>(), expected.clone());
            let (middle, end) = (expected.len() / 2, expected.len());
            let turned = [expected[middle..].to_vec(), expected[..middle].to_vec()].concat();
            for threads in [1, 2, 5] {
                let copied = vertices.gathered(&[middle..end, 0..middle], threads);
                prop_assert_eq!(copied.run(0..end).collect::<Vec<_>>(), turned.clone());
            }
        }
    }
}
