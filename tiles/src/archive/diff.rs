//! Compares two archives, tile by tile and feature by feature.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;
use twox_hash::XxHash3_128;

use super::read::{Archive, Cursor, Stored, plain};
use super::{ArchiveError, FormatError};
use crate::TileCoord;
use crate::mvt::decode::{Feature, Geometry, Layer, Tile, Value, decode};

/// How two archives differ.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ArchiveDiff {
    /// Tiles with the same bytes.
    pub equal: u64,
    /// Tiles with the same features in other bytes.
    pub packed_otherwise: u64,
    /// Tiles with other features.
    pub different: u64,
    /// Tiles that only the first has, by zoom.
    pub only_first: BTreeMap<u8, u64>,
    /// Tiles that only the second has, by zoom.
    pub only_second: BTreeMap<u8, u64>,
    /// What differs in tiles that both have, by layer.
    pub layers: BTreeMap<String, LayerDiff>,
    /// The first tiles that differ or that one alone has, as z/x/y.
    pub examples: Vec<String>,
}

/// How a layer differs in tiles that both archives have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LayerDiff {
    /// Tiles in which it differs.
    pub tiles: u64,
    /// Features that only the first has, counted in each tile.
    pub only_first: u64,
    /// Features that only the second has, counted in each tile.
    pub only_second: u64,
}

impl ArchiveDiff {
    /// Returns whether both show the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.different == 0 && self.only_first.is_empty() && self.only_second.is_empty()
    }

    fn example(&mut self, tile: TileCoord, most: usize) {
        if self.examples.len() < most {
            let text = format!("{}/{}/{}", tile.z(), tile.x(), tile.y());
            self.examples.push(text);
        }
    }
}

/// An archive and where its walk is.
struct Side {
    archive: Archive,
    cursor: Cursor,
    /// Tiles that are next, and the entry they are of.
    next: Option<(u64, Stored)>,
    stored: Vec<u8>,
    unpacked: Vec<u8>,
}

impl Side {
    fn open(path: &Path) -> Result<Self, ArchiveError> {
        let mut archive = Archive::open_vector(path)?;
        let cursor = archive.cursor()?;
        let mut side = Self {
            archive,
            cursor,
            next: None,
            stored: Vec::new(),
            unpacked: Vec::new(),
        };
        side.pull()?;
        Ok(side)
    }

    fn pull(&mut self) -> Result<(), ArchiveError> {
        let entry = self.archive.next(&mut self.cursor)?;
        self.next = entry.map(|entry| (entry.id, entry));
        Ok(())
    }

    /// Goes on behind a number.
    fn pass(&mut self, end: u64) -> Result<(), ArchiveError> {
        if let Some((at, entry)) = &mut self.next {
            *at = end;
            if end >= entry.id + u64::from(entry.run_length) {
                return self.pull();
            }
        }
        Ok(())
    }

    fn coord(&self, id: u64) -> Result<TileCoord, ArchiveError> {
        TileCoord::from_id(id).map_err(|_| self.archive.wrong(FormatError::TileNumber { id }))
    }

    fn decode(&mut self, tile: TileCoord) -> Result<Tile, ArchiveError> {
        let bytes = plain(&self.stored, &mut self.unpacked)
            .map_err(|source| ArchiveError::Gzip { tile, source })?;
        decode(bytes).map_err(|source| ArchiveError::Tile { tile, source })
    }
}

/// Compares two archives of any containers; names at most `examples` tiles.
///
/// Features are equal when geometry, id and attributes are; their order and that of their attributes do not count.
///
/// # Errors
///
/// [`ArchiveError`] when an archive, or a tile that differs, cannot be read.
pub fn diff(first: &Path, second: &Path, examples: usize) -> Result<ArchiveDiff, ArchiveError> {
    let (mut a, mut b) = (Side::open(first)?, Side::open(second)?);
    let mut diff = ArchiveDiff::default();
    loop {
        let at = |side: &Side| side.next.map(|(at, _)| at);
        let end = |side: &Side| {
            side.next
                .map(|(_, entry)| entry.id + u64::from(entry.run_length))
        };
        match (at(&a), at(&b)) {
            (Some(from), other) if other.is_none_or(|other| from < other) => {
                let to = end(&a).unwrap_or(from).min(other.unwrap_or(u64::MAX));
                alone(&a, from, to, &mut diff.only_first)?;
                diff.example(a.coord(from)?, examples);
                a.pass(to)?;
            }
            (other, Some(from)) if other.is_none_or(|other| from < other) => {
                let to = end(&b).unwrap_or(from).min(other.unwrap_or(u64::MAX));
                alone(&b, from, to, &mut diff.only_second)?;
                diff.example(b.coord(from)?, examples);
                b.pass(to)?;
            }
            (Some(from), _) => {
                let to = end(&a).unwrap_or(from).min(end(&b).unwrap_or(from));
                let tile = a.coord(from)?;
                both(&mut a, &mut b, tile, to - from, &mut diff, examples)?;
                a.pass(to)?;
                b.pass(to)?;
            }
            (None, _) => return Ok(diff),
        }
    }
}

/// Counts tiles that one side has alone, which may go on into the next zoom.
fn alone(
    side: &Side,
    mut from: u64,
    to: u64,
    zooms: &mut BTreeMap<u8, u64>,
) -> Result<(), ArchiveError> {
    while from < to {
        let z = side.coord(from)?.z();
        let end = to.min(TileCoord::first_id(z + 1));
        *zooms.entry(z).or_default() += end - from;
        from = end;
    }
    Ok(())
}

fn both(
    a: &mut Side,
    b: &mut Side,
    tile: TileCoord,
    tiles: u64,
    diff: &mut ArchiveDiff,
    examples: usize,
) -> Result<(), ArchiveError> {
    for side in [&mut *a, &mut *b] {
        if let Some((_, entry)) = side.next {
            side.archive.read(&entry, &mut side.stored)?;
        }
    }
    if a.stored == b.stored {
        diff.equal += tiles;
        return Ok(());
    }
    let (of_a, of_b) = (features(&a.decode(tile)?), features(&b.decode(tile)?));
    let names = of_a.keys().chain(of_b.keys());
    let mut is_different = false;
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let none = HashMap::new();
        let (first, second) = (
            of_a.get(name).unwrap_or(&none),
            of_b.get(name).unwrap_or(&none),
        );
        let more = |one: &HashMap<u128, u64>, other: &HashMap<u128, u64>| -> u64 {
            let surplus = one.iter().map(|(feature, count)| {
                count.saturating_sub(other.get(feature).copied().unwrap_or(0))
            });
            surplus.sum()
        };
        let (only_first, only_second) = (more(first, second), more(second, first));
        if only_first + only_second > 0 {
            is_different = true;
            let layer = diff.layers.entry(name.clone()).or_default();
            layer.tiles += tiles;
            layer.only_first += tiles * only_first;
            layer.only_second += tiles * only_second;
        }
    }
    if is_different {
        diff.different += tiles;
        diff.example(tile, examples);
    } else {
        diff.packed_otherwise += tiles;
    }
    Ok(())
}

/// How often each feature is in each layer, by its hash.
fn features(tile: &Tile) -> BTreeMap<String, HashMap<u128, u64>> {
    let mut layers = BTreeMap::<String, HashMap<u128, u64>>::new();
    for layer in &tile.layers {
        let counts = layers.entry(layer.name.clone()).or_default();
        for feature in &layer.features {
            *counts.entry(hash(layer, feature)).or_default() += 1;
        }
    }
    layers
}

fn hash(layer: &Layer, feature: &Feature) -> u128 {
    let mut bytes = Vec::new();
    bytes.push(u8::from(feature.id.is_some()));
    bytes.extend_from_slice(&feature.id.unwrap_or(0).to_le_bytes());
    bytes.extend_from_slice(&layer.extent.to_le_bytes());
    let mut attributes: Vec<_> = layer.attributes(feature).collect();
    attributes.sort_by_key(|(key, _)| *key);
    for (key, value) in attributes {
        bytes.extend_from_slice(&(key.len() as u64).to_le_bytes());
        bytes.extend_from_slice(key.as_bytes());
        push_value(value, &mut bytes);
    }
    let mut path = |kind: u8, points: &[[i64; 2]]| {
        bytes.push(kind);
        bytes.extend_from_slice(&(points.len() as u64).to_le_bytes());
        for axis in points.iter().flatten() {
            bytes.extend_from_slice(&axis.to_le_bytes());
        }
    };
    match &feature.geometry {
        Geometry::Unknown => path(0, &[]),
        Geometry::Points(points) => path(1, points),
        Geometry::Lines(lines) => lines.iter().for_each(|line| path(2, line)),
        Geometry::Polygons(polygons) => {
            for polygon in polygons {
                path(3, &polygon.exterior);
                polygon.holes.iter().for_each(|hole| path(4, hole));
            }
        }
    }
    XxHash3_128::oneshot(&bytes)
}

/// Whole numbers are equal however they were written.
fn push_value(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            bytes.push(1);
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        Value::Float(number) => {
            bytes.push(2);
            bytes.extend_from_slice(&f64::from(*number).to_le_bytes());
        }
        Value::Double(number) => {
            bytes.push(2);
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        Value::Int(number) | Value::Sint(number) => {
            bytes.push(3);
            bytes.extend_from_slice(&i128::from(*number).to_le_bytes());
        }
        Value::Uint(number) => {
            bytes.push(3);
            bytes.extend_from_slice(&i128::from(*number).to_le_bytes());
        }
        Value::Bool(is) => bytes.extend_from_slice(&[4, u8::from(*is)]),
    }
}
