//! What an archive says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{MAX_LATITUDE_DEG, MAX_ZOOM};

/// What is in an archive, for those who draw it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tileset {
    /// Short name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Whom to name on the map, as text or HTML.
    pub attribution: String,
    /// West, south, east, north of the features, in degrees; what lies beyond the square of Web Mercator is cut off. A
    /// single point is widened when it is written.
    pub bounds: [f64; 4],
    /// Where to look first: longitude, latitude in degrees, and zoom; the middle of the bounds unless said. Moved inside when
    /// outside.
    pub centre: Option<(f64, f64, u8)>,
    /// Layers, in drawing order.
    pub layers: Vec<VectorLayer>,
    /// Statistics of layers and attributes (`tilestats`).
    pub statistics: Option<Value>,
    /// Further metadata; names that have a field here are ignored.
    pub further: BTreeMap<String, Value>,
    /// What tiles are.
    #[serde(default)]
    pub format: TileFormat,
}

/// What the tiles of an archive are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TileFormat {
    /// Mapbox Vector Tiles, gzip.
    #[default]
    Mvt,
    /// Pictures.
    Png,
    /// Pictures, smaller ones.
    Webp,
}

impl TileFormat {
    /// The word of `MBTiles` for it, which is the ending of a file's name too.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Mvt => "pbf",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// Whether tiles are pictures: they have no layers.
    #[must_use]
    pub fn is_raster(self) -> bool {
        self != Self::Mvt
    }
}

/// A layer, as `vector_layers` of `TileJSON` 3.0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorLayer {
    /// Its name in the tiles.
    pub id: String,
    /// What is in it.
    pub description: String,
    /// First zoom with a feature of it. A layer whose first zoom comes after its last has no tile and is not described.
    pub minzoom: u8,
    /// Last zoom with a feature of it.
    pub maxzoom: u8,
    /// Attributes and what they hold, [`FieldKind`] where we wrote it.
    pub fields: BTreeMap<String, String>,
}

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// True or false.
    Boolean,
    /// Numbers.
    Number,
    /// Text.
    String,
    /// More than one of these.
    Mixed,
}

impl FieldKind {
    /// Returns the word that readers of `TileJSON` know.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Number => "Number",
            Self::String => "String",
            Self::Mixed => "Mixed",
        }
    }
}

/// Names of the metadata that fields of [`Tileset`] hold, or that a container writes itself.
const OWN: [&str; 16] = [
    "attribution",
    "bounds",
    "center",
    "description",
    "format",
    "generator",
    "id",
    "json",
    "maxzoom",
    "minzoom",
    "name",
    "tilejson",
    "tiles",
    "tilestats",
    "type",
    "vector_layers",
];

impl Tileset {
    /// Adds what another part of the same archive says: bounds and layers grow, the rest stays as it is here.
    pub fn merge(&mut self, other: &Self) {
        let [west, south, east, north] = &mut self.bounds;
        *west = west.min(other.bounds[0]);
        *south = south.min(other.bounds[1]);
        *east = east.max(other.bounds[2]);
        *north = north.max(other.bounds[3]);
        for layer in &other.layers {
            let Some(own) = self.layers.iter_mut().find(|own| own.id == layer.id) else {
                self.layers.push(layer.clone());
                continue;
            };
            own.minzoom = own.minzoom.min(layer.minzoom);
            own.maxzoom = own.maxzoom.max(layer.maxzoom);
            for (name, kind) in &layer.fields {
                let of_both = own
                    .fields
                    .entry(name.clone())
                    .or_insert_with(|| kind.clone());
                if of_both != kind {
                    FieldKind::Mixed.as_str().clone_into(of_both);
                }
            }
        }
    }

    /// Returns the metadata of an archive without what the container says elsewhere; keys are sorted at every depth.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut json = Map::new();
        for (name, value) in &self.further {
            if !OWN.contains(&name.as_str()) {
                json.insert(name.clone(), value.clone());
            }
        }
        json.insert("attribution".into(), self.attribution.as_str().into());
        json.insert("description".into(), self.description.as_str().into());
        json.insert("format".into(), self.format.ending().into());
        json.insert("generator".into(), "yutu".into());
        json.insert("name".into(), self.name.as_str().into());
        let kind = if self.format.is_raster() {
            "baselayer"
        } else {
            "overlay"
        };
        json.insert("type".into(), kind.into());
        if let Some(statistics) = &self.statistics {
            json.insert("tilestats".into(), statistics.clone());
        }
        if !self.format.is_raster() {
            json.insert("vector_layers".into(), self.vector_layers());
        }
        sorted(json)
    }

    /// Returns `vector_layers`.
    pub(crate) fn vector_layers(&self) -> Value {
        let layers = self.layers.iter();
        let layers = layers.filter(|layer| layer.minzoom <= layer.maxzoom);
        let layers = layers.map(|layer| {
            let fields = layer.fields.iter();
            let fields: Map<String, Value> = fields
                .map(|(name, kind)| (name.clone(), kind.as_str().into()))
                .collect();
            let mut json = Map::new();
            json.insert("description".into(), layer.description.as_str().into());
            json.insert("fields".into(), fields.into());
            json.insert("id".into(), layer.id.as_str().into());
            json.insert("maxzoom".into(), layer.maxzoom.into());
            json.insert("minzoom".into(), layer.minzoom.into());
            Value::from(json)
        });
        layers.collect::<Vec<_>>().into()
    }

    /// Reads the metadata of any archive. What is missing or of another type is left empty.
    pub(crate) fn from_json(json: &Map<String, Value>) -> Self {
        let text = |json: &Map<String, Value>, name: &str| {
            let text = json.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let zoom = |json: &Map<String, Value>, name: &str, unless: u8| {
            let zoom = json.get(name).and_then(Value::as_u64);
            zoom.and_then(|zoom| u8::try_from(zoom).ok())
                .unwrap_or(unless)
        };
        let layers = json.get("vector_layers").and_then(Value::as_array);
        let layers = layers.into_iter().flatten().filter_map(Value::as_object);
        let layers = layers.map(|layer| {
            let fields = layer.get("fields").and_then(Value::as_object);
            let fields = fields.into_iter().flatten().map(|(name, kind)| {
                let kind = kind.as_str().unwrap_or_default();
                (name.clone(), kind.to_owned())
            });
            VectorLayer {
                id: text(layer, "id"),
                description: text(layer, "description"),
                minzoom: zoom(layer, "minzoom", 0),
                maxzoom: zoom(layer, "maxzoom", crate::MAX_ZOOM),
                fields: fields.collect(),
            }
        });
        let further = json
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()));
        Self {
            name: text(json, "name"),
            description: text(json, "description"),
            attribution: text(json, "attribution"),
            layers: layers.collect(),
            statistics: json.get("tilestats").cloned(),
            further: further
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            ..Self::default()
        }
    }
}

/// The same with sorted keys at every depth.
pub(crate) fn sorted(json: Map<String, Value>) -> Map<String, Value> {
    fn of(value: Value) -> Value {
        match value {
            Value::Object(map) => sorted(map).into(),
            Value::Array(values) => values.into_iter().map(of).collect(),
            other => other,
        }
    }
    let tree: BTreeMap<String, Value> = json.into_iter().collect();
    tree.into_iter()
        .map(|(name, value)| (name, of(value)))
        .collect()
}

/// Parts of a degree in the header of `PMTiles`.
const PER_DEGREE: f64 = 1e7;

impl Tileset {
    /// West, south, east, north in 10⁻⁷ degrees, rounded outward, inside the square of Web Mercator and never without area.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` keeps floats inside the range of the type, and degrees are clamped"
    )]
    pub(crate) fn bounds_e7(&self) -> [i32; 4] {
        let [west, south, east, north] = self.bounds;
        let axis = |low: f64, high: f64, most: f64| {
            let most = (most * PER_DEGREE).floor();
            let mut low = (low * PER_DEGREE).floor().clamp(-most, most) as i32;
            let mut high = (high * PER_DEGREE).ceil().clamp(-most, most) as i32;
            let most = most as i32;
            if low >= high {
                (low, high) = (low.min(high), low.max(high));
                low = (low - 1).max(-most);
                high = (high + 1).min(most);
            }
            [low, high]
        };
        let [west, east] = axis(west, east, 180.0);
        let [south, north] = axis(south, north, MAX_LATITUDE_DEG);
        [west, south, east, north]
    }

    /// Longitude and latitude of the centre in 10⁻⁷ degrees, inside the bounds, and its zoom, inside the zooms.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` keeps floats inside the range of the type, and degrees are clamped"
    )]
    pub(crate) fn centre_e7(&self, min_zoom: u8, max_zoom: u8) -> ([i32; 2], u8) {
        let [west, south, east, north] = self.bounds_e7();
        let (lon, lat, zoom) = match self.centre {
            Some((lon, lat, zoom)) => ((lon * PER_DEGREE) as i32, (lat * PER_DEGREE) as i32, zoom),
            None => (
                west.midpoint(east),
                south.midpoint(north),
                fitting_zoom([west, south, east, north]),
            ),
        };
        (
            [lon.clamp(west, east), lat.clamp(south, north)],
            zoom.clamp(min_zoom, max_zoom),
        )
    }
}

/// The deepest zoom at which the bounds are at most two tiles wide: they fill a screen.
fn fitting_zoom([west, south, east, north]: [i32; 4]) -> u8 {
    // Heights count by their degrees: near enough for a first view.
    let widest = f64::from(east) - f64::from(west);
    let widest = widest.max(f64::from(north) - f64::from(south)) / PER_DEGREE;
    let zooms = (0..MAX_ZOOM).take_while(|&z| widest / 360.0 * f64::from(1_u32 << (z + 1)) <= 2.0);
    u8::try_from(zooms.count()).unwrap_or(MAX_ZOOM)
}
