//! Areas as flat arrays.

use gazetteer::{Extent, LonLat};
use geo::{LineString, MultiPolygon};

use super::locate::{Side, same, side_of};

/// Areas by number, their rings one after the other.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// All vertices, ring after ring, the first of a ring again at its end.
    pub(crate) vertices: Vec<[f64; 2]>,
    /// Where each ring starts in `vertices`, and the end.
    pub(crate) rings: Vec<u32>,
    /// Where each area starts in `rings`, and the end.
    pub(crate) firsts: Vec<u32>,
    /// The box around each area.
    pub(crate) extents: Vec<Extent>,
}

/// Fills [`Areas`] ring by ring.
#[derive(Debug, Default)]
pub struct AreasBuilder {
    made: Areas,
}

impl AreasBuilder {
    /// A builder that will take as much as there is in `areas`.
    pub(super) fn with_room_for(areas: &Areas) -> Self {
        let mut builder = Self::default();
        builder.made.vertices.reserve_exact(areas.vertices.len());
        builder.made.rings.reserve_exact(areas.rings.len());
        builder
    }

    /// Adds a ring to the area that is being made: lon, lat in degrees; closed if it is not. A ring of fewer than
    /// three positions or of one only, and one with a value that is no number, has no inside and is left out.
    pub fn ring(&mut self, positions: impl IntoIterator<Item = [f64; 2]>) {
        let made = &mut self.made;
        let start = made.vertices.len();
        made.vertices.extend(positions);
        let ring = &made.vertices[start..];
        let finite = ring.iter().flatten().all(|value| value.is_finite());
        let one = ring.iter().all(|position| same(*position, ring[0]));
        if ring.len() < 3 || !finite || one || u32::try_from(made.vertices.len() + 1).is_err() {
            made.vertices.truncate(start);
            return;
        }
        let first = made.vertices[start];
        if made.vertices.last().is_none_or(|last| !same(*last, first)) {
            made.vertices.push(first);
        }
        made.rings.push(index(start));
    }

    /// Ends the area that is being made and begins the next; its number is how many were ended before.
    pub fn end(&mut self) {
        let made = &mut self.made;
        let first = made.firsts.last().copied().unwrap_or(0) as usize;
        if made.firsts.is_empty() {
            made.firsts.push(0);
        }
        let start = made
            .rings
            .get(first)
            .map_or(made.vertices.len(), |start| *start as usize);
        let positions = made.vertices[start..].iter().map(|[lon, lat]| (*lon, *lat));
        made.extents
            .push(Extent::around(positions).unwrap_or(NOWHERE));
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

    /// The rings of an area, each with its first position again at its end.
    pub fn rings_of(&self, area: u32) -> impl Iterator<Item = &[[f64; 2]]> {
        let area = area as usize;
        let rings = match (self.firsts.get(area), self.firsts.get(area + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        };
        rings.map(|ring| &self.vertices[self.rings[ring] as usize..self.rings[ring + 1] as usize])
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
