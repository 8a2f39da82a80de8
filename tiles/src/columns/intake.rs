//! From the features of a file to rows and shapes: what a worker does with a batch.

use serde::Serialize;

use input::features::{FeatureBatch, FeatureView, GeometryKind, Id, Value as InputValue};

use super::collect::RowSet;
use super::row::{EVERY_ZOOM, RowHead, write_cell, write_head};
use super::rules::{ColumnUse, Rules};
use super::statistics::Statistics;
use super::texts::TextTable;
use crate::archive::Fingerprint;
use crate::mvt::Value;
use crate::{MAX_LATITUDE_DEG, WorldPoint};

/// What a worker made of a batch. Layers, columns and texts have numbers of the batch.
#[derive(Default)]
pub(crate) struct Intake {
    pub(crate) layers: Vec<String>,
    pub(crate) columns: TextTable,
    pub(crate) texts: TextTable,
    pub(crate) points: RowSet,
    pub(crate) lines: ShapeSet,
    pub(crate) polygons: ShapeSet,
    pub(crate) statistics: Statistics,
    pub(crate) counts: Counts,
    /// What tells this batch from others.
    pub(crate) print: u128,
}

/// Lines or polygons: their rows, at the middles of their boxes, and their paths as columns.
#[derive(Default)]
pub(crate) struct ShapeSet {
    pub(crate) rows: RowSet,
    pub(crate) points: Vec<WorldPoint>,
    /// Ends of rings or lines in `points`.
    pub(crate) path_ends: Vec<u32>,
    /// Ends of polygons in `path_ends`; for lines one a path.
    pub(crate) part_ends: Vec<u32>,
    /// Ends of features in `part_ends`.
    pub(crate) feature_ends: Vec<u32>,
}

impl ShapeSet {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.rows.is_empty()
    }

    /// A hash of each column.
    fn printed(&self) -> Vec<u8> {
        let mut prints = Vec::new();
        let mut bytes = Vec::new();
        let mut add =
            |bytes: &[u8]| prints.extend_from_slice(&Fingerprint::of(bytes).0.to_le_bytes());
        add(&self.rows.bytes);
        for points in self.points.chunks(1 << 16) {
            bytes.clear();
            for axis in points.iter().flat_map(|point| [point.x, point.y]) {
                bytes.extend_from_slice(&axis.to_le_bytes());
            }
            add(&bytes);
        }
        for ends in [&self.path_ends, &self.part_ends, &self.feature_ends] {
            bytes.clear();
            for end in ends {
                bytes.extend_from_slice(&end.to_le_bytes());
            }
            add(&bytes);
        }
        prints
    }
}

/// What was read, and what was left out or changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Features of the input, those that could not be read among them.
    pub features: u64,
    /// Features that could not be read.
    pub rejected: u64,
    /// Features without a geometry.
    pub empty: u64,
    /// Features that the filter left out at every zoom.
    pub filtered: u64,
    /// Points to draw.
    pub points: u64,
    /// Lines to draw, those of one feature counted once.
    pub lines: u64,
    /// Polygons to draw, those of one feature counted once.
    pub polygons: u64,
    /// Points for the names of polygons.
    pub labels: u64,
    /// Positions beyond 85.0511° that were put on the edge.
    pub clamped: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: &Self) {
        self.features += other.features;
        self.rejected += other.rejected;
        self.empty += other.empty;
        self.filtered += other.filtered;
        self.points += other.points;
        self.lines += other.lines;
        self.polygons += other.polygons;
        self.clamped += other.clamped;
    }
}

impl Intake {
    /// Takes the features of a batch. `layer` is the name of the layer of those that ask for none.
    pub(crate) fn of(batch: &FeatureBatch, layer: &str, rules: &Rules, first_number: u64) -> Self {
        let mut made = Self::default();
        made.counts.features = batch.features_read;
        let uses: Vec<ColumnUse> = batch
            .keys
            .iter()
            .map(|key| rules.column(key, &mut made.columns))
            .collect();
        let mut reader = Reader {
            uses,
            rules,
            layer,
            first_number,
            rest: Vec::new(),
            cells: Vec::new(),
            seen: vec![0; made.columns.len()],
            turn: 0,
        };
        for feature in batch.features() {
            reader.feature(feature, &mut made);
        }
        made.print = made.printed();
        made
    }

    /// A hash of all that the batch brings: of numbers of its own, so that it does not depend on what else there is.
    fn printed(&self) -> u128 {
        let mut bytes = Vec::new();
        for layer in &self.layers {
            bytes.extend_from_slice(layer.as_bytes());
            bytes.push(0);
        }
        self.columns.print(&mut bytes);
        self.texts.print(&mut bytes);
        let parts = [
            Fingerprint::of(&bytes),
            Fingerprint::of(&self.points.bytes),
            Fingerprint::of(&self.lines.printed()),
            Fingerprint::of(&self.polygons.printed()),
        ];
        let parts: Vec<u8> = parts.iter().flat_map(|part| part.0.to_le_bytes()).collect();
        Fingerprint::of(&parts).0
    }

    #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
    fn layer(&mut self, name: &str) -> u32 {
        let known = self.layers.iter().position(|layer| layer == name);
        let number = known.unwrap_or_else(|| {
            self.layers.push(name.to_owned());
            self.layers.len() - 1
        });
        number as u32
    }
}

struct Reader<'r> {
    uses: Vec<ColumnUse>,
    rules: &'r Rules,
    layer: &'r str,
    first_number: u64,
    rest: Vec<u8>,
    cells: Vec<(u32, Value)>,
    /// The feature that last had a value for a column: a feature has one for each.
    seen: Vec<u64>,
    turn: u64,
}

impl Reader<'_> {
    fn feature(&mut self, feature: FeatureView<'_>, made: &mut Intake) {
        if feature.kind() == GeometryKind::None || feature.vertices().is_empty() {
            made.counts.empty += 1;
            return;
        }
        let mut zooms = self.rules.zooms(&feature);
        self.cells.clear();
        self.turn += 1;
        let cells = feature
            .batch
            .cells
            .get(feature.row.cells.range())
            .unwrap_or_default();
        for cell in cells {
            let value = feature.batch.value(cell.value);
            match self.uses.get(cell.key as usize) {
                Some(ColumnUse::Column(column)) => {
                    let value = match value {
                        InputValue::Null => continue,
                        InputValue::Bool(is) => Value::Bool(is),
                        InputValue::Int(number) => Value::Int(number),
                        InputValue::UInt(number) => Value::Uint(number),
                        InputValue::Float(number) => Value::Double(number),
                        InputValue::Text(text) | InputValue::Json(text) => {
                            Value::Text(made.texts.number(text))
                        }
                    };
                    let seen = &mut self.seen[*column as usize];
                    if *seen != self.turn {
                        *seen = self.turn;
                        self.cells.push((*column, value));
                    }
                }
                Some(ColumnUse::MinZoom) => zooms &= from_zoom(value),
                Some(ColumnUse::MaxZoom) => zooms &= to_zoom(value),
                Some(ColumnUse::Dropped) | None => {}
            }
        }
        if let Some(least) = feature.row.hints.minzoom {
            zooms &= from(least);
        }
        if let Some(most) = feature.row.hints.maxzoom {
            zooms &= to(most);
        }
        if zooms == 0 {
            made.counts.filtered += 1;
            return;
        }
        let layer = made.layer(feature.hinted_layer().unwrap_or(self.layer));
        let id = match feature.id() {
            Some(Id::UInt(id)) => Some(id),
            _ => None,
        };
        let head = RowHead {
            number: self.first_number + feature.number(),
            layer,
            id,
            zooms,
        };
        self.write(head);
        made.statistics.feature(layer, feature.kind());
        for &(column, value) in &self.cells {
            made.statistics.value(layer, column, value);
        }
        match feature.kind() {
            GeometryKind::None => {}
            GeometryKind::Point => {
                for &position in feature.vertices() {
                    let at = world(position, &mut made.counts);
                    made.statistics.position(at);
                    made.points.push(at, &self.rest);
                    made.counts.points += 1;
                }
            }
            GeometryKind::Line => {
                made.counts.lines += 1;
                let set = &mut made.lines;
                shape(
                    &feature,
                    set,
                    &self.rest,
                    &mut made.counts,
                    &mut made.statistics,
                );
            }
            GeometryKind::Polygon => {
                made.counts.polygons += 1;
                let set = &mut made.polygons;
                shape(
                    &feature,
                    set,
                    &self.rest,
                    &mut made.counts,
                    &mut made.statistics,
                );
            }
        }
    }

    fn write(&mut self, head: RowHead) {
        self.rest.clear();
        write_head(head, &mut self.rest);
        for &(column, value) in &self.cells {
            write_cell(column, value, &mut self.rest);
        }
    }
}

/// Adds a feature to shapes: its paths, and its row at the middle of its box.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a batch counts its vertices in u32 too"
)]
fn shape(
    feature: &FeatureView<'_>,
    set: &mut ShapeSet,
    rest: &[u8],
    counts: &mut Counts,
    statistics: &mut Statistics,
) {
    let (mut least, mut most) = (
        WorldPoint {
            x: u32::MAX,
            y: u32::MAX,
        },
        WorldPoint { x: 0, y: 0 },
    );
    for part in feature.parts() {
        for path in part.rings() {
            set.points.reserve(path.len());
            for &position in path {
                let at = world(position, counts);
                least = WorldPoint {
                    x: least.x.min(at.x),
                    y: least.y.min(at.y),
                };
                most = WorldPoint {
                    x: most.x.max(at.x),
                    y: most.y.max(at.y),
                };
                set.points.push(at);
            }
            set.path_ends.push(set.points.len() as u32);
        }
        set.part_ends.push(set.path_ends.len() as u32);
    }
    set.feature_ends.push(set.part_ends.len() as u32);
    statistics.position(least);
    statistics.position(most);
    let middle = WorldPoint {
        x: least.x + (most.x - least.x) / 2,
        y: least.y + (most.y - least.y) / 2,
    };
    set.rows.push(middle, rest);
}

/// A position in the world. Longitudes beyond 180° are on the other side of the antimeridian.
#[inline]
fn world([lon, lat]: [f64; 2], counts: &mut Counts) -> WorldPoint {
    if lat.abs() > MAX_LATITUDE_DEG {
        counts.clamped += 1;
    }
    let lon = if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    };
    WorldPoint::from_lon_lat(lon, lat)
}

/// Zooms from one on.
pub(crate) fn from(zoom: u8) -> u32 {
    EVERY_ZOOM.checked_shl(zoom.into()).unwrap_or(0)
}

/// Zooms up to one.
pub(crate) fn to(zoom: u8) -> u32 {
    !EVERY_ZOOM.checked_shl(u32::from(zoom) + 1).unwrap_or(0)
}

fn from_zoom(value: InputValue<'_>) -> u32 {
    number(value).map_or(EVERY_ZOOM, |zoom| from(cut(zoom.ceil())))
}

fn to_zoom(value: InputValue<'_>) -> u32 {
    number(value).map_or(EVERY_ZOOM, |zoom| {
        if zoom < 0.0 { 0 } else { to(cut(zoom.floor())) }
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` keeps to the range of the type"
)]
fn cut(zoom: f64) -> u8 {
    zoom.min(32.0) as u8
}

#[expect(clippy::cast_precision_loss, reason = "zooms are small")]
fn number(value: InputValue<'_>) -> Option<f64> {
    match value {
        InputValue::Int(number) => Some(number as f64),
        InputValue::UInt(number) => Some(number as f64),
        InputValue::Float(number) => Some(number),
        InputValue::Text(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}
