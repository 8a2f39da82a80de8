//! Rows of a batch, put together to features again.

use input::features::{FeatureBatch, FeatureRow, FeatureView, GeometryKind};

/// A feature: one row, or the rows of a geometry collection.
#[derive(Debug, Clone, Copy)]
pub struct Feature<'a> {
    /// Its batch.
    pub batch: &'a FeatureBatch,
    /// Its rows, at least one.
    pub rows: &'a [FeatureRow],
}

/// The features of a batch, in order.
pub fn features(batch: &FeatureBatch) -> impl Iterator<Item = Feature<'_>> {
    let mut rest = batch.rows.as_slice();
    std::iter::from_fn(move || {
        let (first, others) = rest.split_first()?;
        // What is left of a collection counts on, whether its first geometry is among it or not.
        let more = others
            .iter()
            .take_while(|row| row.continues && row.number == first.number)
            .count();
        let (rows, after) = rest.split_at(1 + more);
        rest = after;
        Some(Feature { batch, rows })
    })
}

impl<'a> Feature<'a> {
    /// The row that stands for it: id, attributes and place in the file.
    #[must_use]
    pub fn view(self) -> FeatureView<'a> {
        FeatureView {
            batch: self.batch,
            row: &self.rows[0],
        }
    }

    /// A view of each of its geometries.
    #[must_use]
    pub fn geometries(self) -> impl ExactSizeIterator<Item = FeatureView<'a>> + Clone {
        let batch = self.batch;
        self.rows.iter().map(move |row| FeatureView { batch, row })
    }

    /// Whether it has no geometry at all.
    #[must_use]
    pub fn is_bare(self) -> bool {
        self.rows.len() == 1 && self.rows[0].kind == GeometryKind::None
    }

    /// Whether it is a collection of geometries.
    #[must_use]
    pub fn is_collection(self) -> bool {
        self.rows.len() > 1
    }

    /// West, south, east, north of its vertices; `None` without any.
    #[must_use]
    pub fn extent(self) -> Option<[f64; 4]> {
        let mut around = EMPTY;
        for view in self.geometries() {
            grow(&mut around, view.vertices());
        }
        (around[0] <= around[2]).then_some(around)
    }
}

/// The box around nothing.
pub(crate) const EMPTY: [f64; 4] = [
    f64::INFINITY,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NEG_INFINITY,
];

/// Makes a box (west, south, east, north) hold vertices.
pub(crate) fn grow(around: &mut [f64; 4], vertices: &[[f64; 2]]) {
    let [mut west, mut south, mut east, mut north] = *around;
    for [x, y] in vertices {
        west = west.min(*x);
        south = south.min(*y);
        east = east.max(*x);
        north = north.max(*y);
    }
    *around = [west, south, east, north];
}

/// Appends a box to a record: 0 for none, 1 and two numbers for that of a point, 2 and four.
pub(crate) fn put_box(extent: Option<[f64; 4]>, out: &mut Vec<u8>) {
    let Some([west, south, east, north]) = extent else {
        return out.push(0);
    };
    let is_point = west.to_bits() == east.to_bits() && south.to_bits() == north.to_bits();
    out.push(if is_point { 1 } else { 2 });
    let edges = [west, south, east, north];
    for edge in &edges[..if is_point { 2 } else { 4 }] {
        out.extend_from_slice(&edge.to_le_bytes());
    }
}

/// Takes the box off a record of our own.
pub(crate) fn take_box(record: &mut &[u8]) -> Option<[f64; 4]> {
    let [kind] = take(record);
    match kind {
        0 => None,
        1 => {
            let [x, y] = std::array::from_fn(|_| f64::from_le_bytes(take(record)));
            Some([x, y, x, y])
        }
        _ => Some(std::array::from_fn(|_| f64::from_le_bytes(take(record)))),
    }
}

/// Takes so many bytes off a record of our own.
pub(crate) fn take<const N: usize>(record: &mut &[u8]) -> [u8; N] {
    let (head, tail) = record
        .split_first_chunk::<N>()
        .expect("a record is as it was put away");
    *record = tail;
    *head
}

/// Appends a whole number, seven bits a byte, lowest first.
#[expect(clippy::cast_possible_truncation, reason = "seven bits are taken")]
pub(crate) fn put_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(0x80 | (number & 0x7F) as u8);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes such a number off a record of our own.
#[inline]
pub(crate) fn take_varint(record: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let [byte] = take(record);
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            return number;
        }
    }
}

/// The box around two.
pub(crate) fn union(one: Option<[f64; 4]>, other: Option<[f64; 4]>) -> Option<[f64; 4]> {
    match (one, other) {
        (Some(a), Some(b)) => Some([
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]),
        (one, other) => one.or(other),
    }
}

/// The greatest `f32` that is not above.
#[expect(clippy::cast_possible_truncation, reason = "the next float is taken")]
pub(crate) fn down(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value {
        near.next_down()
    } else {
        near
    }
}

/// The least `f32` that is not below.
#[expect(clippy::cast_possible_truncation, reason = "the next float is taken")]
pub(crate) fn up(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value {
        near.next_up()
    } else {
        near
    }
}
