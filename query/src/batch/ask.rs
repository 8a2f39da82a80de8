//! What is found for the rows of a block, and how it is written.

use std::ops::Range;

use gazetteer::{Extent, LonLat};
use input::Origin;
use input::features::FeatureBatch;

use super::format::Rows;
use super::options::{BatchError, BatchOptions, Question};
use super::run::Answered;
use crate::areas::Side;
use crate::layer::{Layer, Shapes, single_point};
use crate::points::{CurveOrder, Everything, PointTree, Search};

/// A row that could not be asked.
pub(super) struct Rejected {
    pub(super) number: u64,
    pub(super) place: Origin,
    pub(super) problem: String,
    pub(super) raw: Vec<u8>,
}

/// What is used again from block to block.
#[derive(Default)]
pub(super) struct Scratch {
    /// Positions of the rows that have one, and the rows.
    pub(super) positions: Vec<LonLat>,
    pub(super) rows: Vec<u32>,
    order: Vec<u32>,
    curve: Option<CurveOrder>,
    /// Row of `rows`, rank, feature, metres.
    pub(super) matches: Vec<Match>,
    metres: Vec<f64>,
    added: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) row: u32,
    rank: u32,
    pub(super) feature: u32,
    metres: f64,
}

/// A layer and what is asked of it.
pub(super) struct Asking<'a> {
    layer: &'a Layer,
    options: &'a BatchOptions,
    columns: Vec<String>,
    extent: Option<Extent>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(layer: &'a Layer, options: &'a BatchOptions) -> Result<Self, BatchError> {
        let areas = matches!(layer.shapes, Shapes::Areas(_));
        let asks_areas = !matches!(options.question, Question::Nearest { .. });
        if areas != asks_areas {
            return Err(BatchError::Purpose);
        }
        let columns = if options.added_columns.is_empty() {
            layer.attributes.columns().to_vec()
        } else {
            options.added_columns.clone()
        };
        Ok(Self {
            layer,
            options,
            columns,
            extent: layer.extent(),
        })
    }

    /// The names of what is added.
    pub(super) fn names(&self) -> Vec<String> {
        let prefix = &self.options.prefix;
        let columns = self.columns.iter();
        let mut names: Vec<String> = columns.map(|column| format!("{prefix}{column}")).collect();
        if let Question::Nearest { most, .. } = self.options.question {
            if self.options.all && most > 1 {
                names.push("rank".to_owned());
            }
            names.push("distance_m".to_owned());
        }
        names
    }

    /// What is added for each feature of an area layer, written once; for others when it is needed.
    pub(super) fn texts(&self, rows: &Rows) -> Texts {
        let mut texts = Texts::default();
        if matches!(self.options.question, Question::Nearest { .. }) {
            return texts;
        }
        let features = self.layer.features;
        let threads = u32::try_from(self.options.threads).unwrap_or(1).max(1);
        let size = features.div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts = (0..features).step_by(size as usize);
            let running: Vec<_> = parts
                .map(|first| {
                    let end = features.min(first.saturating_add(size));
                    scope.spawn(move || self.texts_of(rows, first..end))
                })
                .collect();
            for part in running {
                match part.join() {
                    Ok(part) => texts.add(&part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        texts
    }

    fn texts_of(&self, rows: &Rows, features: Range<u32>) -> Texts {
        let mut texts = Texts::default();
        let mut one = Vec::new();
        for feature in features {
            self.text(rows, feature, &mut texts.bytes, &mut one);
            texts.ends.push(texts.bytes.len());
        }
        texts
    }

    fn text(&self, rows: &Rows, feature: u32, out: &mut Vec<u8>, one: &mut Vec<u8>) {
        one.clear();
        let attributes = &self.layer.attributes;
        rows.added(
            attributes,
            feature,
            &self.columns,
            &self.options.prefix,
            one,
        );
        out.extend_from_slice(one);
    }

    /// Finds the matches of a block: in the order of the curve, then sorted by row.
    pub(super) fn block(
        &self,
        batch: &FeatureBatch,
        scratch: &mut Scratch,
        rejects: &mut Vec<Rejected>,
    ) {
        scratch.positions.clear();
        scratch.rows.clear();
        scratch.matches.clear();
        for (index, view) in (0_u32..).zip(batch.features()) {
            if view.row.continues {
                continue;
            }
            if let Some(at) = single_point(view) {
                scratch.positions.push(at);
                scratch.rows.push(index);
            } else {
                rejects.push(Rejected {
                    number: view.number(),
                    place: view.origin(),
                    problem: "has no single position to ask from; expected a point".to_owned(),
                    raw: view.raw().to_vec(),
                });
            }
        }
        let Some(extent) = self.extent else {
            return;
        };
        let curve = scratch.curve.get_or_insert_with(|| CurveOrder::new(extent));
        curve.sort(scratch.positions.iter().copied(), &mut scratch.order);
        match (&self.layer.shapes, self.options.question) {
            (Shapes::Areas(map), question) => {
                let border = question == Question::Intersects;
                let (order, positions) = (&scratch.order, &scratch.positions);
                let along = order.iter().map(|row| positions[*row as usize]);
                map.at_each(along, |place, feature, side| {
                    if side == Side::Inside || border {
                        scratch.matches.push(Match {
                            row: order[place],
                            rank: feature,
                            feature,
                            metres: 0.0,
                        });
                    }
                });
            }
            (Shapes::Points(index), Question::Nearest { most, radius_m }) => {
                nearest(index.tree(), self.most(most), radius_m, scratch);
            }
            (Shapes::Saved(index), Question::Nearest { most, radius_m }) => {
                nearest(index.tree(), self.most(most), radius_m, scratch);
            }
            (Shapes::Mixed(index), Question::Nearest { most, radius_m }) => {
                for row in &scratch.order {
                    let at = scratch.positions[*row as usize];
                    let near = index.near(at, self.most(most), radius_m, |_| true);
                    let found = (1..).zip(near).map(|(rank, near)| Match {
                        row: *row,
                        rank,
                        feature: near.shape,
                        metres: near.distance_m,
                    });
                    scratch.matches.extend(found);
                }
            }
            // `new` refuses the others.
            _ => {}
        }
        scratch
            .matches
            .sort_unstable_by_key(|found| (found.row, found.rank));
    }

    fn most(&self, most: usize) -> usize {
        if self.options.all { most } else { most.min(1) }
    }

    pub(super) fn write(
        &self,
        batch: &FeatureBatch,
        scratch: &mut Scratch,
        rows: &Rows,
        texts: &Texts,
        answered: &mut Answered,
    ) {
        let cells = self.names().len();
        let ranked = matches!(self.options.question, Question::Nearest { most, .. } if self.options.all && most > 1);
        let near = matches!(self.options.question, Question::Nearest { .. });
        let mut matches = scratch.matches.iter().peekable();
        let mut one = Vec::new();
        for (row, index) in (0_u32..).zip(&scratch.rows) {
            let Some(view) = batch.feature(*index as usize) else {
                continue;
            };
            let written = answered.written;
            let mut count = 0;
            while let Some(found) = matches.next_if(|found| found.row == row) {
                count += 1;
                if count > 1 && !self.options.all {
                    continue;
                }
                answered.written += 1;
                if !near {
                    rows.row(view, texts.of(found.feature), &mut answered.text);
                    continue;
                }
                scratch.added.clear();
                self.text(rows, found.feature, &mut scratch.added, &mut one);
                if ranked {
                    rows.number("rank", f64::from(found.rank), 0, &mut scratch.added);
                }
                rows.number("distance_m", found.metres, 3, &mut scratch.added);
                rows.row(view, &scratch.added, &mut answered.text);
            }
            if count > 0 {
                answered.matched += 1;
            } else {
                answered.unmatched += 1;
                if !self.options.only_matches {
                    scratch.added.clear();
                    rows.nothing(cells, &mut scratch.added);
                    rows.row(view, &scratch.added, &mut answered.text);
                    answered.written += 1;
                }
            }
            if answered.written > written && rows.cuts_short(view) {
                answered.cut_short += 1;
            }
        }
    }
}

/// What is added for each feature, one after the other.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    /// Adds what comes after these.
    fn add(&mut self, more: &Self) {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(&more.bytes);
        self.ends.extend(more.ends.iter().map(|end| before + end));
    }

    fn of(&self, feature: u32) -> &[u8] {
        let feature = feature as usize;
        let Some(end) = self.ends.get(feature) else {
            return &[];
        };
        let start = feature.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..*end]
    }
}

fn nearest(tree: PointTree<'_>, most: usize, radius_m: f64, scratch: &mut Scratch) {
    let mut search: Search<'_, Everything> = tree.search(most, radius_m, Everything);
    for row in &scratch.order {
        let at = scratch.positions[*row as usize];
        search.near(at);
        search.metres(at, &mut scratch.metres);
        let found = search.answer().iter().zip(&scratch.metres);
        let found = (1..).zip(found).map(|(rank, (near, metres))| Match {
            row: *row,
            rank,
            feature: near.id,
            metres: *metres,
        });
        scratch.matches.extend(found);
    }
}
