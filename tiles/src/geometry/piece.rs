//! What a tile has of a feature: valid, in the tile's own units.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;

use super::grid::{EXTENT, GridPoint, Paths, TilePoint, area_2};
use super::simple::Checker;
use super::strips::Buffer;

/// Makes pieces. Keeps its working space.
#[derive(Default)]
pub(super) struct PieceMaker {
    checker: Checker,
    overlay: Option<Overlay>,
    points: Vec<TilePoint>,
    ends: Vec<u32>,
    rings: Vec<Ring>,
    sorted: Vec<TilePoint>,
    #[cfg(test)]
    raw: bool,
}

impl std::fmt::Debug for PieceMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PieceMaker").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
struct Ring {
    start: usize,
    end: usize,
    area_2: i64,
    low: TilePoint,
    high: TilePoint,
    /// The exterior that a hole belongs to.
    owner: usize,
}

impl PieceMaker {
    /// Returns the points and the ends of paths of the piece made last.
    pub(super) fn made(&self) -> (&[TilePoint], &[u32]) {
        (&self.points, &self.ends)
    }

    /// Leaves out neither rings nor holes in nothing.
    #[cfg(test)]
    pub(super) fn leave_raw(&mut self) {
        self.raw = true;
    }

    pub(super) fn lines(&mut self, lines: &Paths, origin: GridPoint) {
        self.points.clear();
        self.ends.clear();
        self.points
            .extend(lines.points.iter().map(|&point| local(point, origin)));
        self.ends.extend(lines.ends.iter().map(|&end| count(end)));
    }

    /// Makes a piece of rings that are known to meet (`repair`), or may meet where they were cut at the edge of a buffer.
    pub(super) fn rings(
        &mut self,
        rings: &Paths,
        origin: GridPoint,
        repair: bool,
        cut: Option<Buffer>,
    ) {
        self.points.clear();
        self.ends.clear();
        self.rings.clear();
        let meets = |checker: &mut Checker, buffer: Buffer| {
            let (low, high) = (-buffer.0, i64::from(EXTENT) + buffer.0);
            let on_edge = |at: i64| at == low || at == high;
            checker.any_meets(rings, |point| {
                on_edge(point.x - origin.x) || on_edge(point.y - origin.y)
            })
        };
        if repair || cut.is_some_and(|buffer| meets(&mut self.checker, buffer)) {
            self.unite(rings, origin);
        } else {
            for ring in rings.iter() {
                let start = self.points.len();
                self.points
                    .extend(ring.iter().map(|&point| local(point, origin)));
                self.note_ring(start, narrow(area_2(ring)));
            }
            self.sort();
        }
    }

    fn note_ring(&mut self, start: usize, area_2: i64) {
        if area_2 == 0 {
            self.points.truncate(start);
            return;
        }
        let (mut low, mut high) = (self.points[start], self.points[start]);
        for point in &self.points[start..] {
            low.x = low.x.min(point.x);
            low.y = low.y.min(point.y);
            high.x = high.x.max(point.x);
            high.y = high.y.max(point.y);
        }
        self.rings.push(Ring {
            start,
            end: self.points.len(),
            area_2,
            low,
            high,
            owner: usize::MAX,
        });
    }

    /// Takes the rings apart wherever they meet and puts them together again from what they wind round.
    fn unite(&mut self, rings: &Paths, origin: GridPoint) {
        let overlay = self.overlay.get_or_insert_with(|| {
            Overlay::new_custom(64, IntOverlayOptions::ogc(), Solver::default())
        });
        overlay.clear();
        for ring in rings.iter() {
            let points = ring.iter().map(|&point| {
                let point = local(point, origin);
                IntPoint::new(point.x, point.y)
            });
            overlay.add_path_iter(points, ShapeType::Subject);
        }
        let shapes = overlay.overlay(OverlayRule::Subject, FillRule::NonZero);
        for shape in shapes {
            for (nth, ring) in shape.iter().enumerate() {
                let start = self.points.len();
                let points = ring.iter().map(|point| TilePoint {
                    x: point.x,
                    y: point.y,
                });
                self.points.extend(points);
                let area_2 = local_area_2(&self.points[start..]);
                // A hole that touches its exterior comes out turned like an exterior.
                let turned = (area_2 > 0) != (nth == 0);
                if turned {
                    self.points[start..].reverse();
                }
                self.note_ring(start, if turned { -area_2 } else { area_2 });
            }
        }
        // Among rings that touch, a hole is not always with its own exterior.
        self.sort();
    }

    /// Puts each exterior before its holes.
    fn sort(&mut self) {
        #[cfg(test)]
        if self.raw {
            self.ends
                .extend(self.rings.iter().map(|ring| count(ring.end)));
            return;
        }
        if self.rings.iter().all(|ring| ring.area_2 > 0) {
            self.ends
                .extend(self.rings.iter().map(|ring| count(ring.end)));
            return;
        }
        for index in 0..self.rings.len() {
            self.rings[index].owner = if self.rings[index].area_2 > 0 {
                index
            } else {
                self.owner(index)
            };
        }
        self.rings.sort_by_key(|ring| (ring.owner, ring.area_2 < 0));
        self.sorted.clear();
        for ring in &self.rings {
            // A hole in nothing is left out.
            if ring.owner != usize::MAX {
                self.sorted
                    .extend_from_slice(&self.points[ring.start..ring.end]);
                self.ends.push(count(self.sorted.len()));
            }
        }
        std::mem::swap(&mut self.points, &mut self.sorted);
    }

    /// Returns the smallest exterior that contains a hole; none when the smallest ring that does is another hole.
    fn owner(&self, number: usize) -> usize {
        let hole = self.rings[number];
        let mut best = (i64::MAX, usize::MAX);
        for (index, ring) in self.rings.iter().enumerate() {
            // The first of equals holds the others.
            let larger = (ring.area_2.abs(), number) >= (-hole.area_2, index);
            let smallest = ring.area_2.abs() < best.0;
            if index != number && larger && smallest && self.holds(*ring, hole) {
                let owner = if ring.area_2 > 0 { index } else { usize::MAX };
                best = (ring.area_2.abs(), owner);
            }
        }
        best.1
    }

    fn holds(&self, ring: Ring, other: Ring) -> bool {
        let within = ring.low.x <= other.low.x
            && ring.low.y <= other.low.y
            && other.high.x <= ring.high.x
            && other.high.y <= ring.high.y;
        within
            && holds(
                &self.points[ring.start..ring.end],
                &self.points[other.start..other.end],
            )
    }
}

/// Whether a ring holds another that does not cross it: the first point of the other that is not on the ring decides.
fn holds(ring: &[TilePoint], other: &[TilePoint]) -> bool {
    other
        .iter()
        .find_map(|&point| is_inside(ring, point))
        .unwrap_or(true)
}

/// Whether a point is inside a ring; `None` when it is on it.
fn is_inside(ring: &[TilePoint], point: TilePoint) -> Option<bool> {
    let mut inside = false;
    let mut a = *ring.last()?;
    for &b in ring {
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        if low.y <= point.y && point.y <= high.y {
            let turn = i64::from(high.x - low.x) * i64::from(point.y - low.y)
                - i64::from(high.y - low.y) * i64::from(point.x - low.x);
            let between = a.x.min(b.x) <= point.x && point.x <= a.x.max(b.x);
            if turn == 0 && between {
                return None;
            }
            if low.y <= point.y && point.y < high.y && turn > 0 {
                inside = !inside;
            }
        }
        a = b;
    }
    Some(inside)
}

/// Returns twice the area of a ring of a tile: positive for exteriors, negative for holes (MVT 2.1, section 4.3.3.3).
#[must_use]
pub fn ring_area_2(ring: &[TilePoint]) -> i64 {
    local_area_2(ring)
}

fn local_area_2(ring: &[TilePoint]) -> i64 {
    let Some(&last) = ring.last() else { return 0 };
    let mut a = last;
    let mut sum = 0;
    for &b in ring {
        sum += i64::from(a.x) * i64::from(b.y) - i64::from(a.y) * i64::from(b.x);
        a = b;
    }
    sum
}

fn local(point: GridPoint, origin: GridPoint) -> TilePoint {
    let narrow = |at: i64| i32::try_from(at).unwrap_or(0);
    TilePoint {
        x: narrow(point.x - origin.x),
        y: narrow(point.y - origin.y),
    }
}

fn narrow(area_2: i128) -> i64 {
    i64::try_from(area_2).unwrap_or(if area_2 > 0 { i64::MAX } else { i64::MIN })
}

fn count(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
