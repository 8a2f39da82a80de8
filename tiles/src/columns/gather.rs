//! Batches in the order of the input become the features of a run.

use std::io;
use std::path::Path;

use super::collect::{Sorter, Translation};
use super::intake::{Counts, Intake, ShapeSet};
use super::row::{take_row, translate};
use super::statistics::Statistics;
use super::store::Store;
use super::texts::{ChunkTexts, IN_ROW, MOST_POOLED, TextPool, TextTable, TooMuchText};
use crate::WorldPoint;

/// Names of a run.
#[derive(Default)]
pub(crate) struct Dictionary {
    pub(crate) layers: TextTable,
    pub(crate) columns: TextTable,
    pub(crate) texts: TextPool,
    /// Columns of which no two features have the same value.
    pub(crate) unique: Vec<bool>,
}

impl Dictionary {
    /// All texts, with those of a chunk of rows.
    pub(crate) fn texts_with<'a>(&'a self, own: Option<&'a TextTable>) -> ChunkTexts<'a> {
        ChunkTexts {
            pool: &self.texts,
            own,
        }
    }
}

/// All features, in the order of the tiles.
pub(crate) struct Features {
    pub(crate) names: Dictionary,
    pub(crate) points: Store,
    pub(crate) lines: ShapeColumns,
    pub(crate) polygons: ShapeColumns,
    pub(crate) statistics: Statistics,
    pub(crate) counts: Counts,
    /// Sorted files that points went through; 0 when all stayed in memory.
    pub(crate) spilled: usize,
    /// What tells this input from others.
    pub(crate) print: Vec<u8>,
}

impl Features {
    /// Whether each column has many different values in a layer.
    pub(crate) fn many(&self) -> Vec<bool> {
        let mut many = vec![false; self.names.columns.len()];
        #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
        for layer in 0..self.names.layers.len() as u32 {
            for (column, field) in self.statistics.fields(layer) {
                many[column as usize] |= field.many();
            }
        }
        many
    }
}

/// Lines or polygons in the order of the keys of the middles of their boxes.
#[derive(Default)]
pub(crate) struct ShapeColumns {
    pub(crate) points: Vec<WorldPoint>,
    pub(crate) path_ends: Vec<u32>,
    pub(crate) part_ends: Vec<u32>,
    pub(crate) feature_ends: Vec<u32>,
    /// Rows, without the positions; ends of each.
    pub(crate) rows: Vec<u8>,
    pub(crate) row_ends: Vec<usize>,
}

impl ShapeColumns {
    /// The row of a feature, for [`super::row::take_head`].
    pub(crate) fn rest(&self, feature: usize) -> &[u8] {
        let start = match feature {
            0 => 0,
            _ => self.row_ends[feature - 1],
        };
        &self.rows[start..self.row_ends[feature]]
    }

    pub(crate) fn len(&self) -> usize {
        self.row_ends.len()
    }
}

/// Takes batches in order.
pub(crate) struct Gathering {
    names: Dictionary,
    points: Sorter,
    lines: Vec<(ShapeSet, Translation)>,
    polygons: Vec<(ShapeSet, Translation)>,
    statistics: Statistics,
    counts: Counts,
    print: Vec<u8>,
    /// Bytes of texts of points in the pool.
    most_pooled: usize,
}

/// More vertices than one run can hold.
#[derive(Debug, thiserror::Error)]
#[error("lines or polygons with more than 2 147 483 647 vertices; divide the input into parts")]
pub(crate) struct TooManyVertices;

impl Gathering {
    pub(crate) fn new(folder: &Path, budget: usize, threads: usize) -> Self {
        Self {
            names: Dictionary::default(),
            points: Sorter::new(folder, budget, threads),
            lines: Vec::new(),
            polygons: Vec::new(),
            statistics: Statistics::default(),
            counts: Counts::default(),
            print: Vec::new(),
            // Beside the rows that wait.
            most_pooled: MOST_POOLED.min(budget),
        }
    }

    /// Takes the next batch.
    pub(crate) fn push(&mut self, batch: Intake) -> Result<(), GatherError> {
        let layers = (0u32..)
            .zip(&batch.layers)
            .map(|(_, name)| self.names.layers.number(name))
            .collect::<Vec<_>>();
        let columns = self.names.columns.adopt(&batch.columns);
        // Shapes stay in memory with all that they are called.
        let only_points = batch.lines.is_empty() && batch.polygons.is_empty();
        let most = if only_points {
            self.most_pooled
        } else {
            usize::MAX
        };
        let mut texts = self.names.texts.adopt(&batch.texts, most)?;
        for number in batch.statistics.texts() {
            if let Some(text) = texts
                .get_mut(number as usize)
                .filter(|text| **text == IN_ROW)
            {
                *text = self.names.texts.number(batch.texts.get(number))?;
            }
        }
        self.print.extend_from_slice(&batch.print.to_le_bytes());
        self.statistics
            .add(&batch.statistics, &layers, &columns, &texts);
        self.counts.add(&batch.counts);
        let translation = || Translation {
            layers: layers.clone(),
            columns: columns.clone(),
            texts: Some(texts.clone()),
            own: None,
        };
        for (set, all) in [
            (batch.lines, &mut self.lines),
            (batch.polygons, &mut self.polygons),
        ] {
            if !set.is_empty() {
                all.push((set, translation()));
            }
        }
        let translation = Translation {
            layers,
            columns,
            own: texts.contains(&IN_ROW).then_some(batch.texts),
            texts: Some(texts),
        };
        Ok(self.points.push(batch.points, translation)?)
    }

    /// Returns all features; `labels` adds a layer of names for each layer with polygons, found on so many threads.
    pub(crate) fn finish(mut self, labels: Option<usize>) -> Result<Features, GatherError> {
        let lines = sorted(std::mem::take(&mut self.lines))?;
        let polygons = sorted(std::mem::take(&mut self.polygons))?;
        if let Some(threads) = labels
            && polygons.len() > 0
        {
            let rows = super::labels::labels(
                &polygons,
                threads,
                &mut self.names.layers,
                &mut self.statistics,
            )?;
            self.counts.labels = rows.rows.len() as u64;
            let same = |table: &TextTable| (0..).take(table.len()).collect();
            let translation = Translation {
                layers: same(&self.names.layers),
                columns: same(&self.names.columns),
                texts: None,
                own: None,
            };
            self.points.push(rows, translation)?;
        }
        let mut unique = vec![true; self.names.columns.len()];
        #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
        for layer in 0..self.names.layers.len() as u32 {
            for (column, field) in self.statistics.fields(layer) {
                unique[column as usize] &= field.unique();
            }
        }
        // Of a feature of several points each point has the values.
        if self.statistics.with_points() == self.counts.points + self.counts.labels {
            self.names.unique = unique;
        }
        let spilled = self.points.runs();
        Ok(Features {
            names: self.names,
            spilled,
            print: self.print,
            points: self.points.finish()?,
            lines,
            polygons,
            statistics: self.statistics,
            counts: self.counts,
        })
    }
}

/// Features that could not be gathered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatherError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    TooMany(#[from] TooManyVertices),
    #[error(transparent)]
    TooMuch(#[from] TooMuchText),
}

/// Brings shapes into order.
#[expect(
    clippy::cast_possible_truncation,
    reason = "vertices are counted first; batches and rows of one are fewer than 2^32"
)]
fn sorted(mut sets: Vec<(ShapeSet, Translation)>) -> Result<ShapeColumns, TooManyVertices> {
    let vertices: usize = sets.iter().map(|(set, _)| set.points.len()).sum();
    if vertices > i32::MAX as usize {
        return Err(TooManyVertices);
    }
    let mut order: Vec<(u64, u32, u32)> = Vec::new();
    for (batch, (set, _)) in sets.iter().enumerate() {
        let rows = set.rows.rows.iter().enumerate();
        order.extend(rows.map(|(row, &(key, _))| (key, batch as u32, row as u32)));
    }
    order.sort_unstable();
    let mut all = ShapeColumns::default();
    if let [(set, _)] = &mut sets[..]
        && set.rows.rows.len() == 1
    {
        // A feature that fills a block by itself is not copied.
        all.points = std::mem::take(&mut set.points);
    } else {
        all.points.reserve_exact(vertices);
    }
    let taken = !all.points.is_empty();
    let mut left: Vec<usize> = sets.iter().map(|(set, _)| set.rows.rows.len()).collect();
    let (mut scratch, mut row_bytes) = (Vec::new(), Vec::new());
    for (_, batch, row) in order {
        let (set, translation) = &sets[batch as usize];
        let row = row as usize;
        let starts = |ends: &[u32], at: usize| match at {
            0 => 0,
            _ => ends[at - 1] as usize,
        };
        for part in starts(&set.feature_ends, row)..set.feature_ends[row] as usize {
            for path in starts(&set.part_ends, part)..set.part_ends[part] as usize {
                let from = starts(&set.path_ends, path);
                let end = set.path_ends[path];
                if taken {
                    all.path_ends.push(end);
                    continue;
                }
                all.points
                    .extend_from_slice(&set.points[from..end as usize]);
                all.path_ends.push(all.points.len() as u32);
            }
            all.part_ends.push(all.path_ends.len() as u32);
        }
        all.feature_ends.push(all.part_ends.len() as u32);
        let names = translation.names();
        let mut bytes = &set.rows.bytes[set.rows.rows[row].1 as usize..];
        if let Some((at, rest)) = take_row(&mut bytes) {
            row_bytes.clear();
            translate(at, rest, &names, &mut scratch, &mut row_bytes);
            let mut written = &row_bytes[..];
            if let Some((_, rest)) = take_row(&mut written) {
                all.rows.extend_from_slice(rest);
            }
        }
        all.row_ends.push(all.rows.len());
        left[batch as usize] -= 1;
        if left[batch as usize] == 0 {
            sets[batch as usize].0 = ShapeSet::default();
        }
    }
    Ok(all)
}
