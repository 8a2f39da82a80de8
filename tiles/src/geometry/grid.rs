//! Positions on the grid of a zoom.

/// Bits of a tile's extent.
pub(super) const EXTENT_BITS: u32 = 12;

/// Grid units of a tile's side.
pub const EXTENT: u32 = 1 << EXTENT_BITS;

/// A position on the grid of a zoom, [`EXTENT`] units a tile, from the north-western corner of the world. What crosses the antimeridian
/// lies partly beyond the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct GridPoint {
    pub(super) x: i64,
    pub(super) y: i64,
}

/// A position within a tile: x to the east, y to the south, from −buffer to [`EXTENT`] + buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TilePoint {
    /// To the east.
    pub x: i32,
    /// To the south.
    pub y: i32,
}

/// Paths one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) points: Vec<GridPoint>,
    pub(super) ends: Vec<usize>,
}

impl Paths {
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[GridPoint]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let path = &self.points[start..end];
            start = end;
            path
        })
    }

    /// Returns where the path that is being written begins.
    pub(super) fn open(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Returns where a path begins.
    pub(super) fn start(&self, path: usize) -> usize {
        if path == 0 { 0 } else { self.ends[path - 1] }
    }

    /// Leaves out a path and those after it.
    pub(super) fn truncate(&mut self, path: usize) {
        let start = self.start(path);
        self.points.truncate(start);
        self.ends.truncate(path);
    }

    /// Ends the path that is being written; a ring without area is left out.
    pub(super) fn close_ring(&mut self) {
        let start = self.open();
        tidy(&mut self.points, start);
        if self.points.len() > start {
            self.ends.push(self.points.len());
        }
    }

    /// Ends the path that is being written; a line without length is left out.
    pub(super) fn close_line(&mut self) {
        let start = self.open();
        let mut kept = start;
        for at in start..self.points.len() {
            if kept == start || self.points[kept - 1] != self.points[at] {
                self.points[kept] = self.points[at];
                kept += 1;
            }
        }
        if kept - start < 2 {
            kept = start;
        }
        self.points.truncate(kept);
        if kept > start {
            self.ends.push(kept);
        }
    }

    /// Returns the least and the greatest position; `None` when there is none.
    pub(super) fn bounds(&self) -> Option<(GridPoint, GridPoint)> {
        let (mut low, mut high) = (*self.points.first()?, *self.points.first()?);
        for point in &self.points {
            low.x = low.x.min(point.x);
            low.y = low.y.min(point.y);
            high.x = high.x.max(point.x);
            high.y = high.y.max(point.y);
        }
        Some((low, high))
    }
}

/// Returns twice the signed area of a triangle: positive when the third point lies to the right of the way from the first to the
/// second, on a map with north up.
#[inline]
pub(super) fn orientation(a: GridPoint, b: GridPoint, c: GridPoint) -> i128 {
    i128::from(b.x - a.x) * i128::from(c.y - a.y) - i128::from(b.y - a.y) * i128::from(c.x - a.x)
}

/// Returns twice the area of a ring: positive for exteriors, negative for holes (MVT 2.1, section 4.3.3.3).
pub(super) fn area_2(ring: &[GridPoint]) -> i128 {
    let Some(&origin) = ring.first() else {
        return 0;
    };
    ring.windows(2)
        .map(|pair| orientation(origin, pair[0], pair[1]))
        .sum()
}

/// Whether the path turns back on itself at `b`.
#[inline]
fn is_spike(a: GridPoint, b: GridPoint, c: GridPoint) -> bool {
    // What is not 0 in 64 bits is not 0; nearly every vertex goes no further.
    let product = |one: i64, other: i64| one.wrapping_mul(other);
    if product(b.x - a.x, c.y - a.y) != product(b.y - a.y, c.x - a.x) {
        return false;
    }
    orientation(a, b, c) == 0 && {
        let along = |a: i64, b: i64, c: i64| i128::from(b - a) * i128::from(c - b);
        along(a.x, b.x, c.x) + along(a.y, b.y, c.y) < 0
    }
}

/// Drops repeated points and out-and-back spikes of the ring that begins at `start`; drops the ring when less than three points
/// are left.
pub(super) fn tidy(points: &mut Vec<GridPoint>, start: usize) {
    let mut end = start;
    for at in start..points.len() {
        let point = points[at];
        while end >= start + 2 && is_spike(points[end - 2], points[end - 1], point) {
            end -= 1;
        }
        if end == start || points[end - 1] != point {
            points[end] = point;
            end += 1;
        }
    }
    // The same round the closing edge.
    let mut head = start;
    while end - head >= 3 {
        let (first, last) = (points[head], points[end - 1]);
        if first == last || is_spike(points[end - 2], last, first) {
            end -= 1;
        } else if is_spike(last, first, points[head + 1]) {
            head += 1;
        } else {
            break;
        }
    }
    if end - head < 3 {
        points.truncate(start);
        return;
    }
    if head > start {
        points.copy_within(head..end, start);
    }
    points.truncate(start + end - head);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(points: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let mut points: Vec<GridPoint> = points.iter().map(|&(x, y)| GridPoint { x, y }).collect();
        tidy(&mut points, 0);
        points.iter().map(|point| (point.x, point.y)).collect()
    }

    #[test]
    fn spikes_go_wherever_they_are() {
        let square = [(0, 0), (4, 0), (4, 4), (0, 4)];
        assert_eq!(tidied(&square), square);
        assert_eq!(
            tidied(&[
                (0, 0),
                (4, 0),
                (4, 4),
                (9, 4),
                (9, 7),
                (9, 4),
                (4, 4),
                (0, 4)
            ]),
            square
        );
        assert_eq!(
            tidied(&[(-5, 0), (0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (-5, 0)]),
            square
        );
        assert_eq!(tidied(&[(0, 0), (4, 0), (2, 0), (4, 0)]), []);
        assert_eq!(tidied(&[(0, 0), (4, 4), (0, 0), (1, 1)]), []);
    }
}
