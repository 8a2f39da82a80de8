//! Mapbox Vector Tile 2.1: the protobuf bytes of one tile.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are those of one tile, far below 2^32, and zigzag is made to give a sign away"
)]

use std::collections::HashMap;

use layers::model::Value;

use super::mercator::TILE_EXTENT;
use super::snap::{TilePoint, TilePolygon};

/// A geometry in a tile's grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TileGeometry {
    Point(TilePoint),
    Lines(Vec<Vec<TilePoint>>),
    Polygons(Vec<TilePolygon>),
}

/// A layer of a tile, growing feature by feature. Feature ids of MVT are numbers and ours are text, so a feature's id
/// is an attribute like the others.
pub(super) struct LayerEncoder<'a> {
    name: &'a str,
    features: Vec<u8>,
    keys: Dictionary<&'a str>,
    values: Dictionary<Tag<'a>>,
}

/// A value, comparable: numbers by their bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Tag<'a> {
    Text(&'a str),
    Number(u64),
}

/// Values in order of first use.
struct Dictionary<T> {
    index: HashMap<T, u32>,
    entries: Vec<T>,
}

impl<T: Copy + Eq + std::hash::Hash> Dictionary<T> {
    fn new() -> Self {
        Self {
            index: HashMap::new(),
            entries: Vec::new(),
        }
    }

    fn position(&mut self, value: T) -> u32 {
        *self.index.entry(value).or_insert_with(|| {
            self.entries.push(value);
            self.entries.len() as u32 - 1
        })
    }
}

impl<'a> LayerEncoder<'a> {
    /// An empty layer.
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            name,
            features: Vec::new(),
            keys: Dictionary::new(),
            values: Dictionary::new(),
        }
    }

    /// Adds a feature with its attributes in order.
    pub(super) fn add(
        &mut self,
        geometry: &TileGeometry,
        attributes: impl Iterator<Item = (&'a str, Value<'a>)>,
    ) {
        let mut tags = Vec::new();
        for (key, value) in attributes {
            let value = match value {
                Value::Text(text) => Tag::Text(text),
                Value::Number(number) => Tag::Number(number.to_bits()),
            };
            varint(u64::from(self.keys.position(key)), &mut tags);
            varint(u64::from(self.values.position(value)), &mut tags);
        }
        let (kind, commands) = commands(geometry);
        let mut feature = Vec::new();
        bytes_field(2, &tags, &mut feature);
        number_field(3, kind, &mut feature);
        bytes_field(4, &commands, &mut feature);
        bytes_field(2, &feature, &mut self.features);
    }

    /// Appends the layer to a tile.
    pub(super) fn finish(self, tile: &mut Vec<u8>) {
        let mut layer = Vec::with_capacity(self.features.len() + 1024);
        number_field(15, 2, &mut layer);
        bytes_field(1, self.name.as_bytes(), &mut layer);
        layer.extend(self.features);
        for key in self.keys.entries {
            bytes_field(3, key.as_bytes(), &mut layer);
        }
        for value in self.values.entries {
            let mut message = Vec::new();
            match value {
                Tag::Text(text) => bytes_field(1, text.as_bytes(), &mut message),
                Tag::Number(bits) => {
                    varint(3 << 3 | 1, &mut message);
                    message.extend(bits.to_le_bytes());
                }
            }
            bytes_field(4, &message, &mut layer);
        }
        number_field(5, u64::from(TILE_EXTENT), &mut layer);
        bytes_field(3, &layer, tile);
    }
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// The geometry type (section 4.3.4) and the packed commands.
fn commands(geometry: &TileGeometry) -> (u64, Vec<u8>) {
    let mut pen = Pen {
        at: (0, 0),
        commands: Vec::new(),
    };
    match geometry {
        TileGeometry::Point(point) => {
            pen.path(std::slice::from_ref(point));
            (1, pen.commands)
        }
        TileGeometry::Lines(lines) => {
            for line in lines {
                pen.path(line);
            }
            (2, pen.commands)
        }
        TileGeometry::Polygons(polygons) => {
            for ring in polygons.iter().flatten() {
                pen.path(ring);
                pen.command(CLOSE_PATH, 1);
            }
            (3, pen.commands)
        }
    }
}

/// Turns positions into steps from where it is.
struct Pen {
    at: TilePoint,
    commands: Vec<u8>,
}

impl Pen {
    fn path(&mut self, points: &[TilePoint]) {
        let Some((&first, rest)) = points.split_first() else {
            return;
        };
        self.command(MOVE_TO, 1);
        self.step(first);
        if !rest.is_empty() {
            self.command(LINE_TO, rest.len());
            for &point in rest {
                self.step(point);
            }
        }
    }

    fn command(&mut self, id: u32, count: usize) {
        varint(
            u64::from(count as u32) << 3 | u64::from(id),
            &mut self.commands,
        );
    }

    fn step(&mut self, to: TilePoint) {
        for delta in [to.0 - self.at.0, to.1 - self.at.1] {
            varint(
                u64::from((delta << 1 ^ delta >> 31) as u32),
                &mut self.commands,
            );
        }
        self.at = to;
    }
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn number_field(number: u64, value: u64, out: &mut Vec<u8>) {
    varint(number << 3, out);
    varint(value, out);
}

fn bytes_field(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    varint(number << 3 | 2, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_those_of_the_specification() {
        // The examples of section 4.3.5: a point, two lines, a polygon.
        let (kind, point) = commands(&TileGeometry::Point((25, 17)));
        assert_eq!((kind, point), (1, vec![9, 50, 34]));
        let lines =
            TileGeometry::Lines(vec![vec![(2, 2), (2, 10), (10, 10)], vec![(1, 1), (3, 5)]]);
        assert_eq!(
            commands(&lines),
            (2, vec![9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8])
        );
        let polygon = TileGeometry::Polygons(vec![vec![vec![(3, 6), (8, 12), (20, 34)]]]);
        assert_eq!(
            commands(&polygon),
            (3, vec![9, 6, 12, 18, 10, 12, 24, 44, 15])
        );
    }

    #[test]
    fn equal_values_are_written_once() {
        let mut layer = LayerEncoder::new("l");
        for _ in 0..3 {
            let attributes = [
                ("name", Value::Text("渝")),
                ("area_km2", Value::Number(1.5)),
                ("kind", Value::Text("渝")),
            ];
            layer.add(&TileGeometry::Point((1, 1)), attributes.into_iter());
        }
        let mut tile = Vec::new();
        layer.finish(&mut tile);
        assert_eq!(
            tile.windows(3)
                .filter(|bytes| bytes == &"渝".as_bytes())
                .count(),
            1
        );
        assert_eq!(
            tile.windows(8)
                .filter(|bytes| *bytes == 1.5_f64.to_le_bytes())
                .count(),
            1
        );
        assert_eq!(tile.windows(4).filter(|bytes| bytes == b"name").count(), 1);
    }

    #[test]
    fn long_numbers_take_more_bytes() {
        let mut out = Vec::new();
        varint(300, &mut out);
        assert_eq!(out, [0xAC, 0x02]);
    }
}
