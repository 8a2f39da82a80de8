//! What is asked: a file, an index, layers of the atlas; and where it is asked from.

mod start;
mod stream;

use std::path::Path;

use anyhow::Context as _;
use gazetteer::{Gazetteer, LonLat, PartialDate, PlaceId};
use input::features::{FeatureOptions, FeatureSource};
use layers::{Builder, Pages, Sheet};
use plans::Catalogue;
use query::shapes::Edges;
use query::{Layer, Purpose};
use serde_json::{Map, Value};

use super::suggestion;
use crate::args::{Origin, SubjectArgs};
use crate::report::Progress;

/// Where a question begins.
pub struct Spot {
    pub position: LonLat,
    /// Its full name; empty for a position.
    pub name: String,
    /// The place, where it has a name.
    pub place: Option<PlaceId>,
}

/// Finds where a question begins.
pub fn spot(
    gazetteer: &Gazetteer,
    origin: &Origin,
    as_of: Option<PartialDate>,
) -> anyhow::Result<Spot> {
    match origin {
        Origin::Position(position) => Ok(Spot {
            position: *position,
            name: String::new(),
            place: None,
        }),
        Origin::Name(name) => {
            let found = gazetteer.find_one(name, as_of).ok_or_else(|| {
                anyhow::anyhow!("no place named `{name}`{}", suggestion(gazetteer, name))
            })?;
            let position = found.place.position.ok_or_else(|| {
                anyhow::anyhow!(
                    "{} has no position to ask from: {}; give a position as LON,LAT",
                    found.name,
                    match found.place.unlocated {
                        "" => "it is a line or an area",
                        reason => reason,
                    }
                )
            })?;
            Ok(Spot {
                position,
                name: found.canonical,
                place: Some(found.place.number()),
            })
        }
    }
}

pub use start::{Start, start};
pub use stream::{each, geometry};

/// Opens a file of features, with the columns of its positions where they are said.
pub fn open(
    path: &Path,
    lon: Option<&String>,
    lat: Option<&String>,
) -> anyhow::Result<FeatureSource> {
    let mut options = FeatureOptions::default();
    options.lon = lon.cloned();
    options.lat = lat.cloned();
    Ok(FeatureSource::open(path, &options)?)
}

/// Reads a layer from a file; an index (.yidx) is opened.
pub fn read(
    path: &Path,
    purpose: Purpose,
    columns: &[String],
    threads: usize,
    quiet: bool,
) -> anyhow::Result<Layer> {
    if path.extension().is_some_and(|ending| ending == "yidx") {
        return Ok(Layer::open(path)?);
    }
    let source = open(path, None, None)?;
    let total = source.facts().total_bytes.unwrap_or(0);
    let progress = Progress::of_bytes(quiet);
    let mut say = |read: u64| progress.rows(read, total, 0);
    let layer = Layer::read(source, purpose, columns, false, threads, &mut say)?;
    if layer.left_out > 0 {
        progress.warn(&format!(
            "{}: {} rows make no feature and were left out{}",
            path.display(),
            layer.left_out,
            swapped("; ", layer.swapped)
        ));
    }
    progress.clear();
    Ok(layer)
}

/// What is said of rows whose longitude and latitude look swapped; `before` stands before it, if there are any.
pub fn swapped(before: &str, rows: u64) -> String {
    match rows {
        0 => String::new(),
        rows => format!(
            "{before}{rows} rows have a latitude that only a longitude can be: swapped? (--lon and --lat name the columns of a table)"
        ),
    }
}

/// As many threads as there are processors, unless said.
pub fn threads(wanted: Option<usize>) -> usize {
    wanted.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        |threads| threads.clamp(1, 256),
    )
}

pub fn edges(args: &SubjectArgs) -> Edges {
    if args.geodesic_edges {
        Edges::Geodesic
    } else {
        Edges::Degrees
    }
}

/// Whether features are asked, and not the places of the gazetteer.
pub fn is_of_features(args: &SubjectArgs) -> bool {
    args.file.is_some()
        || !args.layers.is_empty()
        || !args.filter.is_empty()
        || args.status.is_some()
}

/// Whether a saved index is asked.
pub fn is_index(args: &SubjectArgs) -> bool {
    let ending = args.file.as_ref().and_then(|file| file.extension());
    ending.is_some_and(|ending| ending == "yidx")
}

/// The features that a question is about; `None`: the places of the gazetteer.
pub fn layer(
    args: &SubjectArgs,
    gazetteer: &Gazetteer,
    quiet: bool,
) -> anyhow::Result<Option<Layer>> {
    if let Some(file) = &args.file {
        let purpose = Purpose::Nearest(edges(args));
        return read(file, purpose, &[], threads(None), quiet).map(Some);
    }
    if !is_of_features(args) {
        return Ok(None);
    }
    let sheets = sheets(args, gazetteer)?;
    let mut features = Vec::new();
    for sheet in &sheets {
        for table in &sheet.layer.tables {
            for feature in &table.features {
                features.push((
                    &feature.geometry,
                    properties(&sheet.layer.id, &table.id, feature),
                ));
            }
        }
    }
    Ok(Some(Layer::of("atlas", features, edges(args))?))
}

/// The layers of the atlas that were named; all when none was.
fn sheets(args: &SubjectArgs, gazetteer: &Gazetteer) -> anyhow::Result<Vec<Sheet>> {
    let catalogue = Catalogue::embedded()?;
    let builder = Builder::new(gazetteer, &catalogue);
    Ok(if args.layers.is_empty() {
        builder.atlas(Pages::None)?
    } else {
        builder.chosen(&args.layers, Pages::None)?
    })
}

/// What a feature of the atlas says, without what is empty.
pub fn properties(
    layer: &str,
    table: &str,
    feature: &layers::model::Feature,
) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("layer".to_owned(), layer.into());
    object.insert("table".to_owned(), table.into());
    object.insert("id".to_owned(), feature.id.clone().into());
    let said = &feature.properties;
    for (key, value) in [
        ("name", &said.name),
        ("kind", &said.kind),
        ("plan", &said.plan),
        ("article", &said.article),
        ("status", &said.status),
        ("roles", &said.roles),
        ("theme", &said.theme),
    ] {
        if !value.is_empty() {
            object.insert(key.to_owned(), value.clone().into());
        }
    }
    object
}

/// Whether a feature has the attributes that were asked for.
pub fn admits(args: &SubjectArgs, layer: &Layer, feature: u32) -> bool {
    let all = args.filter.is_empty() && args.status.is_none();
    all || fits(args, &layer.attributes.object(feature))
}

/// As [`admits`], of attributes at hand.
pub fn fits(args: &SubjectArgs, object: &Map<String, Value>) -> bool {
    let text = |column: &str| object.get(column).map(text).unwrap_or_default();
    args.filter
        .iter()
        .all(|filter| text(&filter.column) == filter.value)
        && args
            .status
            .as_ref()
            .is_none_or(|status| text("status").contains(status.as_str()))
}

/// A value as people read it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The first of some attributes that says something.
pub fn first(object: &Map<String, Value>, columns: &[&str]) -> String {
    let mut found = columns
        .iter()
        .filter_map(|column| object.get(*column))
        .map(text);
    found.find(|text| !text.is_empty()).unwrap_or_default()
}

/// Attributes that are a name, the first that there is.
pub const NAMES: [&str; 5] = ["name", "名称", "地名", "title", "id"];

/// Attributes that are worth a column beside the name, the first that there is.
pub const KINDS: [&str; 5] = ["kind", "class", "cls", "type", "layer"];

/// The first of a feature's attributes that is a name, else its number.
pub fn name(layer: &Layer, feature: u32) -> String {
    name_in(&layer.attributes.object(feature), u64::from(feature))
}

/// As [`name`], of attributes at hand.
pub fn name_in(object: &Map<String, Value>, number: u64) -> String {
    let name = first(object, &NAMES);
    if name.is_empty() {
        format!("#{}", number + 1)
    } else {
        name
    }
}

/// What of a feature is worth a column beside its name.
pub fn kind(layer: &Layer, feature: u32) -> String {
    first(&layer.attributes.object(feature), &KINDS)
}

/// The area of a place, or why there is none.
pub fn area(gazetteer: &Gazetteer, name: &str) -> anyhow::Result<(String, geo::MultiPolygon<f64>)> {
    let found = gazetteer
        .find_one(name, None)
        .with_context(|| format!("no place named `{name}`{}", suggestion(gazetteer, name)))?;
    let own = match found.place.geometry() {
        Some(geo::Geometry::MultiPolygon(area)) => Some(area),
        Some(geo::Geometry::Polygon(area)) => Some(area.into()),
        _ => None,
    };
    let area = match own {
        Some(area) => Some(area),
        None => gazetteer.area(&found.place)?,
    };
    let area = area.with_context(|| format!("{} has no area", found.canonical))?;
    Ok((found.canonical, area))
}
