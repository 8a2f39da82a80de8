//! Whether points look moved as Chinese web maps move them (GCJ-02): points whose attributes name a county lie in it more often
//! when the shift is undone. Never more than a suspicion, and only where points are near borders.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use coordinates::{Crs, Transform};
use gazetteer::{Boundaries, LonLat, Unit};
use geo::Intersects;
use input::features::{FeatureSource, FeatureView, GeometryKind, Value};

use crate::feature::features;

use super::finding::{Code, Example, Finding, MOST_EXAMPLES};

/// The most claims that a block, and a file, is asked for.
const MOST_OF_BLOCK: usize = 2_000;
const MOST: usize = 40_000;
/// So many points have to be misplaced before it is said,
const LEAST: usize = 5;
/// and undoing the shift has to put so many times as many right as it puts wrong.
const TIMES: usize = 4;

/// Blocks that are looked at to suspect a file that is read for something else.
const FIRST_BLOCKS: usize = 4;

/// Whether the first points of a file look moved: how many of those that name a county lie in it only when GCJ-02 is undone.
/// `None` where nothing is to be suspected, or the file cannot be read, which reading it will tell.
#[must_use]
pub fn suspected_shift(source: FeatureSource) -> Option<u64> {
    let counties = OnceLock::new();
    let (mut claims, mut blocks) = (Vec::new(), 0);
    // One thread: the blocks behind the first are not wanted. That it is stopped is no error.
    let _ = source.read(
        1,
        |batch| {
            let mut claims = Vec::new();
            for feature in features(batch) {
                if feature.view().kind() != GeometryKind::Point {
                    continue;
                }
                if let Some(counties) = counties.get_or_init(Counties::open) {
                    counties.listen(feature.view(), &mut claims);
                }
            }
            claims
        },
        |done| {
            claims.extend(done.value);
            blocks += 1;
            if blocks < FIRST_BLOCKS {
                Ok(())
            } else {
                Err(())
            }
        },
    );
    let finding = counties.get()?.as_ref()?.judge(claims)?;
    Some(finding.count)
}

/// A point that names a county.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    position: [f64; 2],
    code: u32,
    place: String,
}

/// The counties by code, and by name where only one has it.
pub(super) struct Counties {
    boundaries: Boundaries,
    units: HashMap<u32, Unit<'static>>,
    names: HashMap<&'static str, Option<u32>>,
}

impl Counties {
    /// `None` when the boundaries cannot be opened: then nothing is suspected.
    pub(super) fn open() -> Option<Self> {
        let boundaries = Boundaries::embedded().ok()?;
        let units: HashMap<u32, Unit<'static>> =
            boundaries.units().map(|unit| (unit.code, unit)).collect();
        let mut names: HashMap<&'static str, Option<u32>> = HashMap::new();
        for unit in units.values() {
            let code = names.entry(unit.name).or_insert(Some(unit.code));
            code.take_if(|code| *code != unit.code);
        }
        Some(Self {
            boundaries,
            units,
            names,
        })
    }

    /// Notes what a feature says of itself, if it is a point that names a county.
    pub(super) fn listen(&self, view: FeatureView<'_>, claims: &mut Vec<Claim>) {
        if claims.len() >= MOST_OF_BLOCK || view.kind() != GeometryKind::Point {
            return;
        }
        let Some(position) = view.vertices().first() else {
            return;
        };
        let named = |value: Value<'_>| match value {
            Value::Int(code) => u32::try_from(code).ok(),
            Value::Text(text) => match self.names.get(text) {
                Some(code) => *code,
                None => text.parse().ok(),
            },
            _ => None,
        };
        let mut codes = view.cells().filter_map(|(_, value)| named(value));
        if let Some(code) = codes.find(|code| self.units.contains_key(code)) {
            claims.push(Claim {
                position: *position,
                code,
                place: view.origin().to_string(),
            });
        }
    }

    /// What the claims of a file come to.
    pub(super) fn judge(&self, mut claims: Vec<Claim>) -> Option<Finding> {
        claims.truncate(MOST);
        let undo = Transform::new(Crs::Gcj02, Crs::Degrees).ok()?;
        let mut by_county: BTreeMap<u32, Vec<Claim>> = BTreeMap::new();
        for claim in claims {
            by_county.entry(claim.code).or_default().push(claim);
        }
        // Put right and put wrong by undoing the shift.
        let (mut right, mut wrong) = (Vec::new(), 0);
        for (code, claims) in by_county {
            let area = self.boundaries.union(&[*self.units.get(&code)?]).ok()?;
            let within = |[lon, lat]: [f64; 2]| {
                LonLat::new(lon, lat).is_ok_and(|at| area.intersects(&at.to_point()))
            };
            for claim in claims {
                let [lon, lat] = claim.position;
                let undone = undo.one(lon, lat).map(|(lon, lat)| [lon, lat]);
                match (within(claim.position), undone.is_some_and(within)) {
                    (false, true) => right.push(claim),
                    (true, false) => wrong += 1,
                    _ => {}
                }
            }
        }
        if right.len() < LEAST || right.len() < TIMES * wrong {
            return None;
        }
        let count = right.len() as u64;
        let examples = right.into_iter().take(MOST_EXAMPLES);
        Some(Finding {
            code: Code::SuspectedGcj02,
            severity: Code::SuspectedGcj02.severity(),
            column: None,
            count,
            text: Code::SuspectedGcj02.text().to_owned(),
            fixable: false,
            examples: examples
                .map(|claim| Example::at(claim.place, Some(claim.position)))
                .collect(),
        })
    }
}
