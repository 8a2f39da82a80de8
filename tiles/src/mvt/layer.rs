//! One layer of a tile.

use super::pen::Pen;
use super::values::{Texts, Value, ValueNumber, ValueTable};
use super::wire::{bytes_field, number_field, varint, varint_len};

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
///
/// The values of a layer are written key by key, which packs a tenth smaller than in the order of their use. Where a value stands
/// is then known at the end, and until then features are kept in parts.
pub struct LayerEncoder {
    name: String,
    features: Vec<Feature>,
    /// For each column the tile it was last used in and its place among the keys there.
    keys: Vec<(u32, u32)>,
    used: Vec<u32>,
    tile: u32,
    values: ValueTable,
    /// Key and value of the features' attributes.
    tags: Vec<(u32, ValueNumber)>,
    pen: Pen,
    /// The tags of a feature, and all features, as they are written.
    packed: Vec<u8>,
    body: Vec<u8>,
}

/// A feature in its parts.
struct Feature {
    id: Option<u64>,
    geometry: GeometryType,
    /// Where its tags and its commands end.
    tags: usize,
    commands: usize,
}

impl LayerEncoder {
    /// Returns an empty layer.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            features: Vec::new(),
            keys: Vec::new(),
            used: Vec::new(),
            tile: 1,
            values: ValueTable::new(),
            tags: Vec::new(),
            pen: Pen::default(),
            packed: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds an attribute to the feature that is being written. A column is a number that stands for a key.
    #[inline]
    pub fn tag(&mut self, column: u32, value: Value, texts: &impl Texts) {
        let key = self.key(column);
        let value = self.values.place(key, value, texts);
        self.tags.push((key, value));
    }

    /// Adds an attribute that no other feature of the layer has with this value: as [`Self::tag`], without looking for it.
    #[inline]
    pub fn tag_unique(&mut self, column: u32, value: Value, texts: &impl Texts) {
        let key = self.key(column);
        let value = self.values.add(key, value, texts);
        self.tags.push((key, value));
    }

    /// The place of a column among the keys.
    #[inline]
    fn key(&mut self, column: u32) -> u32 {
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
        key.1
    }

    /// The geometry of the feature that is being written.
    #[inline]
    pub fn pen(&mut self) -> &mut Pen {
        &mut self.pen
    }

    /// Ends a feature.
    pub fn end_feature(&mut self, id: Option<u64>, geometry: GeometryType) {
        self.features.push(Feature {
            id,
            geometry,
            tags: self.tags.len(),
            commands: self.pen.next(),
        });
    }

    /// How many features there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.features.len()).unwrap_or(u32::MAX)
    }

    /// Appends the layer to a tile and empties it for the next. Keys are named by column. A layer without features leaves
    /// nothing.
    pub fn finish<'k>(&mut self, key: impl Fn(u32) -> &'k str, tile: &mut Vec<u8>) {
        if !self.features.is_empty() {
            self.write_features();
            let keys = self.used.iter().map(|&column| {
                let len = key(column).len();
                1 + varint_len(len as u64) + len
            });
            let length = 2
                + 3
                + 1
                + varint_len(self.name.len() as u64)
                + self.name.len()
                + self.body.len()
                + keys.sum::<usize>()
                + self.values.groups().map(<[u8]>::len).sum::<usize>();
            varint(3 << 3 | 2, tile);
            varint(length as u64, tile);
            number_field(15, 2, tile);
            bytes_field(1, self.name.as_bytes(), tile);
            tile.extend_from_slice(&self.body);
            for &column in &self.used {
                bytes_field(3, key(column).as_bytes(), tile);
            }
            for group in self.values.groups() {
                tile.extend_from_slice(group);
            }
            number_field(5, u64::from(TILE_EXTENT), tile);
        }
        self.clear();
    }

    /// Writes all features as fields of the layer to `body`.
    fn write_features(&mut self) {
        let places = self.values.places();
        let (packed, out) = (&mut self.packed, &mut self.body);
        out.clear();
        let (mut tags_start, mut commands_start) = (0, 0);
        for feature in &self.features {
            packed.clear();
            for &(key, value) in &self.tags[tags_start..feature.tags] {
                varint(u64::from(key), packed);
                varint(u64::from(places[value.0 as usize]), packed);
            }
            let commands = &self.pen.commands[commands_start..feature.commands];
            (tags_start, commands_start) = (feature.tags, feature.commands);
            let mut length = 2 + 1 + varint_len(commands.len() as u64) + commands.len();
            if let Some(id) = feature.id {
                length += 1 + varint_len(id);
            }
            if !packed.is_empty() {
                length += 1 + varint_len(packed.len() as u64) + packed.len();
            }
            varint(2 << 3 | 2, out);
            varint(length as u64, out);
            if let Some(id) = feature.id {
                number_field(1, id, out);
            }
            if !packed.is_empty() {
                bytes_field(2, packed, out);
            }
            number_field(3, feature.geometry as u64, out);
            bytes_field(4, commands, out);
        }
    }

    /// Forgets all features.
    pub fn clear(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Words;

    impl Texts for Words {
        fn text(&self, number: u32) -> &[u8] {
            ["渝", "川"][number as usize].as_bytes()
        }
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
        // Keys in the order of their use, and values key by key.
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
