//! The gazetteer: everything a name can be looked up in.

use std::collections::HashMap;
use std::sync::OnceLock;

use geo::MultiPolygon;

use crate::boundaries::{Boundaries, BoundaryError, Unit};
use crate::history::{self, Change, TableError, rows};
use crate::place::{Place, PlaceId, UnitCodes};
use crate::proximity::PointTree;
use crate::{FeatureClass, LonLat, PartialDate, short_form};

static HISTORY: &str = include_str!("../data/history.csv");
static SEATS: &str = include_str!("../data/seats.csv");
static PLACES_BY_HAND: &str = include_str!("../data/places_hand.csv");

/// Embedded data that cannot be read: a fault of the build, not of the user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GazetteerError {
    /// The boundaries.
    #[error(transparent)]
    Boundaries(#[from] BoundaryError),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Places, names, boundaries and history.
#[derive(Debug)]
pub struct Gazetteer {
    pub(crate) boundaries: Boundaries,
    /// The units of the boundaries, decoded once.
    units: Vec<Unit<'static>>,
    pub(crate) places: Vec<Place>,
    pub(crate) by_name: HashMap<String, Vec<Named>>,
    by_code: HashMap<u32, PlaceId>,
    pub(crate) changes: Vec<Change>,
    pub(crate) points: OnceLock<PointTree>,
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
    Full,
    Alias,
    Short,
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
        let boundaries = Boundaries::embedded()?;
        let mut gazetteer = Self {
            units: boundaries.units().collect(),
            boundaries,
            places: Vec::new(),
            by_name: HashMap::new(),
            by_code: HashMap::new(),
            changes: history::read(HISTORY)?,
            points: OnceLock::new(),
        };
        gazetteer.add_units()?;
        gazetteer.add_places_by_hand()?;
        gazetteer.add_names();
        Ok(gazetteer)
    }

    fn push(&mut self, mut place: Place) -> PlaceId {
        let number = PlaceId(u32::try_from(self.places.len()).expect("fewer than 2^32 places"));
        place.number = number;
        if let Some(code) = place.adcode {
            self.by_code.entry(code).or_insert(number);
        }
        self.places.push(place);
        number
    }

    fn add_units(&mut self) -> Result<(), GazetteerError> {
        let seats = read_seats()?;
        let units = std::mem::take(&mut self.units);
        for unit in &units {
            let province = self.unit_place(
                unit.province_code,
                unit.province_name,
                FeatureClass::Province,
                None,
                UnitCodes::Province(unit.province_code),
                unit,
                &seats,
            );
            let mut parent = province;
            if unit.prefecture_code != unit.province_code {
                // A county-level unit right under its province stands for its own prefecture.
                let class = if unit.prefecture_code % 100 == 0 {
                    FeatureClass::Prefecture
                } else {
                    FeatureClass::County
                };
                let area = UnitCodes::Prefecture(unit.prefecture_code);
                parent = self.unit_place(
                    unit.prefecture_code,
                    unit.prefecture_name,
                    class,
                    Some(province),
                    area,
                    unit,
                    &seats,
                );
            }
            if unit.code != unit.prefecture_code {
                let area = UnitCodes::These(vec![unit.code]);
                self.unit_place(
                    unit.code,
                    unit.name,
                    FeatureClass::County,
                    Some(parent),
                    area,
                    unit,
                    &seats,
                );
            }
        }
        self.units = units;
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one caller, each argument another property"
    )]
    fn unit_place(
        &mut self,
        code: u32,
        name: &str,
        class: FeatureClass,
        parent: Option<PlaceId>,
        unit_codes: UnitCodes,
        unit: &Unit<'static>,
        seats: &HashMap<u32, (LonLat, u32, &'static str)>,
    ) -> PlaceId {
        if let Some(&known) = self.by_code.get(&code) {
            return known;
        }
        let (position, accuracy_m, source) = seats.get(&code).map_or_else(
            // No seat is known: a point inside, which may be as far off as the unit is wide.
            || (unit.inside, 30_000, "point inside the boundary"),
            |&(position, accuracy_m, source)| (position, accuracy_m, source),
        );
        // 石柱土家族自治县 is also written 石柱县.
        let short = short_form(name);
        let aliases = if name.ends_with("自治县") {
            vec![format!("{short}县")]
        } else {
            Vec::new()
        };
        self.push(Place {
            number: PlaceId(0),
            id: code.to_string(),
            name: name.to_owned(),
            aliases,
            class,
            position,
            accuracy_m,
            position_source: source.to_owned(),
            adcode: Some(code),
            parent,
            unit_codes,
            note: String::new(),
        })
    }

    fn add_places_by_hand(&mut self) -> Result<(), GazetteerError> {
        const TABLE: &str = "places_hand.csv";
        let header = [
            "id",
            "name",
            "aliases",
            "class",
            "lon",
            "lat",
            "accuracy_m",
            "parent",
            "units",
            "source",
            "note",
        ];
        for row in rows(TABLE, PLACES_BY_HAND, header) {
            let (
                line,
                [
                    id,
                    name,
                    aliases,
                    class,
                    lon,
                    lat,
                    accuracy_m,
                    parent,
                    units,
                    source,
                    note,
                ],
            ) = row?;
            let error = |problem: String| TableError {
                table: TABLE,
                line,
                problem,
            };
            let list = |cell: &str| -> Vec<String> {
                cell.split(';')
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect()
            };
            let code = |text: &str| -> Result<u32, TableError> {
                text.parse()
                    .map_err(|_| error(format!("`{text}` is not a code")))
            };
            let unit_codes = list(units)
                .iter()
                .map(|c| code(c))
                .collect::<Result<Vec<_>, _>>()?;
            let parent = if parent.is_empty() {
                None
            } else {
                let unit = self.by_code.get(&code(parent)?).copied();
                Some(unit.ok_or_else(|| error("the parent is not a unit".to_owned()))?)
            };
            self.push(Place {
                number: PlaceId(0),
                id: id.to_owned(),
                name: name.to_owned(),
                aliases: list(aliases),
                class: FeatureClass::parse(class)
                    .ok_or_else(|| error(format!("`{class}` is not a class")))?,
                position: position(lon, lat).map_err(error)?,
                accuracy_m: accuracy_m
                    .parse()
                    .map_err(|_| error(format!("`{accuracy_m}` is not metres")))?,
                position_source: source.to_owned(),
                adcode: None,
                parent,
                unit_codes: if unit_codes.is_empty() {
                    UnitCodes::None
                } else {
                    UnitCodes::These(unit_codes)
                },
                note: note.to_owned(),
            });
        }
        Ok(())
    }

    fn add_names(&mut self) {
        let mut names: Vec<(String, Named)> = Vec::new();
        for place in &self.places {
            let mut add = |name: &str, how| {
                names.push((
                    name.to_owned(),
                    Named {
                        how,
                        place: place.number,
                    },
                ));
            };
            add(&place.name, HowNamed::Full);
            for alias in &place.aliases {
                add(alias, HowNamed::Alias);
            }
            let short = short_form(&place.name);
            if place.class.is_administrative() && short != place.name {
                add(short, HowNamed::Short);
            }
        }
        for (number, change) in self
            .changes
            .iter()
            .enumerate()
            .filter(|(_, change)| change.carries_names())
        {
            for now in &change.to {
                let Some(place) = now.code.and_then(|code| self.by_code.get(&code)).copied() else {
                    continue;
                };
                for before in change.from.iter().filter(|before| before.name != now.name) {
                    let short = short_form(&before.name);
                    names.push((
                        before.name.clone(),
                        Named {
                            how: HowNamed::FormerFull(number),
                            place,
                        },
                    ));
                    if short != before.name {
                        names.push((
                            short.to_owned(),
                            Named {
                                how: HowNamed::FormerShort(number),
                                place,
                            },
                        ));
                    }
                }
            }
        }
        for (name, named) in names {
            let known = self.by_name.entry(name).or_default();
            if !known.iter().any(|other| other.place == named.place) {
                known.push(named);
            }
        }
    }

    /// Every place, in a fixed order.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The place of a number that this gazetteer gave out.
    ///
    /// # Panics
    /// When the number comes from another gazetteer.
    #[must_use]
    pub fn place(&self, number: PlaceId) -> &Place {
        &self.places[number.0 as usize]
    }

    /// The administrative unit with a GB/T 2260 code.
    #[must_use]
    pub fn unit(&self, code: u32) -> Option<&Place> {
        self.by_code.get(&code).map(|&number| self.place(number))
    }

    /// The boundaries.
    #[must_use]
    pub fn boundaries(&self) -> &Boundaries {
        &self.boundaries
    }

    /// A place's name with those of the units above it: 四川省广安市邻水县.
    #[must_use]
    pub fn canonical(&self, place: &Place) -> String {
        self.canonical_as(place, &place.name)
    }

    pub(crate) fn canonical_as(&self, place: &Place, name: &str) -> String {
        let mut chain = vec![name];
        let mut above = place.parent;
        while let Some(number) = above {
            let parent = self.place(number);
            chain.push(&parent.name);
            above = parent.parent;
        }
        chain.reverse();
        chain.concat()
    }

    /// The county-level units that make the area of a place; none for a place that is only a point.
    #[must_use]
    pub fn units_of(&self, place: &Place) -> Vec<Unit<'static>> {
        let units = self.units.iter().copied();
        match &place.unit_codes {
            UnitCodes::None => Vec::new(),
            UnitCodes::Province(code) => units.filter(|u| u.province_code == *code).collect(),
            UnitCodes::Prefecture(code) => units.filter(|u| u.prefecture_code == *code).collect(),
            UnitCodes::These(codes) => units.filter(|u| codes.contains(&u.code)).collect(),
        }
    }

    /// The area of a place, when it has one of whole units. WGS 84 degrees, x longitude, y latitude.
    ///
    /// # Errors
    /// When the boundaries are damaged.
    pub fn area(&self, place: &Place) -> Result<Option<MultiPolygon<f64>>, BoundaryError> {
        let units = self.units_of(place);
        if units.is_empty() {
            Ok(None)
        } else {
            self.boundaries.union(&units).map(Some)
        }
    }

    /// The administrative units that hold a position, province first; empty outside the country.
    ///
    /// On a shared border there is more than one county.
    ///
    /// # Errors
    /// When the boundaries are damaged.
    pub fn units_at(&self, position: LonLat) -> Result<Vec<&Place>, BoundaryError> {
        let mut numbers = Vec::new();
        for unit in self.boundaries.units_at(position)? {
            for code in [unit.province_code, unit.prefecture_code, unit.code] {
                numbers.extend(self.by_code.get(&code).copied());
            }
        }
        let mut places: Vec<&Place> = numbers.into_iter().map(|n| self.place(n)).collect();
        places.sort_by_key(|place| (place.class, place.number));
        places.dedup_by_key(|place| place.number);
        Ok(places)
    }

    /// The changes that ended or began a unit, in the order of the table.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The name of a unit as of a date, and the change that began the name it has now, if it is later.
    pub(crate) fn name_as_of(
        &self,
        place: &Place,
        as_of: Option<PartialDate>,
    ) -> (String, Option<&Change>) {
        let (mut name, mut code) = (place.name.clone(), place.adcode);
        let mut ended = None;
        let Some(as_of) = as_of else {
            return (name, None);
        };
        let mut changes: Vec<&Change> = self
            .changes
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

fn position(lon: &str, lat: &str) -> Result<LonLat, String> {
    let number = |text: &str| {
        text.parse::<f64>()
            .map_err(|_| format!("`{text}` is not degrees"))
    };
    LonLat::new(number(lon)?, number(lat)?).map_err(|error| error.to_string())
}

fn read_seats() -> Result<HashMap<u32, (LonLat, u32, &'static str)>, TableError> {
    const TABLE: &str = "seats.csv";
    rows(
        TABLE,
        SEATS,
        ["adcode", "lon", "lat", "accuracy_m", "source"],
    )
    .map(|row| {
        let (line, [code, lon, lat, accuracy_m, source]) = row?;
        let error = |problem: String| TableError {
            table: TABLE,
            line,
            problem,
        };
        let number = |text: &str| {
            text.parse::<u32>()
                .map_err(|_| error(format!("`{text}` is not a whole number")))
        };
        Ok((
            number(code)?,
            (
                position(lon, lat).map_err(error)?,
                number(accuracy_m)?,
                source,
            ),
        ))
    })
    .collect()
}
