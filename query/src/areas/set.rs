//! Areas as flat arrays.

use std::ops::Range;

use gazetteer::{Extent, LonLat};
use geo::{LineString, MultiPolygon};

use super::locate::{Side, same, side_of};
use super::vertices::Vertices;

/// Areas by number, their rings one after the other.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// All vertices, ring after ring, the first of a ring again at its end.
    pub(super) vertices: Vertices,
    /// Where each ring starts in `vertices`, and the end.
    pub(super) rings: Vec<u32>,
    /// Where each area starts in `rings`, and the end.
    pub(super) firsts: Vec<u32>,
    /// The box around each area.
    pub(super) extents: Vec<Extent>,
}

/// Fills [`Areas`] ring by ring.
#[derive(Debug, Default)]
pub struct AreasBuilder {
    made: Areas,
    /// The ring at hand.
    ring: Vec<[f64; 2]>,
    /// The box around the rings of the area at hand.
    around: Option<Extent>,
}

impl AreasBuilder {
    /// Adds a ring to the area that is being made: lon, lat in degrees; closed if it is not. A ring of fewer than
    /// three positions or of one only, and one with a value that is no number, has no inside and is left out.
    pub fn ring(&mut self, positions: impl IntoIterator<Item = [f64; 2]>) {
        self.ring.clear();
        self.ring.extend(positions);
        let ring = &mut self.ring;
        let finite = ring.iter().flatten().all(|value| value.is_finite());
        let one = ring.iter().all(|position| same(*position, ring[0]));
        let most = self.made.vertices.len() + ring.len() + 1;
        if ring.len() < 3 || !finite || one || u32::try_from(most).is_err() {
            return;
        }
        if !same(ring[0], ring[ring.len() - 1]) {
            ring.push(ring[0]);
        }
        let around = Extent::around(ring.iter().map(|[lon, lat]| (*lon, *lat)));
        self.around = match (self.around, around) {
            (Some(before), Some(around)) => Some(before.union(around)),
            (before, around) => before.or(around),
        };
        self.made.rings.push(index(self.made.vertices.len()));
        self.made.vertices.extend(ring);
    }

    /// Ends the area that is being made and begins the next; its number is how many were ended before.
    pub fn end(&mut self) {
        let made = &mut self.made;
        if made.firsts.is_empty() {
            made.firsts.push(0);
        }
        made.extents.push(self.around.take().unwrap_or(NOWHERE));
        made.firsts.push(index(made.rings.len()));
    }

    /// Adds an area of `geo`: x longitude, y latitude.
    pub fn area(&mut self, area: &MultiPolygon<f64>) {
        let mut ring = |ring: &LineString<f64>| self.ring(ring.coords().map(|at| [at.x, at.y]));
        for polygon in area {
            ring(polygon.exterior());
            polygon.interiors().iter().for_each(&mut ring);
        }
        self.end();
    }

    /// The areas that were ended.
    #[must_use]
    pub fn finish(mut self) -> Areas {
        let rings = self.made.firsts.last().copied().unwrap_or(0) as usize;
        let end = self.made.rings.get(rings).copied();
        self.made.rings.truncate(rings);
        let end = end.map_or(self.made.vertices.len(), |end| end as usize);
        self.made.vertices.truncate(end);
        self.made.rings.push(index(end));
        if self.made.firsts.is_empty() {
            self.made.firsts.push(0);
        }
        self.made
    }
}

/// Holds no position.
const NOWHERE: Extent = Extent {
    west: f64::INFINITY,
    south: f64::INFINITY,
    east: f64::NEG_INFINITY,
    north: f64::NEG_INFINITY,
};

/// As the arrays keep it. `ring` takes care that no number is greater.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Areas {
    /// How many areas there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.extents.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.extents.is_empty()
    }

    /// How many edges all rings have.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.vertices.len().saturating_sub(self.rings.len() - 1)
    }

    /// The box around all areas; `None` when no area has a ring.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        let whole = |extent: &&Extent| extent.west <= extent.east;
        self.extents
            .iter()
            .filter(whole)
            .copied()
            .reduce(Extent::union)
    }

    /// The box around an area; its west is greater than its east when it has no ring.
    #[must_use]
    pub fn extent_of(&self, area: u32) -> Extent {
        self.extents.get(area as usize).copied().unwrap_or(NOWHERE)
    }

    /// The areas in another order, copied on some threads.
    pub(super) fn in_order(&self, order: &[u32], threads: usize) -> Self {
        let ranges = order.iter().flat_map(|area| self.ring_ranges(*area));
        let ranges: Vec<Range<usize>> = ranges.collect();
        let (mut rings, mut firsts) = (vec![0], vec![0]);
        let mut end = 0;
        for range in &ranges {
            end += range.len();
            rings.push(index(end));
        }
        let mut count = 0;
        for area in order {
            count += self.ring_ranges(*area).count();
            firsts.push(index(count));
        }
        Self {
            vertices: self.vertices.gathered(&ranges, threads),
            rings,
            firsts,
            extents: order.iter().map(|area| self.extent_of(*area)).collect(),
        }
    }

    /// The vertices of an area's rings.
    pub(super) fn ring_ranges(&self, area: u32) -> impl Iterator<Item = Range<usize>> + '_ {
        let area = area as usize;
        let rings = match (self.firsts.get(area), self.firsts.get(area + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        };
        rings.map(|ring| self.rings[ring] as usize..self.rings[ring + 1] as usize)
    }

    /// The rings of an area, each with its first position again at its end.
    pub(super) fn rings_of(
        &self,
        area: u32,
    ) -> impl Iterator<Item = impl Iterator<Item = [f64; 2]> + '_> + '_ {
        self.ring_ranges(area).map(|ring| self.vertices.run(ring))
    }

    /// On which side of an area's border a position is.
    #[must_use]
    pub fn side(&self, area: u32, at: LonLat) -> Side {
        side_of(self.rings_of(area), [at.lon(), at.lat()])
    }

    /// Calls `found` with each area that a position is in or on, in order. For a few positions; for many
    /// build a [`super::CellMap`].
    pub fn at(&self, at: LonLat, mut found: impl FnMut(u32, Side)) {
        let (lon, lat) = (at.lon(), at.lat());
        for (area, extent) in (0..).zip(&self.extents) {
            let near = extent.west <= lon
                && lon <= extent.east
                && extent.south <= lat
                && lat <= extent.north;
            if near {
                let side = self.side(area, at);
                if side != Side::Outside {
                    found(area, side);
                }
            }
        }
    }
}
