//! What is in the tiles.

use std::collections::BTreeMap;

use super::super::gzip;
use super::super::pmtiles::Compression;
use super::super::read::{Archive, Stored, plain};
use super::rings;
use super::{Check, Findings, VerifyOptions};
use crate::mvt::decode::{Geometry, Layer, Point, Value, decode};
use crate::{MAX_ZOOM, TileCoord};

/// What tiles were seen to hold.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) findings: Findings,
    pub(super) layers: BTreeMap<String, SeenLayer>,
    /// West, north, east, south of the features in the tiles of the deepest zoom, in units of the world; `None`: none.
    pub(super) extent: Option<[u64; 4]>,
    /// The largest grid unit of those tiles, in units of the world.
    pub(super) unit: u64,
    pub(super) features: u64,
}

/// What was seen of a layer.
#[derive(Debug)]
pub(super) struct SeenLayer {
    pub(super) min_zoom: u8,
    pub(super) max_zoom: u8,
    /// Attributes and what they hold, bit by bit: text, number, boolean.
    pub(super) fields: BTreeMap<String, u8>,
}

pub(super) const TEXT: u8 = 1;
pub(super) const NUMBER: u8 = 2;
pub(super) const BOOLEAN: u8 = 4;

/// Layers and attributes that are remembered: more are no metadata.
const MOST_NAMES: usize = 100_000;

impl Seen {
    /// Adds what another thread saw.
    pub(super) fn merge(&mut self, other: Self) {
        self.findings.merge(other.findings);
        for (name, layer) in other.layers {
            match self.layers.get_mut(&name) {
                None => {
                    self.layers.insert(name, layer);
                }
                Some(own) => {
                    own.min_zoom = own.min_zoom.min(layer.min_zoom);
                    own.max_zoom = own.max_zoom.max(layer.max_zoom);
                    for (field, kinds) in layer.fields {
                        *own.fields.entry(field).or_default() |= kinds;
                    }
                }
            }
        }
        if let Some(extent) = other.extent {
            self.grow(extent);
        }
        self.unit = self.unit.max(other.unit);
        self.features += other.features;
    }

    fn grow(&mut self, [west, north, east, south]: [u64; 4]) {
        let own = self.extent.get_or_insert([west, north, east, south]);
        *own = [
            own[0].min(west),
            own[1].min(north),
            own[2].max(east),
            own[3].max(south),
        ];
    }
}

/// Checks tiles, with buffers that are kept.
pub(super) struct ContentChecker<'o> {
    pub(super) archive: Archive,
    pub(super) options: &'o VerifyOptions,
    pub(super) deepest: u8,
    pub(super) seen: Seen,
    stored: Vec<u8>,
    unpacked: Vec<u8>,
}

impl<'o> ContentChecker<'o> {
    pub(super) fn new(archive: Archive, options: &'o VerifyOptions, deepest: u8) -> Self {
        Self {
            archive,
            options,
            deepest,
            seen: Seen::default(),
            stored: Vec::new(),
            unpacked: Vec::new(),
        }
    }

    /// Checks the tiles of an entry.
    pub(super) fn check(&mut self, entry: &Stored) {
        let Ok(first) = TileCoord::from_id(entry.id) else {
            return;
        };
        let tile = Some(first);
        let findings = &mut self.seen.findings;
        if let Err(error) = self.archive.read(entry, &mut self.stored) {
            findings.error(Check::Readable, tile, error.to_string());
            return;
        }
        let cap = self.options.most_bytes;
        let bytes = self.stored.len() as u64;
        if cap.is_some_and(|cap| bytes > cap) {
            let cap = cap.unwrap_or_default();
            findings.error(Check::Cap, tile, format!("{bytes} bytes; the cap is {cap}"));
        }
        if let Archive::Pmtiles(reader) = &self.archive {
            let said = reader.header().tile_compression;
            let is_as_said = match said {
                Compression::Gzip => gzip::is_gzip(&self.stored),
                Compression::None => !gzip::is_gzip(&self.stored),
                _ => false,
            };
            if !is_as_said {
                let found = format!("not {said:?}, as the header says of all tiles");
                findings.error(Check::Packing, tile, found);
                return;
            }
        }
        let bytes = match plain(&self.stored, &mut self.unpacked) {
            Ok(bytes) => bytes,
            Err(error) => {
                findings.error(Check::Packing, tile, error.to_string());
                return;
            }
        };
        let decoded = match decode(bytes) {
            Ok(decoded) => decoded,
            Err(error) => {
                findings.error(Check::Decoding, tile, error.to_string());
                return;
            }
        };
        for problem in &decoded.problems {
            findings.error(Check::Features, tile, problem.to_string());
        }
        let features: usize = decoded
            .layers
            .iter()
            .map(|layer| layer.features.len())
            .sum();
        if features == 0 {
            findings.warning(Check::Empty, tile, "a tile without features".to_owned());
        }
        let cap = self.options.most_features;
        if cap.is_some_and(|cap| features as u64 > cap) {
            let cap = cap.unwrap_or_default();
            findings.error(
                Check::Cap,
                tile,
                format!("{features} features; the cap is {cap}"),
            );
        }
        self.seen.features += features as u64;
        let last = entry.id + u64::from(entry.run_length) - 1;
        let last = TileCoord::from_id(last).unwrap_or(first);
        for layer in &decoded.layers {
            self.check_layer(layer, first, last);
            if last.z() == self.deepest {
                self.measure(layer, entry);
            }
        }
    }

    fn check_layer(&mut self, layer: &Layer, first: TileCoord, last: TileCoord) {
        let tile = Some(first);
        let findings = &mut self.seen.findings;
        let name = &layer.name;
        if layer.version != 2 {
            let found = format!("layer `{name}` has version {}", layer.version);
            findings.warning(Check::Features, tile, found);
        }
        if layer.features.is_empty() {
            findings.warning(
                Check::Empty,
                tile,
                format!("layer `{name}` without features"),
            );
        }
        for feature in &layer.features {
            let Geometry::Polygons(polygons) = &feature.geometry else {
                continue;
            };
            if let Some(fault) = rings::fault(polygons) {
                findings.error(Check::Rings, tile, format!("layer `{name}`: {fault}"));
            }
        }
        if self.seen.layers.len() >= MOST_NAMES && !self.seen.layers.contains_key(name) {
            return;
        }
        let seen = self
            .seen
            .layers
            .entry(name.clone())
            .or_insert_with(|| SeenLayer {
                min_zoom: first.z(),
                max_zoom: last.z(),
                fields: BTreeMap::new(),
            });
        seen.min_zoom = seen.min_zoom.min(first.z());
        seen.max_zoom = seen.max_zoom.max(last.z());
        let mut kinds = vec![0_u8; layer.keys.len()];
        for (key, value) in layer.features.iter().flat_map(|feature| &feature.tags) {
            let kind = match layer.values.get(*value as usize) {
                Some(Value::String(_)) => TEXT,
                Some(Value::Bool(_)) => BOOLEAN,
                Some(_) => NUMBER,
                None => 0,
            };
            kinds[*key as usize] |= kind;
        }
        for (key, kind) in layer.keys.iter().zip(kinds) {
            if seen.fields.len() < MOST_NAMES || seen.fields.contains_key(key) {
                *seen.fields.entry(key.clone()).or_default() |= kind;
            }
        }
    }

    /// Where the features of a layer are, without the tile's buffer, in all tiles of a run.
    fn measure(&mut self, layer: &Layer, entry: &Stored) {
        let extent = i64::from(layer.extent);
        let mut bounds: Option<[i64; 4]> = None;
        let mut add = |point: &Point| {
            let [x, y] = point.map(|axis| axis.clamp(0, extent));
            let own = bounds.get_or_insert([x, y, x, y]);
            *own = [own[0].min(x), own[1].min(y), own[2].max(x), own[3].max(y)];
        };
        for feature in &layer.features {
            match &feature.geometry {
                Geometry::Unknown => {}
                Geometry::Points(points) => {
                    // What is in the buffer is in another tile as well.
                    let inside =
                        |point: &&Point| point.iter().all(|axis| (0..extent).contains(axis));
                    points.iter().filter(inside).for_each(&mut add);
                }
                Geometry::Lines(lines) => {
                    let lines = lines.iter().filter(|line| reaches(line, extent));
                    lines.flatten().for_each(&mut add);
                }
                Geometry::Polygons(polygons) => {
                    let rings = polygons.iter().map(|polygon| &polygon.exterior);
                    let rings = rings.filter(|ring| reaches(ring, extent));
                    rings.flatten().for_each(&mut add);
                }
            }
        }
        let Some(bounds) = bounds else {
            return;
        };
        let side = 1_u64 << (32 - u32::from(self.deepest.min(MAX_ZOOM)));
        self.seen.unit = self.seen.unit.max(side.div_ceil(u64::from(layer.extent)));
        #[expect(clippy::cast_sign_loss, reason = "clamped to the tile")]
        let [west, north, east, south] =
            bounds.map(|axis| axis as u64 * side / u64::from(layer.extent));
        let end = entry.id + u64::from(entry.run_length);
        let mut id = entry.id.max(TileCoord::first_id(self.deepest));
        // A run may be as long as a zoom: it is measured by squares of tiles, not tile by tile.
        while id < end {
            let Ok(tile) = TileCoord::from_id(id).map(Square::of) else {
                return;
            };
            let square = tile.largest(end - id);
            let [left, top] = square.corner.map(|axis| u64::from(axis) * side);
            let inner = (u64::from(square.tiles) - 1) * side;
            self.seen.grow([
                left + west,
                top + north,
                left + inner + east,
                top + inner + south,
            ]);
            id += u64::from(square.tiles).pow(2);
        }
    }
}

/// Tiles that follow each other on the Hilbert curve and fill a square.
struct Square {
    first: TileCoord,
    /// Column and row of the north-western one.
    corner: [u32; 2],
    /// How many there are along a side.
    tiles: u32,
}

impl Square {
    fn of(first: TileCoord) -> Self {
        Self {
            first,
            corner: [first.x(), first.y()],
            tiles: 1,
        }
    }

    /// The largest square that begins with this tile and has at most so many.
    fn largest(self, most: u64) -> Self {
        let key = self.first.key();
        let fits = |level: u32| {
            let tiles = 1_u64 << (2 * level);
            level <= u32::from(self.first.z()) && key.is_multiple_of(tiles) && tiles <= most
        };
        let level = (1..=u32::from(MAX_ZOOM))
            .take_while(|level| fits(*level))
            .count();
        Self {
            corner: self.corner.map(|axis| axis >> level << level),
            tiles: 1 << level,
            first: self.first,
        }
    }
}

/// Whether the box of a path reaches into the tile.
fn reaches(path: &[Point], extent: i64) -> bool {
    (0..2).all(|axis| {
        path.iter().any(|point| point[axis] > 0) && path.iter().any(|point| point[axis] < extent)
    })
}
