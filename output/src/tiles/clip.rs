//! Cutting rings and lines into the tiles they meet: halves of halves, columns first, then rows.
//!
//! Positions are grid units held as `f64`. A cut point is always worked out from the edge's smaller end, so two areas
//! that share an edge get the same point.

use std::ops::RangeInclusive;

use geo::Coord;

use super::mercator::{BUFFER, TILE_EXTENT, tiles_between};

/// Points in grid units. A ring does not repeat its first point at its end.
pub(super) type Path = Vec<Coord<f64>>;

/// What is cut: paths that close or paths that do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathKind {
    Ring,
    Line,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    X,
    Y,
}

impl Axis {
    fn of(self, coord: Coord<f64>) -> f64 {
        match self {
            Self::X => coord.x,
            Self::Y => coord.y,
        }
    }
}

/// Hands every tile (column, row) of a zoom that the paths meet, buffer included, its part of them.
pub(super) fn into_tiles(
    paths: Vec<Path>,
    kind: PathKind,
    z: u8,
    mut sink: impl FnMut(u32, u32, Vec<Path>),
) {
    let Some(columns) = range(&paths, Axis::X, z) else {
        return;
    };
    halve(paths, kind, Axis::X, columns, &mut |column, paths| {
        let Some(rows) = range(&paths, Axis::Y, z) else {
            return;
        };
        halve(paths, kind, Axis::Y, rows, &mut |row, paths| {
            sink(column, row, paths);
        });
    });
}

/// The columns or rows that the paths meet; `None` when there is no point.
fn range(paths: &[Path], axis: Axis, z: u8) -> Option<RangeInclusive<u32>> {
    let positions = || paths.iter().flatten().map(|&coord| axis.of(coord));
    let low = positions().reduce(f64::min)?;
    let high = positions().reduce(f64::max)?;
    Some(tiles_between(low, high, z))
}

/// Cuts paths that lie within the buffered tiles of `range` until each part is one tile's.
fn halve(
    paths: Vec<Path>,
    kind: PathKind,
    axis: Axis,
    range: RangeInclusive<u32>,
    sink: &mut impl FnMut(u32, Vec<Path>),
) {
    let (first, last) = (*range.start(), *range.end());
    if paths.is_empty() {
        return;
    }
    if first == last {
        sink(first, paths);
        return;
    }
    let middle = first + (last - first) / 2;
    let boundary = f64::from(middle + 1) * f64::from(TILE_EXTENT);
    let buffer = f64::from(BUFFER);
    let lower = cut_all(&paths, kind, axis, Side::Below(boundary + buffer));
    let upper = cut_all(&paths, kind, axis, Side::Above(boundary - buffer));
    drop(paths);
    halve(lower, kind, axis, first..=middle, sink);
    halve(upper, kind, axis, middle + 1..=last, sink);
}

/// Which half is kept; the cut itself belongs to both.
#[derive(Debug, Clone, Copy)]
enum Side {
    Below(f64),
    Above(f64),
}

impl Side {
    fn cut(self) -> f64 {
        match self {
            Self::Below(cut) | Self::Above(cut) => cut,
        }
    }

    fn keeps(self, position: f64) -> bool {
        match self {
            Self::Below(cut) => position <= cut,
            Self::Above(cut) => position >= cut,
        }
    }
}

fn cut_all(paths: &[Path], kind: PathKind, axis: Axis, side: Side) -> Vec<Path> {
    let mut kept = Vec::new();
    for path in paths {
        match kind {
            PathKind::Ring => {
                let ring = cut_ring(path, axis, side);
                if ring.len() >= 3 {
                    kept.push(ring);
                }
            }
            PathKind::Line => cut_line(path, axis, side, &mut kept),
        }
    }
    kept
}

/// The ring's part on one side (Sutherland–Hodgman): parts may be joined by edges along the cut.
fn cut_ring(ring: &[Coord<f64>], axis: Axis, side: Side) -> Path {
    let mut kept: Path = Vec::with_capacity(ring.len() + 4);
    let mut push = |coord: Coord<f64>| {
        if kept.last() != Some(&coord) {
            kept.push(coord);
        }
    };
    let Some(&last) = ring.last() else {
        return kept;
    };
    let mut previous = last;
    for &current in ring {
        let (was_in, is_in) = (side.keeps(axis.of(previous)), side.keeps(axis.of(current)));
        if was_in != is_in {
            push(crossing(previous, current, axis, side.cut()));
        }
        if is_in {
            push(current);
        }
        previous = current;
    }
    while kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

/// The line's parts on one side. A part that only touches the cut is left out.
fn cut_line(line: &[Coord<f64>], axis: Axis, side: Side, kept: &mut Vec<Path>) {
    let mut part: Path = Vec::new();
    let mut finish = |part: &mut Path| {
        part.dedup();
        if part.len() >= 2 {
            kept.push(std::mem::take(part));
        } else {
            part.clear();
        }
    };
    let mut previous: Option<Coord<f64>> = None;
    for &current in line {
        let is_in = side.keeps(axis.of(current));
        if let Some(previous) = previous
            && side.keeps(axis.of(previous)) != is_in
        {
            part.push(crossing(previous, current, axis, side.cut()));
            if !is_in {
                finish(&mut part);
            }
        }
        if is_in {
            part.push(current);
        }
        previous = Some(current);
    }
    finish(&mut part);
}

/// Where the edge between two points on different sides crosses the cut; the same in both directions.
fn crossing(one: Coord<f64>, other: Coord<f64>, axis: Axis, cut: f64) -> Coord<f64> {
    let ordered = (one.x, one.y) <= (other.x, other.y);
    let (start, end) = if ordered { (one, other) } else { (other, one) };
    let share = (cut - axis.of(start)) / (axis.of(end) - axis.of(start));
    match axis {
        Axis::X => Coord {
            x: cut,
            y: start.y + share * (end.y - start.y),
        },
        Axis::Y => Coord {
            x: start.x + share * (end.x - start.x),
            y: cut,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn path(points: &[(f64, f64)]) -> Path {
        points.iter().map(|&point| point.into()).collect()
    }

    fn tiles(paths: Vec<Path>, kind: PathKind, z: u8) -> BTreeMap<(u32, u32), Vec<Path>> {
        let mut found = BTreeMap::new();
        into_tiles(paths, kind, z, |x, y, paths| {
            assert!(
                found.insert((x, y), paths).is_none(),
                "tile {x}, {y} came twice"
            );
        });
        found
    }

    fn area(ring: &[Coord<f64>]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| a.x * b.y - b.x * a.y)
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_square_over_four_tiles_gives_each_its_quarter_and_buffer() {
        let square = path(&[
            (3096.0, 3096.0),
            (5096.0, 3096.0),
            (5096.0, 5096.0),
            (3096.0, 5096.0),
        ]);
        let found = tiles(vec![square], PathKind::Ring, 2);
        assert_eq!(
            found.keys().copied().collect::<Vec<_>>(),
            [(0, 0), (0, 1), (1, 0), (1, 1)]
        );
        for parts in found.values() {
            assert_eq!(parts.len(), 1);
            assert!(
                (area(&parts[0]) - 1064.0 * 1064.0).abs() < 1e-6,
                "{parts:?}"
            );
        }
    }

    #[test]
    fn what_covers_many_tiles_fills_the_inner_ones_wholly() {
        let square = path(&[
            (10.0, 10.0),
            (65_000.0, 10.0),
            (65_000.0, 65_000.0),
            (10.0, 65_000.0),
        ]);
        let found = tiles(vec![square], PathKind::Ring, 4);
        assert_eq!(found.len(), 256);
        assert!((area(&found[&(7, 8)][0]) - f64::from(4096 + 2 * BUFFER).powi(2)).abs() < 1e-6);
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_parts() {
        let line = path(&[
            (100.0, 100.0),
            (5000.0, 100.0),
            (5000.0, 200.0),
            (100.0, 200.0),
        ]);
        let found = tiles(vec![line], PathKind::Line, 2);
        assert_eq!(found[&(0, 0)].len(), 2);
        assert_eq!(found[&(0, 0)][0], path(&[(100.0, 100.0), (4160.0, 100.0)]));
        assert_eq!(
            found[&(1, 0)],
            [path(&[
                (4032.0, 100.0),
                (5000.0, 100.0),
                (5000.0, 200.0),
                (4032.0, 200.0)
            ])]
        );
    }

    #[test]
    fn both_sides_of_a_border_are_cut_at_the_same_point() {
        let (a, b) = ((1000.0, 17.0).into(), (7001.0, 4023.0).into());
        assert_eq!(
            crossing(a, b, Axis::X, 4160.0),
            crossing(b, a, Axis::X, 4160.0)
        );
        assert_eq!(crossing(a, b, Axis::Y, 64.0), crossing(b, a, Axis::Y, 64.0));
    }
}
