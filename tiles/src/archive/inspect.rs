//! Says what is in an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::read::{Archive, plain};
use super::{ArchiveError, Container, FormatError};
use crate::TileCoord;
use crate::mvt::decode::{Feature, Geometry, Layer, Point, Polygon, Value, decode};

/// What is in an archive.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// pmtiles, mbtiles or folder.
    pub container: &'static str,
    /// Its name.
    pub name: String,
    /// What it says is in it.
    pub description: String,
    /// Whom to name.
    pub attribution: String,
    /// West, south, east, north in degrees, as it says.
    pub bounds: [f64; 4],
    /// Size in bytes; of a folder that of its tiles.
    pub bytes: u64,
    /// Tiles that can be asked for.
    pub tiles: u64,
    /// Its zooms.
    pub zooms: Vec<ZoomContent>,
    /// Its layers.
    pub layers: BTreeMap<String, LayerContent>,
    /// The largest tiles, largest first.
    pub heaviest: Vec<HeavyTile>,
}

/// What is in a zoom.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ZoomContent {
    /// The zoom.
    pub zoom: u8,
    /// Its tiles.
    pub tiles: u64,
    /// Their bytes as they are stored, equal tiles counted each time.
    pub bytes: u64,
    /// Bytes of the largest.
    pub largest_bytes: u32,
    /// Features in its tiles, counted in each.
    pub features: u64,
}

/// What is in a layer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LayerContent {
    /// First zoom with it.
    pub min_zoom: u8,
    /// Last zoom with it.
    pub max_zoom: u8,
    /// Points, lines, polygons and others in all tiles.
    pub features: BTreeMap<&'static str, u64>,
    /// Positions of their geometry.
    pub vertices: u64,
    /// Its attributes.
    pub attributes: BTreeMap<String, AttributeContent>,
}

/// What is in an attribute.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AttributeContent {
    /// How many features have it, by the type of the value.
    pub values: BTreeMap<&'static str, u64>,
    /// Least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// Greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greatest: Option<f64>,
    /// The first texts in order, at most 5.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub texts: BTreeSet<String>,
}

/// A large tile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HeavyTile {
    /// Its bytes as they are stored.
    pub bytes: u32,
    /// As z/x/y.
    pub tile: String,
    /// Its features.
    pub features: u64,
}

/// Texts of an attribute that are kept, and their characters.
const MOST_TEXTS: usize = 5;
const MOST_CHARACTERS: usize = 60;
/// Attributes of a layer that are kept.
const MOST_ATTRIBUTES: usize = 100_000;

/// Reads all tiles and says what is in them; names the `heaviest` largest.
///
/// # Errors
///
/// [`ArchiveError`] when the archive or one of its tiles cannot be read.
pub fn inspect(path: &Path, heaviest: usize) -> Result<Inspection, ArchiveError> {
    let mut archive = Archive::open_vector(path)?;
    let described = archive.describe()?;
    let container = match archive.container() {
        Container::Pmtiles => "pmtiles",
        Container::Mbtiles => "mbtiles",
        Container::Folder => "folder",
    };
    let mut inspection = Inspection {
        container,
        name: described.tileset.name,
        description: described.tileset.description,
        attribution: described.tileset.attribution,
        bounds: described.tileset.bounds,
        bytes: 0,
        tiles: 0,
        zooms: Vec::new(),
        layers: BTreeMap::new(),
        heaviest: Vec::new(),
    };
    let (mut stored, mut unpacked) = (Vec::new(), Vec::new());
    let mut cursor = archive.cursor()?;
    while let Some(entry) = archive.next(&mut cursor)? {
        archive.read(&entry, &mut stored)?;
        let tile = TileCoord::from_id(entry.id)
            .map_err(|_| archive.wrong(FormatError::TileNumber { id: entry.id }))?;
        let bytes =
            plain(&stored, &mut unpacked).map_err(|source| ArchiveError::Gzip { tile, source })?;
        let decoded = decode(bytes).map_err(|source| ArchiveError::Tile { tile, source })?;
        let features: usize = decoded
            .layers
            .iter()
            .map(|layer| layer.features.len())
            .sum();
        let mut from = entry.id;
        let end = entry.id + u64::from(entry.run_length);
        // A run may go on into the next zoom.
        while from < end {
            let Ok(first) = TileCoord::from_id(from) else {
                break;
            };
            let to = end.min(TileCoord::first_id(first.z() + 1));
            inspection.add_zoom(first.z(), to - from, entry.length, features as u64);
            for layer in &decoded.layers {
                inspection.add_layer(layer, first.z(), to - from);
            }
            from = to;
        }
        inspection.heaviest.push(HeavyTile {
            bytes: entry.length,
            tile: format!("{}/{}/{}", tile.z(), tile.x(), tile.y()),
            features: features as u64,
        });
        if inspection.heaviest.len() > 2 * heaviest + 100 {
            keep_heaviest(&mut inspection.heaviest, heaviest);
        }
    }
    keep_heaviest(&mut inspection.heaviest, heaviest);
    inspection.bytes = match &archive {
        Archive::Folder(_) => inspection.zooms.iter().map(|zoom| zoom.bytes).sum(),
        _ => std::fs::metadata(path)
            .map_err(ArchiveError::io(path))?
            .len(),
    };
    Ok(inspection)
}

fn keep_heaviest(tiles: &mut Vec<HeavyTile>, most: usize) {
    // Stable: of equal ones the first in the order of tiles.
    tiles.sort_by_key(|tile| std::cmp::Reverse(tile.bytes));
    tiles.truncate(most);
}

impl Inspection {
    fn add_zoom(&mut self, zoom: u8, tiles: u64, bytes: u32, features: u64) {
        self.tiles += tiles;
        if self.zooms.last().is_none_or(|last| last.zoom != zoom) {
            self.zooms.push(ZoomContent {
                zoom,
                ..ZoomContent::default()
            });
        }
        if let Some(of) = self.zooms.last_mut() {
            of.tiles += tiles;
            of.bytes += tiles * u64::from(bytes);
            of.largest_bytes = of.largest_bytes.max(bytes);
            of.features += tiles * features;
        }
    }

    fn add_layer(&mut self, layer: &Layer, z: u8, tiles: u64) {
        let content = self
            .layers
            .entry(layer.name.clone())
            .or_insert_with(|| LayerContent {
                min_zoom: z,
                ..LayerContent::default()
            });
        content.min_zoom = content.min_zoom.min(z);
        content.max_zoom = content.max_zoom.max(z);
        for feature in &layer.features {
            let (kind, vertices) = match &feature.geometry {
                Geometry::Unknown => ("unknown", 0),
                Geometry::Points(points) => ("points", points.len()),
                Geometry::Lines(lines) => ("lines", lines.iter().map(Vec::len).sum()),
                Geometry::Polygons(polygons) => {
                    let rings = polygons.iter().flat_map(rings);
                    ("polygons", rings.map(Vec::len).sum())
                }
            };
            *content.features.entry(kind).or_default() += tiles;
            content.vertices += tiles * vertices as u64;
            for (key, value) in layer.attributes(feature) {
                if content.attributes.len() >= MOST_ATTRIBUTES
                    && !content.attributes.contains_key(key)
                {
                    continue;
                }
                if let Some(attribute) = content.attributes.get_mut(key) {
                    attribute.add(value, tiles);
                } else {
                    let mut attribute = AttributeContent::default();
                    attribute.add(value, tiles);
                    content.attributes.insert(key.to_owned(), attribute);
                }
            }
        }
    }
}

impl AttributeContent {
    fn add(&mut self, value: &Value, tiles: u64) {
        let kind = match value {
            Value::String(_) => "text",
            Value::Bool(_) => "boolean",
            Value::Float(_) | Value::Double(_) => "number",
            Value::Int(_) | Value::Uint(_) | Value::Sint(_) => "whole number",
        };
        *self.values.entry(kind).or_default() += tiles;
        if let Some(number) = value.as_number() {
            self.least = Some(self.least.map_or(number, |least| least.min(number)));
            self.greatest = Some(
                self.greatest
                    .map_or(number, |greatest| greatest.max(number)),
            );
        }
        if let Value::String(text) = value {
            let is_before = self.texts.last().is_none_or(|last| text < last);
            if self.texts.len() < MOST_TEXTS || is_before {
                self.texts
                    .insert(text.chars().take(MOST_CHARACTERS).collect());
                if self.texts.len() > MOST_TEXTS {
                    self.texts.pop_last();
                }
            }
        }
    }
}

fn rings(polygon: &Polygon) -> impl Iterator<Item = &Vec<Point>> {
    std::iter::once(&polygon.exterior).chain(&polygon.holes)
}

/// Returns a tile as a `GeoJSON` feature collection (RFC 7946), each feature with its `layer`; `None` when it is not there.
///
/// Positions are those of the tile's grid, with its buffer, in degrees, longitude first.
///
/// # Errors
///
/// [`ArchiveError`] when the archive or the tile cannot be read.
pub fn tile_as_geojson(path: &Path, tile: TileCoord) -> Result<Option<Json>, ArchiveError> {
    let mut archive = Archive::open_vector(path)?;
    let Some(stored) = archive.tile(tile)? else {
        return Ok(None);
    };
    let mut unpacked = Vec::new();
    let bytes =
        plain(&stored, &mut unpacked).map_err(|source| ArchiveError::Gzip { tile, source })?;
    let decoded = decode(bytes).map_err(|source| ArchiveError::Tile { tile, source })?;
    let mut features = Vec::new();
    for layer in &decoded.layers {
        for feature in &layer.features {
            features.push(feature_json(layer, feature, tile));
        }
    }
    Ok(Some(json!({
        "type": "FeatureCollection",
        "features": features,
    })))
}

fn feature_json(layer: &Layer, feature: &Feature, tile: TileCoord) -> Json {
    let mut json = Map::new();
    json.insert("type".into(), "Feature".into());
    if let Some(id) = feature.id {
        json.insert("id".into(), id.into());
    }
    json.insert("layer".into(), layer.name.as_str().into());
    let attributes = layer.attributes(feature);
    let properties: Map<String, Json> = attributes
        .map(|(key, value)| (key.to_owned(), value.to_json()))
        .collect();
    json.insert("properties".into(), properties.into());
    let degrees = |point: &Point| position(*point, layer.extent, tile);
    let path = |points: &Vec<Point>| -> Json { points.iter().map(degrees).collect() };
    // Exterior rings run clockwise on the screen there, and the other way round here.
    let ring = |points: &Vec<Point>| -> Json {
        let reversed = points.first().into_iter().chain(points.iter().rev());
        reversed.map(degrees).collect()
    };
    let polygon = |polygon: &Polygon| -> Json { rings(polygon).map(ring).collect() };
    let (kind, coordinates): (_, Json) = match &feature.geometry {
        Geometry::Unknown => ("", Json::Null),
        Geometry::Points(points) => match &points[..] {
            [point] => ("Point", degrees(point)),
            _ => ("MultiPoint", path(points)),
        },
        Geometry::Lines(lines) => match &lines[..] {
            [line] => ("LineString", path(line)),
            _ => ("MultiLineString", lines.iter().map(path).collect()),
        },
        Geometry::Polygons(polygons) => match &polygons[..] {
            [one] => ("Polygon", polygon(one)),
            _ => ("MultiPolygon", polygons.iter().map(polygon).collect()),
        },
    };
    let geometry = if kind.is_empty() {
        Json::Null
    } else {
        json!({ "type": kind, "coordinates": coordinates })
    };
    json.insert("geometry".into(), geometry);
    json.into()
}

/// Longitude and latitude of a position in a tile, to 10⁻⁷ degrees; beyond the poles' clamp it stays a number.
fn position(point: Point, extent: u32, tile: TileCoord) -> Json {
    use std::f64::consts::PI;
    let tiles = f64::from(1_u32 << tile.z());
    #[expect(clippy::cast_precision_loss, reason = "positions have few digits")]
    let [x, y] = point.map(|axis| axis as f64 / f64::from(extent));
    let lon = (f64::from(tile.x()) + x) / tiles * 360.0 - 180.0;
    let lat = (PI * (1.0 - 2.0 * (f64::from(tile.y()) + y) / tiles))
        .sinh()
        .atan()
        .to_degrees();
    [lon, lat]
        .map(|degrees| (degrees * 1e7).round() / 1e7)
        .to_vec()
        .into()
}
