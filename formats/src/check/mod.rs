//! Whether a file is in order: geometries, attributes, encoding; and mending what can be mended without loss.

mod attributes;
mod crossings;
mod finding;
mod fix;
mod geometry;
mod shift;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;

use input::features::{FeatureBatch, FeatureSource, Id, PlaceKind, Reject};
use input::{Problem, ReadError};
use serde::Serialize;

use crate::FormatError;
use crate::feature::{features, union};
use crate::shaping::Shaping;
use attributes::Seen;
use finding::MOST_EXAMPLES;
pub use finding::{Code, Example, Finding, Severity};
pub(crate) use fix::fix;
pub(crate) use geometry::runs_wrong;
pub use shift::suspected_shift;
use shift::{Claim, Counties};

/// What a check of a file found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// The file.
    pub file: String,
    /// Its format.
    pub format: &'static str,
    /// The layer, where the format names layers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Features that could be read.
    pub features: u64,
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether nothing was found but what is only worth knowing.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity == Severity::Note)
    }
}

#[derive(Debug, Default)]
struct Found {
    count: u64,
    examples: Vec<Example>,
}

/// What was found in a block.
#[derive(Debug, Default)]
struct Block {
    found: BTreeMap<Code, Found>,
    columns: Vec<(String, Seen)>,
    /// A number for the identifier of each feature that has one, with its place.
    ids: Vec<(u64, i64)>,
    extent: Option<[f64; 4]>,
    claims: Vec<Claim>,
}

impl Block {
    fn add(&mut self, code: Code, count: u64, example: impl FnOnce() -> Example) {
        let found = self.found.entry(code).or_default();
        found.count += count;
        if found.examples.len() < MOST_EXAMPLES {
            found.examples.push(example());
        }
    }

    fn of(batch: &FeatureBatch, counties: Option<&Counties>) -> Self {
        let mut block = Self::default();
        let mut seen = vec![Seen::default(); batch.keys.len()];
        for feature in features(batch) {
            for view in feature.geometries() {
                geometry::check(view, |code, count, position| {
                    block.add(code, count, || Example::at(view.origin(), position));
                });
            }
            block.extent = union(block.extent, feature.extent());
            let view = feature.view();
            if let Some(counties) = counties {
                counties.listen(view, &mut block.claims);
            }
            if let Some(id) = view.id() {
                block.ids.push((hashed(id), view.row.place));
            }
            for cell in batch.cells.get(view.row.cells.range()).unwrap_or_default() {
                if let Some(seen) = seen.get_mut(cell.key as usize) {
                    seen.add(batch.value(cell.value), || view.origin().to_string());
                }
            }
        }
        block.columns = batch.keys.iter().cloned().zip(seen).collect();
        block
    }

    fn merge(&mut self, other: Self) {
        for (code, found) in other.found {
            let mine = self.found.entry(code).or_default();
            mine.count += found.count;
            let room = MOST_EXAMPLES - mine.examples.len();
            mine.examples.extend(found.examples.into_iter().take(room));
        }
        for (name, seen) in other.columns {
            match self.columns.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.merge(seen),
                None => self.columns.push((name, seen)),
            }
        }
        self.ids.extend(other.ids);
        self.claims.extend(other.claims);
        self.extent = union(self.extent, other.extent);
    }

    fn reject(&mut self, reject: &Reject) {
        let code = match &reject.problem {
            Problem::Swapped { .. } => Code::SwappedAxes,
            Problem::Position { .. } | Problem::NotFinite { .. } => Code::OutOfRange,
            _ => Code::Unreadable,
        };
        self.add(code, 1, || {
            Example::of(reject.origin, &reject.problem.to_string())
        });
    }

    fn finish(mut self, place_kind: PlaceKind, counties: Option<&Counties>) -> Vec<Finding> {
        let claims = std::mem::take(&mut self.claims);
        let shifted = counties.and_then(|counties| counties.judge(claims));
        self.repeated_ids(place_kind);
        // China drawn with latitude first lies in the Arctic Ocean north of Norway and Siberia.
        if let Some([west, south, east, north]) = self.extent
            && (3.0..=54.0).contains(&west)
            && east <= 54.0
            && (73.0..=90.0).contains(&south)
            && north <= 90.0
        {
            self.add(Code::SwappedAxes, 1, || {
                Example::at("file", Some([west, south]))
            });
        }
        let mut findings: Vec<Finding> = self
            .found
            .into_iter()
            .map(|(code, found)| Finding {
                code,
                severity: code.severity(),
                column: None,
                count: found.count,
                text: code.text().to_owned(),
                fixable: code.fixable(),
                examples: found.examples,
            })
            .collect();
        findings.extend(shifted);
        for (name, seen) in self.columns {
            findings.extend(seen.findings(&name));
        }
        // Stable: within a severity the order of codes and columns stays.
        findings.sort_by_key(|finding| finding.severity);
        findings
    }

    fn repeated_ids(&mut self, place_kind: PlaceKind) {
        let mut ids = std::mem::take(&mut self.ids);
        ids.sort_unstable();
        let repeated = ids.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let places: Vec<i64> = repeated.map(|pair| pair[1].1).collect();
        for place in places {
            let place = u64::try_from(place).unwrap_or(0);
            let of = match place_kind {
                PlaceKind::Line => format!("line {place}"),
                PlaceKind::Row => format!("row {place}"),
                PlaceKind::Record => format!("record {place}"),
            };
            self.add(Code::DuplicateIds, 1, || Example::at(of, None));
        }
    }
}

/// A number for an identifier; two of 64 bits are equal by chance once in four billion features.
fn hashed(id: Id<'_>) -> u64 {
    let (kind, bytes): (u64, &[u8]) = match &id {
        Id::UInt(number) => (1, &number.to_le_bytes()),
        Id::Text(text) => (2, text.as_bytes()),
    };
    let mut hash = 0xCBF2_9CE4_8422_2325 ^ kind;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash ^ hash >> 32
}

/// Checks all features of a file that `shaping` takes, where it puts them.
///
/// # Errors
///
/// When the file cannot be read to its end.
pub fn check(
    source: FeatureSource,
    threads: usize,
    shaping: &Shaping,
) -> Result<Checked, FormatError> {
    let facts = source.facts().clone();
    let counties = Counties::open();
    let counties = counties.as_ref();
    let mut whole = Block::default();
    let mut place_kind = PlaceKind::Line;
    let read = source.read(
        threads,
        |batch| {
            let left = shaping.apply(batch);
            let mut block = Block::of(batch, counties);
            if left.unplaced > 0 {
                block.add(Code::OutOfRange, left.unplaced, || {
                    Example::at("file", None)
                });
            }
            (block, batch.place_kind)
        },
        |done| {
            for reject in &done.rejects {
                whole.reject(reject);
            }
            place_kind = done.value.1;
            whole.merge(done.value.0);
            Ok::<(), Infallible>(())
        },
    );
    let totals = read.map_err(|error| match error {
        ReadError::Input(error) => FormatError::Input(error),
        ReadError::Refused(never) => match never {},
    })?;
    let notes = totals.notes;
    for (code, count) in [
        (Code::OpenRing, notes.rings_closed),
        (Code::Beyond180, notes.beyond_180),
        (Code::Encoding, notes.text_dropped),
    ] {
        if count > 0 {
            whole.found.entry(code).or_default().count += count;
        }
    }
    let bbox = whole.extent;
    Ok(Checked {
        file: facts.file,
        format: facts.format.as_str(),
        layer: facts.layer,
        features: totals.features,
        bbox,
        findings: whole.finish(place_kind, counties),
    })
}
