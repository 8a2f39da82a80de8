//! The first pass over a file: what a table declares before its first row.

use std::collections::HashMap;

use input::features::{FeatureBatch, GeometryKind, Id, Value};

use crate::column::{Column, Seen};
use crate::feature::{Feature, features, union};
use crate::shaping::{Left, Shaping};
use crate::wkb;

/// Which geometries there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each of them is a fact of its own"
)]
pub struct GeometrySeen {
    /// Points or sets of them.
    pub points: bool,
    /// Lines or sets of them.
    pub lines: bool,
    /// Polygons or sets of them.
    pub polygons: bool,
    /// Sets, whether of several parts or called so.
    pub multiple: bool,
    /// Collections of geometries.
    pub collections: bool,
    /// Features without a geometry.
    pub none: bool,
    /// Features with a geometry of no vertices.
    pub empty: bool,
}

impl GeometrySeen {
    /// The only kind there is; `None` for none, several, or collections.
    #[must_use]
    pub fn only(self) -> Option<GeometryKind> {
        match (self.points, self.lines, self.polygons, self.collections) {
            (true, false, false, false) => Some(GeometryKind::Point),
            (false, true, false, false) => Some(GeometryKind::Line),
            (false, false, true, false) => Some(GeometryKind::Polygon),
            _ => None,
        }
    }

    fn merge(&mut self, other: Self) {
        self.points |= other.points;
        self.lines |= other.lines;
        self.polygons |= other.polygons;
        self.multiple |= other.multiple;
        self.collections |= other.collections;
        self.none |= other.none;
        self.empty |= other.empty;
    }
}

/// Identifiers of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// How many features have one.
    pub count: u64,
    /// How many have the same as attribute `id`.
    pub as_attribute: u64,
    /// All are whole numbers below 2⁶³, each greater than the one before.
    pub ascending: bool,
    /// They only count the features, from 0 or 1.
    pub counting: bool,
    first: Option<u64>,
    last: Option<u64>,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            count: 0,
            as_attribute: 0,
            ascending: true,
            counting: true,
            first: None,
            last: None,
        }
    }
}

impl Ids {
    fn add(&mut self, feature: Feature<'_>) {
        let view = feature.view();
        let Some(id) = view.id() else {
            return;
        };
        self.count += 1;
        match id {
            Id::UInt(number) => {
                self.ascending &=
                    i64::try_from(number).is_ok() && self.last.is_none_or(|last| number > last);
                self.counting &= self
                    .last
                    .is_none_or(|last| Some(number) == last.checked_add(1));
                self.first.get_or_insert(number);
                self.last = Some(number);
            }
            Id::Text(_) => (self.ascending, self.counting) = (false, false),
        }
        let attribute = view.cells().find(|(name, _)| *name == "id");
        self.as_attribute += u64::from(attribute.is_some_and(|(_, value)| match (id, value) {
            (Id::UInt(id), Value::Int(value)) => u64::try_from(value) == Ok(id),
            (Id::UInt(id), Value::UInt(value)) => value == id,
            (Id::Text(id), Value::Text(value)) => id == value,
            _ => false,
        }));
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.as_attribute += other.as_attribute;
        let follows = match (self.last, other.first) {
            (Some(last), Some(first)) => (first > last, Some(first) == last.checked_add(1)),
            _ => (true, true),
        };
        self.ascending &= other.ascending && follows.0;
        self.counting &= other.counting && follows.1;
        self.first = self.first.or(other.first);
        self.last = other.last.or(self.last);
    }

    /// Whether they can be the key of a table of so many features.
    #[must_use]
    pub fn are_keys(self, features: u64) -> bool {
        self.ascending && self.count == features && features > 0
    }

    /// Whether they say something that no attribute and no counting says.
    #[must_use]
    pub fn say_something(self, features: u64) -> bool {
        let counting = self.counting && self.count == features && self.first.unwrap_or(0) <= 1;
        self.count > 0 && !counting && self.as_attribute < self.count
    }
}

/// Where some of the features are and how much there is of each: enough to cut them into parts of about one size.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Middle of the box, and bytes of the geometry.
    pub(crate) of: Vec<([f64; 2], u32)>,
    /// One of so many features is in it.
    stride: u64,
}

/// The most that a sample holds.
const MOST_SAMPLED: usize = 1 << 16;

impl Default for Sample {
    fn default() -> Self {
        Self {
            of: Vec::new(),
            stride: 1,
        }
    }
}

impl Sample {
    fn merge(&mut self, first: u64, of: &[([f64; 2], u32)]) {
        for (number, one) in (first..).zip(of) {
            if number % self.stride != 0 {
                continue;
            }
            self.of.push(*one);
            if self.of.len() == MOST_SAMPLED {
                let mut even = false;
                self.of.retain(|_| {
                    even = !even;
                    even
                });
                self.stride *= 2;
            }
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Features that are taken.
    pub features: u64,
    /// Their attributes.
    pub columns: Vec<Column>,
    /// Their geometries.
    pub geometry: GeometrySeen,
    /// Their identifiers.
    pub ids: Ids,
    /// West, south, east, north of all.
    pub extent: Option<[f64; 4]>,
    pub(crate) sample: Sample,
}

impl Survey {
    /// The survey of features in memory. The columns are those of `columns` that any feature has a value of, in that order and
    /// of those types.
    pub(crate) fn of_batches(batches: &[FeatureBatch], columns: &[Column]) -> Self {
        let shaping = Shaping::default();
        let mut surveyor = Surveyor::default();
        for batch in batches {
            surveyor.take(BlockSurvey::of(batch, &shaping, Left::default()));
        }
        let used = |column: &&Column| {
            let mut seen = surveyor.columns.iter();
            seen.any(|(name, seen)| *name == column.name && seen.values > 0)
        };
        let columns = columns.iter().filter(used).cloned().collect();
        Self {
            columns,
            ..surveyor.finish(&shaping)
        }
    }
}

/// What a block holds.
#[derive(Debug, Default)]
pub(crate) struct BlockSurvey {
    features: u64,
    columns: Vec<(String, Seen)>,
    geometry: GeometrySeen,
    ids: Ids,
    extent: Option<[f64; 4]>,
    sample: Vec<([f64; 2], u32)>,
    pub(crate) left: Left,
}

impl BlockSurvey {
    pub(crate) fn of(batch: &FeatureBatch, shaping: &Shaping, left: Left) -> Self {
        let mut seen = vec![Seen::default(); batch.keys.len()];
        let mut survey = Self {
            left,
            ..Self::default()
        };
        for feature in features(batch) {
            survey.add(feature);
            let cells = batch.cells.get(feature.rows[0].cells.range());
            for cell in cells.unwrap_or_default() {
                if let Some(seen) = seen.get_mut(cell.key as usize) {
                    seen.add(batch.value(cell.value));
                }
            }
        }
        let columns = batch.keys.iter().zip(seen);
        survey.columns = columns
            .filter(|(name, _)| shaping.takes(name))
            .map(|(name, seen)| (name.clone(), seen))
            .collect();
        survey
    }

    fn add(&mut self, feature: Feature<'_>) {
        self.features += 1;
        self.ids.add(feature);
        let seen = &mut self.geometry;
        seen.none |= feature.is_bare();
        seen.collections |= feature.is_collection();
        let mut vertices = 0;
        for view in feature.geometries() {
            match view.kind() {
                GeometryKind::None => continue,
                GeometryKind::Point => seen.points = true,
                GeometryKind::Line => seen.lines = true,
                GeometryKind::Polygon => seen.polygons = true,
            }
            seen.multiple |= wkb::is_multiple(view);
            vertices += view.vertices().len();
        }
        let extent = feature.extent();
        seen.empty |= extent.is_none() && !feature.is_bare();
        self.extent = union(self.extent, extent);
        let middle = extent.map_or([0.0; 2], |[west, south, east, north]| {
            [f64::midpoint(west, east), f64::midpoint(south, north)]
        });
        let bytes = u32::try_from(64 + 16 * vertices).unwrap_or(u32::MAX);
        self.sample.push((middle, bytes));
    }
}

/// Puts what blocks hold together, in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Surveyor {
    survey: Survey,
    columns: Vec<(String, Seen)>,
    numbers: HashMap<String, usize>,
}

impl Surveyor {
    pub(crate) fn take(&mut self, block: BlockSurvey) {
        for (name, seen) in block.columns {
            if let Some(number) = self.numbers.get(&name) {
                self.columns[*number].1.merge(seen);
            } else {
                self.numbers.insert(name.clone(), self.columns.len());
                self.columns.push((name, seen));
            }
        }
        let survey = &mut self.survey;
        survey.sample.merge(survey.features, &block.sample);
        survey.features += block.features;
        survey.geometry.merge(block.geometry);
        survey.ids.merge(block.ids);
        survey.extent = union(survey.extent, block.extent);
    }

    /// The survey, with columns in the order asked for.
    pub(crate) fn finish(self, shaping: &Shaping) -> Survey {
        let mut survey = self.survey;
        let column = |(name, seen): &(String, Seen)| seen.column(name, survey.features);
        survey.columns = match &shaping.select {
            None => self.columns.iter().map(column).collect(),
            Some(select) => {
                let found = select.iter().filter_map(|name| self.numbers.get(name));
                found.map(|number| column(&self.columns[*number])).collect()
            }
        };
        survey
    }
}
