//! How deep tiles have to go.

use std::io;

use crate::columns::{ShapeColumns, Store};
use crate::{MAX_ZOOM, WorldPoint};

/// The deepest zoom that is guessed: maps draw the last zoom larger where there is none deeper.
const DEEPEST: u8 = 14;

/// A point needs room of so many grid units to its neighbours, a vertex so many to the next.
const POINT_UNITS: f64 = 8.0;
const VERTEX_UNITS: f64 = 2.0;

/// Guesses the last zoom: where neighbours in the order of tiles, and vertices along paths, are told apart by the grid. Distances
/// count by their geometric mean, so that neither a crowd nor an outlier decides.
pub(crate) fn guess(points: &Store, shapes: &[&ShapeColumns]) -> io::Result<u8> {
    let mut gaps = Mean::default();
    let mut last = None;
    points.walk(0..points.count, |_, at, _| {
        if let Some(last) = last.replace(at) {
            gaps.add(last, at);
        }
    })?;
    let mut steps = Mean::default();
    for columns in shapes {
        let mut start = 0;
        for &end in &columns.path_ends {
            let path = &columns.points[start..end as usize];
            path.windows(2).for_each(|pair| steps.add(pair[0], pair[1]));
            start = end as usize;
        }
    }
    let guesses = [gaps.zoom(POINT_UNITS), steps.zoom(VERTEX_UNITS)];
    Ok(guesses.into_iter().flatten().max().unwrap_or(0))
}

/// A geometric mean of distances.
#[derive(Default)]
struct Mean {
    logarithms: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, one: WorldPoint, other: WorldPoint) {
        let distance = f64::from(one.x.abs_diff(other.x)).hypot(f64::from(one.y.abs_diff(other.y)));
        if distance > 0.0 {
            self.logarithms += distance.log2();
            self.count += 1.0;
        }
    }

    /// The zoom at which the mean is so many grid units: a unit is 2^(20 − z) of the world.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped first"
    )]
    fn zoom(&self, units: f64) -> Option<u8> {
        if self.count == 0.0 {
            return None;
        }
        let units_of_world = self.logarithms / self.count - units.log2();
        let zoom = f64::from(MAX_ZOOM) - units_of_world;
        Some(zoom.ceil().clamp(0.0, f64::from(DEEPEST)) as u8)
    }
}
