//! Reading, asking and writing, block by block.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use gazetteer::{Extent, LonLat};
use input::features::{FeatureBatch, FeatureSource, Reject};
use input::{InputError, Origin, ReadError};

use super::format::{RowFormat, Rows, csv_field};
use crate::areas::Side;
use crate::layer::{Layer, Shapes, single_point};
use crate::points::{CurveOrder, Everything, PointTree, Search};

/// What is asked of the layer for each row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question {
    /// Which areas hold it, their borders left out: `within`.
    Within,
    /// Which areas hold it, their borders included: `intersects`.
    Intersects,
    /// Which features are nearest.
    Nearest {
        /// At most so many.
        most: usize,
        /// Within so many metres, inclusive, by geodesic.
        radius_m: f64,
    },
}

/// How a file is asked.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// What is asked.
    pub question: Question,
    /// A row for each match; else the first area of the layer, or the nearest feature, in one row.
    pub all: bool,
    /// Rows without a match are left out; else they come with nothing added.
    pub only_matches: bool,
    /// What rows come out as.
    pub format: RowFormat,
    /// The columns of its own that a table of features gets; empty: those of its first block.
    pub own_columns: Vec<String>,
    /// The attributes of the layer that are added; empty: all.
    pub added_columns: Vec<String>,
    /// What stands before the names of what is added.
    pub prefix: String,
    /// At least 1; changes nothing but the time.
    pub threads: usize,
}

/// What was read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchTotals {
    /// Rows of the file: those below and the rejects.
    pub rows: u64,
    /// Rows that made at least one match.
    pub matched: u64,
    /// Rows that made none.
    pub unmatched: u64,
    /// Rows that could not be asked.
    pub rejects: u64,
    /// Rows written: more than were read when each match gets one.
    pub written: u64,
}

/// Why a batch ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// The file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The answer cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    /// The layer was not made for the question.
    #[error(
        "the layer was read for another kind of question: areas hold positions, features are near them"
    )]
    Purpose,
}

/// A row that could not be asked.
pub(super) struct Rejected {
    number: u64,
    place: Origin,
    problem: String,
    raw: Vec<u8>,
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

/// What came of a block.
#[derive(Default)]
struct Answered {
    text: Vec<u8>,
    rejects: Vec<Rejected>,
    matched: u64,
    unmatched: u64,
    written: u64,
    /// The block itself, when its rows can only be written in their turn.
    late: Option<(FeatureBatch, Scratch)>,
}

/// Asks a layer for every row of a file and writes the rows to `out` in their order, with what was found. Rows that
/// cannot be asked go to `rejects`: a table of line, problem and row. `progress` gets the bytes read and the rows so
/// far.
///
/// # Errors
/// When the file cannot be read to its end, or the answer cannot be written; a closed pipe is
/// [`io::ErrorKind::BrokenPipe`].
pub fn run(
    source: FeatureSource,
    layer: &Layer,
    options: &BatchOptions,
    out: &mut (dyn Write + Send),
    rejects: &mut Option<&mut (dyn Write + Send)>,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<BatchTotals, BatchError> {
    let asking = Asking::new(layer, options)?;
    let facts = source.facts().clone();
    let rows = Rows::new(
        options.format,
        facts.format,
        &facts.header,
        options.own_columns.clone(),
        &facts.columns,
    );
    let texts = asking.texts(&rows);
    let pool: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());
    let buffers: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    let late = rows.wants_columns();
    let mut outgoing = Outgoing {
        rows: rows.clone(),
        header: facts.header,
        names: asking.names(),
        begun: false,
        pending: Vec::new(),
        out,
        totals: BatchTotals::default(),
    };
    if let Some(rejects) = rejects {
        rejects.write_all(b"line,problem,row\n")?;
    }
    let result = source.read(
        options.threads,
        |batch| {
            let mut scratch = take(&pool).unwrap_or_default();
            let mut answered = Answered {
                text: take(&buffers).unwrap_or_default(),
                ..Answered::default()
            };
            answered.text.clear();
            asking.block(batch, &mut scratch, &mut answered.rejects);
            if late {
                answered.late = Some((std::mem::take(batch), scratch));
            } else {
                asking.write(batch, &mut scratch, &rows, &texts, &mut answered);
                give(&pool, scratch);
            }
            answered
        },
        |done| {
            let mut answered = done.value;
            if let Some((batch, mut scratch)) = answered.late.take() {
                if !outgoing.begun {
                    outgoing.rows.set_columns(batch.keys.clone());
                }
                asking.write(&batch, &mut scratch, &outgoing.rows, &texts, &mut answered);
                give(&pool, scratch);
            }
            outgoing.block(&answered, done.rejects.len() as u64)?;
            give(&buffers, answered.text);
            if let Some(file) = rejects {
                write_rejects(done.rejects, answered.rejects, file)?;
            }
            progress(done.bytes_read, outgoing.totals.rows);
            Ok::<(), io::Error>(())
        },
    );
    match result {
        Ok(_) => {}
        Err(ReadError::Input(error)) => return Err(error.into()),
        Err(ReadError::Refused(error)) => return Err(error.into()),
    }
    outgoing.end()?;
    if let Some(rejects) = rejects {
        rejects.flush()?;
    }
    Ok(outgoing.totals)
}

/// The file that is written, block by block.
struct Outgoing<'w> {
    rows: Rows,
    header: Vec<u8>,
    names: Vec<String>,
    begun: bool,
    /// What comes before the next block: the head, or the end of the row before.
    pending: Vec<u8>,
    out: &'w mut (dyn Write + Send),
    totals: BatchTotals,
}

impl Outgoing<'_> {
    fn begin(&mut self) {
        if !std::mem::replace(&mut self.begun, true) {
            self.rows.head(&self.header, &self.names, &mut self.pending);
        }
    }

    fn block(&mut self, answered: &Answered, rejected: u64) -> io::Result<()> {
        self.begin();
        let text = &answered.text[..];
        // The last row of a collection has no comma: the end of a block waits for the next.
        let end = match self.rows.format {
            RowFormat::GeoJson => text.len().saturating_sub(2),
            RowFormat::Csv | RowFormat::NdJson => text.len(),
        };
        if !text.is_empty() {
            self.out.write_all(&self.pending)?;
            self.out.write_all(&text[..end])?;
            self.pending.clear();
            self.pending.extend_from_slice(&text[end..]);
        }
        let rejects = rejected + answered.rejects.len() as u64;
        let totals = &mut self.totals;
        totals.rejects += rejects;
        totals.matched += answered.matched;
        totals.unmatched += answered.unmatched;
        totals.written += answered.written;
        totals.rows += answered.matched + answered.unmatched + rejects;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.begin();
        if self.pending.starts_with(b",") {
            self.pending.clear();
        }
        self.rows.tail(&mut self.pending);
        self.out.write_all(&self.pending)?;
        self.out.flush()
    }
}

fn take<T>(pool: &Mutex<Vec<T>>) -> Option<T> {
    pool.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn give<T>(pool: &Mutex<Vec<T>>, thing: T) {
    pool.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(thing);
}

fn write_rejects(
    unread: Vec<Reject>,
    unasked: Vec<Rejected>,
    file: &mut (dyn Write + Send),
) -> io::Result<()> {
    let unread = unread.into_iter().map(|reject| Rejected {
        number: reject.number,
        place: reject.origin,
        problem: reject.problem.to_string(),
        raw: reject.raw,
    });
    let mut all: Vec<Rejected> = unread.chain(unasked).collect();
    all.sort_by_key(|reject| reject.number);
    let mut text = Vec::new();
    for reject in &all {
        let line = match reject.place {
            Origin::Line(line) | Origin::Feature { line, .. } => line.to_string(),
            other => other.to_string(),
        };
        text.extend_from_slice(line.as_bytes());
        text.push(b',');
        csv_field(&reject.problem, b',', &mut text);
        text.push(b',');
        csv_field(&String::from_utf8_lossy(&reject.raw), b',', &mut text);
        text.push(b'\n');
    }
    file.write_all(&text)
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
    fn names(&self) -> Vec<String> {
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
    fn texts(&self, rows: &Rows) -> Texts {
        let mut texts = Texts::default();
        if !matches!(self.options.question, Question::Nearest { .. }) {
            for feature in 0..self.layer.features {
                self.text(rows, feature, &mut texts.bytes, &mut texts.one);
                texts.ends.push(texts.bytes.len());
            }
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
                for row in &scratch.order {
                    map.at(scratch.positions[*row as usize], |feature, side| {
                        if side == Side::Inside || border {
                            scratch.matches.push(Match {
                                row: *row,
                                rank: feature,
                                feature,
                                metres: 0.0,
                            });
                        }
                    });
                }
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

    fn write(
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
        }
    }
}

/// What is added for each feature, one after the other.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    one: Vec<u8>,
}

impl Texts {
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
