//! Commands into geometry (section 4.3).

use super::wire::unzigzag;
use super::{ErrorKind, ProblemKind};

/// A position in the tile's grid: x to the east, y to the south. Steps have 32 bits, so sums may need more.
pub type Point = [i64; 2];

/// Where a feature is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Geometry {
    /// Type 0: what it means is not known, its commands are not read.
    Unknown,
    /// At least one point.
    Points(Vec<Point>),
    /// At least one line, each of at least two points.
    Lines(Vec<Vec<Point>>),
    /// At least one polygon.
    Polygons(Vec<Polygon>),
}

/// A polygon: rings without their first point repeated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Polygon {
    /// The ring around it, clockwise on the screen.
    pub exterior: Vec<Point>,
    /// Its holes.
    pub holes: Vec<Vec<Point>>,
}

/// Why a feature's geometry is not there.
pub(super) enum Wrong {
    Error(ErrorKind),
    Problem(ProblemKind),
}

impl From<ErrorKind> for Wrong {
    fn from(kind: ErrorKind) -> Self {
        Self::Error(kind)
    }
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Numbers of a geometry, read from the front.
struct Pen<'n> {
    numbers: &'n [u32],
    at: Point,
}

impl Pen<'_> {
    /// The next command, which must be `expected` with a count that `fits`.
    fn command(
        &mut self,
        expected: (u32, &'static str),
        fits: impl Fn(u32) -> bool,
    ) -> Result<u32, ErrorKind> {
        let Some((&command, rest)) = self.numbers.split_first() else {
            return Err(ErrorKind::Short("a geometry"));
        };
        let (id, count) = (command & 7, command >> 3);
        if id != expected.0 || !fits(count) {
            return Err(ErrorKind::Command {
                found: id,
                count,
                expected: expected.1,
            });
        }
        self.numbers = rest;
        Ok(count)
    }

    /// The positions that a command counts, added to a path.
    fn positions(
        &mut self,
        command: u32,
        count: u32,
        path: &mut Vec<Point>,
    ) -> Result<(), ErrorKind> {
        let wanted = (count as usize).checked_mul(2);
        let Some((steps, rest)) = wanted.and_then(|wanted| self.numbers.split_at_checked(wanted))
        else {
            return Err(ErrorKind::Count {
                command,
                count,
                left: self.numbers.len(),
            });
        };
        self.numbers = rest;
        path.reserve(count as usize);
        for step in steps.as_chunks::<2>().0 {
            // Fewer steps than bytes: the sum stays far below 2⁶³.
            self.at[0] += unzigzag(step[0].into());
            self.at[1] += unzigzag(step[1].into());
            path.push(self.at);
        }
        Ok(())
    }

    /// A `MoveTo` and a `LineTo`.
    fn path(&mut self, least: u32, line_to: &'static str) -> Result<Vec<Point>, ErrorKind> {
        let mut path = Vec::new();
        let count = self.command((MOVE_TO, "one MoveTo"), |count| count == 1)?;
        self.positions(MOVE_TO, count, &mut path)?;
        let count = self.command((LINE_TO, line_to), |count| count >= least)?;
        self.positions(LINE_TO, count, &mut path)?;
        Ok(path)
    }
}

/// Reads the geometry of a type.
pub(super) fn geometry(kind: u64, numbers: &[u32]) -> Result<Geometry, Wrong> {
    let mut pen = Pen {
        numbers,
        at: [0, 0],
    };
    if numbers.is_empty() {
        return Err(ErrorKind::EmptyGeometry.into());
    }
    match kind {
        0 => Ok(Geometry::Unknown),
        1 => {
            let mut points = Vec::new();
            let count = pen.command((MOVE_TO, "a MoveTo"), |count| count > 0)?;
            pen.positions(MOVE_TO, count, &mut points)?;
            if let Some(&more) = pen.numbers.first() {
                return Err(ErrorKind::Command {
                    found: more & 7,
                    count: more >> 3,
                    expected: "the end",
                }
                .into());
            }
            Ok(Geometry::Points(points))
        }
        2 => lines(pen),
        3 => polygons(pen),
        other => Err(Wrong::Problem(ProblemKind::UnknownType(other))),
    }
}

fn lines(mut pen: Pen<'_>) -> Result<Geometry, Wrong> {
    let mut lines = Vec::new();
    while !pen.numbers.is_empty() {
        lines.push(pen.path(1, "a LineTo")?);
    }
    if lines.iter().any(|line| stays(line)) {
        return Err(Wrong::Problem(ProblemKind::NoStep));
    }
    Ok(Geometry::Lines(lines))
}

/// Whether a path has a position twice in a row.
fn stays(path: &[Point]) -> bool {
    path.windows(2).any(|pair| pair[0] == pair[1])
}

fn polygons(mut pen: Pen<'_>) -> Result<Geometry, Wrong> {
    let mut polygons = Vec::<Polygon>::new();
    let mut problem = None;
    while !pen.numbers.is_empty() {
        let ring = pen.path(2, "a LineTo of two points or more")?;
        pen.command((CLOSE_PATH, "one ClosePath"), |count| count == 1)?;
        if stays(&ring) {
            problem.get_or_insert(ProblemKind::NoStep);
        }
        let area = area_doubled(&ring);
        if area > 0 {
            polygons.push(Polygon {
                exterior: ring,
                holes: Vec::new(),
            });
        } else if area == 0 {
            problem.get_or_insert(ProblemKind::NoArea);
        } else if let Some(polygon) = polygons.last_mut() {
            polygon.holes.push(ring);
        } else {
            problem.get_or_insert(ProblemKind::HoleFirst);
        }
    }
    match problem {
        Some(problem) => Err(Wrong::Problem(problem)),
        None => Ok(Geometry::Polygons(polygons)),
    }
}

/// Returns twice the signed area of a ring by the surveyor's formula: positive for an exterior ring, which runs clockwise on the
/// screen, as y grows to the south.
#[must_use]
pub fn area_doubled(ring: &[Point]) -> i128 {
    let Some(last) = ring.last() else {
        return 0;
    };
    let before = std::iter::once(last).chain(ring);
    let products = before
        .zip(ring)
        .map(|(a, b)| i128::from(a[0]) * i128::from(b[1]) - i128::from(b[0]) * i128::from(a[1]));
    products.sum()
}
