//! Puts features into a batch, and takes back what turns out to be wrong.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::batch::{
    Cell, CellValue, FeatureBatch, FeatureId, FeatureRow, GeometryKind, Notes, PlaceKind, Span,
    TileHints,
};
use super::cut::Skipped;
use super::reject::Reject;
use crate::geometry;
use crate::{Origin, Problem};

/// Longitudes up to here are taken: a shape across the antimeridian may go on beyond 180.
const MOST_LON: f64 = 360.0;

/// Lengths of columns fit: a block is far below 4 GiB.
pub(super) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// How long the columns were.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    lonlat: usize,
    rings: usize,
    parts: usize,
    cells: usize,
    text: usize,
    notes: Notes,
}

/// What a feature has beside geometry and attributes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) place: i64,
    pub(super) raw: Span,
    pub(super) id: Option<FeatureId>,
    pub(super) hints: TileHints,
}

/// Writes one feature after the other into a batch.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) batch: FeatureBatch,
    keys: KeyIndex,
    /// Geometries of the feature at hand.
    pieces: Vec<(GeometryKind, Span, bool)>,
    /// Whether a position of the feature at hand had a height.
    pub(super) height: bool,
    /// Rows that make no feature; numbers and lines count from the start of the batch.
    pub(super) rejects: Vec<Reject>,
    /// Lines or records of the block.
    pub(super) lines: u64,
    /// What of the features is taken.
    pub(super) taking: Arc<Taking>,
}

/// What of the features is taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Taking {
    /// Positions as they stand: see [`super::FeatureOptions::any_crs`].
    pub(super) any_crs: bool,
    /// The only attributes that are kept; `None`: all.
    pub(super) columns: Option<Vec<String>>,
}

impl Writer {
    /// Forgets the batch.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
        self.keys.clear();
        self.rejects.clear();
        self.lines = 0;
    }

    /// Takes back what began at `mark` and counts it among the rejects.
    pub(super) fn reject(
        &mut self,
        mark: &Mark,
        place: i64,
        bytes: Range<u64>,
        raw: &[u8],
        problem: Problem,
    ) {
        self.take_back(mark);
        self.rejects.push(Reject {
            number: self.batch.features_read,
            origin: self.batch.place_kind.origin(place),
            bytes,
            raw: raw.to_vec(),
            problem,
        });
        self.batch.features_read += 1;
    }

    /// Counts a row that was too long to be kept among the rejects.
    pub(super) fn skipped(&mut self, skipped: Option<Skipped>) {
        let Some(Skipped { bytes, lines, most }) = skipped else {
            return;
        };
        let mark = self.begin();
        let line = i64::try_from(self.lines + 1).unwrap_or(i64::MAX);
        let problem = Problem::TooLong {
            what: "the feature",
            most,
            hint: "it was left out whole; allow more memory, or divide it, or is a bracket or quote left open?",
        };
        self.reject(&mark, line, bytes, &[], problem);
        self.lines += lines;
    }

    /// Makes numbers, lines and records count from the start of the input.
    pub(super) fn rebase(&mut self, number: u64, lines: u64) {
        let absolute = self.batch.place_kind == PlaceKind::Row;
        let lines = if absolute { 0 } else { lines };
        self.batch.first_number = number;
        for row in &mut self.batch.rows {
            row.number += number;
            row.place = row.place.saturating_add_unsigned(lines);
        }
        for reject in &mut self.rejects {
            reject.number += number;
            if let Origin::Line(line) | Origin::Record(line) = &mut reject.origin {
                *line += lines;
            }
        }
    }

    /// A feature begins.
    pub(super) fn begin(&mut self) -> Mark {
        self.pieces.clear();
        self.height = false;
        self.keys.begin(self.batch.cells.len());
        Mark {
            lonlat: self.batch.lonlat.len(),
            rings: self.batch.rings.len(),
            parts: self.batch.parts.len(),
            cells: self.batch.cells.len(),
            text: self.batch.text.len(),
            notes: self.batch.notes,
        }
    }

    /// The feature is not one after all.
    pub(super) fn take_back(&mut self, mark: &Mark) {
        self.batch.lonlat.truncate(mark.lonlat);
        self.batch.rings.truncate(mark.rings);
        self.batch.parts.truncate(mark.parts);
        self.batch.cells.truncate(mark.cells);
        self.batch.text.truncate(mark.text);
        self.batch.notes = mark.notes;
        self.pieces.clear();
    }

    /// Ends the feature that began at `mark`; its number counts from the start of the batch.
    pub(super) fn finish(&mut self, mark: &Mark, facts: Facts) -> Result<(), Problem> {
        self.check_positions(mark)?;
        let batch = &mut self.batch;
        batch.notes.heights_dropped += u64::from(self.height);
        let mut row = FeatureRow {
            number: batch.features_read,
            place: facts.place,
            kind: GeometryKind::None,
            multiple: false,
            continues: false,
            parts: Span {
                start: index(mark.parts),
                end: index(mark.parts),
            },
            cells: Span {
                start: index(mark.cells),
                end: index(batch.cells.len()),
            },
            raw: facts.raw,
            id: facts.id,
            hints: facts.hints,
        };
        batch.features_read += 1;
        if let [one] = self.pieces[..] {
            (row.kind, row.parts, row.multiple) = one;
            batch.rows.push(row);
            return Ok(());
        }
        if self.pieces.is_empty() {
            batch.rows.push(row);
            return Ok(());
        }
        for (number, (kind, parts, multiple)) in self.pieces.drain(..).enumerate() {
            batch.rows.push(FeatureRow {
                kind,
                multiple,
                parts,
                continues: number > 0,
                ..row.clone()
            });
        }
        Ok(())
    }

    fn check_positions(&mut self, mark: &Mark) -> Result<(), Problem> {
        let positions = &self.batch.lonlat[mark.lonlat..];
        if self.taking.any_crs {
            for (column, at) in [("x", 0), ("y", 1)] {
                if let Some(position) = positions.iter().find(|of| !of[at].is_finite()) {
                    let found = position[at];
                    return Err(Problem::NotFinite { column, found });
                }
            }
            return Ok(());
        }
        // Not `all`: without an early end it is done four at a time.
        let (mut fit, mut usual) = (true, true);
        for [lon, lat] in positions {
            fit &= lon.abs() <= MOST_LON && lat.abs() <= 90.0;
            usual &= lon.abs() <= 180.0;
        }
        if !fit {
            for [lon, lat] in positions {
                let fits = lon.abs() <= MOST_LON && lat.abs() <= 90.0;
                if !fits {
                    geometry::position(*lon, *lat)?;
                }
            }
        }
        self.batch.notes.beyond_180 += u64::from(!usual);
        Ok(())
    }

    /// Takes a position of the ring or line at hand.
    #[inline]
    pub(super) fn vertex(&mut self, lon: f64, lat: f64) {
        self.batch.lonlat.push([lon, lat]);
    }

    fn open_vertices(&self) -> usize {
        let before = self.batch.rings.last().map_or(0, |end| *end as usize);
        self.batch.lonlat.len().saturating_sub(before)
    }

    /// Ends a line or a run of points; one without vertices is left out.
    pub(super) fn end_run(&mut self) {
        if self.open_vertices() > 0 {
            self.batch.rings.push(index(self.batch.lonlat.len()));
        }
    }

    /// Ends a ring of a polygon and closes it.
    pub(super) fn end_ring(&mut self) {
        let open = self.open_vertices();
        if open == 0 {
            return;
        }
        let first = self.batch.lonlat[self.batch.lonlat.len() - open];
        if self.batch.lonlat.last() != Some(&first) {
            self.batch.lonlat.push(first);
            self.batch.notes.rings_closed += 1;
        }
        self.batch.rings.push(index(self.batch.lonlat.len()));
    }

    /// Ends a polygon, line or set of points; one without rings is left out.
    pub(super) fn end_part(&mut self) {
        let before = self.batch.parts.last().map_or(0, |end| *end);
        let rings = index(self.batch.rings.len());
        if rings > before {
            self.batch.parts.push(rings);
        }
    }

    /// How many parts there are: where the next geometry begins.
    pub(super) fn parts(&self) -> usize {
        self.batch.parts.len()
    }

    /// Ends a geometry whose parts began at `first_part`; `multiple`: the file calls it a set.
    pub(super) fn end_geometry(&mut self, kind: GeometryKind, first_part: usize, multiple: bool) {
        let parts = Span {
            start: index(first_part),
            end: index(self.batch.parts.len()),
        };
        self.pieces.push((kind, parts, multiple));
    }

    /// Appends text to the pool.
    #[inline]
    pub(super) fn text(&mut self, text: &str) -> Span {
        let start = index(self.batch.text.len());
        self.batch.text.push_str(text);
        Span {
            start,
            end: index(self.batch.text.len()),
        }
    }

    /// Where a feature begins that is a point written plainly: it is ended with [`Self::plain_point`], or taken back.
    #[inline]
    pub(super) fn plain_mark(&self) -> [usize; 2] {
        [self.batch.cells.len(), self.batch.text.len()]
    }

    /// The feature that began at `mark` is none, or none that is written plainly.
    #[inline]
    pub(super) fn plain_take_back(&mut self, [cells, text]: [usize; 2]) {
        self.batch.cells.truncate(cells);
        self.batch.text.truncate(text);
    }

    /// Ends a feature that is a point on a line of its own; `false` for a position that wants the checks of
    /// [`Self::finish`].
    #[inline]
    pub(super) fn plain_point(
        &mut self,
        [lon, lat]: [f64; 2],
        [cells, _]: [usize; 2],
        line: i64,
        raw: Span,
    ) -> bool {
        if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
            // [`Self::finish`] tells, or takes it as it stands.
            return false;
        }
        let batch = &mut self.batch;
        batch.lonlat.push([lon, lat]);
        batch.rings.push(index(batch.lonlat.len()));
        batch.parts.push(index(batch.rings.len()));
        let parts = index(batch.parts.len());
        batch.rows.push(FeatureRow {
            number: batch.features_read,
            place: line,
            kind: GeometryKind::Point,
            multiple: false,
            continues: false,
            parts: Span {
                start: parts - 1,
                end: parts,
            },
            cells: Span {
                start: index(cells),
                end: index(batch.cells.len()),
            },
            raw,
            id: None,
            hints: TileHints::default(),
        });
        batch.features_read += 1;
        true
    }

    /// Takes an attribute; of two of the same name in one feature the last is kept.
    #[inline]
    pub(super) fn cell(&mut self, key: u32, value: CellValue) {
        if self.drops(key) {
            return;
        }
        let at = index(self.batch.cells.len());
        if let Some(earlier) = self.keys.swap_last(key, at)
            // What was taken back may have left its place to another.
            && let Some(cell) = self.batch.cells.get_mut(earlier as usize)
            && cell.key == key
        {
            cell.value = value;
            self.keys.swap_last(key, earlier);
        } else {
            self.batch.cells.push(Cell { key, value });
        }
    }

    /// Whether the attributes of this name are read over.
    #[inline]
    pub(super) fn drops(&self, key: u32) -> bool {
        self.keys.dropped.get(key as usize) == Some(&true)
    }

    /// The name that is likely to come next; it has neither quotes nor backslashes.
    #[inline]
    pub(super) fn expected_key(&self) -> Option<(&str, u32)> {
        let guess = *self.keys.next.get(self.keys.before)?;
        Some((self.batch.keys.get(guess as usize)?, guess))
    }

    /// It came.
    #[inline]
    pub(super) fn key_came(&mut self, key: u32) {
        self.keys.before = key as usize + 1;
    }

    /// The number of an attribute's name. Names mostly follow each other as they did before.
    #[inline]
    pub(super) fn key(&mut self, name: &str) -> u32 {
        let columns = self.taking.columns.as_deref();
        self.keys.find(name, &mut self.batch.keys, columns)
    }
}

/// Numbers of names, and which follows which.
#[derive(Debug, Default)]
struct KeyIndex {
    numbers: HashMap<String, u32, foldhash::fast::RandomState>,
    /// After the start (0) and after each key (its number + 1): the key that came next last time.
    next: Vec<u32>,
    /// The place in `next` of the key before.
    before: usize,
    /// Which keys are read over; empty where all are kept.
    dropped: Vec<bool>,
    /// The cell that each key had last.
    last_cell: Vec<u32>,
    first_cell: u32,
}

impl KeyIndex {
    fn clear(&mut self) {
        self.numbers.clear();
        self.next.clear();
        self.dropped.clear();
        self.last_cell.clear();
    }

    fn begin(&mut self, cells: usize) {
        self.before = 0;
        self.first_cell = index(cells);
    }

    #[inline]
    fn find(&mut self, name: &str, keys: &mut Vec<String>, columns: Option<&[String]>) -> u32 {
        if let Some(guess) = self.next.get(self.before)
            && keys.get(*guess as usize).is_some_and(|key| key == name)
        {
            self.before = *guess as usize + 1;
            return *guess;
        }
        self.look_up(name, keys, columns)
    }

    #[cold]
    fn look_up(&mut self, name: &str, keys: &mut Vec<String>, columns: Option<&[String]>) -> u32 {
        let number = if let Some(number) = self.numbers.get(name) {
            *number
        } else {
            let number = index(keys.len());
            keys.push(name.to_owned());
            if let Some(columns) = columns {
                self.dropped
                    .push(!columns.iter().any(|column| column == name));
            }
            self.numbers.insert(name.to_owned(), number);
            self.last_cell.push(u32::MAX);
            self.next.resize(keys.len() + 1, u32::MAX);
            number
        };
        // What is written with an escape is not recognised by its bytes.
        let plain = !name.contains(['"', '\\']);
        if let Some(next) = self.next.get_mut(self.before).filter(|_| plain) {
            *next = number;
        }
        self.before = number as usize + 1;
        number
    }

    /// The cell of the feature at hand that had this key last, if there may be one; from now on `at` has it.
    #[inline]
    fn swap_last(&mut self, key: u32, at: u32) -> Option<u32> {
        let last = self.last_cell.get_mut(key as usize)?;
        let earlier = std::mem::replace(last, at);
        (earlier != u32::MAX && earlier >= self.first_cell).then_some(earlier)
    }
}
