//! The places within a box or an area.

use geo::{BoundingRect, Contains, Intersects, MultiPolygon};

use super::PlaceFilter;
use crate::gazetteer::Gazetteer;
use crate::place::{Place, PlaceId};
use crate::store::box_in_space;
use crate::{Extent, LonLat};

impl Gazetteer {
    /// The places in a box, borders included, in the order of their numbers.
    ///
    /// A box whose west is greater than its east crosses ±180°; +180 and −180 are one meridian.
    #[must_use]
    pub fn in_extent(&self, extent: Extent, filter: &PlaceFilter) -> Vec<Place<'_>> {
        let mut found: Vec<Place<'_>> = parts_at_180(extent)
            .into_iter()
            .flat_map(|part| self.in_box(part, filter, |_| true))
            .collect();
        found.sort_by_key(|place| place.number);
        found.dedup_by_key(|place| place.number);
        found
    }

    /// The places in an area, its border included, in the order of their numbers. WGS 84 degrees, x longitude,
    /// y latitude; edges are straight in degrees.
    #[must_use]
    pub fn in_area(&self, area: &MultiPolygon<f64>, filter: &PlaceFilter) -> Vec<Place<'_>> {
        let Some(around) = area.bounding_rect() else {
            return Vec::new();
        };
        let extent = Extent {
            west: around.min().x,
            south: around.min().y,
            east: around.max().x,
            north: around.max().y,
        };
        self.in_box(extent, filter, |position| {
            area.intersects(&position.to_point())
        })
    }

    fn in_box(
        &self,
        extent: Extent,
        filter: &PlaceFilter,
        holds: impl Fn(LonLat) -> bool,
    ) -> Vec<Place<'_>> {
        let classes = filter.class_bits();
        let wanted = box_in_space(extent);
        let around = geo::Rect::new((extent.west, extent.south), (extent.east, extent.north));
        let mut found = Vec::new();
        for (number, store) in (0_u16..).zip(&self.stores) {
            store.tree().in_box(&wanted, classes, &mut |leaf| {
                for index in leaf {
                    let Ok(index) = u32::try_from(index) else {
                        continue;
                    };
                    let Some(position) = store.position(index) else {
                        continue;
                    };
                    let place = PlaceId {
                        store: number,
                        number: index,
                    };
                    let inside = classes & 1 << store.class(index) as u8 != 0
                        && around.intersects(&position.to_point())
                        && holds(position);
                    if inside && self.admits(filter, place) {
                        found.push(self.place(place));
                    }
                }
            });
        }
        found.sort_by_key(|place| place.number);
        found
    }

    /// The places with an area of their own that hold a position: those of the user's files. The units of the
    /// country are found by `units_at`.
    #[must_use]
    pub fn areas_at(&self, position: LonLat, filter: &PlaceFilter) -> Vec<Place<'_>> {
        let mut found = Vec::new();
        for (number, store) in (0_u16..).zip(&self.stores).skip(1) {
            for index in 0..u32::try_from(store.len()).unwrap_or(u32::MAX) {
                let record = store.record(index);
                let class = filter.classes.is_empty() || filter.classes.contains(&record.class);
                let place = PlaceId {
                    store: number,
                    number: index,
                };
                if !record.has_geometry || !class || !self.admits(filter, place) {
                    continue;
                }
                let place = self.place(place);
                if place
                    .geometry()
                    .is_some_and(|area| area.contains(&position.to_point()))
                {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// The boxes that a box is made of: two when its west is greater than its east, which means that it crosses ±180°;
/// and the other side of ±180°, which is one meridian, when it touches that.
#[must_use]
pub fn parts_at_180(extent: Extent) -> Vec<Extent> {
    let mut boxes = if extent.west <= extent.east {
        vec![extent]
    } else {
        let (east, west) = (180.0, -180.0);
        vec![Extent { east, ..extent }, Extent { west, ..extent }]
    };
    // ±180° is one meridian.
    for (edge, other) in [(180.0, -180.0), (-180.0, 180.0)] {
        if boxes
            .iter()
            .any(|part| part.west <= edge && edge <= part.east)
        {
            let (west, east) = (other, other);
            boxes.push(Extent {
                west,
                east,
                ..extent
            });
        }
    }
    boxes
}
