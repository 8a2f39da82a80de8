//! How many rows lie in each area, and what they add up to.

use std::sync::{Mutex, PoisonError};

use input::ReadError;
use input::features::{FeatureSource, Value};

use super::ask::{Asking, Scratch};
use super::options::{BatchError, BatchOptions, BatchTotals};
use super::run::swapped;
use crate::layer::Layer;

/// What is added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    /// Rows.
    Count,
    /// The numbers of a column; what is no number adds nothing and is counted.
    Sum(String),
}

/// What was added up, by feature of the layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sums {
    /// How many rows.
    pub counts: Vec<u64>,
    /// The sum of the column; empty when only rows are counted. In the order of the rows, so always the same.
    pub sums: Vec<f64>,
    /// Matches whose column holds no number.
    pub no_numbers: u64,
    /// What was read.
    pub totals: BatchTotals,
}

/// Adds up the rows of a file by the features of a layer that they match; one row may match more than one. Rows that
/// cannot be asked are counted in the totals. `progress` gets the bytes read and the rows so far.
///
/// # Errors
/// When the file cannot be read to its end.
pub fn aggregate(
    mut source: FeatureSource,
    layer: &Layer,
    options: &BatchOptions,
    what: &Aggregate,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Sums, BatchError> {
    let asking = Asking::new(layer, options)?;
    source.keep_only(match what {
        Aggregate::Count => &[],
        Aggregate::Sum(column) => std::slice::from_ref(column),
    });
    let features = layer.features as usize;
    let mut sums = Sums {
        counts: vec![0; features],
        sums: match what {
            Aggregate::Count => Vec::new(),
            Aggregate::Sum(_) => vec![0.0; features],
        },
        ..Sums::default()
    };
    let pool: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());
    let lock = || pool.lock().unwrap_or_else(PoisonError::into_inner);
    let result = source.read(
        options.threads,
        |batch| {
            let mut scratch = lock().pop().unwrap_or_default();
            let mut rejects = Vec::new();
            asking.block(batch, &mut scratch, &mut rejects);
            let mut found: Vec<(u32, Option<f64>)> = Vec::with_capacity(scratch.matches.len());
            let (mut last, mut matched) = (u32::MAX, 0);
            for one in &scratch.matches {
                if one.row != last {
                    matched += 1;
                    last = one.row;
                }
                let value = match what {
                    Aggregate::Count => None,
                    Aggregate::Sum(column) => {
                        let row = scratch.rows[one.row as usize] as usize;
                        let cell = batch
                            .feature(row)
                            .and_then(|view| view.cells().find(|(key, _)| key == column));
                        cell.and_then(|(_, value)| number(value))
                    }
                };
                found.push((one.feature, value));
            }
            let rows = scratch.rows.len() as u64;
            lock().push(scratch);
            (found, rows, matched, rejects.len() as u64)
        },
        |done| {
            let (found, rows, matched, rejected) = done.value;
            for (feature, value) in found {
                let feature = feature as usize;
                sums.counts[feature] += 1;
                if let Some(sum) = sums.sums.get_mut(feature) {
                    match value {
                        Some(value) => *sum += value,
                        None => sums.no_numbers += 1,
                    }
                }
            }
            let rejects = rejected + done.rejects.len() as u64;
            sums.totals.rows += rows + rejects;
            sums.totals.matched += matched;
            sums.totals.unmatched += rows - matched;
            sums.totals.rejects += rejects;
            sums.totals.swapped += swapped(&done.rejects);
            progress(done.bytes_read, sums.totals.rows);
            Ok::<(), std::convert::Infallible>(())
        },
    );
    match result {
        Ok(_) => Ok(sums),
        Err(ReadError::Input(error)) => Err(error.into()),
        Err(ReadError::Refused(never)) => match never {},
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sum of numbers is a number")]
fn number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Int(value) => Some(value as f64),
        Value::UInt(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        Value::Text(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite()),
        Value::Null | Value::Bool(_) | Value::Json(_) => None,
    }
}
