//! Segments on the page in square cells: built in two passes, and asked thousands of times what lies in a box.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cells of a page are small numbers"
)]

use geo::Coord;

use super::super::page_box::PageBox;

/// A cell's side: about the size of the boxes that are asked for.
const CELL_MM: f64 = 4.0;
/// The most cells along a side.
const MOST: f64 = 1024.0;

/// Segments with something of each.
pub(super) struct Segments<T> {
    all: Vec<Segment<T>>,
    /// First column and row of each.
    corners: Vec<[u32; 2]>,
    /// What they lie in.
    bounds: PageBox,
    /// Cells a mm.
    per_mm: f64,
    columns: usize,
    /// Where the segments of each cell begin in `numbers`.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// The box of each of these, a hair larger: looking at them one after the other is fast.
    boxes: Vec<Sides>,
}

/// Left, top, right and bottom.
type Sides = [f32; 4];

#[derive(Clone, Copy)]
pub(super) struct Segment<T> {
    pub(super) from: Coord<f64>,
    pub(super) to: Coord<f64>,
    pub(super) of: T,
}

/// First and last column, first and last row.
type Cells = [usize; 4];

impl<T: Copy> Segments<T> {
    pub(super) fn new(all: Vec<Segment<T>>) -> Self {
        let ends = all.iter().flat_map(|segment| [segment.from, segment.to]);
        let bounds = PageBox::around(ends).unwrap_or(PageBox::new(0.0, 0.0, 0.0, 0.0));
        let cell_mm = CELL_MM.max(bounds.width().max(bounds.height()) / MOST);
        let count = |length: f64| (length / cell_mm) as usize + 1;
        let (columns, rows) = (count(bounds.width()), count(bounds.height()));
        let mut found = Self {
            all,
            corners: Vec::new(),
            bounds,
            per_mm: 1.0 / cell_mm,
            columns,
            starts: vec![0; columns * rows + 1],
            numbers: Vec::new(),
            boxes: Vec::new(),
        };
        // How many each cell has, summed up to where those of each end, and from there filled backwards.
        let boxes: Vec<Cells> = found
            .all
            .iter()
            .map(|segment| found.cells(segment.bounds()))
            .collect();
        found.corners = boxes
            .iter()
            .map(|[left, _, top, _]| [*left as u32, *top as u32])
            .collect();
        for cells in &boxes {
            each(*cells, |column, row| {
                found.starts[row * columns + column] += 1;
            });
        }
        let mut total = 0;
        for start in &mut found.starts {
            total += *start;
            *start = total;
        }
        found.numbers = vec![0; total as usize];
        for (number, cells) in boxes.iter().enumerate().rev() {
            each(*cells, |column, row| {
                let start = &mut found.starts[row * columns + column];
                *start -= 1;
                found.numbers[*start as usize] = number as u32;
            });
        }
        let numbers = found.numbers.iter();
        let boxes = numbers.map(|number| sides(found.all[*number as usize].bounds()));
        found.boxes = boxes.collect();
        found
    }

    /// The cells of a box, as far as there are any.
    fn cells(&self, area: PageBox) -> Cells {
        let rows = (self.starts.len() - 1) / self.columns;
        let at = |mm: f64, most: usize| ((mm * self.per_mm).max(0.0) as i32 as usize).min(most - 1);
        [
            at(area.left - self.bounds.left, self.columns),
            at(area.right - self.bounds.left, self.columns),
            at(area.top - self.bounds.top, rows),
            at(area.bottom - self.bounds.top, rows),
        ]
    }

    /// Looks at each segment whose box meets a box, once.
    pub(super) fn near(&self, area: PageBox, mut look: impl FnMut(&Segment<T>)) {
        let cells = self.cells(area);
        let [left, top, right, bottom] = sides(area);
        each(cells, |column, row| {
            let cell = row * self.columns + column;
            let here = self.starts[cell] as usize..self.starts[cell + 1] as usize;
            for (number, own) in self.numbers[here.clone()].iter().zip(&self.boxes[here]) {
                if own[0] > right || own[2] < left || own[1] > bottom || own[3] < top {
                    continue;
                }
                let segment = &self.all[*number as usize];
                let own = segment.bounds();
                let meets = own.left <= area.right
                    && own.right >= area.left
                    && own.top <= area.bottom
                    && own.bottom >= area.top;
                if !meets {
                    continue;
                }
                // One that lies in several of the cells is looked at in the first.
                let [left, top] = self.corners[*number as usize];
                if column == cells[0].max(left as usize) && row == cells[2].max(top as usize) {
                    look(segment);
                }
            }
        });
    }
}

fn sides(area: PageBox) -> Sides {
    // More than what the shorter number may be off by.
    let hair = |mm: f64| mm.abs() * 3e-7;
    [
        (area.left - hair(area.left)) as f32,
        (area.top - hair(area.top)) as f32,
        (area.right + hair(area.right)) as f32,
        (area.bottom + hair(area.bottom)) as f32,
    ]
}

fn each([left, right, top, bottom]: Cells, mut work: impl FnMut(usize, usize)) {
    for row in top..=bottom {
        for column in left..=right {
            work(column, row);
        }
    }
}

impl<T> Segment<T> {
    fn bounds(&self) -> PageBox {
        PageBox {
            left: self.from.x.min(self.to.x),
            top: self.from.y.min(self.to.y),
            right: self.from.x.max(self.to.x),
            bottom: self.from.y.max(self.to.y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_meets_the_same_segments_as_when_all_are_looked_at() {
        let at = |n: u32| Coord {
            x: f64::from(n * 7919 % 1009) / 5.0,
            y: f64::from(n * 104_729 % 997) / 7.0 - 30.0,
        };
        let all: Vec<Segment<u32>> = (0..400)
            .map(|n| {
                let (from, long) = (at(n), at(n + 5000));
                let to = if n % 5 == 0 {
                    long
                } else {
                    from + (long - from) * 0.02
                };
                Segment { from, to, of: n }
            })
            .collect();
        let segments = Segments::new(all.clone());
        for n in 0..200 {
            let size = f64::from(n % 23);
            let area = PageBox::centred(at(n + 900), size, size * 1.7);
            let mut found = Vec::new();
            segments.near(area, |segment| found.push(segment.of));
            found.sort_unstable();
            let meets = |segment: &&Segment<u32>| {
                let own = segment.bounds();
                own.left <= area.right
                    && own.right >= area.left
                    && own.top <= area.bottom
                    && own.bottom >= area.top
            };
            let wanted: Vec<u32> = all.iter().filter(meets).map(|segment| segment.of).collect();
            assert_eq!(found, wanted);
        }
        Segments::<u32>::new(Vec::new()).near(PageBox::new(0.0, 0.0, 9.0, 9.0), |_| panic!());
    }
}
