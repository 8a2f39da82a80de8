//! Which cells of a grid have their middle inside areas, a bit each.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "cells of a page are small numbers"
)]

use std::ops::Range;

use geo::{Coord, MultiPolygon};

const WORD: usize = 64;

/// A grid of cells on the page, and a set of them.
pub(super) struct Cells {
    corner: Coord<f64>,
    /// Cells per mm.
    fineness: f64,
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Words of a row.
    words: usize,
    bits: Vec<u64>,
    /// The outlines of an area that is being added: a bit where a row goes in or out.
    crossings: Vec<u64>,
}

/// What an outline crosses.
struct Seen {
    rows: Range<usize>,
    words: Range<usize>,
}

impl Cells {
    /// None of the cells.
    pub(super) fn new(corner: Coord<f64>, fineness: f64, (columns, rows): (usize, usize)) -> Self {
        let words = columns.div_ceil(WORD);
        Self {
            corner,
            fineness,
            columns,
            rows,
            words,
            bits: vec![0; words * rows],
            crossings: vec![0; words * rows],
        }
    }

    /// Adds the cells of an area, by the even-odd rule.
    pub(super) fn add(&mut self, area: &MultiPolygon<f64>) {
        self.with(area, |bits, inside| *bits |= inside);
    }

    /// Takes the cells of an area out.
    pub(super) fn take(&mut self, area: &MultiPolygon<f64>) {
        self.with(area, |bits, inside| *bits &= !inside);
    }

    fn with(&mut self, area: &MultiPolygon<f64>, change: impl Fn(&mut u64, u64)) {
        let mut seen = Seen {
            rows: self.rows..0,
            words: self.words..0,
        };
        for polygon in area {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for line in ring.lines() {
                    self.cross(self.cell(line.start), self.cell(line.end), &mut seen);
                }
            }
        }
        for row in seen.rows {
            let first = row * self.words;
            let words = first + seen.words.start..first + seen.words.end;
            let crossings = self.crossings[words.clone()].iter_mut();
            let mut inside = 0;
            for (bits, crossings) in self.bits[words].iter_mut().zip(crossings) {
                let filled = fill(std::mem::take(crossings)) ^ inside;
                change(bits, filled);
                // All ones when the row is inside at the end of the word.
                inside = 0_u64.wrapping_sub(filled >> (WORD - 1));
            }
        }
    }

    /// A point of the page in cells.
    fn cell(&self, p: Coord<f64>) -> Coord<f64> {
        (p - self.corner) * self.fineness
    }

    /// Notes where a line crosses the middles of rows.
    fn cross(&mut self, from: Coord<f64>, to: Coord<f64>, seen: &mut Seen) {
        let (top, bottom) = if from.y < to.y {
            (from, to)
        } else {
            (to, from)
        };
        let row = |y: f64| (y - 0.5).ceil().clamp(0.0, self.rows as f64) as usize;
        let rows = row(top.y)..row(bottom.y);
        if rows.is_empty() {
            return;
        }
        seen.rows.start = seen.rows.start.min(rows.start);
        seen.rows.end = seen.rows.end.max(rows.end);
        let slope = (bottom.x - top.x) / (bottom.y - top.y);
        for row in rows {
            let x = top.x + (row as f64 + 0.5 - top.y) * slope;
            let column = (x - 0.5).ceil().max(0.0) as usize;
            // What lies right of the grid is the end of its last word.
            let word = (column / WORD).min(self.words - 1);
            seen.words.start = seen.words.start.min(word);
            seen.words.end = seen.words.end.max(word + 1);
            if column < self.columns {
                self.crossings[row * self.words + word] ^= 1 << (column % WORD);
            }
        }
    }

    /// The words of a row: the first column is the lowest bit of the first.
    pub(super) fn row(&self, row: usize) -> &[u64] {
        &self.bits[row * self.words..(row + 1) * self.words]
    }
}

/// From each crossing to the next: a bit is the sum of those up to it.
fn fill(mut crossings: u64) -> u64 {
    let mut step = 1;
    while step < WORD {
        crossings ^= crossings << step;
        step *= 2;
    }
    crossings
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, Point, polygon};

    #[test]
    fn a_cell_is_in_when_its_middle_is() {
        let ring = polygon![
            exterior: [(x: 3.3, y: 2.1), (x: 61.7, y: 8.4), (x: 44.4, y: 28.9), (x: 70.2, y: 39.0), (x: -8.0, y: 31.0)],
            interiors: [[(x: 20.0, y: 12.0), (x: 33.3, y: 14.0), (x: 25.0, y: 25.2)]],
        ];
        let area = MultiPolygon(vec![ring]);
        let hole = MultiPolygon(vec![
            polygon![(x: 40.0, y: 5.0), (x: 50.0, y: 5.0), (x: 50.0, y: 40.0), (x: 40.0, y: 40.0)],
        ]);
        let corner = Coord { x: 1.0, y: 0.5 };
        let mut cells = Cells::new(corner, 3.0, (180, 120));
        cells.add(&area);
        cells.take(&hole);
        for row in 0..cells.rows {
            for column in 0..cells.columns {
                let middle = Point::new(
                    corner.x + (column as f64 + 0.5) / 3.0,
                    corner.y + (row as f64 + 0.5) / 3.0,
                );
                let wanted = area.contains(&middle) && !hole.contains(&middle);
                let found = cells.row(row)[column / WORD] >> (column % WORD) & 1 == 1;
                assert_eq!(found, wanted, "{column}, {row}");
            }
        }
    }
}
