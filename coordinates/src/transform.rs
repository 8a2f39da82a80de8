//! From one reference system into another, a slice at a time.

use crate::{CoordinatesError, Crs, Zone, bd09, gauss, gcj02};

/// A way from one reference system into another. It can be shared between threads.
#[derive(Debug, Clone)]
pub struct Transform {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// From degrees to GCJ-02, and back.
    Gcj02,
    FromGcj02,
    /// From GCJ-02 to BD-09, and back.
    Bd09,
    FromBd09,
    /// From degrees to a zone, and back.
    Zone(Zone),
    FromZone(Zone),
    /// Between two codes of EPSG.
    #[cfg(feature = "proj")]
    Proj(u32, u32),
}

/// The code of the degrees that all ways meet in.
const DEGREES: u32 = 4326;

/// Positions that go through all steps together: they stay in the nearest cache.
const BLOCK: usize = 1024;

impl Transform {
    /// Finds the way from one system into another.
    ///
    /// # Errors
    /// When PROJ is needed and not built in, or does not know a code.
    pub fn new(from: Crs, to: Crs) -> Result<Self, CoordinatesError> {
        let steps = match (from, to) {
            _ if from == to => Vec::new(),
            (Crs::Epsg(from), Crs::Epsg(to)) => vec![proj(from, to)?],
            (Crs::Bd09, Crs::Gcj02) => vec![Step::FromBd09],
            (Crs::Gcj02, Crs::Bd09) => vec![Step::Bd09],
            _ => {
                let mut steps = match from {
                    Crs::Degrees => vec![],
                    Crs::Gcj02 => vec![Step::FromGcj02],
                    Crs::Bd09 => vec![Step::FromBd09, Step::FromGcj02],
                    Crs::Zone(zone) => vec![Step::FromZone(zone)],
                    Crs::Epsg(code) => vec![proj(code, DEGREES)?],
                };
                match to {
                    Crs::Degrees => {}
                    Crs::Gcj02 => steps.push(Step::Gcj02),
                    Crs::Bd09 => steps.extend([Step::Gcj02, Step::Bd09]),
                    Crs::Zone(zone) => steps.push(Step::Zone(zone)),
                    Crs::Epsg(code) => steps.push(proj(DEGREES, code)?),
                }
                steps
            }
        };
        Ok(Self { steps })
    }

    /// The way between two systems as [`Crs`] reads their names.
    ///
    /// # Errors
    /// As [`Transform::new`], and when a text names no system.
    pub fn parse(from: &str, to: &str) -> Result<Self, CoordinatesError> {
        Self::new(from.parse()?, to.parse()?)
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.steps.is_empty()
    }

    /// Changes positions in place; x and y are of equal length. A position that has no image becomes not a number in both;
    /// how many did comes back. An identity leaves everything as it is and counts nothing.
    pub fn apply(&self, x: &mut [f64], y: &mut [f64]) -> usize {
        if self.is_identity() {
            return 0;
        }
        let mut without = 0;
        for (x, y) in x.chunks_mut(BLOCK).zip(y.chunks_mut(BLOCK)) {
            for step in &self.steps {
                step.apply(x, y);
            }
            for (x, y) in x.iter_mut().zip(y.iter_mut()) {
                if !(x.is_finite() && y.is_finite()) {
                    (*x, *y) = (f64::NAN, f64::NAN);
                    without += 1;
                }
            }
        }
        without
    }

    /// Changes one position; `None` when it has no image.
    #[must_use]
    pub fn one(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (mut x, mut y) = ([x], [y]);
        (self.apply(&mut x, &mut y) == 0 && x[0].is_finite() && y[0].is_finite())
            .then_some((x[0], y[0]))
    }
}

impl Step {
    fn apply(self, x: &mut [f64], y: &mut [f64]) {
        let each = |x: &mut [f64], y: &mut [f64], change: &dyn Fn(f64, f64) -> (f64, f64)| {
            for (x, y) in x.iter_mut().zip(y) {
                (*x, *y) = change(*x, *y);
            }
        };
        match self {
            Self::Gcj02 => gcj02::shift(x, y),
            Self::FromGcj02 => gcj02::shift_back(x, y),
            Self::Bd09 => bd09::shift(x, y),
            Self::FromBd09 => bd09::shift_back(x, y),
            Self::Zone(zone) => each(x, y, &|x, y| {
                let (east, north) = gauss::project(x, y, f64::from(zone.meridian()));
                (zone.easting_of(east), north)
            }),
            Self::FromZone(zone) => each(x, y, &|x, y| {
                gauss::unproject(zone.metres_of(x), y, f64::from(zone.meridian()))
            }),
            #[cfg(feature = "proj")]
            Self::Proj(from, to) => crate::epsg::apply(from, to, x, y),
        }
    }
}

#[cfg(feature = "proj")]
fn proj(from: u32, to: u32) -> Result<Step, CoordinatesError> {
    crate::epsg::check(from, to)?;
    Ok(Step::Proj(from, to))
}

#[cfg(not(feature = "proj"))]
fn proj(from: u32, to: u32) -> Result<Step, CoordinatesError> {
    Err(CoordinatesError::WithoutProj(if from == DEGREES {
        to
    } else {
        from
    }))
}
