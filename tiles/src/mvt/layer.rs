//! One layer of a tile.

use super::GridPoint;
use super::values::{Texts, Value, ValueTable};
use super::wire::{bytes_field, number_field, varint, varint_len, zigzag};

/// Units of a tile's grid along a side.
pub const TILE_EXTENT: u32 = 4096;

/// Section 4.3.4 of MVT 2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeometryType {
    /// Points.
    Point = 1,
    /// Lines.
    Line = 2,
    /// Polygons.
    Polygon = 3,
}

/// A layer of a tile, growing feature by feature: tags and paths of a feature, then [`LayerEncoder::end_feature`].
pub struct LayerEncoder {
    name: String,
    features: Vec<u8>,
    count: u32,
    /// For each column the tile it was last used in and its place among the keys there.
    keys: Vec<(u32, u32)>,
    used: Vec<u32>,
    tile: u32,
    values: ValueTable,
    tags: Vec<u8>,
    pen: Pen,
}

impl LayerEncoder {
    /// Returns an empty layer.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            features: Vec::new(),
            count: 0,
            keys: Vec::new(),
            used: Vec::new(),
            tile: 1,
            values: ValueTable::new(),
            tags: Vec::new(),
            pen: Pen::default(),
        }
    }

    /// Adds an attribute to the feature that is being written. A column is a number that stands for a key.
    #[inline]
    pub fn tag(&mut self, column: u32, value: Value, texts: &impl Texts) {
        let place = self.values.place(value, texts);
        self.tags(column, place);
    }

    /// Adds an attribute that no other feature of the layer has with this value: as [`Self::tag`], without looking for it.
    #[inline]
    pub fn tag_unique(&mut self, column: u32, value: Value, texts: &impl Texts) {
        let place = self.values.add(value, texts);
        self.tags(column, place);
    }

    #[inline]
    fn tags(&mut self, column: u32, value_place: u32) {
        let place = column as usize;
        if place >= self.keys.len() {
            self.keys.resize(place + 1, (0, 0));
        }
        let key = &mut self.keys[place];
        if key.0 != self.tile {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no more keys than columns, which are u32"
            )]
            let next = self.used.len() as u32;
            *key = (self.tile, next);
            self.used.push(column);
        }
        varint(u64::from(key.1), &mut self.tags);
        varint(u64::from(value_place), &mut self.tags);
    }

    /// The geometry of the feature that is being written.
    #[inline]
    pub fn pen(&mut self) -> &mut Pen {
        &mut self.pen
    }

    /// Ends a feature.
    pub fn end_feature(&mut self, id: Option<u64>, geometry: GeometryType) {
        let commands = &self.pen.commands;
        let mut length = 2 + 1 + varint_len(commands.len() as u64) + commands.len();
        if let Some(id) = id {
            length += 1 + varint_len(id);
        }
        if !self.tags.is_empty() {
            length += 1 + varint_len(self.tags.len() as u64) + self.tags.len();
        }
        let out = &mut self.features;
        varint(2 << 3 | 2, out);
        varint(length as u64, out);
        if let Some(id) = id {
            number_field(1, id, out);
        }
        if !self.tags.is_empty() {
            bytes_field(2, &self.tags, out);
        }
        number_field(3, geometry as u64, out);
        bytes_field(4, commands, out);
        self.count += 1;
        self.tags.clear();
        self.pen.clear();
    }

    /// How many features there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Appends the layer to a tile and empties it for the next. Keys are named by column. A layer without features leaves
    /// nothing.
    pub fn finish<'k>(&mut self, key: impl Fn(u32) -> &'k str, tile: &mut Vec<u8>) {
        if self.count > 0 {
            let keys = self.used.iter().map(|&column| {
                let len = key(column).len();
                1 + varint_len(len as u64) + len
            });
            let length = 2
                + 3
                + 1
                + varint_len(self.name.len() as u64)
                + self.name.len()
                + self.features.len()
                + keys.sum::<usize>()
                + self.values.bytes.len();
            varint(3 << 3 | 2, tile);
            varint(length as u64, tile);
            number_field(15, 2, tile);
            bytes_field(1, self.name.as_bytes(), tile);
            tile.extend_from_slice(&self.features);
            for &column in &self.used {
                bytes_field(3, key(column).as_bytes(), tile);
            }
            tile.extend_from_slice(&self.values.bytes);
            number_field(5, u64::from(TILE_EXTENT), tile);
        }
        self.clear();
    }

    /// Forgets all features.
    pub fn clear(&mut self) {
        self.count = 0;
        self.features.clear();
        self.used.clear();
        self.tile = self.tile.wrapping_add(1);
        if self.tile == 0 {
            self.keys.fill((0, 0));
            self.tile = 1;
        }
        self.values.clear();
        self.tags.clear();
        self.pen.clear();
    }
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

/// Turns positions into steps from where it is (section 4.3).
#[derive(Default)]
pub struct Pen {
    at: GridPoint,
    commands: Vec<u8>,
}

impl Pen {
    fn clear(&mut self) {
        self.at = (0, 0);
        self.commands.clear();
    }

    /// Draws points.
    pub fn points(&mut self, points: &[GridPoint]) {
        if !points.is_empty() {
            self.command(MOVE_TO, points.len());
            for &point in points {
                self.step(point);
            }
        }
    }

    /// Draws a line.
    pub fn line(&mut self, points: &[GridPoint]) {
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

    /// Draws a ring, its last point not repeated. The exterior comes before its holes.
    pub fn ring(&mut self, points: &[GridPoint]) {
        self.line(points);
        self.command(CLOSE_PATH, 1);
    }

    fn command(&mut self, id: u64, count: usize) {
        varint((count as u64) << 3 | id, &mut self.commands);
    }

    #[inline]
    fn step(&mut self, to: GridPoint) {
        varint(
            zigzag(i64::from(to.0) - i64::from(self.at.0)),
            &mut self.commands,
        );
        varint(
            zigzag(i64::from(to.1) - i64::from(self.at.1)),
            &mut self.commands,
        );
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Words;

    impl Texts for Words {
        fn text(&self, number: u32) -> &[u8] {
            ["渝", "川"][number as usize].as_bytes()
        }
    }

    fn commands(draw: impl Fn(&mut Pen)) -> Vec<u8> {
        let mut pen = Pen::default();
        draw(&mut pen);
        pen.commands
    }

    #[test]
    fn commands_are_those_of_the_specification() {
        // The examples of section 4.3.5.
        assert_eq!(commands(|pen| pen.points(&[(25, 17)])), [9, 50, 34]);
        assert_eq!(
            commands(|pen| pen.points(&[(5, 7), (3, 2)])),
            [17, 10, 14, 3, 9]
        );
        let lines = commands(|pen| {
            pen.line(&[(2, 2), (2, 10), (10, 10)]);
            pen.line(&[(1, 1), (3, 5)]);
        });
        assert_eq!(lines, [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);
        assert_eq!(
            commands(|pen| pen.ring(&[(3, 6), (8, 12), (20, 34)])),
            [9, 6, 12, 18, 10, 12, 24, 44, 15]
        );
    }

    #[test]
    fn equal_keys_and_values_are_written_once_and_a_layer_can_be_used_again() {
        let mut layer = LayerEncoder::new("l");
        let mut draw = || {
            for _ in 0..3 {
                layer.tag(7, Value::Text(0), &Words);
                layer.tag(2, Value::Double(0.1), &Words);
                layer.tag(1, Value::Text(0), &Words);
                layer.pen().points(&[(1, 1)]);
                layer.end_feature(Some(300), GeometryType::Point);
            }
            let mut tile = Vec::new();
            layer.finish(
                |column| ["", "kind", "area", "", "", "", "", "name"][column as usize],
                &mut tile,
            );
            tile
        };
        let tile = draw();
        let count = |what: &[u8]| {
            tile.windows(what.len())
                .filter(|bytes| *bytes == what)
                .count()
        };
        assert_eq!(count("渝".as_bytes()), 1);
        assert_eq!(count(&0.1f64.to_le_bytes()), 1);
        assert_eq!(count(b"name"), 1);
        // Keys in the order of their use, values too.
        assert_eq!(count(&[18, 6, 0, 0, 1, 1, 2, 0]), 3);
        let again = draw();
        assert_eq!(tile, again);
    }

    #[test]
    fn a_layer_without_features_leaves_nothing() {
        let mut tile = Vec::new();
        LayerEncoder::new("l").finish(|_| "", &mut tile);
        assert!(tile.is_empty());
    }
}
