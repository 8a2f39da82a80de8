//! The gazetteer: everything a name can be looked up in.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::OnceLock;

use geo::{LineString, MultiPolygon};

use crate::boundaries::{Boundaries, BoundaryError, Unit};
use crate::history::{self, Change, TableError};
use crate::place::{Place, PlaceId};
use crate::scan::Beginnings;
use crate::store::{HowStored, Store, StoreError};
use crate::{FeatureClass, LonLat, PartialDate, short_form};

static PLACES: &[u8] = include_bytes!("../data/places.bin");
static HISTORY: &str = include_str!("../data/history.csv");
/// No unit has more units above it.
const DEEPEST: usize = 6;

/// A gazetteer that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GazetteerError {
    /// The boundaries: a fault of the build, not of the user.
    #[error(transparent)]
    Boundaries(#[from] BoundaryError),
    /// A table: a fault of the build, not of the user.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A file of places.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// More files of places than a gazetteer holds.
    #[error("more than 65 535 imported files of places")]
    TooManyStores,
}

/// Places, names, boundaries and history.
///
/// What comes with the program is opened as it lies in the binary: nothing is parsed that is not asked for.
#[derive(Debug)]
pub struct Gazetteer {
    pub(crate) boundaries: Boundaries,
    /// The embedded places, then those of the user in the order they were added.
    pub(crate) stores: Vec<Store>,
    units: OnceLock<Vec<Unit<'static>>>,
    history: OnceLock<History>,
    beginnings: OnceLock<Beginnings>,
}

/// The changes, and the names that they ended.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) changes: Vec<Change>,
    /// Of a code, the changes that ended a unit with it.
    pub(crate) ended: HashMap<u32, Vec<usize>>,
    /// A former name: the change that ended it, the unit's code since, whether it is the short form.
    pub(crate) former: HashMap<String, Vec<Former>>,
}

/// A name that a change ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Former {
    pub(crate) change: usize,
    pub(crate) code: u32,
    pub(crate) short: bool,
}

/// What a name stands for, and in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    pub(crate) how: HowNamed,
    pub(crate) place: PlaceId,
}

/// In which way a name stands for a place; better ways first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HowNamed {
    Stored(HowStored),
    /// A former full name: the number of the change that ended it.
    FormerFull(usize),
    /// Its short form.
    FormerShort(usize),
}

impl Gazetteer {
    /// Opens the gazetteer that comes with the program.
    ///
    /// # Errors
    /// When the embedded data is damaged.
    pub fn embedded() -> Result<Self, GazetteerError> {
        Ok(Self {
            boundaries: Boundaries::embedded()?,
            stores: vec![Store::from_static(PLACES)?],
            units: OnceLock::new(),
            history: OnceLock::new(),
            beginnings: OnceLock::new(),
        })
    }

    /// Lays a file of places over those that are there.
    ///
    /// # Errors
    /// When there are more than 65 535.
    pub fn add(&mut self, store: Store) -> Result<(), GazetteerError> {
        if self.stores.len() > usize::from(u16::MAX) {
            return Err(GazetteerError::TooManyStores);
        }
        self.stores.push(store);
        self.beginnings = OnceLock::new();
        Ok(())
    }

    /// Lays the files of places of a folder (`*.places`) over those that are there, in the order of their
    /// names. A folder that is not there holds none.
    ///
    /// # Errors
    /// When a file cannot be read or is not a file of places.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), GazetteerError> {
        for path in store_files(folder)? {
            self.add(Store::open(&path)?)?;
        }
        Ok(())
    }

    /// Every place: those that come with the program first.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        (0_u16..).zip(&self.stores).flat_map(|(number, store)| {
            (0_u32..).take(store.len()).map(move |place| {
                Place::new(
                    store,
                    PlaceId {
                        store: number,
                        number: place,
                    },
                )
            })
        })
    }

    /// The place of a number that this gazetteer gave out.
    ///
    /// # Panics
    /// When the number comes from another gazetteer, with more files.
    #[must_use]
    pub fn place(&self, number: PlaceId) -> Place<'_> {
        Place::new(&self.stores[usize::from(number.store)], number)
    }

    /// The administrative unit with a GB/T 2260 code.
    #[must_use]
    pub fn unit(&self, code: u32) -> Option<Place<'_>> {
        self.unit_number(code).map(|number| self.place(number))
    }

    pub(crate) fn unit_number(&self, code: u32) -> Option<PlaceId> {
        let number = self.stores[0].with_code(code)?;
        Some(PlaceId { store: 0, number })
    }

    /// The place with an identifier; the code of a unit is that of the program, of others the user's go first.
    #[must_use]
    pub fn with_id(&self, id: &str) -> Option<Place<'_>> {
        self.number_of(id).map(|number| self.place(number))
    }

    fn number_of(&self, id: &str) -> Option<PlaceId> {
        if id.is_empty() {
            return None;
        }
        // The code of a unit is found without the index of names.
        let unit = id.parse().ok().filter(|_| id.len() == 6);
        if let Some(unit) = unit.and_then(|code| self.unit_number(code)) {
            return Some(unit);
        }
        (0..self.stores.len()).rev().find_map(|index| {
            let (places, store) = (&self.stores[index], u16::try_from(index).ok()?);
            let posting = places
                .named(id)
                .find(|posting| posting.how == HowStored::Id)?;
            let number = posting.number;
            Some(PlaceId { store, number })
        })
    }

    /// The place above a place, where there is one.
    #[must_use]
    pub fn parent(&self, place: &Place<'_>) -> Option<Place<'_>> {
        if place.parent_id.is_empty() {
            return None;
        }
        self.with_id(place.parent_id)
    }

    /// What a place is made of, in order: the units of a region, the parts of a compound name, the nodes of a route.
    #[must_use]
    pub fn members(&self, place: &Place<'_>) -> Vec<Place<'_>> {
        place
            .member_ids()
            .filter_map(|id| self.with_id(id))
            .collect()
    }

    /// The boundaries.
    #[must_use]
    pub fn boundaries(&self) -> &Boundaries {
        &self.boundaries
    }

    pub(crate) fn units(&self) -> &[Unit<'static>] {
        self.units.get_or_init(|| self.boundaries.units().collect())
    }

    /// A place's name with those of the units above it: 四川省广安市邻水县.
    ///
    /// Only the names of administrative units are put together so; 重庆江北国际机场 says itself where it is.
    #[must_use]
    pub fn canonical(&self, place: &Place<'_>) -> String {
        self.canonical_under(place, place.name, place.parent_id)
    }

    /// The canonical name of a place that was called so and lay under another unit.
    pub(crate) fn canonical_under(&self, place: &Place<'_>, name: &str, above: &str) -> String {
        let chained = place.class.is_administrative()
            || matches!(
                place.class,
                FeatureClass::Town | FeatureClass::Settlement | FeatureClass::EconomicZone
            );
        let mut chain = vec![name];
        let mut above = if chained { above } else { "" };
        while let Some(number) = self.number_of(above).filter(|_| chain.len() < DEEPEST) {
            let store = &self.stores[usize::from(number.store)];
            let (parent, next) = store.name_and_parent(number.number);
            chain.push(parent);
            above = next;
        }
        chain.reverse();
        chain.concat()
    }

    /// The county-level units that make the area of a place; none for a place that is only a point or a line.
    #[must_use]
    pub fn units_of(&self, place: &Place<'_>) -> Vec<Unit<'static>> {
        let mut codes = BTreeSet::new();
        self.add_unit_codes(place, &mut BTreeSet::new(), &mut codes);
        let within = |unit: &&Unit<'static>| {
            [unit.code, unit.prefecture_code, unit.province_code]
                .iter()
                .any(|code| codes.contains(code))
        };
        self.units().iter().filter(within).copied().collect()
    }

    fn add_unit_codes(
        &self,
        place: &Place<'_>,
        seen: &mut BTreeSet<PlaceId>,
        codes: &mut BTreeSet<u32>,
    ) {
        // A region may name another, and in a user's file itself.
        if !seen.insert(place.number) {
            return;
        }
        if place.class.is_administrative() {
            codes.extend(place.adcode);
        } else if matches!(
            place.class,
            FeatureClass::Region
                | FeatureClass::Compound
                | FeatureClass::NewArea
                | FeatureClass::EconomicZone
        ) {
            for member in self.members(place) {
                self.add_unit_codes(&member, seen, codes);
            }
        }
    }

    /// The area of a place, when it has one of whole units. WGS 84 degrees, x longitude, y latitude.
    ///
    /// # Errors
    /// When the boundaries are damaged.
    pub fn area(&self, place: &Place<'_>) -> Result<Option<MultiPolygon<f64>>, BoundaryError> {
        let units = self.units_of(place);
        if units.is_empty() {
            Ok(None)
        } else {
            self.boundaries.union(&units).map(Some)
        }
    }

    /// The area of a place of whole units in km², on the sphere of the same surface as WGS 84: within half a percent.
    /// None when it has no such area, or the boundaries are damaged.
    #[must_use]
    pub fn area_km2(&self, place: &Place<'_>) -> Option<f64> {
        let area = self.area(place).ok()??;
        let rings = area.iter().map(|part| {
            let holes: f64 = part.interiors().iter().map(ring_km2).sum();
            ring_km2(part.exterior()) - holes
        });
        Some(rings.sum())
    }

    /// The administrative units that hold a position, province first; empty outside the country.
    ///
    /// On a shared border there is more than one county.
    ///
    /// # Errors
    /// When the boundaries are damaged.
    pub fn units_at(&self, position: LonLat) -> Result<Vec<Place<'_>>, BoundaryError> {
        let mut numbers = Vec::new();
        for unit in self.boundaries.units_at(position)? {
            for code in [unit.province_code, unit.prefecture_code, unit.code] {
                numbers.extend(self.unit_number(code));
            }
        }
        let mut places: Vec<Place<'_>> = numbers.into_iter().map(|n| self.place(n)).collect();
        places.sort_by_key(|place| (place.class, place.adcode));
        places.dedup_by_key(|place| place.number);
        Ok(places)
    }

    /// The first characters of all names: made when a text is first read.
    pub(crate) fn beginnings(&self) -> &Beginnings {
        self.beginnings.get_or_init(|| Beginnings::of(self))
    }

    pub(crate) fn history(&self) -> &History {
        self.history.get_or_init(|| {
            // A test reads the table; damage after that would be a fault of the build.
            let changes = history::read(HISTORY).unwrap_or_default();
            let mut former: HashMap<String, Vec<Former>> = HashMap::new();
            let carried = changes
                .iter()
                .enumerate()
                .filter(|(_, c)| c.carries_names());
            for (number, change) in carried {
                for code in change
                    .to
                    .iter()
                    .filter_map(|now| Some((now.code?, &now.name)))
                {
                    let (code, now) = code;
                    for before in change.from.iter().filter(|before| before.name != *now) {
                        let mut add = |name: &str, short| {
                            let known = former.entry(name.to_owned()).or_default();
                            known.push(Former {
                                change: number,
                                code,
                                short,
                            });
                        };
                        add(&before.name, false);
                        let short = short_form(&before.name);
                        if short != before.name {
                            add(short, true);
                        }
                    }
                }
            }
            let mut ended: HashMap<u32, Vec<usize>> = HashMap::new();
            for (number, change) in changes.iter().enumerate() {
                for unit in change.from.iter().filter(|unit| !change.to.contains(unit)) {
                    let code = unit.code.unwrap_or(0);
                    ended.entry(code).or_default().push(number);
                }
            }
            History {
                changes,
                ended,
                former,
            }
        })
    }

    /// The changes that ended or began a unit, in the order of the table.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.history().changes
    }

    /// The name of a unit as of a date, and the change that began the name it has now, if it is later.
    pub(crate) fn name_as_of(
        &self,
        place: &Place<'_>,
        as_of: Option<PartialDate>,
    ) -> (String, Option<&Change>) {
        let (mut name, mut code) = (place.name.to_owned(), place.adcode);
        let mut ended = None;
        let (Some(as_of), true) = (as_of, place.class.is_administrative()) else {
            return (name, None);
        };
        let mut changes: Vec<&Change> = self
            .changes()
            .iter()
            .filter(|change| change.carries_names())
            .collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.date.first_day()));
        for change in changes {
            if change.date.first_day() <= as_of.last_day() {
                break;
            }
            let begins = change
                .to
                .iter()
                .any(|unit| unit.name == name && unit.code == code);
            // Of several units that merged, the one with the same stem carries the name on.
            let stem = short_form(&name);
            let before = change
                .from
                .iter()
                .find(|unit| short_form(&unit.name) == stem)
                .or(if change.from.len() == 1 {
                    change.from.first()
                } else {
                    None
                });
            if let (true, Some(before)) = (begins, before) {
                if before.name != name {
                    ended.get_or_insert(change);
                }
                (name, code) = (before.name.clone(), before.code);
            }
        }
        (name, ended)
    }
}

/// The area inside a ring of longitudes and latitudes, in km², whichever way it runs.
fn ring_km2(ring: &LineString<f64>) -> f64 {
    /// Radius of the sphere with the surface of the ellipsoid of WGS 84.
    const AUTHALIC_KM: f64 = 6_371.007_18;
    let strips = ring.lines().map(|edge| {
        let (start, end) = (edge.start, edge.end);
        let width = (end.x - start.x).to_radians();
        width * (2.0 + start.y.to_radians().sin() + end.y.to_radians().sin())
    });
    (strips.sum::<f64>() * AUTHALIC_KM * AUTHALIC_KM / 2.0).abs()
}

/// The files of places of a folder (`*.places`), in the order of their names; none when it is not there.
///
/// # Errors
/// When the folder cannot be read.
pub fn store_files(folder: &Path) -> Result<Vec<std::path::PathBuf>, StoreError> {
    let io = |source| StoreError::Io {
        path: folder.to_owned(),
        source,
    };
    let listed = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(io)?,
    };
    let mut files = listed
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io)?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "places")
    });
    files.sort();
    Ok(files)
}
