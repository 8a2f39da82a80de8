//! What is near, within, and along: the packed R-trees of the places, and distances on the ellipsoid.
//!
//! An R-tree over degrees misranks, so the trees hold positions as metres in three dimensions on the
//! WGS 84 ellipsoid. The straight distance there orders points as the geodesic does, but for points
//! whose distances agree within micrometres (at some kilometres; more when far): those few are put right by the geodesic
//! itself. Neither the poles nor ±180° need a special case.

mod along;
mod near;
mod within;

pub use along::Beside;
pub use near::NearQuery;
pub use within::parts_at_180;

use crate::gazetteer::Gazetteer;
use crate::place::{Place, PlaceId};
use crate::{FeatureClass, GeodesicPath, LonLat, PartialDate, geodesic};

/// A place near a position. The way to it is measured when it is asked for: most of what a search costs.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// The place.
    pub place: Place<'a>,
    from: LonLat,
    to: LonLat,
}

impl Neighbour<'_> {
    /// The way to it from where was asked, by geodesic.
    #[must_use]
    pub fn path(&self) -> GeodesicPath {
        geodesic(self.from, self.to)
    }
}

/// Which places an answer may hold. The default: every class whose point says where it is, as of now.
#[derive(Debug, Clone, Default)]
pub struct PlaceFilter {
    /// Only these classes; empty: every class whose point says where it is (no rivers, railways, regions).
    pub classes: Vec<FeatureClass>,
    /// Only what is true of this date; `None`: now.
    pub as_of: Option<PartialDate>,
    /// Not this place: the one that was asked from.
    pub except: Option<PlaceId>,
}

impl PlaceFilter {
    /// The classes as bits, for the nodes of a tree.
    fn class_bits(&self) -> u64 {
        let bit = |class: FeatureClass| 1_u64 << class as u8;
        if self.classes.is_empty() {
            let local = FeatureClass::all().filter(|class| class.is_local());
            local.map(bit).fold(0, |bits, bit| bits | bit)
        } else {
            self.classes
                .iter()
                .copied()
                .map(bit)
                .fold(0, |bits, bit| bits | bit)
        }
    }
}

impl Gazetteer {
    /// Whether a place of the classes may stand in an answer.
    fn admits(&self, filter: &PlaceFilter, number: PlaceId) -> bool {
        let dated = || self.stores[usize::from(number.store)].days(number.number) != (0, 0);
        filter.except != Some(number) && (!dated() || self.place(number).holds(filter.as_of))
    }
}
