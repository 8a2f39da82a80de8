//! The land below a theme: borders by rank, names of the neighbours, rivers, and the locator.

use std::collections::{BTreeMap, BTreeSet};

use gazetteer::{BorderRank, Boundaries, Extent, Unit, rivers};

use super::{BuildError, Builder};
use crate::map::{Border, Ground, GroundArea, River};
use crate::style::BorderLevel;

/// Chongqing and Sichuan: the provinces of the five plans have the lighter ground.
pub(super) const CHUAN_YU: [u32; 2] = [500_000, 510_000];

/// What the locator of the five plans shows: the two provinces and their neighbours.
const CHUAN_YU_LOCATOR: Extent = Extent {
    west: 88.0,
    south: 22.0,
    east: 121.0,
    north: 38.0,
};
/// How far around other provinces a locator looks, in degrees.
const AROUND_DEG: f64 = 5.0;

impl Builder<'_> {
    /// The land around a box, for a page that is about no plan: borders, names, rivers and the locator of the two
    /// provinces.
    ///
    /// # Errors
    /// When data that comes with the program is damaged.
    pub fn ground_around(&self, focus: Extent) -> Result<Ground, BuildError> {
        ground(self, focus, &BTreeSet::new())
    }
}

/// The ground around `focus`. Units whose codes are in `themed` keep their areas but not their names.
pub(super) fn ground(
    builder: &Builder<'_>,
    focus: Extent,
    themed: &BTreeSet<u32>,
) -> Result<Ground, BuildError> {
    ground_of(builder.gazetteer.boundaries(), focus, themed, &CHUAN_YU)
}

/// The ground around `focus` for a plan of the provinces with the codes `home`.
pub(super) fn ground_of(
    boundaries: &Boundaries,
    focus: Extent,
    themed: &BTreeSet<u32>,
    home: &[u32],
) -> Result<Ground, BuildError> {
    // A page is wider than its focus: by how much depends on its shape, so take as much again.
    let reach = focus.grown((focus.east - focus.west).max(focus.north - focus.south) * 0.75);
    // Borders and the locator take about as long as the areas.
    let (areas, others) = std::thread::scope(|scope| {
        let others = scope.spawn(|| -> Result<_, BuildError> {
            Ok((boundaries.borders_in(reach)?, locator(boundaries, home)?))
        });
        let areas = areas(boundaries, reach, themed, home);
        (areas, others.join())
    });
    let (borders, locator) = match others {
        Ok(others) => others?,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    let borders = borders
        .into_iter()
        .map(|border| Border {
            level: level(border.rank),
            line: border.line,
        })
        .collect();
    let rivers = rivers()?
        .into_iter()
        .map(|r| River {
            name: r.name.to_owned(),
            rank: r.rank,
            line: r.line,
        })
        .collect();

    Ok(Ground {
        areas: areas?,
        borders,
        rivers,
        locator,
    })
}

/// Provinces, prefectures and the counties that belong to none, as far as they are in reach.
fn areas(
    boundaries: &Boundaries,
    reach: Extent,
    themed: &BTreeSet<u32>,
    home: &[u32],
) -> Result<Vec<GroundArea>, BuildError> {
    let units = boundaries.units_in(reach);
    let mut areas = Vec::new();
    let mut by_province: BTreeMap<u32, Vec<Unit<'static>>> = BTreeMap::new();
    let mut by_prefecture: BTreeMap<u32, Vec<Unit<'static>>> = BTreeMap::new();
    for unit in &units {
        by_province
            .entry(unit.province_code)
            .or_default()
            .push(*unit);
        by_prefecture
            .entry(unit.prefecture_code)
            .or_default()
            .push(*unit);
    }
    // Only the parts near the page: a whole province is not needed to fill and name its part here.
    for (code, members) in by_province {
        areas.push(GroundArea {
            name: members[0].province_name.to_owned(),
            level: BorderLevel::Province,
            home: home.contains(&code),
            named: true,
            geometry: boundaries.union(&members)?,
        });
    }
    for (code, members) in by_prefecture {
        let at_home = home.contains(&members[0].province_code);
        if code == members[0].province_code {
            for unit in members {
                areas.push(GroundArea {
                    name: unit.name.to_owned(),
                    level: BorderLevel::County,
                    home: at_home,
                    named: !themed.contains(&unit.code),
                    geometry: boundaries.union(&[unit])?,
                });
            }
        } else {
            areas.push(GroundArea {
                name: members[0].prefecture_name.to_owned(),
                level: BorderLevel::Prefecture,
                home: at_home,
                named: !themed.contains(&code)
                    && !members.iter().any(|unit| themed.contains(&unit.code)),
                geometry: boundaries.union(&members)?,
            });
        }
    }
    Ok(areas)
}

fn level(rank: BorderRank) -> BorderLevel {
    match rank {
        BorderRank::County => BorderLevel::County,
        BorderRank::Prefecture => BorderLevel::Prefecture,
        BorderRank::Province => BorderLevel::Province,
    }
}

fn locator(boundaries: &Boundaries, home: &[u32]) -> Result<Vec<GroundArea>, BuildError> {
    let around = if home == CHUAN_YU {
        Some(CHUAN_YU_LOCATOR)
    } else {
        let extents = boundaries
            .units()
            .filter(|unit| home.contains(&unit.province_code));
        let extents = extents.map(|unit| unit.extent).reduce(Extent::union);
        extents.map(|extent| extent.grown(AROUND_DEG))
    };
    let Some(around) = around else {
        return Ok(Vec::new());
    };
    let mut by_province: BTreeMap<u32, Vec<Unit<'static>>> = BTreeMap::new();
    for unit in boundaries.units_in(around) {
        by_province
            .entry(unit.province_code)
            .or_default()
            .push(unit);
    }
    by_province
        .into_iter()
        .map(|(code, members)| {
            let home = home.contains(&code);
            Ok(GroundArea {
                name: gazetteer::short_form(members[0].province_name).to_owned(),
                level: BorderLevel::Province,
                home,
                named: home,
                geometry: boundaries.union(&members)?,
            })
        })
        .collect()
}
