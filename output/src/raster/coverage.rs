//! How much of each pixel a shape covers: exact areas, for rows of paper.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of a page are small positive numbers, and coordinates are f32"
)]

use std::ops::Range;

use tiny_skia::{FillRule, Point};

/// Pixels that a word of bits stands for.
const WORD: usize = 64;
/// Rows when none has a change.
const NONE: (usize, usize) = (usize::MAX, 0);

/// Rows of pixels, and by how much the cover of each differs from that of its left neighbour. Only what a line passes through is
/// touched; between these pixels the cover is the same.
pub(super) struct Coverage {
    width: usize,
    rows: Range<usize>,
    changes: Vec<f32>,
    /// A bit for each pixel that has a change.
    touched: Vec<u64>,
    /// The first row that has one, counted from the first of all, and the one after the last.
    seen: (usize, usize),
    /// The same of the words in a row: a name touches few of them.
    words_seen: (usize, usize),
}

impl Coverage {
    /// The first rows of a paper, of which nothing is covered yet.
    pub(super) fn new(width: usize, rows: usize) -> Self {
        let mut made = Self {
            width,
            rows: 0..rows,
            changes: Vec::new(),
            touched: Vec::new(),
            seen: NONE,
            words_seen: NONE,
        };
        made.changes = vec![0.0; made.stride() * rows];
        made.touched = vec![0; made.words() * rows];
        made
    }

    /// The same for other rows, not more of them than at first.
    pub(super) fn of_rows(&mut self, rows: Range<usize>) {
        self.rows = rows;
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The last line of a row may end just beyond its last pixel.
    fn stride(&self) -> usize {
        self.width + 2
    }

    fn words(&self) -> usize {
        self.stride().div_ceil(WORD)
    }

    /// Adds a side of a shape, in pixels of the paper: what lies to its right is inside, or outside when it runs the other way. Where it
    /// crosses a row depends on its ends alone, so that bands of rows fit together.
    pub(super) fn line(&mut self, from: Point, to: Point) {
        let (top, bottom, sign) = if from.y < to.y {
            (from, to, 1.0)
        } else {
            (to, from, -1.0)
        };
        let mut y = top.y.max(self.rows.start as f32);
        let end = bottom.y.min(self.rows.end as f32);
        let width = self.width as f32;
        let (least, most) = (top.x.min(bottom.x), top.x.max(bottom.x));
        if y >= end || least >= width {
            return;
        }
        let first = whole(y) - self.rows.start;
        let (stride, words) = (self.stride(), self.words());
        self.words_seen.0 = self.words_seen.0.min(whole(least.max(0.0)) / WORD);
        let words_end = (whole(most.clamp(0.0, width)) + 1) / WORD + 1;
        self.words_seen.1 = self.words_seen.1.max(words_end);
        self.seen.0 = self.seen.0.min(first);
        let inside = least >= 0.0 && most <= width;
        let mut row = Row {
            changes: &mut self.changes[first * stride..],
            touched: &mut self.touched[first * words..],
            width,
        };
        if top.y >= self.rows.start as f32 && bottom.y <= (self.rows.start + first + 1) as f32 {
            // Most lines of a glyph lie in one row, and many of these in one pixel.
            self.seen.1 = self.seen.1.max(first + 1);
            let high = (bottom.y - top.y) * sign;
            if inside {
                row.add_inside(least, most, high);
            } else {
                row.add(least, most, high);
            }
            return;
        }
        let slope = (bottom.x - top.x) / (bottom.y - top.y);
        let at = |y: f32| (top.x + (y - top.y) * slope).clamp(least, most);
        let (mut x, mut number) = (at(y), first);
        loop {
            number += 1;
            let next = ((self.rows.start + number) as f32).min(end);
            let next_x = at(next);
            let (left, right) = if x < next_x { (x, next_x) } else { (next_x, x) };
            let high = (next - y) * sign;
            if inside {
                row.add_inside(left, right, high);
            } else {
                row.add(left, right, high);
            }
            (y, x) = (next, next_x);
            if y >= end {
                break;
            }
            row = Row {
                changes: &mut row.changes[stride..],
                touched: &mut row.touched[words..],
                width,
            };
        }
        self.seen.1 = self.seen.1.max(number);
    }

    /// Tells of every run of pixels that are covered alike, with how much (1 to 255), row by row; then nothing is covered.
    pub(super) fn spans(&mut self, rule: FillRule, tell: impl FnMut(usize, Range<usize>, u8)) {
        // A loop each: which rule holds is not asked at every pixel.
        match rule {
            FillRule::Winding => self.spans_by(|cover| cover.abs().min(1.0), tell),
            FillRule::EvenOdd => self.spans_by(
                |cover| {
                    let cover = cover.abs();
                    let over = cover - ((cover * 0.5) as u32 * 2) as f32;
                    over.min(2.0 - over)
                },
                tell,
            ),
        }
    }

    #[inline]
    fn spans_by(
        &mut self,
        share: impl Fn(f32) -> f32,
        mut tell: impl FnMut(usize, Range<usize>, u8),
    ) {
        let (stride, words) = (self.stride(), self.words());
        let rows = std::mem::replace(&mut self.seen, NONE);
        let seen = std::mem::replace(&mut self.words_seen, NONE);
        for row in rows.0..rows.1 {
            let changes = &mut self.changes[row * stride..][..stride];
            let touched = &mut self.touched[row * words..][seen.0..seen.1];
            let (mut cover, mut alpha, mut from) = (0.0, 0, 0);
            for (number, word) in (seen.0..).zip(touched) {
                let mut bits = std::mem::take(word);
                while bits != 0 {
                    let x = number * WORD + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    cover += std::mem::take(&mut changes[x]);
                    // How strong the pixel is painted.
                    let here = (share(cover) * 255.0 + 0.5) as u8;
                    if here != alpha {
                        let run = from..x.min(self.width);
                        if alpha > 0 && !run.is_empty() {
                            tell(row, run, alpha);
                        }
                        (from, alpha) = (x, here);
                    }
                }
            }
            if alpha > 0 && from < self.width {
                tell(row, from..self.width, alpha);
            }
        }
    }
}

/// The pixel in which a place lies; for places from 0 on a cast rounds down.
#[inline]
fn whole(place: f32) -> usize {
    place as i32 as usize
}

/// A row of the pixels, and those below it.
struct Row<'r> {
    changes: &'r mut [f32],
    touched: &'r mut [u64],
    width: f32,
}

impl Row<'_> {
    /// Adds the part of a line that lies in the row, from its left end to its right one, `high` of the row's height.
    fn add(&mut self, mut left: f32, mut right: f32, mut high: f32) {
        if left >= self.width {
            return;
        }
        if left < 0.0 {
            // Left of the paper: as if it ran along the edge.
            let beside = if right <= 0.0 {
                high
            } else {
                high * (left / (left - right))
            };
            self.changes[0] += beside;
            self.touched[0] |= 1;
            high -= beside;
            if right <= 0.0 {
                return;
            }
            left = 0.0;
        }
        if right > self.width {
            high *= (self.width - left) / (right - left);
            right = self.width;
        }
        self.add_inside(left, right, high);
    }

    #[inline]
    fn add_inside(&mut self, left: f32, right: f32, high: f32) {
        let first = left as i32;
        let (start, first) = (first as f32, first as usize);
        if right - start <= 1.0 {
            let middle = high * ((left - start) + (right - start)) * 0.5;
            if let Some([here, next]) = self.changes.get_mut(first..first + 2) {
                *here += high - middle;
                *next += middle;
            }
            let bit = first % WORD;
            self.touched[first / WORD] |= 3 << bit;
            if bit == WORD - 1 {
                self.touched[first / WORD + 1] |= 1;
            }
            return;
        }
        self.add_flat(left, right, high);
    }

    /// The same over several pixels: the cover rises evenly, and each pixel has what rises in it up to its middle, the next the rest.
    #[inline(never)]
    fn add_flat(&mut self, left: f32, right: f32, high: f32) {
        let (first, last) = (whole(left), whole(right));
        let steep = high / (right - left);
        let parts = |from: f32, to: f32, x: usize| {
            let rise = (to - from) * steep;
            let middle = rise * ((from + to) * 0.5 - x as f32);
            (rise - middle, middle)
        };
        let (here, mut next) = parts(left, (first + 1) as f32, first);
        self.changes[first] += here;
        let half = steep * 0.5;
        for change in &mut self.changes[first + 1..last] {
            *change = *change + next + (steep - half);
            next = half;
        }
        let mut end = last;
        self.changes[last] += next;
        if (last as f32) < right {
            let (here, next) = parts(last as f32, right, last);
            self.changes[last] += here;
            end += 1;
            self.changes[end] += next;
        }
        for (number, word) in self.touched[..=end / WORD]
            .iter_mut()
            .enumerate()
            .skip(first / WORD)
        {
            let from = first.max(number * WORD) % WORD;
            let to = end.min(number * WORD + WORD - 1) % WORD;
            *word |= (u64::MAX << from) & (u64::MAX >> (WORD - 1 - to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(coverage: &mut Coverage, ring: &[(f32, f32)]) {
        for (number, from) in ring.iter().enumerate() {
            let to = ring[(number + 1) % ring.len()];
            coverage.line((*from).into(), to.into());
        }
    }

    fn pixels(coverage: &mut Coverage, rule: FillRule) -> Vec<Vec<u8>> {
        let mut found = vec![vec![0; coverage.width]; coverage.rows.len()];
        coverage.spans(rule, |row, run, alpha| found[row][run].fill(alpha));
        found
    }

    #[test]
    fn a_box_covers_parts_of_the_pixels_at_its_sides() {
        let mut coverage = Coverage::new(5, 3);
        add(
            &mut coverage,
            &[(0.5, 0.0), (3.25, 0.0), (3.25, 1.5), (0.5, 1.5)],
        );
        let found = pixels(&mut coverage, FillRule::Winding);
        assert_eq!(found[0], [128, 255, 255, 64, 0]);
        assert_eq!(found[1], [64, 128, 128, 32, 0]);
        assert_eq!(found[2], [0; 5]);
        // Nothing is left of it.
        assert_eq!(pixels(&mut coverage, FillRule::Winding)[0], [0; 5]);
    }

    #[test]
    fn what_overlaps_is_one_or_a_hole_by_the_rule() {
        for (rule, middle) in [(FillRule::Winding, 255), (FillRule::EvenOdd, 0)] {
            let mut coverage = Coverage::new(4, 1);
            add(
                &mut coverage,
                &[(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (0.0, 1.0)],
            );
            add(
                &mut coverage,
                &[(1.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0)],
            );
            assert_eq!(pixels(&mut coverage, rule)[0], [255, middle, middle, 255]);
        }
    }

    #[test]
    fn what_lies_beside_the_paper_counts_as_far_as_it_is_seen() {
        let mut coverage = Coverage::new(4, 2);
        coverage.of_rows(2..4);
        add(
            &mut coverage,
            &[(-9.0, -9.0), (2.0, -9.0), (2.0, 9.0), (-9.0, 9.0)],
        );
        assert_eq!(
            pixels(&mut coverage, FillRule::EvenOdd),
            [[255, 255, 0, 0]; 2]
        );
        add(
            &mut coverage,
            &[(3.0, 0.0), (9.0, 0.0), (9.0, 9.0), (3.0, 9.0)],
        );
        assert_eq!(
            pixels(&mut coverage, FillRule::EvenOdd),
            [[0, 0, 0, 255]; 2]
        );
        // A slant from beyond one side to beyond the other.
        add(&mut coverage, &[(-4.0, 2.0), (8.0, 3.0), (-4.0, 3.0)]);
        let row = &pixels(&mut coverage, FillRule::EvenOdd)[0];
        assert_eq!(row[..], [159, 138, 117, 96], "{row:?}");
    }

    #[test]
    fn bands_fit_together() {
        let star: Vec<(f32, f32)> = (0..40u8)
            .map(|n| {
                let (angle, far) = (f32::from(n) * 0.157, 5.0 + 13.0 * f32::from(n % 2));
                (21.3 + far * angle.cos(), 20.7 + far * angle.sin())
            })
            .collect();
        let of = |rows: Range<usize>| {
            let mut coverage = Coverage::new(40, rows.len());
            coverage.of_rows(rows);
            add(&mut coverage, &star);
            pixels(&mut coverage, FillRule::Winding)
        };
        let parts = [of(0..7), of(7..16), of(16..40)].concat();
        assert!(of(0..40) == parts);
        // As large as a polygon of these corners.
        let sum: f64 = parts
            .iter()
            .flatten()
            .map(|alpha| f64::from(*alpha) / 255.0)
            .sum();
        let doubled: f64 = star
            .iter()
            .zip(star.iter().cycle().skip(1))
            .map(|(a, b)| f64::from(a.0) * f64::from(b.1) - f64::from(a.1) * f64::from(b.0))
            .sum();
        assert!(
            (sum - doubled / 2.0).abs() < 1.0,
            "{sum} for {}",
            doubled / 2.0
        );
    }
}
