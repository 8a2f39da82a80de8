//! A tile that would be over a limit gives up features.

use super::painter::{Item, Painted, Painter};
use crate::TileCoord;
use crate::columns::{take_cell, take_head};
use crate::mvt::Value;
use crate::mvt::wire::varint_len;
use crate::plan::{BUCKETS, Bucket, Histogram, Threshold};

impl Painter<'_> {
    /// Makes a tile without its worst features: its own histogram says how much has to go. Features that do not fit by
    /// themselves go first, whatever their priority, and are named.
    #[expect(clippy::cast_precision_loss, reason = "a ratio of bytes")]
    pub(super) fn reduce<'i, I: Iterator<Item = (Bucket, Item<'i>)>>(
        &mut self,
        tile: TileCoord,
        items: &impl Fn() -> I,
        all: u64,
    ) -> Painted {
        let z = tile.z();
        let packed = self.packed.len();
        let out = self.too_large(z, items);
        let left = || {
            let numbered = items().enumerate();
            let kept = numbered.filter(|(place, _)| out.binary_search(place).is_err());
            kept.map(|(_, item)| item)
        };
        let mut histogram = Histogram::new(self.limits);
        for (bucket, item) in left() {
            histogram.add(bucket, weight(&item));
        }
        let mut threshold: Threshold = BUCKETS;
        let mut ratio = if packed == 0 || !out.is_empty() {
            0.5
        } else {
            packed as f64 / histogram.bytes_below(threshold).max(1) as f64
        };
        let mut first = true;
        loop {
            let solved = histogram.solve(self.limits, ratio);
            // Without what was too large it may fit as it is.
            threshold = if first && !out.is_empty() {
                solved
            } else {
                solved.min(histogram.less_than(threshold))
            };
            first = false;
            if threshold == 0 {
                return self.reduce_best(z, &left, all);
            }
            for (bucket, item) in left() {
                if usize::from(bucket) < threshold {
                    self.draw(z, &item);
                }
            }
            let features = self.finish();
            if self.fits() {
                return painted(features, all);
            }
            ratio = self.packed.len() as f64 / histogram.bytes_below(threshold).max(1) as f64;
        }
    }

    /// Makes a tile of as many of the best features as fit, one at least where the limits allow one: priorities are too
    /// coarse here.
    fn reduce_best<'i, I: Iterator<Item = (Bucket, Item<'i>)>>(
        &mut self,
        z: u8,
        items: &impl Fn() -> I,
        all: u64,
    ) -> Painted {
        let mut order: Vec<(Bucket, usize)> = items()
            .enumerate()
            .map(|(place, (bucket, _))| (bucket, place))
            .collect();
        order.sort_unstable();
        let most = self.limits.features.unwrap_or(u64::MAX);
        order.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let make = |painter: &mut Self, count: usize| -> u32 {
            let mut places: Vec<usize> = order[..count].iter().map(|&(_, place)| place).collect();
            places.sort_unstable();
            for (place, (_, item)) in items().enumerate() {
                if places.binary_search(&place).is_ok() {
                    painter.draw(z, &item);
                }
            }
            painter.finish()
        };
        let (mut fits, mut over) = (0, order.len() + 1);
        while over - fits > 1 {
            let middle = usize::midpoint(fits, over);
            make(self, middle);
            if self.fits() {
                fits = middle;
            } else {
                over = middle;
            }
        }
        painted(make(self, fits), all)
    }

    /// Finds features that would be over the limit in a tile of their own: their places, in order.
    fn too_large<'i, I: Iterator<Item = (Bucket, Item<'i>)>>(
        &mut self,
        z: u8,
        items: &impl Fn() -> I,
    ) -> Vec<usize> {
        let Some(cap) = self.limits.bytes else {
            return Vec::new();
        };
        let mut places = Vec::new();
        for (place, (_, item)) in items().enumerate() {
            if self.at_most(&item) <= cap {
                continue;
            }
            self.draw(z, &item);
            self.finish();
            if !self.fits() {
                places.push(place);
                let (Item::Point { mut rest, .. } | Item::Paths { mut rest, .. }) = item;
                self.too_large.push(take_head(&mut rest).number);
            }
        }
        places
    }

    /// More bytes than a tile of this feature alone has as stored.
    fn at_most(&self, item: &Item<'_>) -> u64 {
        const FRAME: u64 = 1 << 8;
        let (mut rest, vertices) = match item {
            Item::Point { rest, .. } => (*rest, 1),
            Item::Paths { rest, points, .. } => (*rest, points.len() as u64),
        };
        take_head(&mut rest);
        let texts = self.names.texts_with(item.own());
        let mut bytes = FRAME + 6 * vertices;
        while let Some((column, value)) = take_cell(&mut rest) {
            bytes += 24 + self.names.columns.get(column).len() as u64;
            if let Value::Text(number) = value {
                bytes += texts.length(number) as u64;
            }
        }
        bytes
    }
}

fn painted(features: u32, all: u64) -> Painted {
    Painted {
        features,
        given_up: u32::try_from(all - u64::from(features)).unwrap_or(u32::MAX),
    }
}

/// About what a feature adds to a tile, in bytes. It does not depend on how its texts are kept.
#[expect(clippy::cast_possible_truncation, reason = "a row is far below 4 GB")]
fn weight(item: &Item<'_>) -> u32 {
    let (mut rest, vertices) = match item {
        Item::Point { rest, .. } => (*rest, 0),
        Item::Paths { rest, points, .. } => (*rest, points.len() as u32),
    };
    let head = take_head(&mut rest);
    let mut bytes = 15 + head.id.map_or(0, varint_len) as u32 + 3 * vertices;
    while let Some((_, value)) = take_cell(&mut rest) {
        bytes += 1 + match value {
            Value::Text(_) => 4,
            Value::Int(number) => varint_len(number.unsigned_abs()) as u32,
            Value::Uint(number) => varint_len(number) as u32,
            Value::Double(_) => 8,
            Value::Bool(_) => 0,
        };
    }
    bytes
}
