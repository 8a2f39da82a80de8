//! The room for a name inside an area, on a fine grid.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "cells of a page are small numbers"
)]

use geo::{BoundingRect, Coord, MultiPolygon};

use super::super::page_box::PageBox;
use super::super::thinning;
use super::cells::Cells;

/// Cells per mm.
const FINENESS: f64 = 3.0;
/// The most cells of a room: one larger than a sheet of A4 has larger cells.
const MOST_CELLS: f64 = 600_000.0;
/// Detail of an area that its room does not have, in mm.
const COARSE_MM: f64 = 0.06;
/// Room beyond this is no better, in mm.
const ENOUGH_MM: f64 = 3.0;
/// Steps in which room is measured.
const STEP_MM: f64 = 0.25;
/// Places tried along each side of an area.
const PLACES: f64 = 32.0;

/// What eight cells of a row are, a bit each.
struct Kind {
    /// How many are no room, up to each.
    blocked: [u16; 8],
    /// How many are, and the sum of their places.
    room: u32,
    places: u32,
}

static KINDS: [Kind; 256] = kinds();

const fn kinds() -> [Kind; 256] {
    const NONE: Kind = Kind {
        blocked: [0; 8],
        room: 0,
        places: 0,
    };
    let mut all = [NONE; 256];
    let mut byte = 0;
    while byte < all.len() {
        let mut bit = 0;
        while bit < 8 {
            let room = byte as u32 >> bit & 1;
            all[byte].room += room;
            all[byte].places += room * bit;
            all[byte].blocked[bit as usize] = (bit + 1 - all[byte].room) as u16;
            bit += 1;
        }
        byte += 1;
    }
    all
}

/// An area with its bounds, no finer than a name feels.
pub(super) struct Cover {
    bounds: PageBox,
    area: MultiPolygon<f64>,
}

impl Cover {
    pub(super) fn new(area: &MultiPolygon<f64>) -> Option<Self> {
        let area = thinning::area(area, COARSE_MM);
        let bounds = area.bounding_rect()?;
        Some(Self {
            bounds: PageBox {
                left: bounds.min().x,
                top: bounds.min().y,
                right: bounds.max().x,
                bottom: bounds.max().y,
            },
            area,
        })
    }
}

/// What of an area a name may use: it is known of every box at once whether it lies inside.
pub(super) struct Room {
    bounds: PageBox,
    /// Cells per mm.
    fineness: f64,
    columns: usize,
    rows: usize,
    /// For each cell, how many cells above and left of it are not room, up to multiples of 2¹⁶: no name has so many cells.
    blocked: Vec<u16>,
    /// The middle of the room, and its size in mm².
    pub(super) centroid: Coord<f64>,
    pub(super) size: f64,
}

impl Room {
    /// The part of `area` inside `within` and outside of `covers`. `None` when there is none.
    pub(super) fn new<'c>(
        area: &Cover,
        covers: impl Iterator<Item = &'c Cover>,
        within: PageBox,
    ) -> Option<Self> {
        let bounds = PageBox {
            left: area.bounds.left.max(within.left),
            top: area.bounds.top.max(within.top),
            right: area.bounds.right.min(within.right),
            bottom: area.bounds.bottom.min(within.bottom),
        };
        if bounds.width() <= 0.0 || bounds.height() <= 0.0 {
            return None;
        }
        let fineness = FINENESS.min((MOST_CELLS / (bounds.width() * bounds.height())).sqrt());
        let columns = (bounds.width() * fineness).ceil() as usize;
        let rows = (bounds.height() * fineness).ceil() as usize;
        let corner = Coord {
            x: bounds.left,
            y: bounds.top,
        };
        let mut cells = Cells::new(corner, fineness, (columns, rows));
        cells.add(&area.area);
        for cover in covers.filter(|cover| cover.bounds.meets(bounds)) {
            cells.take(&cover.area);
        }

        let stride = columns + 1;
        let mut blocked = Vec::with_capacity(stride * (rows + 1));
        blocked.resize(stride, 0_u16);
        let (mut count, mut sum_x, mut sum_y) = (0_u32, 0_u64, 0_u64);
        for row in 0..rows {
            // Those above, to which this row's are added.
            blocked.extend_from_within(row * stride..);
            let sums = blocked[(row + 1) * stride + 1..].chunks_mut(64);
            let (mut blocked_here, mut sum_here) = (0_u32, 0);
            for ((first, word), sums) in (0..).step_by(64).zip(cells.row(row)).zip(sums) {
                let base = blocked_here as u16;
                // Most words are all of a kind.
                if *word == 0 {
                    for (bit, sum) in (1..=64).zip(&mut *sums) {
                        *sum = sum.wrapping_add(base).wrapping_add(bit);
                    }
                    blocked_here += sums.len() as u32;
                } else if *word == u64::MAX && sums.len() == 64 {
                    for sum in sums {
                        *sum = sum.wrapping_add(base);
                    }
                    sum_here += 64 * first + 64 * 63 / 2;
                } else {
                    let bytes = (first..).step_by(8).zip(word.to_le_bytes());
                    for ((first, byte), sums) in bytes.zip(sums.chunks_mut(8)) {
                        // What lies beyond the last column is no room.
                        let kind = &KINDS[usize::from(byte & (u8::MAX >> (8 - sums.len())))];
                        let base = blocked_here as u16;
                        if let Ok(sums) = <&mut [u16; 8]>::try_from(&mut *sums) {
                            for (sum, blocked) in sums.iter_mut().zip(kind.blocked) {
                                *sum = sum.wrapping_add(base).wrapping_add(blocked);
                            }
                        } else {
                            for (sum, blocked) in sums.iter_mut().zip(kind.blocked) {
                                *sum = sum.wrapping_add(base).wrapping_add(blocked);
                            }
                        }
                        blocked_here += sums.len() as u32 - kind.room;
                        sum_here += kind.room * first + kind.places;
                    }
                }
            }
            let here = columns as u32 - blocked_here;
            count += here;
            sum_x += u64::from(sum_here);
            sum_y += u64::from(here) * row as u64;
        }
        if count == 0 {
            return None;
        }
        let middle = |sum: u64| (sum as f64 / f64::from(count) + 0.5) / fineness;
        Some(Self {
            centroid: Coord {
                x: bounds.left + middle(sum_x),
                y: bounds.top + middle(sum_y),
            },
            size: f64::from(count) / (fineness * fineness),
            bounds,
            fineness,
            columns,
            rows,
            blocked,
        })
    }

    fn holds(&self, area: PageBox) -> bool {
        if !self.bounds.holds(area) {
            return false;
        }
        // Inside the bounds nothing is below 0, so that a cast rounds down.
        let down = |mm: f64| (mm * self.fineness) as usize;
        let up = |mm: f64| {
            let whole = down(mm);
            whole + usize::from((whole as f64) < mm * self.fineness)
        };
        let (left, top) = (
            down(area.left - self.bounds.left),
            down(area.top - self.bounds.top),
        );
        let right = up(area.right - self.bounds.left).min(self.columns);
        let bottom = up(area.bottom - self.bounds.top).min(self.rows);
        let at = |row: usize, column: usize| self.blocked[row * (self.columns + 1) + column];
        let all = at(bottom, right).wrapping_add(at(top, left));
        all == at(top, right).wrapping_add(at(bottom, left))
            && u16::try_from((right - left) * (bottom - top)).is_ok()
    }

    /// How far a box is from the border of the room, up to 3 mm; `None` when it is not inside, or nearer than `least`.
    fn clearance(&self, area: PageBox, least: f64) -> Option<f64> {
        let steps = (least / STEP_MM).clamp(0.0, ENOUGH_MM / STEP_MM).floor();
        let mut clear = steps * STEP_MM;
        if !self.holds(area.grown(clear)) {
            return None;
        }
        while clear < ENOUGH_MM && self.holds(area.grown(clear + STEP_MM)) {
            clear += STEP_MM;
        }
        Some(clear)
    }

    /// The best centre of a box of a size: roomy and near the middle, after `cost` (`None` where it may not stand).
    pub(super) fn best(
        &self,
        (width, height): (f64, f64),
        least_clearance: f64,
        cost: impl Fn(PageBox) -> Option<f64>,
    ) -> Option<Coord<f64>> {
        let step = |length: f64| (length / PLACES).max(1.0 / self.fineness);
        let (step_x, step_y) = (step(self.bounds.width()), step(self.bounds.height()));
        let mut best: Option<(f64, Coord<f64>)> = None;
        let mut y = self.bounds.top + height / 2.0;
        while y + height / 2.0 <= self.bounds.bottom {
            let mut x = self.bounds.left + width / 2.0;
            while x + width / 2.0 <= self.bounds.right {
                let centre = Coord { x, y };
                let area = PageBox::centred(centre, width, height);
                let off = 0.07 * super::distance(centre, self.centroid);
                let needed = best.map_or(least_clearance, |(other, _)| {
                    least_clearance.max(other + off)
                });
                if best.is_none_or(|(other, _)| ENOUGH_MM - off > other)
                    && let Some(clear) = self
                        .clearance(area, needed)
                        .filter(|clear| *clear >= least_clearance)
                    && let score = clear - off
                    && best.is_none_or(|(other, _)| score > other)
                    && let Some(cost) = cost(area)
                    && best.is_none_or(|(other, _)| score - cost > other)
                {
                    best = Some((score - cost, centre));
                }
                x += step_x;
            }
            y += step_y;
        }
        best.map(|(_, centre)| centre)
    }

    /// The point of the room that is farthest from its border.
    pub(super) fn pole(&self) -> Coord<f64> {
        self.best((0.7, 0.7), 0.0, |_| Some(0.0))
            .unwrap_or(self.centroid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Polygon, polygon};

    const FRAME: PageBox = PageBox {
        left: 0.0,
        top: 0.0,
        right: 100.0,
        bottom: 100.0,
    };

    fn cover(polygon: Polygon<f64>) -> Cover {
        Cover::new(&MultiPolygon(vec![polygon])).expect("an area")
    }

    fn rectangle(left: f64, top: f64, right: f64, bottom: f64) -> Cover {
        cover(
            polygon![(x: left, y: top), (x: right, y: top), (x: right, y: bottom), (x: left, y: bottom)],
        )
    }

    #[test]
    fn a_name_goes_to_the_wide_end_of_an_l() {
        let l = cover(polygon![
            (x: 10.0, y: 10.0), (x: 40.0, y: 10.0), (x: 40.0, y: 20.0), (x: 14.0, y: 20.0), (x: 14.0, y: 60.0), (x: 10.0, y: 60.0),
        ]);
        let room = Room::new(&l, std::iter::empty(), FRAME).expect("room");
        let centre = room.best((10.0, 3.0), 0.0, |_| Some(0.0)).expect("a place");
        assert!(
            PageBox::new(10.0, 10.0, 30.0, 10.0).holds(PageBox::centred(centre, 10.0, 3.0)),
            "{centre:?}"
        );
        assert!(
            room.best((31.0, 3.0), 0.0, |_| Some(0.0)).is_none(),
            "too wide"
        );
        assert!(
            room.best((3.0, 12.0), 0.0, |_| Some(0.0)).is_some(),
            "upright it fits"
        );
    }

    #[test]
    fn what_covers_an_area_and_the_frame_take_its_room() {
        let area = rectangle(80.0, 10.0, 120.0, 30.0);
        let covers = [rectangle(80.0, 10.0, 90.0, 30.0)];
        let room = Room::new(&area, covers.iter(), FRAME).expect("room");
        assert!((room.size - 200.0).abs() < 8.0, "{}", room.size);
        let centre = room.best((8.0, 3.0), 0.0, |_| Some(0.0)).expect("a place");
        assert!(PageBox::new(90.0, 10.0, 10.0, 20.0).holds(PageBox::centred(centre, 8.0, 3.0)));
        assert!(Room::new(&area, [rectangle(70.0, 0.0, 130.0, 40.0)].iter(), FRAME).is_none());
    }

    #[test]
    fn clearance_is_the_distance_to_the_border() {
        let room =
            Room::new(&rectangle(0.0, 0.0, 20.0, 20.0), std::iter::empty(), FRAME).expect("room");
        let clear = room
            .clearance(PageBox::new(2.0, 5.0, 5.0, 5.0), 0.0)
            .expect("inside");
        assert!((clear - 2.0).abs() <= 0.34, "{clear}");
        assert_eq!(room.clearance(PageBox::new(-0.5, 5.0, 5.0, 5.0), 0.0), None);
        assert_eq!(room.clearance(PageBox::new(2.0, 5.0, 5.0, 5.0), 2.5), None);
    }
}
