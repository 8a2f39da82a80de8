//! How much each vertex of an arc matters: Douglas–Peucker for every tolerance at once.
//!
//! A vertex gets the squared distance at which Douglas–Peucker splits at it, at most that of the split before. What is greater than
//! a squared tolerance is then exactly what a fresh run at that tolerance keeps.

/// Evaluations a vertex may cost on average before arcs are split in the middle instead of at their farthest vertex. Balanced
/// splits of a million vertices cost 20; only shapes made for it cost more than this.
const WORK_PER_VERTEX: usize = 128;

/// Working space for [`significance`].
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    stack: Vec<(u32, u32, f32)>,
}

/// Writes the significance of the path in `scratch.xs` and `scratch.ys` in squared units; the ends get infinity, and
/// so does the farthest vertex of a closed path.
pub(super) fn significance(scratch: &mut Scratch, into: &mut [f32]) {
    let Scratch { xs, ys, stack } = scratch;
    let count = xs.len().min(ys.len()).min(into.len());
    if count == 0 {
        return;
    }
    into[0] = f32::INFINITY;
    into[count - 1] = f32::INFINITY;
    if count < 3 {
        return;
    }
    stack.clear();
    stack.push((0, index(count - 1), f32::INFINITY));
    let mut work = count.saturating_mul(WORK_PER_VERTEX);
    while let Some((first, last, cap)) = stack.pop() {
        let (start, end) = (first as usize, last as usize);
        let (at, distance_2) = match end - start {
            0 | 1 => continue,
            2 => {
                let (at, distance) = farthest(xs, ys, start, end);
                // `cast_possible_truncation` cannot matter: the greatest squared distance is 2^66.
                into[at] = narrow(distance).min(cap);
                continue;
            }
            inner if work < inner => (usize::midpoint(start, end), f64::INFINITY),
            inner => {
                work -= inner;
                farthest(xs, ys, start, end)
            }
        };
        let whole = start == 0 && end == count - 1;
        let closed = whole && (xs[start], ys[start]) == (xs[end], ys[end]);
        let own = if closed {
            f32::INFINITY
        } else {
            narrow(distance_2).min(cap)
        };
        into[at] = own;
        stack.push((first, index(at), own));
        stack.push((index(at), last, own));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "squared distances are at most 2^66, far below the greatest f32"
)]
fn narrow(distance_2: f64) -> f32 {
    distance_2 as f32
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "arcs have at most MAX_POINTS vertices"
)]
fn index(at: usize) -> u32 {
    at as u32
}

/// Returns the vertex between two that is farthest from the straight line between them, the first of several, and its squared
/// distance.
fn farthest(xs: &[f64], ys: &[f64], start: usize, end: usize) -> (usize, f64) {
    let (ax, ay) = (xs[start], ys[start]);
    let (dx, dy) = (xs[end] - ax, ys[end] - ay);
    let length_2 = dx * dx + dy * dy;
    let per_length_2 = if length_2 > 0.0 { 1.0 / length_2 } else { 0.0 };
    let (mut at, mut most) = (start + 1, -1.0);
    for (offset, (&x, &y)) in xs[start + 1..end]
        .iter()
        .zip(&ys[start + 1..end])
        .enumerate()
    {
        let (px, py) = (x - ax, y - ay);
        let along = ((px * dx + py * dy) * per_length_2).clamp(0.0, 1.0);
        let (ex, ey) = (px - along * dx, py - along * dy);
        let distance_2 = ex * ex + ey * ey;
        if distance_2 > most {
            (at, most) = (start + 1 + offset, distance_2);
        }
    }
    (at, most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(points: &[(f64, f64)]) -> Vec<f32> {
        let mut scratch = Scratch {
            xs: points.iter().map(|point| point.0).collect(),
            ys: points.iter().map(|point| point.1).collect(),
            stack: Vec::new(),
        };
        let mut into = vec![0.0; points.len()];
        significance(&mut scratch, &mut into);
        into
    }

    /// Douglas–Peucker as it is written in books.
    fn fresh(
        points: &[(f64, f64)],
        tolerance_2: f32,
        kept: &mut Vec<usize>,
        start: usize,
        end: usize,
    ) {
        if end - start < 2 {
            return;
        }
        let xs: Vec<f64> = points.iter().map(|point| point.0).collect();
        let ys: Vec<f64> = points.iter().map(|point| point.1).collect();
        let (at, distance_2) = farthest(&xs, &ys, start, end);
        if narrow(distance_2) > tolerance_2 {
            fresh(points, tolerance_2, kept, start, at);
            kept.push(at);
            fresh(points, tolerance_2, kept, at, end);
        }
    }

    proptest! {
        #[test]
        fn the_filter_keeps_what_a_fresh_run_keeps(
            points in prop::collection::vec((0i32..1000, 0i32..1000), 2..60),
            tolerance in 0f32..500.0,
        ) {
            let points: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x.into(), y.into())).collect();
            prop_assume!(points.first() != points.last());
            let tolerance_2 = tolerance * tolerance;
            let found = of(&points);
            let filtered: Vec<usize> = (0..points.len()).filter(|&at| found[at] > tolerance_2).collect();
            let mut kept = vec![0];
            fresh(&points, tolerance_2, &mut kept, 0, points.len() - 1);
            kept.push(points.len() - 1);
            prop_assert_eq!(filtered, kept);
        }
    }

    #[test]
    fn a_closed_path_keeps_its_farthest_vertex() {
        let found = of(&[(0.0, 0.0), (1.0, 0.0), (9.0, 9.0), (0.0, 1.0), (0.0, 0.0)]);
        assert!(found[2].is_infinite());
        assert!(found[1].is_finite() && found[3].is_finite());
    }

    #[test]
    fn a_path_made_to_be_slow_is_not() {
        // Every split takes off one vertex: without a bound, 10^10 evaluations.
        let points: Vec<(f64, f64)> = (0..200_000u32)
            .map(|at| {
                let x = f64::from(at);
                (x, if at % 2 == 0 { 1e3 * x } else { 0.0 })
            })
            .collect();
        let found = of(&points);
        assert!(found.iter().all(|&value| value >= 0.0));
    }
}
