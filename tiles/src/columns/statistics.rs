//! What layers hold: for the metadata of an archive.

use input::features::GeometryKind;
use serde_json::{Map, Number, Value as Json, json};

use super::texts::{TextPool, TextTable};
use crate::WorldPoint;
use crate::archive::FieldKind;
use crate::mvt::Value;

/// Layers and attributes of a batch or of a whole run.
#[derive(Default)]
pub(crate) struct Statistics {
    layers: Vec<LayerStatistics>,
    /// By layer and column.
    fields: Vec<Vec<Option<Box<FieldStatistics>>>>,
    /// West, north, east, south of all positions.
    least: Option<(WorldPoint, WorldPoint)>,
}

/// What a layer holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LayerStatistics {
    pub(crate) features: u64,
    pub(crate) points: u64,
    lines: u64,
    pub(crate) polygons: u64,
}

/// What an attribute holds.
#[derive(Debug, Clone)]
pub(crate) struct FieldStatistics {
    /// Which kinds of values, by bit: text, number, boolean.
    pub(crate) kinds: u8,
    pub(crate) count: u64,
    least: f64,
    most: f64,
    /// The first and the last value, while all are whole numbers and each is greater than the one before.
    ascending: Option<(i64, i64)>,
    /// The first different values, at most [`MOST_VALUES`]; more are counted no further.
    values: Vec<Value>,
    /// A value that was just seen need not be looked for.
    recent: [u64; 16],
}

/// Different values that are told apart.
const MOST_VALUES: usize = 100;

const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const BOOLEAN: u8 = 4;

impl FieldStatistics {
    fn new() -> Self {
        Self {
            kinds: 0,
            count: 0,
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            ascending: None,
            values: Vec::new(),
            recent: [u64::MAX; 16],
        }
    }

    /// Whether no value comes twice, as far as that can be told at once: each is greater than the one before.
    pub(crate) fn unique(&self) -> bool {
        self.ascending.is_some()
    }

    /// Whether there were more different values than are told apart.
    pub(crate) fn many(&self) -> bool {
        self.values.len() >= MOST_VALUES
    }

    #[inline]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a least and a greatest number to show"
    )]
    fn add(&mut self, value: Value) {
        self.ascending = match (value, self.ascending) {
            (Value::Int(number), None) if self.count == 0 => Some((number, number)),
            (Value::Int(number), Some((first, last))) if number > last => Some((first, number)),
            _ => None,
        };
        self.count += 1;
        let (number, bits) = match value {
            Value::Text(number) => {
                self.kinds |= TEXT;
                (None, u64::from(number) << 2)
            }
            Value::Bool(is) => {
                self.kinds |= BOOLEAN;
                (None, u64::from(is) << 2 | 1)
            }
            Value::Int(number) => (Some(number as f64), number.cast_unsigned() << 2 | 2),
            Value::Uint(number) => (Some(number as f64), number << 2 | 2),
            Value::Double(number) => (Some(number), number.to_bits() | 3),
        };
        if let Some(number) = number {
            self.kinds |= NUMBER;
            self.least = self.least.min(number);
            self.most = self.most.max(number);
        }
        if self.many() {
            return;
        }
        let place = (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60) as usize;
        if self.recent[place] == bits {
            return;
        }
        self.recent[place] = bits;
        if !self.values.contains(&value) {
            self.values.push(value);
        }
    }
}

impl Statistics {
    pub(crate) fn feature(&mut self, layer: u32, kind: GeometryKind) {
        let layer = layer as usize;
        if self.layers.len() <= layer {
            self.layers.resize(layer + 1, LayerStatistics::default());
        }
        let layer = &mut self.layers[layer];
        layer.features += 1;
        match kind {
            GeometryKind::None => {}
            GeometryKind::Point => layer.points += 1,
            GeometryKind::Line => layer.lines += 1,
            GeometryKind::Polygon => layer.polygons += 1,
        }
    }

    #[inline]
    pub(crate) fn value(&mut self, layer: u32, column: u32, value: Value) {
        self.field(layer, column).add(value);
    }

    #[inline]
    fn field(&mut self, layer: u32, column: u32) -> &mut FieldStatistics {
        let (layer, column) = (layer as usize, column as usize);
        if self.fields.len() <= layer {
            self.fields.resize_with(layer + 1, Vec::new);
        }
        let fields = &mut self.fields[layer];
        if fields.len() <= column {
            fields.resize_with(column + 1, || None);
        }
        fields[column].get_or_insert_with(|| Box::new(FieldStatistics::new()))
    }

    pub(crate) fn position(&mut self, at: WorldPoint) {
        let (least, most) = self.least.get_or_insert((at, at));
        least.x = least.x.min(at.x);
        least.y = least.y.min(at.y);
        most.x = most.x.max(at.x);
        most.y = most.y.max(at.y);
    }

    /// The numbers of texts that are among the first values.
    pub(crate) fn texts(&self) -> impl Iterator<Item = u32> {
        let values = self.all().flat_map(|(_, _, field)| &field.values);
        values.filter_map(|value| match value {
            Value::Text(number) => Some(*number),
            _ => None,
        })
    }

    /// Adds what a batch holds, under the numbers of the run.
    pub(crate) fn add(&mut self, other: &Self, layers: &[u32], columns: &[u32], texts: &[u32]) {
        for (number, from) in other.layers.iter().enumerate() {
            let Some(&layer) = layers.get(number) else {
                continue;
            };
            let layer = layer as usize;
            if self.layers.len() <= layer {
                self.layers.resize(layer + 1, LayerStatistics::default());
            }
            let into = &mut self.layers[layer];
            into.features += from.features;
            into.points += from.points;
            into.lines += from.lines;
            into.polygons += from.polygons;
        }
        let of = |numbers: &[u32], number: u32| numbers.get(number as usize).copied();
        for (layer, column, from) in other.all() {
            let (Some(layer), Some(column)) = (of(layers, layer), of(columns, column)) else {
                continue;
            };
            let into = self.field(layer, column);
            into.ascending = match (into.ascending, from.ascending) {
                (None, ascending) if into.count == 0 => ascending,
                (Some((first, last)), Some((next, end))) if next > last => Some((first, end)),
                _ => None,
            };
            into.kinds |= from.kinds;
            into.count += from.count;
            into.least = into.least.min(from.least);
            into.most = into.most.max(from.most);
            for &value in &from.values {
                if into.many() {
                    break;
                }
                let value = match value {
                    Value::Text(number) => Value::Text(of(texts, number).unwrap_or(0)),
                    other => other,
                };
                if !into.values.contains(&value) {
                    into.values.push(value);
                }
            }
        }
        if let Some((least, most)) = other.least {
            self.position(least);
            self.position(most);
        }
    }

    /// Counts a point for the name of a polygon, in a layer that has the attributes of the polygons' layer.
    pub(crate) fn label(&mut self, of: u32, layer: u32) {
        if self.layer(layer).features == 0 {
            let fields: Vec<_> = self
                .fields(of)
                .map(|(column, field)| (column, field.clone()))
                .collect();
            for (column, field) in fields {
                *self.field(layer, column) = field;
            }
        }
        self.feature(layer, GeometryKind::Point);
    }

    /// The box of all positions: its north-western and its south-eastern corner.
    pub(crate) fn corners(&self) -> Option<(WorldPoint, WorldPoint)> {
        self.least
    }

    pub(crate) fn layer(&self, layer: u32) -> LayerStatistics {
        self.layers.get(layer as usize).copied().unwrap_or_default()
    }

    /// All attributes: layer, column and what it holds.
    fn all(&self) -> impl Iterator<Item = (u32, u32, &FieldStatistics)> {
        (0u32..).zip(&self.fields).flat_map(|(layer, fields)| {
            let fields = (0u32..).zip(fields);
            fields.filter_map(move |(column, field)| Some((layer, column, field.as_deref()?)))
        })
    }

    /// Features with points of all layers.
    pub(crate) fn with_points(&self) -> u64 {
        self.layers.iter().map(|layer| layer.points).sum()
    }

    /// The attributes of a layer: column and what it holds.
    pub(crate) fn fields(&self, layer: u32) -> impl Iterator<Item = (u32, &FieldStatistics)> {
        let fields = self.fields.get(layer as usize).into_iter().flatten();
        (0u32..)
            .zip(fields)
            .filter_map(|(column, field)| Some((column, field.as_deref()?)))
    }

    /// Returns a layer as `tilestats` describes it.
    pub(crate) fn to_json(
        &self,
        layer: u32,
        name: &str,
        columns: &TextTable,
        texts: &TextPool,
    ) -> Json {
        let about = self.layer(layer);
        let most = about.points.max(about.lines).max(about.polygons);
        let geometry = if most == about.polygons && most > 0 {
            "Polygon"
        } else if most == about.lines && most > 0 {
            "LineString"
        } else {
            "Point"
        };
        let attributes: Vec<Json> = self
            .fields(layer)
            .map(|(column, field)| field.to_json(columns.get(column), texts))
            .collect();
        json!({
            "layer": name,
            "count": about.features,
            "geometry": geometry,
            "attributeCount": attributes.len(),
            "attributes": attributes,
        })
    }
}

impl FieldStatistics {
    /// What the attribute holds, for `vector_layers`.
    pub(crate) fn field_kind(&self) -> FieldKind {
        match self.kinds {
            TEXT => FieldKind::String,
            NUMBER => FieldKind::Number,
            BOOLEAN => FieldKind::Boolean,
            _ => FieldKind::Mixed,
        }
    }

    /// The word of `tilestats` for what the attribute holds.
    fn kind(&self) -> &'static str {
        match self.kinds {
            TEXT => "string",
            NUMBER => "number",
            BOOLEAN => "boolean",
            _ => "mixed",
        }
    }

    fn to_json(&self, name: &str, texts: &TextPool) -> Json {
        let mut json = Map::new();
        json.insert("attribute".into(), name.into());
        json.insert("count".into(), self.values.len().into());
        json.insert("type".into(), self.kind().into());
        let values = self.values.iter().filter_map(|&value| match value {
            Value::Text(number) => Some(Json::from(texts.get(number))),
            Value::Int(number) => Some(number.into()),
            Value::Uint(number) => Some(number.into()),
            Value::Double(number) => Number::from_f64(number).map(Json::Number),
            Value::Bool(is) => Some(is.into()),
        });
        json.insert("values".into(), values.collect());
        if self.kinds & NUMBER != 0 {
            json.insert("min".into(), plain(self.least));
            json.insert("max".into(), plain(self.most));
        }
        json.into()
    }
}

/// A number without a fraction where it has none.
fn plain(number: f64) -> Json {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "kept only when nothing is lost"
    )]
    let whole = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "that is what is compared")]
    if (whole as f64).to_bits() == number.to_bits() && whole.unsigned_abs() < 1 << 53 {
        whole.into()
    } else {
        Number::from_f64(number).map_or(Json::Null, Json::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[Value]) -> Statistics {
        let mut statistics = Statistics::default();
        for &value in values {
            statistics.value(0, 0, value);
        }
        statistics
    }

    #[test]
    fn values_that_grow_are_unique_over_batches_too() {
        let unique = |batches: &[&[i64]]| {
            let mut all = Statistics::default();
            for batch in batches {
                let values: Vec<Value> = batch.iter().map(|&number| Value::Int(number)).collect();
                all.add(&of(&values), &[0], &[0], &[]);
            }
            all.fields(0).all(|(_, field)| field.unique())
        };
        assert!(unique(&[&[1, 2, 9], &[10], &[11, 30]]));
        assert!(!unique(&[&[1, 2, 9], &[9, 10]]));
        assert!(!unique(&[&[1, 1]]));
        assert!(!unique(&[&[1, 2], &[3, 2], &[7, 8]]));
        let mixed = of(&[Value::Int(1), Value::Text(2), Value::Int(3)]);
        assert!(mixed.fields(0).all(|(_, field)| !field.unique()));
    }
}
