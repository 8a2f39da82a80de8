//! Administrative boundaries: one coverage of shared arcs for the whole country.

mod borders;
mod dissolve;
mod format;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use geo::{Contains, Intersects, MultiPolygon};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

use crate::{Extent, LonLat};
pub use borders::{BorderArc, BorderRank};
pub use format::BoundaryError;
use format::Sections;

/// The boundaries that come with the program; `gazetteer/data/README.md` says where from.
static EMBEDDED: &[u8] = include_bytes!("../../data/boundaries.bin");

/// A county-level unit: its codes, names and box. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    index: usize,
    /// GB/T 2260 code of the unit.
    pub code: u32,
    /// Code of its prefecture; of the province where there is no prefecture between.
    pub prefecture_code: u32,
    /// Code of its province.
    pub province_code: u32,
    /// Full name.
    pub name: &'a str,
    /// Full name of its prefecture (or province).
    pub prefecture_name: &'a str,
    /// Full name of its province.
    pub province_name: &'a str,
    /// Box around it.
    pub extent: Extent,
    /// A point well inside its largest part.
    pub inside: LonLat,
}

/// County-level boundaries, and through them those of every prefecture and province.
#[derive(Debug)]
pub struct Boundaries {
    sections: Sections<'static>,
    boxes: OnceLock<RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>>,
    /// How often [`Self::units_in`] was asked.
    asked: AtomicUsize,
}

/// From this question on the boxes are in a tree: making it takes as long as looking at all of them so often.
const WORTH_A_TREE: usize = 64;

impl Boundaries {
    /// Opens the embedded boundaries. Reads the header only.
    ///
    /// # Errors
    /// When the file is not what this version reads; never with the file that comes with it.
    pub fn embedded() -> Result<Self, BoundaryError> {
        Ok(Self {
            sections: Sections::open(EMBEDDED)?,
            boxes: OnceLock::new(),
            asked: AtomicUsize::new(0),
        })
    }

    /// All county-level units, in the order of the file.
    pub fn units(&self) -> impl Iterator<Item = Unit<'static>> + '_ {
        (0..self.sections.unit_count()).filter_map(|index| self.unit(index).ok())
    }

    fn unit(&self, index: usize) -> Result<Unit<'static>, BoundaryError> {
        let record = self.sections.unit(index)?;
        let [code, prefecture_code, province_code] = record.codes;
        let [name, prefecture_name, province_name] = record.names;
        Ok(Unit {
            index,
            code,
            prefecture_code,
            province_code,
            name,
            prefecture_name,
            province_name,
            extent: record.extent,
            inside: record.inside,
        })
    }

    /// The union of units: shared borders vanish exactly. Empty for no units.
    ///
    /// Coordinates are WGS 84 degrees, x longitude, y latitude; exterior rings run counter-clockwise.
    ///
    /// # Errors
    /// When a record of the file is out of range.
    pub fn union(&self, units: &[Unit<'_>]) -> Result<MultiPolygon<f64>, BoundaryError> {
        let mut indices: Vec<usize> = units.iter().map(|unit| unit.index).collect();
        indices.sort_unstable();
        indices.dedup();
        dissolve::union(&self.sections, &indices)
    }

    /// The units whose boxes meet `extent`, in the order of the file.
    pub fn units_in(&self, extent: Extent) -> Vec<Unit<'static>> {
        if self.asked.fetch_add(1, Ordering::Relaxed) < WORTH_A_TREE {
            let meets = |index: &usize| {
                let around = self.sections.unit_extent(*index);
                around.is_some_and(|around| around.intersects(extent))
            };
            let found = (0..self.sections.unit_count()).filter(meets);
            return found.filter_map(|index| self.unit(index).ok()).collect();
        }
        let tree = self.boxes.get_or_init(|| {
            let boxes = (0..self.sections.unit_count()).filter_map(|index| {
                let e = self.sections.unit_extent(index)?;
                let corners = Rectangle::from_corners([e.west, e.south], [e.east, e.north]);
                Some(GeomWithData::new(corners, index))
            });
            RTree::bulk_load(boxes.collect())
        });
        let query = AABB::from_corners([extent.west, extent.south], [extent.east, extent.north]);
        let mut found: Vec<usize> = tree
            .locate_in_envelope_intersecting(query)
            .map(|hit| hit.data)
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .filter_map(|index| self.unit(index).ok())
            .collect()
    }

    /// The units that hold a position. More than one on a shared border, none outside the country.
    ///
    /// # Errors
    /// When a record of the file is out of range.
    pub fn units_at(&self, position: LonLat) -> Result<Vec<Unit<'static>>, BoundaryError> {
        let (point, extent) = (
            position.to_point(),
            Extent {
                west: position.lon(),
                south: position.lat(),
                east: position.lon(),
                north: position.lat(),
            },
        );
        let mut found = Vec::new();
        for unit in self.units_in(extent) {
            let area = self.union(&[unit])?;
            if area.contains(&point) || area.intersects(&point) {
                found.push(unit);
            }
        }
        Ok(found)
    }

    /// The borders that meet `extent`, each stretch once, with the highest rank of what it parts.
    ///
    /// # Errors
    /// When a record of the file is out of range.
    pub fn borders_in(&self, extent: Extent) -> Result<Vec<BorderArc>, BoundaryError> {
        borders::borders_in(self, extent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Asks everything of a file; what matters is that it ends with an answer or an error.
    fn read_all(bytes: &[u8]) -> Result<usize, BoundaryError> {
        let sections = Sections::open(bytes)?;
        let mut rings = 0;
        for unit in (0..sections.unit_count()).step_by(97) {
            sections.unit(unit)?;
            rings += dissolve::union(&sections, &[unit, unit + 1])?.0.len();
        }
        Ok(rings)
    }

    #[test]
    fn the_embedded_file_reads_and_its_parts_do_not() {
        assert!(read_all(EMBEDDED).is_ok_and(|rings| rings > 30));
        assert_eq!(read_all(&[]), Err(BoundaryError::Magic));
        assert_eq!(read_all(b"YUTUBND2"), Err(BoundaryError::Magic));
        for keep in [8, 39, 40, 1000, EMBEDDED.len() / 2, EMBEDDED.len() - 1] {
            let error = read_all(&EMBEDDED[..keep]).expect_err("cut off");
            assert!(
                matches!(error, BoundaryError::Truncated { .. }),
                "{keep}: {error}"
            );
        }
    }

    #[test]
    fn the_boxes_and_their_tree_say_the_same() {
        let boundaries = Boundaries::embedded().expect("the embedded file");
        let extents = (0_u32..64).map(|number| {
            let (west, south) = (
                80.0 + f64::from(number) * 0.6,
                20.0 + f64::from(number) * 0.4,
            );
            Extent {
                west,
                south,
                east: west + 0.7,
                north: south + 0.5,
            }
        });
        let ask = |extent| -> Vec<usize> {
            boundaries
                .units_in(extent)
                .iter()
                .map(|unit| unit.index)
                .collect()
        };
        let scanned: Vec<_> = extents.clone().map(ask).collect();
        assert!(boundaries.boxes.get().is_none(), "WORTH_A_TREE is 64");
        let found: Vec<_> = extents.map(ask).collect();
        assert!(boundaries.boxes.get().is_some());
        assert_eq!(scanned, found);
        assert!(found.concat().len() > 100);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn damaged_bytes_never_panic(
            damage in prop::collection::vec((prop_oneof![0..260_000_usize, 0..1_479_326_usize], any::<u8>()), 1..40),
        ) {
            let mut bytes = EMBEDDED.to_vec();
            for (at, value) in damage {
                bytes[at] = value;
            }
            let _ = read_all(&bytes);
        }
    }
}
